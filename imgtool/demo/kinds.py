"""What is planted in the world: one row for every kind of address, how often, and what must become of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from imgtool.records import Reason


class Kind(StrEnum):
    """What an address of the world turns out to be."""

    GOOD = "good"
    SLOW = "slow"
    MOVED = "moved"
    CHAIN = "chain"
    HICCUP = "hiccup"
    BUSY = "busy"
    MISNAMED = "misnamed"
    RESCUED = "rescued"
    OTHER_BOT = "other_bot"
    STRAY = "stray"
    COPY = "copy"
    NEAR = "near"
    TRUNCATED = "truncated"
    CUT_OFF = "cut_off"
    EMPTY = "empty"
    PAGE = "page"
    VECTOR = "vector"
    PIXEL = "pixel"
    TINY = "tiny"
    PLACEHOLDER = "placeholder"
    BOMB = "bomb"
    ENDLESS = "endless"
    STALLED = "stalled"
    RESET = "reset"
    GONE = "gone"
    WITHDRAWN = "withdrawn"
    DOWN = "down"
    LOOP = "loop"
    INWARD = "inward"
    TO_FILE = "to_file"
    ROBOTS = "robots"
    CLOSED = "closed"
    NO_AI = "no_ai"
    TDM = "tdm"
    OFF_TOPIC = "off_topic"


@dataclass(frozen=True, slots=True)
class Sort:
    """One kind, described."""

    kind: Kind
    count: int  # for each class
    about: str  # one line for people
    reasons: tuple[Reason, ...] = ()  # what a scraper may say of it; none = it is to be kept

    @property
    def good(self) -> bool:
        """Is it one of the distinct pictures that belong in a dataset?"""
        return not self.reasons and self.kind not in {Kind.OFF_TOPIC, Kind.STRAY}


CONNECTION = (Reason.NETWORK, Reason.TRUNCATED, Reason.HOST_DOWN)
SORTS = (
    Sort(Kind.GOOD, 394, "distinct pictures, served plainly"),
    Sort(Kind.SLOW, 3, "pictures that drip in for two seconds"),
    Sort(Kind.MOVED, 12, "pictures behind a redirect"),
    Sort(Kind.CHAIN, 4, "pictures behind a chain of three redirects"),
    Sort(Kind.HICCUP, 5, "pictures whose server says 500 at first"),
    Sort(Kind.BUSY, 4, "pictures whose server says 429, come back in a second"),
    Sort(Kind.MISNAMED, 12, "WebP and PNG named and labelled JPEG"),
    Sort(Kind.RESCUED, 10, "originals that are gone (404) with a copy at Bing"),
    Sort(Kind.OTHER_BOT, 6, "pictures closed to another robot, not to us"),
    Sort(Kind.STRAY, 6, "pictures of another class, found under this one's name"),
    Sort(Kind.COPY, 40, "exact copies at another address", (Reason.DUPLICATE_BYTES, Reason.DUPLICATE_URL)),
    Sort(
        Kind.NEAR,
        60,
        "near copies: recompressed, resized, trimmed, brightened, converted",
        (Reason.DUPLICATE_PICTURE,),
    ),
    Sort(Kind.TRUNCATED, 8, "files that end in the middle", (Reason.TRUNCATED, Reason.BROKEN)),
    Sort(Kind.CUT_OFF, 2, "answers shorter than they announce", CONNECTION),
    Sort(Kind.EMPTY, 4, "files of 0 bytes", (Reason.NOT_IMAGE, Reason.TRUNCATED)),
    Sort(Kind.PAGE, 8, "sign-in pages named .jpg", (Reason.NOT_IMAGE,)),
    Sort(Kind.VECTOR, 3, "SVG drawings", (Reason.UNSUPPORTED,)),
    Sort(Kind.PIXEL, 5, "tracking pixels, 1 × 1", (Reason.TOO_SMALL, Reason.DUPLICATE_BYTES, Reason.PLACEHOLDER)),
    Sort(Kind.TINY, 4, "thumbnails of 48 pixels", (Reason.TOO_SMALL,)),
    Sort(
        Kind.PLACEHOLDER,
        10,
        'one "image removed" under many addresses',
        (Reason.PLACEHOLDER, Reason.DUPLICATE_BYTES),
    ),
    Sort(Kind.BOMB, 2, "PNG of 60,000 × 60,000 pixels in a hundred bytes", (Reason.TOO_MANY_PIXELS, Reason.BAD_ASPECT)),
    Sort(Kind.ENDLESS, 1, "a body that never ends", (Reason.TOO_LARGE,)),
    Sort(Kind.STALLED, 1, "a body that stops and waits", (Reason.STALLED, Reason.TIMEOUT, *CONNECTION)),
    Sort(Kind.RESET, 3, "connections reset in the middle", CONNECTION),
    Sort(Kind.GONE, 12, "addresses that are gone (404)", (Reason.GONE,)),
    Sort(Kind.WITHDRAWN, 4, "addresses withdrawn (410)", (Reason.GONE,)),
    Sort(Kind.DOWN, 2, "a server that answers 500 for ever", (Reason.HTTP_5XX, Reason.HOST_DOWN)),
    Sort(Kind.LOOP, 2, "redirects that go round in a circle", (Reason.TOO_MANY_REDIRECTS,)),
    Sort(
        Kind.INWARD,
        2,
        "redirects to a mail port or a forbidden address",
        (Reason.BLOCKED_PORT, Reason.BLOCKED_ADDRESS, Reason.NETWORK),
    ),
    Sort(Kind.TO_FILE, 1, "a redirect to file:", (Reason.BAD_URL,)),
    Sort(Kind.ROBOTS, 6, "pictures that robots.txt closes to us", (Reason.ROBOTS,)),
    Sort(Kind.CLOSED, 2, "pictures of a host whose robots.txt cannot be had", (Reason.ROBOTS,)),
    Sort(Kind.NO_AI, 5, "pictures whose answer says noai", (Reason.OPT_OUT,)),
    Sort(Kind.TDM, 3, "pictures whose answer reserves text and data mining", (Reason.OPT_OUT,)),
    Sort(Kind.OFF_TOPIC, 10, "pictures of something else, behind Bing's less fitting proposals"),
)
SORT = {sort.kind: sort for sort in SORTS}
DISTINCT = sum(sort.count for sort in SORTS if sort.good)  # good pictures of one class: 450
