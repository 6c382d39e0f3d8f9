"""What facts about appointments make us tell their holders. One message per fact; the inbox keeps twins out.

Facts may come late or out of order. The newest version decides about reminders; a fact that comes after a newer one
was heard is kept as a withdrawn message, because mail about a time that no longer holds would mislead.
"""

from dataclasses import replace

from services.messaging.envelope import Envelope
from services.messaging.log import get_logger
from services.messaging.work import Work
from services.notifications import storage
from services.notifications.domain.message import AppointmentId, Facts, Kind, Message, MessageId, Reason, State
from services.notifications.domain.reminder import reminder_window
from services.notifications.storage import Seen
from services.presenting.times import HOME

log = get_logger()

_WHY_NOT_REMIND = {
    Kind.MOVED: Reason.MOVED,
    Kind.CANCELLED: Reason.CANCELLED,
    Kind.AFFECTED: Reason.AFFECTED,
    Kind.KEPT: Reason.SUPERSEDED,
}
"""Why reminders that were planned before a fact go; what still stands is planned anew."""


def on_appointment_booked(work: Work, event: Envelope) -> None:
    """Confirm a booking, and plan its reminder."""
    _tell(work, event, Kind.BOOKED)


def on_appointment_moved(work: Work, event: Envelope) -> None:
    """Confirm the new time, and remind of that one only."""
    _tell(work, event, Kind.MOVED)


def on_appointment_cancelled(work: Work, event: Envelope) -> None:
    """Confirm a cancellation, and remind of nothing."""
    _tell(work, event, Kind.CANCELLED)


def on_visit_affected(work: Work, event: Envelope) -> None:
    """Tell that a visit lost its counter and which time is proposed, and do not remind of it."""
    _tell(work, event, Kind.AFFECTED)


def on_visit_kept(work: Work, event: Envelope) -> None:
    """Tell that a visit can take place after all, and remind of it again."""
    _tell(work, event, Kind.KEPT)


def on_reconfirmation_asked(work: Work, event: Envelope) -> None:
    """Ask whether somebody comes, as long as there is time to answer; a second mail replaces a first that waits."""
    appointment_id, facts = AppointmentId(event.data["appointment_id"]), Facts.of_event(event.data)
    kind = Kind.RECONFIRM_AGAIN if event.data["again"] else Kind.RECONFIRM
    question = replace(_message(work, event, kind, facts), expires_at=event.data["answer_by"])
    if not storage.note_seen(work, appointment_id, Seen(event.data["version"], booked=True, starts_at=facts.starts_at)):
        storage.add(work, question, state=State.WITHDRAWN, reason=Reason.SUPERSEDED)
        return
    storage.withdraw_questions(work, appointment_id, Reason.SUPERSEDED)
    storage.add(work, question)
    log.info("message_planned", kind=kind, appointment_id=appointment_id, version=event.data["version"])


def on_appointment_reconfirmed(work: Work, event: Envelope) -> None:
    """Ask no more: who answered on the page has read there that all is well."""
    appointment_id = AppointmentId(event.data["appointment_id"])
    seen = Seen(event.data["version"], booked=True, starts_at=event.data["starts_at"])
    if storage.note_seen(work, appointment_id, seen):
        storage.withdraw_questions(work, appointment_id, Reason.ANSWERED)


def on_link_requested(work: Work, event: Envelope) -> None:
    """Send the secret link again. It tells no time, so it needs no facts."""
    storage.add(work, _message(work, event, Kind.LINK, None))
    log.info("message_planned", kind=Kind.LINK, appointment_id=event.data["appointment_id"])


def on_offer_made(work: Work, event: Envelope) -> None:
    """Tell of an earlier time while it can still be taken. It changes nothing that was said of the appointment."""
    offered = Message(
        id=MessageId(work.new_id()),
        dedupe_key=_offer_key(event),
        appointment_id=AppointmentId(event.data["appointment_id"]),
        version=event.data["appointment_version"],
        kind=Kind.OFFER,
        not_before=work.now,
        expires_at=event.data["expires_at"],
        facts=Facts.of_event(event.data),
        event_id=event.id,
        correlation_id=event.correlation_id,
        created_at=work.now,
    )
    storage.add(work, offered)
    log.info("message_planned", kind=Kind.OFFER, appointment_id=offered.appointment_id)


