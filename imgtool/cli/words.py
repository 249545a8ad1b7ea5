"""What people read instead of our short names: what happened, and what they may do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from imgtool.records import Reason


@dataclass(frozen=True, slots=True)
class Words:
    """A short name, said in words."""

    what: str
    do: str = ""  # "" = nothing to be done, and nothing wrong


AGAIN = "another day, add --retry {name}"

REASONS: Mapping[Reason, Words] = MappingProxyType(
    {
        Reason.BAD_URL: Words("not an address of a picture"),
        Reason.BLOCKED_ADDRESS: Words("leads into a private network", "your own server? --allow-private"),
        Reason.BLOCKED_PORT: Words("leads to a port that serves no pictures"),
        Reason.TOO_MANY_REDIRECTS: Words("redirected too often"),
        Reason.DOWNGRADE: Words("redirected from https to plain http"),
        Reason.DNS: Words("its server's name is unknown", AGAIN),
        Reason.NETWORK: Words("the connection broke", AGAIN),
        Reason.TLS: Words("its certificate is not valid"),
        Reason.TIMEOUT: Words("no answer in time", AGAIN),
        Reason.STALLED: Words("came too slowly and was cut", AGAIN),
        Reason.GONE: Words("no longer there (404, 410)"),
        Reason.LEGAL: Words("withheld for legal reasons (451)"),
        Reason.RATE_LIMITED: Words("its server says: too many requests (429)", AGAIN),
        Reason.HTTP_4XX: Words("its server refuses (401, 403 …)"),
        Reason.HTTP_5XX: Words("its server is in trouble (500, 503 …)", AGAIN),
        Reason.HOST_DOWN: Words("its server failed too often and was left alone", AGAIN),
        Reason.ROBOTS: Words("robots.txt asks us not to"),
        Reason.OPT_OUT: Words("opted out of machine learning"),
        Reason.TOO_LARGE: Words("a larger file than we take", "raise `body` in the settings"),
        Reason.DECODE_BOMB: Words("unpacks to far more than it is"),
        Reason.TRUNCATED: Words("arrived or was stored incomplete", AGAIN),
        Reason.NOT_IMAGE: Words("not a picture (a page, a message, nothing)"),
        Reason.UNSUPPORTED: Words("a kind of picture we do not take (SVG, PDF …)"),
        Reason.BROKEN: Words("damaged: it cannot be decoded"),
        Reason.DECODER_CRASH: Words("brought the decoder down"),
        Reason.TOO_SMALL: Words("too small", "lower --min-size"),
        Reason.TOO_MANY_PIXELS: Words("too many pixels"),
        Reason.TOO_MANY_FRAMES: Words("too many frames"),
        Reason.BAD_ASPECT: Words("far too wide or too tall"),
        Reason.PLACEHOLDER: Words('a placeholder ("image removed")'),
        Reason.DUPLICATE_URL: Words("the same address again"),
        Reason.DUPLICATE_BYTES: Words("the same file from another address"),
        Reason.DUPLICATE_PICTURE: Words("the same picture in another size or file"),
        Reason.LICENCE: Words("another licence than you asked for", "widen --license"),
        Reason.REMOVED: Words("taken out by you before"),
    }
)

NOT_ASKED = "not asked"  # no verdict: the picture count was reached before its turn

# By the value of scraper.engines.base.Verdict.
VERDICTS: Mapping[str, Words] = MappingProxyType(
    {
        "ok": Words("answered"),
        "no_results": Words("has nothing for these words", "try other words with --query"),
        "starved": Words("gave a decoy or next to nothing", "try again later, or from another network"),
        "blocked: captcha": Words("asks for a captcha, which we do not solve", "wait some hours, or use --engine"),
        "blocked: consent": Words(
            "asks for consent to cookies", "save the page in your browser, then --from page.html"
        ),
        "blocked: needs a browser": Words(
            "answers only a real browser",
            "install imgtool-datasets[browser] and Chromium; or `imgtool snippet` and --from; or another --engine",
        ),
        "blocked: old browser": Words("says that the browser is too old", "install a current Chromium"),
        "blocked: rate limit": Words("says: too many requests", "wait an hour, then run the same command again"),
        "blocked: denied": Words("refuses us", "a key may be missing: see `imgtool engines`"),
        "layout changed": Words("answered in a shape we do not know", "update imgtool; until then another --engine"),
        NOT_ASKED: Words("was not asked"),
        "error": Words("could not be reached", "check the network, or the proxy"),
    }
)


def reason_words(name: str) -> Words:
    """The words of a reason by its value; unknown ones (from a newer catalogue) speak for themselves."""
    known = name in Reason.__members__.values()
    words = REASONS[Reason(name)] if known else Words(name)
    return Words(words.what, words.do.format(name=name))


def verdict_words(verdict: str) -> Words:
    """The words of an engine's verdict."""
    return VERDICTS.get(verdict, Words(verdict))
