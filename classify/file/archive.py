"""A model file's zip, opened without trust: the members that a model has, of the sizes that they can have."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from classify.file.card import damaged
from imgtool.errors import Refused, UsageError

CARD, ARRAYS = "imgtool.json", "imgtool.npz"
CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"  # Keras's own names
MIB = 1024**2
# The most that each may unpack to. The largest backbone we know, VGG19, has 80 MiB of weights and 0.2 MiB of config.
MEMBERS: Mapping[str, int] = MappingProxyType(
    {CARD: 16 * MIB, ARRAYS: 1024 * MIB, CONFIG: 16 * MIB, METADATA: MIB, WEIGHTS: 4096 * MIB}
)
NEEDED = (CONFIG, METADATA, WEIGHTS)
FREE = 16 * MIB  # below this nobody asks how well it was packed
RATIO = 10  # weights are noise: no compressor makes a tenth of them


@contextmanager
def opened(source: Path | bytes, name: str) -> Iterator[zipfile.ZipFile]:
    """The archive, when its members are those of a model; UsageError or Refused, with the reason, when not."""
    try:
        with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as archive:
            known(archive.infolist(), name)
            yield archive
    except FileNotFoundError as error:
        raise UsageError(f"There is no model {name}.", hint="`imgtool train` makes one.") from error
    except IsADirectoryError as error:
        raise UsageError(f"{name} is a folder, not a model.", hint="A model is a .keras file.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError) as error:
        raise UsageError(f"{name} is no model: {error}.", hint="A model is a .keras file that is whole.") from error


def known(infos: list[zipfile.ZipInfo], name: str) -> None:
    """Refused unless every member is one that a model has, once, and of a size that it can have."""
    names = [info.filename for info in infos]
    if min((info.header_offset for info in infos), default=0):  # cut off, or the zip inside it would be found
        hint = "A model is a .keras file that is whole."
        raise UsageError(f"{name} is no model: it does not begin as one.", hint=hint)
    if strange := next((each for each in names if each not in MEMBERS), ""):
        raise refused(name, f"it holds {strange!r:.80}, which no model of ours has")
    if len(set(names)) != len(names):
        raise refused(name, "two of its members have one name")
    if missing := next((each for each in NEEDED if each not in names), ""):
        raise UsageError(f"{name} is no model: it has no {missing}.", hint="A model is a .keras file that is whole.")
    for info in infos:
        if info.file_size > MEMBERS[info.filename] or packed(info):
            raise refused(name, f"{info.filename} would unpack to {info.file_size:,} bytes")


def packed(info: zipfile.ZipInfo) -> bool:
    """Does it grow as only a bomb grows?"""
    return info.file_size > FREE and info.file_size > RATIO * info.compress_size


def member(archive: zipfile.ZipFile, what: str, name: str) -> bytes:
    """A member's bytes; zipfile gives no more than were declared, and checks their CRC."""
    try:
        return archive.read(what)
    except KeyError:
        hint = "`imgtool train` writes one that has; plain Keras opens this one."
        raise UsageError(f"{name} has no {what}: it is no model of imgtool's.", hint=hint) from None
    except (RuntimeError, ValueError) as error:  # encrypted, or headers that disagree
        raise damaged(name, f"{what} cannot be unpacked: {error}") from error


def refused(name: str, why: str) -> Refused:
    """A file that may be meant to harm."""
    return Refused(f"{name} is not opened: {why}.", hint="Use models that you trained, or whose maker you trust.")
