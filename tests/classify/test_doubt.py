"""Strangeness, where doubt begins, what it costs, and what is said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from classify.doubt import Doubt, Strangeness, auroc, judge, thresholds
from classify.file.arrays import decode, encode
from classify.nouns import Answers, Card, Features, Targets
from imgtool.errors import ImgtoolError, UsageError

CARD = Card(labels=("cat", "dog", "fox", "owl"), sure=0.7, strange=2.0)


def animals(count: int, kinds: tuple[int, ...] = (0, 1, 2), seed: int = 0) -> tuple[Features, Targets]:
    """Features as a network gives them, none below 0; each kind has its own middle."""
    middles = np.random.default_rng(7).exponential(1, (6, 40))
    rng = np.random.default_rng(seed)
    targets = np.array([kinds[n % len(kinds)] for n in range(count)])
    return np.maximum(middles[targets] + rng.normal(0, 0.5, (count, 40)), 0).astype(np.float32), targets


def answering(logits: NDArray[np.floating]) -> Answers:
    """Answers whose features say nothing."""
    return Answers(logits.astype(np.float32), np.zeros((len(logits), 1), np.float32))


def spoken(confidences: list[float]) -> Answers:
    """Answers of two classes, the first with these probabilities."""
    shares = np.array(confidences)
    return answering(np.log(np.stack([shares, 1 - shares], axis=1)))


def test_a_kind_that_it_never_learnt_is_stranger_than_those_it_did() -> None:
    strangeness = Strangeness.fit(*animals(120))
    known, odd = (strangeness.score(animals(60, kinds, seed=1)[0]) for kinds in [(0, 1, 2), (3, 4)])
    assert auroc(known, odd) > 0.97
    assert abs(float(np.median(known))) < 0.6


def test_one_class_alone_knows_strangers_too() -> None:
    strangeness = Strangeness.fit(*animals(60, (0,)))
    known, odd = (strangeness.score(animals(60, kinds, seed=1)[0]) for kinds in [(0,), (3,)])
    assert auroc(known, odd) > 0.97


def test_strangeness_goes_through_a_file_and_says_the_same() -> None:
    strangeness = Strangeness.fit(*animals(60))
    asked, _ = animals(30, (0, 4), seed=2)
    again = Strangeness.read(decode(encode(strangeness.arrays()), "model.keras"))
    assert (again.score(asked) == strangeness.score(asked)).all()


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_handful_of_pictures_still_has_a_strangeness(count: int) -> None:
    features, targets = animals(count)
    assert np.isfinite(Strangeness.fit(features, targets).score(features)).all()


def test_twins_do_not_vouch_for_each_other() -> None:
    features, targets = animals(30)
    twice, named = np.repeat(features, 6, axis=0), np.repeat(targets, 6)
    groups = np.repeat(np.arange(30), 6).tolist()
    new, _ = animals(60, seed=3)
    wary, naive = Strangeness.fit(twice, named, groups), Strangeness.fit(twice, named)
    assert np.median(wary.score(new)) < np.median(naive.score(new))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_features_that_are_no_numbers_are_refused(bad: float) -> None:
    features, targets = animals(12)
    features[3, 3] = bad
    with pytest.raises(ImgtoolError, match="no numbers"):
        Strangeness.fit(features, targets)


@given(st.lists(st.integers(0, 8), min_size=1, max_size=20), st.lists(st.integers(0, 8), min_size=1, max_size=20))
def test_the_auroc_is_the_share_of_pairs_in_the_right_order(known: list[int], odd: list[int]) -> None:
    pairs = [(a < b) + (a == b) / 2 for a in known for b in odd]
    assert auroc(np.array(known, float), np.array(odd, float)) == pytest.approx(float(np.mean(pairs)))


@pytest.mark.parametrize("count", [5, 20, 200, 1000])
def test_no_more_than_one_in_twenty_known_pictures_is_beyond_the_line(count: int) -> None:
    strange = np.random.default_rng(count).normal(0, 1, count)
    doubt = thresholds(spoken([0.99] * count), np.zeros(count, np.int64), strange)
    assert (strange > doubt.strange).mean() <= 0.05
    assert doubt.caught is doubt.auroc is None


def test_new_pictures_cross_the_line_as_rarely_as_promised() -> None:
    rng = np.random.default_rng(0)
    shares = [
        (rng.normal(0, 1, 2000) > thresholds(spoken([0.99] * 99), np.zeros(99, int), rng.normal(0, 1, 99)).strange)
        for _ in range(60)
    ]
    assert np.mean(shares) == pytest.approx(0.05, abs=0.015)


def test_strangers_that_are_known_place_the_line_and_are_counted() -> None:
    strangeness = Strangeness.fit(*animals(120))
    known, odd = (Answers(spoken([0.99] * 60).logits, animals(60, kinds, seed=1)[0]) for kinds in [(0, 1), (3, 4)])
    doubt = thresholds(known, np.zeros(60, np.int64), strangeness, odd)
    assert doubt.auroc is not None
    assert doubt.auroc > 0.97
    assert doubt.caught == pytest.approx((strangeness.score(odd.features) > doubt.strange).mean())
    assert [cost.caught for cost in doubt.costs] == sorted(cost.caught or 0 for cost in doubt.costs)


def test_the_bar_lies_where_answers_begin_to_be_wrong() -> None:
    confidences = [0.55] * 20 + [0.65] * 20 + [0.97] * 160
    wrong = np.array([n % 2 for n in range(40)] + [0] * 160)
    doubt = thresholds(spoken(confidences), wrong, np.zeros(200), temperature=1.0)
    assert 0.65 < doubt.sure <= 0.97
    assert (doubt.unsure, doubt.wrong, doubt.silenced) == (0.2, 0.5, 1.0)


def test_answers_without_a_mistake_are_not_silenced_by_much() -> None:
    doubt = thresholds(spoken([0.9] * 50 + [0.995] * 150), np.zeros(200, int), np.zeros(200), temperature=1.0)
    assert doubt.unsure == 0
    assert doubt.sure == 0.8


def test_the_cost_is_told_for_every_line() -> None:
    doubt: Doubt = thresholds(spoken([0.99] * 100), np.zeros(100, np.int64), np.arange(100.0))
    lines = [cost.strange for cost in doubt.costs]
    assert lines == sorted(lines, reverse=True)
    assert all(0 <= cost.refused <= 0.1 for cost in doubt.costs)


def test_doubt_without_validation_pictures_is_refused() -> None:
    with pytest.raises(UsageError):
        thresholds(answering(np.zeros((0, 2))), np.zeros(0, np.int64), np.zeros(0))


@pytest.mark.parametrize(
    ("shares", "strange", "sure", "why"),
    [
        ([0.9, 0.05, 0.03, 0.02], 0.0, True, ""),
        ([0.5, 0.45, 0.03, 0.02], 0.0, False, "cat or dog"),
        ([0.4, 0.3, 0.25, 0.05], 0.0, False, "cat, dog or fox"),
        ([0.26, 0.25, 0.25, 0.24], 0.0, False, "cat, dog or fox"),
        ([0.99, 0.01, 0.0, 0.0], 2.5, False, "unlike anything it learnt"),
        ([0.5, 0.5, 0.0, 0.0], 2.5, False, "unlike anything it learnt"),
        ([0.99, 0.01, 0.0, 0.0], float("nan"), False, "unlike anything it learnt"),
    ],
    ids=["sure", "two", "three", "all", "a stranger", "a stranger between two", "no number"],
)
def test_a_judgement_says_why(shares: list[float], strange: float, sure: bool, why: str) -> None:
    said = judge(answering(np.log(np.array([shares]) + 1e-12)), CARD, np.array([strange]), top=2)[0]
    assert (said.label, said.sure, said.why, len(said.ranked)) == ("cat", sure, why, 2)
    assert said.probability == pytest.approx(shares[0])


def test_without_a_strangeness_nothing_is_strange() -> None:
    said = judge(answering(np.array([[9.0, 0, 0, 0]])), CARD, None)
    assert said[0].sure
    assert judge(answering(np.zeros((0, 4))), CARD, None) == []
