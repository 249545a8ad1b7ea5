"""Requests sent and redirects followed, each hop vetted before a packet leaves."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import aiohttp
from yarl import URL

from imgtool.records import Reason, Refusal
from scraper.addresses import Address, own_server, refuse_name, vet
from scraper.doorway import Before, Unreachable
from scraper.files import scarce
from scraper.limits import Limits
from scraper.reply import Headers, Reply
from scraper.transport.mishaps import MISHAPS, unreachable
from scraper.transport.names import Lookup, Names
from scraper.transport.pace import Pace
from scraper.transport.proxies import Proxies, shown
from scraper.transport.stream import BUFFER, Body
from scraper.transport.watch import Watch

REDIRECTS = {301, 302, 303, 307, 308}
KEEPALIVE = 5.0  # seconds an idle connection is kept: 100,000 hosts must not hold 100,000 sockets
NAMES_LAST = 60  # seconds that a vetted answer of the resolver is used for new connections
PICTURE = {"Accept": "image/avif,image/webp,image/png,image/*;q=0.9,*/*;q=0.5", "Accept-Encoding": "identity"}
PAGE = {"Accept": "text/html,application/json;q=0.9,*/*;q=0.8", "Accept-Encoding": "gzip, deflate"}


class AiohttpTransport:
    """`doorway.Transport` on aiohttp; open between `async with` and its end."""

    def __init__(self, limits: Limits, *, lookup: Lookup | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.limits = limits
        self.proxies = Proxies(limits.proxy)
        self._lookup = lookup
        self._tls = tls

    async def __aenter__(self) -> Self:
        limits = self.limits
        self.watch = Watch(limits)
        self.pace = Pace(limits.first_byte)
        self.names = Names(allow_private=limits.allow_private, timeout=limits.connect, lookup=self._lookup)
        for proxy in self.proxies.all():
            parts = urlsplit(proxy)
            self.names.trust(parts.hostname or "", parts.port or 80)
        self.session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=self.names,
                ssl=self._tls or True,
                limit=0,  # the crew bounds what is under way
                ttl_dns_cache=NAMES_LAST,
                **_kept(),
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": limits.user_agent},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=limits.connect),
            auto_decompress=False,
            read_bufsize=BUFFER,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.watch.close()
        await self.session.close()
        await self.names.close()
        await asyncio.sleep(0)  # closed sockets say goodbye in the next turn of the loop

    async def page(self, url: str, headers: Mapping[str, str] | None = None, *, cut: int = 0) -> Reply:
        """A whole small answer, whatever its status; of a longer one the first `cut` bytes. Raises Unreachable."""
        async with Exchange(self, url, {**PAGE, **(headers or {})}) as body:
            reply = body.reply
            return Reply(reply.status, reply.url, reply.headers, await body.read(cut))

    def open(self, url: str, headers: Mapping[str, str] | None = None, *, before: Before | None = None) -> Exchange:
        """The head of an answer after vetted redirects; its body on demand. Raises Unreachable, Crowded."""
        return Exchange(self, url, {**PICTURE, **headers} if headers else PICTURE, before)

    def own_server(self, url: str) -> bool:
        """Is the URL on a server of one's own, which need not be spared? Never unless private addresses are allowed."""
        host = (urlsplit(url).hostname or "").lower()
        if not self.limits.allow_private:
            return False
        return own_server(host) or own_server(self.names.answer(host) or host)

    def vetted(self, url: str) -> Address:
        """Where a URL leads, if it may be asked. Raises Unreachable."""
        address = vet(url, allow_private=self.limits.allow_private)
        if isinstance(address, Refusal):
            raise Unreachable(address.reason, address.detail)
        if self.names.is_trusted(address.host, address.port):
            raise Unreachable(Reason.BLOCKED_ADDRESS, "the proxy itself")
        return address


def _kept() -> dict[str, Any]:
    """How long idle connections are kept: not at all where they would take the files that pictures need."""
    return {"force_close": True} if scarce() else {"keepalive_timeout": KEEPALIVE}


class Exchange:
    """One request with its redirects: enters as a stream, leaves the connection clean."""

    def __init__(
        self, transport: AiohttpTransport, url: str, headers: Mapping[str, str], before: Before | None = None
    ) -> None:
        self._transport = transport
        self._url = url
        self._headers = headers
        self._before = before
        self._response: aiohttp.ClientResponse | None = None
        self._deadline = asyncio.get_running_loop().time() + transport.limits.total

    async def __aenter__(self) -> Body:
        address = self._transport.vetted(self._url)
        seen = {address.url}
        while True:
            response = await self._ask(address)
            location = response.headers.get("Location", "") if response.status in REDIRECTS else ""
            if not location:
                self._response = response
                return self._body(response, address)
            response.close()
            address = self._next(address, location, seen)
            if self._before:
                await self._before(address)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._response is not None and not self._response.closed:
            self._response.close()  # its body was not read to the end: the connection is of no more use

    async def _ask(self, address: Address) -> aiohttp.ClientResponse:
        transport = self._transport
        begun = asyncio.get_running_loop().time()
        patience = min(transport.pace.patience, max(self._deadline - begun, 0.0))
        try:
            async with asyncio.timeout(patience):
                response = await transport.session.get(
                    URL(address.url, encoded=True),
                    headers=self._headers,
                    allow_redirects=False,
                    proxy=self._proxy(address) or None,
                )
        except MISHAPS as error:
            raise unreachable(error) from error
        transport.pace.came(asyncio.get_running_loop().time() - begun)
        return response

    def _proxy(self, address: Address) -> str:
        if not self._transport.proxies:
            return ""
        proxy = self._transport.proxies.of(address)
        refusal = refuse_name(address.host) if proxy else None
        if refusal:
            raise Unreachable(refusal.reason, refusal.detail)
        if proxy and not proxy.startswith(("http://", "https://")):
            raise Unreachable(Reason.NETWORK, f"{shown(proxy).partition(':')[0]} proxies are not supported, only http")
        return proxy

    def _next(self, address: Address, location: str, seen: set[str]) -> Address:
        try:
            following = self._transport.vetted(urljoin(address.url, location))
        except ValueError as error:
            raise Unreachable(Reason.BAD_URL, "redirected to no valid address") from error
        if address.scheme == "https" and following.scheme == "http":
            raise Unreachable(Reason.DOWNGRADE, f"from https to http://{following.place}")
        if following.url in seen:
            raise Unreachable(Reason.TOO_MANY_REDIRECTS, "in a circle")
        if len(seen) > self._transport.limits.redirects:
            raise Unreachable(Reason.TOO_MANY_REDIRECTS, f"more than {self._transport.limits.redirects}")
        seen.add(following.url)
        return following

    def _body(self, response: aiohttp.ClientResponse, address: Address) -> Body:
        reply = Reply(response.status, address.url, Headers.of(response.headers.items()))
        transport = self._transport
        return Body(response, reply, self._guard(response, address), transport.watch, transport.limits, self._deadline)

    def _guard(self, response: aiohttp.ClientResponse, address: Address) -> str:
        proxy = self._proxy(address)
        if proxy:
            return f"proxy {shown(proxy)}"
        connection = response.connection  # gone already if the body came with the head
        peer = connection.transport.get_extra_info("peername") if connection and connection.transport else None
        return str(peer[0]) if peer else self._transport.names.answer(address.host) or address.host
