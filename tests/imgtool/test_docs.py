"""The documents cannot lie: their code runs, their commands are typed, their links are followed.

A block that is not run says so, and why, in a comment right before it: `<!-- not run: reason -->`.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from imgtool.cli.main import run
from imgtool.demo.routes import Served
from tests.fences import SHELL, Block, Said, anchors, blocks, links, said, typed
from tests.loopback import ROOT, SpokenOf, environment, good

README, CHANGELOG = ROOT / "README.md", ROOT / "CHANGELOG.md"
PAGES = (README, *sorted((ROOT / "docs").glob("*.md")))
SAID = [each for page in PAGES for each in said(page)]
FEW = "3"  # pictures: enough to see a command work
# What stands on the PATH as `imgtool`: the line of a document as it is, only with fewer pictures.
SHIM = f"""#!/bin/sh
case "$1" in scrape|demo) set -- "$@" --n {FEW};; esac
exec "{sys.executable}" -m imgtool "$@"
"""


@pytest.fixture(scope="module")
def web() -> Iterator[Served]:
    with SpokenOf(seed=4, stall=0.5).in_thread() as served:
        yield served


@pytest.fixture
def room(web: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, with the lists that documents speak of, and a world to ask."""
    for name, value in environment(web, tmp_path).items():
        monkeypatch.setenv(name, value)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    addresses = list(good(web, "cactus", 6))
    (here / "urls.txt").write_text("# a list\n" + "\n".join(addresses))
    (here / "page.html").write_text("".join(f'<img src="{url}">' for url in addresses))
    return here


def pages_with(language: str) -> list[Path]:
    return [page for page in PAGES if any(block.language == language and not block.skipped for block in blocks(page))]


@pytest.mark.parametrize("page", pages_with("python"), ids=lambda page: page.name)
def test_the_python_of_a_page_runs_from_top_to_bottom(page: Path, room: Path) -> None:
    names: dict[str, Any] = {"__name__": "a notebook"}
    for block in blocks(page):
        if block.language == "python" and not block.skipped:
            perform(block, names)


def perform(block: Block, names: dict[str, Any]) -> None:
    """Run a block as a notebook would: `await` and `async for` may stand outside functions."""
    source = "\n" * (block.line - 1) + block.text  # so that a traceback names the page's line
    code = compile(source, block.page, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    running = eval(code, names)
    if inspect.isawaitable(running):
        asyncio.run(_finish(running))


async def _finish(running: Any) -> None:
    await running


def test_the_readme_s_commands_do_what_they_say(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (room.parent / "bin").mkdir()
    shim = room.parent / "bin" / "imgtool"
    shim.write_text(SHIM)
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(shim.parent), prepend=":")
    for block in blocks(README):
        for line in typed(block) if not block.skipped else []:
            done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=90)
            assert done.returncode == 0, f"README.md:{block.line}: {line}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("each", SAID, ids=lambda each: f"{each.where}: {' '.join(each.words)}")
def test_a_command_that_is_named_is_here_or_said_to_come(each: Said) -> None:
    if each.later:
        assert each.words[0] not in program().commands, "it has come: say so"
    else:
        program(lenient=each.inline).main(list(each.words), prog_name="imgtool", standalone_mode=False)


def program(*, lenient: bool = False) -> Any:
    """The real command line, parsing its flags and then doing nothing.

    Lenient, as sentences are: arguments may lack, and FILE or FORMAT may stand for a value.
    """
    from typer.main import get_command

    from imgtool.cli.app import app

    def still(command: Any) -> Any:
        command.callback = None
        command.invoke_without_command = lenient
        for each in command.params:
            each.callback = None  # --install-completion would install
            if lenient:
                each.process_value = lambda _, value: value
        for below in getattr(command, "commands", {}).values():
            still(below)
        return command

    return still(get_command(app))


@pytest.mark.parametrize(
    "each",
    [each for each in SAID if each.words[:1] == ("scrape",) and len(each.words) > 1 and not each.later],
    ids=lambda each: f"{each.where}: {' '.join(each.words)}",
)
def test_a_scrape_that_is_named_makes_sense(each: Said, room: Path) -> None:
    (room / "urls-cat.txt").write_text("http://127.0.0.1/1.jpg")
    assert run([*each.words, "--dry-run"]) == 0


def test_what_is_not_run_gives_its_reason() -> None:
    left = [block for page in PAGES for block in blocks(page) if block.note.startswith("not run")]
    assert all(len(block.skipped) > 10 for block in left)
    assert all(block.language in SHELL | {"python"} for block in left), "a comment that nothing needs"


@pytest.mark.parametrize("page", [*PAGES, CHANGELOG], ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    inside = [link for link in links(page) if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in inside if not leads(page, *link.partition("#")[::2])] == []


def leads(page: Path, target: str, anchor: str) -> bool:
    """Is the file there, and in it the place? Beside the wheel only some of the files are."""
    path = page.parent / target if target else page
    if not path.exists():
        return not (ROOT / "imgtool").exists() and path.resolve().is_relative_to(ROOT)
    return not anchor or anchor in anchors(path)


def test_every_page_is_on_the_map() -> None:
    pages = {page.name for page in PAGES} - {"README.md", "index.md"}
    assert pages <= set(links(ROOT / "docs" / "index.md"))


def test_the_changelog_begins_with_what_is_not_released_yet() -> None:
    text = CHANGELOG.read_text("utf-8")
    first, *_ = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert first == "[Unreleased]"
    kinds = re.findall(r"^### (.+)$", text, re.MULTILINE)
    assert set(kinds) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert re.findall(r"^- ", text, re.MULTILINE)
