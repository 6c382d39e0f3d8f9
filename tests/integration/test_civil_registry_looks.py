"""Each look at a person is written down first, cannot be changed unseen, and can be told to who was looked at."""

import json
import threading
from collections import Counter
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from flask import request
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from deploy.local.brp import PERSONS, make_app, serve
from deploy.local.brp_persons import read_persons
from services.civil_registry.domain.actor import TIME, Actor, Level, Role
from services.civil_registry.domain.errors import AssuranceTooLow, BsnInvalid, BsnTestRange, LookNotAllowed
from services.civil_registry.looks import main
from services.civil_registry.offering import read_offering
from services.civil_registry.office import Office
from services.civil_registry.outside.brp import Brp
from services.civil_registry.queries.people import look_up_person
from services.civil_registry.secrets import Secrets
from services.civil_registry.settings import BrpSettings
from services.civil_registry.storage import looks
from services.contracts import civil_registry as contract
from services.contracts.base import dump
from services.messaging import log
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions
from services.messaging.errors import Malformed, Unavailable
from services.messaging.settings import Secret

KEY, OLDER, OTHER = Secret("s" * 40), Secret("o" * 40), Secret("x" * 40)
SANNE, THOMAS, STRANGER = "999980002", "999980014", "999980385"
CLERK = Actor("clerk-1", frozenset({Role.CLERK}), Level.SUBSTANTIAL)
RESIDENT = Actor(SANNE, frozenset({Role.RESIDENT}), Level.SUBSTANTIAL)
NONE = cast(Any, None)  # neither town nor papers: nobody looks at a person there
TRACE = "0af76519-16cd-43dd-8448-eb211c80319c"


@pytest.fixture(scope="module")
def pool(databases):
    return databases("civil_registry")


@pytest.fixture
def emptied(pool):
    """The log as it is on the first day."""
    with pool.begin() as connection:
        connection.execute(text("ALTER TABLE access_log DISABLE TRIGGER USER"))
        connection.execute(text("TRUNCATE access_log"))
        connection.execute(text("ALTER TABLE access_log ENABLE TRIGGER USER"))
        connection.execute(text("UPDATE access_log_head SET last_id = 0, hash = decode(repeat('00', 32), 'hex')"))
    return pool


