"""What was found, as one page with its pictures inside: no other file, no network, light or dark."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from imgtool.errors import StorageError
from imgtool.pipeline.check import MISNAMED
from imgtool.pipeline.thumbs import thumbnails
from imgtool.records import Entry, Finding, Group, Twin
from imgtool.web.page import TEMPLATES, bytes_of

if TYPE_CHECKING:
    from imgtool.dataset import Change
    from imgtool.pipeline.check import Checked
    from imgtool.pipeline.dedupe import Deduped
    from imgtool.pipeline.noise import Doubted

MEMBERS = 24  # of one group: a thousand copies look like ten
MOST = 1000  # pictures on a page: about 8 MB, which every browser opens at once


@dataclass(frozen=True, slots=True)
class Card:
    """A picture with what is said of it."""

    path: str
    picture: str  # a data URL; "" when it cannot be shown
    findings: list[Finding]  # the gravest first
    gone: bool  # taken out by this very command


@dataclass(frozen=True, slots=True)
class Shown:
    """A member of a group."""

    path: str
    picture: str
    size: str
    says: str
    stays: bool


def checked(value: Checked) -> str:
    """The page of `check`: every suspect once, the most suspicious first."""
    counts = {name: count for name, count in value.by_check.items() if name != "broken"}
    return _page("checked.html", value=value, counts=counts, **_cards(value))


def doubted(value: Doubted) -> str:
    """The page of `noise`: shortcuts, then every suspect once, the most suspicious first."""
    return _page("doubted.html", value=value, counts=value.by_check, **_cards(value))


def deduped(value: Deduped) -> str:
    """The page of `dedupe`: pictures of two classes, then the groups."""
    conflicts, groups = _first(value.conflicts, MOST // 2), _first(value.groups, MOST)
    paths = [entry.path for group in (*conflicts, *groups) for entry in _members(group)]
    pictures = thumbnails(value.root, paths, value.change)
    return _page(
        "deduped.html",
        value=value,
        conflicts=[_shown(group, pictures) for group in conflicts],
        groups=[_shown(group, pictures, f"stays: {group.why}") for group in groups],
        left=len(value.conflicts) + len(value.groups) - len(conflicts) - len(groups),
    )


def plain(path: str) -> str:
    """A file's name as it may be shown: without control and direction characters."""
    return "".join(char if char.isprintable() else "\ufffd" for char in path)


def write(file: Path, page: str) -> None:
    """The page as a file."""
    try:
        file.write_bytes(page.encode("utf-8", "backslashreplace"))
    except OSError as error:
        message = f"The report {file} cannot be written: {error.strerror}."
        raise StorageError(message, hint="Name another place with --report.") from error


def _cards(value: Checked | Doubted) -> dict[str, object]:
    """The suspects with their pictures, and how many there is no room for."""
    suspects = _suspects(value.findings)
    first = list(suspects)[:MOST]
    pictures = thumbnails(value.root, first, value.change)
    gone = _gone(value.change)
    cards = [Card(plain(path), pictures[path], suspects[path], path in gone) for path in first]
    return {"cards": cards, "left": len(suspects) - len(cards)}


def _suspects(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Each suspect's findings, both sorted by suspicion; a wrong name alone is none, and comes last."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in sorted(findings, key=lambda each: each.check == MISNAMED):
        found[finding.path].append(finding)
    return found


def _first(groups: Iterable[Group], most: int) -> list[Group]:
    """As many groups as have so many pictures together, of large ones the first members."""
    taken: list[Group] = []
    for group in groups:
        most -= 1 + len(group.twins[:MEMBERS])
        if most < 0:
            break
        taken.append(replace(group, twins=group.twins[:MEMBERS]))
    return taken


def _members(group: Group) -> list[Entry]:
    return [group.keeper, *(twin.entry for twin in group.twins)]


def _shown(group: Group, pictures: Mapping[str, str], stays: str = "") -> list[Shown]:
    """The members of a group; without the word why its first one stays, nobody goes."""
    keeper, twins = group.keeper, group.twins
    first = Shown(plain(keeper.path), pictures[keeper.path], _size(keeper), stays, stays=bool(stays))
    rest = (Shown(plain(t.entry.path), pictures[t.entry.path], _size(t.entry), _alike(t), stays=False) for t in twins)
    return [first, *rest]


def _alike(twin: Twin) -> str:
    return "same bytes" if twin.how == "bytes" else f"{twin.how}, {twin.likeness:.1%} alike, {twin.distance} bits"


def _size(entry: Entry) -> str:
    picture = entry.picture
    return f"{picture.width} × {picture.height}, {bytes_of(picture.size)}, {picture.format}"


def _gone(change: Change | None) -> frozenset[str]:
    moves = change.moves if change else ()
    return frozenset(move.old_path for move in moves if move.new_state == "removed")


def _page(name: str, **values: object) -> str:
    return TEMPLATES.get_template(f"album/{name}").render(values | {"plain": plain})
