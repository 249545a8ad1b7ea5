"""`imgtool predict`: what a trained model says of pictures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from typer import Option

from imgtool.cli.screen import Screen
from imgtool.cli.verb import Common, verb
from imgtool.cli.wanted import Wanted, words

MODEL = "model.keras"
SUFFIX = ".keras"


@dataclass(frozen=True, slots=True)
class Which:
    """The model."""

    model: Annotated[
        str,
        Option(
            "--model", "-m", metavar="FILE", help=f"The model ({MODEL}); or name it first of all.", show_default=False
        ),
    ] = ""


@verb("predict")
def predict(screen: Screen, which: Which, wanted: Wanted, common: Common) -> None:
    """Say what pictures show, with probabilities, and "not sure" where the model is not.

    Pictures are files, folders, patterns or addresses; - reads their names from stdin. Answers come as they are
    known; ten thousand pictures take no more memory than ten. A picture that cannot be read is named with the
    reason, and the others go on.
    """
    from imgtool.cli.telling import Source, tell
    from imgtool.pipeline.predict import load

    file, pictures = chosen(which.model, wanted.pictures)
    wanted = replace(wanted, pictures=pictures)
    words(wanted.pictures)  # before anything is read
    model = load(file)
    wanted = replace(wanted, top=min(wanted.top, len(model.labels)))
    facts = {"model": str(model.path), "labels": model.labels, "kind": model.card.kind}
    room = max(map(len, model.labels))
    tell(screen, wanted, common, Source(model.asked, facts, room))


def chosen(model: str, named: list[str]) -> tuple[Path, list[str]]:
    """The model's file and the pictures: a first word that ends in .keras is the model."""
    if not model and named and Path(named[0]).suffix == SUFFIX:
        model, *named = named
    return Path(model or MODEL).expanduser(), named
