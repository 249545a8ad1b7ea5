"""The crew: bounded, fair, fed as it is emptied, and gone when it is called off."""

from __future__ import annotations

import asyncio
import gc
import time
import tracemalloc
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import aclosing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from imgtool.records import Fetched, ImageRef, Skipped
from scraper.crew import Crew
from scraper.fetch import Fetcher
from scraper.limits import Limits
from scraper.transport import AiohttpTransport
from tests.hostile import JPEG, QUICK, answer, hostile, in_turn, silence

FREE = Limits(concurrency=8, per_host=4, starts_per_second=1e9)
Work = Callable[[str], Coroutine[Any, Any, str]]


async def each(jobs: Iterable[str], pulled: list[str] | None = None) -> AsyncIterator[str]:
    for job in jobs:
        if pulled is not None:
            pulled.append(job)
        yield job


def host(job: str) -> str:
    return job.partition("/")[0]


async def echo(job: str) -> str:
    await asyncio.sleep(0)
    return job


def worked(crew: Crew, jobs: AsyncIterator[str], work: Work) -> Awaitable[list[str]]:
    async def run() -> list[str]:
        return [result async for result in crew.run(jobs, work, host)]

    return run()


def test_every_job_has_its_result() -> None:
    async def run() -> list[str]:
        return await worked(Crew(FREE), each(f"h{n % 7}/{n}" for n in range(500)), echo)

    assert sorted(asyncio.run(run())) == sorted(f"h{n % 7}/{n}" for n in range(500))


def test_no_jobs_no_results() -> None:
    async def run() -> list[str]:
        return await worked(Crew(FREE), each([]), echo)

    assert asyncio.run(run()) == []


def test_never_more_at_once_than_allowed() -> None:
    active: Counter[str] = Counter()
    most: Counter[str] = Counter()

    async def work(job: str) -> str:
        for name in (host(job), "all"):
            active[name] += 1
            most[name] = max(most[name], active[name])
        await asyncio.sleep(0.001)
        active[host(job)] -= 1
        active["all"] -= 1
        return job

    async def run() -> None:
        await worked(Crew(FREE), each(f"h{n % 5}/{n}" for n in range(200)), work)

    asyncio.run(run())
    assert most["all"] == 8
    assert max(most[f"h{n}"] for n in range(5)) <= 4


def test_a_host_is_asked_so_often_a_second_and_no_more() -> None:
    starts: list[float] = []

    async def work(job: str) -> str:
        starts.append(time.monotonic())
        return job

    async def run() -> None:
        await worked(Crew(replace(FREE, starts_per_second=50)), each(f"h/{n}" for n in range(11)), work)

    asyncio.run(run())
    assert starts[-1] - starts[0] >= 0.2 - 0.01


def test_ones_own_server_is_not_slowed() -> None:
    async def run() -> float:
        started = time.monotonic()
        crew = Crew(replace(FREE, starts_per_second=1, allow_private=True))
        await worked(crew, each(f"127.0.0.1:8000/{n}" for n in range(100)), echo)
        return time.monotonic() - started

    assert asyncio.run(run()) < 1


def test_a_slow_host_does_not_hold_up_the_others() -> None:
    async def work(job: str) -> str:
        await asyncio.sleep(10 if host(job) == "slow" else 0)
        return job

    async def run() -> list[str]:
        jobs = each([*(f"slow/{n}" for n in range(20)), *(f"h{n}/x" for n in range(40))])
        got: list[str] = []
        async with aclosing(Crew(FREE).run(jobs, work, host)) as results:
            async for result in results:
                got.append(result)
                if len(got) == 40:
                    return got
        return got

    started = time.monotonic()
    assert all(job.startswith("h") for job in asyncio.run(run()))
    assert time.monotonic() - started < 2


