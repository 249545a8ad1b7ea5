"""Hashes: imagehash is the reference, bit for bit."""

import imagehash
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from PIL import Image

from curate import hashing
from tests.painted import scene

Grey = NDArray[np.uint8]

sides = st.integers(1, 150)
greys = arrays.arrays(np.uint8, st.tuples(sides, sides))
few = arrays.arrays(np.uint8, st.tuples(sides, sides), elements=st.sampled_from([0, 1, 254, 255]), fill=st.just(0))


def half(axis: int) -> Grey:
    grey = np.zeros((96, 128), np.uint8)
    grey[:48] = 255
    return grey if axis == 0 else np.ascontiguousarray(grey.T)


DEGENERATE = {
    "black": np.zeros((64, 64), np.uint8),
    "white": np.full((70, 90), 255, np.uint8),
    "grey": np.full((33, 61), 128, np.uint8),
    "one pixel": np.full((1, 1), 7, np.uint8),
    "a line": np.arange(200, dtype=np.uint8)[None, :],
    "a column": np.arange(200, dtype=np.uint8)[:, None],
    "half above": half(0),
    "half beside": half(1),
    "gradient": np.tile(np.arange(128, dtype=np.uint8), (96, 1)),
    "chessboard": (np.indices((64, 64)).sum(0) % 2 * 255).astype(np.uint8),
    "symmetric": np.abs(np.arange(-64, 64, dtype=np.int16))[None, :].repeat(64, 0).astype(np.uint8),
    "thirty-two": np.random.default_rng(5).integers(0, 256, (32, 32), dtype=np.uint8),
}


def agree(grey: Grey) -> None:
    picture = Image.fromarray(grey)
    assert hashing.to_hex(hashing.phash(grey)) == str(imagehash.phash(picture))
    assert hashing.to_hex(hashing.dhash(grey)) == str(imagehash.dhash(picture))


@settings(max_examples=150, deadline=None)
@given(greys | few)
def test_hashes_equal_imagehash_on_any_grey_picture(grey: Grey) -> None:
    agree(grey)


@pytest.mark.parametrize("name", DEGENERATE)
def test_hashes_equal_imagehash_where_rounding_decides(name: str) -> None:
    agree(DEGENERATE[name])


def test_hashes_equal_imagehash_on_pictures() -> None:
    for seed in range(40):
        agree(np.asarray(Image.fromarray(scene(128, 96, seed)).convert("L")))


@given(st.integers(0, 2**64 - 1))
def test_a_hash_survives_its_text(value: int) -> None:
    text = hashing.to_hex(value)
    assert hashing.from_hex(text) == value
    assert str(imagehash.hex_to_hash(text)) == text


def test_the_thumbnail_is_what_phash_looks_at() -> None:
    grey = np.asarray(Image.fromarray(scene()).convert("L"))
    small = hashing.thumb(grey)
    assert small.shape == (32, 32)
    assert hashing.phash_of_thumb(small) == hashing.phash(grey)
