"""How many coming visits one address, number or person may have, and to whom a visit is bound, on a real database."""

import dataclasses
from collections import Counter
from datetime import date, timedelta

import pytest

from services.appointments import commands
from services.appointments.town_files import read_town
from services.contracts import appointments as contracts
from services.contracts import base
from services.messaging.errors import Malformed
from tests.integration.appointments_desk import (
    ABROAD,
    DEMO,
    NOW,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Desk,
    at,
    at_once,
    refused,
)

ANNA = {"name": "Anna Smit", "email": "anna@example.nl", "birth_on": "1985-03-27"}
COLLECTION = date(2026, 12, 1)


@pytest.fixture(scope="module")
def enschede(databases):
    desk = Desk(databases("appointments"))
    desk.reload()
    return desk


@pytest.fixture(params=[True, False], ids=["at once", "thoroughly"])
def desk(enschede, request):
    enschede.clear()
    enschede.free_days()
    enschede.fast_lane = request.param
    yield enschede
    assert enschede.drift()["drifts"] == []


@pytest.fixture
def policies(enschede):
    """`policies("passport", most_live=1)` changes the policy of one product until the end of the test."""

    def change(product_id, **policy):
        town = read_town(DEMO)
        for product in town.products:
            if product["id"] == product_id:
                product["policy"] = {**product["policy"], **policy}
        enschede.reload(town)
        enschede.free_days()

    yield change
    enschede.reload()


def book(desk, on, wall, *, product="passport", **told):
    return desk.book(at(on, wall), product=product, told=ANNA | told)[0]


def too_many(act):
    refusal = refused(act)
    assert refusal.code == "too-many-live"
    return refusal.facts


# --- the limit per address and number


def test_two_visits_may_come_and_a_third_with_the_same_address_is_refused(desk):
    book(desk, TUESDAY, "10:00")
    book(desk, WEDNESDAY, "10:00")
    assert too_many(lambda: book(desk, THURSDAY, "10:00")) == {"product_ids": ["passport"]}


def test_the_hold_stays_after_the_refusal_and_is_confirmed_once_a_visit_was_cancelled(desk):
    first = book(desk, TUESDAY, "10:00")
    book(desk, WEDNESDAY, "10:00")
    held, _ = desk.hold(at(THURSDAY, "10:00"))
    too_many(lambda: desk.confirm(held, **ANNA))
    assert desk.look_at_hold(held)["state"] == "held"
    desk.cancel(first)
    assert desk.confirm(held, **ANNA)["state"] == "booked"


@pytest.mark.parametrize("email", ["ANNA@Example.NL", "Anna@example.nl"])
def test_another_way_to_write_the_address_is_the_same_address(desk, email):
    book(desk, TUESDAY, "10:00")
    book(desk, WEDNESDAY, "10:00")
    too_many(lambda: book(desk, THURSDAY, "10:00", email=email))


def test_a_punycode_domain_is_the_domain_that_it_stands_for(desk):
    book(desk, TUESDAY, "10:00", email="anna@xn--strae-oqa.example.nl")
    book(desk, WEDNESDAY, "10:00", email="anna@straße.example.nl")
    too_many(lambda: book(desk, THURSDAY, "10:00", email="Anna@STRAßE.example.nl"))


def test_a_phone_number_counts_as_an_address_does(desk):
    book(desk, TUESDAY, "10:00", email="a@example.nl", phone="06-12345678")
    book(desk, WEDNESDAY, "10:00", email="b@example.nl", phone="+31 6 1234 5678")
    too_many(lambda: book(desk, THURSDAY, "10:00", email="c@example.nl", phone="0031612345678"))
    book(desk, THURSDAY, "10:00", email="c@example.nl", phone="06-12345679")


def test_another_product_has_a_limit_of_its_own(desk):
    book(desk, TUESDAY, "10:00")
    book(desk, WEDNESDAY, "10:00")
    book(desk, THURSDAY, "10:00", product="driving-licence")


