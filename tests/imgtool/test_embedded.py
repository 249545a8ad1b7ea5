"""A dataset's pictures as features: each looked at once, by its bytes and not by its name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from classify.nouns import Recipe
from imgtool.dataset import Dataset
from imgtool.pipeline.embedded import embedded
from imgtool.pipeline.look import look as examined
from imgtool.pipeline.shown import Look, views
from imgtool.records import Entry
from tests.drawn import classes, put
from tests.made import picture

RECIPE = Recipe("mobilenet", 0.25, "none", 32)
LIGHT = Look(0, "light", seed=1)


def entries(root: Path) -> list[Entry]:
    with Dataset.open(root) as dataset, dataset.writing():
        examined(dataset, lambda _: None)
        return sorted(dataset.entries(), key=lambda entry: entry.path)


def test_a_picture_is_looked_at_once_whatever_it_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = classes(tmp_path / "set", many=3)
    first = embedded(root, views(entries(root), copies=1), RECIPE, LIGHT)
    assert (first.features.shape, first.fresh, first.refused) == ((12, 256), 12, {})
    assert not np.array_equal(first.features[0], first.features[1])  # a variant is another picture
    again = embedded(root, views(entries(root), copies=1), RECIPE, LIGHT)
    np.testing.assert_array_equal(first.features, again.features)
    assert again.fresh == 0
    (root / "cat" / "0.jpg").rename(root / "dog" / "moved.jpg")
    gone = Entry("cat/gone.jpg", "cat", picture(b"gone"))
    put(root, "cat/new.png", (root / "cat" / "1.jpg").read_bytes() + b"more")
    later = embedded(root, views([*entries(root), gone], copies=1), RECIPE, LIGHT)
    assert later.fresh == 2  # the new one and its variant
    assert set(later.refused) == {"cat/gone.jpg"}
    assert len(later.views) == len(later.features) == 14
    other = embedded(root, views(entries(root), copies=1), RECIPE, Look(0, "light", 1, frozenset({"dog"})))
    assert other.fresh == 4  # the variants of the class that now keeps its side
