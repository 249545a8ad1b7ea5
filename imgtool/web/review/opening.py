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
    """The address, and a function that serves it until somebody stops it."""
    with bound(port) as where, seated(path) as desk:
        door = Door(where.getsockname()[1])
        yield door.address, lambda: serve(server(review_app(desk, door)), where)


@contextmanager
def seated(path: str | Path) -> Iterator[Desk]:
    """The desk of a dataset. Its pictures are compared meanwhile."""
    with Dataset.open(path) as dataset, Shelf.open(dataset.root) as shelf:
        desk = Desk(dataset, shelf, person(), suspicions)
        looking = threading.Thread(target=desk.look, name="imgtool-look")
        looking.start()
        try:
            yield desk
        finally:
            desk.leave()
            looking.join()
