"""The training pictures most like a picture: which are kept, what is told of them, and what is not believed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from classify.file import arrays as npz
from imgtool.errors import StorageError
from imgtool.pipeline import near
from imgtool.pipeline.keepsakes import chosen, digest, keep, of_each
from imgtool.pipeline.numerals import Numerals
from imgtool.records import Entry
from tests.made import picture
from tests.painted import encoded, scene

Arrays = dict[str, NDArray[Any]]


def entries(root: Path, labels: Mapping[str, int]) -> list[Entry]:
    """So many pictures of each class, on the disk."""
    made = []
    for label, count in labels.items():
        for number in range(count):
            body = encoded(scene(200, 120, seed=number), "JPEG")
            (root / label).mkdir(parents=True, exist_ok=True)
            (root / label / f"{number}.jpg").write_bytes(body)
            made.append(Entry(f"{label}/{number}.jpg", label, picture(body + label.encode())))
    return made


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model's file, as far as its neighbours mind."""
    path = tmp_path / "model.keras"
    path.write_bytes(b"a model")
    return path


@pytest.fixture
def kept(model: Path) -> Path:
    root = model.parent / "data"
    some = entries(root, {"cat": 3, "dog": 3})
    features = np.array([[9, 1], [8, 1], [7, 2], [1, 9], [1, 8], [2, 7]], np.float32)
    return keep(model, root, some, features, range(6))


def read(model: Path) -> near.Near:
    found = near.read(model, digest(model))
    assert found is not None
    return found


def test_the_likest_comes_first_with_a_small_picture(model: Path, kept: Path) -> None:
    assert kept == model.parent / "model-report" / "near.npz"
    told = read(model).nearest(np.array([9, 1.2], np.float32), 4)
    assert [each.label for each in told] == ["cat", "cat", "cat", "dog"]
    assert told[0].likeness > 0.99 > 0 > told[3].likeness
    assert [each.likeness for each in told] == sorted((each.likeness for each in told), reverse=True)
    assert told[0].thumb.startswith(near.JPEG)
    assert repr(told[0]).startswith("Neighbour('cat', 'cat/")  # and no bytes in it


def test_likeness_is_about_what_is_usual(model: Path, kept: Path) -> None:
    """Features are never negative: about zero, a cat and a dog would be alike."""
    cat, dog = np.array([9, 1], np.float32), np.array([1, 9], np.float32)
    assert cat @ dog > 0
    (most, *_, least) = read(model).nearest(cat, 6)
    assert most.likeness == pytest.approx(1, abs=0.02)
    assert least.likeness == pytest.approx(-1, abs=0.05)


@pytest.mark.parametrize("count", [0, 1, 6, 1000])
def test_more_than_there_are_are_all(model: Path, kept: Path, count: int) -> None:
    assert len(read(model).nearest(np.ones(2, np.float32), count)) == min(count, 6)


def test_classes_are_kept_in_equal_numbers_and_twins_once(tmp_path: Path) -> None:
    many = [Entry(f"{label}/{n}", label, picture(f"{label}{n}".encode())) for label in "abc" for n in range(50)]
    few = [Entry("d/1", "d", picture(b"d"))]
    units = [min(n, 40) for n in range(50)] * 3  # the same units in every class: those after 40 are one
    taken = chosen([*many, *few], [*(f"{e.label}{u}" for e, u in zip(many, units, strict=True)), "d"], 31)
    labels = [[*many, *few][n].label for n in taken]
    assert {label: labels.count(label) for label in "abcd"} == {"a": 10, "b": 10, "c": 10, "d": 1}
    all_taken = chosen(many, [f"{e.label}{u}" for e, u in zip(many, units, strict=True)])
    assert len(all_taken) == 3 * 41
    assert taken != sorted(taken)  # in an order that nobody made: the first fifty may all be of one evening


