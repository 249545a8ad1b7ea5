"""Bytes in, a verdict out: every fault by its own reason, every fair picture with its true facts."""

import io
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from curate.admit import BOUNDS, Bounds, examine, examine_bytes
from curate.bounds import Header, judge
from curate.pixels import sniff, upright
from imgtool.records import Picture, Reason, Refusal
from tests.painted import chunk, display_p3, encoded, gif_of, oriented, png_of, scene

FORMATS = {"JPEG": "jpeg", "PNG": "png", "WEBP": "webp", "GIF": "gif", "AVIF": "avif", "BMP": "bmp", "TIFF": "tiff"}
FILES = {name: encoded(scene(), name) for name in FORMATS}


def reason(data: bytes, bounds: Bounds = BOUNDS) -> Reason | None:
    verdict = examine_bytes(data, bounds)
    return verdict.reason if isinstance(verdict, Refusal) else None


def good(data: bytes) -> Picture:
    verdict = examine_bytes(data)
    assert isinstance(verdict, Picture), verdict
    return verdict


# what the bytes are


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_known_by_its_bytes(name: str) -> None:
    picture = good(FILES[name])
    assert (picture.format, picture.width, picture.height) == (FORMATS[name], 240, 180)
    assert len(picture.thumb) == 32 * 32
    assert picture.std > 10
    assert picture.sharpness > 0


SVG = b'<?xml version="1.0"?>\n<!-- a comment -->\n<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'

FOREIGN: list[tuple[str, bytes, Reason]] = [
    ("empty", b"", Reason.NOT_IMAGE),
    ("one byte", b"\xff", Reason.NOT_IMAGE),
    ("a page", b"<!DOCTYPE html><html><body>404</body></html>", Reason.NOT_IMAGE),
    ("a page, late", b"\xef\xbb\xbf\r\n  <HTML><head>", Reason.NOT_IMAGE),
    ("an error", b'{"error": "not found"}', Reason.NOT_IMAGE),
    ("words", b"404 page not found\n", Reason.NOT_IMAGE),
    ("zeros", bytes(200), Reason.NOT_IMAGE),
    ("a film", b"\0\0\0\x20ftypisom\0\0\2\0isomiso2mp41", Reason.NOT_IMAGE),
    ("an archive", b"PK\x03\x04" + bytes(40), Reason.NOT_IMAGE),
    ("svg", SVG, Reason.UNSUPPORTED),
    ("svg, bare", b"<svg width='1'/>", Reason.UNSUPPORTED),
    ("eps", b"%!PS-Adobe-3.0 EPSF-3.0\n", Reason.UNSUPPORTED),
    ("pdf", b"%PDF-1.7\n", Reason.UNSUPPORTED),
    ("icon", b"\0\0\1\0\1\0\x10\x10", Reason.UNSUPPORTED),
    ("ppm", b"P6\n2 2\n255\n" + bytes(12), Reason.UNSUPPORTED),
    ("jpeg 2000", b"\0\0\0\x0cjP  \r\n\x87\n", Reason.UNSUPPORTED),
    ("jpeg xl", b"\0\0\0\x0cJXL \r\n\x87\n", Reason.UNSUPPORTED),
    ("photoshop", b"8BPS\0\1", Reason.UNSUPPORTED),
    ("wmf", b"\xd7\xcd\xc6\x9a\0\0", Reason.UNSUPPORTED),
    ("fits", b"SIMPLE  =                    T", Reason.UNSUPPORTED),
    ("hdf5", b"\x89HDF\r\n\x1a\n", Reason.UNSUPPORTED),
]


@pytest.mark.parametrize(("name", "data", "why"), FOREIGN, ids=[name for name, _, _ in FOREIGN])
def test_what_is_no_picture_for_us_says_what_it_is(name: str, data: bytes, why: Reason) -> None:
    verdict = sniff(data)
    assert isinstance(verdict, Refusal)
    assert (verdict.reason, reason(data)) == (why, why)
    assert verdict.detail


