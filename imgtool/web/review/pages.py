"""The pages: what the desk knows, a stretch at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from imgtool.dataset import Item
from imgtool.pipeline.agenda import Cluster, Mate, Suspect
from imgtool.pipeline.review import Desk
from imgtool.pipeline.teach import ENGINE
from imgtool.web.asked import number
from imgtool.web.page import Stretch, page

# A page stays the same size however large the set is.
PICTURES, SUSPECTS, GROUPS, STEPS = 100, 60, 20, 50
CROWD = 24  # members of a group that are shown; a placeholder may have hundreds


@dataclass(frozen=True, slots=True)
class Shown:
    """A group with what its cards need."""

    cluster: Cluster
    cards: tuple[tuple[Item, Mate], ...]
    unseen: int


@dataclass(frozen=True, slots=True)
class Pupil:
    """A picture that was taught, and what is known of it."""

    item: Item
    told: tuple[str, ...]  # by whom, and what a model had said
    there: tuple[str, ...]  # classes that have these very bytes


Tabs: TypeAlias = Sequence[tuple[str, str, str]]  # address, word, name of the pages beside these


class Pages:
    """The pages of one desk."""

    def __init__(self, desk: Desk, tabs: Tabs = ()) -> None:
        self.desk = desk
        self.tabs = tabs

    def overview(self, _: Request) -> Response:
        """Counts, and what is to be looked at."""
        strangers = sum(1 for _ in self.desk.dataset.strangers())
        return self._page("overview.html", "overview", checks=self.desk.agenda().checks, strangers=strangers)

    def groups(self, request: Request) -> Response:
        """Pictures of one class that show the same."""
        clusters = self.desk.agenda().groups
        extra = sum(len(cluster.mates) - 1 for cluster in clusters)
        return self._clusters(request, "groups", clusters, extra)

    def conflicts(self, request: Request) -> Response:
        """The same picture in several classes."""
        return self._clusters(request, "conflicts", self.desk.agenda().conflicts, 0)

    def findings(self, request: Request) -> Response:
        """Suspicious pictures, the most suspicious first."""
        agenda, check = self.desk.agenda(), request.query_params.get("check", "")
        found = agenda.about(check)
        part = _stretch(request, SUSPECTS, len(found), (("check", check),) if check else ())
        cards = self._suspects(found[part.start : part.start + part.step])
        return self._page("findings.html", "findings", part=part, cards=cards, check=check, checks=agenda.checks)

    def taught(self, request: Request) -> Response:
        """Pictures that ask to be let in."""
        shelf = self.desk.shelf
        part = _stretch(request, SUSPECTS, shelf.many_taught(), ())
        cards = [self._pupil(item) for item in shelf.taught(part.start, part.step)]
        return self._page("taught.html", "taught", part=part, cards=cards, known=self.desk.dataset.classes())

    def grid(self, request: Request) -> Response:
        """A class."""
        label = request.query_params.get("label", "")
        if label not in self.desk.dataset.classes():
            raise HTTPException(404, "There is no such class.")
        part = _stretch(request, PICTURES, self.desk.dataset.count(label), (("label", label),))
        items = self.desk.shelf.page(label, part.start, part.step)
        return self._page("class.html", "classes", label=label, part=part, items=items)

    def history(self, request: Request) -> Response:
        """What was done, the last first."""
        shelf = self.desk.shelf
        part = _stretch(request, STEPS, shelf.many_steps(), ())
        return self._page("history.html", "history", part=part, steps=shelf.steps(part.start, part.step))

    def facts(self, request: Request) -> Response:
        """One picture, and where it came from: a part of a page."""
        items = self.desk.shelf.named([request.path_params["id"]])
        if not items:
            raise HTTPException(404, "This picture is not in the set any more.")
        sources = self.desk.shelf.sources(items[0].sha256)
        return page("review/facts.html", {"item": items[0], "sources": sources})

    def _clusters(self, request: Request, name: str, clusters: Sequence[Cluster], extra: int) -> Response:
        part = _stretch(request, GROUPS, len(clusters), ())
        shown = [self._shown(cluster) for cluster in clusters[part.start : part.start + part.step]]
        return self._page("groups.html", name, part=part, groups=shown, extra=extra)

    def _shown(self, cluster: Cluster) -> Shown:
        mates = {mate.path: mate for mate in cluster.mates[:CROWD]}
        cards = tuple((item, mates[item.path]) for item in self.desk.shelf.at(mates))
        return Shown(cluster, cards, len(cluster.mates) - len(mates))

    def _suspects(self, found: Sequence[Suspect]) -> list[tuple[Item, Suspect]]:
        suspects = {suspect.path: suspect for suspect in found}
        return [(item, suspects[item.path]) for item in self.desk.shelf.at(suspects)]

    def _pupil(self, item: Item) -> Pupil:
        shelf = self.desk.shelf
        told = (ref.query for ref in shelf.sources(item.sha256) if (ref.engine, ref.label) == (ENGINE, item.label))
        return Pupil(item, tuple(told), tuple(shelf.labels(item.sha256)))

    def _page(self, template: str, here: str, **values: object) -> Response:
        desk = self.desk
        agenda, counts = desk.agenda(), desk.shelf.counts()
        classes = [(label, counts.get(label, 0)) for label in desk.dataset.classes()]
        values |= {"here": here, "left": agenda.left, "settled": agenda.settled, "classes": classes}
        values |= {"looked": desk.looked, "busy": desk.busy, "name": desk.dataset.root.resolve().name}
        values["tabs"] = self.tabs
        return page(f"review/{template}", values)


def _stretch(request: Request, step: int, total: int, asked: tuple[tuple[str, str], ...]) -> Stretch:
    start = number(request.query_params.get("start", "0"), "start")
    last = (total - 1) // step * step if total else 0
    return Stretch(min(start, last) if start >= total else start, step, total, asked)
