"""Flags and settings in, a plan out; senseless wishes are told so before anything happens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from imgtool.cli.planning import MANY, flags, plan
from imgtool.cli.wish import Wish
from imgtool.errors import UsageError
from imgtool.pipeline.plan import EVERYTHING, ClassPlan, Plan
from imgtool.records import Filters, Reason
from imgtool.settings import load


def planned(wish: Wish, **environ: str) -> Plan:
    return plan(wish, load(flags(wish), environ=environ, folder=Path("/")).settings)


def refusal(wish: Wish) -> str:
    with pytest.raises(UsageError) as caught:
        planned(wish)
    return f"{caught.value} {caught.value.hint}"


def test_a_name_alone_is_a_plan() -> None:
    assert planned(Wish(labels=["cat"])).classes == (ClassPlan("cat", ("cat",), MANY),)


def test_names_are_tidied_and_taken_once() -> None:
    found = planned(Wish(labels=["red  panda ", "red panda", "dog"]))
    assert [each.label for each in found.classes] == ["red panda", "dog"]


def test_words_replace_the_name_in_searches() -> None:
    found = planned(Wish(labels=["red panda"], query=["Ailurus fulgens", "red panda wild"], n=5))
    assert found.classes == (ClassPlan("red panda", ("Ailurus fulgens", "red panda wild"), 5),)


def test_filters_come_from_flags_and_settings() -> None:
    wish = Wish(labels=["cat"], size="large", colour="red", kind="photo", aspect="wide", age="year", licence=["by,cc0"])
    found = planned(replace(wish, market="de-DE"), IMGTOOL_SAFE="moderate").filters
    assert found == Filters("large", "red", "photo", "wide", ("by", "cc0"), "year", "moderate", "de-DE")


@pytest.mark.parametrize(
    ("given", "engines"),
    [([], ("auto",)), (["bing"], ("bing",)), (["bing,openverse", "bing"], ("bing", "openverse"))],
)
def test_engines_are_named_with_commas_or_one_by_one(given: list[str], engines: tuple[str, ...]) -> None:
    assert planned(Wish(labels=["cat"], engine=given)).engines == engines


def test_a_list_is_taken_whole_and_asks_no_engine(tmp_path: Path) -> None:
    urls = tmp_path / "urls.txt"
    urls.touch()
    found = planned(Wish(label="cat", lists=[str(urls), "-", "-"]))
    assert (found.lists, found.engines, found.classes[0].n) == ((urls, "-"), (), EVERYTHING)
    both = planned(Wish(label="cat", lists=[str(urls)], engine=["bing"]))
    assert (both.engines, both.classes[0].n) == (("bing",), MANY)


@pytest.mark.parametrize(
    ("wish", "browser"),
    [
        (Wish(labels=["cat"]), "auto"),
        (Wish(labels=["cat"], browser=True), "headless"),
        (Wish(labels=["cat"], browser=False), "never"),
        (Wish(labels=["cat"], headed=True), "headed"),
        (Wish(labels=["cat"], headed=True, browser=True), "headed"),
    ],
)
def test_the_browser_is_one_word(wish: Wish, browser: str) -> None:
    assert planned(wish).browser == browser


def test_reasons_are_named_with_commas_or_one_by_one() -> None:
    wish = Wish(labels=["cat"], retry=["timeout,http_5xx", "DNS"])
    assert planned(wish).retry == {Reason.TIMEOUT, Reason.HTTP_5XX, Reason.DNS}


def test_a_flag_is_stronger_than_the_environment() -> None:
    assert planned(Wish(labels=["cat"], out="pets"), IMGTOOL_OUT="zoo").out == Path("pets")
    assert planned(Wish(labels=["cat"]), IMGTOOL_OUT="zoo").out == Path("zoo")


def test_the_limits_are_the_settings() -> None:
    limits = planned(Wish(labels=["cat"], concurrency=3), IMGTOOL_CONTACT="me@example.org").limits
    assert limits.concurrency == 3
    assert "me@example.org" in limits.user_agent


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish(), "No class is named"),
        (Wish(labels=["cat", "  "]), "needs a name"),
        (Wish(labels=["cat", "dog"], query=["pets"]), "--query belongs to one class"),
        (Wish(labels=["cat", "dog"], lists=["-"]), "--from belongs to one class"),
        (Wish(labels=["cat"], label="dog"), "--label belongs to one class"),
        (Wish(labels=["cat"], lists=["/no/such/list"]), "there is no such file"),
        (Wish(labels=["cat"], retry=["timout"]), "Did you mean timeout?"),
        (Wish(labels=["cat"], headed=True, browser=False), "contradict"),
        (Wish(labels=["cat"], engine=["altavista"]), "--engine cannot be 'altavista'"),
        (Wish(labels=["cat"], licence=["mine"]), "--license cannot be 'mine'"),
        (Wish(labels=["cat"], min_size=0), "--min-size cannot be 0"),
        (Wish(labels=["cat"], market="moon"), "--market cannot be 'moon'"),
        (Wish(labels=["cat"], concurrency=0), "--concurrency cannot be 0"),
    ],
)
def test_a_senseless_wish_is_told_so(wish: Wish, said: str) -> None:
    assert said in refusal(wish)
