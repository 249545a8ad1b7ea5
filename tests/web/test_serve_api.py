"""The interface for programs against the running server: pictures in by every way, names out."""

from __future__ import annotations

import base64
import io
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from imgtool.errors import StorageError
from imgtool.pipeline.plan import limits_of
from imgtool.records import Refusal
from imgtool.settings import Settings
from imgtool.web.serve import House
from tests.hall import GREEN, RED, Colours, Served, colours, plain, running, until
from tests.painted import encoded, oriented, scene
from tests.street import Street

JSON = {"content-type": "application/json"}
JUDGE = Colours()


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with running(colours(judge=JUDGE), colours("second", sure=0.4)) as one:
        yield one


def in_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_a_picture_gets_its_names(served: Served) -> None:
    told = served.predict(plain(RED)).json()
    assert told["model"] == "colours"
    (said,) = told["predictions"]
    assert (said["label"], said["sure"], said["why"], said["error"]) == ("red", True, "", None)
    assert said["probability"] == said["ranked"][0]["probability"] > 0.9
    assert [each["label"] for each in said["ranked"]] == ["red", "green <b>", "blue"]


def test_doubt_has_its_reason(served: Served) -> None:
    (said,) = served.predict(plain((128, 128, 120))).json()["predictions"]
    assert (said["sure"], said["why"]) == (False, "red or green <b>")


def test_several_pictures_of_a_form_are_answered_in_their_order(served: Served) -> None:
    files = [("file", ("a.png", plain(RED))), ("file", ("b.jpg", plain(GREEN, kind="JPEG"))), ("file", ("c", b"<svg>"))]
    told = served.post("/api/predict?top=1", files=files).json()["predictions"]
    assert [(each["name"], each["label"]) for each in told] == [("a.png", "red"), ("b.jpg", "green <b>"), ("c", "")]
    assert told[2]["error"] == {"reason": "unsupported", "message": "SVG"}
    assert [len(each["ranked"]) for each in told] == [1, 1, 0]


ONE = in_base64(plain(GREEN))


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"image": ONE}, [""]),
        ({"image": f"data:image/png;base64,{ONE}"}, [""]),
        ({"images": [ONE, {"name": "a.png", "image": ONE}, {"image": ONE}]}, ["", "a.png", ""]),
        ({"images": [{"name": "../../etc/\x1b[31mpasswd", "image": ONE}]}, ["\ufffd[31mpasswd"]),
    ],
    ids=["one", "data URL", "several", "a name that wants to be more"],
)
def test_json_brings_pictures_too(served: Served, body: Any, names: list[str]) -> None:
    told = served.post("/api/predict", json=body).json()["predictions"]
    assert [each["name"] for each in told] == names
    assert {each["label"] for each in told} == {"green <b>"}


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_every_format_is_read_whatever_it_is_called(served: Served, kind: str) -> None:
    for called in ("image/png", "image/x-strange; charset=utf-8", "application/octet-stream"):
        assert served.predict(plain(RED, kind=kind), kind=called).json()["predictions"][0]["label"] == "red"


def test_a_picture_sent_as_it_is_has_the_name_of_the_address(served: Served) -> None:
    assert served.predict(plain(), "?name=C:%5Cpics%5Ccat.png").json()["predictions"][0]["name"] == "cat.png"