def test_a_visit_for_several_products_counts_for_each_of_them(desk):
    def both(on):
        products = [{"product_id": "passport", "persons": 1}, {"product_id": "driving-licence", "persons": 1}]
        asked = base.load(
            contracts.HoldSlot,
            {"location_id": "stadskantoor", "products": products, "starts_at": str(at(on, "10:00"))},
        )
        reply = desk.do(lambda work: commands.hold_slot(work, **asked))
        held = {"hold_id": str(reply["hold_id"]), "secret": desk.links.secret(reply["hold_id"])}
        return desk.confirm(held, **ANNA)

    both(TUESDAY)
    book(desk, WEDNESDAY, "10:00", product="driving-licence")
    assert too_many(lambda: both(THURSDAY)) == {"product_ids": ["passport", "driving-licence"]}
    book(desk, THURSDAY, "11:00")


def test_a_visit_that_has_begun_no_longer_counts(desk):
    book(desk, TUESDAY, "10:00")
    book(desk, WEDNESDAY, "10:00")
    desk.clock.at = at(TUESDAY, "10:00")
    book(desk, THURSDAY, "10:00")


def test_a_moved_visit_still_counts_once(desk):
    key = book(desk, TUESDAY, "10:00")
    desk.move(key, at(WEDNESDAY, "11:00"))
    book(desk, WEDNESDAY, "10:00")
    too_many(lambda: book(desk, THURSDAY, "10:00"))


def test_confirming_the_same_again_is_no_third_visit(desk):
    book(desk, TUESDAY, "10:00")
    held, _ = desk.hold(at(WEDNESDAY, "10:00"))
    assert desk.confirm(held, **ANNA) == desk.confirm(held, **ANNA)


def test_of_six_who_confirm_a_last_visit_at_once_one_may(desk):
    book(desk, TUESDAY, "10:00")
    holds = [desk.hold(at(WEDNESDAY, f"{hour}:00"))[0] for hour in (9, 10, 11, 13, 14, 15)]
    outcomes = Counter(
        outcome if isinstance(outcome, str) else "booked"
        for outcome in at_once(6, lambda n: desk.confirm(holds[n], **ANNA))
    )
    assert outcomes == {"booked": 1, "too-many-live": 5}
    assert desk.one("SELECT count(*) AS n FROM appointment WHERE state = 'booked'").n == 2


def test_two_people_who_share_a_phone_confirm_at_once_and_one_is_refused(desk):
    book(desk, TUESDAY, "10:00", email="a@example.nl", phone="06 12345678")
    holds = [desk.hold(at(WEDNESDAY, wall))[0] for wall in ("10:00", "11:00")]
    people = [ANNA | {"email": f"{name}@example.nl", "phone": "06 12345678"} for name in "bc"]
    outcomes = at_once(2, lambda n: desk.confirm(holds[n], **people[n]))
    assert sum(outcome == "too-many-live" for outcome in outcomes) == 1


def test_a_hold_that_is_over_is_taken_again_within_the_limit_only(desk):
    book(desk, TUESDAY, "10:00")
    held, _ = desk.hold(at(THURSDAY, "10:00"))
    desk.wait(minutes=11)
    desk.expire()
    book(desk, WEDNESDAY, "10:00")
    free = desk.bits()
    too_many(lambda: desk.confirm(held, **ANNA))
    assert desk.bits() == free


# --- what a town may set


def test_a_town_may_set_another_limit_or_none(desk, policies):
    policies("passport", most_live=1)
    book(desk, TUESDAY, "10:00")
    too_many(lambda: book(desk, WEDNESDAY, "10:00"))
    policies("passport", most_live=None)
    for wall in ("10:00", "11:00", "13:00"):
        book(desk, WEDNESDAY, wall)


def test_a_confirmation_never_goes_by_the_policy_of_yesterday(desk, policies):
    book(desk, TUESDAY, "10:00")
    held, _ = desk.hold(at(WEDNESDAY, "10:00"))
    desk.one("UPDATE product SET policy = policy || '{\"most_live\": 1}' WHERE id = 'passport'")
    desk.one("UPDATE calendar SET edition = gen_random_uuid()")  # another process has loaded the files
    too_many(lambda: desk.confirm(held, **ANNA))
    policies("passport")


