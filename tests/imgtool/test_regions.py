"""Pictures with boxes become crops: each of its kind, none twice, and no parent on two sides."""

from __future__ import annotations

import shutil
import signal
import sqlite3
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import imgtool
from imgtool.dataset import Dataset, Keep, Remove
from imgtool.dataset.crops import Crop
from imgtool.errors import UsageError
from imgtool.pipeline import families, material, noise
from imgtool.pipeline.regions import Cropped, Cutting, regions
from tests.drawn import put
from tests.made import arrival, ref, tree
from tests.painted import encoded, scene
from tests.planted import HEIGHT, LABELS, WIDTH, planted, table, world
from tests.street import imgtool as command

EMPTY = "empty.png"
MIRRORED = ("cross/0.png", "cross/3.png")
QUICK = Cutting(per_picture=4)
EVEN = {"train": 0.4, "val": 0.3, "test": 0.3}  # a few parents for each


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Cropped]:
    """Pictures, their boxes, and what was cut of them."""
    root = tmp_path_factory.mktemp("regions")
    data, boxes = root / "data", root / "boxes.csv"
    rows = world(data)
    put(data, EMPTY, encoded(scene(WIDTH, HEIGHT, 77)))
    table(boxes, [*rows, (EMPTY, "", "", "", "", "")])  # type: ignore[list-item]  # a line without a box
    made = regions(data, boxes, root / "crops", QUICK)
    with sqlite3.connect(made.root / ".imgtool" / "catalog.sqlite") as db:
        db.execute("UPDATE picture SET at = '2026-01-01'")  # splits go by what came when: no matter of this machine's
    db.close()
    return data, boxes, made


@pytest.fixture
def crops(made: tuple[Path, Path, Cropped], tmp_path: Path) -> Path:
    """The crops, to do with as one likes."""
    return shutil.copytree(made[2].root, tmp_path / "crops")


def known(root: Path) -> dict[str, Crop]:
    with Dataset.open(root) as dataset:
        return dataset.crops()


def test_crops_lie_in_their_classes_and_of_background_there_is_no_more_than_was_wanted(
    made: tuple[Path, Path, Cropped],
) -> None:
    counts = made[2].counts
    sizes = {label: sum(kinds.values()) for label, kinds in counts.items()}

    assert set(counts) == {"background", *LABELS}
    assert all(counts[label]["true"] == 4 for label in LABELS)
    assert set(counts["background"]) <= {"hard", "background"}
    assert sizes["background"] <= QUICK.background * max(sizes[label] for label in LABELS)
    assert sizes["background"] >= 8
    assert {label: len(list((made[2].root / label).iterdir())) for label in counts} == sizes


def test_every_crop_is_that_part_of_its_parent_and_known_by_its_bytes(made: tuple[Path, Path, Cropped]) -> None:
    data, _, cropped = made
    with Dataset.open(cropped.root) as dataset:
        parents = {parent.picture.sha256: parent.path for parent in dataset.parents()}
        told, files = dataset.crops(), {entry.picture.sha256: entry.path for entry in dataset.entries()}

    assert told.keys() == files.keys()
    for sha256, crop in told.items():
        left, top, right, bottom = crop.box
        whole = np.asarray(Image.open(data / parents[crop.parent]))
        part = np.asarray(Image.open(cropped.root / files[sha256]))
        assert np.array_equal(part, whole[top:bottom, left:right])
        assert files[sha256].startswith(f"{crop.label}/")


def test_nothing_is_written_beside_the_parents(made: tuple[Path, Path, Cropped]) -> None:
    assert sorted(path.name for path in made[0].iterdir()) == ["cross", "disc", EMPTY]


def torn(root: Path, where: dict[str, str]) -> set[str]:
    """Parents with crops in two splits; twins count as one."""
    with Dataset.open(root) as dataset:
        names = {parent.picture.sha256: parent.path for parent in dataset.parents()}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for sha256, crop in known(root).items():
        name = names[crop.parent]
        found[MIRRORED[0] if name in MIRRORED else name].add(where[sha256])
    return {name for name, splits in found.items() if len(splits) > 1}


def splits(root: Path) -> dict[str, str]:
    with Dataset.open(root) as dataset:
        return dataset.splits()


def test_no_parent_is_on_two_sides_of_a_split(crops: Path) -> None:
    for seed in range(4):
        divided = imgtool.split(crops, shares=EVEN, seed=seed, afresh=True)

        assert not divided.leaks
        assert torn(crops, splits(crops)) == set()