@pytest.mark.parametrize(
    ("data", "status", "reason"),
    [
        (b"", 422, "no_picture"),
        (b"no picture at all", 415, "not_image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 415, "unsupported"),
        (b"<!doctype html><script>alert(1)</script>", 415, "not_image"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", 415, "unsupported"),
        (b"%PDF-1.7", 415, "unsupported"),
        (b"PK\x03\x04", 415, "not_image"),
        (b"\x1f\x8b\x08\0", 415, "not_image"),
        (encoded(scene(90, 60), "JPEG")[:400], 422, "truncated"),
        (encoded(scene(90, 60))[:-400], 422, "truncated"),
    ],
)
def test_what_is_no_picture_is_told_why(served: Served, data: bytes, status: int, reason: str) -> None:
    reply = served.predict(data)
    assert (reply.status_code, reply.json()["error"]["reason"]) == (status, reason)
    assert reply.json()["error"].keys() == {"reason", "message", "hint"}


@pytest.mark.parametrize(
    ("query", "body", "headers", "status"),
    [
        ("?model=none", b"", {"content-type": "image/png"}, 404),
        ("?model=%3Cscript%3E", b"", {"content-type": "image/png"}, 404),
        ("?top=0", b"", {"content-type": "image/png"}, 422),
        ("?top=1001", b"", {"content-type": "image/png"}, 422),
        ("?top=many", b"", {"content-type": "image/png"}, 422),
        ("", b"x", {}, 415),
        ("", b"x", {"content-type": "text/html"}, 415),
        ("", b"file=x", {"content-type": "application/x-www-form-urlencoded"}, 415),
        ("", b"{", JSON, 400),
        ("", b"\xff", JSON, 400),
        ("", b"[" * 900, JSON, 400),
        ("", b"[" * 100_000, JSON, 413),
        ("", b"[]", JSON, 422),
        ("", b"{}", JSON, 422),
        ("", b'{"image": 1}', JSON, 422),
        ("", b'{"image": "not base64!"}', JSON, 422),
        ("", b'{"image": "aGk"}', JSON, 422),
        ("", b'{"image": ""}', JSON, 415),
        ("", b'{"images": {}}', JSON, 422),
        ("", b'{"images": []}', JSON, 422),
        ("", b'{"images": [{"name": 1, "image": ""}]}', JSON, 422),
        ("", json.dumps({"images": [""] * 33}).encode(), JSON, 413),
        ("", b'{"url": "http://127.0.0.1/a.jpg"}', JSON, 403),
        ("", b"x", {"content-type": "multipart/form-data"}, 400),
        ("", b"x", {"content-type": "multipart/form-data; boundary=" + "x" * 500}, 400),
        ("", b"x", {"content-type": "multipart/form-data; boundary=b"}, 400),
        ("", b"--b--\r\n", {"content-type": "multipart/form-data; boundary=b"}, 422),
    ],
)
def test_a_request_that_makes_no_sense_gets_its_status(
    served: Served, query: str, body: bytes, headers: dict[str, str], status: int
) -> None:
    reply = served.post(f"/api/predict{query}", data=body, headers=headers)
    assert reply.status_code == status
    assert reply.json()["error"]["message"]
    assert "<script>" not in reply.text or reply.headers["content-type"] == "application/json"


def test_other_ways_and_places_are_answered_in_json(served: Served) -> None:
    assert served.get("/api/predict").status_code == 405
    assert served.get("/api/predict").headers["allow"] == "POST"
    assert served.get("/api/nothing").json()["error"]["reason"] == "not_found"


def test_each_model_is_asked_by_its_name(served: Served) -> None:
    assert served.predict(plain(), "?model=second").json()["model"] == "second"
    told = {each["name"]: each for each in served.get("/api/models").json()["models"]}
    assert told.keys() == {"colours", "second"}
    assert told["second"]["interval"] == [0.9, 0.99]
    assert (told["second"]["kind"], told["second"]["size"], told["second"]["tested"]) == ("pictures", 24, 60)


def test_pictures_are_seen_upright(served: Served) -> None:
    sight = served.call(served.hall.seen(encoded(scene(90, 60), "JPEG", exif=oriented(6)), 512, "whole"))
    assert not isinstance(sight, Refusal)
    assert (sight.pixels.shape, sight.width, sight.height) == ((90, 60, 3), 60, 90)


def test_many_at_once_are_judged_together_and_each_gets_its_own(served: Served) -> None:
    JUDGE.batches.clear()
    JUDGE.gate.clear()
    told: list[str] = []

    def ask(number: int) -> None:
        reply = requests.post(served.at + "/api/predict", plain((RED, GREEN)[number % 2]), headers=PNG, timeout=60)
        told.append(f"{number % 2} {reply.json()['predictions'][0]['label']}")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    until(lambda: served.hall.lines["colours"].inside == 24)
    JUDGE.gate.set()
    for thread in threads:
        thread.join()
    assert set(told) == {"0 red", "1 green <b>"}
    assert len(JUDGE.batches) < sum(JUDGE.batches) == 24


PNG = {"content-type": "image/png"}


def test_a_full_line_is_told_when_to_come_again(served: Served) -> None:
    line = served.hall.lines["colours"]
    with line.places(256):
        reply = served.predict(plain())
    assert reply.status_code == 429
    assert int(reply.headers["retry-after"]) >= 1
    assert reply.json()["error"]["reason"] == "too_many"
    assert served.predict(plain()).status_code == 200


def test_a_client_that_leaves_frees_its_place_at_once(served: Served) -> None:
    JUDGE.gate.clear()
    line = served.hall.lines["colours"]
    for _ in range(3):
        with pytest.raises(requests.Timeout):
            requests.post(served.at + "/api/predict", plain(), headers=PNG, timeout=0.2)
    until(lambda: line.inside == 0)  # though the model is still at it
    JUDGE.gate.set()
    assert served.predict(plain()).status_code == 200


def test_a_model_that_fails_is_told_and_the_next_is_answered(served: Served) -> None:
    JUDGE.fails = StorageError("The model is damaged.", hint="Train it again.")
    try:
        reply = served.predict(plain())
        assert (reply.status_code, reply.json()["error"]["hint"]) == (500, "Train it again.")
        assert served.get("/healthz").status_code == 503
        assert served.get("/healthz").json()["faults"] == {"colours": "The model is damaged."}
    finally:
        JUDGE.fails = None
    assert served.predict(plain()).status_code == 200
    assert served.get("/healthz").json() == {"status": "ok", "faults": {}}


def test_prometheus_reads_what_goes_on(served: Served) -> None:
    served.predict(plain())
    served.predict(b"<svg>")
    served.get("/api/\x1b]8;;evil")
    lines = (
        r'imgtool_requests_total\{route="/api/predict",status="200"\} \d+',
        r'imgtool_requests_total\{route="other",status="404"\} \d+',
        r'imgtool_pictures_total\{model="colours",result="unsupported"\} \d+',
        r'imgtool_batch_pictures_count\{model="colours"\} \d+',
        r'imgtool_queue_pictures\{model="colours"\} 0\.0',
        r'imgtool_request_seconds_count\{route="/api/predict"\} \d+',
    )
    # a request is counted when it is over, and its client knows that a moment earlier
    until(lambda: all(re.search(f"^{line}", served.get("/metrics").text, re.MULTILINE) for line in lines))
    assert "\x1b" not in served.get("/metrics").text


def test_addresses_are_fetched_where_that_is_allowed_and_only_the_guarded_way(tmp_path: Path) -> None:
    with Street() as street:
        ours = limits_of(Settings(allow_private=True, retries=0))
        with running(house=House(allow_url=True, limits=ours)) as served:
            assert served.post("/api/predict", json={"url": street.picture(1)}).json()["predictions"][0]["label"]
            lost = served.post("/api/predict", json={"url": "http://127.0.0.1:1/a.jpg"})
            assert lost.status_code == 422
        with running(house=House(allow_url=True)) as served:
            refused = served.post("/api/predict", json={"url": street.picture(1)}).json()["error"]
            assert refused["reason"] == "blocked_address"
            for url in ("file:///etc/passwd", "http://[::1]/", "http://169.254.169.254/latest", "ftp://a/b", ""):
                reply = served.post("/api/predict", json={"url": url})
                assert reply.status_code in {415, 422}
                assert "root:" not in reply.text
            assert served.post("/api/predict", json={"url": 1}).status_code == 422


def test_nothing_that_was_sent_stays_on_disk(served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    real = io.open

    def noted(file: Any, mode: str = "r", *args: Any, **more: Any) -> Any:
        if not isinstance(file, int) and any(sign in mode for sign in "wax+"):
            opened.append(str(file))
        return real(file, mode, *args, **more)

    monkeypatch.setattr("builtins.open", noted)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    served.post("/api/predict", files={"file": ("a.png", plain())})
    served.predict(plain())
    assert opened == []
    assert list(tmp_path.iterdir()) == []
