"""Compares what clients were told with what the system holds, and finds what was lost, doubled or double-booked.

It reads the services' tables and the mail catcher's files, and believes only the ledger.
"""

import email
import email.policy
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import Engine, text

from tests.chaos.ledger import Booking, Ledger

MAIL_KINDS = {"booked": "booked", "moved": "moved", "cancelled": "cancelled"}


@dataclass
class Verdict:
    """What the judge found. Each list holds a sentence per case."""

    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    double_booked: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    mails_twice_unexplained: list[str] = field(default_factory=list)
    mails_twice_explained: int = 0
    dead_letters: int = 0

    @property
    def clean(self) -> bool:
        return not self.findings()

    def findings(self) -> list[str]:
        return self.lost + self.twice + self.double_booked + self.out_of_order + self.mails_twice_unexplained


class Judge:
    """Looks at a town that has come to rest."""

    def __init__(self, url: str, engine: Callable[[str], Engine], mail: Path) -> None:
        self._url = f"{url}/v1"
        self._engine = engine
        self._mail = mail

    # --- has everything come to rest?

    def unrest(self) -> str:
        """Return what is still under way, or an empty text."""
        for service in ("appointments", "civil_registry", "crm", "notifications"):
            waiting, parked = self._one(service, "SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM parked)")
            if waiting or parked:
                return f"{service}: {waiting} events wait, {parked} are parked"
        due = self._one(
            "notifications",
            "SELECT count(*) FROM message WHERE state IN ('scheduled', 'sending') AND kind <> 'reminder'",
        )[0]
        if due:
            return f"{due} messages are due"
        unlinked = self._one("crm", "SELECT count(*) FROM contact WHERE state = 'waiting'")[0]
        return f"{unlinked} contacts are not linked" if unlinked else ""

    # --- the verdict

    def judge(self, ledger: Ledger) -> Verdict:
        """Return what was lost, doubled or double-booked."""
        verdict = Verdict()
        appointments = self._appointments()
        mails = self._mails()
        for booking in ledger.bookings:
            self._judge_booking(booking, appointments.get(booking.email, []), mails, verdict)
        self._judge_capacity(verdict)
        self._judge_reminders(verdict)
        return verdict

    def _judge_booking(
        self, booking: Booking, rows: list[dict[str, Any]], mails: Counter[str], verdict: Verdict
    ) -> None:
        case = booking.reference or booking.email[:10]
        if len(rows) > 1:
            verdict.twice.append(f"{case}: {len(rows)} appointments for one booking")
        if not booking.told:
            if rows and not booking.unsure:
                verdict.twice.append(f"{case}: refused to the client, but an appointment is there")
            return
        if not rows:
            verdict.lost.append(f"{case}: the appointment is not there")
            return
        self._judge_state(booking, case, verdict)
        self._judge_history(booking, case, rows[0]["id"], mails, verdict)

    def _judge_state(self, booking: Booking, case: str, verdict: Verdict) -> None:
        answer = requests.get(
            f"{self._url}/appointments/{booking.reference}",
            headers={"Appointment-Secret": booking.secret},
            timeout=20,
        )
        if not answer.ok:
            verdict.lost.append(f"{case}: its link answers {answer.status_code}")
            return
        found = answer.json()
        if "cancelled" in booking.told and found["state"] != "cancelled":
            verdict.lost.append(f"{case}: a cancellation was confirmed, but it is {found['state']}")
        if not booking.unsure and found["startsAt"] != booking.starts_at:
            verdict.lost.append(f"{case}: confirmed for {booking.starts_at}, but stands at {found['startsAt']}")

    def _judge_history(
        self, booking: Booking, case: str, appointment_id: Any, mails: Counter[str], verdict: Verdict
    ) -> None:
        expected = Counter(booking.told)
        # What the client never learned may have happened or not: both are right, but never twice.
        slack = Counter([booking.unsure] if booking.unsure else [])
        timeline = Counter(
            row.kind.removeprefix("appointment-")
            for row in self._rows(
                "crm", "SELECT kind FROM entry WHERE about_id = :id AND kind LIKE 'appointment-%'", appointment_id
            )
        )
        self._compare(case, "timeline", expected, slack, timeline, verdict)
        messages = self._rows(
            "notifications",
            "SELECT kind, state, message_header_id, attempts FROM message "
            "WHERE about_id = :id AND kind IN ('booked', 'moved', 'cancelled') ORDER BY sent_at",
            appointment_id,
        )
        in_order = [row.kind for row in messages if row.state == "sent"]
        if not booking.unsure and in_order != booking.told and sorted(in_order) == sorted(booking.told):
            verdict.out_of_order.append(f"{case}: mails went as {in_order}, but it happened as {booking.told}")
        sent = Counter(in_order)
        self._compare(case, "messages", expected, slack, sent, verdict)
        for row in messages:
            arrived = mails[row.message_header_id]
            if row.state == "sent" and arrived == 0:
                verdict.lost.append(f"{case}: the {row.kind} mail never arrived")
            elif 1 < arrived <= row.attempts:
                verdict.mails_twice_explained += arrived - 1
            elif arrived > 1:
                verdict.mails_twice_unexplained.append(f"{case}: the {row.kind} mail came {arrived} times")

    @staticmethod
    def _compare(
        case: str, where: str, expected: Counter[str], slack: Counter[str], found: Counter[str], verdict: Verdict
    ) -> None:
        for kind, number in (expected - found).items():
            verdict.lost.append(f"{case}: {number} x {kind} missing in {where}")
        for kind, number in (found - expected - slack).items():
            verdict.twice.append(f"{case}: {number} x {kind} too many in {where}")

    def _judge_reminders(self, verdict: Verdict) -> None:
        cancelled = {
            row.id for row in self._rows("appointments", "SELECT id FROM appointment WHERE state = 'cancelled'")
        }
        waiting = "SELECT about_id FROM message WHERE kind = 'reminder' AND state = 'scheduled'"
        wrong = [row for row in self._rows("notifications", waiting) if row.about_id in cancelled]
        if wrong:
            verdict.twice.append(f"{len(wrong)} reminders wait for a visit that was cancelled")

    def _judge_capacity(self, verdict: Verdict) -> None:
        doubled = self._one(
            "appointments",
            "SELECT count(*) FROM appointment a JOIN appointment b ON a.line_id = b.line_id AND a.id < b.id "
            "AND a.owned && b.owned WHERE a.state IN ('held', 'booked') AND b.state IN ('held', 'booked')",
        )[0]
        if doubled:
            verdict.double_booked.append(f"{doubled} pairs of visits share a counter and a time")
        shared = self._one(
            "appointments",
            "SELECT count(*) FROM live_claim a JOIN live_claim b ON a.line_id = b.line_id AND a.owned && b.owned "
            "AND (a.appointment_id, a.number) < (b.appointment_id, b.number)",
        )[0]
        if shared:
            verdict.double_booked.append(f"{shared} pairs of visits share a room or a device and a time")
        for line_id, on, ticks in self._drift():
            verdict.double_booked.append(f"{line_id} on {on}: bits and visits differ in {ticks} ticks")

    def _drift(self) -> list[tuple[str, Any, int]]:
        """Work the free ticks out anew from the visits, in SQL of our own, and compare."""
        statement = """
            SELECT line_id, "on", bit_count(d.free # (d.open & ~coalesce(v.owned, CAST(0 AS bit(288))))) AS ticks
            FROM line_day d LEFT JOIN (
                SELECT line_id, "on", bit_or(((~CAST(0 AS bit(288))) << (288 - ticks)) >> first_tick) AS owned
                FROM (SELECT line_id, "on", first_tick, ticks FROM appointment WHERE state IN ('held', 'booked')
                      UNION ALL SELECT line_id, "on", first_tick, ticks FROM live_claim) own GROUP BY line_id, "on"
            ) v USING (line_id, "on")
            WHERE d.free <> (d.open & ~coalesce(v.owned, CAST(0 AS bit(288))))
        """
        return [tuple(row) for row in self._rows("appointments", statement)]

    # --- what is there

    def _appointments(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self._rows("appointments", "SELECT id, email, state FROM appointment WHERE email IS NOT NULL"):
            found.setdefault(row.email, []).append({"id": row.id, "state": row.state})
        return found

    def _mails(self) -> Counter[str]:
        """Count the files of the mail catcher by Message-ID."""
        counted: Counter[str] = Counter()
        for file in self._mail.glob("*.eml"):
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            counted[str(message["Message-ID"]).strip()] += 1
        return counted

    def _rows(self, service: str, statement: str, about: Any = None) -> list[Any]:
        with self._engine(service).connect() as connection:
            return list(connection.execute(text(statement), {"id": about} if about is not None else {}))

    def _one(self, service: str, statement: str) -> tuple[Any, ...]:
        return tuple(self._rows(service, statement)[0])
