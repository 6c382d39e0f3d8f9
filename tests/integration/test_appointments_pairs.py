"""Somebody from abroad requests a passport and collects it: two visits, found and booked as one, on a real database."""

from datetime import date, datetime, timedelta

import pytest

from tests.integration.appointments_desk import (
    ABROAD,
    ABROAD_LINE,
    NOW,
    TUESDAY,
    WEDNESDAY,
    Desk,
    at,
    at_once,
    refused,
)

COLLECT = "collect-travel-document"
COLLECTION = date(2026, 12, 1)
"""Five working days after TUESDAY: the first day on which to collect."""
DAY_AFTER = date(2026, 12, 2)


@pytest.fixture(scope="module")
def enschede(databases):
    desk = Desk(databases("appointments"))
    desk.reload()
    desk.open_to_all()
    return desk


@pytest.fixture
def desk(enschede):
    enschede.clear()
    yield enschede
    assert enschede.drift() == {"drifts": [], "miscounted_quotas": [], "outside_openings": [], "claims_out_of_step": []}


def fill(desk, on, *, product=COLLECT):
    """Take every time of a day."""
    for start in desk.free_times(on, product=product):
        desk.hold(start, product=product)


def day_of(found, on):
    return next(day for day in found["days"] if day["on"] == on.isoformat())


# --- search


def test_each_day_of_request_tells_from_when_to_collect_and_the_first_days_with_room(desk):
    day = day_of(desk.free_pairs(), TUESDAY)
    assert day["starts"] == len(desk.free_times(TUESDAY, product=ABROAD))
    assert (day["collect_from_on"], day["collect_until_on"]) == ("2026-12-01", "2027-02-22")
    assert [found["on"] for found in day["collection_days"]] == ["2026-12-01", "2026-12-02", "2026-12-03"]
    assert day["collection_days"][0]["starts"] == len(desk.free_times(COLLECTION, product=COLLECT))


def test_a_full_day_of_collection_moves_the_first_collection_but_not_the_rule(desk):
    fill(desk, COLLECTION)
    day = day_of(desk.free_pairs(), TUESDAY)
    assert day["collect_from_on"] == "2026-12-01"
    assert day["collection_days"][0]["on"] == "2026-12-02"


def test_requests_after_which_nothing_can_be_collected_within_the_horizon_are_not_offered(desk):
    single, pairs = desk.free_days(product=ABROAD), desk.free_pairs()
    assert single["days"][-1]["on"] == "2027-05-24"
    assert pairs["days"][-1]["on"] == "2027-05-14"  # Whit Monday lies between it and Monday the 24th
    assert [day["on"] for day in pairs["days"]] == [day["on"] for day in single["days"]][: len(pairs["days"])]


def test_bounds_narrow_the_days_but_not_the_first_free_request(desk):
    found = desk.free_pairs(from_on="2027-02-01", until_on="2027-02-05")
    assert [day["on"] for day in found["days"]] == [f"2027-02-0{day}" for day in range(1, 6)]
    assert found["first_free"] == at(TUESDAY, "09:00").isoformat()


def test_the_days_to_collect_are_those_that_a_request_allows(desk):
    found = desk.collection_days(TUESDAY, persons=2)
    assert found["products"] == [{"product_id": COLLECT, "persons": 2}]
    assert (found["from_on"], found["last_on"]) == ("2026-12-01", "2027-02-22")
    assert (found["days"][0]["on"], found["days"][-1]["on"]) == ("2026-12-01", "2027-02-22")
    assert found["minutes"] == 15


def test_christmas_is_no_working_day(desk):
    assert desk.collection_days(date(2026, 12, 24))["from_on"] == "2027-01-04"


def test_a_visit_that_makes_nothing_has_nothing_to_collect(desk):
    assert refused(lambda: desk.free_pairs(product="passport")).code == "nothing-to-collect"
    assert refused(lambda: desk.collection_days(NOW.date() - timedelta(days=1))).code == "in-the-past"
    assert refused(lambda: desk.collection_days(date(2027, 6, 1))).code == "too-far"


def test_a_pair_is_refused_for_the_reasons_for_which_one_visit_is(desk):
    assert refused(lambda: desk.free_pairs(location="nergens")).code == "unknown-location"
    assert refused(lambda: desk.free_pairs(product="dog-licence")).code == "unknown-product"
    assert refused(lambda: desk.free_pairs(persons=6)).code == "visit-too-long"
    elsewhere = refused(lambda: desk.hold_pair(at(TUESDAY, "10:00"), at(COLLECTION, "09:00"), location="glanerbrug"))
    assert (elsewhere.code, elsewhere.facts) == ("not-offered-here", {"location_ids": ["stadskantoor"]})


