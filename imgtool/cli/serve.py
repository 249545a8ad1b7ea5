"""`imgtool serve`: models in the browser, for people and for programs."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from imgtool.cli.network import Network
from imgtool.cli.screen import Screen
from imgtool.cli.staying import Page
from imgtool.cli.staying import serve as stay
from imgtool.cli.verb import Common, verb
from imgtool.errors import UsageError

if TYPE_CHECKING:
    from imgtool.pipeline.stands import Stand
    from imgtool.web.serve import House, Opening

HERE = "127.0.0.1"
NAME = re.compile(r"[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?")
ABROAD = "Whoever has the token can come in, and nothing is encrypted on the way."
TOKEN = "IMGTOOL_TOKEN"  # noqa: S105  the name of a variable


@dataclass(frozen=True, slots=True)
class Models:
    """What is served."""

    models: Annotated[
        list[str],
        Argument(
            metavar="[MODEL...]", help="Model files (model.keras, when nothing else is named).", show_default=False
        ),
    ] = field(default_factory=list)
    digits: Annotated[
        str, Option("--digits", metavar="FILE", help="A model of digits, for what is drawn.", show_default=False)
    ] = ""
    imagenet: Annotated[bool, Option("--imagenet", help="Also the thousand names of ImageNet.")] = False
    data: Annotated[
        str,
        Option(
            "--data", metavar="DATA", help="The dataset that is taught on the page, and reviewed.", show_default=False
        ),
    ] = ""
    allow_url: Annotated[bool, Option("--allow-url", help="Fetch pictures from addresses that visitors name.")] = False


@dataclass(frozen=True, slots=True)
class Where:
    """Where, and for whom."""

    port: Annotated[int, Option("--port", metavar="N", min=0, max=65535, help="0 = any free one.")] = 8000
    host: Annotated[
        str,
        Option("--host", metavar="ADDRESS", help="Listen there; whoever comes needs the token.", show_default=True),
    ] = HERE
    name: Annotated[
        list[str],
        Option("--name", metavar="NAME", help="What others call this machine; may be repeated.", show_default=False),
    ] = field(default_factory=list)
    no_browser: Annotated[bool, Option("--no-browser", help="Print the address, open nothing.")] = False


@verb("serve")
def serve(screen: Screen, models: Models, network: Network, where: Where, common: Common) -> None:
    """Serve models in the browser and to programs: drop a picture, draw a digit, POST /api/predict.

    The page is served on this machine alone and loads nothing from elsewhere; pictures are held in memory and
    forgotten. With --host, whoever comes from elsewhere needs the token that is printed, or that IMGTOOL_TOKEN
    holds. Ctrl-C ends it.
    """
    from imgtool.web.serve import Opening, serving

    place = address(where.host), tuple(map(called, where.name)), os.environ.get(TOKEN, "")
    served = standing(models, network)
    opening = Opening(served, house(screen, models, common), where.port, *place)
    with serving(opening) as (at, go):
        stay(screen, page(screen, opening, at), go, browser=not where.no_browser)


def page(screen: Screen, opening: Opening, at: str) -> Page:
    """What is served, and where; a token that a person chose is not shown."""
    names = [stand.name for stand in opening.stands]
    notes = () if opening.host == HERE else (ABROAD,)
    shown = at.partition("#")[0] if opening.token else at
    return Page(at, {"models": names}, screen.safe(", ".join(names)), notes, shown)


def standing(models: Models, network: Network) -> tuple[Stand, ...]:
    """The models."""
    from imgtool.pipeline.stands import stands
    from imgtool.pipeline.what import Namer

    if not models.imagenet and (network.weights or network.names):
        raise UsageError("--weights and --names are about the thousand names.", hint="Add --imagenet.")
    namer = Namer(network.weights, network.names) if models.imagenet else None
    return stands(models.models, digits=models.digits, namer=namer)


def house(screen: Screen, models: Models, common: Common) -> House:
    """What there is beside them."""
    from pathlib import Path

    from imgtool.cli.settle import settle
    from imgtool.pipeline.plan import limits_of
    from imgtool.web.serve import House

    data = Path(models.data).expanduser() if models.data else None
    if data and not data.is_dir():
        raise UsageError(f"There is no dataset {data}.", hint="--data names a folder of class folders.")
    return House(data, models.allow_url, limits=limits_of(settle(screen, common, {}).settings))


def called(name: str) -> str:
    """A name as browsers send it."""
    if not NAME.fullmatch(name):
        raise UsageError(
            f"--name takes a name as it stands in an address, not {name!r}.", hint="As in pics.example.org."
        )
    return name.lower()


def address(host: str) -> str:
    """The address in numbers."""
    try:
        return str(ipaddress.ip_address(HERE if host == "localhost" else host.strip("[]")))
    except ValueError:
        hint = "0.0.0.0 is every address of this machine."
        raise UsageError(f"--host takes an address in numbers, not {host!r}.", hint=hint) from None
