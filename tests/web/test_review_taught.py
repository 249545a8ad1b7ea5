"""The queue of taught pictures in a review: where they came from, in, out, back; alone at / and beside other pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from imgtool.pipeline.teach import Lesson, teach
from imgtool.web.review.app import review_room
from tests.desk import Review, running
from tests.drawn import jpeg

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def review(tmp_path: Path) -> Iterator[Review]:
    files = {f"{label}/{n}.jpg": jpeg(n + 100 * (label == "dog")) for label in ("cat", "dog") for n in range(2)}
    with running(tmp_path / "data", files) as running_one:
        yield running_one


def cards(page: str) -> list[str]:
    return re.findall(r'data-id="([^"]+)"', page)


def test_without_a_lesson_nothing_speaks_of_it(review: Review) -> None:
    assert "taught" not in review.get("/").text.lower()
    assert "Nothing left" in review.get("/taught").text


def test_what_was_taught_is_shown_with_who_and_what_a_model_said(review: Review) -> None:
    teach(review.desk, jpeg(5000), Lesson("dog", "m25", "cat", 0.93))
    teach(review.desk, jpeg(0), Lesson("wolf"))
    page = review.get("/taught").text

    assert '<b data-left="taught">2</b> pictures that were taught' in review.get("/").text
    assert re.search(r"by ann on [\d-]{10}; m25 said cat \(0\.93\)", page)
    assert "a new class" in page
    assert "the same file is in cat" in page
    one = review.desk.shelf.taught(0, 9)[0]
    assert review.get(f"/thumb/{one.sha256}").status_code == 200
    assert "<dt>taught</dt><dd>by ann" in review.get(f"/facts/{one.id}").text


@pytest.mark.parametrize(
    ("verdict", "target", "said", "there"),
    [
        ("keep", "", "1 picture kept.", ["dog"]),
        ("drop", "", "1 picture dropped.", []),
        ("move", "cat", "1 picture moved to cat.", ["cat"]),
        ("move", "dog", "1 picture moved to dog.", ["dog"]),
    ],
)
def test_it_is_let_in_or_not_and_asks_again_after_an_undo(
    review: Review, verdict: str, target: str, said: str, there: list[str]
) -> None:
    done = teach(review.desk, jpeg(5000), Lesson("dog"))
    ids = cards(review.get("/taught").text)

    told = review.post("/decide", {"verdict": verdict, "ids": ids, "target": target}).json()
    assert (told["said"], told["left"]["taught"]) == (said, 0)
    assert review.desk.shelf.labels(done.sha256) == there  # type: ignore[union-attr]

    told = review.post("/undo", {}).json()
    assert (told["ids"], told["left"]["taught"]) == (ids, 1)


def test_the_history_says_let_in(review: Review) -> None:
    teach(review.desk, jpeg(5000), Lesson("dog"))
    review.post("/decide", {"verdict": "keep", "ids": cards(review.get("/taught").text)})
    assert "1 let in" in review.get("/history").text


def test_hostile_words_are_words(review: Review) -> None:
    teach(review.desk, jpeg(5000), Lesson("dog", HOSTILE, HOSTILE, 0.5))
    item = review.desk.shelf.taught(0, 9)[0]
    for page in (review.get("/taught").text, review.get(f"/facts/{item.id}").text):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_beside_other_pages_it_has_their_tabs_and_its_own_addresses(review: Review) -> None:
    teach(review.desk, jpeg(5000), Lesson("dog"))
    tabs = (("/", "Recognise", "recognise"), ("/review/", "Review", "review"))
    app = Starlette(routes=[Mount("/review", review_room(review.desk, tabs))])
    with TestClient(app, base_url="http://127.0.0.1") as web:
        for path in ("/review/", "/review/taught", "/review/groups", "/review/class?label=cat", "/review/history"):
            page = web.get(path)
            assert page.status_code == 200
            assert '<a href="/review/" aria-current="page">Review</a>' in page.text
            own = [link for link in re.findall(r'(?:href|src)="([^"]+)"', page.text) if not link.startswith("/static/")]
            assert {link for link in own if link.startswith("/")} == {"/", "/review/"}
        ids = cards(web.get("/review/taught").text)
        assert web.post("/review/decide", json={"verdict": "keep", "ids": ids}).json()["left"]["taught"] == 0
        assert web.post("/review/decide", json={"verdict": "keep", "ids": ["x"]}).status_code == 422
