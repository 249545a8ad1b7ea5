"""Boxes of another program, made in that program's own environment: `benchmarks/proposals.py` starts this.

python benchmarks/proposals_peer.py WAY PICTURES.npz BOXES.npz
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

Way = Callable[[Any], Any]  # RGB → rows of left, top, right, bottom


def selectivesearch(**settings: float) -> Way:
    """The package of that name."""

    def found(pixels: Any) -> Any:
        from selectivesearch import selective_search

        rects = [region["rect"] for region in selective_search(pixels, **settings)[1]]
        return [(x, y, x + w, y + h) for x, y, w, h in dict.fromkeys(rects)]

    return found


def contrib() -> Way:
    """OpenCV's contributed module."""

    def found(pixels: Any) -> Any:
        import cv2

        cv2.setNumThreads(1)
        search = cv2.ximgproc.segmentation.createSelectiveSearchSegmentation()
        search.setBaseImage(np.ascontiguousarray(pixels[..., ::-1]))
        search.switchToSelectiveSearchFast()
        return [(x, y, x + w, y + h) for x, y, w, h in search.process().tolist()]

    return found


WAYS = {
    "selectivesearch, its defaults": selectivesearch(),
    "selectivesearch, its README": selectivesearch(scale=500, sigma=0.9, min_size=10),
    "OpenCV contrib, fast": contrib(),
}


def main(way: str, pictures: str, boxes: str) -> None:
    warnings.simplefilter("ignore")  # skimage's, on floats that the package gives it
    search, kept = WAYS[way], {}
    with np.load(pictures) as given:
        for name in given.files:
            pixels, start = given[name], time.process_time()
            rows = np.array(search(pixels), np.float64).reshape(-1, 4)
            kept[f"{name} boxes"], kept[f"{name} seconds"] = rows, time.process_time() - start
    np.savez(boxes, **kept)


if __name__ == "__main__":
    main(*sys.argv[1:])
