"""robots.txt, circuits and turns."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgtool.records import Fetched, ImageRef, Reason, Skipped
from scraper.addresses import Address, vet
from scraper.breaker import COOLING, REMEMBERED, Breaker
from scraper.crew import Crew
from scraper.fetch import Fetcher
from scraper.robots import LONGEST, Robots, Rules, wishes
from scraper.transport import AiohttpTransport
from scraper.turns import Pace, Turns
from tests.hostile import QUICK, Answer, answer, bare, fetched, hostile, in_turn, silence, to


def robots(text: str | bytes, status: str = "200 OK") -> bytes:
    return answer(text.encode() if isinstance(text, str) else text, "Content-Type: text/plain", status=status)


CLOSED = "User-agent: *\nDisallow: /"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param(robots("", "404 None"), None, id="none"),
        pytest.param(robots(CLOSED, "403 No"), None, id="forbidden: as if there were none"),
        pytest.param(robots(""), None, id="empty"),
        pytest.param(robots(CLOSED), Reason.ROBOTS, id="closed"),
        pytest.param(robots(b"\xef\xbb\xbf" + CLOSED.encode()), Reason.ROBOTS, id="with a byte order mark"),
        pytest.param(robots(CLOSED.replace("\n", "\r\n")), Reason.ROBOTS, id="CRLF"),
        pytest.param(robots("User-agent: imgtool\nDisallow: /a"), Reason.ROBOTS, id="for us"),
        pytest.param(robots(CLOSED + "\n\nUser-agent: imgtool\nAllow: /"), None, id="open for us"),
        pytest.param(robots("User-agent: other\nDisallow: /"), None, id="for others"),
        pytest.param(robots("User-agent: *\nDisallow: /*.gif$"), None, id="for other files"),
        pytest.param(robots("", "500 Oh"), Reason.ROBOTS, id="broken"),
        pytest.param(robots("", "503 Busy"), Reason.ROBOTS, id="busy"),
        pytest.param(robots("", "429 Slow"), Reason.ROBOTS, id="too many requests"),
        pytest.param(silence, Reason.TIMEOUT, id="silent"),
        pytest.param(b"", Reason.NETWORK, id="dropped"),
        pytest.param(to("/elsewhere.txt"), Reason.ROBOTS, id="redirected"),
        pytest.param(to("/robots.txt"), None, id="redirected for ever: as if there were none"),
        pytest.param(to("http://169.254.169.254/"), Reason.BLOCKED_ADDRESS, id="redirected to a forbidden place"),
        pytest.param(robots(b"#" * LONGEST + b"\n" + CLOSED.encode()), None, id="what stands after 500 KiB"),
        pytest.param(
            robots(CLOSED.encode() + b"\n#" + b"x" * 5_000_000), Reason.ROBOTS, id="what stands in front of 5 MB"
        ),
        pytest.param(bare("HTTP/1.1 200 OK", body=b"\xff\xfe\0" * 999), None, id="noise"),
        pytest.param(robots("User-agent: *\nContent-Usage: train-ai=n"), Reason.OPT_OUT, id="AIPREF"),
        pytest.param(robots("User-agent: *\nContent-Usage: /b train-ai=n\nAllow: /"), None, id="AIPREF elsewhere"),
        pytest.param(robots("User-Agent: *\nContent-Signal: search=yes,ai-train=no"), Reason.OPT_OUT, id="a signal"),
    ],
)
def test_robots_txt_is_obeyed(said: Answer, expected: Reason | None, tmp_path: Path) -> None:
    answers = {"/robots.txt": said, "/elsewhere.txt": robots(CLOSED), "/a.jpg": answer()}
    result, server = fetched(answers, sink=tmp_path / "sink")
    assert (result.reason if isinstance(result, Skipped) else None) == expected
    assert ("/a.jpg" in server.paths()) is (expected is None)


def test_robots_txt_can_be_overruled_and_that_is_noted(tmp_path: Path) -> None:
    limits = replace(QUICK, ignore_robots=True)
    result, server = fetched({"/robots.txt": robots(CLOSED), "/a.jpg": answer()}, sink=tmp_path / "s", limits=limits)
    assert isinstance(result, Fetched)
    assert result.notes["robots"] == "ignored"
    assert [visit.path for visit in server.seen] == ["/a.jpg"]


def test_robots_txt_of_the_place_that_a_redirect_leads_to_is_asked(tmp_path: Path) -> None:
    async def run() -> tuple[Fetched | Skipped, list[str]]:
        async with hostile({"/robots.txt": robots(CLOSED), "/b.jpg": answer()}) as other:
            async with hostile({"/a.jpg": to(other.url("/b.jpg"))}) as first, AiohttpTransport(QUICK) as transport:
                ref = ImageRef(url=first.url("/a.jpg"), label="cat", engine="urls")
                result = await Fetcher(transport, QUICK, Crew(QUICK)).fetch(ref, tmp_path / "sink")
            return result, other.paths()

    result, paths = asyncio.run(run())
    assert isinstance(result, Skipped)
    assert result.reason == Reason.ROBOTS
    assert not paths


def address(url: str) -> Address:
    found = vet(url, allow_private=True)
    assert isinstance(found, Address)
    return found


def test_robots_txt_is_asked_once_however_many_wait() -> None:
    async def run() -> int:
        async with hostile({"/robots.txt": robots(CLOSED)}) as server, AiohttpTransport(QUICK) as transport:
            asked = Robots(transport)
            leaves = await asyncio.gather(*(asked.leave(address(server.url(f"/{n}"))) for n in range(50)))
            assert not any(leave.allowed for leave in leaves)
            return len(server.seen)

    assert asyncio.run(run()) == 1


def test_one_who_gives_up_does_not_take_the_answer_from_the_others() -> None:
    async def run() -> bool:
        answers = {"/robots.txt": in_turn(silence, robots(CLOSED))}
        async with hostile(answers) as server, AiohttpTransport(QUICK) as transport:
            asked = Robots(transport)
            first = asyncio.create_task(asked.leave(address(server.url("/1"))))
            await asyncio.sleep(0.05)
            second = asyncio.create_task(asked.leave(address(server.url("/2"))))
            await asyncio.sleep(0.05)
            first.cancel()
            return (await second).allowed

    assert asyncio.run(run()) is False


def test_robots_txt_is_asked_again_after_a_day() -> None:
    async def run() -> list[bool]:
        hours = [0.0]
        answers = {"/robots.txt": in_turn(robots(CLOSED), robots(""))}
        async with hostile(answers) as server, AiohttpTransport(QUICK) as transport:
            asked = Robots(transport, clock=lambda: hours[0] * 3600)
            allowed = []
            for hours[0] in (0.0, 23.9, 24.1):
                allowed.append((await asked.leave(address(server.url("/1")))).allowed)
            return allowed

    assert asyncio.run(run()) == [False, False, True]


@pytest.mark.parametrize(
    ("text", "delay"),
    [("delay: 2", 2), ("delay: 0.5", 0.5), ("delay: 9999", 60), ("delay: x", 0), ("delay: 1\nRequest-rate: 1/10s", 10)],
)
def test_a_crawl_delay_is_read(text: str, delay: float) -> None:
    assert Rules(f"User-agent: *\nCrawl-{text}").leave("http://h/a").delay == delay


def test_preferences_belong_to_a_group_and_to_the_longest_path() -> None:
    lines = ["User-agent: a", "User-agent: imgtool", "Content-Usage: train-ai=n", "Content-Usage: /open* train-ai=y"]
    rules = Rules("\n".join([*lines, "", "User-agent: *"]))
    assert rules.leave("http://h/x").opt_out == "Content-Usage: train-ai=n"
    assert rules.leave("http://h/open/x").opt_out == ""


@given(st.text())
def test_any_robots_txt_is_read(text: str) -> None:
    wishes(text)
    Rules(text).leave("http://h/a/b?c=d")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_circuit_opens_after_failures_in_a_row_and_is_tried_once_after_a_while() -> None:
    clock = Clock()
    breaker = Breaker(3, clock)
    for _ in range(3):
        assert not breaker.open("h")
        breaker.failed("h")
    assert breaker.open("h")
    assert not breaker.open("other")
    clock.now = COOLING + 1
    assert [breaker.open("h"), breaker.open("h")] == [False, True]
    breaker.worked("h")
    assert not breaker.open("h")


def test_a_success_between_failures_keeps_the_circuit_closed() -> None:
    breaker = Breaker(2)
    for _ in range(5):
        breaker.failed("h")
        breaker.worked("h")
    assert not breaker.open("h")


def test_trouble_is_remembered_of_so_many_hosts_only() -> None:
    breaker = Breaker(1)
    for number in range(REMEMBERED + 10):
        breaker.failed(str(number))
    assert not breaker.open("0")
    assert breaker.open(str(REMEMBERED + 9))


def test_a_dead_host_is_left_alone(tmp_path: Path) -> None:
    limits = replace(QUICK, breaker=3, ignore_robots=True)

    async def run() -> tuple[list[Reason], int]:
        async with hostile({"*": answer(status="500 Oh")}) as server, AiohttpTransport(limits) as transport:
            fetcher = Fetcher(transport, limits, Crew(limits))
            refs = [ImageRef(url=server.url(f"/{n}.jpg"), label="cat", engine="urls") for n in range(6)]
            found = [await fetcher.fetch(ref, tmp_path / "sink") for ref in refs]
            return [one.reason for one in found if isinstance(one, Skipped)], len(server.seen)

    reasons, asked = asyncio.run(run())
    assert reasons == [Reason.HTTP_5XX] * 3 + [Reason.HOST_DOWN] * 3
    assert asked == 3


def turns(at_once: int = 2, gap: float = 0.0) -> Turns[int]:
    return Turns(lambda _: Pace(at_once, gap))


def test_hosts_take_turns() -> None:
    waiting = turns(at_once=9)
    for number in range(3):
        waiting.add("a", number, 0.0)
    waiting.add("b", 10, 0.0)
    assert [waiting.take(0.0) for _ in range(5)] == [("a", 0), ("b", 10), ("a", 1), ("a", 2), None]


def test_a_host_gets_no_more_at_once_than_it_may() -> None:
    waiting = turns(at_once=1)
    waiting.add("a", 1, 0.0)
    waiting.add("a", 2, 0.0)
    assert [waiting.take(0.0), waiting.take(0.0)] == [("a", 1), None]
    waiting.done("a", 0.0)
    assert waiting.take(0.0) == ("a", 2)


def test_starts_keep_their_distance() -> None:
    waiting = turns(at_once=9, gap=1.0)
    for number in range(3):
        waiting.add("a", number, 0.0)
    assert [bool(waiting.take(now)) for now in (0.0, 0.5, 1.0, 1.5, 2.0)] == [True, False, True, False, True]


def test_a_host_that_rests_starts_nothing() -> None:
    waiting = turns()
    waiting.add("a", 1, 0.0)
    waiting.rest("a", 5.0)
    assert waiting.take(1.0) is None
    assert waiting.due == 5.0
    assert waiting.take(5.0) == ("a", 1)


def test_hosts_that_are_done_with_are_forgotten() -> None:
    waiting = turns(gap=0.1)
    for number in range(1000):
        waiting.add(str(number), number, float(number))
        assert waiting.take(float(number)) == (str(number), number)
        waiting.done(str(number), number + 0.05)
    assert len(waiting) <= 2


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), max_size=60))
def test_every_item_comes_out_once_and_never_too_many_of_a_host(steps: list[tuple[str, int]]) -> None:
    waiting, active, now, out = turns(at_once=2, gap=0.5), dict.fromkeys("abc", 0), 0.0, []

    def take() -> None:
        while turn := waiting.take(now):
            active[turn[0]] += 1
            assert active[turn[0]] <= 2
            out.append(turn[1])

    for number, (host, pause) in enumerate(steps):
        now += pause
        waiting.add(host, number, now)
        take()
        if active[host]:
            active[host] -= 1
            waiting.done(host, now)
    while waiting.waiting:
        now += 0.5
        for host, count in active.items():
            for _ in range(count):
                waiting.done(host, now)
            active[host] = 0
        take()
    assert sorted(out) == list(range(len(steps)))
