"""Copies of pictures with what was said of them written below, in a folder; originals are never touched."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from curate.sights import Pool, captioning, scribes, written
from imgtool.dataset.store import make_durable
from imgtool.errors import machine_error
from imgtool.pipeline.pictures import Pick
from imgtool.pipeline.predicted import Prediction
from imgtool.pipeline.seeing import Seen
from imgtool.records import Refusal

MARK = ".predicted"  # in every name, so that no copy takes the place of an original
SUFFIX = {"jpeg": ".jpg", "png": ".png"}
STRANGE = re.compile(r"[^\w.-]+")
LONGEST = 80  # characters of a name that an address gave


class Album:
    """The folder of one run; a second run into it replaces the first one's copies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: set[Path] = set()

    def __enter__(self) -> Self:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise machine_error(error, f"{self._folder} cannot be written") from error
        self._pool = Pool[int](scribes()).__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.__exit__(kind, error, trace)

    def saved(self, group: Sequence[Seen], made: Sequence[Prediction]) -> list[Prediction]:
        """The predictions, each with the place of its copy; every copy is there, whole."""
        answers: dict[int, object] = {}
        for place, (one, said) in enumerate(zip(group, made, strict=True)):
            if not said.refusal:
                self._pool.submit(place, captioning(one.path, said.caption))
        while self._pool.busy:
            answers |= dict(self._pool.heard())
        return [self._kept(group[n].pick, said, answers.get(n)) for n, said in enumerate(made)]

    def _kept(self, pick: Pick, said: Prediction, answer: object) -> Prediction:
        page = written(answer) if answer is not None else None
        if page is None or isinstance(page, Refusal):
            return said
        data, kind = page
        target = self._free(called(pick), SUFFIX[kind])
        put(target, data)
        return replace(said, saved=str(target))

    def _free(self, name: str, suffix: str) -> Path:
        """A place of that name that no other picture of this run has."""
        target, number = self._folder / f"{name}{MARK}{suffix}", 1
        while target in self._used:
            number += 1
            target = self._folder / f"{name}-{number}{MARK}{suffix}"
        self._used.add(target)
        return target


def called(pick: Pick) -> str:
    """What a picture's copy is called: as its file, in the same folders below the one that was named."""
    if pick.url:
        last = PurePosixPath(unquote(urlsplit(pick.url).path)).name if not pick.url.startswith("data:") else ""
        return STRANGE.sub("_", PurePosixPath(last).stem)[:LONGEST].strip(".") or "picture"
    path = Path(pick.path)
    return str(path.relative_to(pick.home).with_suffix("") if pick.home else path.stem)


def put(target: Path, data: bytes) -> None:
    """The file, whole or not at all."""
    part = target.with_name(f".{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        make_durable(part)
        os.replace(part, target)
    except OSError as error:
        raise machine_error(error, f"{target} cannot be written") from error
    finally:
        part.unlink(missing_ok=True)
