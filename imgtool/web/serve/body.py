"""The pictures in a request, whatever way they were sent: as a form, as they are, or as JSON."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from starlette.requests import Request

from imgtool.web.serve.arriving import chunks, whole
from imgtool.web.serve.parts import PICTURE, PICTURES, Form, Upload, parted, shown, too_large, too_many
from imgtool.web.serve.room import SHARE
from imgtool.web.serve.wrong import Wrong

if TYPE_CHECKING:
    from imgtool.web.serve.hall import Hall

__all__ = ["Form", "Upload", "form", "pictures"]

SIGNS = 1000  # brackets and commas: 32 pictures need a hundred, and each may cost 60 bytes of memory
WAYS = "Send a form (multipart/form-data), a picture's bytes (image/…), or JSON."

Way: TypeAlias = Callable[[Request], Awaitable[Form]]


async def pictures(request: Request) -> list[Upload]:
    """What was sent, at least one; Wrong says why it cannot be had."""
    return (await form(request)).uploads


async def form(request: Request) -> Form:
    """The pictures and what was said beside them."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    way = raw if kind.startswith("image/") else READERS.get(kind)
    if way is None:
        raise Wrong(415, "unsupported", f"Nobody here reads {kind or 'what has no type'}.", WAYS)
    found = await way(request)
    if not found.uploads:
        raise Wrong(422, "no_picture", "There is no picture in it.", WAYS)
    return found


async def parts(request: Request) -> Form:
    """As a form."""
    async with aclosing(chunks(request)) as pieces:
        return await parted(request.headers["content-type"], pieces)


async def raw(request: Request) -> Form:
    """One, as it is."""
    data = await whole(request)
    if len(data) > PICTURE:
        raise too_large()
    return Form([Upload(shown(request.query_params.get("name", "")), data)] if data else [])


async def written(request: Request) -> Form:
    """As JSON: `{"image": "…"}`, `{"images": ["…", {"name": "…", "image": "…"}]}` or `{"url": "…"}`."""
    asked = await asyncio.to_thread(read, await whole(request))
    fields = {key: value for key, value in asked.items() if isinstance(value, str) and key not in ("image", "url")}
    if "url" in asked:
        return Form([await fetched(request, asked["url"])], fields)
    several = asked.get("images", [asked["image"]] if "image" in asked else [])
    if not isinstance(several, list):
        raise wrong_shape("images should be a list.")
    if len(several) > PICTURES:
        raise too_many()
    return Form(await asyncio.to_thread(lambda: [decoded(each) for each in several]), fields)


READERS: Mapping[str, Way] = MappingProxyType(
    {"multipart/form-data": parts, "application/octet-stream": raw, "application/json": written}
)


def read(body: bytes) -> dict[str, Any]:
    """The object, or Wrong."""
    if sum(map(body.count, (b"[", b"{", b","))) > SIGNS:
        raise Wrong(413, "too_large", "That is too much JSON.", f"A request may have {PICTURES} pictures.")
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise Wrong(400, "bad_request", "This is no JSON.") from None
    if not isinstance(value, dict):
        raise wrong_shape("Send an object.")
    return value


def decoded(said: object) -> Upload:
    """A picture in base64, maybe with a name, maybe as a data URL."""
    name, data = (said.get("name", ""), said.get("image")) if isinstance(said, dict) else ("", said)
    if not isinstance(name, str) or not isinstance(data, str):
        raise wrong_shape("An image should be a text: its bytes in base64.")
    try:
        body = base64.b64decode(data.partition(",")[2] if data.startswith("data:") else data, validate=True)
    except (binascii.Error, ValueError):
        raise wrong_shape("An image is no base64.") from None
    if len(body) > PICTURE:
        raise too_large()
    return Upload(shown(name), body)


async def fetched(request: Request, url: object) -> Upload:
    """A picture from an address, if that is allowed here."""
    hall: Hall = request.app.state.hall
    if not hall.allow_url:
        raise Wrong(403, "no_urls", "Addresses are not fetched here.", "Start it with --allow-url.")
    if not isinstance(url, str):
        raise wrong_shape("url should be a text.")
    data = await hall.fetched(url)
    request.scope[SHARE].take(len(data))
    return Upload(shown(url), data)


def wrong_shape(message: str) -> Wrong:
    """JSON that says something else."""
    return Wrong(422, "makes_no_sense", message)
