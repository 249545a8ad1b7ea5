"""The door: no stranger's page, no other machine and no other user of this one comes in.

A page elsewhere can send a browser here, and a name elsewhere can come to mean 127.0.0.1. Neither knows the
token, and both give themselves away by Origin or Host.
"""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers

HERE = "127.0.0.1"
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  what a person may ask for with --host
PORT = 80  # the one that browsers leave out of Host
ENTRANCE = "/enter"  # the token is shown here, a cookie is given for it
OPEN = (ENTRANCE, "/static/")  # the same for everybody, and of nobody's pictures
SAFE = frozenset({"GET", "HEAD"})
OURS = frozenset({"", "same-origin", "none"})  # what Sec-Fetch-Site says of pages of ours; programs say nothing
BEARER = "bearer "
ADMITTED = "imgtool.admitted"  # in a request's scope: may this visitor go everywhere?


def fresh() -> str:
    """What nobody can guess."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Door:
    """What opens it. The token goes by the address, which others may see; the pass by a cookie, which they do not."""

    port: int
    token: str = field(default_factory=fresh, repr=False)
    ticket: str = field(default_factory=fresh, repr=False)
    host: str = HERE  # the address that is listened on
    names: tuple[str, ...] = ()  # what this machine is called by others, as they were given
    free: tuple[str, ...] = ()  # how the paths begin that need no ticket; programs send no Origin there
    closed: tuple[str, ...] = ()  # which of those need one all the same

    @property
    def hosts(self) -> frozenset[str]:
        """The names of this machine that are known."""
        local = {HERE, "localhost"} if self.host in {HERE, *EVERYWHERE} else {bracketed(self.host)}
        known = {f"{host}:{self.port}" for host in (*local, *self.names)} | set(self.names)
        return frozenset(known | (local if self.port == PORT else set()))

    @property
    def origins(self) -> frozenset[str]:
        """Where a request that changes something may come from, among the names that are known."""
        behind = {f"https://{host}" for name in self.names for host in (name, f"{name}:{self.port}")}
        return frozenset({f"http://{host}" for host in self.hosts} | behind)

    @property
    def cookie(self) -> str:
        """Its name; ports share cookies, so each has its own."""
        return f"imgtool-{self.port}"

    @property
    def place(self) -> str:
        """Where it is, as this machine calls it."""
        return f"http://{HERE if self.host in EVERYWHERE else bracketed(self.host)}:{self.port}/"

    @property
    def address(self) -> str:
        """What a person opens. Nothing after # is ever sent or logged."""
        return f"{self.place}#{self.token}"

    def refusal(self, method: str, path: str, headers: Headers) -> str:
        """Why not; "" to come in."""
        host = headers.get("host", "")
        if not self.knows(host):
            return "host"
        public, silent = path.startswith(OPEN), self._bears(headers) or self._free(path)
        if not (public or silent or self.admits(headers)):
            return "token"
        if method not in SAFE and not self._from_here(host, headers, silent=silent):
            return "origin"
        return ""

    def admits(self, headers: Headers) -> bool:
        """Is the ticket shown, so that every path is open?"""
        return same(_cookie(headers, self.cookie), self.ticket)

    def knows(self, host: str) -> bool:
        """Is that us? No name elsewhere can come to mean a number."""
        return host in self.hosts or (self.host in EVERYWHERE and numbered(host, self.port))

    def _from_here(self, host: str, headers: Headers, *, silent: bool) -> bool:
        """Does a page of ours send it, or, where that will do, none at all?"""
        origin = headers.get("origin")
        if origin is None:
            return silent and headers.get("sec-fetch-site", "").lower() in OURS
        return origin in self.origins or (origin == f"http://{host}" and self.knows(host))

    def _bears(self, headers: Headers) -> bool:
        said = headers.get("authorization", "")
        return said[: len(BEARER)].lower() == BEARER and same(said[len(BEARER) :].strip(), self.token)

    def _free(self, path: str) -> bool:
        return bool(self.free) and path.startswith(self.free) and not path.startswith((*self.closed, *OPEN))


def bracketed(address: str) -> str:
    """An address as it stands in a URL."""
    return f"[{address}]" if ":" in address else address


def numbered(host: str, port: int) -> bool:
    """Is it an address in numbers, with our port?"""
    try:
        parts = urlsplit(f"//{host}")
        ipaddress.ip_address(parts.hostname or "")
        given = parts.port or PORT
    except ValueError:
        return False
    return given == port and parts.netloc == host and "@" not in host


def same(given: str, wanted: str) -> bool:
    """Are they equal? In a time that does not tell how nearly."""
    return secrets.compare_digest(given.encode(), wanted.encode())


def _cookie(headers: Headers, name: str) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""
