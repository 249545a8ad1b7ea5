"""A dataset is a folder: class folders with pictures, and `.imgtool/catalog.sqlite` with what a folder cannot say."""

from imgtool.dataset.census import Census
from imgtool.dataset.changes import Change, Move, Moved, Remove
from imgtool.dataset.contents import contents
from imgtool.dataset.crops import Crop, configs, sources
from imgtool.dataset.dataset import Dataset
from imgtool.dataset.decided import Decided, Verdict
from imgtool.dataset.decisions import (
    Arrival,
    Decision,
    Drop,
    Keep,
    KeptBefore,
    Past,
    Retract,
    SkippedBefore,
    Teach,
    Wait,
)
from imgtool.dataset.folders import clean
from imgtool.dataset.previews import preview, put_preview
from imgtool.dataset.reconcile import Noticed
from imgtool.dataset.shelf import Item, Shelf, Step

__all__ = [
    "Arrival",
    "Census",
    "Change",
    "Crop",
    "Dataset",
    "Decided",
    "Decision",
    "Drop",
    "Item",
    "Keep",
    "KeptBefore",
    "Move",
    "Moved",
    "Noticed",
    "Past",
    "Remove",
    "Retract",
    "Shelf",
    "SkippedBefore",
    "Step",
    "Teach",
    "Verdict",
    "Wait",
    "clean",
    "configs",
    "contents",
    "preview",
    "put_preview",
    "sources",
]
