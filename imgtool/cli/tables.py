"""How tables look: no boxes, a quiet heading, columns that fold rather than vanish."""

from __future__ import annotations

from rich import box
from rich.table import Table


def grid(*columns: str, right: frozenset[str] = frozenset()) -> Table:
    """An empty table; the columns named in `right` hold numbers."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim", show_edge=False)
    for column in columns:
        table.add_column(
            column, justify="right" if column in right else "left", overflow="fold", no_wrap=column in right
        )
    return table
