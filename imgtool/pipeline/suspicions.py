"""What in a dataset a person should look at: twins, conflicts and findings, as the curating verbs see them."""

from __future__ import annotations

from curate.quality import findings
from imgtool.dataset import Dataset
from imgtool.pipeline.agenda import Suspicions
from imgtool.pipeline.twins import twins


def suspicions(dataset: Dataset) -> Suspicions:
    """Everything suspicious; from the catalogue alone, no picture is decoded.

    Wrong labels and strangers are those that `noise` wrote down.
    """
    entries = list(dataset.entries())
    same = twins(dataset, entries)
    found = [*findings(entries, dataset.addresses()), *dataset.findings()]
    return Suspicions(same.groups, same.conflicts, found)
