"""From an ImageRef to bytes in a file, as a ladder of one duty a rung.

fetch ─▶ whole: the address, and its fallback when the original is gone
         └▶ patient: again after a pause, as long as it may pass
            └▶ polite: circuit, robots.txt, opt-outs
               └▶ once: one request, judged, saved
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from imgtool.records import Fetched, ImageRef, Reason, Refusal, Skipped
from scraper.addresses import Address, own_server, vet
from scraper.breaker import Breaker
from scraper.crew import Crew
from scraper.doorway import Crowded, Stream, Transport, Unreachable
from scraper.inline import decode_data_url
from scraper.limits import Limits
from scraper.magic import refusal
from scraper.policy import PASSING, Accept, Refuse, Retry, backoff, judge
from scraper.robots import Robots
from scraper.urls import is_data

# After these another copy is worth a request; an opt-out, a robots.txt or a court order is not to be gone around.
LOST = frozenset(
    {Reason.GONE, Reason.HTTP_4XX, Reason.HTTP_5XX, Reason.DNS, Reason.NETWORK, Reason.TLS, Reason.TIMEOUT}
    | {
        Reason.STALLED,
        Reason.TRUNCATED,
        Reason.NOT_IMAGE,
        Reason.HOST_DOWN,
        Reason.DOWNGRADE,
        Reason.TOO_MANY_REDIRECTS,
    }
)
# What a host is answerable for, when its circuit is counted. That a picture is gone or unwanted is none of it.
FAULTS = frozenset(
    {Reason.DNS, Reason.NETWORK, Reason.TLS, Reason.TIMEOUT, Reason.STALLED, Reason.HTTP_5XX, Reason.RATE_LIMITED}
)
CROWDED_PAUSE = 1.0  # seconds from finding no free socket to looking again
CROWDED_TRIES = 12  # by then 64 at once have become 2, and idle connections have long been closed


@dataclass(slots=True)
class _Try:
    """What one picture's fetching has come to."""

    ref: ImageRef
    sink: Path
    address: Address
    attempts: int = 0
    again: float | None = None  # seconds until another attempt makes sense; None = it does not
    opt_out: str = ""


