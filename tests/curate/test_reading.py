"""An npz from a stranger: nothing is executed, nothing allocated on its word (row 47)."""

import io
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.lib import format as npy

from curate.export.reading import read
from imgtool.errors import UsageError

GOOD: dict[str, Any] = {
    "x": np.zeros((2, 4, 4, 3), np.uint8),
    "y": np.array([0, 1]),
    "class_names": np.array(["a", "b"]),
    "ids": np.array(["p", "q"]),
    "split": np.array(["train", "val"]),
}


def saved(path: Path, **changes: Any) -> Path:
    np.savez(path, **(GOOD | changes))
    return path


def packed(path: Path, x: bytes, compression: int = zipfile.ZIP_STORED) -> Path:
    """An npz whose x is those very bytes."""
    with zipfile.ZipFile(path, "w", compression) as file:
        file.writestr("x.npy", x)
        for name, array in GOOD.items():
            if name != "x":
                body = io.BytesIO()
                npy.write_array(body, array)
                file.writestr(f"{name}.npy", body.getvalue())
    return path


def head(shape: tuple[int, ...], descr: str = "|u1") -> bytes:
    body = io.BytesIO()
    npy.write_array_header_1_0(body, {"descr": descr, "fortran_order": False, "shape": shape})
    return body.getvalue()


class Canary:
    """What a pickle would do if it were opened."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return (open, (str(self.path), "w"))  # type: ignore[return-value]


def test_a_good_set_is_read(tmp_path: Path) -> None:
    found = read(saved(tmp_path / "a.npz"))
    assert found.x.shape == (2, 4, 4, 3)
    assert list(found.split) == ["train", "val"]


def test_a_pickle_is_not_opened(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    objects = np.array([Canary(canary), Canary(canary)], dtype=object)
    with pytest.raises(UsageError, match="objects"):
        read(saved(tmp_path / "a.npz", ids=objects))
    (tmp_path / "b.npz").write_bytes(pickle.dumps(Canary(canary)))
    with pytest.raises(UsageError):
        read(tmp_path / "b.npz")
    assert not canary.exists()


CASES = {
    "a header of a terabyte": lambda path: packed(path, head((10**12, 1, 1, 1)) + b"xx"),
    "a header whose product overflows": lambda path: packed(path, head((2**33, 2**33, 2**33, 3)) + b"xx"),
    "a negative side": lambda path: packed(path, head((-1, 4, 4, 3)) + bytes(96)),
    "a side too few": lambda path: packed(path, head((1, 4, 4, 3)) + bytes(96)),
    "a zip bomb": lambda path: packed(path, head((2**28, 1, 1, 1)) + bytes(2**28), zipfile.ZIP_DEFLATED),
    "floats": lambda path: saved(path, x=np.zeros((2, 4, 4, 3))),
    "wide numbers": lambda path: saved(path, x=np.zeros((2, 4, 4, 3), np.uint16)),
    "labels as text": lambda path: saved(path, y=np.array(["a", "b"])),
    "labels of no class": lambda path: saved(path, y=np.array([0, 7])),
    "unequal lengths": lambda path: saved(path, ids=np.array(["p"])),
    "a missing array": lambda path: renamed(saved(path)),
    "a header that is code": lambda path: packed(path, coded("__import__('os').getpid()")),
    "no zip": lambda path: written(path, b"PK nothing"),
    "cut short": lambda path: written(path, saved(path).read_bytes()[:-40]),
    "a wrong checksum": lambda path: written(path, turned(saved(path).read_bytes())),
}


def coded(text: str) -> bytes:
    body = text.encode().ljust(63) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(body)) + body


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def turned(data: bytes) -> bytes:
    at = data.index(b"fortran") + 150  # a pixel of x
    return data[:at] + b"\xff" + data[at + 1 :]


def renamed(path: Path) -> Path:
    return written(path, path.read_bytes().replace(b"split.npy", b"spilt.npy"))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_no_set_is_refused(case: Callable[[Path], Path], tmp_path: Path) -> None:
    path = case(tmp_path / "a.npz")
    with pytest.raises(UsageError, match="no set that imgtool exported"):
        read(path, limit=10**8)


def test_a_folder_of_arrays_is_checked_before_it_is_mapped(tmp_path: Path) -> None:
    for name, array in GOOD.items():
        np.save(tmp_path / f"{name}.npy", array)
    assert isinstance(read(tmp_path).x, np.memmap)
    (tmp_path / "x.npy").write_bytes(head((10**12, 1, 1, 1)) + b"xx")
    with pytest.raises(UsageError, match="claims"):
        read(tmp_path)
