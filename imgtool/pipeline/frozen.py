"""A head on what a frozen backbone sees: features once, the head in seconds, and what folds and curves say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from classify.backbones import Built, build
from classify.heads import Head, fit
from classify.heads.folds import folds as divided
from classify.nouns import Answers, Learning, Watch
from classify.scores import Folds, Rate, across
from imgtool.errors import UsageError
from imgtool.pipeline.clock import Clock
from imgtool.pipeline.embedded import Embedded, embedded
from imgtool.pipeline.material import TRAIN, VAL, Material
from imgtool.pipeline.parts import Part, part, weights
from imgtool.pipeline.shown import NONE, Look, views
from imgtool.pipeline.stained import compared
from imgtool.records import Entry, Refusal

HEAVY = frozenset({"vgg16", "vgg19", "resnet50", "inception_v3", "convnext_tiny"})  # over 3 GFLOP a picture
MANY = 500  # training pictures from which eight bits repay the seconds that making and proving them takes


@dataclass(frozen=True, slots=True)
class Frozen:
    """A backbone, the head behind it, and what both say."""

    built: Built
    digest: str  # of the features
    head: Head
    parts: Mapping[str, Part]
    refused: Mapping[str, Refusal]
    folds: Folds | None
    compared: Mapping[str, Rate]  # other heads, on the same test pictures
    notes: tuple[str, ...]

    def answers(self) -> dict[str, Answers]:
        """Of the pictures themselves."""
        plain = {name: part.plain() for name, part in self.parts.items()}
        return {name: Answers(self.head.logits(part.features), part.features) for name, part in plain.items()}

    def entries(self) -> dict[str, tuple[Entry, ...]]:
        """The pictures that `answers` are about."""
        return {name: part.plain().entries for name, part in self.parts.items()}


def frozen(found: Material, asked: Learning, watch: Watch, clock: Clock) -> Frozen:
    """All of it."""
    with clock("Looking with the backbone"):
        seen = looked(found, asked, watch)
        parts = {name: part(name, found, seen) for name, has in found.parts.items() if has}
    refused = {path: why for each in seen for path, why in each.refused.items()}
    for name in (TRAIN, VAL):
        if not len(parts[name].targets):
            raise UsageError(f"No picture of {name} can be read.", hint="`imgtool check` says what is wrong with them.")
    with clock("Learning the head"):
        head = learned(found, asked, parts[TRAIN], parts[VAL], watch)
    folds = None
    if asked.kfold:
        with clock("Learning folds"):
            folds = folded(found, asked, list(parts.values()), watch)
    others = compared(found, asked, parts, watch)
    built = build(asked.recipe)
    notes = tuple(dict.fromkeys(filter(None, (*(each.note for each in seen), built.note))))
    read = {name: each for name, each in parts.items() if len(each.targets)}
    return Frozen(built, built.digest, head, read, refused, folds, others, notes)


def looked(found: Material, asked: Learning, watch: Watch) -> list[Embedded]:
    """The features of everything; with eight bits only where there is much to learn from, for what judges is exact."""
    train, rest = found.part(TRAIN), [entry for name, part in found.parts.items() if name != TRAIN for entry in part]
    copies = 0 if asked.augment == NONE else asked.views
    lots = [(views(train, copies), True), (views(rest), False)]
    quick = asked.quick and asked.recipe.backbone in HEAVY and len(lots[0][0]) >= MANY
    if not quick:
        lots = [(lots[0][0] + lots[1][0], False)]
    look = Look(0, asked.augment, asked.seed, asked.no_flip)
    return [embedded(found.root, lot, asked.recipe, look, quick=fast, watch=watch) for lot, fast in lots]


def learned(found: Material, asked: Learning, train: Part, val: Part, watch: Watch) -> Head:
    """The head, stopped and chosen by the validation pictures."""
    return fit(
        asked.head,
        train.features,
        train.targets,
        len(found.labels),
        weights=weights(asked, train.targets, len(found.labels)),
        groups=found.units_of(train.entries),
        val=(val.features, val.targets),
        learning=asked,
        watch=watch,
    )


def folded(found: Material, asked: Learning, parts: list[Part], watch: Watch) -> Folds:
    """The accuracy of heads that learn from all other folds, every picture asked once."""
    features = np.concatenate([part.plain().features for part in parts])
    targets = np.concatenate([part.plain().targets for part in parts])
    groups = np.array([number for part in parts for number in found.units_of(part.plain().entries)])
    where = divided(targets, groups, asked.kfold, asked.seed)
    rates = []
    for fold in range(asked.kfold):
        rest, held = where != fold, where == fold
        if not held.any() or len(np.unique(targets[rest])) < 2:
            continue
        taught = weights(asked, targets[rest], len(found.labels))
        head = fit(
            asked.head, features[rest], targets[rest], len(found.labels), weights=taught, groups=list(groups[rest]),
            learning=asked, watch=watch,
        )  # fmt: skip
        rates.append(Rate(int((head.logits(features[held]).argmax(axis=1) == targets[held]).sum()), int(held.sum())))
    return across(rates)
