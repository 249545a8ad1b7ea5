"""The flags of `scrape`, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal, get_args

from typer import Argument, Option

LOOK, SOURCE, MANNERS = "What to look for", "Where from", "Manners"

Size = Literal["small", "medium", "large", "wallpaper"]
# fmt: off
Colour = Literal[
    "colour", "mono", "red", "orange", "yellow", "green", "teal",
    "blue", "purple", "pink", "brown", "black", "gray", "white",
]
# fmt: on
Kind = Literal["photo", "clipart", "lineart", "animated", "transparent", "face"]
Aspect = Literal["square", "wide", "tall"]
Age = Literal["day", "week", "month", "year"]
Safe = Literal["strict", "moderate", "off"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks of `scrape`; None and nothing = as the settings say."""

    labels: Annotated[
        list[str], Argument(metavar="CLASS", help="Names of the classes, one folder each.", show_default=False)
    ] = field(default_factory=list)
    n: Annotated[
        int | None,
        Option(
            "--n",
            "-n",
            metavar="N",
            min=1,
            help="Pictures to keep of each class (100; of a list: all).",
            rich_help_panel=LOOK,
        ),
    ] = None
    query: Annotated[
        list[str],
        Option(
            "--query",
            metavar="WORDS",
            help="Search words other than the class's name; repeat it.",
            rich_help_panel=LOOK,
        ),
    ] = field(default_factory=list)
    size: Annotated[
        Size | None, Option("--size", metavar="SIZE", help="small, medium, large or wallpaper.", rich_help_panel=LOOK)
    ] = None
    colour: Annotated[
        Colour | None,
        Option("--colour", "--color", metavar="NAME", rich_help_panel=LOOK, help=f"{', '.join(get_args(Colour))}."),
    ] = None
    kind: Annotated[
        Kind | None,
        Option(
            "--kind",
            "--type",
            metavar="KIND",
            help="photo, clipart, lineart, animated, transparent or face.",
            rich_help_panel=LOOK,
        ),
    ] = None
    aspect: Annotated[
        Aspect | None, Option("--aspect", metavar="SHAPE", help="square, wide or tall.", rich_help_panel=LOOK)
    ] = None
    age: Annotated[
        Age | None,
        Option("--age", metavar="TIME", help="Published within a day, week, month or year.", rich_help_panel=LOOK),
    ] = None
    licence: Annotated[
        list[str],
        Option(
            "--license",
            "--licence",
            metavar="NAME",
            help="by, by-sa, cc0, public, any …; commas or repeat it.",
            rich_help_panel=LOOK,
        ),
    ] = field(default_factory=list)
    safe: Annotated[
        Safe | None,
        Option(
            "--safe", metavar="MODE", help="Safe search: strict (the default), moderate or off.", rich_help_panel=LOOK
        ),
    ] = None
    market: Annotated[
        str | None, Option("--market", metavar="LANG", help="Whose results: en-US, de-DE …", rich_help_panel=LOOK)
    ] = None
    min_size: Annotated[
        int | None,
        Option("--min-size", metavar="PIXELS", help="The shorter side, at least (64).", rich_help_panel=LOOK),
    ] = None
    engine: Annotated[
        list[str],
        Option(
            "--engine",
            metavar="NAME",
            help="auto, bing, google, duckduckgo, openverse, wikimedia, flickr; commas or repeat it.",
            rich_help_panel=SOURCE,
        ),
    ] = field(default_factory=list)
    lists: Annotated[
        list[str],
        Option(
            "--from",
            metavar="FILE",
            help="A list of addresses, a saved result page, a HAR, CSV, JSONL or Parquet file; - is stdin. Repeat it.",
            rich_help_panel=SOURCE,
        ),
    ] = field(default_factory=list)
    label: Annotated[
        str | None,
        Option("--label", metavar="CLASS", help="The class that a list's pictures belong to.", rich_help_panel=SOURCE),
    ] = None
    browser: Annotated[
        bool | None,
        Option(
            "--browser/--no-browser",
            help="Fetch result pages with a real browser: always, or never.",
            rich_help_panel=SOURCE,
            show_default=False,
        ),
    ] = None
    headed: Annotated[bool, Option("--headed", help="Show that browser's window.", rich_help_panel=SOURCE)] = False
    refresh: Annotated[
        bool,
        Option("--refresh", help="Ask the engines anew, also for what earlier runs remember.", rich_help_panel=SOURCE),
    ] = False
    retry: Annotated[
        list[str],
        Option(
            "--retry",
            metavar="REASON",
            help="Try again what was refused for these reasons: timeout, http_5xx …",
            rich_help_panel=SOURCE,
        ),
    ] = field(default_factory=list)
    allow_private: Annotated[
        bool | None,
        Option(
            "--allow-private",
            help="Allow addresses in private networks: your own servers.",
            rich_help_panel=MANNERS,
            show_default=False,
        ),
    ] = None
    ignore_robots: Annotated[
        bool | None,
        Option(
            "--ignore-robots",
            help="Do not ask robots.txt; asks you whether the sites are yours.",
            rich_help_panel=MANNERS,
            show_default=False,
        ),
    ] = None
    concurrency: Annotated[
        int | None, Option("--concurrency", metavar="N", help="Pictures in flight (64).", rich_help_panel=MANNERS)
    ] = None
    yes: Annotated[bool, Option("--yes", "-y", help="Say yes to what would be asked.", rich_help_panel=MANNERS)] = False
    out: Annotated[
        str | None,
        Option("--out", "-o", metavar="FOLDER", help="The dataset's folder (data).", rich_help_panel="Output"),
    ] = None
    dry_run: Annotated[
        bool, Option("--dry-run", help="Say what would be asked and written; do nothing.", rich_help_panel="Output")
    ] = False
