"""`train --sweep lr`: which learning rate suits this set and this network, as a table and a plot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from classify.file.whole import written
from classify.nouns import Learning
from classify.nouns import Watch as Steps
from classify.nouns import unwatched as unseen
from imgtool.errors import UsageError
from imgtool.pipeline.material import material
from imgtool.pipeline.opened import Watch, Where, unwatched
from imgtool.pipeline.routes import Room, checked, shelves, task

if TYPE_CHECKING:
    from classify.training import Pupil, Sweep, Task

TABLE, PLOT = "sweep.csv", "sweep.svg"


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found, and where it is drawn."""

    suggested: float
    table: Path
    plot: Path


def sweep(
    data: Where, learning: Learning, out: str | Path, *, watch: Watch = unwatched, steps: Steps = unseen
) -> Swept:
    """One short run in which the rate grows from batch to batch; the table and the plot go into the folder `out`."""
    if learning.route == "frozen":
        hint = "A head on frozen features needs none; add --scratch or --finetune."
        raise UsageError("A sweep is for networks that learn by a rate of their own.", hint=hint)
    checked(learning)
    room = Room(material(data, learning.seed, watch), learning, Path(out), steps)
    with shelves(room) as parts:
        return kept(found(room, task(room, parts)), Path(out))


def found(room: Room, asked: Task) -> Sweep:
    """The sweep of the network that would be trained."""
    from classify.training import sweep as carry_out

    return carry_out(pupil(room, asked), asked, room.watch)


def pupil(room: Room, asked: Task) -> Pupil:
    """The network as it is before it learns."""
    from classify.training import fresh, joined
    from imgtool.pipeline.frozen import frozen

    if room.asked.route == "scratch":
        return fresh(asked)
    first = frozen(room.found, room.asked, room.watch, room.clock)
    return joined(first.built, first.head, asked)


def kept(swept: Sweep, folder: Path) -> Swept:
    """Table and plot as files, whole or not at all."""
    from classify.plots import alone
    from classify.plots import swept as drawn

    files: dict[str, Callable[[], str]] = {TABLE: swept.csv, PLOT: lambda: alone(drawn(swept))}
    for name, make in files.items():
        with written(folder / name) as part:
            part.write_text(make(), "utf-8")
    return Swept(swept.suggested, folder / TABLE, folder / PLOT)
