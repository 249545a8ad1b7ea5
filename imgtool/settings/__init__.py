"""Settings: defaults < user file < project file < IMGTOOL_* < flags; keys by environment alone."""

from imgtool.settings.load import Loaded, load
from imgtool.settings.secrets import Keys
from imgtool.settings.table import ENGINES, LICENCES, ROWS, Settings

__all__ = ["ENGINES", "LICENCES", "ROWS", "Keys", "Loaded", "Settings", "load"]
