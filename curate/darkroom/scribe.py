"""The writing worker, as its own process: a file and a caption in, a new file out. Started by `curate.team`."""

from __future__ import annotations

from curate.admit import contents
from curate.caption import Caption
from curate.darkroom.hand import plain
from curate.darkroom.render import LENIENT
from curate.pixels import Pixels
from curate.pixels.canvas import resized
from curate.pixels.caption import MOST, captioned, filed
from curate.pixels.encode import BECOMES
from curate.pixels.whole import whole
from curate.worker import Answer, work
from imgtool.records import Refusal

SMALL = 256  # px: shorter pictures are enlarged to be looked at


def prepare(_: object) -> Answer:
    """What answers a path with its caption."""
    return written


def written(order: object) -> tuple[object, ...]:
    """The file's bytes and what they are; or why there are none."""
    assert isinstance(order, tuple)
    path, *values = order
    data = contents(path, LENIENT.max_bytes)
    found = data if isinstance(data, Refusal) else whole(data, LENIENT, bounded)
    if isinstance(found, Refusal):
        return plain(found)
    kind = BECOMES[found.format]
    return filed(captioned(sized(found.pixels), Caption(*values)), kind), kind, ""


def sized(pixels: Pixels) -> Pixels:
    """As large as it is looked at."""
    height, width = pixels.shape[:2]
    return resized(pixels, *bounded(width, height))


def bounded(width: int, height: int) -> tuple[int, int]:
    """The size at which a picture is shown: its own, unless that is too large or too small to look at."""
    longest = max(width, height)
    wanted = min(max(longest, SMALL), MOST)
    return max(1, round(width * wanted / longest)), max(1, round(height * wanted / longest))


if __name__ == "__main__":
    work(prepare)
