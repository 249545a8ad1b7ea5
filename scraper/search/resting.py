"""Engines that refused us are left alone for a while, across runs; a small file remembers until when."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from scraper.engines.base import Verdict

# What peers survive with (engines.md §F): minutes after a rate limit, an hour after a captcha or a flat no.
# A shell or an old-browser page is no anger: it is asked again.
REST = {Verdict.RATE_LIMIT: 300.0, Verdict.CAPTCHA: 3600.0, Verdict.DENIED: 3600.0}


@dataclass(frozen=True, slots=True)
class Rests:
    """Who rests, by the engine's name and address."""

    file: Path

    def why(self, engine: str, base: str) -> str:
        """Why this engine is not asked now; "" if it may be."""
        until, verdict = self._read().get(f"{engine} {base}", (0.0, ""))
        left = until - time.time()
        if left > max(REST.values()):  # the clock was wrong then, or is now
            return ""
        return f"{verdict}; left alone for {left / 60:.0f} more minutes" if left > 0 else ""

    def lay_down(self, engine: str, base: str, verdict: Verdict) -> None:
        """This engine refused us just now."""
        if verdict not in REST:
            return
        rests = {name: rest for name, rest in self._read().items() if rest[0] > time.time()}
        rests[f"{engine} {base}"] = (time.time() + REST[verdict], verdict.value)
        with suppress(OSError):  # no room, no leave: it only ever saves a request
            self.file.parent.mkdir(parents=True, exist_ok=True)
            draft = self.file.with_suffix(".tmp")
            draft.write_text(json.dumps(rests))
            draft.replace(self.file)

    def _read(self) -> dict[str, tuple[float, str]]:
        try:
            raw = json.loads(self.file.read_text())
            return {str(name): (float(until), str(verdict)) for name, (until, verdict) in raw.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}  # absent or damaged: it only ever saves a request
