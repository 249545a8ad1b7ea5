"""The sources that answer with JSON: DuckDuckGo, Openverse, Wikimedia Commons, Flickr. Each with its own rules."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from imgtool.demo.atlas import Atlas
from imgtool.demo.index import DAYS, find, fits, free
from imgtool.demo.sites import COMMONS, PHOTOS
from imgtool.demo.world import Plant, World
from imgtool.records import Filters

KEY = "demo-key"  # the one that the world's Flickr accepts
TOKEN = "4-118203377501946827366103442265908127334"  # noqa: S105 - DuckDuckGo's vqd; every page hands it out
TODAY = 1_793_491_200  # 2026-11-01, the day the world was last indexed: uploads are dated back from it
DAY = 86_400
DUCK_PAGE, DUCK_CAP, OPEN_PAGE, OPEN_DEEPEST, WIKI_PAGE = 100, 200, 20, 20, 50
DEED = "https://creativecommons.org/licenses/{}/{}/"
FLICKR = {"by-nc-sa": 1, "by-nc": 2, "by-nc-nd": 3, "by": 4, "by-sa": 5, "by-nd": 6, "cc0": 9, "pdm": 10}


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and what is to be sent as JSON, or as text."""

    status: int
    body: Any


Source = Callable[[World, Atlas, Mapping[str, str], str], Answer]


def duckduckgo_token(_world: World, _atlas: Atlas, fields: Mapping[str, str], _agent: str) -> Answer:
    """The page whose only use is its token."""
    body = f"<!DOCTYPE html><html><head><title>{len(fields)} at DuckDuckGo</title></head><body>"
    return Answer(200, f'{body}<script>DDG.page = {{vqd="{TOKEN}"}};</script></body></html>')


def duckduckgo(world: World, atlas: Atlas, fields: Mapping[str, str], _agent: str) -> Answer:
    """A hundred results for whoever brings the token."""
    if fields.get("vqd") != TOKEN:
        return Answer(403, "If this error persists, please let us know")
    start = _number(fields, "s")
    found = find(world, "duckduckgo", fields.get("q", ""), _duck_filters(fields), DUCK_CAP)
    rows = [_duck(atlas, plant) for plant in found[start : start + DUCK_PAGE]]
    end = start + DUCK_PAGE
    onward = {"next": f"i.js?q={fields.get('q', '')}&s={end}&u=bing&l=us-en"} if end < len(found) else {}
    return Answer(200, {"ads": None, "query": fields.get("q", ""), "results": rows, **onward})


def _duck_filters(fields: Mapping[str, str]) -> Filters:
    """The six places of `f`, in our words."""
    told = dict(place.lower().partition(":")[::2] for place in fields.get("f", "").split(",") if place)
    colour, age = told.get("color", ""), told.get("time", "")
    return Filters(
        size=told.get("size", ""),
        colour={"color": "colour", "monochrome": "mono"}.get(colour, colour),
        aspect=told.get("layout", ""),
        age=age if age in DAYS else "",
        market=fields.get("l", ""),
    )


def _duck(atlas: Atlas, plant: Plant) -> dict[str, object]:
    return {
        "image": atlas.picture(plant),
        "thumbnail": atlas.thumb(plant),
        "url": atlas.story(plant),
        "title": plant.title,
        "width": plant.seen.width,
        "height": plant.seen.height,
        "source": "Bing",
    }


