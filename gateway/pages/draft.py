"""What somebody has answered so far, and the time that is held meanwhile. Lives in one encrypted cookie."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Response, current_app, g

from gateway.pages.sealed import Seal

MAX_AGE_SECONDS = 2 * 3600
LONGEST = {"name": 150, "email": 300, "phone": 60, "birth": 10}
"""Typed answers are kept even when they are wrong, but not without end: the cookie is small."""


@dataclass(frozen=True, slots=True)
class HeldTime:
    """A time that is kept for this visitor, how long the visit takes, and the secret that proves it is his."""

    hold_id: str
    secret: str
    starts_at: datetime
    minutes: int
    expires_at: datetime
    extendable: bool
    collected_at: datetime | None = None
    """The second time, when two are held together: then id and secret are those of the pair."""

    def over(self, now: datetime) -> bool:
        """Say whether the time is no longer kept."""
        return self.expires_at <= now


@dataclass(frozen=True, slots=True)
class Draft:
    """The answers of one visitor. `products` is pairs of product id and number of persons."""

    products: tuple[tuple[str, int], ...] = ()
    location_id: str = ""
    request_at: datetime | None = None
    """The first of two times that will be held together, while the second is being chosen."""
    held: HeldTime | None = None
    name: str = ""
    email: str = ""
    phone: str = ""
    birth: tuple[str, str, str] = ("", "", "")
    """Day, month and year of the birth date, as typed; only where a product asks for it."""
    details_valid: bool = False

    def visit(self) -> dict[str, Any]:
        """Return what the appointments service wants to know about the visit."""
        return {
            "location_id": self.location_id,
            "products": [{"product_id": product, "persons": persons} for product, persons in self.products],
        }

    def with_visit(self, *, products: tuple[tuple[str, int], ...], location_id: str) -> "Draft":
        """Return the draft for another visit; a held time only stays when nothing changed."""
        same = (products, location_id) == (self.products, self.location_id)
        return self if same else replace(self, products=products, location_id=location_id, held=None, request_at=None)

    def with_typed(self, typed: Mapping[str, str], *, valid: bool) -> "Draft":
        """Return the draft with the typed details, right or wrong."""
        return replace(
            self,
            name=typed["name"][: LONGEST["name"]],
            email=typed["email"][: LONGEST["email"]],
            phone=typed["phone"][: LONGEST["phone"]],
            birth=(
                typed["birth-day"][: LONGEST["birth"]],
                typed["birth-month"][: LONGEST["birth"]],
                typed["birth-year"][: LONGEST["birth"]],
            ),
            details_valid=valid,
        )

    def first_open_step(self) -> str:
        """Return the name of the first page whose question has no answer yet; `check` when all have."""
        if not self.products:
            return "product"
        if not self.location_id:
            return "location"
        if self.held is None:
            return "collection" if self.request_at else "time"
        return "check" if self.details_valid else "details"


def pack(draft: Draft) -> dict[str, Any]:
    """Return the JSON form of a draft."""
    packed: dict[str, Any] = {
        "p": [list(pair) for pair in draft.products],
        "l": draft.location_id,
        "n": draft.name,
        "m": draft.email,
        "f": draft.phone,
        "ok": draft.details_valid,
    }
    if any(draft.birth):
        packed["b"] = list(draft.birth)
    if draft.request_at is not None:
        packed["r"] = draft.request_at.isoformat()
    if draft.held is not None:
        held = draft.held
        packed["h"] = [
            held.hold_id,
            held.secret,
            held.starts_at.isoformat(),
            held.minutes,
            held.expires_at.isoformat(),
            held.extendable,
            held.collected_at.isoformat() if held.collected_at else "",
        ]
    return packed


def unpack(packed: Mapping[str, Any]) -> Draft:
    """Return the draft that a cookie held; an empty one when it has another shape (an older release)."""
    try:
        held = packed.get("h")
        day, month, year = packed.get("b", ("", "", ""))
        return Draft(
            products=tuple((str(product), int(persons)) for product, persons in packed.get("p", [])),
            location_id=str(packed.get("l", "")),
            request_at=_moment(packed.get("r")),
            held=_held(held) if held else None,
            name=str(packed.get("n", "")),
            email=str(packed.get("m", "")),
            phone=str(packed.get("f", "")),
            birth=(str(day), str(month), str(year)),
            details_valid=bool(packed.get("ok")),
        )
    except (TypeError, ValueError, AttributeError):
        return Draft()


def _held(packed: list[Any]) -> HeldTime:
    hold_id, secret, starts_at, minutes, expires_at, extendable, *rest = packed
    return HeldTime(
        str(hold_id),
        str(secret),
        datetime.fromisoformat(starts_at),
        int(minutes),
        datetime.fromisoformat(expires_at),
        bool(extendable),
        _moment(rest[0]) if rest else None,
    )


def _moment(packed: object) -> datetime | None:
    return datetime.fromisoformat(str(packed)) if packed else None


def current_draft() -> Draft:
    """Return the draft of this visitor."""
    if "draft" not in g:
        g.draft = unpack(_seal().read())
    draft: Draft = g.draft
    return draft


def keep(draft: Draft) -> None:
    """Remember a draft; it travels with the response of this request."""
    g.draft = draft
    g.draft_changed = True


def write_changed(response: Response) -> None:
    """Put a changed draft into the response."""
    if g.get("draft_changed"):
        _seal().write(response, {} if g.draft == Draft() else pack(g.draft))


def _seal() -> Seal:
    seal: Seal = current_app.extensions["balie_pages"].drafts
    return seal
