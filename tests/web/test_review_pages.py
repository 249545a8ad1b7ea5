"""The review as a browser's requests see it: pages, decisions, undo, hostile names, and twenty thousand pictures."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from imgtool.dataset import Dataset, Keep, Shelf
from imgtool.dataset.rows import PICTURE, picture_row
from tests.desk import Review, running
from tests.made import arrival, picture, ref, tree
from tests.painted import encoded, scene

HOSTILE = "<script>alert(1)</script>\"'&\x1b]8;;http://evil\x07\n{{ 7*7 }}"


def files() -> dict[str, bytes]:
    drawn = {f"cat/{n}.jpg": encoded(scene(seed=n), "JPEG") for n in range(1, 5)}
    return drawn | {
        "cat/1-copy.jpg": encoded(scene(120, 90, seed=1), "JPEG"),
        "cat/dark.png": encoded(scene(seed=7) // 8),
        "dog/2.jpg": drawn["cat/2.jpg"],
        "dog/9.jpg": encoded(scene(seed=9), "JPEG"),
    }


@pytest.fixture
def review(tmp_path: Path) -> Iterator[Review]:
    with running(tmp_path / "data", files()) as running_one:
        yield running_one


def cards(page: str) -> list[str]:
    return re.findall(r'data-id="([^"]+)"', page)


def test_the_overview_counts_what_there_is_and_what_is_to_be_looked_at(review: Review) -> None:
    page = review.get("/").text
    assert re.findall(r'<b data-left="(\w+)">(\d+)</b>', page) == [
        ("groups", "1"),
        ("conflicts", "1"),
        ("findings", "1"),
    ]
    assert '<td class="number">6</td>' in page
    assert '<td class="number">2</td>' in page


def test_a_group_shows_the_keeper_first_and_why(review: Review) -> None:
    page = review.get("/groups").text
    assert "the first stays: most pixels" in page
    assert "98.7 % alike" in page
    first, second = cards(page)
    named = {item.id: item.path for item in review.desk.shelf.named([first, second])}
    assert list(named.values()) == ["cat/1.jpg", "cat/1-copy.jpg"]


def test_a_conflict_shows_both_classes(review: Review) -> None:
    page = review.get("/conflicts").text
    assert "<b>cat</b>" in page
    assert "<b>dog</b>" in page
    assert len(cards(page)) == 2


def test_dropping_is_at_once_and_undo_brings_it_back(review: Review) -> None:
    before = tree(review.desk.dataset.root)
    twin = cards(review.get("/groups").text)[1]

    told = review.post("/decide", {"verdict": "drop", "ids": [twin]}).json()

    assert told["said"] == "1 picture dropped."
    assert told["left"]["groups"] == 0
    assert "cat/1-copy.jpg" not in tree(review.desk.dataset.root)
    assert "Nothing left" in review.get("/groups").text
    assert review.post("/undo", {}).json()["ids"] == [twin]
    assert tree(review.desk.dataset.root) == before


def test_moving_takes_the_file_to_the_other_class(review: Review) -> None:
    one = review.ids("cat")[0]
    told = review.post("/decide", {"verdict": "move", "ids": [one], "target": "dog"}).json()
    assert told["said"] == "1 picture moved to dog."
    assert review.ids("dog").count(one) == 1
    assert review.post("/decide", {"verdict": "move", "ids": [one], "target": "wolf"}).status_code == 422


def test_what_is_kept_is_no_longer_suspicious(review: Review) -> None:
    suspect = cards(review.get("/findings?check=dark").text)
    review.post("/decide", {"verdict": "keep", "ids": suspect})
    assert cards(review.get("/findings").text) == []
    assert 'data-mark="kept"' in review.get("/class?label=cat").text


def test_all_twins_or_all_of_a_finding_go_with_one_word(review: Review) -> None:
    assert (
        review.post("/decide", {"verdict": "drop", "list": "groups", "expected": 1}).json()["said"]
        == "1 picture dropped."
    )
    dark = {"verdict": "drop", "list": "findings", "check": "dark"}
    assert review.post("/decide", dark | {"expected": 2}).status_code == 409
    assert review.post("/decide", dark | {"expected": 1}).status_code == 200
    assert set(tree(review.desk.dataset.root)) == set(files()) - {"cat/1-copy.jpg", "cat/dark.png"}


def test_the_history_tells_and_takes_back_any_change(review: Review) -> None:
    for picked in review.ids("cat")[:2]:
        review.post("/decide", {"verdict": "drop", "ids": [picked]})
    page = review.get("/history").text
    assert re.findall(r'data-undo="(\d+)"', page) == ["2", "1"]

    review.post("/undo", {"change": 1})

    assert "undone by 3" in review.get("/history").text
    assert review.post("/undo", {"change": 1}).status_code == 422
    assert review.post("/undo", {"change": 77}).status_code == 422


def test_while_a_scrape_writes_pages_show_and_decisions_are_told_who_writes(review: Review) -> None:
    one = review.ids("cat")[0]
    with Dataset.open(review.desk.dataset.root) as scrape, scrape.writing():
        assert review.get("/class?label=cat").status_code == 200
        refused = review.post("/decide", {"verdict": "drop", "ids": [one]})
        assert review.post("/look", {}).json()["busy"]
        assert "decisions wait" in review.get("/").text
    assert refused.status_code == 409
    assert f"process {os.getpid()}" in refused.json()["error"]
    assert review.post("/decide", {"verdict": "drop", "ids": [one]}).status_code == 200


def test_what_a_scrape_adds_meanwhile_is_there_after_another_look(review: Review) -> None:
    (review.desk.dataset.root / "dog" / "new.jpg").write_bytes(encoded(scene(seed=50), "JPEG"))
    assert len(cards(review.get("/class?label=dog").text)) == 2
    review.post("/look", {})
    assert len(cards(review.get("/class?label=dog").text)) == 3


def test_a_thumbnail_is_drawn_once_and_kept(review: Review) -> None:
    item = review.desk.shelf.page("cat", 0, 1)[0]
    first = review.get(f"/thumb/{item.sha256}")
    (review.desk.dataset.root / item.path).unlink()
    again = review.get(f"/thumb/{item.sha256}")

    assert first.headers["content-type"] == "image/jpeg"
    assert "immutable" in first.headers["cache-control"]
    assert first.content == again.content
    assert review.get(f"/view/{item.sha256}").status_code == 404


def test_a_browser_never_gets_a_file_as_it_came(review: Review) -> None:
    polyglot = encoded(scene(seed=60), "JPEG") + b"<script>alert(1)</script>"
    (review.desk.dataset.root / "dog" / "both.jpg").write_bytes(polyglot)
    review.post("/look", {})
    for item in review.desk.shelf.page("dog", 0, 10):
        for kind in ("thumb", "view"):
            body = review.get(f"/{kind}/{item.sha256}").content
            assert body.startswith(b"\xff\xd8\xff")
            assert b"<script" not in body


def test_a_file_that_became_something_else_is_not_served(review: Review, tmp_path: Path) -> None:
    item = review.desk.shelf.page("cat", 0, 1)[0]
    place = review.desk.dataset.root / item.path
    place.unlink()
    place.symlink_to("/etc/passwd")
    assert review.get(f"/thumb/{item.sha256}").status_code == 404
    place.unlink()
    place.write_text("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")
    assert review.get(f"/view/{item.sha256}").status_code == 404


def test_a_class_folder_that_becomes_a_link_leads_nowhere(review: Review, tmp_path: Path) -> None:
    item = review.desk.shelf.page("cat", 0, 1)[0]
    root = review.desk.dataset.root
    (root / "cat").rename(tmp_path / "elsewhere")
    (root / "cat").symlink_to(tmp_path / "elsewhere")
    assert review.get(f"/view/{item.sha256}").status_code == 404


def test_labels_titles_and_addresses_are_text_and_nothing_else(tmp_path: Path) -> None:
    with Dataset.open(tmp_path / "data", create=True) as dataset:
        dataset.folder(HOSTILE)
        at = ref("javascript:alert(1)", HOSTILE, title=HOSTILE, creator=HOSTILE, page_url="http://ok.example/?<b>")
        dataset.commit([Keep(arrival(dataset, b"x", at))])
    with running(tmp_path / "data", {"<img src=x onerror=alert(1)>/1.jpg": encoded(scene(), "JPEG")}) as review:
        label = next(name for name in review.desk.dataset.classes() if "script" in name)
        pages = ["/", "/groups", "/findings", "/history"]
        texts = [review.get(path).text for path in pages]
        texts += [review.get("/class", params={"label": name}).text for name in review.desk.dataset.classes()]
        texts += [review.get(f"/facts/{picked}").text for picked in review.ids(label)]
        review.post("/decide", {"verdict": "move", "ids": review.ids(label), "target": "<img src=x onerror=alert(1)>"})
    for text in texts:
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert 'href="javascript:' not in text
    assert any("{{ 7*7 }}" in text for text in texts), "no template is made of foreign text"


def stocked(root: Path, many: int) -> None:
    """So many rows of one class, without files."""
    with Dataset.open(root, create=True) as dataset:
        dataset.folder("cat")
        rows = (
            picture_row(f"cat/{n:06d}.jpg", "cat", "kept", picture(str(n).encode()), 1, "found") for n in range(many)
        )
        with dataset._transaction():
            dataset._db.executemany(PICTURE, rows)


def test_a_page_of_twenty_thousand_pictures_is_no_larger_than_one_of_a_thousand(tmp_path: Path) -> None:
    stocked(tmp_path / "data", 20_000)
    with Dataset.open(tmp_path / "data") as dataset, Shelf.open(dataset.root) as shelf:
        plan = shelf._ask(
            "EXPLAIN QUERY PLAN SELECT * FROM picture"
            " WHERE state = 'kept' AND label = 'cat' ORDER BY path LIMIT 9 OFFSET 9"
        )
        assert [row["detail"] for row in plan] == ["SEARCH picture USING INDEX picture_shelf (state=? AND label=?)"], (
            "no scan, no sort: a page costs its hundred pictures"
        )
        assert [item.path for item in shelf.page("cat", 19_990, 100)] == [
            f"cat/{n:06d}.jpg" for n in range(19_990, 20_000)
        ]


def test_every_picture_of_a_large_class_is_on_exactly_one_page(tmp_path: Path) -> None:
    stocked(tmp_path / "data", 250)
    with running(tmp_path / "other", {"cat/1.jpg": encoded(scene(), "JPEG")}) as review:
        stocked(tmp_path / "other", 249)
        assert review.get("/class?label=cat").text.count('role="option"') == 100
        seen: list[str] = []
        path = "?label=cat"
        while path:
            page = review.get("/class" + path).text
            seen += cards(page)
            following = re.search(r'<a rel="next" href="([^"]+)"', page)
            path = html.unescape(following[1]) if following else ""
        assert len(seen) == len(set(seen)) == 250
