"""Boxes: laws of their overlaps, the best of many, and anchors that stand for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from curate.boxes import anchors, area, assigned, best, boxes, clipped, diou, giou, iou
from curate.boxes.anchors import IGNORED, NOTHING
from imgtool.errors import UsageError

SIDE = st.integers(0, 40)
MEASURES = (iou, giou, diou)


@st.composite
def several(draw: st.DrawFn, least: int = 1) -> Any:
    """Boxes, some of them lines and points."""
    rows = draw(arrays(np.int64, st.tuples(st.integers(least, 6), st.just(4)), elements=SIDE)).astype(float)
    rows[:, 2:] += rows[:, :2]
    return boxes(rows)


# laws


@given(several(), several())
@pytest.mark.parametrize("measure", MEASURES)
def test_it_is_the_same_from_both_sides(measure: Any, some: Any, others: Any) -> None:
    assert np.allclose(measure(some, others), measure(others, some).T)


@given(several())
@pytest.mark.parametrize("measure", MEASURES)
def test_a_box_is_the_same_as_itself(measure: Any, some: Any) -> None:
    assert np.allclose(np.diag(measure(some, some)), 1)


@given(several(), several())
def test_shares_stay_within_their_bounds(some: Any, others: Any) -> None:
    assert ((iou(some, others) >= 0) & (iou(some, others) <= 1)).all()
    for measure in (giou, diou):
        found = measure(some, others)
        assert ((found >= -1) & (found <= iou(some, others) + 1e-12)).all()


@given(several(), several(), st.integers(1, 9), st.integers(-50, 50))
@pytest.mark.parametrize("measure", MEASURES)
def test_neither_size_nor_place_matters(measure: Any, some: Any, others: Any, times: int, aside: int) -> None:
    assert np.allclose(measure(some * times + aside, others * times + aside), measure(some, others))


@given(several(), several())
def test_it_is_what_counting_pixels_gives(some: Any, others: Any) -> None:
    def pixels(box: Any) -> set[tuple[int, int]]:
        left, top, right, bottom = box.astype(int)
        return {(x, y) for x in range(left, right) for y in range(top, bottom)}

    for one, row in zip(some, iou(some, others), strict=True):
        for other, share in zip(others, row, strict=True):
            either = pixels(one) | pixels(other)
            if either:
                assert share == pytest.approx(len(pixels(one) & pixels(other)) / len(either))


def test_apart_is_told_by_how_far() -> None:
    one, near, far = boxes([[0, 0, 10, 10]]), boxes([[20, 0, 30, 10]]), boxes([[90, 0, 100, 10]])
    assert iou(one, near) == iou(one, far) == 0
    for measure in (giou, diou):
        assert measure(one, far) < measure(one, near) < 0


def test_lines_and_points_overlap_nothing_but_their_equals() -> None:
    flat = boxes([[5, 5, 5, 9], [5, 5, 5, 5]])
    assert iou(flat, boxes([[0, 0, 10, 10]])).tolist() == [[0], [0]]
    assert iou(flat, flat).tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([[0, 0, 5, 5], [9, 0, 1, 5]], "Box 2 is not in the order left, top, right, bottom"),
        ([[0, 0, float("nan"), 5]], "Box 1 has a number that is none"),
        ([[0, 0, 5, float("inf")]], "Box 1 has a number that is none"),
        ([[0, 0, 5]], "rows of four numbers"),
        ([1, 2, 3, 4], "rows of four numbers"),
    ],
)
def test_what_is_no_box_is_refused_by_its_number(rows: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        boxes(rows)


def test_no_boxes_are_boxes_too() -> None:
    none, one = boxes([]), boxes([[0, 0, 1, 1]])
    assert iou(none, one).shape == (0, 1)
    assert giou(one, none).shape == (1, 0)
    assert best(none, []).tolist() == []


@given(several())
def test_what_is_clipped_lies_in_the_picture(some: Any) -> None:
    inside = clipped(some, 20, 10)
    assert (boxes(inside) == inside).all()
    assert inside.max(initial=0) <= 20
    assert (area(inside) <= area(some)).all()


# the best of many


@given(several(), st.data())
def test_those_that_stay_overlap_little_and_cover_the_rest(some: Any, data: st.DataObject) -> None:
    scores = data.draw(st.lists(st.integers(0, 5), min_size=len(some), max_size=len(some)))
    kept = best(some, scores, 0.5)
    shares = iou(some[kept], some[kept])
    assert (shares[~np.eye(len(kept), dtype=bool)] < 0.5).all()
    for number in set(range(len(some))) - set(kept.tolist()):
        better = [k for k in kept if scores[k] >= scores[number]]
        assert iou(some[[number]], some[better]).max() >= 0.5
    assert sorted((scores[k] for k in kept), reverse=True) == [scores[k] for k in kept]


def test_no_more_stay_than_are_wanted() -> None:
    apart = boxes([[n * 10, 0, n * 10 + 5, 5] for n in range(5)])
    assert best(apart, [1, 5, 3, 2, 4], most=2).tolist() == [1, 4]


# anchors


def test_every_place_has_every_scale_and_ratio() -> None:
    found = anchors(2, 3, 16, (32, 64), (0.5, 1, 2))
    sides = found[:, 2:] - found[:, :2]
    middles = (found[:, :2] + found[:, 2:]) / 2
    assert len(found) == 2 * 3 * 6
    assert np.allclose(area(found).reshape(-1, 2, 3), [[[32**2] * 3, [64**2] * 3]])
    assert np.allclose((sides[:, 1] / sides[:, 0]).reshape(-1, 3), [0.5, 1, 2])
    assert np.allclose(middles[::6], [[8, 8], [24, 8], [40, 8], [8, 24], [24, 24], [40, 24]])


def test_anchors_stand_for_what_they_overlap() -> None:
    some = boxes([[0, 0, 10, 10], [0, 0, 10, 8], [0, 0, 10, 5], [50, 50, 60, 60]])
    found = assigned(some, boxes([[0, 0, 10, 10]]))
    assert found.truth.tolist() == [0, 0, IGNORED, NOTHING]
    assert found.objects.tolist() == [True, True, False, False]
    assert found.overlap.tolist() == pytest.approx([1, 0.8, 0.5, 0])


def test_a_true_box_has_its_best_anchor_however_little_that_overlaps() -> None:
    some = boxes([[0, 0, 10, 10], [8, 0, 18, 10]])
    found = assigned(some, boxes([[0, 0, 4, 4]]))
    assert found.truth.tolist() == [0, NOTHING]


@given(several(), several())
def test_every_true_box_that_is_touched_has_an_anchor_unless_another_is_nearer(some: Any, truth: Any) -> None:
    found = assigned(some, truth)
    shares = iou(some, truth)
    for number in np.flatnonzero(shares.max(axis=0) > 0):
        own = np.flatnonzero(np.isclose(shares[:, number], shares[:, number].max(), rtol=0, atol=1e-9))
        assert (found.truth[own] >= 0).all()


def test_without_true_boxes_everything_is_background() -> None:
    assert assigned(anchors(1, 2, 8, (8,), (1,)), boxes([])).truth.tolist() == [NOTHING, NOTHING]


def test_anchors_of_no_size_are_refused() -> None:
    with pytest.raises(UsageError, match="above 0"):
        anchors(2, 2, 16, (32,), (0,))
