"""Rectangles in pictures: how far they overlap, which are the same, and which anchors stand for which.

A box is four numbers, left, top, right and bottom, in pixels from the upper left corner; boxes are rows of an array.

geometry  overlaps and distances    choice  the best of those that overlap    anchors  what a detector begins with
"""

from curate.boxes.anchors import Assigned, anchors, assigned
from curate.boxes.choice import best
from curate.boxes.geometry import Boxes, area, boxes, clipped, diou, giou, iou

__all__ = ["Assigned", "Boxes", "anchors", "area", "assigned", "best", "boxes", "clipped", "diou", "giou", "iou"]
