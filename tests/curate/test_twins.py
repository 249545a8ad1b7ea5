"""Twins: planted copies are found, strangers are not, and whoever leaves was seen beside its keeper."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from curate.admit import BOUNDS, examine_bytes
from curate.twins import alike, find, near_pairs
from imgtool.errors import UsageError
from imgtool.records import Entry, Group, Picture
from tests.painted import encoded, scene

Pixels = NDArray[np.uint8]


def photo(seed: int, width: int = 480, height: int = 360) -> Image.Image:
    """A picture with detail of every size, as photographs have."""
    rng = np.random.default_rng(seed)
    total = np.zeros((height, width, 3))
    for cells in (4, 8, 16, 40):
        noise = Image.fromarray(rng.integers(0, 256, (cells, cells + 2, 3), dtype=np.uint8))
        total += np.asarray(noise.resize((width, height), Image.Resampling.BICUBIC)) / cells
    return Image.fromarray(np.uint8((total - total.min()) / np.ptp(total) * 255))


def entry(picture: Image.Image | bytes, path: str, label: str = "cat", at: str = "", quality: int = 90) -> Entry:
    data = picture if isinstance(picture, bytes) else encoded(picture, "JPEG", quality=quality)
    found = examine_bytes(data, BOUNDS)
    assert isinstance(found, Picture)
    return Entry(path, label, found, at)


def cropped(picture: Image.Image, share: float) -> Image.Image:
    wide, tall = (round(side * share / 2) for side in picture.size)
    return picture.crop((wide, tall, picture.width - wide, picture.height - tall))


def captioned(picture: Image.Image) -> Image.Image:
    copy = picture.copy()
    ImageDraw.Draw(copy).text((10, picture.height - 30), "example.com", "white", font_size=20, stroke_width=1)
    return copy


VARIANTS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "the same": lambda it: it,
    "a quarter of the size": lambda it: it.resize((it.width // 4, it.height // 4)),
    "squashed": lambda it: it.resize((200, 200)),
    "brighter": lambda it: ImageEnhance.Brightness(it).enhance(1.2),
    "darker": lambda it: ImageEnhance.Brightness(it).enhance(0.7),
    "more contrast": lambda it: ImageEnhance.Contrast(it).enhance(1.2),
    "5 % cropped": lambda it: cropped(it, 0.05),
    "10 % cropped": lambda it: cropped(it, 0.10),
    "20 % cropped": lambda it: cropped(it, 0.20),
    "only its square": lambda it: ImageOps.fit(it, (300, 300)),
    "its bottom cut off": lambda it: it.crop((0, 0, it.width, round(it.height * 0.9))),
    "a white border": lambda it: ImageOps.expand(it, 20, "white"),
    "a black border": lambda it: ImageOps.expand(it, 30, "black"),
    "a caption": captioned,
}
TURNS = {
    "mirrored": (ImageOps.mirror, "mirrored"),
    "turned left": (lambda it: it.transpose(Image.Transpose.ROTATE_90), "turned"),
    "turned right": (lambda it: it.transpose(Image.Transpose.ROTATE_270), "turned"),
    "upside down": (lambda it: it.transpose(Image.Transpose.ROTATE_180), "turned"),
    "transposed": (lambda it: it.transpose(Image.Transpose.TRANSPOSE), "mirrored"),
}

STRANGERS = [entry(photo(seed), f"cat/stranger {seed}.jpg") for seed in range(100, 130)]


def grey(one: Entry) -> NDArray[np.int64]:
    return np.frombuffer(one.picture.thumb, np.uint8).astype(int)


def paths(group: Group) -> set[str]:
    return {group.keeper.path, *(twin.entry.path for twin in group.twins)}


@pytest.mark.parametrize("quality", [30, 60, 95])
@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_is_found_and_no_stranger_with_it(name: str, quality: int) -> None:
    original = entry(photo(1), "cat/original.jpg", quality=92)
    variant = entry(VARIANTS[name](photo(1)), "cat/variant.jpg", quality=quality)
    (group,) = find([*STRANGERS, original, variant]).groups
    assert paths(group) == {"cat/original.jpg", "cat/variant.jpg"}
    assert group.twins[0].how == "looks"
    assert list(near_pairs([*STRANGERS, original, variant])) in ([(original, variant)], [(variant, original)])


@pytest.mark.parametrize("name", TURNS)
def test_a_turned_copy_is_found_when_asked_for(name: str) -> None:
    turn, how = TURNS[name]
    entries = [*STRANGERS, entry(photo(1), "cat/original.jpg"), entry(turn(photo(1)), "cat/turned.jpg")]
    assert find(entries).groups == ()
    (group,) = find(entries, mirrored=True).groups
    assert paths(group) == {"cat/original.jpg", "cat/turned.jpg"}
    assert group.twins[0].how == how


def blank(level: int) -> Pixels:
    return np.full((240, 320, 3), level, np.uint8)


def ramp(low: float, high: float, axis: int) -> Pixels:
    sides = (240, 320)
    line = np.linspace(low, high, sides[axis])
    grey = np.broadcast_to(line[:, None] if axis == 0 else line[None], sides)
    return np.repeat(grey[..., None], 3, 2).astype(np.uint8)


def half(low: int, high: int, axis: int) -> Pixels:
    picture = blank(low)
    picture[(slice(120, None),) if axis == 0 else (slice(None), slice(160, None))] = high
    return picture


def spot(low: int, high: int, x: int, y: int) -> Pixels:
    picture = Image.fromarray(blank(low))
    ImageDraw.Draw(picture).ellipse((x, y, x + 90, y + 90), fill=(high,) * 3)
    return np.asarray(picture)


EMPTY: dict[str, Pixels] = {
    "white": blank(255),
    "grey": blank(128),
    "nearly black": blank(9),
    "black": blank(0),
    "gradient across": ramp(0, 255, 1),
    "weak gradient across": ramp(90, 160, 1),
    "gradient down": ramp(0, 255, 0),
    "dark gradient down": ramp(0, 60, 0),
    "black and white above one another": half(0, 255, 0),
    "two greys above one another": half(90, 120, 0),
    "black and white side by side": half(0, 255, 1),
    "two greys side by side": half(60, 160, 1),
    "a spot to the left": spot(40, 200, 20, 60),
    "a spot to the right": spot(40, 200, 225, 10),
}


def test_pictures_with_little_in_them_do_not_fall_together() -> None:
    entries = [entry(encoded(pixels), f"cat/{name}.png") for name, pixels in EMPTY.items()]
    assert find(entries, within=14, mirrored=True).groups == ()


@pytest.mark.parametrize("name", EMPTY)
def test_pictures_with_little_in_them_still_have_true_copies(name: str) -> None:
    pixels = Image.fromarray(EMPTY[name])
    entries = [entry(encoded(pixels), "cat/a.png"), entry(encoded(pixels.resize((160, 120)), "BMP"), "cat/b.bmp")]
    assert len(find(entries).groups) == 1


def between(one: Image.Image, other: Image.Image, share: float) -> Image.Image:
    return Image.blend(one, other, share)


def test_a_chain_does_not_merge_strangers() -> None:
    first, last = photo(5), photo(6)
    steps = [entry(between(first, last, step / 20), f"cat/{step:02}.png", at=f"{step:02}") for step in range(21)]
    neighbours = [alike(a.picture.thumb, b.picture.thumb) for a, b in pairwise(steps)]
    assert all(neighbours)
    assert not alike(steps[0].picture.thumb, steps[-1].picture.thumb)

    groups = find(steps, keep="first").groups

    assert len(groups) > 1
    assert all(alike(group.keeper.picture.thumb, twin.entry.picture.thumb) for group in groups for twin in group.twins)
    assert sum(len(group.twins) for group in groups) + len(groups) >= 20


def shaped(number: int, thumb: NDArray[np.int64], dhash: int = 0) -> Entry:
    """An entry that needed no picture."""
    sha = f"{number:064x}"
    pixels = thumb.astype(np.uint8)
    stats = (float(pixels.mean()), float(pixels.std()), 100.0)
    picture = Picture(sha, 1000, "jpeg", 640, 480, "RGB", 1, 1, 0, dhash, "jpeg/8", pixels.tobytes(), *stats)
    return Entry(f"cat/{number}.jpg", "cat", picture)


def quick(entries: list[Entry]) -> tuple[Group, ...]:
    began = time.process_time()
    groups = find(entries).groups
    assert time.process_time() - began < 60  # some seconds on an idle machine; looking at every pair again takes hours
    return groups


def test_the_same_bytes_ten_thousand_times_keep_one() -> None:
    one = entry(photo(1), "cat/0.jpg")
    groups = quick([replace(one, path=f"cat/{number}.jpg") for number in range(10_000)])
    assert [len(group.twins) for group in groups] == [9_999]
    assert {twin.how for twin in groups[0].twins} == {"bytes"}


@pytest.mark.slow
def test_ten_thousand_distinct_pictures_of_one_hash_stay_and_cost_no_square() -> None:
    rng = np.random.default_rng(3)
    entries = [shaped(number, rng.integers(0, 256, (32, 32))) for number in range(10_000)]
    assert quick(entries) == ()


def test_memory_grows_with_the_pictures_and_not_with_their_pairs() -> None:
    rng = np.random.default_rng(3)
    entries = [shaped(number, rng.integers(0, 256, (32, 32))) for number in range(3_000)]
    tracemalloc.start()
    find(entries)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 72 * 1024**2  # the places of all pairs alone would be 72 MB; the thumbnails as floats are 12


def test_ten_thousand_gradients_stay_unless_they_are_equal() -> None:
    steps = np.arange(32)[None].repeat(32, 0)
    entries = [shaped(n, (n % 100 + steps * (n // 100 + 1) / 20).astype(int)) for n in range(10_000)]
    groups = quick(entries)
    assert all(np.abs(grey(group.keeper) - grey(twin.entry)).mean() <= 2 for group in groups for twin in group.twins)


def test_ten_thousand_copies_of_one_look_keep_one() -> None:
    rng = np.random.default_rng(4)
    look = np.asarray(photo(2).convert("L").resize((32, 32))).astype(int)
    entries = [shaped(n, (look + rng.integers(-1, 2, (32, 32))).clip(0, 255)) for n in range(10_000)]
    assert [len(group.twins) for group in quick(entries)] == [9_999]


ALBUM = [
    *(entry(photo(seed), f"cat/{seed}.jpg", at=str(seed)) for seed in range(4)),
    *(entry(photo(seed).resize((240, 180)), f"cat/small {seed}.jpg", at="0") for seed in range(3)),
    *(entry(cropped(photo(seed), 0.1), f"cat/cropped {seed}.jpg") for seed in range(2)),
    entry(photo(0), "cat/again 0.jpg", at="9"),
    entry(photo(1), "dog/1.jpg", "dog"),
    entry(captioned(photo(2)), "dog/2.jpg", "dog"),
]


@settings(max_examples=25, deadline=None)
@given(st.permutations(ALBUM), st.sampled_from(["best", "largest", "smallest", "first", "folder:dog"]))
def test_groups_do_not_depend_on_the_order_of_the_entries(entries: list[Entry], keep: str) -> None:
    assert find(entries, keep=keep) == find(ALBUM, keep=keep)


@pytest.mark.parametrize(
    ("keep", "keeper", "why"),
    [
        ("best", "cat/full.jpg", "most pixels"),
        ("largest", "cat/full.jpg", "most pixels"),
        ("smallest", "cat/b/small.jpg", "fewest pixels"),
        ("first", "cat/poor.jpg", "came first"),
        ("folder:b", "cat/b/small.jpg", "folder b"),
        ("folder:cat/b", "cat/b/small.jpg", "folder cat/b"),
    ],
)
def test_the_keeper_is_chosen_as_asked(keep: str, keeper: str, why: str) -> None:
    entries = [
        entry(photo(1).resize((240, 180)), "cat/b/small.jpg", at="3"),
        entry(photo(1).resize((400, 300)), "cat/poor.jpg", at="1", quality=40),
        entry(photo(1), "cat/full.jpg", at="2", quality=90),
    ]
    (group,) = find(entries, keep=keep).groups
    assert (group.keeper.path, group.why) == (keeper, why)


def test_of_equal_size_the_one_least_compressed_stays_then_the_earlier() -> None:
    poor, rich = (entry(photo(1), f"cat/{quality}.jpg", quality=quality) for quality in (40, 95))
    later = replace(rich, path="cat/later.jpg", at="2")
    (group,) = find([poor, later, rich]).groups
    assert (group.keeper, group.why) == (rich, "came first")
    assert [twin.how for twin in group.twins] == ["bytes", "looks"]
    (group,) = find([poor, rich]).groups
    assert (group.keeper, group.why) == (rich, "fewest artefacts")


@pytest.mark.parametrize("keep", ["", "newest", "folder:"])
def test_an_unknown_way_to_keep_is_a_wrong_question(keep: str) -> None:
    with pytest.raises(UsageError, match="Nothing can be kept"):
        find([], keep=keep)


def test_the_same_picture_in_two_classes_is_a_conflict_and_nothing_leaves() -> None:
    cat = entry(photo(1), "cat/1.jpg", "cat")
    dog = entry(photo(1).resize((240, 180)), "dog/1.jpg", "dog")
    bear = replace(cat, path="bear/1.jpg", label="bear")
    found = find([*STRANGERS, cat, dog, bear])
    assert found.groups == ()
    assert {frozenset(paths(conflict)) for conflict in found.conflicts} == {
        frozenset({"bear/1.jpg", "cat/1.jpg", "dog/1.jpg"}),
        frozenset({"cat/1.jpg", "dog/1.jpg"}),
    }
    assert {twin.how for conflict in found.conflicts for twin in conflict.twins} == {"bytes", "looks"}


def test_a_conflict_is_told_though_its_picture_leaves_for_a_better_one() -> None:
    cat = entry(photo(1), "cat/1.jpg", "cat")
    lesser = entry(cropped(photo(1), 0.2), "cat/cropped.jpg", "cat")
    dog = replace(lesser, path="dog/1.jpg", label="dog")
    found = find([cat, lesser, dog])
    assert [paths(group) for group in found.groups] == [{"cat/1.jpg", "cat/cropped.jpg"}]
    assert [paths(conflict) for conflict in found.conflicts] == [{"cat/1.jpg", "dog/1.jpg"}]


def test_only_what_fresh_pictures_bring_about_is_told() -> None:
    old = [entry(photo(1), "cat/1.jpg"), entry(photo(1).resize((240, 180)), "cat/1 small.jpg"), *STRANGERS]
    new = [entry(cropped(photo(100), 0.1), "cat/new.jpg"), entry(photo(200), "cat/newer.jpg")]
    fresh = {one.path for one in new}
    (group,) = find([*old, *new], fresh=fresh).groups
    assert paths(group) == {"cat/stranger 100.jpg", "cat/new.jpg"}
    assert len(list(near_pairs([*old, *new], fresh=fresh))) == 1


def test_a_bordered_copy_that_came_later_is_found_from_either_side() -> None:
    whole = entry(photo(1), "cat/whole.jpg")
    bordered = entry(ImageOps.expand(photo(1), 20, "white"), "cat/bordered.jpg")
    for fresh in (whole, bordered):
        assert len(find([*STRANGERS, whole, bordered], fresh={fresh.path}).groups) == 1


def test_an_inverted_picture_is_another() -> None:
    thumb = np.asarray(photo(1).convert("L").resize((32, 32)))
    assert alike(thumb.tobytes(), thumb.tobytes())
    assert not alike(thumb.tobytes(), (255 - thumb).tobytes())
    assert not alike(thumb.tobytes(), b"")


def test_nothing_is_found_in_nothing() -> None:
    assert find([]).groups == ()
    assert find(STRANGERS[:1]).extra == 0
    assert find(STRANGERS).conflicts == ()


def test_scenes_of_few_colours_are_told_apart() -> None:
    entries = [entry(encoded(scene(seed=seed)), f"cat/{seed}.png") for seed in range(40)]
    assert find(entries).groups == ()
