"""Every format is read back by the library it is for, with the very code that its card shows."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from curate.export import FORMATS
from curate.export.reading import read
from curate.export.snippets import SNIPPETS
from tests.exporting import Album, album

# What each library finds, asked after the card's code has run. 2 classes × 6 pictures: 8 to train, 2, 2
FOUND = {
    "npz": "print(len(x_train), sorted(set(data['split'])), list(data['class_names']), x_train.shape[1:])",
    "tree": "print(sum(len(y) for _, y in train), train.class_names)",
    "hf": (
        "print({k: len(v) for k, v in dataset.items()}, dataset['train'].features['label'].names, picture.size, label,"
        " sorted({c for c in dataset['train']['creator']}))"
    ),
    "parquet": (
        "print({k: len(v) for k, v in dataset.items()}, dataset['train'].features['label'].names, picture.size, label,"
        " sorted({c for c in dataset['train']['creator']}))"
    ),
    "webdataset": "print(sum(1 for _ in train), picture.shape, label)",
    "tfrecord": "print(sum(1 for _ in train), picture.shape, int(label))",
    "croissant": (
        "again = mlcroissant.Dataset('croissant.json'); issues = again.metadata.ctx.issues\n"
        "print(sum(1 for _ in again.records('train')), sum(1 for _ in again.records('test')), picture.size, label,"
        " sorted(issues.errors), len(issues.warnings))"
    ),
}
ANSWERS = {
    "npz": r"8 \[.*'test'.*'train'.*'val'.*\] \[.*'bear'.*'cat'.*\] \(32, 32, 3\)",
    "tree": r"8 \['bear', 'cat'\]",
    "hf": r"\{'train': 8, 'validation': 2, 'test': 2\} \['bear', 'cat'\] \(32, 32\) [01] \['Ann'\]",
    "parquet": r"\{'train': 8, 'validation': 2, 'test': 2\} \['bear', 'cat'\] \(32, 32\) [01] \['Ann'\]",
    "webdataset": r"8 \(32, 32, 3\) [01]",
    "tfrecord": r"8 \(32, 32, 3\) [01]",
    # two properties are recommended and not ours to know: when it was published, and how to cite it
    "croissant": r"8 2 \(32, 32\) [01] \[\] 2",
}
NEEDS = {"hf": "datasets", "parquet": "datasets", "webdataset": "webdataset", "croissant": "mlcroissant"}


@pytest.fixture
def made(tmp_path: Path) -> Album:
    return album(tmp_path / "data")


def run(folder: Path, code: str) -> str:
    """What a program says that a user would run inside the export."""
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "", "HF_HUB_OFFLINE": "1"}
    homes = {name: str(folder.parent / "home") for name in ("HOME", "HF_HOME", "XDG_CACHE_HOME")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=os.environ | quiet | homes, capture_output=True, timeout=170
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    return done.stdout.decode().splitlines()[-1]


def block(folder: Path) -> str:
    """The card's code."""
    found = re.search(r"```python\n(.*?)```", (folder / "README.md").read_text(), re.DOTALL)
    assert found
    return found[1]


@pytest.mark.slow
@pytest.mark.parametrize("to", FORMATS)
def test_the_cards_own_code_loads_everything(to: str, made: Album, tmp_path: Path) -> None:
    if to in NEEDS:
        pytest.importorskip(NEEDS[to])
    out = tmp_path / "out"
    made.export(out, to, size=32)
    assert re.fullmatch(ANSWERS[to], run(out, block(out) + FOUND[to]))


def test_every_format_has_its_code_and_is_proven() -> None:
    assert set(FORMATS) == set(SNIPPETS) == set(FOUND) == set(ANSWERS)


@pytest.mark.slow
def test_a_tree_of_pictures_as_they_are_is_whole_for_keras_and_torchvision(made: Album, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made.export(out, "tree")
    files = [path for path in out.rglob("*") if path.parent.parent.parent == out]
    assert len(files) == len(made.entries)
    assert {path.suffix for path in files} == {
        ".jpg",
        ".png",
    }  # torchvision's IMG_EXTENSIONS and Keras's both have them
    for split, count in (("train", 8), ("val", 2), ("test", 2)):
        code = f"import keras\nd = keras.utils.image_dataset_from_directory({split!r}, image_size=(8, 8))\n"
        if split == "train":  # importing Keras takes seconds: once is proof
            assert run(out, code + "print(sum(len(y) for _, y in d))") == str(count)


def test_bytes_that_need_no_change_are_not_changed(made: Album, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made.export(out, "tree")
    exported = {path.read_bytes() for path in out.rglob("*.*g")}
    kept = [(made.root / entry.path).read_bytes() for entry in made.entries if not entry.path.endswith("webp")]
    assert set(kept) <= exported


def test_an_npz_has_its_columns_and_no_pickle(made: Album, tmp_path: Path) -> None:
    made.export(tmp_path / "out", "npz", size=20, colour="grey", per_class=5)
    found = read(tmp_path / "out")
    assert found.x.shape == (14, 20, 20, 1)
    assert found.x.dtype == np.uint8
    assert list(found.class_names) == ["bear", "cat"]
    assert len(set(found.ids)) == 14
    assert np.bincount(found.y[found.split == "train"]).tolist() == [5, 5]


def test_above_memory_an_npz_becomes_mapped_files(made: Album, tmp_path: Path) -> None:
    made.export(tmp_path / "small", "npz", size=20)
    made.export(tmp_path / "large", "npz", size=20, memory=1000)
    small, large = read(tmp_path / "small"), read(tmp_path / "large")
    assert isinstance(large.x, np.memmap)
    assert not (tmp_path / "large" / "data.npz").exists()
    np.testing.assert_array_equal(small.x, large.x)
    np.testing.assert_array_equal(np.load(tmp_path / "large" / "x.npy", mmap_mode="r"), small.x)


def test_shards_hold_as_many_as_asked(made: Album, tmp_path: Path) -> None:
    made.export(tmp_path / "out", "webdataset", size=16, shard=3)
    names = sorted(path.name for path in (tmp_path / "out").glob("*.tar"))
    assert names == [
        "test-00000-of-00001.tar",
        "train-00000-of-00003.tar",
        "train-00001-of-00003.tar",
        "train-00002-of-00003.tar",
        "val-00000-of-00001.tar",
    ]


def test_the_card_tells_what_was_lost_and_the_licences(made: Album, tmp_path: Path) -> None:
    entry = made.add("cat/gone.jpg", b"\xff\xd8\xff not a picture at all")
    exported = made.export(tmp_path / "out", "hf", size=16)
    card = (tmp_path / "out" / "README.md").read_text()
    assert list(exported.lost) == [entry.path]
    assert "| in this export | 12 | 1 |" in card
    assert "| by 4.0 | 12 |" in card
    assert "license: cc-by-4.0" in card
    assert "bears &amp; cats" not in card.split("---")[1]  # the YAML has the name itself


def test_a_croissant_names_the_sha256_of_its_files(made: Album, tmp_path: Path) -> None:
    made.export(tmp_path / "out", "croissant", size=16)
    told = json.loads((tmp_path / "out" / "croissant.json").read_text())
    lock = json.loads((tmp_path / "out" / "imgtool.lock.json").read_text())
    assert {file["contentUrl"]: file["sha256"] for file in told["distribution"]}.items() <= lock["files"].items()
