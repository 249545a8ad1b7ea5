"""The page of one picture in one model: everything on it, nothing from elsewhere, hostile names harmless."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from classify.insight import LESSONS
from classify.nouns import Card
from imgtool.cli.explain import Inside, page_of
from imgtool.cli.main import run
from imgtool.errors import UsageError
from imgtool.pipeline.explain import PATCH, Explained, explain, eyes, piece
from imgtool.pipeline.looking import DRAWN, PLACELESS
from imgtool.pipeline.near import Neighbour
from imgtool.web import explained
from imgtool.web.figured import colours, mapped, tinted
from imgtool.web.placed import put
from tests.chromium import Scheme, launched, on_a_phone
from tests.looked import CONTRAST
from tests.nets import model
from tests.painted import encoded, scene
from tests.web.test_album import Reader
from tests.written import drawn

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "pictures"
HOSTILE = ('"><script>alert(1)<', "\u202egpj.exe", "dog")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a model of hostile names and a picture of one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        room = tmp_path_factory.mktemp("room")
        model(room / "pets.keras", labels=HOSTILE)
        (room / "a<b>\u202e.png").write_bytes(encoded(scene(90, 60)))
        yield room


@pytest.fixture(scope="module")
def told(room: Path) -> Explained:
    return explain(room / "pets.keras", room / "a<b>\u202e.png")


def without_places(told: Explained) -> Explained:
    why = replace(told.look.why, heat=None, cold=PLACELESS)
    bare = replace(told.insight, filters=None, maps=())
    return replace(told, heats=(), look=replace(told.look, why=why), insight=bare)


def test_a_page_needs_nothing_but_itself(told: Explained) -> None:
    page = explained.page(told)
    read = Reader(page)
    pictures = [want for want in read.wanted if not re.fullmatch(r"#lesson[1-6]", want)]
    assert len(pictures) > 30
    assert all(want.startswith(("data:image/jpeg;base64,", "data:image/png;base64,")) for want in pictures)
    assert "script" not in read.tags
    assert "default-src 'none'" in page
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg\")|url\(|@import", page)


def test_hostile_names_are_words(told: Explained) -> None:
    page = explained.page(told)
    assert "<script" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;alert(1)&lt;" in page
    assert "a&lt;b&gt;\ufffd.png" in page


def test_everything_is_on_the_page(told: Explained) -> None:
    page = explained.page(told)
    for words in (
        "conv2d",
        "16 × 16 × 8",
        "pets.keras",
        "Lesson 6",
        "only the head learnt here",
        "No training pictures are kept beside this model",
        f"The model gets {told.card.size} × {told.card.size} pixels",
    ):
        assert words in page
    assert page.count("<td class=") > PATCH * PATCH
    assert all(lesson.file in page for lesson in LESSONS.values())


def test_the_number_that_is_worked_out_is_the_map_s(told: Explained) -> None:
    filters = told.insight.filters
    assert filters is not None
    worked = filters.worked
    (one,) = [each for each in filters.chosen if each.number == worked.filter]
    assert worked.total == pytest.approx(float(one.values[worked.place]), abs=1e-4)
    assert f"<b>{worked.total:.3f}</b>" in explained.page(told)
    parts = sum(each.total for each in explained.summed(worked))
    assert parts + worked.bias == pytest.approx(worked.total)


def test_the_page_is_the_same_every_time(room: Path, told: Explained) -> None:
    again = explain(room / "pets.keras", room / "a<b>\u202e.png")
    assert explained.page(again) == explained.page(told)


def test_a_network_without_places_says_so(told: Explained) -> None:
    page = explained.page(without_places(told))
    assert "No layer of this network slides a filter" in page
    assert "This network works on no places" in page
    assert PLACELESS in page
    assert "where there is most to see" in page


def test_what_it_is_reminded_of_is_shown(told: Explained) -> None:
    like = (Neighbour(HOSTILE[0], "a/b.jpg", 0.912, b"\xff\xd8\xff"),)
    page = explained.page(replace(told, look=replace(told.look, why=replace(told.look.why, nearest=like, alone=""))))
    assert "&lt;script&gt;alert(1)&lt; 0.91" in page


def test_a_name_that_no_place_speaks_for_says_so(told: Explained) -> None:
    cold = replace(told, heats=tuple(replace(hot, heat=None) for hot in told.heats))
    assert explained.page(cold).count("no place speaks for it") == len(told.heats) > 0


def test_a_doubt_is_in_the_headline(told: Explained) -> None:
    said = replace(told.look.said, sure=False, why="unlike anything it learnt")
    assert "not sure: unlike anything it learnt" in explained.page(replace(told, look=replace(told.look, said=said)))


def test_a_drawing_is_shown_as_the_network_gets_it() -> None:
    digits: Any = SimpleNamespace(card=Card(tuple("0123456789"), kind="digits", size=28))
    sheet = np.asarray(drawn(3, pen=0.12))
    seen, given = eyes(digits, np.repeat(sheet[..., None], 3, axis=2) if sheet.ndim == 2 else sheet)
    assert seen.shape[:2] == sheet.shape[:2]
    assert given.shape == (28, 28, 3)
    assert colours(given) == []
    assert DRAWN


@pytest.mark.parametrize(("side", "places"), [(28, 7), (32, 4), (96, 12), (224, 7), (299, 8)])
def test_the_patch_is_inside_and_where_it_is_hot(side: int, places: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (side, side, 3)).astype(np.uint8)
    heat = np.zeros((places, places), np.float32)
    heat[-1, 0] = 1
    patch = piece(pixels, heat)
    assert patch.pixels.shape == (PATCH, PATCH, 3)
    assert (patch.pixels == pixels[patch.top : patch.top + PATCH, patch.left : patch.left + PATCH]).all()
    assert patch.top > side / 2 > patch.left


def test_a_picture_of_one_colour_has_a_patch_too() -> None:
    grey = np.full((32, 32, 3), 9, np.uint8)
    assert piece(grey, None).pixels.shape == piece(grey, np.zeros((4, 4), np.float32)).pixels.shape == (PATCH, PATCH, 3)


def test_maps_and_filters_become_pictures_whatever_their_numbers_are() -> None:
    for values in (np.zeros((7, 7)), np.full((300, 200), -3.0), np.arange(49.0).reshape(7, 7)):
        assert mapped(values.astype(np.float32), "one").url.startswith("data:image/")
    one: Any = SimpleNamespace(weights=np.array([[[-2.0, 0.0, 2.0]]], np.float32))
    assert tinted(one).tolist() == [[[1, 128, 255]]]


@pytest.mark.parametrize(
    ("photo", "out", "place"),
    [
        ("album/cat.jpg", "", "album/cat-explained.html"),
        ("album/cat.jpg", "x.html", "x.html"),
        ("https://example.org/a/cat.jpg?w=2", "", "cat-explained.html"),
        ("https://example.org/", "", "example-explained.html"),
        (".", "", "picture-explained.html"),
    ],
)
def test_the_page_lies_beside_the_picture(photo: str, out: str, place: str) -> None:
    assert page_of(Inside(photo, out=out)) == Path(place)


def test_another_s_page_stays(tmp_path: Path, told: Explained) -> None:
    place = tmp_path / "cat-explained.html"
    put(place, explained.page(told), explained.MARK)
    put(place, explained.page(told), explained.MARK)
    place.write_text("<p>mine")
    with pytest.raises(UsageError, match="not of our making"):
        put(place, explained.page(told), explained.MARK)


def test_the_command_says_where_the_page_is(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photo = room / "plain.png"
    photo.write_bytes(encoded(scene(40, 40, 3)))
    assert run(["explain", str(photo), "-m", str(room / "pets.keras"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["page"] == str(room / "plain-explained.html")
    assert said["places"] is True
    assert [layer["name"] for layer in said["layers"]] == ["Pixels", "Block 1", "Features", "Head"]
    assert (room / "plain-explained.html").read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("photo", "said"),
    [("none.jpg", "cannot be looked at"), ("page.jpg", "cannot be looked at"), (".", "one picture at a time")],
)
def test_what_is_no_picture_is_said_to_be_none(
    room: Path, photo: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (room / "page.jpg").write_bytes(b"<!doctype html><p>Not found")
    assert run(["explain", str(room / photo), "-m", str(room / "pets.keras")]) == 2
    assert said in capsys.readouterr().err
    assert not list(room.glob("none-*")) + list(room.glob("page-*"))


def test_the_lessons_are_where_the_page_says() -> None:
    missing = [lesson.file for lesson in LESSONS.values() if not (ROOT / lesson.file).is_file()]
    assert missing == []
    for lesson in LESSONS.values():
        first = (ROOT / lesson.file).read_text("utf-8").partition("\n")[0].lower()
        assert first.startswith(f'"""lesson {lesson.number}: {lesson.title.lower()}'), "the title is the lesson's own"


