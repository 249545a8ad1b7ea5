"""check, dedupe, undo, split and info as a library: values that can be looked at, and nothing lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import imgtool
from imgtool.dataset import Change
from imgtool.errors import UsageError
from imgtool.pipeline.look import Looking
from imgtool.pipeline.split import shared
from tests.drawn import classes, exact, faulty, jpeg, put


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return faulty(tmp_path / "data")


def change_of(value: Change | None) -> Change:
    assert value is not None
    return value


def test_check_names_what_is_planted_and_moves_nothing(data: Path) -> None:
    before = exact(data)

    seen = imgtool.check(data)

    assert {(file.path, file.reason) for file in seen.broken} == {
        ("cat/cut.jpg", "truncated"),
        ("dog/page.jpg", "not_image"),
    }
    assert {(finding.path, finding.check) for finding in seen.findings} >= {
        ("cat/blank.png", "blank"),
        ("dog/webp.jpg", "misnamed"),
    }
    assert (seen.looked, seen.counts) == (23, {"cat": 11, "dog": 10})
    assert seen.by_check["broken"] == 2
    assert exact(data) == before
    assert imgtool.check(data).looked == 0


def test_check_removes_what_is_named_and_nothing_else(data: Path) -> None:
    before = exact(data)

    seen = imgtool.check(data, remove=["broken", "blank"])

    assert {move.old_path for move in change_of(seen.change).moves} == {"cat/cut.jpg", "dog/page.jpg", "cat/blank.png"}
    assert set(before) - set(exact(data)) == {"cat/cut.jpg", "dog/page.jpg", "cat/blank.png"}
    imgtool.undo(data)
    assert exact(data) == before


def test_names_are_fixed_and_undone(data: Path) -> None:
    put(data, "dog/no suffix", jpeg(92))
    put(data, "dog/version.2", jpeg(93))
    before = exact(data)

    imgtool.check(data, fix_names=True)

    assert {"dog/webp.webp", "dog/no suffix.jpg", "dog/version.2.jpg"} <= set(exact(data))
    imgtool.undo(data)
    assert exact(data) == before


def test_a_picture_that_is_taken_out_is_not_renamed_as_well(data: Path) -> None:
    put(data, "dog/blank.jpg", (data / "cat/blank.png").read_bytes())

    seen = imgtool.check(data, remove=["blank"], fix_names=True)

    assert sorted(wish.path for wish in seen.wishes) == ["cat/blank.png", "dog/blank.jpg", "dog/webp.jpg"]


def test_a_check_that_does_not_exist_is_misuse(data: Path) -> None:
    with pytest.raises(UsageError, match="no check 'ugly'"):
        imgtool.check(data, remove=["ugly"])


def test_dedupe_keeps_the_best_of_each_group_and_shows_what_is_of_two_classes(data: Path) -> None:
    found = imgtool.dedupe(data)

    groups = {group.keeper.path: [twin.entry.path for twin in group.twins] for group in found.groups}
    assert groups == {"cat/0.jpg": ["cat/copy of 0.jpg"], "cat/1.jpg": ["cat/small 1.jpg"]}
    assert found.groups[-1].why == "most pixels"
    pairs = [{group.keeper.path, *(twin.entry.path for twin in group.twins)} for group in found.conflicts]
    assert pairs == [{"cat/2.jpg", "dog/cat 2.jpg"}]
    assert {"cat/2.jpg", "dog/cat 2.jpg"} <= set(exact(data))


def test_dedupe_then_undo_leaves_the_same_tree_to_the_byte_and_the_nanosecond(data: Path) -> None:
    before = exact(data)
    imgtool.dedupe(data)
    assert len(exact(data)) == len(before) - 2

    imgtool.undo(data)

    assert exact(data) == before
    assert imgtool.dedupe(data, dry_run=True).extra == 2


def test_an_open_dataset_will_do_and_stays_open(data: Path) -> None:
    before = exact(data)
    with imgtool.Dataset.open(data) as dataset:
        assert sum(imgtool.check(dataset).counts.values()) == 21
        assert imgtool.dedupe(dataset).extra == 2
        assert imgtool.split(dataset).leaks == ()
        assert imgtool.info(dataset).pictures == 19
        imgtool.undo(dataset)
        assert [change.verb for change in imgtool.history(dataset)] == ["undo", "dedupe"]
    assert exact(data) == before


def test_a_dry_run_finds_the_same_and_does_nothing(data: Path) -> None:
    before = exact(data)

    found = imgtool.dedupe(data, dry_run=True)

    assert (found.extra, found.change, exact(data)) == (2, None, before)
    assert imgtool.history(data) == ()


@pytest.mark.parametrize(
    ("keep", "stays"),
    [
        ("best", "cat/1.jpg"),
        ("largest", "cat/1.jpg"),
        ("smallest", "cat/small 1.jpg"),
        ("folder:cat", "cat/1.jpg"),
    ],
)
def test_who_stays_can_be_chosen(data: Path, keep: str, stays: str) -> None:
    found = imgtool.dedupe(data, keep=keep, dry_run=True)
    assert stays in [group.keeper.path for group in found.groups]


def test_an_unknown_wish_of_who_stays_is_misuse(data: Path) -> None:
    with pytest.raises(UsageError, match="prettiest"):
        imgtool.dedupe(data, keep="prettiest")


def test_twins_never_come_apart_not_even_across_classes(data: Path) -> None:
    for number in range(20):
        put(data, f"cat/more {number}.jpg", jpeg(200 + number))
        put(data, f"cat/smaller {number}.jpg", jpeg(200 + number, (150, 112)))

    made = imgtool.split(data)

    where = made.splits.where
    assert made.leaks == ()
    assert made.compared == 61
    assert {where["cat/2.jpg"]} == {where["dog/cat 2.jpg"]}
    assert all(where[f"cat/more {n}.jpg"] == where[f"cat/smaller {n}.jpg"] for n in range(20))


def test_pictures_stay_in_their_split_when_others_come(tmp_path: Path) -> None:
    data = classes(tmp_path, 20)
    first = imgtool.split(data).splits.where
    put(data, "cat/new.jpg", jpeg(777))

    again = imgtool.split(data)

    assert {path: again.splits.where[path] for path in first} == first
    assert again.new == 1


def test_afresh_asks_nobody_where_pictures_were(tmp_path: Path) -> None:
    data = classes(tmp_path, 20)
    first = imgtool.split(data, seed=1)
    assert imgtool.split(data, seed=2).splits.where == first.splits.where
    assert imgtool.split(data, seed=2, afresh=True).splits.where != first.splits.where


def test_a_dry_split_is_not_remembered(tmp_path: Path) -> None:
    data = classes(tmp_path)
    imgtool.split(data, dry_run=True)
    assert imgtool.info(data).splits == {}


@pytest.mark.parametrize(
    ("named", "shares"),
    [
        ((None, None, None), (0.8, 0.1, 0.1)),
        ((0.7, 0.3, None), (0.7, 0.3, 0.0)),
        ((0.6, None, None), (0.6, 0.2, 0.2)),
        ((None, None, 0.1), (0.8, 0.1, 0.1)),
        ((None, 0.0, 0.0), (1.0, 0.0, 0.0)),
        ((0.5, 0.25, 0.25), (0.5, 0.25, 0.25)),
    ],
)
def test_shares_that_are_not_named_divide_the_rest(named: tuple[float | None, ...], shares: tuple[float, ...]) -> None:
    made = shared(dict(zip(("train", "val", "test"), named, strict=True)))
    assert tuple(made.values()) == pytest.approx(shares)


def test_shares_of_more_than_the_whole_are_misuse() -> None:
    with pytest.raises(UsageError, match=r"train 0.8, val 0.4"):
        shared({"train": 0.8, "val": 0.4, "test": None})


def test_info_tells_a_folder_of_another_tool_at_once(data: Path) -> None:
    told = imgtool.info(data)

    assert {one.label: one.count for one in told.balance.classes} == {"cat": 11, "dog": 10}
    assert told.broken == 2
    assert told.formats["webp"] == 1
    assert {origin.engine for origin in told.origins} == {"found in the folder"}


def test_info_says_what_was_known_while_another_process_writes(data: Path) -> None:
    imgtool.check(data)
    with imgtool.Dataset.open(data) as holder, holder.writing():
        put(data, "cat/new.jpg", jpeg(777))
        told = imgtool.info(data)

    assert told.pictures == 21
    assert "Another process is writing" in told.busy


def test_whoever_watches_sees_every_file(data: Path) -> None:
    seen: list[Looking] = []

    imgtool.check(data, watch=seen.append)

    assert [each.done for each in seen] == list(range(1, 24))
    assert {each.total for each in seen} == {23}


def test_an_undone_change_is_told_and_can_be_done_again(data: Path) -> None:
    imgtool.dedupe(data)
    after = exact(data)
    undone = imgtool.undo(data)

    imgtool.undo(data, change_of(undone.change).id)

    assert exact(data) == after
    assert [change.verb for change in imgtool.history(data)] == ["undo", "undo", "dedupe"]


def test_export_follows_the_split_and_tells_what_was_lost_before(data: Path, tmp_path: Path) -> None:
    imgtool.check(data, remove=["blank"])
    imgtool.dedupe(data)
    imgtool.split(data)
    put(data, "cat/new.jpg", jpeg(777))

    sent = imgtool.export(data, imgtool.ExportOptions("tree", workers=1), tmp_path / "out")

    assert sum(sum(each.values()) for each in sent.exported.counts.values()) == 18
    assert sent.unsplit == 1
    assert sent.steps == (("collected", 22), ("check", 21), ("dedupe", 19))
    assert "| dedupe |" in (tmp_path / "out" / "README.md").read_text().lower()


def test_an_export_does_not_become_a_class_of_its_dataset(data: Path) -> None:
    imgtool.split(data)
    with pytest.raises(UsageError, match="inside the dataset"):
        imgtool.export(data, imgtool.ExportOptions("tree"), data / "export")


def test_the_preview_shows_each_class_and_is_the_same_for_the_same_seed(data: Path) -> None:
    first = imgtool.preview(data, "strong", seed=3, rows=4)

    assert first.png.startswith(b"\x89PNG")
    assert {path.partition("/")[0] for path in first.paths} == {"cat", "dog"}
    assert imgtool.preview(data, "strong", seed=3, rows=4).png == first.png
    assert imgtool.preview(data, "strong", seed=4, rows=4).png != first.png


def test_values_show_themselves_in_a_notebook(data: Path, tmp_path: Path) -> None:
    put(data, "cat/<script>alert(1)<.jpg", jpeg(1, (200, 150)))
    imgtool.split(data)
    values = (
        imgtool.check(data),
        imgtool.dedupe(data),
        imgtool.split(data),
        imgtool.info(data),
        imgtool.export(data, imgtool.ExportOptions("tree", workers=1), tmp_path / "out"),
        imgtool.undo(data),
    )
    pages = [value._repr_html_() for value in values]

    assert all("<table>" in page or "<figure" in page for page in pages)
    assert not [page for page in pages if "<script" in page]
    assert len(re.findall(r'<img src="data:image/jpeg;base64,', pages[1])) == 7  # two that left are shown as well
