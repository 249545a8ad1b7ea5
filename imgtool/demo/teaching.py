"""The third act of the demo: a model of what was scraped, asked about pictures that nobody has seen."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from imgtool.demo.painter import picture
from imgtool.demo.world import World

if TYPE_CHECKING:
    from classify.nouns import Learning, Watch
    from classify.scores import Rate

ELSEWHERE = 1_000_003  # added to the world's seed: pictures that are in no web
STRANGER = "pattern"  # what is drawn of no class
MANY = 200  # the number of the picture that is asked about; any that the scrape cannot have met


@dataclass(frozen=True, slots=True)
class Asked:
    """A new picture, and what the model says of it."""

    label: str  # what was drawn
    said: str
    probability: float
    sure: bool


@dataclass(frozen=True, slots=True)
class Taught:
    """What the model is worth."""

    learnt: int  # pictures
    accuracy: Rate  # of pictures it never saw
    fresh: tuple[Asked, ...]  # one new picture of each class
    seconds: float


def learning() -> Learning:
    """What fits a web of drawings and a machine without internet: edges and colours counted, no weights of others."""
    from classify.nouns import Learning, Recipe

    return Learning(recipe=Recipe("small", weights="none"), head="logistic", augment="light", views=2)


def teach(world: World, data: Path, out: Path, watch: Watch | None = None, *, reported: bool = False) -> Taught:
    """Train on the dataset, and ask; the model stays at `out`, and its report beside it if that is wanted."""
    from classify.nouns import unwatched
    from imgtool.pipeline.train import train

    began = time.perf_counter()
    made = train(data, learning(), out, steps=watch or unwatched)
    if reported:
        from imgtool.pipeline.beside import report_of
        from imgtool.web import learned

        learned.write(made.report, report_of(out))
    learnt = sum(made.card.counts["train"].values())
    return Taught(learnt, made.report.scores.accuracy, tuple(asked(world, out)), time.perf_counter() - began)


def asked(world: World, model: Path) -> Iterator[Asked]:
    """A new picture of each class, and what is said of it."""
    from imgtool.pipeline.predict import load

    held = load(model)
    with TemporaryDirectory(prefix="imgtool-demo-") as room:
        for label in world.classes:
            file = Path(room) / "new.jpg"
            file.write_bytes(picture(label, MANY, world.seed + ELSEWHERE))
            said = next(held.stream(file))
            yield Asked(label, said.label, said.probability, said.sure)


def samples(world: World, folder: Path, each: int = 3) -> tuple[Path, ...]:
    """Pictures to try, of classes in turn: none of them is in the web, and the last shows nothing it knows."""
    folder.mkdir()
    numbers = [(label, MANY + number) for number in range(1, each + 1) for label in world.classes]
    made = []
    for place, (label, number) in enumerate([*numbers, (STRANGER, MANY)]):
        made.append(folder / f"{place}.jpg")
        made[-1].write_bytes(picture(label, number, world.seed + ELSEWHERE))
    return tuple(made)
