"""Why a model says so, asked of the running server."""

from __future__ import annotations

import base64
import io
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import requests
from PIL import Image

from imgtool.pipeline import looking
from imgtool.pipeline.stands import stands
from imgtool.web.serve.looks import FOREIGN, PLACES
from tests.hall import RED, Served, colours, plain, running
from tests.painted import encoded, oriented, scene
from tests.reds import learnt, spotted

# Keras turns its variables into arrays in NumPy's old way.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        path = learnt(tmp_path_factory.mktemp("model"))
        with running(*stands([path]), colours()) as one:
            yield one


def look(served: Served, data: bytes, query: str = "", kind: str = "image/png") -> requests.Response:
    return served.post(f"/api/look{query}", data=data, headers={"content-type": kind})


def picture(url: str) -> Image.Image:
    """What a data URL shows."""
    head, body = url.split(",", 1)
    found = Image.open(io.BytesIO(base64.b64decode(body)))
    assert head == f"data:image/{found.format.lower() if found.format else ''};base64"
    found.load()
    return found


def test_a_look_tells_where_and_what_it_is_reminded_of(served: Served) -> None:
    told = look(served, encoded(spotted("red", "grey", 320)), "?model=reds").json()
    assert (told["model"], told["label"], told["why"], told["alone"]) == ("reds", "red", "", "")
    assert picture(told["view"]).size == (320, 320)
    heat = np.asarray(picture(told["heat"]))
    assert heat[10, 10, 3] > 170 > 60 > heat[-10, -10, 3]  # there is some red in grey
    assert len(told["nearest"]) == 6
    first = told["nearest"][0]
    assert set(first) == {"label", "likeness", "path", "thumb"}
    assert first["label"] == "red"
    assert picture(first["thumb"]).size == (32, 32)


def test_another_name_may_be_asked_for(served: Served) -> None:
    told = look(served, encoded(spotted("red", "green")), "?label=green").json()
    assert told["label"] == "green"
    heat = np.asarray(picture(told["heat"]))
    assert heat[-10, -10, 3] > 170 > 5 > heat[10, 10, 3]


def test_a_wide_picture_of_a_phone_is_shown_upright_with_its_heat_in_its_shape(served: Served) -> None:
    told = look(served, encoded(scene(1600, 800), "JPEG", exif=oriented(6)), kind="image/jpeg").json()
    assert picture(told["view"]).size == (256, 512)
    assert picture(told["heat"]).size == (128, 256)


def test_a_judge_that_is_no_file_of_ours_has_only_a_view(served: Served) -> None:
    told = look(served, plain(RED), "?model=colours").json()
    assert (told["heat"], told["nearest"], told["why"], told["alone"]) == (None, [], FOREIGN, FOREIGN)
    assert picture(told["view"]).size == (60, 40)


@pytest.mark.parametrize(
    ("query", "status", "reason"),
    [
        ("?model=nobody", 404, "unknown_model"),
        ("?label=mauve", 422, "unknown_label"),
        ("?label=%3Cb%3E", 422, "unknown_label"),
    ],
)
def test_a_wrong_question_is_told_what_is_wrong(served: Served, query: str, status: int, reason: str) -> None:
    reply = look(served, plain(RED), query)
    assert (reply.status_code, reply.json()["error"]["reason"]) == (status, reason)


def test_it_looks_at_one_picture_at_a_time(served: Served) -> None:
    files = [("file", ("a.png", plain(RED))), ("file", ("b.png", plain(RED)))]
    reply = served.post("/api/look", files=files)
    assert (reply.status_code, reply.json()["error"]["reason"]) == (422, "too_many")


@pytest.mark.parametrize(
    ("data", "status"),
    [(b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415), (b"<!doctype html>", 415), (encoded(scene())[:900], 422)],
)
def test_what_is_no_picture_is_refused(served: Served, data: bytes, status: int) -> None:
    assert look(served, data).status_code == status


def test_only_a_post_is_answered(served: Served) -> None:
    assert served.get("/api/look").status_code == 405


def test_no_foreign_page_may_ask(served: Served) -> None:
    reply = served.post(
        "/api/look", data=plain(RED), headers={"content-type": "image/png", "origin": "http://evil.example"}
    )
    assert reply.status_code == 403


def test_when_too_many_wait_the_others_come_again(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    held, seen = threading.Event(), looking.reasons

    def slow(*asked: object) -> object:
        held.wait(20)
        return seen(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr("imgtool.web.serve.looks.reasons", slow)
    replies: list[requests.Response] = []
    body = plain(RED)
    threads = [threading.Thread(target=lambda: replies.append(look(served, body))) for _ in range(PLACES + 8)]
    for thread in threads:
        thread.start()
    while sum(reply.status_code == 429 for reply in replies) < 8:
        held.wait(0.02)
    held.set()
    for thread in threads:
        thread.join()
    full = [reply for reply in replies if reply.status_code == 429]
    assert len(full) == 8
    assert all(int(reply.headers["retry-after"]) >= 1 for reply in full)
    assert sum(reply.status_code == 200 for reply in replies) == PLACES
    assert look(served, body).status_code == 200  # and their places are free again


def test_whoever_leaves_frees_the_place(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    held = threading.Event()
    monkeypatch.setattr("imgtool.web.serve.looks.reasons", lambda *_: held.wait(20))
    for _ in range(PLACES + 4):
        with pytest.raises(requests.Timeout):
            requests.post(f"{served.at}/api/look", data=plain(RED), headers={"content-type": "image/png"}, timeout=0.1)
    held.set()
    monkeypatch.undo()
    assert look(served, plain(RED)).status_code == 200


def test_names_and_paths_are_told_without_what_turns_letters(tmp_path: Path) -> None:
    from imgtool.pipeline.near import Neighbour
    from imgtool.web.serve.looks import neighbour

    told = neighbour(Neighbour("a\u202eb", "x\n<b>.jpg", 0.5, b"\xff\xd8\xff"))
    assert (told["label"], told["path"]) == ("a\ufffdb", "x\ufffd<b>.jpg")
