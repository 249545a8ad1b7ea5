"""Foreign text on a terminal: nothing of it may move a cursor, link, or start a line."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgtool.cli.plain import JOINERS, plain, short
from imgtool.cli.screen import Screen


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("Ein Fuß, 日本語, العربية, 👩‍🚀", "Ein Fuß, 日本語, العربية, 👩‍🚀"),
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x1b]8;;http://evil\x1b\\click\x1b]8;;\x1b\\", "\\x1b]8;;http://evil\\x1b\\click\\x1b]8;;\\x1b\\"),
        ("one\r\ntwo\tthree", r"one\r\ntwo\tthree"),
        ("\x9b2J", r"\x9b2J"),
        ("gpj\u202e.exe", r"gpj\u202e.exe"),
        ("a\u2028b\ufeff\x00", r"a\u2028b\ufeff\x00"),
        ("thin\u2009blank\u00a0here", "thin blank here"),
        ("\udcff broken", r"\udcff broken"),
    ],
    ids=["letters", "colour", "link", "lines", "c1", "bidi", "separators", "blanks", "surrogate"],
)
def test_foreign_text_is_shown_as_one_harmless_line(foreign: str, shown: str) -> None:
    assert plain(foreign) == shown


@given(st.text())
def test_whatever_comes_in_only_printable_text_goes_out(text: str) -> None:
    assert all(char.isprintable() or char in JOINERS for char in plain(text))


@given(st.text())
def test_plain_text_stays_plain(text: str) -> None:
    assert plain(plain(text)) == plain(text)


def test_markup_in_foreign_text_is_text() -> None:
    stream = io.StringIO()
    Screen("x").console(stream).print("[bold red]a title[/] :smile: [link=http://evil]b[/link]")
    assert stream.getvalue() == "[bold red]a title[/] :smile: [link=http://evil]b[/link]\n"


def test_a_long_name_is_cut_with_a_sign() -> None:
    assert short("red panda", 5) == "red …"
    assert short("cat", 5) == "cat"
