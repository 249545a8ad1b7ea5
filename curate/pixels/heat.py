"""Heat over a picture: a small grid of numbers as colours that grow lighter as they grow, clear where it is cold."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from curate.pixels import Pixels

Heat = NDArray[np.float32]  # 0 to 1, by rows and columns

MAP = cv2.COLORMAP_INFERNO  # as light as the number is large, for every eye (van der Walt & Smith 2015)
COVER = 0.7  # of the picture under the hottest place
SIDE = 256  # px: what comes of a few numbers has no finer lines


def png(heat: Heat, width: int, height: int) -> bytes:
    """A PNG with transparency in that shape, to be laid over a picture of it."""
    scale = SIDE / max(width, height)
    across, down = max(1, round(width * scale)), max(1, round(height * scale))
    smooth = spread(heat, across, down)
    clear = (smooth * COVER * 255).round().astype(np.uint8)
    return bytes(cv2.imencode(".png", np.dstack([coloured(smooth)[..., ::-1], clear]))[1])


def over(pixels: Pixels, heat: Heat) -> Pixels:
    """The picture under its heat."""
    height, width = pixels.shape[:2]
    smooth = spread(heat, width, height)
    share = (smooth * COVER)[..., None]
    return np.asarray(pixels * (1 - share) + coloured(smooth) * share).round().astype(np.uint8)


def spread(heat: Heat, width: int, height: int) -> Heat:
    """At that size, without edges between its numbers."""
    grown = cv2.resize(heat.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(grown, 0, 1)


def coloured(heat: Heat) -> Pixels:
    """As RGB."""
    return np.asarray(cv2.applyColorMap((heat * 255).round().astype(np.uint8), MAP)[..., ::-1], np.uint8)
