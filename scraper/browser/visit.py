"""One page opened, waited for, scrolled, and taken as it stands.

Nothing is clicked and nothing is typed. Where a wall stands (a captcha, a question for consent) the page is handed
back with it; with a window on the screen a person is given time to answer it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.async_api import Error, Page, Request, Response, Route

from imgtool.records import Refusal
from scraper.addresses import vet
from scraper.browser.brought import names_pictures, together
from scraper.limits import Limits
from scraper.reply import Headers, Reply

HEAVY = {"image", "media", "font"}  # a result page is read, not looked at
OWN_WORDS = {"xhr", "fetch"}
TICK = 0.25  # seconds between two looks at the page
GROWING = 3.0  # seconds in which scrolling must bring something; a slow answer takes two
TRIES = 2  # screens in a row that bring nothing before the page counts as done
QUIET = 3.0  # seconds without a request after which a page without pictures has nothing to say

# How many pictures are shown, and what stands in the way.
LOOK = """() => {
  const many = (...kinds) => Math.max(...kinds.map((kind) => document.querySelectorAll(kind).length));
  const captcha = '#captcha-form, .g-recaptcha, iframe[src*="/recaptcha/"], iframe[src*="challenges.cloudflare.com"]';
  const consent = 'form[action*="//consent."]';
  const items = many('[data-docid]', 'a.iusc[m]', 'a[href*="/imgres?"]', '.rg_meta');
  const wall = location.pathname.startsWith('/sorry') || document.querySelector(captcha) ? 'captcha'
    : location.hostname.startsWith('consent.') || document.querySelector(consent) ? 'consent' : '';
  return {items, wall: items ? '' : wall};
}"""

# To the end of the page. A card of Google's gets the link to its original when it is pointed at: so each is, once.
SCROLL = """() => {
  for (const card of document.querySelectorAll('[data-docid]:not([data-imgtool])')) {
    card.setAttribute('data-imgtool', 'seen');
    (card.querySelector('img') || card).dispatchEvent(new MouseEvent('mouseover', {bubbles: true}));
  }
  window.scrollTo(0, document.documentElement.scrollHeight);
}"""


@dataclass(frozen=True, slots=True)
class Sight:
    """The page at one moment."""

    items: int = 0
    wall: str = ""  # captcha, consent

    def outgrown_by(self, later: Sight) -> bool:
        """Has there come more?"""
        return later.items > self.items


class Visit:
    """A page under way: what it asks for is vetted, what its server says is noted."""

    def __init__(self, page: Page, limits: Limits, say: Callable[[str], None]) -> None:
        self._page = page
        self._limits = limits
        self._say = say
        self._clock = asyncio.get_running_loop().time
        self._heard = self._clock()  # when the page last asked for something
        self._answered: list[Request] = []
        self._answers: list[str] = []
        self._main: Response | None = None
        page.on("request", self._on_request)
        page.on("response", self._on_response)
        page.on("requestfinished", self._on_answer)

    async def open(self, url: str, referer: str | None) -> None:
        """Go there. Raises Error."""
        await self._page.route("**/*", self._guard)
        patience = self._limits.connect + self._limits.first_byte
        await self._page.goto(url, wait_until="domcontentloaded", referer=referer, timeout=patience * 1000)

    async def results(self, human: float) -> Sight:
        """The page once it shows pictures, a wall that a person has not answered in `human` seconds, or neither."""
        sight = await self._settled()
        if not sight.wall or not human:
            return sight
        self._say(f"{urlsplit(self._page.url).hostname} asks for {sight.wall}: please answer in the browser's window")
        await self._until(lambda now: not now.wall, human)
        return await self._settled()

    async def scroll(self, sight: Sight, scrolls: int) -> None:
        """To the end, again and again, while it brings more and `scrolls` are not used up."""
        dry = 0
        while scrolls > 0 and dry < TRIES and sight.items:
            scrolls -= 1
            await self._do(SCROLL)
            before = sight
            sight = await self._until(before.outgrown_by, GROWING)
            dry = 0 if before.outgrown_by(sight) else dry + 1

    async def reply(self) -> Reply:
        """The page as it stands. Raises Error."""
        await self._gather()
        body = together(await self._page.content(), self._answers, self._limits.page_body)
        if self._main is None:
            return Reply(0, self._page.url, body=body)
        lines = [(line["name"], line["value"]) for line in await self._main.headers_array()]
        return Reply(self._main.status, self._page.url, Headers.of(lines), body)

    async def _settled(self) -> Sight:
        return await self._until(lambda now: bool(now.items or now.wall) or self._is_quiet(), self._limits.first_byte)

    def _is_quiet(self) -> bool:
        return self._clock() - self._heard > QUIET

    async def _until(self, enough: Callable[[Sight], bool], patience: float) -> Sight:
        """Look until it is enough or the time is up; the last sight."""
        end = self._clock() + patience
        while True:
            await asyncio.sleep(TICK)
            await self._gather()
            sight = await self._look()
            if enough(sight) or self._clock() > end:
                return sight

    async def _look(self) -> Sight:
        seen = await self._do(LOOK)
        return Sight(**seen) if isinstance(seen, dict) else Sight()

    async def _do(self, script: str) -> object:
        try:
            seen: object = await self._page.evaluate(script)
        except Error:
            if self._page.is_closed():
                raise
            return None  # between two documents: a shell puts the real page in its own place
        return seen

    async def _gather(self) -> None:
        """The answers that have come for the page's own requests, before Chromium forgets them."""
        while self._answered:
            request = self._answered.pop(0)
            try:
                response = await request.response()
                text = await response.text() if response else ""
            except (Error, UnicodeDecodeError):  # gone with its document, or no text
                continue
            if names_pictures(text):
                self._answers.append(text)

    async def _guard(self, route: Route) -> None:
        request = route.request
        banned = isinstance(vet(request.url, allow_private=self._limits.allow_private), Refusal)
        if request.resource_type in HEAVY or (banned and request.url.startswith("http")):
            await route.abort("blockedbyclient")
        else:
            await route.continue_()

    def _on_request(self, _: Request) -> None:
        self._heard = self._clock()

    def _on_response(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.frame == self._page.main_frame:
            self._main = response

    def _on_answer(self, request: Request) -> None:
        same = urlsplit(request.url).hostname == urlsplit(self._page.url).hostname
        if same and request.resource_type in OWN_WORDS:
            self._answered.append(request)
