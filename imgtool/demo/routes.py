"""A request in, an answer out: which host was asked decides who answers."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from html import escape

from aiohttp import web

from imgtool.demo.atlas import Atlas
from imgtool.demo.files import TYPES, content, thumbnail
from imgtool.demo.kinds import Kind
from imgtool.demo.manners import Visit, answer
from imgtool.demo.pages import bing, google, interfaces
from imgtool.demo.pages.bing_asked import Search
from imgtool.demo.sites import COPIES, ENGINES, FRONT, OWN_HOST
from imgtool.demo.world import Plant, World

HOP = re.compile(r"/moved/(\d)(/.+)")
COPY = re.compile(r"/th/id/R\.([0-9a-f]{32})")
ROBOTS = {
    OWN_HOST[Kind.ROBOTS]: (200, "User-agent: *\nDisallow: /members/\n"),
    OWN_HOST[Kind.CLOSED]: (503, "try again later\n"),
}
SOURCES: dict[str, dict[str, interfaces.Source]] = {
    "duckduckgo": {"/": interfaces.duckduckgo_token, "/i.js": interfaces.duckduckgo},
    "openverse": {"/v1/images/": interfaces.openverse},
    "wikimedia": {"/w/api.php": interfaces.wikimedia},
    "flickr": {"/services/rest/": interfaces.flickr},
}


@dataclass(frozen=True)
class Served:
    """A world that can be visited, and what its visitors asked for."""

    world: World
    atlas: Atlas
    log: Counter[str] = field(default_factory=Counter)  # requests by address

    @property
    def base(self) -> str:
        """The front page."""
        return self.atlas.url(FRONT, "/")

    @property
    def settings(self) -> dict[str, str]:
        """The environment that sends imgtool here and nowhere else."""
        engines = {f"IMGTOOL_{name.upper()}_URL": self.atlas.url(name) for name in ENGINES}
        return {**engines, "IMGTOOL_FLICKR_KEY": interfaces.KEY, "IMGTOOL_ALLOW_PRIVATE": "1"}

    @cached_property
    def truth(self) -> dict[str, Plant]:
        """What every picture address is."""
        return {self.atlas.picture(plant): plant for plant in self.world.plants}

    @cached_property
    def copies(self) -> dict[str, Plant]:
        """The pictures by Bing's name for them; of exact copies the first."""
        return {plant.key: plant for plant in reversed(self.world.plants)}

    @cached_property
    def stories(self) -> dict[str, Plant]:
        """The pages that pictures stand on."""
        return {self.atlas.story(plant): plant for plant in self.world.plants}

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Whatever is asked, counted and answered."""
        place = request.transport.get_extra_info("sockname") if request.transport else ("", 0)
        host = self._names.get(f"{place[0]}:{place[1]}", "")
        before = self.log[str(request.url)]
        self.log[str(request.url)] += 1
        if request.path == "/robots.txt":
            code, text = ROBOTS.get(host, (404, "no rules\n"))
            return web.Response(status=code, text=text)
        return await HOSTS.get(host, _site)(self, request, host, before)

    @cached_property
    def _names(self) -> dict[str, str]:
        return {place: name for name, place in self.atlas.places.items()}


async def _site(served: Served, request: web.BaseRequest, host: str, before: int) -> web.StreamResponse:
    """A host of pictures and the pages they stand on."""
    hop = HOP.fullmatch(request.path)
    path, step = (hop[2], int(hop[1])) if hop else (request.path, 0)
    url = served.atlas.url(host, path)
    plant = served.truth.get(url)
    if plant is not None:
        return await answer(Visit(request, plant, served.world.seed, served.world.stall, before, step))
    story = served.stories.get(url)
    return _html(_story(served, story)) if story else _nothing()


async def _bing(served: Served, request: web.BaseRequest, _host: str, _before: int) -> web.StreamResponse:
    whole = request.path == "/images/search"
    if not whole and request.path != "/images/async":
        return _nothing()
    search = Search.of(request.query)
    return _html(await asyncio.to_thread(bing.page, served.world, served.atlas, search, whole=whole))


async def _google(served: Served, request: web.BaseRequest, _host: str, _before: int) -> web.StreamResponse:
    if request.path != "/search":
        return _nothing()
    if google.PASS not in request.cookies:
        return _html(google.shell(request.query.get("q", "")))
    drawn = google.part if "async" in request.query else google.page
    return _html(await asyncio.to_thread(drawn, served.world, served.atlas, request.query))


async def _source(served: Served, request: web.BaseRequest, host: str, _before: int) -> web.StreamResponse:
    """A source that answers with JSON."""
    source = SOURCES[host].get(request.path)
    if source is None:
        return _nothing()
    told = source(served.world, served.atlas, request.query, request.headers.get("User-Agent", ""))
    if isinstance(told.body, str):
        return web.Response(status=told.status, text=told.body, content_type="text/html")
    return web.json_response(told.body, status=told.status)


async def _copies(served: Served, request: web.BaseRequest, _host: str, _before: int) -> web.StreamResponse:
    """Bing's thumbnails and full-size copies."""
    name = COPY.fullmatch(request.path)
    key = name[1] if name else request.query.get("id", "").removeprefix("OIP.")
    plant = served.copies.get(key)
    if plant is None or (name and not plant.copied):
        return _nothing()
    drawn = content if name else thumbnail
    kind = TYPES[plant.seen.file] if name else "image/jpeg"
    return web.Response(body=await asyncio.to_thread(drawn, plant, served.world.seed), content_type=kind)


async def _front(served: Served, request: web.BaseRequest, _host: str, _before: int) -> web.StreamResponse:
    """The world about itself."""
    about: dict[str, Callable[[], object]] = {
        "/world/log.json": lambda: dict(served.log),
        "/world/settings.json": lambda: served.settings,
        "/world/truth.json": lambda: {url: asdict(plant) for url, plant in served.truth.items()},
    }
    if request.path in about:
        return web.Response(text=json.dumps(about[request.path]()), content_type="application/json")
    return _html(_welcome(served)) if request.path == "/" else _nothing()


def _welcome(served: Served) -> str:
    rows = "".join(
        f"<tr><td>{count}</td><td>{escape(about)}</td></tr>" for about, count in served.world.planted.values()
    )
    names = ", ".join(served.world.classes)
    return f"<!DOCTYPE html><title>A small web</title><h1>{names}</h1><table>{rows}</table>"


def _story(served: Served, plant: Plant) -> str:
    title, picture = escape(plant.title), escape(served.atlas.picture(plant))
    return f'<!DOCTYPE html><title>{title}</title><h1>{title}</h1><img src="{picture}" alt="{title}">'


def _html(text: str) -> web.Response:
    response = web.Response(text=text, content_type="text/html")
    response.enable_compression()  # if the asker takes gzip
    return response


def _nothing() -> web.Response:
    return web.Response(status=404, text="404\n")


Host = Callable[[Served, web.BaseRequest, str, int], Awaitable[web.StreamResponse]]
HOSTS: dict[str, Host] = {FRONT: _front, COPIES: _copies, "bing": _bing, "google": _google} | dict.fromkeys(
    SOURCES, _source
)