def test_who_is_exempt_books_for_many_until_the_last_day(desk, enschede):
    town = read_town(DEMO)
    row = {"id": desk.people.email("anna@example.nl").hex(), "note": "team", "valid_until": NOW.date()}
    enschede.reload(dataclasses.replace(town, exempt=[row]))
    enschede.free_days()
    try:
        for wall in ("10:00", "11:00", "13:00"):
            book(desk, WEDNESDAY, wall)
        desk.wait(days=1)
        too_many(lambda: book(desk, THURSDAY, "10:00"))
    finally:
        enschede.reload()


# --- the telephone and the desk


@pytest.mark.parametrize("channel", ["phone", "counter"])
def test_staff_may_go_beyond_the_limit_with_a_reason_that_is_kept(desk, channel):
    book(desk, TUESDAY, "10:00")
    book(desk, WEDNESDAY, "10:00")
    held, _ = desk.hold(at(THURSDAY, "10:00"), channel=channel)
    too_many(lambda: desk.confirm(held, **ANNA))
    desk.confirm(held, **ANNA, exceed_reason="family of nine", staff_id="desk-4")
    act = desk.one("SELECT deed, staff_id, reason, name_before FROM staff_act")
    assert tuple(act) == ("exceed-limit", "desk-4", "family of nine", None)


def test_a_reason_that_was_not_needed_is_not_kept(desk):
    held, _ = desk.hold(at(THURSDAY, "10:00"), channel="phone")
    desk.confirm(held, **ANNA, exceed_reason="family of nine", staff_id="desk-4")
    assert desk.one("SELECT count(*) AS n FROM staff_act").n == 0


def test_nobody_goes_beyond_the_limit_by_the_web(desk):
    book(desk, TUESDAY, "10:00")
    book(desk, WEDNESDAY, "10:00")
    held, _ = desk.hold(at(THURSDAY, "10:00"))
    with pytest.raises(Malformed) as wrong:
        desk.confirm(held, **ANNA, exceed_reason="please", staff_id="me")
    assert list(wrong.value.errors) == ["exceed_reason"]
    with pytest.raises(Malformed):
        desk.confirm(held, **ANNA, exceed_reason="no name")


# --- the person


def test_a_bound_visit_keeps_name_and_birth_date_and_a_move_changes_neither(desk):
    key = book(desk, TUESDAY, "10:00", product=ABROAD)
    desk.move(key, at(WEDNESDAY, "10:00"))
    details = desk.look_up(key)
    assert (details["name"], details["birth_on"]) == ("Anna Smit", "1985-03-27")
    assert desk.contact(details["appointment_id"])["birth_on"] == "1985-03-27"


@pytest.mark.parametrize("birth_on", [None, "2026-11-24", "1899-12-31", "1985-02-30"])
def test_a_bound_visit_without_a_possible_birth_date_is_malformed(desk, birth_on):
    held, _ = desk.hold(at(TUESDAY, "10:00"), product=ABROAD)
    with pytest.raises(Malformed) as wrong:
        desk.confirm(held, **ANNA | {"birth_on": birth_on})
    assert list(wrong.value.errors) == ["birth_on"]
    assert desk.look_at_hold(held)["state"] == "held"


def test_who_was_born_today_or_in_1900_may_come(desk):
    book(desk, TUESDAY, "10:00", product=ABROAD, birth_on="2026-11-23")
    book(desk, WEDNESDAY, "10:00", product=ABROAD, birth_on="1900-01-01")


def test_today_begins_at_midnight_in_enschede(desk):
    desk.clock.at = at(TUESDAY, "00:05")
    held, _ = desk.hold(at(THURSDAY, "10:00"), product=ABROAD)
    assert desk.confirm(held, **ANNA | {"birth_on": TUESDAY.isoformat()})["state"] == "booked"


def test_a_birth_date_that_no_product_asks_for_is_not_kept(desk):
    key = book(desk, TUESDAY, "10:00")
    assert desk.look_up(key)["birth_on"] is None
    row = desk.one("SELECT birth_on, person_key FROM appointment")
    assert tuple(row) == (None, None)


