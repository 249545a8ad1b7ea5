"""Settings for a command, from where this process stands."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from imgtool.cli.screen import Screen
from imgtool.cli.verb import Common
from imgtool.settings import Loaded, load


def settle(screen: Screen, common: Common, flags: Mapping[str, object] | None = None) -> Loaded:
    """All settings; from now on the screen knows what it must not show."""
    config = Path(common.config).expanduser() if common.config else None
    loaded = load(flags, environ=os.environ, folder=Path.cwd(), config=config)
    screen.secrets = loaded.secrets
    return loaded