@pytest.fixture(scope="module")
def register():
    """The stand-in of the BRP, and what it was asked."""
    app = make_app(read_persons(PERSONS), "key")
    asked: list[Any] = []

    @app.before_request
    def remember():
        asked.append((request.get_json()["burgerservicenummer"], dict(request.headers)))

    server = serve(app, "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/haalcentraal/api/brp"
    yield SimpleNamespace(asked=asked, settings=BrpSettings(url=url, api_key=Secret("key")))
    server.shutdown()
    server.server_close()


class Registry:
    """The rooms of the civil registry that look at people, on a real database."""

    def __init__(self, pool, register, *, test_persons=True):
        self.transactions = Transactions(pool, SystemClock(), source="civil_registry")
        self.secrets = Secrets.of(KEY, OLDER)
        self.office = Office(self.secrets, read_offering(), NONE, NONE, test_persons=test_persons)
        self.brp = Brp(register.settings)
        self.register = register
        register.asked.clear()

    def look(self, bsn, *, purpose="prefill", level="substantial", **actor):
        kind = actor.pop("kind", "staff")
        subject = actor.pop("subject", "clerk-1")
        told = {"kind": kind, "level": level, "roles": actor.pop("roles", ["clerk"] if kind == "staff" else [])}
        told["subject"] = self.secrets.sealer.seal(subject) if kind == "resident" else subject
        with self.transactions.reading() as reading:
            sealed = self.secrets.sealer.seal(bsn)
            answer = look_up_person(reading, self.office, self.brp, actor=told, bsn=sealed, purpose=purpose)
        return answer["person"]

    def as_resident(self, bsn, **more):
        return self.look(bsn, kind="resident", subject=SANNE, **more)

    def rows(self):
        with self.transactions.reading() as reading:
            return reading.connection.execute(text("SELECT * FROM access_log ORDER BY id")).fetchall()

    def noted(self):
        digests = {self.secrets.digest(bsn): bsn for bsn in (SANNE, THOMAS, STRANGER)}
        return [(digests.get(bytes(row.person_digest)), row.result) for row in self.rows()]

    def note(self, *persons, actor=CLERK, purpose="review", **more):
        with self.transactions.reading() as reading:
            return looks.note(
                reading, self.secrets, actor=actor, purpose=purpose, **({"record_id": None, "persons": persons} | more)
            )

    def verify(self):
        with self.transactions.reading() as reading:
            return looks.verify(reading)


@pytest.fixture
def registry(emptied, register):
    return Registry(emptied, register)


def tamper(pool, statement):
    """Do what only somebody with the keys of the database can do."""
    with pool.begin() as connection:
        connection.execute(text("ALTER TABLE access_log DISABLE TRIGGER USER"))
        connection.execute(text(statement))
        connection.execute(text("ALTER TABLE access_log ENABLE TRIGGER USER"))


# --- who may look -----------------------------------------------------------------------------------------------


def test_a_resident_sees_himself_whole_and_it_is_written_down(registry):
    person = registry.as_resident(SANNE)
    assert person["name"]["surname"] == "Vries"
    assert person["address"] == "Proefstraat 1, 7500 AA ENSCHEDE"
    assert registry.secrets.sealer.open(person["partners"][0]["bsn"]) == THOMAS
    (row,) = registry.rows()
    assert (row.actor_kind, row.actor_id, bytes(row.actor_digest)) == ("resident", None, registry.secrets.digest(SANNE))
    assert (row.action, row.object, row.purpose, row.result) == ("look", "person", "prefill", "granted")
    assert (row.origin, row.processing_activity) == ("gateway", "urn:balie:processing:declarations")
    assert registry.noted() == [(SANNE, "granted")]


def test_of_a_partner_a_resident_sees_no_address_no_children_and_no_court(registry):
    person = registry.as_resident(THOMAS)
    assert person["name"] == {"first_names": "Thomas", "prefix": "", "surname": "Jansen"}
    assert person["born"] == {"year": 1991, "month": 9, "day": 3}
    assert (person["address"], person["municipality"], person["residence_title"]) == ("", "", "")
    assert (person["partners"], person["parents"], person["children"]) == ([], [], [])
    assert registry.noted() == [(SANNE, "granted"), (THOMAS, "granted")]


@pytest.mark.parametrize("number", [STRANGER, "111222333"])
def test_a_resident_sees_nobody_else_whether_he_exists_or_not(registry, number):
    with pytest.raises(LookNotAllowed):
        registry.as_resident(number)
    assert [row.result for row in registry.rows()] == ["granted", "refused"]
    assert [number for numbers, _ in registry.register.asked for number in numbers] == [SANNE]


def test_a_former_partner_is_nobody(registry):
    bernardus, johanna = "999980439", "999980427"
    with pytest.raises(LookNotAllowed):
        registry.look(johanna, kind="resident", subject=bernardus)


@pytest.mark.parametrize("purpose", ["review", "deed", "extract", "counter"])
def test_a_resident_has_no_purpose_of_staff(registry, purpose):
    with pytest.raises(LookNotAllowed):
        registry.as_resident(SANNE, purpose=purpose)
    assert registry.noted() == [(SANNE, "refused")]
    assert registry.register.asked == []


@pytest.mark.parametrize("role", ["clerk", "officer"])
def test_clerks_and_officers_see_everybody_whole(registry, role):
    person = registry.look(STRANGER, purpose="counter", roles=[role])
    assert person["name"]["surname"] == "Leusink"
    assert person["address"].startswith("Testlaan")
    (row,) = registry.rows()
    assert (row.actor_kind, row.actor_id, row.actor_digest) == ("staff", "clerk-1", None)


@pytest.mark.parametrize(
    "actor",
    [
        {"roles": ["special-officer"]},
        {"roles": ["mayor-delegate", "manager"]},
        {"kind": "undertaker", "subject": "12345678"},
        {"kind": "care-provider", "subject": "12345678"},
    ],
)
def test_nobody_else_sees_anybody(registry, actor):
    with pytest.raises(LookNotAllowed):
        registry.look(STRANGER, purpose="prefill", **actor)
    (row,) = registry.rows()
    assert (row.result, row.actor_id) == ("refused", actor.get("subject", "clerk-1"))
    assert registry.register.asked == []


@pytest.mark.parametrize("kind", ["resident", "staff"])
def test_who_is_not_surely_who_he_says_sees_nobody(registry, kind):
    with pytest.raises(AssuranceTooLow):
        registry.look(SANNE, kind=kind, subject=SANNE, level="basic")
    assert registry.noted() == [(SANNE, "refused")]
    assert registry.register.asked == []


def test_a_stranger_to_the_register_is_nobody_and_the_look_counts(registry):
    assert registry.look("111222333", purpose="counter") is None
    assert len(registry.rows()) == 1


def test_a_number_that_is_none_is_not_looked_up(registry):
    with pytest.raises(BsnInvalid):
        registry.look("123456789", purpose="counter")
    assert registry.rows() == [] == registry.register.asked


def test_in_production_a_test_person_is_nobody(emptied, register):
    registry = Registry(emptied, register, test_persons=False)
    with pytest.raises(BsnTestRange):
        registry.look(SANNE, purpose="counter")
    assert registry.rows() == [] == register.asked


def test_a_number_that_was_sealed_elsewhere_opens_nothing(registry):
    sealed = Secrets.of(OTHER).sealer.seal(SANNE)
    actor = {"kind": "staff", "subject": "clerk-1", "level": "high", "roles": ["clerk"]}
    with registry.transactions.reading() as reading, pytest.raises(Malformed):
        look_up_person(reading, registry.office, registry.brp, actor=actor, bsn=sealed, purpose="counter")
    assert registry.rows() == []


def test_the_answer_fits_the_contract_and_holds_no_number_in_the_clear(registry):
    wire = json.dumps(dump(contract.PersonFound, {"person": registry.look(SANNE, purpose="counter")}))
    assert "99998" not in wire


# --- first the log, then the register ---------------------------------------------------------------------------


def test_when_a_look_cannot_be_written_nobody_is_asked(registry, emptied):
    tamper(emptied, "ALTER TABLE access_log_head RENAME TO gone")
    try:
        with pytest.raises(DBAPIError):
            registry.look(SANNE, purpose="counter")
    finally:
        tamper(emptied, "ALTER TABLE gone RENAME TO access_log_head")
    assert registry.register.asked == []


def test_a_look_stays_written_when_the_register_is_away(emptied, register):
    registry = Registry(emptied, register)
    registry.brp = Brp(BrpSettings(url="http://127.0.0.1:9/nobody-listens"))
    with pytest.raises(Unavailable):
        registry.look(SANNE, purpose="counter")
    assert registry.noted() == [(SANNE, "granted")]


def test_the_registers_own_log_can_name_our_look(registry):
    log.set_correlation(TRACE)
    try:
        registry.look(SANNE, purpose="counter")
    finally:
        log.set_correlation("")
    (row,) = registry.rows()
    ((_, headers),) = registry.register.asked
    assert row.trace_id == UUID(TRACE)
    assert headers["Traceparent"] == f"00-{UUID(TRACE).hex}-{row.id:016x}-01"
    assert headers["X-Gebruiker"] == "clerk-1"


# --- the log itself ---------------------------------------------------------------------------------------------


def test_of_a_record_with_several_people_each_has_a_row(registry):
    record_id = uuid4()
    registry.note(SANNE, THOMAS, SANNE, record_id=record_id)
    rows = registry.rows()
    assert registry.noted() == [(SANNE, "granted"), (THOMAS, "granted")]
    assert {(row.record_id, row.object) for row in rows} == {(record_id, "record")}
    assert len({row.trace_id for row in rows}) == 1


def test_a_look_at_a_queue_and_one_by_time_are_rows_too(registry):
    registry.note(queue="to-review", purpose="handling")
    registry.note(SANNE, actor=TIME)
    queue, time = registry.rows()
    assert (queue.object, queue.person_digest) == ("queue:to-review", None)
    assert (time.actor_kind, time.actor_id, time.origin) == ("system", "time", "background")


def test_a_look_without_a_known_purpose_is_a_bug(registry):
    with pytest.raises(KeyError):
        registry.note(SANNE, purpose="curiosity")
    assert registry.rows() == []


@pytest.mark.parametrize(
    "statement",
    ["UPDATE access_log SET actor_id = 'nobody'", "DELETE FROM access_log", "TRUNCATE access_log"],
)
def test_a_look_is_never_changed_or_taken_away(registry, emptied, statement):
    registry.note(SANNE)
    with pytest.raises(DBAPIError, match="only be added"), emptied.begin() as connection:
        connection.execute(text(statement))
    assert len(registry.rows()) == 1


def test_looks_of_sixteen_at_once_are_numbered_without_gaps_and_sealed_one_by_one(registry):
    together = threading.Barrier(16)

    def many():
        together.wait()
        for _ in range(10):
            registry.note(SANNE, THOMAS)

    threads = [threading.Thread(target=many) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row.id for row in registry.rows()] == list(range(1, 321))
    assert registry.verify().broken_at is None


def test_a_look_in_a_transaction_that_fails_leaves_no_gap(registry):
    with pytest.raises(RuntimeError), registry.transactions.work() as work:
        looks.note(work, registry.secrets, actor=CLERK, purpose="review", record_id=None, persons=[SANNE])
        raise RuntimeError
    registry.note(THOMAS)
    assert [row.id for row in registry.rows()] == [1]
    assert registry.noted() == [(THOMAS, "granted")]


def test_an_empty_log_is_whole(registry):
    verdict = registry.verify()
    assert (verdict.last_id, verdict.last_hash, verdict.broken_at) == (0, bytes(32), None)


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE access_log SET actor_id = 'nobody' WHERE id = 3", 3),
        ("UPDATE access_log SET at = at - interval '1 microsecond' WHERE id = 2", 2),
        ("UPDATE access_log SET person_digest = NULL WHERE id = 1", 1),
        ("DELETE FROM access_log WHERE id = 3", 3),
        ("DELETE FROM access_log WHERE id = 1", 1),
        ("DELETE FROM access_log WHERE id = 5", 5),
        ("UPDATE access_log SET id = 6 WHERE id = 4", 4),
        ("UPDATE access_log_head SET last_id = 4", 5),
        ("UPDATE access_log_head SET hash = decode(repeat('11', 32), 'hex')", 5),
    ],
)
def test_what_somebody_with_the_keys_of_the_database_changed_shows(registry, emptied, statement, broken_at):
    for _ in range(5):
        registry.note(SANNE)
    assert registry.verify().broken_at is None
    tamper(emptied, statement)
    assert registry.verify().broken_at == broken_at


