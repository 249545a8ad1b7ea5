"""Worker processes for pictures: orders handed out, answers heard, the dead replaced.

Nothing here waits: whoever drives a team (`curate.examiners`, `curate.export.studio`) tells it which worker has
something to say.

A worker answers its orders in turn, so when one dies, the first without an answer is the one that killed it:
that picture is refused, the others go to somebody else.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Generic, TypeAlias, TypeVar

from curate.wire import CHUNK, READY, Frames, packed
from imgtool.errors import ImgtoolError
from imgtool.records import Reason, Refusal

T = TypeVar("T")

DEPTH = 4  # pictures a worker holds: 8 ms of work, so that it never waits for a busy parent
PATIENCE = 20.0  # s for one picture; see worker.CPU
START = 60.0  # s for a worker to import what it needs; 0.2 where nothing else runs
STILLBORN = 3  # workers in a row that die before their first word: no picture's fault
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM")
ALONE = dict.fromkeys(THREADS, "1")  # one thread a worker


@dataclass(frozen=True, slots=True)
class Rules:
    """How a team works."""

    module: str  # what each process runs; see `curate.worker`
    opening: object  # its first frame: what holds for every order
    workers: int = 0  # 0 = as many as there are processors for us
    patience: float = PATIENCE


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """An order, and by what its answer will be asked for."""

    ticket: T
    order: object


@dataclass(slots=True, eq=False)
class Worker(Generic[T]):
    """One process, and what it has been given and not answered."""

    process: subprocess.Popen[bytes]
    line: socket.socket
    frames: Frames = field(default_factory=Frames)
    jobs: deque[Job[T]] = field(default_factory=deque)
    since: float = field(default_factory=monotonic)  # when it began with its first job
    ready: bool = False
    late: bool = False


Watch: TypeAlias = Callable[[Worker[T]], object]


class Team(Generic[T]):
    """Workers, and the jobs that none of them has yet."""

    def __init__(self, rules: Rules, watch: Watch[T], unwatch: Watch[T]) -> None:
        self.rules = rules
        self.workers: list[Worker[T]] = []
        self._watch, self._unwatch = watch, unwatch
        self._backlog: deque[Job[T]] = deque()
        self._stillborn = 0
        for _ in range(rules.workers or processors()):
            self._hire()

    @property
    def busy(self) -> bool:
        """Is an answer owed?"""
        return bool(self._backlog) or any(worker.jobs for worker in self.workers)

    @property
    def full(self) -> bool:
        """Has every worker as much as it may hold?"""
        return bool(self._backlog)

    def submit(self, ticket: T, order: object) -> None:
        """One more order; its answer comes out of `heard` with the ticket."""
        if not self.workers:  # they did not start, and it has been said before
            raise unstartable(self.rules.module)
        self._backlog.append(Job(ticket, order))
        self._feed(min(self.workers, key=lambda worker: len(worker.jobs)))

    def forget(self, ticket: T) -> None:
        """Nobody waits for that one any more; a worker that has it already answers for nothing."""
        self._backlog = deque(job for job in self._backlog if job.ticket is not ticket)

    def heard(self, worker: Worker[T]) -> list[tuple[T, object]]:
        """What a worker with something to say has said: its answers, or a Refusal of what it died of."""
        try:
            chunk = worker.line.recv(CHUNK)
        except ConnectionError:
            chunk = b""
        if not chunk:
            return self._bury(worker)
        answers = [frame for frame in worker.frames.feed(chunk) if frame != READY]
        worker.ready, worker.since = True, monotonic()
        done = [(worker.jobs.popleft().ticket, answer) for answer in answers]
        self._feed(worker)
        return done

    def hurry(self) -> None:
        """End the workers that have been at one picture for too long; they will be heard to be dead."""
        now = monotonic()
        for worker in self.workers:
            patience = self.rules.patience if worker.ready else START
            if (worker.jobs or not worker.ready) and now - worker.since > patience:
                worker.late = True
                worker.process.kill()

    def close(self) -> None:
        """End them all."""
        for worker in self.workers:
            self._dismiss(worker)
        self.workers.clear()

    def _hire(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            worker: Worker[T] = Worker(started(self.rules.module, theirs), ours)
        self.workers.append(worker)
        self._watch(worker)
        send(worker, packed(self.rules.opening))
        self._feed(worker)

    def _feed(self, worker: Worker[T]) -> None:
        if not worker.jobs:
            worker.since = monotonic()
        orders = b""
        while self._backlog and len(worker.jobs) < DEPTH:
            worker.jobs.append(self._backlog.popleft())
            orders += packed(worker.jobs[-1].order)
        send(worker, orders)

    def _bury(self, worker: Worker[T]) -> list[tuple[T, object]]:
        """The picture that a dead worker died of; its other jobs go to the next."""
        code = self._dismiss(worker)
        self.workers.remove(worker)
        self._stillborn = 0 if worker.ready else self._stillborn + 1
        if self._stillborn >= STILLBORN:
            raise unstartable(self.rules.module)
        victims = [worker.jobs.popleft()] if worker.ready and worker.jobs else []
        self._backlog.extendleft(reversed(worker.jobs))
        self._hire()
        return [(job.ticket, Refusal(Reason.DECODER_CRASH, cause(worker, code))) for job in victims]

    def _dismiss(self, worker: Worker[T]) -> int:
        self._unwatch(worker)
        worker.line.close()
        worker.process.kill()
        return worker.process.wait()


def started(module: str, line: socket.socket) -> subprocess.Popen[bytes]:
    """A worker's process: it imports from where we import, and a Ctrl-C on our terminal is not sent to it."""
    return subprocess.Popen(  # noqa: S603  one of our own modules
        [sys.executable, "-P", "-m", module],
        stdin=line.fileno(),
        stdout=subprocess.DEVNULL,
        env=os.environ | ALONE | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        process_group=0,
    )


def send(worker: Worker[T], frames: bytes) -> None:
    """Frames on their way; the line holds more than DEPTH orders, so that this never waits."""
    try:
        worker.line.sendall(frames)
    except ConnectionError:
        return  # it is dead, and will be heard to be


def unstartable(module: str) -> ImgtoolError:
    """What to say when worker after worker dies before its first word."""
    return ImgtoolError(
        "The process that works on pictures does not start.",
        hint=f"See what `{sys.executable} -c 'import {module}'` says.",
    )


def cause(worker: Worker[T], code: int) -> str:
    """What a worker died of, in words."""
    if worker.late:
        return "the decoder took too long"
    if code == -signal.SIGPROF:
        return "the decoder took too much of the processor"
    return f"the decoder ended with {signal.Signals(-code).name if code < 0 else f'exit code {code}'}"


def processors() -> int:
    """How many processors are ours."""
    if sys.platform == "darwin":
        return os.cpu_count() or 1
    return len(os.sched_getaffinity(0))
