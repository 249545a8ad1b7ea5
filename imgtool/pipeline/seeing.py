"""Pictures that were pointed at, seen in order: fetched where they have to be, decoded by other processes."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from curate.examiners import absolute
from curate.relay import TICK
from curate.sights import Pool, Sight, sighted
from curate.team import Rules
from imgtool.errors import MACHINE
from imgtool.pipeline.ahead import Ahead
from imgtool.pipeline.pictures import Pick, What, picks
from imgtool.records import Reason, Refusal, Skipped
from scraper.limits import Limits

if TYPE_CHECKING:
    from imgtool.pipeline.downloads import Arrival, Downloads

WINDOW = 64  # pictures under way: as many downloads at once as a scrape has, 10 MB of pixels
PAUSE = 0.05  # s between looks at what is being fetched


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One picture and what it looks like, or why nobody knows."""

    pick: Pick
    sight: Sight | Refusal
    path: str = ""  # of its file, here on this machine

    def forget(self) -> None:
        """Nobody needs the file any more: one that was fetched for this is deleted."""
        if self.pick.url and self.path:
            with suppress(FileNotFoundError):
                os.unlink(self.path)


@dataclass(slots=True, eq=False)
class Slot:
    """A picture's place in the line."""

    pick: Pick
    path: str = ""
    arrival: Arrival | None = None  # its download
    asked: bool = False  # has a worker got it?
    sight: Sight | Refusal | None = None

    @property
    def fetching(self) -> bool:
        """Is nothing to be done but to wait for its server?"""
        return self.arrival is not None and not self.path and self.sight is None


def seen(what: What, how: Rules, limits: Limits, room: Path, leave: Event) -> Generator[Seen, None, None]:
    """Each picture in the order in which it was named, however many there are: memory stays flat.

    What is fetched lies in `room` until it is forgotten, which may be later. `leave` ends this even while it waits.
    """
    with ExitStack() as stack:
        words = stack.enter_context(Ahead(picks(what), WINDOW))
        pool: Pool[Slot] = stack.enter_context(Pool(how))
        line = Line(pool, stack, limits, room)
        while not leave.is_set() and (line.slots or not words.ended):
            for pick in words.take(WINDOW - len(line.slots), 0.0 if line.slots else TICK):
                line.join(pick)
            line.attend()
            while line.slots and (sight := line.slots[0].sight) is not None:
                slot = line.slots.popleft()
                yield Seen(slot.pick, sight, slot.path)


class Line:
    """The pictures that are being fetched and decoded, the first first."""

    def __init__(self, pool: Pool[Slot], stack: ExitStack, limits: Limits, room: Path) -> None:
        self.slots: deque[Slot] = deque()
        self._pool, self._stack = pool, stack
        self._limits, self._room = limits, room
        self._downloads: Downloads | None = None

    def join(self, pick: Pick) -> None:
        """One more at the end."""
        slot = Slot(pick, pick.path, sight=pick.refusal)
        self.slots.append(slot)
        if pick.url:
            slot.arrival = self._fetch(pick.url)

    def attend(self) -> None:
        """Hand out what has arrived, take what has been decoded; waits no longer than a moment."""
        for slot in self.slots:
            if slot.fetching and slot.arrival and slot.arrival.done():
                self._land(slot, slot.arrival)
            if slot.path and not slot.asked and slot.sight is None:
                slot.asked = True
                self._pool.submit(slot, absolute(slot.path))
        fetching = any(slot.fetching for slot in self.slots)
        if self._pool.busy or fetching:
            for slot, answer in self._pool.heard(PAUSE if fetching else TICK):
                slot.sight = sighted(answer)

    def _fetch(self, url: str) -> Arrival:
        if self._downloads is None:
            from imgtool.pipeline.downloads import Downloads  # the network's libraries take a third of a second

            self._downloads = self._stack.enter_context(Downloads(self._limits, self._room))
        return self._downloads.fetch(url)

    def _land(self, slot: Slot, arrival: Arrival) -> None:
        try:
            got = arrival.result()
        except OSError as error:
            if error.errno in MACHINE:  # the disk's fault and no picture's
                raise
            slot.sight = Refusal(Reason.NETWORK, error.strerror or str(error))
            return
        if isinstance(got, Skipped):
            slot.sight = Refusal(got.reason, got.detail)
        else:
            slot.path = got.path
