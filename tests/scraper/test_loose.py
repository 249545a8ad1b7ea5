"""Values of strangers, of any type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import loose

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(ANYTHING)
def test_whatever_comes_in_the_right_type_goes_out(value: object) -> None:
    assert isinstance(loose.text(value), str)
    assert isinstance(loose.plain(value), str)
    assert loose.number(value) >= 0
    assert isinstance(loose.address(value), str)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("a\n b\x1b[31m", "a b [31m"),
        ("\u202eevil", "evil"),
        ("gol\ue000den\ue001", "golden"),
        ("x" * 10_000, "x" * 500),
        (7, "7"),
        (True, ""),
        (None, ""),
        (["a"], ""),
    ],
)
def test_words_are_one_bounded_line(value: object, words: str) -> None:
    assert loose.text(value) == words


def test_html_leaves_its_words() -> None:
    assert loose.plain('<a href="x">Ann &amp; <i>Bob</i></a> &lt;3') == "Ann & Bob <3"


@pytest.mark.parametrize(
    ("value", "whole"), [("640", 640), (6.9, 6), ("²", 0), (-3, 0), (float("inf"), 0), ("9" * 50, 0)]
)
def test_numbers_are_whole_and_not_negative(value: object, whole: int) -> None:
    assert loose.number(value) == whole


@pytest.mark.parametrize("text", ["", "{", "[" * 200_000, "1" * 5_000, '{"a": 1} x'])
def test_broken_json_is_nothing(text: str) -> None:
    assert loose.load(text) is None
