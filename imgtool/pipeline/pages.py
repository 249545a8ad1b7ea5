"""Result pages that were read before, kept in the dataset: a second run asks no engine twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from imgtool.dataset import Dataset

YOUNG = timedelta(days=1)  # engines' answers drift; after a day they are asked again


@dataclass(frozen=True, slots=True)
class Pages:
    """The memory that `scraper.search` asks before it asks an engine."""

    dataset: Dataset
    refresh: bool = False

    def recall(self, key: str) -> bytes | None:
        """A page of today."""
        since = datetime.now(UTC) - YOUNG
        return None if self.refresh else self.dataset.page(key, since.isoformat("T", "seconds"))

    def store(self, key: str, body: bytes) -> None:
        """Keep it."""
        self.dataset.save_page(key, body)
