"""What can be decided of a picture that arrived; a dataset writes these down, many at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from imgtool.records import ImageRef, Picture, Reason, Skipped


@dataclass(frozen=True, slots=True)
class Arrival:
    """A picture that is on disk, whole and decoded, and has no place yet."""

    ref: ImageRef
    picture: Picture
    path: str  # relative: in .imgtool/tmp, or in .imgtool/waiting since an earlier run
    final_url: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Keep:
    """Into its class."""

    arrival: Arrival


@dataclass(frozen=True, slots=True)
class Wait:
    """Good, but not decided yet: those before it in the order have not arrived."""

    arrival: Arrival


@dataclass(frozen=True, slots=True)
class Teach:
    """A person says what it shows; it stays out of the set until somebody has looked at it."""

    arrival: Arrival


@dataclass(frozen=True, slots=True)
class Drop:
    """Not into the set; the file, if one came, goes."""

    skipped: Skipped
    path: str = ""
    sha256: str = ""
    final_url: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retract:
    """Out of the set again: what was kept has shown what it is."""

    label: str
    sha256: str
    reason: Reason
    detail: str = ""


Decision: TypeAlias = Keep | Wait | Teach | Drop | Retract


@dataclass(frozen=True, slots=True)
class KeptBefore:
    """This URL's picture is in the class already, from an earlier run."""

    ref: ImageRef
    sha256: str


@dataclass(frozen=True, slots=True)
class SkippedBefore:
    """This URL was tried by an earlier run, and is not tried again unless asked to (`--retry`)."""

    ref: ImageRef
    reason: Reason
    sha256: str = ""  # if it came so far


Past: TypeAlias = KeptBefore | SkippedBefore | Arrival
