"""Pictures by the shard: which go into which file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from curate.export.plan import Brief
from curate.export.studio import Print, Studio


@dataclass(frozen=True, slots=True)
class Shard:
    """Some of a split's pictures, and which of its files they are."""

    split: str
    number: int
    of: int
    prints: Iterator[Print]

    def name(self, extension: str) -> str:
        """As Hugging Face and TensorFlow Datasets name theirs."""
        return f"{self.split}-{self.number:05}-of-{self.of:05}.{extension}"


def shards(brief: Brief, studio: Studio) -> Iterator[Shard]:
    """Every shard in order; one has to be read to its end before the next is taken."""
    each = brief.options.shard
    made = studio.prints(brief.plan.units)
    for split in brief.plan.splits:
        size = brief.plan.size(split)
        count = -(-size // each)
        for number in range(count):
            yield Shard(split, number, count, islice(made, min(each, size - number * each)))
    for _ in made:  # its end: all workers have gone home
        pass
