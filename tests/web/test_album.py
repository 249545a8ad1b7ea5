"""The reports of check and dedupe: one file, nothing from elsewhere, hostile names harmless."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import imgtool
from imgtool.errors import StorageError
from imgtool.web import album
from tests.chromium import Scheme, on_a_phone
from tests.drawn import faulty, jpeg, put


class Reader(HTMLParser):
    """What a page asks a browser for, and its tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.wanted: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.wanted += [value or "" for name, value in attrs if name in {"src", "href", "srcset", "action"}]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data = faulty(tmp_path / "data")
    put(data, 'cat/"><script>alert(1)<.jpg', jpeg(0, (200, 150)))
    put(data, "dog/\u202egpj.exe", b"no picture")
    return data


def pages(data: Path) -> list[str]:
    return [album.checked(imgtool.check(data)), album.deduped(imgtool.dedupe(data, dry_run=True))]


def test_a_page_needs_nothing_but_itself(data: Path) -> None:
    for page in pages(data):
        read = Reader(page)
        assert read.wanted
        assert all(want.startswith("data:image/jpeg;base64,") for want in read.wanted)
        assert "script" not in read.tags
        assert "\u202e" not in page
        assert not re.search(r"https?://|url\(|@import", page)


def test_what_the_command_took_out_is_still_shown(data: Path) -> None:
    dry, done = album.deduped(imgtool.dedupe(data, dry_run=True)), album.deduped(imgtool.dedupe(data))
    assert len(Reader(done).wanted) == len(Reader(dry).wanted) == 7


def test_suspects_stand_in_the_order_of_suspicion_and_wrong_names_last(data: Path) -> None:
    put(data, "dog/thin.jpg", jpeg(5, (600, 100)))
    page = album.checked(imgtool.check(data))
    shown = re.findall(r"<figcaption><bdi>(.*?)</bdi>", page)
    assert shown[0] == "cat/blank.png"
    assert shown[-1] == "dog/webp.jpg"


def test_a_page_has_an_end(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(album, "MOST", 2)
    checked, deduped = pages(data)
    assert "that do not fit on one page" in deduped
    assert len(Reader(checked).wanted) <= 2


def test_a_place_that_cannot_be_written_is_told(data: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        album.write(data / "none" / "page.html", "")


@pytest.mark.browser
@pytest.mark.timeout(120)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_shows_it_without_asking_anybody(data: Path, tmp_path: Path, scheme: Scheme) -> None:
    place = tmp_path / "check.html"
    album.write(place, pages(data)[0])
    with on_a_phone(place, scheme) as page:
        every = page.locator(".card:visible").count()
        page.get_by_text("blank 1").click()
        left = page.locator(".card:visible").count()

    assert (every, left) == (2, 1)
