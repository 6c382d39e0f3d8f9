"""Day and time: choosing one keeps it for ten minutes."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from gateway.challenge import WAIT_SECONDS, Challenged, CodeWanted
from gateway.limits import holds, writes
from gateway.pages.about_you import detail_errors, typed_details
from gateway.pages.addresses import address, asked, page
from gateway.pages.blueprints import booking
from gateway.pages.board import build_board, local_day
from gateway.pages.catalogue import in_words
from gateway.pages.crossing import form_key, key_for, renew_form_key
from gateway.pages.draft import Draft, HeldTime, current_draft, keep
from gateway.pages.drawing import draws_to_come
from gateway.pages.month import parse_day
from gateway.pages.notices import TIME_REFUSALS, VISIT_REFUSALS, notice
from gateway.pages.pairs import collects, days_for, extend_both, release_both, wait_for
from gateway.pages.texts import _
from gateway.passing import passing
from gateway.rpc import services
from services.contracts.appointments import Hold, HoldRef, HoldSlot
from services.contracts.base import Done
from services.messaging.errors import Refusal, Unavailable

EARLIEST_YEAR = 2000
LATEST_YEAR = 9000
"""Years between which an instant can be shown in every time zone."""


@page(booking, "time")
def ask_time() -> ResponseReturnValue:
    """Show free days and the times of one of them."""
    draft = current_draft()
    if draft.first_open_step() in ("product", "location"):
        return redirect(address(draft.first_open_step()), 303)
    return time_page(draft, told=notice(asked("notice")))


@page(booking, "time", method="POST")
@holds
def choose_time() -> ResponseReturnValue:
    """Hold the chosen time for ten minutes, and give back the one that was held before."""
    draft = current_draft()
    if draft.first_open_step() in ("product", "location"):
        return redirect(address(draft.first_open_step()), 303)
    day = parse_day(request.form.get("day", ""))
    starts_at = instant(request.form.get("alternative") or request.form.get("time", ""))
    if starts_at is None:
        return time_page(draft, day=day, errors={"time": _("Choose a time for your appointment")})
    if collects(draft):
        keep(replace(draft, request_at=starts_at))
        return redirect(address("collection"), 303)
    if not _keeps(draft, starts_at):
        return take_time(draft, starts_at, solution=request.form.get("solution", "")[:2000], day=day)
    return redirect(address(current_draft().first_open_step()), 303)


def take_time(draft: Draft, starts_at: datetime, *, solution: str, day: date | None = None) -> ResponseReturnValue:
    """Hold a time and go on; or say what comes first, or why it cannot be had."""
    try:
        hold_time(draft, starts_at, solution=solution)
    except (Challenged, CodeWanted) as first:
        return proof_page(starts_at, challenged=first if isinstance(first, Challenged) else None)
    except Refusal as refusal:
        if refusal.code in VISIT_REFUSALS:
            return redirect(address("product", notice=refusal.code), 303)
        if refusal.code not in TIME_REFUSALS:
            raise
        renew_form_key()
        return time_page(
            draft,
            day=day or local_day(starts_at),
            errors={"time": _(TIME_REFUSALS[refusal.code])},
            alternatives=alternatives(refusal),
            solution=solution,
        )
    return redirect(address(current_draft().first_open_step()), 303)


def proof_page(
    starts_at: datetime, *, challenged: Challenged | None = None, email: str = "", errors: dict[str, str] | None = None
) -> ResponseReturnValue:
    """Return the page on which a sum is done, or a code is asked for, before a time is held."""
    return (
        render_template(
            "proof.html",
            challenge=json.dumps(challenged.challenge) if challenged else "",
            waited=challenged.ticket if challenged else "",
            seconds=WAIT_SECONDS,
            starts_at=starts_at,
            email=email,
            errors=errors or {},
            key=form_key(),
        ),
        422 if errors else 200,
    )


def _keeps(draft: Draft, starts_at: datetime) -> bool:
    held = draft.held
    return held is not None and held.starts_at == starts_at and not held.over(services().clock.now())


def hold_time(draft: Draft, starts_at: datetime, *, solution: str = "") -> None:
    """Hold a time and keep it in the draft; the time that was held before goes back.

    Raises: Refusal, Unavailable, TooMany, Challenged or CodeWanted (a proof comes first).
    """
    wish = {**draft.visit(), "starts_at": starts_at, "channel": "web"}
    before = draft.held.hold_id if draft.held else ""  # back to an earlier time on the same page is a new wish
    key = key_for("hold", before, starts_at.isoformat(), draft.location_id, draft.products)
    with passing(wish, solution=solution, key=key):
        hold = services().tell("appointments.hold_slot", HoldSlot, Hold, wish, key=key)
    previous = draft.held
    keep(replace(draft, held=held_time(hold, hold["secret"])))
    if previous is not None and previous.hold_id != str(hold["hold_id"]):
        give_back(previous)


def held_time(hold: dict[str, Any], secret: str) -> HeldTime:
    """Return what the draft remembers of a hold."""
    return HeldTime(
        hold_id=str(hold["hold_id"]),
        secret=secret,
        starts_at=hold["starts_at"],
        minutes=(hold["ends_at"] - hold["starts_at"]) // timedelta(minutes=1),
        expires_at=hold["expires_at"],
        extendable=hold["extendable"],
    )


def give_back(held: HeldTime) -> None:
    """Give a held time back at once; when that fails it goes back by itself after ten minutes."""
    try:
        if held.collected_at:
            release_both(held)
        else:
            ref = {"hold_id": held.hold_id, "secret": held.secret}
            services().tell("appointments.release_hold", HoldRef, Done, ref)
    except (Refusal, Unavailable):
        return


def alternatives(refusal: Refusal) -> list[datetime]:
    """Return the nearest free times that came with a refusal."""
    told = refusal.facts.get("alternatives", [])
    return [start for start in map(instant, told if isinstance(told, list) else []) if start]


def instant(text: object) -> datetime | None:
    """Return an instant of this age written in ISO 8601 with its offset, or None."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo and EARLIEST_YEAR < moment.year < LATEST_YEAR else None


