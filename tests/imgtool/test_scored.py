"""What `evaluate` and `train` print of a model's worth."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from imgtool.cli import scored
from imgtool.cli.screen import Screen
from imgtool.pipeline.report import Report
from tests.drawn import classes
from tests.learnt import report


def printed(shown: Report, verbose: int = 0) -> str:
    console = Console(file=io.StringIO(), width=80, markup=False, highlight=False)
    console.print(scored.drawing(Screen("evaluate"), shown, verbose))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_few_classes_are_a_table(tmp_path: Path) -> None:
    shown = report(tmp_path / "data", seed=3)
    told = printed(shown)
    assert told.startswith("Of 100 pictures it has never seen, it names ")
    assert "label \\ called  cat  dog" in told
    assert shown.tested.paths[shown.scores.mistakes[0].index] in told


def test_of_many_classes_the_hardest_are_named(tmp_path: Path) -> None:
    labels = tuple(f"class {n}" for n in range(12))
    root = classes(tmp_path / "data", many=2, labels=labels)
    told = printed(report(root, labels, seed=1))
    assert "the hardest" in told
    assert told.count("class ") > scored.LISTED


def test_long_names_and_hostile_ones_keep_their_place(tmp_path: Path) -> None:
    labels = ("a" * 90, "\u202e[bold]x")
    told = printed(report(classes(tmp_path / "data", many=3, labels=labels), labels, seed=3))
    assert "\u202e" not in told
    assert "[bold]x" in told
    assert max(map(len, told.splitlines())) <= 80


def test_more_mistakes_are_told_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scored, "FEW", 1)
    shown = report(classes(tmp_path / "data", many=20), seed=3)
    assert len(shown.scores.mistakes) > 1
    assert len(printed(shown, verbose=1).splitlines()) > len(printed(shown).splitlines())


def test_files_that_could_not_be_read_and_notes_are_said(tmp_path: Path) -> None:
    shown = report(tmp_path / "data")
    tested = replace(shown.tested, refused=(("dog/x.jpg", "truncated"),))
    told = printed(replace(shown, tested=tested, notes=("Few pictures.",)))
    assert "1 file could not be read, dog/x.jpg (truncated) the first." in told
    assert "Few pictures." in told


@pytest.mark.parametrize(
    ("labels", "room"),
    [("0123456789", True), (["cat", "dog"], True), ([f"class {n}" for n in range(9)], False), (["x" * 300] * 6, True)],
)
def test_a_table_is_drawn_where_it_fits(labels: list[str], room: bool) -> None:
    assert scored.fits(labels) is room
