"""Markdown as its readers use it: the blocks they copy, the commands they type, the links they follow."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(
    r"^(?:<!-- (?P<note>[^\n]*?) -->\n)?(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
SPAN = re.compile(r"`(imgtool(?: [^`\n]*)?)`(,? \(?to come)?")
LINK = re.compile(r"\]\(([^)\s]+)\)")
TYPED = re.compile(r"(?:.*[|;&]\s*)?(?:[A-Z_]+=\S+ )*imgtool(?: |$)")  # a line that calls us, first or in a pipe
ENDS = frozenset({"|", "||", "&&", ";", "&", ">", ">>", "<"})
SHELL = frozenset({"", "sh", "bash", "console"})


@dataclass(frozen=True, slots=True)
class Block:
    """What stands between two fences."""

    page: str
    line: int
    language: str
    text: str
    note: str  # the HTML comment right before it

    @property
    def skipped(self) -> str:
        """Why it is not run; "" = it is."""
        return self.note.removeprefix("not run:").strip() if self.note.startswith("not run:") else ""


@dataclass(frozen=True, slots=True)
class Said:
    """A command as a page says it."""

    where: str
    words: tuple[str, ...]  # without "imgtool"
    later: bool  # the page says that it is to come
    inline: bool = False  # in a sentence, where what it works on may be left out


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page."""
    text = page.read_text("utf-8")
    return [
        Block(page.name, text.count("\n", 0, at.start("text")) + 1, at["language"], at["text"], at["note"] or "")
        for at in FENCE.finditer(text)
    ]


def typed(block: Block) -> list[str]:
    """The lines of a shell block that call imgtool, as they are typed; of a transcript, those after a `$`."""
    lines = block.text.replace("\\\n", " ").splitlines()
    if block.language == "console":
        lines = [line.strip()[2:] for line in lines if line.strip().startswith("$ ")]
    return [line.strip() for line in lines if TYPED.match(line.strip())] if block.language in SHELL else []


def commands(line: str) -> Iterator[tuple[str, ...]]:
    """The calls of imgtool in a line of shell."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|;&<>")
    lexer.whitespace_split = True
    words: list[str] = []
    for token in [*lexer, ";"]:
        if token not in ENDS:
            words.append(token)
            continue
        while words and re.match(r"[A-Z_]+=", words[0]):
            words.pop(0)
        if words[:1] == ["imgtool"]:
            yield tuple(words[1:])
        words = []


def said(page: Path) -> Iterator[Said]:
    """Every command that a page names: in its shell blocks and between backticks. Synopses are not commands."""
    for block in blocks(page):
        if not block.note.startswith("imgtool"):
            for line in typed(block):
                yield from (Said(f"{page.name}:{block.line}", words, "to come" in line) for words in commands(line))
    text = FENCE.sub("", page.read_text("utf-8"))
    for span in SPAN.finditer(text):
        for words in filter(None, commands(span[1])):
            yield Said(page.name, words, bool(span[2]), inline=True)


def links(page: Path) -> list[str]:
    """Where a page points to."""
    return LINK.findall(FENCE.sub("", page.read_text("utf-8")))


def anchors(page: Path) -> set[str]:
    """The places of a page that can be pointed to, as GitHub names them."""
    heads = re.findall(r"^#+ +(.+)$", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}
