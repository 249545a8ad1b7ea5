"""API keys: read from the environment only, kept out of every repr, and known to those who strike them from texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from imgtool.errors import UsageError

SHORTEST = 4  # shorter "secrets" would strike out ordinary words, and no service gives such keys

_NAME = re.compile(r"IMGTOOL_[A-Z0-9_]*KEY(_FILE)?")


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """The keys that the environment holds, by the name of their variable."""

    pairs: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """The key in `IMGTOOL_…_KEY`, or "" where there is none."""
        return dict(self.pairs).get(name, "")

    @property
    def values(self) -> tuple[str, ...]:
        """The secrets themselves, to be struck from what is shown."""
        return tuple(value for _, value in self.pairs)

    def __repr__(self) -> str:
        """The names alone."""
        return f"Keys({', '.join(name for name, _ in self.pairs)})"


def is_key(name: str) -> bool:
    """Is this the name of a variable that holds a key, or the path of a file with one?"""
    return _NAME.fullmatch(name) is not None


def read_keys(environ: Mapping[str, str]) -> Keys:
    """All keys of the environment; `IMGTOOL_X_KEY` goes before `IMGTOOL_X_KEY_FILE`."""
    found: dict[str, str] = {}
    for variable in sorted(name for name in environ if is_key(name) and environ[name].strip()):
        name = variable.removesuffix("_FILE")
        value = environ[variable] if name == variable else _from_file(variable, environ[variable])
        found.setdefault(name, _one_line(variable, value))
    return Keys(tuple(found.items()))


def _from_file(variable: str, path: str) -> str:
    try:
        return Path(path).expanduser().read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not text"
        raise UsageError(
            f"{variable} names the file {path!r}, which cannot be read: {why}.",
            hint=f"Let {variable} name a text file that holds the key and nothing else.",
        ) from None


def _one_line(variable: str, value: str) -> str:
    key = value.strip()
    if not key.isascii() or not key.isprintable() or " " in key:
        raise UsageError(
            f"{variable} does not hold a key: there are blanks, line breaks or odd characters in it.",
            hint="A key is one line of letters, digits and signs. (Its value is not shown here on purpose.)",
        )
    return key


def spoken(keys: Keys, proxy: str) -> tuple[str, ...]:
    """Every secret text that no output may hold: keys, and the proxy's password, raw and unquoted."""
    try:
        word = urlsplit(proxy).password or ""
    except ValueError:
        word = ""
    return tuple(text for text in (*keys.values, word, unquote(word)) if len(text) >= SHORTEST)