def test_without_families_parents_would_be_torn_and_the_proof_says_so(
    crops: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imgtool.pipeline.split.together", lambda near: [])

    divided = imgtool.split(crops, shares=EVEN, afresh=True)

    assert torn(crops, splits(crops))
    assert "parent" in {leak.how for leak in divided.leaks}


def test_no_parent_is_on_two_sides_of_what_is_learnt_from(crops: Path) -> None:
    found = material.material(crops, seed=3)

    assert torn(crops, {e.picture.sha256: name for name, part in found.parts.items() for e in part}) == set()
    assert torn(crops, splits(crops)) == set()
    fold = {entry.picture.sha256: str(number) for number, unit in enumerate(found.units) for entry in unit.entries}
    assert torn(crops, fold) == set()  # what folds and learning curves never tear apart


def test_no_parent_is_on_two_sides_of_a_fold(crops: Path) -> None:
    asked = noise.ask(crops, 0, lambda _: None)

    assert torn(crops, {entry.picture.sha256: asked.folds[entry.path] for entry in asked.entries}) == set()


def test_a_crop_that_is_moved_or_renamed_stays_its_parents(crops: Path) -> None:
    imgtool.split(crops, shares=EVEN)
    before = splits(crops)
    for number, path in enumerate(sorted((crops / "background").iterdir())[:3]):
        path.rename(crops / "disc" / f"mine {number}.png")

    imgtool.split(crops, shares=EVEN)

    assert splits(crops) == before
    assert torn(crops, splits(crops)) == set()


def test_crops_of_a_parent_join_a_split_that_is_there(crops: Path) -> None:
    gone = sorted(path.relative_to(crops).as_posix() for path in (crops / "disc").iterdir())[::2]
    with Dataset.open(crops) as dataset, dataset.writing():
        number = dataset.change("check", [Remove(path, "test") for path in gone]).id
    imgtool.split(crops, shares=EVEN)
    imgtool.undo(crops, change=number)

    imgtool.split(crops, shares=EVEN)

    assert torn(crops, splits(crops)) == set()


def test_twins_are_of_one_family(made: tuple[Path, Path, Cropped]) -> None:
    with Dataset.open(made[2].root) as dataset:
        parents = dataset.parents()
    numbers = families.families(parents)

    family = {parent.path: numbers[parent.picture.sha256] for parent in parents}
    assert family[MIRRORED[0]] == family[MIRRORED[1]]
    assert len(set(family.values())) == len(family) - 1


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Cropped]:
    """Four pictures, their boxes, and what was cut of them without a break."""
    root = tmp_path_factory.mktemp("few")
    boxes = table(root / "boxes.csv", world(root / "data", 2))
    return root / "data", boxes, regions(root / "data", boxes, root / "crops", QUICK)


# Dies at the N-th picture that gets its name.
KILLED = """import os
replace, left = os.replace, [{0}]
def fatal(*args, **more):
    left[0] -= 1
    if left[0] < 0: os.kill(os.getpid(), 9)
    return replace(*args, **more)
os.replace = fatal"""


def test_a_kill_amid_a_pictures_crops_leaves_none_without_its_parent(
    few: tuple[Path, Path, Cropped], tmp_path: Path
) -> None:
    data, boxes, whole = few
    out = tmp_path / "crops"
    line = ("regions", str(data), "--boxes", str(boxes), "--out", str(out), "--per-picture", "4", "--json")

    killed = command(*line, before=KILLED.format(7))
    files = {path.stem for path in out.glob("*/*.png")}
    orphans = files - {sha256[:16] for sha256 in known(out)}
    ran = command(*line)

    assert killed.code == -signal.SIGKILL
    assert files
    assert not orphans
    assert ran.code == 0
    assert tree(out) == tree(whole.root)


def test_a_folder_of_other_crops_is_left_alone(few: tuple[Path, Path, Cropped]) -> None:
    before = tree(few[2].root)

    with pytest.raises(UsageError, match="was cut from other boxes or pictures, or in another way") as told:
        regions(few[0], few[1], few[2].root, replace(QUICK, seed=2))

    assert told.value.hint
    assert tree(few[2].root) == before


@pytest.fixture
def collected(tmp_path: Path) -> Path:
    """A dataset that knows where its one picture is from."""
    pixels, _ = planted("disc", 3)
    body = encoded(pixels)
    with Dataset.open(tmp_path / "data", create=True) as dataset:
        rights = {"licence": "by-sa 4.0", "licence_url": "https://cc/by-sa", "creator": "Ann", "title": "A disc"}
        at = ref(
            "https://pics.example/disc.png?w=1#top", "disc", "openverse", page_url="https://pics.example/", **rights
        )
        dataset.folder("disc")
        come = arrival(dataset, body, at, format="png", width=120, height=90)
        dataset.commit([Keep(come)])
    return tmp_path / "data"


def test_a_crop_has_its_parents_rights_and_nothing_of_the_parents_dataset_changes(
    collected: Path, tmp_path: Path
) -> None:
    _, box = planted("disc", 3)
    path = next(collected.glob("disc/*.png")).relative_to(collected).as_posix()
    boxes = table(tmp_path / "boxes.csv", [(path, "disc", *box)])
    before = {path: path.read_bytes() for path in collected.rglob("*") if path.is_file()}

    made = regions(collected, boxes, tmp_path / "crops", QUICK)

    assert {path: path.read_bytes() for path in collected.rglob("*") if path.is_file()} == before
    origins = imgtool.info(made.root).origins
    assert {(each.licence, each.creator, each.engine) for each in origins} == {("by-sa 4.0", "Ann", "openverse")}
    true = next(crop for crop in known(made.root).values() if crop.kind == "true")
    left, top, right, bottom = true.box
    part = f"https://pics.example/disc.png?w=1#xywh={left},{top},{right - left},{bottom - top}"
    assert next(each.url for each in origins if each.sha256 == true.sha256) == part


def test_a_catalogue_from_before_there_were_crops_is_brought_up_to_date(collected: Path) -> None:
    with sqlite3.connect(collected / ".imgtool" / "catalog.sqlite") as db:
        db.executescript("DROP TABLE crop; DROP TABLE parent; PRAGMA user_version = 4;")
    db.close()

    with Dataset.open(collected) as dataset:
        assert dataset.crops() == {}
        assert dataset.parents() == []
        assert len(list(dataset.entries())) == 1


def test_info_says_that_it_is_made_of_crops(crops: Path) -> None:
    told = imgtool.info(crops)
    ran = command("info", str(crops))

    assert told.parents == 9
    assert sum(told.kinds.values()) == told.pictures
    assert told.kinds["true"] == 8
    assert "crops of 9 pictures" in ran.out
    assert "imgtool scrape" not in ran.out


def test_it_is_a_table_in_a_notebook(made: tuple[Path, Path, Cropped]) -> None:
    assert "crops of 9 pictures" in made[2]._repr_html_()
