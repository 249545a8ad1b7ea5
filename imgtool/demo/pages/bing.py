"""Bing Images as it answers in 2026: a first page, continuations, cluster cards, related queries, filters."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from urllib.parse import quote, quote_plus

from imgtool.demo.atlas import Atlas
from imgtool.demo.index import find, plain, related, subject
from imgtool.demo.pages.bing_asked import Search
from imgtool.demo.sites import STARVED
from imgtool.demo.world import Plant, World
from imgtool.records import Filters

COUNT = 35  # results a page
REPEATS = 3  # of which, from the second page on, were there before
CAP, NARROW_CAP = 150, 105  # results of a plain query; of one with more words or filters
CLUSTER = 6  # cards of the cluster strip on a first page
HITS = ("\ue000", "\ue001")  # Bing puts found words between these


def results(world: World, search: Search) -> tuple[Plant, ...]:
    """All that Bing would give for a search, page after page."""
    wide = plain(search.text) == subject(world, search.text) and search.filters == Filters()
    return find(world, "bing", search.text, search.filters, CAP if wide else NARROW_CAP)


def page(world: World, atlas: Atlas, search: Search, *, whole: bool) -> str:
    """A result page; whole with its head and proposals, or the part that a continuation brings."""
    if whole and STARVED in plain(search.text):
        return _whole(world, search, _list(atlas, search, _decoy(world), 0, ""))
    found = results(world, search)
    if not found and whole:
        return _nothing(search)
    fresh, after = _slice(found, search.first)
    shown = [*fresh, *_repeats(found, search.first)]
    if len(shown) > REPEATS:  # repeats stand among the new ones
        shown = shown[::2] + shown[1::2]
    part = _list(atlas, search, shown, search.first, after)
    clusters = _clusters(atlas, search, found[:CLUSTER]) if whole else ""
    return _whole(world, search, part + clusters) if whole else part


def _slice(found: Sequence[Plant], first: int) -> tuple[Sequence[Plant], str]:
    """The new results of the page that begins at `first`, and where the next begins ("" = nowhere)."""
    number = max(0, first - 1) // COUNT
    start = COUNT + (number - 1) * (COUNT - REPEATS) if number else 0
    end = start + (COUNT - REPEATS if number else COUNT)
    return found[start:end], str((number + 1) * COUNT + 1) if end < len(found) else ""


def _repeats(found: Sequence[Plant], first: int) -> Sequence[Plant]:
    return found[first % 7 :: 11][:REPEATS] if first > COUNT else ()


def _decoy(world: World) -> list[Plant]:
    return [plant for plant in world.plants if not plant.label][:1]


def _list(atlas: Atlas, search: Search, shown: Sequence[Plant], first: int, after: str) -> str:
    """The list of results with the address of its continuation."""
    cards = "".join(_card(atlas, search, plant, place) for place, plant in enumerate(shown, 1))
    onward = f"/images/async?q={quote_plus(search.text)}&first={after}&count={COUNT}&cw=1024&ch=768&relp={COUNT}"
    onward += f"&datsrc=I&layout=RowBased&apc=0&imgbf={quote_plus(_bloom(shown))}&mmasync=1"
    onward += f"&dgState=x*0_y*0_h*190_c*1_i*{after}_r*8"
    if search.qft:
        onward += f"&qft={quote(search.qft, safe='+:')}"
    if search.filters.market:
        onward += f"&mkt={search.filters.market}"
    return (
        '<div class="dg_b isvctrl" data-svcptid="ImageResults" data-pagewidth="1024">'
        f'<div id="mmComponent_images_{2 if first <= 1 else 1}" class="dgControl dtl hover" style="width:1004px" '
        f'data-nextUrl="{escape(onward) if after else ""}" data-postData="" data-iid="images.{5600 + first}" '
        f'data-layout="row" ><ul data-row = 0 class="dgControl_list " data-infullrow=1 style="" >{cards}</ul></div>'
        '<div class="rabv">Some results have been hidden because they may be inaccessible to you.</div></div>'
    )


def _card(atlas: Atlas, search: Search, plant: Plant, place: int) -> str:
    told = {
        "sid": "",
        "cturl": "",
        "cid": b64encode(bytes.fromhex(plant.key)[:6]).decode(),
        "purl": atlas.story(plant),
        "murl": atlas.picture(plant),
        "turl": atlas.thumb(plant),
        "md5": plant.key,
        "shkey": b64encode(bytes.fromhex(plant.key) * 2).decode(),
        "t": plant.title,
        "mid": (plant.key + plant.key[:8]).upper(),
        "desc": _marked(plant.title, search.text),
    }
    seen, host = plant.seen, atlas.places[plant.host]
    cdn = f"&cdnurl={quote(atlas.copy(plant), safe='')}" if plant.copied else ""
    href = (
        f"/images/search?view=detailV2&ccid={quote(told['cid'], safe='')}&id={told['mid']}&thid=OIP.{plant.key}"
        f"&mediaurl={quote(told['murl'], safe='')}{cdn}&exph={seen.height}&expw={seen.width}"
        f"&q={quote_plus(search.text)}&FORM=IRPRST&ck={plant.key.upper()}&selectedIndex={place - 1}&itb=0"
    )
    return (
        f'<li data-idx = {place} style="width:212px; height: 261px"><div class="iuscp isv" style="height:261px" '
        f'data-evt="1"><div class="imgpt"><a aria-label="{escape(plant.title)}" role="link" class="iusc" '
        f'm="{escape(json.dumps(told, ensure_ascii=False, separators=(",", ":")))}" data-fnvg="1" '
        f'href="{escape(href)}" h="ID=images,{5000 + place}.1">'
        f'<div class="img_cont hoff"><img class="mimg" height="190" width="212" '
        f'src="{escape(told["turl"])}" alt="{escape(plant.title)}"/></div></a><div class="img_info hon">'
        f'<span class="nowrap">{seen.width}&#215;{seen.height}</span><div class="lnkw"><a title="{host}" '
        f'target="_blank" href="{escape(told["purl"])}">{host}</a></div></div></div><div class="infopt">'
        f'<ul class="b_dataList"><li><a title="{escape(plant.title)}" href="{escape(href)}">{escape(plant.title)}</a>'
        "</li></ul></div></div></li>"
    )


def _clusters(atlas: Atlas, search: Search, shown: Sequence[Plant]) -> str:
    """Cards that repeat pictures, as Bing groups them: without `mid`, title and thumbnail."""
    cards = []
    for plant in shown:
        told = {"cid": "", "purl": "", "murl": atlas.picture(plant), "turl": "", "md5": plant.key, "shkey": ""}
        href = f"/images/search?view=detailV2&mediaurl={quote(told['murl'], safe='')}&q={quote_plus(search.text)}"
        cards.append(
            f'<li data-idx = 1><div class="iuscp"><a class="iusc" m="{escape(json.dumps(told))}" '
            f'href="{escape(href)}"></a></div></li>'
        )
    return (
        '<div class="clustCards"><div id="mmComponent_images_3" class="dgControl" data-nextUrl="" data-layout="row">'
        f'<ul class="dgControl_list">{"".join(cards)}</ul></div></div>'
    )


def _whole(world: World, search: Search, body: str) -> str:
    words = escape(search.text)
    texts = related(world, search.text)
    top = "".join(_proposal(text, "itm ", "IRMHRS") for text in texts[:8])
    more = "".join(_proposal(text, "suggestion-item has-foreground-img", "RESTAB") for text in texts)
    return (
        f'<!DOCTYPE html><html dir="ltr" lang="en"><head><title>{words} - Search Images</title>'
        f'<meta content="text/html; charset=utf-8" http-equiv="content-type" /><meta property="og:site_name" '
        f'content="Bing" /></head><body class="b_respl"><header id="b_header"><form action="/images/search" '
        f'id="sb_form"><input id="sb_form_q" name="q" value="{words}"/></form></header>'
        f'<div class="lt"><h2>Top suggestions for {words}</h2></div><div class="sug">{top}</div>'
        f'<div id="b_content">{body}</div><div id="bop_coll" class="carousel"><ol class="items">{more}</ol></div>'
        "</body></html>"
    )


def _proposal(text: str, kind: str, form: str) -> str:
    return (
        f'<a class="{kind}" title="Search for: {escape(text)}" href="/images/search?q={quote_plus(text)}'
        f'&amp;FORM={form}"><div class="it">{escape(text)}</div></a>'
    )


def _nothing(search: Search) -> str:
    words = escape(search.text)
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{words} - Search Images</title></head><body>'
        f'<header id="b_header"></header><div id="b_content"><div class="no_results">There are no results for '
        f"<strong>{words}</strong></div></div></body></html>"
    )


def _marked(title: str, text: str) -> str:
    """A description with the found words between Bing's marks."""
    wanted = set(plain(text).split())
    return " ".join(f"{HITS[0]}{word}{HITS[1]}" if plain(word) in wanted else word for word in title.split())


def _bloom(shown: Sequence[Plant]) -> str:
    """Bing carries a filter of what it has shown; ours is as opaque and means nothing."""
    return b64encode(b"".join(bytes.fromhex(plant.key)[:2] for plant in shown[:20])).decode()
