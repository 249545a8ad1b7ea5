"""Names in, vetted IP addresses out. aiohttp connects to exactly these, so a second answer can change nothing."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeAlias

from aiohttp.abc import AbstractResolver, ResolveResult

from scraper.addresses import refuse_ip
from scraper.transport.mishaps import Forbidden

Lookup: TypeAlias = Callable[[str, int], Awaitable[list[str]]]

# getaddrinfo waits in a thread, up to half a minute for a dead name; asyncio's own pool has six threads on a small
# machine, and six dead names would then hold everybody up.
THREADS = 32
LAST = 4096  # hosts whose answer is remembered for the notes


class Names(AbstractResolver):
    """A resolver that refuses a name if any one of its addresses is refused."""

    def __init__(self, *, allow_private: bool, timeout: float, lookup: Lookup | None = None) -> None:
        self._allow_private = allow_private
        self._timeout = timeout
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="imgtool-dns")
        self._lookup = lookup or self._ask
        self._trusted: set[tuple[str, int]] = set()
        self._answers: dict[str, str] = {}

    def trust(self, host: str, port: int) -> None:
        """The proxy that the user set may be anywhere."""
        self._trusted.add((host, port))

    def is_trusted(self, host: str, port: int) -> bool:
        """Is that the proxy, which pictures may not be asked from?"""
        return (host, port) in self._trusted

    def answer(self, host: str) -> str:
        """The address that a name had last; "" if it was never asked for."""
        return self._answers.get(host, "")

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002 - aiohttp's signature
    ) -> list[ResolveResult]:
        """Its addresses, all of them vetted. Raises OSError, Forbidden, TimeoutError."""
        async with asyncio.timeout(self._timeout):
            found = await self._lookup(host, port)
        if not found:
            raise OSError(None, "the name has no address")
        if (host, port) not in self._trusted:
            self._vet(host, found)
        self._remember(host, found[0])
        return [_result(host, address, port) for address in found]

    async def close(self) -> None:
        """Wait for nobody."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _vet(self, host: str, found: list[str]) -> None:
        for address in found:
            refusal = refuse_ip(address, allow_private=self._allow_private)
            if refusal:
                raise Forbidden(type(refusal)(refusal.reason, f"{host} is {refusal.detail}"))

    def _remember(self, host: str, address: str) -> None:
        if len(self._answers) >= LAST:
            self._answers.pop(next(iter(self._answers)))
        self._answers[host] = address

    async def _ask(self, host: str, port: int) -> list[str]:
        ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
        found = await asyncio.get_running_loop().run_in_executor(self._pool, ask)
        return [str(entry[4][0]) for entry in found]


def _result(host: str, address: str, port: int) -> ResolveResult:
    return ResolveResult(
        hostname=host,
        host=address,
        port=port,
        family=socket.AF_INET6 if ":" in address else socket.AF_INET,
        proto=0,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )
