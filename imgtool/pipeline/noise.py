"""`noise`: wrong labels, strangers and shortcuts, each picture judged by models that never saw it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from classify import nouns
from classify.nouns import Recipe
from curate.split import folds
from imgtool.dataset import Change, Dataset, Move, Noticed, Remove, Verdict
from imgtool.errors import UsageError
from imgtool.pipeline.doubts import CHECKS, LABEL, STRANGER, Asked, classes_of, examples, likely, notes, said
from imgtool.pipeline.families import related, together
from imgtool.pipeline.opened import Watch, Where, held, opened, unwatched
from imgtool.records import Finding, Refusal

if TYPE_CHECKING:
    from classify.noise import Shortcut

FOLDS = 5
LEAST = 10  # pictures: two in each fold


@dataclass(frozen=True, slots=True)
class Doubted:
    """What `noise` found, and what it did."""

    root: Path
    counts: Mapping[str, int]  # class → pictures
    findings: tuple[Finding, ...]  # the most suspicious first
    shortcuts: tuple[Shortcut, ...]  # their targets are places in `counts`
    confirmed: float  # share of the labels that other pictures confirm
    refused: Mapping[str, Refusal]  # pictures that could not be read now, by path
    notes: tuple[str, ...]
    looked: int  # decoded for the first time
    noticed: Noticed
    wishes: tuple[Remove | Move, ...] = ()  # what would clean the set; done or (without `apply`) not
    change: Change | None = None

    @property
    def by_check(self) -> dict[str, int]:
        """How many of each check, in the order of the checks."""
        counts = Counter(finding.check for finding in self.findings)
        return {name: counts[name] for name in CHECKS if counts[name]}

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes, by the numbers that shortcuts give them."""
        return tuple(self.counts)

    def _repr_html_(self) -> str:
        from imgtool.pipeline.notebook import doubted

        return doubted(self)


def noise(
    data: Where,
    *,
    recipe: Recipe = Recipe(),  # noqa: B008  # frozen
    apply: bool = False,
    seed: int = 0,
    watch: Watch = unwatched,
    step: nouns.Watch = nouns.unwatched,
) -> Doubted:
    """Pictures whose label is probably wrong, that belong to no class, or that stand for a shortcut.

    What is found is written down for `review`. With `apply`, strangers leave the set and wrong labels are put right, as
    one change. Pictures that a person has decided on are left alone.
    """
    from classify.noise import shortcuts, suspect, traits
    from imgtool.pipeline.embedded import embedded
    from imgtool.pipeline.shown import Look, views

    asked = ask(data, seed, watch)
    told = embedded(asked.root, views(asked.entries), recipe, Look(0), watch=step)
    entries = tuple(view.entry for view in told.views)
    enough(len(entries), f"{asked.root}, of those that can be read,")
    seen = classes_of(asked, entries)
    step(nouns.Step("Comparing labels"))
    suspected = suspect(told.features, seen.targets, seen.folds, seen.count)
    every = classes_of(asked, asked.entries)
    table = traits(asked.entries, asked.sources)
    cuts = tuple(shortcuts(table, every))
    found = [*said(asked, entries, suspected), *examples(asked, cuts, table)]
    findings = tuple(sorted(found, key=lambda each: (-each.score, CHECKS.index(each.check), each.path)))
    wishes, change = settle(data, findings, likely(asked, entries, suspected), apply=apply)
    counts = Counter(entry.label for entry in asked.entries)
    return Doubted(
        asked.root,
        {label: counts[label] for label in asked.labels},
        findings,
        cuts,
        suspected.confirmed,
        told.refused,
        (*filter(None, [told.note]), *notes(asked, suspected)),
        asked.looked,
        asked.noticed,
        wishes,
        change,
    )


def ask(data: Where, seed: int, watch: Watch) -> Asked:
    """The dataset's pictures in folds that tear no twins apart; UsageError when there are too few."""
    with opened(data, watch) as ready:
        dataset = ready.dataset
        entries = tuple(dataset.entries())
        enough(len(entries), str(dataset.root))
        where = folds(entries, together(related(dataset, entries)), FOLDS, seed).where
        return Asked(dataset.root, entries, where, dataset.sources(), settled(dataset), ready.looked, ready.noticed)


def enough(count: int, where: str) -> None:
    """UsageError unless there is something to compare with."""
    if count < LEAST:
        hint = "Collect more with `imgtool scrape CLASS`."
        raise UsageError(
            f"Pictures are compared with one another: {LEAST} are the least, {where} has {count}.", hint=hint
        )


def settled(dataset: Dataset) -> frozenset[tuple[str, str]]:
    """What people have said: this picture is right in this class."""
    said = dataset.decided()
    kept = {(each.sha256, each.label) for each in said if each.verdict is Verdict.KEEP}
    return frozenset(kept | {(each.sha256, each.target) for each in said if each.verdict is Verdict.MOVE})


def settle(
    data: Where, findings: Sequence[Finding], target: Mapping[str, str], *, apply: bool
) -> tuple[tuple[Remove | Move, ...], Change | None]:
    """Write the findings down; what would clean the set, and the change if it was to be made."""
    with held(data) as ready:
        dataset = ready.dataset
        dataset.save_findings("noise", findings)
        wishes = tuple(cleaned(dataset, findings, target))
        return wishes, dataset.change("noise", wishes) if wishes and apply else None


def cleaned(dataset: Dataset, findings: Sequence[Finding], target: Mapping[str, str]) -> Iterator[Remove | Move]:
    """Strangers out, wrong labels to the class that they look like."""
    for finding in findings:
        if finding.check == STRANGER:
            yield Remove(finding.path, STRANGER, finding.detail)
        elif finding.check == LABEL:
            label = target[finding.path]
            place = f"{dataset.folder(label)}/{PurePosixPath(finding.path).name}"
            yield Move(finding.path, place, label, LABEL, finding.detail)
