"""What lies beside a model's file."""

from __future__ import annotations

from pathlib import Path


def report_of(model: Path) -> Path:
    """The folder of its report: of `pets.keras` it is `pets-report`."""
    return model.with_name(f"{model.stem}-report")
