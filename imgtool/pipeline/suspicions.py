"""What in a dataset a person should look at: twins, conflicts and findings, as the curating verbs see them."""

from __future__ import annotations

from curate.quality import findings
from curate.twins import find
from imgtool.dataset import Dataset
from imgtool.pipeline.agenda import Suspicions


def suspicions(dataset: Dataset) -> Suspicions:
    """Everything suspicious; from the catalogue alone, no picture is decoded."""
    entries = list(dataset.entries())
    twins = find(entries)
    return Suspicions(twins.groups, twins.conflicts, findings(entries, dataset.addresses()))
