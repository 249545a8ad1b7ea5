"""Class names in; a trustworthy picture dataset and an honest classifier out.

import imgtool

report = imgtool.scrape("pikachu", n=2000)          # sync, also inside a running loop
async for outcome in imgtool.collect("pikachu"):    # a stream of Kept | Skipped
    ...
"""

from typing import TYPE_CHECKING

from imgtool.version import __version__

if TYPE_CHECKING:
    from imgtool.dataset import Dataset
    from imgtool.errors import ImgtoolError
    from imgtool.pipeline.scrape import collect, scrape

__all__ = ["Dataset", "ImgtoolError", "__version__", "collect", "scrape"]

_HOMES = {
    "Dataset": "imgtool.dataset",
    "ImgtoolError": "imgtool.errors",
    "collect": "imgtool.pipeline.scrape",
    "scrape": "imgtool.pipeline.scrape",
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
