"""Where a training stands, in one file: who goes on from it comes to the same end."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from classify.file.whole import written
from classify.nouns import Epoch

Arrays: TypeAlias = tuple[NDArray[Any], ...]

NAME = "state.npz"
GROUPS = ("now", "optimizer", "kept")


@dataclass(frozen=True, slots=True)
class State:
    """Everything that the next epoch depends on."""

    now: Arrays  # what changes in the network
    optimizer: Arrays
    kept: Arrays  # as `now` was in the best epoch
    epochs: tuple[Epoch, ...] = ()
    best: int = 0  # 0 = as it was before the first
    height: tuple[float, float] = (-1.0, 0.0)  # of the best: validation accuracy, minus validation loss
    stopped: str = ""  # why it ended; "" = it goes on


def write(folder: Path, state: State, mark: str) -> None:
    """The state on the disk, whole: until then the one before stays."""
    facts = {name: getattr(state, name) for name in ("best", "height", "stopped")}
    told = json.dumps(facts | {"mark": mark, "epochs": [asdict(epoch) for epoch in state.epochs]})
    arrays = {f"{group}{turn}": array for group in GROUPS for turn, array in enumerate(getattr(state, group))}
    with written(folder / NAME) as part:
        np.savez(part, told=np.frombuffer(told.encode(), np.uint8), **arrays)


def read(folder: Path, mark: str) -> State | None:
    """The state in that folder; None where there is none, or one of another task."""
    try:
        with (folder / NAME).open("rb") as file, np.load(file, allow_pickle=False) as found:
            facts = json.loads(found["told"].tobytes())
            if facts.pop("mark") != mark:
                return None
            epochs = tuple(Epoch(**epoch) for epoch in facts.pop("epochs"))
            now, optimizer, kept = (gathered(found, group) for group in GROUPS)
            return State(now, optimizer, kept, epochs, **facts | {"height": tuple(facts["height"])})
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None  # damaged, or from another version: it is only time that is lost


def gathered(found: Any, group: str) -> Arrays:
    """The arrays of one group, in order."""
    count = sum(name.rstrip("0123456789") == group for name in found.files)
    return tuple(found[f"{group}{turn}"] for turn in range(count))


def digest(words: object, arrays: Iterable[NDArray[Any]]) -> str:
    """What tells one task from another."""
    sum_ = hashlib.sha256(repr(words).encode())
    for array in arrays:
        sum_.update(np.ascontiguousarray(array).tobytes())
    return sum_.hexdigest()
