"""Drawn pictures, and what the checks say of each."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from curate.admit import examine, examine_bytes
from curate.checks import CHECKS
from curate.quality import NAMES, findings
from imgtool.errors import UsageError
from imgtool.records import Entry, Finding, Picture
from tests.made import picture
from tests.painted import encoded

SHARED = Path(__file__).parents[3] / "shared" / "data"


def photo(width: int = 480, height: int = 360, seed: int = 0) -> Image.Image:
    """Something with the tones and the edges of a photograph: noise at every scale, as nature has it."""
    rng = np.random.default_rng(seed)
    pixels = np.zeros((height, width, 3))
    for octave in range(9):
        side = 3 * 2**octave
        coarse = Image.fromarray(rng.integers(0, 256, (side, side, 3), dtype=np.uint8))
        pixels += np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC), np.float64) * 0.8**octave
    low, high = np.quantile(pixels, (0.01, 0.99))
    return Image.fromarray(np.clip((pixels - low) / (high - low) * 255, 0, 255).astype(np.uint8))


def entry(image: Image.Image, path: str = "cat/1.jpg", kind: str = "JPEG") -> Entry:
    seen = examine_bytes(encoded(image, kind))
    assert isinstance(seen, Picture)
    return Entry(path, "cat", seen)


def lit(by: float) -> Image.Image:
    return photo().point(lambda value: int(value * by))


def faded(left: float) -> Image.Image:
    return photo().point(lambda value: int(255 - (255 - value) * left))


def card() -> Image.Image:
    image = Image.new("RGB", (400, 300), "white")
    ImageDraw.Draw(image).text((100, 140), "Image not available", fill="gray", font_size=22)
    return image


def gradient() -> Image.Image:
    return Image.fromarray(np.tile(np.linspace(40, 95, 400).astype(np.uint8), (300, 1)))


def halves() -> Image.Image:
    image = Image.new("RGB", (400, 300), "black")
    image.paste("white", (0, 0, 200, 300))
    return image


DRAWN: Mapping[str, tuple[Image.Image, set[str]]] = {
    "a photograph": (photo(), set()),
    "another": (photo(640, 640, seed=7), set()),
    "all white": (Image.new("RGB", (300, 200), "white"), {"blank"}),
    "all black": (Image.new("RGB", (300, 200), "black"), {"blank"}),
    "all red": (Image.new("RGB", (300, 200), "red"), {"blank"}),
    "no light": (lit(0.3), {"dark"}),
    "faded": (faded(0.35), {"bright"}),
    "a card": (card(), {"low_information", "bright"}),
    "half and half": (halves(), {"low_information"}),
    "gradient": (gradient(), {"low_information", "dark", "blurred"}),
    "blurred": (photo().filter(ImageFilter.GaussianBlur(360 * 0.03)), {"blurred"}),
    "a ribbon": (photo(900, 160), {"shape"}),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_drawn_picture_gets_its_findings(name: str) -> None:
    image, expected = DRAWN[name]

    found = {finding.check for finding in findings([entry(image)])}

    # a darkened, faded or soft picture has fewer tones as well, and a card may look soft: that is no mistake
    assert expected <= found <= expected | ({"low_information", "blurred"} if expected else set())


def test_white_noise_is_not_blank_though_its_thumbnail_is_grey() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (1200, 1200), dtype=np.uint8)
    assert "blank" not in {finding.check for finding in findings([entry(Image.fromarray(noise))])}


@pytest.mark.parametrize("share", [0.01, 0.02, 0.04, 0.08])
def test_a_blur_of_a_hundredth_of_the_side_and_more_is_found(share: float) -> None:
    soft = photo().filter(ImageFilter.GaussianBlur(360 * share))
    assert [finding.check for finding in findings([entry(soft)], only=["blurred"])] == ["blurred"]


@pytest.mark.parametrize("width", [240, 480, 960, 1600])
def test_the_same_blur_is_found_at_every_size(width: int) -> None:
    sharp = photo(1600, 1200).resize((width, width * 3 // 4))
    soft = sharp.filter(ImageFilter.GaussianBlur(width * 0.75 * 0.02))

    found = findings([entry(sharp, "cat/sharp.jpg"), entry(soft, "cat/soft.jpg")], only=["blurred"])

    assert [finding.path for finding in found] == ["cat/soft.jpg"]


def test_tiny_is_said_of_a_picture_that_is_small_in_its_set() -> None:
    large = [Entry(f"cat/{n}.jpg", "cat", picture(b"%d" % n)) for n in range(5)]
    small = Entry("cat/s.jpg", "cat", picture(b"s", width=60, height=50))
    assert [finding.path for finding in findings([*large, small], only=["tiny"])] == ["cat/s.jpg"]


def test_a_set_of_icons_has_no_tiny_picture() -> None:
    icons = [Entry(f"cat/{n}.jpg", "cat", picture(b"%d" % n, width=32, height=32)) for n in range(5)]
    assert findings(icons, only=["tiny"]) == []


def test_a_file_under_many_addresses_is_a_placeholder() -> None:
    once, often = (Entry(f"cat/{name}.jpg", "cat", picture(name.encode())) for name in ("once", "often"))
    urls = {once.picture.sha256: 2, often.picture.sha256: 6}

    found = findings([once, often], urls, only=["placeholder"])

    assert [(f.path, f.detail) for f in found] == [("cat/often.jpg", "the same file under 6 addresses")]
    assert 0.5 < found[0].score < 1


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"frames": 12, "format": "gif", "mode": "P"}, "12 frames"),
        ({"mode": "CMYK"}, "printing"),
        ({"mode": "I;16"}, "16 bits"),
        ({"mode": "F"}, "stretched"),
        ({"mode": "RGBA"}, "transparency"),
        ({"mode": "P"}, "palette"),
    ],
    ids=str,
)
def test_an_odd_way_of_storing_is_said(facts: dict[str, Any], word: str) -> None:
    (found,) = findings([Entry("cat/1.jpg", "cat", picture(**facts))], only=["odd"])
    assert word in found.detail


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_usual_ways_of_storing_are_not_odd(mode: str) -> None:
    assert findings([Entry("cat/1.jpg", "cat", picture(mode=mode))], only=["odd"]) == []


@pytest.mark.parametrize(("name", "is_wrong"), [("a.jpg", 0), ("a.JPEG", 0), ("a.png", 1), ("a", 1), ("a.jpg.webp", 1)])
def test_a_name_of_another_format_is_said(name: str, is_wrong: int) -> None:
    assert len(findings([Entry(f"cat/{name}", "cat", picture())], only=["misnamed"])) == is_wrong


def test_findings_come_by_suspicion_and_in_any_order_of_entries_the_same() -> None:
    entries = [entry(image, f"cat/{name}.jpg") for name, (image, _) in DRAWN.items()]

    found = findings(entries)

    assert [f.score for f in found] == sorted((f.score for f in found), reverse=True)
    assert all(0.5 <= f.score <= 1 for f in found)
    assert findings(entries[::-1]) == found


def test_only_the_checks_asked_for_are_told() -> None:
    found = findings([entry(Image.new("RGB", (300, 20), "white").resize((900, 160)))], only=["shape"])
    assert [f.check for f in found] == ["shape"]


def test_nothing_is_found_in_nothing() -> None:
    assert findings([]) == []


def test_an_unknown_check_is_named_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="'blurry'") as caught:
        findings([], only=["blurry"])
    assert "blurred" in caught.value.hint


def test_every_check_is_listed_once() -> None:
    assert len(set(NAMES)) == len(NAMES) == len(CHECKS) + 2


@pytest.mark.shared
def test_real_photographs_raise_few_alarms_and_wrong_names_are_all_found() -> None:
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is absent")
    root = SHARED / "bears_raw"
    files = [path for path in sorted(root.rglob("*.*")) if path.suffix != ".csv" and path.parent != root]
    seen = [(path, examine(path)) for path in files]
    bears = [Entry(f"{p.parent.name}/{p.name}", p.parent.name, v) for p, v in seen if isinstance(v, Picture)]

    found = findings(bears)

    wrong = (root / "wrong_extension.csv").read_text().splitlines()[1:]
    assert sorted(f.path for f in found if f.check == "misnamed") == sorted(line.split(",")[0] for line in wrong)
    assert len(of_looks(found)) <= 10  # of 164: white studio backdrops, and one or two soft ones


def of_looks(found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.check not in ("misnamed", "odd")]
