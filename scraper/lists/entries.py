"""What a list gives: pictures, and lines that could not be read. One row of any table becomes one or the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from imgtool.records import ImageRef, Refusal
from scraper import licences, loose
from scraper.urls import clean, has_credentials

# Names of columns, without case, blanks and signs between words; the first that holds something counts.
# "image" goes before "url": where a table has both, "url" is the page.
COLUMNS: dict[str, tuple[str, ...]] = {
    "url": (
        *("imageurl", "imgurl", "murl", "contenturl", "originalurl", "largeimageurl", "webformaturl", "pictureurl"),
        *("image", "img", "picture", "url", "uri", "src", "link", "href"),
    ),
    "page": ("pageurl", "page", "foreignlandingurl", "sourceurl", "hostpageurl", "purl", "webpage", "referrer", "url"),
    "title": ("title", "caption", "text", "alt", "name", "description"),
    "licence": ("licence", "license", "licencename", "licensename"),
    "licence_url": ("licenceurl", "licenseurl"),
    "creator": ("creator", "author", "artist", "photographer", "ownername", "owner", "user"),
    "width": ("width", "originalwidth", "imagewidth", "w"),
    "height": ("height", "originalheight", "imageheight", "h"),
    "thumb": ("thumburl", "thumbnail", "thumbnailurl", "previewurl"),
    "fallback": ("fallbackurl",),
    "key": ("key",),
    "query": ("query",),
    "label": ("label", "class"),
}
WORDS = ("title", "licence", "creator", "key", "query", "label")
LINKS = ("page", "licence_url", "thumb", "fallback")
KNOWN = frozenset(COLUMNS["url"])

_SIGNS = re.compile(r"[\s_.-]+")
_ADDRESS = re.compile(r"\s*(?:https?:)?//|\s*data:", re.IGNORECASE)
_OWN_KEY = re.compile(r"[a-z0-9]{2,12}:[\w.-]{4,80}")  # "sha1:…", "bing:…"; others' keys are only their row numbers


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that names no picture, by its number (0: the file as a whole) and why."""

    number: int
    reason: str


Entry: TypeAlias = ImageRef | BadLine
Say = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class Maker:
    """Rows in, entries out, all for one class."""

    label: str
    say: Say  # told of what was changed without losing the picture: a line's number and a sentence

    def entry(self, number: int, row: Mapping[str, object]) -> Entry:
        """The picture that a row names; `row` has column names as `column` writes them."""
        raw = _picture(row)
        if not raw:
            return BadLine(number, "no address")
        url = clean(raw)
        if isinstance(url, Refusal):
            return BadLine(number, url.detail or url.reason.value)
        if has_credentials(raw):
            self.say(number, "user and password in the address were left out")
        return self._ref(number, url, row)

    def _ref(self, number: int, url: str, row: Mapping[str, object]) -> ImageRef:
        words = {name: loose.plain(_first(row, COLUMNS[name])) for name in WORDS}
        links = {
            name: loose.address(_first(row, COLUMNS[name])) for name in ("page", "licence_url", "thumb", "fallback")
        }
        return ImageRef(
            url=url,
            label=self.label or words["label"],
            engine="urls",
            query=words["query"],
            page_url=links["page"] if links["page"] != url else "",
            title=words["title"],
            width=loose.number(_first(row, COLUMNS["width"])),
            height=loose.number(_first(row, COLUMNS["height"])),
            thumb_url=links["thumb"],
            fallback_url=links["fallback"],
            key=words["key"] if _OWN_KEY.fullmatch(words["key"]) else "",
            licence=licences.short(words["licence"], links["licence_url"]),
            licence_url=links["licence_url"],
            creator=words["creator"],
            rank=number,
        )


def column(name: object) -> str:
    """`Image_URL`, `image url`, `imageUrl` → `imageurl`."""
    return _SIGNS.sub("", loose.text(name)).lower()


def looks_like_address(value: object) -> bool:
    """Does it begin as an address does?"""
    return isinstance(value, str) and _ADDRESS.match(value) is not None


def _picture(row: Mapping[str, object]) -> str:
    """The picture's address as written: the first column that looks like one, else the first with any text."""
    written = [value for name in COLUMNS["url"] if isinstance(value := row.get(name), str) and value.strip()]
    return next((value for value in written if looks_like_address(value)), written[0] if written else "")


def _first(row: Mapping[str, object], names: tuple[str, ...]) -> object:
    return next((row[name] for name in names if row.get(name)), "")
