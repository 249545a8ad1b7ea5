"""`imgtool graph`: a dataset's way and a model's layers, drawn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from imgtool.cli.given import many
from imgtool.cli.predict import SUFFIX
from imgtool.cli.screen import Screen
from imgtool.cli.verb import OUTPUT, Common, verb

if TYPE_CHECKING:
    from rich.console import RenderableType

    from imgtool.pipeline.graph import Graph

DRAWING = "-graph.svg"


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn, and where to."""

    data: Annotated[
        str, Argument(metavar="DATA", help="A dataset, or any folder of class folders.", show_default=False)
    ] = ""
    model: Annotated[
        str, Option("--model", "-m", metavar="FILE", help="A model, whose layers are drawn.", show_default=False)
    ] = ""
    out: Annotated[
        str,
        Option("--out", "-o", metavar="FILE", help="The drawing (DATA-graph.svg beside DATA).", rich_help_panel=OUTPUT),
    ] = ""
    replace: Annotated[bool, Option("--replace", help="Write over whatever is there.", rich_help_panel=OUTPUT)] = False


@verb("graph")
def graph(screen: Screen, drawn: Drawn, common: Common) -> None:  # noqa: ARG001  # read by the screen
    """Draw how many pictures of a dataset came how far, and a model's layers, as an SVG."""
    from imgtool.cli.bar import Bar
    from imgtool.pipeline.graph import graph as carry_out
    from imgtool.web.graph import MARK, svg
    from imgtool.web.placed import put

    data, model = (drawn.data, drawn.model) if drawn.model or not drawn.data.endswith(SUFFIX) else ("", drawn.data)
    with Bar(screen, "Counting") as bar:
        told = carry_out(data, Path(model).expanduser() if model else "", bar)
        place = put(drawing_of(drawn.out, data, model), svg(told), MARK, replace=drawn.replace)
    screen.result(_facts(told, place), lambda: _drawing(screen, told, place))
    if told.flow and told.flow.busy:
        screen.warn(f"{told.flow.busy} What is new in the folders has not been looked at.")


def drawing_of(out: str, data: str, model: str) -> Path:
    """Where the drawing goes: beside the dataset, never into it, or beside the model."""
    if out:
        return Path(out).expanduser()
    if not data:
        return Path(model).expanduser().with_name(f"{Path(model).stem}{DRAWING}")
    root = Path(data).expanduser().resolve()
    return root.parent / f"{root.name or 'data'}{DRAWING}"


def _facts(told: Graph, place: Path) -> dict[str, object]:
    flow, net = told.flow, told.net
    return {
        "dataset": flow.name if flow else None,
        "steps": flow.steps if flow else [],
        "classes": flow.classes if flow else {},
        "broken": flow.broken if flow else 0,
        "busy": bool(flow and flow.busy),
        "model": net.name if net else None,
        "layers": [
            {"name": part.name, "shape": part.shape, "weights": part.weights, "learnt": part.learnt, "work": part.work}
            for part in (net.stages if net else ())
        ],
        "drawing": str(place),
    }


def _drawing(screen: Screen, told: Graph, place: Path) -> RenderableType:
    from rich.text import Text

    flow = ", ".join(f"{step.name}: {step.count:,}" for step in told.flow.steps) if told.flow else ""
    net = f"{told.net.name}: {many(sum(part.weights for part in told.net.stages), 'number')}" if told.net else ""
    return Text("\n".join(screen.safe(line) for line in (flow, net, f"The drawing: {place}") if line))