def test_every_first_pair_on_offer_can_be_held(desk):
    for day in desk.free_pairs()["days"][:5]:
        on, collect_on = date.fromisoformat(day["on"]), date.fromisoformat(day["collection_days"][0]["on"])
        desk.hold_pair(desk.free_times(on, product=ABROAD)[0], desk.free_times(collect_on, product=COLLECT)[0])


# --- holding and confirming


def test_two_visits_are_held_together_and_become_two_appointments_of_one_person(desk):
    pair, reply = desk.hold_pair(at(TUESDAY, "10:00"), at(COLLECTION, "09:00"), persons=2)
    assert reply["request"]["products"] == [{"product_id": ABROAD, "persons": 2}]
    assert reply["collection"]["products"] == [{"product_id": COLLECT, "persons": 2}]
    assert reply["request"]["expires_at"] == reply["collection"]["expires_at"]
    assert desk.look_at_pair(pair)["collection"]["state"] == "held"
    booked = desk.confirm_pair(pair)
    assert booked["request"]["reference"] != booked["collection"]["reference"]
    assert {booked[part]["state"] for part in ("request", "collection")} == {"booked"}
    assert desk.events() == [("afspraak-gemaakt", 1), ("afspraak-gemaakt", 1)]
    assert desk.confirm_pair(pair) == booked
    assert len(desk.events()) == 2


def test_each_appointment_names_the_other(desk):
    request, collection = desk.book_pair(at(TUESDAY, "10:00"), at(COLLECTION, "09:00"))
    other = desk.look_up(request)["other_visit"]
    assert (other["part"], other["starts_at"]) == ("collection", at(COLLECTION, "09:00").isoformat())
    assert (
        desk.look_up({"reference": other["reference"], "secret": other["secret"]})["other_visit"]["part"] == "request"
    )
    assert desk.contact(desk.look_up(collection)["appointment_id"])["other_visit"]["part"] == "request"
    alone, _ = desk.book(at(WEDNESDAY, "10:00"), product=ABROAD)
    assert desk.look_up(alone)["other_visit"] is None


def test_whoever_lacks_the_secret_finds_no_pair(desk):
    pair, _ = desk.hold_pair(at(TUESDAY, "10:00"), at(COLLECTION, "09:00"))
    wrong = pair | {"secret": "x" * 26}
    for act in (desk.look_at_pair, desk.confirm_pair, desk.extend_pair, desk.release_pair):
        assert refused(lambda act=act: act(wrong)).code == "hold-unknown"


@pytest.mark.parametrize(
    ("taken", "visit", "near"), [((TUESDAY, ABROAD), "request", TUESDAY), ((COLLECTION, COLLECT), "collection", None)]
)
def test_when_one_of_the_two_is_taken_nothing_is_held_and_the_refusal_says_which(desk, taken, visit, near):
    on, product = taken
    desk.hold(at(on, "10:00"), product=product)
    before = desk.bits()
    refusal = refused(lambda: desk.hold_pair(at(TUESDAY, "10:00"), at(COLLECTION, "10:00")))
    assert (refusal.code, refusal.facts["visit"]) == ("slot-taken", visit)
    assert desk.bits() == before
    alternatives = [datetime.fromisoformat(start) for start in refusal.facts["alternatives"]]
    assert len(alternatives) == 5
    for start in alternatives:
        times = (start, at(COLLECTION, "10:00")) if visit == "request" else (at(TUESDAY, "10:00"), start)
        desk.release_pair(desk.hold_pair(*times)[0])


def test_alternatives_to_a_full_last_day_of_request_leave_the_collection_where_it_is(desk):
    desk.fill(TUESDAY)
    refusal = refused(lambda: desk.hold_pair(at(TUESDAY, "10:00"), at(COLLECTION, "09:00")))
    assert refusal.facts["alternatives"] == []  # a request on Wednesday would be ready a day later
    refusal = refused(lambda: desk.hold_pair(at(TUESDAY, "10:00"), at(DAY_AFTER, "09:00")))
    assert {start[:10] for start in refusal.facts["alternatives"]} == {WEDNESDAY.isoformat()}


