"""Rows 50 to 53 of the bad-input list: floods, strangers, addresses, names that want to be more than names."""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests
from starlette.datastructures import Headers

from imgtool.errors import UsageError
from imgtool.web import patience
from imgtool.web.door import Door
from imgtool.web.serve import Opening, arriving, parts
from imgtool.web.serve.opening import door_of
from imgtool.web.serve.room import MIB, Room, Share
from imgtool.web.serve.wrong import Wrong
from imgtool.web.server import bound
from tests.desk import dressed
from tests.hall import RED, Colours, Served, colours, plain, running, until
from tests.painted import encoded, gif_of, png_of, scene

PARALLEL = 1000


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with running() as one:
        yield one


def raw(served: Served, head: str, *pieces: bytes, pause: float = 0.0) -> bytes:
    """What comes back for bytes that no polite client would send."""
    with socket.create_connection(("127.0.0.1", served.door.port), 20) as line:
        line.sendall(f"{head}\r\nhost: {served.at[7:]}\r\n\r\n".encode())
        with suppress(ConnectionError):  # it may hang up while we still talk
            for piece in pieces:
                line.sendall(piece)
                time.sleep(pause)
        with suppress(ConnectionError):
            return line.recv(65536)
    return b""


def status(reply: bytes) -> int:
    return int(reply.split()[1]) if reply else 0


POST = "POST /api/predict HTTP/1.1\r\ncontent-type: image/png\r\nconnection: close\r\n"


# Row 50: floods


def test_ten_gigabytes_are_refused_at_their_announcement(served: Served) -> None:
    started = time.monotonic()
    assert status(raw(served, f"{POST}content-length: {10 * 2**30}")) == 413
    assert status(raw(served, f"{POST}content-length: {'9' * 400}")) in {400, 413}
    assert time.monotonic() - started < 10


def test_a_stream_without_end_is_cut_and_forgotten(served: Served) -> None:
    chunk = b"100000\r\n" + bytes(MIB) + b"\r\n"
    before = rss()
    assert status(raw(served, f"{POST}transfer-encoding: chunked", *[chunk] * 200)) in {0, 413}
    assert rss() - before < 200 * MIB
    assert served.predict(plain()).status_code == 200


