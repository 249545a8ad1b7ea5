"""Many boxes that mean one thing: whom they back, what they agree on, what lies within what."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.boxes import Boxes, boxes
from curate.boxes.agreement import agreed, backing, distinct
from curate.boxes.geometry import within
from curate.boxes.warmth import warm

SOME = st.lists(
    st.tuples(*[st.integers(0, 40)] * 4).map(
        lambda at: (min(at[0], at[2]), min(at[1], at[3]), max(at[0], at[2]), max(at[1], at[3]))
    ),
    min_size=1,
    max_size=12,
).map(boxes)


@settings(max_examples=30)
@given(SOME, st.data())
def test_what_is_agreed_lies_between_those_that_agree(some: Boxes, data: st.DataObject) -> None:
    scores = data.draw(st.lists(st.floats(0, 1), min_size=len(some), max_size=len(some)))

    found = agreed(some, some, scores)

    assert found.shape == some.shape
    assert (found >= some.min(axis=0)).all()
    assert (found <= some.max(axis=0)).all()


@settings(max_examples=30)
@given(SOME)
def test_one_voice_is_heard_as_it_is(some: Boxes) -> None:
    assert (agreed(some[:1], some[:1], [0.7]) == some[:1]).all()


def test_a_stray_does_not_move_the_box() -> None:
    some = boxes([(10, 10, 50, 50), (11, 9, 51, 50), (9, 10, 50, 49), (10, 10, 90, 50)])

    assert agreed(some[:1], some, [0.9, 0.9, 0.9, 0.9]).tolist() == [[10, 10, 50, 50]]


def test_the_surer_have_more_to_say() -> None:
    some = boxes([(0, 0, 40, 40), (0, 0, 44, 40), (0, 0, 46, 40)])

    assert agreed(some[:1], some, [0.95, 0.2, 0.2]).tolist() == [[0, 0, 40, 40]]


def test_what_overlaps_nothing_stays_where_it_is() -> None:
    assert agreed(boxes([(0, 0, 5, 5)]), boxes([(20, 20, 30, 30)]), [1.0]).tolist() == [[0, 0, 5, 5]]


def test_the_box_that_others_share_is_backed_most() -> None:
    some = boxes([(0, 0, 10, 10), (1, 1, 11, 11), (2, 2, 12, 12), (30, 30, 40, 40)])

    assert backing(some, [0.8, 0.8, 0.8, 1.0]).argmax() == 1


@settings(max_examples=30)
@given(SOME)
def test_shares_within_are_shares(some: Boxes) -> None:
    shares = within(some, some)

    assert ((shares >= 0) & (shares <= 1)).all()
    full = (some[:, 2] > some[:, 0]) & (some[:, 3] > some[:, 1])
    assert (np.diag(shares)[full] == 1).all()


@settings(max_examples=30)
@given(SOME, st.data())
def test_what_is_distinct_is_not_within_what_is_better(some: Boxes, data: st.DataObject) -> None:
    scores = np.array(data.draw(st.lists(st.floats(0, 1), min_size=len(some), max_size=len(some))))

    kept = distinct(some, scores, 0.3, 0.8)

    assert (np.diff(scores[kept]) <= 0).all()
    shares = within(some[kept], some[kept])
    assert (np.maximum(shares, shares.T)[~np.eye(len(kept), dtype=bool)] < 0.8).all()


def test_of_a_thing_and_its_part_the_better_stays() -> None:
    some = boxes([(0, 0, 100, 100), (10, 10, 30, 30), (200, 0, 220, 20)])

    assert distinct(some, [0.9, 0.8, 0.7]).tolist() == [0, 2]


@pytest.mark.parametrize(
    ("hot", "found"),
    [
        ([], []),
        ([(2, 3)], [[3, 2, 4, 3]]),
        ([(1, 1), (2, 2), (8, 8)], [[1, 1, 3, 3], [8, 8, 9, 9]]),
        ([(row, column) for row in range(10) for column in range(10)], [[0, 0, 10, 10]]),
    ],
    ids=["cold", "one place", "two parts, one over a corner", "everywhere"],
)
def test_what_is_hot_gets_a_box(hot: list[tuple[int, int]], found: list[list[int]]) -> None:
    grid = np.zeros((10, 10))
    for place in hot:
        grid[place] = 1

    assert warm(grid, 0.5).tolist() == found
