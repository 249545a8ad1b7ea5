"""Pictures seen in the order of their names: fetched, decoded, refused, ever so many, and given up at any time."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import pytest

from curate.sights import eyes
from imgtool.pipeline.ahead import Ahead
from imgtool.pipeline.seeing import seen
from imgtool.records import Reason, Refusal
from scraper.limits import Limits
from tests.painted import encoded, scene
from tests.street import Said, Street

HERE = Limits(allow_private=True, retries=0)
EYES = eyes(16, workers=1)


@pytest.fixture
def street() -> Iterator[Street]:
    with Street() as street:
        yield street


def shown(what: object, limits: Limits = HERE) -> list[tuple[str, Reason | None]]:
    """Each name, and why it was refused."""
    with TemporaryDirectory() as room:
        found = list(seen(what, EYES, limits, Path(room), Event()))  # type: ignore[arg-type]
    return [(one.pick.name, one.sight.reason if isinstance(one.sight, Refusal) else None) for one in found]


def test_files_and_addresses_come_in_the_order_of_their_names(street: Street, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(encoded(scene()))
    street.said["/page.jpg"] = Said(b"<!doctype html>", headers={"Content-Type": "text/html"})
    file, fine = str(tmp_path / "a.png"), street.picture(1)
    gone, page, missing = street.url("/gone.jpg"), street.url("/page.jpg"), str(tmp_path / "no.jpg")

    told = shown([fine, file, gone, missing, page, file])

    assert told == [
        (fine, None),
        (file, None),
        (gone, Reason.GONE),
        (missing, Reason.GONE),
        (page, Reason.NOT_IMAGE),
        (file, None),
    ]


def test_addresses_are_vetted_as_in_every_scrape(street: Street) -> None:
    street.said["/robots.txt"] = Said(b"User-agent: *\nDisallow: /private/")
    asked = [street.picture(1), "http://169.254.169.254/x.jpg", "http://10.0.0.1:22/x.jpg"]

    assert shown(asked, Limits(retries=0)) == [
        (asked[0], Reason.BLOCKED_ADDRESS),
        (asked[1], Reason.BLOCKED_ADDRESS),
        (asked[2], Reason.BLOCKED_PORT),
    ]
    assert shown(street.url("/private/1.jpg")) == [(street.url("/private/1.jpg"), Reason.ROBOTS)]
    assert not any("/p" in path for path in street.log)


def test_a_picture_written_out_in_its_address_is_seen() -> None:
    import base64

    url = "data:image/png;base64," + base64.b64encode(encoded(scene(8, 8))).decode()

    assert [reason for _, reason in shown(url)] == [None]


def test_what_was_fetched_stays_until_it_is_no_longer_needed(street: Street, tmp_path: Path) -> None:
    found = list(seen([street.picture(n) for n in range(3)], EYES, HERE, tmp_path, Event()))

    assert [os.path.exists(one.path) for one in found] == [True] * 3
    assert {Path(one.path).parent for one in found} == {tmp_path}

    for one in found:
        one.forget()
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_the_persons_own_is_never_deleted(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(encoded(scene()))

    (one,) = seen(tmp_path, EYES, HERE, tmp_path, Event())
    one.forget()

    assert (tmp_path / "a.png").exists()


def test_more_pictures_than_may_be_under_way_all_come(tmp_path: Path) -> None:
    for n in range(150):
        (tmp_path / f"{n:03}.png").write_bytes(encoded(scene(40, 40, n)) if n % 50 else b"broken")

    told = shown(tmp_path)

    assert [name for name, _ in told] == [str(tmp_path / f"{n:03}.png") for n in range(150)]
    assert [n for n, (_, reason) in enumerate(told) if reason] == [0, 50, 100]


def test_giving_up_leaves_no_worker_behind(tmp_path: Path) -> None:
    for n in range(100):
        (tmp_path / f"{n}.png").write_bytes(encoded(scene(40, 40, n)))
    before = threading.active_count()

    leave = Event()
    with Ahead(seen(tmp_path, EYES, HERE, tmp_path, leave), 8, leave) as ahead:
        assert len(ahead.take(4, 5.0)) == 4

    time.sleep(0.3)  # the thread of the names ends on its own
    assert threading.active_count() <= before


def test_what_breaks_behind_is_raised_in_front() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise OSError(28, "No space left on device")

    with Ahead(broken(), 4, Event()) as ahead:
        assert ahead.take(4, 5.0) == [1]
        assert not ahead.ended, "or nobody would ask, and hear of it"
        with pytest.raises(OSError, match="No space"):
            ahead.take(4, 5.0)


def test_no_more_is_made_than_may_wait() -> None:
    made = []

    def numbers() -> Iterator[int]:
        for n in range(100):
            made.append(n)
            yield n

    with Ahead(numbers(), 5, Event()) as ahead:
        assert ahead.take(3, 5.0) == [0, 1, 2]
        time.sleep(0.1)
        assert len(made) <= 9


def test_a_few_are_taken_when_no_more_come_in_time() -> None:
    bell = threading.Event()

    def slow() -> Iterator[int]:
        yield 1
        bell.wait(10)
        yield 2

    with Ahead(slow(), 5, Event()) as ahead:
        assert ahead.take(5, 0.2) == [1]
        assert not ahead.ended
        bell.set()
        assert ahead.take(5, 5.0) == [2]
        assert ahead.take(5, 5.0) == []
        assert ahead.ended
