"""How values look in a notebook: a small table each; groups with their pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape
from itertools import islice
from typing import TYPE_CHECKING

from curate.cuts.nouns import KINDS
from imgtool.pipeline.thumbs import thumbnails
from imgtool.pipeline.wording import headline
from imgtool.records import Entry, Group

if TYPE_CHECKING:
    from imgtool.pipeline.check import Checked
    from imgtool.pipeline.dedupe import Deduped
    from imgtool.pipeline.export import Sent
    from imgtool.pipeline.info import Told
    from imgtool.pipeline.noise import Doubted
    from imgtool.pipeline.regions import Cropped
    from imgtool.pipeline.report import Report
    from imgtool.pipeline.split import Divided
    from imgtool.pipeline.train import Trained
    from imgtool.pipeline.undo import Undone

MANY = 12  # rows or groups: a cell is looked at, not scrolled
SIDE = 96  # px

Row = Sequence[object]


def checked(value: Checked) -> str:
    """Counts by check, and the most suspicious."""
    counts = table(("check", "pictures"), value.by_check.items())
    worst = [(f.path, f.check, f"{f.score:.2f}", f.detail) for f in islice(value.findings, MANY)]
    title = f"{sum(value.counts.values())} pictures, {len(value.broken)} broken files, {len(value.findings)} findings"
    return head(title) + counts + table(("most suspicious", "check", "score", "why"), worst)


def doubted(value: Doubted) -> str:
    """Counts by check, shortcuts, and the most suspicious."""
    counts = table(("check", "pictures"), value.by_check.items())
    cuts = [(each.trait, value.labels[each.target], f"{each.share:.2f}") for each in value.shortcuts]
    worst = [(f.path, f.check, f"{f.score:.2f}", f.detail) for f in islice(value.findings, MANY)]
    title = f"{sum(value.counts.values())} pictures, {value.confirmed:.1%} of the labels confirmed by others"
    said = "".join(f"<p>{escape(note)}</p>" for note in value.notes)
    tells = table(("shortcut", "tells", "how well"), cuts)
    return head(title) + said + counts + tells + table(("most suspicious", "check", "score", "why"), worst)


def deduped(value: Deduped) -> str:
    """Groups with their pictures, conflicts first."""
    groups = [*value.conflicts, *value.groups]
    shown = [replace(group, twins=group.twins[:MANY]) for group in groups[:MANY]]
    paths = [entry.path for group in shown for entry in members(group)]
    pictures = thumbnails(value.root, paths, value.change, SIDE)
    counts = f"{len(value.groups)} groups, {value.extra} twins, {len(value.conflicts)} conflicts"
    rest = f"<p>and {len(groups) - len(shown)} more groups</p>" if len(groups) > len(shown) else ""
    return head(f"{value.pictures} pictures, {counts}") + "".join(strip(group, pictures) for group in shown) + rest


def divided(value: Divided) -> str:
    """Classes by splits, and the proof."""
    names = value.splits.names
    labels = sorted({label for counts in value.counts.values() for label in counts})
    rows = [(label, *(value.counts[name].get(label, 0) for name in names)) for label in labels]
    title = f"{len(value.leaks)} leaks among {value.compared} pictures"
    return head(title) + table(("class", *names), rows) + "".join(f"<p>{escape(n)}</p>" for n in value.splits.notes)


def told(value: Told) -> str:
    """Classes, and where they came from."""
    classes = [(one.label, one.count, f"{one.share:.0%}", f"{one.sizes[1]:.0f}") for one in value.balance.classes]
    parts = [table(("class", "pictures", "share", "shorter side, px"), classes)]
    parts += [table((name, "pictures"), counts.items()) for name, counts in sides(value) if counts]
    advice = "".join(f"<p>{escape(line)}</p>" for line in value.balance.advice)
    return head(f"{value.pictures} pictures") + "".join(parts) + advice


def sent(value: Sent) -> str:
    """What an export holds."""
    counts = value.exported.counts
    labels = sorted({label for each in counts.values() for label in each})
    rows = [(label, *(each.get(label, 0) for each in counts.values())) for label in labels]
    return head(f"Exported to {value.exported.path}") + table(("class", *counts), rows)


def cropped(value: Cropped) -> str:
    """Classes by kinds of crops, and the boxes that could not be used."""
    kinds = [kind for kind in KINDS if any(kind in counts for counts in value.counts.values())]
    rows = [(label, *(counts.get(kind, 0) for kind in kinds)) for label, counts in value.counts.items()]
    faults = [(fault.place, fault.why) for fault in value.faults[:MANY]]
    title = f"{sum(sum(counts.values()) for counts in value.counts.values())} crops of {value.parents} pictures"
    return head(title) + table(("class", *kinds), rows) + table(("not used", "why"), faults)


def undone(value: Undone) -> str:
    """What came back."""
    moves = value.change.moves if value.change else ()
    title = f"{len(moves)} files back" if value.change else "An interrupted change was turned back"
    return head(title) + table(("back", "was"), [(move.new_path, move.old_path) for move in moves[:MANY]])


def trained(value: Trained) -> str:
    """What it is worth, and where it is."""
    return reported(value.report) + f"<p>{escape(str(value.file))}</p>"


def reported(value: Report) -> str:
    """What a model is worth, and class by class."""
    rows = [
        (each.label, f"{each.right} of {each.support}", "" if each.f1 is None else f"{each.f1:.3f}")
        for each in value.scores.classes
    ]
    notes = "".join(f"<p>{escape(note)}</p>" for note in value.notes)
    return head(headline(value)) + table(("class", "right", "F1"), rows) + notes


def sides(value: Told) -> Iterable[tuple[str, dict[str, int]]]:
    """The counts besides those of the classes."""
    tables = (("source", value.engines), ("licence", value.licences), ("state", value.states), ("split", value.splits))
    return ((name, dict(counts)) for name, counts in tables)


def head(title: str) -> str:
    """The first line."""
    return f"<p><b>{escape(title)}</b></p>"


def table(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """Rows of cells, all of it escaped; nothing when there is no row."""
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    top = "".join(f"<th>{escape(name)}</th>" for name in columns)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>" if body else ""


def strip(group: Group, pictures: dict[str, str]) -> str:
    """A group's pictures side by side, the keeper first."""
    cells = [cell(group.keeper.path, f"stays: {group.why}", pictures)]
    cells += [cell(twin.entry.path, f"{twin.how}, {twin.likeness:.0%} alike", pictures) for twin in group.twins]
    return f'<div style="display:flex;flex-wrap:wrap;gap:8px;margin-bottom:12px">{"".join(cells)}</div>'


def cell(path: str, says: str, pictures: dict[str, str]) -> str:
    """One picture with its words."""
    image = f'<img src="{pictures[path]}" alt="">' if pictures[path] else ""
    return f'<figure style="margin:0">{image}<figcaption>{escape(path)}<br>{escape(says)}</figcaption></figure>'


def members(group: Group) -> list[Entry]:
    """The entries of a group, the keeper first."""
    return [group.keeper, *(twin.entry for twin in group.twins)]
