"""Charts that any page can carry, and a table of shades that any names fit into."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from classify.nouns import Epoch
from classify.plots import accuracy, alone, confusion_png, losses, reliable, speaking, swept
from classify.plots.chart import Chart, Line, svg
from classify.scores import answering, calibrated

EPOCHS = [Epoch(n, "head" if n < 4 else "last block", 1 / n, 1 - 0.5 / n, 1.2 / n, 0.9, 1e-3, 1.0) for n in range(1, 8)]


def charts() -> list[str]:
    rng = np.random.default_rng(0)
    targets = rng.integers(0, 3, 200)
    logits = (rng.normal(0, 1, (200, 3)) + 2 * np.eye(3)[targets]).astype(np.float32)
    told = calibrated(logits, targets, 1.5)
    bars = answering(logits.argmax(1) == targets, rng.random(200))
    return [accuracy(EPOCHS, 6), losses(EPOCHS), reliable(told.raw, told.bins), speaking(bars)]


def test_a_chart_asks_for_nothing_and_takes_the_pages_colours() -> None:
    for drawn in charts():
        ET.fromstring(drawn.replace("<svg", '<svg xmlns:xlink="x"'))  # ours
        assert not re.search(r"https?://|<style|<script|@import", drawn)
        assert "var(--quiet" in drawn
        assert not re.search(r"#0[1-5]0[1-5]0[1-5]", drawn)
        assert "aria-label" in drawn


def test_charts_on_one_page_share_no_ids() -> None:
    ids = [found for drawn in charts() for found in re.findall(r' id="([^"]*)"', drawn)]
    assert len(ids) == len(set(ids))


def test_a_chart_is_the_same_bytes_every_time() -> None:
    assert charts() == charts()


def test_stages_and_the_kept_epoch_are_marked() -> None:
    drawn = accuracy(EPOCHS, 6)
    assert "last block" in drawn
    assert "kept" in drawn
    assert "learnt from" in drawn


def test_one_epoch_is_a_dot() -> None:
    assert "<use" in accuracy(EPOCHS[:1])


@pytest.mark.parametrize("name", ['</svg><script>"', "$\\frac{1$", "a & b"])
def test_names_are_text(name: str) -> None:
    drawn = svg(Chart(name, name, "y", (Line(name, [0, 1], [0, 1]),)))
    ET.fromstring(drawn.replace("<svg", '<svg xmlns:xlink="x"'))  # ours
    assert "<script" not in drawn


@pytest.mark.parametrize(
    "labels",
    [("cat", "dog"), ("$x$", "\\frac{"), ("テディベア", "\u202egpj"), ("e" * 300, "\U0001f43b"), ("كلب", "개")],
    ids=["plain", "mathematics", "no glyph", "long", "scripts"],
)
def test_any_names_fit_into_the_picture(labels: tuple[str, str]) -> None:
    picture = Image.open(io.BytesIO(confusion_png(((3, 1), (0, 4)), labels)))
    assert picture.format == "PNG"
    assert 400 < picture.width < 4000


def test_two_hundred_classes_are_a_picture_too() -> None:
    table = tuple(tuple(int(row == column) for column in range(200)) for row in range(200))
    assert Image.open(io.BytesIO(confusion_png(table, [f"class {n}" for n in range(200)]))).width < 4000


def test_a_sweep_marks_the_rate_it_suggests() -> None:
    from classify.training.sweep import Row, Sweep

    rates = np.geomspace(1e-6, 1, 60)
    losses = [2.0 - min(n, 40) / 25 + max(n - 45, 0) ** 3 for n in range(60)]
    drawn = swept(Sweep(tuple(Row(float(r), loss, loss) for r, loss in zip(rates, losses, strict=True)), 3e-3))
    assert ">0.003<" in drawn
    assert "0.01" in drawn
    assert ET.fromstring(alone(drawn)).tag.endswith("svg")  # ours
