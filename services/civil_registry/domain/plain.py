"""Dataclasses as plain data that JSON can hold, and back: for what is stored once and read for a century."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def told(value: Any) -> Any:
    """Return a value as dicts, lists, texts, numbers and None."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: told(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [told(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date | time) else value


def read(kind: type[T], plain: Any) -> T:
    """Return the value of a type that `told` made plain.

    Raises: ValueError (it is not what `told` makes of that type).
    """
    value: T = _read(kind, plain)
    return value


def _read(kind: Any, plain: Any) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        inner = [one for one in get_args(kind) if one is not types.NoneType]
        return None if plain is None else _read(inner[0], plain)
    if get_origin(kind) is tuple:
        if not isinstance(plain, list):
            raise ValueError("A list was expected.")
        return tuple(_read(get_args(kind)[0], one) for one in plain)
    if is_dataclass(kind) and isinstance(kind, type):
        return _read_fields(kind, plain)
    if kind in (date, time) or issubclass(kind, Enum):
        return _read_text(kind, plain)
    if type(plain) is not kind:
        raise ValueError(f"{kind.__name__} was expected.")
    return plain


def _read_fields(kind: type, plain: Any) -> Any:
    hints = get_type_hints(kind)
    if not isinstance(plain, Mapping) or set(plain) != set(hints):
        raise ValueError(f"The fields of {kind.__name__} were expected.")
    return kind(**{name: _read(hint, plain[name]) for name, hint in hints.items()})


def _read_text(kind: Any, plain: Any) -> Any:
    if not isinstance(plain, str):
        raise ValueError(f"A text for {kind.__name__} was expected.")
    return kind(plain) if issubclass(kind, Enum) else kind.fromisoformat(plain)
