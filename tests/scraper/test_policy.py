"""What becomes of a reply, as tables."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgtool.records import Reason
from scraper.limits import Limits
from scraper.magic import refusal
from scraper.optouts import opted_out, prefers_not
from scraper.policy import Accept, Refuse, Retry, backoff, judge, retry_after
from scraper.reply import Headers, Reply

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def now() -> datetime:
    return NOON


def reply(status: int = 200, **headers: str) -> Reply:
    return Reply(
        status, "http://h/a.jpg", Headers.of((name.replace("_", "-"), value) for name, value in headers.items())
    )


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("7", 7),
        (" 12 ", 12),
        ("Sat, 21 Nov 2026 12:00:30 GMT", 30),
        ("Sat, 21 Nov 2026 13:00:30 +0100", 30),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0),
        ("99999999999999999999", 3600),
        ("Sat, 21 Nov 2099 12:00:00 GMT", 3600),
        ("Tue, 19 Jan 2038 03:14:08 GMT", 3600),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("", None),
        ("Sat, 99 Nov 2026 99:00:30 GMT", None),
    ],
)
def test_retry_after_is_read(text: str, seconds: float | None) -> None:
    assert retry_after(Headers.of([("Retry-After", text)]), now) == seconds


@given(st.text())
def test_any_retry_after_is_an_answer(text: str) -> None:
    seconds = retry_after(Headers.of([("retry-after", text)]), now)
    assert seconds is None or 0 <= seconds <= 3600


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Accept()),
        (204, Refuse(Reason.NOT_IMAGE, "HTTP 204")),
        (304, Refuse(Reason.NETWORK, "HTTP 304")),
        (400, Refuse(Reason.HTTP_4XX, "HTTP 400")),
        (403, Refuse(Reason.HTTP_4XX, "HTTP 403")),
        (404, Refuse(Reason.GONE, "HTTP 404")),
        (410, Refuse(Reason.GONE, "HTTP 410")),
        (451, Refuse(Reason.LEGAL, "HTTP 451")),
        (408, Retry(Reason.HTTP_4XX, "HTTP 408")),
        (429, Retry(Reason.RATE_LIMITED, "HTTP 429")),
        (500, Retry(Reason.HTTP_5XX, "HTTP 500")),
        (501, Refuse(Reason.HTTP_5XX, "HTTP 501")),
        (503, Retry(Reason.HTTP_5XX, "HTTP 503")),
        (599, Retry(Reason.HTTP_5XX, "HTTP 599")),
    ],
)
def test_a_status_has_its_verdict(status: int, verdict: object) -> None:
    assert judge(reply(status), Limits()) == verdict


def test_a_host_that_asks_for_a_long_rest_gets_it() -> None:
    verdict = judge(reply(429, retry_after="600"), Limits(patience=60))
    assert verdict == Refuse(Reason.RATE_LIMITED, "HTTP 429, asks for 600 s", rest=600)


@pytest.mark.parametrize(
    ("name", "value", "no"),
    [
        ("X-Robots-Tag", "noai", True),
        ("X-Robots-Tag", "noai, noimageai", True),
        ("x-robots-tag", "NOINDEX", True),
        ("X-Robots-Tag", "none", True),
        ("X-Robots-Tag", "imgtool: noindex", True),
        ("X-Robots-Tag", "*: noimageindex", True),
        ("X-Robots-Tag", "googlebot: nofollow, imgtool: noai", True),
        ("X-Robots-Tag", "unavailable_after: 25 Jun 2010 15:00:00 PST, noai", True),
        ("X-Robots-Tag", "unavailable_after: Friday, 25-Jun-10 15:00:00 UTC, noai", True),
        ("X-Robots-Tag", "unavailable_after: 25 Jun 2010 15:00:00 PST", False),
        ("X-Robots-Tag", "googlebot: noindex, noai", False),
        ("X-Robots-Tag", "nofollow, noarchive, max-snippet: -1", False),
        ("X-Robots-Tag", "all", False),
        ("X-Robots-Tag", "noaibots, xnoai", False),
        ("X-Robots-Tag", "", False),
        ("tdm-reservation", "1", True),
        ("TDM-Reservation", " 1 ", True),
        ("tdm-reservation", "0", False),
        ("Content-Usage", "train-ai=n", True),
        ("Content-Usage", "search=y, train-ai=n", True),
        ("Content-Usage", "train-ai=y", False),
        ("Content-Usage", "search=n", False),
        ("Content-Signal", "search=yes, ai-train=no", True),
        ("Content-Type", "noai", False),
    ],
)
def test_an_opt_out_is_understood(name: str, value: str, no: bool) -> None:
    assert bool(opted_out(Headers.of([(name, value)]))) is no


def test_one_no_among_many_headers_counts_and_is_quoted() -> None:
    headers = Headers.of([("X-Robots-Tag", "otherbot: noai"), ("X-Robots-Tag", "noimageai"), ("Content-Usage", "")])
    assert opted_out(headers) == "x-robots-tag: noimageai"
    assert judge(Reply(200, "u", headers), Limits()) == Refuse(Reason.OPT_OUT, "x-robots-tag: noimageai")
    assert judge(Reply(200, "u", headers), Limits(honour_opt_outs=False)) == Accept("x-robots-tag: noimageai")


@given(st.text())
def test_any_header_is_understood_somehow(text: str) -> None:
    opted_out(Headers.of([("x-robots-tag", text), ("content-usage", text)]))
    prefers_not(text)


@given(st.integers(1, 10))
def test_pauses_grow_and_are_spread(attempt: int) -> None:
    assert 0.25 * 2**attempt <= backoff(attempt) <= 0.5 * 2**attempt


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (b"\xff\xd8\xff\xe0", None),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"GIF89a", None),
        (b"RIFF\0\0\0\0WEBPVP8 ", None),
        (b"\0\0\0\x1cftypavif", None),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif", None),
        (b"BM\0\0\0\0\0\0\0\0", None),
        (b"II*\0", None),
        (b"MM\0*", None),
        (b"\0\0\0\x1cftypheic", Reason.UNSUPPORTED),
        (b"\xff\x0a", Reason.UNSUPPORTED),
        (b"%!PS-Adobe", Reason.UNSUPPORTED),
        (b'<?xml version="1.0"?><!-- drawn --><svg xmlns="x">', Reason.UNSUPPORTED),
        (b'<?xml version="1.0"?><error>no</error>', Reason.NOT_IMAGE),
        (b"\xef\xbb\xbf <!-- hi --> <!DOCTYPE html><svg>", Reason.NOT_IMAGE),
        (b"<html>", Reason.NOT_IMAGE),
        (b"Not found, sorry", Reason.NOT_IMAGE),
        (b"PK\x03\x04", Reason.NOT_IMAGE),
        (b"\x1f\x8b", Reason.NOT_IMAGE),
        (b"\0\0\0\x1cftypisom", Reason.NOT_IMAGE),
        (b"", Reason.NOT_IMAGE),
    ],
)
def test_a_body_is_known_by_its_beginning(head: bytes, reason: Reason | None) -> None:
    found = refusal(head + b" " * 40)
    assert (found.reason if found else None) == reason


@given(st.binary(max_size=600))
def test_any_beginning_has_an_answer(head: bytes) -> None:
    refusal(head)
