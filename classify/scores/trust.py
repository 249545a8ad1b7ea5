"""Whether a probability means what it says, with and without the temperature found on other pictures."""

from __future__ import annotations

from dataclasses import dataclass

from classify.calibrate import Bin, ece, probabilities, reliability
from classify.nouns import Logits, Targets


@dataclass(frozen=True, slots=True)
class Calibration:
    """The same answers as the network gave them, and as they are told."""

    temperature: float
    before: float  # expected calibration error
    after: float
    raw: tuple[Bin, ...]  # before
    bins: tuple[Bin, ...]  # after


def calibrated(logits: Logits, targets: Targets, temperature: float) -> Calibration:
    """Both sides of a temperature."""
    raw, warm = probabilities(logits), probabilities(logits, temperature)
    return Calibration(
        temperature, ece(raw, targets), ece(warm, targets), reliability(raw, targets), reliability(warm, targets)
    )
