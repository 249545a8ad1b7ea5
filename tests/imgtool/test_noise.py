"""`noise` on a folder of classes: what is found, what is written down, what is done about it, and undone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from classify.nouns import Recipe, Watch
from imgtool.dataset import Dataset, Shelf, Verdict
from imgtool.errors import UsageError
from imgtool.pipeline import embedded
from imgtool.pipeline.embedded import Embedded
from imgtool.pipeline.noise import Doubted, noise
from imgtool.pipeline.review import Desk
from imgtool.pipeline.shown import Look, View
from imgtool.pipeline.suspicions import suspicions
from imgtool.pipeline.undo import undo
from imgtool.records import Entry, Reason, Refusal
from imgtool.web import album
from tests.drawn import exact, put
from tests.painted import encoded, scene

LABELS = ("cat", "dog", "owl")
EACH = 14
WIDTH = 12


def numbers(entry: Entry) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """What a network would say of a picture, by the name of what it truly shows: `cat-3.png`."""
    name = Path(entry.path).stem
    truth = LABELS.index(name[:3]) if name[:3] in LABELS else len(LABELS)
    middle = 4.0 * np.random.default_rng(truth).standard_normal(WIDTH)
    return middle + np.random.default_rng(list(name.encode())).standard_normal(WIDTH)


@pytest.fixture(autouse=True)
def seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def told(root: Path, wanted: Sequence[View], recipe: Recipe, look: Look, *, watch: Watch) -> Embedded:
        kept = tuple(view for view in wanted if "unread" not in view.entry.path)
        lost = {view.entry.path: Refusal(Reason.BROKEN, "gone bad") for view in wanted if view not in kept}
        features = np.array([numbers(view.entry) for view in kept], np.float32)
        return Embedded(features, kept, lost, recipe, "digest", len(kept))

    monkeypatch.setattr(embedded, "embedded", told)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Three classes; a dog and an owl among the cats, and something else among the owls."""
    root = tmp_path / "data"
    for place, label in enumerate(LABELS):
        for number in range(EACH):
            drawn(root, f"{label}/{label}-{number}.png", 100 * place + number)
    drawn(root, "cat/dog-90.png", 901)
    drawn(root, "cat/owl-91.png", 902)
    drawn(root, "owl/map-92.png", 903)
    return root


def drawn(root: Path, path: str, seed: int, kind: str = "PNG", width: int = 64) -> None:
    put(root, path, encoded(scene(width, 48, seed), kind))


def found(value: Doubted, check: str) -> set[str]:
    return {finding.path for finding in value.findings if finding.check == check}


def test_wrong_labels_and_strangers_are_named_and_nothing_is_moved(data: Path) -> None:
    before = exact(data)

    value = noise(data)

    assert found(value, "label") == {"cat/dog-90.png", "cat/owl-91.png"}
    assert found(value, "stranger") == {"owl/map-92.png"}
    details = {finding.path: finding.detail for finding in value.findings}
    assert details["cat/dog-90.png"].startswith("looks like dog (")
    assert value.change is None
    assert value.counts == {"cat": EACH + 2, "dog": EACH, "owl": EACH + 1}
    assert exact(data) == before


def test_what_is_applied_is_one_change_and_comes_back_whole(data: Path) -> None:
    before = exact(data)

    value = noise(data, apply=True)

    after = exact(data)
    assert "dog/dog-90.png" in after
    assert "owl/owl-91.png" in after
    assert set(before) - set(after) == {"cat/dog-90.png", "cat/owl-91.png", "owl/map-92.png"}
    assert value.change is not None
    assert value.change.verb == "noise"
    undo(data)
    assert exact(data) == before


def test_a_second_look_after_cleaning_finds_nothing(data: Path) -> None:
    noise(data, apply=True)

    again = noise(data)

    assert found(again, "label") | found(again, "stranger") == set()
    with Dataset.open(data) as dataset:
        assert dataset.findings() == []


