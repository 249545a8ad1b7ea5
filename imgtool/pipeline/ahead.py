"""An iterator run by a thread of its own, some items ahead of whoever takes them."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Generic, Self, TypeVar

T = TypeVar("T")


class Ahead(Generic[T]):
    """Takes from `items` in a thread until `most` wait; what they raise is raised where they are taken.

    With `leave`, the items are told by it when nobody wants them any more, and their end is waited for.
    """

    def __init__(self, items: Iterable[T], most: int, leave: threading.Event | None = None) -> None:
        self._items = iter(items)
        self._most = most
        self._leave = leave
        self._held: deque[T] = deque()
        self._bell = threading.Condition()
        self._error: BaseException | None = None
        self._dry = self._closed = False

    def __enter__(self) -> Self:
        # a daemon: whoever waits at a terminal for the next line is not to be waited for
        self._thread = threading.Thread(target=self._run, name="imgtool-ahead", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._bell:
            self._closed = True
            self._bell.notify_all()
        if self._leave:
            self._leave.set()
            self._thread.join()

    @property
    def ended(self) -> bool:
        """Has everything been taken, and nothing broken that is yet to be raised?"""
        with self._bell:
            return self._dry and not self._held and self._error is None

    def take(self, most: int, patience: float) -> list[T]:
        """Up to so many items in order: as many, or what has come when patience ends or the items do."""
        with self._bell:
            self._bell.wait_for(lambda: self._dry or len(self._held) >= min(most, self._most), patience)
            taken = [self._held.popleft() for _ in range(min(most, len(self._held)))]
            if not taken and self._dry and self._error:
                raise self._error
            self._bell.notify_all()
        return taken

    def _run(self) -> None:
        try:
            while self._fed():
                pass
        except BaseException as error:  # noqa: BLE001  # carried to the thread that takes
            self._error = error
        finally:
            close: Callable[[], None] = getattr(self._items, "close", _nothing)  # what a generator holds is given back
            close()
            with self._bell:
                self._dry = True
                self._bell.notify_all()

    def _fed(self) -> bool:
        """One more item, when there is room for it; False at the end."""
        with self._bell:
            self._bell.wait_for(lambda: self._closed or len(self._held) < self._most)
            if self._closed:
                return False
        for item in self._items:
            with self._bell:
                self._held.append(item)
                self._bell.notify_all()
            return True
        return False


def _nothing() -> None:
    """Iterators that hold nothing have nothing to close."""
