"""TFRecord: tf.train.Example records, as `tf.data.TFRecordDataset` and TensorFlow's own converters have them.

    shape = {"image/encoded": tf.io.FixedLenFeature([], tf.string),
             "image/class/label": tf.io.FixedLenFeature([], tf.int64)}
    tf.data.TFRecordDataset(tf.io.gfile.glob("export/train-*")).map(lambda r: tf.io.parse_single_example(r, shape))

Both the framing and the message are a few documented bytes, written here: TensorFlow takes seconds to import.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

from curate.export.crc32c import crc32c
from curate.export.plan import Brief
from curate.export.shards import shards
from curate.export.studio import Print, Studio
from curate.export.tree import file_name

MASK = 0xA282EAD8  # TFRecord's: a checksum of data that holds checksums is a weak one
BYTES_LIST, INT64_LIST = 1, 3  # fields of tf.train.Feature


def write(folder: Path, brief: Brief, studio: Studio) -> None:
    """One file a shard."""
    for shard in shards(brief, studio):
        with (folder / shard.name("tfrecord")).open("wb") as file:
            for made in shard.prints:
                file.write(record(example(features(made, brief))))


def features(made: Print, brief: Brief) -> dict[str, bytes | int]:
    """A picture by the names that TensorFlow's converters use."""
    unit, shot = made.unit, made.shot
    told: dict[str, bytes | int] = {
        f"image/{name}": value.encode("utf-8", "replace") for name, value in brief.claims(unit).items()
    }
    return told | {
        "image/encoded": shot.data,
        "image/format": shot.kind.encode(),
        "image/width": shot.width,
        "image/height": shot.height,
        "image/filename": file_name(made.item.key, shot).encode(),
        "image/class/label": unit.number,
        "image/class/text": unit.entry.label.encode("utf-8", "replace"),
    }


def record(data: bytes) -> bytes:
    """A message in its frame."""
    length = struct.pack("<Q", len(data))
    return length + masked(length) + data + masked(data)


def masked(data: bytes) -> bytes:
    """The checksum as TFRecord stores it."""
    crc = crc32c(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + MASK) & 0xFFFFFFFF)


def example(values: Mapping[str, bytes | int]) -> bytes:
    """A tf.train.Example, its features by name."""
    entries = (field(1, field(1, name.encode()) + field(2, feature(values[name]))) for name in sorted(values))
    return field(1, b"".join(entries))


def feature(value: bytes | int) -> bytes:
    """A tf.train.Feature: a list of one value."""
    if isinstance(value, int):
        return field(INT64_LIST, field(1, varint(value)))
    return field(BYTES_LIST, field(1, value))


def field(number: int, body: bytes) -> bytes:
    """A protocol buffer's field with a length."""
    return varint(number << 3 | 2) + varint(len(body)) + body


def varint(value: int) -> bytes:
    """A number, seven bits a byte."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
