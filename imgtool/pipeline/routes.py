"""The ways to a model: a head on frozen features, the last block fine-tuned, a network from nothing.

Each takes a Room and leaves what it Learnt; all of them see training and validation pictures alone, and answer for
the test pictures at the end.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from classify.nouns import Answers, Course, Epoch, Learning, Network, Targets, Watch
from imgtool.errors import UsageError
from imgtool.pipeline.clock import Clock
from imgtool.pipeline.frozen import Frozen, frozen
from imgtool.pipeline.material import TRAIN, VAL, Material
from imgtool.pipeline.parts import numbered
from imgtool.pipeline.shown import NONE, Look, Shelf, shelf, vary, views
from imgtool.records import Entry, Refusal

if TYPE_CHECKING:
    from classify.training import Task, Taught

BATCH = 64  # pictures asked about at once
FEW = 32  # pictures on which the quick start of a model is proven


@dataclass(frozen=True, slots=True)
class Room:
    """What a route works with."""

    found: Material
    asked: Learning
    work: Path  # where epochs are written down
    watch: Watch
    clock: Clock = field(default_factory=Clock)


@dataclass(frozen=True, slots=True)
class Answered:
    """What a network says of every part of a set."""

    answers: Mapping[str, Answers]  # split → of the pictures in `entries`
    entries: Mapping[str, tuple[Entry, ...]]  # split → pictures that could be read
    refused: Mapping[str, Refusal]  # the others, by path
    sample: NDArray[np.uint8]  # a few pictures as the network saw them

    def targets(self, name: str, labels: Sequence[str]) -> Targets:
        """The true class of each picture of a part."""
        return numbered(self.entries[name], labels)


@dataclass(frozen=True, slots=True)
class Learnt:
    """A network, what it says, and how it came to be."""

    network: Network  # raw size × size pictures → logits, with a layer named "features"
    size: int
    said: Answered
    frozen: Frozen | None = None  # None for a network from nothing
    tuned: bool = False  # the backbone is no longer what it was
    epochs: tuple[Epoch, ...] = ()
    best: int = 0
    stopped: str = ""
    notes: tuple[str, ...] = field(default=())


def on_features(room: Room) -> Learnt:
    """A head on what a frozen backbone sees."""
    from classify.runtime import keras

    first = frozen(room.found, room.asked, room.watch, room.clock)
    built, head = first.built, first.head
    network = keras().Model(built.network.input, head.attach(built.network.output), name="network")
    said = Answered(first.answers(), first.entries(), first.refused, sample(room, built.recipe.size))
    kept = best(head.epochs) if head.epochs else 0
    return Learnt(network, built.recipe.size, said, first, epochs=head.epochs, best=kept)


def fine_tuned(room: Room) -> Learnt:
    """The same, and then the last block of the backbone, slowly."""
    from classify.training import finetune

    first = frozen(room.found, room.asked, room.watch, room.clock)
    with shelves(room) as parts, room.clock("Training"):
        taught = finetune(first.built, first.head, task(room, parts), room.work, room.watch)
        return learnt(taught, parts, first)


def from_nothing(room: Room) -> Learnt:
    """A network of its own."""
    from classify.training import scratch

    with shelves(room) as parts, room.clock("Training"):
        return learnt(scratch(task(room, parts), room.work, room.watch), parts)


ROUTES: Mapping[str, Callable[[Room], Learnt]] = MappingProxyType(
    {"frozen": on_features, "finetune": fine_tuned, "scratch": from_nothing}
)


def checked(asked: Learning) -> None:
    """UsageError for wishes that cannot come true, before a picture is looked at."""
    from classify.backbones.located import located
    from classify.backbones.table import filled
    from classify.nets import net
    from curate.presets import preset

    if asked.augment != NONE:
        preset(asked.augment)
    if asked.kfold and asked.route != "frozen":
        hint = "Leave out --kfold, or --finetune and --scratch: folds of features take seconds."
        raise UsageError("Folds are for frozen features: other networks would be trained as often.", hint=hint)
    if asked.kfold == 1:
        raise UsageError("One fold is none: it would learn from nothing.", hint="--kfold 5")
    if asked.route == "scratch":
        net(asked.net)
    else:
        located(filled(asked.recipe))


def learnt(taught: Taught, parts: Mapping[str, Shelf], first: Frozen | None = None) -> Learnt:
    """What a training left."""
    epochs = (*(first.head.epochs if first else ()), *taught.epochs)
    best = taught.best and len(epochs) - len(taught.epochs) + taught.best
    said = answered(taught.network, parts)
    size, tuned = said.sample.shape[1], bool(first and taught.best)
    return Learnt(taught.network, size, said, first, tuned, renumbered(epochs), best, taught.stopped)


def renumbered(epochs: Sequence[Epoch]) -> tuple[Epoch, ...]:
    """Two stages as one row of epochs."""
    return tuple(replace(epoch, number=number) for number, epoch in enumerate(epochs, 1))


def best(epochs: Sequence[Epoch]) -> int:
    """The epoch with the least validation loss, which is the one that a head keeps."""
    return min(epochs, key=lambda epoch: epoch.val_loss).number


def task(room: Room, parts: Mapping[str, Shelf]) -> Task:
    """What a network is taught."""
    from classify.training import Task

    asked, labels = room.asked, room.found.labels
    still = {view.entry.picture.sha256 for view in parts[TRAIN].views if view.entry.label in asked.no_flip}
    changed = None if asked.augment == NONE else vary(asked.augment, asked.seed, still)
    return Task(course(parts[TRAIN], labels), course(parts[VAL], labels), len(labels), asked, changed)


def course(part: Shelf, labels: Sequence[str]) -> Course:
    """A part as a network is taught it."""
    entries = [view.entry for view in part.views]
    return Course(part.pixels, numbered(entries, labels), tuple(entry.picture.sha256 for entry in entries))


def side(asked: Learning) -> int:
    """The size of the pictures that a network is taught, in pixels."""
    from classify.backbones import filled
    from classify.nets import net

    return asked.recipe.size or (net(asked.net).size if asked.route == "scratch" else filled(asked.recipe).size)


@contextmanager
def shelves(room: Room) -> Iterator[dict[str, Shelf]]:
    """The pixels of every part, in files that vanish afterwards."""
    size = side(room.asked)
    with tempfile.TemporaryDirectory(prefix="imgtool-") as folder:
        with room.clock("Reading pictures"):
            parts = {
                name: shelf(room.found.root, views(entries), Look(size), Path(folder) / name, room.watch)
                for name, entries in room.found.parts.items()
                if entries
            }
        for name in (TRAIN, VAL):
            readable(name, parts[name].views, parts[name].refused)
        yield parts


def readable(name: str, left: Sequence[object], refused: Mapping[str, Refusal]) -> None:
    """UsageError when no picture of a part can be read."""
    if not left:
        path, why = next(iter(refused.items()))
        hint = "`imgtool check` says what is wrong with them."
        raise UsageError(f"No picture of {name} can be read: {path} is {why.reason} {why.detail}.", hint=hint)


def sample(room: Room, size: int) -> NDArray[np.uint8]:
    """A few pictures as the network sees them."""
    with tempfile.NamedTemporaryFile(prefix="imgtool-") as file:
        few = views(room.found.part(VAL)[:FEW])
        return np.array(shelf(room.found.root, few, Look(size), Path(file.name)).pixels)


def answered(network: Network, parts: Mapping[str, Shelf]) -> Answered:
    """What a network says of every part."""
    from classify.file.assemble import speaking

    both = speaking(network)
    held = {name: part for name, part in parts.items() if part.views}
    said = {name: Answers(*told(both, part.pixels)) for name, part in held.items()}
    entries = {name: tuple(view.entry for view in part.views) for name, part in held.items()}
    refused = {path: why for part in parts.values() for path, why in part.refused.items()}
    return Answered(said, entries, refused, np.array(parts[VAL].pixels[:FEW]))


def told(both: Network, pixels: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Logits and features of a part, batch by batch: its pixels may not all fit into memory."""
    batches = (pixels[at : at + BATCH] for at in range(0, len(pixels), BATCH))
    logits, features = zip(*(both.predict_on_batch(batch) for batch in batches), strict=True)
    return np.concatenate(logits).astype(np.float32), np.concatenate(features).astype(np.float32)