def test_who_makes_the_whole_chain_anew_changes_its_last_hash(registry, emptied):
    for _ in range(3):
        registry.note(SANNE)
    kept_elsewhere = registry.verify().last_hash
    tamper(emptied, "DELETE FROM access_log")
    tamper(emptied, "UPDATE access_log_head SET last_id = 0, hash = decode(repeat('00', 32), 'hex')")
    for _ in range(3):
        registry.note(THOMAS)
    verdict = registry.verify()
    assert (verdict.last_id, verdict.broken_at) == (3, None)
    assert verdict.last_hash != kept_elsewhere


def test_no_number_stands_in_the_log(registry):
    registry.as_resident(THOMAS)
    registry.look(STRANGER, purpose="counter")
    with registry.transactions.reading() as reading:
        rows = reading.connection.execute(text("SELECT access_log::text FROM access_log")).scalars().all()
    for number in (SANNE, THOMAS, STRANGER):
        assert not [row for row in rows if number in row or number.encode().hex() in row]


def test_a_look_from_before_a_new_secret_is_found(registry):
    with registry.transactions.reading() as reading:
        looks.note(reading, Secrets.of(OLDER), actor=CLERK, purpose="review", record_id=None, persons=[SANNE])
    registry.note(SANNE)
    with registry.transactions.reading() as reading:
        found = looks.of_person(reading, registry.secrets.vault.digests(SANNE), registry.rows()[0].at)
    assert len(found) == 2


