"""Teaching over HTTP: who may, what is taken, what is said; and the review at home beside the models."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import expect

from imgtool.dataset import Dataset
from imgtool.pipeline.material import material
from imgtool.web.serve import House
from tests.chromium import PHONE, Scheme, launched
from tests.drawn import classes, exact, jpeg
from tests.hall import Served, running
from tests.looked import grave, holds_up
from tests.painted import encoded, scene

NEW = jpeg(7000)


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = classes(tmp_path_factory.mktemp("school") / "data", many=10)
    with running(house=House(root)) as one:
        one.enter()
        while not one.get("/review/state").json()["looked"]:
            time.sleep(0.05)
        yield one


@pytest.fixture
def served(school: Served) -> Iterator[Served]:
    yield school
    if ids := [item.id for item in queue(school)]:
        assert school.post("/review/decide", json={"verdict": "drop", "ids": ids}).status_code == 200


def taught(served: Served, data: bytes = NEW, name: str = "photo.jpg", **fields: str) -> requests.Response:
    return served.post("/teach", files={"file": (name, data)}, data={"label": "dog", "model": "colours"} | fields)


def queue(served: Served) -> list[Any]:
    assert served.hall.desk
    return served.hall.desk.shelf.taught(0, 100)


def test_a_picture_with_its_name_waits_for_its_review(served: Served) -> None:
    assert served.hall.desk
    root = served.hall.desk.dataset.root
    before = exact(root)

    told = taught(served, said="nonsense")

    assert (told.status_code, told.json()["said"]) == (200, "It waits to be reviewed as dog.")
    assert exact(root) == before
    (item,) = queue(served)
    (source,) = served.hall.desk.shelf.sources(item.sha256)
    who = served.hall.desk.who
    assert re.match(rf"by {who} on [\d-]+; colours said ", source.query)  # the model itself was asked, not the form
    assert "nonsense" not in source.query


def test_taught_reviewed_and_learnt_from(served: Served) -> None:
    assert served.hall.desk
    taught(served)
    ids = [item.id for item in queue(served)]
    assert f'data-id="{ids[0]}"' in served.get("/review/taught").text

    kept = served.post("/review/decide", json={"verdict": "keep", "ids": ids})

    assert (kept.status_code, kept.json()["left"]["taught"]) == (200, 0)
    learnt = material(served.hall.desk.dataset.root)
    assert sum(map(len, learnt.parts.values())) == 21
    assert served.post("/review/undo", json={}).json()["left"]["taught"] == 1


@pytest.mark.parametrize(
    ("fields", "data", "said"),
    [
        ({"label": "wolf"}, NEW, "as wolf, a new class."),
        ({"label": "cat"}, jpeg(1000), "The same picture is in dog."),
        ({"label": "dog"}, jpeg(1000), "dog has this very picture already."),
        ({"label": "dog"}, jpeg(1000, (120, 90), 80), "It looks like dog/0.jpg."),
        ({"label": " dog ", "model": ""}, NEW, "It waits to be reviewed as dog."),
    ],
)
def test_what_became_of_it_is_said(served: Served, fields: dict[str, str], data: bytes, said: str) -> None:
    assert taught(served, data, **fields).json()["said"].endswith(said)


@pytest.mark.parametrize(
    ("fields", "data", "status"),
    [
        ({"label": ""}, NEW, 422),
        ({"label": "../../etc"}, NEW, 422),
        ({"label": "a" * 70}, NEW, 422),
        ({"label": "DOG"}, NEW, 422),
        ({"model": "nobody"}, NEW, 404),
        ({}, b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415),
        ({}, b"<!doctype html><script>alert(1)</script>", 415),
        ({}, b"%PDF-1.7\n", 415),
        ({}, NEW[:3000], 422),
        ({"model": ""}, NEW[:3000], 422),
        ({}, encoded(scene(30, 20)), 422),
        ({"label": "x" * 20_000}, NEW, 413),
    ],
)
def test_what_cannot_be_taught_is_told_and_leaves_nothing(
    served: Served, fields: dict[str, str], data: bytes, status: int
) -> None:
    reply = taught(served, data, **fields)
    assert reply.status_code == status
    assert reply.json()["error"]["message"]
    assert queue(served) == []


def test_one_picture_at_a_time(served: Served) -> None:
    two = [("file", ("a.jpg", NEW)), ("file", ("b.jpg", jpeg(7001)))]
    assert served.post("/teach", files=two, data={"label": "dog"}).status_code == 422
    assert served.post("/teach", data={"label": "dog"}).status_code in {415, 422}
    assert queue(served) == []


@pytest.mark.parametrize("name", ["../../../evil.jpg", "/etc/passwd", "C:\\x.jpg", "\u202egpj.exe", "<b>.jpg", ""])
def test_names_that_a_sender_gives_are_no_paths(served: Served, name: str) -> None:
    assert served.hall.desk
    taught(served, name=name or "x")
    (item,) = queue(served)
    assert item.path == f".imgtool/taught/{item.sha256[:16]}.jpg"


def test_while_another_program_writes_it_is_said_who(served: Served) -> None:
    assert served.hall.desk
    with Dataset.open(served.hall.desk.dataset.root) as other, other.writing():
        reply = taught(served)
    assert (reply.status_code, reply.json()["error"]["reason"]) == (409, "busy")
    assert "Another process is writing" in reply.json()["error"]["message"]
    assert taught(served).status_code == 200


def test_whoever_has_no_ticket_neither_teaches_nor_reviews(served: Served) -> None:
    with requests.Session() as stranger:
        for path in ("/teach", "/review/decide", "/review/undo", "/review/look"):
            reply = stranger.post(served.at + path, headers={"origin": served.at}, timeout=9)
            assert reply.status_code == 403
        for path in ("/review/", "/review/class?label=cat", "/review/../review/taught", "/review/state"):
            assert "whole address" in stranger.get(served.at + path, timeout=9).text
    for origin in ("http://evil.example", "null", f"{served.at}.evil.example"):
        reply = served.post("/teach", files={"file": NEW}, data={"label": "dog"}, headers={"origin": origin})
        assert reply.status_code == 403
    assert queue(served) == []


def test_the_review_is_one_of_the_pages(served: Served) -> None:
    assert '<a href="/review/">Review</a>' in served.get("/").text
    page = served.get("/review/").text
    assert '<a href="/review/" aria-current="page">Review</a>' in page
    assert '<a href="/">Recognise</a>' in page
    assert served.get("/review", allow_redirects=False).headers["location"].endswith("/review/")
    assert served.get("/review/nothing").status_code == 404
    assert served.get("/review/class?label=nothing").status_code == 404


def test_without_a_dataset_there_is_nothing_to_teach() -> None:
    with running() as served:
        served.enter()
        assert taught(served).json()["error"]["hint"] == "Serve one with --data DATA."
        assert served.get("/review/").status_code == 404
        assert "/review/" not in served.get("/").text


@pytest.mark.browser
@pytest.mark.timeout(120)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_a_browser_the_review_lets_in_enlarges_and_takes_back(served: Served, scheme: Scheme) -> None:
    for seed in (7000, 7001):
        taught(served, jpeg(seed))
    with launched() as browser:
        page = browser.new_page(viewport=PHONE, color_scheme=scheme)
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(served.door.address)
        expect(page.get_by_role("link", name="Review")).to_be_visible()
        page.wait_for_function("() => document.cookie === '' && !location.hash")
        page.wait_for_load_state("networkidle")

        page.goto(served.at + "/review/taught")
        expect(page.locator("[role=option]")).to_have_count(2)
        page.keyboard.press("k")
        expect(page.locator("#said")).to_contain_text("1 picture kept.")
        expect(page.locator("[data-left=taught]")).to_have_text("1")
        page.keyboard.press("Enter")
        expect(page.locator("#large .facts")).to_contain_text("by ")
        assert page.evaluate("document.querySelector('#large img').decode().then(() => true)")
        page.keyboard.press("Escape")
        page.keyboard.press("u")
        expect(page.locator("[data-left=taught]")).to_have_text("2")

        for path in ("/review/", "/review/taught", "/review/class?label=cat", "/review/history"):
            page.goto(served.at + path)
            holds_up(page)
        assert said == []


@pytest.mark.browser
@pytest.mark.timeout(120)
def test_nothing_grave_is_found_by_axe(served: Served) -> None:
    taught(served)
    with launched() as browser:
        page = browser.new_page()
        page.goto(served.door.address)
        page.wait_for_load_state("networkidle")
        for path in ("/review/", "/review/taught"):
            page.goto(served.at + path)
            assert grave(page) == []
