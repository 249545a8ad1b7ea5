"""Shortcuts: a trait that tells the class is named with its values; chance is not."""

from __future__ import annotations

import numpy as np
import pytest

from classify.noise import Classes, shortcuts, traits
from classify.noise.traits import border, shape, site, size, stored
from imgtool.records import Entry
from tests.made import picture, ref

EACH = 40


def classes(count: int = 3, each: int = EACH) -> Classes:
    targets = np.repeat(np.arange(count), each)
    return Classes(targets, np.arange(count * each) % 5, count)


def test_a_site_that_gave_one_class_is_a_shortcut() -> None:
    values = ["a.example"] * (EACH - 4) + ["b.example"] * 4 + ["b.example", "c.example"] * EACH

    found = shortcuts({"site": values}, classes())

    assert [(each.trait, each.target) for each in found] == [("site", 0)]
    assert found[0].share > 0.8
    assert [(value.name, value.inside, value.all) for value in found[0].values] == [("a.example", 36, 36)]


def test_a_trait_that_all_classes_share_is_none() -> None:
    rng = np.random.default_rng(0)
    values = list(rng.choice(["jpeg", "png", "webp"], 3 * EACH))

    assert shortcuts({"format": values, "size": ["one"] * 3 * EACH}, classes()) == []


def test_many_sites_with_a_picture_or_two_each_prove_nothing() -> None:
    values = [f"{number // 2}.example" for number in range(3 * EACH)]

    assert shortcuts({"site": values}, classes()) == []


def test_what_nobody_knows_tells_nothing() -> None:
    assert shortcuts({"site": [""] * EACH + ["x.example", "y.example"] * EACH}, classes()) == []


def test_a_few_pictures_prove_little() -> None:
    assert shortcuts({"format": ["png"] * 3 + ["jpeg"] * 3}, classes(2, 3)) == []


def test_one_class_has_no_shortcut_and_a_missing_class_is_no_crash() -> None:
    assert shortcuts({"format": ["png"] * EACH}, classes(1)) == []
    gap = Classes(np.repeat([0, 2], EACH), np.arange(2 * EACH) % 5, 4)
    found = shortcuts({"format": ["png"] * EACH + ["jpeg"] * EACH}, gap)
    assert {(each.target, each.share) for each in found} == {(0, 1.0), (2, 1.0)}


def test_a_rare_class_counts_as_much_as_a_common_one() -> None:
    targets = np.repeat([0, 1], [400, 40])
    values = ["jpeg"] * 400 + ["png"] * 36 + ["jpeg"] * 4

    found = shortcuts({"format": values}, Classes(targets, np.arange(440) % 5, 2))

    assert {each.target: round(each.share, 1) for each in found} == {0: 0.9, 1: 0.9}


@pytest.mark.parametrize(
    ("page", "url", "said"),
    [
        ("https://www.shop.example/p/1", "https://cdn.example/1.jpg", "shop.example"),
        ("", "https://cdn.example/1.jpg", "cdn.example"),
        ("http://[broken", "https://cdn.example/1.jpg", ""),
    ],
)
def test_a_site_is_the_pages_or_the_pictures(page: str, url: str, said: str) -> None:
    assert site(picture(), ref(url, page_url=page)) == said


def test_a_picture_that_nobody_named_has_no_site() -> None:
    assert site(picture(), None) == ""


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (lambda grey: None, "none"),
        (lambda grey: frame(grey, 255), "white all round"),
        (lambda grey: frame(grey, 0), "black all round"),
        (lambda grey: grey.__setitem__((slice(0, 4), slice(None)), 128), "none"),
        (lambda grey: (grey.__setitem__(slice(0, 4), 0), grey.__setitem__(slice(28, 32), 0)), "black above and below"),
    ],
)
def test_a_border_is_seen_in_the_thumbnail(rows: object, says: str) -> None:
    grey = np.random.default_rng(0).integers(30, 220, (32, 32)).astype(np.uint8)
    rows(grey)  # type: ignore[operator]
    assert border(picture(thumb=grey.tobytes()), None) == says


def frame(grey: np.ndarray[tuple[int, int], np.dtype[np.uint8]], tone: int) -> None:
    grey[0], grey[-1], grey[:, 0], grey[:, -1] = tone, tone, tone, tone


def test_sizes_shapes_and_formats_are_coarse() -> None:
    small, other = picture(width=400, height=250), picture(width=420, height=262)
    assert size(small, None) == size(other, None) == "about 256 px"
    assert [shape(picture(width=w, height=h), None) for w, h in ((100, 100), (640, 480), (90, 160))] == [
        "square",
        "wide 4:3",
        "tall 9:16",
    ]
    assert [stored(picture(format="png", mode=mode), None) for mode in ("RGB", "L")] == ["png", "png in grey"]


def test_every_trait_is_told_of_every_entry() -> None:
    entries = [Entry("cat/1.jpg", "cat", picture(b"1")), Entry("cat/2.jpg", "cat", picture(b"2"))]
    sources = {entries[0].picture.sha256: ref("http://h.example/1.jpg")}

    table = traits(entries, sources)

    assert table["site"] == ["h.example", ""]
    assert {len(values) for values in table.values()} == {2}
