"""What facts about records of the civil registry make us tell declarants, undertakers and partners.

The facts of one record come in their order, so that each decides about what was planned before it.
"""

from collections.abc import Mapping

from services.contracts import civil_registry as contracts
from services.messaging.envelope import Envelope
from services.messaging.log import get_logger
from services.messaging.work import Work
from services.notifications import storage
from services.notifications.domain.message import Message, MessageId, Reason
from services.notifications.domain.records import (
    ASKING,
    ENDS_CEREMONY,
    IN_CALENDAR,
    Receiver,
    RecordFacts,
    answer_window,
)
from services.notifications.domain.records import RecordKind as Kind
from services.notifications.domain.reminder import Window
from services.presenting.times import HOME

log = get_logger()


def _declarant(kind: Kind) -> dict[Receiver, Kind]:
    return {Receiver.DECLARANT: kind}


def _both(kind: Kind) -> dict[Receiver, Kind]:
    return dict.fromkeys(Receiver, kind)


LETTERS: Mapping[type[contracts.RecordEvent], Mapping[Receiver, Kind]] = {
    contracts.BirthAwaitsConfirmation: _declarant(Kind.BIRTH_AWAITS_CONFIRMATION),
    contracts.BirthDeclarationSubmitted: _declarant(Kind.BIRTH_SUBMITTED),
    contracts.BirthConfirmed: _declarant(Kind.BIRTH_SUBMITTED),
    contracts.BirthConfirmationDiffers: _declarant(Kind.BIRTH_DIFFERS),
    contracts.BirthInformationRequested: _declarant(Kind.BIRTH_QUESTION),
    contracts.BirthRegistered: _declarant(Kind.BIRTH_REGISTERED),
    contracts.BirthDeclarationRefused: _declarant(Kind.BIRTH_REFUSED),
    contracts.BirthDeclarationClosedAsDuplicate: _declarant(Kind.BIRTH_DUPLICATE),
    contracts.BirthDeclarationRedirected: _declarant(Kind.BIRTH_REDIRECTED),
    contracts.BirthDeclarationWithdrawn: _declarant(Kind.BIRTH_WITHDRAWN),
    contracts.BirthDeclarationLapsed: _declarant(Kind.BIRTH_LAPSED),
    contracts.DeathDeclarationSubmitted: _declarant(Kind.DEATH_SUBMITTED),
    contracts.DeathInformationRequested: _declarant(Kind.DEATH_QUESTION),
    contracts.DeathRegistered: _declarant(Kind.DEATH_REGISTERED),
    contracts.DeathDeclarationRefused: _declarant(Kind.DEATH_REFUSED),
    contracts.DeathDeclarationClosedAsDuplicate: _declarant(Kind.DEATH_DUPLICATE),
    contracts.DeathDeclarationWithdrawn: _declarant(Kind.DEATH_WITHDRAWN),
    contracts.DeathDeclarationLapsed: _declarant(Kind.DEATH_LAPSED),
    contracts.OriginalsReminded: _declarant(Kind.ORIGINALS_REMINDED),
    contracts.PermitIssued: _declarant(Kind.PERMIT_ISSUED),
    contracts.PermitAmended: _declarant(Kind.PERMIT_AMENDED),
    contracts.PermitRefused: _declarant(Kind.PERMIT_REFUSED),
    contracts.PermitRevoked: _declarant(Kind.PERMIT_REVOKED),
    contracts.FuneralTermDecided: _declarant(Kind.FUNERAL_TERM_DECIDED),
    contracts.FuneralTermNear: _declarant(Kind.FUNERAL_TERM_NEAR),
    contracts.PartnerInvited: {Receiver.DECLARANT: Kind.PARTNER_AWAITED, Receiver.PARTNER: Kind.PARTNER_INVITED},
    contracts.PartnerReminded: {Receiver.PARTNER: Kind.PARTNER_REMINDED},
    contracts.PartnerDeclined: _declarant(Kind.PARTNER_DECLINED),
    contracts.MarriageNoticeSubmitted: _both(Kind.MARRIAGE_SUBMITTED),
    contracts.MarriageInformationRequested: _both(Kind.MARRIAGE_QUESTION),
    contracts.MarriageNoticeAccepted: _both(Kind.MARRIAGE_ACCEPTED),
    contracts.CeremonyScheduled: _both(Kind.CEREMONY_SCHEDULED),
    contracts.CeremonyRescheduled: _both(Kind.CEREMONY_RESCHEDULED),
    contracts.PlanningReminded: _both(Kind.PLANNING_REMINDED),
    contracts.ObjectionRecorded: _both(Kind.MARRIAGE_OBJECTED),
    contracts.ObjectionLifted: _both(Kind.OBJECTION_LIFTED),
    contracts.MarriageNoticeRefused: _both(Kind.MARRIAGE_REFUSED),
    contracts.MarriageNoticeExpired: _both(Kind.MARRIAGE_EXPIRED),
    contracts.MarriageNoticeLapsed: _declarant(Kind.MARRIAGE_LAPSED),
    contracts.MarriageNoticeWithdrawn: _both(Kind.MARRIAGE_WITHDRAWN),
    contracts.MarriageRegistered: _both(Kind.MARRIAGE_REGISTERED),
}
"""To whom a fact is told, and by which message. All other facts are the office's own business."""
_BY_TYPE = {event.type: letters for event, letters in LETTERS.items()}


def on_record_fact(work: Work, event: Envelope) -> None:
    """Tell whoever it concerns what happened to a record, and end what an earlier fact had planned."""
    # While a question is open nothing happens to a record but its answer or its end.
    storage.withdraw_record_questions(work, event.aggregate_id, Reason.ANSWERED)
    for receiver, kind in _BY_TYPE.get(event.type, {}).items():
        _tell(work, event, kind, receiver)


def _tell(work: Work, event: Envelope, kind: Kind, receiver: Receiver) -> None:
    cancels = False
    if kind in IN_CALENDAR or kind in ENDS_CEREMONY:
        storage.withdraw_ceremony(work, event.aggregate_id, receiver, Reason.SUPERSEDED)
        cancels = kind in ENDS_CEREMONY and storage.calendar_holds_ceremony(work, event.aggregate_id, receiver)
    storage.add(work, _message(work, event, kind, RecordFacts(receiver, cancels=cancels)))
    if kind in ASKING and event.data["answer_by"] is not None:
        window = answer_window(event.data["answer_by"], asked_at=work.now, zone=HOME)
        if window is not None:
            storage.add(work, _message(work, event, Kind.ANSWER_REMINDER, RecordFacts(receiver), window))
    log.info("message_planned", kind=kind, record_id=event.aggregate_id, version=event.version)


def _message(work: Work, event: Envelope, kind: Kind, facts: RecordFacts, window: Window | None = None) -> Message:
    return Message(
        id=MessageId(work.new_id()),
        dedupe_key=f"{kind}:{event.id}:{facts.receiver}",
        about=event.aggregate_id,
        version=event.version,
        kind=kind,
        not_before=work.now if window is None else window.not_before,
        expires_at=None if window is None else window.expires_at,
        facts=facts,
        event_id=event.id,
        correlation_id=event.correlation_id,
        created_at=work.now,
    )
