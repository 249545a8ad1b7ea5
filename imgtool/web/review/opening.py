"""A dataset opened for review: its desk, its door, and the address to open."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from imgtool.dataset import Dataset, Shelf
from imgtool.pipeline.review import Desk, person
from imgtool.pipeline.suspicions import suspicions
from imgtool.web.door import Door
from imgtool.web.review.app import review_app
from imgtool.web.server import bound, serve, server


@contextmanager
def reviewing(path: str | Path, port: int = 0) -> Iterator[tuple[str, Callable[[], None]]]:
    """The address, and a function that serves it until somebody stops it. Pictures are compared meanwhile."""
    with Dataset.open(path) as dataset, Shelf.open(dataset.root) as shelf, bound(port) as where:
        desk = Desk(dataset, shelf, person(), suspicions)
        door = Door(where.getsockname()[1])
        looking = threading.Thread(target=desk.look, name="imgtool-look")
        looking.start()
        try:
            yield door.address, lambda: serve(server(review_app(desk, door)), where)
        finally:
            desk.leave()
            looking.join()
