"""What happens because time passes: due messages are sent, and those whose sender died are looked after.

Sending one message: claim it (a transaction) - ask whom and write the mail (no transaction) - note that the mail
server will be told (a transaction) - tell it (no transaction) - note what it said (a transaction). A crash leaves a
lease that lapses. After the hand-over nobody knows whether the server took the mail: a confirmation then goes again,
with the same Message-ID and the same calendar entry; a reminder does not, since a second one would alarm.
"""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from services.contracts.notifications import MessageFailed, MessageSent
from services.messaging.database import Transactions
from services.messaging.errors import Malformed, Refusal, Unavailable
from services.messaging.log import get_logger, set_correlation
from services.messaging.rpc_client import RpcFault
from services.messaging.work import Work
from services.notifications import figures, storage
from services.notifications.catalogue import Catalogue
from services.notifications.domain.message import OF_NO_APPOINTMENT, QUESTIONS, Kind, Message, Reason, State
from services.notifications.domain.trouble import GIVE_UP_AFTER, pause_when_postponed, pause_while_unreachable
from services.notifications.mail import Posted, Unsendable, posted
from services.notifications.outside.smtp import (
    LONGEST_SECONDS,
    MailOutcomeUnknown,
    MailPostponed,
    MailRefused,
    MailTrouble,
    MailUnreachable,
    SmtpMail,
)
from services.notifications.rendering import Letter, Templates
from services.notifications.settings import MailSettings
from services.notifications.storage import Lease, Proof
from services.notifications.wording import code_letter, draw_letter, letter_for

log = get_logger()

