"""HTTP for those who say what they want: a connection that does not get to the end of its head is closed."""

from __future__ import annotations

from asyncio import Transport
from asyncio.events import TimerHandle

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD = 10.0  # s for a request's head: it is one packet, but for those who only hold a place
LATE = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Patient(H11Protocol):
    """uvicorn's own, with a clock."""

    _clock: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """From now on it counts."""
        super().connection_made(transport)
        self._clock = self.loop.call_later(HEAD, self._late)

    def data_received(self, data: bytes) -> None:
        """A head that has come stops it; a piece of the next one starts it again."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop()
        elif self._clock is None:
            self._clock = self.loop.call_later(HEAD, self._late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there to be late."""
        self._stop()
        super().connection_lost(exc)

    def _late(self) -> None:
        self._clock = None
        if not self.transport.is_closing():
            self.transport.write(LATE)
            self.transport.close()

    def _stop(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