def test_who_waits_long_for_a_host_lends_its_seat() -> None:
    async def work(job: str) -> str:
        await asyncio.sleep(60 if job.startswith("dead") else 0.01)
        return job

    async def run() -> list[str]:
        crew = Crew(replace(FREE, concurrency=4))
        jobs = each([*(f"dead{n}/x" for n in range(6)), *(f"h{n}/x" for n in range(20))])
        got: list[str] = []
        async with aclosing(crew.run(jobs, work, host)) as results:
            async for result in results:
                got.append(result)
                if len(got) == 20:
                    break
        assert await worked(crew, each(f"h{n}/y" for n in range(9)), echo)
        return got

    assert all(job.startswith("h") for job in asyncio.run(run()))


@pytest.mark.slow
def test_no_more_seats_are_lent_than_there_are() -> None:
    active = 0
    most = 0

    async def work(job: str) -> str:
        nonlocal active, most
        active += 1
        most = max(most, active)
        await asyncio.sleep(5)
        active -= 1
        return job

    async def run() -> None:
        await worked(Crew(replace(FREE, concurrency=3)), each(f"h{n}/x" for n in range(6)), work)

    asyncio.run(run())
    assert most == 6


def test_jobs_are_pulled_as_results_are_taken() -> None:
    async def run() -> list[int]:
        pulled: list[str] = []
        depths = []
        async with aclosing(Crew(FREE).run(each((f"h{n}/x" for n in range(1000)), pulled), echo, host)) as results:
            async for _ in results:
                await asyncio.sleep(0.002)
                depths.append(len(pulled))
                if len(depths) == 50:
                    break
        return depths

    depths = asyncio.run(run())
    assert all(depth <= taken + 2 * FREE.concurrency + 2 for taken, depth in enumerate(depths))


def test_called_off_everything_ends_and_is_awaited() -> None:
    ended: list[str] = []

    async def work(job: str) -> str:
        try:
            await asyncio.sleep(60 if job != "h0/0" else 0)
        finally:
            await asyncio.sleep(0.01)
            ended.append(job)
        return job

    async def run() -> int:
        crew = Crew(FREE)
        jobs = each(f"h{n}/{n}" for n in range(100))
        async with aclosing(crew.run(jobs, work, host)) as results:
            async for _ in results:
                break
        assert len(ended) >= 8  # the ninth may not have begun
        assert await worked(crew, each(["h/again"]), echo) == ["h/again"]  # every seat and turn is back
        return len(asyncio.all_tasks())

    assert asyncio.run(run()) == 1


def test_cancelling_the_reader_cancels_the_work() -> None:
    async def run() -> int:
        crew = Crew(FREE)

        async def work(job: str) -> str:
            await asyncio.sleep(60)
            return job

        reader = asyncio.ensure_future(worked(crew, each(f"h/{n}" for n in range(9)), work))
        await asyncio.sleep(0.05)
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader
        await asyncio.sleep(0.01)
        return len(asyncio.all_tasks())

    assert asyncio.run(run()) == 1


@pytest.mark.parametrize("broken", ["work", "jobs"])
def test_what_breaks_is_raised_to_the_reader(broken: str) -> None:
    async def jobs() -> AsyncIterator[str]:
        yield "h/1"
        if broken == "jobs":
            raise OSError("no more")
        yield "h/2"

    async def work(job: str) -> str:
        if broken == "work":
            raise OSError("disk full")
        return job

    async def run() -> None:
        await worked(Crew(FREE), jobs(), work)

    with pytest.raises(OSError, match="disk full" if broken == "work" else "no more"):
        asyncio.run(run())


def test_a_job_that_waits_gives_its_seat_away() -> None:
    async def run() -> list[str]:
        crew = Crew(replace(FREE, concurrency=1))

        async def work(job: str) -> str:
            if job == "a/waits":
                await crew.again(0.1)
            return job

        return await worked(crew, each(["a/waits", "b/1", "b/2", "a/3"]), work)

    assert asyncio.run(run()) == ["b/1", "a/3", "b/2", "a/waits"]