def test_review_shows_what_was_found(data: Path) -> None:
    noise(data)

    with Dataset.open(data) as dataset, Shelf.open(data) as shelf:
        desk = Desk(dataset, shelf, "ann", suspicions)
        desk.look()
        assert {each.path for each in desk.agenda().about("label")} == {"cat/dog-90.png", "cat/owl-91.png"}
        assert {each.path for each in desk.agenda().about("stranger")} == {"owl/map-92.png"}


def test_what_a_person_has_decided_is_not_doubted_again(data: Path) -> None:
    noise(data)
    with Dataset.open(data) as dataset, Shelf.open(data) as shelf:
        desk = Desk(dataset, shelf, "ann", suspicions)
        desk.decide(Verdict.KEEP, [item.id for item in shelf.at(["cat/dog-90.png"])])
        desk.decide(Verdict.MOVE, [item.id for item in shelf.at(["cat/owl-91.png"])], "dog")

    value = noise(data, apply=True)

    assert found(value, "label") == set()
    assert {"cat/dog-90.png", "dog/owl-91.png"} <= set(exact(data))


def test_a_name_that_is_taken_in_the_right_class_is_not_overwritten(data: Path) -> None:
    drawn(data, "dog/dog-90.png", 7)
    before = sorted(body for body, _, _ in exact(data).values())

    noise(data, apply=True)
    undo(data)

    assert sorted(body for body, _, _ in exact(data).values()) == before


def test_a_format_that_tells_the_class_is_a_shortcut_with_examples(data: Path) -> None:
    for number in range(30):
        drawn(data, f"owl/owl-{200 + number}.jpg", 200 + number, "JPEG")

    value = noise(data)

    assert [(each.trait, value.labels[each.target]) for each in value.shortcuts] == [("format", "owl")]
    assert value.by_check["shortcut"] == 3
    assert all("format tells owl" in each.detail for each in value.findings if each.check == "shortcut")
    assert not any(wish.reason == "shortcut" for wish in value.wishes)


def test_a_picture_that_cannot_be_read_is_named_and_the_others_are_judged(data: Path) -> None:
    drawn(data, "cat/cat-unread.png", 950)

    value = noise(data)

    assert list(value.refused) == ["cat/cat-unread.png"]
    assert found(value, "label") == {"cat/dog-90.png", "cat/owl-91.png"}


def test_one_class_is_told_apart_from_nothing(tmp_path: Path) -> None:
    for number in range(12):
        drawn(tmp_path / "data", f"cat/cat-{number}.png", number)

    value = noise(tmp_path / "data")

    assert found(value, "label") == set()
    assert "one class" in value.notes[0]


@pytest.mark.parametrize("many", [0, 1, 6])
def test_few_pictures_are_misuse_with_a_hint(tmp_path: Path, many: int) -> None:
    (tmp_path / "data" / "cat").mkdir(parents=True)
    for number in range(many):
        drawn(tmp_path / "data", f"cat/cat-{number}.png", number)

    with pytest.raises(UsageError) as told:
        noise(tmp_path / "data")

    assert "scrape" in told.value.hint


def test_a_class_of_one_picture_is_named_and_not_judged(data: Path) -> None:
    drawn(data, "yak/yak-0.png", 990)

    value = noise(data)

    assert "labels of yak" in value.notes[0]
    assert "yak/yak-0.png" not in found(value, "label")


def test_all_pictures_one_group_is_misuse(tmp_path: Path) -> None:
    for number in range(12):
        drawn(tmp_path / "data", f"{LABELS[number % 2]}/{number}.png", 1)

    with pytest.raises(UsageError, match="1 different thing"):
        noise(tmp_path / "data")


def test_the_page_shows_suspects_and_shortcuts_with_foreign_names_escaped(data: Path) -> None:
    drawn(data, "cat/dog-<b>&.png", 960)
    for number in range(30):
        drawn(data, f"owl/owl-{200 + number}.jpg", 200 + number, "JPEG")

    value = noise(data, apply=True)
    page = album.doubted(value)

    assert "Shortcuts" in page
    assert "dog-&lt;b&gt;&amp;.png" in page
    assert page.count("data:image/jpeg") == len({finding.path for finding in value.findings})
    assert page.count("card is-stranger gone") == value.by_check["stranger"]
    assert "<table>" in value._repr_html_()
