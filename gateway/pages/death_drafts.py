"""What the pages of a death declaration share: their order, keeping a page and going on, and what leads elsewhere."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from gateway.pages.addresses import address
from gateway.pages.asking import Form
from gateway.pages.obstacle_words import Hindrance
from gateway.pages.records import CONFLICT, Record, conflict_page, note_refusal, save
from services.messaging.errors import Refusal

Content = Mapping[str, Any]

STEPS = 6
PARTS = {
    "death": "death_facts",
    "deceased": "death_deceased",
    "funeral": "death_funeral",
    "declarant": "death_declarant",
}
"""What must be there before a declaration can be sent, and the page that asks for it."""


def not_open(found: Record) -> ResponseReturnValue | None:
    """Return the way to the declaration when nothing of it can be changed."""
    if "save" in found["allowed"]:
        return None
    return redirect(address("case", record=found["record_id"]), 303)


def kept(found: Record, form: Form, content: Content, *, this: str, then: str) -> ResponseReturnValue:
    """Keep parts and go on: to the next page, to the check when all was filled in before, or to the list.

    Raises: Refusal.
    """
    try:
        save(found, content)
    except Refusal as refusal:
        if refusal.code == CONFLICT:
            return conflict_page(found["record_id"], back=address(this, record=found["record_id"]))
        raise
    was_complete = PARTS.keys() <= found["content"].keys()
    return redirect(later(form) or address("death_check" if was_complete else then, record=found["record_id"]), 303)


def later(form: Form) -> str:
    """Return the way to the list for who goes on later; else an empty text."""
    return address("funerals", notice="saved") if form["later"] else ""


def drawn(template: str, found: Record | None, form: Form, **more: Any) -> ResponseReturnValue:
    """Return a page of the declaration with its form."""
    page = render_template(template, record=found, form=form, errors=form.errors, steps=STEPS, **more)
    return page, 422 if form.errors else 200


def counter_page(
    found: list[Hindrance], *, form: Form | None = None, record: Record | None = None
) -> ResponseReturnValue:
    """Return the page that says why a death is not declared online, and what to do.

    `form`: what was typed, so that it can be changed; `record`: the draft that stays.
    """
    leave = ("csrf_token", "session_token", "key", "again")
    fields = [] if form is None else [(name, value) for name, values in form.typed.items() for value in values]
    return render_template(
        "death_counter.html",
        hindrances=[one for one in found if one.blocks],
        to_counter=any(one.to_counter for one in found if one.blocks),
        fields=[(name, value) for name, value in fields if name not in leave],
        record=record,
        here=request.path,
    )


def note_funeral_refusal(form: Form, refusal: Refusal) -> None:
    """Note at the day of a funeral that the registry refuses it.

    Raises: Refusal (it is about something else).
    """
    note_refusal(form, refusal, dict.fromkeys(("funeral-not-planned", "funeral-too-early", "funeral-too-late"), "at"))
    form.targets["at"] = "at-day"
