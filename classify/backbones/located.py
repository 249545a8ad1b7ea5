"""Where a backbone's weights lie, and the digest that names what they make of pixels; nothing is built for it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from classify.backbones.table import BACKBONES, file_name, filled
from classify.nouns import Recipe
from classify.runtime import keras, quiet
from imgtool.errors import StorageError, UsageError, machine_error

METHOD = "1"  # how a backbone is fed and pooled here; a new one when the same weights give other features
WAYS_OUT = "Name a file with --weights PATH, or do without: --backbone small, or --scratch."
LARGEST = 4 * 1024**3  # bytes; VGG19 with its top has 575 MB
ENDINGS = (".h5", ".hdf5", ".keras")


def digest(recipe: Recipe) -> str:
    """What names a recipe's features: equal digests, equal features. The weights are read, not loaded."""
    recipe = filled(recipe)
    place = located(recipe)
    weights = checksum(place) if place else "none"
    facts = (METHOD, recipe.backbone, f"{recipe.alpha:g}", str(recipe.size), weights)
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def located(recipe: Recipe) -> Path | None:
    """The file of its weights, fetched if need be; None when it has none. UsageError when it cannot be had."""
    if recipe.weights == "none":
        return None
    place = published(recipe) if recipe.weights == "imagenet" else Path(recipe.weights).expanduser()
    if recipe.weights == "imagenet" and not place.is_file():
        download(recipe)
    if not place.is_file():
        raise UsageError(f"There is no file of weights {str(place)!r}.", hint=WAYS_OUT)
    if place.suffix not in ENDINGS:
        hint = "Keras writes weights as .h5, .weights.h5 or .keras."
        raise UsageError(f"{place.name} is no file of weights that we know.", hint=hint)
    return place


def published(recipe: Recipe) -> Path:
    """Where Keras keeps the ImageNet weights of that recipe."""
    home = Path.home() if os.access(Path.home(), os.W_OK) else Path("/tmp")  # noqa: S108  as Keras has it
    return Path(os.environ.get("KERAS_HOME") or home / ".keras") / "models" / file_name(recipe)


def download(recipe: Recipe) -> None:
    """Have Keras fetch and check the ImageNet weights."""
    application = getattr(keras().applications, BACKBONES[recipe.backbone].application)
    width = {"alpha": recipe.alpha} if len(BACKBONES[recipe.backbone].alphas) > 1 else {}
    try:
        with quiet(), wordless():
            application(include_top=False, input_shape=(recipe.size, recipe.size, 3), **width)
    except Exception as error:  # Keras gives a failed download no better name
        why = str(error).rpartition(" -- ")[2].strip().rstrip(".") or type(error).__name__
        message = f"The ImageNet weights of {recipe.backbone} are not on this machine, and cannot be fetched: {why}."
        raise UsageError(message, hint=WAYS_OUT) from error


@contextmanager
def wordless() -> Iterator[None]:
    """Keras's bars stay off stdout, which may be somebody's JSON."""
    config = keras().config
    spoke = config.is_interactive_logging_enabled()
    config.disable_interactive_logging()
    try:
        yield
    finally:
        if spoke:
            config.enable_interactive_logging()


def checksum(place: Path) -> str:
    """The sha256 of a file."""
    try:
        with place.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise machine_error(error, str(place)) from error


def contents(place: Path) -> bytes:
    """The whole file; StorageError when the disk says no, or when it is larger than any weights are."""
    try:
        if place.stat().st_size > LARGEST:
            raise StorageError(f"{place} is too large for weights.", hint=WAYS_OUT)
        return place.read_bytes()
    except OSError as error:
        raise machine_error(error, str(place)) from error
