"""Every example runs as a user would run it, against the demo's web."""

from __future__ import annotations

import ast
import csv
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from imgtool.demo.routes import Served
from imgtool.demo.world import World
from tests.loopback import ROOT, environment, good
from tests.made import tree

EXAMPLES = ROOT / "examples"


@pytest.fixture(scope="module")
def web() -> Iterator[Served]:
    with World(seed=5, stall=0.5).in_thread() as served:
        yield served


def run(web: Served, room: Path, name: str, *args: str) -> str:
    line = [sys.executable, str(EXAMPLES / f"{name}.py"), *args]
    done = subprocess.run(line, cwd=room, env=environment(web, room), capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_class_is_scraped_and_then_looked_into(web: Served, tmp_path: Path) -> None:
    told = run(web, tmp_path, "scrape_a_class")
    assert "cactus: 20 of 20 pictures, 20 of them new" in told
    assert "google" in told
    assert len(tree(tmp_path / "data")) == 20

    again = run(web, tmp_path, "scrape_a_class", "cactus", "20")
    assert "0 of them new" in again

    inside = run(web, tmp_path, "look_inside")
    assert "cactus: 20 pictures" in inside
    assert any(f"  from     {url}\n" in inside for url in web.truth)


def test_the_stream_is_left_when_enough_was_seen(web: Served, tmp_path: Path) -> None:
    told = run(web, tmp_path, "watch_the_stream")
    kept = [line for line in told.splitlines() if line.startswith("+ cactus/")]
    assert kept[-1].endswith("(10 wide)")
    assert len(kept) < 200
    assert {line.split()[1] for line in kept} <= set(tree(tmp_path / "data"))


def test_a_list_of_one_s_own_keeps_what_is_free_and_says_whose_it_is(web: Served, tmp_path: Path) -> None:
    plants = good(web, "cactus", 12)
    with (tmp_path / "pictures.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["url", "licence", "creator", "page_url"])
        for place, url in enumerate(plants):
            rows.writerow([url, ("CC BY 4.0", "CC BY-NC 2.0", "")[place % 3], "Mara Lind", f"http://pages/{place}"])

    told = run(web, tmp_path, "own_list", "pictures.csv", "cactus")

    assert len(tree(tmp_path / "data")) == 4
    assert told.count(": by 4.0, Mara Lind, http://pages/") == 4
    assert "8 not kept: licence" in told


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_an_example_says_what_it_shows_and_is_run_here(path: Path) -> None:
    told = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    assert f"python examples/{path.name}" in told
    assert f'"{path.stem}"' in Path(__file__).read_text("utf-8")
