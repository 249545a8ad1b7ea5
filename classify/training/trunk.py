"""What does not learn runs once: the outputs before the last block lie on the disk, and only the block sees epochs.

    pixels ──trunk──▶ shelf: pictures × views × rows × columns × channels ──tail──▶ logits

An epoch of the tail costs a small part of one of the whole. Each picture is there as it is and in a few variants, and
epochs take turns with them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from classify.file.whole import written
from classify.nouns import Course, Pixels, Step, Watch
from classify.runtime import threads
from classify.training.ahead import ahead
from classify.training.state import digest
from classify.training.task import Task
from imgtool.dataset.store import make_durable
from imgtool.errors import machine_error

if TYPE_CHECKING:
    import keras

VIEWS = 3  # variants of each picture where nothing else is asked for
ROOM = 8 << 30  # bytes at most, and never more than half of what is free
OFTEN = 512  # pictures between two notes of how far it is
LARGEST = 65504.0  # the largest number of 16 bits


def parted(network: keras.Model, begins: keras.Layer) -> tuple[keras.Model, keras.Model]:
    """The layers before that one, and the rest; both still share them with the network."""
    from classify.runtime import keras

    inner = begins.input
    seam = begins.output if isinstance(inner, list) else inner  # a layer that joins branches is the trunk's last
    return keras().Model(network.inputs, seam, name="trunk"), keras().Model(seam, network.outputs[0], name="tail")


def views(trunk: keras.Model, task: Task, work: Path) -> int:
    """How many views of each picture there is room for; 0 = the network must see pictures after all."""
    wanted = 1 + (task.learning.views or VIEWS) if task.vary and task.learning.augment != "none" else 1
    work.mkdir(parents=True, exist_ok=True)
    room = min(ROOM, shutil.disk_usage(work).free // 2) // (2 * int(np.prod(trunk.output_shape[1:])))
    fit = (room - len(task.val)) // len(task.course)
    return min(wanted, fit) if fit >= min(wanted, 2) else 0


def shelved(trunk: keras.Model, task: Task, count: int, work: Path, watch: Watch) -> Task:
    """The same task for the tail: its pictures are what the trunk makes of them."""
    course = shelf(trunk, task, count, work / "course", watch)
    val = shelf(trunk, replace(task, course=task.val, vary=None), 1, work / "val", watch)
    places = {key: place for place, key in enumerate(task.course.keys)}

    def turn(_: Pixels, key: str, number: int) -> Pixels:
        picked: Pixels = course[places[key], (places[key] + number) % count]
        return picked

    return replace(task, course=shown(task.course, course), val=shown(task.val, val), vary=turn)


def shown(course: Course, outputs: NDArray[Any]) -> Course:
    """The course with outputs in place of its pixels."""
    return replace(course, pixels=outputs[:, 0])


def shelf(trunk: keras.Model, task: Task, count: int, place: Path, watch: Watch) -> NDArray[np.float16]:
    """The trunk's outputs for every view, mapped from a file; one that was begun is gone on with."""
    path, note, total = place.with_suffix(".f16"), place.with_suffix(".json"), len(task.course)
    shape = (total, count, *trunk.output_shape[1:])
    weights = (variable.numpy() for variable in trunk.weights)
    mark = digest((shape, task.course.keys, task.learning.augment, task.learning.seed), weights)
    done = noted(note, mark) if path.exists() else 0
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("r+b" if done else "wb") as file:
            for reached, outputs in passed(trunk, task, count, done):
                file.seek((reached - len(outputs)) * outputs[0].nbytes)
                file.write(outputs.tobytes())
                watch(Step("Looking once at what will not change", reached, total))
                if reached % OFTEN < len(outputs) or reached == total:
                    file.flush()
                    noting(note, mark, reached)
    except OSError as error:
        raise machine_error(error, str(path)) from error
    return np.memmap(path, np.float16, "r", shape=shape)


def noting(note: Path, mark: str, done: int) -> None:
    """How far the shelf is, whole on the disk."""
    make_durable(note.with_suffix(".f16"))
    with written(note) as part:
        part.write_text(json.dumps({"mark": mark, "done": done}), "utf-8")


def noted(note: Path, mark: str) -> int:
    """How many pictures are on the shelf already; 0 for a shelf of another task."""
    try:
        found = json.loads(note.read_text("utf-8"))
        return int(found["done"]) if found["mark"] == mark else 0
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return 0


def passed(trunk: keras.Model, task: Task, count: int, done: int) -> Iterator[tuple[int, NDArray[np.float16]]]:
    """The outputs of the pictures from that one on, some at a time, and how many are done with them."""
    some = max(1, task.learning.batch // count)
    starts = range(done, len(task.course), some)
    lots = ahead((partial(looks, task, count, start, start + some) for start in starts), threads() - 1)
    for lot in lots:
        said = trunk.predict_on_batch(lot)
        done += len(lot) // count
        yield done, np.clip(said, -LARGEST, LARGEST).astype(np.float16).reshape(-1, count, *said.shape[1:])


def looks(task: Task, count: int, start: int, end: int) -> NDArray[np.float32]:
    """The views of some pictures, one after the other: the picture itself is the first of its own."""
    course, vary = task.course, task.vary or (lambda pixels, _key, _copy: pixels)
    chosen = range(start, min(end, len(course)))
    plain_and_varied = [
        vary(course.pixels[row], course.keys[row], copy) if copy else course.pixels[row]
        for row in chosen
        for copy in range(count)
    ]
    return np.stack(plain_and_varied).astype(np.float32)
