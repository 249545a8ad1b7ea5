"""A report in, the exit code's error out: complete, partial, nothing found or blocked."""

from __future__ import annotations

from imgtool.cli.words import NOT_ASKED, reason_words, verdict_words
from imgtool.errors import Blocked, ImgtoolError, NothingFound, Partial, Refused
from imgtool.records import ClassReport, EngineReport, Reason, ScrapeReport

# Our own rules, not the world, kept these out.
RULES = frozenset({Reason.ROBOTS, Reason.OPT_OUT, Reason.LICENCE, Reason.BLOCKED_ADDRESS, Reason.BLOCKED_PORT})


def judge(report: ScrapeReport) -> ImgtoolError | None:
    """None when every class has what was asked for."""
    if all(enough(one) for one in report.classes):
        return None
    if _ruled_out(report):
        return Refused("Every picture that was found is refused by our own rules.", hint=_hint(report))
    if any(one.kept or _seen(one) for one in report.classes):
        return Partial(_missing(report), hint=_hint(report))
    engines = [engine for one in report.classes for engine in one.engines if engine.verdict != NOT_ASKED]
    if engines and all(_refuses(engine) for engine in engines):
        return Blocked(f"No engine gave anything: {_verdicts(engines)}.", hint=_ways(engines))
    return NothingFound(
        f"Nothing was found for {_names(report)}.",
        hint=_ways(engines) or "Try other words with --query, or other engines with --engine.",
    )


def enough(one: ClassReport) -> bool:
    """Has a class what was asked for? Of a list that is taken whole, whatever there was."""
    return one.kept > 0 and one.complete


def _ruled_out(report: ScrapeReport) -> bool:
    lost = {reason for one in report.classes for reason, count in one.skipped.items() if count}
    return bool(lost) and lost <= RULES and not any(one.kept for one in report.classes)


def _seen(one: ClassReport) -> bool:
    return any(engine.seen for engine in one.engines) or any(one.skipped.values())


def _refuses(engine: EngineReport) -> bool:
    return engine.verdict not in {"ok", "no_results", NOT_ASKED}


def _names(report: ScrapeReport) -> str:
    return ", ".join(one.label for one in report.classes)


def _missing(report: ScrapeReport) -> str:
    short = [one for one in report.classes if not enough(one)]
    parts = [f"{one.label} has {one.kept}" + ("" if one.wanted is None else f" of {one.wanted}") for one in short]
    return f"Fewer pictures than asked for: {'; '.join(parts)}."


def _hint(report: ScrapeReport) -> str:
    """The commonest thing that a person can do, by what was lost; then what the engines need."""
    lost: dict[str, int] = {}
    for one in report.classes:
        for reason, count in one.skipped.items():
            lost[reason] = lost.get(reason, 0) + count
    curable = [reason for reason in sorted(lost, key=lambda name: -lost[name]) if reason_words(reason).do]
    ways = _ways([engine for one in report.classes for engine in one.engines])
    if curable:
        words = reason_words(curable[0])
        return f"{lost[curable[0]]} × {words.what}: {words.do}." + (f" {ways}" if ways else "")
    return ways or "Widen the search: more --query, more --engine, fewer filters."


def _verdicts(engines: list[EngineReport]) -> str:
    said = dict.fromkeys(f"{engine.engine} {verdict_words(engine.verdict).what}" for engine in engines)
    return "; ".join(said)


def _ways(engines: list[EngineReport]) -> str:
    said = (
        f"{engine.engine} {verdict_words(engine.verdict).what}: {verdict_words(engine.verdict).do}."
        for engine in engines
        if _refuses(engine) and verdict_words(engine.verdict).do
    )
    return next(iter(dict.fromkeys(said)), "")
