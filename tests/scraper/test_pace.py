"""A network that has shown its pace is waited for accordingly, and never longer than the limit."""

from __future__ import annotations

import pytest

from scraper.transport.pace import KNOWN, SHORTEST, SLACK, Pace


@pytest.mark.parametrize(
    ("answers", "patience"),
    [
        ([], 15.0),
        ([0.01] * (KNOWN - 1), 15.0),
        ([0.01] * KNOWN, SHORTEST),
        ([0.01] * KNOWN + [1.5], SLACK * 1.5),
        ([0.01] * KNOWN + [9.0], 15.0),
    ],
    ids=["unknown", "not yet known", "quick", "with a slow one", "a slow network"],
)
def test_patience_follows_the_slowest_answer(answers: list[float], patience: float) -> None:
    pace = Pace(15.0)
    for seconds in answers:
        pace.came(seconds)

    assert pace.patience == patience


def test_a_short_limit_stays_short() -> None:
    pace = Pace(0.5)
    for _ in range(KNOWN):
        pace.came(0.01)

    assert pace.patience == 0.5
