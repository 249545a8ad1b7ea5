"""Licences: their short forms, and who may be kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import licences
from scraper.licences import allowed, short, widest_class

FORMS = [
    ("CC BY-SA 4.0", "by-sa 4.0"),
    ("CC-BY-SA-3.0", "by-sa 3.0"),
    ("cc by-sa 3.0 de", "by-sa 3.0"),
    ("CC BY-SA 4.0-3.0-2.5-2.0-1.0", "by-sa 4.0"),
    ("by 2.0", "by 2.0"),
    ("by", "by"),
    ("cc-by-nc", "by-nc"),
    ("by-nc-sa", "by-nc-sa"),
    ("Creative Commons Attribution-ShareAlike 4.0 International", "by-sa 4.0"),
    ("Attribution-NonCommercial-NoDerivs License", "by-nc-nd"),
    ("Attribution License", "by"),
    ("CC0", "cc0"),
    ("CC0-1.0", "cc0"),
    ("Creative Commons Zero", "cc0"),
    ("Public domain", "pdm"),
    ("Public Domain Mark", "pdm"),
    ("PD-USGov", "pdm"),
    ("pdm", "pdm"),
    ("https://creativecommons.org/licenses/by-nd/3.0/us/", "by-nd 3.0"),
    ("http://creativecommons.org/publicdomain/zero/1.0/", "cc0"),
    ("creativecommons.org/publicdomain/mark/1.0", "pdm"),
    ("All Rights Reserved", "all rights reserved"),
    ("No known copyright restrictions", "no known restrictions"),
    ("GFDL 1.2", "gfdl 1.2"),
    ("by John Smith", "by john smith"),
    ("by-by 4.0", "by-by 4.0"),
    ("sampling+ 1.0", "sampling+ 1.0"),
    ("", ""),
    ("   ", ""),
]


@pytest.mark.parametrize(("claimed", "form"), FORMS)
def test_a_claim_has_one_short_form(claimed: str, form: str) -> None:
    assert short(claimed) == form
    assert short(form) == form


def test_an_address_helps_where_the_name_does_not() -> None:
    assert short("see page", "https://creativecommons.org/licenses/by/4.0/") == "by 4.0"
    assert short("", "https://creativecommons.org/licenses/by/4.0/") == "by 4.0"


@pytest.mark.parametrize(
    ("claimed", "wanted", "kept"),
    [
        ("", (), True),
        ("", ("any",), False),
        ("gfdl 1.2", ("any",), False),
        ("by john smith", ("any",), False),
        ("all rights reserved", ("any",), False),
        ("no known restrictions", ("public",), False),
        ("by 4.0", ("by",), True),
        ("by-sa 4.0", ("by",), False),
        ("by-sa 4.0", ("by", "by-sa"), True),
        ("cc0", ("public",), True),
        ("pdm", ("commercial",), True),
        ("by-nc 2.0", ("commercial",), False),
        ("cc0", ("commercial", "modify"), True),
        ("by-nd 2.0", ("modify",), False),
        ("by-nd 2.0", ("commercial",), True),
        ("by-nd 2.0", ("commercial", "modify"), False),
        ("by-nc 2.0", ("by", "by-nc", "commercial"), False),
        ("by 2.0", ("gpl",), False),
        ("filter: share", ("any",), True),
        ("filter: share", ("commercial",), False),
        ("filter: share commercially", ("commercial",), True),
        ("filter: modify commercially", ("commercial", "modify"), True),
    ],
)
def test_only_what_is_known_to_be_wanted_is_kept(claimed: str, wanted: tuple[str, ...], kept: bool) -> None:
    assert allowed(claimed, wanted) == kept


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ((), ""),
        (("any",), "filter: any"),
        (("commercial",), "filter: share commercially"),
        (("modify",), "filter: modify"),
        (("commercial", "modify"), "filter: public"),
        (("public",), "filter: public"),
        (("by", "by-sa"), "filter: modify commercially"),
        (("by",), ""),
    ],
)
def test_the_widest_class_holds_nothing_unwanted(wanted: tuple[str, ...], name: str) -> None:
    assert widest_class(wanted) == name
    assert not name or allowed(name, wanted)


@given(st.text(max_size=60))
def test_a_short_form_stays_itself_and_strange_words_are_never_free(words: str) -> None:
    form = short(words)

    assert short(form) == form
    assert not allowed(form, ("any",)) or licences.codes_of(form)


def test_every_flickr_number_has_the_terms_its_name_says() -> None:
    assert licences.flickr_numbers(("any",)) == [1, 2, 3, 4, 5, 6, 9, 10]
    assert licences.flickr(99) == ""
    assert licences.deed("cc0").endswith("/zero/1.0/")
    assert licences.deed("all rights reserved") == ""
