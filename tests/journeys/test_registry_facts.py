"""What the civil registry tells, as undertakers, relatives and clerks notice it: on a whole town with real mail."""

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pika
from sqlalchemy import text

from services.contracts import civil_registry as registry
from services.contracts import crm
from services.contracts.base import dump, load
from services.messaging.sealing import Sealer
from services.messaging.settings import Secret
from services.messaging.topology import event_exchange
from tests.city import City, eventually
from tests.journeys.test_waiting_list import ABROAD, free_days, tell

OFFICER = {"kind": "staff", "subject": "abs-1", "level": "substantial", "roles": ["officer"]}
UNDERTAKER = {"kind": "undertaker", "subject": "99000011", "level": "two-factor", "roles": []}
HENDRIK = {"name": "Hendrik Scholten", "language": "nl", "birth_on": "1944-05-05"}
HENDRIKS_NUMBER = "999980348"


class Registry:
    """The civil registry, asked as the gateway asks it."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._sealer = Sealer.of(Secret(city.environment()["BALIE_SECRET_KEY"]))

    def seal(self, number: str) -> str:
        return self._sealer.seal(number)

    def ask(self, method: str, asked: dict[str, Any]) -> dict[str, Any]:
        return self._city.rpc.call("civil_registry", method, asked, timeout_seconds=30)

    def tell(self, method: str, contract: Any, **asked: Any) -> dict[str, Any]:
        return self._city.rpc.call(
            "civil_registry", method, dump(contract, asked), idempotency_key=str(uuid4()), timeout_seconds=30
        )

    def act(self, actor: dict[str, Any], record_id: str, command: str, **particulars: Any) -> dict[str, Any]:
        """Give a command on a record as it is now."""
        seen = self.record(record_id)
        return self.tell(
            "act",
            registry.Act,
            actor=actor,
            record_id=record_id,
            command=command,
            expected_version=seen["version"],
            particulars=particulars,
        )

    def record(self, record_id: str) -> dict[str, Any]:
        asked = {"actor": OFFICER, "record_id": record_id, "purpose": "handling"}
        return self.ask("record", dump(registry.GetRecord, asked))

    def declared(self, *, email: str) -> dict[str, Any]:
        """Return a death declaration that an undertaker has sent in."""
        yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
        funeral_at = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
        content = {
            "deceased": {
                "bsn": self.seal(HENDRIKS_NUMBER),
                "first_names": "Hendrik Jan",
                "surname": "Scholten",
                "sex": "male",
                "born_on": "1944-05-05",
                "born_place": "Enschede",
                "marital_status": "married",
                "partner_name": "Geertruida Bruins",
                "last_address": "Haaksbergerstraat 1, Enschede",
            },
            "death": {
                "on": yesterday.isoformat(),
                "time": "10:10",
                "municipality": "0153",
                "place": "Medisch Spectrum Twente",
                "manner": "natural",
            },
            "declarant": {
                "first_names": "Johan",
                "surname": "Linde",
                "born_on": "1980-02-02",
                "born_place": "Hengelo (O)",
            },
            "authorised": {"name": "Ingrid Scholten", "relation": "dochter", "phone": "0612345678"},
            "funeral": {"kind": "cremation", "at": funeral_at.isoformat(), "place": "Crematorium Twente"},
            "contact": {"email": email, "language": "nl"},
            "confirmed": True,
        }
        draft = self.tell(
            "start_record", registry.StartRecord, actor=UNDERTAKER, kind="death", language="nl", content=content
        )
        self.tell(
            "add_evidence",
            registry.AddEvidence,
            actor=UNDERTAKER,
            record_id=draft["record_id"],
            kind="a-certificate",
            file_id="ab" * 32,
            file_name="a.pdf",
            media_type="application/pdf",
            size=1234,
        )
        return self.act(UNDERTAKER, draft["record_id"], "submit")

    def registers(self, record_id: str) -> None:
        """Have an officer do all that it takes to bring a birth or death into the register."""
        eventually(lambda: self.record(record_id)["brp"]["state"] == "done", what="the BRP was asked")
        self.act(OFFICER, record_id, "assign")
        if "potential-duplicate" in self.record(record_id)["flags"]:
            self.act(OFFICER, record_id, "clear-duplicate", reason="een andere reis")
        self.act(OFFICER, record_id, "approve", compared=True)
        self.act(OFFICER, record_id, "draw-deed")
        self.act(OFFICER, record_id, "print-deed")
        today = datetime.now(UTC).date().isoformat()
        self.act(OFFICER, record_id, "sign-deed", signed_on=today)
        self.act(OFFICER, record_id, "register", sheet_is_filed=True)


def books(city: City, day: int, *, email: str, **who: Any) -> dict[str, str]:
    """Book for somebody on one of the days with room; return the id and reference of the appointment."""
    on = free_days(city)[day]
    start = city.rpc.call("appointments", "free_times", ABROAD | {"on": on})["starts"][-1]
    held = tell(city, "hold_slot", ABROAD | {"starts_at": start})
    key = {"hold_id": held["hold_id"], "secret": held["secret"]}
    booked = tell(city, "confirm_hold", key | {"email": email} | HENDRIK | who)
    return {"id": booked["appointment_id"], "reference": booked["reference"]}


def state_of(city: City, appointment: dict[str, str]) -> str:
    with city.database("appointments").connect() as connection:
        found = connection.execute(text("SELECT state FROM appointment WHERE id = :id"), appointment)
        return str(found.scalar_one())


def messages_about(city: City, about_id: str) -> list[tuple[str, str]]:
    with city.database("notifications").connect() as connection:
        rows = connection.execute(
            text("SELECT kind, state FROM message WHERE about_id = :id ORDER BY version, kind"), {"id": about_id}
        )
        return [(row.kind, row.state) for row in rows]


def timeline(city: City, email: str) -> dict[str, Any]:
    asked = dump(crm.GetTimeline, {"email": email})
    return load(crm.Timeline, city.rpc.call("crm", "timeline", asked))


def tell_all_again(city: City) -> int:
    """Publish every fact of the registry once more, in any order, as a relay does that has lost its memory."""
    with city.database("civil_registry").connect() as connection:
        bodies = [bytes(row.body) for row in connection.execute(text("SELECT body FROM event_log"))]
    random.Random(27).shuffle(bodies)
    connection = pika.BlockingConnection(pika.URLParameters(city.environment()["BALIE_AMQP_URL"]))
    channel = connection.channel()
    channel.confirm_delivery()
    for body in bodies:
        channel.basic_publish(event_exchange("civil_registry"), json.loads(body)["type"], body)
    connection.close()
    return len(bodies)


def at_rest(city: City) -> bool:
    """Say whether no service has facts to tell or to wait for."""
    for service in ("appointments", "civil_registry", "crm", "notifications"):
        with city.database(service).connect() as connection:
            waits = connection.execute(text("SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM parked)"))
            if waits.scalar_one():
                return False
    return True


def heard(city: City, service: str) -> int:
    with city.database(service).connect() as connection:
        return int(
            connection.execute(text("SELECT count(*) FROM inbox WHERE type LIKE 'nl.burgerlijke-stand.%'")).scalar_one()
        )


def test_after_a_death_the_undertaker_is_told_the_visits_are_off_and_nobody_is_reminded(city: City) -> None:
    firm, his, hers = (f"{name}-{uuid4().hex[:8]}@example.nl" for name in ("linde", "hendrik", "ingrid"))
    visit = books(city, 3, email=his)
    other = books(city, 4, email=hers, name="Ingrid Scholten", birth_on="1970-01-01")
    city.mailbox.expect(to=his)
    city.mailbox.expect(to=hers)
    desk = Registry(city)
    declared = desk.declared(email=firm)
    assert declared["receipt"] in str(city.mailbox.expect(to=firm)["Subject"])
    desk.registers(declared["record_id"])

    eventually(lambda: state_of(city, visit) == "cancelled", what="the visit of who died is off")
    assert "de akte is klaar" in str(city.mailbox.expect(to=firm)["Subject"])
    eventually(lambda: ("cancelled", "withdrawn") in messages_about(city, visit["id"]), what="no mail about that")
    assert messages_about(city, visit["id"]) == [
        ("booked", "sent"),
        ("reminder", "withdrawn"),
        ("cancelled", "withdrawn"),
    ]
    assert state_of(city, other) == "booked"
    assert ("reminder", "scheduled") in messages_about(city, other["id"])

    eventually(lambda: timeline(city, his)["deceased_since"], what="the CRM knows")
    assert [entry["kind"] for entry in timeline(city, his)["entries"]] == [
        "appointment-cancelled",
        "holder-deceased",
        "message-sent",
        "appointment-booked",
    ]
    assert timeline(city, hers)["deceased_since"] is None
    eventually(lambda: len(timeline(city, firm)["entries"]) == 4, what="the firm's timeline")
    of_firm = timeline(city, firm)["entries"]
    assert {(entry["kind"], entry["receipt"]) for entry in of_firm} == {
        ("death-submitted", declared["receipt"]),
        ("death-registered", declared["receipt"]),
        ("message-sent", declared["receipt"]),
    }

    eventually(lambda: at_rest(city), what="all is told")
    before = {service: heard(city, service) for service in ("appointments", "crm", "notifications")}
    sent = len(city.mailbox.messages(firm)), len(city.mailbox.messages(his))
    assert tell_all_again(city) == before["crm"]
    after = desk.declared(email=firm)  # once its mail has come, all that was published before it has been heard
    city.mailbox.expect(to=firm, matching=lambda mail: after["receipt"] in str(mail["Subject"]))
    assert (len(city.mailbox.messages(firm)), len(city.mailbox.messages(his))) == (sent[0] + 1, sent[1])
    assert len(timeline(city, his)["entries"]) == 4
    desk.act(UNDERTAKER, after["record_id"], "withdraw")
    city.mailbox.expect(to=firm, matching=lambda mail: "ingetrokken" in str(mail["Subject"]))


def test_nothing_of_a_death_stands_in_the_other_services_or_their_logs(city: City) -> None:
    desk = Registry(city)
    declared = desk.declared(email=f"linde-{uuid4().hex[:8]}@example.nl")
    eventually(lambda: messages_about(city, declared["record_id"]) == [("death-submitted", "sent")], what="mail went")
    for service in ("crm", "notifications"):
        with city.database(service).connect() as connection:
            tables = connection.execute(
                text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'")
            ).scalars()
            for table in tables:
                kept = " ".join(connection.execute(text(f'SELECT t::text FROM "{table}" t')).scalars())
                assert HENDRIKS_NUMBER not in kept and "Scholten" not in kept, f"{service}.{table}"
    for process in city.processes:
        assert HENDRIKS_NUMBER not in process.log() and "Scholten" not in process.log(), process.name
    desk.act(UNDERTAKER, declared["record_id"], "withdraw")
