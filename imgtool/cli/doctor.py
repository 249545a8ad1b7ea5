"""`imgtool doctor`: is this machine fit, and which engines answer today?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from imgtool.cli.screen import Screen
from imgtool.cli.settle import settle
from imgtool.cli.verb import Common, verb
from imgtool.cli.words import verdict_words
from imgtool.errors import Blocked

if TYPE_CHECKING:
    from rich.console import RenderableType

    from imgtool.pipeline.doctor import EngineHealth
    from imgtool.pipeline.machine import Check


@verb("doctor")
def doctor(screen: Screen, common: Common) -> None:
    """Look at this machine, and ask every engine one small question. 0 if one answers, else 5."""
    settings = settle(screen, common).settings
    from imgtool.pipeline.doctor import examine
    from imgtool.pipeline.machine import inspect

    checks = inspect(settings)
    screen.note("Asking each engine for a cat …", "dim")
    engines = examine(settings)
    data = {"machine": checks, "engines": [{**_facts(each), "answers": each.answers} for each in engines]}
    screen.result(data, lambda: _drawing(screen, checks, engines))
    if not any(each.answers for each in engines):
        raise Blocked("No engine answers from here today.", hint=_first_aid(engines))


def _facts(each: EngineHealth) -> dict[str, object]:
    words = verdict_words(each.verdict)
    return {
        "engine": each.engine,
        "verdict": each.verdict,
        "pictures": each.pictures,
        "seconds": each.seconds,
        "detail": each.detail,
        "do": words.do,
    }


def _drawing(screen: Screen, checks: tuple[Check, ...], engines: tuple[EngineHealth, ...]) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    from imgtool.cli.tables import grid

    machine, answers = grid("", "machine", "found", "what to do"), grid("", "engine", "answer", "what to do")
    for check in checks:
        machine.add_row(_sign(check.good), check.name, screen.safe(check.said), "" if check.good else check.do)
    for each in engines:
        words = verdict_words(each.verdict)
        said = f"{each.pictures} pictures in {each.seconds:.1f} s" if each.answers else words.what
        detail = f" ({each.detail})" if each.detail and not each.answers else ""
        answers.add_row(_sign(each.answers), each.engine, screen.safe(said + detail), screen.safe(words.do))
    return Group(machine, Text(), answers)


def _sign(good: bool) -> RenderableType:
    from rich.text import Text

    return Text("✓", style="green") if good else Text("✗", style="red")


def _first_aid(engines: tuple[EngineHealth, ...]) -> str:
    aid = next((verdict_words(each.verdict).do for each in engines if verdict_words(each.verdict).do), "")
    return f"{aid[:1].upper()}{aid[1:]}." if aid else ""
