"""A second comparison looks at the new pictures alone, and tells what a full one would."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from curate.admit import BOUNDS, examine_bytes
from curate.twins import NEAR, Findings, find
from curate.twins.again import Pair, find_new, pairs
from imgtool.errors import UsageError
from imgtool.records import Entry, Picture
from tests.drawn import jpeg

LOOKS = [((240, 180), 90), ((240, 180), 60), ((120, 90), 90), ((200, 150), 80)]


def seen(number: int, look: int) -> Picture:
    size, quality = LOOKS[look]
    found = examine_bytes(jpeg(number, size, quality), BOUNDS)
    assert isinstance(found, Picture)
    return found


PICTURES = [seen(number, look) for number in range(4) for look in range(len(LOOKS))]
ENTRIES = [
    Entry(f"{label}/{place}.jpg", label, picture, f"2026-01-{place % 28 + 1:02}")
    for label in ("cat", "dog", "owl")
    for place, picture in enumerate(PICTURES)
]


def shape(found: Findings) -> tuple[object, ...]:
    """Who stays, who leaves for whom, and what is in two classes."""
    return tuple(
        [(group.keeper.path, group.why, sorted(twin.entry.path for twin in group.twins)) for group in groups]
        for groups in (found.groups, found.conflicts)
    )


def left(entries: list[Entry], found: Findings) -> list[Entry]:
    gone = {twin.entry.path for group in found.groups for twin in group.twins}
    return [entry for entry in entries if entry.path not in gone]


@settings(max_examples=60, deadline=None)
@given(
    some.lists(some.sampled_from(ENTRIES), unique=True, max_size=14),
    some.lists(some.sampled_from(ENTRIES), unique=True, max_size=5),
    some.sampled_from(["best", "smallest", "first", "folder:dog"]),
)
def test_what_is_told_is_what_a_full_comparison_tells(old: list[Entry], new: list[Entry], keep: str) -> None:
    first = find(old, keep="best")
    stayed = [entry for entry in left(old, first) if entry not in new]
    fresh = {entry.path for entry in new}

    again = find_new([*stayed, *new], NEAR, keep, mirrored=False, fresh=fresh, before=between(first, stayed))

    assert shape(again) == shape(find([*stayed, *new], keep=keep))


def between(found: Findings, stayed: list[Entry]) -> list[Pair]:
    """The conflicts whose pictures both stayed."""
    return [(one, twin) for one, twin in pairs(found.conflicts) if one in stayed and twin.entry in stayed]


def test_where_nothing_is_new_nothing_is_compared_and_old_conflicts_are_told() -> None:
    cat, dog = ENTRIES[0], ENTRIES[len(PICTURES)]
    before = list(pairs(find([cat, dog]).conflicts))
    blind = [replace(entry, picture=replace(entry.picture, thumb=b"")) for entry in (cat, dog)]  # cannot be compared

    again = find_new(blind, NEAR, "best", mirrored=False, fresh=(), before=before)

    assert (again.groups, len(again.conflicts)) == ((), 1)


def test_an_unknown_wish_of_who_stays_is_misuse_even_then() -> None:
    with pytest.raises(UsageError, match="prettiest"):
        find_new([], NEAR, "prettiest", mirrored=False, fresh=(), before=[])
