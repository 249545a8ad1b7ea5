"""What one picture is to a model, as one page with everything inside: no other file, no network, no script.

put(Path("photo-explained.html"), page(told), MARK)
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from classify.insight import LESSONS
from imgtool.pipeline.graph import Net
from imgtool.web.album import plain
from imgtool.web.figured import Figure, colours, jpeg_url, mapped, photo, tinted, warm
from imgtool.web.figures import percent
from imgtool.web.graph.layers import blocks, colour, large, shape
from imgtool.web.graph.sheet import Sheet
from imgtool.web.page import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from classify.insight import Filters, Insight, Kind, Maps, Worked
    from imgtool.pipeline.explain import Explained, Hot

MARK = '<meta name="generator" content="imgtool explain">'
SUMMED = 3  # px: of larger filters a sum has too many numbers to be read


@dataclass(frozen=True, slots=True)
class Shown:
    """A layer's maps as a page shows them."""

    maps: Maps
    figures: tuple[Figure, ...]
    says: str  # what the block is made of; "" where it was said before
    fresh: tuple[Kind, ...]  # kinds of layers that the page has not explained yet


@dataclass(frozen=True, slots=True)
class Sum:
    """One channel of a sum: numbers of the picture, of the filter, and what they come to."""

    name: str
    beneath: Sequence[Sequence[float]]
    weights: Sequence[Sequence[float]]
    total: float


def page(told: Explained) -> str:
    """All of it."""
    seen = told.look
    return TEMPLATES.get_template("explained/page.html").render(
        told=told,
        said=seen.said,
        why=seen.why,
        picture=photo(seen.pixels),
        heats=[Figure(warm(told.shown, hot.heat), heated(hot)) for hot in told.heats],
        given=photo(told.shown),
        frame=framed(told),
        grid=told.patch.pixels.tolist(),
        colours=colours(told.shown),
        filters=told.insight.filters,
        pairs=paired(told.insight.filters),
        sums=summed(told.insight.filters.worked) if told.insight.filters else [],
        shown=list(blocked(told.insight)),
        neighbours=[Figure(jpeg_url(n.thumb), f"{plain(n.label)} {n.likeness:.2f}") for n in seen.why.nearest],
        layers=layers(told),
        lessons=LESSONS,
        mark=MARK,
        plain=plain,
        percent=percent,
        large=large,
        shape=shape,
        colour=colour,
        name=lambda path: plain(PurePath(path).name or path),
    )


def heated(hot: Hot) -> str:
    """What stands below the picture of where a name was seen."""
    return f"{plain(hot.label)} {percent(hot.share)}{'' if hot.heat is not None else ': no place speaks for it'}"


def layers(told: Explained) -> str:
    """The drawing of its layers; every word in it is escaped there."""
    sheet = Sheet()
    blocks(sheet, Net(PurePath(told.model).name, told.card, told.insight.stages))
    return sheet.svg("The layers of the model", "The same as the table below.")


def blocked(inner: Insight) -> Iterator[Shown]:
    """Each layer's maps, with what is new in its block."""
    parts, known = {stage.name: stage for stage in inner.stages}, set[str]()
    last = ""
    for maps in inner.maps:
        stage = parts[maps.stage]
        kinds = {layer.kind.name: layer.kind for layer in stage.layers if layer.kind.name not in known}
        yield Shown(maps, drawn(maps), stage.says if stage.name != last else "", tuple(kinds.values()))
        known |= set(kinds)
        last = stage.name


def framed(told: Explained) -> dict[str, float]:
    """Where the patch is, in hundredths of the picture."""
    rows, columns = told.shown.shape[:2]
    height, width = told.patch.pixels.shape[:2]
    return {
        "top": 100 * told.patch.top / rows,
        "left": 100 * told.patch.left / columns,
        "height": 100 * height / rows,
        "width": 100 * width / columns,
    }


def drawn(maps: Maps) -> tuple[Figure, ...]:
    """Each of the chosen maps."""
    return tuple(mapped(one.values, f"map {one.number + 1}") for one in maps.chosen)


def paired(filters: Filters | None) -> list[tuple[Figure, Figure]]:
    """Each first filter beside its map."""
    if filters is None:
        return []
    return [
        (Figure(photo(tinted(one)), f"filter {one.number + 1}", sharp=True), mapped(one.values, "its map"))
        for one in filters.chosen
    ]


def summed(worked: Worked) -> list[Sum]:
    """The sum, channel by channel; none of filters with too many numbers."""
    if max(worked.weights.shape[:2]) > SUMMED:
        return []
    channels = worked.weights.shape[-1]
    return [
        Sum(
            f"channel {n + 1} of {channels}",
            rounded(worked.beneath[..., n]),
            rounded(worked.weights[..., n]),
            float((worked.beneath[..., n].astype(np.float64) * worked.weights[..., n]).sum()),
        )
        for n in range(channels)
    ]


def rounded(numbers: NDArray[np.float32]) -> Sequence[Sequence[float]]:
    """Numbers as lists."""
    return [[float(each) for each in row] for row in numbers]
