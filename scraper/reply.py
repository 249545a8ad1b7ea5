"""What a server said: a status, headers that may repeat, and (for pages) a bounded body."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Headers:
    """Header lines in order; names compare without case, and may come more than once."""

    lines: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Headers:
        """Headers with names in lower case."""
        return cls(tuple((name.lower(), value) for name, value in pairs))

    def get(self, name: str, default: str = "") -> str:
        """The first line of that name."""
        return next(iter(self.all(name)), default)

    def all(self, name: str) -> list[str]:
        """Every line of that name, in order."""
        wanted = name.lower()
        return [value for key, value in self.lines if key == wanted]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to one request, after redirects."""

    status: int
    url: str  # where the answer came from in the end
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""

    @property
    def text(self) -> str:
        """The body as text: UTF-8, with what does not fit replaced."""
        return self.body.decode("utf-8", "replace")
