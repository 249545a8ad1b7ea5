"""The demo's second act: a set that was saved without looking, cleaned by the verbs that people use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from imgtool.demo.hoard import Score, hoard
from imgtool.demo.world import World
from imgtool.pipeline.check import check
from imgtool.pipeline.dedupe import dedupe
from imgtool.pipeline.export import export
from imgtool.pipeline.split import split


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What was saved, what is left, and what it is good for now."""

    files: int  # as saved
    left: int
    score: Score
    splits: dict[str, int]  # pictures in each
    leaks: int
    exported: int  # pictures in data.npz


def clean(world: World, originals: int = 40) -> Cleaned:
    """Check, dedupe, split and export, as in the README, in a folder that vanishes afterwards."""
    from curate.export import ExportOptions

    with TemporaryDirectory(prefix="imgtool-demo-") as room:
        raw = hoard(world, Path(room) / "raw", originals)
        check(raw.root, remove=["broken"])
        dedupe(raw.root)
        score = raw.score()
        divided = split(raw.root)
        counts = {name: sum(classes.values()) for name, classes in divided.counts.items()}
        sent = export(raw.root, ExportOptions("npz", size=64), Path(room) / "npz")
        exported = sum(sum(classes.values()) for classes in sent.exported.counts.values())
        return Cleaned(len(raw.truth), sum(counts.values()), score, counts, len(divided.leaks), exported)
