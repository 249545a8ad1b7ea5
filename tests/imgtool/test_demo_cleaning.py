"""What the demo plants is found: the broken, the copies; and no different picture is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

import imgtool
from imgtool.demo.cleaning import clean
from imgtool.demo.hoard import hoard
from imgtool.demo.world import World
from tests.made import tree


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 5])
def test_every_broken_file_and_nearly_every_copy_goes_and_no_picture_is_lost(seed: int) -> None:
    cleaned = clean(World(seed), originals=24)

    assert cleaned.score.broken > 80
    assert cleaned.score.duplicates > 60
    assert cleaned.score.broken_left == 0
    assert cleaned.score.found >= 0.95
    assert cleaned.score.lost == 0
    assert cleaned.leaks == 0
    assert cleaned.exported == cleaned.left


def test_cleaning_can_be_undone_to_the_last_byte(tmp_path: Path) -> None:
    raw = hoard(World(2), tmp_path / "raw", originals=6)
    before = tree(raw.root)

    imgtool.check(raw.root, remove=["broken"])
    imgtool.dedupe(raw.root)
    assert tree(raw.root) != before
    imgtool.undo(raw.root)
    imgtool.undo(raw.root)

    assert tree(raw.root) == before
