"""`imgtool noise`: pictures whose label is probably wrong, strangers, and shortcuts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Option

from imgtool.cli.given import Place, facts, line, many, remarks
from imgtool.cli.learning import BACKBONES
from imgtool.cli.screen import Screen
from imgtool.cli.verb import OUTPUT, Common, verb

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from imgtool.pipeline.noise import Doubted

FEW, MORE = 5, 30  # examples of a check, and with --verbose
EYES = "What looks"


@dataclass(frozen=True, slots=True)
class Eyes:
    """The network that pictures are compared by."""

    backbone: Annotated[str, Option("--backbone", metavar="NAME", help=f"{BACKBONES}.", rich_help_panel=EYES)] = "vgg16"
    alpha: Annotated[
        float, Option("--alpha", metavar="WIDTH", min=0.1, max=2, help="Of mobilenets.", rich_help_panel=EYES)
    ] = 1.0
    weights: Annotated[
        str, Option("--weights", metavar="WHICH", help="imagenet, a file, or none.", rich_help_panel=EYES)
    ] = "imagenet"
    size: Annotated[
        int,
        Option("--size", metavar="PIXELS", min=0, help="Of its pictures; 0 = the network's own.", rich_help_panel=EYES),
    ] = 0


@dataclass(frozen=True, slots=True)
class Doing:
    """What is done about it."""

    apply: Annotated[
        bool, Option("--apply", help="Take strangers out and move wrong labels to the class they look like.")
    ] = False
    seed: Annotated[int, Option("--seed", metavar="N", help="Another seed, other folds (0).")] = 0
    report: Annotated[
        str, Option("--report", metavar="FILE", help="Write a page with the pictures.", rich_help_panel=OUTPUT)
    ] = ""


@verb("noise")
def noise(screen: Screen, place: Place, eyes: Eyes, doing: Doing, common: Common) -> None:
    """Find pictures whose label is probably wrong, that belong to no class, or that stand for a shortcut.

    Each is judged by models that learnt from the others. `imgtool review` shows what is found; --apply does it all as
    one change, which `imgtool undo` takes back.
    """
    from classify.nouns import Recipe
    from imgtool.cli.bar import Bar
    from imgtool.pipeline.noise import noise as carry_out

    recipe = Recipe(eyes.backbone, eyes.alpha, eyes.weights, eyes.size)
    with Bar(screen, "Comparing") as bar:
        found = carry_out(place.data, recipe=recipe, apply=doing.apply, seed=doing.seed, watch=bar, step=bar.step)
        if doing.report:
            from imgtool.web import album

            bar.say("Writing the report")
            album.write(Path(doing.report), album.doubted(found))
    screen.result(_facts(found, doing), lambda: _drawing(screen, found, MORE if common.verbose else FEW))
    for text in (*remarks(found.noticed), *_next(found, doing)):
        screen.note(text, "dim")


def _facts(found: Doubted, doing: Doing) -> dict[str, object]:
    return {
        "dataset": str(found.root),
        "classes": found.counts,
        "confirmed": round(found.confirmed, 4),
        "checks": found.by_check,
        "findings": found.findings,
        "shortcuts": [asdict(each) | {"target": found.labels[each.target]} for each in found.shortcuts],
        "refused": [{"path": path, "why": each.reason, "detail": each.detail} for path, each in found.refused.items()],
        "notes": found.notes,
        "applied": doing.apply,
        "wishes": found.wishes,
        "change": facts(found.change),
        "report": doing.report or None,
    }


def _drawing(screen: Screen, found: Doubted, most: int) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    parts: list[RenderableType] = [_heading(found)]
    if found.findings:
        parts += [Text(), _suspects(screen, found, most)]
    if found.shortcuts:
        parts += [Text(), _shortcuts(screen, found)]
    if not found.findings:
        parts += [Text("\nNothing suspicious.", style="green")]
    parts += [Text(screen.safe(note), style="yellow") for note in _remarks(found)]
    if found.change:
        parts += [Text(f"\n{_done(found)}: change {found.change.id}.", style="green")]
    return Group(*parts)


def _heading(found: Doubted) -> RenderableType:
    from rich.text import Text

    text = Text(f"{many(sum(found.counts.values()), 'picture')} of {len(found.counts)} classes", style="bold")
    return text.append(f"  others confirm {found.confirmed:.1%} of the labels", style="not bold dim")


def _suspects(screen: Screen, found: Doubted, most: int) -> Table:
    """Each check with its worst."""
    from imgtool.cli.tables import grid
    from imgtool.pipeline.doubts import SHORTCUT

    table = grid("found", "check", "score", "the most suspicious", "why", right=frozenset({"found", "score"}))
    for name, count in found.by_check.items():
        worst = [finding for finding in found.findings if finding.check == name][:most]
        for place, finding in enumerate(() if name == SHORTCUT else worst):
            first = (str(count), name) if place == 0 else ("", "")
            table.add_row(*first, f"{finding.score:.2f}", screen.safe(finding.path), screen.safe(finding.detail))
    return table


def _shortcuts(screen: Screen, found: Doubted) -> Table:
    """What tells a class besides its subject."""
    from imgtool.cli.tables import grid

    table = grid("shortcut", "tells", "how well", "by", right=frozenset({"how well"}))
    for each in found.shortcuts:
        values = ", ".join(f"{value.name} ({value.inside} of {value.all})" for value in each.values)
        label = screen.safe(found.labels[each.target])
        table.add_row(each.trait, label, f"{each.share:.2f}", screen.safe(values))
    return table


def _remarks(found: Doubted) -> list[str]:
    notes = list(found.notes)
    if found.refused:
        path, why = next(iter(found.refused.items()))
        notes.append(f"{many(len(found.refused), 'picture')} could not be read: {path} ({why.reason}) is the first.")
    if found.change and found.change.stale:
        notes.append(f"{len(found.change.stale)} left alone: they changed since they were looked at.")
    return notes


def _done(found: Doubted) -> str:
    moves = found.change.moves if found.change else ()
    gone = sum(move.new_state == "removed" for move in moves)
    counts = ((gone, "taken out"), (len(moves) - gone, "moved to the class they look like"))
    return " and ".join(f"{count} {what}" for count, what in counts if count) or "Nothing"


def _next(found: Doubted, doing: Doing) -> list[str]:
    """What a person may want to do now."""
    data = str(found.root)
    said = [f"The page: {doing.report}"] if doing.report else []
    if found.change:
        return [*said, f"{line('undo', data)} takes that back."]
    if found.findings:
        said.append(f"{line('review', data)} shows them, to say which are right.")
    if found.wishes:
        said.append(f"`--apply` takes strangers out and moves wrong labels; {line('undo', data)} would bring all back.")
    return said
