"""Features are computed once: whatever is killed, damaged or asked for again."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classify.backbones import Built, build
from classify.features import Cache, Wanted, extract
from classify.features.extraction import BATCH
from classify.features.eyes import exact, likeness, proven
from classify.nouns import Recipe, Step
from classify.runtime import keras, seeded
from imgtool.errors import ImgtoolError, StorageError

RECIPE = Recipe("mobilenet", 0.25, "none", 32)
MANY = 2 * BATCH + 5


def drawn(place: int) -> Any:
    return np.random.default_rng(place).integers(0, 256, (32, 32, 3)).astype(np.uint8)


def shown(places: Sequence[int]) -> Iterator[tuple[int, Any]]:
    yield from ((place, drawn(place)) for place in places)


def keys(many: int = MANY) -> list[tuple[str, str]]:
    return [(f"{place:064x}", "") for place in range(many)]


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch, one: Built) -> list[Recipe]:
    """The backbone, built once for all tests; each time one is asked for is noted."""
    asked: list[Recipe] = []

    def noted(recipe: Recipe) -> Built:
        asked.append(recipe)
        return one

    monkeypatch.setattr("classify.features.extraction.build", noted)
    return asked


@pytest.fixture(scope="module")
def one() -> Built:
    return build(RECIPE)


def test_features_are_those_of_the_network(one: Built, tmp_path: Path, builds: list[Recipe]) -> None:
    steps: list[Step] = []
    found = extract(Wanted(RECIPE, keys(), shown, steps.append), tmp_path)
    theirs = keras().ops.convert_to_numpy(one.network(np.stack([drawn(n) for n in range(MANY)]).astype(np.float32)))
    np.testing.assert_allclose(found.features, theirs, rtol=1e-3, atol=1e-4 * theirs.max())
    assert (found.places, found.fresh, found.note) == (tuple(range(MANY)), MANY, "")
    assert [step.done for step in steps if step.total] == [BATCH, 2 * BATCH, MANY]


def test_a_second_time_no_backbone_is_built_and_no_picture_shown(tmp_path: Path, builds: list[Recipe]) -> None:
    first = extract(Wanted(RECIPE, keys(), shown), tmp_path)
    again = extract(Wanted(RECIPE, keys()[::-1], lambda places: pytest.fail("shown")), tmp_path)
    np.testing.assert_array_equal(first.features, again.features[::-1])
    assert (again.fresh, len(builds)) == (0, 1)


def test_an_interrupted_extraction_goes_on_where_it_was(tmp_path: Path, builds: list[Recipe]) -> None:
    def torn(places: Sequence[int]) -> Iterator[tuple[int, Any]]:
        yield from shown(places[: BATCH + 3])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract(Wanted(RECIPE, keys(), torn), tmp_path)
    asked: list[int] = []

    def noted(places: Sequence[int]) -> Iterator[tuple[int, Any]]:
        asked.extend(places)
        return shown(places)

    found = extract(Wanted(RECIPE, keys(), noted), tmp_path)
    assert asked == list(range(BATCH, MANY))
    assert found.fresh == MANY - BATCH
    whole = extract(Wanted(RECIPE, keys(), shown), tmp_path / "elsewhere")
    np.testing.assert_allclose(found.features, whole.features, rtol=1e-3, atol=1e-4 * whole.features.max())


def test_what_cannot_be_read_has_no_features_and_builds_nothing_the_second_time(
    tmp_path: Path, builds: list[Recipe]
) -> None:
    def torn(places: Sequence[int]) -> Iterator[tuple[int, Any]]:
        return shown([place for place in places if place != 2])

    for times in (1, 1):
        found = extract(Wanted(RECIPE, keys(5), torn), tmp_path)
        assert found.places == (0, 1, 3, 4)
        assert found.features.shape == (4, 256)
        assert len(builds) == times


def test_nothing_to_look_at_starts_nothing(tmp_path: Path, builds: list[Recipe]) -> None:
    for quick in (False, True):
        found = extract(Wanted(RECIPE, [], shown), tmp_path, quick=quick)
        assert (found.places, len(found.features), builds) == ((), 0, [])


def test_a_backbone_that_answers_nan_is_named_and_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, builds: list[Recipe]
) -> None:
    monkeypatch.setattr(
        "classify.features.extraction.exact", lambda _: lambda pixels: np.full((len(pixels), 4), np.nan)
    )
    with pytest.raises(ImgtoolError, match="mobilenet makes no numbers"):
        extract(Wanted(RECIPE, keys(3), shown), tmp_path)
    with Cache(next(tmp_path.glob("*.sqlite"))) as cache:
        assert cache.known(keys()) == set()


def test_the_quick_way_is_taken_where_it_proves_itself(
    tmp_path: Path, builds: list[Recipe], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("classify.features.eyes.quick", nearly(0.01))
    monkeypatch.setattr("classify.features.eyes.FASTER", 0)
    found = extract(Wanted(RECIPE, keys(), shown), tmp_path, quick=True)
    plain = extract(Wanted(RECIPE, keys(), shown), tmp_path)
    assert found.note.startswith("Seen with 8 bits: likeness 0.99")
    assert 0.99 < likeness(plain.features, found.features) < 1
    again = extract(Wanted(RECIPE, keys(), lambda places: pytest.fail("shown")), tmp_path, quick=True)
    np.testing.assert_array_equal(found.features, again.features)


@pytest.mark.parametrize(("how", "faster"), [(3, 0), (0.001, 1e9)], ids=["it sees otherwise", "it is no faster"])
def test_the_quick_way_is_left_where_it_is_no_gain_and_that_is_remembered(
    how: float, faster: float, tmp_path: Path, builds: list[Recipe], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("classify.features.eyes.quick", nearly(how))
    monkeypatch.setattr("classify.features.eyes.FASTER", faster)
    found = extract(Wanted(RECIPE, keys(), shown), tmp_path, quick=True)
    plain = extract(Wanted(RECIPE, keys(), shown), tmp_path)
    np.testing.assert_array_equal(found.features, plain.features)
    assert "Seen with 32 bits" in found.note
    asked = len(builds)
    again = extract(Wanted(RECIPE, keys(), lambda places: pytest.fail("shown")), tmp_path, quick=True)
    assert again.note == found.note
    assert len(builds) == asked


def nearly(how: float) -> Any:
    """An eye that sees what the exact one sees, and so much noise."""

    def made(built: Built) -> Any:
        plain = exact(built)

        def see(pixels: Any) -> Any:
            found = plain(pixels)
            return found + how * found.std() * np.random.default_rng(0).normal(size=found.shape).astype(np.float32)

        return see

    return made


@pytest.mark.slow
def test_eight_bits_see_nearly_what_32_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("classify.features.eyes.FASTER", 0)
    seeded(1)
    layers = keras().layers
    given = layers.Input((32, 32, 3))
    seen = layers.Rescaling(1 / 127.5, offset=-1)(given)
    for number in range(3):
        seen = layers.Conv2D(32, 3, strides=2, activation="relu", name=f"conv{number}")(seen)
    network = keras().Model(given, layers.GlobalAveragePooling2D(name="features")(seen))
    smooth = np.stack([np.kron(drawn(n)[:4, :4], np.ones((8, 8, 1), np.uint8)) for n in range(16)])
    eye, proof = proven(Built(network, RECIPE, "", 32), smooth)
    assert proof.likeness > 0.99
    assert not np.array_equal(eye(smooth), exact(Built(network, RECIPE, "", 32))(smooth))


def test_likeness_is_not_fooled_by_what_all_pictures_share() -> None:
    chance = np.random.default_rng(0)
    one, other = (100 + chance.normal(size=(50, 64)).astype(np.float32) for _ in range(2))
    assert abs(likeness(one, other)) < 0.2
    assert likeness(one, one) == pytest.approx(1)


def test_a_cache_gives_back_what_was_put(tmp_path: Path) -> None:
    rows = np.random.default_rng(0).normal(size=(3, 7)).astype(np.float32)
    named = [("a" * 64, ""), ("a" * 64, "light 1"), ("b" * 64, "")]
    with Cache(tmp_path / "deep" / "one.sqlite") as cache:
        cache.put(named, rows)
    with Cache(tmp_path / "deep" / "one.sqlite") as cache:
        assert cache.known([*named, ("c" * 64, "")]) == set(named)
        np.testing.assert_array_equal(cache.get([named[2], named[0], named[2]]), rows[[2, 0, 2]])
        with pytest.raises(KeyError):
            cache.get([("c" * 64, "")])


@pytest.mark.parametrize("junk", [b"no database" * 100, b""])
def test_a_damaged_cache_is_begun_afresh(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "one.sqlite"
    path.write_bytes(junk)
    with Cache(path) as cache:
        cache.put([("a", "")], np.ones((1, 2), np.float32))
        assert cache.known([("a", "")])


def test_a_cache_of_another_version_is_begun_afresh(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "one.sqlite") as base:
        base.execute("PRAGMA user_version = 99")
    base.close()
    with Cache(tmp_path / "one.sqlite") as cache:
        assert cache.known([("a", "")]) == set()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="file"):
        Cache(tmp_path / "file" / "one.sqlite")


WRITER = """
import sys, numpy as np
from pathlib import Path
from classify.features.cache import Cache
with Cache(Path(sys.argv[1])) as cache:
    for batch in range(10_000):
        keys = [(f"{batch}", f"{n}") for n in range(8)]
        cache.put(keys, np.full((8, 64), batch, np.float32))
        print(batch, flush=True)
"""


def test_a_killed_writer_leaves_whole_batches_all_of_those_it_told_of(tmp_path: Path) -> None:
    path = tmp_path / "one.sqlite"
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    told = [int(process.stdout.readline()) for _ in range(20)][-1]
    time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    with Cache(path) as cache:
        for batch in range(told + 1):
            assert (cache.get([(f"{batch}", f"{n}") for n in range(8)]) == batch).all()
        later = cache.known([(f"{batch}", f"{n}") for batch in range(told + 1, told + 500) for n in range(8)])
        assert len(later) % 8 == 0
