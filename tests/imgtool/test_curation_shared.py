"""A raw scrape, from check to a set that loads: as a new user would do it, in a folder of another tool."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.drawn import exact
from tests.street import imgtool

SHARED = Path(__file__).parents[3] / "shared" / "data"
pytestmark = [pytest.mark.shared, pytest.mark.timeout(300)]


@pytest.fixture
def bears(tmp_path: Path) -> Path:
    if not (SHARED / "bears_raw").is_dir():
        pytest.skip("../shared/data/bears_raw is not here")
    shutil.copytree(SHARED / "bears_raw", tmp_path / "bears")
    shutil.copy2(tmp_path / "bears/teddy/00000001.jpg", tmp_path / "bears/teddy/again.jpg")
    return tmp_path / "bears"


def test_bears_from_a_raw_scrape_to_sets_that_load(bears: Path, tmp_path: Path) -> None:
    before = exact(bears)

    checked = imgtool("check", str(bears), "--json").answer
    fixed = imgtool("check", str(bears), "--fix-names", "--json").answer
    deduped = imgtool("dedupe", str(bears), "--json").answer
    split = imgtool("split", str(bears), "--json").answer

    assert (checked["checks"]["misnamed"], checked["broken"]) == (23, [])
    assert len(fixed["change"]["moves"]) == 23
    assert (deduped["extra"], len(deduped["change"]["moves"])) == (1, 1)
    assert split["leaks"] == []
    assert sum(sum(counts.values()) for counts in split["counts"].values()) == 164

    arrays, tree = tmp_path / "npz", tmp_path / "tree"
    for to, out, more in (("npz", arrays, ("--per-class", "60")), ("tree", tree, ())):
        ran = imgtool("export", str(bears), "--to", to, "--size", "96", "--out", str(out), *more, "--json")
        assert ran.code == 0, ran.err

    with np.load(next(arrays.glob("*.npz")), allow_pickle=False) as loaded:
        assert loaded["class_names"].tolist() == ["black", "grizzly", "teddy"]
        train = loaded["x"][loaded["split"] == "train"] if "split" in loaded else loaded["x_train"]
        assert train.shape == (180, 96, 96, 3)
    files = [path for path in (tree / "train").rglob("*") if path.is_file()]
    assert {path.suffix for path in files} <= {".jpg", ".png"}
    assert len(files) == sum(split["counts"]["train"].values())

    while imgtool("undo", str(bears)).code == 0:
        pass
    assert exact(bears) == before
