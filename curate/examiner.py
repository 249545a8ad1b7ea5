"""The examining worker, as its own process: paths in, verdicts out. Started by `curate.team`."""

from __future__ import annotations

from curate.admit import examine
from curate.bounds import Bounds
from curate.wire import from_verdict
from curate.worker import Answer, work


def prepare(opening: object) -> Answer:
    """What answers a path, within the bounds that the pool was opened with."""
    assert isinstance(opening, tuple)
    bounds = Bounds(*opening)
    return lambda path: from_verdict(examine(str(path), bounds))


if __name__ == "__main__":
    work(prepare)
