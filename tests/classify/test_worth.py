"""How much data is enough: the curve, its law and its honesty."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from classify.nouns import Features, Step, Targets
from classify.worth import Worth, curve, drawn, foreseen
from imgtool.errors import UsageError


def spots(count: int, seed: int = 0, noise: float = 1.6) -> tuple[Features, Targets]:
    """Two classes that overlap a little, in more dimensions than a few pictures can tell apart."""
    middles = np.random.default_rng(5).normal(0, 0.6, (2, 24))
    targets = np.arange(count) % 2
    chance = np.random.default_rng(seed)
    return (middles[targets] + chance.normal(0, noise, (count, 24))).astype(np.float32), targets


def test_more_pictures_are_worth_something_and_the_curve_rises() -> None:
    worth = curve(*spots(160), spots(800, seed=1))
    assert [point.pictures for point in worth.points] == [5, 10, 20, 40, 80]
    assert worth.points[-1].accuracy > worth.points[0].accuracy + 0.05
    assert all(point.low <= point.accuracy <= point.high for point in worth.points)
    assert worth.low <= worth.gain <= worth.high
    assert worth.says.startswith("100 more pictures of each class: about ")


@pytest.mark.slow
def test_the_span_holds_what_a_hundred_more_really_gave() -> None:
    test = spots(2000, seed=1)
    held = 0
    for seed in range(2, 8):
        features, targets = spots(360, seed=seed)
        worth = curve(features[:160], targets[:160], test, seed=seed)
        really = curve(features, targets, test, seed=seed).points[-1].accuracy - worth.points[-1].accuracy
        held += worth.low - 0.005 <= really <= worth.high + 0.005
    assert held >= 5


@pytest.mark.parametrize(("floor", "slope", "power"), [(0.0, 0.5, 0.5), (0.02, 0.3, 1.0), (0.1, 0.4, 0.3)])
def test_mistakes_that_follow_the_law_are_foretold(floor: float, slope: float, power: float) -> None:
    sizes = np.array([5, 10, 20, 40, 80, 160])
    left = (floor + slope * sizes.astype(float) ** -power)[None]
    seen = foreseen(sizes.tolist(), left, np.ones(6), (160, 260))
    assert seen[0] == pytest.approx([floor + slope * size**-power for size in (160, 260)], abs=1e-6)


def test_where_nothing_changes_nothing_is_promised() -> None:
    seen = foreseen([5, 10, 20, 40], np.full((1, 4), 0.2), np.ones(4), (40, 140))
    assert seen[0] == pytest.approx([0.2, 0.2])


def test_no_mistake_in_a_small_test_is_not_taken_for_perfection() -> None:
    worth = curve(*spots(100, noise=0.05), spots(30, seed=1, noise=0.05))
    assert worth.points[-1].accuracy == 1.0
    assert worth.gain == pytest.approx(0, abs=1e-9)
    assert worth.high <= 0.1


def test_a_few_pictures_cannot_tell() -> None:
    worth: Worth = curve(*spots(20), spots(40, seed=1))
    assert worth.foretold is None
    assert worth.says == "10 pictures of each class are too few to tell what more are worth."


def test_rare_classes_give_all_they_have() -> None:
    features, targets = spots(200)
    rare = (targets == 0) | (np.arange(200) < 20)
    worth = curve(features[rare], targets[rare], spots(100, seed=1))
    assert worth.now == 55
    assert worth.points[0].pictures == 6


def test_twins_are_drawn_one_after_the_other() -> None:
    targets = np.zeros(40, np.int64)
    groups: NDArray[np.int64] = np.arange(40) // 4
    order = drawn(targets, groups, np.random.default_rng(0))
    assert (order[:, 1] == np.arange(40)).all()
    assert len(set(groups[order[:20, 0]].tolist())) == 5


def test_the_same_seed_gives_the_same_curve_and_somebody_may_watch() -> None:
    told: list[Step] = []
    one, other = (curve(*spots(80), spots(60, seed=1), seed=3, watch=told.append) for _ in range(2))
    assert one == other
    assert told[0].total == told[-1].done + 1


@pytest.mark.parametrize(
    ("targets", "test", "said"),
    [([0] * 8, [0, 1], "two classes"), ([0, 1] * 4, [], "Without test pictures")],
    ids=["one class", "no test"],
)
def test_what_has_no_curve_is_refused(targets: list[int], test: list[int], said: str) -> None:
    asked = np.zeros((len(test), 3), np.float32), np.array(test, np.int64)
    with pytest.raises(UsageError, match=said):
        curve(np.ones((8, 3), np.float32), np.array(targets), asked)
