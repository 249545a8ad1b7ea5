"""`load` and `predict`: what a model says of whatever it is shown, by a stand-in that judges colours."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from classify.doubt import Strangeness
from classify.nouns import Answers, Card
from imgtool.errors import StorageError, UsageError
from imgtool.pipeline.captions import put
from imgtool.pipeline.predict import Model
from imgtool.pipeline.predicted import Prediction, Predictions
from imgtool.records import Reason
from imgtool.settings import Settings
from tests.painted import encoded, oriented
from tests.street import Street

HERE = Settings(allow_private=True, retries=0)
RED, GREEN, GREY = (250, 10, 10), (10, 250, 10), (128, 128, 128)


class Colours:
    """A model that tells red from green, as `Classifier` would."""

    def __init__(self, path: Path, **card: Any) -> None:
        self.path = path
        self.arrays: Mapping[str, Any] = {}
        known: dict[str, Any] = {"size": 24, "sure": 0.8, "metrics": {"accuracy": 0.97}}
        self.card = Card(("red", "green <b>"), **(known | card))
        self.shown: list[tuple[int, ...]] = []

    def answers(self, pixels: Any) -> Answers:
        self.shown.append(pixels.shape)
        mean = pixels.mean(axis=(1, 2)).astype(np.float32)
        return Answers(mean[:, :2] / 25, mean)


@pytest.fixture
def colours(tmp_path: Path) -> Colours:
    return Colours(tmp_path / "colours.keras")


@pytest.fixture
def model(colours: Colours) -> Model:
    return Model(colours)  # type: ignore[arg-type]


@pytest.fixture
def album(tmp_path: Path) -> Path:
    folder = tmp_path / "album"
    for name, colour in (("a.png", RED), ("b/b.jpg", GREEN), ("c.webp", GREY)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        kind = {".png": "PNG", ".jpg": "JPEG", ".webp": "WEBP"}[Path(name).suffix]
        (folder / name).write_bytes(encoded(painted(colour), kind))
    (folder / "d.jpg").write_bytes(b"no picture at all")
    return folder


def painted(colour: tuple[int, int, int], size: tuple[int, int] = (60, 40)) -> Any:
    return np.full((*size[::-1], 3), colour, np.uint8)


def one(said: Prediction | Predictions) -> Prediction:
    assert isinstance(said, Prediction)
    return said


def many(said: Prediction | Predictions) -> Predictions:
    assert isinstance(said, Predictions)
    return said


def test_one_file_is_one_prediction(model: Model, album: Path) -> None:
    said = one(model.predict(album / "a.png"))

    assert (said.label, said.sure, said.why, said.refusal) == ("red", True, "", None)
    assert said.probability > 0.99
    assert [name for name, _ in said.ranked] == ["red", "green <b>"]
    assert sum(share for _, share in said.ranked) == pytest.approx(1)


def test_a_folder_is_many_and_a_bad_file_is_among_them(model: Model, album: Path) -> None:
    said = many(model.predict(album))

    assert [(Path(each.picture).name, each.label) for each in said] == [
        ("a.png", "red"),
        ("c.webp", "red"),
        ("d.jpg", ""),
        ("b.jpg", "green <b>"),
    ]
    assert [each.refusal.reason for each in said if each.refusal] == [Reason.NOT_IMAGE]
    assert said.counts == {"red": 2, "green <b>": 1}


def test_doubt_has_its_reason(model: Model, album: Path) -> None:
    said = one(model.predict(album / "c.webp"))

    assert (said.sure, said.why, said.doubt) == (False, "red or green <b>", "not sure: red or green <b>")


def test_what_cannot_be_read_is_a_prediction_with_a_reason(model: Model, album: Path) -> None:
    said = one(model.predict(album / "none.jpg"))

    assert said.refusal
    assert (said.label, said.probability, said.refusal.detail) == ("", 0.0, "there is no such file")
    assert "there is no such file" in said._repr_html_()


def test_a_list_is_answered_in_its_order_whatever_it_names(model: Model, album: Path) -> None:
    with Street() as street:
        asked = [str(album / "b" / "b.jpg"), street.picture(1), album / "none.jpg", str(album / "*.png")]
        said = many(model.predict(asked, settings=HERE))

    assert [bool(each.refusal) for each in said] == [False, False, True, False]
    assert [each.label for each in said][::3] == ["green <b>", "red"]


def test_an_address_is_one_prediction(model: Model) -> None:
    with Street() as street:
        assert one(model.predict(street.picture(3), settings=HERE)).label
        refused = one(model.predict(street.picture(3), settings=Settings(retries=0)))

    assert refused.refusal
    assert refused.refusal.reason is Reason.BLOCKED_ADDRESS


def test_arrays_and_pictures_in_memory_need_no_file(model: Model, colours: Colours) -> None:
    assert one(model.predict(painted(RED))).label == "red"
    assert one(model.predict(Image.fromarray(painted(GREEN)))).label == "green <b>"
    assert [each.label for each in many(model.predict(np.stack([painted(RED), painted(GREEN)])))] == [
        "red",
        "green <b>",
    ]
    assert [each.label for each in many(model.predict([painted(RED), painted(GREEN, (9, 9))]))] == ["red", "green <b>"]
    assert {shape[1:] for shape in colours.shown} == {(24, 24, 3)}


def test_a_file_and_its_pixels_are_judged_alike(model: Model, tmp_path: Path) -> None:
    pixels = painted(RED)
    pixels[::3] = GREEN
    (tmp_path / "a.png").write_bytes(encoded(pixels))

    assert one(model.predict(tmp_path / "a.png")).ranked == one(model.predict(pixels)).ranked


def test_rotated_pictures_are_turned_first(colours: Colours, tmp_path: Path) -> None:
    tall = painted(RED, (40, 80))
    tall[:40] = GREEN
    (tmp_path / "turned.jpg").write_bytes(encoded(tall, "JPEG", quality=98, exif=oriented(3)))
    upper: list[Any] = []

    def answers(pixels: Any) -> Answers:
        upper.append(pixels[0, 2, 2])
        return Colours.answers(colours, pixels)

    colours.answers = answers  # type: ignore[method-assign]

    Model(colours).predict(tmp_path / "turned.jpg")  # type: ignore[arg-type]

    assert upper[0][0] > 200  # red came up


def test_as_many_names_are_told_as_are_asked_for(model: Model, album: Path) -> None:
    assert len(one(model.predict(album / "a.png", top=1)).ranked) == 1
    with pytest.raises(UsageError, match="1 or more"):
        model.predict(album / "a.png", top=0)


def test_copies_with_captions_keep_their_folders_and_originals_their_bytes(model: Model, album: Path) -> None:
    before = {path: path.read_bytes() for path in album.rglob("*") if path.is_file()}

    said = many(model.predict(album, save=album))

    made = {path.relative_to(album).as_posix() for path in album.rglob("*") if path.is_file()} - {
        path.relative_to(album).as_posix() for path in before
    }
    assert made == {"a.predicted.png", "b/b.predicted.jpg", "c.predicted.jpg"}
    assert {Path(each.saved).relative_to(album).as_posix() for each in said if each.saved} == made
    assert {path: path.read_bytes() for path in before} == before


def test_copies_of_one_name_lie_side_by_side(model: Model, album: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    for _ in range(2):  # a second run replaces the first one's copies
        model.predict([album / "a.png", album / "a.png"], save=out)

    assert sorted(path.name for path in out.iterdir()) == ["a-2.predicted.png", "a.predicted.png"]


def test_a_place_that_cannot_be_written_is_said(model: Model, album: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        model.predict(album / "a.png", save=album / "a.png")


def test_a_full_disk_leaves_no_half_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.predicted.jpg").write_bytes(b"earlier")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space"):
        put(tmp_path / "a.predicted.jpg", b"new")

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.predicted.jpg": b"earlier"}


def test_a_full_disk_while_pictures_are_fetched_ends_it(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("scraper.fetch.Fetcher.fetch", full)

    with pytest.raises(OSError, match="No space"):
        model.predict(["http://127.0.0.1:1025/a.jpg"] * 3, settings=HERE)


def test_a_notebook_shows_pictures_and_escapes_names(model: Model, album: Path) -> None:
    html = many(model.predict(album))._repr_html_()

    assert html.count("data:image/jpeg;base64,") == 3
    assert "green &lt;b&gt;" in html
    assert "<b>d.jpg" not in html
    assert "4 pictures, 1 of them unreadable" in html
    assert "97.0% right" in model._repr_html_()
    assert "green &lt;b&gt;" in model._repr_html_()


def test_a_stream_needs_no_more_than_what_is_asked_of_it(model: Model, album: Path, colours: Colours) -> None:
    stream = model.stream([album / "a.png"] * 500)
    first = next(stream)
    stream.close()

    assert first.label == "red"
    assert first.pixels is None
    assert sum(shape[0] for shape in colours.shown) < 200


def test_drawings_are_shown_to_a_model_of_digits_as_it_learnt_them(tmp_path: Path) -> None:
    drawing = np.full((300, 200), 255, np.uint8)
    drawing[100:200, 90:110] = 0
    (tmp_path / "one.png").write_bytes(encoded(drawing))
    digits = Colours(tmp_path / "digits.keras", kind="digits", size=28)
    model = Model(digits)  # type: ignore[arg-type]

    model.predict(tmp_path / "one.png")
    model.predict(drawing)
    model.predict(np.stack([drawing] * 3))

    assert digits.shown == [(1, 28, 28, 3), (1, 28, 28, 3), (3, 28, 28, 3)]


def test_a_stranger_is_told_from_what_was_learnt(colours: Colours, model: Model) -> None:
    chance = np.random.default_rng(0)
    known = [
        np.clip(painted(c) + chance.normal(0, 20, 3), 0, 255).astype(np.uint8) for c in (RED, GREEN) for _ in range(40)
    ]
    features = np.stack([each.mean(axis=(0, 1)) for each in known]).astype(np.float32)
    strangeness = Strangeness.fit(features, np.repeat([0, 1], 40))
    colours.arrays = strangeness.arrays()
    colours.card = replace(colours.card, strange=float(strangeness.score(features).max()))

    usual, odd = many(model.predict([known[0], painted((40, 10, 250))]))

    assert usual.sure
    assert (odd.sure, odd.why) == (False, "unlike anything it learnt")
    assert odd.strangeness > colours.card.strange


@pytest.mark.parametrize("arrays", [{"strange_usual": np.zeros(2)}, {"strange_": np.zeros(2)}])
def test_a_model_that_tells_nonsense_of_strangers_is_called_damaged(
    model: Model, colours: Colours, arrays: Any
) -> None:
    colours.arrays = arrays

    with pytest.raises(StorageError, match="strangers"):
        model.predict(painted(RED))


def test_a_model_of_a_kind_that_is_not_known_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="sounds"):
        Model(Colours(tmp_path / "a.keras", kind="sounds"))  # type: ignore[arg-type]


def test_a_model_tells_what_it_knows(model: Model, tmp_path: Path) -> None:
    assert model.labels == ("red", "green <b>")
    assert model.card.size == 24
    assert model.path == tmp_path / "colours.keras"
