"""What does not learn sees each picture once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify.nouns import Learning, Pixels, Step
from classify.training import Task, trunk
from classify.training.trunk import parted, shelved, views
from tests.lessons import course


def brighter(pixels: Pixels, key: str, copy: int) -> Pixels:
    shown: Pixels = np.minimum(pixels.astype(int) + 20 * copy, 255).astype(np.uint8)
    return shown


def task(**learning: Any) -> Task:
    return Task(course(10), course(4, seed=1), 2, Learning(batch=8, **learning), brighter)


@pytest.fixture(scope="module")
def network() -> Any:
    from classify.runtime import keras, seeded

    seeded(0)
    layers = keras().layers
    steps = [layers.Conv2D(4, 4, 4, name="first"), layers.Conv2D(4, 2, 2, name="last"), layers.Flatten()]
    return keras().Sequential([layers.Input((16, 16, 3)), *steps, layers.Dense(2)])


def test_trunk_and_tail_say_together_what_the_network_says(network: Any) -> None:
    below, above = parted(network, network.get_layer("last"))
    pixels = course(4).pixels.astype(np.float32)
    halves = above.predict_on_batch(below.predict_on_batch(pixels))
    assert halves == pytest.approx(network.predict_on_batch(pixels), rel=1e-5)


def test_a_layer_that_joins_branches_is_the_last_of_the_trunk() -> None:
    from classify.runtime import keras

    layers = keras().layers
    given = layers.Input((8, 8, 3))
    joins = layers.Concatenate(name="joins")
    joined = joins([layers.Conv2D(2, 1)(given), layers.Conv2D(3, 1)(given)])
    below, above = parted(keras().Model(given, layers.Flatten()(joined)), joins)
    assert below.output_shape == above.input_shape == (None, 8, 8, 5)


def test_epochs_take_turns_with_the_views(network: Any, tmp_path: Path) -> None:
    below, _ = parted(network, network.get_layer("last"))
    lighter = shelved(below, task(views=2), 3, tmp_path, lambda step: None)
    assert lighter.course.pixels.shape == (10, 4, 4, 4)
    assert lighter.vary is not None
    for number in (1, 2, 3):
        copy = (4 + number) % 3  # of the fifth picture
        varied = brighter(course(10).pixels[4], "", copy)[None].astype(np.float32)
        seen = lighter.vary(lighter.course.pixels[4], lighter.course.keys[4], number)
        assert seen == pytest.approx(below.predict_on_batch(varied)[0], rel=2e-3, abs=0.1)


def test_a_shelf_that_was_begun_is_gone_on_with(network: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below, _ = parted(network, network.get_layer("last"))
    whole = shelved(below, task(), 4, tmp_path / "whole", lambda step: None)
    monkeypatch.setattr(trunk, "OFTEN", 2)

    def interrupted(step: Step) -> None:
        if step.done > 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shelved(below, task(), 4, tmp_path / "begun", interrupted)
    said: list[Step] = []
    again = shelved(below, task(), 4, tmp_path / "begun", said.append)
    assert [step.done for step in said if step.total == 10] == [8, 10]
    assert (np.asarray(again.course.pixels) == np.asarray(whole.course.pixels)).all()
    said.clear()
    shelved(below, task(seed=1), 4, tmp_path / "begun", said.append)  # another task begins afresh
    assert said[0].done == 2


@pytest.mark.parametrize(
    ("asked", "room", "expected"),
    [
        (task(), 1 << 30, 4),
        (task(views=7), 1 << 30, 8),
        (task(augment="none"), 1 << 30, 1),
        (replace(task(), vary=None), 1 << 30, 1),
        (task(), (4 + 2 * 10) * 128, 2),
        (task(), (4 + 1 * 10) * 128, 0),
    ],
    ids=["usual", "asked for", "nothing varied", "nothing to vary by", "little room", "no room"],
)
def test_there_are_as_many_views_as_there_is_room_for(
    network: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: Task, room: int, expected: int
) -> None:
    monkeypatch.setattr(trunk, "ROOM", room)
    below, _ = parted(network, network.get_layer("last"))
    assert views(below, asked, tmp_path / "work") == expected
