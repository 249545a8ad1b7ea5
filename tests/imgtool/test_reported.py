"""A report is read back as it was written; what makes no sense is told, whoever wrote it; and limits are sentences."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from classify.nouns import Card
from imgtool.errors import StorageError
from imgtool.pipeline.beside import report_of
from imgtool.pipeline.cautions import cautions, measured
from imgtool.pipeline.report import Report, told
from imgtool.pipeline.reported import FACTS, PAGE, PREDICTIONS, facts_json, pictures, reported
from imgtool.web import gallery, learned
from imgtool.web.album import plain
from tests.drawn import classes, jpeg, put
from tests.learnt import report

HOSTILE = ('=cmd|"/c calc"!A1', "\u202egpj<b>", "a, b")
CAME = {"site": {"example.org": 20, "others": 3}}


def full(root: Path, labels: tuple[str, ...] = ("cat", "dog")) -> Report:
    """A report whose card could be somebody's."""
    shown = report(root, labels, seed=3)
    card = replace(shown.card, dataset="d" * 64, created="2026-11-21T12:00:00+00:00")
    return replace(shown, card=card, came=CAME, notes=("Few pictures to learn from: dog 12.",))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Path]:
    root = tmp_path_factory.mktemp("told")
    shown = full(root / "data")
    learned.write(shown, root / "model-report")
    return shown, root / "model-report"


def test_what_was_written_is_read(written: tuple[Report, Path]) -> None:
    shown, folder = written
    read = reported(folder, "model.keras", shown.card)
    assert read
    assert read.scores.counts == shown.scores.counts
    assert read.scores.accuracy == shown.scores.accuracy
    assert read.scores.silence == shown.scores.silence
    assert read.scores.loss == pytest.approx(shown.scores.loss, abs=1e-4)
    assert read.calibration.after == pytest.approx(shown.calibration.after, abs=1e-4)
    assert read.tested.paths == shown.tested.paths
    assert [j.label for j in read.tested.judgements] == [j.label for j in shown.tested.judgements]
    assert (read.came, read.notes, read.tested.split) == (CAME, shown.notes, "test")
    assert gallery.gallery(read) == gallery.gallery(shown)


def test_every_picture_of_the_page_is_found(written: tuple[Report, Path]) -> None:
    shown, folder = written
    found = pictures(folder)
    chosen = {plain(shown.tested.paths[n]) for n in gallery.gallery(shown)}
    assert chosen <= set(found)
    assert all(url.startswith("data:image/jpeg;base64,/9j/") for url in found.values())


def test_names_that_a_spreadsheet_or_a_page_would_take_amiss_come_back_as_they_were(tmp_path: Path) -> None:
    for number in range(4):
        for label in HOSTILE:
            put(tmp_path / "data", f"{label.replace('/', '_')}/{number}.jpg", jpeg(number))
    labels = tuple(label.replace("/", "_") for label in HOSTILE)
    shown = full(tmp_path / "data", labels)
    learned.write(shown, tmp_path / "report")
    read = reported(tmp_path / "report", "m.keras", shown.card)
    assert read
    assert read.scores.counts == shown.scores.counts
    assert read.scores.labels == labels


def test_a_report_of_an_older_imgtool_has_no_facts(written: tuple[Report, Path], tmp_path: Path) -> None:
    shown, folder = written
    copied(folder, tmp_path, without=FACTS)
    read = reported(tmp_path, "model.keras", shown.card)
    assert read
    assert (read.came, read.notes, read.tested.split, read.tested.learnt) == ({}, (), "test", False)


def test_facts_of_another_model_are_not_believed(written: tuple[Report, Path]) -> None:
    shown, folder = written
    read = reported(folder, "model.keras", replace(shown.card, created="2027-01-01T00:00:00+00:00"))
    assert read
    assert read.came == {}


def test_pictures_that_it_was_tuned_on_are_known_by_their_number(written: tuple[Report, Path], tmp_path: Path) -> None:
    shown, folder = written
    copied(folder, tmp_path, without=FACTS)
    counts = {"train": {"cat": 60}, "val": {"cat": len(shown.tested)}, "test": {"cat": 0}}
    read = reported(tmp_path, "model.keras", replace(shown.card, counts=counts))
    assert read
    assert (read.tested.split, read.tested.learnt) == ("val", True)


