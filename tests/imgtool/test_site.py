"""The documents as a site: built without network, whole, and asking nobody when it is read."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import links
import pages
import pytest

from tests.chromium import PHONE, launched
from tests.loopback import ROOT

MAP = """# Map

**Using it**

- [Cats](cats.md): of cats.
- [Examples](../examples): scripts.

**More**

- [Changes](../CHANGELOG.md)
"""
LESSON = """import pathlib, sys

room = pathlib.Path(sys.argv[1])
room.mkdir(parents=True)
(room / "a.svg").write_text("<svg/>")
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A repository of a few pages in the shape of ours."""
    root = tmp_path / "root"
    files = {
        "README.md": "# Home\n\n[The map](docs/index.md)\n",
        "CHANGELOG.md": "# Changes\n",
        "docs/index.md": MAP,
        "docs/cats.md": "# Cats\n\n## Their whiskers\n\nCats purr.\n",
        "docs/lessons/index.md": "# Lessons\n\n1. [Drawing](1-drawing.md): lines.\n",
        "docs/lessons/1-drawing.md": "# Drawing\n\n![drawn](lesson1/a.svg) [cats](../cats.md#their-whiskers)\n",
        "examples/README.md": "# Examples\n",
        "examples/lessons/lesson1_drawing.py": LESSON,
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    shutil.copytree(ROOT / "docs" / "site", root / "docs" / "site")
    return root


def built(root: Path) -> tuple[int, Path]:
    room = root.parent / "room"
    return pages.main(str(room), root), room / "site"


def test_a_site_has_every_page_where_it_lies_and_the_lessons_pictures(small: Path) -> None:
    code, site = built(small)
    assert code == 0
    found = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert {"index.html", "docs/index.html", "docs/cats.html", "docs/lessons/1-drawing.html", "CHANGELOG.html"} <= found
    assert (site / "docs" / "lessons" / "lesson1" / "a.svg").exists()


def test_the_navigation_is_the_map_and_then_the_lessons(small: Path) -> None:
    staged = pages.staged(small, small.parent / "pages")
    assert pages.navigation(staged) == [
        {"imgtool": "README.md"},
        {"All documents": "docs/index.md"},
        {"Using it": [{"Cats": "docs/cats.md"}, {"Examples": "examples/README.md"}]},
        {"More": [{"Changes": "CHANGELOG.md"}]},
        {"Lessons": [{"What they are": "docs/lessons/index.md"}, {"Drawing": "docs/lessons/1-drawing.md"}]},
    ]


def test_a_lesson_draws_again_only_when_it_has_changed(small: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def draws() -> int:
        pages.draw(small / "examples" / "lessons", small / "drawn", small / "pages")
        return capfd.readouterr().out.count("draws")

    assert [draws(), draws()] == [1, 0]
    (small / "examples" / "lessons" / "lesson1_drawing.py").write_text(f"# new\n{LESSON}")
    assert draws() == 1


def test_a_link_to_no_page_ends_the_build(small: Path) -> None:
    (small / "docs" / "index.md").write_text(f"{MAP}\n[gone](gone.md) [no such place](cats.md#claws)\n", "utf-8")
    assert built(small)[0] == 1


def test_missing_pictures_and_things_from_elsewhere_end_the_build(
    small: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = '![](gone.png) ![](https://a.org/b.png) [](../examples/lessons)\n\n<script src="//a.org/c.js"></script>\n'
    (small / "docs" / "index.md").write_text(f"{MAP}\n{wrong}", "utf-8")
    assert built(small)[0] == 1
    assert capfd.readouterr().out.splitlines()[-4:] == [
        "docs/index.html: loads //a.org/c.js",
        "docs/index.html: loads https://a.org/b.png",
        "docs/index.html: no file ../examples/lessons",
        "docs/index.html: no file gone.png",
    ]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ('<a href="https://example.com">out</a><a href="b.html#x">in</a><img src="data:image/png;base64,">', []),
        ('<img src="//example.com/a.png">', ["a.html: loads //example.com/a.png"]),
        ('<a href="c.html">', ["a.html: no file c.html"]),
        ('<a href="b.html#y">', ["a.html: no such place b.html#y"]),
        ('<a href="#z">', ["a.html: no such place #z"]),
    ],
)
def test_what_is_wrong_with_a_page_is_said(page: str, said: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page)
    (tmp_path / "b.html").write_text('<h1 id="x">b</h1>')
    assert list(links.faults(tmp_path)) == said


def test_a_style_that_loads_from_elsewhere_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("@import 'https://example.com/font.css'; b { background: url(a.png) }")
    assert list(links.faults(tmp_path)) == ["a.css: loads from elsewhere"]


@pytest.mark.browser
def test_a_site_opened_as_a_file_is_searched_and_asks_nobody(small: Path) -> None:
    code, site = built(small)
    assert code == 0
    with launched() as browser:
        page = browser.new_page(color_scheme="dark")
        asked: list[str] = []
        said: list[Any] = []
        page.set_default_timeout(15_000)
        page.on("request", lambda request: asked.append(request.url.partition(":")[0]))
        page.on("pageerror", lambda error: said.append(error))
        page.goto((site / "index.html").as_uri())
        page.get_by_role("button", name="Search").first.click()
        page.locator("input[aria-label=Search]").press_sequentially("whiskers")
        page.get_by_text("Their whiskers").first.click()
        page.wait_for_url("**/cats.html*whiskers*")
        assert (set(asked), said) == ({"file"}, [])
        page.set_viewport_size(PHONE)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.slow
@pytest.mark.timeout(400)  # the lessons learn in it
def test_the_whole_site_is_built_without_network(tmp_path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):  # what the lessons drew at the last build, if they are still the same
        shutil.copytree(ROOT / "docs" / "_build" / "drawn", tmp_path / "drawn")
    alone = ["unshare", "--map-root-user", "--net"]
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        alone = []  # where no such room can be had, what is loaded is still asked of every page
    line = [*alone, sys.executable, str(ROOT / "scripts" / "pages.py"), str(tmp_path)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