def test_a_collection_before_the_document_is_ready_is_refused_with_the_first_day(desk):
    refusal = refused(lambda: desk.hold_pair(at(WEDNESDAY, "10:00"), at(COLLECTION, "09:00")))
    assert refusal.code == "collection-too-early"
    assert refusal.facts == {"visit": "collection", "earliest_on": "2026-12-02", "request_by_on": "2026-11-24"}
    late = refused(lambda: desk.hold_pair(at(TUESDAY, "10:00"), at(date(2027, 2, 23), "09:00")))
    assert (late.code, late.facts["last_on"]) == ("collection-too-late", "2027-02-22")


def test_a_collection_outside_opening_hours_is_refused_as_the_collection(desk):
    refusal = refused(lambda: desk.hold_pair(at(TUESDAY, "10:00"), at(COLLECTION, "20:00")))
    assert (refusal.code, refusal.facts["visit"]) == ("day-closed", "collection")


def test_one_who_waits_too_long_still_gets_both_when_both_are_free(desk):
    pair, _ = desk.hold_pair(at(TUESDAY, "10:00"), at(COLLECTION, "09:00"))
    desk.wait(minutes=11)
    assert desk.expire() == 2
    assert desk.look_at_pair(pair)["collection"]["state"] == "expired"
    assert desk.confirm_pair(pair)["collection"]["state"] == "booked"


@pytest.mark.parametrize("visit", ["request", "collection"])
def test_one_who_waits_too_long_gets_neither_when_one_is_gone(desk, visit):
    pair, _ = desk.hold_pair(at(TUESDAY, "10:00"), at(COLLECTION, "10:00"))
    desk.wait(minutes=11)
    desk.expire()
    desk.hold(at(TUESDAY if visit == "request" else COLLECTION, "10:00"), product=ABROAD)
    before = desk.bits()
    refusal = refused(lambda: desk.confirm_pair(pair))
    assert (refusal.code, refusal.facts["visit"]) == ("hold-expired", visit)
    assert desk.bits() == before
    assert desk.events().count(("afspraak-gemaakt", 1)) == 0


def test_both_are_kept_longer_once(desk):
    pair, first = desk.hold_pair(at(TUESDAY, "10:00"), at(COLLECTION, "09:00"))
    longer = desk.extend_pair(pair)
    assert longer["request"]["expires_at"] == longer["collection"]["expires_at"] > first["request"]["expires_at"]
    assert refused(lambda: desk.extend_pair(pair)).code == "hold-not-extendable"
    desk.wait(minutes=11)
    assert desk.expire() == 0


def test_both_are_given_back_at_once_and_twice_is_the_same_as_once(desk):
    before = desk.bits()
    pair, _ = desk.hold_pair(at(TUESDAY, "10:00"), at(COLLECTION, "09:00"))
    desk.release_pair(pair)
    desk.release_pair(pair)
    assert desk.bits() == before
    desk.confirm_pair(desk.hold_pair(at(TUESDAY, "10:00"), at(COLLECTION, "09:00"))[0])


def test_a_transaction_that_dies_between_the_two_keeps_neither(desk):
    """The database refuses the second visit, as if the process had died after the first."""
    before = desk.bits()
    desk.one(
        "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN IF new.journey_part = 'collection' THEN RAISE 'dead'; END IF; RETURN new; END $$"
    )
    desk.one("CREATE TRIGGER die BEFORE INSERT ON appointment FOR EACH ROW EXECUTE FUNCTION die()")
    try:
        with pytest.raises(Exception, match="dead"):
            desk.hold_pair(at(TUESDAY, "10:00"), at(COLLECTION, "09:00"))
    finally:
        desk.one("DROP FUNCTION die() CASCADE")
    assert desk.bits() == before
    assert desk.one("SELECT count(*) FROM appointment")[0] == 0


# --- races


def test_of_many_who_want_the_last_pair_exactly_one_gets_both_and_nobody_keeps_half(desk):
    outcomes = at_once(24, lambda _: bool(desk.hold_pair(at(TUESDAY, "10:00"), at(COLLECTION, "09:00"))))
    assert outcomes.count(True) == 1
    assert outcomes.count("slot-taken") == 23
    parts = desk.one("SELECT array_agg(journey_part ORDER BY journey_part) FROM appointment")[0]
    assert parts == ["collection", "request"]


def test_crossing_pairs_never_wait_for_each_other_for_ever(desk):
    """Each pair's collection day is another pair's day of request."""
    days = [date(2026, 12, 1), date(2026, 12, 8), date(2026, 12, 15), date(2026, 12, 22)]

    def act(n):
        request, collection = days[n % 3], days[n % 3 + 1]
        pair, _ = desk.hold_pair(at(request, f"{9 + n // 3}:00"), at(collection, f"{9 + n // 3}:40"))
        if n % 2:
            desk.release_pair(pair)
        else:
            desk.confirm_pair(pair)
        return True

    assert at_once(9, act) == [True] * 9


