#!/usr/bin/env python3
"""Write the generated parts of docs/cli.md from the commands and settings as they are: scripts/reference.py.

A part stands between `<!-- NAME -->` and `<!-- end -->`. A test compares the file with what this would write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent.parent / "docs" / "cli.md"


def commands() -> Iterator[tuple[str, Any]]:
    """Every command by its words, the root first."""
    from typer.main import get_command

    from imgtool.cli.app import app

    yield from walk("imgtool", get_command(app))


def walk(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    """A command and those below it."""
    yield path, command
    for name, each in getattr(command, "commands", {}).items():
        yield from walk(f"{path} {name}", each)


def flags(path: str, command: Any) -> str:
    """The usage line and a table of what the command takes."""
    from typer.core import TyperArgument

    from imgtool.cli.help import options, spelled

    with command.make_context(path, [], resilient_parsing=True, help_option_names=["-h", "--help"]) as context:
        usage = " ".join([path, *command.collect_usage_pieces(context)])
        rows = [(each.metavar, each.help) for each in command.params if isinstance(each, TyperArgument)]
        rows += [(spelled(each), each.help) for each in options(context, command)]
    table = "\n".join(f"| `{name}` | {text} |" for name, text in rows)
    return f"```\n{usage}\n```\n\n| flag | meaning |\n|---|---|\n{table}"


def settings() -> str:
    """Every setting: its name, default, rule and meaning."""
    from imgtool.settings import ROWS

    rows = (f"| `{row.name}` | {value(row.default)} | {row.about} | {row.rule.allowed} |" for row in ROWS.values())
    return "\n".join(["| setting | default | meaning | allowed |", "|---|---|---|---|", *rows])


def value(default: object) -> str:
    """A default as a TOML file would say it."""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, tuple):
        return f"`[{', '.join(map(repr, default))}]`".replace("'", '"')
    return f'`"{default}"`' if isinstance(default, str) else f"`{default}`"


def refusals() -> str:
    """Every reason: its short name, what it means, what can be done."""
    from imgtool.cli.words import REASONS, reason_words

    rows = (f"| `{name}` | {reason_words(name).what} | {reason_words(name).do} |" for name in REASONS)
    return "\n".join(["| reason | means | what to do |", "|---|---|---|", *rows])


def written(page: str) -> str:
    """The page with its generated parts as they should be."""
    parts = {path: flags(path, command) for path, command in commands()}
    parts |= {"settings": settings(), "reasons": refusals()}

    def part(found: re.Match[str]) -> str:
        return f"<!-- {found[1]} -->\n{parts[found[1]]}\n<!-- end -->"

    return re.sub(r"<!-- ([a-z][a-z -]*) -->\n.*?<!-- end -->", part, page, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
