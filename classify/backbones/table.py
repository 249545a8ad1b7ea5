"""The backbones in one table: what each is called, what pixels it expects, what of it is fine-tuned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from classify.nouns import Recipe
from imgtool.errors import UsageError

LARGEST = 1024  # px: beyond it one picture's first layer alone takes hundreds of megabytes
NO_TOP = "{name}_weights_tf_dim_ordering_tf_kernels_notop.h5"
SLIM = (0.25, 0.5, 0.75, 1.0)  # the widths whose weights were published: Howard et al. 2017, table 6
SLIM_V2 = (0.35, 0.5, 0.75, 1.0, 1.3, 1.4)
SIDES = (128, 160, 192, 224)  # px: MobileNet's weights were published for each


@dataclass(frozen=True, slots=True)
class Backbone:
    """A network that others trained, as far as we need to know it."""

    application: str  # its name in `keras.applications`; "" = our own
    pixels: str  # how it was shown pictures: caffe, symmetric, own = its first layers see to it
    file: str  # what Keras calls its weights without a top
    last_block: str  # layers from the first of this name on are fine-tuned
    size: int = 224  # px, both sides, at which it was trained
    smallest: int = 32  # px
    alphas: tuple[float, ...] = (1.0,)  # the widths that it comes in
    pooled: bool = False  # its last layer comes after the pooling


BACKBONES: Mapping[str, Backbone] = MappingProxyType(
    {
        "vgg16": Backbone("VGG16", "caffe", NO_TOP, "block5"),
        "vgg19": Backbone("VGG19", "caffe", NO_TOP, "block5"),
        "inception_v3": Backbone("InceptionV3", "symmetric", NO_TOP, "mixed8", 299, 75),
        "resnet50": Backbone("ResNet50", "caffe", NO_TOP, "conv5_block1"),
        "mobilenet": Backbone(
            "MobileNet", "symmetric", "mobilenet_{width}_{side}_tf_no_top.h5", "conv_dw_8", alphas=SLIM
        ),
        "mobilenet_v2": Backbone(
            "MobileNetV2",
            "symmetric",
            "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{alpha}_{side}_no_top.h5",
            "block_14",
            alphas=SLIM_V2,
        ),
        "efficientnet_v2_b0": Backbone("EfficientNetV2B0", "own", "efficientnetv2-b0_notop.h5", "block6e"),
        "convnext_tiny": Backbone(
            "ConvNeXtTiny", "own", "convnext_tiny_notop.h5", "convnext_tiny_stage_3", pooled=True
        ),
        # No weights to be had, none needed: what `--backbone small` means where there is no internet
        "small": Backbone("", "own", "", "mixed", 96),
    }
)


def filled(recipe: Recipe) -> Recipe:
    """The recipe with its size said; UsageError when it makes no sense."""
    row = BACKBONES.get(recipe.backbone)
    if row is None:
        raise UsageError(f"No backbone is called {recipe.backbone!r}.", hint=f"Known: {', '.join(BACKBONES)}.")
    size = recipe.size or row.size
    if not row.smallest <= size <= LARGEST:
        hint = f"Leave --size out for its own {row.size}."
        raise UsageError(f"{recipe.backbone} takes {row.smallest} to {LARGEST} px; received {size}.", hint=hint)
    weights = recipe.weights if row.application else "none"
    return replace(recipe, size=size, alpha=width(recipe, row), weights=weights)


def width(recipe: Recipe, row: Backbone) -> float:
    """Its alpha, checked."""
    free = len(row.alphas) > 1 and recipe.weights != "imagenet" and 0 < recipe.alpha <= 2
    if recipe.alpha in row.alphas or free:
        return recipe.alpha
    known = ", ".join(f"{alpha:g}" for alpha in row.alphas)
    hint = f"Weights exist for: {known}." if len(row.alphas) > 1 else "Only the mobilenets come in other widths."
    raise UsageError(f"{recipe.backbone} has no alpha {recipe.alpha:g}.", hint=hint)


def file_name(recipe: Recipe) -> str:
    """What Keras calls the ImageNet weights of that recipe."""
    side = recipe.size if recipe.size in sides(recipe.backbone) else 224
    slim = f"{recipe.alpha:.2f}".replace("0.", "", 1) if recipe.alpha < 1 else "10"
    return BACKBONES[recipe.backbone].file.format(
        name=recipe.backbone, alpha=float(recipe.alpha), width=f"{slim[0]}_{slim[1]}", side=side
    )


def sides(backbone: str) -> tuple[int, ...]:
    """For which sides its weights were published."""
    return (96, *SIDES) if backbone == "mobilenet_v2" else SIDES