def time_page(
    draft: Draft,
    *,
    told: str = "",
    day: date | None = None,
    errors: dict[str, str] | None = None,
    alternatives: list[datetime] | None = None,
    solution: str = "",
) -> ResponseReturnValue:
    """Return the page with days and times; 422 when it tells of an error."""
    held = draft.held if draft.held and not draft.held.over(services().clock.now()) else None
    if day is None and draft.request_at and not asked("day") and not asked("month"):
        day = local_day(draft.request_at)
    try:
        days = days_for(draft.visit(), with_collection=collects(draft))
        board = build_board(draft.visit(), page="time", held=held.starts_at if held else None, day=day, days=days)
    except Refusal as refusal:
        if refusal.code not in VISIT_REFUSALS:
            raise
        return redirect(address("product", notice=refusal.code), 303)
    return (
        render_template(
            "time.html",
            board=board,
            told=told,
            errors=errors or {},
            alternatives=alternatives or [],
            key=form_key(),
            solution=solution,
            held=held,
            wished=draft.request_at,
            visit=in_words(draft.products, draft.location_id),
            wait=wait_for(draft.products, board.first_free),
            draws=draws_to_come([product for product, _ in draft.products]),
        ),
        422 if errors else 200,
    )


@page(booking, "extend", method="POST")
@writes
def extend() -> ResponseReturnValue:
    """Hold the time for ten more minutes, once, and go back to the page that asked."""
    draft = current_draft()
    if "name" in request.form:  # pressed while typing the details
        typed = typed_details()
        keep(draft.with_typed(typed, valid=False))
        bound = in_words(draft.products, draft.location_id).bound
        draft = draft.with_typed(typed, valid=not detail_errors(typed, bound=bound))
        keep(draft)
    back = request.form.get("back", "")
    back = back if back in ("details", "check") else "details"
    if draft.held is None:
        return redirect(address(draft.first_open_step()), 303)
    held = draft.held
    try:
        longer = _extended(held, key=key_for("extend", held.hold_id))
    except Refusal as refusal:
        if refusal.code == "hold-not-extendable":
            keep(replace(draft, held=replace(held, extendable=False)))
            return redirect(address(back, notice="not-extendable"), 303)
        return lost_hold(draft)
    keep(replace(draft, held=longer))
    return redirect(address(back, notice="extended"), 303)


def _extended(held: HeldTime, *, key: str) -> HeldTime:
    if held.collected_at:
        return extend_both(held, key=key)
    ref = {"hold_id": held.hold_id, "secret": held.secret}
    return held_time(services().tell("appointments.extend_hold", HoldRef, Hold, ref, key=key), held.secret)


def lost_hold(draft: Draft) -> ResponseReturnValue:
    """Go back to the page with times with everything but the held time, and say why."""
    day = local_day(draft.held.starts_at).isoformat() if draft.held else ""
    keep(replace(draft, held=None, request_at=None))
    return redirect(address("time", notice="expired", day=day), 303)


@page(booking, "stop", method="POST")
def stop() -> ResponseReturnValue:
    """Forget everything and give the time back."""
    held = current_draft().held
    keep(Draft())
    if held is not None:
        give_back(held)
    return redirect(address("start", notice="stopped"), 303)
