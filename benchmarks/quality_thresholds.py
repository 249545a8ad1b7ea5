"""Where the thresholds of curate/checks.py come from: real photographs, and faults made of them.

    python benchmarks/quality_thresholds.py ../shared/data          # Markdown tables on standard output

Three sets of photographs say how seldom a measure goes beyond a threshold where nothing is wrong (or where
something is: a scrape holds dark and blurred pictures of its own, so this overstates false alarms);
generated faults say how often a threshold finds them. Everything is seeded; 2 cores, about two minutes.
"""

from __future__ import annotations

import argparse
import io
import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from curate.admit import examine_bytes
from curate.checks import CHECKS, Check
from curate.examiners import examine_all
from curate.views import FALL, USUAL, View, fineness, reduced, short, view
from imgtool.records import Entry, Picture

PHOTOGRAPHS = ("cats_dogs", "caltech101_subset", "bears_raw")
SMALL = "cifar10_jpg"  # photographs of 32 px: not among those that set thresholds
EACH = 80  # photographs of each set that faults are made of
CARDS = 60  # drawings of each kind
LONGEST = 1200  # px: larger photographs are shrunk before the fault is made, for time
FALLING, SIDES = 400, (164, 200, 240, 318, 330, 400, 470, 640)  # photographs, px
AT = (0.0, 0.001, 0.005, 0.5, 0.995, 0.999, 1.0)

Sight = tuple[str, View]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    real = [sight for name in PHOTOGRAPHS for sight in photographs(data / name)]
    small = list(photographs(data / SMALL))
    print(f"Fineness falls with the hashed size to the power {fall(data):.2f} (median of photographs).\n")
    faults = list(spoilt(data))
    cards = list(drawn())
    quantiles(real)
    alarms([*real, *small])
    rates("Photographs made worse: share found", faults)
    rates("Drawn pictures: share found", cards)


def photographs(folder: Path) -> Iterator[Sight]:
    """Every picture of a set, by its stored facts."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix not in (".csv", ".txt"))
    facts = [(path, verdict) for path, verdict in examine_all(files) if isinstance(verdict, Picture)]
    usual = float(np.median([min(p.width, p.height) for _, p in facts]))
    for path, picture in sorted(facts, key=lambda found: found[0]):
        yield folder.name, view(Entry(path.name, "", picture), 1, usual)


def quantiles(sights: list[Sight]) -> None:
    """How each measure is spread over the photographs."""
    print(f"### {len(sights):,} photographs: quantiles of each measure\n")
    print("| check | measure | " + " | ".join(f"{q:g}" for q in AT) + " | at | sure |\n|" + "---|" * (len(AT) + 4))
    for check in CHECKS:
        values = measured(check, [seen for _, seen in sights])
        if len(values):
            cells = " | ".join(f"{value:.3g}" for value in np.quantile(values, AT))
            print(f"| {check.name} | `{check.measure.__name__}` | {cells} | {check.at:g} | {check.sure:g} |")
    print()


def measured(check: Check, seen: Iterable[View]) -> list[float]:
    """The finite values of a measure; tiny's condition on its set is set aside."""
    if check.name == "tiny":
        return [float(min(one.entry.picture.width, one.entry.picture.height)) for one in seen]
    return [value for one in seen if math.isfinite(value := check.measure(one))]


def alarms(sights: list[Sight]) -> None:
    """Photographs that each check names, by set."""
    sets = Counter(name for name, _ in sights)
    print("### Photographs named, of how many (in brackets: with score 1)\n")
    print("| check | " + " | ".join(f"{name} ({count})" for name, count in sets.items()) + " |")
    print("|" + "---|" * (len(sets) + 1))
    for check in CHECKS:
        scores = {name: [check.score(check.measure(seen)) for n, seen in sights if n == name] for name in sets}
        cells = (f"{sum(s > 0 for s in found)} ({sum(s == 1 for s in found)})" for found in scores.values())
        print(f"| {check.name} | {' | '.join(cells)} |")
    print()


