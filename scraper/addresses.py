"""A URL in, an address that may be connected to out: literals, ports and names, all decided without the network.

Two questions are asked of every request and of every hop of a redirect. `vet` reads the URL: scheme, port, and a host
that is itself an IP address. `refuse_ip` judges an IP address, whether written in the URL or answered by a resolver.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from imgtool.records import Reason, Refusal
from scraper.urls import PORTS, clean

IP: TypeAlias = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request goes."""

    url: str  # as it goes on the wire: ASCII, quoted, without credentials and fragment
    scheme: str
    host: str  # lower case; IPv6 without brackets
    port: int

    @property
    def place(self) -> str:
        """Host and port as one key; robots, turns and circuits are kept by it."""
        return self.url.partition("://")[2].partition("/")[0]

    @property
    def origin(self) -> str:
        """The URL up to the path."""
        return f"{self.scheme}://{self.place}"


# Ports from 1024 up that do not speak HTTP: the list of the Fetch standard ("bad port"), and stores, queues and
# remote controls that act on what looks like a line of text. Below 1024 only 80 and 443 are pictures' ports.
BAD_PORTS = frozenset({
    1433, 1521, 1719, 1720, 1723, 2049, 2375, 2376, 2379, 2380, 3306, 3389, 3659, 4045, 4190, 5060, 5061, 5432, 5672,
    5900, 5984, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 9042, 9092, 9200, 9300, 10080, 10250,
    11211, 27017,
})  # fmt: skip


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(map(ip_network, text.split()))


# What IANA calls special: never the public internet, whatever the Python at hand thinks of them.
_SPECIAL_4 = _networks(
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
    "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3"
)
_GLOBAL_6 = IPv6Network("2000::/3")  # the only block given out for public use
_SPECIAL_6 = _networks("2001::/23 2001:db8::/32 2002::/16 3fff::/20")  # Teredo and protocols, examples, 6to4, examples
_NAT64 = IPv6Network("64:ff9b::/96")  # the last 32 bits are an IPv4 address, and count as that
_OWN = _networks("127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 ::1/128 fc00::/7")
# Clouds keep their machines' secrets here; no setting opens them.
_METADATA = frozenset(map(ip_address, ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254")))

# "The last label is a number" makes a host an address for inet_aton and browsers: 127.1, 0x7f.1, 2130706433, 0177.0.0.1
_NUMERIC = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?")
_LOCAL_NAMES = re.compile(
    r"(?:.*\.)?(?:localhost|local|internal|intranet|lan|home|corp|private|home\.arpa)\.?|[^.]+\.?"
)


@lru_cache(maxsize=4096)  # the same address is asked for by robots, turns and transport
def vet(url: str, *, allow_private: bool = False) -> Address | Refusal:
    """The address that a URL means, if its scheme, port and literal host may be asked."""
    cleaned = clean(url)
    if isinstance(cleaned, Refusal):
        return cleaned
    scheme, _, rest = cleaned.partition("://")
    if scheme not in PORTS:
        return Refusal(Reason.BAD_URL, f"{scheme[:20]} is not http or https")
    host, port = _split(rest.partition("/")[0], PORTS[scheme])
    return _refuse_port(port) or _refuse_literal(host, allow_private) or Address(cleaned, scheme, host, port)


def refuse_ip(text: str, *, allow_private: bool = False) -> Refusal | None:
    """Why an IP address is not to be connected to; None if it may be."""
    try:
        address = ip_address(text)
    except ValueError:
        return _blocked(text)
    if address in _METADATA:
        return _blocked(f"{text}, a metadata service")
    if _is_public(address) or (allow_private and _is_own(address)):
        return None
    return _blocked(text)


def refuse_name(host: str) -> Refusal | None:
    """Why a name is not to be handed to a proxy, which resolves it behind our back; None if it may be."""
    return _blocked(f"{host}, a local name") if not _literal(host) and _LOCAL_NAMES.fullmatch(host) else None


@lru_cache(maxsize=4096)
def own_server(host: str) -> bool:
    """Is that host, by its name or number alone, one's own (loopback or a private network)?"""
    address = _literal(host)
    if address is not None:
        return _is_own(address)
    return host.rstrip(".").rpartition(".")[2] == "localhost"


def _split(authority: str, default: int) -> tuple[str, int]:
    host, colon, port = authority.rpartition(":")
    if not colon or authority.endswith("]"):
        host, port = authority, str(default)
    return host.strip("[]"), int(port)


def _refuse_port(port: int) -> Refusal | None:
    allowed = port in PORTS.values() or (port >= 1024 and port not in BAD_PORTS)
    return None if allowed else Refusal(Reason.BLOCKED_PORT, f"port {port}")


def _refuse_literal(host: str, allow_private: bool) -> Refusal | None:
    if _literal(host) is not None:
        return refuse_ip(host, allow_private=allow_private)
    if ":" in host or _NUMERIC.fullmatch(host):
        return _blocked(f"{host}, an address in disguise")
    return _blocked(host) if own_server(host) and not allow_private else None


def _literal(host: str) -> IP | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_public(address: IP) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _SPECIAL_4)
    if address in _NAT64:
        return _is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _GLOBAL_6 and not any(address in network for network in _SPECIAL_6)


def _is_own(address: IP) -> bool:
    return any(address in network for network in _OWN)


def _blocked(what: str) -> Refusal:
    return Refusal(Reason.BLOCKED_ADDRESS, what)
