"""Plans requests until enough unique pictures are named or every way is exhausted, and says which."""

from scraper.search.search import Search, Watch
from scraper.search.seen import Seen
from scraper.search.walk import Walk

__all__ = ["Search", "Seen", "Walk", "Watch"]