@pytest.mark.parametrize("name", ["photo.png", "photo.gif", "photo", "photo.html"])
def test_a_wrong_extension_changes_nothing(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(FILES["WEBP"])
    verdict = examine(path)
    assert isinstance(verdict, Picture)
    assert verdict.format == "webp"


# what is cut short or damaged


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_a_file_cut_short_is_refused(name: str, share: float) -> None:
    data = FILES[name]
    why = reason(data[: int(len(data) * share)])
    assert why in {Reason.TRUNCATED, Reason.BROKEN}
    if name in {"JPEG", "PNG", "GIF", "BMP", "WEBP", "AVIF"}:
        assert why is Reason.TRUNCATED


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("kept", [8, 12, 20, 30])
def test_only_a_header_is_refused(name: str, kept: int) -> None:
    assert reason(FILES[name][:kept]) in {Reason.NOT_IMAGE, Reason.BROKEN, Reason.TRUNCATED}


def test_truncation_is_found_that_pillows_verify_passes() -> None:
    cut = FILES["JPEG"][:-400]
    Image.open(io.BytesIO(cut)).verify()
    assert reason(cut) is Reason.TRUNCATED


def test_a_damaged_scan_is_broken() -> None:
    data = encoded(scene(640, 480), "JPEG", quality=95)
    middle = len(data) // 2
    assert reason(data[:middle] + data[middle + 300 :]) is Reason.BROKEN


def test_junk_between_markers_harms_nothing_but_a_missing_end_does() -> None:
    data = FILES["JPEG"]
    junk = data[:2] + data[2:20] + b"junk" + data[20:]
    assert good(junk).phash == good(data).phash
    assert reason(junk[:-500]) is Reason.TRUNCATED


def test_a_jpeg_that_shows_its_decoder_another_size_is_broken() -> None:
    data = FILES["JPEG"]
    at = data.index(b"\xff\xc0")
    length = int.from_bytes(data[at + 2 : at + 4], "big")
    frame = data[at : at + 2 + length]
    small = frame[:5] + struct.pack(">HH", 64, 64) + frame[9:]
    assert reason(data[:at] + small + data[at:]) in {Reason.BROKEN, Reason.TRUNCATED}


def test_a_gif_that_ends_in_a_later_frame_is_truncated() -> None:
    frames = [Image.fromarray(scene(64, 64, seed)) for seed in range(3)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert good(data).frames == 3
    assert reason(data[:-200]) is Reason.TRUNCATED


# what is too large, too small, too much


def tiff_of(pages: int) -> bytes:
    pictures = [Image.new("L", (40, 40), shade % 256) for shade in range(pages)]
    return encoded(pictures[0], "TIFF", save_all=True, append_images=pictures[1:])


def apng_of(frames: int) -> bytes:
    data = png_of(64, 64, rows=(b"\0" + bytes(64 * 3)) * 64)
    at = data.index(b"IDAT") - 4
    return data[:at] + chunk(b"acTL", struct.pack(">II", frames, 0)) + data[at:]


BOMBS: list[tuple[str, Callable[[], bytes], Reason]] = [
    ("60000 × 60000 in 70 bytes", lambda: png_of(60_000, 60_000), Reason.TOO_MANY_PIXELS),
    ("81 Mpx in 10 kB", lambda: png_of(9_000, 9_000, 8, 0, bytes(9_001 * 9_000)), Reason.TOO_MANY_PIXELS),
    ("beyond Pillow's own bound", lambda: png_of(20_000, 10_000), Reason.TOO_MANY_PIXELS),
    ("a GIF's canvas", lambda: gif_of(1, 65_535), Reason.TOO_MANY_PIXELS),
    ("16,385 px long", lambda: png_of(16_385, 2_000), Reason.TOO_MANY_PIXELS),
    ("a column", lambda: png_of(1, 65_535, 8, 0, b"\0\0" * 65_535), Reason.BAD_ASPECT),
    ("a row", lambda: png_of(65_535, 1, 8, 0, bytes(65_536)), Reason.BAD_ASPECT),
    ("a ribbon", lambda: encoded(scene(2040, 40)), Reason.BAD_ASPECT),
    ("a tracking pixel", lambda: gif_of(1, 1), Reason.TOO_SMALL),
    ("a spacer", lambda: encoded(scene(31, 200)), Reason.TOO_SMALL),
    ("10,000 frames", lambda: gif_of(10_000), Reason.TOO_MANY_FRAMES),
    ("an APNG that claims 10,000", lambda: apng_of(10_000), Reason.TOO_MANY_FRAMES),
    ("1,000 pages", lambda: tiff_of(1_000), Reason.TOO_MANY_FRAMES),
]


@pytest.mark.parametrize(("name", "data", "why"), BOMBS, ids=[name for name, _, _ in BOMBS])
def test_a_bomb_is_refused_by_its_header(name: str, data: Callable[[], bytes], why: Reason) -> None:
    assert reason(data()) is why


def test_an_avif_that_claims_too_much_is_no_broken_file() -> None:
    data = FILES["AVIF"]
    at = data.index(b"ispe") + 8
    assert reason(data[:at] + struct.pack(">II", 40_000, 40_000) + data[at + 8 :]) is Reason.TOO_MANY_PIXELS


def test_a_text_bomb_in_a_png_is_a_decode_bomb() -> None:
    data = FILES["PNG"]
    at = data.index(b"IDAT") - 4
    bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(8_000_000), 9))
    assert reason(data[:at] + bomb + data[at:]) is Reason.DECODE_BOMB


