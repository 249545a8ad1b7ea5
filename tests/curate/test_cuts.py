"""Which parts of a picture are cut: by their overlap with true boxes, none twice, the same for the same seed."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as some

from curate.boxes import Boxes, iou
from curate.cuts import BACKGROUND, HARD, LEAST, OBJECT, TRUE, Cut, Truth, Wish, chosen
from curate.cuts.choose import SAME
from curate.cuts.moved import moved

SIZE = (400, 300)
TRUTH = Truth((100, 80, 260, 220), 0, more=5)


def rectangles(most: int = 30) -> some.SearchStrategy[Boxes]:
    corner = some.tuples(some.floats(0, 340), some.floats(0, 240), some.floats(5, 300), some.floats(5, 300))
    return some.lists(corner, max_size=most).map(
        lambda rows: np.array([[x, y, min(400, x + w), min(300, y + h)] for x, y, w, h in rows]).reshape(-1, 4)
    )


def boxes(cuts: list[Cut]) -> Boxes:
    return np.array([cut.box for cut in cuts], np.float64).reshape(-1, 4)


@settings(max_examples=60)
@given(found=rectangles(), known=rectangles(4), seed=some.integers(0, 9))
def test_every_cut_is_what_its_overlap_says_and_none_is_told_twice(found: Boxes, known: Boxes, seed: int) -> None:
    truths = [Truth((float(a), float(b), float(c), float(d)), 0, more=3) for a, b, c, d in known]
    cuts = chosen(found, truths, SIZE, Wish(seed, objects=4, negatives=6))
    again = chosen(found, truths, SIZE, Wish(seed, objects=4, negatives=6))

    assert cuts == again
    outer = np.concatenate([np.floor(known[:, :2] + 1e-6), np.ceil(known[:, 2:] - 1e-6)], axis=1)
    for cut, box in zip(cuts, boxes(cuts), strict=True):
        overlap = iou(box[None], outer).max(initial=0.0)
        low, high = {TRUE: (1, 1), OBJECT: (0.7, 1), HARD: (0.2, 0.5), BACKGROUND: (0, 0.2)}[cut.kind]
        assert low - 1e-9 <= overlap <= high
        assert abs(cut.overlap - overlap) < 1e-4
        assert 0 <= box[0] < box[2] <= SIZE[0]
        assert 0 <= box[1] < box[3] <= SIZE[1]
        assert min(box[2] - box[0], box[3] - box[1]) >= LEAST
    mutual = iou(boxes(cuts), boxes(cuts)) - np.eye(len(cuts))
    assert (mutual < SAME).all()
    kinds = [cut.kind for cut in cuts]
    assert kinds.count(OBJECT) <= 4
    assert kinds.count(HARD) + kinds.count(BACKGROUND) <= 6


def test_the_band_between_object_and_background_is_left_out() -> None:
    left, top, right, bottom = TRUTH.box
    wide = right - left
    parts = np.array([[left + shift * wide, top, right + shift * wide, bottom] for shift in (0.08, 0.25, 0.45, 0.75)])

    cuts = chosen(parts, [TRUTH], SIZE, Wish())

    assert sorted(cut.kind for cut in cuts) == sorted([TRUE, OBJECT, HARD, BACKGROUND])


def test_a_picture_in_which_nothing_is_gives_background_alone() -> None:
    cuts = chosen(np.array([[0, 0, 100, 100], [150, 50, 400, 300.0]]), [], SIZE, Wish())

    assert [(cut.kind, cut.truth, cut.overlap) for cut in cuts] == [(BACKGROUND, -1, 0.0)] * 2


def test_a_picture_with_something_nobody_knows_gives_none() -> None:
    cuts = chosen(np.array([[0, 0, 90, 70.0]]), [TRUTH], SIZE, Wish(), negatives=False)

    assert [cut.kind for cut in cuts] == [TRUE]


def test_what_is_too_small_or_too_narrow_for_a_picture_is_not_cut() -> None:
    small, narrow = Truth((0, 0, 31, 90), 0), Truth((0, 0, 2400, 40), 0)

    assert chosen(np.zeros((0, 4)), [small, narrow], (2500, 300), Wish()) == []


def test_another_seed_takes_other_parts() -> None:
    dice = np.random.default_rng(1)
    corners = dice.uniform(0, 200, (60, 2))
    parts = np.concatenate([corners, corners + dice.uniform(40, 90, (60, 2))], axis=1)

    first, other = (chosen(parts, [], SIZE, Wish(seed, negatives=5)) for seed in (1, 2))

    assert len(first) == len(other) == 5
    assert first != other


def test_a_box_takes_no_more_parts_than_it_wants() -> None:
    parts = np.array([[100 + 5 * a, 80 + 5 * b, 260, 220] for a in range(5) for b in range(5)], np.float64)

    cuts = chosen(parts, [Truth(TRUTH.box, 0, more=2)], SIZE, Wish())

    assert [cut.kind for cut in cuts] == [TRUE, OBJECT, OBJECT]


@given(truth=some.tuples(*[some.integers(0, 40)] * 2, *[some.integers(60, 100)] * 2), seed=some.integers(0, 9))
def test_copies_of_a_true_box_lie_in_the_picture_near_and_far_and_the_same_every_time(
    truth: tuple[int, int, int, int], seed: int
) -> None:
    copies = moved([truth], (120, 110), seed)

    assert (copies[:, :2] >= 0).all()
    assert (copies[:, 2:] <= (120, 110)).all()
    shares = iou(copies, np.array([truth], np.float64))[:, 0]
    assert (shares >= 0.7).any()
    assert (shares < 0.7).any()
    assert np.array_equal(copies, moved([truth], (120, 110), seed))


def test_where_no_box_is_nothing_is_copied() -> None:
    assert moved([], (120, 110), 0).shape == (0, 4)
