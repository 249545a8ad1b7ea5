"""The ways in which pictures are told of: to people, as one object, as lines of objects, as a table."""

from __future__ import annotations

import csv
import json
import math
import os
import sys
from collections.abc import Mapping
from typing import Protocol

from imgtool.cli.encode import encode
from imgtool.cli.predicted import Tally, block, ending, line
from imgtool.cli.screen import Screen
from imgtool.cli.terminal import GRAPHICS, blocks, graphics
from imgtool.pipeline.predicted import Prediction
from scraper.redact import redacted


class Voice(Protocol):
    """One way."""

    def tell(self, said: Prediction) -> None:
        """One picture more."""
        ...

    def end(self, tally: Tally, facts: Mapping[str, object]) -> None:
        """There are no more."""
        ...


class People:
    """Bars and names; of many pictures, a line each."""

    def __init__(self, screen: Screen, room: int, *, few: bool) -> None:
        self._screen, self._room, self._few = screen, room, few
        self._console = screen.console(sys.stdout)

    def tell(self, said: Prediction) -> None:
        """A picture, as it is known."""
        if said.pixels is not None:
            self._show(said)
        if self._few:
            self._console.print(block(self._screen, said))
        else:
            self._console.print(line(self._screen, said, self._room), soft_wrap=True)

    def end(self, tally: Tally, facts: Mapping[str, object]) -> None:
        """What it comes to."""
        if not self._few:
            self._console.print(ending(self._screen, tally, float(str(facts["seconds"]))))

    def _show(self, said: Prediction) -> None:
        assert said.pixels is not None
        draw = GRAPHICS.get(graphics(os.environ))
        if draw is None:
            self._console.print(blocks(said.pixels))
        else:
            print(draw(said.pixels))  # noqa: T201  # a terminal's own language: no styles, no wrapping


class OneObject:
    """All of it as one object, at the end."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._told: list[dict[str, object]] = []

    def tell(self, said: Prediction) -> None:
        """A picture, kept for the end."""
        self._told.append(facts_of(said))

    def end(self, tally: Tally, facts: Mapping[str, object]) -> None:
        """The object."""
        counts = {"pictures": tally.told, "names": tally.names, "unsure": tally.unsure, "refused": tally.refused}
        self._screen.result({**facts, **counts, "predictions": self._told}, str)


class Objects:
    """An object a line, each as it is known."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def tell(self, said: Prediction) -> None:
        """A picture, out at once."""
        known = encode(facts_of(said), lambda text: redacted(text, *self._screen.secrets))
        print(json.dumps(known), flush=True)  # noqa: T201  # machines read it

    def end(self, tally: Tally, facts: Mapping[str, object]) -> None:
        """Nothing more: every line is one picture."""


class Table:
    """A line of values a picture, with a first line that names them."""

    def __init__(self, screen: Screen, top: int) -> None:
        self._screen, self._top = screen, top
        self._writer = csv.writer(sys.stdout, lineterminator="\n")
        more = [f"{word}_{n}" for n in range(2, top + 1) for word in ("label", "probability")]
        self._writer.writerow(["picture", "label", "probability", "sure", "why", "refused", *more])

    def tell(self, said: Prediction) -> None:
        """A row."""
        refused = f"{said.refusal.reason}: {said.refusal.detail}" if said.refusal else ""
        head = [said.picture, said.label, _share(said.probability) if said.ranked else ""]
        sure = "" if said.refusal else "yes" if said.sure else "no"
        rest = [value for name, share in said.ranked[1:] for value in (name, _share(share))]
        row = [*head, sure, said.why, refused, *rest, *[""] * (2 * (self._top - 1) - len(rest))]
        self._writer.writerow([redacted(value, *self._screen.secrets) for value in row])

    def end(self, tally: Tally, facts: Mapping[str, object]) -> None:
        """Nothing more: every line is one picture."""


def facts_of(said: Prediction) -> dict[str, object]:
    """A prediction as JSON says it."""
    return {
        "picture": said.picture,
        "label": said.label or None,
        "probability": said.probability if said.ranked else None,
        "sure": said.sure,
        "why": said.why or None,
        "strangeness": said.strangeness if math.isfinite(said.strangeness) else None,
        "ranked": [{"label": name, "probability": share} for name, share in said.ranked],
        "refused": said.refusal.reason.value if said.refusal else None,
        "detail": (said.refusal.detail or None) if said.refusal else None,
        "saved": said.saved or None,
    }


def _share(share: float) -> str:
    return f"{share:.6f}"
