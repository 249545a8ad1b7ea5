"""Bad answers and good ones, from a raw server to a file: each ends in its own reason, and nothing is half-written."""

from __future__ import annotations

import asyncio
import gzip
import random
import resource
import time
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from imgtool.records import Fetched, Reason, Skipped
from scraper.limits import MIB
from tests.hostile import JPEG, QUICK, Answer, Visit, answer, bare, drip, fetched, in_turn, silence, to

RETRYING = replace(QUICK, retries=2)


@pytest.fixture
def sink(tmp_path: Path) -> Path:
    return tmp_path / "sink"


def reason(said: Answer, sink: Path, **more: object) -> Reason:
    """Why a picture with that answer is not to be had; checks that nothing is left of it."""
    result, _ = fetched({"/a.jpg": said}, sink=sink, **more)  # type: ignore[arg-type]
    assert isinstance(result, Skipped), result
    assert not sink.exists()
    return result.reason


async def endless(visit: Visit) -> None:
    await visit.send(bare("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + b"5\r\n" + JPEG[:5] + b"\r\n")
    while True:
        await visit.send(b"2000\r\n" + bytes(0x2000) + b"\r\n")


async def live(visit: Visit) -> None:
    """Enough for ever not to stall."""
    await visit.send(bare("HTTP/1.1 200 OK") + JPEG)
    while True:
        await visit.send(bytes(2048))
        await asyncio.sleep(0.05)


async def reset_in_body(visit: Visit) -> None:
    await visit.send(answer(JPEG, length=50_000))
    visit.drop()


async def over_long(visit: Visit) -> None:
    await visit.send(answer(JPEG[:100]))
    await asyncio.sleep(0.05)
    await visit.send(JPEG[100:])


async def reset_before_head(visit: Visit) -> None:
    visit.drop()


async def half_a_head(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 200 OK\r\nContent-Le")


def gzipped(body: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        body = gzip.compress(body)
    return body


BOMB = gzipped(bytes(200 * MIB // 4), 1)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param(endless, Reason.TOO_LARGE, id="endless chunks are cut at the limit"),
        pytest.param(live, Reason.TIMEOUT, id="a live stream is cut at the total time"),
        pytest.param(silence, Reason.TIMEOUT, id="no answer is a timeout"),
        pytest.param(drip(answer(), 0.1), Reason.TIMEOUT, id="a dripping head is a timeout"),
        pytest.param(
            lambda visit: drip(JPEG, 0.05)(visit) if visit.writer.write(answer(b"", length=5000)) is None else None,
            Reason.STALLED,
            id="a dripping body stalls",
        ),
        pytest.param(answer(JPEG, "Connection: close", length=len(JPEG) + 1), Reason.TRUNCATED, id="a byte short"),
        pytest.param(bare("HTTP/1.1 200 OK", "Content-Length: -5", body=JPEG), Reason.NETWORK, id="negative length"),
        pytest.param(
            bare("HTTP/1.1 200 OK", "Content-Length: 5", "Content-Length: 9", body=JPEG),
            Reason.NETWORK,
            id="two lengths",
        ),
        pytest.param(answer(length=2 * MIB), Reason.TOO_LARGE, id="too large by its own word"),
        pytest.param(bare("HTTP/1.1 200 OK", body=JPEG + bytes(2 * MIB)), Reason.TOO_LARGE, id="too large, unsaid"),
        pytest.param(
            bare("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", body=b"4\r\n\xff\xd8\xff\xe0\r\nZZ\r\n"),
            Reason.NETWORK,
            id="broken chunks",
        ),
        pytest.param(
            bare("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", body=b"400\r\n" + JPEG[:1024] + b"\r\n"),
            Reason.TRUNCATED,
            id="chunks without an end",
        ),
        pytest.param(answer(JPEG, length=100), Reason.NETWORK, id="over-long, at once"),
        pytest.param(reset_in_body, Reason.NETWORK, id="reset in the body"),
        pytest.param(reset_before_head, Reason.NETWORK, id="reset before the head"),
        pytest.param(half_a_head, Reason.NETWORK, id="half a head"),
        pytest.param(b"", Reason.NETWORK, id="closed at once"),
        pytest.param(b"SSH-2.0-OpenSSH_9.6\r\n\r\n", Reason.NETWORK, id="not HTTP at all"),
        pytest.param(b"HTTP/1.1 999999 OK\r\n\r\n", Reason.NETWORK, id="no status"),
        pytest.param(answer(JPEG, "X: " + "y" * 100_000), Reason.NETWORK, id="a head of 100 kB"),
        pytest.param(answer(BOMB, "Content-Encoding: gzip"), Reason.DECODE_BOMB, id="gzip bomb"),
        pytest.param(
            answer(zlib.compress(bytes(50 * MIB)), "Content-Encoding: deflate"), Reason.DECODE_BOMB, id="deflate bomb"
        ),
        pytest.param(answer(gzipped(JPEG, 2), "Content-Encoding: gzip, gzip"), Reason.DECODE_BOMB, id="nested"),
        pytest.param(answer(b"x", "Content-Encoding: br"), Reason.UNSUPPORTED, id="brotli, not asked for"),
        pytest.param(answer(b"no gzip" * 20, "Content-Encoding: gzip"), Reason.TRUNCATED, id="gzip that is none"),
        pytest.param(answer(gzipped(JPEG)[:-9], "Content-Encoding: gzip"), Reason.TRUNCATED, id="gzip cut off"),
        pytest.param(answer(b""), Reason.NOT_IMAGE, id="no bytes"),
        pytest.param(answer(b"\xff"), Reason.NOT_IMAGE, id="one byte"),
        pytest.param(answer(b"\x89PNG\r\n\x1a\n"), Reason.NOT_IMAGE, id="only a signature"),
        pytest.param(
            answer(b"<!DOCTYPE html><title>Please log in</title>", "Content-Type: image/jpeg"),
            Reason.NOT_IMAGE,
            id="a login page as image/jpeg",
        ),
        pytest.param(answer(b'{"error": "no such picture", "code": 7}'), Reason.NOT_IMAGE, id="a JSON error"),
        pytest.param(answer(b"<svg xmlns='http://www.w3.org/2000/svg'></svg>"), Reason.UNSUPPORTED, id="SVG"),
        pytest.param(answer(b"%PDF-1.7 and so on and so on"), Reason.UNSUPPORTED, id="PDF"),
        pytest.param(answer(status="404 Gone fishing"), Reason.GONE, id="404"),
        pytest.param(answer(status="410 Gone"), Reason.GONE, id="410"),
        pytest.param(answer(status="451 Unavailable"), Reason.LEGAL, id="451"),
        pytest.param(answer(status="403 Forbidden"), Reason.HTTP_4XX, id="403"),
        pytest.param(answer(status="401 Unauthorized"), Reason.HTTP_4XX, id="401"),
        pytest.param(answer(status="429 Slow down"), Reason.RATE_LIMITED, id="429"),
        pytest.param(answer(status="503 Busy"), Reason.HTTP_5XX, id="503"),
        pytest.param(answer(status="206 Part"), Reason.TRUNCATED, id="206, not asked for"),
        pytest.param(bare("HTTP/1.1 204 Nothing"), Reason.NOT_IMAGE, id="204"),
        pytest.param(bare("HTTP/1.1 304 Same", "Content-Length: 0"), Reason.NETWORK, id="304, not asked for"),
        pytest.param(answer(b"", status="302 Nowhere"), Reason.NETWORK, id="a redirect to nowhere"),
        pytest.param(to("/a.jpg"), Reason.TOO_MANY_REDIRECTS, id="a redirect to itself"),
        pytest.param(to("file:///etc/passwd"), Reason.BAD_URL, id="a redirect to a file"),
        pytest.param(to("ftp://h/a.jpg"), Reason.BAD_URL, id="a redirect to ftp"),
        pytest.param(to("gopher://h/a.jpg"), Reason.BAD_URL, id="a redirect to gopher"),
        pytest.param(to("data:image/png;base64,AA=="), Reason.BAD_URL, id="a redirect to data"),
        pytest.param(to("javascript:alert(1)"), Reason.BAD_URL, id="a redirect to javascript"),
        pytest.param(to("http://["), Reason.BAD_URL, id="a redirect to no address"),
        pytest.param(to("http://\xe4\xff/"), Reason.BAD_URL, id="a redirect of broken bytes"),
        pytest.param(to("http://169.254.169.254/latest"), Reason.BLOCKED_ADDRESS, id="a redirect to metadata"),
        pytest.param(to("http://0x7f.1/"), Reason.BLOCKED_ADDRESS, id="a redirect to an address in disguise"),
        pytest.param(to("http://127.0.0.1:22/"), Reason.BLOCKED_PORT, id="a redirect to ssh"),
        pytest.param(answer(JPEG, "X-Robots-Tag: noai"), Reason.OPT_OUT, id="noai"),
        pytest.param(answer(JPEG, "tdm-reservation: 1"), Reason.OPT_OUT, id="TDM reservation"),
        pytest.param(answer(JPEG, "Content-Usage: train-ai=n"), Reason.OPT_OUT, id="AIPREF"),
    ],
)
def test_every_bad_answer_has_its_reason(said: Answer, expected: Reason, sink: Path) -> None:
    started = time.monotonic()
    assert reason(said, sink) == expected
    assert time.monotonic() - started < QUICK.total + 2


@pytest.mark.parametrize(
    ("said", "size"),
    [
        pytest.param(answer(), len(JPEG), id="with a length"),
        pytest.param(bare("HTTP/1.1 200 OK", body=JPEG), len(JPEG), id="until the end"),
        pytest.param(
            bare("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", body=b"404\r\n" + JPEG + b"\r\n0\r\n\r\n"),
            len(JPEG),
            id="in chunks",
        ),
        pytest.param(over_long, 100, id="over-long is cut"),
        pytest.param(answer(gzipped(JPEG), "Content-Encoding: gzip"), len(JPEG), id="gzip, though not asked for"),
        pytest.param(answer(zlib.compress(JPEG), "Content-Encoding: deflate"), len(JPEG), id="deflate"),
        pytest.param(answer(zlib.compress(JPEG, wbits=-15), "Content-Encoding: deflate"), len(JPEG), id="raw deflate"),
        pytest.param(answer(gzipped(JPEG) + bytes(9), "Content-Encoding: gzip"), len(JPEG), id="gzip and padding"),
        pytest.param(
            answer(gzipped(JPEG) + gzipped(b"more"), "Content-Encoding: gzip"), len(JPEG) + 4, id="gzip in two members"
        ),
        pytest.param(answer(JPEG, "Content-Encoding: none"), len(JPEG), id="a nonsense encoding"),
        pytest.param(answer(JPEG, "Content-Type: text/html"), len(JPEG), id="a wrong type"),
        pytest.param(answer(JPEG, 'Content-Disposition: attachment; filename="../../x"'), len(JPEG), id="a file name"),
        pytest.param(answer(b"GIF89a" + bytes(30)), 36, id="a GIF named .jpg"),
        pytest.param(answer(b"\xff\xd8\xff" + bytes(900 * 1024)), 900 * 1024 + 3, id="large, at once"),
        pytest.param(
            lambda visit: visit.send(bare("HTTP/1.1 200 OK") + b"\xff\xd8\xff" + bytes(900 * 1024)),
            900 * 1024 + 3,
            id="large, in pieces",
        ),
        pytest.param(answer(JPEG, "X-Robots-Tag: otherbot: noai"), len(JPEG), id="an opt-out for others"),
    ],
)
def test_what_can_be_taken_is_taken_to_the_byte(said: Answer, size: int, sink: Path) -> None:
    result, _ = fetched({"/a.jpg": said}, sink=sink)
    assert isinstance(result, Fetched), result
    assert result.size == size == sink.stat().st_size
    assert [path.name for path in sink.parent.iterdir()] == ["sink"]


def test_a_bomb_does_not_fill_the_memory(sink: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert reason(answer(BOMB, "Content-Encoding: gzip"), sink) == Reason.DECODE_BOMB
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30 * 1024  # KiB; it holds 50 MiB


def test_random_bytes_never_raise(sink: Path) -> None:
    chance = random.Random(7)
    heads = [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", answer()[:40]]
    for _ in range(60):
        said = chance.choice(heads) + chance.randbytes(chance.randrange(300))
        result, _ = fetched({"/a.jpg": said}, sink=sink)
        assert isinstance(result, Fetched | Skipped)
        sink.unlink(missing_ok=True)


def test_garbled_answers_never_raise(sink: Path) -> None:
    chance = random.Random(8)
    chunked = bare("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", body=b"404\r\n" + JPEG + b"\r\n0\r\n\r\n")
    for good in [answer(), chunked, answer(gzipped(JPEG), "Content-Encoding: gzip"), to("/b.jpg")]:
        for _ in range(25):
            said = bytearray(good)
            for _ in range(chance.randrange(1, 5)):
                said[chance.randrange(min(len(said), 120))] = chance.randrange(256)
            result, _ = fetched({"/a.jpg": bytes(said)}, sink=sink)
            assert isinstance(result, Fetched | Skipped)
            sink.unlink(missing_ok=True)


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(answer(status="503 Busy"), id="503"),
        pytest.param(answer(b"", "Retry-After: 0", status="429 Slow"), id="429"),
        pytest.param(answer(JPEG, length=5000), id="truncated"),
        pytest.param(reset_in_body, id="reset"),
    ],
)
def test_what_may_pass_is_tried_again(first: Answer, sink: Path) -> None:
    result, server = fetched({"/a.jpg": in_turn(first, answer())}, sink=sink, limits=RETRYING)
    assert isinstance(result, Fetched), result
    assert result.notes["attempts"] == "2"
    assert sink.read_bytes() == JPEG
    assert server.paths() == ["/a.jpg", "/a.jpg"]


@pytest.mark.parametrize("status", ["401 No", "403 No", "404 No", "410 No", "451 No", "501 No"])
def test_what_will_not_pass_is_asked_once(status: str, sink: Path) -> None:
    result, server = fetched({"/a.jpg": answer(status=status)}, sink=sink, limits=RETRYING)
    assert isinstance(result, Skipped)
    assert result.status == int(status[:3])
    assert server.paths() == ["/a.jpg"]


def test_trying_ends(sink: Path) -> None:
    result, server = fetched({"/a.jpg": answer(status="500 Oh")}, sink=sink, limits=RETRYING)
    assert isinstance(result, Skipped)
    assert len(server.paths()) == 3


def test_a_retry_after_within_patience_is_waited_for(sink: Path) -> None:
    slow = answer(b"", "Retry-After: 1", status="429 Slow")
    started = time.monotonic()
    result, _ = fetched({"/a.jpg": in_turn(slow, answer())}, sink=sink, limits=RETRYING)
    assert isinstance(result, Fetched)
    assert time.monotonic() - started >= 1


def test_a_retry_after_beyond_patience_is_not(sink: Path) -> None:
    said = answer(b"", "Retry-After: 99999", status="503 Later")
    result, server = fetched({"/a.jpg": said}, sink=sink, limits=RETRYING)
    assert isinstance(result, Skipped)
    assert result.reason == Reason.HTTP_5XX
    assert "3600 s" in result.detail
    assert len(server.paths()) == 1


def test_redirects_are_followed_and_noted(sink: Path) -> None:
    answers = {f"/{n}.jpg": to(f"/{n + 1}.jpg") for n in range(5)} | {"/5.jpg": answer()}
    result, server = fetched(answers, "/0.jpg", sink=sink)
    assert isinstance(result, Fetched), result
    assert result.final_url == server.url("/5.jpg")
    assert result.notes["redirected_from"] == server.url("/0.jpg")


def test_a_long_chain_of_redirects_is_left(sink: Path) -> None:
    answers: dict[str, Answer] = {f"/{n}.jpg": to(f"/{n + 1}.jpg") for n in range(30)}
    result, server = fetched(answers, "/0.jpg", sink=sink)
    assert isinstance(result, Skipped)
    assert result.reason == Reason.TOO_MANY_REDIRECTS
    assert len(server.paths()) == QUICK.redirects + 1


def test_the_copy_is_taken_when_the_original_is_gone(sink: Path) -> None:
    result, server = fetched({"/b.jpg": answer()}, sink=sink, fallback="/b.jpg")
    assert isinstance(result, Fetched)
    assert result.final_url == server.url("/b.jpg")
    assert result.notes["instead_of"] == server.url("/a.jpg")


def test_the_copy_is_no_way_around_an_opt_out(sink: Path) -> None:
    answers = {"/a.jpg": answer(JPEG, "X-Robots-Tag: noai"), "/b.jpg": answer()}
    result, server = fetched(answers, sink=sink, fallback="/b.jpg")
    assert isinstance(result, Skipped)
    assert result.reason == Reason.OPT_OUT
    assert server.paths() == ["/a.jpg"]


def test_the_originals_reason_is_told_when_both_are_gone(sink: Path) -> None:
    result, _ = fetched({"/b.jpg": answer(status="403 No")}, sink=sink, fallback="/b.jpg")
    assert isinstance(result, Skipped)
    assert result.reason == Reason.GONE


def test_an_opt_out_can_be_overruled_and_is_recorded(sink: Path) -> None:
    said = {"/a.jpg": answer(JPEG, "X-Robots-Tag: noai", "X-Robots-Tag: max-snippet: 3")}
    result, _ = fetched(said, sink=sink, limits=replace(QUICK, honour_opt_outs=False))
    assert isinstance(result, Fetched)
    assert result.notes["opt_out"] == "x-robots-tag: noai"


def test_an_opt_outs_words_are_recorded_and_its_bytes_are_not_kept(sink: Path) -> None:
    result, _ = fetched({"/a.jpg": answer(JPEG, "tdm-reservation: 1", "X-Robots-Tag: imgtool: noindex")}, sink=sink)
    assert isinstance(result, Skipped)
    assert result.detail == "tdm-reservation: 1; x-robots-tag: imgtool: noindex"
    assert not sink.exists()


def test_requests_say_who_we_are_and_where_the_picture_was_shown(sink: Path) -> None:
    page = "https://user:secret@cats.example/all?page=3#top"
    _, server = fetched({"/a.jpg": answer()}, sink=sink, page_url=page)
    visit = server.seen[-1]
    assert visit.header("User-Agent").startswith("imgtool/")
    assert visit.header("Referer") == "https://cats.example/"
    assert visit.header("Accept-Encoding") == "identity"
    assert not visit.header("Cookie")


def test_what_is_worth_knowing_is_noted(sink: Path) -> None:
    result, _ = fetched({"/a.jpg": answer(JPEG, 'ETag: "abc"', "Set-Cookie: a=b")}, sink=sink)
    assert isinstance(result, Fetched)
    assert result.notes == {"address": "127.0.0.1", "etag": '"abc"'}


def test_line_breaks_in_an_address_never_reach_the_wire(sink: Path) -> None:
    result, server = fetched({}, "http://127.0.0.1:9/a\r\nX-Evil: 1", sink=sink)
    assert isinstance(result, Skipped)
    assert result.reason == Reason.BAD_URL
    assert not server.seen


@pytest.mark.parametrize("path", ["/..%2f..%2fetc", "/a%20b.jpg?sig=a%2Fb", "/x?q=%E4&r=1+1", "/a//b/../c"])
def test_an_address_goes_out_as_it_is_written(path: str, sink: Path) -> None:
    result, server = fetched({path: answer()}, path, sink=sink)
    assert isinstance(result, Fetched), (result, server.paths())


def test_a_picture_in_its_own_address_needs_no_network(sink: Path) -> None:
    gif = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
    result, server = fetched({}, gif, sink=sink)
    assert isinstance(result, Fetched)
    assert sink.read_bytes()[:6] == b"GIF89a"
    assert not server.seen
