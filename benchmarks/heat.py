"""Does heat show what the network needs, and are the nearest pictures of the right class?

    python benchmarks/heat.py model.keras FOLDER          # class folders it has not learnt from; a minute

Each picture is asked about again with a quarter of it under its mean colour, and with all but that quarter so: the
quarter that is hottest, and one taken by chance.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import numpy as np
from download import machine
from numpy.typing import NDArray

import imgtool
from classify.calibrate import probabilities
from classify.nouns import Pixels
from curate.bounds import BOUNDS
from curate.pixels.canvas import scaled
from curate.pixels.whole import Whole, whole
from imgtool.pipeline.predict import Model

RESULT = Path(__file__).parent / "results" / "heat.md"
COUNT = 200  # pictures
SHARE = 1 / 4  # of a picture

Mask: TypeAlias = NDArray[np.bool_]


def pictures(folder: Path, size: int) -> Iterator[tuple[str, Pixels]]:
    """Some of each class, as the network is shown them."""
    labels = sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    for label in labels:
        files = sorted((folder / label).iterdir())
        for file in random.Random(0).sample(files, min(COUNT // len(labels), len(files))):
            found = whole(file.read_bytes(), BOUNDS)
            if isinstance(found, Whole):
                yield label, scaled(found.pixels, size, "stretch")


def quarter(heat: NDArray[np.floating]) -> Mask:
    """The hottest part of a grid."""
    hot = np.zeros(heat.size, bool)
    hot[np.argsort(-heat.ravel(), kind="stable")[: round(heat.size * SHARE)]] = True
    return hot.reshape(heat.shape)


def covered(pixels: Pixels, mask: Mask) -> Pixels:
    """The picture with that part under its mean colour."""
    rows, columns = (np.arange(side) * count // side for side, count in zip(pixels.shape, mask.shape, strict=False))
    shown = pixels.copy()
    shown[mask[rows][:, columns]] = pixels.reshape(-1, 3).mean(0)
    return shown


def asked(model: Model, shown: list[Pixels], places: NDArray[np.intp]) -> float:
    """The mean probability of these classes."""
    shares = probabilities(model.answers(shown).logits, model.card.temperature)
    return float(shares[np.arange(len(places)), places].mean())


def rows(model: Model, shown: list[Pixels]) -> Iterator[tuple[str, float, float]]:
    """Which quarter, what is left without it, and what with it alone."""
    places = model.answers(shown).logits.argmax(1)
    yield "the whole picture", asked(model, shown, places), asked(model, shown, places)
    chance = np.random.default_rng(0)
    heats = [model.heat(pixels, model.labels[place]) for pixels, place in zip(shown, places, strict=True)]
    ways: dict[str, Callable[[NDArray[np.float32]], NDArray[np.floating]]] = {
        "the hottest": lambda heat: heat,
        "one by chance": lambda heat: chance.random(heat.shape),
    }
    for name, way in ways.items():
        masks = [quarter(way(heat)) for heat in heats if heat is not None]
        less, only = (
            [covered(pixels, mask ^ turned) for pixels, mask in zip(shown, masks, strict=True)]
            for turned in (False, True)
        )
        yield name, asked(model, less, places), asked(model, only, places)


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("model")
    reader.add_argument("folder", type=Path)
    given = reader.parse_args()
    model = imgtool.load(given.model)
    seen = list(pictures(given.folder, model.card.size))
    what = f"{len(seen)} pictures of {', '.join(model.labels)}; {model.card.backbone} {model.card.alpha:g}"
    said = [f"`python benchmarks/heat.py model.keras FOLDER`; {what}, {model.card.head} head; {machine()}", ""]
    said += ["| quarter | without it | with it alone |", "|---|--:|--:|"]
    said += [f"| {name} | {less:.3f} | {only:.3f} |" for name, less, only in rows(model, [each for _, each in seen])]
    near = [(label, model.nearest(pixels)) for label, pixels in seen]
    right = [one.label == label for label, like in near for one in like]
    if right:
        said += ["", f"Of the {len(near[0][1])} nearest training pictures, {np.mean(right):.0%} are of the true class."]
    print("\n".join(said))
    RESULT.write_text("# Heat and neighbours, of pictures that were not learnt from\n\n" + "\n".join(said) + "\n")


if __name__ == "__main__":
    main()
