"""A zip whose members lie in it as they are, at places known before they are written: many processes fill one.

Python's zipfile writes a member from front to end. An npz of pictures is filled by all workers at once, each at its
rows; the checksums come last. Every field is ZIP64 and every date the format's first, so that bytes depend on
nothing but the members.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 20
EPOCH = (0, 33)  # time and date: 1980-01-01, midnight
VERSION = 45  # ZIP64
LOCAL = struct.Struct("<IHHHHHIIIHH")
CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
END64 = struct.Struct("<IQHHIIQQQQ")
LOCATOR = struct.Struct("<IIQI")
END = struct.Struct("<IHHHHIIH")
MANY, MORE = 0xFFFF, 0xFFFFFFFF  # "see the ZIP64 field"


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside the zip."""

    name: bytes
    start: int  # of its local header
    size: int

    @property
    def body(self) -> int:
        """Where its bytes begin."""
        return self.start + LOCAL.size + len(self.name) + 20

    @property
    def end(self) -> int:
        """Where they have ended."""
        return self.body + self.size


def laid_out(sizes: dict[str, int]) -> list[Member]:
    """The members one after the other."""
    members: list[Member] = []
    at = 0
    for name, size in sizes.items():
        members.append(Member(name.encode("ascii"), at, size))
        at = members[-1].end
    return members


def seal(path: Path, members: list[Member]) -> None:
    """Headers and directory around the members' bytes, which are in their places."""
    with path.open("r+b") as file:
        sums = [checksum(file, member) for member in members]
        for member, crc in zip(members, sums, strict=True):
            file.seek(member.start)
            file.write(local(member, crc))
        file.seek(members[-1].end)
        file.write(directory(members, sums))


def checksum(file: BinaryIO, member: Member) -> int:
    """The CRC of a member, read piece by piece."""
    file.seek(member.body)
    crc, left = 0, member.size
    while left:
        piece = file.read(min(CHUNK, left))
        crc, left = zlib.crc32(piece, crc), left - len(piece)
    return crc


def local(member: Member, crc: int) -> bytes:
    """The header before a member."""
    head = LOCAL.pack(0x04034B50, VERSION, 0, 0, *EPOCH, crc, MORE, MORE, len(member.name), 20)
    return head + member.name + struct.pack("<HHQQ", 1, 16, member.size, member.size)


def directory(members: list[Member], sums: list[int]) -> bytes:
    """The central directory and the zip's end."""
    rows = b"".join(central(member, crc) for member, crc in zip(members, sums, strict=True))
    start = members[-1].end
    count = len(members)
    end64 = END64.pack(0x06064B50, END64.size - 12, VERSION, VERSION, 0, 0, count, count, len(rows), start)
    locator = LOCATOR.pack(0x07064B50, 0, start + len(rows), 1)
    return rows + end64 + locator + END.pack(0x06054B50, 0, 0, MANY, MANY, MORE, MORE, 0)


def central(member: Member, crc: int) -> bytes:
    """A member's row in the directory."""
    sizes = struct.pack("<HHQQQ", 1, 24, member.size, member.size, member.start)
    head = CENTRAL.pack(
        0x02014B50, VERSION, VERSION, 0, 0, *EPOCH, crc, MORE, MORE, len(member.name), len(sizes), 0, 0, 0, 0, MORE
    )  # fmt: skip
    return head + member.name + sizes