@pytest.mark.browser
@pytest.mark.timeout(120)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_on_a_phone(tmp_path: Path, told: Explained, scheme: Scheme) -> None:
    place = put(tmp_path / "page.html", explained.page(told), explained.MARK)
    with on_a_phone(place, scheme) as page:
        page.get_by_text("Every layer").click()
        faint = [each for each in page.evaluate(CONTRAST) if "background: rgb(" not in each and "<text" not in each]
        assert page.get_by_role("img", name="The layers of the model").is_visible()
    assert faint == []


@pytest.mark.browser
@pytest.mark.timeout(1200)
@pytest.mark.skipif("IMGTOOL_SHOOT" not in os.environ, reason="IMGTOOL_SHOOT=1 draws the pictures of the docs anew")
def test_the_pictures_of_the_docs_are_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from classify.nouns import Learning
    from imgtool.demo.painter import draw
    from imgtool.pipeline.graph import graph
    from imgtool.pipeline.train import train
    from imgtool.web.graph import MARK, svg

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("IMGTOOL_SHOOT")  # no setting of imgtool's
    assert run(["demo", "--out", "harbour", "--n", "60", "--yes", "--quiet"]) == 0
    train(tmp_path / "harbour", Learning(route="scratch", net="small", epochs=12), tmp_path / "model.keras")
    put(DOCS / "graph.svg", svg(graph(tmp_path / "harbour", tmp_path / "model.keras")), MARK)
    (tmp_path / "photo.png").write_bytes(encoded(draw("sailboat", 200, 9)))
    told = explain(tmp_path / "model.keras", tmp_path / "photo.png")
    place = put(tmp_path / "page.html", explained.page(told), explained.MARK)
    with launched() as browser:
        page = browser.new_page(viewport={"width": 1040, "height": 900})
        page.goto(place.as_uri())
        heads = {"pixels": "A picture is numbers", "filters": "The first filters", "looked": "What it looked at"}
        for name, head in heads.items():
            page.get_by_role("heading", name=head).evaluate("at => at.scrollIntoView()")
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            picture.quantize(256, dither=Image.Dither.NONE).save(DOCS / f"explain-{name}.png", optimize=True)