# --- telling it -------------------------------------------------------------------------------------------------


@pytest.fixture
def command(registry, emptied, monkeypatch):
    """The command on the line of an operator."""
    monkeypatch.setenv("BALIE_DATABASE_PREFIX", str(emptied.url.database).removesuffix("civil_registry"))
    monkeypatch.setenv("BALIE_SECRET_KEY", KEY.reveal())
    monkeypatch.setenv("BALIE_ENVIRONMENT", "demo")

    def run(*arguments, typed=None):
        return CliRunner().invoke(main, list(arguments), input=typed)

    return run


def test_somebody_hears_who_looked_at_him_and_that_this_was_asked(registry, command):
    registry.as_resident(SANNE)
    registry.look(SANNE, purpose="counter")
    with pytest.raises(LookNotAllowed):
        registry.look(SANNE, kind="resident", subject=STRANGER)
    done = command("--bsn", "-", "--language", "en", typed=f"{SANNE}\n")
    assert done.exit_code == 0, done.output
    assert SANNE not in done.output
    who = Counter(
        name
        for line in done.output.splitlines()
        for name in ("the person", "clerk-1", "another resident")
        if name in line
    )
    assert who == {"the person": 1, "clerk-1": 1, "another resident": 1}
    assert "Data filled in on a form beforehand" in done.output
    assert done.output.splitlines()[-1].count("Answer to the question who looked at data") == 1
    last = registry.rows()[-1]
    assert (last.action, last.object, last.purpose, last.origin) == (
        "read-log",
        "access-log",
        "access-request",
        "command-line",
    )
    assert bytes(last.person_digest) == registry.secrets.digest(SANNE)


