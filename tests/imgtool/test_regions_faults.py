"""What is wrong with boxes and pictures is told by name, and what makes no sense is refused before it is begun."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import imgtool
from imgtool.dataset import Dataset
from imgtool.errors import UsageError
from imgtool.pipeline.regions import Cutting, regions
from tests.drawn import exact, put
from tests.painted import encoded, png_of
from tests.planted import Row, planted, table, world
from tests.street import imgtool as command

QUICK = Cutting(per_picture=4)


@pytest.fixture
def small(tmp_path: Path) -> tuple[Path, list[Row]]:
    return tmp_path / "data", world(tmp_path / "data", 2)


def bad(rows: list[Row], data: Path) -> list[Row]:
    put(data, "disc/cut.png", encoded(planted("disc", 40)[0])[:900])
    put(data, "disc/tiny.png", encoded(np.zeros((10, 10, 3), np.uint8)))
    put(data, "disc/huge.png", png_of(10_000, 10_000))
    put(data, "plain.png", encoded(np.full((80, 100, 3), 90, np.uint8)))
    more: list[Row] = [
        ("disc/gone.png", "disc", 1, 2, 60, 70),
        ("disc/cut.png", "disc", 1, 2, 60, 70),
        ("disc/tiny.png", "disc", 1, 2, 9, 9),
        ("disc/huge.png", "disc", 1, 2, 900, 900),
        (rows[0][0], "disc", *rows[0][2:]),
        (rows[1][0], "Background", 0, 0, 50, 50),
        (rows[2][0], "disc", 0, 0, 121, 50),
        ("plain.png", "thing", 10, 10, 80, 70),
    ]
    return rows + more


def test_what_is_wrong_is_told_by_name_and_the_rest_is_cut(small: tuple[Path, list[Row]], tmp_path: Path) -> None:
    data, rows = small
    made = regions(data, table(tmp_path / "boxes.csv", bad(rows, data)), tmp_path / "crops", QUICK)
    told = "\n".join(map(str, made.faults))

    for says in (
        "there is no picture 'disc/gone.png'",
        "disc/cut.png is no picture: truncated",
        "disc/tiny.png is no picture: too small 10 × 10 px",
        "disc/huge.png is no picture: too many pixels 10000 × 10000 px",
        "two boxes are around one thing and give it two names",
        "background is the name of what no box is around",
        "its right is 1 px outside the picture of 120 × 90 px (disc/0.png)",
    ):
        assert says in told
    assert made.boxes == 4
    assert made.counts["thing"]["true"] == 1  # of a picture of one colour, too
    assert made.counts["cross"]["true"] == 1  # the other one is said to be a disc too
    with Dataset.open(made.root) as dataset:
        names = {parent.picture.sha256: parent.path for parent in dataset.parents()}
        ground = {names[crop.parent] for crop in dataset.crops().values() if crop.label == "background"}
    assert ground == {"disc/1.png", "plain.png"}  # of the others nobody knows all that is in them


def into_itself(data: Path, boxes: Path) -> None:
    regions(data, boxes, data / "crops")


def around_it(data: Path, boxes: Path) -> None:
    regions(data, boxes, data.parent)


def over_others(data: Path, boxes: Path) -> None:
    put(data.parent / "mine", "letter.txt", b"dear")
    regions(data, boxes, data.parent / "mine")


def over_a_dataset(data: Path, boxes: Path) -> None:
    world(data.parent / "mine", 1)
    imgtool.info(data.parent / "mine")
    regions(data, boxes, data.parent / "mine")


def of_nothing(data: Path, boxes: Path) -> None:
    regions(data / "none", boxes, data.parent / "crops")


def of_no_boxes(data: Path, boxes: Path) -> None:
    regions(data, table(boxes, [("disc/0.png", "disc", 9, 9, 1, 1)]), data.parent / "crops")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (into_itself, "lie in each other"),
        (around_it, "lie in each other"),
        (over_others, "is no dataset of crops"),
        (over_a_dataset, "is no dataset of crops"),
        (of_nothing, "There is no folder"),
        (of_no_boxes, "Not one of the boxes can be used: boxes.csv:2: its right or bottom lies before"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_touched(
    wrong: Callable[[Path, Path], None], says: str, small: tuple[Path, list[Row]], tmp_path: Path
) -> None:
    data, boxes = small[0], table(tmp_path / "boxes.csv", small[1])
    before = exact(data)

    with pytest.raises(UsageError, match=says) as told:
        wrong(data, boxes)

    assert told.value.hint
    assert exact(data) == before
    assert not (tmp_path / "crops").exists()


def test_the_command_says_what_it_cut_and_what_it_could_not(small: tuple[Path, list[Row]], tmp_path: Path) -> None:
    data, rows = small
    boxes = table(tmp_path / "boxes.csv", [*rows, ("disc/0.png", "disc", 60, 9, 180, 80)])
    line = ("regions", str(data), "--boxes", str(boxes), "--out", str(tmp_path / "crops"), "--per-picture", "2")

    ran, again = command(*line), command(*line, "--json")
    answer = again.answer

    assert ran.code == again.code == 0
    assert "cross" in ran.out
    assert "1 box of CSV could not be used:" in ran.err
    assert "boxes.csv:6: its right is 60 px outside the picture of 120 × 90 px (disc/0.png)" in ran.err
    assert (answer["schema"], answer["boxes"], answer["before"]) == ("imgtool/regions/1", 4, 4)
    assert answer["counts"]["disc"]["true"] == 2
    assert json.dumps(answer["faults"]).count("boxes.csv:6") == 1
