"""A model's card: its worth and limits, a confusion that opens its pictures, with a report beside it or without."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from classify.nouns import Answers, Card, Judgement, Pixels
from curate.sights import eyes
from curate.team import Rules
from imgtool.demo.painter import draw
from imgtool.demo.teaching import learning
from imgtool.pipeline.predict import Model
from imgtool.pipeline.report import Report
from imgtool.pipeline.stands import Stand, stands
from imgtool.pipeline.train import train
from imgtool.pipeline.what import Namer
from imgtool.web import learned
from imgtool.web.serve import House
from tests.chromium import PHONE, Scheme, launched
from tests.drawn import classes, jpeg, put
from tests.hall import Served, colours, running
from tests.learnt import report
from tests.looked import grave, holds_up
from tests.painted import encoded

DOCS = Path(__file__).parents[2] / "docs" / "pictures"
HOSTILE = '"><script>alert(1)<'
METRICS = {"accuracy": 0.75, "low": 0.5, "high": 0.9, "tested": 16.0, "ece": 0.1}


class Paper(Model):
    """A model that is a card alone: it has a file's name, and no network."""

    def __init__(self, path: Path, card: Card) -> None:
        self._path, self._card = path, card

    @property
    def card(self) -> Card:
        return self._card

    @property
    def path(self) -> Path:
        return self._path

    def eyes(self) -> Rules:
        return eyes(8)

    def judged(self, shown: Sequence[Pixels], top: int = 5, answers: Answers | None = None) -> list[Judgement]:
        return [Judgement(((self.labels[0], 1.0),), sure=True) for _ in shown]


class Names(Namer):
    """A thousand names that nobody tells apart."""

    def __init__(self) -> None:
        super().__init__()
        self.thousand = type("Thousand", (), {"names": ("tench", "goldfish <b>"), "size": 8})()

    def judged(self, pixels: Sequence[Pixels], top: int) -> list[Judgement]:
        return [Judgement((("tench", 1.0),), sure=True) for _ in pixels]


def paper(path: Path, card: Card) -> Stand:
    return Stand(path.stem, Paper(path, card), card.kind, card)


def told(root: Path, labels: tuple[str, ...] = ("cat", "dog")) -> Report:
    shown = report(root, labels, seed=3)
    card = replace(shown.card, metrics=METRICS, dataset="d", created="2026-11-21T12:00:00+00:00", sure=0.6)
    return replace(shown, card=card, came={"site": {"<i>example.org": 12}})


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return told(tmp_path_factory.mktemp("card") / "data")


@pytest.fixture(scope="module")
def served(shown: Report) -> Iterator[Served]:
    """One with its report, one without, one of digits, the thousand names, and one that is no file."""
    home = shown.root.parent
    learned.write(shown, home / "full-report")
    digits = Card(tuple("0123456789"), kind="digits", size=28, metrics=METRICS | {"low": 0.74, "high": 0.76})
    stands = (
        paper(home / "full.keras", shown.card),
        paper(home / "bare.keras", shown.card),
        paper(home / "digits.keras", digits),
        Stand("imagenet", Names(), "names", None),
        colours(),
    )
    with running(*stands) as one:
        yield one


def cards(page: str) -> list[str]:
    return re.findall(r'<bdi class="quiet">([^<]*)</bdi>', page)


def test_the_first_model_is_shown_and_leads_to_the_others(served: Served) -> None:
    page = served.get("/card").text
    assert "<h1>full</h1>" in page
    assert re.findall(r'href="/card\?model=(\w+)"', page)[:5] == ["full", "bare", "digits", "imagenet", "colours"]
    assert '<a href="/card" aria-current="page">' in page


def test_it_tells_what_the_report_tells(served: Served, shown: Report) -> None:
    page = served.get("/card?model=full").text
    right = shown.scores.accuracy
    for words in (
        f"{right.right:,} of {right.total:,} were right",
        "pictures it has never seen",
        "proven ",
        "Its limits",
        "Where the pictures came from",
        "&lt;i&gt;example.org",
        "Its probabilities are off by",
        "It is not sure where no name reaches 60",
        "mobilenet",
        "imgtool export-model full.keras --to onnx",
    ):
        assert words in page


