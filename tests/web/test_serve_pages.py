"""The serving pages as they are sent: what is in them for whom, and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from imgtool.web.serve import House
from scraper.limits import Limits
from tests.hall import BLUE, RED, Served, colours, plain, running

EVIL = '<script>alert("1")</script>'


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """With a dataset that has an evil class, samples of which one is none, and addresses that may be fetched."""
    root = tmp_path_factory.mktemp("served")
    (root / "set" / "blue & green").mkdir(parents=True)
    (root / "set" / "blue & green" / "1.png").write_bytes(plain(BLUE))
    samples = root / "a.png", root / "drawing.png", root / "gone.png"
    samples[0].write_bytes(plain(RED))
    samples[1].write_bytes(b"<svg onload='alert(1)'></svg>")
    house = House(root / "set", allow_url=True, samples=samples, limits=Limits(allow_private=True, ignore_robots=True))
    with running(colours(EVIL), colours("second"), house=house) as made:
        yield made


def test_foreign_names_are_text(served: Served) -> None:
    page = served.get("/").text
    assert EVIL not in page
    assert 'value="&lt;script&gt;' in page


def test_the_policy_lets_pictures_of_the_page_itself_be_shown_and_nothing_else_run(served: Served) -> None:
    policy = served.get("/").headers["content-security-policy"]
    assert "img-src 'self' blob: data:" in policy
    assert "script-src 'self';" in policy
    assert "default-src 'none'" in policy
    page = served.get("/").text
    assert "<style" not in page
    assert " style=" not in page
    assert page.count("<script") == page.count('<script type="module" src="/static/')


def test_how_to_teach_is_shown_to_those_with_the_ticket(served: Served) -> None:
    stranger = served.get("/", cookies={served.door.cookie: "of-yesterday"})
    assert "Wrong?" not in stranger.text
    served.web.cookies.clear()
    served.enter()
    try:
        page = served.get("/").text
        assert "Wrong?" in page
        assert '<option value="blue &amp; green">' in page
    finally:
        served.web.cookies.clear()


def test_samples_are_pictures_or_nothing(served: Served) -> None:
    good = served.get("/sample/0")
    assert (good.status_code, good.headers["content-type"], good.content) == (200, "image/png", plain(RED))
    assert [served.get(f"/sample/{each}").status_code for each in (1, 2, 3, "x", "..%2fa.png")] == [404] * 5


def test_an_address_brings_a_picture_or_a_reason(served: Served) -> None:
    good = served.post("/fetch", json={"url": served.at + "/sample/0"})
    assert (good.status_code, good.headers["content-type"], good.content) == (200, "image/png", plain(RED))
    for body, status in (
        ({"url": served.at + "/healthz"}, 415),
        ({"url": "file:///etc/passwd"}, 422),
        ({"url": 7}, 422),
        ({"images": ["AA==", "AA=="]}, 422),
    ):
        bad = served.post("/fetch", json=body)
        assert (bad.status_code, "message" in bad.json()["error"]) == (status, True), body


def test_addresses_are_no_door_for_pages_of_others(served: Served) -> None:
    asked = {"json": {"url": served.at + "/sample/0"}, "headers": {"origin": "http://elsewhere.example"}}
    assert served.post("/fetch", **asked).status_code == 403


def test_without_leave_there_is_nothing_that_fetches_and_without_a_dataset_no_review(tmp_path: Path) -> None:
    with running() as served:
        assert served.post("/fetch", json={"url": "http://127.0.0.1/"}).status_code == 404
        page = served.get("/").text
        assert [word in page for word in ("/review/", "/draw", "Address of a picture", "Or try")] == [False] * 4
        refused = served.get("/draw")
        assert (refused.status_code, "--digits" in refused.text) == (404, True)
