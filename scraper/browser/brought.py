"""What a browser's page held and what scrolling brought, as one text that the engines' readers understand.

The first results stand in the page's own scripts. Those that scrolling adds come in answers to requests of the page
and leave no trace in its HTML but a thumbnail, so these answers are put behind it:

    <script type="application/json" data-imgtool="xhr">…</script>
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

BEFORE, AFTER = b'\n<script type="application/json" data-imgtool="xhr">', b"</script>"

# Thumbnails written into the page: no reader wants them, and a page of 500 results has megabytes of them.
_WRITTEN_OUT = re.compile(r"data:image/[\w.+-]+;base64,[\w+/=%\\-]+")
_NAMES_PICTURES = re.compile(r"encrypted-tbn|imgurl=|iusc")
_CLOSING = re.compile(r"</(?=script)", re.IGNORECASE)
_ROW = "wrb.fr"  # what each answer in a batch begins with: ["wrb.fr", name, "the answer, as JSON in a string", …]


def lightened(html: str) -> str:
    """The page without the pictures written out in it."""
    return _WRITTEN_OUT.sub("data:,", html)


def names_pictures(answer: str) -> bool:
    """Is the answer to a page's request about pictures?"""
    return _NAMES_PICTURES.search(answer) is not None


def together(html: str, answers: Iterable[str], limit: int) -> bytes:
    """The page and the answers behind it, as many as fit within `limit` bytes."""
    whole = bytearray(lightened(html).encode("utf-8", "replace"))
    for answer in answers:
        text = _CLOSING.sub(r"<\\/", lightened(unbatched(answer)))  # the same in JSON, and ends no script
        piece = BEFORE + text.encode("utf-8", "replace") + AFTER
        if len(whole) + len(piece) > limit:
            break
        whole += piece
    return bytes(whole)


def unbatched(answer: str) -> str:
    """A batch of answers with their JSON taken out of its strings; any other answer as it is."""
    inner = [text for line in answer.splitlines() if _ROW in line for text in _payloads(line)]
    return "\n".join(inner) or answer


def _payloads(line: str) -> Iterator[str]:
    try:
        rows = json.loads(line)
    except (ValueError, RecursionError):
        return
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, list) and row[:1] == [_ROW] and isinstance(row[2:3], list):
            yield from (text for text in row[2:3] if isinstance(text, str))
