"""What a browser sends: bounded in bytes and time, and of the shape that was agreed."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

LARGEST = 1 << 20  # bytes: some 25,000 ids of pictures
PATIENCE = 10.0  # s for all of it; it comes from the same machine
FARTHEST = 10**9  # no list is that long


async def sent(request: Request) -> dict[str, Any]:
    """The JSON object of a request, or an answer that says what is wrong with it."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415, "Send JSON.")
    try:
        async with asyncio.timeout(PATIENCE):
            body = await _bytes(request)
    except TimeoutError:
        raise HTTPException(408, "That took too long.") from None
    except ClientDisconnect:
        raise HTTPException(400, "It ended in the middle.") from None
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise HTTPException(400, "This is no JSON.") from None
    if not isinstance(value, dict):
        raise HTTPException(422, "Send an object.")
    return value


async def _bytes(request: Request) -> bytes:
    claimed = request.headers.get("content-length", "0")
    if not claimed.isdecimal() or int(claimed[:20]) > LARGEST:
        raise HTTPException(413, "That is too much at once.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise HTTPException(413, "That is too much at once.")
    return bytes(body)


def text(value: object, name: str) -> str:
    """A text, or 422."""
    if not isinstance(value, str):
        raise HTTPException(422, f"{name} should be a text.")
    return value


def texts(value: object, name: str) -> list[str]:
    """A list of texts, or 422."""
    if not isinstance(value, list):
        raise HTTPException(422, f"{name} should be a list.")
    return [text(each, name) for each in value]


def number(value: object, name: str) -> int:
    """A whole number from 0 on, or 422; text from an address counts too."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:12])
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= FARTHEST:
        raise HTTPException(422, f"{name} should be a whole number from 0 on.")
    return value