def rates(title: str, sights: list[Sight]) -> None:
    """The share of each kind of fault that each check finds."""
    kinds: dict[str, list[View]] = defaultdict(list)
    for name, seen in sights:
        kinds[name].append(seen)
    checks = [check for check in CHECKS if check.name not in ("placeholder", "tiny", "shape")]
    print(f"### {title}\n\n| fault | n | " + " | ".join(check.name for check in checks) + " |")
    print("|" + "---|" * (len(checks) + 2))
    for name, seen in kinds.items():
        cells = (f"{np.mean([check.score(check.measure(one)) > 0 for one in seen]):.3f}" for check in checks)
        print(f"| {name} | {len(seen)} | {' | '.join(cells)} |")
    print()


def spoilt(data: Path) -> Iterator[Sight]:
    """Each fault, made of a seeded sample of photographs."""
    rng = random.Random(1)
    for name in PHOTOGRAPHS:
        files = sorted(p for p in (data / name).rglob("*") if p.is_file() and p.suffix not in (".csv", ".txt"))
        for path in rng.sample(files, EACH):
            with Image.open(path) as opened:
                photo = opened.convert("RGB")
            photo.thumbnail((LONGEST, LONGEST))
            for fault, make in FAULTS.items():
                yield from seen_as(fault, make(photo))


def fall(data: Path) -> float:
    """The power of the hashed size with which fineness falls: the same photographs, at sizes hashed alike."""
    rng = random.Random(3)
    slopes = []
    files = sorted((data / "bears_raw").rglob("*.jp*g")) + sorted((data / "cats_dogs").rglob("*.jpg"))
    for path in rng.sample(files, FALLING):
        with Image.open(path) as opened:
            photo = opened.convert("RGB")
        seen = [
            one for side in SIDES if side <= min(photo.size) for one in seen_as("", resized(photo, side), quality=90)
        ]
        points = [(math.log(hashed(one)), math.log(fineness(one) / (hashed(one) / USUAL) ** FALL)) for _, one in seen]
        if len(points) > 3:
            slopes.append(float(np.polyfit(*zip(*points, strict=True), 1)[0]))
    return -float(np.median(slopes))


def hashed(seen: View) -> float:
    """The shorter side of the pixels that were hashed."""
    return short(seen) / reduced(seen.entry.picture.pixels)


def resized(image: Image.Image, side: int) -> Image.Image:
    """The picture with that shorter side."""
    by = side / min(image.size)
    return image.resize((round(image.width * by), round(image.height * by)), Image.Resampling.LANCZOS)


def seen_as(name: str, image: Image.Image, kind: str = "JPEG", quality: int = 85) -> Iterator[Sight]:
    """The picture as it would be stored."""
    file = io.BytesIO()
    image.save(file, kind, quality=quality)
    picture = examine_bytes(file.getvalue())
    if isinstance(picture, Picture):
        yield name, view(Entry(name, "", picture), 1, 0.0)


def exposed(image: Image.Image, stops: float) -> Image.Image:
    """More or less light, in linear light, clipped at white."""
    light = (np.asarray(image) / 255) ** 2.2 * 2.0**stops
    return Image.fromarray((np.clip(light, 0, 1) ** (1 / 2.2) * 255).round().astype(np.uint8))


def faded(image: Image.Image, left: float) -> Image.Image:
    """Contrast taken away towards white."""
    return Image.fromarray((255 - (255 - np.asarray(image).astype(np.float32)) * left).astype(np.uint8))


def soft(image: Image.Image, share: float) -> Image.Image:
    """A Gaussian blur of that share of the shorter side."""
    return image.filter(ImageFilter.GaussianBlur(min(image.size) * share))


def moved(image: Image.Image, share: float) -> Image.Image:
    """The camera moved sideways by that share of the shorter side."""
    steps = max(2, int(min(image.size) * share))
    pixels = np.asarray(image).astype(np.float32)
    return Image.fromarray((sum(np.roll(pixels, step, 1) for step in range(steps)) / steps).astype(np.uint8))


def enlarged(image: Image.Image, side: int) -> Image.Image:
    """A thumbnail of that shorter side, blown up again."""
    return resized(image, side).resize(image.size, Image.Resampling.BICUBIC)


