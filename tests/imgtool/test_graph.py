"""The drawing of a dataset's way: its counts are the catalogue's, nothing of a hostile name gets out of its words."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import imgtool
from classify.insight import Layer, Stage
from classify.nouns import Card
from imgtool.cli.main import run
from imgtool.dataset import Dataset
from imgtool.errors import StorageError, UsageError
from imgtool.pipeline.graph import AWAY, Flow, Graph, Net, Part, Step, flow, graph
from imgtool.pipeline.opened import opened
from imgtool.records import Reason
from imgtool.web.graph import MARK, svg
from imgtool.web.graph.sheet import WIDE, fitted, width, wrapped
from imgtool.web.placed import put
from tests.chromium import CHROMIUM, Scheme, launched
from tests.drawn import classes, faulty, jpeg
from tests.drawn import put as put_picture

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = ('"><script>alert(1)</script>', "\u202egpj.exe", "&amp;]]>", "日本" * 40)
RIGHTMOST = "Math.max(...[...document.querySelectorAll('text')].map(t => t.getBoundingClientRect().right))"
REASONS = {"gone": 7, "timeout": 2, "robots": 1, "too_small": 4, "duplicate_picture": 3}
NET = Net(
    "m<1>.keras",
    Card(HOSTILE, counts={"train": {"a": 240}, "test": {"a": 30}}, metrics={"accuracy": 0.9667}),
    (
        Stage("Pixels", (Layer("pixels", "InputLayer", (96, 96, 3), 0, 0, learnt=False),)),
        Stage("Block 1", (Layer("c", "Conv2D", (48, 48, 16), 448, 1_000_000, learnt=False, window=3),)),
        Stage("Features", (Layer("f", "GlobalAveragePooling2D", (16,), 0, 0, learnt=False),)),
        Stage("Head", (Layer("logits", "Dense", (4,), 68, 64, learnt=True),)),
    ),
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return classes(tmp_path / "data", many=4)


def scraped(root: Path) -> None:
    """Rows as scrapes leave them: some skipped, and every picture that is there as kept."""
    with opened(root):
        pass
    columns = "label, url, engine, query, page_url, title, key, licence, licence_url, creator, width, height, rank,"
    row = f"INSERT INTO source ({columns} state, reason, at) VALUES ('cat', ?, ?, '', '', '', '', '', '', '', 0, 0, 0, "
    with sqlite3.connect(root / ".imgtool" / "catalog.sqlite") as db:
        for reason, count in REASONS.items():
            many = [(f"{reason}{n}", "bing", "skipped", reason) for n in range(count)]
            db.executemany(f"{row} ?, ?, '')", many)
        db.executemany(f"{row} 'kept', '', '')", [(f"kept{n}", "google") for n in range(8)])
        db.execute("UPDATE picture SET origin = 'scraped'")
    db.close()


def counts(root: Path) -> dict[str, tuple[int, int]]:
    return {step.name: (step.count, step.lost) for step in flow(root).steps}


def test_a_folder_that_nobody_scraped_is_one_step(data: Path) -> None:
    told = flow(data)
    assert told.steps == (Step("In the set", 8),)
    assert told.classes == {"cat": {"": 4}, "dog": {"": 4}}


def test_every_picture_that_was_named_is_somewhere(data: Path) -> None:
    scraped(data)
    put_picture(data, "cat/mine.jpg", jpeg(77))
    steps = {step.name: step for step in flow(data).steps}

    assert counts(data) == {"Named": (25, 10), "Fetched": (15, 7), "Good": (8, 0), "In the set": (9, 0)}
    assert steps["Named"].parts == (Part("bing", 17), Part("google", 8))
    assert steps["Named"].leaving == (Part("gone", 7), Part("timeout", 2), Part("robots", 1))
    assert steps["Fetched"].leaving == (Part("too small", 4), Part("duplicate picture", 3))
    assert steps["In the set"].parts == (Part("scraped", 8), Part("put there by hand", 1))


def test_what_was_taken_out_is_told_by_the_command_that_did(tmp_path: Path) -> None:
    data = faulty(tmp_path / "data")
    imgtool.dedupe(data)
    imgtool.check(data, remove=("blank", "broken"))
    (data / "dog/3.jpg").unlink()
    told = flow(data)
    (folders, kept) = told.steps

    assert folders.leaving == (Part("by dedupe", 2), Part("by check", 1), Part("gone by hand", 1))
    assert folders.count == kept.count + 4
    imgtool.undo(data)
    assert Part("by check", 1) not in flow(data).steps[0].leaving


def test_a_model_is_the_end_of_the_way_that_it_learnt_from(data: Path) -> None:
    told = flow(data)
    same = replace(NET, card=replace(NET.card, dataset=told.digest))
    assert "These very pictures." in svg(Graph(told, same))
    assert "Other pictures than these" in svg(Graph(told, NET))


def test_a_split_is_in_it(data: Path) -> None:
    imgtool.split(data)
    told = flow(data)
    assert {name for splits in told.classes.values() for name in splits} == {"train", "val", "test"}
    assert sum(sum(splits.values()) for splits in told.classes.values()) == 8


def test_drawing_changes_nothing_and_is_the_same_every_time(data: Path) -> None:
    scraped(data)
    first = svg(graph(data))
    before = sorted(path.read_bytes() for path in data.rglob("*.jpg"))
    assert svg(graph(data)) == first
    assert sorted(path.read_bytes() for path in data.rglob("*.jpg")) == before


def test_a_busy_dataset_is_drawn_as_it_was(data: Path) -> None:
    with opened(data):
        put_picture(data, "cat/new.jpg", jpeg(78))
        told = flow(data)
    assert told.busy
    assert told.steps[-1].count == 8


def test_without_anything_named_it_says_so() -> None:
    with pytest.raises(UsageError, match="nothing to draw"):
        graph()


@pytest.mark.parametrize("name", ["gone", "dns", "robots", "opt_out", "duplicate_url", "licence", "removed"])
def test_what_was_never_fetched_was_not_refused(name: str) -> None:
    assert Reason(name) in AWAY


@pytest.mark.parametrize("name", ["too_large", "truncated", "not_image", "too_small", "placeholder", "duplicate_bytes"])
def test_what_was_fetched_was(name: str) -> None:
    assert Reason(name) not in AWAY


def whole(many: int = 3) -> Graph:
    """Everything there is to draw, by hostile names."""
    labels = [*HOSTILE, *(f"class {n:03}" for n in range(many))]
    steps = (
        Step("Named", 1000, (Part(HOSTILE[0], 700),), "not fetched", tuple(Part(f"why {n}", n) for n in range(1, 12))),
        Step("In the set", 934),
    )
    split = {"train": 80, "val": 10, "test": 10, "odd": 1}
    return Graph(Flow(HOSTILE[0], steps, dict.fromkeys(labels, split), 3, ""), NET)


def test_a_drawing_is_xml_with_a_title_and_nothing_from_elsewhere() -> None:
    drawn = svg(whole())
    root = ET.fromstring(drawn)
    tags = {each.tag.removeprefix(SVG) for each in root.iter()}

    assert tags == {"svg", "title", "desc", "style", "rect", "text", "path"}
    assert root.find(f"{SVG}title") is not None
    words = root.findtext(f"{SVG}desc") or ""
    assert "Named: 1,000, of which 66 not fetched" in words
    assert "Block 1: 48 × 48 × 16" in words
    assert drawn.replace("http://www.w3.org/2000/svg", "").count("://") == 0
    assert not {name for each in root.iter() for name in each.attrib} & {"href", "src", "onload", "id"}


def test_hostile_names_are_words() -> None:
    drawn = svg(whole())
    texts = [each.text or "" for each in ET.fromstring(drawn).iter(f"{SVG}text")]
    assert any(text.startswith('"><script') for text in texts)
    assert "96.7 % right" in texts
    assert "<script" not in drawn
    assert "\u202e" not in drawn
    assert "&amp;amp;]]&gt;" in drawn


def test_many_classes_and_reasons_are_folded() -> None:
    texts = [each.text or "" for each in ET.fromstring(svg(whole(many=200))).iter(f"{SVG}text")]
    assert "and 194 more classes, 19,594 pictures" in texts
    assert any("others 45" in text for text in texts)
    assert len(texts) < 70


def test_no_words_leave_the_sheet() -> None:
    for each in ET.fromstring(svg(whole(many=200))).iter(f"{SVG}text"):
        size = 20 if "count" in each.get("class", "") else 19 if "head" in each.get("class", "") else 13
        x, long = float(each.get("x", 0)), width(each.text or "", size)
        assert (x - long if "right" in each.get("class", "") else WIDE - x - long) >= 0, each.text


def test_what_is_cut_says_so() -> None:
    assert fitted("short", 100, 13) == "short"
    assert fitted("日本" * 40, 100, 13) == "日本日本日本日…"
    assert list(wrapped(["a" * 90, "b", "c"], 100)) == [f"{'a' * 12}…,", "b, c"]


def test_only_a_drawing_is_drawn_over(tmp_path: Path) -> None:
    place = tmp_path / "deep" / "way.svg"
    assert put(place, svg(whole()), MARK) == place
    put(place, svg(whole(1)), MARK)
    place.write_text("<svg>mine</svg>")
    with pytest.raises(UsageError, match="not of our making"):
        put(place, svg(whole()), MARK)
    assert place.read_text() == "<svg>mine</svg>"
    put(place, svg(whole()), MARK, replace=True)
    assert [path.name for path in place.parent.iterdir()] == ["way.svg"]
    with pytest.raises(UsageError, match="is a folder"):
        put(place.parent, "", MARK)


def test_a_full_disk_leaves_the_old_drawing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = put(tmp_path / "way.svg", svg(whole(1)), MARK)
    before = place.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("classify.file.whole.make_durable", full)
    with pytest.raises(StorageError, match="cannot be written"):
        put(place, svg(whole()), MARK)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("way.svg", before)]


def test_the_command_draws_beside_the_dataset(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["graph", str(data), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    place = data.with_name("data-graph.svg")
    assert told["drawing"] == str(place)
    assert told["steps"] == [{"name": "In the set", "count": 8, "parts": [], "left": "", "leaving": []}]
    assert ET.parse(place).getroot().tag == f"{SVG}svg"
    assert not list(data.glob("*.svg"))


@pytest.mark.parametrize(
    ("words", "said"),
    [(["graph"], "nothing to draw"), (["graph", "none"], "There is no folder"), (["graph", "no.keras"], "no model")],
    ids=["nothing", "no folder", "no model"],
)
def test_what_cannot_be_drawn_is_said(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(words) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_census_waits_for_nobody(data: Path) -> None:
    with Dataset.open(data) as dataset:
        assert dataset.census().pictures == 0, "nobody has looked yet"
        assert dataset.census().kept == {"cat": {}, "dog": {}}


@pytest.mark.browser
@pytest.mark.timeout(120)
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_shows_it_on_a_phone(tmp_path: Path, scheme: Scheme) -> None:
    place = put(tmp_path / "way.svg", svg(whole()), MARK)
    with launched() as browser:
        page = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(place.as_uri())
        right = page.evaluate(RIGHTMOST)
        ink = page.evaluate("getComputedStyle(document.querySelector('text')).fill")
    assert asked == [place.as_uri()]
    assert right <= 390
    assert ink == {"light": "rgb(28, 25, 23)", "dark": "rgb(236, 235, 233)"}[scheme]
