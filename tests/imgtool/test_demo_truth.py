"""A scrape of the demo world says of every address what the world's own table says of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import imgtool
from imgtool.demo.kinds import SORT, Kind
from imgtool.demo.routes import Served
from imgtool.demo.world import World
from imgtool.records import Reason
from imgtool.settings import load

TWINS = {
    Reason.DUPLICATE_BYTES,
    Reason.DUPLICATE_PICTURE,
}  # of a picture and its copies the first one stays


@pytest.fixture(scope="module")
def web() -> Iterator[Served]:
    with World(5, stall=0.5).in_thread() as served:
        yield served


def fates(out: Path) -> list[tuple[str, str]]:
    """Address and reason of everything that was decided; no reason = kept."""
    with closing(sqlite3.connect(out / ".imgtool" / "catalog.sqlite")) as db:
        return list(db.execute("SELECT url, coalesce(reason, '') FROM source WHERE state IN ('kept', 'skipped')"))


@pytest.mark.slow
def test_every_address_has_the_fate_that_was_planted(web: Served, tmp_path: Path) -> None:
    settings = load(environ=web.settings, folder=Path("/")).settings
    report = imgtool.scrape("lighthouse", n=380, out=tmp_path, settings=settings, engine=("bing",), browser="never")
    assert report.classes[0].kept == 380
    met: set[Kind] = set()
    for url, reason in fates(tmp_path):
        plant = web.truth[url]
        planted = {reason.value for reason in SORT[plant.kind].reasons}
        copies = {Kind.GOOD, Kind.COPY, Kind.NEAR}
        assert plant.label == "lighthouse", "a proposal that leads away was followed"
        assert reason in (planted or {""}) or (plant.kind in copies and reason in {"", *TWINS}), (plant.kind, reason)
        met.add(plant.kind)
    assert len(met) > 25
