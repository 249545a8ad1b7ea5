"""Addresses as people write them in, addresses that can be asked for out."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import SplitResult, urlsplit

from imgtool.records import Reason, Refusal

LONGEST = 8 * 1024  # bytes; servers refuse far shorter ones, and nothing honest is longer
HOST = 253  # characters of a name, RFC 1035
PORTS = {"http": 80, "https": 443}

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.?")
_LITERAL = re.compile(r"\[[0-9a-f:.]+\]")
_STRAY = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPE = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)
_TRACKING = re.compile(r"(?:utm_[a-z]+|fbclid|gclid|msclkid|igshid|mc_eid)=[^&]*(?:&|$)")


def clean(raw: str) -> str | Refusal:
    """An address repaired where its meaning is plain: quoted, punycoded, without fragment and credentials."""
    text = raw.strip()
    if is_data(text):
        return text
    if len(text) > LONGEST:
        return _bad(f"longer than {LONGEST} characters")
    if _CONTROL.search(text):
        return _bad("control characters")
    if text.startswith("//"):
        text = f"https:{text}"
    flaw = _flaw(text)
    return _bad(flaw) if flaw else _rebuilt(text)


def is_data(url: str) -> bool:
    """Is it a picture written out in its own address?"""
    return url[:5].lower() == "data:"


def has_credentials(raw: str) -> bool:
    """Does it carry a user or a password, which `clean` leaves out?"""
    authority = re.match(r"(?:https?:)?//([^/?#]*)", raw.strip(), re.IGNORECASE)
    return authority is not None and "@" in authority[1]


def canonical(url: str) -> str:
    """The same string for addresses of the same picture: a key for comparing, not an address to ask for."""
    if is_data(url):
        return "data:" + hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()
    rest = url.partition("#")[0].partition("://")[2]
    authority, slash, tail = _cut(rest)
    host = _without_port(authority.rpartition("@")[2].lower())
    tail = _ESCAPE.sub(lambda found: found[0].upper(), slash + tail or "/")
    path, mark, query = tail.partition("?")
    query = _TRACKING.sub("", query).rstrip("&")
    return f"//{host}{path}{mark if query else ''}{query}"


def _bad(why: str) -> Refusal:
    return Refusal(Reason.BAD_URL, why)


def _flaw(text: str) -> str:
    """What keeps an address from being asked for; "" if nothing does."""
    scheme = _SCHEME.match(text)
    if not scheme:
        return "no http:// or https:// in front" if text else "empty"
    if scheme[1].lower() not in PORTS:
        return f"{scheme[1].lower()[:20]}: is not a way to a picture"
    return "" if text.startswith("//", scheme.end()) else "no host"


def _rebuilt(text: str) -> str | Refusal:
    try:
        parts = urlsplit(text)
        host, port = _host(parts), parts.port
    except ValueError:  # its own words may hold the credentials
        return _bad("no valid host or port")
    scheme = parts.scheme.lower()
    place = host if port is None or port == PORTS[scheme] else f"{host}:{port}"
    query = f"?{parts.query}" if parts.query else ""
    url = _quoted(f"{scheme}://{place}{parts.path or '/'}{query}")
    return url if len(url) <= LONGEST else _bad(f"longer than {LONGEST} characters")


def _host(parts: SplitResult) -> str:
    """The host in lower case and in ASCII. Raises ValueError."""
    authority = parts.netloc.rpartition("@")[2]
    if "\\" in parts.netloc or "%" in authority or any(sign.isspace() for sign in parts.netloc):
        raise ValueError("no valid host")
    host = (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    elif not host.isascii():
        host = _punycode(host)
    if len(host) > HOST or not (_NAME.fullmatch(host) or _LITERAL.fullmatch(host)):
        raise ValueError("no valid host")
    return host


def _punycode(host: str) -> str:
    import idna

    return idna.encode(host, uts46=True).decode("ascii")  # its errors are ValueErrors


def _quoted(url: str) -> str:
    if url.isascii() and not re.search(r"[^A-Za-z0-9:/?&=._~,;+@!$'()*-]", url):
        return url  # most are clean already, and requests costs a tenth of a second to import
    from requests.utils import requote_uri

    return requote_uri(_STRAY.sub("%25", url))


def _cut(rest: str) -> tuple[str, str, str]:
    found = re.search(r"[/?]", rest)
    if not found:
        return rest, "", ""
    lead = "/" if found[0] == "?" else ""
    return rest[: found.start()], lead + found[0], rest[found.end() :]


def _without_port(authority: str) -> str:
    host, colon, port = authority.rpartition(":")
    plain = host if colon and port in ("80", "443", "") else authority
    return plain.rstrip(".")
