"""A product whose wait passes its norm gets more counter time: proposed or at once, within a manager's bounds."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from services.appointments import commands, queries, timers
from services.appointments.domain.figure_summary import monday_of
from services.appointments.openings import lay_out
from services.appointments.town_files import read_town
from services.contracts import appointments as contracts
from services.contracts import base
from tests.integration.appointments_desk import ABROAD, ABROAD_LINE, DEMO, NOW, Desk, at_once, refused

TODAY = NOW.date()
HELPERS = ["stadskantoor-4", "stadskantoor-5"]
BACK_ON = (TODAY + timedelta(weeks=3)).isoformat()


@pytest.fixture(scope="module")
def enschede(databases):
    return Desk(databases("appointments"))


@pytest.fixture
def desk(enschede):
    """A town whose only counter for people from abroad is not staffed for three weeks, with a norm of two."""
    enschede.one("TRUNCATE figure_run, figure_day, relief_history, relief_proposal")
    enschede.clear()
    enschede.reload(town_with())
    enschede.clear()
    yield enschede
    assert enschede.drift() == {"drifts": [], "miscounted_quotas": [], "outside_openings": [], "claims_out_of_step": []}


def town_with(*, staffed_from=BACK_ON, **bounds):
    town = read_town(DEMO)
    relief = {"mode": "propose", "lines": HELPERS, "most_hours_per_week": 16} | bounds
    policy = {"wait_norm_days": 14, "relief": relief}
    return replace(
        town,
        products=[entry | {"policy": policy} if entry["id"] == ABROAD else entry for entry in town.products],
        lines=[
            entry | {"shifts": [shift | {"valid_from": staffed_from} for shift in entry["shifts"]]}
            if entry["id"] == ABROAD_LINE
            else entry
            for entry in town.lines
        ],
    )


def relieve(desk):
    return desk.do(lambda work: timers.relieve(work, queries.waits_now(work)))


def reliefs(desk, state=None):
    asked = base.load(contracts.FindReliefs, {} if state is None else {"state": state})
    return desk.ask(lambda work: base.dump(contracts.ReliefList, queries.find_reliefs(work, **asked)))["reliefs"]


def decide(desk, proposal_ids, decision):
    asked = base.load(
        contracts.DecideRelief, {"proposal_ids": proposal_ids, "decision": decision, "staff_id": "manager-2"}
    )
    reply = desk.do(lambda work: base.dump(contracts.ReliefList, commands.decide_relief(work, **asked)))
    return reply["reliefs"]


def first_free(desk):
    return datetime.fromisoformat(desk.free_days(product=ABROAD)["first_free"]).date()


def skills(desk, relief):
    row = desk.one(
        'SELECT skills FROM line_day WHERE line_id = :line AND "on" = :on', line=relief["line_id"], on=relief["on"]
    )
    return set(row.skills)


def test_when_the_abroad_counter_is_full_for_weeks_relief_brings_the_first_free_time_nearer(desk):
    desk.reload(town_with(staffed_from=None))
    for day in desk.free_days(product=ABROAD, until_on=str(TODAY + timedelta(days=14)))["days"]:
        desk.fill(date.fromisoformat(day["on"]))
    assert first_free(desk) > TODAY + timedelta(days=14)
    assert relieve(desk) == 1
    (found,) = reliefs(desk)
    decide(desk, [found["proposal_id"]], "accept")
    assert first_free(desk) == date.fromisoformat(found["on"]) <= TODAY + timedelta(days=14)


def test_a_long_wait_brings_a_proposal_that_says_why(desk):
    assert relieve(desk) == 1
    (found,) = reliefs(desk)
    assert found["state"] == "proposed"
    assert found["line_id"] in HELPERS
    assert TODAY < date.fromisoformat(found["on"]) <= TODAY + timedelta(days=14)
    assert found["week_on"] == monday_of(date.fromisoformat(found["on"])).isoformat()
    reason = found["reason"]
    assert reason["third_next_days"] > reason["norm_days"] == 14
    assert (reason["starts_within_norm"], reason["planned_occupancy"]) == (0, 0.0)
    assert reason["starts_added"] >= 3


def test_a_proposal_changes_nothing_until_it_is_accepted(desk):
    before = first_free(desk)
    relieve(desk)
    assert first_free(desk) == before > TODAY + timedelta(days=14)


def test_an_accepted_proposal_brings_the_first_free_time_nearer(desk):
    relieve(desk)
    (found,) = reliefs(desk)
    (applied,) = decide(desk, [found["proposal_id"]], "accept")
    assert (applied["state"], applied["decided_by"]) == ("applied", "manager-2")
    assert first_free(desk) == date.fromisoformat(found["on"])
    start = desk.free_times(date.fromisoformat(found["on"]), product=ABROAD)[0]
    desk.book(start, product=ABROAD)
    booked = desk.one("SELECT line_id FROM appointment WHERE state = 'booked'")
    assert booked.line_id == found["line_id"]


def test_what_was_accepted_survives_the_next_laying_out_of_the_agenda(desk):
    relieve(desk)
    (found,) = reliefs(desk)
    decide(desk, [found["proposal_id"]], "accept")
    start = desk.free_times(date.fromisoformat(found["on"]), product=ABROAD)[0]
    desk.book(start, product=ABROAD)
    desk.reload(town_with())
    assert {"travel-documents", "nationals-abroad"} <= skills(desk, found)
    assert lay_out(desk.transactions)[0] == 0


def test_a_day_given_away_is_that_day_only(desk):
    relieve(desk)
    (found,) = reliefs(desk)
    decide(desk, [found["proposal_id"]], "accept")
    given = desk.one("SELECT count(*) AS days FROM line_day WHERE skills @> '{nationals-abroad,travel-documents}'")
    assert given.days == 1


def test_running_again_proposes_nothing_more_while_a_manager_thinks(desk):
    assert [relieve(desk), relieve(desk)] == [1, 0]
    assert len(reliefs(desk)) == 1


def test_six_processes_at_once_propose_once(desk):
    assert sum(at_once(6, lambda _: relieve(desk))) == 1


def test_what_was_declined_stays_declined_and_another_day_is_proposed(desk):
    relieve(desk)
    (first,) = reliefs(desk)
    decide(desk, [first["proposal_id"]], "decline")
    relieve(desk)
    found = {(relief["line_id"], relief["on"]): relief["state"] for relief in reliefs(desk)}
    assert sorted(found.values()) == ["declined", "proposed"]
    assert found[first["line_id"], first["on"]] == "declined"
    assert "nationals-abroad" not in skills(desk, first)
    assert refused(lambda: decide(desk, [first["proposal_id"]], "accept")).code == "relief-decided"


def test_when_everything_is_declined_the_engine_is_silent(desk):
    while relieve(desk):
        decide(desk, [relief["proposal_id"] for relief in reliefs(desk, "proposed")], "decline")
    assert {relief["line_id"] for relief in reliefs(desk)} == set(HELPERS)
    assert first_free(desk) > TODAY + timedelta(days=14)


def test_with_the_right_to_do_so_the_engine_gives_the_day_itself(desk):
    desk.reload(town_with(mode="apply"))
    assert relieve(desk) == 1
    (found,) = reliefs(desk)
    assert (found["state"], found["decided_by"]) == ("applied", "policy")
    assert first_free(desk) == date.fromisoformat(found["on"])
    assert relieve(desk) == 0


def test_no_week_gets_more_than_the_manager_allows_however_long_the_wait(desk):
    desk.reload(town_with(mode="apply", most_hours_per_week=9))
    for _ in range(8):
        relieve(desk)
        for found in reliefs(desk):  # each day that was given is taken at once
            desk.fill(date.fromisoformat(found["on"]))
    hours: dict[str, float] = {}
    for found in reliefs(desk):
        hours[found["week_on"]] = hours.get(found["week_on"], 0) + found["hours"]
    assert hours
    assert max(hours.values()) <= 9
    desk.reload(town_with(mode="apply", most_hours_per_week=7))
    before = len(reliefs(desk))
    assert (relieve(desk), len(reliefs(desk))) == (0, before)


def test_a_wait_within_its_norm_changes_nothing(desk):
    desk.one("UPDATE product SET policy = '{}' WHERE id = :product", product=ABROAD)
    assert relieve(desk) == 0
    desk.reload(town_with(staffed_from=None))
    assert relieve(desk) == 0


def test_a_proposal_expires_when_its_day_comes(desk):
    relieve(desk)
    (found,) = reliefs(desk)
    desk.clock.at = NOW + (date.fromisoformat(found["on"]) - TODAY)
    assert refused(lambda: decide(desk, [found["proposal_id"]], "accept")).code == "relief-decided"
    relieve(desk)
    assert [relief["state"] for relief in reliefs(desk) if relief["on"] == found["on"]] == ["expired"]


def test_one_that_cannot_be_decided_leaves_all_undecided(desk):
    relieve(desk)
    (found,) = reliefs(desk)
    nobody = "0b8f3f0e-7a54-4e0c-9a3e-0d5b3f6f5c11"
    assert refused(lambda: decide(desk, [found["proposal_id"], nobody], "accept")).code == "relief-unknown"
    assert [relief["state"] for relief in reliefs(desk)] == ["proposed"]


def test_who_decided_what_and_when_stays_on_record(desk):
    relieve(desk)
    (found,) = reliefs(desk)
    for _ in range(2):
        decide(desk, [found["proposal_id"]], "accept")
    with desk.pool.connect() as connection:
        told = connection.execute(text("SELECT state, by FROM relief_history ORDER BY id")).all()
    assert [tuple(row) for row in told] == [("proposed", "policy"), ("applied", "manager-2")]
