"""Work queues: how much waits where, what is most urgent, and the way to a declaration by its number."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import abort, g, redirect, render_template
from flask.typing import ResponseReturnValue

from gateway import registry
from gateway.login.actor import current_actor, current_session, require
from gateway.pages.addresses import address, asked, page
from gateway.pages.asking import Form
from gateway.pages.blueprints import desk
from gateway.pages.desk import words
from gateway.pages.desk.pace import desk_reads, desk_writes
from gateway.pages.standing import name_of
from gateway.pages.texts import _
from gateway.rpc import services
from services.presenting import times

PAGE = 50
"""So many records the registry tells at once."""
_MOST_SHEETS = 200

desk_reads.guard(desk)


@page(desk, "desk")
@require("staff")
def overview() -> ResponseReturnValue:
    """Show all queues, and what is most urgent in the first one where something waits."""
    counts = registry.queue(current_actor(), None)["counts"]
    return _page(next((one["queue"] for one in counts if one["count"]), None))


@page(desk, "desk_queue")
@require("staff")
def queue(queue: str) -> ResponseReturnValue:
    """Show what waits in one queue, the most urgent first."""
    if queue not in words.QUEUES:
        abort(404)
    return _page(queue)


def _page(queue: str | None, *, form: Form | None = None, found: list[Any] | None = None) -> ResponseReturnValue:
    sheet = asked("sheet")
    number = min(int(sheet), _MOST_SHEETS) if sheet.isascii() and sheet.isdigit() else 1
    told = registry.queue(current_actor(), queue, offset=(max(number, 1) - 1) * PAGE)
    counts = {one["queue"]: one for one in told["counts"]}
    form = form or Form({})
    shown = render_template(
        "desk/queues.html",
        counts=told["counts"],
        queue=queue,
        records=told["records"],
        waiting=counts[queue]["count"] if queue in counts else 0,
        sheet=max(number, 1),
        page_size=PAGE,
        found=found,
        form=form,
        errors=form.errors,
        **for_lists(),
    )
    return shown, 422 if form.errors else 200


def for_lists() -> dict[str, Any]:
    """Return what a list of records needs: the words, today, and who looks."""
    session = current_session()
    return {
        "words": words,
        "called": words.called,
        "urgency": urgency,
        "me": session.subject if session else "",
        "roles": session.roles if session else (),
        "kind_of": name_of,
        "page": g.page,
    }


def today() -> date:
    """Return the day in the Netherlands."""
    return services().clock.now().astimezone(times.HOME).date()


def urgency(record: Mapping[str, Any]) -> tuple[str, str]:
    """Return how near the last day is (`late`, `today` or empty), and the same in words.

    What waits for nobody is not late.
    """
    due_on = record["due_on"]
    if due_on is None or record["queue"] is None:
        return "", ""
    days = (due_on - today()).days
    if days < 0:
        return "late", _("Too late")
    return ("today", _("Today")) if days == 0 else ("", "")


# --- finding


@page(desk, "desk_find", method="POST")
@require("staff")
@desk_writes
def find() -> ResponseReturnValue:
    """Find declarations by receipt number, deed number or citizen service number; one alone is opened at once.

    A search is asked by POST, so that no number of a person stands in an address.
    """
    form = Form.sent()
    typed = form.text("number", missing=_("Fill in a number"), most=30)
    found = _found(form, typed) if typed else []
    if len(found) == 1:
        return redirect(address("desk_record", record=found[0]["record_id"]), 303)
    return _page(None, form=form, found=found if not form.errors else None)


@page(desk, "desk_find")
@require("staff")
def go_back() -> ResponseReturnValue:
    """Go to the queues: this address only answers forms."""
    return redirect(address("desk"), 303)


def _found(form: Form, typed: str) -> list[dict[str, Any]]:
    bare = "".join(sign for sign in typed if sign.isalnum()).upper()
    by = "bsn" if bare.isdigit() and len(bare) in (8, 9) else "receipt" if not bare[:1].isdigit() else "deed_number"
    number = form.bsn("number") if by == "bsn" else typed
    if not number:
        return []
    return registry.find(current_actor(), **{by: number})