def marked(image: Image.Image) -> Image.Image:
    """A stock agency's grid of half-transparent words."""
    layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
    draw, font = ImageDraw.Draw(layer), ImageFont.load_default(size=max(10, min(image.size) // 12))
    for y in range(0, image.height, max(1, image.height // 4)):
        for x in range(-image.width // 8, image.width, max(1, image.width // 3)):
            draw.text((x, y), "stockphoto", (255, 255, 255, 110), font=font)
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")


Fault = Callable[[Image.Image], Image.Image]
FAULTS: dict[str, Fault] = {
    "as it is": lambda image: image,
    **{f"{stops} stops": lambda image, n=stops: exposed(image, n) for stops in (-2, -3, -4, -5, -6)},
    **{f"+{stops} stops": lambda image, n=stops: exposed(image, n) for stops in (1, 2, 3, 4)},
    **{f"faded to {left:.0%}": lambda image, k=left: faded(image, k) for left in (0.4, 0.2, 0.1)},
    **{f"blur {s:.2%} of the side": lambda image, k=s: soft(image, k) for s in (0.0025, 0.005, 0.01, 0.02, 0.03, 0.05)},
    **{f"moved {s:.0%} of the side": lambda image, k=s: moved(image, k) for s in (0.02, 0.05)},
    **{f"enlarged from {side} px": lambda image, n=side: enlarged(image, n) for side in (32, 48, 64)},
    "watermark": marked,
}


def drawn() -> Iterator[Sight]:
    """Blanks, cards and logos on seeded colours and sizes, each as JPEG and as PNG."""
    rng = np.random.default_rng(0)
    for number in range(CARDS):
        width, height = (int(side) for side in rng.integers(150, 900, 2))
        ground = rng.integers(0, 256, 3) if number % 3 else rng.integers(225, 256, 3)
        ink = (ground + 128 + rng.integers(-60, 60, 3)) % 256
        for name, image in designs(width, height, ground, ink, rng):
            for kind in ("JPEG", "PNG"):
                yield from seen_as(name, image, kind)


def designs(
    width: int, height: int, ground: np.ndarray, ink: np.ndarray, rng: np.random.Generator
) -> Iterator[tuple[str, Image.Image]]:
    """One picture of each kind."""
    flat = Image.new("RGB", (width, height), rgb(ground))
    ramp = np.linspace(0, 1, width)[None, :, None] * np.ones((height, 1, 1))
    yield "flat", flat
    yield "flat, noise", array(np.asarray(flat) + rng.normal(0, 4, (height, width, 1)))
    yield "flat, soft light", array(ground + ramp * 16 - 8)
    yield "gradient", array(ground * (1 - ramp) + ink * ramp)
    yield "halves", on(flat, lambda draw: draw.rectangle((0, 0, width // 2, height), fill=rgb(ink)))
    yield "icon", on(flat, lambda draw: icon(draw, width, height, rgb(ink)))
    yield "card", on(flat, lambda draw: card(draw, width, height, rgb(ink)))
    yield "page of text", on(flat, lambda draw: page(draw, height, rgb(ink)))


def rgb(values: np.ndarray) -> tuple[int, int, int]:
    """A colour for Pillow."""
    red, green, blue = (int(value) for value in values)
    return red, green, blue


def array(values: np.ndarray) -> Image.Image:
    """Rows × columns × RGB as a picture."""
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def on(ground: Image.Image, paint: Callable[[ImageDraw.ImageDraw], None]) -> Image.Image:
    """A copy of the ground, painted on."""
    copy = ground.copy()
    paint(ImageDraw.Draw(copy))
    return copy


def icon(draw: ImageDraw.ImageDraw, width: int, height: int, ink: tuple[int, int, int]) -> None:
    """A framed dot in the middle."""
    x, y, r = width // 2, height // 2, min(width, height) // 6
    draw.rectangle((x - r, y - r, x + r, y + r), outline=ink, width=max(2, r // 8))
    draw.ellipse((x - r // 2, y - r // 2, x, y), fill=ink)


def card(draw: ImageDraw.ImageDraw, width: int, height: int, ink: tuple[int, int, int]) -> None:
    """What a server sends instead of a picture."""
    font = ImageFont.load_default(size=max(10, width // 14))
    draw.text((width // 2, height // 2), "Image not available", fill=ink, font=font, anchor="mm")


def page(draw: ImageDraw.ImageDraw, height: int, ink: tuple[int, int, int]) -> None:
    """Lines of small print."""
    font = ImageFont.load_default(size=max(9, height // 30))
    for y in range(5, height - 10, max(12, height // 22)):
        draw.text((8, y), "the quick brown fox jumps over the lazy dog " * 4, fill=ink, font=font)


if __name__ == "__main__":
    main()
