"""Values in, what JSON can say out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def encode(value: object, clean: Callable[[str], str]) -> Json:
    """Dataclasses as objects, every sequence as a list, everything unknown as its text; texts cleaned."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {clean(str(key)): encode(item, clean) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [encode(item, clean) for item in value]
    if isinstance(value, set | frozenset):
        return [encode(item, clean) for item in sorted(value, key=str)]
    if is_dataclass(value) and not isinstance(value, type):
        shown = (field for field in fields(value) if field.repr)
        return {field.name: encode(getattr(value, field.name), clean) for field in shown}
    return clean(str(value))
