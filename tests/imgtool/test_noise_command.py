"""`imgtool noise` as a process: what it prints, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drawn import classes, exact
from tests.street import imgtool


def test_too_few_pictures_are_misuse_said_at_once(tmp_path: Path) -> None:
    ran = imgtool("noise", str(classes(tmp_path / "data", 2)), "--json")

    assert (ran.code, ran.answer["ok"]) == (2, False)
    assert "10 are the least" in ran.answer["error"]["message"]


@pytest.mark.slow
def test_a_real_network_looks_and_the_answer_is_one_object(tmp_path: Path) -> None:
    data = classes(tmp_path / "data", 8)
    before = exact(data)
    page = tmp_path / "doubts.html"

    ran = imgtool(
        "noise", str(data), "--backbone", "small", "--report", str(page), "--json", "-q", XDG_CACHE_HOME=str(tmp_path)
    )

    assert (ran.code, ran.answer["schema"]) == (0, "imgtool/noise/1"), ran.err
    assert ran.answer["classes"] == {"cat": 8, "dog": 8}
    assert {"confirmed", "findings", "shortcuts", "notes", "wishes"} <= set(ran.answer)
    assert ran.err == ""
    assert "Doubts about" in page.read_text()
    assert exact(data) == before


@pytest.mark.slow
def test_weights_that_are_not_there_are_misuse_and_nothing_is_written(tmp_path: Path) -> None:
    data = classes(tmp_path / "data", 8)

    ran = imgtool("noise", str(data), "--weights", str(tmp_path / "none.h5"), "--report", str(tmp_path / "r.html"))

    assert ran.code == 2
    assert "no file of weights" in ran.err
    assert not (tmp_path / "r.html").exists()