def test_more_classes_than_places_have_one_picture_each_as_far_as_they_go() -> None:
    many = [Entry(f"{n}/x", str(n), picture(str(n).encode())) for n in range(700)]
    assert len(chosen(many, range(700))) == 600


def test_digits_are_kept_in_equal_numbers_too() -> None:
    targets = np.repeat(np.arange(3), (50, 5, 50))
    some = of_each(Numerals(np.zeros((105, 28, 28), np.uint8), targets, tuple(map(str, range(105)))), 25)
    assert np.bincount(some.targets).tolist() == [10, 5, 10]
    assert len(some.digits) == len(some.names) == len(set(some.names)) == 25


def test_what_cannot_be_shown_any_more_is_left_out(model: Path) -> None:
    root = model.parent / "data"
    some = entries(root, {"cat": 3})
    (root / "cat/0.jpg").unlink()
    (root / "cat/1.jpg").write_bytes(b"no picture")
    keep(model, root, some, np.eye(3, dtype=np.float32), range(3))
    assert [each.path for each in read(model).nearest(np.ones(3, np.float32))] == ["cat/2.jpg"]


def test_another_model_of_that_name_has_none(model: Path, kept: Path) -> None:
    model.write_bytes(b"trained again")
    assert near.read(model, digest(model)) is None


def test_a_model_that_was_sent_somewhere_has_none(tmp_path: Path) -> None:
    assert near.read(tmp_path / "model.keras", "") is None


def test_a_kill_leaves_what_was_there(model: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept.read_bytes()

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", cut)
    with pytest.raises(KeyboardInterrupt):
        keep(model, model.parent / "data", [], np.ones((1, 2), np.float32), [])
    assert kept.read_bytes() == before
    assert [path.name for path in kept.parent.iterdir()] == ["near.npz"]


def changed(**arrays: Any) -> Callable[[Arrays], Arrays]:
    return lambda old: old | arrays


FORGED: dict[str, Callable[[Arrays], Arrays]] = {
    "fewer labels": changed(labels=np.array(["cat"])),
    "labels as numbers": changed(labels=np.arange(6)),
    "features of NaN": changed(features=np.full((6, 2), np.nan, np.float16)),
    "features of another kind": changed(features=np.zeros((6, 2))),
    "one row of features": changed(features=np.zeros(12, np.float16)),
    "a middle of another width": changed(middle=np.zeros(3, np.float32)),
    "pictures that end before they begin": lambda old: old | {"ends": old["ends"][::-1].copy()},
    "pictures beyond the end": lambda old: old | {"ends": old["ends"] + 1},
    "pictures of negative length": lambda old: old | {"ends": old["ends"] - 100_000},
    "pages for pictures": lambda old: old | {"thumbs": np.full_like(old["thumbs"], ord("<"))},
    "nothing named": lambda old: {name: array for name, array in old.items() if name != "paths"},
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_a_forged_file_is_refused_with_its_reason(model: Path, kept: Path, forge: Callable[[Arrays], Arrays]) -> None:
    kept.write_bytes(npz.encode(forge(npz.decode(kept.read_bytes(), "it"))))
    with pytest.raises(StorageError, match=r"near\.npz cannot be used"):
        near.read(model, digest(model))


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", bytes(5000)])
def test_a_damaged_file_is_refused(model: Path, kept: Path, body: bytes) -> None:
    kept.write_bytes(body)
    with pytest.raises(StorageError, match="cannot be used"):
        near.read(model, digest(model))


def test_a_pickle_is_never_opened(model: Path, kept: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return os._exit, (9,)

    with kept.open("wb") as file:
        np.savez(file, allow_pickle=True, features=np.array([Trap()], object))
    with pytest.raises(StorageError):
        near.read(model, digest(model))


def test_a_network_of_another_width_is_told(model: Path, kept: Path) -> None:
    with pytest.raises(StorageError, match="2 features, the network 5"):
        read(model).nearest(np.ones(5, np.float32))
