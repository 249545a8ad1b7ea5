"""Class names in; a trustworthy picture dataset and an honest classifier out.

import imgtool

report = imgtool.scrape("pikachu", n=2000)          # sync, also inside a running loop
async for outcome in imgtool.collect("pikachu"):    # a stream of Kept | Skipped
    ...

imgtool.check("data"); imgtool.dedupe("data"); imgtool.undo("data")
imgtool.split("data"); imgtool.export("data", imgtool.ExportOptions("npz", size=224)); imgtool.info("data")

imgtool.train("data"); imgtool.evaluate("model.keras", "data"); imgtool.noise("data")
imgtool.load("model.keras").predict("photo.jpg")

imgtool.regions("data", "boxes.csv", "crops"); imgtool.locate("photo.jpg", "model.keras")
"""

from typing import TYPE_CHECKING

from imgtool.version import __version__

if TYPE_CHECKING:
    from classify.nouns import Learning, Recipe
    from curate.export import ExportOptions
    from imgtool.dataset import Dataset
    from imgtool.errors import ImgtoolError
    from imgtool.pipeline.check import check
    from imgtool.pipeline.dedupe import dedupe
    from imgtool.pipeline.evaluate import evaluate
    from imgtool.pipeline.export import export
    from imgtool.pipeline.finding import Locating
    from imgtool.pipeline.info import info
    from imgtool.pipeline.locate import locate
    from imgtool.pipeline.noise import noise
    from imgtool.pipeline.predict import load
    from imgtool.pipeline.preview import preview
    from imgtool.pipeline.regions import Cutting, regions
    from imgtool.pipeline.scrape import collect, scrape
    from imgtool.pipeline.split import split
    from imgtool.pipeline.train import train
    from imgtool.pipeline.undo import history, undo

__all__ = [
    "Cutting",
    "Dataset",
    "ExportOptions",
    "ImgtoolError",
    "Learning",
    "Locating",
    "Recipe",
    "__version__",
    "check",
    "collect",
    "dedupe",
    "evaluate",
    "export",
    "history",
    "info",
    "load",
    "locate",
    "noise",
    "preview",
    "regions",
    "scrape",
    "split",
    "train",
    "undo",
]

_HOMES = {
    "Cutting": "imgtool.pipeline.regions",
    "Dataset": "imgtool.dataset",
    "ExportOptions": "curate.export",
    "ImgtoolError": "imgtool.errors",
    "Learning": "classify.nouns",
    "Locating": "imgtool.pipeline.finding",
    "Recipe": "classify.nouns",
    "check": "imgtool.pipeline.check",
    "collect": "imgtool.pipeline.scrape",
    "dedupe": "imgtool.pipeline.dedupe",
    "evaluate": "imgtool.pipeline.evaluate",
    "export": "imgtool.pipeline.export",
    "history": "imgtool.pipeline.undo",
    "info": "imgtool.pipeline.info",
    "load": "imgtool.pipeline.predict",
    "locate": "imgtool.pipeline.locate",
    "noise": "imgtool.pipeline.noise",
    "preview": "imgtool.pipeline.preview",
    "regions": "imgtool.pipeline.regions",
    "scrape": "imgtool.pipeline.scrape",
    "split": "imgtool.pipeline.split",
    "train": "imgtool.pipeline.train",
    "undo": "imgtool.pipeline.undo",
}

if not TYPE_CHECKING:  # hidden from checkers, so that a typo stays an error

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name not in _HOMES:
            message = f"module 'imgtool' has no attribute {name!r}"
            raise AttributeError(message)
        return getattr(import_module(_HOMES[name]), name)

    def __dir__() -> list[str]:
        return sorted(__all__)
