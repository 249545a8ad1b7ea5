"""What may happen to a copy of a training picture: named presets, every range in one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from imgtool.errors import UsageError


@dataclass(frozen=True, slots=True)
class Preset:
    """The bounds between which each copy draws; 0 leaves the thing out."""

    rotate: float = 0.0  # degrees, either way
    shear: float = 0.0  # degrees, either way
    zoom: float = 0.0  # 0.2 = from 0.8 to 1.2 times
    crop: float = 0.0  # the share of a side that may be cut off, at either end
    flip: bool = False  # left and right, for every second copy
    brightness: float = 0.0  # a share of full brightness, either way
    contrast: float = 0.0  # a share, either way, about middle grey
    colour: float = 0.0  # a share of saturation, either way
    hue: float = 0.0  # degrees round the colour circle, either way
    blur: float = 0.0  # px of deviation at 224 px, at most; every third copy
    noise: float = 0.0  # deviation of 255, at most; every third copy
    cutout: float = 0.0  # the share of a side that the hidden square has, at most; every second copy
    border: str = "mirror"  # what shows beyond the picture: "mirror" or "edge"


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        # What leaves any photo a plausible photo of the same thing
        "light": Preset(
            rotate=10, zoom=0.1, crop=0.1, flip=True, brightness=0.1, contrast=0.15, colour=0.15, blur=0.6, noise=4
        ),
        # RandAugment's kinds at about its middle magnitudes, plus cutout (DeVries & Taylor 2017: half a side)
        "strong": Preset(
            rotate=25, shear=10, zoom=0.25, crop=0.25, flip=True, brightness=0.25, contrast=0.35, colour=0.5, hue=18,
            blur=1.5, noise=12, cutout=0.4,
        ),
        # Digits and letters: no mirror, no half turn; ranges of the usual MNIST recipes
        "digits": Preset(rotate=12, shear=8, zoom=0.12, crop=0.08, brightness=0.05, contrast=0.1, border="edge"),
        # "Building powerful image classification models using very little data": shear 0.2, zoom 0.2, flip. Its
        # shear was in radians then: 0.2 = 11.5°
        "classic": Preset(shear=11.5, zoom=0.2, flip=True, border="edge"),
    }
)  # fmt: skip


def preset(name: str) -> Preset:
    """The preset of that name; UsageError when there is none."""
    if name not in PRESETS:
        raise UsageError(f"No augmentation is called {name!r}.", hint=f"Known: {', '.join(PRESETS)}.")
    return PRESETS[name]
