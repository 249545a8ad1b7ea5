"""A dataset on the table of the person who reviews it: what is to be looked at, and the ways to decide."""

from __future__ import annotations

import getpass
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from imgtool.dataset import Change, Dataset, Decided, Item, Move, Remove, Shelf, Verdict
from imgtool.dataset.rows import now
from imgtool.errors import DatasetBusy, UsageError
from imgtool.pipeline.agenda import Agenda, Suspicions, agenda
from imgtool.pipeline.look import Looking, look
from imgtool.pipeline.replay import Replayed, decisions_of, replay
from imgtool.records import Reason

Suspect = Callable[[Dataset], Suspicions]
NOTHING = Agenda((), (), ())
TAUGHT = "taught"  # the state of a picture that asks to be let in
PATIENCE = 10.0  # s that somebody who brings a picture waits while others are looked at


@dataclass(frozen=True, slots=True)
class Done:
    """A decision that was carried out."""

    change: int
    ids: tuple[str, ...]  # of the pictures it was about
    stale: tuple[str, ...] = ()  # paths that changed meanwhile, and were left alone


class _Left(Exception):
    """The person went while pictures were looked at."""


class Desk:
    """One dataset, one person. Decisions happen at once, hold the dataset only for that long, and can be undone."""

    def __init__(self, dataset: Dataset, shelf: Shelf, who: str, suspect: Suspect) -> None:
        self.dataset = dataset
        self.shelf = shelf
        self.who = who
        self.busy = ""  # who held the dataset when it was last looked at
        self.looked = False  # are the suspicions known by now?
        self._suspect = suspect
        self._found = Suspicions()
        self._hand = threading.Lock()  # one decision at a time: the dataset's lock would take us for two processes
        self._agenda = (-1, NOTHING)
        self._left = False

    def look(self) -> None:
        """See what is new in the folder, unless somebody is writing there, and find what is suspicious."""
        try:
            with self._hand, self.dataset.writing():
                look(self.dataset, self._unless_left)
            self.busy = ""
        except DatasetBusy as error:
            self.busy = str(error)
        except _Left:
            return
        self._found = self._suspect(self.dataset)
        self._agenda = (-1, NOTHING)
        self.looked = True

    def leave(self) -> None:
        """The person goes: stop looking at new pictures; what was seen is written down."""
        self._left = True

    def _unless_left(self, _: Looking) -> None:
        if self._left:
            raise _Left

    def agenda(self) -> Agenda:
        """What is left to look at, as the catalogue stands now."""
        version = self.shelf.version()
        if self._agenda[0] != version:
            held = {(each.sha256, each.label) for each in self.dataset.decided() if each.verdict is Verdict.KEEP}
            taught = self.shelf.many_taught()
            self._agenda = (version, agenda(self._found, self.shelf.here(), held, taught))
        return self._agenda[1]

    def decide(self, verdict: Verdict, ids: Iterable[str], target: str = "") -> Done:
        """Keep, drop or move pictures: one change."""
        if verdict is Verdict.MOVE and target not in self.dataset.classes():
            raise UsageError(f"There is no class {target!r}.")
        with self._hand, self.dataset.writing(notice=False):
            named = self.shelf.named(dict.fromkeys(ids))
            items = [item for item in named if item.label != target or item.state == TAUGHT]
            if not items:
                raise UsageError("None of these pictures is there any more.", hint="Load the page again.")
            return self._carry_out(verdict, items, target)

    def undo(self, number: int = 0) -> Done:
        """Take back a change: the one of that number, or the last one that was made here."""
        with self._hand, self.dataset.writing(notice=False):
            number = number or self.shelf.last("review")
            if not number:
                raise UsageError("There is nothing to undo.")
            change = self.dataset.undo(number, self.who)
            back = self.shelf.at(move.new_path for move in change.moves)
        return Done(change.id, tuple(item.id for item in back), change.stale)

    @contextmanager
    def holding(self) -> Iterator[Dataset]:
        """The dataset, to be written to by whoever brings a picture; DatasetBusy while it is being looked through."""
        if not self._hand.acquire(timeout=PATIENCE):
            message = f"The pictures of {self.dataset.root} are still being looked at."
            raise DatasetBusy(message, hint="Try again when that is done.")
        try:
            with self.dataset.writing(notice=False):
                yield self.dataset
        finally:
            self._hand.release()

    def _carry_out(self, verdict: Verdict, items: Sequence[Item], target: str) -> Done:
        wishes = [wish for item in items if (wish := _wish(self.dataset, item, verdict, target))]
        kept = [item for item in items if item.state != TAUGHT]  # what waited outside is known to no other dataset
        before = {(item.sha256, item.label): self.shelf.copies(item.sha256, item.label) for item in items}

        def remember(change: Change) -> list[Decided]:
            gone = Counter((move.sha256, move.old_label) for move in change.moves)
            about = (item for item in kept if item.path not in change.stale)
            keys = dict.fromkeys((item.sha256, item.label) for item in about)
            return [Decided(*key, verdict, target, before[key] - gone[key], self.who, now()) for key in keys]

        change = self.dataset.change("review", wishes, self.who, remember)
        return Done(change.id, tuple(i.id for i in items if i.path not in change.stale), change.stale)


def person() -> str:
    """Who sits here, as this machine calls them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "somebody"


def replayed(path: str | Path, source: str | Path) -> Replayed:
    """Decide in one dataset as was decided in another, or in an exported file."""
    decided = decisions_of(Path(source))
    with Dataset.open(path) as dataset, dataset.writing():
        look(dataset)
        return replay(dataset, decided, person())


def _wish(dataset: Dataset, item: Item, verdict: Verdict, target: str) -> Remove | Move | None:
    """What a verdict asks of the dataset; nothing of what may stay where it is."""
    if verdict is Verdict.DROP:
        return Remove(item.path, Reason.REMOVED, "review")
    if verdict is Verdict.KEEP and item.state != TAUGHT:
        return None
    label = target or item.label
    place = f"{dataset.folder(label)}/{PurePosixPath(item.path).name}"
    return Move(item.path, place, label, "moved", "review")
