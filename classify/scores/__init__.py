"""How good a model is, counted on pictures it never learnt from, with what the counts prove.

scores = score(probabilities, targets, ("cat", "dog"), sure)
scores.accuracy.share, scores.accuracy.interval
"""

from classify.scores.folds import Folds, across
from classify.scores.near import Near, nearest
from classify.scores.rate import Rate, wilson
from classify.scores.score import ClassScore, Mistake, Scores, confusion, score
from classify.scores.silence import Answering, Silence, answering, silence
from classify.scores.trust import Calibration, calibrated

__all__ = [
    "Answering",
    "Calibration",
    "ClassScore",
    "Folds",
    "Mistake",
    "Near",
    "Rate",
    "Scores",
    "Silence",
    "across",
    "answering",
    "calibrated",
    "confusion",
    "nearest",
    "score",
    "silence",
    "wilson",
]
