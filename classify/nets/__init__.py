"""Networks that begin with nothing: for each name how it is built, for which pictures, and how it is taught."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from classify.nets import modern, small
from classify.nets.regimen import Regimen
from imgtool.errors import UsageError

if TYPE_CHECKING:
    import keras

Build: TypeAlias = "Callable[[int | None, int], keras.Model]"  # px (None = any) and classes in


@dataclass(frozen=True, slots=True)
class Net:
    """A network from scratch."""

    build: Build  # raw pictures in, logits out, with a layer named "features"
    size: int  # px, both sides: where nothing else is asked for
    regimen: Regimen


NETS: Mapping[str, Net] = MappingProxyType(
    {
        "small": Net(small.build, small.SIZE, small.REGIMEN),
        "modern": Net(modern.build, modern.SIZE, modern.REGIMEN),
    }
)


def net(name: str) -> Net:
    """The net of that name; UsageError when there is none."""
    if name not in NETS:
        raise UsageError(f"No network is called {name!r}.", hint=f"Known: {', '.join(NETS)}.")
    return NETS[name]