def test_one_person_has_one_bound_visit_whatever_address_he_types(desk):
    first = book(desk, TUESDAY, "10:00", product=ABROAD)
    too_many(lambda: book(desk, WEDNESDAY, "10:00", product=ABROAD, email="other@example.nl", name="anna  SMIT"))
    book(desk, WEDNESDAY, "11:00", product=ABROAD, birth_on="1985-03-28")
    desk.cancel(first)
    book(desk, THURSDAY, "10:00", product=ABROAD, email="other@example.nl")


def test_one_person_on_two_addresses_at_once_gets_one_bound_visit(desk):
    holds = [desk.hold(at(WEDNESDAY, wall), product=ABROAD)[0] for wall in ("10:00", "11:00", "13:30", "14:30")]
    outcomes = at_once(4, lambda n: desk.confirm(holds[n], **ANNA | {"email": f"a{n}@example.nl"}))
    assert sum(outcome == "too-many-live" for outcome in outcomes) == 3


def test_an_exempt_address_still_books_one_visit_per_person(desk, enschede):
    row = {"id": desk.people.email("anna@example.nl").hex(), "note": "team", "valid_until": None}
    enschede.reload(dataclasses.replace(read_town(DEMO), exempt=[row]))
    enschede.free_days()
    try:
        book(desk, TUESDAY, "10:00", product=ABROAD)
        too_many(lambda: book(desk, WEDNESDAY, "10:00", product=ABROAD))
    finally:
        enschede.reload()


def test_both_visits_of_a_pair_are_bound_to_the_person_who_books(desk):
    pair, _ = desk.hold_pair(at(TUESDAY, "10:00"), at(COLLECTION, "09:00"), persons=2)
    with pytest.raises(Malformed):
        desk.confirm_pair(pair, birth_on=None)
    booked = desk.confirm_pair(pair, **ANNA)
    births = {desk.contact(booked[part]["appointment_id"])["birth_on"] for part in ("request", "collection")}
    assert births == {"1985-03-27"}
    again, _ = desk.hold_pair(at(WEDNESDAY, "10:00"), at(COLLECTION + timedelta(days=2), "09:00"))
    refusal = refused(lambda: desk.confirm_pair(again, **ANNA | {"email": "other@example.nl"}))
    assert (refusal.code, refusal.facts["visit"]) == ("too-many-live", "request")


# --- typing errors


def correct(desk, key, **changes):
    asked = base.load(
        contracts.CorrectPerson,
        {
            "appointment_id": key and desk.look_up(key)["appointment_id"],
            "reason": "letters swapped",
            "staff_id": "desk-4",
        }
        | changes,
    )
    return desk.do(lambda work: commands.correct_person(work, desk.people, **asked))


def test_staff_correct_a_typing_error_and_what_was_written_before_stays_on_record(desk):
    key = book(desk, TUESDAY, "10:00", product=ABROAD, name="Anna Simt")
    version = desk.look_up(key)["version"]
    correct(desk, key, name="Anna Smit")
    correct(desk, key, birth_on="1985-03-28")
    details = desk.look_up(key)
    assert (details["name"], details["birth_on"], details["version"]) == ("Anna Smit", "1985-03-28", version)
    acts = desk.all("SELECT deed, name_before, birth_on_before, reason, staff_id FROM staff_act ORDER BY id")
    assert [tuple(act) for act in acts] == [
        ("correct-person", "Anna Simt", date(1985, 3, 27), "letters swapped", "desk-4"),
        ("correct-person", "Anna Smit", date(1985, 3, 27), "letters swapped", "desk-4"),
    ]
    deeds = desk.one("SELECT array_agg(deed ORDER BY id) AS deeds FROM appointment_history").deeds
    assert deeds[-2:] == ["correct", "correct"]
    too_many(lambda: book(desk, WEDNESDAY, "10:00", product=ABROAD, birth_on="1985-03-28", email="b@example.nl"))
    book(desk, WEDNESDAY, "11:00", product=ABROAD, name="Anna Simt", email="b@example.nl")


