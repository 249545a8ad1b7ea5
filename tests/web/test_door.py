"""Who may come in: rows 51 of the bad-input list, as a table and against the running server."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests
from starlette.datastructures import Headers

from imgtool.errors import UsageError
from imgtool.web import asked
from imgtool.web.door import Door
from imgtool.web.server import bound
from tests.desk import Review, dressed, running
from tests.painted import encoded, scene

DOOR = Door(8000, token="secret", ticket="pass")
HERE = {"host": "127.0.0.1:8000"}
PASS = {"cookie": "imgtool-8000=pass"}
ORIGIN = {"origin": "http://127.0.0.1:8000"}


@pytest.mark.parametrize(
    ("method", "path", "headers", "why"),
    [
        ("GET", "/", HERE | PASS, ""),
        ("GET", "/", {"host": "localhost:8000"} | PASS, ""),
        ("GET", "/", PASS, "host"),
        ("GET", "/", {"host": "evil.example"} | PASS, "host"),
        ("GET", "/", {"host": "evil.example:8000"} | PASS, "host"),
        ("GET", "/", {"host": "127.0.0.1"} | PASS, "host"),
        ("GET", "/", {"host": "127.0.0.1:8000.evil.example"} | PASS, "host"),
        ("GET", "/static/look.css", {"host": "evil.example"}, "host"),
        ("GET", "/static/look.css", HERE, ""),
        ("GET", "/", HERE, "token"),
        ("GET", "/", HERE | {"cookie": "imgtool-8000=guess"}, "token"),
        ("GET", "/", HERE | {"cookie": "imgtool-8001=pass"}, "token"),
        ("GET", "/", HERE | {"cookie": "imgtool-8000=secret"}, "token"),
        ("GET", "/", HERE | {"cookie": 'imgtool-8000="\\377'}, "token"),
        ("GET", "/?token=secret", HERE, "token"),
        ("POST", "/decide", HERE | PASS | ORIGIN, ""),
        ("POST", "/decide", HERE | PASS, "origin"),
        ("POST", "/decide", HERE | PASS | {"origin": "null"}, "origin"),
        ("POST", "/decide", HERE | PASS | {"origin": "http://evil.example"}, "origin"),
        ("POST", "/decide", HERE | PASS | {"origin": "https://127.0.0.1:8000"}, "origin"),
        ("POST", "/decide", HERE | PASS | {"origin": "http://127.0.0.1:9000"}, "origin"),
        ("POST", "/decide", HERE | ORIGIN, "token"),
        ("POST", "/enter", HERE | ORIGIN, ""),
        ("POST", "/enter", HERE, "origin"),
        ("DELETE", "/", HERE | PASS, "origin"),
    ],
)
def test_who_may_come_in(method: str, path: str, headers: dict[str, str], why: str) -> None:
    assert DOOR.refusal(method, path, Headers(headers)) == why


def test_the_address_shows_the_token_where_browsers_do_not_send_it() -> None:
    assert DOOR.address == "http://127.0.0.1:8000/#secret"
    assert "secret" not in repr(DOOR)
    assert Door(1).token != Door(1).token


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Review]:
    files = {"cat/1.jpg": encoded(scene(), "JPEG"), "dog/2.jpg": encoded(scene(seed=1), "JPEG")}
    with running(tmp_path_factory.mktemp("data"), files) as running_one:
        yield running_one


def test_it_listens_on_this_machine_alone(review: Review) -> None:
    with bound() as where:
        assert where.getsockname()[0] == "127.0.0.1"
    with pytest.raises(UsageError, match="cannot be used"):
        bound(review.door.port)


def test_without_the_cookie_there_is_only_the_way_in(review: Review) -> None:
    for path in ("/", "/groups", "/class?label=cat", "/state", "/thumb/x", "/nothing"):
        reply = requests.get(review.at + path, timeout=5)
        assert reply.status_code == 403
        assert "cat" not in reply.text


def test_a_wrong_token_opens_nothing(review: Review) -> None:
    reply = requests.post(review.at + "/enter", json={"token": "wrong"}, headers={"origin": review.at}, timeout=5)
    assert reply.status_code == 403
    assert not reply.cookies


def test_the_cookie_is_for_this_site_and_for_no_script(review: Review) -> None:
    reply = requests.post(
        review.at + "/enter", json={"token": review.door.token}, headers={"origin": review.at}, timeout=5
    )
    set_cookie = reply.headers["set-cookie"].lower()
    assert "httponly" in set_cookie
    assert "samesite=strict" in set_cookie
    assert review.door.token.lower() not in set_cookie


@pytest.mark.parametrize("path", ["/", "/class?label=cat", "/static/look.css", "/nothing", "/state"])
def test_every_answer_wears_the_headers(review: Review, path: str) -> None:
    headers = review.get(path).headers
    dressed(headers)
    assert headers["x-frame-options"] == "DENY"


def test_a_name_that_comes_to_mean_this_machine_is_refused(review: Review) -> None:
    reply = review.get("/", headers={"host": f"evil.example:{review.door.port}"})
    assert reply.status_code == 403
    assert reply.text == "Not from there.\n"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../door.py",
        "/static/%2e%2e/door.py",
        "/static/..%2fdoor.py",
        "/static//etc/passwd",
        "/thumb/../../etc/passwd",
        "/thumb/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/view/..%2f..%2fcat%2f1.jpg",
        "/facts/..%2f1",
        "/class?label=../../etc",
        "/class?label=cat%00",
        "/?file=../../etc/passwd%00",
    ],
)
def test_no_path_of_a_visitor_is_followed(review: Review, path: str) -> None:
    with socket.create_connection(("127.0.0.1", review.door.port), 5) as line:  # requests would tidy the path
        cookie = f"{review.door.cookie}={review.door.ticket}"
        line.sendall(
            f"GET {path} HTTP/1.1\r\nhost: {review.at[7:]}\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n".encode()
        )
        reply = b"".join(iter(lambda: line.recv(65536), b""))
    status = int(reply.split()[1])
    assert status == (200 if path.startswith("/?") else 404)
    assert b"root:" not in reply
    assert b"Guarded" not in reply


def test_too_much_is_refused_whether_it_is_announced_or_not(review: Review) -> None:
    body = b'{"ids": ["' + b"x" * asked.LARGEST + b'"]}'
    json = {"content-type": "application/json", "origin": review.at}
    assert review.web.post(review.at + "/decide", body, headers=json, timeout=30).status_code == 413
    pieces = iter([body[: len(body) // 2], body[len(body) // 2 :]])
    with suppress(requests.ConnectionError):  # it may hang up on us, which is as good
        assert review.web.post(review.at + "/decide", pieces, headers=json, timeout=30).status_code == 413
    assert review.get("/state").status_code == 200


def test_a_slow_body_is_given_up(review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "PATIENCE", 0.3)
    head = f"POST /enter HTTP/1.1\r\nhost: {review.at[7:]}\r\norigin: {review.at}\r\n"
    with socket.create_connection(("127.0.0.1", review.door.port), 5) as line:
        line.sendall(f"{head}content-type: application/json\r\ncontent-length: 99\r\n\r\n{{".encode())
        started = time.monotonic()
        assert b" 408 " in line.recv(4096)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"token=x", "application/x-www-form-urlencoded", 415),
        (b"", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[]", "application/json", 422),
        (b'{"verdict": "burn", "ids": []}', "application/json", 422),
        (b'{"verdict": "drop"}', "application/json", 422),
        (b'{"verdict": "drop", "ids": [1]}', "application/json", 422),
        (b'{"verdict": "drop", "ids": ["../../etc/passwd"]}', "application/json", 422),
        (b'{"verdict": "move", "ids": [], "target": "../../x"}', "application/json", 422),
        (b'{"verdict": "drop", "list": "everything"}', "application/json", 422),
        (b'{"verdict": "drop", "list": "groups", "expected": 99}', "application/json", 409),
    ],
)
def test_what_makes_no_sense_gets_its_status(review: Review, body: bytes, kind: str, status: int) -> None:
    headers = {"content-type": kind, "origin": review.at}
    reply = review.web.post(review.at + "/decide", body, headers=headers, timeout=5)
    assert reply.status_code == status
    assert reply.json()["error"]


@pytest.mark.parametrize("start", ["-1", "x", "1e9", "99999999999999999999", "%F0%9D%9F%8F"])
def test_a_page_number_that_is_none_is_said_to_be_none(review: Review, start: str) -> None:
    assert review.get(f"/class?label=cat&start={start}").status_code == 422


def test_beyond_the_end_the_last_page_is_shown(review: Review) -> None:
    assert 'id="p' in review.get("/class?label=cat&start=5000").text


def test_other_methods_are_refused(review: Review) -> None:
    headers = {"origin": review.at}
    for method in ("PUT", "DELETE", "OPTIONS"):
        assert review.web.request(method, review.at + "/decide", headers=headers, timeout=5).status_code == 405
    assert review.get("/decide").status_code == 405


def test_a_websocket_is_not_accepted(review: Review) -> None:
    headers = {
        "upgrade": "websocket",
        "connection": "upgrade",
        "sec-websocket-key": "AAAA",
        "sec-websocket-version": "13",
    }
    assert review.get("/", headers=headers).status_code in {200, 400, 403}


def test_a_picture_folder_named_like_a_page_gains_nothing(review: Review, tmp_path: Path) -> None:
    assert review.get("/cat/1.jpg").status_code == 404
    assert review.get("/.imgtool/catalog.sqlite").status_code == 404