def on_offer_ended(work: Work, event: Envelope) -> None:
    """Tell no more of an offer that has ended; a mail that was sent already stays true about its deadline."""
    storage.withdraw_offer(work, _offer_key(event), Reason.OFFER_ENDED)


def _offer_key(event: Envelope) -> str:
    return f"{Kind.OFFER}:{event.data['offer_id']}"


def on_code_requested(work: Work, event: Envelope) -> None:
    """Send a code to somebody who wants a place, as long as the code lives."""
    code_id = event.data["code_id"]
    about = replace(event, data={"appointment_id": code_id, "version": event.version})
    storage.add(work, replace(_message(work, about, Kind.CODE, None), expires_at=event.data["expires_at"]))
    log.info("message_planned", kind=Kind.CODE, code_id=code_id)


def on_draw_entered(work: Work, event: Envelope) -> None:
    """Confirm that somebody takes part in a draw, until lots are drawn."""
    _tell_of_draw(work, event, Kind.DRAW_ENTERED)


def on_draw_lost(work: Work, event: Envelope) -> None:
    """Tell that there was no place left for somebody, and what now."""
    _tell_of_draw(work, event, Kind.DRAW_LOST)


def _tell_of_draw(work: Work, event: Envelope, kind: Kind) -> None:
    request_id = event.data["request_id"]
    about = replace(event, data={"appointment_id": request_id, "version": event.version})
    told = replace(
        _message(work, about, kind, None), draw_id=event.data["draw_id"], expires_at=event.data.get("draws_at")
    )
    storage.add(work, told)
    log.info("message_planned", kind=kind, request_id=request_id)


def _tell(work: Work, event: Envelope, kind: Kind) -> None:
    appointment_id = AppointmentId(event.data["appointment_id"])
    facts = Facts.of_event(event.data)
    stands = kind not in (Kind.CANCELLED, Kind.AFFECTED)
    seen = Seen(event.data["version"], booked=stands, starts_at=facts.starts_at)
    if not storage.note_seen(work, appointment_id, seen):
        late = _message(work, event, kind, facts)
        storage.add(work, late, state=State.WITHDRAWN, reason=Reason.SUPERSEDED)
        log.warning("message_superseded", kind=kind, appointment_id=appointment_id, version=seen.version)
        return
    storage.add(work, _message(work, event, kind, facts))
    if kind is not Kind.BOOKED:
        storage.withdraw_reminders(work, appointment_id, _WHY_NOT_REMIND[kind])
        storage.withdraw_questions(work, appointment_id, _WHY_NOT_REMIND[kind])
    if stands:
        _plan_reminder(work, event, facts)
    log.info("message_planned", kind=kind, appointment_id=appointment_id, version=seen.version)


def _plan_reminder(work: Work, event: Envelope, facts: Facts) -> None:
    """Plan the one reminder of this appointment at this time, in the past or the future of any earlier plan."""
    # All locations lie in the municipality, so that their zone is Enschede's.
    window = reminder_window(facts.starts_at, known_at=work.now, zone=HOME)
    if window is None:
        return
    appointment_id = AppointmentId(event.data["appointment_id"])
    reminder = Message(
        id=MessageId(work.new_id()),
        dedupe_key=f"{Kind.REMINDER}:{appointment_id}:{facts.starts_at.timestamp():.0f}",
        appointment_id=appointment_id,
        version=event.data["version"],
        kind=Kind.REMINDER,
        not_before=window.not_before,
        expires_at=window.expires_at,
        facts=facts,
        event_id=event.id,
        correlation_id=event.correlation_id,
        created_at=work.now,
    )
    if not storage.add(work, reminder):
        storage.revive_reminder(work, reminder)


def _message(work: Work, event: Envelope, kind: Kind, facts: Facts | None) -> Message:
    return Message(
        id=MessageId(work.new_id()),
        dedupe_key=f"{kind}:{event.id}",
        appointment_id=AppointmentId(event.data["appointment_id"]),
        version=event.data["version"],
        kind=kind,
        not_before=work.now,
        expires_at=None,
        facts=facts,
        event_id=event.id,
        correlation_id=event.correlation_id,
        created_at=work.now,
    )
