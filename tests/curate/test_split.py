"""Splits: laws for any set, and what is said of sets that cannot be split."""

import itertools
import math
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from curate.split import SHARES, Splits, folds, leaks, split
from imgtool.errors import UsageError
from imgtool.records import Entry, Group, Twin
from tests.made import picture

LABELS = ("cat", "dog", "emu")


def entry(name: str, label: str = "cat", at: str = "") -> Entry:
    return Entry(f"{label}/{name}.jpg", label, picture(f"{label}/{name}".encode()), at)


def group(entries: Sequence[Entry]) -> Group:
    return Group(entries[0], "came first", tuple(Twin(one, 2, 0.99, "looks") for one in entries[1:]))


def many(count: int, label: str = "cat", at: str = "", of: str = "") -> list[Entry]:
    return [entry(f"{of}{number}", label, at) for number in range(count)]


def distance(splits: Splits, entries: Iterable[Entry], label: str, name: str, share: float) -> float:
    """How many pictures more than its share of a class a split has."""
    mine = [one for one in entries if one.label == label]
    return sum(splits.where[one.path] == name for one in mine) - share * len(mine)


@st.composite
def sets(draw: st.DrawFn) -> tuple[list[Entry], list[Group]]:
    """Classes of any size, with groups of one to six in one class."""
    entries: list[Entry] = []
    groups: list[Group] = []
    for label in LABELS[: draw(st.integers(1, 3))]:
        sizes = draw(st.lists(st.sampled_from([1, 1, 1, 2, 3, 6]), min_size=4, max_size=30))
        for number, size in enumerate(sizes):
            at = str(draw(st.integers(1, 9)))
            members = many(size, label, at, f"{number}-")
            entries += members
            groups += [group(members)] if size > 1 else []
    return entries, groups


seeds = st.integers(0, 5)
shares = st.sampled_from(
    [
        dict(SHARES),
        {"train": 0.5, "test": 0.5},
        {"train": 0.7, "val": 0.2, "test": 0.1},
        {"a": 0.34, "b": 0.33, "c": 0.33},
    ]
)


def try_split(entries: list[Entry], groups: list[Group], parts: dict[str, float], seed: int) -> Splits:
    """The splits, for sets that are large enough to have them."""
    try:
        return split(entries, groups, parts, seed)
    except UsageError:
        assume(False)
        raise


@given(sets(), shares, seeds)
def test_no_group_is_torn_apart(made: tuple[list[Entry], list[Group]], parts: dict[str, float], seed: int) -> None:
    entries, groups = made
    splits = try_split(entries, groups, parts, seed)

    assert set(splits.where) == {one.path for one in entries}
    for one in groups:
        assert len({splits.where[member.path] for member in (one.keeper, *(twin.entry for twin in one.twins))}) == 1


@given(sets(), shares, seeds)
def test_no_split_has_a_whole_group_more_than_its_share_of_a_class(
    made: tuple[list[Entry], list[Group]], parts: dict[str, float], seed: int
) -> None:
    entries, groups = made
    splits = try_split(entries, groups, parts, seed)

    largest = max((len(one.twins) + 1 for one in groups), default=1)
    for label, (name, share) in itertools.product({one.label for one in entries}, parts.items()):
        over = distance(splits, entries, label, name, share)
        assert -largest * (len(parts) - 1) - 1e-3 < over < largest + 1e-3


@given(st.integers(1, 30), st.integers(1, 3), seeds)
def test_shares_that_are_whole_pictures_are_met_exactly(tens: int, classes: int, seed: int) -> None:
    entries = [one for label in LABELS[:classes] for one in many(10 * tens, label)]
    splits = split(entries, [], SHARES, seed)
    for label, (name, share) in itertools.product(LABELS[:classes], SHARES.items()):
        assert math.isclose(distance(splits, entries, label, name, share), 0, abs_tol=1e-6)


