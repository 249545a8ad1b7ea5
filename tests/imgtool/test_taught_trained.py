"""The whole way of a lesson: taught, let in by a review, learnt from by the next `train`."""

from __future__ import annotations

from pathlib import Path

import pytest

from classify.nouns import Learning, Recipe
from imgtool.dataset import Dataset, Shelf, Verdict
from imgtool.pipeline.agenda import Suspicions
from imgtool.pipeline.review import Desk
from imgtool.pipeline.teach import Lesson, Taught, teach
from imgtool.pipeline.train import train
from tests.tinted import folders, tinted

# Keras turns its variables into arrays in NumPy's old way.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

QUICK = Learning(recipe=Recipe(size=32), route="scratch", net="small", epochs=1, batch=16)


def test_train_learns_from_what_was_taught_and_reviewed_and_from_nothing_else(tmp_path: Path) -> None:
    root = folders(tmp_path / "colours", many=10)
    with Dataset.open(root) as dataset, Shelf.open(root) as shelf:
        desk = Desk(dataset, shelf, "ann", lambda _: Suspicions())
        desk.look()
        before = sum(shelf.counts().values())
        lessons = [teach(desk, tinted("red", 900 + n), Lesson("red", "m", "blue", 0.9)) for n in (1, 2)]
        assert all(isinstance(each, Taught) and each.queued for each in lessons)
        desk.decide(Verdict.KEEP, [shelf.taught(0, 1)[0].id])

        made = train(root, QUICK, tmp_path / "model.keras")

        assert sum(sum(part.values()) for part in made.card.counts.values()) == before + 1
        assert sum(part["red"] for part in made.card.counts.values()) == shelf.counts()["red"]
        assert shelf.many_taught() == 1
