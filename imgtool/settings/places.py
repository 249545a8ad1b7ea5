"""Where settings are written: files, the environment, flags. Each place gives claims with their origin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from imgtool.errors import UsageError
from imgtool.settings.secrets import is_key
from imgtool.settings.table import ROWS

PROJECT_FILE = "imgtool.toml"
NOT_SETTINGS = frozenset({"IMGTOOL_CONFIG", "IMGTOOL_TOKEN"})  # the file itself; what opens `serve` to others


@dataclass(frozen=True, slots=True)
class Claim:
    """A key and what some place says it should be."""

    key: str
    value: object
    origin: str  # a file's path, a variable's name, a flag
    spelled: str  # the key as a message names it, with its file


def user_file(environ: Mapping[str, str]) -> Path | None:
    """`$XDG_CONFIG_HOME/imgtool/config.toml`; a relative XDG_CONFIG_HOME counts as unset, as XDG asks."""
    root = Path(environ.get("XDG_CONFIG_HOME", ""))
    if root.is_absolute():
        return root / "imgtool" / "config.toml"
    home = environ.get("HOME") or environ.get("USERPROFILE")
    return Path(home) / ".config" / "imgtool" / "config.toml" if home else None


def project_file(start: Path) -> Path | None:
    """The nearest `imgtool.toml`, or `pyproject.toml` that speaks of imgtool, from `start` upwards."""
    for folder in (start, *start.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder / PROJECT_FILE
        if _mentions_us(folder / "pyproject.toml"):
            return folder / "pyproject.toml"
    return None


def _mentions_us(path: Path) -> bool:
    try:
        return b"[tool.imgtool" in path.read_bytes()
    except OSError:
        return False  # none, or not ours to read: no pyproject.toml is needed


def from_file(path: Path) -> Iterator[Claim]:
    """What a TOML file says; `[tool.imgtool]` of a pyproject.toml, everything of any other."""
    table = _toml(path)
    if path.name == "pyproject.toml":
        table = table.get("tool", {}).get("imgtool", {})  # type: ignore[attr-defined]  # checked by TOML itself
    for key, value in table.items():
        yield Claim(key, value, str(path), f"`{key}` in {path}")


def _toml(path: Path) -> dict[str, object]:
    import tomllib  # only where there is a file to read: the front door is quick

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(
            f"The settings in {path} cannot be read: {error.strerror}.",
            hint="`imgtool config path` says which files are read.",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"The settings in {path} are not TOML: {error}.", hint='Lines look like: safe = "strict"'
        ) from None


def from_environment(environ: Mapping[str, str]) -> Iterator[Claim]:
    """What `IMGTOOL_*` say; keys aside, and an empty variable says nothing."""
    for name in sorted(environ):
        if name.startswith("IMGTOOL_") and name not in NOT_SETTINGS and not is_key(name) and environ[name]:
            yield Claim(name.removeprefix("IMGTOOL_").lower(), environ[name], name, name)


def from_flags(flags: Mapping[str, object]) -> Iterator[Claim]:
    """What the command line says; None and an empty list say nothing."""
    for key, value in flags.items():
        if value is not None and value != []:
            flag = ROWS[key].flag
            yield Claim(key, value, flag, flag)


def cache_folder(environ: Mapping[str, str]) -> Path:
    """`$XDG_CACHE_HOME/imgtool`: what may be thrown away at any time; without a home, in the temporary folder."""
    root = Path(environ.get("XDG_CACHE_HOME", ""))
    home = environ.get("HOME") or environ.get("USERPROFILE")
    if root.is_absolute():
        return root / "imgtool"
    return Path(home or environ.get("TMPDIR") or "/tmp") / ".cache" / "imgtool"  # noqa: S108  # the last resort