LEASE = timedelta(seconds=60)
HAND_OVER_LEASE = timedelta(seconds=LONGEST_SECONDS + 5)
"""Longer than a conversation with the mail server can last: nobody takes a message over while it is being sent."""
LATE = timedelta(minutes=1)
_GONE = ("appointment-unknown", "code-over", "draw-request-unknown")
_NOT_WANTED = ("draw-request-over",)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A mail that is ready, and for whom."""

    posted: Posted
    recipient: str
    proof: Proof


class Sender:
    """Sends what is due, one message at a time; several senders at once are harmless."""

    def __init__(
        self,
        transactions: Transactions,
        *,
        catalogue: Catalogue,
        post: SmtpMail,
        templates: Templates,
        settings: MailSettings,
    ) -> None:
        self._transactions = transactions
        self._catalogue = catalogue
        self._post = post
        self._templates = templates
        self._settings = settings

    def send_next(self) -> bool:
        """Send the message that has been due longest; return whether there may be another one to do at once.

        Raises: Unavailable (mail server or appointments cannot be reached: the job slows down).
        """
        held = self._claim()
        if held is None:
            return False
        set_correlation(held.message.correlation_id)
        reason = self._unwanted(held.message)
        if reason is not None:
            self._withdraw(held, reason)
            return True
        ready = self._prepare(held)
        if ready is not None:
            self._hand_over(held, ready)
        return True

    # --- before

    def _claim(self) -> Lease | None:
        with self._transactions.work() as work:
            return storage.claim_due(work, LEASE)

    def _unwanted(self, message: Message) -> Reason | None:
        """Return why a reminder, offer, question, code, or the word that somebody takes part in a draw must not go.

        Everything else is always wanted.
        """
        if message.kind in (Kind.CODE, Kind.DRAW_ENTERED):
            late = message.expires_at is not None and self._transactions.clock.now() >= message.expires_at
            return Reason.EXPIRED if late else None
        if message.kind not in (Kind.REMINDER, Kind.OFFER, *QUESTIONS) or message.facts is None:
            return None
        with self._transactions.reading() as reading:
            seen = storage.what_was_seen(reading, message.appointment_id)
            if message.expires_at is not None and reading.now >= message.expires_at:
                return Reason.EXPIRED
        if seen is None or not seen.booked:
            return Reason.CANCELLED
        if message.kind is Kind.OFFER:
            return None  # a visit that moves may keep its offer: OfferEnded says when it does not
        return None if seen.starts_at == message.facts.starts_at else Reason.MOVED

    def _prepare(self, held: Lease) -> _Ready | None:
        """Return the mail, or None when it cannot be made and the message has been settled or put back."""
        try:
            return self._written(held.message)
        except Refusal as refusal:
            if refusal.code in _NOT_WANTED:
                self._withdraw(held, Reason.SUPERSEDED)
            elif refusal.code in _GONE:
                self._fail(held, Reason.CONTACT_GONE)
            else:
                raise
        except (Unavailable, RpcFault, Malformed) as error:
            self._put_back(held, Reason.SERVICE_UNAVAILABLE, pause_while_unreachable(held.message.attempts))
            raise Unavailable("Appointments cannot be asked now.") from error
        except Unsendable:
            self._fail(held, Reason.UNSENDABLE)
        return None

    def _written(self, message: Message) -> _Ready:
        contact, letter = self._letter_of(message)
        rendered = self._templates.render(letter)
        ready = posted(
            message,
            letter,
            rendered,
            recipient=contact["email"],
            settings=self._settings,
            at=self._transactions.clock.now(),
        )
        content = "\0".join((rendered.subject, rendered.text, rendered.html)).encode()
        proof = Proof(self._templates.version, letter.language, ready.header_id, hashlib.sha256(content).digest())
        return _Ready(ready, contact["email"], proof)

    def _letter_of(self, message: Message) -> tuple[Mapping[str, Any], Letter]:
        match message.kind:
            case Kind.CODE:
                return self._code_letter(message)
            case Kind.DRAW_ENTERED | Kind.DRAW_LOST:
                return self._draw_letter(message)
            case _:
                return self._letter(message)

    def _letter(self, message: Message) -> tuple[Mapping[str, Any], Letter]:
        contact = self._catalogue.contact_of(message.appointment_id)
        letter = letter_for(
            message,
            contact,
            catalogue=self._catalogue,
            templates=self._templates,
            public_url=self._settings.public_url,
            answers_are_read=self._settings.reply_to is not None,
        )
        return contact, letter

    def _code_letter(self, message: Message) -> tuple[Mapping[str, Any], Letter]:
        mailed = self._catalogue.mail_code(message.appointment_id)
        return mailed, code_letter(mailed, answers_are_read=self._settings.reply_to is not None)

    def _draw_letter(self, message: Message) -> tuple[Mapping[str, Any], Letter]:
        if message.draw_id is None:
            raise ValueError("a message about a draw does not say which")
        contact = self._catalogue.draw_contact(message.appointment_id, message.draw_id)
        letter = draw_letter(
            message,
            contact,
            catalogue=self._catalogue,
            templates=self._templates,
            public_url=self._settings.public_url,
            answers_are_read=self._settings.reply_to is not None,
        )
        return contact, letter

    # --- the hand-over

    def _hand_over(self, held: Lease, ready: _Ready) -> None:
        with self._transactions.work() as work:
            still_ours = storage.note_hand_over(work, held, HAND_OVER_LEASE)
        if not still_ours:
            log.info("message_taken_away", kind=held.message.kind, message_id=held.message.id)
            return
        started = time.monotonic()
        outcome = "accepted"
        try:
            self._post.send(ready.posted.mail, sender=self._settings.sender, recipient=ready.recipient)
        except MailTrouble as trouble:
            outcome = type(trouble).__name__
            self._after_trouble(held, trouble)
        else:
            self._done(held, ready.proof)
        finally:
            figures.hand_over_seconds.labels(outcome).observe(time.monotonic() - started)

    # --- after

    def _done(self, held: Lease, proof: Proof) -> None:
        message = held.message
        with self._transactions.work() as work:
            noted = storage.note_sent(work, held, proof)
            if noted:
                _publish(work, MessageSent, message)
            waited = work.now - message.not_before
        if not noted:
            log.warning("message_sent_after_its_lease", kind=message.kind, message_id=message.id)
            return
        figures.messages.labels(message.kind, State.SENT).inc()
        figures.due_to_sent_seconds.labels(message.kind).observe(waited.total_seconds())
        if message.kind is Kind.REMINDER and waited > LATE:
            figures.reminders_late.inc()
        log.info("message_sent", kind=message.kind, message_id=message.id, appointment_id=message.appointment_id)

    def _after_trouble(self, held: Lease, trouble: MailTrouble) -> None:
        message = held.message
        log.warning(
            "mail_not_taken",
            kind=message.kind,
            message_id=message.id,
            reason=type(trouble).__name__,
            state=trouble.stage,
            code=trouble.code,
        )
        match trouble:
            case MailRefused():
                self._fail(held, Reason.MAIL_REFUSED)
            case MailOutcomeUnknown() if not message.may_be_sent_twice():
                self._fail(held, Reason.OUTCOME_UNKNOWN)
            case MailPostponed() if self._transactions.clock.now() - message.not_before > GIVE_UP_AFTER:
                self._fail(held, Reason.GAVE_UP)
            case MailPostponed() | MailOutcomeUnknown():
                self._put_back(held, Reason.MAIL_POSTPONED, pause_when_postponed(message.attempts))
            case MailUnreachable():
                self._put_back(held, Reason.MAIL_UNREACHABLE, pause_while_unreachable(message.attempts))
                raise Unavailable("The mail server cannot be reached.") from trouble

    def _fail(self, held: Lease, reason: Reason) -> None:
        with self._transactions.work() as work:
            fail(work, held, reason)

    def _withdraw(self, held: Lease, reason: Reason) -> None:
        with self._transactions.work() as work:
            storage.note_withdrawn(work, held, reason)
        figures.messages.labels(held.message.kind, State.WITHDRAWN).inc()
        log.info("message_withdrawn", kind=held.message.kind, message_id=held.message.id, reason=reason)

    def _put_back(self, held: Lease, reason: Reason, pause: timedelta) -> None:
        with self._transactions.work() as work:
            storage.postpone(work, held, reason, pause)


def look_after_lapsed(transactions: Transactions) -> bool:
    """Take back the messages whose sender has gone; return whether there may be more."""
    with transactions.work() as work:
        lapsed = storage.lapsed(work)
        for held in lapsed:
            message = held.message
            if message.handed_over_at is not None and not message.may_be_sent_twice():
                fail(work, held, Reason.OUTCOME_UNKNOWN)
            else:
                storage.postpone(work, held, Reason.LEASE_EXPIRED, pause_when_postponed(message.attempts))
            log.warning("lease_expired", kind=message.kind, message_id=message.id, attempts=message.attempts)
    return False


def fail(work: Work, held: Lease, reason: Reason) -> None:
    """Note that a message will never arrive and tell the others, unless its lease was lost."""
    message = held.message
    if not storage.note_failed(work, held, reason):
        return
    _publish(work, MessageFailed, message)
    figures.messages.labels(message.kind, State.FAILED).inc()
    log.error("message_failed", kind=message.kind, message_id=message.id, reason=reason)


def measure(transactions: Transactions) -> bool:
    """Measure how long the oldest due message has waited."""
    with transactions.reading() as reading:
        since = storage.oldest_due_at(reading)
        figures.oldest_due_seconds.set(0 if since is None else (reading.now - since).total_seconds())
    return False


def _publish(work: Work, event: type[MessageSent] | type[MessageFailed], message: Message) -> None:
    if message.kind in OF_NO_APPOINTMENT:
        return
    work.correlation_id, work.causation_id = message.correlation_id, str(message.event_id)
    work.publish(
        event,
        about=message.id,
        version=1,
        message_id=message.id,
        appointment_id=message.appointment_id,
        kind=message.kind,
        channel="email",
    )
