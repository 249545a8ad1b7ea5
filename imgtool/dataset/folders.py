"""A label in, a folder name out: inside the dataset on every system, and distinct for distinct labels."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from imgtool.errors import UsageError

LONGEST = 60  # characters; with four bytes each still under the 255 bytes of a file name
HIDDEN = ".imgtool"
DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in range(10)
}
UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')


def clean(label: str) -> str:
    """The label as it is stored and shown: NFC, without control and direction characters, one space between words."""
    text = unicodedata.normalize("NFC", label)
    text = "".join(" " if unicodedata.category(c) in {"Cc", "Zs", "Zl", "Zp"} else c for c in text)
    text = "".join(c for c in text if not _steers(c))
    text = " ".join(text.split())
    if not text:
        message = f"A class needs a name; received {label!r}."
        raise UsageError(message, hint="Name what you want pictures of, e.g. `imgtool scrape pikachu`.")
    return text


def folder(label: str) -> str:
    """The folder of a class. What had to be changed to fit leaves a short mark, so that two labels never share one."""
    text = clean(label)
    name = UNSAFE.sub("_", text).strip(". ")[:LONGEST].rstrip(". ")
    name = name.lstrip("-~")
    if name and name == text and not _reserved(name):
        return name
    safe = f"_{name}" if _reserved(name) else name
    return apart(safe or "class", text)


def clashes(a: str, b: str) -> bool:
    """Would these two folders be one on a file system that ignores case?"""
    return a != b and _folded(a) == _folded(b)


def apart(name: str, label: str) -> str:
    """A folder name that stays distinct even where case is ignored."""
    return f"{name}-{hashlib.sha256(label.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _reserved(name: str) -> bool:
    return name.split(".", maxsplit=1)[0].casefold() in DEVICES or name.casefold() == HIDDEN


def _steers(char: str) -> bool:
    # direction overrides and zero-width marks can make a folder look like another;
    # the joiner of emoji families (U+200D) is not one of them
    return unicodedata.category(char) in {"Cf", "Cs", "Co"} and char != "\u200d"
