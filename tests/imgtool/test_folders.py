"""Labels into folder names: inside the dataset on every system, distinct for distinct labels."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgtool.dataset import Dataset
from imgtool.dataset.folders import clean, folder
from imgtool.errors import UsageError


@pytest.mark.parametrize("label", ["pikachu", "red panda", "Ailurus fulgens", "日本", "Füchse", "cat & dog", "e = mc2"])
def test_an_ordinary_label_is_its_folder(label: str) -> None:
    assert folder(label) == label


@pytest.mark.parametrize(
    "label",
    [
        *("../../etc", "/abs", "C:\\x", "CON", "nul.txt", "com1", "a\0b", "dot.", "..", ".hidden", ".imgtool", "-rf"),
        *("~root", "x" * 300, "a/b", "what?", "\u202egpj.exe", "😀" * 200, "tab\there", " padded "),
    ],
)
def test_a_dangerous_label_stays_inside(label: str) -> None:
    name = folder(label)

    assert name
    assert "/" not in name
    assert "\\" not in name
    assert not name.startswith((".", "-", "~"))
    assert not name.endswith((".", " "))
    assert len(name.encode()) <= 255
    assert name.split(".")[0].casefold() not in {"con", "nul", "com1"}


@pytest.mark.parametrize("label", ["", "   ", "\u200b", "\x00\x01", "\u202e"])
def test_a_label_of_nothing_is_a_usage_error(label: str) -> None:
    with pytest.raises(UsageError, match="needs a name"):
        clean(label)


@pytest.mark.parametrize(
    ("one", "other"),
    [("a/b", "a_b"), ("a?", "a*"), ("CON", "con"), ("x" * 300, "x" * 301), ("cat", "Cat"), ("straße", "STRASSE")],
)
def test_distinct_labels_have_distinct_folders_even_without_case(tmp_path: Path, one: str, other: str) -> None:
    with Dataset.open(tmp_path, create=True) as dataset:
        names = {dataset.folder(one).casefold(), dataset.folder(other).casefold()}

    assert len(names) == 2


def test_composed_and_decomposed_letters_are_one_label() -> None:
    assert clean(unicodedata.normalize("NFD", "é")) == clean("é")


@given(st.text(max_size=400))
def test_whatever_the_label_its_folder_can_be_made(tmp_path_factory: pytest.TempPathFactory, label: str) -> None:
    try:
        name = folder(label)
    except UsageError:
        return
    root = tmp_path_factory.getbasetemp()
    made = root / name
    made.mkdir(exist_ok=True)
    assert made.resolve().parent == root.resolve()
    made.rmdir()


@given(st.text(max_size=50))
def test_cleaning_twice_changes_nothing(label: str) -> None:
    try:
        once = clean(label)
    except UsageError:
        return
    assert clean(once) == once
