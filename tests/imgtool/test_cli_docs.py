"""docs/cli.md cannot lie: its tables are what the program itself would write."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
REFERENCE = runpy.run_path(str(ROOT / "scripts" / "reference.py"))
PAGE = (ROOT / "docs" / "cli.md").read_text("utf-8")
COMMANDS: dict[str, Any] = dict(REFERENCE["commands"]())


def test_the_page_is_what_the_program_says() -> None:
    assert REFERENCE["written"](PAGE) == PAGE, "run scripts/reference.py"


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_is_documented(path: str) -> None:
    assert f"<!-- {path} -->" in PAGE


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_and_flag_explains_itself(path: str) -> None:
    assert COMMANDS[path].help
    assert all(getattr(each, "help", None) for each in COMMANDS[path].params)


@pytest.mark.parametrize("path", [path for path, each in COMMANDS.items() if not hasattr(each, "commands")])
def test_every_command_speaks_json_and_can_be_quiet(path: str) -> None:
    flags = {flag for each in COMMANDS[path].params for flag in each.opts}
    assert {"--json", "--quiet", "-q", "--verbose", "-v", "--no-input", "--config"} <= flags


@pytest.mark.parametrize("code", ["0", "1", "2", "3", "4", "5", "6", "7", "130", "141", "143"])
def test_every_exit_code_is_documented(code: str) -> None:
    assert f"\n| {code} | " in PAGE
