"""A reply in, a verdict out: may we keep this picture, must we wait, or let it be? Nothing here acts."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeAlias

from imgtool.records import Reason
from scraper.limits import Limits
from scraper.optouts import opted_out
from scraper.reply import Headers, Reply


@dataclass(frozen=True, slots=True)
class Accept:
    """Take the body."""

    opt_out: str = ""  # what the server asks, when its asking is overruled


@dataclass(frozen=True, slots=True)
class Retry:
    """It may pass."""

    reason: Reason
    detail: str
    after: float | None = None  # seconds that the server asks for; None = it does not say


@dataclass(frozen=True, slots=True)
class Refuse:
    """It will not pass."""

    reason: Reason
    detail: str
    rest: float = 0.0  # seconds for which the whole host is to be left alone


Verdict: TypeAlias = Accept | Retry | Refuse

FINAL = {404: Reason.GONE, 410: Reason.GONE, 451: Reason.LEGAL, 206: Reason.TRUNCATED}
BUSY = {408: Reason.HTTP_4XX, 425: Reason.HTTP_4XX, 429: Reason.RATE_LIMITED}
NEVER = {501, 505, 506, 508, 510, 511}  # 5xx that say what the server cannot do, not how it is
CLASSES = {2: Reason.NOT_IMAGE, 3: Reason.NETWORK, 4: Reason.HTTP_4XX, 5: Reason.HTTP_5XX}
# What is tried again without an answer to judge. Not what has used up a time limit: that was its second chance, and
# `--retry timeout,stalled` is there for another day.
PASSING = frozenset({Reason.NETWORK, Reason.TRUNCATED, Reason.DNS})

BASE = 0.5  # seconds before the first repeat; doubled each time, and spread so that repeats do not march in step
LONGEST_REST = 3600.0  # however long a host asks for: the run would be over
OK = Accept()


def judge(reply: Reply, limits: Limits, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Verdict:
    """The one place that reads a status line and asks for consent."""
    if reply.status == 200:
        return _consent(reply.headers, limits)
    detail = f"HTTP {reply.status}"
    if reply.status in BUSY or (reply.status >= 500 and reply.status not in NEVER):
        reason = BUSY.get(reply.status, Reason.HTTP_5XX)
        return _waiting(reason, detail, retry_after(reply.headers, now), limits)
    return Refuse(FINAL.get(reply.status) or CLASSES.get(reply.status // 100, Reason.NETWORK), detail)


def retry_after(headers: Headers, now: Callable[[], datetime]) -> float | None:
    """The seconds that a server asks us to wait: a number or a date; None for neither."""
    text = headers.get("retry-after").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_REST)
    try:
        date = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return min(max((aware - now()).total_seconds(), 0.0), LONGEST_REST)


def backoff(attempt: int, spread: Callable[[float, float], float] = random.uniform) -> float:
    """Seconds before trying again after that many failed attempts."""
    longest: float = BASE * 2.0**attempt
    return spread(longest / 2, longest)


def _consent(headers: Headers, limits: Limits) -> Verdict:
    words = opted_out(headers)
    if not words:
        return OK
    return Refuse(Reason.OPT_OUT, words) if limits.honour_opt_outs else Accept(words)


def _waiting(reason: Reason, detail: str, after: float | None, limits: Limits) -> Verdict:
    if after is not None and after > limits.patience:
        return Refuse(reason, f"{detail}, asks for {after:.0f} s", rest=after)
    return Retry(reason, detail, after)
