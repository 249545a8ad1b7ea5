"""Addresses: what is repaired, what is refused, what counts as the same."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgtool.records import Reason, Refusal
from scraper import inline
from scraper.inline import decode_data_url
from scraper.urls import canonical, clean, has_credentials

MEANT = [
    ("https://host.test/cat.jpg", "https://host.test/cat.jpg"),
    ("  https://host.test/cat.jpg\r\n", "https://host.test/cat.jpg"),
    ("//host.test/cat.jpg", "https://host.test/cat.jpg"),
    ("HTTP://Host.TEST", "http://host.test/"),
    ("https://host.test?x=1", "https://host.test/?x=1"),
    ("https://host.test/my cat.jpg", "https://host.test/my%20cat.jpg"),
    ("https://host.test/kät.jpg?q=ä", "https://host.test/k%C3%A4t.jpg?q=%C3%A4"),
    ("https://host.test/%7Ea/%zz b", "https://host.test/~a/%25zz%20b"),
    ("https://host.test/a\\b|c", "https://host.test/a%5Cb%7Cc"),
    ("https://host.test/%2e%2e%2f", "https://host.test/..%2f"),
    ("https://user:secret@host.test/x.jpg", "https://host.test/x.jpg"),
    ("https://host.test:443/x.jpg#frag", "https://host.test/x.jpg"),
    ("http://host.test:8080/x.jpg", "http://host.test:8080/x.jpg"),
    ("https://müller.test/x.jpg", "https://xn--mller-kva.test/x.jpg"),
    ("https://аpple.test/x.jpg", "https://xn--pple-43d.test/x.jpg"),
    ("http://[::1]:80/x", "http://[::1]/x"),
    ("http://2130706433/x", "http://2130706433/x"),
    ("http://１２７.0.0.1/x", "http://127.0.0.1/x"),
    ("https://under_score.test/x", "https://under_score.test/x"),
    ("data:image/gif;base64,R0lGOD", "data:image/gif;base64,R0lGOD"),
]


@pytest.mark.parametrize(("raw", "url"), MEANT)
def test_a_messy_address_becomes_the_one_that_is_meant(raw: str, url: str) -> None:
    assert clean(raw) == url
    assert clean(url) == url


REFUSED = [
    "",
    "   ",
    "cat.jpg",
    "/etc/passwd",
    "../cat.jpg",
    "www.host.test/cat.jpg",
    "host.test:80/cat.jpg",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "blob:https://host.test/1",
    "ftp://host.test/x",
    "gopher://host.test/x",
    "https:/host.test/x",
    "https:\\\\host.test\\x",
    "https://",
    "https:///x",
    "https://user@/x",
    "https://host.test/a\r\nHost: evil",
    "https://host.test/a\x00b",
    "https://host.test/a\tb",
    "https://ho st.test/",
    "https://good.test\\@evil.test/",
    "https://h%6fst.test/",
    "https://host.test:99999/",
    "https://host.test:port/",
    "http://[::1/",
    "http://[fe80::1%25eth0]/",
    "https://-host-.test/",
    "https://a..b/",
    "https://\u202e.test/",
    "https://" + "a" * 300 + ".test/",
    "https://host.test/" + "a" * 10_000,
    "https://host.test/" + "ä" * 3_000,
    "https://host.test/\ud800",
]


@pytest.mark.parametrize("raw", REFUSED)
def test_an_address_that_is_none_is_refused_with_a_reason(raw: str) -> None:
    refusal = clean(raw)

    assert isinstance(refusal, Refusal)
    assert refusal.reason == Reason.BAD_URL
    assert refusal.detail


def test_a_refusal_does_not_repeat_the_password() -> None:
    assert "hunter2" not in repr(clean("https://u:hunter2\u2100@host.test/"))


def test_credentials_are_noticed() -> None:
    assert has_credentials("https://u:p@host.test/")
    assert not has_credentials("https://host.test/@u")


@given(st.one_of(st.text(), st.text().map("https://{}".format), st.text().map("http://h.test/{}".format)))
def test_any_text_is_cleaned_or_refused_and_a_clean_one_stays(raw: str) -> None:
    url = clean(raw)

    canonical(raw)
    assert isinstance(url, Refusal) or clean(url) == url
    assert isinstance(url, Refusal) or url.startswith("data:") or (url.isascii() and url.isprintable())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://host.test/a.jpg", "http://HOST.test:80/a.jpg#x"),
        ("https://host.test./a.jpg", "https://host.test/a.jpg"),
        ("https://host.test", "https://host.test/"),
        ("https://host.test/%c3%a4", "https://host.test/%C3%A4"),
        ("https://host.test/a.jpg?utm_source=x", "https://host.test/a.jpg"),
        ("https://host.test/a?id=1&fbclid=x", "https://host.test/a?id=1"),
        ("https://u:p@host.test/a", "https://host.test/a"),
    ],
)
def test_two_ways_to_write_one_address_are_one(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://host.test/a.jpg", "https://host.test/A.jpg"),
        ("https://host.test/a?id=1", "https://host.test/a?id=2"),
        ("https://host.test/a?x=1", "https://host.test/a"),
        ("https://host.test:8080/a", "https://host.test/a"),
        ("https://host.test/a/", "https://host.test/a"),
        ("data:image/gif;base64,AA", "data:image/gif;base64,AB"),
    ],
)
def test_two_addresses_are_two(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


# --- data: ----------------------------------------------------------------------------------------------------

GIF = b"GIF89a\x01\x00\x01\x00\xff\xfe"
PACKED = base64.b64encode(GIF).decode()


@pytest.mark.parametrize(
    "url",
    [
        f"data:image/gif;base64,{PACKED}",
        f"DATA:image/gif;charset=x;BASE64,{PACKED}",
        f"data:;base64,{PACKED.rstrip('=')}",
        f"data:image/gif;base64,{PACKED[:5]}%0A {PACKED[5:]}",
        f"data:image/gif;base64,{base64.urlsafe_b64encode(GIF).decode()}",
        "data:image/gif,GIF89a%01%00%01%00%ff%fe",
    ],
)
def test_a_data_address_holds_its_bytes(url: str) -> None:
    assert decode_data_url(url) == GIF


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://host.test/", Reason.BAD_URL),
        ("data:image/gif;base64", Reason.BAD_URL),
        ("data:image/gif;base64,A", Reason.BAD_URL),
        ("data:image/gif;base64,A=A*", Reason.BAD_URL),
        ("data:text/html,<b>", Reason.NOT_IMAGE),
    ],
)
def test_a_broken_data_address_is_refused(url: str, reason: Reason) -> None:
    answer = decode_data_url(url)

    assert isinstance(answer, Refusal)
    assert answer.reason == reason


@pytest.mark.parametrize("body", [",AAAAAAAAAAAA", ";base64,AAAAAAAAAAAA", "," + "A" * 99])
def test_a_large_data_address_is_refused(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inline, "LARGEST", 8)
    answer = decode_data_url(f"data:image/gif{body}")

    assert isinstance(answer, Refusal)
    assert answer.reason == Reason.TOO_LARGE


@given(st.text())
def test_any_data_address_is_read_or_refused(text: str) -> None:
    assert isinstance(decode_data_url(f"data:{text}"), bytes | Refusal)
    assert isinstance(decode_data_url(f"data:image/png;base64,{text}"), bytes | Refusal)
