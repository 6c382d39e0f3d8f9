"""The second time of who comes twice: when to collect what is requested. Only then are both held."""

from dataclasses import replace
from datetime import datetime

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from gateway.limits import holds
from gateway.pages.addresses import address, page
from gateway.pages.blueprints import booking
from gateway.pages.board import build_board, local_day
from gateway.pages.catalogue import in_words
from gateway.pages.crossing import form_key, key_for, renew_form_key
from gateway.pages.draft import Draft, current_draft, keep
from gateway.pages.holding import alternatives, give_back, hold_time, instant, time_page
from gateway.pages.month import parse_day
from gateway.pages.notices import TIME_REFUSALS, VISIT_REFUSALS
from gateway.pages.pairs import collection_days, collects, hold_both, working_days
from gateway.pages.texts import _
from gateway.rpc import services
from services.messaging.errors import Refusal


def _asks_too_early(draft: Draft) -> bool:
    return draft.request_at is None or not draft.location_id or not collects(draft)


@page(booking, "collection")
def ask_collection() -> ResponseReturnValue:
    """Show on which days the document can be collected, and the times of one of them."""
    draft = current_draft()
    if _asks_too_early(draft):
        return redirect(address(draft.first_open_step()), 303)
    return _collection_page(draft)


@page(booking, "collection", method="POST")
@holds
def choose_collection() -> ResponseReturnValue:
    """Hold both times for ten minutes, or the first one only when the second is to be chosen later."""
    draft = current_draft()
    request_at = draft.request_at
    if request_at is None or _asks_too_early(draft):
        return redirect(address(draft.first_open_step()), 303)
    later = "later" in request.form
    collected_at = None if later else instant(request.form.get("alternative") or request.form.get("time", ""))
    if collected_at is None and not later:
        return _collection_page(draft, day=request.form.get("day", ""), error=_("Choose a time to collect"))
    try:
        _hold(draft, request_at, collected_at)
    except Refusal as refusal:
        return _refused(current_draft(), refusal, collected_at)
    return redirect(address(current_draft().first_open_step()), 303)


def _hold(draft: Draft, request_at: datetime, collected_at: datetime | None) -> None:
    """Hold what was chosen. What was held before goes first: it may be one of these very times.

    Raises: Refusal, Unavailable.
    """
    held = draft.held
    lasts = held is not None and not held.over(services().clock.now())
    if held is not None and lasts and (held.starts_at, held.collected_at) == (request_at, collected_at):
        return
    if held is not None:
        give_back(held)
    try:
        if collected_at is None:
            hold_time(draft, request_at)
        else:
            before = held.hold_id if held else ""
            times = (request_at.isoformat(), collected_at.isoformat())
            key = key_for("pair", before, *times, draft.location_id, draft.products)
            keep(replace(draft, held=hold_both(draft, request_at, collected_at, key=key)))
    except Refusal:  # when we are away, the draft stays: then the same press again has the same key
        keep(replace(draft, held=None))
        raise


def _refused(draft: Draft, refusal: Refusal, collected_at: datetime | None) -> ResponseReturnValue:
    """Return the page on which another choice can be made: of the time to request, or of the one to collect.

    Raises: Refusal (no other time cures it).
    """
    if refusal.code in VISIT_REFUSALS:
        return redirect(address("product", notice=refusal.code), 303)
    if refusal.code not in TIME_REFUSALS:
        raise refusal
    renew_form_key()
    error = _(TIME_REFUSALS[refusal.code])
    if collected_at is None or refusal.facts.get("visit") == "request":
        day = local_day(draft.request_at) if draft.request_at else None
        draft = replace(draft, request_at=None)
        keep(draft)
        return time_page(draft, day=day, errors={"time": error}, alternatives=alternatives(refusal))
    return _collection_page(draft, day=local_day(collected_at).isoformat(), error=error, nearest=alternatives(refusal))


def _collection_page(
    draft: Draft, *, day: str = "", error: str = "", nearest: list[datetime] | None = None
) -> ResponseReturnValue:
    """Return the page with days and times to collect; 422 when it tells of an error."""
    request_at, held = draft.request_at, draft.held
    if request_at is None:
        return redirect(address("time"), 303)
    now = services().clock.now()
    ours = held.collected_at if held and held.starts_at == request_at and not held.over(now) else None
    try:
        days = collection_days(draft, request_at)
        visit = {"location_id": draft.location_id, "products": days["products"]}
        board = build_board(visit, page="collection", held=ours, day=parse_day(day), days=days)
    except Refusal as refusal:
        return _refused(draft, refusal, None)
    return (
        render_template(
            "collection.html",
            board=board,
            from_on=days["from_on"],
            working_days=working_days(draft),
            errors={"time": error} if error else {},
            alternatives=nearest or [],
            key=form_key(),
            request_at=request_at,
            visit=in_words(draft.products, draft.location_id),
        ),
        422 if error else 200,
    )
