#!/usr/bin/env python3
"""Build the documents as a site: scripts/pages.py [FOLDER], docs/_build if none is named. No network is asked.

The repository's own shape stays: README.md is the first page, docs/, examples/ and benchmarks/results/ lie beside it,
so every link between files is also a link between pages. The navigation is docs/index.md, read. The pictures of the
lessons are drawn by the lessons, again only when their code has changed. Then every page that was built is asked:
does each link lead somewhere, is anything loaded from elsewhere?
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from links import faults

ROOT = Path(__file__).parent.parent
SHOWN = ("*.md", "*.py", "*.svg", "*.png", "*.js", "*.css")
FOLDERS = ("docs", "examples", "benchmarks/results")
COLOUR = re.compile(r"\x1b\[[\d;]*m")  # it paints even where nobody sees colours
LESSONS = "docs/lessons/index.md"
LINK = re.compile(r"(?<=\]\()([^)\s#:]+)(?=\))")
Entry: TypeAlias = dict[str, "str | list[Entry]"]  # a title, and its page or the entries below it
ENTRY = re.compile(r"^(?:\*\*(?P<section>.+?)\*\*|[-\d.]+ +\[(?P<title>.+?)\]\((?P<path>[^)]+\.md)\).*)$", re.MULTILINE)


def main(folder: str = str(ROOT / "docs" / "_build"), root: Path = ROOT) -> int:
    """Stage, draw, build, check. Exit code 1 when anything is wrong."""
    room = Path(folder)
    pages = staged(root, room / "pages")
    draw(root / "examples" / "lessons", room / "drawn", pages)
    config = (root / "docs" / "site" / "zensical.toml").read_text("utf-8")
    nav = f"nav = {toml(navigation(pages))}\n"
    (room / "zensical.toml").write_text(config.replace("[project]\n", f"[project]\n{nav}", 1), "utf-8")
    shutil.rmtree(room / "site", ignore_errors=True)
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean", "--config-file", "zensical.toml"]
    done = subprocess.run(command, cwd=room, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print(COLOUR.sub("", done.stdout).partition("Traceback")[0].rstrip())  # which it ends with when it has warned
    if done.returncode:
        return 1
    wrong = sorted(set(faults(room / "site")))
    print("\n".join(wrong or [f"Built: {room / 'site' / 'index.html'}"]))
    return 1 if wrong else 0


# --- the pages ------------------------------------------------------------------------------------------------------


def staged(root: Path, pages: Path) -> Path:
    """Copies of what the site shows, where it lies in the repository; a link to a folder leads to its README."""
    shutil.rmtree(pages, ignore_errors=True)
    for path in [root / "README.md", root / "CHANGELOG.md", *shown(root)]:
        copy = pages / path.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".md":
            copy.write_text(to_pages(path.read_text("utf-8"), path.parent), "utf-8")
        else:
            shutil.copyfile(path, copy)
    return pages


def shown(root: Path) -> Iterator[Path]:
    """Every file of the folders that may be on a page."""
    for folder in FOLDERS:
        for pattern in SHOWN:
            found = (root / folder).rglob(pattern)
            yield from (path for path in found if not {"_build", "__pycache__"} & set(path.relative_to(root).parts))


def to_pages(text: str, folder: Path) -> str:
    """The text of a page, its links to folders led to their READMEs."""

    def page(at: re.Match[str]) -> str:
        return f"{at[1].rstrip('/')}/README.md" if (folder / at[1] / "README.md").exists() else at[1]

    return LINK.sub(page, text)


def draw(lessons: Path, kept: Path, pages: Path) -> None:
    """The pictures of every lesson, beside its page; kept for the next time, until a lesson changes."""
    code = b"".join(path.read_bytes() for path in sorted(lessons.glob("*.py")))
    drawn = kept / hashlib.sha256(code).hexdigest()[:16]
    if not drawn.exists():
        shutil.rmtree(kept, ignore_errors=True)
        for lesson in sorted(lessons.glob("lesson*.py")):
            print(f"{lesson.name} draws", flush=True)
            line = [sys.executable, str(lesson), str(drawn.with_suffix(".new") / lesson.stem.partition("_")[0])]
            subprocess.run(line, check=True, stdout=subprocess.DEVNULL)
        drawn.with_suffix(".new").rename(drawn)
    shutil.copytree(drawn, pages / "docs" / "lessons", dirs_exist_ok=True)


# --- the navigation -------------------------------------------------------------------------------------------------


def navigation(pages: Path) -> list[Entry]:
    """The map of docs/index.md, section by section; then the lessons in their order."""
    sections: dict[str, list[Entry]] = {"": [{"imgtool": "README.md"}, {"All documents": "docs/index.md"}]}
    for section, title, path in entries(pages, "docs/index.md"):
        if path != LESSONS:
            sections.setdefault(section, []).append({title: path})
    lessons: list[Entry] = [{title: path} for _, title, path in entries(pages, LESSONS)]
    begin, *others = sections.values()
    named: list[Entry] = [{title: each} for title, each in zip(list(sections)[1:], others, strict=True)]
    return [*begin, *named, {"Lessons": [{"What they are": LESSONS}, *lessons]}]


def entries(pages: Path, page: str) -> Iterator[tuple[str, str, str]]:
    """What a page lists: section, title and path of each that is on the site."""
    section = ""
    for at in ENTRY.finditer((pages / page).read_text("utf-8")):
        section = at["section"] or section
        path = os.path.normpath(f"{Path(page).parent}/{at['path']}")
        if at["path"] and (pages / path).is_file():
            yield section, at["title"], path


def toml(value: object) -> str:
    """A list of tables in one line; JSON's strings are TOML's."""
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{json.dumps(key)} = {toml(each)}' for key, each in value.items())} }}"
    return json.dumps(value)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
