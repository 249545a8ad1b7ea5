"""Where things are: found with tight boxes, told with thresholds, and a clear answer where nothing is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from curate.boxes import boxes, iou
from imgtool.errors import UsageError
from imgtool.pipeline.finding import Heard, Locating, bars, found, nearest
from imgtool.pipeline.locate import locate
from imgtool.pipeline.located import Find, Located
from imgtool.records import Reason
from tests.finder import LABELS, Finder, scene
from tests.painted import encoded, oriented, png_of


def overlap(said: Located, box: tuple[int, ...]) -> float:
    return float(iou(said.boxes[:1], boxes([box]))[0, 0]) if said.finds else 0.0


def test_a_planted_thing_is_found_with_a_tight_box() -> None:
    model = Finder()
    planted = [scene(seed) for seed in range(8)]

    shares = [overlap(locate(pixels, model), box) for pixels, box in planted]

    assert sum(share > 0.7 for share in shares) >= 7, shares


def test_two_things_of_two_classes_are_both_found() -> None:
    left, red = scene(1)
    right, blue = scene(5, "blue")

    said = locate(np.concatenate([left, right], axis=1), Finder())

    assert sorted(find.label for find in said.finds) == ["blue", "red"]
    moved = (blue[0] + left.shape[1], blue[1], blue[2] + left.shape[1], blue[3])
    at = {find.label: boxes([find.box]) for find in said.finds}
    assert iou(at["red"], boxes([red]))[0, 0] > 0.6
    assert iou(at["blue"], boxes([moved]))[0, 0] > 0.6


def test_the_same_picture_gets_the_same_answer() -> None:
    pixels, _ = scene(3)

    assert locate(pixels, Finder()) == locate(pixels, Finder())


def test_a_quick_look_asks_about_few_parts() -> None:
    pixels, box = scene(4)
    model = Finder()

    said = locate(pixels, model, Locating(quick=True))

    assert overlap(said, box) > 0.4  # its map has places of 20 × 15 px
    assert model.parts < 40


@pytest.mark.parametrize("quick", [False, True])
@pytest.mark.parametrize("size", [(10, 10), (1, 1), (160, 120), (900, 20)])
@pytest.mark.parametrize("colour", [0, 128, 255])
def test_a_picture_of_one_colour_has_nothing_in_it(size: tuple[int, int], colour: int, *, quick: bool) -> None:
    said = locate(np.full((size[1], size[0], 3), colour, np.uint8), Finder(), Locating(quick=quick))

    assert (said.finds, said.refusal, (said.width, said.height)) == ((), None, size)
    assert said.nearest is not None
    assert "nothing found" in said.words


def test_ten_pixels_of_red_are_one_thing_at_most() -> None:
    said = locate(np.full((10, 10, 3), (220, 30, 30), np.uint8), Finder(), Locating(threshold=0.001))

    assert [find.box for find in said.finds] == [(0, 0, 10, 10)]


def test_boxes_are_told_in_the_pixels_of_the_file(tmp_path: Path) -> None:
    pixels, box = scene(5)
    (tmp_path / "large.png").write_bytes(encoded(pixels.repeat(8, 0).repeat(8, 1)))
    (tmp_path / "turned.png").write_bytes(encoded(np.rot90(pixels, 1), exif=oriented(6)))

    large = locate(tmp_path / "large.png", Finder())
    turned = locate(tmp_path / "turned.png", Finder())

    assert (large.width, large.height) == (1280, 960)
    assert overlap(large, tuple(8 * side for side in box)) > 0.6
    assert (turned.width, turned.height) == (160, 120)
    assert overlap(turned, box) > 0.6


def test_what_is_too_large_is_refused_by_its_header(tmp_path: Path) -> None:
    (tmp_path / "vast.png").write_bytes(png_of(10_000, 10_000))

    said = locate(tmp_path / "vast.png", Finder())

    assert said.refusal
    assert (said.refusal.reason, said.refusal.detail) == (Reason.TOO_MANY_PIXELS, "10000 × 10000 px")


def test_a_vast_array_is_searched_small() -> None:
    said = locate(np.zeros((10_000, 10_000, 3), np.uint8), Finder())

    assert (said.width, said.height, said.finds) == (10_000, 10_000, ())
    assert said.pixels is not None
    assert max(said.pixels.shape) == 1024


@pytest.mark.parametrize(
    ("model", "how", "said"),
    [
        (Finder(kind="digits"), Locating(), "reads digits"),
        (Finder(("background",)), Locating(), "nothing but background"),
        (Finder(), Locating(thresholds={"cat": 0.5}), "cannot find 'cat'"),
        (Finder(), Locating(thresholds={"background": 0.5}), "cannot find 'background'"),
        (Finder(), Locating(threshold=1.5), "at most 1"),
        (Finder(), Locating(threshold=float("nan")), "at most 1"),
        (Finder(), Locating(overlap=0), "above 0"),
    ],
    ids=["digits", "background", "a stranger", "the background", "above one", "no number", "no overlap"],
)
def test_what_makes_no_sense_is_said_before_anything_is_read(model: Finder, how: Locating, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        locate("there is no such file.jpg", model, how)


def test_a_network_without_places_refuses_a_quick_look(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Finder()
    monkeypatch.setattr(model, "heat", lambda *_: None)

    with pytest.raises(UsageError, match="does not know where") as error:
        locate(scene(0)[0], model, Locating(quick=True))

    assert "--quick" in error.value.hint


def test_without_a_background_what_is_strange_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Finder(("blue", "red"), strange=1.0)
    pixels, _ = scene(1)
    assert locate(pixels, model).finds

    monkeypatch.setattr(model, "_strange", lambda answers: np.full(len(answers), 1.5))

    assert locate(pixels, model).finds == ()


@pytest.mark.parametrize("what", [["a.jpg", "b.jpg"], np.zeros((2, 20, 20, 3), np.uint8)], ids=["two", "two arrays"])
def test_one_picture_at_a_time(what: object) -> None:
    with pytest.raises(UsageError, match="one picture at a time"):
        locate(what, Finder())


def test_a_model_locates_by_itself() -> None:
    pixels, _ = scene(1)

    assert Finder().locate(pixels) == locate(pixels, Finder())


HEARD = Heard(
    boxes([(0, 0, 100, 100), (2, 2, 98, 102), (10, 10, 40, 40), (200, 0, 260, 60), (400, 0, 450, 50)]),
    np.array([[0.1, 0, 0.9], [0.2, 0, 0.8], [0.3, 0, 0.7], [0.3, 0.5, 0.2], [1, 0, 0]]),
)


@pytest.mark.parametrize(
    ("how", "names"),
    [
        (Locating(), [2, 1]),
        (Locating(threshold=0.6), [2]),
        (Locating(threshold=0.45), [2, 1]),
        (Locating(thresholds={"blue": 0.4}), [2, 1]),
        (Locating(thresholds={"red": 0.95}), [1]),
        (Locating(threshold=0.15, most=1), [2]),
    ],
    ids=["even odds", "higher", "lower", "lower for one", "higher for one", "the best"],
)
def test_thresholds_decide_what_is_found(how: Locating, names: list[int]) -> None:
    assert found(HEARD, bars(LABELS, 0.6, how), how).numbers.tolist() == names


def test_the_usual_threshold_is_even_odds_and_without_a_background_where_the_model_is_sure() -> None:
    assert bars(LABELS, 0.8, Locating()).tolist() == [np.inf, 0.5, 0.5]
    assert bars(("cat", "dog"), 0.8, Locating()).tolist() == [0.8, 0.8]
    assert bars(("cat", "dog"), 0.0, Locating()).tolist() == [0.5, 0.5]


def test_a_part_of_a_thing_is_no_thing_beside_it() -> None:
    things = found(HEARD, bars(LABELS, 0.6, Locating()), Locating())

    assert iou(things.boxes, boxes([(0, 0, 100, 100)])).tolist()[0][0] > 0.9


@pytest.mark.parametrize(("labels", "names"), [(("cat", "dog"), [0]), (("background", "dog"), [1])])
def test_only_who_knows_a_background_finds_things_within_things(labels: tuple[str, str], names: list[int]) -> None:
    heard = Heard(boxes([(0, 0, 100, 100), (10, 10, 40, 40)]), np.array([[0.9, 0.1], [0.2, 0.8]]))

    assert found(heard, bars(labels, 0.6, Locating()), Locating()).numbers.tolist() == names


def test_what_came_nearest_is_what_lacks_least() -> None:
    assert nearest(HEARD, bars(LABELS, 0.6, Locating(threshold=1.0))) == (0, 2)


def test_a_notebook_shows_foreign_names_escaped() -> None:
    said = Located(
        "<b>.jpg", (Find("<script>", 0.9, (1, 1, 9, 9)),), None, 10, 10, pixels=np.zeros((10, 10, 3), np.uint8)
    )

    page = said._repr_html_()

    assert "<script>" not in page
    assert page.count("<img") == 1
