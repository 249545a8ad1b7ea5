"""Parquet: the columns we know, batch by batch, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from scraper.limits import MIB
from scraper.lists.entries import COLUMNS, KNOWN, BadLine, Entry, Maker, column

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

BATCH = 4096  # rows at a time
LARGEST = 512 * MIB  # of one column of one row group, unpacked: ten times what honest lists of a million rows need
LONGEST = MIB  # bytes of a cell, as of a line

_WANTED = {name for names in COLUMNS.values() for name in names}


def parquet(stream: IO[bytes], maker: Maker) -> Iterator[Entry]:
    """The pictures of a Parquet file; a row group that would not fit in memory is named and left out."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    try:
        names = [name for name in pq.read_schema(stream).names if column(name) in _WANTED]
        if not KNOWN & {column(name) for name in names}:
            yield BadLine(0, f"no column of addresses; known names: {', '.join(sorted(KNOWN))}")
            return
        # dictionaries stay packed: a million rows may name the same megabyte
        with pq.ParquetFile(stream, read_dictionary=names, pre_buffer=False) as file:
            for group in range(file.num_row_groups):
                yield from _group(file, group, names, number, maker)
                number += file.metadata.row_group(group).num_rows
    except (pa.ArrowException, OSError, ValueError, TypeError) as error:
        yield BadLine(number, f"damaged Parquet: {' '.join(str(error).split())[:200]}")


def _group(file: ParquetFile, group: int, names: list[str], number: int, maker: Maker) -> Iterator[Entry]:
    told = file.metadata.row_group(group)
    sizes = [told.column(at).total_uncompressed_size for at in range(told.num_columns)]
    wanted = [told.column(at).path_in_schema.split(".")[0] in names for at in range(told.num_columns)]
    largest = max((size for size, is_wanted in zip(sizes, wanted, strict=True) if is_wanted), default=0)
    if largest > LARGEST:
        yield BadLine(number + 1, f"rows {number + 1} to {number + told.num_rows}: {largest} bytes in one column")
        return
    for batch in file.iter_batches(BATCH, row_groups=[group], columns=names, use_threads=False):
        columns = {column(name): batch.column(name) for name in names}
        for at in range(batch.num_rows):
            number += 1
            yield _row(number, {name: _cell(values, at) for name, values in columns.items()}, maker)


def _row(number: int, row: dict[str, object], maker: Maker) -> Entry:
    if any(isinstance(value, str) and len(value) > LONGEST for value in row.values()):
        return BadLine(number, f"a cell longer than {LONGEST} characters")
    return maker.entry(number, row)


def _cell(values: object, at: int) -> object:
    return values[at].as_py()  # type: ignore[index]
