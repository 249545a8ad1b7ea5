"""When a picture came to Flickr: queries for a span of days, cut into years and months.

A query may say when its pictures were uploaded ("fox uploaded:2019-01-01..2019-12-31"): plain to see in every
record, and all that `Flickr.partitions` needs to pass the cap of one query.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from imgtool.records import Query

FOUNDED = 2004
DAY = 86_400  # seconds
AGES = {"day": 1, "week": 7, "month": 31, "year": 366}  # days

_UPLOADED = re.compile(r"\s*\buploaded:(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)\b")


def bare(query: Query) -> str:
    """The query's text without its span."""
    return _UPLOADED.sub("", query.text).strip()


def narrower(query: Query, now: float) -> Iterator[Query]:
    """The query by year of upload, newest first; a year by months; a month not at all."""
    said = _UPLOADED.search(query.text)
    for first, last in _months(said[1], said[2]) if said else _years(datetime.fromtimestamp(now, UTC).date()):
        yield replace(query, text=f"{bare(query)} uploaded:{first}..{last}")


def span(query: Query, now: float) -> dict[str, str]:
    """From when to when, as the API wants it: seconds since 1970."""
    said = _UPLOADED.search(query.text)
    first, last = (_day(said[1]), _day(said[2])) if said else (None, None)
    age = AGES.get(query.filters.age, 0)
    since = (int(now) // DAY - age) * DAY if age else 0  # whole days: the same address all day long
    if first and last:
        return {"min_upload_date": str(max(_seconds(first), since)), "max_upload_date": str(_seconds(last) + DAY - 1)}
    return {"min_upload_date": str(since)} if since else {}


def _years(today: date) -> Iterator[tuple[date, date]]:
    for year in range(today.year, FOUNDED - 1, -1):
        yield date(year, 1, 1), date(year, 12, 31)


def _months(start: str, end: str) -> Iterator[tuple[date, date]]:
    """The months of a span, newest first; none when it is a month already."""
    first, last = _day(start), _day(end)
    if not first or not last or (last - first).days <= 31:
        return
    while last >= first:
        opening = max(first, last.replace(day=1))
        yield opening, last
        last = last.replace(day=1) - timedelta(days=1)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
