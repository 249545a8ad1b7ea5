"""The table of checks: what each measures, where suspicion begins, where it is certain, and why there.

Unless a line says otherwise, 1 of 200 of 3,604 real photographs lies beyond `at`, and none beyond `sure`
(cats_dogs, caltech101_subset, bears_raw). docs/quality.md has the quantiles and what is found;
benchmarks/quality_thresholds.py measures both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from curate import views
from curate.views import View


@dataclass(frozen=True, slots=True)
class Check:
    """A measure with two thresholds; it looks downwards when `sure` is below `at`."""

    name: str
    measure: Callable[[View], float]
    at: float  # suspicion begins: score 0.5
    sure: float  # score 1.0
    says: str  # the finding's detail, given `value`
    of_looks: bool = True  # nothing more is said of a blank picture's looks

    def score(self, value: float) -> float:
        """Suspicion from 0.5 to 1; 0 for none."""
        depth = (value - self.at) / (self.sure - self.at)
        return 0.5 + 0.5 * min(depth, 1.0) if depth >= 0 else 0.0


BLANK = Check(
    # All of 360 drawn blanks (flat, noise, soft light) have less than 16, plain ones less than 7; no photograph
    # has less than 89.
    "blank",
    views.contrast,
    16.0,
    7.0,
    "hardly anything to see: contrast {value:.0f} of 255",
)

CHECKS: tuple[Check, ...] = (
    BLANK,
    Check("dark", views.brightest, 130.0, 95.0, "no light in it: 99 % is darker than {value:.0f} of 255"),
    Check("bright", views.shadows, 164.0, 186.0, "no shadow in it: the darkest quarter is {value:.0f} of 255"),
    Check("low_information", views.levels, 102.0, 71.0, "few tones, like a card or a drawing: {value:.0f} greys"),
    # Measured on hashed pixels of 80 px and more (curate.pixels.scaled.ENOUGH): measure again when that changes.
    Check("blurred", views.fineness, 0.77, 0.26, "few fine edges for its contrast: {value:.2f}"),
    Check("tiny", views.narrow, 98.0, 33.0, "shorter side {value:.0f} px", of_looks=False),
    Check("shape", views.aspect, 2.65, 5.9, "{value:.1f} times as long as wide", of_looks=False),
    # Not measured, for no set here comes with its URLs: 3 is what a scrape takes for many, and a photograph
    # that agencies pass on may well be found at 3 addresses, at 10 hardly.
    Check("placeholder", views.addresses, 3.0, 10.0, "the same file under {value:.0f} addresses", of_looks=False),
)
