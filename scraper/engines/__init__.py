"""The engines: one module each, one table that names them."""

from __future__ import annotations

from scraper.engines.base import Engine
from scraper.engines.bing import Bing
from scraper.engines.duckduckgo import DuckDuckGo
from scraper.engines.flickr import Flickr
from scraper.engines.google import Google
from scraper.engines.openverse import Openverse
from scraper.engines.wikimedia import Wikimedia

ENGINES: dict[str, Engine] = {
    "bing": Bing(),
    "google": Google(),
    "duckduckgo": DuckDuckGo(),
    "openverse": Openverse(),
    "wikimedia": Wikimedia(),
    "flickr": Flickr(),
}
