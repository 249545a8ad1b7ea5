"""Errors of aiohttp, TLS and the operating system in, one of our reasons out."""

from __future__ import annotations

import asyncio
import errno
import ssl

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError

from imgtool.records import Reason, Refusal
from scraper.doorway import Crowded, Unreachable
from scraper.redact import redacted

# All that sending, connecting and reading raise. RuntimeError: a connection that closed between two reads.
MISHAPS = (aiohttp.ClientError, HttpProcessingError, OSError, asyncio.IncompleteReadError, ValueError, RuntimeError)
FULL = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}

_REASONS: tuple[tuple[type[BaseException], Reason, str], ...] = (
    (aiohttp.InvalidURL, Reason.BAD_URL, "not a valid address"),
    (aiohttp.ClientConnectorCertificateError, Reason.TLS, ""),
    (aiohttp.ClientConnectorSSLError, Reason.TLS, ""),
    (ssl.SSLError, Reason.TLS, ""),
    (ssl.CertificateError, Reason.TLS, ""),
    (aiohttp.ClientConnectorDNSError, Reason.DNS, ""),
    (aiohttp.ClientProxyConnectionError, Reason.NETWORK, "the proxy cannot be reached"),
    (aiohttp.ClientHttpProxyError, Reason.NETWORK, "the proxy refuses"),
    (aiohttp.ServerTimeoutError, Reason.TIMEOUT, "no connection in time"),
    (TimeoutError, Reason.TIMEOUT, "no answer in time"),
    (ConnectionError, Reason.NETWORK, "connection reset"),
    (aiohttp.ServerDisconnectedError, Reason.NETWORK, "closed without an answer"),
    (aiohttp.ClientPayloadError, Reason.TRUNCATED, "the body ends early"),
    (aiohttp.ClientResponseError, Reason.NETWORK, "not HTTP"),
    (HttpProcessingError, Reason.NETWORK, "not HTTP"),
)


class Forbidden(OSError):
    """A name leads to an address that is not to be connected to."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal


def unreachable(error: BaseException) -> Unreachable | Crowded:
    """The one reason that an error has for us."""
    if isinstance(error, Unreachable):
        return error
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(cause, Forbidden):
        return Unreachable(cause.refusal.reason, cause.refusal.detail)
    if isinstance(cause, OSError) and cause.errno in FULL:
        return Crowded(cause.errno, cause.strerror)
    if isinstance(error, aiohttp.ClientPayloadError) and _was_reset(error):
        return Unreachable(Reason.NETWORK, "connection reset in the middle of the body")
    reason, words = next(
        ((reason, words) for kind, reason, words in _REASONS if isinstance(error, kind)), (Reason.NETWORK, "")
    )
    return Unreachable(reason, words or redacted(str(cause)[:200]))


def _was_reset(error: aiohttp.ClientPayloadError) -> bool:
    """A reset is reported by aiohttp like a short body, and says so in its words alone."""
    return "Reset" in str(error) or "Broken pipe" in str(error)
