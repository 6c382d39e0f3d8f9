"""After a death the visits of who died come free without a mail, and staff judge where nobody can be sure."""

import json
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.appointments import commands, doubts_desk, queries, reactions
from services.appointments.timers.departed import LEASE, follow_deaths
from services.contracts import appointments as contracts
from services.contracts import base, civil_registry
from services.messaging.envelope import Envelope, decode
from services.messaging.errors import RemoteRefusal, Unavailable
from tests.integration.appointments_desk import ABROAD, NOW, THURSDAY, TUESDAY, WEDNESDAY, Desk, at, refused

HENDRIK = {"name": "Hendrik Jan Scholten", "email": "hendrik@example.nl", "birth_on": "1944-05-05"}
DIED = {"first_names": "Hendrik Jan", "surname_prefix": "", "surname": "Scholten", "born_on": "1944-05-05"}
STAFF = {"reason": "birth date on the form", "staff_id": "jansen"}


class Registry:
    """Stands where the civil registry answers over RPC; its answers pass through the real contracts."""

    def __init__(self):
        self.departed = {}
        self.trouble = None
        self.asked = 0

    def call(self, service, method, request):
        assert (service, method) == ("civil_registry", "departed")
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        record_id = base.load(civil_registry.AboutFact, request)["record_id"]
        if record_id not in self.departed:
            raise RemoteRefusal("record-unknown", "", {})
        return self.departed[record_id] | {"died_on": "2026-11-20"}


class Town:
    """The appointments of a town, and the deaths that it hears of."""

    def __init__(self, desk):
        self.desk = desk
        self.registry = Registry()

    def dies(self, **who):
        record_id = uuid4()
        self.registry.departed[record_id] = DIED | who
        self.hear(civil_registry.DeathRegistered, record_id)
        return record_id

    def hear(self, contract, record_id, *, kind="death"):
        event = Envelope(
            id=uuid4(),
            type=contract.type,
            source="civil_registry",
            aggregate_id=record_id,
            version=7,
            occurred_at=NOW,
            correlation_id=str(uuid4()),
            causation_id=None,
            data={"record_id": record_id, "kind": kind},
        )
        react = {
            civil_registry.DeathRegistered: reactions.on_death_registered,
            civil_registry.DeedCancelledByCourt: reactions.on_deed_cancelled,
        }[contract]
        with self.desk.transactions.work(correlation_id=event.correlation_id) as work:
            react(work, event)

    def follow(self):
        while follow_deaths(self.desk.transactions, self.registry, self.desk.people):
            pass

    def told(self):
        """Return the events about visits after they were made, with their data."""
        with self.desk.pool.connect() as connection:
            bodies = connection.execute(text("SELECT body FROM outbox ORDER BY id")).scalars()
            events = [decode(bytes(body)) for body in bodies]
        quiet = {contracts.AppointmentBooked.type}
        return [(event.type.rpartition(".")[2], event.data) for event in events if event.type not in quiet]

    def doubts(self):
        with self.desk.transactions.reading() as reading:
            return base.load(contracts.DoubtList, base.dump(contracts.DoubtList, queries.doubts(reading)))["doubts"]

    def judge(self, doubt, *, same, **more):
        asked = {"record_id": doubt["record_id"], "appointment_id": doubt["appointment_id"], "same": same}
        with self.desk.transactions.work() as work:
            return commands.settle_doubt(work, **base.load(contracts.SettleDoubt, _native(asked | STAFF | more)))


def _native(values):
    return json.loads(json.dumps(values, default=str))


@pytest.fixture(scope="module")
def enschede(databases):
    desk = Desk(databases("appointments"))
    desk.reload()
    return desk


@pytest.fixture
def town(enschede):
    enschede.clear()
    enschede.free_days()
    yield Town(enschede)
    assert enschede.drift()["drifts"] == []


def book(town, on, wall, *, product=ABROAD, persons=1, **told):
    return town.desk.book(at(on, wall), product=product, persons=persons, told=HENDRIK | told)


def state_of(town, key):
    return town.desk.look_up(key)["state"]


# --- surely his


