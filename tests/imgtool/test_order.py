"""Pictures are decided in the order they were named, whatever order they arrive in."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgtool.dataset import Arrival, Dataset
from imgtool.pipeline.order import Order, Result
from imgtool.pipeline.uniqueness import Uniqueness
from imgtool.records import Kept, Outcome, Reason, Skipped
from tests.made import arrival, picture, ref, tree

PLACEHOLDER = b"this image has been removed"


def line_up(root: Path, bodies: list[bytes], wanted: int) -> tuple[Dataset, Order, list[Result]]:
    dataset = Dataset.open(root, create=True)
    dataset.folder("cat")
    results: list[Result] = []
    for n, body in enumerate(bodies):
        at = ref(f"http://h/{n}", width=640 + 4 * n, height=480 + 3 * n, key=f"key {n}")
        results.append(arrival(dataset, body, at) if body else Skipped(at, Reason.GONE))
    return dataset, Order(dataset, Uniqueness("cat", dataset.thumb), wanted), results


async def arrive(order: Order, results: list[Result], sequence: list[int]) -> list[Outcome]:
    for _ in results:
        order.number()
    outcomes: list[Outcome] = []
    for n in sequence:
        order.put(n, results[n])
        outcomes += await order.settle()
    return outcomes


def kept(outcomes: list[Outcome]) -> list[str]:
    return [outcome.ref.url for outcome in outcomes if isinstance(outcome, Kept)]


def test_of_two_twins_the_one_named_first_stays_even_if_it_arrives_last(tmp_path: Path) -> None:
    _, order, results = line_up(tmp_path, [b"same", b"other", b"same"], 9)

    outcomes = asyncio.run(arrive(order, results, [2, 1, 0]))

    assert kept(outcomes) == ["http://h/0", "http://h/1"]
    assert order.skipped == {"duplicate_bytes": 1}


def test_the_line_stops_when_the_class_is_full_and_the_rest_waits(tmp_path: Path) -> None:
    dataset, order, results = line_up(tmp_path, [b"a", b"b", b"c", b"d"], 2)

    outcomes = asyncio.run(arrive(order, results, [3, 2, 1, 0]))

    assert kept(outcomes) == ["http://h/0", "http://h/1"]
    assert order.enough
    assert (dataset.count("cat"), dataset.count("cat", "waiting")) == (2, 2)


def test_what_waits_early_is_written_down_before_its_turn(tmp_path: Path) -> None:
    dataset, order, results = line_up(tmp_path, [b"a", b"b"], 9)
    order.number(), order.number()
    order.put(1, results[1])

    assert asyncio.run(order.settle()) == []

    past = dataset.past("cat", "http://h/1")
    assert isinstance(past, Arrival)
    assert (tmp_path / past.path).read_bytes() == b"b"


def test_on_the_way_out_nothing_that_arrived_is_lost(tmp_path: Path) -> None:
    dataset, order, results = line_up(tmp_path, [b"a", b"", b"c"], 9)
    for n in range(3):
        order.put(order.number(), results[n])

    asyncio.run(order.save())

    assert isinstance(dataset.past("cat", "http://h/0"), Arrival)
    assert dataset.past("cat", "http://h/1") is not None
    assert tree(tmp_path) == {}


def test_a_placeholder_gives_itself_away_and_is_taken_out(tmp_path: Path) -> None:
    bodies = [PLACEHOLDER, b"a", PLACEHOLDER, b"b", PLACEHOLDER, PLACEHOLDER]
    dataset, order, results = line_up(tmp_path, bodies, 9)

    asyncio.run(arrive(order, results, [0, 1, 2, 3, 4, 5]))

    assert sorted(tree(tmp_path).values()) == [b"a", b"b"]
    assert order.unique.kept == dataset.count("cat") == 2
    assert dataset.reasons("cat")["placeholder"] >= 3


def test_a_popular_picture_is_no_placeholder(tmp_path: Path) -> None:
    dataset, order, _ = line_up(tmp_path, [], 9)
    results: list[Result] = [
        arrival(dataset, b"popular", ref(f"http://h{n}/p.jpg", width=640, height=480, key="one")) for n in range(6)
    ]

    asyncio.run(arrive(order, results, list(range(6))))

    assert list(tree(tmp_path).values()) == [b"popular"]
    assert order.skipped == {"duplicate_bytes": 5}


def test_a_flat_card_of_another_shape_than_claimed_is_refused_at_first_sight(tmp_path: Path) -> None:
    dataset, order, _ = line_up(tmp_path, [], 9)
    card = bytes([225] * 900 + [120] * 124)
    results: list[Result] = [
        arrival(dataset, b"card", ref("http://h/1", width=640, height=427), thumb=card, width=400, height=300),
        arrival(dataset, b"logo", ref("http://h/2", width=800, height=600), thumb=card, phash=1, width=400, height=300),
        arrival(dataset, b"unclaimed", ref("http://h/3"), thumb=card[::-1], phash=2**64 - 1),
    ]

    asyncio.run(arrive(order, results, [0, 1, 2]))

    assert sorted(tree(tmp_path).values()) == [b"logo", b"unclaimed"]
    assert order.skipped == {"placeholder": 1}


def test_two_claims_of_another_shape_give_a_placeholder_away(tmp_path: Path) -> None:
    dataset, order, _ = line_up(tmp_path, [], 9)
    results: list[Result] = [
        arrival(dataset, b"gone", ref(f"http://h/{n}", key=f"key {n}", width=600 + 99 * n, height=300)) for n in (0, 1)
    ]

    asyncio.run(arrive(order, results, [0, 1]))

    assert tree(tmp_path) == {}


def test_a_picture_that_only_looks_the_same_is_a_twin(tmp_path: Path) -> None:
    dataset, order, _ = line_up(tmp_path, [], 9)
    thumb = picture(b"a look").thumb
    brighter = bytes(min(255, grey + 9) for grey in thumb)
    results: list[Result] = [
        arrival(dataset, b"first", phash=0b1111, thumb=thumb),
        arrival(dataset, b"re-encoded", phash=0b1101, thumb=brighter),
        arrival(dataset, b"near hash, other picture", phash=0b1101, thumb=bytes(reversed(thumb))),
    ]

    asyncio.run(arrive(order, results, [0, 1, 2]))

    assert sorted(tree(tmp_path).values()) == [b"first", b"near hash, other picture"]
    assert order.skipped == {"duplicate_picture": 1}


def test_a_file_found_before_its_source_is_matched_not_doubled(tmp_path: Path) -> None:
    dataset, _, (kept_before,) = line_up(tmp_path, [b"mine"], 9)
    assert isinstance(kept_before, Arrival)
    name = f"cat/{kept_before.picture.sha256[:16]}.jpg"
    (tmp_path / name).write_bytes(b"mine")
    dataset.adopt("cat", [(name, kept_before.picture)])
    unique = Uniqueness("cat", dataset.thumb)
    unique.load(dataset.hashes("cat"), dataset.refused("cat"))
    order = Order(dataset, unique, 9)

    asyncio.run(arrive(order, [kept_before], [0]))

    assert (unique.kept, dataset.count("cat")) == (1, 1)
    assert tree(tmp_path) == {name: b"mine"}


@settings(max_examples=25, deadline=None)
@given(
    bodies=st.lists(st.sampled_from([b"a", b"b", b"c", b"d", b"e", b"", PLACEHOLDER]), min_size=1, max_size=14),
    seed=st.integers(0, 999),
    wanted=st.integers(1, 9),
)
def test_any_order_of_arrival_ends_with_the_same_set(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[bytes], seed: int, wanted: int
) -> None:
    shuffled = random.Random(seed).sample(range(len(bodies)), len(bodies))
    ends = []
    for sequence in (list(range(len(bodies))), shuffled):
        root = tmp_path_factory.mktemp("order")
        dataset, order, results = line_up(root, bodies, wanted)
        asyncio.run(arrive(order, results, sequence))
        dataset.close()
        ends.append(tree(root))

    assert ends[0] == ends[1]
