"""What is said of pictures, as values: names with probabilities, doubt with its reason, or why nothing is known."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from curate.caption import Caption, percent
from imgtool.records import Refusal

if TYPE_CHECKING:
    from curate.pixels import Pixels

QUALITY = 85  # of a notebook's pictures
SHOWN = 3  # names under a picture
CARD = "display:flex;gap:12px;align-items:flex-start;margin:0 0 12px"
METER = "display:inline-block;width:8em;vertical-align:middle;background:#8883;border-radius:3px"


@dataclass(frozen=True, slots=True)
class Prediction:
    """What is said of one picture."""

    picture: str  # as it was pointed at: a path, an address; "" for an array
    ranked: tuple[tuple[str, float], ...] = ()  # names and probabilities, the likeliest first
    sure: bool = False
    why: str = ""  # when not sure
    strangeness: float = 0.0
    refusal: Refusal | None = None  # why nothing is said
    saved: str = ""  # the file with its caption
    pixels: Pixels | None = field(default=None, repr=False, compare=False)  # small, to be looked at

    @property
    def label(self) -> str:
        """The likeliest name; "" when nothing is said."""
        return self.ranked[0][0] if self.ranked else ""

    @property
    def probability(self) -> float:
        """Of the likeliest name."""
        return self.ranked[0][1] if self.ranked else 0.0

    @property
    def caption(self) -> Caption:
        """What is written under the picture."""
        return Caption(self.ranked[:SHOWN], self.doubt, self.sure)

    @property
    def doubt(self) -> str:
        """The doubt in words; "" when there is none."""
        return "" if self.sure else f"not sure: {self.why}".removesuffix(": ")

    def _repr_html_(self) -> str:
        from imgtool.pipeline.notebook import head

        if self.refusal:
            return f"<p><b>{escape(self.picture)}</b>: {escape(self.refusal.detail or self.refusal.reason)}</p>"
        rows = "".join(_row(name, share) for name, share in self.ranked)
        doubt = f"<p><i>{escape(self.doubt)}</i></p>" if self.doubt else ""
        words = f"<div>{head(self.picture)}<table><tbody>{rows}</tbody></table>{doubt}</div>"
        return f'<div style="{CARD}">{_image(self.pixels)}{words}</div>'


class Predictions(list[Prediction]):
    """What is said of several pictures, in the order in which they were named."""

    @property
    def counts(self) -> Mapping[str, int]:
        """Pictures by their likeliest name, the commonest first; those that nothing is said of are not counted."""
        from collections import Counter

        return dict(Counter(each.label for each in self if not each.refusal).most_common())

    def _repr_html_(self) -> str:
        from imgtool.pipeline.notebook import MANY, head, table

        shown = "".join(each._repr_html_() for each in self[:MANY])
        rest = f"<p>and {len(self) - MANY} more</p>" if len(self) > MANY else ""
        refused = sum(each.refusal is not None for each in self)
        title = f"{len(self)} pictures" + (f", {refused} of them unreadable" if refused else "")
        return head(title) + table(("name", "pictures"), self.counts.items()) + shown + rest


def _row(name: str, share: float) -> str:
    meter = f'<span style="{METER}"><span style="{METER};width:{share:.1%};background:#268452">&nbsp;</span></span>'
    return f"<tr><td>{escape(name)}</td><td>{meter}</td><td>{escape(percent(share))}</td></tr>"


def _image(pixels: Pixels | None) -> str:
    if pixels is None:
        return ""
    from curate.pixels.encode import jpeg

    data = base64.b64encode(jpeg(pixels, QUALITY)).decode()
    return f'<img src="data:image/jpeg;base64,{data}" alt="">'
