"""What the JSON sources have in common: statuses that say no, pages cut from rows, filters put into words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, urlencode

from imgtool.records import ImageRef
from scraper.engines.answer import STATUS, placed
from scraper.engines.base import Ask, Page, Verdict
from scraper.redact import redacted
from scraper.reply import Reply

CHALLENGES = ("anomaly-modal", "anomaly.js", "challenge-form", "captcha", "just a moment...", "cf-chl-")

_SAYING = ("retry-after", "x-ratelimit")  # headers that say how long or how many


def refused(reply: Reply) -> Page | None:
    """The page for an answer whose status is not 200; None when it is."""
    if reply.status == 200:
        return None
    verdict = Verdict.CAPTCHA if challenged(reply) else STATUS.get(reply.status, Verdict.ERROR)
    said = "; ".join(f"{name}: {value}" for name, value in reply.headers.lines if name.lower().startswith(_SAYING))
    return Page(verdict, detail=sentence(f"HTTP {reply.status}", said))


def challenged(reply: Reply) -> bool:
    """Does it ask to prove that we are human?"""
    head = reply.body[:200_000].decode("utf-8", "replace").lower()
    return "<" in head and any(mark in head for mark in CHALLENGES)


def not_json(reply: Reply, otherwise: Verdict = Verdict.LAYOUT_CHANGED) -> Page:
    """The page for an answer that should have been JSON and is not."""
    if challenged(reply):
        return Page(Verdict.CAPTCHA, detail="a page that asks to prove one is human")
    kind = "an HTML page" if reply.body[:500].lstrip()[:1] == b"<" else "something that is not JSON"
    return Page(otherwise, detail=f"{kind} where JSON was expected")


def cut(ask: Ask, found: Iterable[ImageRef], rows: int, after: Ask | None, last: str = "") -> Page:
    """The page for `rows` results that were read as `found`, and what comes after it."""
    refs = placed(ask, (ref for ref in found if ref.url))
    if rows and not refs:
        return Page(Verdict.LAYOUT_CHANGED, detail=f"{rows} results, none with a picture's address")
    if not refs:
        verdict = Verdict.NO_RESULTS if ask.seen == 0 else Verdict.OK
        return Page(verdict, detail="no results" if ask.seen == 0 else "no more results")
    return Page(Verdict.OK, refs, after, detail="" if after else last)


def sentence(*parts: str) -> str:
    """The parts that are not empty, without secrets, of bounded length."""
    return redacted(", ".join(" ".join(part.split()) for part in parts if part))[:300]


def location(base: str, path: str, fields: Mapping[str, str]) -> str:
    """An address under `base`; fields with no value are left out."""
    return f"{base.rstrip('/')}/{path}?{urlencode({name: value for name, value in fields.items() if value})}"


def base_of(ask: Ask, path: str) -> str:
    """The engine's address again, from a request that `location` made."""
    return ask.url.partition("?")[0].removesuffix(path).rstrip("/")


def fields_of(url: str) -> dict[str, str]:
    """The query of an address, each name once."""
    try:
        return dict(parse_qsl(url.partition("?")[2], max_num_fields=100))
    except ValueError:
        return {}
