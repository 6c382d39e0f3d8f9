"""A birth, a death and a notice of marriage on a whole town, and then: where do citizen service numbers stand?"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from deploy.local.place import test_servers
from services.contracts import civil_registry as registry
from services.messaging.errors import Malformed
from services.migrate import DATABASES
from tests.city import City, eventually
from tests.integration.registry_desk import HENDRIK, JULIA, SANNE, THOMAS, birth, notice
from tests.journeys.test_login import log_in
from tests.journeys.test_registry_facts import OFFICER, Registry, at_rest
from tests.numbers import Tap, dump, found

MIDWIFE = {"kind": "care-provider", "subject": "99000044", "level": "two-factor", "roles": []}
RELATIVES = ["999980361", "999980373"]  # of who died: the BRP tells of them
OFFICERS = ["999980543", "999980555", "999980452", "999980567"]  # the town's file holds theirs
JEROEN, STEFAN = "999980233", "999980245"
NUMBERS = [SANNE, THOMAS, JEROEN, STEFAN, HENDRIK, *RELATIVES, *OFFICERS]


@pytest.fixture
def tap(city: City) -> Iterator[Tap]:
    listening = Tap(city.environment()["BALIE_AMQP_URL"])
    yield listening
    listening.close()


def resident(desk: Registry, number: str) -> dict[str, Any]:
    return {"kind": "resident", "subject": desk.seal(number), "level": "substantial", "roles": []}


def started(desk: Registry, who: dict[str, Any], kind: str, content: dict[str, Any]) -> str:
    asked = {"actor": who, "kind": kind, "language": "en", "content": content}
    return str(desk.tell("start_record", registry.StartRecord, **asked)["record_id"])


def a_birth(desk: Registry, email: str) -> str:
    """Have a birth declared, confirmed and registered, and an extract of its deed given out."""
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
    told = notice(desk, born_on=yesterday)
    desk.tell("record_birth_notice", registry.RecordBirthNotice, actor=MIDWIFE, notice=told)
    declared = birth(desk, child={"born_on": yesterday.isoformat()}, contact={"email": email, "language": "en"})
    record_id = started(desk, resident(desk, SANNE), "birth", declared)
    desk.act(resident(desk, SANNE), record_id, "submit")
    desk.registers(record_id)
    year, number = datetime.now(UTC).year, desk.record(record_id)["deed_number"]
    which = {"register_year": year, "number": number, "kind": "extract", "language": "en"}
    desk.tell("issue_extract", registry.IssueExtract, actor=OFFICER, **which)
    return record_id


def a_death(desk: Registry, email: str) -> str:
    """Have a death declared and registered, and the permit given."""
    record_id = str(desk.declared(email=email)["record_id"])
    desk.registers(record_id)
    (permit,) = desk.record(record_id)["children"]
    desk.act(OFFICER, permit["record_id"], "issue")
    return record_id


def a_notice(desk: Registry, email: str) -> str:
    """Have two people give notice and choose their day; the day itself stands in test_civil_registry_numbers."""
    witness = {"surname": "Getuige", "born_on": "1990-01-01", "address": "Markt 1, Enschede"}
    day = (datetime.now(UTC) + timedelta(days=28)).date().isoformat()
    ceremony = {"on": day, "time": "14:00", "room_id": "stadhuis-trouwzaal"}
    content = {
        "bond": "marriage",
        "partner_1": {"bsn": desk.seal(JEROEN)},
        "partner_2": {"bsn": desk.seal(STEFAN), "email": f"stefan-{email}"},
        "kinship": "none",
        "witnesses": [{**witness, "first_names": name} for name in ("Anna", "Bea")],
        "ceremony": ceremony,
        "contact": {"email": email, "language": "en"},
        "confirmed": True,
    }
    record_id = started(desk, resident(desk, JEROEN), "marriage", content)
    desk.act(resident(desk, JEROEN), record_id, "invite-partner")
    desk.act(resident(desk, STEFAN), record_id, "assent", agrees=True)
    eventually(lambda: desk.record(record_id)["brp"]["state"] == "done", what="the BRP was asked")
    desk.act(OFFICER, record_id, "assign")
    if "potential-duplicate" in desk.record(record_id)["flags"]:
        desk.act(OFFICER, record_id, "clear-duplicate", reason="opnieuw begonnen")
    desk.act(OFFICER, record_id, "accept", compared=True)
    desk.act(resident(desk, JEROEN), record_id, "schedule", ceremony=ceremony)
    return record_id


def a_mistake(desk: Registry) -> None:
    """Send a number unsealed, as a careless client would: it is refused and must not be written anywhere."""
    with pytest.raises(Malformed):
        desk.ask("look_up_person", {"actor": OFFICER, "bsn": JULIA, "purpose": "counter"})


def test_after_three_declarations_no_number_stands_in_a_table_a_queue_a_log_a_mail_or_a_file(
    page: Page, city: City, tap: Tap
) -> None:
    page.goto("/mijn-zaken")
    log_in(page, re.compile("Sanne Maria"))
    expect(page.get_by_role("main")).to_contain_text("op niveau Midden")
    desk = Registry(city)
    some = uuid4().hex[:8]
    walked = {what.__name__: what(desk, f"{what.__name__}-{some}@example.nl") for what in (a_birth, a_death, a_notice)}
    for name in walked:
        city.mailbox.expect(to=f"{name}-{some}@example.nl")
    eventually(lambda: at_rest(city), what="all is told")

    passed = tap.heard()
    assert desk.seal(SANNE).encode() in passed  # sealed numbers do pass: the tap hears requests
    for fact in (b"geboorte-geregistreerd", b"overlijden-geregistreerd", b"huwelijksmelding-aanvaard"):
        assert fact in passed
    assert found(NUMBERS, passed) == []
    assert found(NUMBERS, tap.waiting()) == []

    a_mistake(desk)
    for name in DATABASES:
        content = dump(city.database(name).url.render_as_string(hide_password=False))
        assert b"PostgreSQL database dump complete" in content
        assert found([*NUMBERS, JULIA], content) == [], name
    servers = test_servers()
    logs = [servers.log("postgres"), servers.log("rabbitmq")]
    files = [file for file in city.place.home.rglob("*") if file.is_file()]
    assert {process.log_file for process in city.processes} <= set(files)
    for file in (*logs, *files):
        assert found([*NUMBERS, JULIA], file.read_bytes()) == [], file.name
