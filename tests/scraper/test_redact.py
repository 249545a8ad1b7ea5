"""Secrets do not leave the house."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.redact import redacted

S = "hunter2secret"

TEXTS = [
    f"https://api.test/rest/?method=x&api_key={S}&text=fox",
    f"https://api.test/?API_KEY={S}",
    f"https://api.test/?key={S}#part",
    f"https://duck.test/i.js?q=fox&vqd=4-{S}",
    f"https://user:{S}@host.test/x.jpg",
    f"https://{S}@host.test/x.jpg",
    f"//user:{S}@host.test/x.jpg",
    f"http://user:p@{S}@proxy.test:3128",
    f"user:{S}@proxy.test:3128",
    f"Cannot reach http://u:{S}@proxy:3128: refused",
    f"https://host.test/?url=https%3A%2F%2Fapi.test%2F%3Fapi_key%3D{S}%26x%3D1",
    f"https://s3.test/x?X-Amz-Signature={S}&X-Amz-Credential={S}",
    f"https://host.test/x?token=%2B{S}",
    f"Authorization: Bearer {S}",
    f"{{'Authorization': 'Client-ID {S}'}}",
    f'{{"access_token": "{S}"}}',
    f"IMGTOOL_FLICKR_KEY={S}",
    f"password = {S}",
    f"https://api.test/?api_key=a,b;{S}",
]


@pytest.mark.parametrize("text", TEXTS)
def test_no_secret_is_left_in_a_text(text: str) -> None:
    assert S not in redacted(text)
    assert "***" in redacted(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://host.test/cats/1.jpg?size=large&page=2",
        "https://photos.test/132012657@N05/28509447072",
        "The key idea: a token of thanks",
        "Found 3 at 12:30, wrote to bob@host.test",
        "",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redacted(text) == text


def test_the_rest_of_an_address_stays() -> None:
    assert redacted(f"https://api.test/?api_key={S}&text=fox") == "https://api.test/?api_key=***&text=fox"


def test_known_secrets_vanish_wherever_they_stand() -> None:
    assert redacted(f"odd {S} place", S, "") == "odd *** place"


@given(st.text(max_size=200))
def test_any_text_may_be_redacted_twice(text: str) -> None:
    once = redacted(text)

    assert isinstance(redacted(once), str)
