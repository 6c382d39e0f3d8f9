"""Asking for a place in a draw, and giving it up. When somebody asks, and how often, changes nothing of his chance."""

from typing import Any
from uuid import UUID

from services.appointments import figures, queries
from services.appointments.codes import Codes
from services.appointments.commands.codes import tried
from services.appointments.commands.people import holder_from
from services.appointments.domain.drawing import NUMBER_BYTES, new_number
from services.appointments.domain.draws import Draw, DrawRequest, Entry, RequestState
from services.appointments.domain.errors import (
    DrawRequestOver,
    DrawRequestUnknown,
    DrawUnknown,
    EnteredAlready,
    TooManyLive,
)
from services.appointments.links import Links
from services.appointments.people import People
from services.appointments.storage import draw_requests, draws
from services.contracts import appointments as contracts
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()


def enter_draw(
    work: Work,
    mailed: Codes,
    people: People,
    *,
    draw_id: UUID,
    code_id: UUID | None,
    code: str | None,
    **asked: Any,
) -> dict[str, Any]:
    """Let somebody take part in a draw; `asked` is what he wishes and tells about himself.

    Who asks on the web has typed a code that was mailed to his address; for others staff ask. A wrong code is an
    answer and no refusal: the attempt must stay counted.

    Raises: DrawUnknown, DrawClosed, EnteredAlready, TooManyLive (this person has such an appointment), NotOfferedHere,
    DrawWishImpossible, VisitTooLong, Malformed.
    """
    drawn = draws.share_draw(work, draw_id)
    if drawn is None:
        raise DrawUnknown
    drawn.check_open(work.now)
    request = _request(work, people, drawn, asked)
    queries.check_wish(work, drawn, request)
    if code_id is not None:
        passed, attempts_left = tried(work, mailed, code_id=code_id, code=code or "", email=request.holder.email)
        if not passed:
            return {"passed": False, "attempts_left": attempts_left, "entered": None}
    if draw_requests.has_visit_ahead(work, request):
        raise TooManyLive(product_ids=[drawn.product_id])
    if not draw_requests.add_request(work, request):
        raise EnteredAlready
    entry = enter(work, drawn, request)
    facts = {"request_id": request.id, "draw_id": draw_id, "draws_at": drawn.batch.draws_at}
    work.publish(contracts.DrawEntered, about=request.id, version=request.version, **facts)
    figures.draw_requests.labels(drawn.product_id, request.channel).inc()
    log.info("draw_entered", request_id=request.id, draw_id=draw_id, channel=request.channel)
    return {"passed": True, "attempts_left": 0, "entered": queries.entered_reply(drawn, request, entry)}


def enter(work: Work, drawn: Draw, request: DrawRequest) -> Entry:
    """Let a stored request take part in a draw that the caller shares, under a number that nobody has there."""
    while True:
        entry = Entry(drawn.id, request.id, new_number(work.token(NUMBER_BYTES)))
        if draw_requests.add_entry(work, entry):
            return entry


def withdraw_request(work: Work, links: Links, *, request_id: UUID, secret: str) -> dict[str, Any]:
    """Take a request out of its draw, and out of all that would follow; twice is the same as once.

    Raises: DrawRequestUnknown, DrawRequestOver (it has its place already, or has ended).
    """
    known = draw_requests.open_entry(work, request_id)
    if known is not None:
        draws.share_draw(work, known.draw_id)  # first: lots may be being drawn at this moment
    request = draw_requests.lock_request(work, request_id)
    if request is None or not links.opens(request.id, 1, secret):
        raise DrawRequestUnknown
    if request.state is RequestState.WITHDRAWN:
        return {}
    entry = draw_requests.open_entry(work, request_id)
    if request.state is not RequestState.LIVE or (entry is not None and entry.appointment_id is not None):
        raise DrawRequestOver
    if entry is not None and entry.turn is None:
        draw_requests.remove_entry(work, entry)
    draw_requests.change_request(work, request.ended(RequestState.WITHDRAWN, work.now))
    log.info("draw_request_withdrawn", request_id=request.id)
    return {}


def _request(work: Work, people: People, drawn: Draw, asked: dict[str, Any]) -> DrawRequest:
    """Return what somebody asks.

    Raises: Malformed (born in the future).
    """
    return DrawRequest(
        id=work.new_id(),
        product_id=drawn.product_id,
        location_ids=frozenset(asked["location_ids"]),
        weekdays=frozenset(asked["weekdays"]) & drawn.batch.weekdays,
        parts_of_day=frozenset(asked["parts_of_day"]),
        persons=asked["persons"],
        channel=asked["channel"],
        holder=holder_from(work, people, asked, bound=True),
        created_at=work.now,
    )
