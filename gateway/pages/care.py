"""A doctor or midwife confirms a birth (*geboortebericht*), and sees which ones were confirmed before."""

from typing import Any

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from gateway import registry
from gateway.limits import writes
from gateway.login.actor import current_actor, current_session, require
from gateway.pages import birth_place
from gateway.pages.addresses import address, asked, page
from gateway.pages.asking import Form
from gateway.pages.birth_words import SEXES
from gateway.pages.blueprints import care
from gateway.pages.board import local_day
from gateway.pages.crossing import key_for
from gateway.pages.records import note_refusal
from gateway.pages.texts import N_, _
from gateway.rpc import services
from services.messaging.errors import Refusal

PROFESSIONS = {"midwife": N_("Midwife"), "doctor": N_("Doctor")}

TOLD = {
    "matched": N_("Thank you. The parents have declared this birth. It can go on now."),
    "waits": N_("Thank you. We have received it. The parents have not declared this birth yet."),
    "differs": N_(
        "Thank you. The parents told us something else. We ask them to look again. "
        "Did you make a mistake? Call us: 14 053."
    ),
}
_BSN_FIELDS = {"bsn-invalid": "mother-bsn", "bsn-test-range": "mother-bsn"}


@page(care, "care")
@require("care-provider")
def confirm_birth() -> ResponseReturnValue:
    """Ask what a doctor or midwife confirms of a birth, and show what the firm confirmed before."""
    return _page(Form({}), told=TOLD.get(asked("notice"), ""))


@page(care, "care", method="POST")
@require("care-provider")
@writes
def take_notice() -> ResponseReturnValue:
    """Tell the registry of a birth, and what came of it."""
    form = Form.sent()
    notice = _read(form)
    if form.errors:
        return _page(form)
    try:
        stored = registry.confirm_birth(current_actor(), notice, key=key_for("notice", notice))
    except Refusal as refusal:
        note_refusal(form, refusal, _BSN_FIELDS)
        return _page(form)
    outcome = "differs" if stored["differs"] else "matched" if stored["matched"] else "waits"
    return redirect(address("care", notice=outcome), 303)


def _read(form: Form) -> dict[str, Any]:
    mother = form.bsn("mother-bsn", missing=_("Fill in the citizen service number of the mother"))
    sex = form.one_of("sex", tuple(SEXES), missing=_("Choose whether it is a girl or a boy"))
    born_on = form.day("born", _("Day of birth"), latest=local_day(services().clock.now()))
    born_time = form.clock("born-time", _("Time of birth"))
    place = birth_place.read(form)
    present = form.yes_or_no("present", missing=_("Choose whether you were there"))
    signed_by = form.text("signed-by", missing=_("Fill in your name"), most=120)
    profession = form.one_of(
        "profession", tuple(PROFESSIONS), missing=_("Choose whether you are a midwife or a doctor")
    )
    phone = form.phone(missing=_("Fill in your phone number"))
    form.ticked("sure", missing=_("Tick that you are sure of these data"))
    return {
        "mother_bsn": mother,
        "sex": sex,
        "born_on": born_on,
        "born_time": born_time,
        "municipality": registry.birth_places()["municipality"],
        "place": place,
        "present": present,
        "signed_by": signed_by,
        "profession": profession,
        "phone": phone,
    }


def _page(form: Form, *, told: str = "") -> ResponseReturnValue:
    shown = render_template(
        "care.html",
        who=current_session(),
        form=form,
        errors=form.errors,
        told=_(told) if told else "",
        sexes=[(sex, _(word)) for sex, word in SEXES.items()],
        sex_words=SEXES,
        places=birth_place.options(),
        professions=[(one, _(word)) for one, word in PROFESSIONS.items()],
        notices=registry.notices(current_actor()),
    )
    return shown, 422 if form.errors else 200