def test_it_is_told_in_dutch_by_default_and_from_a_day_on(registry, command):
    registry.look(SANNE, purpose="counter")
    done = command("--bsn", SANNE, "--since", "2999-01-01")
    assert done.output.split() == ["wanneer", "wie", "wat", "waarom", "toegestaan", "zaak", "kenmerk"]
    assert "Aangifte of melding aan de balie" in command("--bsn", SANNE).output


def test_a_controller_sees_at_whom_a_staff_member_looked(registry, command):
    registry.look(SANNE, purpose="counter")
    registry.look(STRANGER, purpose="counter", subject="clerk-2")
    done = command("--staff", "clerk-1", "--language", "en")
    assert done.output.count("staff clerk-1") == 1
    assert "clerk-2" not in done.output
    assert registry.rows()[-1].purpose == "control"


def test_the_command_says_whether_the_log_is_whole(registry, command, emptied):
    registry.note(SANNE)
    registry.note(THOMAS)
    whole = command("--verify")
    assert whole.output.startswith("2 looks, none changed or taken away. Keep elsewhere: ")
    assert registry.verify().last_hash.hex() in whole.output
    tamper(emptied, "DELETE FROM access_log WHERE id = 1")
    broken = command("--verify")
    assert broken.exit_code == 1
    assert "Look 1 was changed or taken away" in broken.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Give one of"),
        (["--verify", "--staff", "x"], "Give one of"),
        (["--bsn", "123456789"], "Check the nine digits"),
    ],
)
def test_a_wrong_question_to_the_command_is_answered_with_the_cure(command, arguments, said):
    done = command(*arguments)
    assert done.exit_code != 0
    assert said in done.output
