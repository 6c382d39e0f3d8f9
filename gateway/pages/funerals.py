"""What an undertaker sees first: the deaths that his firm declared, what each needs, and by when."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from gateway import funerals as asking_registry
from gateway.limits import writes
from gateway.login.actor import current_actor, current_session, require
from gateway.pages.addresses import address, asked, page
from gateway.pages.asking import Form
from gateway.pages.blueprints import funerals
from gateway.pages.cases import NOTICES
from gateway.pages.funeral_words import FUNERALS, standing_of_line, word_of
from gateway.pages.texts import _
from services.contracts.civil_registry import MOST_FUNERALS

Line = Mapping[str, Any]

_LONGEST_NUMBER = 20
_MOST_FIGURES = 6


@page(funerals, "funerals")
@require("undertaker")
def my_funerals() -> ResponseReturnValue:
    """Show the firm's declarations: what waits for the firm first, then what waits for us, then what is done."""
    return _list_page(Form({}))


@page(funerals, "funerals_find", method="POST")
@require("undertaker")
@writes
def find() -> ResponseReturnValue:
    """Go to the declaration with a number, its own or that of its permit."""
    form = Form.sent()
    number = form.text("number", missing=_("Fill in the number of a declaration or a permit"), most=_LONGEST_NUMBER)
    if form.errors:
        return _list_page(form)
    found = asking_registry.my_funerals(current_actor(), receipt=number)["open"]
    if not found:
        form.wrong("number", _("There is no declaration with this number in your list. Check the number"))
        return _list_page(form)
    return redirect(address("case", record=found[0]["record_id"]), 303)


@page(funerals, "funerals_find")
@require("undertaker")
def go_back() -> ResponseReturnValue:
    """Go to the list: this address only answers forms."""
    return redirect(address("funerals"), 303)


def _list_page(form: Form) -> ResponseReturnValue:
    skipped = asked("older")
    offset = int(skipped) if skipped.isascii() and skipped.isdigit() and len(skipped) <= _MOST_FIGURES else 0
    listed = asking_registry.my_funerals(current_actor(), offset=offset)
    told = NOTICES.get(asked("notice"))
    groups: dict[str, list[Any]] = {"yours": [], "waiting": [], "none": []}
    for line in listed["open"]:
        name = "yours" if line["urgency"] in ("act", "soon") else line["urgency"]
        groups[name].append((line, standing_of_line(line)))
    shown = render_template(
        "funerals.html",
        who=current_session(),
        form=form,
        errors=form.errors,
        told=_(told) if told else "",
        groups=groups,
        ready=sum(line["stops"] == "" for line in listed["open"]),
        kinds=FUNERALS,
        word_of=word_of,
        done=[(line, standing_of_line(line)) for line in listed["done"]],
        offset=offset,
        older=offset + MOST_FUNERALS if listed["more"] else 0,
    )
    return shown, 422 if form.errors else 200
