"""A review that runs: drawn pictures in class folders, a real server on loopback, and a way in."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from imgtool.dataset import Dataset, Shelf
from imgtool.pipeline.agenda import Suspicions
from imgtool.pipeline.review import Desk, Suspect
from imgtool.records import Entry, Finding, Group, Twin
from imgtool.web.door import Door
from imgtool.web.review import review_app
from imgtool.web.server import bound, server


@dataclass
class Review:
    """A running review, and a session that came in by its address."""

    desk: Desk
    door: Door
    web: requests.Session

    @property
    def at(self) -> str:
        return f"http://127.0.0.1:{self.door.port}"

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.web.get(self.at + path, timeout=30, **more)

    def post(self, path: str, body: Any, **headers: str) -> requests.Response:
        return self.web.post(self.at + path, json=body, headers={"origin": self.at, **headers}, timeout=30)

    def ids(self, label: str) -> list[str]:
        return [item.id for item in self.desk.shelf.page(label, 0, 1000)]


def suspicions_of(dataset: Dataset) -> Suspicions:
    """Twins by name: `1.jpg`, `1-copy.jpg`; a conflict where two classes hold the same bytes; `dark` in the name."""
    entries = {entry.path: entry for entry in dataset.entries()}
    groups = [
        Group(entries[path.replace("-copy", "")], "most pixels", (Twin(entry, 4, 0.987, "looks"),))
        for path, entry in entries.items()
        if "-copy" in path
    ]
    seen: dict[str, Entry] = {}
    conflicts = []
    for entry in entries.values():
        other = seen.setdefault(entry.picture.sha256, entry)
        if other.label != entry.label:
            conflicts.append(Group(other, "came first", (Twin(entry, 0, 1.0, "bytes"),)))
    dark = [Finding(path, e.label, "dark", 0.81, "no light in it") for path, e in entries.items() if "dark" in path]
    return Suspicions(groups, conflicts, dark)


@contextmanager
def running(root: Path, files: Mapping[str, bytes] | None = None, suspect: Suspect = suspicions_of) -> Iterator[Review]:
    """A dataset of these files under review."""
    for path, body in (files or {}).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(body)
    with Dataset.open(root, create=True) as dataset, Shelf.open(root) as shelf, bound() as where:
        desk = Desk(dataset, shelf, "ann", suspect)
        desk.look()
        door = Door(where.getsockname()[1])
        serving = server(review_app(desk, door))
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [where]})
        thread.start()
        try:
            while not serving.started:
                time.sleep(0.01)
            with requests.Session() as web:
                review = Review(desk, door, web)
                assert review.post("/enter", {"token": door.token}).status_code == 200
                yield review
        finally:
            serving.should_exit = True
            thread.join()


def dressed(headers: Mapping[str, str]) -> None:
    """Every answer of ours: nothing from elsewhere, nothing guessed, no stranger invited, no server named."""
    assert headers["content-security-policy"].startswith("default-src 'none'; ")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert not [name for name in headers if name.lower().startswith("access-control")]
    assert "server" not in headers
