"""`bundle`: models as a folder that serves them elsewhere with one command, whole or not at all.

In it are the models, their quick forms (so that no TensorFlow is needed), imgtool itself as a wheel, the versions of
what serving needs, and a script that starts it. With the other wheels in it as well it needs no network.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from classify.exporters import vacant, weight
from classify.exporters.proof import asked
from classify.file import Classifier
from classify.file.start import kept, place
from classify.file.whole import built
from classify.nouns import Step, Watch, unwatched
from imgtool.errors import StorageError, UsageError
from imgtool.pipeline.beside import report_of
from imgtool.pipeline.bundling.packages import packages
from imgtool.pipeline.bundling.pins import KERAS, SERVING, pinned
from imgtool.pipeline.bundling.texts import Bundle, Served, texts

DIGITS = "digits"
COLOURS = 3  # digits too are shown as RGB
ENDS: Mapping[str, str] = MappingProxyType({"folder": "bundle", "docker": "docker"})  # of a bundle's name
MARKS = ("run", "requirements.txt", "models")  # what makes a folder a bundle, which --force may replace


@dataclass(frozen=True, slots=True)
class Wish:
    """How a bundle is to be."""

    to: Literal["folder", "docker"] = "folder"
    out: Path | None = None  # None = beside the first model
    digits: Path | None = None  # the model behind the page to draw on
    wheels: bool = True  # hold all that is installed
    report: bool = True  # hold the reports, which have pictures in them
    force: bool = False


@dataclass(frozen=True, slots=True)
class Bundled:
    """What was made."""

    path: Path
    size: int  # bytes
    models: tuple[str, ...]
    packages: Mapping[str, str]  # versions by name
    wheels: bool
    slow: tuple[str, ...]  # models without a quick form: TensorFlow is among the packages for them


@dataclass(frozen=True, slots=True)
class Packed:
    """A model on its way into a bundle."""

    model: Classifier
    digits: bool
    quick: Path | None

    @property
    def name(self) -> str:
        """What it is called there."""
        return self.model.path.stem

    @property
    def report(self) -> Path:
        """Where its report lies, if there is one."""
        return report_of(self.model.path)


def bundle(models: Sequence[str | Path], wish: Wish | None = None, *, watch: Watch = unwatched) -> Bundled:
    """A folder that serves these models where nothing is but Python; beside the first of them unless `out` says."""
    wish = wish or Wish()
    known = opened([Path(each) for each in models], wish.digits)
    target = wish.out or known[0][0].path.with_name(f"{known[0][0].path.stem}-{ENDS[wish.to]}")
    free(target, wish)
    packed = [Packed(model, digits, hastened(model, watch)) for model, digits in known]
    slow = tuple(each.name for each in packed if each.quick is None)
    needs = pinned(KERAS if slow else SERVING)
    with built(target) as part:
        served = tuple(laid(each, part, wish) for each in packed)
        watch(Step("Fetching packages" if wish.wheels else "Packing"))
        listed = packages(part / "wheels", needs, whole=wish.wheels)
        told = Bundle(served, listed, wish.wheels, wish.to == "docker", bool(slow))
        for name, text in texts(told):
            (part / name).write_text(text, "utf-8")
        (part / "run").chmod(0o755)
    return Bundled(target, weight(target), tuple(each.name for each in packed), needs, wish.wheels, slow)


def opened(models: Sequence[Path], digits: Path | None) -> list[tuple[Classifier, bool]]:
    """The models, each found sound; is it the one behind the page to draw on?"""
    known = [(Classifier.load(each), False) for each in models]
    if digits:
        known.append((Classifier.load(digits), True))
        if (kind := known[-1][0].card.kind) != DIGITS:
            raise UsageError(f"{digits} is a model of {kind}, not of digits.", hint="Name it without --digits.")
    if not known:
        raise UsageError("No model is named.", hint="imgtool bundle model.keras")
    twice = [name for name, count in Counter(model.path.stem for model, _ in known).items() if count > 1]
    if twice:
        raise UsageError(f"Two models are called {twice[0]}.", hint="Rename one: they are chosen by name.")
    return known


def free(target: Path, wish: Wish) -> None:
    """UsageError where something is that is not to be replaced, or where it cannot be."""
    vacant(target, force=wish.force)
    if target.exists() and not all((target / name).exists() for name in MARKS):
        raise UsageError(f"{target} is there, and is no bundle.", hint="Choose another --out.")
    if wish.wheels and wish.to == "docker" and sys.platform != "linux":
        raise UsageError(
            "The wheels of this machine do not run in a container.", hint="--no-wheels leaves them to `docker build`."
        )


def hastened(model: Classifier, watch: Watch) -> Path | None:
    """Where the model's quick form is, made now if it was not; None when it cannot be had."""
    if not kept(model.digest):
        watch(Step(f"Making {model.path.name} start quickly"))
        model.hasten(asked(model.card.size, COLOURS))
    return place(model.digest) if kept(model.digest) else None


def laid(packed: Packed, part: Path, wish: Wish) -> Served:
    """A model in its place, with what goes with it."""
    folder, cache = part / "models", part / "cache" / "imgtool" / "models"
    for each in (folder, cache):
        each.mkdir(parents=True, exist_ok=True)
    copied(packed.model, folder)
    if packed.quick:
        shutil.copyfile(packed.quick, cache / packed.quick.name)
    report = wish.report and packed.report.is_dir()
    if report:
        shutil.copytree(packed.report, folder / packed.report.name)
    return Served(packed.name, packed.model.card, packed.digits, report)


def copied(model: Classifier, folder: Path) -> None:
    """The model's file, the one that was found sound."""
    data = model.path.read_bytes()
    if hashlib.sha256(data).hexdigest() != model.digest:
        raise StorageError(f"{model.path} has changed since it was opened.", hint="Run the command again.")
    (folder / model.path.name).write_bytes(data)
