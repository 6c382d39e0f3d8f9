"""A post office: the real reactions and senders on a real database and a real mail server, under the test's clock."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import policy
from email.parser import BytesParser
from uuid import UUID, uuid4

from aiosmtpd.controller import Controller
from sqlalchemy import text

from services.contracts import appointments as contract
from services.contracts import base
from services.messaging import inbox
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions
from services.messaging.envelope import Envelope
from services.messaging.errors import RemoteRefusal, Unavailable
from services.messaging.settings import Secret
from services.notifications import reactions, timers
from services.notifications.catalogue import Catalogue
from services.notifications.outside.smtp import SmtpMail
from services.notifications.rendering import Templates
from services.notifications.settings import MailSettings
from services.notifications.timers import Sender

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
START = datetime(2026, 12, 3, 13, 20, tzinfo=UTC)
REMINDED = START - timedelta(days=1)
REACTIONS = {
    contract.AppointmentBooked: reactions.on_appointment_booked,
    contract.AppointmentMoved: reactions.on_appointment_moved,
    contract.AppointmentCancelled: reactions.on_appointment_cancelled,
    contract.LinkRequested: reactions.on_link_requested,
    contract.OfferMade: reactions.on_offer_made,
    contract.OfferEnded: reactions.on_offer_ended,
    contract.CodeRequested: reactions.on_code_requested,
    contract.VisitAffected: reactions.on_visit_affected,
    contract.VisitKept: reactions.on_visit_kept,
    contract.ReconfirmationAsked: reactions.on_reconfirmation_asked,
    contract.AppointmentReconfirmed: reactions.on_appointment_reconfirmed,
    contract.DrawEntered: reactions.on_draw_entered,
    contract.DrawLost: reactions.on_draw_lost,
}


class HandClock(SystemClock):
    """A clock that stands still until it is told to go."""

    def __init__(self):
        self.at = NOW

    def now(self):
        return self.at


@dataclass
class Town:
    """Stands where appointments answers over RPC; its answers pass through the real contracts."""

    away: bool = False
    unknown: set[UUID] = field(default_factory=set)
    email: str = "sanne@voorbeeld.nl"
    while_answering: Callable[[], None] = lambda: None

    def call(self, service, method, request):
        if self.away:
            raise Unavailable
        assert service == "appointments"
        return getattr(self, method)(request)

    def contact_of(self, request):
        self.while_answering()
        appointment_id = base.load(contract.GetContact, request)["appointment_id"]
        if appointment_id in self.unknown:
            raise RemoteRefusal("appointment-unknown", "", {})
        return {
            "appointment_id": str(appointment_id),
            "reference": "K7Q2-MXD4",
            "secret": "s" * 26,
            "name": "Sanne de Vries",
            "email": self.email,
            "phone": None,
            "language": "nl",
            "time_zone": "Europe/Amsterdam",
        }

    def list_products(self, _):
        texts = dict.fromkeys(base.LANGUAGES, "Paspoort aanvragen")
        passport = {
            "product_id": "passport",
            "names": texts,
            "summary": texts,
            "bring": [texts],
            "minutes": 15,
            "extra_minutes_per_person": 10,
            "max_persons": 8,
            "fees": [{"applies_to": "everyone", "cents": 8387}],
            "channels": ["web"],
            "audience": "resident",
            "location_ids": ["stadskantoor"],
        }
        return {"products": [passport]}

    def list_locations(self, _):
        office = {
            "location_id": "stadskantoor",
            "name": "Stadskantoor",
            "street": "Hengelosestraat 51",
            "postal_code": "7514 AD",
            "city": "Enschede",
            "time_zone": "Europe/Amsterdam",
            "phone": "14 053",
            "directions": dict.fromkeys(base.LANGUAGES, "Bij het station."),
            "opening_hours": [],
        }
        return {"locations": [office]}


class MailServer:
    """A real SMTP server on loopback that can refuse, postpone, fall silent, and go away."""

    def __init__(self):
        self.port = _free_port()
        self.answers = {}
        self.mails = []
        self.recipients = []
        self._controller = None

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def up(self, **options):
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)
        self._controller.start()

    def down(self):
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_MAIL(self, server, session, envelope, address, options):
        if reply := self.answers.get("sender"):
            return reply
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if reply := self.answers.get("recipient"):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answers.get("content") == "drop":
            self.recipients.append(envelope.rcpt_tos)
            server.transport.abort()
            await asyncio.sleep(0)
            return "250 OK"
        if reply := self.answers.get("content"):
            return reply
        self.recipients.append(envelope.rcpt_tos)
        self.mails.append(BytesParser(policy=policy.default).parsebytes(envelope.original_content))
        return "250 OK"


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Office:
    """Hears events as the edge brings them, and sends as the background process does."""

    def __init__(self, pool, server, *, post=SmtpMail):
        self.pool = pool
        self.server = server
        self.clock = HandClock()
        self.town = Town()
        self.transactions = Transactions(pool, self.clock, source="notifications")
        settings = MailSettings(Secret(server.url), "no-reply@enschede.example", None, "https://balie.enschede.nl")
        self.sender = Sender(
            self.transactions,
            catalogue=Catalogue(self.town, self.clock),
            post=post(settings.smtp_url, our_name="enschede.example"),
            templates=Templates(),
            settings=settings,
        )

    # --- events

    def hear(self, event):
        """Have one event its effect, exactly as the edge does: inbox and reaction in one transaction."""
        schema = next(known for known in REACTIONS if known.type == event.type)
        with self.transactions.work(correlation_id=event.correlation_id, causation_id=str(event.id)) as work:
            if inbox.first_time(work, "notifications", event):
                data = base.load(schema, dict(event.data))
                REACTIONS[schema](work, _replaced(event, data))

    # --- time

    def wait(self, **span):
        self.clock.at += timedelta(**span)

    def send_all(self, *, at_most=50):
        """Send what is due until nothing is."""
        for _ in range(at_most):
            if not self.sender.send_next():
                return
        raise AssertionError("there is always more to send")

    def try_to_send(self):
        """Run the job once; say whether it asked to be left alone for a while."""
        try:
            self.sender.send_next()
        except Unavailable:
            return True
        return False

    def look_after_lapsed(self):
        timers.look_after_lapsed(self.transactions)

    # --- what came of it

    def rows(self, statement, **values):
        with self.pool.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement), values)]

    def messages(self):
        return self.rows("SELECT kind, state FROM message ORDER BY version, kind")

    def events(self):
        return [row[0].rpartition(".")[2] for row in self.rows("SELECT type FROM outbox ORDER BY id")]

    def history(self, kind):
        return self.rows(
            "SELECT h.state, h.reason FROM message_history h JOIN message m ON m.id = h.message_id "
            "WHERE m.kind = :kind ORDER BY h.id",
            kind=kind,
        )

    def subjects(self):
        return [mail["Subject"] for mail in self.server.mails]


def _replaced(event, data):
    return Envelope(**{name: getattr(event, name) for name in event.__slots__} | {"data": data})


def event(schema, version, *, about, starts_at=START, event_id=None, **more):
    """Return an event of the appointments service, as it travels."""
    data = {"appointment_id": str(about), "version": version}
    if schema is not contract.LinkRequested:
        data |= {
            "sequence": version - 1,
            "location_id": "stadskantoor",
            "products": [{"product_id": "passport", "persons": 1}],
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(minutes=30)).isoformat(),
            "channel": "web",
        }
    return Envelope(
        id=event_id or uuid4(),
        type=schema.type,
        source="appointments",
        aggregate_id=about,
        version=version,
        occurred_at=NOW,
        correlation_id=str(uuid4()),
        causation_id=None,
        data=data | more,
    )


def booked(about, version=1, **more):
    return event(contract.AppointmentBooked, version, about=about, **more)


def moved(about, version, starts_at, *, was=START, **more):
    from_where = {"from_starts_at": was.isoformat(), "from_location_id": "stadskantoor"}
    return event(contract.AppointmentMoved, version, about=about, starts_at=starts_at, **from_where, **more)


def cancelled(about, version, *, by="resident", **more):
    return event(contract.AppointmentCancelled, version, about=about, cancelled_by=by, **more)


def link_requested(about, version, **more):
    return event(contract.LinkRequested, version, about=about, **more)


def offer_made(about, offer_id, starts_at, *, expires_at, now=START, **more):
    offered = {
        "offer_id": str(offer_id), "wish_id": str(uuid4()), "appointment_version": 1,
        "from_starts_at": now.isoformat(), "from_location_id": "stadskantoor", "expires_at": expires_at.isoformat(),
    }  # fmt: skip
    return event(contract.OfferMade, 1, about=about, starts_at=starts_at, **offered, **more)


def offer_ended(about, offer_id, outcome):
    ids = {"offer_id": str(offer_id), "wish_id": str(uuid4())}
    return event(contract.OfferEnded, 2, about=about, outcome=outcome, **ids)


def asked(about, version, *, answer_by, again=False, **more):
    question = {"answer_by": answer_by.isoformat(), "again": again, "sequence": 0}
    return event(contract.ReconfirmationAsked, version, about=about, **question, **more)


def reconfirmed(about, version, **more):
    return event(contract.AppointmentReconfirmed, version, about=about, sequence=0, **more)
