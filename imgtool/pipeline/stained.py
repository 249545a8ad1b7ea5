"""A model of the set as it was before it was cleaned, asked about the same clean test pictures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from classify.heads import fit
from classify.nouns import Features, Learning, Targets, Watch
from classify.scores import Rate
from imgtool.pipeline.embedded import embedded
from imgtool.pipeline.material import TEST, TRAIN, VAL, Material
from imgtool.pipeline.parts import Part, numbered, weights
from imgtool.pipeline.shown import Look, views

BEFORE = "before cleaning"


def compared(found: Material, asked: Learning, parts: Mapping[str, Part], watch: Watch) -> dict[str, Rate]:
    """What cleaning was worth; nothing where nobody cleaned, or where there is no test picture."""
    if not found.stains or TEST not in parts or not len(parts[TEST].targets):
        return {}
    train, val, test = (parts[name].plain() for name in (TRAIN, VAL, TEST))
    features, targets = joined(train, stained(found, asked, watch))
    classes = len(found.labels)
    head = fit(
        asked.head,
        features,
        targets,
        classes,
        weights=weights(asked, targets, classes),
        val=(val.features, val.targets),
        learning=asked,
        watch=watch,
    )
    right = head.logits(test.features).argmax(axis=1) == test.targets
    return {BEFORE: Rate(int(right.sum()), len(right))}


def stained(found: Material, asked: Learning, watch: Watch) -> Part:
    """The pictures that were wrong, under their old labels."""
    seen = embedded(found.root, views(found.stains), asked.recipe, Look(0), watch=watch)
    entries = tuple(view.entry for view in seen.views)
    return Part(entries, np.zeros(len(entries), np.int64), seen.features, numbered(entries, found.labels))


def joined(train: Part, dirt: Part) -> tuple[Features, Targets]:
    """The training pictures with the wrong ones among them; one that was put right is wrong again."""
    wrong = {entry.picture.sha256 for entry in dirt.entries}
    kept = np.array([entry.picture.sha256 not in wrong for entry in train.entries], bool)
    if not len(dirt.entries):
        return train.features, train.targets
    features = np.concatenate([train.features[kept], dirt.features])
    return features, np.concatenate([train.targets[kept], dirt.targets])
