"""The one way out of the browser: a proxy on loopback that vets every address and connects to the one it vetted.

A browser resolves names by itself and follows redirects without asking. Behind this gate it can do neither: every
connection, of a script, a redirect, a socket, is named here first. Whoever does not know the gate's password is
turned away, which holds for other programs on the machine and for what the browser would do on its own account.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeAlias

from imgtool.records import Reason, Refusal
from scraper.addresses import refuse_ip, vet
from scraper.browser.wire import Request, Road, exchange, no, read_request, tunnel
from scraper.limits import Limits

USER = "imgtool"
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
WHO = b'Proxy-Authenticate: Basic realm="imgtool"\r\n'
MARK = "x-imgtool-gate"  # the header of an answer that is the gate's own

Refuse: TypeAlias = Callable[[str], Refusal | None]  # an IP address in; why it may not be connected to, out


class Refused(Exception):
    """No connection is made there."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.refusal = Refusal(reason, detail)


class Gate:
    """Open between `async with` and its end, after which no connection is left."""

    def __init__(self, limits: Limits, refuse: Refuse | None = None) -> None:
        self._limits = limits
        self._refuse = refuse or (lambda ip: refuse_ip(ip, allow_private=limits.allow_private))
        self._tasks: set[asyncio.Task[None]] = set()
        self.password = secrets.token_urlsafe(16)
        self.trouble: Refusal | None = None  # why the latest request that did not get through did not

    async def __aenter__(self) -> Self:
        self._pass = b"Basic " + b64encode(f"{USER}:{self.password}".encode())
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(Road(reader, writer)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, browser: Road) -> None:
        with browser.closing(), suppress(OSError, EOFError, ValueError, asyncio.LimitOverrunError):
            request = await read_request(browser)
            if request.password != self._pass:
                browser.writer.write(no(407, WHO))
                return
            try:
                there = await self._reach(request)
            except Refused as refused:
                self.trouble = refused.refusal
                browser.writer.write(no(403, f"{MARK}: {refused.refusal.reason.value}\r\n".encode()))
                return
            with there.closing():
                await self._join(request, browser, there)

    async def _join(self, request: Request, browser: Road, there: Road) -> None:
        if request.connect:
            browser.writer.write(ESTABLISHED)
            await tunnel(browser, there)
        else:
            await exchange(request, browser, there)

    async def _reach(self, request: Request) -> Road:
        """A connection to a vetted address of the request's host. Raises Refused."""
        address = vet(request.url, allow_private=self._limits.allow_private)
        if isinstance(address, Refusal):
            raise Refused(address.reason, address.detail)
        host = address.host
        try:
            async with asyncio.timeout(self._limits.connect):
                return await _connected(await self._vetted(host), address.port)
        except socket.gaierror:
            raise Refused(Reason.DNS, f"{host} has no address") from None
        except TimeoutError:
            raise Refused(Reason.TIMEOUT, f"no connection to {host} in time") from None
        except OSError as error:
            raise Refused(Reason.NETWORK, f"{host}: {error.strerror or error}") from None

    async def _vetted(self, host: str) -> list[str]:
        """The IP addresses of a name, of which one that is refused condemns all. Raises Refused, gaierror."""
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        for refusal in filter(None, map(self._refuse, addresses)):
            raise Refused(refusal.reason, f"{host} is {refusal.detail}")
        return addresses


async def _connected(addresses: list[str], port: int) -> Road:
    """The first of the addresses that takes a connection. Raises OSError."""
    for address in addresses[:-1]:
        with suppress(OSError):
            return Road(*await asyncio.open_connection(address, port))
    return Road(*await asyncio.open_connection(addresses[-1], port))
