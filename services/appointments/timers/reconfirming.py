"""Asks who booked long ago whether he still comes, asks again, and settles what was not answered.

Every step is a transaction of its own and may be repeated: a question is a row, and one that was taken further by
another process is left alone. Whether the mails went out is asked of notifications between transactions.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol

from services.appointments.commands import reconfirming as commands
from services.appointments.domain.appointment import Appointment
from services.appointments.domain.reconfirming import LATEST, Reconfirmation, was_reached
from services.appointments.domain.ticks import local_day
from services.appointments.queries import TOWN_ZONE
from services.appointments.storage import catalogue
from services.appointments.storage import reconfirming as storage
from services.contracts import notifications
from services.contracts.base import dump, load
from services.messaging.database import Transactions
from services.messaging.errors import Unavailable
from services.messaging.rpc_client import RpcFault
from services.messaging.work import Reading


class Asks(Protocol):
    """Whoever can put a question to another service (`RpcClient` does)."""

    def call(self, service: str, method: str, request: dict[str, Any]) -> dict[str, Any]:
        """Return the reply. Raises: Refusal, Malformed, Unavailable, RpcFault."""


def ask_holders(transactions: Transactions) -> int:
    """Ask those whose turn it is; return how many there were."""
    with transactions.reading() as reading:
        due = [visit.id for visit in _candidates(reading) if commands.question_for(reading, visit) is not None]
    asked = 0
    for appointment_id in due:
        with transactions.work() as work:
            asked += commands.ask(work, appointment_id)
    return asked


def _candidates(reading: Reading) -> list[Appointment]:
    """Return the visits about which it may be time to ask; the rules look at each of them."""
    edition = catalogue.edition(reading)
    known = {product.product_id: product.policy.reconfirm for product in edition.all_products()}
    rules = [rule for rule in known.values() if rule is not None]
    if not rules:
        return []
    today = local_day(TOWN_ZONE, reading.now)
    most_ask = max(rule.ask_days for rule in rules)
    least_lead = min(rule.lead_days for rule in rules)
    return storage.not_asked_yet(
        reading,
        location_ids=[location.id for location in edition.locations],
        product_ids=[product_id for product_id, rule in known.items() if rule is not None],
        first_on=today + timedelta(days=min(rule.remind_days for rule in rules)),
        last_on=today + timedelta(days=most_ask),
        placed_before=reading.now - timedelta(days=max(least_lead - most_ask - 1, 0)),
    )


def follow_questions(transactions: Transactions, services: Asks) -> int:
    """Take every question whose step is due, or whose visit has changed, a step further; return how many there were.

    Raises: Unavailable (notifications does not answer: places that may be given away wait, all else is done).
    """
    with transactions.reading() as reading:
        due, at = storage.due(reading), reading.now
    waiting = False
    for asked in due:
        reached = None
        if asked.answer_by <= at < asked.answer_by + LATEST and asked.seen_at is None:
            try:
                reached = was_reached(asked, _messages_about(services, asked))
            except (Unavailable, RpcFault):
                waiting = True
                continue
        with transactions.work() as work:
            commands.follow(work, asked.appointment_id, reached=reached)
    if waiting:
        raise Unavailable("Notifications cannot be asked now.")
    return len(due)


def _messages_about(services: Asks, asked: Reconfirmation) -> Sequence[Mapping[str, Any]]:
    about = dump(notifications.MessagesAbout, {"appointment_id": asked.appointment_id})
    found = load(notifications.MessageList, services.call("notifications", "messages_about", about))
    messages: Sequence[Mapping[str, Any]] = found["messages"]
    return messages
