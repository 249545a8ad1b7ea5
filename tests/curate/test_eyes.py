"""Bytes seen by a pool from an event loop: each at the size it is wanted, no decoder's fault anybody else's."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from curate import memo as memos
from curate.memo import memo
from curate.sights import Eyes, Sight
from imgtool.errors import ImgtoolError
from imgtool.records import Reason, Refusal
from tests.painted import encoded, gif_of, oriented, png_of, scene

PLAIN = encoded(scene(90, 60))


def told(test: Callable[[Eyes], Awaitable[Any]]) -> Any:
    async def main() -> Any:
        async with Eyes(workers=1) as eyes:
            return await asyncio.wait_for(test(eyes), 60)

    return asyncio.run(main())


async def shapes(eyes: Eyes) -> list[Any]:
    wanted = [(32, "stretch"), (48, "pad"), (24, "crop"), (30, "whole"), (512, "whole")]
    sights = await asyncio.gather(*(eyes.seen(PLAIN, side, fit) for side, fit in wanted))
    return [sight.pixels.shape for sight in sights if isinstance(sight, Sight)]


def test_one_pool_sees_for_everybody() -> None:
    assert told(shapes) == [(32, 32, 3), (48, 48, 3), (24, 24, 3), (20, 30, 3), (60, 90, 3)]


def test_pictures_are_turned_upright() -> None:
    sight = told(lambda eyes: eyes.seen(encoded(scene(90, 60), "JPEG", exif=oriented(6)), 90, "whole"))
    assert sight.pixels.shape == (90, 60, 3)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.NOT_IMAGE),
        (b"<svg>", Reason.UNSUPPORTED),
        (PLAIN[:-300], Reason.TRUNCATED),
        (png_of(100_000, 100_000), Reason.TOO_MANY_PIXELS),
        (gif_of(300), Reason.TOO_MANY_FRAMES),
    ],
)
def test_what_is_no_picture_is_a_reason(data: bytes, reason: Reason) -> None:
    assert told(lambda eyes: eyes.seen(data, 32, "stretch")).reason is reason


def test_a_picture_that_kills_its_decoder_costs_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    async def killed(eyes: Eyes) -> list[Any]:
        first = asyncio.create_task(eyes.seen(PLAIN, 32, "stretch"))
        await first
        (worker,) = eyes._team.workers
        later = [asyncio.create_task(eyes.seen(PLAIN, 32, "stretch")) for _ in range(8)]
        await asyncio.sleep(0)
        worker.process.kill()
        return [type(sight) for sight in await asyncio.gather(*later)]

    kinds = told(killed)
    assert kinds.count(Refusal) <= 1
    assert kinds.count(Sight) >= 7


def test_whoever_stops_waiting_takes_the_order_back() -> None:
    async def left(eyes: Eyes) -> tuple[int, int]:
        tasks = [asyncio.create_task(eyes.seen(PLAIN, 32, "stretch")) for _ in range(50)]
        await asyncio.sleep(0)
        for task in tasks[10:]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return len(eyes._team._backlog), len(eyes._waiting)

    assert told(left) == (0, 0)


def test_workers_that_do_not_start_are_said_to_whoever_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curate.team.sys.executable", "/bin/false")
    with pytest.raises(ImgtoolError, match="does not start"):
        told(lambda eyes: eyes.seen(PLAIN, 32, "stretch"))


@pytest.mark.parametrize("way", ["_kept", "_filed"])
def test_bytes_can_be_read_by_a_path_until_it_is_left(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if way == "_filed":
        monkeypatch.delattr(os, "memfd_create", raising=False)
    elif not hasattr(os, "memfd_create") or not os.path.isdir(memos.OWN):
        pytest.skip("this system has no memory files")
    data = bytes(range(256)) * 10_000
    before = len(os.listdir(memos.OWN))
    with memo(data) as path:
        assert Path(path).read_bytes() == data
        assert path.startswith("/proc/") is (way == "_kept")
    assert not os.path.exists(path)
    assert len(os.listdir(memos.OWN)) == before
