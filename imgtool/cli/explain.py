"""`imgtool explain`: one picture inside a model, on one page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from imgtool.cli.predict import MODEL
from imgtool.cli.screen import Screen
from imgtool.cli.verb import OUTPUT, Common, verb

if TYPE_CHECKING:
    from rich.console import RenderableType

    from imgtool.pipeline.explain import Explained

SUFFIX = "-explained.html"


@dataclass(frozen=True, slots=True)
class Inside:
    """Which picture, in which model."""

    photo: Annotated[str, Argument(metavar="PHOTO", help="A picture: a file or an address.", show_default=False)]
    model: Annotated[str, Option("--model", "-m", metavar="FILE", help=f"The model ({MODEL}).", show_default=False)] = (
        MODEL
    )
    out: Annotated[
        str,
        Option("--out", "-o", metavar="FILE", help="The page (PHOTO-explained.html).", rich_help_panel=OUTPUT),
    ] = ""
    replace: Annotated[bool, Option("--replace", help="Write over whatever is there.", rich_help_panel=OUTPUT)] = False


@verb("explain")
def explain(screen: Screen, inside: Inside, common: Common) -> None:  # noqa: ARG001  # read by the screen
    """Show what a model does with one picture, from its pixels to its name, on one page to read."""
    from imgtool.cli.bar import Bar
    from imgtool.pipeline.explain import explain as carry_out
    from imgtool.web import explained
    from imgtool.web.placed import put

    with Bar(screen, "Opening the model") as bar:
        told = carry_out(Path(inside.model).expanduser(), inside.photo, watch=bar.step)
        bar.say("Writing the page")
        place = put(page_of(inside), explained.page(told), explained.MARK, replace=inside.replace)
    screen.result(_facts(told, place), lambda: _drawing(screen, told, place))


def page_of(inside: Inside) -> Path:
    """Where the page goes: beside a file; of an address into the folder one stands in."""
    if inside.out:
        return Path(inside.out).expanduser()
    if "://" in inside.photo:
        name = Path(inside.photo.partition("://")[2].partition("?")[0]).stem
        return Path(f"{name or 'picture'}{SUFFIX}")
    photo = Path(inside.photo).expanduser()
    return photo.with_name(f"{photo.stem}{SUFFIX}") if photo.name else Path(f"picture{SUFFIX}")


def _facts(told: Explained, place: Path) -> dict[str, object]:
    said = told.look.said
    return {
        "picture": said.picture,
        "model": told.model,
        "label": said.label,
        "sure": said.sure,
        "why": said.why,
        "ranked": [{"label": label, "probability": share} for label, share in said.ranked],
        "places": bool(told.heats),
        "layers": [
            {"name": part.name, "shape": part.shape, "weights": part.weights, "learnt": part.learnt, "work": part.work}
            for part in told.insight.stages
        ],
        "page": str(place),
    }


def _drawing(screen: Screen, told: Explained, place: Path) -> RenderableType:
    from rich.text import Text

    from curate.caption import percent

    said = told.look.said
    doubt = f" ({said.doubt})" if said.doubt else ""
    text = Text(screen.safe(f"{said.label}, {percent(said.probability)}{doubt}"), style="bold")
    return text.append("\n").append(screen.safe(f"The page: {place}"), style="not bold")
