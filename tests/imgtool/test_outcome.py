"""Reports in, exit codes out; and every short name has its words."""

from __future__ import annotations

import pytest

from imgtool.cli.outcome import judge
from imgtool.cli.words import REASONS, VERDICTS, reason_words, verdict_words
from imgtool.records import ClassReport, EngineReport, Reason, ScrapeReport
from scraper.engines.base import Verdict


def one(kept: int, wanted: int | None = 10, *verdicts: str, seen: int = 0, **skipped: int) -> ClassReport:
    engines = tuple(EngineReport(f"engine{n}", verdict, seen=seen) for n, verdict in enumerate(verdicts))
    return ClassReport("cat", "cat", wanted, kept, kept, 0, skipped, engines)


def code(*classes: ClassReport) -> int:
    error = judge(ScrapeReport("data", classes))
    return error.exit_code if error else 0


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        ([one(10, 10, "ok", seen=20)], 0),
        ([one(10, 10, "blocked: captcha")], 0),
        ([one(7, None, timeout=3)], 0),
        ([one(10), one(12)], 0),
        ([one(9, 10, "ok", seen=20)], 3),
        ([one(3, 10, "blocked: captcha")], 3),
        ([one(10), one(0, 10, "no_results")], 3),
        ([one(0, 10, "ok", seen=20, timeout=20)], 3),
        ([one(0, None, not_image=4)], 3),
        ([one(0, 10, "ok", seen=9, robots=4, opt_out=5)], 6),
        ([one(0, None, blocked_address=2)], 6),
        ([one(1, 10, "ok", seen=9, robots=8)], 3),
        ([one(0, 10, "no_results")], 4),
        ([one(0, 10, "no_results", "blocked: captcha")], 4),
        ([one(0, None)], 4),
        ([one(0, 10)], 4),
        ([one(0, 10, "blocked: captcha")], 5),
        ([one(0, 10, "blocked: captcha", "layout changed", "starved", "error")], 5),
        ([one(0, 10, "blocked: rate limit", "not asked")], 5),
        ([one(0, 10, "not asked")], 4),
        ([one(0, 10, "blocked: captcha"), one(0, 10, "blocked: consent")], 5),
    ],
)
def test_a_report_has_its_exit_code(classes: list[ClassReport], expected: int) -> None:
    assert code(*classes) == expected


@pytest.mark.parametrize("verdict", sorted(set(VERDICTS) - {"ok", "not asked"}))
def test_a_refusal_always_comes_with_a_way_on(verdict: str) -> None:
    error = judge(ScrapeReport("data", (one(0, 10, verdict),)))
    assert error is not None
    assert error.hint


def test_the_commonest_curable_loss_is_the_hint() -> None:
    error = judge(ScrapeReport("data", (one(2, 10, timeout=3, too_small=8, gone=99),)))
    assert error is not None
    assert error.hint == "8 × too small: lower --min-size."


def test_every_reason_has_words() -> None:
    assert set(REASONS) == set(Reason)
    assert reason_words("timeout").do == "another day, add --retry timeout"


def test_every_verdict_has_words() -> None:
    assert {verdict.value for verdict in Verdict} <= set(VERDICTS)


def test_names_of_a_newer_catalogue_speak_for_themselves() -> None:
    assert reason_words("too_loud").what == "too_loud"
    assert verdict_words("blocked: moon").what == "blocked: moon"
