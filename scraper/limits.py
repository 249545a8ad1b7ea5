"""The bounds of one run, as one frozen value. Every number has a reason, and a setting of the same name."""

from __future__ import annotations

from dataclasses import dataclass

from imgtool.version import __version__

MIB = 1024 * 1024
CONTACT = "+https://github.com/imgtool/imgtool"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much, how long, how often."""

    concurrency: int = 64  # pictures in flight, beside those whose hosts have kept us waiting for some seconds
    per_host: int = 4  # of which from one host
    starts_per_second: float = 8.0  # requests begun at one host; one's own servers are not slowed
    connect: float = 10.0  # seconds to a connection
    first_byte: float = 15.0  # seconds from the request to the answer's head
    stall: float = 15.0  # seconds in which at least `stall_bytes` must arrive
    stall_bytes: int = 15 * 1024
    total: float = 60.0  # seconds for one picture, redirects and all
    body: int = 32 * MIB
    page_body: int = 8 * MIB  # a result page
    redirects: int = 5
    retries: int = 2  # after the first try, for what may pass
    patience: float = 60.0  # the longest Retry-After that we sit out; beyond it the host rests
    breaker: int = 8  # failures in a row of one host that open its circuit
    allow_private: bool = False  # one's own servers on loopback and private networks
    ignore_robots: bool = False  # loud, recorded; for sites one owns
    honour_opt_outs: bool = True
    proxy: str = ""  # "" = from the environment (HTTPS_PROXY, NO_PROXY)
    user_agent: str = f"imgtool/{__version__} ({CONTACT})"
