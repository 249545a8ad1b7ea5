"""Where digits come from: idx files as MNIST ships them, or a folder with a folder for each digit."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from classify.digits import SIDE, normalised
from classify.digits.blank import WHY
from classify.digits.frame import all_normalised
from classify.digits.idx import SHIPPED, Pair, pairs, read
from classify.nouns import Step, Watch
from curate.examiners import absolute
from curate.sights import Pool, Sight, eyes, sighted
from imgtool.errors import UsageError
from imgtool.pipeline.pictures import picks
from imgtool.records import Refusal

Grey: TypeAlias = NDArray[np.uint8]  # count × 28 × 28, as MNIST has them
Places: TypeAlias = NDArray[np.int64]

LABELS = tuple("0123456789")
TEST, VAL = 0.2, 0.1  # shares: of all digits, where no test file came with them; of the others
LARGE = 256  # px of a drawing's longer side: more than 28 px can use
TESTED = "t10k"  # what MNIST calls its test set


@dataclass(frozen=True, slots=True)
class Numerals:
    """Digits of one origin, in MNIST's form."""

    digits: Grey
    targets: NDArray[np.int64]  # places in the labels of the whole
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.targets)

    def __getitem__(self, which: NDArray[np.int64]) -> Numerals:
        return Numerals(self.digits[which], self.targets[which], tuple(self.names[each] for each in which))


