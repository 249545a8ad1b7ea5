"""Pictures named by a file: a list, a table, a saved result page, a recording of a browser's traffic."""

from scraper.lists.entries import BadLine, Entry
from scraper.lists.read import read_list

__all__ = ["BadLine", "Entry", "read_list"]
