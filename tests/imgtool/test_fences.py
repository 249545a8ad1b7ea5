"""The reading of documents, on pages of a few lines: what is seen of them is what is held to be true."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fences import anchors, blocks, commands, links, said, typed


def page(folder: Path, text: str) -> Path:
    path = folder / "page.md"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("line", "calls"),
    [
        ("imgtool scrape cat", [("scrape", "cat")]),
        ('imgtool scrape "red panda" --n 5   # a comment', [("scrape", "red panda", "--n", "5")]),
        ("cat urls.txt | imgtool scrape --from - --label cat", [("scrape", "--from", "-", "--label", "cat")]),
        ("IMGTOOL_PER_HOST=2 imgtool scrape cat && imgtool info data", [("scrape", "cat"), ("info", "data")]),
        ("imgtool info data --json > told.json", [("info", "data", "--json")]),
        ("pip install imgtool-datasets", []),
    ],
)
def test_the_calls_in_a_line_of_shell(line: str, calls: list[tuple[str, ...]]) -> None:
    assert list(commands(line)) == calls


def test_of_a_transcript_only_what_was_typed_counts(tmp_path: Path) -> None:
    (block,) = blocks(page(tmp_path, "```console\n$ imgtool scrape cat \\\n    --n 5\nimgtool says hello\n```\n"))
    assert [list(commands(line)) for line in typed(block)] == [[("scrape", "cat", "--n", "5")]]


def test_a_block_knows_its_line_and_why_it_is_not_run(tmp_path: Path) -> None:
    (block,) = blocks(page(tmp_path, "# A\n\n<!-- not run: it waits for you -->\n```python\ninput()\n```\n"))
    assert (block.line, block.skipped, block.text) == (5, "it waits for you", "input()\n")


def test_commands_between_backticks_count_and_synopses_do_not(tmp_path: Path) -> None:
    sentence = "`imgtool scrape cat` and `imgtool train data`, to come."
    synopsis = "<!-- imgtool undo -->\n```\nimgtool undo DATA\n```"
    text = f"{sentence}\n\n{synopsis}\n"
    assert [(each.words[0], each.later, each.inline) for each in said(page(tmp_path, text))] == [
        ("scrape", False, True),
        ("train", True, True),
    ]


def test_links_and_the_places_they_lead_to(tmp_path: Path) -> None:
    text = "## `imgtool.scrape(*labels)` and more\n[a](#there) ![b](c.svg)\n```\n[no](link)\n# no head\n```\n"
    path = page(tmp_path, text)
    assert links(path) == ["#there", "c.svg"]
    assert anchors(path) == {"imgtoolscrapelabels-and-more"}
