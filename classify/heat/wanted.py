"""What heat is asked for: one name, against the others as far as they are likely."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from classify.nouns import Logits


def wanted(logits: Logits, number: int) -> NDArray[np.float32]:
    """How each logit counts: the slope of the name's log-odds.

    Softmax does not change when all logits rise together, and neither does this: what speaks for every name alike
    speaks for none.
    """
    others = np.delete(logits[0].astype(np.float64), number)
    shares = np.exp(others - others.max(initial=-np.inf))
    return np.insert(-shares / shares.sum(), number, 1.0)[None].astype(np.float32)


def level(heat: NDArray[np.float32]) -> NDArray[np.float32]:
    """From 0, what does not speak for it, to 1, the place that does most."""
    above = np.maximum(heat, 0)
    most = above.max()
    return above / most if most > 0 else above