@given(sets(), shares, seeds, st.randoms())
def test_the_order_of_entries_and_groups_changes_nothing(
    made: tuple[list[Entry], list[Group]],
    parts: dict[str, float],
    seed: int,
    random: st.randoms,  # type: ignore[valid-type]
) -> None:
    entries, groups = made
    first = try_split(entries, groups, parts, seed)
    mixed, others = list(entries), list(groups)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    random.shuffle(others)  # type: ignore[attr-defined]
    assert split(mixed, others, parts, seed) == first


@given(sets(), shares, seeds, st.integers(1, 40))
def test_pictures_that_come_later_move_none(
    made: tuple[list[Entry], list[Group]], parts: dict[str, float], seed: int, more: int
) -> None:
    entries, groups = made
    before = try_split(entries, groups, parts, seed)

    after = split([*entries, *many(more, "cat", "later", "new")], groups, parts, seed)

    assert {path: after.where[path] for path in before.where} == dict(before.where)


@given(sets(), shares, seeds, st.data())
def test_with_the_previous_splits_nothing_moves_whatever_comes_or_goes(
    made: tuple[list[Entry], list[Group]], parts: dict[str, float], seed: int, data: st.DataObject
) -> None:
    entries, groups = made
    before = try_split(entries, groups, parts, seed)
    gone = data.draw(st.sets(st.sampled_from(range(len(entries))), max_size=len(entries) // 4))
    kept = [one for number, one in enumerate(entries) if number not in gone]
    twin = entry("twin", kept[0].label, "0")  # of a picture that is there, and earlier than all
    grown = [*groups, group([kept[0], twin])]

    try:
        after = split([*kept, twin, *many(7, "cat", "0", "new")], grown, parts, seed + 1, previous=before.where)
    except UsageError:
        assume(False)
        raise

    assert all(after.where[one.path] == before.where[one.path] for one in kept)
    assert after.where[twin.path] == before.where[kept[0].path]


@settings(max_examples=20)
@given(sets(), seeds)
def test_the_same_seed_gives_the_same_splits(made: tuple[list[Entry], list[Group]], seed: int) -> None:
    entries, groups = made
    first = try_split(entries, groups, dict(SHARES), seed)
    assert split(entries, groups, SHARES, seed) == first


def test_another_seed_gives_other_splits() -> None:
    entries = [one for at in range(10) for one in many(30, at=str(at), of=f"{at}-")]
    one, other = (split(entries, [], SHARES, seed).paths("test") for seed in (1, 2))
    assert len(one) == len(other) == 30
    assert len(set(one) & set(other)) < 15  # 3 by chance


def test_every_picture_is_as_likely_to_be_tested_on_whenever_it_came() -> None:
    entries = [entry(str(number), at=f"{number:03}") for number in range(100)]
    tested = [int(path[4:-4]) for seed in range(60) for path in split(entries, [], SHARES, seed).paths("test")]
    for start in range(0, 100, 20):
        assert 70 <= sum(start <= number < start + 20 for number in tested) <= 170  # 120 expected


def test_a_picture_that_joins_two_splits_takes_training_pictures_to_the_test() -> None:
    entries = many(20)
    before = {one.path: "test" if number < 2 else "train" for number, one in enumerate(entries)}
    bridge = entry("bridge")

    splits = split(
        [*entries, bridge], [group([entries[0], bridge, entries[5]])], {"train": 0.9, "test": 0.1}, previous=before
    )

    assert {splits.where[one.path] for one in (entries[0], entries[5], bridge)} == {"test"}
    assert splits.notes == ("1 moved, being twins of pictures in another split: cat/5.jpg is now in test.",)


def test_equal_bytes_in_two_classes_stay_together_without_any_group() -> None:
    entries = [one for label in LABELS for one in many(20, label)]
    same = [Entry(f"{label}/same.jpg", label, picture(b"same")) for label in LABELS]
    for seed in range(20):
        splits = split([*entries, *same], [], SHARES, seed)
        assert len({splits.where[one.path] for one in same}) == 1
        assert leaks([*entries, *same], splits) == []


def test_a_class_learns_from_its_first_picture() -> None:
    entries = [*many(30), entry("only", "dog")]
    splits = split(entries, [], SHARES)
    assert splits.where["dog/only.jpg"] == "train"
    assert splits.notes == ("dog: too few distinct pictures for val.", "dog: too few distinct pictures for test.")


def test_an_empty_class_is_noted() -> None:
    assert split(many(30), [], labels=("cat", "emu")).notes == ("emu: no picture at all.",)


def test_a_share_of_nothing_is_no_split_to_fill() -> None:
    splits = split(many(10), [], {"train": 0.8, "val": 0.2, "test": 0.0})
    assert splits.paths("test") == []
    assert len(splits.paths("val")) == 2


@pytest.mark.parametrize(
    ("entries", "groups", "message"),
    [
        ([], [], "no picture to split"),
        (many(2), [], "There are 2; 3 splits need at least 3"),
        (many(9), [group(many(9))], "The 9 pictures show 1 different things"),
        ([entry("1", f"class {number}") for number in range(12)], [], "Nothing is left for val and test"),
    ],
    ids=["nothing", "too few", "all one group", "one of each class"],
)
def test_what_cannot_be_split_is_said_with_what_to_do(entries: list[Entry], groups: list[Group], message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        split(entries, groups)
    assert "imgtool scrape" in caught.value.hint


@pytest.mark.parametrize("bad", [{}, {"train": 0.8}, {"train": 1.2, "test": -0.2}, {"train": math.nan, "test": 0.5}])
def test_shares_must_be_shares_of_a_whole(bad: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="together 1") as caught:
        split(many(9), [], bad)
    assert "--train 0.8" in caught.value.hint


@given(sets(), st.integers(2, 5), seeds)
def test_every_picture_is_held_out_by_one_fold(made: tuple[list[Entry], list[Group]], k: int, seed: int) -> None:
    entries, groups = made
    try:
        splits = folds(entries, groups, k, seed)
    except UsageError:
        assume(False)
        raise
    held = [path for name in splits.names for path in splits.paths(name)]
    assert sorted(held) == sorted(one.path for one in entries)
    assert set(splits.others("1")) == set(held) - set(splits.paths("1"))


def test_folds_of_a_balanced_set_are_equal() -> None:
    splits = folds([*many(50), *many(25, "dog")], [], 5, seed=3)
    assert [len(splits.paths(name)) for name in splits.names] == [15] * 5


def test_one_fold_is_none() -> None:
    with pytest.raises(UsageError, match="1 folds"):
        folds(many(9), [], 1)


def test_leaks_are_found_by_bytes_and_by_looks() -> None:
    a, b, c = entry("a"), Entry("cat/b.jpg", "cat", entry("a").picture), entry("c")
    splits = Splits(("train", "test"), {a.path: "train", b.path: "test", c.path: "test"})

    found = leaks([a, b, c], splits, near=lambda entries: itertools.combinations(entries, 2))

    assert [(leak.one.path, leak.other.path, leak.how) for leak in found] == [
        ("cat/a.jpg", "cat/b.jpg", "bytes"),
        ("cat/a.jpg", "cat/c.jpg", "looks"),
    ]


def test_what_is_in_no_split_leaks_nowhere() -> None:
    a, b = entry("a"), Entry("cat/b.jpg", "cat", entry("a").picture)
    assert leaks([a, b], Splits(("train", "test"), {a.path: "train"})) == []


def test_counts_are_by_split_and_class() -> None:
    entries = [*many(10), *many(20, "dog")]
    assert split(entries, []).counts(entries) == {
        "train": {"cat": 8, "dog": 16},
        "val": {"cat": 1, "dog": 2},
        "test": {"cat": 1, "dog": 2},
    }
