"""idx files: read as MNIST ships them, and believed in nothing."""

from __future__ import annotations

import gzip
import struct
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from classify.digits import idx
from imgtool.errors import StorageError, UsageError
from tests.written import idx as written
from tests.written import shipped

PICTURES = np.arange(3 * 4 * 5, dtype=np.uint8).reshape(3, 4, 5)
LABELS = np.array([7, 0, 9], np.uint8)


def file_of(folder: Path, data: bytes) -> Path:
    path = folder / "t10k-images-idx3-ubyte"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_what_was_written_is_read_packed_or_not(tmp_path: Path, packed: bool) -> None:
    data = written(PICTURES)
    path = file_of(tmp_path, gzip.compress(data) if packed else data)
    assert (idx.values(path, 3) == PICTURES).all()


def test_a_folder_has_its_pairs_and_a_file_its_own(tmp_path: Path) -> None:
    folder = shipped(shipped(tmp_path, PICTURES, LABELS), PICTURES, LABELS, "train")
    (folder / "lonely-images-idx3-ubyte.gz").write_bytes(b"")

    found = idx.pairs(folder)

    assert [pair.name for pair in found] == ["t10k", "train"]
    assert idx.pairs(found[0].pictures) == (found[0],)
    assert idx.read(found[0])[1].tolist() == [7, 0, 9]


def test_dotted_names_are_known_as_well(tmp_path: Path) -> None:
    (tmp_path / "t10k-images.idx3-ubyte").write_bytes(written(PICTURES))
    (tmp_path / "t10k-labels.idx1-ubyte").write_bytes(written(LABELS))
    assert [pair.name for pair in idx.pairs(tmp_path)] == ["t10k"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no idx file of pictures"),
        (written(PICTURES)[:9], "no idx file"),
        (written(LABELS), "no idx file of pictures: it begins with 00 00 08 01"),
        (written(PICTURES, kind=0x0D), "no idx file"),
        (b"\x89PNG\r\n\x1a\n" * 9, "no idx file"),
        (written(PICTURES)[:-1], "a file of its size cannot|only 59"),
        (written(PICTURES) + b"x", "and has more"),
        (gzip.compress(written(PICTURES))[:-12], "damaged"),
        (gzip.compress(written(PICTURES)[:-1]), "only 59"),
        (gzip.compress(written(PICTURES)) + b"tail", "damaged"),
        (gzip.compress(written(PICTURES) + b"x"), "and has more"),
        (b"\x1f\x8b" + b"x" * 40, "damaged"),
    ],
    ids=str,
)
def test_a_file_that_is_not_what_it_says_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        idx.values(file_of(tmp_path, data), 3)


def test_a_promise_that_the_file_cannot_keep_costs_no_memory(tmp_path: Path) -> None:
    head = struct.pack(">BBBB3I", 0, 0, 8, 3, 60_000, 28, 28)
    tracemalloc.start()
    for data in (head, gzip.compress(head), struct.pack(">BBBB3I", 0, 0, 8, 3, *[2**32 - 1] * 3)):
        with pytest.raises(UsageError, match="a file of its size cannot"):
            idx.values(file_of(tmp_path, data), 3)
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


def test_a_bomb_is_unpacked_no_further_than_it_promised(tmp_path: Path) -> None:
    packer = zlib.compressobj(9, wbits=31)
    body = packer.compress(written(PICTURES)) + b"".join(packer.compress(bytes(2**20)) for _ in range(256))
    path = file_of(tmp_path, body + packer.flush())
    tracemalloc.start()
    with pytest.raises(UsageError, match="and has more"):
        idx.values(path, 3)
    assert tracemalloc.get_traced_memory()[1] < 2**21
    tracemalloc.stop()


def test_pictures_and_labels_of_two_sets_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"has 3 pictures and .* 2 labels"):
        idx.read(idx.pairs(shipped(tmp_path, PICTURES, LABELS[:2]))[0])


def test_a_file_that_has_gone_is_the_worlds_fault(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="No such file"):
        idx.values(tmp_path / "gone", 3)


@given(some.binary(max_size=80))
def test_no_bytes_make_it_fail_otherwise(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = file_of(tmp_path_factory.mktemp("any"), data)
    try:
        idx.values(path, 1)
    except UsageError:
        return
    assert written(idx.values(path, 1)) in (data, gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
