"""What a network is made of, and what it does with one picture: for people who want to see it.

kinds    what each kind of layer does, in a sentence, and the lesson behind it
layers   a network's layers with their shapes, numbers and multiplications
stages   these folded: what prepares the pixels, the blocks, the features, the head
first    its first filters, and one of their sums worked out
maps     what the blocks answer to a picture: of each a few maps
"""

from classify.insight.first import Filter, Filters, Worked
from classify.insight.inside import Insight, insight
from classify.insight.kinds import LESSONS, Kind, Lesson
from classify.insight.layers import Layer
from classify.insight.maps import Map, Maps
from classify.insight.stages import Stage, stages

__all__ = [
    "LESSONS",
    "Filter",
    "Filters",
    "Insight",
    "Kind",
    "Layer",
    "Lesson",
    "Map",
    "Maps",
    "Stage",
    "Worked",
    "insight",
    "stages",
]
