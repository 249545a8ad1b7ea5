"""How many may be connected at once: each costs an open file, and so does each picture that is looked at."""

from __future__ import annotations

import resource

MANY = 1024  # connections; our own line says no before that
PLENTY = 4096  # open files: those, as many pictures and their answers
EACH = 3  # files for a connection: itself, its picture, and something in hand


def affordable(wanted: int = MANY) -> int:
    """How many connections, of so many wanted, after asking for as many files as that takes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < PLENTY and soft < hard:
        soft = min(PLENTY, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(wanted, soft // EACH))
