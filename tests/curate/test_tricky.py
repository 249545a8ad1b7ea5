"""Real files from image libraries' own test suites: each gets the verdict it deserves."""

import csv
from pathlib import Path

import pytest

from curate.admit import Verdict, examine
from curate.examiners import examine_all
from imgtool.records import Picture, Reason

TRICKY = Path(__file__).parents[2] / ".." / "shared" / "data" / "tricky"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not TRICKY.is_dir(), reason="no ../shared/data/tricky here"),
]

# Which files are refused and why, judged by hand from what they are; every other one is a picture.
REFUSED = {
    Reason.UNSUPPORTED: """
        pillow/black_and_white.ico pillow/decompression_bomb.ico pillow/hopper.ico pillow/hopper.ppm
        pillow/negative_size.ppm pillow/unbound_variable.jp2 libvips/blankpage.svg libvips/favicon.ico
        libvips/invisible.ico libvips/issue412.jp2 libvips/logo.svg libvips/logo.svgz libvips/world.jp2
        libvips/page-box.pdf imagededup_formats/baboon.pgm imagededup_formats/marbles.pbm""",
    Reason.NOT_IMAGE: "libvips/truncated.svgz",
    Reason.TRUNCATED: """
        pillow/truncated_end_chunk.png pillow/truncated_image.png pillow/truncated_jpeg.jpg pillow/ultrahdr.jpg
        pillow_bmp_bad/shortfile.bmp libvips/truncated.gif libvips/truncated.jpg""",
    Reason.BROKEN: """
        pillow/broken.png pillow/broken_data_stream.png pillow/unknown_compression_method.png
        pillow/zero_width.gif pillow/seek_too_large.tif wild/pokedex_charmander_00000287.jpg
        pillow/oom-225817ca0f8c663be7ab4b9e717b02c661e66834.tif
        pillow/crash-86214e58da443d2b80820cff9677a38a33dcbbca.tif
        pillow_bmp_bad/badheadersize.bmp pillow_bmp_bad/badpalettesize.bmp pillow_bmp_bad/badbitcount.bmp""",
    Reason.TOO_MANY_PIXELS: """
        pillow/decompression_bomb.gif pillow_bmp_bad/reallybig.bmp pillow_bmp_bad/badwidth.bmp
        libvips/17000x17000.avif""",
    Reason.DECODE_BOMB: "pillow/png_decompression_dos.png",
    Reason.BAD_ASPECT: "libvips/1bit.tif libvips/2bit.tif",
    Reason.TOO_SMALL: """
        pillow/comment_after_last_frame.gif pillow/duplicate_frame.gif pillow/empty_gps_ifd.jpg
        pillow/icc-after-SOF.jpg pillow/multiple_exif.jpg pillow/no_palette.gif pillow/orientation_rectangle.jpg
        pillow/padded_idat.png pillow/tRNS_null_1x1.png pillow/tiny.png pillow/transparent_dispose.gif
        pillow/xmp_tags_orientation_exiftool.png pillow/lab.tif libvips/big-height.webp
        libvips/invalid_multiframe.gif libvips/small.bmp""",
}
WHY = {name: reason for reason, names in REFUSED.items() for name in names.split()}
SIDEWAYS = range(5, 9)


def rows() -> dict[str, dict[str, str]]:
    with (TRICKY / "pillow13_verdict.csv").open(newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file)}


def agrees(row: dict[str, str], picture: Picture) -> bool:
    """Are a picture's facts those that Pillow names, the right way up?"""
    turn = int(row["exif_orientation"]) if row["exif_orientation"].isdigit() else 1
    width, height = int(row["width"]), int(row["height"])
    if turn in SIDEWAYS:
        width, height = height, width
    known = (row["magic"], row["mode"], int(row["n_frames"]), width, height, turn)
    return known == (
        picture.format, picture.mode, picture.frames, picture.width, picture.height, picture.orientation,
    )  # fmt: skip


def fair(name: str, row: dict[str, str], verdict: Verdict) -> bool:
    if isinstance(verdict, Picture):
        return name not in WHY and agrees(row, verdict)
    return WHY.get(name) is verdict.reason


def test_every_tricky_file_gets_its_verdict() -> None:
    known = rows()
    verdicts = {
        str(path.relative_to(TRICKY)): verdict for path, verdict in examine_all([TRICKY / name for name in known], 2)
    }
    assert verdicts.keys() == known.keys()
    assert {name: verdict for name, verdict in verdicts.items() if not fair(name, known[name], verdict)} == {}


@pytest.mark.parametrize(
    ("pattern", "within"), [("pillow/hopper_orientation_{}.jpg", 4), ("libvips/rotation/{}.jpg", 8)]
)
def test_photographs_in_eight_orientations_hash_alike(pattern: str, within: int) -> None:
    found = [examine(path) for value in range(1, 9) if (path := TRICKY / pattern.format(value)).exists()]
    hashes = [verdict.phash for verdict in found if isinstance(verdict, Picture)]
    assert len(hashes) >= 7
    assert max((a ^ b).bit_count() for a in hashes for b in hashes) <= within


@pytest.mark.parametrize(
    "stem", ["rot0mir0", "rot0mir1", "rot1mir0", "rot1mir1", "rot2mir0", "rot2mir1", "rot3mir0", "rot3mir1"]
)
def test_avif_turns_by_its_own_boxes(stem: str) -> None:
    picture = examine(TRICKY / "pillow_avif" / f"{stem}.avif")
    assert isinstance(picture, Picture)
    assert (picture.width, picture.height) == (640, 427)
