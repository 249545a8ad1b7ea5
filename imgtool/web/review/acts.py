"""What a person does on the pages: decide, undo, look again. JSON in, JSON out."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from imgtool.dataset import Verdict
from imgtool.pipeline.agenda import Agenda
from imgtool.pipeline.review import Desk, Done
from imgtool.web.asked import number, sent, text, texts
from imgtool.web.page import answer

SAID = {Verdict.KEEP: "kept", Verdict.DROP: "dropped", Verdict.MOVE: "moved"}


class Acts:
    """The acts of one desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def decide(self, request: Request) -> Response:
        """Keep, drop or move pictures: those of `ids`, or all of a list."""
        asked = await sent(request)
        verdict, target = _verdict(asked)
        return await run_in_threadpool(self._decide, verdict, target, asked)

    async def undo(self, request: Request) -> Response:
        """Take a change back: that of the number, or the last one made here."""
        change = number((await sent(request)).get("change", 0), "change")
        done = await run_in_threadpool(self.desk.undo, change)
        return self._answer(done, "Undone.")

    async def look(self, request: Request) -> Response:
        """See what is new in the folder."""
        await sent(request)
        await run_in_threadpool(self.desk.look)
        return self.state(request)

    def state(self, _: Request) -> Response:
        """Is everything looked at, and what is left?"""
        return answer({"looked": self.desk.looked, "left": self.desk.agenda().left, "busy": self.desk.busy})

    def _decide(self, verdict: Verdict, target: str, asked: dict[str, Any]) -> Response:
        ids = self._all(asked) if "list" in asked else texts(asked.get("ids"), "ids")
        done = self.desk.decide(verdict, ids, target)
        to = f" to {target}" if target else ""
        return self._answer(done, f"{_count(len(done.ids))} {SAID[verdict]}{to}.")

    def _all(self, asked: dict[str, Any]) -> list[str]:
        """Every picture of a list, if the list is still as long as the person saw it."""
        paths = listed(self.desk.agenda(), text(asked["list"], "list"), text(asked.get("check", ""), "check"))
        if len(paths) != number(asked.get("expected"), "expected"):
            raise HTTPException(409, "The list has changed since it was shown. Load the page again.")
        return [item.id for item in self.desk.shelf.at(paths)]

    def _answer(self, done: Done, said: str) -> Response:
        if done.stale:
            said += f" {_count(len(done.stale))} had changed meanwhile and stayed as they are."
        left = self.desk.agenda().left
        return answer({"change": done.change, "ids": done.ids, "said": said, "left": left})


def listed(agenda: Agenda, name: str, check: str) -> list[str]:
    """The paths that a bulk decision on a list is about: the twins of groups, the pictures of findings."""
    if name == "groups":
        return [mate.path for cluster in agenda.groups for mate in cluster.mates[1:]]
    if name == "findings":
        return [suspect.path for suspect in agenda.about(check)]
    raise HTTPException(422, "There is no such list.")


def _verdict(asked: dict[str, Any]) -> tuple[Verdict, str]:
    try:
        verdict = Verdict(text(asked.get("verdict"), "verdict"))
    except ValueError:
        raise HTTPException(422, "verdict should be keep, drop or move.") from None
    return verdict, text(asked.get("target"), "target") if verdict is Verdict.MOVE else ""


def _count(many: int) -> str:
    return "1 picture" if many == 1 else f"{many} pictures"