@dataclass(frozen=True, slots=True)
class Primer:
    """What a model of digits is to learn from, and to be tried on."""

    root: Path
    labels: tuple[str, ...]
    parts: Mapping[str, Numerals]  # train val test
    drawn: bool = False  # each digit is a file of its own
    notes: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()  # files that are no pictures, and why

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Split → digit → pictures."""
        sums = {name: np.bincount(part.targets, minlength=len(self.labels)) for name, part in self.parts.items()}
        return {name: dict(zip(self.labels, map(int, each), strict=True)) for name, each in sums.items()}

    @property
    def digest(self) -> str:
        """What names it: equal digests, equal lessons."""
        total = hashlib.sha256(repr(self.labels).encode())
        for name, part in sorted(self.parts.items()):
            total.update(name.encode() + part.digits.tobytes() + part.targets.tobytes())
        return total.hexdigest()


def primer(place: Path, seed: int, watch: Watch) -> Primer:
    """Everything at that place, divided. UsageError when there are no digits of two kinds."""
    if not place.exists():
        raise UsageError(f"There is nothing at {place}.", hint=f"{SHIPPED} Or a folder for each digit.")
    found = pairs(place)
    if found:
        return shipped(place, {pair.name: pair for pair in found}, seed)
    if place.is_file():
        raise UsageError(f"{place} is no idx file of pictures with its labels beside it.", hint=SHIPPED)
    return drawn(place, seed, watch)


def shipped(place: Path, found: Mapping[str, Pair], seed: int) -> Primer:
    """From idx files; what is called as MNIST calls its test set is that, if there is another."""
    several = {name: of_pair(pair) for name, pair in found.items()}
    test = several.pop(TESTED) if len(several) > 1 and TESTED in several else None
    return divided(place, joined(list(several.values())), seed, test)


def of_pair(pair: Pair) -> Numerals:
    """The digits of one pair of files."""
    pictures, labels = read(pair)
    if len(labels) and labels.max() >= len(LABELS):
        raise UsageError(f"{pair.labels.name} has the label {labels.max()}; digits are from 0 to 9.", hint=SHIPPED)
    names = tuple(f"{LABELS[label]}/{pair.name}-{place:05}.png" for place, label in enumerate(labels))
    return Numerals(all_normalised(pictures), labels.astype(np.int64), names)


def drawn(place: Path, seed: int, watch: Watch) -> Primer:
    """From a folder for each digit, with drawings of any kind."""
    folders = [str(place / label) for label in LABELS if (place / label).is_dir()]
    if not folders:
        raise UsageError(f"{place} has no folder that is called as a digit.", hint=f"0 to 9; or {SHIPPED}")
    files = [pick.path for pick in picks(folders) if not pick.refusal]
    looked = digits_of(files, watch)
    names = [Path(file).relative_to(place).as_posix() for file in files]
    good = [turn for turn, digit in enumerate(looked) if not isinstance(digit, str)]
    digits = np.array([looked[turn] for turn in good], np.uint8).reshape(-1, SIDE, SIDE)
    targets = np.array([LABELS.index(names[turn].partition("/")[0]) for turn in good], np.int64)
    made = divided(place, Numerals(digits, targets, tuple(names[turn] for turn in good)), seed)
    refused = tuple((name, digit) for name, digit in zip(names, looked, strict=True) if isinstance(digit, str))
    return replace(made, drawn=True, refused=refused)


def digits_of(files: Sequence[str], watch: Watch) -> list[Grey | str]:
    """The digit that is drawn in each file, or why there is none."""
    looked: dict[int, Grey | str] = {}
    with Pool[int](eyes(LARGE, "whole")) as pool:
        for turn, file in enumerate(files):
            pool.submit(turn, absolute(file))
        while pool.busy:
            looked |= {turn: digit_of(sighted(answer)) for turn, answer in pool.heard()}
            watch(Step("Reading drawings", len(looked), len(files)))
    return [looked[turn] for turn in range(len(files))]


def digit_of(seen: Sight | Refusal) -> Grey | str:
    """The digit in a picture."""
    if isinstance(seen, Refusal):
        return seen.detail or seen.reason.value
    digit = normalised(seen.pixels)
    return digit if digit.any() else WHY


def divided(place: Path, whole: Numerals, seed: int, test: Numerals | None = None) -> Primer:
    """Train, validation and test, each digit in its share of each; what is there twice counts once."""
    single = whole[once(whole.digits, test.digits if test else whole.digits[:0])]
    present = sorted({*single.targets.tolist(), *(test.targets.tolist() if test else ())})
    if len(present) < 2:
        have = f"only {LABELS[present[0]]}" if present else "none"
        raise UsageError(
            f"A model tells digits apart, so it needs two kinds; at {place} there is {have}.", hint=SHIPPED
        )
    dice = np.random.default_rng([seed, len(single)])
    rest, held = parted(single.targets, 0.0 if test else TEST, dice)
    train, val = parted(single.targets[rest], VAL, dice)
    parts = {"train": single[rest[train]], "val": single[rest[val]], "test": test or single[held]}
    if thin := [name for name, part in parts.items() if not len(part)]:
        hint = "Ten of each digit are the least that makes sense; a hundred are better."
        raise UsageError(f"The {len(single)} digits of {place} leave none for {' and '.join(thin)}.", hint=hint)
    places = np.full(len(LABELS), -1)
    places[present] = np.arange(len(present))
    numbered = {name: replace(part, targets=places[part.targets]) for name, part in parts.items()}
    copies = len(whole) - len(single)
    notes = (f"{copies} digits were there twice, and counted once.",) if copies else ()
    return Primer(place, tuple(LABELS[each] for each in present), numbered, notes=notes)


def parted(targets: NDArray[np.int64], share: float, dice: np.random.Generator) -> tuple[Places, Places]:
    """Who stays and who is held back, the same share of each digit."""
    held = [
        dice.permutation(np.flatnonzero(targets == kind))[: round(share * int((targets == kind).sum()))]
        for kind in np.unique(targets)
    ]
    back = np.sort(np.concatenate(held)) if held else np.zeros(0, np.int64)
    return np.setdiff1d(np.arange(len(targets)), back), back


def once(digits: Grey, elsewhere: Grey) -> Places:
    """The first of each digit that is there several times, to the pixel; none that is also elsewhere."""
    held = {digit.tobytes() for digit in elsewhere}
    first: dict[bytes, int] = {}
    for place, digit in enumerate(digits):
        first.setdefault(digit.tobytes(), place)
    return np.array(sorted(place for digit, place in first.items() if digit not in held), np.int64)


def joined(several: list[Numerals]) -> Numerals:
    """All in one."""
    digits, targets = (np.concatenate([getattr(one, what) for one in several]) for what in ("digits", "targets"))
    return Numerals(digits, targets, tuple(name for one in several for name in one.names))
