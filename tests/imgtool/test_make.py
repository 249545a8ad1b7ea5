"""`make`: from class names to a model, on the demo's web; and the demo's own last act."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from classify.nouns import Learning, Recipe
from imgtool.demo.teaching import teach
from imgtool.demo.world import World
from imgtool.errors import UsageError
from imgtool.pipeline.make import make
from imgtool.pipeline.plan import ClassPlan, Plan
from imgtool.settings import load

# Keras turns its variables into arrays in NumPy's old way.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

QUICK = Learning(recipe=Recipe("small", weights="none", size=64), head="logistic")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.mark.slow
def test_class_names_become_a_model_that_says_how_little_ninety_pictures_taught_it(tmp_path: Path) -> None:
    world = World(3)
    with world.in_thread() as web:
        settings = load(environ=web.settings, folder=Path("/")).settings
        classes = tuple(ClassPlan(label, n=30) for label in world.classes)
        plan = Plan(classes, out=tmp_path / "data", settings=settings)
        made = make(plan, replace(QUICK, kfold=3), str(tmp_path / "model.keras"))

    assert [one.kept for one in made.scraped.classes] == [30, 30, 30]
    assert sum(sum(counts.values()) for counts in made.trained.card.counts.values()) <= 90
    # That something is learnt, test_train proves, with pictures that can be told apart by so few.
    assert made.trained.report.folds
    assert made.trained.report.folds.pooled.total == 90
    low, high = made.trained.report.scores.accuracy.interval
    assert high - low > 0.25  # however many of the nine test pictures are right, and the report says so
    assert made.trained.file.is_file()

    taught = teach(world, tmp_path / "data", tmp_path / "again.keras")

    assert [asked.label for asked in taught.fresh] == list(world.classes)
    assert all(asked.said in world.classes and 0 < asked.probability <= 1 for asked in taught.fresh)


@pytest.mark.parametrize(
    ("labels", "learning", "said"),
    [
        (("cat",), QUICK, "needs two"),
        (("cat", "dog"), Learning(Recipe(weights="nowhere.h5")), "no file of weights"),
    ],
)
def test_what_cannot_be_trained_is_said_before_anything_is_fetched(
    labels: tuple[str, ...], learning: Learning, said: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=said):
        make(Plan(tuple(ClassPlan(label) for label in labels), out=tmp_path / "data"), learning)

    assert not (tmp_path / "data").exists()
