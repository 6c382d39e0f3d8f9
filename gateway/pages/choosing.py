"""The first questions: what somebody comes for, with how many, and where."""

from dataclasses import replace
from datetime import datetime

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from gateway.pages.addresses import address, asked, page
from gateway.pages.blueprints import booking
from gateway.pages.catalogue import in_words, locations_for, products
from gateway.pages.draft import Draft, current_draft, keep
from gateway.pages.holding import give_back
from gateway.pages.notices import VISIT_REFUSALS, notice
from gateway.pages.pairs import Wait, collects, days_for, waits
from gateway.pages.texts import _, ngettext
from services.contracts.appointments import MAX_PERSONS, MAX_PRODUCTS
from services.messaging.errors import Refusal, Unavailable

Errors = dict[str, str]


@page(booking, "start")
def start() -> ResponseReturnValue:
    """Show what can be arranged and how it goes."""
    try:
        offered = list(products().values())
    except Unavailable:  # the start page itself should always open
        offered = []
    begun = bool(current_draft().products)
    return render_template("start.html", offered=offered, begun=begun, told=notice(asked("notice")))


@page(booking, "product")
def ask_product() -> ResponseReturnValue:
    """Ask what somebody comes for, and with how many persons."""
    wanted = {product: str(persons) for product, persons in current_draft().products}
    if not wanted and asked("choice") in products():
        wanted = {asked("choice"): "1"}
    told = notice(asked("notice"))
    return _product_page(wanted, {"product": told} if told else {}, status=200)


@page(booking, "product", method="POST")
def choose_product() -> ResponseReturnValue:
    """Keep the products and persons; a held time goes only when they changed."""
    offered = products()
    chosen = [product for product in offered if product in request.form.getlist("product")]
    wanted = {product: request.form.get(f"persons-{product}", "1").strip()[:10] for product in chosen}
    errors = _product_errors(wanted)
    if errors:
        return _product_page(wanted, errors, status=422)
    pairs = tuple((product, int(persons)) for product, persons in wanted.items())
    draft = current_draft()
    places = [place["location_id"] for place in locations_for(chosen)]
    location_id = draft.location_id if draft.location_id in places else ""
    changed = draft.with_visit(products=pairs, location_id=location_id)
    _keep_and_give_back(draft, changed)
    return redirect(address(changed.first_open_step()), 303)


def _keep_and_give_back(before: Draft, changed: Draft) -> None:
    keep(changed)
    if before.held is not None and changed.held is None:
        give_back(before.held)


def _product_errors(wanted: dict[str, str]) -> Errors:
    offered = products()
    if not wanted:
        return {"product": _("Choose what you come for")}
    if len(wanted) > MAX_PRODUCTS:
        return {"product": _("Choose at most %(most)s products for one appointment", most=MAX_PRODUCTS)}
    errors: Errors = {}
    for product, persons in wanted.items():
        most = min(MAX_PERSONS, offered[product]["max_persons"])
        if not persons.isascii() or not persons.isdigit() or not 1 <= int(persons) <= most:
            errors[f"persons-{product}" if most > 1 else "product"] = ngettext(
                "Choose 1 person for this product", "Choose 1 to %(number)s persons for this product", most
            )
    if not errors and not locations_for(wanted):
        errors["product"] = _(
            "These products cannot be done in one appointment. Make a separate appointment for each of them"
        )
    return errors


def _product_page(wanted: dict[str, str], errors: Errors, *, status: int) -> ResponseReturnValue:
    offered = list(products().values())
    draft = current_draft()
    return (
        render_template(
            "product.html",
            groups=[
                (audience, [product for product in offered if product["audience"] == audience])
                for audience in ("resident", "abroad")
            ],
            first=offered[0]["product_id"] if offered else "",
            wanted=wanted,
            errors=errors,
            most=MAX_PERSONS,
            waits=_waits(),
            visit=in_words(draft.products, draft.location_id),
        ),
        status,
    )


def _waits() -> dict[str, Wait]:
    try:
        return waits()
    except (Refusal, Unavailable):  # a product can be chosen without this news
        return {}


@page(booking, "location")
def ask_location() -> ResponseReturnValue:
    """Ask where somebody wants to come, with the first free moment of each place."""
    draft = current_draft()
    if not draft.products:
        return redirect(address("product"), 303)
    return _location_page(draft, {}, status=200)


@page(booking, "location", method="POST")
def choose_location() -> ResponseReturnValue:
    """Keep the location; a held time goes only when it changed."""
    draft = current_draft()
    if not draft.products:
        return redirect(address("product"), 303)
    chosen = request.form.get("location", "")
    if chosen not in [place["location_id"] for place in locations_for(dict(draft.products))]:
        return _location_page(draft, {"location": _("Choose where you want to come")}, status=422)
    changed = draft.with_visit(products=draft.products, location_id=chosen)
    _keep_and_give_back(draft, changed)
    return redirect(address(changed.first_open_step()), 303)


def _location_page(draft: Draft, errors: Errors, *, status: int) -> ResponseReturnValue:
    places = locations_for(dict(draft.products))
    refusals: list[str] = []
    first_free: dict[str, datetime | None] = {}
    for place in places:
        try:
            first_free[place["location_id"]] = _first_free(draft, place["location_id"])
        except Refusal as refusal:
            if refusal.code not in VISIT_REFUSALS:
                raise
            refusals.append(refusal.code)
        except Unavailable:  # a place can be chosen without this news
            continue
    if not places or len(refusals) == len(places):
        code = refusals[0] if refusals else "not-offered-here"
        return redirect(address("product", notice=code), 303)
    return (
        render_template(
            "location.html",
            places=places,
            first_free=first_free,
            chosen=draft.location_id or (places[0]["location_id"] if len(places) == 1 else ""),
            errors=errors,
            visit=in_words(draft.products, draft.location_id),
        ),
        status,
    )


def _first_free(draft: Draft, location_id: str) -> datetime | None:
    visit = replace(draft, location_id=location_id).visit()
    first: datetime | None = days_for(visit, with_collection=collects(draft))["first_free"]
    return first
