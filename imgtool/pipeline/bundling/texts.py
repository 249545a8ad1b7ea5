"""The texts of a bundle: templates beside this module, with what is so about this bundle in their places."""

from __future__ import annotations

import json
import platform
import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from classify.nouns import Card

HERE = Path(__file__).parent
PLACE = re.compile("@([A-Z]+)@")
MANY = 12  # names of a model that are listed; a README is read, not searched
ANYWHERE = ("--host", "0.0.0.0", "--port", "8000", "--no-browser")  # noqa: S104  # in a container, behind its token


@dataclass(frozen=True, slots=True)
class Served:
    """A model as a bundle holds it."""

    name: str  # its file, without the ending
    card: Card
    digits: bool  # for the page to draw on
    report: bool

    @property
    def file(self) -> str:
        """Where it lies in the bundle."""
        return f"models/{self.name}.keras"


@dataclass(frozen=True, slots=True)
class Bundle:
    """What the texts are about."""

    models: tuple[Served, ...]
    requirements: str
    wheels: bool  # does it hold all that it installs?
    docker: bool
    keras: bool  # does a model of it need TensorFlow?


def texts(bundle: Bundle) -> Iterator[tuple[str, str]]:
    """Every text by the name of its file."""
    said = words(bundle)
    yield "requirements.txt", bundle.requirements
    yield "run", filled("run.sh", said)
    if bundle.docker:
        yield "Dockerfile", filled("Dockerfile", said)
        yield ".dockerignore", ".venv\n"
        said["DOCKER"] = filled("DOCKER.md", said)
    yield "README.md", filled("README.md", said).rstrip() + "\n"


def filled(template: str, said: Mapping[str, str]) -> str:
    """A template with every place filled, once: what is filled in is not looked into."""
    return PLACE.sub(lambda at: said[at[1]], (HERE / template).read_text("utf-8"))


def words(bundle: Bundle) -> dict[str, str]:
    """What goes into the places."""
    major, minor = sys.version_info[:2]
    names = [each.name for each in bundle.models]
    return {
        "VERSION": f"{major}.{minor}",
        "PAIR": f"{major}, {minor}",
        "SYSTEM": f"{platform.system()} {platform.machine()}",
        "SOURCE": "from the wheels beside it" if bundle.wheels else "from the index that pip is configured for",
        "INDEX": " --no-index" if bundle.wheels else "",
        "MARK": sha256(bundle.requirements.encode()).hexdigest()[:12],
        "MODELS": " ".join(shell(word) for word in arguments(bundle.models)),
        "ENTRY": json.dumps(["python", "-I", "-m", "imgtool", "serve", *arguments(bundle.models), *ANYWHERE]),
        "TITLE": printable(", ".join(names)),
        "TAG": re.sub(r"[^a-z0-9]+", "-", names[0].lower()).strip("-") or "model",
        "CONTENTS": "\n".join(f"| `{printable(name)}` | {what} |" for name, what in contents(bundle)),
        "KNOWS": "\n".join(knows(each) for each in bundle.models),
        "DOCKER": "",
    }


def arguments(models: tuple[Served, ...]) -> Iterator[str]:
    """The models as `imgtool serve` is told of them."""
    for each in models:
        yield from ("--digits", each.file) if each.digits else (each.file,)


def shell(word: str) -> str:
    """A word for the shell; a file of the bundle from wherever it is started."""
    return f'"$here"/{shlex.quote(word)}' if word.startswith("models/") else word


def contents(bundle: Bundle) -> Iterator[tuple[str, str]]:
    """What lies where."""
    for each in bundle.models:
        yield each.file, "the model; plain Keras opens it too"
        if each.report:
            yield f"models/{each.name}-report/", "what it is worth. **There are pictures of its training set in it**"
    yield "cache/", "the models' quick forms, which start without TensorFlow"
    whose = "imgtool, and all that it needs" if bundle.wheels else "imgtool"
    yield "wheels/", f"{whose}, as packages"
    yield (
        "requirements.txt",
        "what is installed, by version" + (", TensorFlow with it" if bundle.keras else ""),
    )


def knows(model: Served) -> str:
    """What a model knows, and how well."""
    card, told = model.card, model.card.metrics
    first = ", ".join(card.labels[:MANY]) + (f" and {len(card.labels) - MANY} more" if len(card.labels) > MANY else "")
    said = f"- **{model.name}** knows {first}."
    if {"accuracy", "low", "high", "tested"} <= told.keys():
        said += f" It named {told['accuracy']:.1%} of {told['tested']:,.0f} pictures right that it had never seen"
        said += f" ({told['low']:.1%} to {told['high']:.1%})."
    return printable(said)


def printable(text: str) -> str:
    """A name of anybody's, in one line."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
