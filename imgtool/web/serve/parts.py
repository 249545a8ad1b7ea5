"""multipart/form-data taken apart as it arrives: few parts, short headers, nothing on disk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from imgtool.web.serve.room import MIB
from imgtool.web.serve.wrong import Wrong

PICTURE = 32 * MIB  # bytes of one picture: as much as a scrape takes
PICTURES = 32  # of a request: a batch
FIELDS = 16  # other parts
FIELD = 16 * 1024  # bytes of one
PLEASE = "A part with a picture needs a filename."
NAME = 200  # characters of a file's name that are kept; it is shown and never a path


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture that was sent."""

    name: str  # as its sender calls it; for eyes only
    data: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """What was sent."""

    uploads: list[Upload] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)


class Parts:
    """A parser's ears."""

    def __init__(self) -> None:
        self.form = Form()
        self.ended = False
        self._header = b""
        self._value = b""
        self._options: dict[bytes, bytes] = {}
        self._body = bytearray()

    def on_part_begin(self) -> None:
        """A new part."""
        self._options = {}
        self._body = bytearray()

    def on_header_begin(self) -> None:
        """A header's name comes."""
        self._header = self._value = b""

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        """A piece of it."""
        self._header += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        """A piece of its value."""
        self._value += data[start:end]

    def on_header_end(self) -> None:
        """Only one header matters."""
        if self._header.lower() == b"content-disposition":
            self._options = parse_options_header(self._value)[1]

    def on_headers_finished(self) -> None:
        """One part too many ends it before its bytes come."""
        if b"name" not in self._options:
            raise Wrong(400, "bad_request", "A part has no name.")
        if self._file and len(self.form.uploads) >= PICTURES:
            raise too_many()
        if not self._file and len(self.form.fields) >= FIELDS:
            raise Wrong(413, "too_large", "That is too many fields.")

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """A piece of its content."""
        self._body += data[start:end]
        if len(self._body) > (PICTURE if self._file else FIELD):
            raise too_large() if self._file else Wrong(413, "too_large", "A field is too long.", PLEASE)

    def on_part_end(self) -> None:
        """It is whole."""
        if self._file:
            self.form.uploads.append(Upload(shown(text(self._options[b"filename"])), bytes(self._body)))
        else:
            self.form.fields[text(self._options[b"name"])] = text(bytes(self._body))
        self._body = bytearray()

    def on_end(self) -> None:
        """Nothing is missing."""
        self.ended = True

    @property
    def _file(self) -> bool:
        return b"filename" in self._options


HEARD = (
    "on_part_begin",
    "on_header_begin",
    "on_header_field",
    "on_header_value",
    "on_header_end",
    "on_headers_finished",
    "on_part_data",
    "on_part_end",
    "on_end",
)


async def parted(content_type: str, pieces: AsyncIterator[bytes]) -> Form:
    """The form in a body; Wrong when it is none."""
    boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
    if not boundary:
        raise Wrong(400, "bad_request", "The parts have no boundary.")
    parts = Parts()
    try:
        parser = MultipartParser(boundary, {name: getattr(parts, name) for name in HEARD})  # type: ignore[arg-type]
        async for piece in pieces:
            parser.write(piece)
    except FormParserError:
        raise Wrong(400, "bad_request", "The parts cannot be told apart.") from None
    if not parts.ended:
        raise Wrong(400, "bad_request", "The last part has no end.")
    return parts.form


def too_large() -> Wrong:
    """A picture is."""
    return Wrong(413, "too_large", "A picture is too large.", f"One may have {PICTURE // MIB} MiB.")


def too_many() -> Wrong:
    """The pictures are."""
    return Wrong(413, "too_large", "These are too many pictures.", f"A request may have {PICTURES}.")


def text(raw: bytes) -> str:
    """As text, whatever it is."""
    return raw.decode("utf-8", "replace")


def shown(name: str) -> str:
    """A file's name without its folders and without what no name has."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in last)[:NAME]
