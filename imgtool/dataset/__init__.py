"""A dataset is a folder: class folders with pictures, and `.imgtool/catalog.sqlite` with what a folder cannot say."""

from imgtool.dataset.changes import Change, Move, Moved, Remove
from imgtool.dataset.dataset import Dataset
from imgtool.dataset.decisions import (
    Arrival,
    Decision,
    Drop,
    Keep,
    KeptBefore,
    Past,
    Retract,
    SkippedBefore,
    Wait,
)
from imgtool.dataset.folders import clean

__all__ = [
    "Arrival",
    "Change",
    "Dataset",
    "Decision",
    "Drop",
    "Keep",
    "KeptBefore",
    "Move",
    "Moved",
    "Past",
    "Remove",
    "Retract",
    "SkippedBefore",
    "Wait",
    "clean",
]
