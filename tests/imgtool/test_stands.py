"""The models that are served: each under a name of its own, what is wrong said before a page is opened."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from classify.nouns import Card
from imgtool.errors import StorageError, UsageError
from imgtool.pipeline import stands as module
from imgtool.pipeline.predict import Model
from imgtool.pipeline.stands import IMAGENET, NAMES, Stand, stands
from imgtool.pipeline.what import Namer
from tests.imgtool.test_predict import Colours


@pytest.fixture(autouse=True)
def shelf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Model files that need no network: the name says the kind."""

    def load(path: Path) -> Model:
        kind = "digits" if "digits" in path.name else "pictures"
        return Model(Colours(path, kind=kind))  # type: ignore[arg-type]

    monkeypatch.setattr(module, "load", load)


def told(made: tuple[Stand, ...]) -> list[tuple[str, str]]:
    return [(stand.name, stand.kind) for stand in made]


def test_each_has_its_files_name_and_twins_are_numbered() -> None:
    made = stands(["a/pets.keras", "b/pets.keras", "c/pets.keras", "pets-2.keras"], digits="digits.keras")
    assert told(made) == [
        ("pets", "pictures"),
        ("pets-2", "pictures"),
        ("pets-3", "pictures"),
        ("pets-2-2", "pictures"),
        ("digits", "digits"),
    ]
    assert made[0].labels == ("red", "green <b>")
    assert isinstance(made[0].card, Card)
    assert made[0].model is made[0].judge


def test_without_any_name_it_is_the_usual_model() -> None:
    assert told(stands()) == [("model", "pictures")]
    assert told(stands(digits="digits.keras")) == [("digits", "digits")]


def test_a_model_of_pictures_reads_no_drawings() -> None:
    with pytest.raises(UsageError, match="not of digits"):
        stands(digits="pets.keras")


def test_each_is_shown_pictures_as_it_learnt_them() -> None:
    pets, digits = stands(["pets.keras"], digits="digits.keras")
    assert (pets.eyes, digits.eyes) == ((24, "stretch"), (256, "whole"))
    for stand in (pets, digits):
        stand.warm()
    assert pets.judge._classifier.shown == [(1, 24, 24, 3)]  # type: ignore[attr-defined]


class Some(Namer):
    """Knows two names without a network."""

    thousand = SimpleNamespace(size=32, names=("tench", "goldfish"), judged=lambda pixels, top: [])  # type: ignore[assignment]


def test_the_thousand_names_stand_beside_them() -> None:
    _, names = stands(["pets.keras"], namer=Some())
    assert (names.name, names.kind, names.card, names.model) == (IMAGENET, NAMES, None, None)
    assert (names.labels, names.eyes) == (("tench", "goldfish"), (32, "crop"))
    names.warm()


def test_names_that_cannot_be_had_are_said_at_once(tmp_path: Path) -> None:
    with pytest.raises((UsageError, StorageError)):
        stands(namer=Namer(str(tmp_path / "none.tflite")))
