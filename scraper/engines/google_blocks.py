"""Why an answer of Google's holds no pictures: a table of the pages it sends instead."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from scraper.engines.answer import STATUS
from scraper.engines.api import refused
from scraper.engines.base import Ask, Page, Verdict
from scraper.engines.google_shapes import unwrapped
from scraper.loose import number, table
from scraper.reply import Reply

WAYS_ON = (
    "Three ways on: install imgtool-datasets[browser], save the page in your browser and read it with --from, "
    "or use another engine."
)


class Block(NamedTuple):
    """A page that stands in the way, known by its address or by marks no result page has."""

    verdict: Verdict
    detail: str
    hosts: tuple[str, ...] = ()  # how the host's name begins
    paths: tuple[str, ...] = ()  # how the path begins
    marks: tuple[str, ...] = ()  # in the body


BLOCKS = (
    Block(
        Verdict.CAPTCHA,
        "Google asks for a proof of being human.",
        hosts=("sorry.google.",),
        paths=("/sorry",),
        marks=('id="captcha-form"', 'class="g-recaptcha"'),
    ),
    Block(
        Verdict.CONSENT,
        "Google asks for consent to its cookies first.",
        hosts=("consent.google.", "consent.youtube."),
        marks=('action="https://consent.google.', "Before you continue to Google"),
    ),
    Block(
        Verdict.NEEDS_BROWSER,
        f"Google sent a page that only JavaScript can fill. {WAYS_ON}",
        paths=("/httpservice/retry/enablejs",),
        marks=("/httpservice/retry/enablejs", "emsg=SG_REL"),
    ),
    Block(
        Verdict.OLD_BROWSER,
        f"Google says that this browser is not supported any more. {WAYS_ON}",
        marks=("/websearch/answer/16515119", "Your browser is not supported anymore"),
    ),
)
NONE = "It has nothing."
INTERFACES = {"ischj", "cursor"}  # what their answers hold even when empty
NOTHING = ("did not match any image results", "did not match any documents")
OWN = (" - Google Search</title>",)


def why_empty(ask: Ask, reply: Reply) -> Page:
    """The page without pictures that an answer amounts to."""
    return blocked(reply) or refused(reply) or told(reply.text) or silent(ask, reply.text)


def blocked(reply: Reply) -> Page | None:
    """The block that an answer is, by where it came from, where it points to, or what it says."""
    if reply.headers.get("x-hallmonitor-challenge"):
        return Page(BLOCKS[0].verdict, detail=BLOCKS[0].detail)
    places = [place(reply.url), place(reply.headers.get("location"), reply.url)]
    for block in BLOCKS:
        there = any(host.startswith(block.hosts) or path.startswith(block.paths) for host, path in places)
        if there or any(mark in reply.text for mark in block.marks):
            return Page(block.verdict, detail=block.detail)
    return None


def place(address: str, base: str = "") -> tuple[str, str]:
    """Host and path of an address; empty where there is none."""
    try:
        parts = urlsplit(urljoin(base, address) if address else "")
    except ValueError:
        return "", ""
    return parts.netloc.lower(), parts.path


def told(text: str) -> Page | None:
    """What a JSON interface says in place of pictures: an error with its HTTP code, or an empty list."""
    answer = table(unwrapped(text))
    error = table(answer.get("error"))
    if error:
        code = number(error.get("code"))
        return Page(STATUS.get(code, Verdict.ERROR), detail=f"Its answer is an error with code {code}.")
    return Page(Verdict.NO_RESULTS, detail=NONE) if INTERFACES & answer.keys() else None


def silent(ask: Ask, text: str) -> Page:
    """A whole answer without pictures: nothing found, nothing more, or a form not known here."""
    if any(mark in text for mark in NOTHING):
        return Page(Verdict.NO_RESULTS, detail=NONE)
    if ask.page > 1 and any(mark in text for mark in OWN):
        return Page(Verdict.NO_RESULTS, detail="It has nothing more.")
    return Page(Verdict.LAYOUT_CHANGED, detail="This is no page of Google's that is known here.")
