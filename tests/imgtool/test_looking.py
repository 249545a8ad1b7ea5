"""Why a model says so, from the library: where it looked, what it is reminded of, or why that is not known."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import imgtool
from curate.pixels import upright
from curate.pixels.heat import over, png
from imgtool.errors import UsageError
from imgtool.pipeline.looking import ALONE, COLD, DRAWN, PLACELESS, VIEW, blind, reasons
from imgtool.pipeline.predict import Model
from tests.painted import encoded, oriented, scene
from tests.reds import learnt, spotted

# Keras turns its variables into arrays in NumPy's old way.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module", autouse=True)
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Model]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        made = imgtool.load(learnt(tmp_path_factory.mktemp("model")))
        made.answers([spotted()])  # its quick form is made, and where it lies known
        yield made


def test_a_file_is_looked_at(model: Model, tmp_path: Path) -> None:
    file = tmp_path / "spots.png"
    file.write_bytes(encoded(spotted("red", "grey", 320)))
    look = model.look(file)
    assert look.said.picture == str(file)
    assert look.said.label == look.why.label == "red"
    assert look.why.heat is not None
    assert look.why.heat[:2, :2].min() == 1  # all of the red spot
    assert look.why.heat[2:6].max() == 0
    assert len(look.why.nearest) == 6
    assert (look.why.cold, look.why.alone) == ("", "")


def test_another_name_has_another_place(model: Model) -> None:
    look = model.look(spotted("red", "green"), "green")
    assert look.why.label == "green"
    assert look.why.heat is not None
    assert look.why.heat[6:, 6:].min() == 1
    assert look.why.heat[:2, :2].max() == 0


def test_a_picture_of_what_it_learnt_is_most_like_that(model: Model) -> None:
    pixels = np.full((32, 32, 3), (240, 20, 20), np.uint8)
    pixels[:4] = 0
    (first, *_) = model.nearest(pixels, 3)
    assert first.label == "red"
    assert first.likeness == pytest.approx(1, abs=0.01)


def test_where_nothing_speaks_for_a_name_it_says_so(model: Model) -> None:
    why = reasons(model, np.zeros((32, 32, 3), np.uint8), "red")[1]
    assert (why.heat, why.cold) == (None, COLD)


def test_a_name_that_it_does_not_know_is_an_error(model: Model) -> None:
    with pytest.raises(UsageError, match="knows no 'mauve'") as found:
        model.heat(spotted(), "mauve")
    assert "red" in found.value.hint


def test_a_network_without_places_says_so(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "heat", lambda *_: None)
    assert reasons(model, spotted())[1].cold == PLACELESS


def test_a_drawing_has_no_heat() -> None:
    class Digits:
        card = type("Card", (), {"kind": "digits"})

    assert blind(Digits()) == DRAWN  # type: ignore[arg-type]


def test_without_the_pictures_it_learnt_from_it_says_so(tmp_path: Path, model: Model) -> None:
    sent = tmp_path / "sent.keras"
    sent.write_bytes(model.path.read_bytes())
    found = imgtool.load(sent)
    assert found.nearest(spotted()) == []
    assert reasons(found, spotted())[1].alone == ALONE


def test_one_look_asks_the_network_for_its_answer_once(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    from classify.file.start import Form

    form = model._classifier._form
    assert form is not None
    asked: list[int] = []

    def answer(shown: NDArray[np.float32]) -> object:
        asked.append(len(shown))
        return form.answer(shown)

    monkeypatch.setattr(model._classifier, "_form", Form(answer, form.heat))  # type: ignore[arg-type]
    why = reasons(model, spotted())[1]
    assert why.heat is not None
    assert why.nearest
    assert asked == [1]


def test_a_damaged_file_of_neighbours_costs_no_answer(tmp_path: Path, model: Model) -> None:
    sent = tmp_path / "sent.keras"
    sent.write_bytes(model.path.read_bytes())
    (tmp_path / "sent-report").mkdir()
    (tmp_path / "sent-report/near.npz").write_bytes(b"PK")
    said, why = reasons(imgtool.load(sent), spotted("red", "grey"))
    assert said.label == "red"
    assert why.heat is not None
    assert "near.npz cannot be used" in why.alone


@pytest.mark.parametrize("what", [["a.jpg", "b.jpg"], np.zeros((2, 8, 8, 3), np.uint8), "folder"])
def test_it_looks_at_one_picture(model: Model, what: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="one picture at a time"):
        model.look(what)


def test_what_is_no_picture_is_an_error_with_its_reason(model: Model, tmp_path: Path) -> None:
    (tmp_path / "page.jpg").write_bytes(b"<!doctype html><p>Not found")
    with pytest.raises(UsageError, match="HTML"):
        model.look(tmp_path / "page.jpg")


def test_a_large_picture_is_shown_small_and_upright(model: Model, tmp_path: Path) -> None:
    (tmp_path / "wide.jpg").write_bytes(encoded(scene(1200, 600), "JPEG", exif=oriented(6)))
    assert model.look(tmp_path / "wide.jpg").pixels.shape == (VIEW, VIEW // 2, 3)
    assert model.look(scene(1200, 600)).pixels.shape == (VIEW // 2, VIEW, 3)


def test_a_notebook_shows_it_with_foreign_names_escaped(model: Model) -> None:
    page = model.look(spotted())._repr_html_()
    assert page.count("<img") == 7
    assert "<script" not in page


def test_heat_is_clear_where_it_is_cold_and_light_where_it_is_hot() -> None:
    heat = np.zeros((4, 4), np.float32)
    heat[0, 3] = 1
    drawn = np.asarray(Image.open(BytesIO(png(heat, 640, 320))))
    assert drawn.shape == (128, 256, 4)
    assert drawn[-1, 0, 3] == 0
    assert 170 <= drawn[2, -2, 3] <= 180
    assert drawn[2, -2, :3].mean() > 150
    assert drawn[..., 0].astype(int)[2, -2] > drawn[..., 2].astype(int)[2, -2]  # yellow, not blue


def test_a_picture_under_its_heat_is_itself_where_it_is_cold() -> None:
    heat = np.zeros((4, 4), np.float32)
    heat[0, 0] = 1
    pixels = scene(80, 60)
    mixed = over(pixels, heat)
    assert mixed.dtype == np.uint8
    assert (mixed[-10:, -10:] == pixels[-10:, -10:]).all()
    assert (mixed[:5, :5] != pixels[:5, :5]).any()
    assert isinstance(upright(encoded(mixed)), np.ndarray)
