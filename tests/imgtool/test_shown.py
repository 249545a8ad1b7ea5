"""A dataset's pictures as a network is shown them: in order, whole, the same every time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from classify.nouns import Step
from curate.augment import augmented, dice
from curate.presets import PRESETS
from imgtool.dataset import Dataset
from imgtool.errors import UsageError
from imgtool.pipeline.look import look as examined
from imgtool.pipeline.shown import LOT, Look, View, shelf, shown, units, vary, views
from imgtool.records import Entry, Reason, Refusal
from tests.drawn import classes, put
from tests.made import picture
from tests.painted import encoded, scene

SMALL = Look(32, workers=2)
SMALL_LIGHT = Look(32, augment="light", workers=2)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two classes of drawn pictures, in every format that a dataset holds, one turned by its EXIF."""
    root = classes(tmp_path_factory.mktemp("set"), many=6)
    drawn = Image.fromarray(scene(80, 60, 3))
    for kind in ("WEBP", "AVIF", "PNG", "GIF", "BMP"):
        put(root, f"cat/one.{kind.lower()}", encoded(drawn, kind))
    exif = Image.Exif()
    exif[0x0112] = 6
    put(root, "dog/turned.jpg", encoded(drawn, "JPEG", exif=exif.tobytes(), quality=95))
    return root


@pytest.fixture(scope="module")
def entries(root: Path) -> list[Entry]:
    with Dataset.open(root) as dataset, dataset.writing():
        examined(dataset, lambda _: None)
        return sorted(dataset.entries(), key=lambda entry: entry.path)


def test_every_format_is_shown_in_order_at_its_size_and_upright(root: Path, entries: list[Entry]) -> None:
    seen = list(shown(root, views(entries), SMALL))
    assert [view.entry.path for view, _ in seen] == [entry.path for entry in entries]
    assert all(isinstance(pixels, np.ndarray) and pixels.shape == (32, 32, 3) for _, pixels in seen)
    turned = next(pixels for view, pixels in seen if view.entry.picture.orientation == 6)
    upright = np.rot90(scene(80, 60, 3), -1)
    expected = np.asarray(Image.fromarray(upright).resize((32, 32), Image.Resampling.BOX), int)
    assert not isinstance(turned, Refusal)
    assert np.abs(turned - expected).mean() < 8


def test_a_shelf_holds_what_the_stream_shows(root: Path, entries: list[Entry], tmp_path: Path) -> None:
    look = Look(32, augment="strong", seed=5, workers=2)
    wanted = views(entries, copies=5)
    steps: list[Step] = []
    held = shelf(root, wanted, look, tmp_path / "rows", steps.append)
    assert list(held.views) == wanted
    assert held.refused == {}
    assert steps[-1].done <= steps[-1].total == len(wanted)
    for row, (view, pixels) in zip(held.pixels, shown(root, wanted, look), strict=True):
        np.testing.assert_array_equal(row, pixels, str(view))


def test_one_worker_or_three_show_the_same(root: Path, entries: list[Entry]) -> None:
    one, three = ([pixels for _, pixels in shown(root, views(entries), Look(32, workers=n))] for n in (1, 3))
    np.testing.assert_array_equal(np.array(one), np.array(three))


def test_files_that_are_gone_broken_or_changed_are_named_and_the_others_close_up(
    root: Path, entries: list[Entry], tmp_path: Path
) -> None:
    lost = [Entry(f"cat/{name}", "cat", picture(name.encode())) for name in ("gone.jpg", "broken.jpg")]
    put(root, "cat/broken.jpg", b"\xff\xd8 no picture")
    mixed = [lost[0], *entries[:5], lost[1], *entries[5:]]
    held = shelf(root, views(mixed, copies=1), SMALL_LIGHT, tmp_path / "rows")
    assert set(held.refused) == {"cat/gone.jpg", "cat/broken.jpg"}
    assert held.refused["cat/broken.jpg"].reason == Reason.BROKEN
    assert [view.entry for view in held.views[::2]] == entries
    clean = shelf(root, views(entries, copies=1), SMALL_LIGHT, tmp_path / "clean")
    np.testing.assert_array_equal(held.pixels, clean.pixels)
    assert (tmp_path / "rows").stat().st_size == held.pixels.nbytes
    streamed = [isinstance(pixels, Refusal) for _, pixels in shown(root, views(mixed), SMALL)]
    assert streamed == [entry in lost for entry in mixed]


def test_nothing_at_all_is_an_empty_shelf(root: Path, tmp_path: Path) -> None:
    held = shelf(root, [], SMALL, tmp_path / "rows")
    assert held.pixels.shape == (0, 32, 32, 3)
    assert list(shown(root, [], SMALL)) == []


def test_a_class_that_keeps_its_side_is_not_mirrored(root: Path, entries: list[Entry]) -> None:
    cats = [View(entry, copy) for entry in entries[:3] for copy in range(1, 5) if entry.label == "cat"]
    free, kept = (
        [pixels for _, pixels in shown(root, cats, Look(32, "classic", no_flip=frozenset(labels), workers=1))]
        for labels in ([], ["cat"])
    )
    differ = [
        not np.array_equal(one, other) for one, other in zip(map(np.asarray, free), map(np.asarray, kept), strict=True)
    ]
    assert any(differ)
    assert not all(differ)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 9), max_size=40), st.integers(2, 9))
def test_rows_in_a_ring_never_tear_a_unit_nor_touch_those_that_are_still_read(runs: list[int], ahead: int) -> None:
    wanted = [View(Entry(str(n), "a", picture()), copy) for n, many in enumerate(runs) for copy in range(many)]
    ring = (ahead + 1) * LOT
    laid = [set(range(unit.number, unit.number + len(unit.items))) for unit in units(wanted, ring)]
    assert sum(map(len, laid)) == len(wanted)
    for place, rows in enumerate(laid):
        assert max(rows) < ring
        assert all(not rows & others for others in laid[place + 1 : place + ahead])


def test_variants_in_memory_are_those_of_an_export() -> None:
    pixels, sha = scene(32, 32, 1), "ab" * 32
    varied = vary("light", 3)
    np.testing.assert_array_equal(varied(pixels, sha, 2), augmented(pixels, PRESETS["light"], dice(3, sha, 2)))
    np.testing.assert_array_equal(varied(pixels, sha, 0), pixels)
    still = augmented(pixels, PRESETS["classic"], dice(3, sha, 2), flip=False)
    np.testing.assert_array_equal(vary("classic", 3, {sha})(pixels, sha, 2), still)
    assert vary("none")(pixels, sha, 7) is pixels
    with pytest.raises(UsageError, match="No augmentation is called 'wild'"):
        vary("wild")
