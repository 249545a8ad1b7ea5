"""The page of a model: one file, nothing from elsewhere, hostile names harmless, a cell shows its pictures."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from classify.doubt import Cost, Doubt
from classify.nouns import Card
from classify.scores import Rate, across
from classify.worth import Point, Worth
from imgtool.errors import StorageError
from imgtool.pipeline.report import Report, told
from imgtool.web import figures, gallery, learned
from tests.chromium import Scheme, on_a_phone
from tests.drawn import classes, jpeg, put
from tests.learnt import EPOCHS, report
from tests.web.test_album import Reader

HOSTILE = ('"><script>alert(1)<', "\u202egpj.exe")


def full(root: Path) -> Report:
    """A report with something in every part."""
    shown = report(root, seed=3)
    return replace(
        shown,
        tested=replace(shown.tested, refused=(("dog/<b>.jpg", "arrived incomplete"),)),
        doubt=Doubt(0.6, 1.5, 40, 0.05, 0.5, 0.75, 0.9, 0.981, (Cost(1.5, 0.03, 0.9), Cost(1.2, 0.05, 0.95))),
        worth=Worth((Point(5, 0.8, 0.7, 0.9), Point(10, 0.9, 0.85, 0.95)), 10, 100, 0.04, 0.01, 0.08, 0.88),
        epochs=EPOCHS,
        best=3,
        stopped="Stopped: 3 epochs without getting better.",
        folds=across([Rate(7, 8), Rate(8, 8)]),
        came={"site": {"<i>example.org": 12}, "licence": {"unknown": 12}},
        compared={"before cleaning": Rate(12, 16)},
        facts={"Device": "CPU, 2 threads"},
        timings={"Features": 12.3, "All": 90.0},
        notes=("Few pictures to learn from: dog <12>.",),
    )


def test_a_page_needs_nothing_but_itself(tmp_path: Path) -> None:
    page = learned.page(full(tmp_path / "data"))
    read = Reader(page)
    asked = [want for want in read.wanted if not re.fullmatch(r"#[mp][0-9a-f]+", want)]  # a chart's own dots
    assert asked
    assert all(want.startswith("data:image/jpeg;base64,") for want in asked)
    assert "script" not in read.tags
    assert not re.search(r"https?://|@import", page)


def test_everything_told_is_on_the_page(tmp_path: Path) -> None:
    page = learned.page(full(tmp_path / "data"))
    for words in (
        "it has never seen",
        "before cleaning",
        "2 folds",
        "dog &lt;12&gt;",
        "&lt;i&gt;example.org",
        "mobilenet",
    ):
        assert words in page
    for words in (
        "12.3 s",
        "1 min 30 s",
        "arrived incomplete",
        "3 epochs without",
        "CPU, 2 threads",
        "mobilenet",
        "0.981",
    ):
        assert words in page
    assert "AUROC of 0.981" in page
    assert "about 4.0 points more" in page


def test_what_was_left_to_itself_is_not_told() -> None:
    learning = {"route": "frozen", "rate": 0.0, "seed": 0, "views": 2, "balance": True, "head_facts": {"C": 0.1}}
    told = figures.lessons(Card(("cat", "dog"), learning=learning | {"no_flip": ["b", "d"], "stopped": ""}))
    assert told == {"Views": "2", "Balance": "yes", "No flip": "b, d", "C": "0.1"}


def test_hostile_names_are_words(tmp_path: Path) -> None:
    root = tmp_path / "data"
    for number in range(4):
        for label in HOSTILE:
            put(root, f"{label}/{number}.jpg", jpeg(number))
    page = learned.page(report(root, labels=HOSTILE))
    assert "script" not in Reader(page).tags
    assert "\u202e" not in page


def test_what_lies_beside_the_page(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "report"
    assert learned.write(full(tmp_path / "data"), folder) == folder / "index.html"
    names = ["confusion.csv", "confusion.png", "history.csv", "index.html", "predictions.csv", "told.json"]
    assert sorted(path.name for path in folder.iterdir()) == names


def test_without_epochs_there_is_no_history(tmp_path: Path) -> None:
    learned.write(report(tmp_path / "data"), tmp_path / "report")
    assert not (tmp_path / "report" / "history.csv").exists()


def test_right_ones_wait_for_their_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learned, "FIRST", 1)
    shown = report(classes(tmp_path / "data", many=20), seed=3)
    kinds = re.findall(r'<figure class="card is-(\d)-(\d)(.*?)">', learned.page(shown))
    wrong = [kind for truth, said, kind in kinds if truth != said]
    assert wrong == ["", *[" later"] * (len(shown.scores.mistakes) - 1)]
    assert {kind for truth, said, kind in kinds if truth == said} == {" right"}


def test_without_a_mistake_the_least_sure_are_shown(tmp_path: Path) -> None:
    shown = report(tmp_path / "data", seed=3)
    right = shown.tested.answers.logits.argmax(axis=1)
    page = learned.page(told(shown.root, "m.keras", shown.card, replace(shown.tested, targets=right)))
    assert "the least sure" in page
    assert "Nothing, in these 16 pictures" in page
    assert len(re.findall(r'<figure class="card is-\d-\d">', page)) == learned.FIRST


def test_a_picture_that_has_gone_costs_only_itself(tmp_path: Path) -> None:
    shown = report(tmp_path / "data", seed=3)
    mistake = shown.tested.paths[shown.scores.mistakes[0].index]
    (tmp_path / "data" / mistake).unlink()
    assert "not to be shown" in learned.page(shown)


def test_many_classes_are_listed_by_pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learned, "MATRIX", 1)
    page = learned.page(report(tmp_path / "data", seed=3))
    assert '<ol class="pairs">' in page
    assert '<table class="matrix' not in page


def test_two_hundred_classes_are_told_in_seconds(tmp_path: Path) -> None:
    labels = tuple(f"class {n:03}" for n in range(200))
    root = classes(tmp_path / "data", many=1, labels=labels[:3])
    page = learned.page(report(root, labels=labels))
    assert "class 002" in page
    assert '<table class="matrix' not in page


def test_a_page_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gallery, "MOST", 2)
    monkeypatch.setattr(gallery, "UNSURE", 1)
    page = learned.page(report(tmp_path / "data", seed=3))
    assert page.count("data:image/jpeg") <= 3


def test_while_it_learns_the_page_looks_again(tmp_path: Path) -> None:
    page = learned.live(tmp_path / "report", "Learning <data>", "Epoch 4 of 20", EPOCHS).read_text("utf-8")
    assert 'http-equiv="refresh"' in page
    assert "Learning &lt;data&gt;" in page
    assert page.count("<svg") == 2
    assert 'http-equiv="refresh"' not in learned.page(report(tmp_path / "data"))


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("a file of that name")
    with pytest.raises(StorageError, match="cannot be written"):
        learned.write(report(tmp_path / "data"), tmp_path / "report")


@pytest.mark.parametrize(
    ("share", "said"),
    [(None, "–"), (1.0, "100 %"), (0.999, "99.9 %"), (0.0, "0 %"), (0.0004, "0.04 %"), (0.5, "50 %")],
)
def test_what_rounds_to_all_says_so_only_when_it_is(share: float | None, said: str) -> None:
    assert figures.percent(share) == said.replace(" ", "\u00a0")


@pytest.mark.browser
@pytest.mark.timeout(120)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_cell_shows_its_pictures(tmp_path: Path, scheme: Scheme) -> None:
    shown = full(tmp_path / "data")
    place = learned.write(shown, tmp_path / "report")
    with on_a_phone(place, scheme) as page:
        mistakes = page.locator(".gallery > figure:visible").count()
        page.get_by_label("cat called cat", exact=False).check()
        right = page.locator(".gallery > figure:visible").count()

    assert mistakes == len(shown.scores.mistakes)
    assert right == min(shown.scores.counts[0][0], gallery.RIGHT)