def test_the_coming_visits_of_who_died_are_called_off_and_their_time_comes_free(town):
    key, booked = book(town, TUESDAY, "10:00")
    record_id = town.dies()
    town.follow()
    assert state_of(town, key) == "cancelled"
    (died, cancelled) = town.told()
    assert died[0] == "houder-overleden"
    assert (died[1]["record_id"], died[1]["alone"]) == (str(record_id), True)
    assert cancelled[0] == "afspraak-geannuleerd"
    assert (cancelled[1]["cancelled_by"], cancelled[1]["because"]) == ("municipality", "deceased")
    assert [died[1]["version"], cancelled[1]["version"]] == [2, 3]
    assert booked["starts_at"]


def test_the_same_death_twice_and_a_search_that_is_repeated_end_a_visit_once(town):
    book(town, TUESDAY, "10:00")
    record_id = town.dies()
    town.follow()
    town.hear(civil_registry.DeathRegistered, record_id)
    with town.desk.pool.begin() as connection:
        connection.execute(text("UPDATE departure SET state = 'waiting', settled_at = NULL"))
    town.follow()
    assert [name for name, _ in town.told()] == ["houder-overleden", "afspraak-geannuleerd"]


def test_a_search_that_died_half_way_is_taken_up_by_another(town):
    first, _ = book(town, TUESDAY, "10:00")
    town.dies()
    town.registry.trouble = KeyError("the process dies here")
    with pytest.raises(KeyError):
        town.follow()
    town.registry.trouble = None
    town.follow()
    assert state_of(town, first) == "booked"
    town.desk.wait(seconds=LEASE.total_seconds() + 1)
    town.follow()
    assert state_of(town, first) == "cancelled"


def test_a_visit_that_has_passed_is_told_of_and_stays_as_it_was(town):
    key, _ = book(town, TUESDAY, "10:00")
    town.desk.wait(days=10)
    town.dies()
    town.follow()
    assert [name for name, _ in town.told()] == ["houder-overleden"]
    assert state_of(town, key) == "booked"


def test_an_address_that_others_use_too_is_not_called_his_own(town):
    book(town, TUESDAY, "10:00")
    book(town, WEDNESDAY, "10:00", name="Ingrid Scholten", birth_on="1970-01-01")
    town.dies()
    town.follow()
    (died, _) = town.told()
    assert died[1]["alone"] is False
    assert town.doubts() == []


def test_nothing_of_who_died_is_kept(town):
    book(town, TUESDAY, "10:00", name="Iemand Anders", birth_on="1950-01-01")
    town.dies()
    town.follow()
    with town.desk.pool.connect() as connection:
        for table in ("departure", "departed_visit", "outbox"):
            kept = " ".join(connection.execute(text(f"SELECT t::text FROM {table} t")).scalars())
            assert "Scholten" not in kept and "1944" not in kept


# --- not his


@pytest.mark.parametrize(
    "somebody",
    [
        {"birth_on": "1944-05-06"},
        {"name": "Hendrik Jan Schouten"},
        {"name": "Hendrik Jan Smit"},
    ],
)
def test_the_visit_of_somebody_else_stands(town, somebody):
    key, _ = book(town, TUESDAY, "10:00", **somebody)
    town.dies()
    town.follow()
    assert state_of(town, key) == "booked"
    assert town.told() == [] and town.doubts() == []


# --- perhaps his


def test_the_same_name_without_a_birth_date_is_for_staff_to_judge(town):
    key, booked = book(town, TUESDAY, "10:00", product="passport", birth_on=None)
    town.dies()
    town.follow()
    (doubt,) = town.doubts()
    assert (doubt["reference"], doubt["ground"]) == (booked["reference"], "name")
    assert state_of(town, key) == "booked" and town.told() == []
    town.judge(doubt, same=True)
    assert state_of(town, key) == "cancelled"
    assert [name for name, _ in town.told()] == ["houder-overleden", "afspraak-geannuleerd"]
    assert town.doubts() == []
    assert refused(lambda: town.judge(doubt, same=True)).code == "doubt-unknown"


