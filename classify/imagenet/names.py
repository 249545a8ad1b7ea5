"""What the outputs of a network are called: a list of lines, or Keras's own index."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from imgtool.errors import UsageError, machine_error

INDEX = "imagenet_class_index.json"  # Keras's: {"0": ["n01440764", "tench"], …}
BESIDE = ("imagenet_labels.txt", INDEX, "labels.txt")  # what people call the list that lies beside a network
NOTHING = frozenset({"background", "dummy"})  # the first of 1,001: none of the thousand
LARGEST = 16 * 1024**2  # bytes; ImageNet's 21,000 names have 1
LONGEST = 200  # characters of a name
HINT = f"Name a list with --names: a line for each, or Keras's {INDEX}."


def names(given: str, weights: str) -> tuple[str, ...]:
    """The names in the file that is given; else in one beside the weights, or where Keras keeps its own."""
    if given:
        return read(Path(given).expanduser())
    beside = [Path(weights).expanduser().parent / name for name in BESIDE] if weights else []
    found = next((place for place in [*beside, kept()] if place.is_file()), None)
    if found is None:
        raise UsageError("Nobody says what the network's outputs are called.", hint=HINT)
    return read(found)


def kept() -> Path:
    """Where Keras keeps its index once it has fetched it."""
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "models" / INDEX


def read(place: Path) -> tuple[str, ...]:
    """The names in a file; UsageError when there are none."""
    try:
        if place.stat().st_size > LARGEST:
            raise UsageError(f"{place} is too large for a list of names.", hint=HINT)
        text = place.read_text("utf-8")
    except FileNotFoundError as error:
        raise UsageError(f"There is no list of names {str(place)!r}.", hint=HINT) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{place} is no list of names: it is not UTF-8.", hint=HINT) from error
    except OSError as error:
        raise machine_error(error, str(place)) from error
    told = indexed(text, place) if text.lstrip().startswith("{") else [line.strip() for line in text.splitlines()]
    if not any(told):
        raise UsageError(f"{place} has no names in it.", hint=HINT)
    return tuple(name.replace("_", " ")[:LONGEST] for name in told)


def indexed(text: str, place: Path) -> list[str]:
    """The names of an index by number, in the order of their numbers."""
    try:
        found = {int(key): value for key, value in json.loads(text).items()}
        return [
            str(found[number][-1] if isinstance(found[number], list) else found[number]) for number in sorted(found)
        ]
    except (ValueError, IndexError, RecursionError) as error:
        raise UsageError(f"{place} is no index of names: {error}.", hint=HINT) from error


def matched(told: Sequence[str], outputs: int) -> tuple[tuple[str, ...], int]:
    """The names of so many outputs, and how many outputs before them have none; UsageError when they do not fit.

    Networks of 1,001 outputs begin with one for nothing at all, and lists of names may or may not have it.
    """
    real = tuple(told[1:] if told[0].lower() in NOTHING else told)
    if len(real) in (outputs, outputs - 1):
        return real, outputs - len(real)
    raise UsageError(f"The network has {outputs} outputs, and {len(told)} names are told.", hint=HINT)
