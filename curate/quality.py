"""Entries in, findings out: what a person may want to look at, most suspicious first. Removes nothing.

Works from what the catalogue stores of each picture; no file is opened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from statistics import median
from types import MappingProxyType

from curate.checks import BLANK, CHECKS, Check
from curate.oddities import misnamed, odd
from curate.views import View, view
from imgtool.errors import UsageError
from imgtool.records import Entry, Finding

NAMES = (*(check.name for check in CHECKS), "odd", "misnamed")
NO_URLS: Mapping[str, int] = MappingProxyType({})


def findings(
    entries: Sequence[Entry], urls: Mapping[str, int] = NO_URLS, only: Collection[str] = NAMES
) -> list[Finding]:
    """What the checks named in `only` say of the entries, sorted by suspicion.

    `urls` is how many addresses gave a file, by its sha256; without it no placeholder is suspected.
    """
    known(only)
    usual = median(min(e.picture.width, e.picture.height) for e in entries) if entries else 0.0
    views = (view(entry, urls.get(entry.picture.sha256, 1), usual) for entry in entries)
    found = [finding for seen in views for finding in judged(seen) if finding.check in only]
    return sorted(found, key=lambda finding: (-finding.score, NAMES.index(finding.check), finding.path))


def known(names: Collection[str]) -> None:
    """UsageError for a check that does not exist."""
    if strange := sorted(set(names) - set(NAMES)):
        raise UsageError(f"There is no check {strange[0]!r}.", hint=f"The checks: {', '.join(NAMES)}.")


def judged(seen: View) -> Iterator[Finding]:
    """Every finding on one picture."""
    blank = BLANK.score(BLANK.measure(seen)) > 0
    for check in CHECKS:
        if check is BLANK or not (blank and check.of_looks):
            yield from judgement(check, seen)
    yield from odd(seen.entry)
    yield from misnamed(seen.entry)


def judgement(check: Check, seen: View) -> Iterator[Finding]:
    """The finding of one check, or nothing."""
    value = check.measure(seen)
    if score := check.score(value):
        yield Finding(seen.entry.path, seen.entry.label, check.name, round(score, 3), check.says.format(value=value))
