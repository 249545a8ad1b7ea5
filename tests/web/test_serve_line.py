"""The line before a model: what waits is judged together; too much is refused; who leaves frees a place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import pytest

from imgtool.errors import StorageError
from imgtool.web.serve import line as line_module
from imgtool.web.serve.line import BATCH, COMPANY, PLACES, Full, Line
from tests.hall import BLUE, GREEN, LABELS, RED, Colours, colours


@asynccontextmanager
async def serving(judge: Colours) -> AsyncIterator[Line]:
    line = Line(colours(judge=judge))
    task = asyncio.create_task(line.serve())
    await line.looked.wait()
    judge.batches.clear()
    judge.begun.clear()
    try:
        yield line
    finally:
        task.cancel()
        line.close()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch waits for its company as long as a test may take."""
    monkeypatch.setattr(line_module, "COMPANY", 10.0)


async def begun(judge: Colours) -> None:
    """Wait until a batch is being judged."""
    assert await asyncio.to_thread(judge.begun.wait, 20)


def told(test: Callable[[Line, Colours], Awaitable[Any]], **how: Any) -> Any:
    """What a test says of a line of its own."""

    async def main() -> Any:
        judge = Colours()
        async with serving(judge) as line:
            for name, value in how.items():
                setattr(judge, name, value)
            return await asyncio.wait_for(test(line, judge), 20)

    return asyncio.run(main())


def shown(colour: tuple[int, int, int] = RED) -> Any:
    return np.full((24, 24, 3), colour, np.uint8)


async def ask(line: Line, colour: tuple[int, int, int] = RED, top: int = 5, decoding: float = 0.0) -> Any:
    """As the hall does: a place first, then a moment in which the picture is decoded."""
    with line.places(1):
        await asyncio.sleep(decoding)
        return await line.judged(shown(colour), top)


@pytest.mark.usefixtures("patient")
def test_whoever_comes_alone_does_not_wait_for_company() -> None:
    async def test(line: Line, judge: Colours) -> float:
        started = asyncio.get_running_loop().time()
        for _ in range(10):
            await ask(line)
        return asyncio.get_running_loop().time() - started

    assert told(test) < 10


@pytest.mark.usefixtures("patient")
def test_those_who_come_together_are_judged_together() -> None:
    async def test(line: Line, judge: Colours) -> list[int]:
        await asyncio.gather(*(ask(line, decoding=0.001 * n) for n in range(8)))
        return judge.batches

    assert told(test) == [8]


def test_what_comes_while_a_batch_is_judged_is_the_next_one_and_no_batch_is_larger_than_agreed() -> None:
    async def test(line: Line, judge: Colours) -> list[int]:
        judge.gate.clear()
        first = asyncio.create_task(ask(line))
        await begun(judge)
        others = [asyncio.create_task(ask(line)) for _ in range(BATCH + 8)]
        await asyncio.sleep(0.01)
        judge.gate.set()
        await asyncio.gather(first, *others)
        return judge.batches

    assert told(test) == [1, BATCH, 8]


def test_each_gets_its_own_answer_and_as_many_names_as_it_asked_for() -> None:
    async def test(line: Line, judge: Colours) -> list[Any]:
        wishes = [(RED, 1), (GREEN, 3), (BLUE, 2)] * 5
        return [(said.label, len(said.ranked)) for said in await asyncio.gather(*(ask(line, *one) for one in wishes))]

    assert told(test) == [(LABELS[0], 1), (LABELS[1], 3), (LABELS[2], 2)] * 5


def test_a_failure_is_told_to_those_of_its_batch_alone() -> None:
    async def test(line: Line, judge: Colours) -> list[Any]:
        judge.fails = StorageError("damaged")
        lost = await asyncio.gather(ask(line), ask(line), return_exceptions=True)
        judge.fails = None
        return [*map(type, lost), (await ask(line)).label]

    assert told(test) == [StorageError, StorageError, "red"]


@pytest.mark.parametrize("fault", [StorageError("damaged"), ValueError("a bug")])
def test_what_is_wrong_from_the_start_is_known_at_once(fault: Exception, caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> str:
        judge = Colours()
        judge.fails = fault
        async with serving(judge) as line:
            return line.fault

    assert asyncio.run(main()) == str(fault)
    assert caplog.messages == [f"colours cannot be asked: {fault}"]


def test_a_full_line_says_when_to_come_again() -> None:
    async def test(line: Line, judge: Colours) -> tuple[int, int]:
        judge.gate.clear()
        line.pace = 0.05
        waiting = [asyncio.create_task(ask(line)) for _ in range(PLACES)]
        await begun(judge)
        with pytest.raises(Full) as full:
            await ask(line)
        judge.gate.set()
        await asyncio.gather(*waiting)
        return full.value.after, line.inside

    assert told(test) == (13, 0)  # 256 × 0.05 s


def test_the_pace_is_what_whoever_waits_feels() -> None:
    async def test(line: Line, judge: Colours) -> float:
        await asyncio.gather(*(ask(line) for _ in range(40)))
        return line.pace

    assert 0.2 / 40 < told(test, wait=0.1) < 1


def test_whoever_leaves_frees_a_place_and_costs_nothing() -> None:
    async def test(line: Line, judge: Colours) -> tuple[list[int], int]:
        judge.gate.clear()
        first = asyncio.create_task(ask(line))
        await begun(judge)
        others = [asyncio.create_task(ask(line)) for _ in range(20)]
        await asyncio.sleep(0.01)
        for each in others[:15]:
            each.cancel()
        await asyncio.sleep(0.01)
        judge.gate.set()
        await asyncio.gather(first, *others, return_exceptions=True)
        return judge.batches, line.inside

    assert told(test) == ([1, 5], 0)


def test_whoever_leaves_while_being_judged_disturbs_nobody() -> None:
    async def test(line: Line, judge: Colours) -> list[Any]:
        judge.gate.clear()
        pair = [asyncio.create_task(ask(line)) for _ in range(2)]
        await begun(judge)
        pair[0].cancel()
        await asyncio.sleep(0.01)
        judge.gate.set()
        done = await asyncio.gather(*pair, return_exceptions=True)
        return [type(done[0]), getattr(done[1], "label", ""), (await ask(line, GREEN)).label]

    assert told(test) == [asyncio.CancelledError, "red", LABELS[1]]


def test_a_place_that_is_never_taken_does_not_hold_the_others_up() -> None:
    async def test(line: Line, judge: Colours) -> float:
        with line.places(1):  # its picture takes for ever
            started = asyncio.get_running_loop().time()
            await ask(line)
            return asyncio.get_running_loop().time() - started

    assert COMPANY <= told(test) < 5
