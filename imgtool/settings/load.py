"""Places in, settings out: defaults < user file < project file < IMGTOOL_* < flags, origins remembered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from imgtool.errors import UsageError
from imgtool.settings.places import (
    Claim,
    from_environment,
    from_file,
    from_flags,
    project_file,
    user_file,
)
from imgtool.settings.secrets import read_keys, spoken
from imgtool.settings.table import ROWS, Row, Settings

SECRET_WORDS = frozenset({"key", "token", "secret", "password"})


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, and where each came from."""

    settings: Settings
    origins: Mapping[str, str]  # by name; "default", a path, a variable, a flag
    files: tuple[Path, ...] = ()  # that were read, the weaker first

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no output may hold."""
        return spoken(self.settings.keys, self.settings.proxy)


def load(
    flags: Mapping[str, object] | None = None,
    *,
    environ: Mapping[str, str],
    folder: Path,
    config: Path | None = None,
) -> Loaded:
    """All places merged. `config` (or IMGTOOL_CONFIG) is read in place of the user's and project's files."""
    files = _files(environ, folder, config)
    claims = [claim for path in files for claim in from_file(path)]
    claims += [*from_environment(environ), *from_flags(flags or {})]
    return merge(claims, environ, files)


def merge(claims: Iterable[Claim], environ: Mapping[str, str], files: tuple[Path, ...] = ()) -> Loaded:
    """Claims in order of strength in, checked settings out."""
    values: dict[str, Any] = {}
    origins = dict.fromkeys(ROWS, "default")
    for claim in claims:
        values[claim.key] = _checked(claim)
        origins[claim.key] = claim.origin
    return Loaded(Settings(**values, keys=read_keys(environ)), origins, files)


def _files(environ: Mapping[str, str], folder: Path, config: Path | None) -> tuple[Path, ...]:
    named = config or (Path(environ["IMGTOOL_CONFIG"]) if environ.get("IMGTOOL_CONFIG") else None)
    if named is not None:
        return (named,)
    return tuple(_existing(user_file(environ), project_file(folder)))


def _existing(*paths: Path | None) -> Iterator[Path]:
    for path in paths:
        if path is not None and path.is_file():
            yield path


def _checked(claim: Claim) -> object:
    row = ROWS.get(claim.key)
    if row is None:
        raise _unknown(claim)
    try:
        return row.rule.read(claim.value)
    except ValueError:
        raise _bad(claim, row) from None


def _bad(claim: Claim, row: Row) -> UsageError:
    received = "what it is (not shown, it may hold a password)" if row.rule.private else repr(claim.value)
    return UsageError(f"{claim.spelled} cannot be {received}.", hint=f"Allowed is {row.rule.allowed}.")


def _unknown(claim: Claim) -> UsageError:
    if SECRET_WORDS & set(claim.key.lower().replace("-", "_").split("_")):
        return UsageError(
            f"{claim.spelled} looks like a secret, and those are not read from there.",
            hint="Keys come from the environment alone: IMGTOOL_FLICKR_KEY, or IMGTOOL_FLICKR_KEY_FILE.",
        )
    near = get_close_matches(claim.key.lower().replace("-", "_"), ROWS, n=1)
    from_env = claim.origin.startswith("IMGTOOL_")
    meant = f"Did you mean {ROWS[near[0]].env if from_env else near[0]}? " if near else ""
    return UsageError(
        f"{claim.spelled} is no setting of imgtool.",
        hint=f"{meant}`imgtool config show` lists them all.",
    )
