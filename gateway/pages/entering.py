"""Taking part in a draw: what somebody wishes, who he is, a check, and the code that shows that the address is his."""

from dataclasses import replace
from typing import Any

from flask import g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from gateway.limits import codes, writes
from gateway.pages.about_you import BIRTH, birth_date, detail_errors, phone_number, typed_details
from gateway.pages.addresses import PAGE_LANGUAGES, address, asked, page
from gateway.pages.blueprints import booking
from gateway.pages.catalogue import locations, products
from gateway.pages.crossing import form_key, key_for, new_form_key
from gateway.pages.draw_draft import (
    DrawDraft,
    RequestKey,
    current_draw_draft,
    current_request_key,
    give_key,
    keep_draw,
)
from gateway.pages.drawing import Draw, open_draws
from gateway.pages.notices import notice
from gateway.pages.texts import _
from gateway.pages.zones import visitor_zone
from gateway.passing import note_mail
from gateway.rpc import services
from services.contracts.appointments import CodeOnItsWay, DrawAnswer, EnterDraw, RequestCode
from services.messaging.errors import Refusal
from services.presenting import times

Errors = dict[str, str]
LONGEST_CODE = 20
PARTS_OF_DAY = ("morning", "afternoon", "evening")
NOT_SO = ("draw-wish-impossible", "not-offered-here", "unknown-location", "visit-too-long")
"""Refusals that another wish cures."""


@page(booking, "draw_wish")
def ask_wish() -> ResponseReturnValue:
    """Ask which draw somebody wants to take part in, and which places he would take."""
    draft = current_draw_draft()
    product_id = asked("choice") or draft.product_id
    draws = open_draws(product_id)
    if not draws:
        return _not_now()
    if draft.product_id != product_id or draft.draw_id not in _ids(draws):
        draft = _anything(product_id, draws)
    told = notice(asked("notice"))
    return _wish_page(draft, draws, {"weekday": told} if told else {}, status=200)


@page(booking, "draw_wish", method="POST")
def give_wish() -> ResponseReturnValue:
    """Keep what somebody wishes; go on when it is right."""
    product_id = request.form.get("product", "")
    draws = open_draws(product_id)
    if not draws or product_id not in products():
        return _not_now()
    draft, errors = _wished(current_draw_draft(), product_id, draws)
    if errors:
        return _wish_page(draft, draws, errors, status=422)
    keep_draw(draft)
    return redirect(address(draft.first_open_step()), 303)


def _not_now() -> ResponseReturnValue:
    return redirect(address("draws", notice="not-drawn-now"), 303)


def _ids(draws: list[Draw]) -> list[str]:
    return [str(draw["draw_id"]) for draw in draws]


def _anything(product_id: str, draws: list[Draw]) -> DrawDraft:
    """Return the draft of somebody who would take any place; what he typed about himself stays."""
    return replace(
        current_draw_draft(),
        product_id=product_id,
        draw_id=str(draws[0]["draw_id"]),
        persons=1,
        place=tuple(_places(draws)),
        weekday=tuple(_weekdays(draws)),
        part=tuple(_parts(draws)),
    )


def _wished(draft: DrawDraft, product_id: str, draws: list[Draw]) -> tuple[DrawDraft, Errors]:
    """Return the draft with the wishes of this form, and what is wrong with them; choices that it had not fall away."""
    persons = request.form.get("persons", "1")
    most = int(products()[product_id]["max_persons"])
    wish = replace(
        draft,
        product_id=product_id,
        draw_id=request.form.get("draw", "") if request.form.get("draw", "") in _ids(draws) else "",
        persons=int(persons) if persons.isascii() and persons.isdigit() and 1 <= int(persons[:3]) <= most else 0,
        place=tuple(place for place in _places(draws) if place in request.form.getlist("place")),
        weekday=tuple(day for day in _weekdays(draws) if str(day) in request.form.getlist("weekday")),
        part=tuple(part for part in _parts(draws) if part in request.form.getlist("part")),
    )
    missing = {
        "draw": (wish.draw_id, _("Choose a draw")),
        "persons": (wish.persons, _("Choose for how many persons")),
        "place": (wish.place, _("Choose one or more locations")),
        "weekday": (wish.weekday, _("Choose one or more days of the week")),
        "part": (wish.part, _("Choose one or more times of day")),
    }
    return wish, {field: error for field, (value, error) in missing.items() if not value}


