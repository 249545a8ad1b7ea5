"""What an engine is: requests to send and pages to read, nothing else. No engine touches the network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from imgtool.records import ImageRef, Query
from scraper.reply import Reply


class Verdict(StrEnum):
    """How an engine answered. Never "0 images, done"."""

    OK = "ok"
    NO_RESULTS = "no_results"  # it understood and has nothing
    STARVED = "starved"  # HTTP 200 with a decoy or next to nothing
    CAPTCHA = "blocked: captcha"
    CONSENT = "blocked: consent"
    NEEDS_BROWSER = "blocked: needs a browser"
    OLD_BROWSER = "blocked: old browser"
    RATE_LIMIT = "blocked: rate limit"
    DENIED = "blocked: denied"  # 401, 403: a missing or refused key, or a flat no
    LAYOUT_CHANGED = "layout changed"
    ERROR = "error"  # 5xx, network

    @property
    def blocked(self) -> bool:
        """Does the engine refuse us (and is to be left alone for a while)?"""
        return self.value.startswith("blocked")


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to an engine, with what its answer will be read by."""

    engine: str
    query: Query
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    page: int = 1
    seen: int = 0  # results before this page; ranks go on from here
    state: Mapping[str, str] = field(default_factory=dict)  # tokens that an engine carries from page to page


@dataclass(frozen=True, slots=True)
class Page:
    """An answer, read: what it is, what it holds, where it goes on."""

    verdict: Verdict
    refs: tuple[ImageRef, ...] = ()
    next: Ask | None = None  # None = this was the last page
    related: tuple[str, ...] = ()  # other queries the page itself proposes
    detail: str = ""  # one sentence for the report when the verdict is not OK


class Engine(Protocol):
    """A source of pictures."""

    name: str
    pause: float  # seconds between two requests
    key_env: str  # the environment variable that holds its key; "" = needs none
    filters: frozenset[str]  # which fields of Filters it can translate

    def first(self, query: Query, base: str, key: str = "") -> Ask:
        """The request for the first page. `base` is the engine's address, a setting."""
        ...

    def read(self, ask: Ask, reply: Reply) -> Page:
        """The answer to `ask`, read. Total: whatever the bytes are, a Page comes back."""
        ...

    def partitions(self, query: Query) -> Iterator[Query]:
        """The same query cut into narrower ones (by colour, aspect, age …) to pass the engine's cap."""
        ...
