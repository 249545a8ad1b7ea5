"""What can go wrong with a request, as one tree; each error knows its exit code and its hint.

A bad picture is no error but an answer (`records.Skipped`). These are for requests that make no
sense or a world that does not let us go on.

    ImgtoolError            1  failed
    ├── UsageError          2  the request makes no sense
    ├── Partial             3  fewer than asked
    ├── NothingFound        4  the search was answered, with nothing
    ├── Blocked             5  the sources refuse or limit us
    ├── Refused             6  our own rules say no (robots, licence, address)
    └── StorageError        7  disk full, locked, damaged, from a newer version
        └── DatasetBusy     7  another process holds the dataset
"""

from __future__ import annotations


class ImgtoolError(Exception):
    """The root: whatever imgtool raises on purpose is one of these."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(ImgtoolError):
    """The request makes no sense as it stands."""

    exit_code = 2


class Partial(ImgtoolError):
    """Some of what was asked for was done; the message says what is missing and why."""

    exit_code = 3


class NothingFound(ImgtoolError):
    """Every source answered, and none had anything."""

    exit_code = 4


class Blocked(ImgtoolError):
    """The sources refuse us, limit us or speak a language we do not know yet."""

    exit_code = 5


class Refused(ImgtoolError):
    """Our own rules say no."""

    exit_code = 6


class StorageError(ImgtoolError):
    """The dataset's disk or catalogue does not let us go on."""

    exit_code = 7


class DatasetBusy(StorageError):
    """Another process holds the dataset."""
