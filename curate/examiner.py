"""One worker of the pool, as its own process: paths in on its standard input, verdicts out.

Started by `curate.team` as `python -m curate.examiner`. A decoder that crashes, hangs or eats memory
takes this process with it and nothing else.
"""

from __future__ import annotations

import os
import resource
import signal
import socket

from curate.admit import Verdict, examine
from curate.bounds import Bounds
from curate.pixels import alone
from curate.wire import CHUNK, READY, Frames, from_verdict, packed

# Three copies of the largest picture as RGBA (600 MB), the file itself (256 MB), and the libraries' own
MEMORY = 2 * 1024**3
CPU = 20.0  # s a picture: 50 Mpx of the slowest format take 3; this ends a worker whose parent is gone


def main() -> None:
    """Serve until the other end closes."""
    line = socket.socket(fileno=os.dup(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to answer
    bound(resource.RLIMIT_CORE, 0)
    bound(resource.RLIMIT_AS, MEMORY)
    alone()
    os.dup2(os.open(os.devnull, os.O_RDWR), 2)  # decoders chat; until here, a failed start was heard
    serve(line)


def serve(line: socket.socket) -> None:
    """Answer each path in turn; the first frame says the bounds."""
    frames, bounds = Frames(), Bounds()
    line.sendall(packed(READY))
    while chunk := line.recv(CHUNK):
        for frame in frames.feed(chunk):
            if isinstance(frame, tuple):
                bounds = Bounds(*frame)
            else:
                line.sendall(packed(from_verdict(timed(str(frame), bounds))))


def timed(path: str, bounds: Bounds) -> Verdict:
    """The verdict, unless it takes too much of the processor: then SIGPROF ends this process."""
    signal.setitimer(signal.ITIMER_PROF, CPU)
    return examine(path, bounds)


def bound(what: int, limit: int) -> None:
    """A limit of the system, where it can be had: macOS refuses some."""
    try:
        resource.setrlimit(what, (limit, resource.getrlimit(what)[1]))
    except (OSError, ValueError):
        return


if __name__ == "__main__":
    main()