def test_frames_within_the_bound_are_counted() -> None:
    assert [good(gif_of(n)).frames for n in (1, 2, 200)] == [1, 2, 200]
    assert [good(tiff_of(n)).frames for n in (1, 3, 200)] == [1, 3, 200]


def test_a_file_too_large_to_read_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(FILES["PNG"])
    verdict = examine(path, Bounds(max_bytes=100))
    assert isinstance(verdict, Refusal)
    assert verdict.reason is Reason.TOO_LARGE


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    places: list[str | Path] = [tmp_path / "pipe", tmp_path, tmp_path / "gone", Path("/dev/zero"), "nul\0byte"]
    reasons = [verdict.reason for place in places if isinstance(verdict := examine(place), Refusal)]
    assert reasons == [Reason.NOT_IMAGE, Reason.BROKEN, Reason.BROKEN, Reason.NOT_IMAGE, Reason.BROKEN]


sides = st.integers(0, 70_000)


@given(sides, sides, st.integers(0, 300))
def test_a_header_in_bounds_is_in_all_of_them(width: int, height: int, frames: int) -> None:
    verdict = judge(Header("png", width, height, "RGB", frames), BOUNDS)
    turned = judge(Header("png", height, width, "RGB", frames), BOUNDS)
    assert (verdict is None) == (turned is None)
    if verdict is None:
        assert min(width, height) >= BOUNDS.min_size
        assert max(width, height) <= BOUNDS.max_side
        assert width * height <= BOUNDS.max_pixels
        assert frames <= BOUNDS.max_frames


# the right way up

TURNS = Image.Transpose
UNDONE = {  # how a camera held that way stores the scene
    1: None,
    2: TURNS.FLIP_LEFT_RIGHT,
    3: TURNS.ROTATE_180,
    4: TURNS.FLIP_TOP_BOTTOM,
    5: TURNS.TRANSPOSE,
    6: TURNS.ROTATE_90,
    7: TURNS.TRANSVERSE,
    8: TURNS.ROTATE_270,
}


LEAST_LOSS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 95, "subsampling": 0},
    "AVIF": {"quality": 95},
    "WEBP": {"lossless": True},
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
@pytest.mark.parametrize("value", UNDONE)
def test_all_eight_orientations_are_one_picture(kind: str, value: int) -> None:
    plain = Image.fromarray(scene(320, 256))
    turn = UNDONE[value]
    stored = plain.transpose(turn) if turn is not None else plain
    options = LEAST_LOSS.get(kind, {})
    upright_picture = good(encoded(plain, kind, **options))
    data = encoded(stored, kind, exif=oriented(value), **options)
    picture = good(data)
    assert (picture.width, picture.height) == (320, 256)
    assert (picture.phash, picture.dhash) == (upright_picture.phash, upright_picture.dhash)
    assert kind == "TIFF" or picture.orientation == value
    whole = upright(data)
    assert not isinstance(whole, Refusal)
    assert np.abs(whole.astype(int) - scene(320, 256)).mean() < 3


