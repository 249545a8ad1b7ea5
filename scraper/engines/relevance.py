"""Is a text about a query? Words alone decide; in doubt it is."""

from __future__ import annotations

import re
from urllib.parse import unquote

WORD = re.compile(r"\w+")
SHORT = 3  # letters; shorter words of the Latin alphabet are in almost every address
EMPTY = {"and", "for", "image", "images", "photo", "photos", "picture", "pictures", "real", "the", "with"}


def mentions(query: str, *texts: str) -> bool:
    """Is one of the query's words in one of the texts (addresses are unquoted)? True for a query without words."""
    told = " ".join(unquote(text) for text in texts).casefold()
    words = telling(query)
    return not words or any(word in told for word in words)


def telling(query: str) -> set[str]:
    """The words of a query that say something; all of them, where none does."""
    words = set(WORD.findall(query.casefold()))
    return {word for word in words - EMPTY if not word.isascii() or len(word) >= SHORT} or words
