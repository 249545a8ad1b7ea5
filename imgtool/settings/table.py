"""Everything that can be set: one table of names, defaults, rules and meanings, as one frozen value.

The names of `scraper.limits.Limits` are the same here, with the same defaults (a test compares them).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from types import MappingProxyType
from typing import Any, TypeVar

from imgtool.settings.rules import (
    Rule,
    address,
    amount,
    doorway,
    line,
    number,
    one_of,
    some_of,
    switch,
    whole,
)
from imgtool.settings.secrets import Keys

T = TypeVar("T")

KIB, MIB, GIB = 2**10, 2**20, 2**30
ENGINES = ("auto", "bing", "google", "duckduckgo", "openverse", "wikimedia", "flickr")
LICENCES = (  # as in records.Filters
    *("any", "public", "commercial", "modify"),
    *("cc0", "pdm", "by", "by-sa", "by-nc", "by-nd", "by-nc-sa", "by-nc-nd"),
)
SAFE = ("strict", "moderate", "off")
BROWSER = ("auto", "never", "headless", "headed")


def setting(default: T, rule: Rule[T], about: str, *, flag: str = "") -> T:
    """A row of the table. The type is the default's, so that checkers see a plain dataclass."""
    return field(default=default, metadata={"rule": rule, "about": about, "flag": flag})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one run, each checked where it came in."""

    # where the engines are
    bing_url: str = setting("https://www.bing.com", address(), "where Bing is asked")
    google_url: str = setting("https://www.google.com", address(), "where Google is asked")
    duckduckgo_url: str = setting("https://duckduckgo.com", address(), "where DuckDuckGo is asked")
    openverse_url: str = setting("https://api.openverse.org", address(), "where Openverse is asked")
    wikimedia_url: str = setting("https://commons.wikimedia.org", address(), "where Wikimedia is asked")
    flickr_url: str = setting("https://api.flickr.com", address(), "where Flickr is asked")
    # what is wished for when a command does not say
    engines: tuple[str, ...] = setting(("auto",), some_of(ENGINES), "engines to ask", flag="--engine")
    licence: tuple[str, ...] = setting((), some_of(LICENCES), "licences to ask for; none = any", flag="--license")
    safe: str = setting("strict", one_of(SAFE), "safe search")
    market: str = setting(
        "",
        line(r"([A-Za-z]{2,3}-[A-Za-z]{2})?", 'a language and a country, like en-US, or ""'),
        "whose results",
    )
    min_size: int = setting(64, whole(1, 16_384), "pixels of the shorter side of a picture, at least")
    out: str = setting("data", line(r"[^\x00]+", "a folder"), "the dataset's folder")
    browser: str = setting("auto", one_of(BROWSER), "when a real browser fetches result pages")
    # manners
    contact: str = setting(
        "", line(r"[\x20-\x7e]{0,200}", "one line of ASCII, like you@example.org"), "put into the user agent"
    )
    allow_private: bool = setting(False, switch(), "let requests go to private and loopback addresses")
    ignore_robots: bool = setting(False, switch(), "do not ask robots.txt; for sites you own")
    honour_opt_outs: bool = setting(True, switch(), "leave pictures alone that opt out of machine learning")
    proxy: str = setting("", doorway(), "the proxy of every request")
    concurrency: int = setting(64, whole(1, 1024), "pictures in flight")
    per_host: int = setting(4, whole(1, 64), "of which from one host")
    starts_per_second: float = setting(8.0, number(0.01, 1000), "requests begun at one host in a second")
    # bounds
    connect: float = setting(10.0, number(0.1, 600), "seconds to a connection")
    first_byte: float = setting(15.0, number(0.1, 600), "seconds to the head of an answer")
    stall: float = setting(15.0, number(0.1, 600), "seconds in which stall_bytes must arrive")
    stall_bytes: int = setting(15 * KIB, amount(1, GIB), "bytes that must arrive in `stall` seconds")
    total: float = setting(60.0, number(0.1, 3600), "seconds for one picture, redirects and all")
    body: int = setting(32 * MIB, amount(KIB, GIB), "the largest picture file")
    page_body: int = setting(8 * MIB, amount(KIB, GIB), "the largest result page")
    redirects: int = setting(5, whole(0, 20), "redirects that are followed")
    retries: int = setting(2, whole(0, 10), "tries after the first, for what may pass")
    patience: float = setting(60.0, number(0, 3600), "the longest Retry-After that is sat out, in seconds")
    breaker: int = setting(8, whole(1, 1000), "failures in a row after which a host is left alone")
    workers: int = setting(0, whole(0, 256), "processes that decode pictures; 0 = one for each core")
    # secrets: from the environment only, see secrets.py
    keys: Keys = field(default=Keys(), repr=False)

    def base(self, engine: str) -> str:
        """The address of an engine; "" for one that has none (a list)."""
        return str(getattr(self, f"{engine}_url", ""))


@dataclass(frozen=True, slots=True)
class Row:
    """One setting, described."""

    name: str
    default: object
    rule: Rule[object]
    about: str
    flag: str  # the command line's word for it
    env: str


def _row(entry: Field[Any]) -> Row:
    flag = entry.metadata["flag"] or "--" + entry.name.replace("_", "-")
    env = "IMGTOOL_" + entry.name.upper()
    return Row(entry.name, entry.default, entry.metadata["rule"], entry.metadata["about"], flag, env)


ROWS: Mapping[str, Row] = MappingProxyType({e.name: _row(e) for e in fields(Settings) if e.metadata})
