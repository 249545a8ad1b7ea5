"""Proposals: parts by the rule as it is written, and boxes around what was drawn."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from curate.boxes import area, iou
from curate.pixels.spaces import SPACES
from curate.proposals import FAST, QUALITY, Search, propose
from curate.proposals.graph import WEIGHTS, edges, grown, swallowed
from curate.proposals.grouping import Hierarchy, grouped, neighbours
from curate.proposals.looks import around, colours, looks, textures
from curate.proposals.sifting import distinct
from curate.proposals.strategies import ALL
from imgtool.errors import UsageError

GREY = st.integers(0, 255)
small = array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=9)
pictures = small.flatmap(lambda shape: arrays(np.uint8, (*shape, 3), elements=GREY))
planes = pictures.map(lambda pixels: pixels.astype(np.float32) / 4)


def ball(side: int = 60, left: int = 90, top: int = 40, width: int = 240, height: int = 160) -> Any:
    """A striped disc on a ground that changes slowly, with a camera's grain."""
    down, across = np.mgrid[:height, :width]
    scene = np.stack([60 + across / 4, 90 + down / 4, np.full((height, width), 80.0)], axis=-1)
    inside = np.hypot(down - top - side / 2, across - left - side / 2) <= side / 2
    scene[inside] = np.where((across // 6 % 2)[..., None], [220, 60, 40], [240, 200, 60])[inside]
    return np.clip(scene + np.random.default_rng(side).normal(0, 3, scene.shape), 0, 255).astype(np.uint8)


def truth(side: int = 60, left: int = 90, top: int = 40) -> Any:
    return np.array([[left, top, left + side, top + side]], float)


# the graph


def plainly(planes: Any, scale: float, forest: bool = False) -> Any:
    """The rule edge by edge, as the paper has it; with `forest`, only by edges of a minimum spanning tree."""
    some, count = edges(planes), planes.shape[0] * planes.shape[1]
    part, tree = list(range(count)), list(range(count))
    limits = dict.fromkeys(part, scale)
    for level, weight in enumerate(WEIGHTS.tolist()):
        for one, other in zip(*(ends.tolist() for ends in some.at(level)), strict=True):
            spans = tree[one] != tree[other]
            tree = [tree[one] if root == tree[other] else root for root in tree]
            a, b = part[one], part[other]
            if a != b and weight <= min(limits[a], limits[b]) and (spans or not forest):
                part = [a if root == b else root for root in part]
                limits[a] = weight + scale / part.count(a)
    return np.array(part)


def same(some: Any, others: Any) -> bool:
    """Do they part the pixels alike, whatever the parts are called?"""
    return bool(np.array_equal(some[:, None] == some[None], others[:, None] == others[None]))


@given(planes, st.sampled_from([1, 5, 20, 100, 400]))
@settings(max_examples=25, deadline=None)
def test_parts_are_those_of_the_rule_taken_edge_by_edge(some: Any, scale: int) -> None:
    assert same(grown(some.shape[0] * some.shape[1], edges(some), scale), plainly(some, scale))


def test_a_spanning_forest_would_not_have_all_edges_that_join() -> None:
    few = np.array([[5, -5], *[[0, 0]] * 8], np.float32)[..., None] + 10  # two dots at the end of a plain
    assert not same(plainly(few, 16), plainly(few, 16, forest=True))
    assert same(plainly(few, 16), grown(few.shape[0] * few.shape[1], edges(few), 16))


@given(planes, st.integers(1, 30))
@settings(max_examples=25, deadline=None)
def test_no_part_stays_smaller_than_it_may_be(some: Any, least: int) -> None:
    count = some.shape[0] * some.shape[1]
    before = grown(count, edges(some), 20)
    after = swallowed(before, edges(some), least)
    assert np.bincount(after).min() >= min(least, count)
    assert all(len(np.unique(after[before == part])) == 1 for part in np.unique(before))


def test_a_small_part_never_joins_two_large_ones() -> None:
    row = np.repeat(np.array([0, 20, 42], np.float32), [12, 1, 12])[None, :, None]
    labels = swallowed(grown(25, edges(row), 1), edges(row), 3)
    assert np.bincount(labels).tolist() == [13, 12]


# regions


@given(arrays(np.intp, small, elements=st.integers(0, 4)))
@settings(max_examples=40, deadline=None)
def test_a_region_s_box_is_around_its_pixels(labels: Any) -> None:
    labels = np.unique(labels, return_inverse=True)[1].reshape(labels.shape)
    for number, box in enumerate(around(labels, labels.max() + 1)):
        rows, columns = np.nonzero(labels == number)
        assert box.tolist() == [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]


def test_what_joins_has_the_histogram_of_all_its_pixels() -> None:
    pixels = ball().astype(np.float32)
    labels = (np.arange(240) // 60)[None].repeat(160, 0)
    first = looks(labels, colours(pixels), textures(pixels))
    tree = Hierarchy(first, ALL)
    tree.join(tree.join(tree.join(0, 1), 2), 3)
    whole = looks(labels * 0, colours(pixels), textures(pixels))
    assert np.allclose(tree.bins[6], np.concatenate([whole.colour, whole.texture], axis=1)[0], atol=1e-6)
    assert np.allclose(first.colour.sum(axis=1), 1)
    assert np.allclose(first.texture.sum(axis=1), 1)


def test_regions_join_until_one_is_left() -> None:
    pixels = ball().astype(np.float32)
    labels = (np.arange(160) // 40)[:, None] * 4 + (np.arange(240) // 60)[None]
    first = looks(labels, colours(pixels), textures(pixels))
    found = grouped(first, neighbours(labels, 16), ALL)
    assert len(found) == 2 * 16 - 1
    assert found[-1].tolist() == [0, 0, 240, 160]


def test_neighbours_touch_by_a_side_or_a_corner() -> None:
    labels = np.array([[0, 1, 2], [3, 3, 4]])
    assert neighbours(labels, 5) == [{1, 3}, {0, 2, 3, 4}, {1, 3, 4}, {0, 1, 2, 4}, {1, 2, 3}]


@pytest.mark.parametrize("name", SPACES)
def test_every_colour_space_stays_within_a_byte(name: str) -> None:
    shown = SPACES[name](np.random.default_rng(0).integers(0, 256, (30, 40, 3), np.uint8))
    assert shown.dtype == np.float32
    assert shown.shape[:2] == (30, 40)
    assert 0 <= shown.min() <= shown.max() <= 255


# boxes


@pytest.mark.parametrize(
    ("side", "search"),
    [(40, FAST), (60, FAST), (100, FAST), (60, QUALITY)],
    ids=["small", "middle", "large", "quality"],
)
def test_a_disc_of_two_colours_is_found(side: int, search: Search) -> None:
    assert iou(propose(ball(side), search), truth(side)).max() > 0.8


def test_a_large_picture_has_the_boxes_of_a_small_one_at_its_own_size() -> None:
    large = ball().repeat(8, 0).repeat(8, 1)
    assert iou(propose(large), truth() * 8).max() > 0.8


def test_the_same_picture_always_gives_the_same_boxes() -> None:
    scene = ball()
    assert np.array_equal(propose(scene), propose(scene.copy()))
    assert np.array_equal(propose(scene), propose(np.asfortranarray(scene)))
    assert np.array_equal(propose(scene), propose(scene[:, ::-1].copy()[:, ::-1]))


@given(pictures)
@settings(max_examples=20, deadline=None)
def test_boxes_lie_in_their_picture_large_enough_and_once(pixels: Any) -> None:
    found = propose(pixels, Search(least=0.1, near=0.7))
    height, width = pixels.shape[:2]
    assert len(found)
    assert (found >= 0).all()
    assert (found[:, 2:] <= [width, height]).all()
    assert (area(found) >= 0.1 * width * height - 1e-6).all()
    assert (np.triu(iou(found, found), 1) < 0.7 + 1e-4).all()


def test_the_bounds_of_a_search_hold() -> None:
    scene = ball()
    found = propose(scene, Search(most=20, least=0.02, aspect=2))
    sides = found[:, 2:] - found[:, :2]
    assert 1 < len(found) <= 20
    assert (area(found) >= 0.02 * 240 * 160).all()
    assert (sides.max(axis=1) <= 2 * sides.min(axis=1)).all()


def test_of_boxes_that_are_nearly_equal_the_first_stays() -> None:
    many = np.concatenate([np.array([[0, 0, 100, 100.0], [1, 1, 100, 100], [0, 0, 50, 100]])] * 200)
    assert distinct(many, 0.9, 10).tolist() == [[0, 0, 100, 100], [0, 0, 50, 100]]
    assert distinct(many, 0.9, 1).tolist() == [[0, 0, 100, 100]]


# what is hardly a picture


@pytest.mark.parametrize("shape", [(10, 10), (1, 1), (1, 50), (300, 1), (3, 5000)])
@pytest.mark.parametrize("search", [FAST, QUALITY], ids=["fast", "quality"])
def test_a_picture_without_parts_is_proposed_whole(shape: tuple[int, int], search: Search) -> None:
    plain = np.full((*shape, 3), 90, np.uint8)
    assert propose(plain, search).tolist() == [[0, 0, shape[1], shape[0]]]


def test_a_picture_of_a_hundred_million_pixels_takes_no_longer_than_scaling_it_down() -> None:
    huge = np.broadcast_to(np.uint8(90), (10_000, 10_000, 3))
    start = time.process_time()
    assert propose(huge).tolist() == [[0, 0, 10_000, 10_000]]
    assert time.process_time() - start < 10  # s; 1 s on an idle core


@pytest.mark.parametrize(
    "wrong",
    [np.zeros((9, 9), np.uint8), np.zeros((9, 9, 4), np.uint8), np.zeros((0, 9, 3), np.uint8), np.zeros((9, 9, 3))],
    ids=["grey", "alpha", "empty", "floats"],
)
def test_what_is_no_picture_is_said(wrong: Any) -> None:
    with pytest.raises(UsageError, match="rows × columns × RGB of eight bits"):
        propose(wrong)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"strategy": "slow"}, "No strategy is called 'slow'"),
        ({"most": 0}, "most 0"),
        ({"least": 1.5}, "least 1.5"),
        ({"aspect": 0.5}, "aspect 0.5"),
        ({"near": float("nan")}, "near nan"),
    ],
)
def test_a_search_that_could_find_nothing_is_refused(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        Search(**wrong)
