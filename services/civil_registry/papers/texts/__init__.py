"""The words of the papers, by language; read once."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).resolve().parent


@cache
def texts(name: str) -> dict[str, Any]:
    """Return the words of `frame`, `receipt` or `multilingual`."""
    read: dict[str, Any] = yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return read