def _places(draws: list[Draw]) -> list[str]:
    wanted = {place for draw in draws for place in draw["location_ids"]}
    return [place for place in locations() if place in wanted]


def _weekdays(draws: list[Draw]) -> list[int]:
    return sorted({on.weekday() for draw in draws for on in draw["open_days"]})


def _parts(draws: list[Draw]) -> list[str]:
    return [part for part in PARTS_OF_DAY if any(part in draw["parts_of_day"] for draw in draws)]


def _wish_page(draft: DrawDraft, draws: list[Draw], errors: Errors, *, status: int) -> ResponseReturnValue:
    known = locations()
    weekdays, places, parts = _weekdays(draws), _places(draws), _parts(draws)
    words = part_words()
    return (
        render_template(
            "draw_wish.html",
            draft=draft,
            draws=draws,
            product=products()[draft.product_id],
            errors=errors,
            targets={
                "draw": f"draw-{draws[0]['draw_id']}",
                "weekday": f"weekday-{weekdays[0]}" if weekdays else "question",
                "part": f"part-{parts[0]}" if parts else "question",
                "place": f"place-{places[0]}" if places else "question",
            },
            weekday_options=[(str(day), times.weekdays(g.lang)[day][1]) for day in weekdays],
            part_options=[(part, words[part]) for part in parts],
            place_options=[(place, known[place]["name"]) for place in places],
            chosen={"weekday": [str(day) for day in draft.weekday], "part": draft.part, "place": draft.place},
        ),
        status,
    )


def part_words() -> dict[str, str]:
    """Return the parts of the day in words."""
    return {
        "morning": _("In the morning (before 12:00)"),
        "afternoon": _("In the afternoon (12:00 to 17:00)"),
        "evening": _("In the evening (after 17:00)"),
    }


@page(booking, "draw_details")
def ask_draw_details() -> ResponseReturnValue:
    """Ask who wants to take part and how to reach him."""
    draft = current_draw_draft()
    if not draft.draw_id:
        return redirect(address("draws"), 303)
    return _details_page(draft, {})


@page(booking, "draw_details", method="POST")
def give_draw_details() -> ResponseReturnValue:
    """Keep what was typed, right or wrong; go on when it is right."""
    typed = typed_details()
    wrong = detail_errors(typed, bound=True)
    errors = {field: wrong[field] for field in ("name", *BIRTH, "email", "phone") if field in wrong}
    draft = current_draw_draft().with_typed(typed, valid=not errors)
    keep_draw(draft)
    language = request.form.get("language", "")
    if language in PAGE_LANGUAGES:  # the language switch of this page: nothing typed is lost
        return redirect(address("draw_details", language), 303)
    if not draft.draw_id:
        return redirect(address("draws"), 303)
    return _details_page(draft, errors) if errors else redirect(address("draw_check"), 303)


def _details_page(draft: DrawDraft, errors: Errors) -> ResponseReturnValue:
    return render_template("draw_details.html", draft=draft, errors=errors), 422 if errors else 200


@page(booking, "draw_check")
def ask_draw_check() -> ResponseReturnValue:
    """Show all answers before a code is mailed."""
    draft = current_draw_draft()
    step = draft.first_open_step()
    if step != "draw_check":
        done = draft == DrawDraft() and current_request_key() is not None
        return redirect(address("draw_done" if done else step if draft.product_id else "draws"), 303)
    chosen = [draw for draw in open_draws(draft.product_id) if str(draw["draw_id"]) == draft.draw_id]
    if not chosen:
        return _not_now()
    known, words = locations(), part_words()
    return render_template(
        "draw_check.html",
        draft=draft,
        draw=chosen[0],
        product=products()[draft.product_id],
        places=[known[place]["name"] for place in draft.place if place in known],
        weekdays=[times.weekdays(g.lang)[day][1] for day in draft.weekday],
        parts_of_day=[words[part] for part in draft.part],
        born=_born(draft),
        told=notice(asked("notice")),
        key=form_key(),
    )


