"""How many files and sockets this process may open, and how many pictures at once that affords."""

from __future__ import annotations

import os
import resource

ENOUGH = 1024  # with fewer, idle connections (kept some seconds, one or more a host) would take what pictures need
EACH = 2  # a picture being fetched: its connection and its file
OTHERS = 12  # the resolver, a list being read, files being flushed, what a second worker's start takes
OWN = "/proc/self/fd" if os.path.isdir("/proc/self/fd") else "/dev/fd"


def allowed() -> int:
    """How many this process may have open, after asking for as many as it is allowed to ask for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < ENOUGH <= hard or soft < hard < ENOUGH:
        soft = min(hard, ENOUGH)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft


def scarce() -> bool:
    """Are there too few for idle connections?"""
    return allowed() < ENOUGH


def affordable(wanted: int) -> int:
    """How many pictures at once, of so many wanted; at least one."""
    free = allowed() - len(os.listdir(OWN)) - OTHERS
    return max(1, min(wanted, free // EACH))
