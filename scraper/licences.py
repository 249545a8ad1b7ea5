"""Licences as claimed, in one short form: "cc0", "pdm", "by 4.0", "by-sa 3.0". What is unknown is never free."""

from __future__ import annotations

import re

CODES = ("cc0", "pdm", "by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd")

# What the words of --license stand for. `commercial` and `modify` are conditions: all of them must hold.
WORDS: dict[str, frozenset[str]] = {
    **{code: frozenset({code}) for code in CODES},
    "any": frozenset(CODES),
    "public": frozenset({"cc0", "pdm"}),
}
CONDITIONS: dict[str, frozenset[str]] = {
    "commercial": frozenset(code for code in CODES if "nc" not in code),
    "modify": frozenset(code for code in CODES if "nd" not in code),
}

# The classes that Bing (and DuckDuckGo, on Bing's index) filter by: an engine that filtered by one claims the
# class, not a licence. Bing's L1 is public domain, L2 to L7 are the Creative Commons six.
CLASSES: dict[str, frozenset[str]] = {
    "filter: any": frozenset(CODES),
    "filter: share": frozenset(code for code in CODES if code.startswith("by")),
    "filter: modify": frozenset({"by", "by-sa", "by-nc", "by-nc-sa"}),
    "filter: share commercially": frozenset({"by", "by-sa", "by-nd"}),
    "filter: public": frozenset({"cc0", "pdm"}),
    "filter: modify commercially": frozenset({"by", "by-sa"}),
}

# flickr.photos.licenses.getInfo. The 4.0 family of 2025 got numbers above 10 that we could not verify:
# they stay unknown rather than wrong.
FLICKR: dict[int, str] = {
    0: "all rights reserved",
    1: "by-nc-sa 2.0",
    2: "by-nc 2.0",
    3: "by-nc-nd 2.0",
    4: "by 2.0",
    5: "by-sa 2.0",
    6: "by-nd 2.0",
    7: "no known restrictions",  # a library's opinion, not a licence
    8: "us government work",  # free in the United States only
    9: "cc0",
    10: "pdm",
}

LONGEST = 80  # characters of a licence we do not know

_URL = re.compile(
    r"creativecommons\.org/(?:licenses|publicdomain)/(?P<code>[a-z+-]+)(?:/(?P<version>\d\.\d))?", re.IGNORECASE
)
_SHORT = re.compile(  # words may follow a version ("4.0 International", "3.0 de"), not a bare "by": "by John"
    r"(?:cc[ -]+)?(?P<code>by(?:-(?:nc|nd|sa))*)(?:[ -]v?(?P<version>\d\.\d)(?:[ ,-].*)?|(?: licen[cs]e)?)"
)
_FORM = re.compile(r"(?P<code>[a-z0-9-]+)(?: \d\.\d)?")
_PUBLIC = {"zero": "cc0", "mark": "pdm", "publicdomain": "pdm"}
_DEEDS = {
    "cc0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "pdm": "https://creativecommons.org/publicdomain/mark/1.0/",
}
_PREFIXES = (
    (re.compile(r"(cc[ -]?0|cc[ -]zero|creative commons (zero|0))\b"), "cc0"),
    (re.compile(r"(pdm\b|pd\b|cc-pddc\b|public[ -]?domain\b)"), "pdm"),
    (re.compile(r"all rights reserved"), "all rights reserved"),
    (re.compile(r"no known (copyright )?restrictions"), "no known restrictions"),
    (re.compile(r"(us|united states) government work"), "us government work"),
)
_NAMES = (
    ("creative commons ", ""),
    ("attribution", "by"),
    ("noncommercial", "nc"),
    ("non-commercial", "nc"),
    ("noderivatives", "nd"),
    ("noderivs", "nd"),
    ("no derivatives", "nd"),
    ("sharealike", "sa"),
    ("share alike", "sa"),
)


def short(claimed: str, url: str = "") -> str:
    """A licence's name, address, SPDX id → its short form; one we do not know → its own words; nothing → ""."""
    words = " ".join(claimed.split()).lower()
    return _address(words) or _name(words) or _address(url) or words[:LONGEST].strip()


def flickr(number: int) -> str:
    """Flickr's number → the short form; "" for numbers we do not know."""
    return FLICKR.get(number, "")


def deed(form: str) -> str:
    """Where a short form's terms are written; "" for what has no such place."""
    code, _, version = form.partition(" ")
    if code in _DEEDS:
        return _DEEDS[code]
    return f"https://creativecommons.org/licenses/{code}/{version}/" if code in CODES and version else ""


def flickr_numbers(wanted: tuple[str, ...]) -> list[int]:
    """The Flickr numbers whose licences are wanted."""
    return [number for number in FLICKR if wanted and allowed(FLICKR[number], wanted)]


def wanted_codes(wanted: tuple[str, ...]) -> frozenset[str]:
    """The codes that --license lets through: the union of its codes, within every condition it names."""
    named = [WORDS[word] for word in wanted if word in WORDS]
    strange = any(word not in WORDS and word not in CONDITIONS for word in wanted)
    codes = frozenset().union(*named) if named or strange else frozenset(CODES)
    for word in wanted:
        codes &= CONDITIONS.get(word, codes)
    return codes


def codes_of(claimed: str) -> frozenset[str]:
    """What a claim may mean: one code, the codes of a class, or nothing we know."""
    if claimed in CLASSES:
        return CLASSES[claimed]
    form = _FORM.fullmatch(claimed)
    return frozenset({form["code"]} & set(CODES)) if form else frozenset()


def allowed(claimed: str, wanted: tuple[str, ...]) -> bool:
    """May a picture with this claim be kept? Whatever it may mean must be wanted; unknown is never free."""
    if not wanted:
        return True
    codes = codes_of(claimed)
    return bool(codes) and codes <= wanted_codes(wanted)


def widest_class(wanted: tuple[str, ...]) -> str:
    """The widest class of an engine's filter that holds nothing unwanted; "" if even the narrowest does."""
    codes = wanted_codes(wanted)
    fitting = [name for name, members in CLASSES.items() if wanted and members <= codes]
    return max(fitting, key=lambda name: len(CLASSES[name]), default="")


def _address(url: str) -> str:
    found = _URL.search(url)
    if not found:
        return ""
    code = found["code"].lower()
    return _PUBLIC.get(code) or _form(code, found["version"])


def _name(words: str) -> str:
    for pattern, form in _PREFIXES:
        if pattern.match(words):
            return form
    for long, brief in _NAMES:
        words = words.replace(long, brief)
    found = _SHORT.fullmatch(re.sub(r"\bcc-", "cc ", words))
    return _form(found["code"], found["version"]) if found else ""


def _form(code: str, version: str | None) -> str:
    parts = code.split("-")
    ordered = "-".join(part for part in ("by", "nc", "nd", "sa") if part in parts)
    if len(parts) != len(set(parts)) or ordered not in CODES or len(ordered) != len(code):
        return ""
    return f"{ordered} {version}" if version else ordered
