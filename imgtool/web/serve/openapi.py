"""The interface described for machines: OpenAPI 3.1."""

from __future__ import annotations

from imgtool.version import __version__


def document() -> dict[str, object]:
    """The description."""
    return {"openapi": "3.1.0", "info": {"title": "imgtool serve", "version": __version__}, "paths": {}}
