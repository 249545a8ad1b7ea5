"""Google Images as it answers in 2026: a JavaScript shell for all, the results for those who ran it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote, quote_plus

from imgtool.demo.atlas import Atlas
from imgtool.demo.index import find, related
from imgtool.demo.world import Plant, World
from imgtool.records import Filters

COUNT = 100  # results a page
CAP = 200  # results of one query
PASS = "SG_SS"  # noqa: S105 - the cookie that the shell's script sets; it opens nothing but these pages
# Thumbnails have their real shape, on a host name that can never exist: nothing here may reach a real server.
THUMBS = "https://encrypted-tbn0.demo.invalid/images?q=tbn:"
BLANK = "data:image/gif;base64,R0lGODlhAQABAIAAAP///////yH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="

SIZES = {"i": "small", "m": "medium", "l": "large", "lt": "wallpaper"}
AGES = {"d": "day", "w": "week", "m": "month", "y": "year"}
ASPECTS = {"s": "square", "w": "wide", "t": "tall"}
TONES = {"color": "colour", "gray": "mono"}


def filters_of(fields: Mapping[str, str]) -> Filters:
    """The words of `tbs` and `imgar`, in ours."""
    told = dict(word.partition(":")[::2] for word in fields.get("tbs", "").split(",") if ":" in word)
    return Filters(
        size=SIZES.get(told.get("isz", ""), ""),
        colour=told.get("isc", "") or TONES.get(told.get("ic", ""), ""),
        kind=told.get("itp", ""),
        age=AGES.get(told.get("qdr", ""), ""),
        aspect=ASPECTS.get(fields.get("imgar", ""), ""),
        licence=("any",) if "sur" in told else (),
        market=fields.get("gl", ""),
    )


def shell(text: str) -> str:
    """What plain HTTP gets: nothing to read, and a script that fetches the page for a browser."""
    words = quote_plus(text)
    return (
        '<!DOCTYPE html><html lang="en"><head><title>Google Search</title><style>body{background-color:#fff}</style>'
        "</head><body><noscript><style>table,div,span,p{display:none}</style>"
        '<meta content="0;url=/httpservice/retry/enablejs?sei=demo" http-equiv="refresh"><div style="display:block">'
        'Please click <a href="/httpservice/retry/enablejs?sei=demo">here</a> if you are not redirected within a few '
        f'seconds.</div></noscript><script>document.cookie="{PASS}=1; path=/";location.replace(location.href);</script>'
        '<div id="yvlrue" style="display:none">If you\'re having trouble accessing Google Search, please&nbsp;'
        f'<a href="/search?q={words}&amp;emsg=SG_REL&amp;sei=demo">click here</a></div></body></html>'
    )


def page(world: World, atlas: Atlas, fields: Mapping[str, str]) -> str:
    """The results from `start` on, as a browser sees them after the script ran."""
    text, start = fields.get("q", ""), fields.get("start", "0")
    first = int(start) if start.isdecimal() else 0
    found = find(world, "google", text, filters_of(fields), CAP)
    if not found:
        return _frame(text, f"<p>Your search - <b>{escape(text)}</b> - did not match any image results.</p>")
    shown = found[first : first + COUNT]
    more = _scroller(first + COUNT) if first + COUNT < len(found) else ""
    return _frame(text, _chips(world, text) + _grid(atlas, text, shown) + more)


def part(world: World, atlas: Atlas, fields: Mapping[str, str]) -> str:
    """What scrolling brings: cards and their data, without a frame."""
    text, first = fields.get("q", ""), int(fields.get("start", "0"))
    return _grid(atlas, text, find(world, "google", text, filters_of(fields), CAP)[first : first + COUNT])


def _grid(atlas: Atlas, text: str, shown: Sequence[Plant]) -> str:
    cards = "".join(_card(atlas, text, plant, hovered=place % 12 == 0) for place, plant in enumerate(shown))
    data = ",".join(f'"AZ{place:02d}{plant.key[:4]}":{_entry(atlas, plant)}' for place, plant in enumerate(shown))
    return (
        f"{cards}<script>(function(){{var m={{{data}}};window.W_jd=Object.assign(window.W_jd||{{}},m);}})();</script>"
    )


def _entry(atlas: Atlas, plant: Plant) -> str:
    """`[1,[0,id,[thumb,h,w],[original,h,w],…,{notes}],…]`: height before width, signs escaped as Google does."""
    name, host = identity(plant), atlas.places[plant.host]
    seen = plant.seen
    story = [None, identity(plant)[::-1], atlas.story(plant), plant.title, None, 0, None, None, None, 0, None, None]
    notes = {
        "2000": [None, host, "120KB"],
        "2003": [*story, host, None, None, None, None, host],
        "2008": [None, plant.title],
    }
    thumb = [THUMBS + plant.key + "&s", 183, 275]
    inner = [
        0,
        name,
        thumb,
        [atlas.picture(plant), seen.height, seen.width],
        None,
        0,
        "rgb(160,150,140)",
        None,
        0,
        notes,
    ]
    written = json.dumps([1, inner, None, None, None, None, None, name], separators=(",", ":"))
    return written.replace("=", "\\u003d").replace("&", "\\u0026").replace("<", "\\u003c")


def _card(atlas: Atlas, text: str, plant: Plant, *, hovered: bool) -> str:
    name, seen = identity(plant), plant.seen
    link = ""
    if hovered:  # a card's link exists only once the pointer was over it
        original, story = quote(atlas.picture(plant), safe=""), quote(atlas.story(plant), safe="")
        href = f"/imgres?q={quote_plus(text)}&imgurl={original}&imgrefurl={story}&docid={name[::-1]}&tbnid={name}"
        link = f'<a href="{escape(f"{href}&w={seen.width}&h={seen.height}")}"></a>'
    return (
        f'<div jsname="dTDiAc" class="eA0Zlc" data-attrid="images universal" data-docid="{name}" data-ivep="true" '
        f'data-lpage="{escape(atlas.story(plant))}" data-ref-docid="{name[::-1]}"><h3>{link}<div class="F0uyec">'
        f'<img src="{BLANK}" alt="{escape(plant.title)}" width="180"></div></h3>'
        f'<div class="toI8Rb">{escape(plant.title)}</div></div>'
    )


def _chips(world: World, text: str) -> str:
    links = (f"/search?q={quote_plus(words)}&udm=2&uds=ADvngMg" for words in related(world, text)[:6])
    return "".join(f'<a class="nPDzT" href="{escape(link)}"></a>' for link in links)


def _scroller(start: int) -> str:
    """The script that brings more when one scrolls down."""
    return (
        f"<script>(function(){{var next={start},busy=false;addEventListener('scroll',function(){{"
        "if(busy||innerHeight+scrollY<document.body.scrollHeight-800)return;busy=true;"
        "fetch(location.pathname+location.search+'&start='+next+'&async=1').then(function(r){return r.text()})"
        ".then(function(t){if(!t)return;document.getElementById('rso').insertAdjacentHTML('beforeend',t);"
        f"next+={COUNT};busy=next>={CAP};}});}});}})();</script>"
    )


def _frame(text: str, body: str) -> str:
    words = escape(text)
    return (
        f'<!DOCTYPE html><html itemtype="http://schema.org/SearchResultsPage" lang="en"><head><meta charset="UTF-8">'
        f'<title>{words} - Google Search</title></head><body><div id="rcnt"><h1>Search Results</h1>'
        f'<div id="rso" data-async-context="query:{words}">{body}</div></div></body></html>'
    )


def identity(plant: Plant) -> str:
    """Google's name for a picture: 14 characters."""
    return plant.key[:13] + "M"
