"""Foreign text for a spreadsheet's cells. A spreadsheet executes what looks like a formula."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # how it knows one (OWASP)


def safe(cell: str) -> str:
    """The cell as text and nothing else: no formula, no character that ends a line or a file."""
    text = "".join(char if char.isprintable() else " " for char in cell)
    return f"'{text}" if text.lstrip().startswith(FORMULA) or cell.startswith(FORMULA) else text
