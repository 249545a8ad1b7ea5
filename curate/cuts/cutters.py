"""The pool that cuts pictures: an order a picture, its pieces back."""

from __future__ import annotations

from dataclasses import astuple, dataclass

from curate.cuts.nouns import Cut, Piece, Truth, Wish
from curate.team import Rules
from curate.wire import to_verdict
from imgtool.records import Picture, Reason, Refusal

PATIENCE = 60.0  # s for one picture: proposals take one, and forty pieces of a large picture as long


@dataclass(frozen=True, slots=True)
class Order:
    """A picture to be cut."""

    path: str  # absolute
    sha256: str  # of what it was when it was looked at
    truths: tuple[Truth, ...]
    negatives: bool = True

    def plain(self) -> tuple[object, ...]:
        """As a pool can say it."""
        return self.path, self.sha256, tuple(astuple(truth) for truth in self.truths), self.negatives


def cutters(wish: Wish, workers: int = 0) -> Rules:
    """The pool."""
    return Rules("curate.darkroom.cutter", astuple(wish), workers, PATIENCE)


def pieces(answer: object) -> list[Piece] | Refusal:
    """What a cutter has said."""
    if isinstance(answer, Refusal):
        return answer
    if isinstance(answer, tuple):
        return Refusal(Reason(answer[0]), answer[1])
    assert isinstance(answer, list)
    return [piece(*values) for values in answer]


def piece(cut: tuple[object, ...], data: bytes, values: object) -> Piece:
    """One of them."""
    picture = to_verdict(values)
    assert isinstance(picture, Picture)
    return Piece(Cut(*cut), data, picture)  # type: ignore[arg-type]  # as `cutter` has packed them
