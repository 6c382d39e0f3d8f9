"""A request for a draw: come in through its link, look how it fared, withdraw it. Only a POST changes things."""

from typing import Any
from uuid import UUID

from flask import current_app, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from gateway.limits import writes
from gateway.pages.addresses import PAGE_LANGUAGES, address, asked, page
from gateway.pages.blueprints import managing
from gateway.pages.catalogue import locations, products
from gateway.pages.crossing import key_for
from gateway.pages.draw_draft import RequestKey, current_request_key, give_key
from gateway.pages.entering import part_words
from gateway.pages.notices import notice
from gateway.rpc import services
from services.contracts.appointments import DrawRequestDetails, DrawRequestRef
from services.contracts.base import Done
from services.messaging.errors import Refusal
from services.presenting import times
from services.presenting.links import draw_request_link, manage_link

LONGEST_SECRET = 64


@managing.get("/<language>/l/<request_id>/<secret>")
def request_link(language: str, request_id: str, secret: str) -> ResponseReturnValue:
    """Take the key out of the address and lead on. Nothing changes, so that mail scanners may come along."""
    g.lang = language if language in PAGE_LANGUAGES else "en"
    try:
        key = RequestKey(str(UUID(request_id)), secret)
    except ValueError:
        return _no_key()
    if len(secret) > LONGEST_SECRET:
        return _no_key()
    give_key(key)
    return redirect(address("draw_request"), 303)


@page(managing, "draw_done")
def done() -> ResponseReturnValue:
    """Confirm that somebody takes part, and tell him his number."""
    return _request_page("draw_done.html")


@page(managing, "draw_request")
def show_request() -> ResponseReturnValue:
    """Show a request, how it fared, and what can be done with it."""
    return _request_page("draw_request.html")


@page(managing, "draw_withdraw", method="POST")
@writes
def withdraw() -> ResponseReturnValue:
    """Withdraw the request that the page showed; twice is the same as once."""
    key = current_request_key()
    if key is None:
        return _no_key()
    if request.form.get("request", "") != key.request_id:  # another one was opened in the meantime
        return redirect(address("draw_request"), 303)
    try:
        services().tell(
            "appointments.withdraw_draw_request",
            DrawRequestRef,
            Done,
            key.ref(),
            key=key_for("draw-withdraw", key.request_id),
        )
    except Refusal as refusal:
        if refusal.code == "draw-request-unknown":
            return _no_key()
        if refusal.code != "draw-request-over":
            raise
        return redirect(address("draw_request", notice="request-over"), 303)
    return redirect(address("draw_request", notice="withdrawn"), 303)


def _no_key() -> ResponseReturnValue:
    """Lead to the draws, and take back a key that opens nothing."""
    if current_request_key() is not None:
        give_key(None)
    return redirect(address("draws", notice="draw-link"), 303)


def _request_page(template: str) -> ResponseReturnValue:
    key = current_request_key()
    read = None if key is None else _read(key)
    if key is None or read is None:
        return _no_key()
    known, words = locations(), part_words()
    public_url = current_app.extensions["settings"].public_url
    won = next((entry["appointment"] for entry in read["entries"] if entry["appointment"]), None)
    return render_template(
        template,
        request=read,
        now=read["entries"][0] if read["entries"] else None,
        product=products().get(read["product_id"]),
        places=[known[place]["name"] for place in read["location_ids"] if place in known],
        weekdays=[times.weekdays(g.lang)[day][1] for day in read["weekdays"]],
        parts_of_day=[words[part] for part in words if part in read["parts_of_day"]],
        link=draw_request_link(public_url, g.lang, key.request_id, key.secret),
        won=won and manage_link(public_url, g.lang, won["reference"], won["secret"]),
        told=notice(asked("notice")),
    )


def _read(key: RequestKey) -> dict[str, Any] | None:
    """Return the request that a key opens, or None when it opens nothing.

    Raises: Unavailable.
    """
    try:
        return services().ask("appointments.draw_request", DrawRequestRef, DrawRequestDetails, key.ref())
    except Refusal as refusal:
        if refusal.code != "draw-request-unknown":
            raise
        return None
