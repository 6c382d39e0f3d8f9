"""What happens because time passes: due messages are sent, and those whose sender died are looked after.

Sending one message: claim it (a transaction) - ask whom and write the mail (no transaction) - note that the mail
server will be told (a transaction) - tell it (no transaction) - note what it said (a transaction). A crash leaves a
lease that lapses. After the hand-over nobody knows whether the server took the mail: a confirmation then goes again,
with the same Message-ID and the same calendar entry; a reminder does not, since a second one would alarm.
"""

import time
from datetime import datetime, timedelta

from services.contracts.notifications import MessageFailed, MessageSent
from services.messaging.database import Transactions
from services.messaging.errors import Malformed, Refusal, Unavailable
from services.messaging.log import get_logger, set_correlation
from services.messaging.rpc_client import RpcFault
from services.messaging.work import Work
from services.notifications import figures, storage
from services.notifications.catalogue import Catalogue
from services.notifications.domain.message import (
    DISPENSABLE,
    OF_NO_APPOINTMENT,
    QUESTIONS,
    REMINDERS,
    AppointmentId,
    Facts,
    Kind,
    Message,
    Reason,
    State,
)
from services.notifications.domain.records import RecordKind
from services.notifications.domain.trouble import GIVE_UP_AFTER, pause_when_postponed, pause_while_unreachable
from services.notifications.mail import Unsendable
from services.notifications.outside.smtp import (
    LONGEST_SECONDS,
    MailOutcomeUnknown,
    MailPostponed,
    MailRefused,
    MailTrouble,
    MailUnreachable,
    SmtpMail,
)
from services.notifications.record_wording import Unwanted
from services.notifications.rendering import Templates
from services.notifications.settings import MailSettings
from services.notifications.storage import Lease, Proof
from services.notifications.writing import CrmSilent, Ready, Writer

log = get_logger()

LEASE = timedelta(seconds=60)
HAND_OVER_LEASE = timedelta(seconds=LONGEST_SECONDS + 5)
"""Longer than a conversation with the mail server can last: nobody takes a message over while it is being sent."""
LATE = timedelta(minutes=1)
REST = timedelta(seconds=5)
"""How long what a silent service has to be asked for is left alone, so that other mail does not wait behind it."""
ABOUT_VISITS: frozenset[Kind | RecordKind] = frozenset(Kind)
ABOUT_RECORDS: frozenset[Kind | RecordKind] = frozenset(RecordKind)
_GONE = ("appointment-unknown", "code-over", "draw-request-unknown", "record-unknown")
_NOT_WANTED = ("draw-request-over",)


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
        self._writer = Writer(catalogue=catalogue, templates=templates, settings=settings, clock=transactions.clock)
        self._post = post
        self._settings = settings
        self._resting: dict[frozenset[Kind | RecordKind], datetime] = {}

    def send_next(self) -> bool:
        """Send the message that has been due longest; return whether there may be another one to do at once.

        Raises: Unavailable (the mail server, or a service that must be asked, cannot be reached: the job slows down).
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
        now = self._transactions.clock.now()
        self._resting = {kinds: until for kinds, until in self._resting.items() if until > now}
        with self._transactions.work() as work:
            return storage.claim_due(work, LEASE, but=sorted({kind for kinds in self._resting for kind in kinds}))

    def _unwanted(self, message: Message) -> Reason | None:
        """Return why a reminder, offer, question, code, or the word that somebody takes part in a draw must not go.

        Everything else is always wanted.
        """
        if message.expires_at is not None and self._transactions.clock.now() >= message.expires_at:
            return Reason.EXPIRED
        if message.kind not in (Kind.REMINDER, Kind.OFFER, *QUESTIONS) or not isinstance(message.facts, Facts):
            return None
        with self._transactions.reading() as reading:
            seen = storage.what_was_seen(reading, AppointmentId(message.about))
        if seen is None or not seen.booked:
            return Reason.CANCELLED
        if message.kind is Kind.OFFER:
            return None  # a visit that moves may keep its offer: OfferEnded says when it does not
        return None if seen.starts_at == message.facts.starts_at else Reason.MOVED

    def _prepare(self, held: Lease) -> Ready | None:
        """Return the mail, or None when it cannot be made and the message has been settled or put back."""
        message = held.message
        try:
            return self._writer.written(message)
        except Refusal as refusal:
            if refusal.code in _NOT_WANTED:
                self._withdraw(held, Reason.SUPERSEDED)
            elif refusal.code in _GONE:
                self._fail(held, Reason.CONTACT_GONE)
            else:
                raise
        except CrmSilent:
            self._resting[DISPENSABLE] = self._transactions.clock.now() + REST
            self._put_back(held, Reason.SERVICE_UNAVAILABLE, pause_while_unreachable(message.attempts))
        except (Unavailable, RpcFault, Malformed) as error:
            if isinstance(error, Unavailable):
                # What another service has to be asked for goes on meanwhile.
                self._resting[ABOUT_RECORDS if message.is_about_record else ABOUT_VISITS] = (
                    self._transactions.clock.now() + REST
                )
            self._put_back(held, Reason.SERVICE_UNAVAILABLE, pause_while_unreachable(message.attempts))
            raise Unavailable("A service that knows what the mail says cannot be asked now.") from error
        except Unsendable:
            self._fail(held, Reason.UNSENDABLE)
        except Unwanted as unwanted:
            self._withdraw(held, unwanted.reason)
        return None

    # --- the hand-over

    def _hand_over(self, held: Lease, ready: Ready) -> None:
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
        if message.kind in REMINDERS and waited > LATE:
            figures.reminders_late.inc()
        log.info("message_sent", kind=message.kind, message_id=message.id, about_id=message.about)

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
        appointment_id=None if message.is_about_record else message.about,
        record_id=message.about if message.is_about_record else None,
        kind=message.kind,
        channel="email",
    )
