"""One process of a pool: orders in on its standard input, answers out.

Started by `curate.team` as `python -m <module>`, whose module says what to do. A decoder that crashes, hangs or
eats memory takes this process with it and nothing else.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
from collections.abc import Callable
from typing import TypeAlias

from curate.pixels import alone
from curate.wire import CHUNK, READY, Frames, packed

Answer: TypeAlias = Callable[[object], object]
Prepare: TypeAlias = Callable[[object], Answer]

# Three copies of the largest picture as RGBA (600 MB), the file itself (256 MB), and the libraries' own
MEMORY = 2 * 1024**3
CPU = 20.0  # s an order: 50 Mpx of the slowest format take 3; this ends a worker whose parent is gone


def work(prepare: Prepare) -> None:
    """Serve until the other end closes. The first frame goes to `prepare`, the others to what that returns."""
    line = socket.socket(fileno=os.dup(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to answer
    bound(resource.RLIMIT_CORE, 0)
    bound(resource.RLIMIT_AS, MEMORY)
    alone()
    os.dup2(os.open(os.devnull, os.O_RDWR), 2)  # decoders chat; until here, a failed start was heard
    serve(line, prepare)


def serve(line: socket.socket, prepare: Prepare) -> None:
    """Answer each order in turn."""
    frames, answer = Frames(), None
    line.sendall(packed(READY))
    while chunk := line.recv(CHUNK):
        for frame in frames.feed(chunk):
            if answer is None:
                answer = prepare(frame)
            else:
                line.sendall(packed(timed(answer, frame)))


def timed(answer: Answer, order: object) -> object:
    """The answer, unless it takes too much of the processor: then SIGPROF ends this process."""
    signal.setitimer(signal.ITIMER_PROF, CPU)
    return answer(order)


def bound(what: int, limit: int) -> None:
    """A limit of the system, where it can be had: macOS refuses some."""
    try:
        resource.setrlimit(what, (limit, resource.getrlimit(what)[1]))
    except (OSError, ValueError):
        return