def test_where_nothing_was_written_there_is_no_report(tmp_path: Path) -> None:
    assert reported(tmp_path / "none", "m.keras", Card(("a", "b"))) is None
    assert pictures(tmp_path) == {}
    assert report_of(tmp_path / "model.keras") == tmp_path / "model-report"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (PREDICTIONS, "path,label", "path,lable"),
        (PREDICTIONS, "p(dog)", "p(wolf)"),
        (PREDICTIONS, "\ncat/", "\ncat/,"),
        (PREDICTIONS, ",cat,", ",wolf,"),
        (PREDICTIONS, ",0.", ",nan"),
        (PREDICTIONS, ",0.", ",much"),
        (FACTS, "{", "["),
        (FACTS, '"site"', "7"),
        (FACTS, "20", '"many"'),
        (FACTS, "[", "{"),
        (FACTS, '"split": "test"', '"split": 7'),
        (FACTS, '"split": "test",', ""),
    ],
)
def test_a_report_that_makes_no_sense_is_told(
    written: tuple[Report, Path], tmp_path: Path, name: str, old: str, new: str
) -> None:
    shown, folder = written
    copied(folder, tmp_path)
    text = (tmp_path / name).read_text("utf-8")
    assert old in text
    (tmp_path / name).write_text(text.replace(old, new), "utf-8")
    with pytest.raises(StorageError, match="cannot be read"):
        reported(tmp_path, "model.keras", shown.card)


@pytest.mark.parametrize("body", [b"", b"\0" * 5000, b"\xff\xfe\x00", b'"' * 200_000, b"path\r\n" * 50])
def test_any_bytes_in_its_place_are_told(written: tuple[Report, Path], tmp_path: Path, body: bytes) -> None:
    (tmp_path / PREDICTIONS).write_bytes(body)
    with pytest.raises(StorageError, match="cannot be read"):
        reported(tmp_path, "model.keras", written[0].card)


def test_a_page_that_somebody_else_made_gives_no_addresses_but_of_pictures(tmp_path: Path) -> None:
    frame = '<figure class="card"><div class="frame"><img src="{}" alt=""></div>'
    figure = frame + '<bdi class="quiet">{}</bdi></figcaption></figure>'
    evil = [
        "javascript:alert(1)",
        "http://evil.example/x.jpg",
        "data:text/html,<b>",
        'data:image/jpeg;base64,"><script>',
    ]
    (tmp_path / PAGE).write_text("".join(figure.format(url, "x.jpg") for url in evil), "utf-8")
    assert pictures(tmp_path) == {}


def test_the_facts_are_json_that_names_its_model(written: tuple[Report, Path]) -> None:
    assert json.loads(facts_json(written[0]))["model"] == ["d" * 64, "2026-11-21T12:00:00+00:00"]


FIGURES = {"accuracy": 0.9, "low": 0.88, "high": 0.92, "tested": 2000.0}


@pytest.mark.parametrize(
    ("card", "said"),
    [
        (None, "thousand names"),
        (
            Card(("a", "b"), strange=2.0, metrics=FIGURES),
            "It knows 2 names and no other: whatever it is shown gets one of these.",
        ),
        (Card(("a", "b"), metrics=FIGURES), "does not notice pictures that are unlike"),
        (Card(("a", "b")), "Nobody has measured"),
        (
            Card(("a", "b"), metrics=FIGURES | {"low": 0.6, "tested": 17.0}),
            "about 17 pictures alone: that proves 60 to 92 %",
        ),
        (Card(("a", "b"), counts={"train": {"a": 5, "b": 90}}), "It learnt little of a (5 pictures)."),
        (Card(tuple("0123456789"), kind="digits"), "single digits"),
    ],
)
def test_limits_are_said_in_words(card: Card | None, said: str) -> None:
    assert any(said in each for each in cautions(card, None))


def test_a_report_knows_more_limits(tmp_path: Path) -> None:
    shown = full(classes(tmp_path / "data"))
    targets = shown.tested.targets
    blind = replace(shown.tested, targets=1 - targets, learnt=True, split="val")
    said = " ".join(
        cautions(shown.card, replace(told(shown.root, "m", shown.card, blind), came={"site": {"one.org": 40}}))
    )
    assert "It often misses" in said
    assert "Most of its pictures came from one.org" in said
    assert "had a part in its making" in said
    assert "Few pictures to learn from: dog 12." in cautions(shown.card, shown)


def test_how_often_it_was_right_is_counted_from_its_card() -> None:
    rate = measured(Card(("a", "b"), metrics=FIGURES))
    assert rate
    assert (rate.right, rate.total) == (1800, 2000)
    assert measured(Card(("a", "b"))) is None


def copied(folder: Path, to: Path, without: str = "") -> None:
    for file in folder.iterdir():
        if file.name != without:
            (to / file.name).write_bytes(file.read_bytes())