def test_a_cell_opens_its_pictures(served: Served, shown: Report) -> None:
    page = served.get("/card?model=full").text
    links = dict(re.findall(r'href="(/card\?model=full&amp;cell=(\d+-\d+))#pictures"', page))
    keys = {f"{truth}-{said}" for truth, row in enumerate(shown.scores.counts) for said, n in enumerate(row) if n}
    assert set(links.values()) == keys
    assert len(cards(page)) == len(shown.scores.mistakes)

    for key in keys:
        truth, said = map(int, key.split("-"))
        opened = served.get(f"/card?model=full&cell={key}").text
        paths = cards(opened)
        assert all(path.startswith(shown.card.labels[truth]) for path in paths)
        assert len(paths) == min(shown.scores.counts[truth][said], 8 if truth == said else 24)
        assert opened.count('<img src="data:image/jpeg;base64,/9j/') == len(paths)
        assert f'aria-current="true"><span class="hidden">{shown.card.labels[truth]} called' in opened


@pytest.mark.parametrize("cell", ["9-9", "../..", "0-1'", "<b>", "0"])
def test_a_cell_that_is_none_shows_the_mistakes(served: Served, shown: Report, cell: str) -> None:
    page = served.get("/card", params={"model": "full", "cell": cell})
    assert page.status_code == 200
    assert len(cards(page.text)) == len(shown.scores.mistakes)


def test_without_a_report_the_card_says_what_it_knows(served: Served) -> None:
    page = served.get("/card?model=bare").text
    assert "It named 12 of 16 pictures right." in page
    assert "imgtool evaluate bare.keras DATA --report bare-report" in page
    assert '<td class="number">30</td>' in page
    assert "What it confuses" not in page


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("digits", "single digits"),
        ("imagenet", "goldfish &lt;b&gt;"),
        ("imagenet", "Tells ImageNet's 2 names apart"),
        ("colours", "green &lt;b&gt;"),
    ],
)
def test_every_kind_of_model_has_a_card(served: Served, model: str, words: str) -> None:
    page = served.get(f"/card?model={model}")
    assert page.status_code == 200
    assert words in page.text


def test_a_model_that_is_not_served_has_none(served: Served) -> None:
    assert served.get("/card?model=nobody").status_code == 404


def test_nothing_on_it_is_written_for_the_policy_to_refuse(served: Served) -> None:
    for model in ("full", "bare", "digits", "imagenet", "colours"):
        page = served.get(f"/card?model={model}").text
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page)
        assert set(re.findall(r"<script[^>]*>", page)) <= {'<script type="module" src="/static/enter.js">'}


@pytest.mark.parametrize(
    ("name", "kind"),
    [("index.html", "text/html"), ("predictions.csv", "text/csv"), ("confusion.png", "image/png")],
)
def test_the_report_is_taken_along(served: Served, shown: Report, name: str, kind: str) -> None:
    reply = served.get(f"/card/{name}?model=full")
    assert reply.headers["content-type"].startswith(kind)
    assert reply.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert reply.content == (shown.root.parent / "full-report" / name).read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "/card/told.json?model=full",
        "/card/..%2ffull.keras?model=full",
        "/card/../../etc/passwd?model=full",
        "/card/index.html?model=bare",
        "/card/index.html?model=imagenet",
        "/card/index.html?model=../full",
        "/card/near.npz?model=full",
    ],
)
def test_nothing_else_is(served: Served, path: str) -> None:
    assert served.get(path).status_code == 404


def test_a_report_that_is_written_anew_is_read_anew(tmp_path: Path) -> None:
    first = told(tmp_path / "data")
    with running(paper(tmp_path / "m.keras", first.card)) as served:
        assert "is not beside it" in served.get("/card").text
        learned.write(first, tmp_path / "m-report")
        assert "What it confuses" in served.get("/card").text
        (tmp_path / "m-report" / "predictions.csv").write_text("path,label\r\nx,y\r\n")
        page = served.get("/card")
        assert page.status_code == 200
        assert "cannot be read: it is of another model" in page.text
        assert "It named 12 of 16 pictures right." in page.text