def test_a_twin_keeps_the_visit_once_staff_have_said_so(town):
    key, _ = book(town, TUESDAY, "10:00", name="Herman Scholten")
    town.dies()
    town.follow()
    (doubt,) = town.doubts()
    assert doubt["ground"] == "birth-and-surname"
    town.judge(doubt, same=False)
    assert state_of(town, key) == "booked" and town.told() == [] and town.doubts() == []
    with town.desk.pool.connect() as connection:
        row = connection.execute(text("SELECT verdict, staff_id, reason FROM departed_visit")).one()
    assert tuple(row) == ("other", "jansen", "birth date on the form")


def test_when_others_come_along_staff_ask_them_first(town):
    key, _ = book(town, TUESDAY, "10:00", persons=3)
    town.dies()
    town.follow()
    assert [doubt["ground"] for doubt in town.doubts()] == ["party"]
    assert state_of(town, key) == "booked" and town.told() == []


def test_a_doubt_ends_by_itself_when_the_visit_is_over_or_off(town):
    key, _ = book(town, TUESDAY, "10:00", product="passport", birth_on=None)
    book(town, THURSDAY, "10:00", product="passport", birth_on=None)
    town.dies()
    town.follow()
    assert len(town.doubts()) == 2
    town.desk.cancel(key)
    assert len(town.doubts()) == 1
    town.desk.wait(days=30)
    assert town.doubts() == []


def test_an_operator_lists_and_judges_doubts_on_the_command_line(town):
    book(town, TUESDAY, "10:00", product="passport", birth_on=None)
    town.dies()
    town.follow()
    listed = doubts_desk.act(town.desk.transactions, doubts_desk.read_arguments(["list"]))
    (doubt,) = listed["doubts"]
    typed = ["other", doubt["record_id"], doubt["appointment_id"], "--reason", "a namesake", "--by", "jansen"]
    assert doubts_desk.act(town.desk.transactions, doubts_desk.read_arguments(typed)) == {}
    assert town.doubts() == []


# --- trouble and second thoughts


def test_while_the_registry_is_silent_the_death_waits_and_nothing_is_lost(town):
    key, _ = book(town, TUESDAY, "10:00")
    town.dies()
    town.registry.trouble = Unavailable("The civil registry is away.")
    town.follow()
    assert state_of(town, key) == "booked"
    town.registry.trouble = None
    town.follow()
    assert town.registry.asked == 1  # it waits a little
    town.desk.wait(seconds=6)
    town.follow()
    assert state_of(town, key) == "cancelled"


def test_a_death_that_the_registry_does_not_tell_of_has_no_effect(town):
    key, _ = book(town, TUESDAY, "10:00")
    town.hear(civil_registry.DeathRegistered, uuid4())
    town.follow()
    assert state_of(town, key) == "booked"
    with town.desk.pool.connect() as connection:
        assert connection.execute(text("SELECT state FROM departure")).scalar_one() == "unknown"


def test_a_deed_that_a_court_strikes_out_before_the_search_ends_no_visit(town):
    key, _ = book(town, TUESDAY, "10:00")
    record_id = town.dies()
    town.hear(civil_registry.DeedCancelledByCourt, record_id)
    town.follow()
    assert state_of(town, key) == "booked" and town.registry.asked == 0


def test_after_a_court_has_struck_the_deed_out_nobody_has_to_judge(town):
    book(town, TUESDAY, "10:00", product="passport", birth_on=None)
    record_id = town.dies()
    town.follow()
    (doubt,) = town.doubts()
    town.hear(civil_registry.DeedCancelledByCourt, record_id)
    assert town.doubts() == []
    assert refused(lambda: town.judge(doubt, same=True)).code == "doubt-unknown"


def test_a_struck_out_deed_of_a_birth_is_none_of_our_business(town):
    town.hear(civil_registry.DeedCancelledByCourt, uuid4(), kind="birth")
    with town.desk.pool.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM departure")).scalar_one() == 0


def test_the_freed_place_is_kept_as_after_any_other_cancellation(town):
    key, booked = book(town, TUESDAY, "10:00")
    town.dies()
    town.follow()
    assert state_of(town, key) == "cancelled"
    with town.desk.pool.connect() as connection:
        kept = connection.execute(
            text("SELECT kept_for FROM appointment WHERE state = 'held' AND starts_at = :at"),
            {"at": booked["starts_at"]},
        ).scalars()
        assert list(kept) == ["delay"]  # a scarce product's place is shown later, at a moment that nobody can guess
