"""Who came in through a secret link may see and change that one appointment, for a short while."""

from dataclasses import asdict, dataclass
from typing import Any

from flask import Response, current_app, g

from gateway.pages.sealed import Seal

MAX_AGE_SECONDS = 3600

_LOOK_ALIKES = str.maketrans("OIL", "011", "- ")


@dataclass(frozen=True, slots=True)
class Access:
    """The key to one appointment, and what its holder is busy with.

    `booked_with` is the idempotency key of the booking, so that a second press leads to the same confirmation;
    `move_to` and `move_place` are the time and place that he wants instead.
    """

    reference: str
    secret: str
    booked_with: str = ""
    move_to: str = ""
    move_place: str = ""

    def ref(self) -> dict[str, Any]:
        """Return what the appointments service wants to know."""
        return {"reference": self.reference, "secret": self.secret}

    def opens(self, reference: str) -> bool:
        """Say whether this is the key to the appointment with a reference; the way it is written does not matter."""
        return _plain(reference) == _plain(self.reference)


def _plain(reference: str) -> str:
    return reference.upper().translate(_LOOK_ALIKES)


def current_access() -> Access | None:
    """Return the key that this visitor holds, if any."""
    if "access" not in g:
        try:
            g.access = Access(**current_seal().read())
        except TypeError:
            g.access = None
    access: Access | None = g.access
    return access


def grant(access: Access | None) -> None:
    """Give (or with None: take back) the key; it travels with the response of this request."""
    g.access = access
    g.access_changed = True


def write_changed(response: Response) -> None:
    """Put a changed key into the response."""
    if g.get("access_changed"):
        current_seal().write(response, asdict(g.access) if g.access else {})


def current_seal() -> Seal:
    """Return the seal of the key's cookie."""
    seal: Seal = current_app.extensions["balie_pages"].access
    return seal
