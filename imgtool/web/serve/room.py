"""How much of what visitors send is held at once, by all of them together: memory is bounded whatever comes."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from imgtool.web.serve.wrong import Wrong

MIB = 1024 * 1024
ROOM = 256 * MIB  # four of the largest requests, or a thousand usual ones
SHARE = "imgtool.share"  # its key in a request's scope


@dataclass(slots=True, eq=False)
class Room:
    """What is held."""

    size: int = ROOM
    held: int = 0


@dataclass(slots=True, eq=False)
class Share:
    """What is held for one request."""

    room: Room
    held: int = 0

    def take(self, count: int) -> None:
        """So many bytes more; Wrong, 429, when others hold too much."""
        if self.room.held + count > self.room.size:
            raise Wrong(
                429, "too_many", "Too much is being sent at once.", "Send it again in 1 s.", {"retry-after": "1"}
            )
        self.room.held += count
        self.held += count


class Roomed:
    """An app whose requests give back what they held when they are answered."""

    def __init__(self, app: ASGIApp, room: Room) -> None:
        self.app = app
        self.room = room

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on with its share."""
        share = scope[SHARE] = Share(self.room)
        try:
            await self.app(scope, receive, send)
        finally:
            self.room.held -= share.held