def test_hostile_names_are_words(tmp_path: Path) -> None:
    for number in range(4):
        for label in (HOSTILE, "\u202egpj"):
            put(tmp_path / "data", f"{label}/{number}.jpg", jpeg(number))
    bad = told(tmp_path / "data", (HOSTILE, "\u202egpj"))
    learned.write(bad, tmp_path / "m-report")
    with running(paper(tmp_path / "m.keras", bad.card)) as served:
        for cell in ("", "0-1", "0-0"):
            page = served.get("/card", params={"cell": cell}).text
            assert "<script>alert" not in page
            assert "\u202e" not in page


def test_many_classes_are_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imgtool.web.serve.confused.MATRIX", 1)
    shown = told(tmp_path / "data")
    learned.write(shown, tmp_path / "m-report")
    with running(paper(tmp_path / "m.keras", shown.card)) as served:
        page = served.get("/card").text
        assert '<ol class="pairs">' in page
        assert 'class="matrix"' not in page


@pytest.mark.browser
@pytest.mark.timeout(120)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_person_opens_a_cell_and_sees_its_pictures(served: Served, shown: Report, scheme: Scheme) -> None:
    with launched() as browser:
        page = browser.new_page(viewport=PHONE, color_scheme=scheme)
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(served.at + "/card?model=full")

        page.get_by_role("link", name="cat called cat", exact=False).focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**cell=0-0**")

        pictures = page.locator(".gallery img")
        assert pictures.count() == min(shown.scores.counts[0][0], 8)
        assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
        for model in ("full", "bare", "imagenet"):
            page.goto(f"{served.at}/card?model={model}")
            holds_up(page)
        assert said == []


@pytest.mark.browser
@pytest.mark.timeout(120)
def test_nothing_grave_is_found_by_axe(served: Served) -> None:
    with launched() as browser:
        page = browser.new_page()
        page.goto(served.at + "/card?model=full&cell=0-0")
        assert grave(page) == []


def test_classes_that_it_learnt_little_of_are_named(tmp_path: Path) -> None:
    card = replace(told(classes(tmp_path / "data")).card, counts={"train": {"cat": 5, "dog": 80}})
    with running(paper(tmp_path / "m.keras", card)) as served:
        assert "It learnt little of cat (5 pictures)." in served.get("/card").text


@pytest.mark.browser
@pytest.mark.timeout(600)
@pytest.mark.skipif("IMGTOOL_SHOOT" not in os.environ, reason="IMGTOOL_SHOOT=1 draws the pictures of the docs anew")
def test_the_pictures_of_the_docs_are_drawn(tmp_path: Path) -> None:
    subjects = ("cactus", "lighthouse", "sailboat")
    data = {f"{label}/{n}.jpg": encoded(draw(label, n, 1), "JPEG") for label in subjects for n in range(80)}
    for path, body in data.items():
        put(tmp_path / "data", path, body)
    made = train(tmp_path / "data", learning(), tmp_path / "harbour.keras")
    learned.write(made.report, tmp_path / "harbour-report")
    harbour = stands([tmp_path / "harbour.keras"])
    with running(*harbour, house=House(data=tmp_path / "data")) as served, launched() as own:
        assert served.hall.desk
        served.hall.desk.who = "ann"
        served.enter()
        for label in subjects:
            body = encoded(draw(label, 300, 5), "JPEG")
            taught = served.post("/teach", files={"file": body}, data={"label": label, "model": "harbour"})
            assert taught.status_code == 200
        page = own.new_page(viewport={"width": 1100, "height": 1000})
        page.goto(served.door.address)
        page.wait_for_load_state("networkidle")
        for name, path, height in (("card", "/card", 1000), ("taught", "/review/taught", 560)):
            page.set_viewport_size({"width": 1100, "height": height})
            page.goto(served.at + path)
            page.wait_for_load_state("networkidle")
            shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            small = shot.quantize(palette=shot.quantize(256))  # a third of the bytes
            small.save(DOCS / f"serve-{name}.png", optimize=True)
