"""The way from boxes to finds, as the documents type it: `regions`, `train --head svm`, `locate`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from curate.boxes import boxes, iou
from imgtool.cli.main import run
from imgtool.dataset import Dataset
from tests.planted import planted, table, world

# Keras turns its variables into arrays in NumPy's old way.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.mark.slow
def test_crops_teach_a_model_where_things_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    table(tmp_path / "boxes.csv", world(tmp_path / "data", 8))

    assert run(["regions", "data", "--boxes", "boxes.csv", "--out", "crops"]) == 0
    assert run(["train", "crops", "--head", "svm", "--backbone", "small", "--size", "64"]) == 0
    assert "`imgtool locate photo.jpg` finds where it is." in capsys.readouterr().err

    with Dataset.open(tmp_path / "crops") as dataset:
        splits, parents = dataset.splits(), dataset.crops()
    sides = {(parents[sha256].parent, split) for sha256, split in splits.items()}
    assert len(sides) == len({parent for parent, _ in sides})  # no parent on both

    assert run(["locate", "data/disc/3.png", "--json"]) == 0
    (said,) = json.loads(capsys.readouterr().out)["pictures"]
    assert said["finds"][0]["label"] == "disc"
    assert iou(boxes([said["finds"][0]["box"]]), boxes([planted("disc", 3)[1]]))[0, 0] > 0.5