def openverse(world: World, atlas: Atlas, fields: Mapping[str, str], _agent: str) -> Answer:
    """Twenty freely licensed pictures a page, twenty pages deep."""
    page, size = _number(fields, "page", 1), _number(fields, "page_size", OPEN_PAGE)
    if size > OPEN_PAGE or page > OPEN_DEEPEST:
        return Answer(401, {"detail": f"Anonymous requests end at page {OPEN_DEEPEST} and {OPEN_PAGE} results each."})
    codes = tuple(code for code in fields.get("license", "").split(",") if code)
    filters = Filters(size=fields.get("size", ""), aspect=fields.get("aspect_ratio", ""), licence=codes)
    found = [plant for plant in free(world, fields.get("q", "")) if fits(plant, filters)]
    rows = [_open(atlas, plant) for plant in found[(page - 1) * size : page * size]]
    pages = min(OPEN_DEEPEST, -(-len(found) // size))
    counts = {"result_count": len(found), "page_count": pages, "page_size": size, "page": page}
    return Answer(200, {**counts, "results": rows})


def _open(atlas: Atlas, plant: Plant) -> dict[str, object]:
    code, version = plant.licence.split()
    return {
        "id": f"{plant.key[:8]}-{plant.key[8:12]}-4{plant.key[13:16]}-a{plant.key[17:20]}-{plant.key[20:]}",
        "title": plant.title,
        "url": atlas.picture(plant),
        "thumbnail": atlas.thumb(plant),
        "foreign_landing_url": atlas.story(plant),
        "creator": plant.creator,
        "license": code,
        "license_version": version,
        "license_url": DEED.format(code, version),
        "attribution": f'"{plant.title}" by {plant.creator}, {plant.licence}',
        "width": plant.seen.width,
        "height": plant.seen.height,
        "filetype": plant.seen.file,
        "source": plant.host,
    }


def wikimedia(world: World, atlas: Atlas, fields: Mapping[str, str], agent: str) -> Answer:
    """Fifty files a page, for clients that say whom to ask."""
    if not any(sign in agent for sign in ("http://", "https://", "@")):
        return Answer(403, "Please set a user-agent with a contact and respect our robot policy")
    start = _number(fields, "gsroffset")
    found = free(world, fields.get("gsrsearch", ""), COMMONS)
    shown = found[start : start + WIKI_PAGE]
    pages = {str(7_000_000 + start + k): _wiki(atlas, plant, start + k + 1) for k, plant in enumerate(shown)}
    end = start + WIKI_PAGE
    onward = {"continue": {"gsroffset": end, "continue": "gsroffset||"}} if end < len(found) else {}
    return Answer(200, {"batchcomplete": "", **onward, **({"query": {"pages": pages}} if pages else {})})


def _wiki(atlas: Atlas, plant: Plant, place: int) -> dict[str, object]:
    code, version = plant.licence.split()
    shown = f"{plant.shows}/{plant.variant}"  # equal bytes have equal names
    about = {
        "LicenseShortName": {"value": "CC0" if code == "cc0" else f"CC {code.upper()} {version}"},
        "LicenseUrl": {"value": DEED.format(code, version)},
        "Artist": {"value": f'<a href="{atlas.url(COMMONS)}">{plant.creator}</a>'},
        "ObjectName": {"value": plant.title},
    }
    info = {
        "url": atlas.picture(plant),
        "thumburl": atlas.thumb(plant),
        "descriptionurl": atlas.story(plant),
        "width": plant.seen.width,
        "height": plant.seen.height,
        "size": 90_000,
        "mime": f"image/{plant.seen.file}",
        "sha1": hashlib.sha1(shown.encode(), usedforsecurity=False).hexdigest(),
        "extmetadata": about,
    }
    return {"pageid": place, "ns": 6, "title": f"File:{plant.title}.jpg", "index": place, "imageinfo": [info]}


def flickr(world: World, atlas: Atlas, fields: Mapping[str, str], _agent: str) -> Answer:
    """Photographs with owner and licence, for those with the key."""
    if fields.get("api_key") != KEY:
        message = "Invalid API Key (Key has invalid format)"
        return Answer(200, {"stat": "fail", "code": 100, "message": message})
    wanted = {number for number in fields.get("license", "").split(",") if number}
    since, until = _number(fields, "min_upload_date"), _number(fields, "max_upload_date", TODAY)
    rows = [_photo(atlas, plant) for plant in free(world, fields.get("text", ""), PHOTOS)]
    rows = [row for row in rows if since <= int(str(row["dateupload"])) <= until]
    rows = [row for row in rows if not wanted or str(row["license"]) in wanted]
    page, size = _number(fields, "page", 1), min(_number(fields, "per_page", 100), 500)
    shown = rows[(page - 1) * size : page * size]
    counts = {"page": page, "pages": -(-len(rows) // size), "perpage": size, "total": str(len(rows))}
    return Answer(200, {"photos": {**counts, "photo": shown}, "stat": "ok"})


def _photo(atlas: Atlas, plant: Plant) -> dict[str, object]:
    # Real rows also hold `server` and `secret`, from which a client builds addresses at Flickr itself. Left out:
    # nothing here may lead to a real server.
    return {
        "id": str(int(plant.key[:9], 16)),
        "owner": f"{int(plant.key[9:16], 16)}@N05",
        "ownername": plant.creator,
        "title": plant.title,
        "license": str(FLICKR[plant.licence.split()[0]]),
        "dateupload": str(TODAY - int(plant.age * DAY)),
        "url_o": atlas.picture(plant),
        "width_o": plant.seen.width,
        "height_o": plant.seen.height,
        "ispublic": 1,
    }


def _number(fields: Mapping[str, str], name: str, otherwise: int = 0) -> int:
    told = fields.get(name, "")
    return int(told) if told.isdecimal() else otherwise
