"""A small set of large numbers behaves as Python's own."""

from hypothesis import given
from hypothesis import strategies as st

from scraper.search.marks import Marks

NUMBERS = st.integers(0, 2**64 - 1) | st.integers(1, 64).map(lambda n: n * 1024)  # many want one place


@given(st.lists(NUMBERS, max_size=200))
def test_what_was_added_is_in_and_nothing_else(numbers: list[int]) -> None:
    marks, known = Marks(), set[int]()
    for number in numbers:
        assert (number in marks) == ((number or 1) in known)
        marks.add(number)
        known.add(number or 1)
    assert all(number in marks for number in known)
    assert len(marks) == len(known)


def test_it_grows_and_forgets_nothing() -> None:
    marks = Marks()
    numbers = [n * 0x9E3779B97F4A7C15 % 2**64 for n in range(1, 20_000)]
    for number in numbers:
        marks.add(number)
    assert len(marks) == len(numbers)
    assert all(number in marks for number in numbers)
    assert 12345 not in marks