def test_a_host_that_rests_lets_others_go_first() -> None:
    async def run() -> list[str]:
        crew = Crew(replace(FREE, concurrency=1))

        async def work(job: str) -> str:
            if job == "a/1":
                crew.rest(0.1)
            return job

        return await worked(crew, each(["a/1", "a/2", "b/1"]), work)

    assert asyncio.run(run()) == ["a/1", "b/1", "a/2"]


def test_a_host_that_asks_for_more_time_gets_it_from_those_already_begun() -> None:
    asked: list[float] = []

    async def run() -> None:
        crew = Crew(FREE)

        async def work(job: str) -> str:
            await asyncio.sleep(0.01)  # robots.txt arrives
            await crew.slow(0.25)
            asked.append(time.monotonic())
            return job

        await worked(crew, each(f"a/{n}" for n in range(6)), work)

    asyncio.run(run())
    gaps = [later - earlier for earlier, later in pairwise(asked)]
    assert len(asked) == 6
    assert min(gaps) >= 0.15


def test_waiting_jobs_are_called_off_too() -> None:
    async def run() -> None:
        crew = Crew(replace(FREE, concurrency=2))

        async def work(job: str) -> str:
            await crew.again(60 if job != "h/0" else 0)
            return job

        async with aclosing(crew.run(each(f"h/{n}" for n in range(6)), work, host)) as results:
            async for _ in results:
                break
        assert sorted(await worked(crew, each(["h/8", "h/9", "i/8"]), echo)) == ["h/8", "h/9", "i/8"]

    asyncio.run(run())


# A host is remembered while it rests after a start: as briefly as can be here, or the machine's speed would be measured
BRISK = Limits(starts_per_second=10_000)


def peak(jobs: int) -> int:
    async def run() -> None:
        seen = 0
        async for _ in Crew(BRISK).run(each(f"h{n}.example/{n}.jpg" for n in range(jobs)), echo, host):
            seen += 1
        assert seen == jobs

    gc.collect()
    tracemalloc.start()
    asyncio.run(run())
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


@pytest.mark.slow
def test_a_hundred_thousand_jobs_need_no_more_memory_than_two_thousand() -> None:
    assert peak(100_000) < 1.2 * peak(2_000)


def test_a_whole_crew_fetches_from_a_moody_server(tmp_path: Path) -> None:
    """5 in 100 gone, some busy at first, some silent: what can be had is had, the rest has its reason."""
    answers: dict[str, Any] = {f"/{n}.jpg": answer(JPEG + bytes([n])) for n in range(100)}
    answers |= {f"/{n}.jpg": in_turn(answer(status="503 Busy"), answer(JPEG)) for n in range(0, 100, 10)}
    answers |= {f"/{n}.jpg": silence for n in (3, 33)}
    for gone in (1, 21, 41, 61, 81):
        del answers[f"/{gone}.jpg"]
    limits = replace(QUICK, retries=1, concurrency=16)

    async def run() -> Counter[str]:
        async with hostile(answers) as server, AiohttpTransport(limits) as transport:
            crew = Crew(limits)
            fetcher = Fetcher(transport, limits, crew)

            async def jobs() -> AsyncIterator[ImageRef]:
                for n in range(100):
                    yield ImageRef(url=server.url(f"/{n}.jpg"), label="cat", engine="urls")

            async def work(ref: ImageRef) -> Fetched | Skipped:
                return await fetcher.fetch(ref, tmp_path / ref.url.rpartition("/")[2])

            results = crew.run(jobs(), work, lambda ref: ref.url.split("/")[2])
            return Counter([one.reason.value if isinstance(one, Skipped) else "kept" async for one in results])

    assert asyncio.run(run()) == {"kept": 93, "gone": 5, "timeout": 2}
    assert len(list(tmp_path.iterdir())) == 93
