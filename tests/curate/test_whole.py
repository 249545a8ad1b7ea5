"""The quick colour decode sees what the plain one sees: every format, every mode, every turn."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from curate.bounds import BOUNDS
from curate.pixels import upright
from curate.pixels.canvas import fitted
from curate.pixels.whole import Whole, whole
from imgtool.records import Refusal
from tests.painted import display_p3, encoded, oriented, scene

SHARED = Path(__file__).parents[3] / "shared" / "data"
PICTURE = scene(120, 90)
PICTURES = {
    "jpeg": encoded(PICTURE, "JPEG"),
    "grey jpeg": encoded(PICTURE[:, :, 0], "JPEG"),
    "cmyk": encoded(Image.fromarray(PICTURE).convert("CMYK"), "JPEG"),
    "wide gamut": encoded(PICTURE, "JPEG", icc_profile=display_p3()),
    "webp": encoded(PICTURE, "WEBP"),
    "clear webp": encoded(np.dstack([PICTURE, PICTURE[:, :, 0]]), "WEBP", lossless=True),
    "clear png": encoded(np.dstack([PICTURE, PICTURE[:, :, 0]]), "PNG"),
    "avif": encoded(PICTURE, "AVIF"),
    **{f"turned {way}": encoded(PICTURE, "JPEG", exif=oriented(way)) for way in range(1, 9)},
    "cut short": encoded(PICTURE, "JPEG")[:-400],
    "a page": b"<html>gone</html>",
}


def agree(data: bytes) -> bool:
    plain, quick = upright(data, BOUNDS), whole(data, BOUNDS)
    if isinstance(plain, Refusal) or isinstance(quick, Refusal):
        return plain == quick or (isinstance(plain, Refusal) and isinstance(quick, Refusal))
    return np.array_equal(plain, quick.pixels) and quick.pixels.shape[:2] == (quick.height, quick.width)


@pytest.mark.parametrize("data", PICTURES.values(), ids=PICTURES)
def test_both_decodes_agree(data: bytes) -> None:
    assert agree(data)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["tricky", "bears_raw"])
def test_both_decodes_agree_on_real_files(name: str) -> None:
    if not (SHARED / name).is_dir():
        pytest.skip(f"{SHARED / name} is absent")
    files = [path for path in sorted((SHARED / name).rglob("*")) if path.is_file() and path.stat().st_size < 10**7]
    assert [path.name for path in files if not agree(path.read_bytes())] == []


@pytest.mark.parametrize("fit", ["pad", "crop", "stretch"])
@pytest.mark.parametrize("way", [1, 6])
def test_a_scaled_decode_is_never_smaller_than_wanted(fit: str, way: int) -> None:
    data = encoded(scene(900, 600), "JPEG", exif=oriented(way))
    found = whole(data, BOUNDS, lambda width, height: fitted(width, height, 100, fit))
    assert isinstance(found, Whole)
    assert (found.width, found.height) == ((600, 900) if way == 6 else (900, 600))
    rows, columns = found.pixels.shape[:2]
    least = fitted(found.width, found.height, 100, fit)
    assert (columns, rows) >= least
    assert columns * rows < 900 * 600 / 4
