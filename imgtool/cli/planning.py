"""A wish and the settings in, the plan out; what makes no sense is said before anything is asked of anybody."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import cast

from imgtool.cli.wish import Wish
from imgtool.dataset import clean
from imgtool.errors import UsageError
from imgtool.pipeline.plan import EVERYTHING, Browser, ClassPlan, List, Plan
from imgtool.records import Filters, Reason
from imgtool.settings import Settings

MANY = 100  # pictures of a class when nothing is said: enough to look at, and a matter of seconds


def flags(wish: Wish) -> dict[str, object]:
    """The part of a wish that speaks of settings, by their names."""
    return {
        "engines": wish.engine and ",".join(wish.engine),
        "licence": wish.licence and ",".join(wish.licence),
        "safe": wish.safe,
        "market": wish.market,
        "min_size": wish.min_size,
        "out": wish.out,
        "browser": browser(wish),
        "allow_private": wish.allow_private,
        "ignore_robots": wish.ignore_robots,
        "concurrency": wish.concurrency,
    }


def browser(wish: Wish) -> str | None:
    """The word for --browser, --no-browser and --headed together; None = not said."""
    if wish.headed and wish.browser is False:
        raise UsageError("--headed and --no-browser contradict each other.", hint="Leave one of them out.")
    if wish.headed:
        return "headed"
    return {None: None, True: "headless", False: "never"}[wish.browser]


def plan(wish: Wish, settings: Settings) -> Plan:
    """The whole plan, checked; raises UsageError where a wish makes no sense."""
    labels = names(wish)
    many = wish.n or (EVERYTHING if wish.lists and not wish.engine else MANY)
    return Plan(
        classes=tuple(ClassPlan(label, tuple(wish.query) or (label,), many) for label in labels),
        out=Path(settings.out).expanduser(),
        engines=() if wish.lists and not wish.engine else settings.engines,
        filters=filters(wish, settings),
        lists=sources(wish.lists),
        min_size=settings.min_size,
        retry=reasons(wish.retry),
        refresh=wish.refresh,
        browser=cast("Browser", settings.browser),
        settings=settings,
    )


def names(wish: Wish) -> tuple[str, ...]:
    """The classes, each once; one alone where words or a list belong to it."""
    given = [*wish.labels, *([wish.label] if wish.label is not None else [])]
    labels = tuple(dict.fromkeys(map(clean, given)))
    if not labels:
        raise UsageError("No class is named.", hint='`imgtool scrape "red panda"`, or --from FILE --label NAME.')
    for flag, used in (("--query", wish.query), ("--from", wish.lists), ("--label", wish.label)):
        if used and len(labels) > 1:
            raise UsageError(
                f"{flag} belongs to one class, and {len(labels)} are named: {', '.join(labels)}.",
                hint="Run one command for each class.",
            )
    return labels


def filters(wish: Wish, settings: Settings) -> Filters:
    """What the pictures should be like."""
    return Filters(
        size=wish.size or "",
        colour=wish.colour or "",
        kind=wish.kind or "",
        aspect=wish.aspect or "",
        licence=settings.licence,
        age=wish.age or "",
        safe=settings.safe,
        market=settings.market,
    )


def sources(lists: Sequence[str]) -> tuple[List, ...]:
    """The files of --from; - is stdin, once."""
    missing = [name for name in lists if name != "-" and not Path(name).is_file()]
    if missing:
        raise UsageError(f"--from {missing[0]}: there is no such file.", hint="- reads the list from stdin.")
    return tuple("-" if name == "-" else Path(name) for name in dict.fromkeys(lists))


def reasons(given: Sequence[str]) -> frozenset[Reason]:
    """The reasons of --retry, by their short names."""
    words = [word.strip().lower() for text in given for word in text.split(",") if word.strip()]
    return frozenset(_reason(word) for word in words)


def _reason(word: str) -> Reason:
    try:
        return Reason(word)
    except ValueError:
        near = get_close_matches(word, [reason.value for reason in Reason], n=1)
        raise UsageError(
            f"--retry {word}: there is no such reason.",
            hint=f"Did you mean {near[0]}?" if near else f"Known are {', '.join(Reason)}.",
        ) from None
