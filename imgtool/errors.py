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

import errno
from collections.abc import Mapping
from types import MappingProxyType

SPACE = "Free some space and run the same command again: it goes on where it stopped."
RIGHTS = "Make it writable, or choose another place with --out."
FILES = "Raise the limit (`ulimit -n 1024`), or fetch fewer at once: IMGTOOL_CONCURRENCY=8."
# What a machine says when it cannot go on, and what a person may do about it.
MACHINE: Mapping[int, str] = MappingProxyType(
    dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), SPACE)
    | dict.fromkeys((errno.EROFS, errno.EACCES, errno.EPERM), RIGHTS)
    | dict.fromkeys((errno.EMFILE, errno.ENFILE, errno.ENOBUFS), FILES)
    | {errno.EIO: "The disk reports a fault: save what is there, and look after it before you go on."}
)


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


def machine_error(error: OSError, place: str = "") -> StorageError:
    """What the operating system said of `place`, with what to do about it."""
    said = error.strerror or str(error)
    return StorageError(f"{place or error.filename or 'The disk'}: {said}.", hint=MACHINE.get(error.errno or 0, ""))