def test_confirming_and_expiring_at_the_same_instant_leave_both_or_neither(desk):
    pairs = [desk.hold_pair(at(TUESDAY, f"{9 + n}:00"), at(COLLECTION, f"{9 + n}:00"))[0] for n in range(3)]
    desk.wait(minutes=11)
    at_once(6, lambda n: bool(desk.confirm_pair(pairs[n // 2]) if n % 2 else desk.expire() + 1))
    while desk.expire():
        pass
    with desk.pool.connect() as connection:
        rows = connection.exec_driver_sql("SELECT count(DISTINCT state) FROM appointment GROUP BY journey_id").all()
    assert [row[0] for row in rows] == [1, 1, 1]


def test_moving_both_visits_at_the_same_instant_never_leaves_them_too_close(desk):
    for _ in range(5):
        desk.clear()
        request, collection = desk.book_pair(at(TUESDAY, "10:00"), at(DAY_AFTER, "09:00"))
        moves = [(request, at(WEDNESDAY, "10:00")), (collection, at(COLLECTION, "09:00"))]
        outcomes = at_once(2, lambda n, moves=moves: bool(desk.move(*moves[n])))
        assert sorted(map(str, outcomes)) == ["True", "collection-too-early"]


# --- afterwards


def test_a_request_cannot_move_beyond_what_its_collection_allows(desk):
    request, collection = desk.book_pair(at(TUESDAY, "10:00"), at(COLLECTION, "09:00"))
    refusal = refused(lambda: desk.move(request, at(WEDNESDAY, "10:00")))
    assert refusal.code == "collection-too-early"
    assert refusal.facts == {"earliest_on": "2026-12-02", "request_by_on": "2026-11-24"}
    desk.move(collection, at(DAY_AFTER, "09:00"))
    assert desk.move(request, at(WEDNESDAY, "10:00"))["starts_at"] == at(WEDNESDAY, "10:00").isoformat()


def test_a_collection_cannot_move_before_its_document_is_ready(desk):
    _, collection = desk.book_pair(at(TUESDAY, "10:00"), at(DAY_AFTER, "09:00"))
    refusal = refused(lambda: desk.move(collection, at(date(2026, 11, 30), "09:00")))
    assert (refusal.code, refusal.facts["earliest_on"]) == ("collection-too-early", "2026-12-01")
    desk.move(collection, at(COLLECTION, "09:00"))
    late = refused(lambda: desk.move(collection, at(date(2027, 3, 1), "09:00")))
    assert late.code == "collection-too-late"


def test_cancelling_the_request_cancels_the_collection_too(desk):
    before = desk.bits()
    request, collection = desk.book_pair(at(TUESDAY, "10:00"), at(COLLECTION, "09:00"))
    reply = desk.cancel(request)
    assert reply["also_cancelled"] == collection["reference"]
    assert desk.look_up(collection)["state"] == "cancelled"
    assert desk.events()[2:] == [("afspraak-geannuleerd", 2), ("afspraak-geannuleerd", 2)]
    assert desk.bits() == before
    assert desk.cancel(request)["state"] == "cancelled"
    assert len(desk.events()) == 4


def test_cancelling_the_collection_leaves_the_request_which_then_moves_freely(desk):
    request, collection = desk.book_pair(at(TUESDAY, "10:00"), at(COLLECTION, "09:00"))
    assert "also_cancelled" not in desk.cancel(collection)
    assert desk.look_up(request)["state"] == "booked"
    assert desk.look_up(request)["other_visit"] is None
    desk.move(request, at(WEDNESDAY, "10:00"))
    assert "also_cancelled" not in desk.cancel(request)


def test_who_left_the_collection_out_books_it_later(desk):
    desk.book(at(TUESDAY, "10:00"), product=ABROAD)
    desk.book(at(COLLECTION, "09:00"), product=COLLECT)
    assert desk.look_up(desk.book(at(COLLECTION, "10:00"), product=COLLECT)[0])["other_visit"] is None


def test_residents_and_nationals_abroad_never_take_each_others_places(desk):
    desk.book_pair(at(TUESDAY, "10:00"), at(COLLECTION, "09:00"))
    lines = desk.one("SELECT array_agg(DISTINCT line_id) FROM appointment")[0]
    assert lines == [ABROAD_LINE]
