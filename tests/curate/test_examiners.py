"""The pool: quick, in any order, and a decoder's death is one picture's."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from curate import team as teams
from curate.admit import BOUNDS, Bounds, Verdict, examine
from curate.examiners import Examiners, examine_all
from curate.wire import Frames, from_verdict, packed, to_verdict
from imgtool.errors import ImgtoolError
from imgtool.records import Picture, Reason, Refusal
from tests.painted import encoded, scene


@pytest.fixture
def album(tmp_path: Path) -> list[Path]:
    """Twelve pictures and two that are none."""
    for seed in range(12):
        (tmp_path / f"{seed:02}.jpg").write_bytes(encoded(scene(seed=seed), "JPEG"))
    (tmp_path / "page.jpg").write_text("<html>gone</html>")
    (tmp_path / "cut.jpg").write_bytes(encoded(scene(), "JPEG")[:-900])
    return sorted(tmp_path.iterdir())


def alone(album: list[Path], bounds: Bounds = BOUNDS) -> dict[Path, Verdict]:
    return {path: examine(path, bounds) for path in album}


def children() -> list[int]:
    listed = Path(f"/proc/self/task/{os.getpid()}/children")
    return [int(child) for child in listed.read_text().split()]


@pytest.mark.parametrize("workers", [1, 3])
def test_the_pool_says_what_one_process_says(album: list[Path], workers: int) -> None:
    assert dict(examine_all(album, workers)) == alone(album)


def test_bounds_reach_the_workers(album: list[Path]) -> None:
    strict = Bounds(min_size=500)
    verdicts = dict(examine_all(album, 1, strict))
    assert verdicts == alone(album, strict)
    assert {v.reason for v in verdicts.values() if isinstance(v, Refusal)} >= {Reason.TOO_SMALL}


def test_relative_paths_and_odd_names_are_found(album: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(album[0].parent)
    odd = "späte Käse\n\udcff.jpg"
    Path(odd).write_bytes(album[0].read_bytes())
    assert all(isinstance(verdict, Picture) for _, verdict in examine_all(["00.jpg", odd], 1))


def test_from_asyncio_each_call_gets_its_own_verdict(album: list[Path]) -> None:
    async def everything() -> dict[Path, Verdict]:
        async with Examiners(2) as pool:
            return dict(zip(album, await asyncio.gather(*map(pool.examine, album)), strict=True))

    assert asyncio.run(everything()) == alone(album)


def test_paths_are_taken_only_as_workers_get_free(album: list[Path]) -> None:
    taken = 0

    def endless() -> Iterator[Path]:
        nonlocal taken
        while True:
            taken += 1
            yield album[0]

    verdicts = examine_all(endless(), 1)
    for _ in range(5):
        next(verdicts)
    verdicts.close()  # type: ignore[attr-defined]
    assert taken < 5 + 3 * teams.DEPTH


def test_a_worker_killed_costs_at_most_its_picture(album: list[Path]) -> None:
    """Twenty murders over a long list: the answers that are there are right, and none is missing."""
    many = album * 40
    right = alone(album)
    lost, killed, answered = 0, 0, 0
    for path, verdict in examine_all(many, 2):
        answered += 1
        if isinstance(verdict, Refusal) and verdict.reason is Reason.DECODER_CRASH:
            assert "SIGKILL" in verdict.detail
            lost += 1
        else:
            assert verdict == right[path]
        if answered % 25 == 0 and killed < 20:
            os.kill(children()[0], signal.SIGKILL)
            killed += 1
    assert (answered, killed) == (len(many), 20)
    assert lost <= killed
    assert children() == []


def test_a_crash_is_named_by_its_signal_and_the_pool_goes_on(album: list[Path]) -> None:
    async def crash() -> tuple[Verdict, list[Verdict]]:
        async with Examiners(1) as pool:
            await pool.examine(album[0])
            os.kill(children()[0], signal.SIGSTOP)  # so that it dies with the picture in its hands
            victim = asyncio.create_task(pool.examine(album[1]))
            others = [asyncio.create_task(pool.examine(path)) for path in album[2:8]]
            await asyncio.sleep(0.05)
            os.kill(children()[0], signal.SIGSEGV)
            os.kill(children()[0], signal.SIGCONT)
            return await victim, [await task for task in others]

    victim, others = asyncio.run(crash())
    assert victim == Refusal(Reason.DECODER_CRASH, "the decoder ended with SIGSEGV")
    assert others == list(alone(album[2:8]).values())


def test_a_decoder_that_hangs_costs_its_picture_and_its_patience(album: list[Path]) -> None:
    async def hang() -> tuple[Verdict, Verdict, float]:
        async with Examiners(1, patience=0.5) as pool:
            await pool.examine(album[0])
            os.kill(children()[0], signal.SIGSTOP)
            began = time.monotonic()
            first, second = await asyncio.gather(pool.examine(album[1]), pool.examine(album[2]))
            return first, second, time.monotonic() - began

    first, second, seconds = asyncio.run(hang())
    assert first == Refusal(Reason.DECODER_CRASH, "the decoder took too long")
    assert second == examine(album[2])
    assert seconds < 10


def test_a_slow_reader_of_verdicts_makes_no_worker_late(album: list[Path]) -> None:
    verdicts = examine_all(album, 2, patience=0.3)
    seen = dict([next(verdicts)])
    time.sleep(0.7)
    seen |= dict(verdicts)
    assert seen == alone(album)


def test_a_call_given_up_leaves_the_pool_in_order(album: list[Path]) -> None:
    async def cancelled() -> Verdict:
        async with Examiners(1) as pool:
            tasks = [asyncio.create_task(pool.examine(path)) for path in album]
            await asyncio.sleep(0)
            for task in tasks[:-1]:
                task.cancel()
            return await tasks[-1]

    assert asyncio.run(cancelled()) == examine(album[-1])


def test_leaving_ends_the_workers_and_the_calls(album: list[Path]) -> None:
    async def leave() -> asyncio.Task[Verdict]:
        async with Examiners(2) as pool:
            os.kill(children()[0], signal.SIGSTOP)
            os.kill(children()[1], signal.SIGSTOP)
            task = asyncio.create_task(pool.examine(album[0]))
            await asyncio.sleep(0)
        await asyncio.wait([task])
        return task

    assert asyncio.run(leave()).cancelled()
    assert children() == []


@pytest.mark.parametrize("number", [signal.SIGINT])
def test_an_interrupt_is_the_parents_to_answer(album: list[Path], number: signal.Signals) -> None:
    verdicts = examine_all(album, 1)
    next(verdicts)
    os.kill(children()[0], number)
    assert all(getattr(v, "reason", None) is not Reason.DECODER_CRASH for _, v in verdicts)


def test_workers_end_when_their_parent_is_killed(album: list[Path]) -> None:
    program = (
        "import sys, time; from curate.examiners import examine_all; v = examine_all(sys.argv[1:], 1);"
        "next(v); children = open(f'/proc/self/task/{__import__(\"os\").getpid()}/children').read();"
        "print(children, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", program, *map(str, album)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 10
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(child)


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_workers_that_cannot_start_are_an_error_with_a_hint(album: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ImgtoolError, match="does not start") as caught:
        list(examine_all(album, 1))
    assert caught.value.hint

    async def wait() -> None:
        async with Examiners(1) as pool:
            with pytest.raises(ImgtoolError, match="does not start"):
                await pool.examine(album[0])
            with pytest.raises(ImgtoolError, match="does not start"):
                await pool.examine(album[0])

    asyncio.run(wait())


def test_decoders_chatter_stays_out_of_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = encoded(scene(), "TIFF", compression="tiff_lzw")
    (tmp_path / "a.tif").write_bytes(data[:-300])
    (tmp_path / "b.webp").write_bytes(encoded(scene(), "WEBP")[:-300])
    reasons = {getattr(verdict, "reason", None) for _, verdict in examine_all(sorted(tmp_path.iterdir()), 1)}
    assert reasons <= {Reason.TRUNCATED, Reason.BROKEN}
    assert capfd.readouterr() == ("", "")


def test_a_decoder_that_spins_is_ended_though_nobody_watches() -> None:
    program = (
        "from curate import worker; from itertools import count; from collections import deque;"
        "worker.CPU = 0.1; worker.timed(lambda _: deque(count(), 0), 'x')"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[2], timeout=60)
    assert ended.returncode == -signal.SIGPROF


def test_a_workers_memory_is_bounded_and_the_pool_goes_on(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(encoded(scene(), "JPEG"))
    with (tmp_path / "c").open("wb") as hole:
        hole.write(b"BM" + bytes(12))
        hole.truncate(3 * 1024**3)
    verdicts = dict(examine_all(sorted(tmp_path.iterdir()), 1, Bounds(max_bytes=4 * 1024**3)))
    assert [getattr(verdict, "reason", None) for verdict in verdicts.values()] == [None, None, Reason.BROKEN]


def test_frames_survive_any_cut() -> None:
    verdicts: list[Verdict] = [Refusal(Reason.BROKEN, "naïve \udcff"), Refusal(Reason.GONE)]
    stream = b"".join(packed(from_verdict(verdict)) for verdict in verdicts)
    for size in (1, 3, 7, len(stream)):
        frames = Frames()
        pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
        assert [to_verdict(value) for piece in pieces for value in frames.feed(piece)] == verdicts


@pytest.mark.slow
def test_the_largest_picture_allowed_fits_in_a_worker(tmp_path: Path) -> None:
    for kind, mode in (("PNG", "RGBA"), ("JPEG", "CMYK"), ("WEBP", "RGBA"), ("TIFF", "F")):
        path = tmp_path / f"large.{kind.lower()}"
        options = {"method": 0, "lossless": True, "quality": 0} if kind == "WEBP" else {}
        Image.new(mode, (7000, 7100)).save(path, kind, **options)
    verdicts = dict(examine_all(sorted(tmp_path.iterdir()), 1))
    assert {path.name: getattr(v, "reason", None) for path, v in verdicts.items()} == dict.fromkeys(
        ("large.png", "large.jpeg", "large.webp", "large.tiff")
    )