def rss() -> int:
    """The bytes that this process, and the server in it, hold."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_one_picture_too_large_is_told_so_whichever_way_it_comes(served: Served) -> None:
    large = bytes(parts.PICTURE + 1)
    assert served.predict(large).status_code == 413
    files = [("file", ("a.png", large)), ("file", ("b.png", bytes(25 * MIB)))]
    for _ in range(3):  # it is told, however much is still under way
        reply = served.post("/api/predict", files=files)
        assert (reply.status_code, reply.json()["error"]["message"]) == (413, "A picture is too large.")


def test_what_is_held_at_once_is_bounded() -> None:
    room = Room(100)
    one, two = Share(room), Share(room)
    one.take(60)
    with pytest.raises(Wrong, match="at once") as refused:
        two.take(50)
    assert (refused.value.status_code, (refused.value.headers or {})["retry-after"]) == (429, "1")
    assert room.held == 60


def test_what_is_held_is_given_back(served: Served) -> None:
    for data in (plain(), b"<svg>", bytes(parts.PICTURE + 1)):
        served.predict(data)
    until(lambda: served.hall.room.held == 0)  # a client has its answer a moment before


@pytest.mark.parametrize("pieces", [(), (b"\x89PNG",), (b"\x89PNG", b"\r\n")], ids=["nothing", "a piece", "drips"])
def test_a_slow_upload_is_given_up(served: Served, monkeypatch: pytest.MonkeyPatch, pieces: tuple[bytes, ...]) -> None:
    monkeypatch.setattr(arriving, "SILENCE", 0.3)
    started = time.monotonic()
    assert status(raw(served, f"{POST}content-length: 999", *pieces, pause=0.1)) == 408
    assert time.monotonic() - started < 5


def test_drips_do_not_stretch_it_for_ever(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "WHOLE", 0.5)
    assert status(raw(served, f"{POST}content-length: 999", *[b"x"] * 12, pause=0.1)) == 408


@pytest.mark.parametrize("said", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nhost: x\r\nx-long: "])
def test_a_head_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch, said: bytes) -> None:
    monkeypatch.setattr(patience, "HEAD", 0.3)
    with running() as served, socket.create_connection(("127.0.0.1", served.door.port), 10) as line:
        line.sendall(said)
        assert status(line.recv(4096)) == 408
        assert line.recv(4096) == b""


def test_a_connection_that_is_kept_may_ask_again_and_not_dawdle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD", 1.0)
    with running() as served, socket.create_connection(("127.0.0.1", served.door.port), 10) as line:
        for _ in range(3):
            line.sendall(f"HEAD /healthz HTTP/1.1\r\nhost: {served.at[7:]}\r\n\r\n".encode())
            assert status(line.recv(4096)) == 200
            time.sleep(0.5)
        line.sendall(b"GET /heal")
        assert status(line.recv(4096)) == 408


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (png_of(100_000, 100_000), 413),
        (png_of(100_000, 10), 413),
        (png_of(20_000, 20_000, rows=bytes(1000)), 413),
        (gif_of(300), 413),
        (encoded(scene(90, 60), "JPEG")[:-200], 422),
        (b"\xff\xd8\xff" + os.urandom(2000), 422),
        (b"RIFF\xff\xff\xff\xffWEBPVP8 ", 422),
    ],
    ids=["1e5 px", "1e5 px long", "400 Mpx", "a film", "cut", "noise", "a lie"],
)
def test_bombs_are_known_by_their_heads(served: Served, data: bytes, expected: int) -> None:
    started = time.monotonic()
    assert served.predict(data).status_code == expected
    assert time.monotonic() - started < 10


def part(name: str = "file", more: str = '; filename="a.png"', body: bytes = b"x") -> bytes:
    return f'--b\r\ncontent-disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + body + b"\r\n"


END = b"--b--\r\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (part() * 33 + END, 413),
        (part() * 100_000, 413),
        (b"".join(part(str(n), "") for n in range(100)) + END, 413),
        (part("note", "", b"x" * 20_000) + END, 413),
        (b"--b\r\n" + b"x-a: b\r\n" * 10_000 + b"\r\n", 400),
        (b"--b\r\nx-a: " + b"b" * MIB, 400),
        (b"--b\r\n\r\nx\r\n" + END, 400),
        (b"--b\r\ncontent-disposition: form-data\r\n\r\nx\r\n" + END, 400),
        (part(), 400),
        (b"x" * MIB, 400),
        (b"--b\r\n" * 100_000, 400),
        (part(more='; filename="\x1b[2J\r\n') + END, 415),
        (END, 422),
    ],
    ids=[
        "33 pictures",
        "parts without end",
        "fields",
        "a long field",
        "headers",
        "a long header",
        "no header",
        "no name",
        "no end",
        "no parts",
        "only boundaries",
        "a name with a line",
        "nothing",
    ],
)
def test_multipart_bombs_are_taken_apart(served: Served, body: bytes, expected: int) -> None:
    reply = served.post("/api/predict", data=body, headers={"content-type": "multipart/form-data; boundary=b"})
    assert reply.status_code == expected
    assert reply.json()["error"]["message"]


@pytest.mark.slow
def test_a_thousand_at_once_are_answered_or_told_to_come_again() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 4 * PARALLEL:
        pytest.skip(f"only {hard} files may be open here")
    judge = Colours()
    judge.wait = 0.02
    with running(colours(judge=judge)) as served:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 4 * PARALLEL), hard))
        before = rss()
        replies = asyncio.run(crowd(served, plain(RED)))
        grown = rss() - before
        assert served.predict(plain(RED)).status_code == 200
        until(lambda: served.hall.lines["colours"].inside == 0)
    told = {kind: replies.count(kind) for kind in set(replies)}
    assert sum(told.values()) == PARALLEL
    assert set(told) <= {200, 429}
    assert told[200] >= 256
    assert grown < 300 * MIB


async def crowd(served: Served, data: bytes) -> list[int]:
    """A thousand clients, all at once."""

    async def one() -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.door.port)
        head = f"{POST}host: {served.at[7:]}\r\ncontent-length: {len(data)}\r\n\r\n"
        writer.write(head.encode() + data)
        reply = await asyncio.wait_for(reader.read(), 60)
        writer.close()
        return status(reply)

    return await asyncio.gather(*(one() for _ in range(PARALLEL)))


# Row 51: strangers

LOCAL = door_of(Opening((), port=8000, token="secret" * 4), 8000)
ABROAD = door_of(Opening((), host="10.0.0.7", names=("pics.example",), token="secret" * 4), 8000)
ANYWHERE = door_of(Opening((), host="0.0.0.0", token="secret" * 4), 8000)
SIX = door_of(Opening((), host="::1", token="secret" * 4), 8000)
TOKEN = {"authorization": f"Bearer {'secret' * 4}"}
HERE = {"host": "127.0.0.1:8000"}
OURS = {"origin": "http://127.0.0.1:8000"}
THERE = {"host": "10.0.0.7:8000"}


def ticket(door: Door) -> dict[str, str]:
    return {"cookie": f"imgtool-8000={door.ticket}"}


@pytest.mark.parametrize(
    ("door", "method", "path", "headers", "why"),
    [
        (LOCAL, "GET", "/", HERE, ""),
        (LOCAL, "GET", "/", {"host": "localhost:8000"}, ""),
        (LOCAL, "GET", "/", {"host": "evil.example"}, "host"),
        (LOCAL, "GET", "/", {"host": "10.0.0.7:8000"}, "host"),
        (LOCAL, "GET", "/", {}, "host"),
        (LOCAL, "GET", "/healthz", {"host": "evil.example"}, "host"),
        (LOCAL, "POST", "/api/predict", HERE, ""),
        (LOCAL, "POST", "/api/predict", HERE | OURS, ""),
        (LOCAL, "POST", "/api/predict", HERE | {"origin": "http://localhost:8000"}, ""),
        (LOCAL, "POST", "/api/predict", HERE | {"origin": "null"}, "origin"),
        (LOCAL, "POST", "/api/predict", HERE | {"origin": ""}, "origin"),
        (LOCAL, "POST", "/api/predict", HERE | {"origin": "http://evil.example"}, "origin"),
        (LOCAL, "POST", "/api/predict", HERE | {"origin": "http://127.0.0.1:9000"}, "origin"),
        (LOCAL, "POST", "/api/predict", HERE | {"origin": "https://127.0.0.1:8000"}, "origin"),
        (LOCAL, "POST", "/api/predict", HERE | {"sec-fetch-site": "cross-site"}, "origin"),
        (LOCAL, "POST", "/api/predict", HERE | {"sec-fetch-site": "same-site"}, "origin"),
        (LOCAL, "POST", "/api/predict", HERE | {"sec-fetch-site": "same-origin"}, ""),
        (LOCAL, "POST", "/teach", HERE | OURS, "token"),
        (LOCAL, "POST", "/teach", HERE | ticket(LOCAL), "origin"),
        (LOCAL, "POST", "/teach", HERE | OURS | ticket(LOCAL), ""),
        (LOCAL, "POST", "/teach", HERE | TOKEN, ""),
        (LOCAL, "POST", "/teach", HERE | TOKEN | {"origin": "http://evil.example"}, "origin"),
        (LOCAL, "GET", "/review/", HERE, "token"),
        (LOCAL, "GET", "/review/thumb/x", HERE, "token"),
        (LOCAL, "POST", "/review/decide", HERE | OURS, "token"),
        (LOCAL, "POST", "/review/decide", HERE | OURS | ticket(LOCAL), ""),
        (LOCAL, "POST", "/enter", HERE, "origin"),
        (LOCAL, "POST", "/enter", HERE | OURS, ""),
        (ABROAD, "GET", "/", THERE, "token"),
        (ABROAD, "GET", "/", THERE | ticket(ABROAD), ""),
        (ABROAD, "GET", "/", THERE | TOKEN, ""),
        (ABROAD, "GET", "/", THERE | {"authorization": "Bearer guess"}, "token"),
        (ABROAD, "GET", "/", THERE | {"authorization": "Basic " + "secret" * 4}, "token"),
        (ABROAD, "GET", "/?token=" + "secret" * 4, THERE, "token"),
        (ABROAD, "GET", "/healthz", THERE, ""),
        (ABROAD, "GET", "/metrics", THERE, "token"),
        (ABROAD, "GET", "/static/look.css", THERE, ""),
        (ABROAD, "GET", "/", HERE | TOKEN, "host"),
        (ABROAD, "GET", "/", {"host": "pics.example"} | TOKEN, ""),
        (ABROAD, "GET", "/", {"host": "pics.example:8000"} | TOKEN, ""),
        (ABROAD, "GET", "/", {"host": "pics.example.evil"} | TOKEN, "host"),
        (ABROAD, "POST", "/api/predict", THERE | TOKEN, ""),
        (ABROAD, "POST", "/api/predict", THERE | ticket(ABROAD), "origin"),
        (ABROAD, "POST", "/api/predict", THERE | ticket(ABROAD) | {"origin": "http://10.0.0.7:8000"}, ""),
        (ABROAD, "POST", "/api/predict", {"host": "pics.example"} | TOKEN | {"origin": "https://pics.example"}, ""),
        (ABROAD, "POST", "/api/predict", THERE | TOKEN | OURS, "origin"),
        (ANYWHERE, "GET", "/", {"host": "192.168.1.5:8000"} | TOKEN, ""),
        (ANYWHERE, "GET", "/", {"host": "[fe80::1]:8000"} | TOKEN, ""),
        (ANYWHERE, "GET", "/", {"host": "localhost:8000"} | TOKEN, ""),
        (ANYWHERE, "GET", "/", {"host": "192.168.1.5:9000"} | TOKEN, "host"),
        (ANYWHERE, "GET", "/", {"host": "192.168.1.5"} | TOKEN, "host"),
        (ANYWHERE, "GET", "/", {"host": "evil.example:8000"} | TOKEN, "host"),
        (ANYWHERE, "GET", "/", {"host": "1.2.3.4.evil.example:8000"} | TOKEN, "host"),
        (ANYWHERE, "POST", "/x", {"host": "9.9.9.9:8000", "origin": "http://9.9.9.9:8000"} | TOKEN, ""),
        (ANYWHERE, "POST", "/x", {"host": "9.9.9.9:8000", "origin": "http://8.8.8.8:8000"} | TOKEN, "origin"),
        (SIX, "GET", "/", {"host": "[::1]:8000"} | TOKEN, ""),
        (SIX, "GET", "/", HERE | TOKEN, "host"),
    ],
)
def test_who_may_come_in(door: Door, method: str, path: str, headers: dict[str, str], why: str) -> None:
    assert door.refusal(method, path.partition("?")[0], Headers(headers)) == why


@pytest.mark.parametrize(
    ("door", "address"),
    [(LOCAL, "http://127.0.0.1:8000/"), (ABROAD, "http://10.0.0.7:8000/"), (SIX, "http://[::1]:8000/")],
)
def test_the_address_can_be_opened(door: Door, address: str) -> None:
    assert door.address == f"{address}#{door.token}"
    assert door.token not in repr(door)


def test_a_short_token_is_refused() -> None:
    with pytest.raises(UsageError, match="16"):
        door_of(Opening((), token="guess me"), 1)


def test_it_listens_where_it_was_told_and_nowhere_else(served: Served) -> None:
    with pytest.raises(UsageError, match="cannot be used"):
        bound(served.door.port)
    with bound(0, "::1") as six:
        assert six.getsockname()[0] == "::1"


@pytest.mark.parametrize("path", ["/", "/api/models", "/api/predict", "/static/look.css", "/nothing", "/enter"])
def test_every_answer_wears_the_headers_and_none_invites_strangers(served: Served, path: str) -> None:
    for method in ("GET", "OPTIONS", "POST"):
        asked = {"access-control-request-method": "POST", "origin": "http://evil.example"}
        headers = served.web.request(method, served.at + path, headers=asked, timeout=10).headers
        dressed(headers)
        assert headers["permissions-policy"] == "camera=(self)"


def test_a_name_that_comes_to_mean_this_machine_is_refused(served: Served) -> None:
    for path in ("/", "/api/models", "/metrics", "/healthz"):
        reply = served.get(path, headers={"host": f"evil.example:{served.door.port}"})
        assert (reply.status_code, reply.json()["error"]["reason"]) == (403, "host")


def test_a_page_elsewhere_cannot_ask_with_this_browser(served: Served) -> None:
    reply = served.post("/api/predict", data=plain(), headers={"content-type": "text/plain", "origin": "http://e.vil"})
    assert (reply.status_code, reply.json()["error"]["reason"]) == (403, "origin")


def test_from_elsewhere_nothing_is_told_without_the_token() -> None:
    opening = Opening((colours(),), host="0.0.0.0", token="a long enough secret")
    with running(opening=opening) as served:
        bearer = {"authorization": "Bearer a long enough secret"}
        for path in ("/api/models", "/metrics", "/api/openapi.json"):
            reply = served.get(path)
            assert (reply.status_code, reply.headers["www-authenticate"]) == (401, "Bearer")
            assert "red" not in reply.text
            assert served.get(path, headers=bearer).status_code == 200
        assert served.get("/").status_code == 403
        assert served.get("/healthz").status_code == 200
        assert served.predict(plain()).status_code == 401
        served.enter()
        assert served.predict(plain()).status_code == 200
        assert served.get("/metrics").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/static/../door.py",
        "/static/%2e%2e/door.py",
        "/static/..%2fdoor.py",
        "/static//etc/passwd",
        "/sample/..%2f..%2fetc%2fpasswd",
        "/api/..%2f..%2fetc/passwd",
        "/api/models/../../../../etc/passwd",
        "//review/",
        "/review%2f..%2f",
    ],
)
def test_no_path_of_a_visitor_is_followed(served: Served, path: str) -> None:
    reply = raw(served, f"GET {path} HTTP/1.1\r\nconnection: close")
    assert status(reply) in {403, 404}
    assert b"root:" not in reply
    assert b"Guarded" not in reply


def test_what_an_address_asks_for_by_file_is_not_heard(served: Served) -> None:
    told = served.get("/api/models?file=../../etc/passwd%00&model=..%2f..%2f")
    assert "root:" not in told.text
    assert served.predict(plain(), "?model=../../etc/passwd").status_code == 404


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>.png", "\x1b]8;;http://e.vil\x07.png", "a\r\nset-cookie: x=y"]
)
def test_names_are_shown_and_do_nothing(served: Served, name: str) -> None:
    reply = served.post("/api/predict", json={"images": [{"name": name, "image": "aGk="}, ""]})
    assert reply.headers["content-type"] == "application/json"
    assert "set-cookie" not in reply.headers
    assert "\x1b" not in reply.text
    assert "\x07" not in reply.json()["predictions"][0]["name"]


def test_a_websocket_is_not_accepted(served: Served) -> None:
    head = "GET /api/models HTTP/1.1\r\nupgrade: websocket\r\nconnection: upgrade, close\r\nsec-websocket-key: AAAA"
    assert status(raw(served, head)) in {0, 200, 400, 403, 404}


# Row 53: what goes to the terminal


def test_nothing_that_a_visitor_says_reaches_the_terminal(served: Served, capfd: pytest.CaptureFixture[str]) -> None:
    evil = "\x1b]8;;http://e.vil\x07"
    served.get(f"/{evil}")
    served.predict(plain(), f"?model={evil}")
    served.post("/api/predict", files={f"{evil}": (f"{evil}.png", b"<svg>")})
    raw(served, f"GET /{evil} HTTP/9.9")
    raw(served, f"{evil} nonsense")
    requests.get(served.at, headers={"user-agent": b"x\x1b[31m"}, timeout=10)
    assert capfd.readouterr() == ("", "")


def test_threads_end_with_the_hall() -> None:
    before = threading.active_count()
    with running() as served:
        served.predict(plain())
    until = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < until:
        time.sleep(0.01)
    assert threading.active_count() <= before
