"""docs/bad-input.md names tests that exist, and no line goes without one."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = [line for line in (ROOT / "docs" / "bad-input.md").read_text("utf-8").splitlines() if line.startswith("| ")]
PROMISES = [row for row in ROWS if not row.endswith("| proven by |")]
NAMED = {name for row in PROMISES for name in re.findall(r"`(test_\w+)`", row)}


def test_every_test_that_the_page_names_is_there() -> None:
    trees = (ast.parse(path.read_text("utf-8")) for path in (ROOT / "tests").rglob("test_*.py"))
    there = {node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}

    assert NAMED - there == set()


def test_every_promise_names_its_test() -> None:
    assert PROMISES
    assert [row for row in PROMISES if not re.search(r"`test_\w+`[^|]*\|$", row)] == []
