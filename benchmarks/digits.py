"""How well digits are read: taught on 8,000 of MNIST's test digits, tried on the other 2,000 in many drawings.

    python benchmarks/digits.py ../shared/data/mnist [model.keras]

With a model's file, that one is tried; otherwise one is taught first. The table is in docs/digits.md.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

import imgtool
from classify.digits import read
from classify.file import Classifier
from imgtool.pipeline.digits import learn_digits
from imgtool.pipeline.numerals import primer

Drawing = NDArray[np.uint8]
SIDE = 280  # px: ten for each of MNIST's, a usual canvas
MANY = 500  # digits judged at once


def canvas(digit: Drawing) -> Image.Image:
    """The digit with smooth edges, white on black, as if drawn with a pen on a canvas."""
    large = Image.fromarray(digit).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    return large.filter(ImageFilter.GaussianBlur(4)).point(lambda grey: 255 if grey > 127 else 0)


def placed(digit: Drawing, share: float, at: tuple[float, float], size: tuple[int, int] = (400, 400)) -> Drawing:
    """On a larger canvas, smaller and somewhere else."""
    small = canvas(digit).resize((round(SIDE * share), round(SIDE * share)), Image.Resampling.LANCZOS)
    whole = Image.new("L", size)
    whole.paste(small, tuple(round((a - b) * c) for a, b, c in zip(size, small.size, at, strict=True)))
    return np.asarray(whole)


def papered(digit: Drawing) -> Drawing:
    """Blue ink on uneven paper, with noise, as a JPEG."""
    ink = np.asarray(canvas(digit).filter(ImageFilter.GaussianBlur(1)), np.float32)[..., None] / 255
    paper = np.linspace(215, 240, SIDE)[:, None, None] * np.array([1.0, 0.98, 0.92])
    rough = np.random.default_rng(int(digit.sum())).normal(0, 6, (SIDE, SIDE, 3))
    shown = Image.fromarray(np.uint8((paper * (1 - ink) + np.array([40, 50, 120]) * ink + rough).clip(0, 255)))
    file = io.BytesIO()
    shown.save(file, "JPEG", quality=50)
    return np.asarray(Image.open(file).convert("RGB"))


def cut_out(digit: Drawing) -> Drawing:
    """Black strokes on nothing."""
    alpha = np.asarray(canvas(digit))
    return np.dstack([np.zeros((SIDE, SIDE, 3), np.uint8), alpha])


WAYS: dict[str, Callable[[Drawing], Drawing]] = {
    "as MNIST has it": lambda digit: digit,
    "on a canvas": lambda digit: np.asarray(canvas(digit)),
    "inverted": lambda digit: 255 - np.asarray(canvas(digit)),
    "in a corner, small": lambda digit: placed(digit, 0.4, (0.05, 0.9)),
    "on a wide canvas": lambda digit: placed(digit, 0.8, (0.8, 0.5), (900, 260)),
    "with a marker": lambda digit: np.asarray(canvas(digit).filter(ImageFilter.MaxFilter(13))),
    "with a very broad marker": lambda digit: np.asarray(canvas(digit).filter(ImageFilter.MaxFilter(23))),
    "with a fine pen": lambda digit: np.asarray(canvas(digit).filter(ImageFilter.MinFilter(7))),
    "blue on paper, noisy": papered,
    "strokes on nothing": cut_out,
    "small, 20 px": lambda digit: 255 - np.asarray(canvas(digit).resize((20, 20), Image.Resampling.LANCZOS)),
}


def main(place: Path, model: str = "") -> None:
    with tempfile.TemporaryDirectory() as folder:
        if not model:
            began, model = time.perf_counter(), f"{folder}/digits.keras"
            report = learn_digits(place, model, work=folder).report
            low, high = report.scores.accuracy.interval
            print(
                f"Taught in {time.perf_counter() - began:.0f} s;"
                f" {report.scores.accuracy.share:.4f} ({low:.4f}-{high:.4f})"
            )
        classifier = Classifier.load(model)
        test = primer(place, int(str(classifier.card.learning["seed"])), lambda _: None).parts["test"]
        usual = 0.0
        print("| drawn | accuracy | of the usual | ms a drawing |\n|---|---|---|---|")
        for name, way in WAYS.items():
            drawings = [way(digit) for digit in test.digits]
            began = time.perf_counter()
            batch = np.concatenate([read(drawing) for drawing in drawings])
            spent = (time.perf_counter() - began) / len(batch) * 1000
            parts = (batch[start : start + MANY] for start in range(0, len(batch), MANY))
            said = np.concatenate([classifier.answers(part).logits.argmax(axis=1) for part in parts])
            right = float((said == test.targets).mean())
            usual = usual or right
            print(f"| {name} | {right:.4f} | {right / usual:.3f} | {spent:.1f} |", flush=True)


if __name__ == "__main__":
    print(f"imgtool {imgtool.__version__}")
    main(Path(sys.argv[1]), *sys.argv[2:3])