def test_a_correction_into_somebody_who_has_a_visit_is_refused(desk):
    book(desk, TUESDAY, "10:00", product=ABROAD)
    key = book(desk, WEDNESDAY, "10:00", product=ABROAD, name="Anne Smit", email="b@example.nl")
    too_many(lambda: correct(desk, key, name="Anna Smit"))
    assert desk.look_up(key)["name"] == "Anne Smit"


def test_a_correction_does_not_ask_again_how_many_visits_the_address_has(desk):
    first = book(desk, TUESDAY, "10:00", product=ABROAD)
    book(desk, WEDNESDAY, "10:00", product=ABROAD, name="Eva Smit")
    held, _ = desk.hold(at(THURSDAY, "10:00"), product=ABROAD, channel="phone")
    desk.confirm(held, **ANNA | {"name": "Ida Smit", "exceed_reason": "a family", "staff_id": "desk-4"})
    correct(desk, first, name="Anne Smit")
    assert desk.look_up(first)["name"] == "Anne Smit"


def test_a_correction_into_the_same_changes_nothing(desk):
    key = book(desk, TUESDAY, "10:00", product=ABROAD)
    correct(desk, key, name=" Anna Smit ")
    assert desk.one("SELECT count(*) AS n FROM staff_act").n == 0


def test_a_correction_reaches_both_visits_of_a_pair(desk):
    pair, _ = desk.hold_pair(at(TUESDAY, "10:00"), at(COLLECTION, "09:00"))
    booked = desk.confirm_pair(pair, **ANNA)
    correct(desk, None, appointment_id=booked["request"]["appointment_id"], name="Anna Smits")
    names = {desk.contact(booked[part]["appointment_id"])["name"] for part in ("request", "collection")}
    assert names == {"Anna Smits"}


@pytest.mark.parametrize("changes", [{"birth_on": "2026-11-24"}, {"birth_on": "1899-12-31"}, {"name": " "}])
def test_a_correction_obeys_the_rules_of_the_form(desk, changes):
    key = book(desk, TUESDAY, "10:00", product=ABROAD)
    with pytest.raises(Malformed):
        correct(desk, key, **changes)


def test_only_a_bound_visit_that_is_firm_has_a_person_to_correct(desk):
    ordinary = book(desk, TUESDAY, "10:00")
    assert refused(lambda: correct(desk, ordinary, name="Eva")).code == "not-bound"
    bound = book(desk, TUESDAY, "10:00", product=ABROAD)
    desk.cancel(bound)
    assert refused(lambda: correct(desk, bound, name="Eva")).code == "appointment-over"
    nobody = "00000000-0000-4000-8000-000000000000"
    assert refused(lambda: correct(desk, None, appointment_id=nobody, name="Eva")).code == "appointment-unknown"


def test_a_correction_waits_for_a_confirmation_of_the_same_person(desk):
    """Two ways to become the same person at once: one of them is refused."""
    key = book(desk, TUESDAY, "10:00", product=ABROAD, name="Anne Smit", email="b@example.nl")
    held, _ = desk.hold(at(WEDNESDAY, "10:00"), product=ABROAD)
    outcomes = at_once(2, lambda n: correct(desk, key, name="Anna Smit") if n else desk.confirm(held, **ANNA))
    assert sum(outcome == "too-many-live" for outcome in outcomes) == 1
    same = "SELECT count(*) AS n FROM appointment WHERE state = 'booked' AND name = 'Anna Smit'"
    assert desk.one(same).n == 1


def test_nothing_about_a_person_is_told_to_others_or_kept_in_the_history(desk):
    book(desk, TUESDAY, "10:00", product=ABROAD)
    told = " ".join(bytes(row.body).decode() for row in desk.all("SELECT body FROM outbox"))
    kept = desk.one("SELECT string_agg(h::text, ' ') AS said FROM appointment_history AS h").said
    for private in ("Anna", "1985", "anna@"):
        assert private not in told
        assert private not in kept
