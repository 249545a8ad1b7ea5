"""The way from boxes to finds, as the documents type it: `regions`, `train --head svm`, `locate`."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from curate.boxes import boxes, iou
from imgtool.cli.main import run
from imgtool.dataset import Dataset
from tests.planted import table, world

# Keras turns its variables into arrays in NumPy's old way.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.mark.slow
def test_crops_teach_a_model_where_things_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    rows = world(tmp_path / "data", 8)
    table(tmp_path / "boxes.csv", rows)

    assert run(["regions", "data", "--boxes", "boxes.csv", "--out", "crops"]) == 0
    with sqlite3.connect("crops/.imgtool/catalog.sqlite") as db:
        db.execute("UPDATE picture SET at = '2026-01-01'")  # splits go by what came when: no matter of this machine's
    db.close()
    assert run(["train", "crops", "--head", "svm", "--backbone", "small", "--size", "64"]) == 0
    assert "`imgtool locate photo.jpg` finds where it is." in capsys.readouterr().err

    with Dataset.open(tmp_path / "crops") as dataset:
        splits, crops = dataset.splits(), dataset.crops()
    sides = {(crops[sha256].parent, split) for sha256, split in splits.items()}
    assert len(sides) == len({parent for parent, _ in sides})  # no parent on both

    assert run(["locate", "data/disc", "--json"]) == 0
    told = {Path(said["picture"]).name: said["finds"] for said in json.loads(capsys.readouterr().out)["pictures"]}
    known = {Path(path).name: boxes([box]) for path, label, *box in rows if label == "disc"}
    found = [
        name
        for name, truth in known.items()
        if any(each["label"] == "disc" and iou(boxes([each["box"]]), truth)[0, 0] > 0.5 for each in told[name])
    ]
    assert len(found) >= 6, told