@page(booking, "draw_check", method="POST")
@codes
def send_code() -> ResponseReturnValue:
    """Have a code mailed to the address that was typed."""
    draft = current_draw_draft()
    if draft.first_open_step() != "draw_check":
        return redirect(address("draw_check"), 303)
    wish = {"email": draft.email, "language": g.lang}
    sent = services().tell(
        "appointments.request_code", RequestCode, CodeOnItsWay, wish, key=key_for("draw-code", *wish.values())
    )
    keep_draw(replace(draft, code_id=str(sent["code_id"])))
    return redirect(address("draw_code"), 303)


@page(booking, "draw_code")
def ask_draw_code() -> ResponseReturnValue:
    """Ask for the code that was mailed."""
    draft = current_draw_draft()
    if draft.first_open_step() != "draw_check" or not draft.code_id:
        return redirect(address("draw_check"), 303)
    return _code_page(draft, {})


@page(booking, "draw_code", method="POST")
@writes
def take_part() -> ResponseReturnValue:
    """Let somebody take part whose code is right; a second press leads to the same confirmation."""
    draft = current_draw_draft()
    if draft.first_open_step() != "draw_check" or not draft.code_id:
        return redirect(address("draw_check"), 303)
    code = request.form.get("code", "").strip()[:LONGEST_CODE]
    if not code:
        return _code_page(draft, {"code": _("Fill in the code from our e-mail")})
    wish = _entry(draft) | {"code": code}
    try:
        answer = services().tell(
            "appointments.enter_draw", EnterDraw, DrawAnswer, wish, key=key_for("draw", *wish.values())
        )
    except Refusal as refusal:
        return _refused(refusal)
    if answer["passed"]:
        note_mail(draft.email)
        give_key(RequestKey(str(answer["entered"]["request_id"]), answer["entered"]["secret"]))
        keep_draw(DrawDraft())
        return redirect(address("draw_done"), 303)
    if not answer["attempts_left"]:
        keep_draw(replace(draft, code_id=""))
        return redirect(address("draw_check", notice="code-used-up"), 303)
    return _code_page(draft, {"code": _("The code is not right. Look in our newest e-mail")})


def _entry(draft: DrawDraft) -> dict[str, Any]:
    return {
        "draw_id": draft.draw_id,
        "location_ids": draft.place,
        "weekdays": draft.weekday,
        "parts_of_day": draft.part,
        "persons": draft.persons,
        "name": draft.name,
        "birth_on": _born(draft),
        "email": draft.email,
        "phone": phone_number(draft.phone) if draft.phone else None,
        "language": g.lang,
        "time_zone": visitor_zone(),
        "channel": "web",
        "code_id": draft.code_id,
    }


def _born(draft: DrawDraft) -> Any:
    day, month, year = draft.birth
    return birth_date((day, month, year))


def _refused(refusal: Refusal) -> ResponseReturnValue:
    """Lead on after a request that could not be put in.

    Raises: Refusal (any other).
    """
    if refusal.code in NOT_SO:
        return redirect(address("draw_wish", notice="wish-not-so"), 303)
    if refusal.code in ("draw-closed", "draw-unknown"):
        return _not_now()
    if refusal.code in ("draw-entered-already", "too-many-live"):
        already = "entered-already" if refusal.code == "draw-entered-already" else "visit-already"
        return redirect(address("draw_check", notice=already), 303)
    raise refusal


def _code_page(draft: DrawDraft, errors: Errors) -> ResponseReturnValue:
    key = new_form_key() if errors else form_key()
    return render_template("draw_code.html", draft=draft, errors=errors, key=key), 422 if errors else 200


@page(booking, "draw_stop", method="POST")
def stop_draw() -> ResponseReturnValue:
    """Forget the answers, and the key to a request, on this device."""
    keep_draw(DrawDraft())
    give_key(None)
    return redirect(address("draws", notice="draw-stopped"), 303)
