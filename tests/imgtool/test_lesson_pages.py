"""The pages of the lessons cannot lie: their blocks run, print what is below them, and are the lessons' own code."""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.fences import Block, blocks, links
from tests.loopback import ROOT

LESSONS = ROOT / "examples" / "lessons"
PAGES = sorted((ROOT / "docs" / "lessons").glob("[1-9]-*.md"))
PRINTED = "it prints"  # the note before what the block above says


def module_of(page: Path) -> ModuleType:
    (found,) = LESSONS.glob(f"lesson{page.stem[0]}_*.py")
    return importlib.import_module(found.stem)


def stripped(function: ast.FunctionDef) -> str:
    """A function without its types, which pages leave out."""
    for each in ast.walk(function):
        if isinstance(each, ast.arg):
            each.annotation = None
        if isinstance(each, ast.FunctionDef):
            each.returns = None
    return ast.unparse(Untyped().visit(function))


class Untyped(ast.NodeTransformer):
    """`seen: Numbers = …` as `seen = …`."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        return ast.copy_location(ast.Assign([node.target], node.value or ast.Constant(None)), node)


def functions(source: str) -> dict[str, str]:
    tree = ast.parse(source).body
    return {each.name: stripped(each) for each in tree if isinstance(each, ast.FunctionDef)}


def python(page: Path) -> list[Block]:
    return [block for block in blocks(page) if block.language == "python" and not block.skipped]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_blocks_of_a_page_run_and_print_what_stands_below(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "a notebook"}
    said = ""
    for block in blocks(page):
        if block.note == PRINTED:
            assert said == block.text, f"{page.name}:{block.line}"
        elif block.language == "python" and not block.skipped:
            said = perform(block, names)


def perform(block: Block, names: dict[str, Any]) -> str:
    """Run a block as a notebook would, and tell what it printed."""
    source = "\n" * (block.line - 1) + block.text  # so that a traceback names the page's line
    with contextlib.redirect_stdout(io.StringIO()) as told:
        exec(compile(source, block.page, "exec"), names)
    return told.getvalue()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_function_that_a_page_shows_is_the_lesson_s(page: Path) -> None:
    shown = functions("".join(block.text for block in python(page)))
    real = functions(Path(str(module_of(page).__file__)).read_text("utf-8"))
    assert {name: text for name, text in shown.items() if real.get(name, text) != text} == {}


def test_the_shell_of_a_page_runs_in_a_checkout(tmp_path: Path) -> None:
    shutil.copytree(LESSONS, tmp_path / "examples" / "lessons", ignore=shutil.ignore_patterns("__pycache__"))
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    for block in blocks(ROOT / "docs" / "lessons" / "index.md"):
        line = ["sh", "-ec", block.text]
        done = subprocess.run(line, cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "lessons").glob("*.md")), ids=lambda page: page.stem)
def test_a_link_of_a_lesson_leads_somewhere(page: Path) -> None:
    """Pictures are left out: the build of the site draws them, and asks for each."""
    kept = [link for link in links(page) if "://" not in link and not link.startswith("lesson")]
    assert [link for link in kept if not (page.parent / link.partition("#")[0]).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_is_skipped_says_why(page: Path) -> None:
    noted = [block for block in blocks(page) if block.note.startswith("not run")]
    assert all(len(block.skipped) > 10 for block in noted)
