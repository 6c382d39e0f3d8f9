"""Extracts (*uittreksels*): the first part of a deed in its present state, without parentage.

Source: BW 1:23b lid 1; BBS art. 26 lid 2, 42, 48, 59, 67.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.civil_registry.domain.deed import DeedKind
from services.civil_registry.domain.deed_content import DeedContent, First
from services.civil_registry.domain.deed_text import TITLES, Line, Part, Section, first_part
from services.civil_registry.domain.errors import DeedCancelled
from services.civil_registry.domain.mentions import CANCELLED, ENDED, Mention


@dataclass(frozen=True, slots=True)
class ExtractContent:
    """What an extract tells. `first` holds the same as typed values, for forms in other languages."""

    kind: DeedKind
    number: str
    year: int
    first: First
    ended: str
    """How, where and when a marriage or partnership ended, else empty. Source: BBS art. 59 lid 1 and 2."""
    part: Part

    @property
    def head(self) -> tuple[str, ...]:
        """Return the lines above it. Source: BBS art. 42 lid 1."""
        return ("Nederland (NL)", f"Uittreksel: {TITLES[self.kind].lower()}", f"Nummer {self.number}", str(self.year))


def extract_content(deed: DeedContent, mentions: Iterable[Mention] = ()) -> ExtractContent:
    """Return the extract of a deed as things are after all its mentions, in their order.

    Raises: DeedCancelled (a court struck the deed out), ValueError (a mention changes what the first part lacks).
    Source: BW 1:23b lid 1; BBS art. 26 lid 2, 48, 59, 67.
    """
    plain, ended = deed.told(), ""
    for mention in mentions:
        for name, value in mention.changes.items():
            if name == CANCELLED:
                raise DeedCancelled
            if name == ENDED:
                ended = value
            else:
                _change(plain["first"], name, value)
    now = DeedContent.of({**plain})
    part = first_part(now)
    if ended:
        part = (*part, Section("", (Line(ENDED, "Einde van de verbintenis", ended),)))
    return ExtractContent(now.kind, now.number, now.year, now.first, ended, part)


def changeable(deed: DeedContent, mentions: Iterable[Mention] = ()) -> dict[str, str]:
    """Return what a mention can change of the first part, as it is after those that are there, by dotted name."""
    first = deed.told()["first"]
    for mention in mentions:
        for name, value in mention.changes.items():
            if name not in (CANCELLED, ENDED):
                _change(first, name, value)
    return dict(_leaves(first))


def _leaves(part: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, value in part.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{path}{name}.")
        elif isinstance(value, str):
            yield f"{path}{name}", value


def _change(first: Mapping[str, Any], name: str, value: str) -> None:
    *path, last = name.split(".")
    inner: Any = first
    for step in path:
        inner = inner.get(step) if isinstance(inner, Mapping) else None
    if not isinstance(inner, dict) or last not in inner or isinstance(inner[last], dict | list):
        raise ValueError(f"The first part of this deed has no field {name}.")
    inner[last] = value
