"""docs/library.md names what there is: names, parameters, options, fields, errors with their exit codes."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields, is_dataclass
from typing import Any, get_type_hints

import pytest

import imgtool
from imgtool import errors
from imgtool.pipeline.scrape import Options
from tests.fences import FENCE
from tests.loopback import ROOT

PAGE = FENCE.sub("", (ROOT / "docs" / "library.md").read_text("utf-8"))
HEADS = {head[1]: head[2] for head in re.finditer(r"^### `imgtool\.(\w+)(?:\((.*)\))?`$", PAGE, re.MULTILINE)}
FUNCTIONS = [name for name in imgtool.__all__ if inspect.isfunction(getattr(imgtool, name))]


def rows(title: str) -> list[str]:
    """The first cells of the table below a heading."""
    _, _, below = PAGE.partition(f"# {title}\n")
    return re.findall(r"^\| `(\w+)` \|", re.split(r"^#+ ", below, maxsplit=1, flags=re.MULTILINE)[0], re.MULTILINE)


def returned(name: str) -> Any:
    return get_type_hints(getattr(imgtool, name))["return"]


def records() -> dict[str, type]:
    """Every record that a verb hands out, those inside it too, by name."""
    import imgtool.records as nouns

    made = [returned(name) for name in FUNCTIONS]
    known = [each for each in [*vars(nouns).values(), *made] if inspect.isclass(each) and is_dataclass(each)]
    return {each.__name__: each for each in known}


def test_the_page_names_what_the_package_offers() -> None:
    assert sorted(HEADS) == sorted(imgtool.__all__)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_parameters_are_those_of_the_function(name: str) -> None:
    named = [word.strip(" *") for word in (HEADS[name] or "").split(",")]
    assert list(filter(None, named)) == list(inspect.signature(getattr(imgtool, name)).parameters)


def test_the_options_of_a_scrape_are_all_there() -> None:
    assert rows("`imgtool.scrape(*labels, watch, **options)`") == list(Options.__annotations__)


@pytest.mark.parametrize("name", [name for name in re.findall(r"^### (\w+)$", PAGE, re.MULTILINE) if name != "Reason"])
def test_a_record_has_the_fields_that_are_named(name: str) -> None:
    assert rows(name) == [field.name for field in fields(records()[name])]


def test_what_a_verb_returns_is_described() -> None:
    made = [returned(name).__name__ for name in FUNCTIONS if is_dataclass(returned(name))]
    assert [name for name in made if not rows(name)] == []


def test_the_options_of_an_export_are_all_there() -> None:
    assert rows("`imgtool.ExportOptions`") == [field.name for field in fields(imgtool.ExportOptions)]


def test_what_is_named_of_a_dataset_is_there() -> None:
    named = re.findall(r"^\| `(\w+)(?:\(.*?\))?` \|", PAGE.partition("### `imgtool.Dataset`")[2], re.MULTILINE)
    shown = named[: named.index("history") + 1]
    assert [name for name in shown if name != "root" and not hasattr(imgtool.Dataset, name)] == []


def test_every_error_is_named_with_its_exit_code() -> None:
    tree = [each for each in vars(errors).values() if inspect.isclass(each) and issubclass(each, errors.ImgtoolError)]
    named = re.findall(r"^\| `(\w+)` \| (\d+) \|", PAGE, re.MULTILINE)
    assert dict(named) == {each.__name__: str(each.exit_code) for each in tree}
