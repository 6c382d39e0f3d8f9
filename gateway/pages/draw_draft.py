"""What somebody has answered who wants to take part in a draw, and the key to a request, each in its own cookie."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from flask import Response, current_app, g

from gateway.pages.about_you import BIRTH
from gateway.pages.draft import LONGEST
from gateway.pages.sealed import Seal

MAX_AGE_SECONDS = 2 * 3600
KEY_AGE_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class DrawDraft:
    """The answers of one visitor. `code_id` is the code that was mailed to him last."""

    product_id: str = ""
    draw_id: str = ""
    persons: int = 1
    place: tuple[str, ...] = ()
    weekday: tuple[int, ...] = ()
    part: tuple[str, ...] = ()
    name: str = ""
    email: str = ""
    phone: str = ""
    birth: tuple[str, ...] = ("", "", "")
    details_valid: bool = False
    code_id: str = ""

    def with_typed(self, typed: Mapping[str, str], *, valid: bool) -> "DrawDraft":
        """Return the draft with the typed details, right or wrong; a code belongs to an address."""
        email = typed["email"][: LONGEST["email"]]
        return replace(
            self,
            name=typed["name"][: LONGEST["name"]],
            email=email,
            phone=typed["phone"][: LONGEST["phone"]],
            birth=tuple(typed[part][: LONGEST["birth"]] for part in BIRTH),
            details_valid=valid,
            code_id=self.code_id if email == self.email else "",
        )

    def first_open_step(self) -> str:
        """Return the name of the first page whose question has no answer yet; `draw_check` when all have."""
        if not self.draw_id:
            return "draw_wish"
        return "draw_check" if self.details_valid else "draw_details"


@dataclass(frozen=True, slots=True)
class RequestKey:
    """The key to one request for a draw."""

    request_id: str
    secret: str

    def ref(self) -> dict[str, Any]:
        """Return what the appointments service wants to know."""
        return asdict(self)


def unpack(packed: Mapping[str, Any]) -> DrawDraft:
    """Return the draft that a cookie held; an empty one when it has another shape (an older release)."""
    try:
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in packed.items()
        }
        return DrawDraft(**values)
    except TypeError:
        return DrawDraft()


def current_draw_draft() -> DrawDraft:
    """Return the draft of this visitor."""
    if "draw_draft" not in g:
        g.draw_draft = unpack(_parts().draw_drafts.read())
    draft: DrawDraft = g.draw_draft
    return draft


def keep_draw(draft: DrawDraft) -> None:
    """Remember a draft; it travels with the response of this request."""
    g.draw_draft = draft
    g.draw_draft_changed = True


def current_request_key() -> RequestKey | None:
    """Return the key to a request that this visitor holds, if any."""
    if "request_key" not in g:
        try:
            g.request_key = RequestKey(**_parts().request_keys.read())
        except TypeError:
            g.request_key = None
    key: RequestKey | None = g.request_key
    return key


def give_key(key: RequestKey | None) -> None:
    """Give (or with None: take back) the key; it travels with the response of this request."""
    g.request_key = key
    g.request_key_changed = True


def write_changed(response: Response) -> None:
    """Put what changed into the response."""
    if g.get("draw_draft_changed"):
        draft = g.draw_draft
        _parts().draw_drafts.write(response, {} if draft == DrawDraft() else asdict(draft))
    if g.get("request_key_changed"):
        _parts().request_keys.write(response, asdict(g.request_key) if g.request_key else {})


class _Seals:
    draw_drafts: Seal
    request_keys: Seal


def _parts() -> _Seals:
    parts: _Seals = current_app.extensions["balie_pages"]
    return parts
