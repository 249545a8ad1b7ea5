"""A network folded: layers between two points that everything passes, and of these the neighbours of one size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from classify.heat.seam import listed
from classify.insight.layers import Layer, layers
from classify.nouns import FEATURES, Card, Network

SMALLER = 0.75  # of the rows: below, a new block begins; what an unpadded filter cuts off begins none
PREPARING = frozenset({"InputLayer", "Rescaling", "Normalization", "Identity"})
MIXING = "mixing of colours"  # what a convolution over single pixels is
PIXELS, BLOCK, FEATURED, HEAD = "Pixels", "Block", "Features", "Head"


@dataclass(frozen=True, slots=True)
class Stage:
    """Layers that belong together."""

    name: str  # "Pixels", "Block 2", "Features", "Head"
    layers: tuple[Layer, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Of what comes out."""
        return self.layers[-1].shape

    @property
    def weights(self) -> int:
        """Numbers that it holds."""
        return sum(each.weights for each in self.layers)

    @property
    def work(self) -> int:
        """Multiplications for one picture."""
        return sum(each.work for each in self.layers)

    @property
    def learnt(self) -> int:
        """Of its numbers, those that changed when this model was trained."""
        return sum(each.weights for each in self.layers if each.learnt)

    @property
    def says(self) -> str:
        """What it is made of: "2 convolutions, max pooling"."""
        mixes = self.name == PIXELS
        told = (each for each in self.layers if each.type not in {"InputLayer", "Identity"})
        counts = Counter(MIXING if mixes and each.type == "Conv2D" else each.kind.name for each in told)
        return ", ".join(name if count == 1 else f"{count} × {name}" for name, count in counts.items())


def stages(network: Network, card: Card) -> tuple[Stage, ...]:
    """All of it, from the pixels to the logits."""
    found, blocks = list[Stage](), 0
    for name, group in grouped(pieces(network, layers(network, card))):
        if name == BLOCK and blocks and not any(each.weights for each in group):
            found[-1] = Stage(found[-1].name, (*found[-1].layers, *group))  # a last pooling is the end of its block
            continue
        blocks += name == BLOCK
        found.append(Stage(f"{name} {blocks}" if name == BLOCK else name, tuple(group)))
    return tuple(found)


def grouped(parts: Iterable[Sequence[Layer]]) -> Iterator[tuple[str, list[Layer]]]:
    """Pieces of one kind and size, together."""
    name, held, rows, carried = "", list[Layer](), 0, list[Layer]()
    for part, what in named(parts):
        if all(each.type == "ZeroPadding2D" for each in part):  # it belongs to what it pads for
            carried += part
            continue
        now = part[-1].shape[0] if part[-1].placed else 0
        if held and (what != name or not SMALLER * rows <= now <= rows / SMALLER):
            yield name, held
            held, rows = [], 0
        name, rows = what, rows or now
        held += [*carried, *part]
        carried = []
    yield name, [*held, *carried]


def named(parts: Iterable[Sequence[Layer]]) -> Iterator[tuple[Sequence[Layer], str]]:
    """Each piece with what it is a part of."""
    prepared, behind = False, False
    for part in parts:
        prepared = prepared or not all(prepares(each) for each in part)
        what = PIXELS if not prepared else HEAD if behind else BLOCK if places(part) else FEATURED
        behind = behind or any(each.name == FEATURES for each in part)
        yield part, what


def prepares(layer: Layer) -> bool:
    """Does it only bring pixels into another form? So does a convolution over single pixels that does not learn."""
    return layer.type in PREPARING or (layer.type == "Conv2D" and layer.window == 1 and layer.shape[-1] <= 3)


def places(part: Sequence[Layer]) -> bool:
    """Does it work on places?"""
    return any(each.placed for each in part)


def pieces(network: Network, known: Sequence[Layer]) -> Iterator[list[Layer]]:
    """The layers, parted wherever a single one's answer is all that goes on."""
    ends = reach(network)
    part, furthest = list[Layer](), 0
    for place, layer in enumerate(known):
        part.append(layer)
        if furthest <= place:
            yield part
            part = []
        furthest = max(furthest, ends[place])
    if part:
        yield part


def reach(network: Network) -> list[int]:
    """Of each operation, the place of the last one that asks for its answer."""
    makers = {id(tensor): place for place, one in enumerate(network.operations) for tensor in listed(one.output)}
    ends = list(range(len(network.operations)))
    for place, one in enumerate(network.operations):
        for tensor in listed(one.input):
            maker = makers.get(id(tensor), place)
            ends[maker] = max(ends[maker], place)
    return ends
