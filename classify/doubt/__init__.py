"""When a model says "not sure": pictures unlike anything it learnt, and pictures between two classes.

    strangeness = Strangeness.fit(features, targets, groups)      # from training pictures
    doubt = thresholds(answers, targets, strangeness)             # from validation pictures
    judge(answers, card, strangeness)                             # of any

`doubt` also tells what doubting costs. NumPy alone: predicting needs nothing that takes seconds to start.
"""

from __future__ import annotations

from classify.doubt.judging import judge
from classify.doubt.strangeness import Strangeness
from classify.doubt.thresholds import Cost, Doubt, auroc, thresholds

__all__ = ["Cost", "Doubt", "Strangeness", "auroc", "judge", "thresholds"]
