"""What a report says of its figures, and the tables beside it."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.scores import Rate
from imgtool.pipeline.listing import confusion_csv, history_csv, predictions_csv, table
from imgtool.pipeline.report import most
from imgtool.pipeline.wording import between, headline, meaning, often
from tests.learnt import EPOCHS, report


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (Rate(97, 100), (100, "97")),
        (Rate(62, 64), (100, "97")),
        (Rate(64, 64), (64, "every one")),
        (Rate(0, 9), (9, "none")),
        (Rate(997, 1000), (1000, "997")),
        (Rate(1, 3000), (10_000, "3")),
        (Rate(99_999, 100_000), (100_000, "99,999")),
    ],
)
def test_a_share_is_said_as_one_says_it(rate: Rate, said: tuple[int, str]) -> None:
    assert often(rate) == said


@given(st.integers(2, 10**6).flatmap(lambda total: st.tuples(st.integers(1, total - 1), st.just(total))))
def test_not_all_is_never_called_all(counted: tuple[int, int]) -> None:
    whole, said = often(Rate(*counted))
    assert said not in {"every one", "none"}
    assert 0 < int(said.replace(",", "")) < whole


def test_an_interval_is_said_in_the_same_measure() -> None:
    assert between(Rate(97, 100), 100) == "92–99"
    assert between(Rate(64, 64), 64) == "60–64"


@pytest.mark.parametrize(
    ("split", "learnt", "says"),
    [
        ("test", False, "it has never seen"),
        ("test", True, "of the set"),
        ("train", True, "it learnt from"),
        ("val", True, "it was tuned on"),
        ("train", False, "of the set"),
        ("all", False, "of the set"),
    ],
)
def test_a_headline_says_what_the_pictures_are_to_the_model(
    tmp_path: Path, split: str, learnt: bool, says: str
) -> None:
    shown = report(tmp_path / "data")
    assert f" pictures {says}," in headline(replace(shown, tested=replace(shown.tested, split=split, learnt=learnt)))


def test_nothing_is_proven_by_pictures_it_learnt_from(tmp_path: Path) -> None:
    shown = report(tmp_path / "data")
    learnt = replace(shown, tested=replace(shown.tested, split="train", learnt=True))
    assert "proves" in meaning(shown)
    assert "–" in headline(shown)
    assert "proves" not in meaning(learnt)
    assert "–" not in headline(learnt)


def test_tables_read_back(tmp_path: Path) -> None:
    shown = report(tmp_path / "data")
    counts = list(csv.reader(confusion_csv(shown).splitlines()))
    rows = list(csv.DictReader(predictions_csv(shown).splitlines()))
    epochs = list(csv.DictReader(history_csv(EPOCHS).splitlines()))

    assert counts[0] == ["label / called", "cat", "dog", "share(cat)", "share(dog)"]
    assert [list(map(int, row[1:3])) for row in counts[1:]] == [list(row) for row in shown.scores.counts]
    assert np.allclose([sum(map(float, row[3:])) for row in counts[1:]], 1, atol=1e-5)
    assert [row["path"] for row in rows] == list(shown.tested.paths)
    assert sum(int(row["right"]) for row in rows) == shown.scores.accuracy.right
    assert np.allclose([float(row["p(cat)"]) + float(row["p(dog)"]) for row in rows], 1, atol=1e-5)
    assert [int(row["epoch"]) for row in epochs] == [1, 2, 3, 4]


def test_foreign_text_is_no_formula() -> None:
    assert table(("a",), [("=cmd()", -1.5)]).splitlines()[1] == "'=cmd(),-1.5"


def test_a_long_list_of_sites_ends_in_a_sum() -> None:
    told = most({f"site {n}": 100 - n for n in range(20)})
    assert (len(told), told["site 0"], told["others"]) == (13, 100, sum(100 - n for n in range(12, 20)))


def test_a_notebook_shows_the_sentence_and_the_classes(tmp_path: Path) -> None:
    shown = replace(report(tmp_path / "data"), notes=("Few <pictures>.",))
    cell = shown._repr_html_()
    assert "it has never seen" in cell
    assert "<td>cat</td>" in cell
    assert "Few &lt;pictures&gt;." in cell
