"""Pictures in terminals: by each one's own graphics, read back here, and in half blocks elsewhere."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from rich.console import Console

from imgtool.cli.terminal import blocks, graphics, iterm, kitty, sixel
from tests.painted import scene

SHOWN = scene(50, 37)


@pytest.mark.parametrize(
    ("environ", "has"),
    [
        ({"TERM": "xterm-256color"}, ""),
        ({}, ""),
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, "kitty"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "iterm"),
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, "iterm"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "iterm"),
        ({"TERM": "foot"}, "sixel"),
        ({"TERM": "screen-256color", "LC_TERMINAL": "iTerm2"}, ""),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/tmux"}, ""),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, ""),
    ],
)
def test_a_terminal_is_known_by_its_environment(environ: dict[str, str], has: str) -> None:
    assert graphics(environ) == has


def test_kitty_is_sent_every_pixel() -> None:
    parts = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", kitty(SHOWN))

    assert "f=24" in parts[0][0]
    assert "s=50,v=37" in parts[0][0]
    assert [head[-3:] for head, _ in parts] == ["m=1"] * (len(parts) - 1) + ["m=0"]
    assert max(len(data) for _, data in parts) <= 4096
    assert base64.b64decode("".join(data for _, data in parts)) == SHOWN.tobytes()


def test_iterm_is_sent_a_file() -> None:
    told = re.fullmatch(r"\x1b\]1337;File=inline=1;size=(\d+):([^\x07]*)\x07", iterm(SHOWN))
    assert told

    data = base64.b64decode(told[2])

    assert len(data) == int(told[1])
    with Image.open(io.BytesIO(data)) as read:
        assert read.size == (50, 37)


def test_a_sixel_shows_the_picture_in_its_colours() -> None:
    far = np.abs(unsixeled(sixel(SHOWN)).astype(int) - SHOWN)

    assert far.max() <= 27  # half a step of six levels, and a percent
    assert far.shape == SHOWN.shape


def test_half_blocks_are_two_pixels_a_character(tmp_path: Path) -> None:
    text = blocks(SHOWN, columns=10)

    assert text.plain == ("▀" * 10 + "\n") * 4
    with (tmp_path / "out").open("w", encoding="utf-8") as file:
        Console(file=file, force_terminal=True, color_system="truecolor").print(text)
    assert (tmp_path / "out").read_text("utf-8").count("\x1b[38;2;") > 20


def unsixeled(text: str) -> NDArray[np.uint8]:
    """What a terminal would paint."""
    head = re.match(r'\x1bP0;1q"1;1;(\d+);(\d+)', text)
    assert head
    canvas = np.zeros((int(head[2]) + 6, int(head[1]), 3), np.uint8)
    shades: dict[int, list[int]] = {}
    top, left, colour = 0, 0, 0
    for token in re.finditer(r"#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|!(\d+)([?-~])|([?-~])|([$-])", text[head.end() : -2]):
        if token[1]:
            shades[int(token[1])] = [round(int(token[n]) * 2.55) for n in (2, 3, 4)]
        elif token[5]:
            colour = int(token[5])
        elif token[9]:
            left, top = 0, top + (6 if token[9] == "-" else 0)
        else:
            count, sign = int(token[6] or 1), ord(token[7] or token[8]) - 63
            for bit in range(6):
                if sign >> bit & 1:
                    canvas[top + bit, left : left + count] = shades[colour]
            left += count
    return canvas[: int(head[2])]
