"""A model's card as JSON, and read back without trust."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Any, TypeAlias

from classify.nouns import Card
from imgtool.errors import StorageError

VERSION = 1  # of the card; a new number when a field changes its meaning or goes
MOST_LABELS = 100_000  # no dataset of folders comes near
LARGEST = 4096  # px of a network's input; none that we know takes more than 600

Read: TypeAlias = Callable[[Any], object]


def encode(card: Card) -> bytes:
    """The card as JSON; numbers that JSON has not are null."""
    values = {field.name: getattr(card, field.name) for field in fields(card)}
    return json.dumps(plain({"imgtool": VERSION, **values}), ensure_ascii=False, indent=1, allow_nan=False).encode()


def plain(value: Any) -> Any:
    """Mappings, tuples and numpy's numbers as JSON has them."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if hasattr(value, "tolist"):  # numpy's numbers and arrays
        return plain(value.tolist())
    return None if isinstance(value, float) and not math.isfinite(value) else value


def decode(data: bytes, name: str) -> Card:
    """The card that `data` says; StorageError when it says none, or a newer one."""
    try:
        said = json.loads(data)
        version = whole(said["imgtool"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise damaged(name, f"its card cannot be read: {error}") from error
    if version > VERSION:
        hint = "Update imgtool, or train the model again with this one."
        raise StorageError(f"{name} was written by a newer imgtool (card {version}, known {VERSION}).", hint=hint)
    return card(said, name)


def card(said: Mapping[str, object], name: str) -> Card:
    """Every field that the card says and we know, when it is of its kind."""
    found: dict[str, Any] = {}
    for field, read in READ.items():
        if field not in said and field != "labels":
            continue
        try:
            found[field] = read(said.get(field))
        except (ValueError, TypeError, AttributeError) as error:
            raise damaged(name, f"{field} on its card is {error}") from error
    return Card(**found)


def damaged(name: str, why: str) -> StorageError:
    """A model that cannot be what it was."""
    return StorageError(f"{name} is no sound model: {why}.", hint="Take another copy of it, or train it again.")


def names(value: Any) -> tuple[str, ...]:
    """Labels, each once."""
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_LABELS:
        raise ValueError("no list of labels")
    found = tuple(text(each) for each in value)
    if len(set(found)) != len(found) or "" in found:
        raise ValueError("a list with an empty or repeated label")
    return found


def text(value: Any) -> str:
    """A str."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40}, not a text")
    return value


def number(value: Any) -> float:
    """A number; null is one that JSON cannot write."""
    if value is None:
        return math.nan
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{value!r:.40}, not a number")
    return float(value)


def whole(value: Any) -> int:
    """A whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{value!r:.40}, not a whole number")
    return value


def side(value: Any) -> int:
    """The side of a picture."""
    if not 1 <= whole(value) <= LARGEST:
        raise ValueError(f"{value}, not from 1 to {LARGEST}")
    return int(value)


def warmth(value: Any) -> float:
    """A temperature."""
    if not 0 < number(value) < math.inf:
        raise ValueError(f"{value}, not above 0")
    return float(value)


def share(value: Any) -> float:
    """From 0 to 1."""
    if not 0 <= number(value) <= 1:
        raise ValueError(f"{value}, not from 0 to 1")
    return float(value)


def limit(value: Any) -> float:
    """A threshold; null is one that nothing exceeds."""
    return math.inf if value is None else number(value)


def table(read: Read) -> Read:
    """A mapping whose values are of that kind."""
    return lambda value: {text(key): read(each) for key, each in value.items()}


READ: Mapping[str, Read] = MappingProxyType(
    {
        "labels": names,
        "kind": text,
        "size": side,
        "route": text,
        "backbone": text,
        "alpha": number,
        "weights": text,
        "head": text,
        "temperature": warmth,
        "sure": share,
        "strange": limit,
        "dataset": text,
        "counts": table(table(whole)),
        "metrics": table(number),
        "learning": table(lambda value: value),
        "versions": table(text),
        "created": text,
    }
)