class Fetcher:
    """Everything from a reference to a file, for all pictures of a run."""

    def __init__(self, transport: Transport, limits: Limits, crew: Crew) -> None:
        self._transport = transport
        self._limits = limits
        self._crew = crew
        self._robots = Robots(transport)
        self._breaker = Breaker(limits.breaker)

    async def fetch(self, ref: ImageRef, sink: Path) -> Fetched | Skipped:
        """The picture in `sink`, or why not (and no file). Raises OSError when the disk does not let us."""
        if is_data(ref.url):
            return _written(ref, sink)
        kept = False
        try:
            outcome = await self._whole(ref, sink)
            kept = isinstance(outcome, Fetched)
            return outcome
        finally:
            if not kept:
                _remove(sink)
            self._crew.leave()

    async def _whole(self, ref: ImageRef, sink: Path) -> Fetched | Skipped:
        first = await self._patient(ref, sink, ref.url)
        fallback = ref.fallback_url
        if isinstance(first, Fetched) or first.reason not in LOST or fallback in {"", ref.url} or is_data(fallback):
            return first
        address = self._vetted(fallback)
        if isinstance(address, Refusal):
            return first
        await self._crew.again(0.0, address.place)
        second = await self._patient(ref, sink, fallback)
        return _noted(second, {"instead_of": ref.url}) if isinstance(second, Fetched) else first

    async def _patient(self, ref: ImageRef, sink: Path, url: str) -> Fetched | Skipped:
        address = self._vetted(url)
        if isinstance(address, Refusal):
            return Skipped(ref, address.reason, address.detail)
        trial = _Try(ref, sink, address)
        crowded = 0
        while True:
            try:
                outcome = await self._polite(trial)
            except Crowded:
                crowded += 1
                trial.attempts -= 1
                if crowded > CROWDED_TRIES:
                    raise
                self._crew.crowded()
                await self._crew.again(CROWDED_PAUSE)
                continue
            if isinstance(outcome, Fetched) or trial.again is None or trial.attempts > self._limits.retries:
                return outcome
            await self._crew.again(trial.again)

    async def _polite(self, trial: _Try) -> Fetched | Skipped:
        """One attempt, if the host's circuit is closed and its robots.txt gives leave."""
        place = trial.address.place
        trial.again = None
        if self._breaker.open(place):
            return Skipped(trial.ref, Reason.HOST_DOWN, f"{place} failed {self._limits.breaker} times in a row")
        trial.attempts += 1
        try:
            await self._ask_leave(trial, trial.address)
        except Unreachable as error:  # robots.txt has been asked for twice by now
            outcome: Fetched | Skipped = Skipped(trial.ref, error.reason, error.detail, error.status)
        else:
            outcome = await self._attempt(trial)
        self._count(place, outcome)
        return outcome

    async def _attempt(self, trial: _Try) -> Fetched | Skipped:
        """One request; sets `trial.again` if another makes sense."""
        try:
            return await self._once(trial)
        except Unreachable as error:
            trial.again = backoff(trial.attempts) if error.reason in PASSING else None
            return Skipped(trial.ref, error.reason, error.detail, error.status)

    async def _ask_leave(self, trial: _Try, address: Address) -> None:
        if self._limits.ignore_robots:
            return
        leave = await self._robots.leave(address)
        if not leave.allowed:
            raise Unreachable(Reason.ROBOTS, leave.detail)
        if leave.opt_out:
            trial.opt_out = f"robots.txt: {leave.opt_out}"
            if self._limits.honour_opt_outs:
                raise Unreachable(Reason.OPT_OUT, trial.opt_out)
        if leave.delay:
            await self._crew.slow(leave.delay)

    async def _once(self, trial: _Try) -> Fetched | Skipped:
        async def before(address: Address) -> None:
            if address.origin != trial.address.origin:
                await self._ask_leave(trial, address)

        async with self._transport.open(trial.address.url, _headers(trial.ref), before=before) as stream:
            if self._limits.allow_private and own_server(stream.guard):
                self._crew.own()
            verdict = judge(stream.reply, self._limits)
            if isinstance(verdict, Accept):
                trial.opt_out = verdict.opt_out or trial.opt_out
                size = await stream.save(trial.sink, refusal)
                notes = _notes(trial, stream, self._limits)
                return Fetched(trial.ref, str(trial.sink), size, stream.reply.url, notes)
            self._obey(trial, verdict)
            return Skipped(trial.ref, verdict.reason, verdict.detail, stream.reply.status)

    def _obey(self, trial: _Try, verdict: Retry | Refuse) -> None:
        """Wait as long as the host asks: with the others for it, if it asks."""
        if isinstance(verdict, Refuse):
            if verdict.rest:
                self._breaker.rest(trial.address.place, verdict.rest)
            return
        trial.again = backoff(trial.attempts) if verdict.after is None else verdict.after
        if verdict.after:
            self._crew.rest(verdict.after)

    def _count(self, place: str, outcome: Fetched | Skipped) -> None:
        if isinstance(outcome, Skipped) and outcome.reason in FAULTS:
            self._breaker.failed(place)
        else:
            self._breaker.worked(place)

    def _vetted(self, url: str) -> Address | Refusal:
        return vet(url, allow_private=self._limits.allow_private)


def _written(ref: ImageRef, sink: Path) -> Fetched | Skipped:
    """A picture that is written out in its own address."""
    held = decode_data_url(ref.url)
    found = held if isinstance(held, Refusal) else refusal(held)
    if isinstance(found, Refusal):
        return Skipped(ref, found.reason, found.detail)
    assert isinstance(held, bytes)
    sink.write_bytes(held)
    return Fetched(ref, str(sink), len(held), "data:")


def _headers(ref: ImageRef) -> dict[str, str]:
    """Where the picture was shown, as far as the site; never the search engine."""
    shown = vet(ref.page_url, allow_private=True) if ref.page_url else None
    return {"Referer": f"{shown.origin}/"} if isinstance(shown, Address) else {}


def _remove(sink: Path) -> None:
    sink.unlink(missing_ok=True)


def _notes(trial: _Try, stream: Stream, limits: Limits) -> Mapping[str, str]:
    """What is worth keeping of how it came: only what is out of the ordinary, and the proof of where it came from."""
    notes = {"address": stream.guard}
    reply = stream.reply
    etag = reply.headers.get("etag")
    if etag:
        notes["etag"] = etag[:200]
    if trial.attempts > 1:
        notes["attempts"] = str(trial.attempts)
    if reply.url != trial.address.url:
        notes["redirected_from"] = trial.address.url
    if trial.opt_out:
        notes["opt_out"] = trial.opt_out
    if limits.ignore_robots:
        notes["robots"] = "ignored"
    return notes


def _noted(fetched: Fetched, notes: Mapping[str, str]) -> Fetched:
    return replace(fetched, notes={**fetched.notes, **notes})