@pytest.mark.parametrize(
    "exif",
    [b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0" + bytes(range(250)) * 240, oriented(99), oriented(0)],
)
def test_broken_exif_means_no_turn(exif: bytes) -> None:
    picture = good(encoded(scene(), "JPEG", exif=exif))
    assert (picture.width, picture.height, picture.orientation) == (240, 180, 1)


# colour


def shown(picture: Image.Image, kind: str = "PNG", **options: Any) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    whole = upright(encoded(picture, kind, **options))
    assert not isinstance(whole, Refusal), whole
    assert whole.dtype == np.uint8
    assert whole.shape == (picture.height, picture.width, 3)
    return whole


def test_alpha_lies_over_white() -> None:
    half = Image.new("RGBA", (40, 40), (200, 0, 0, 0))
    half.paste((0, 100, 0, 255), (0, 0, 20, 40))
    for kind, options in (("PNG", {}), ("WEBP", {"lossless": True}), ("TIFF", {})):
        seen = shown(half, kind, **options)
        assert (tuple(seen[5, 5]), tuple(seen[5, 35])) == ((0, 100, 0), (255, 255, 255))


def test_grey_with_alpha_and_a_transparent_palette_lie_over_white() -> None:
    grey = Image.new("LA", (40, 40), (10, 0))
    assert shown(grey).min() == 255
    palette = Image.new("P", (40, 40), 0)
    palette.putpalette([9, 9, 9, 200, 100, 50])
    palette.paste(1, (0, 0, 20, 40))
    seen = shown(palette, "PNG", transparency=0)
    assert (tuple(seen[5, 5]), tuple(seen[5, 35])) == ((200, 100, 50), (255, 255, 255))


def test_cmyk_becomes_the_colour_it_prints() -> None:
    seen = shown(Image.new("CMYK", (64, 64), (255, 0, 0, 0)), "JPEG", quality=95)
    assert seen[..., 0].max() < 30
    assert seen[..., 1:].min() > 225
    assert good(encoded(Image.new("CMYK", (64, 64), (255, 0, 0, 0)), "JPEG")).mode == "CMYK"


@pytest.mark.parametrize("top", [255, 4095, 65535])
def test_sixteen_bits_become_eight_by_the_depth_in_use(top: int) -> None:
    ramp = np.linspace(0, top, 64 * 64).reshape(64, 64).astype(np.uint16)
    seen = shown(Image.fromarray(ramp), "TIFF")[..., 0]
    assert (seen.min(), seen.max()) == (0, 255)
    assert np.abs(seen.astype(float) - ramp * (255 / top)).max() <= 1.01


def test_floats_and_wide_integers_are_stretched() -> None:
    ramp = np.linspace(-3, 7, 64 * 64, dtype=np.float32).reshape(64, 64)
    ramp[0, 1] = np.nan
    assert (shown(Image.fromarray(ramp), "TIFF").min(), shown(Image.fromarray(ramp), "TIFF").max()) == (0, 255)
    wide = Image.fromarray((np.arange(64 * 64, dtype=np.int32) * 1000).reshape(64, 64))
    assert shown(wide, "TIFF").max() == 255
    assert shown(Image.fromarray(np.full((40, 40), 5.0, np.float32)), "TIFF").max() == 0


def test_one_bit_is_black_and_white() -> None:
    page = Image.new("1", (40, 40), 1)
    page.paste(0, (0, 0, 20, 40))
    assert set(np.unique(shown(page))) == {0, 255}


def test_a_wide_gamut_is_brought_to_srgb_and_a_broken_profile_ignored() -> None:
    red = Image.new("RGB", (40, 40), (200, 60, 60))
    xyz = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (srgb, b"no profile at all", xyz[:100]):
        assert tuple(shown(red, icc_profile=profile)[0, 0]) == (200, 60, 60)
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert shown(red, icc_profile=lab).shape == (40, 40, 3)


def test_display_p3_is_brought_to_srgb() -> None:
    stored = np.array([150, 120, 90]) / 255
    linear = np.where(stored > 0.04045, ((stored + 0.055) / 1.055) ** 2.4, stored / 12.92)
    # published matrix from linear Display P3 to linear sRGB, both D65
    to_srgb = np.array([[1.2249, -0.2247, 0.0], [-0.0420, 1.0419, 0.0], [-0.0197, -0.0786, 1.0979]])
    there = to_srgb @ linear
    golden = np.where(there > 0.0031308, 1.055 * there ** (1 / 2.4) - 0.055, there * 12.92) * 255
    for kind in ("PNG", "WEBP", "TIFF", "AVIF"):
        options = {"lossless": True} if kind == "WEBP" else {"quality": 100} if kind == "AVIF" else {}
        seen = shown(Image.new("RGB", (40, 40), (150, 120, 90)), kind, icc_profile=display_p3(), **options)
        assert np.abs(seen[20, 20] - golden).max() < 2.5


def test_the_full_decode_keeps_the_bounds_too() -> None:
    for data, why in ((png_of(60_000, 60_000), Reason.TOO_MANY_PIXELS), (b"<html>", Reason.NOT_IMAGE)):
        verdict = upright(data)
        assert isinstance(verdict, Refusal)
        assert verdict.reason is why


@pytest.mark.parametrize(
    ("at_least", "size"), [(0, (480, 640)), (200, (240, 320)), (100, (120, 160)), (999, (480, 640))]
)
def test_a_jpeg_decodes_no_smaller_than_asked(at_least: int, size: tuple[int, int]) -> None:
    whole = upright(encoded(scene(640, 480), "JPEG"), at_least=at_least)
    assert not isinstance(whole, Refusal)
    assert whole.shape[:2] == size
    assert np.abs(whole.mean((0, 1)) - scene(640, 480).mean((0, 1))).max() < 2


# anything at all


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(FORMATS)),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6)), max_size=6),
    st.floats(0, 1.2),
)
def test_no_bytes_raise(name: str, edits: list[tuple[float, bytes]], kept: float) -> None:
    data = bytearray(FILES[name])
    for place, patch in edits:
        at = int(place * len(data))
        data[at : at + len(patch)] = patch
    cut = bytes(data[: int(kept * len(data))])
    assert isinstance(examine_bytes(cut), Picture | Refusal)
    whole = upright(cut)
    assert isinstance(whole, Refusal) or whole.shape[2] == 3
