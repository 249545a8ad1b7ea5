"""The nouns: a name for every state a picture passes through.

    Query ──search──▶ ImageRef ──fetch──▶ Fetched ──decode──▶ Picture ──decide──▶ Kept
                                    └──────────────┴────────────────┴───▶ Skipped

All are frozen and slotted, made of the standard library alone, and safe to send to another process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


class Reason(StrEnum):
    """Why a picture is not in the dataset. The values are what users see, count and retry by."""

    # its address
    BAD_URL = "bad_url"
    BLOCKED_ADDRESS = "blocked_address"
    BLOCKED_PORT = "blocked_port"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    DOWNGRADE = "downgrade"  # a redirect from https to http
    # the way to it
    DNS = "dns"
    NETWORK = "network"
    TLS = "tls"
    TIMEOUT = "timeout"
    STALLED = "stalled"
    # what its server says
    GONE = "gone"  # 404, 410
    LEGAL = "legal"  # 451
    RATE_LIMITED = "rate_limited"  # 429
    HTTP_4XX = "http_4xx"
    HTTP_5XX = "http_5xx"
    HOST_DOWN = "host_down"  # the circuit breaker of its host is open
    ROBOTS = "robots"
    OPT_OUT = "opt_out"
    # its bytes
    TOO_LARGE = "too_large"
    DECODE_BOMB = "decode_bomb"
    TRUNCATED = "truncated"
    NOT_IMAGE = "not_image"
    UNSUPPORTED = "unsupported"  # an image, of a format we do not take: SVG, EPS, PDF
    # its pixels
    BROKEN = "broken"
    DECODER_CRASH = "decoder_crash"
    TOO_SMALL = "too_small"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_FRAMES = "too_many_frames"
    BAD_ASPECT = "bad_aspect"
    PLACEHOLDER = "placeholder"
    # its place in the set
    DUPLICATE_URL = "duplicate_url"
    DUPLICATE_BYTES = "duplicate_bytes"
    DUPLICATE_PICTURE = "duplicate_picture"
    LICENCE = "licence"
    REMOVED = "removed"  # a person took it out; it is not fetched again


@dataclass(frozen=True, slots=True)
class Filters:
    """What the pictures should be like, in our words; each engine translates what it can."""

    size: str = ""  # small medium large wallpaper
    colour: str = ""  # colour mono red orange yellow green teal blue purple pink brown black gray white
    kind: str = ""  # photo clipart lineart animated transparent face
    aspect: str = ""  # square wide tall
    licence: tuple[str, ...] = ()  # any public cc0 pdm by by-sa by-nc by-nd by-nc-sa by-nc-nd commercial modify
    age: str = ""  # day week month year
    safe: str = "strict"  # strict moderate off
    market: str = ""  # en-US, de-DE …


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: words for an engine, and the class its pictures belong to."""

    label: str
    text: str
    filters: Filters = Filters()


@dataclass(frozen=True, slots=True)
class ImageRef:
    """A picture that an engine says exists: where it is, where it came from, what is claimed of it."""

    url: str
    label: str
    engine: str
    query: str = ""
    page_url: str = ""
    title: str = ""
    width: int = 0  # claimed, 0 = not said
    height: int = 0
    thumb_url: str = ""
    fallback_url: str = ""  # another full-size copy, tried when `url` is dead
    key: str = ""  # the engine's own name for the very same picture; equal keys are equal pictures
    licence: str = ""  # as claimed: "by-sa 4.0"; "" = unknown, never shown as free
    licence_url: str = ""
    creator: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Fetched:
    """Bytes that arrived whole, in a temporary file, and what their server said of them."""

    ref: ImageRef
    path: str
    size: int  # bytes
    final_url: str
    notes: Mapping[str, str] = field(default_factory=dict)  # etag, address, attempts, opt-out headers …


@dataclass(frozen=True, slots=True)
class Refusal:
    """A no with its reason, before anybody knows which picture it is about."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """What one decode tells: everything later commands need, so that none decodes again."""

    sha256: str
    size: int  # bytes
    format: str  # jpeg png webp gif avif bmp tiff heif
    width: int  # upright: after EXIF orientation
    height: int
    mode: str  # as stored: RGB L CMYK P RGBA I;16 …
    frames: int
    orientation: int  # EXIF, 1–8
    phash: int  # 64 bits, bit-equal to imagehash.phash on the pixels named by `pixels`
    dhash: int
    pixels: str  # how the hashed pixels were made: "full", "jpeg/8", "jpeg/4" …; like is compared with like
    thumb: bytes  # 32 × 32 grey, raw rows: the second look at near-duplicates
    mean: float  # grey statistics of the thumbnail's source, 0–255
    std: float
    sharpness: float  # variance of the Laplacian on the hashed pixels


@dataclass(frozen=True, slots=True)
class Skipped:
    """A picture that is not to be had, and why."""

    ref: ImageRef
    reason: Reason
    detail: str = ""
    status: int = 0  # the HTTP status, if it came so far


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture that is in the dataset."""

    ref: ImageRef
    path: str  # relative to the dataset, POSIX slashes
    picture: Picture


Outcome: TypeAlias = Kept | Skipped


@dataclass(frozen=True, slots=True)
class EngineReport:
    """What one engine did for one class."""

    engine: str
    verdict: str  # the last answer: "ok", "no_results", "blocked: captcha" …
    pages: int = 0
    seen: int = 0  # pictures named by its pages
    new: int = 0  # of which nobody had named before
    repeated: int = 0
    kept: int = 0
    stopped: str = ""  # why it ended, one sentence


@dataclass(frozen=True, slots=True)
class ClassReport:
    """What became of one class."""

    label: str
    folder: str  # relative to the dataset
    wanted: int | None  # None = everything that a list names
    kept: int  # in the folder now
    new: int  # of which this run brought
    spare: int  # fetched and good, waiting for a larger n
    skipped: Mapping[str, int] = field(default_factory=dict)  # by Reason
    engines: tuple[EngineReport, ...] = ()
    seconds: float = 0.0

    @property
    def complete(self) -> bool:
        """Did it get what was asked for?"""
        return self.kept >= (self.wanted or 1)


@dataclass(frozen=True, slots=True)
class ScrapeReport:
    """What became of one `scrape`."""

    dataset: str
    classes: tuple[ClassReport, ...]
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A picture of a dataset: where it lies, what class it is of, what one decode told."""

    path: str  # relative to the dataset, POSIX slashes
    label: str
    picture: Picture
    at: str = ""  # when it came, ISO 8601; the earlier of two twins is the original


@dataclass(frozen=True, slots=True)
class Twin:
    """A member of a group that shows the same as its keeper."""

    entry: Entry
    distance: int  # bits between the hashes
    likeness: float  # of the pictures themselves, 1.0 = the same
    how: str  # "bytes", "looks", "mirrored", "turned"


@dataclass(frozen=True, slots=True)
class Group:
    """Pictures that show the same: the one that stays, and why, and the others."""

    keeper: Entry
    why: str  # "most pixels", "fewest artefacts", "came first", "folder NAME"
    twins: tuple[Twin, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a picture that a person may want to look at."""

    path: str
    label: str
    check: str  # "blank", "blurred", "tiny" …
    score: float  # suspicion, 0 to 1
    detail: str
