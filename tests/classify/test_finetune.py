"""The last block learns; what lies before it, and every batch norm, stays bit for bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from classify.backbones import BACKBONES, Built, build
from classify.heads import fit
from classify.nouns import FEATURES, Learning, Recipe
from classify.training import Task, finetune, joined
from classify.training.finetune import freeze, leaves
from imgtool.errors import UsageError
from tests.lessons import course

SIZE = 32


@pytest.fixture(scope="module")
def built() -> Built:
    return build(Recipe("mobilenet", alpha=0.25, weights="none", size=SIZE))


def task() -> Task:
    return Task(course(16, SIZE), course(8, SIZE, seed=1), 2, Learning(batch=8, epochs=2, rate=1e-3))


def test_only_the_last_block_and_the_head_change(built: Built, tmp_path: Path) -> None:
    from classify.runtime import keras

    lesson = task()
    features = built.network.predict_on_batch(lesson.course.pixels.astype(np.float32))
    head = fit("logistic", features, lesson.course.targets, 2)
    student = joined(built, head, lesson)
    before = {layer.name: layer.get_weights() for layer in leaves(student.network)}
    said = student.network.predict_on_batch(lesson.course.pixels.astype(np.float32))
    assert said == pytest.approx(head.logits(features), abs=1e-3)  # it begins where the head stands

    taught = finetune(built, head, lesson, tmp_path)
    assert [(epoch.number, epoch.stage) for epoch in taught.epochs] == [(1, "last block"), (2, "last block")]
    assert FEATURES in {layer.name for layer in taught.network.layers}
    layers = list(leaves(taught.network))
    begins = next(turn for turn, layer in enumerate(layers) if layer.name.startswith(BACKBONES["mobilenet"].last_block))
    for turn, layer in enumerate(layers):
        if turn < begins or isinstance(layer, keras().layers.BatchNormalization):
            assert all((new == old).all() for new, old in zip(layer.get_weights(), before[layer.name], strict=True))
    if taught.best:
        assert any(
            (layer.get_weights()[0] != before[layer.name][0]).any()
            for layer in layers[begins:]
            if layer.trainable_weights
        )


def test_a_backbone_without_that_block_is_refused(built: Built) -> None:
    with pytest.raises(UsageError, match="no layer block9"):
        freeze(built.network, "block9")
