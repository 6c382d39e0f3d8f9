"""One resident, one desk: from a search to a booked, moved and cancelled appointment, on a real database."""

from datetime import timedelta

import pytest

from services.messaging.errors import Malformed
from tests.integration.appointments_desk import (
    ABROAD,
    ABROAD_LINE,
    NOW,
    SUNDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Desk,
    at,
    refused,
)


@pytest.fixture(scope="module")
def enschede(databases):
    desk = Desk(databases("appointments"))
    desk.reload()
    desk.open_to_all()
    return desk


@pytest.fixture(params=[True, False], ids=["in one statement", "the thorough way"])
def desk(enschede, request):
    enschede.clear()
    enschede.fast_lane = request.param
    yield enschede
    assert enschede.drift() == {"drifts": [], "miscounted_quotas": [], "outside_openings": [], "claims_out_of_step": []}


# --- search


def test_the_number_of_times_on_a_day_is_the_number_of_times_shown(desk):
    for day in desk.free_days(persons=2)["days"][:10]:
        on = NOW.date().fromisoformat(day["on"])
        assert len(desk.free_times(on, persons=2)) == day["starts"]


def test_every_time_on_offer_can_be_held(desk):
    for start in desk.free_times(TUESDAY, product=ABROAD):
        held, _ = desk.hold(start, product=ABROAD)
        desk.release(held)


def test_what_is_on_offer_fills_the_day_without_holes_in_which_another_would_have_fitted(desk):
    visits = len(desk.fill(TUESDAY))
    open_ticks = desk.one(
        'SELECT bit_count(open) AS n FROM line_day WHERE line_id = :line AND "on" = :on', line=ABROAD_LINE, on=TUESDAY
    ).n
    assert visits >= open_ticks // 7 - 2  # 35 minutes each; a morning and an afternoon


def test_a_time_that_was_shown_stays_for_two_minutes_while_it_is_possible(desk):
    shown = desk.free_times(THURSDAY, product=ABROAD)
    for start in shown[:12:3]:  # the day is no longer roomy
        desk.hold(start, product=ABROAD)
    desk.wait(minutes=2)
    again = desk.free_times(THURSDAY, product=ABROAD)
    possible = [start for start in shown if start in again]
    for start in set(shown) - set(possible):
        assert refused(lambda start=start: desk.hold(start, product=ABROAD)).code == "slot-taken"
    desk.wait(minutes=5)
    assert len(desk.free_times(THURSDAY, product=ABROAD)) <= len(again)


def test_a_full_day_is_not_among_the_days_with_room(desk):
    desk.fill(TUESDAY)
    found = desk.free_days(product=ABROAD)
    assert TUESDAY.isoformat() not in [day["on"] for day in found["days"]]
    assert found["first_free"].startswith(WEDNESDAY.isoformat())


def test_bounds_narrow_the_days_but_not_the_first_free_time(desk):
    found = desk.free_days(from_on="2027-02-01", until_on="2027-02-05")
    assert [day["on"] for day in found["days"]] == [f"2027-02-0{day}" for day in range(1, 6)]
    assert found["first_free"] == at(NOW.date(), "10:00").isoformat()
    assert found["last_on"] == "2027-05-24"


def test_today_only_times_after_the_lead_time_are_offered(desk):
    assert min(desk.free_times(NOW.date())) >= NOW + timedelta(minutes=60)


def test_holidays_decreed_days_and_local_closings_offer_nothing(desk):
    days = {day["on"] for day in desk.free_days()["days"]}
    assert not days & {"2026-12-25", "2027-01-01", "2027-03-29", "2027-04-27", "2027-05-07", "2026-11-29"}
    assert max(desk.free_times(NOW.date().replace(month=12, day=24))) <= at(
        NOW.date().replace(month=12, day=24), "15:45"
    )


def test_thursday_evening_is_open(desk):
    assert max(desk.free_times(THURSDAY)) >= at(THURSDAY, "19:30")


@pytest.mark.parametrize(
    ("on", "code"), [("2026-11-22", "in-the-past"), ("2027-05-25", "too-far"), ("2026-11-29", "day-closed")]
)
def test_a_day_that_cannot_be_is_refused_in_words(desk, on, code):
    assert refused(lambda: desk.free_times(NOW.date().fromisoformat(on))).code == code


@pytest.mark.parametrize(
    ("visit", "code"),
    [
        ({"product": "unicorn"}, "unknown-product"),
        ({"location": "atlantis"}, "unknown-location"),
        ({"product": ABROAD, "location": "glanerbrug"}, "not-offered-here"),
        ({"product": "birth-declaration", "persons": 4}, "visit-too-long"),
        ({"persons": 8, "location": "glanerbrug"}, "visit-too-long"),
    ],
)
def test_a_visit_that_cannot_be_is_refused_in_words(desk, visit, code):
    assert refused(lambda: desk.free_days(**visit)).code == code
    assert refused(lambda: desk.hold(at(TUESDAY, "10:00"), **visit)).code == code


# --- holds


@pytest.mark.parametrize(
    ("starts_at", "code"),
    [
        (at(NOW.date(), "08:30"), "in-the-past"),
        (at(NOW.date(), "09:30"), "too-soon"),
        (at(SUNDAY, "10:00"), "day-closed"),
        (at(TUESDAY, "08:25"), "day-closed"),
        (at(TUESDAY, "16:50"), "day-closed"),
        (at(TUESDAY, "23:55"), "day-closed"),
        (at(TUESDAY.replace(year=2028), "10:00"), "too-far"),
        ("9999-12-31T23:55:00+00:00", "too-far"),
        ("9999-12-31T23:55:00-05:00", "too-far"),
        ("0001-01-01T00:00:00+05:00", "in-the-past"),
    ],
)
def test_a_time_that_cannot_be_is_refused_in_words(desk, starts_at, code):
    assert refused(lambda: desk.hold(starts_at)).code == code


def test_a_time_between_the_five_minute_marks_is_malformed(desk):
    with pytest.raises(Malformed) as malformed:
        desk.hold(at(TUESDAY, "10:00") + timedelta(minutes=2))
    assert list(malformed.value.errors) == ["starts_at"]


@pytest.mark.parametrize("persons", [0, 9])
def test_nobody_or_nine_persons_are_malformed(desk, persons):
    with pytest.raises(Malformed):
        desk.free_days(persons=persons)


def test_every_free_five_minutes_can_be_held_not_only_those_on_offer(desk):
    start = at(TUESDAY, "10:05")
    assert start not in desk.free_times(TUESDAY, product=ABROAD)
    assert desk.hold(start, product=ABROAD)[1]["starts_at"] == start.isoformat()


def test_a_taken_time_is_refused_with_the_nearest_alternatives(desk):
    start = at(TUESDAY, "10:30")
    desk.hold(start, product=ABROAD)
    refusal = refused(lambda: desk.hold(start, product=ABROAD))
    assert refusal.code == "slot-taken"
    alternatives = refusal.facts["alternatives"]
    assert 3 <= len(alternatives) <= 5
    assert alternatives == sorted(alternatives)
    for alternative in alternatives:
        held, _ = desk.hold(alternative, product=ABROAD)
        desk.release(held)


def test_a_counter_needs_its_own_time_after_the_visit(desk):
    desk.hold(at(TUESDAY, "10:00"), product=ABROAD)
    assert refused(lambda: desk.hold(at(TUESDAY, "10:30"), product=ABROAD)).code == "slot-taken"
    _, reply = desk.hold(at(TUESDAY, "10:35"), product=ABROAD)
    assert reply["ends_at"] == at(TUESDAY, "11:05").isoformat()


def test_a_hold_that_ends_gives_back_exactly_what_it_took(desk):
    before = desk.bits()
    held, _ = desk.hold(at(TUESDAY, "10:00"), persons=3)
    assert desk.bits() != before
    desk.wait(minutes=10)
    assert desk.expire() == 1
    assert desk.expire() == 0
    assert desk.bits() == before
    assert desk.look_at_hold(held)["state"] == "expired"
    assert desk.events() == [("reservering-verlopen", 1)]


def test_a_hold_given_back_is_free_at_once_and_giving_it_back_twice_is_fine(desk):
    before = desk.bits()
    held, _ = desk.hold(at(TUESDAY, "10:00"))
    assert desk.release(held) == desk.release(held) == {}
    assert desk.bits() == before
    assert desk.look_at_hold(held)["state"] == "released"
    assert desk.events() == []
    assert refused(lambda: desk.confirm(held)).code == "hold-expired"


def test_a_hold_can_be_made_longer_once(desk):
    held, reply = desk.hold(at(TUESDAY, "10:00"))
    assert reply["extendable"]
    longer = desk.extend(held)
    assert (longer["expires_at"], longer["extendable"]) == ((NOW + timedelta(minutes=20)).isoformat(), False)
    assert refused(lambda: desk.extend(held)).code == "hold-not-extendable"
    desk.wait(minutes=19)
    assert desk.expire() == 0
    desk.wait(minutes=1)
    assert refused(lambda: desk.extend(held)).code == "hold-expired"


def test_a_wrong_secret_is_answered_as_if_nothing_were_there(desk):
    held, _ = desk.hold(at(TUESDAY, "10:00"))
    stranger = held | {"secret": "x" * 26}
    nobody = {"hold_id": "00000000-0000-4000-8000-000000000000", "secret": held["secret"]}
    for act in (desk.look_at_hold, desk.extend, desk.release, desk.confirm):
        answers = [refused(lambda act=act, asked=asked: act(asked)) for asked in (stranger, nobody)]
        assert {(answer.code, answer.detail, *answer.facts) for answer in answers} == {
            ("hold-unknown", "Choose a time again.")
        }


# --- confirming


def test_a_hold_becomes_an_appointment_that_others_hear_of(desk):
    held, reply = desk.hold(at(TUESDAY, "10:00"), persons=2)
    booked = desk.confirm(held, phone=" 053 123 45 67 ", time_zone="America/Toronto")
    assert booked["appointment_id"] == reply["hold_id"]
    assert (booked["state"], booked["version"], booked["sequence"]) == ("booked", 1, 0)
    details = desk.look_up({"reference": booked["reference"].lower(), "secret": held["secret"]})
    assert (details["name"], details["phone"], details["time_zone"]) == (
        "Noor de Wit",
        "053 123 45 67",
        "America/Toronto",
    )
    assert details["changeable"]
    assert desk.look_at_hold(held)["state"] == "booked"
    assert desk.events() == [("afspraak-gemaakt", 1)]


def test_what_others_hear_names_nobody(desk):
    held, _ = desk.hold(at(TUESDAY, "10:00"))
    booked = desk.confirm(held)
    body = bytes(desk.one("SELECT body FROM outbox").body).decode()
    for private in (
        "Noor",
        "noor@example.nl",
        held["secret"],
        booked["reference"],
        booked["reference"].replace("-", ""),
    ):
        assert private not in body


def test_confirming_twice_is_the_same_appointment(desk):
    held, _ = desk.hold(at(TUESDAY, "10:00"))
    assert desk.confirm(held) == desk.confirm(held)
    assert desk.events() == [("afspraak-gemaakt", 1)]


def test_a_name_that_no_keyboard_types_is_malformed(desk):
    held, _ = desk.hold(at(TUESDAY, "10:00"))
    for wrong in (
        {"name": "Noor\x00"},
        {"name": "a\nBcc: b"},
        {"name": "\ud800"},
        {"name": " "},
        {"time_zone": "Moon"},
    ):
        with pytest.raises(Malformed):
            desk.confirm(held, **wrong)


def test_a_name_from_anywhere_is_kept_as_it_was_typed(desk):
    held, _ = desk.hold(at(TUESDAY, "10:00"))
    booked = desk.confirm(held, name="Željko Ø'Brien-孙 👩‍👧")
    key = {"reference": booked["reference"], "secret": held["secret"]}
    assert desk.look_up(key)["name"] == "Željko Ø'Brien-孙 👩‍👧"


def test_confirming_late_before_the_sweep_still_books(desk):
    held, _ = desk.hold(at(TUESDAY, "10:00"))
    desk.wait(minutes=11)
    assert desk.look_at_hold(held)["state"] == "expired"
    assert desk.confirm(held)["state"] == "booked"
    assert desk.expire() == 0
    assert desk.events() == [("afspraak-gemaakt", 1)]


def test_confirming_late_takes_the_same_time_once_more_when_it_is_still_free(desk):
    held, _ = desk.hold(at(TUESDAY, "10:00"), product=ABROAD)
    desk.wait(minutes=11)
    desk.expire()
    booked = desk.confirm(held)
    assert (booked["state"], booked["version"], booked["starts_at"]) == ("booked", 2, at(TUESDAY, "10:00").isoformat())
    assert desk.events() == [("reservering-verlopen", 1), ("afspraak-gemaakt", 2)]


def test_confirming_late_is_refused_when_somebody_else_has_the_time(desk):
    held, _ = desk.hold(at(TUESDAY, "10:00"), product=ABROAD)
    desk.wait(minutes=11)
    desk.expire()
    desk.book(at(TUESDAY, "10:20"), product=ABROAD)
    assert refused(lambda: desk.confirm(held)).code == "hold-expired"


def test_a_time_that_has_begun_cannot_be_confirmed(desk):
    held, _ = desk.hold(at(NOW.date(), "10:15"))
    desk.wait(hours=3)
    assert refused(lambda: desk.confirm(held)).code == "hold-expired"


# --- moving and cancelling


def test_moving_keeps_everything_but_time_and_place(desk):
    key, booked = desk.book(at(TUESDAY, "10:00"), persons=2)
    moved = desk.move(key, at(THURSDAY, "11:00"), location_id="glanerbrug")
    assert (moved["version"], moved["sequence"]) == (2, 1)
    assert (moved["location_id"], moved["starts_at"]) == ("glanerbrug", at(THURSDAY, "11:00").isoformat())
    assert [moved[name] for name in ("appointment_id", "reference", "products")] == [
        booked[name] for name in ("appointment_id", "reference", "products")
    ]
    assert desk.events() == [("afspraak-gemaakt", 1), ("afspraak-verzet", 2)]


def test_moving_there_and_back_changes_no_bit(desk):
    key, _ = desk.book(at(TUESDAY, "10:00"), product=ABROAD)
    before = desk.bits()
    desk.move(key, at(WEDNESDAY, "13:30"))
    assert desk.bits() != before
    desk.move(key, at(TUESDAY, "10:00"))
    assert desk.bits() == before


def test_a_visit_may_move_by_less_than_its_own_length(desk):
    key, _ = desk.book(at(TUESDAY, "10:00"), product=ABROAD)
    assert desk.move(key, at(TUESDAY, "10:05"))["starts_at"] == at(TUESDAY, "10:05").isoformat()


def test_moving_to_where_it_is_changes_nothing(desk):
    key, booked = desk.book(at(TUESDAY, "10:00"))
    assert desk.move(key, at(TUESDAY, "10:00")) == booked
    assert desk.events() == [("afspraak-gemaakt", 1)]


def test_a_move_that_cannot_be_leaves_the_old_place(desk):
    key, booked = desk.book(at(TUESDAY, "10:00"), product=ABROAD)
    desk.book(at(WEDNESDAY, "10:00"), product=ABROAD)
    before = desk.bits()
    for starts_at, code in (
        (at(WEDNESDAY, "10:00"), "slot-taken"),
        (at(SUNDAY, "10:00"), "day-closed"),
        (at(NOW.date(), "08:00"), "in-the-past"),
    ):
        assert refused(lambda to=starts_at: desk.move(key, to)).code == code
    elsewhere = {"location_id": "glanerbrug"}
    assert refused(lambda: desk.move(key, at(WEDNESDAY, "14:00"), **elsewhere)).code == "not-offered-here"
    assert refused(lambda: desk.move(key, at(WEDNESDAY, "14:00"), location_id="x")).code == "unknown-location"
    assert desk.bits() == before
    assert desk.look_up(key)["starts_at"] == booked["starts_at"]


def test_a_booked_visit_keeps_its_length_when_its_product_gets_longer(desk):
    key, _ = desk.book(at(TUESDAY, "10:00"), product=ABROAD)
    desk.one("UPDATE product SET minutes = 60 WHERE id = :id", id=ABROAD)
    try:
        moved = desk.move(key, at(WEDNESDAY, "10:00"))
    finally:
        desk.one("UPDATE product SET minutes = 30 WHERE id = :id", id=ABROAD)
    assert moved["ends_at"] == at(WEDNESDAY, "10:30").isoformat()


def test_cancelling_gives_back_exactly_what_was_taken_and_twice_is_once(desk):
    before = desk.bits()
    key, _ = desk.book(at(TUESDAY, "10:00"), persons=4)
    cancelled = desk.cancel(key)
    assert desk.cancel(key) == cancelled
    assert (cancelled["state"], cancelled["version"], cancelled["sequence"]) == ("cancelled", 2, 1)
    assert not cancelled["changeable"]
    assert desk.bits() == before
    assert desk.events() == [("afspraak-gemaakt", 1), ("afspraak-geannuleerd", 2)]


def test_what_has_begun_or_was_cancelled_can_only_be_read(desk):
    key, _ = desk.book(at(TUESDAY, "10:00"))
    gone, _ = desk.book(at(TUESDAY, "10:00"))
    desk.cancel(gone)
    assert refused(lambda: desk.move(gone, at(WEDNESDAY, "10:00"))).code == "appointment-over"
    desk.clock.at = at(TUESDAY, "10:00")
    assert refused(lambda: desk.move(key, at(WEDNESDAY, "10:00"))).code == "appointment-over"
    assert refused(lambda: desk.cancel(key)).code == "appointment-over"
    assert not desk.look_up(key)["changeable"]


def test_who_saw_an_older_version_must_look_again(desk):
    key, _ = desk.book(at(TUESDAY, "10:00"))
    desk.move(key, at(TUESDAY, "11:00"), expected_version=1)
    assert refused(lambda: desk.cancel(key, expected_version=1)).facts == {"version": 2}
    assert desk.cancel(key, expected_version=2)["version"] == 3


@pytest.mark.parametrize("reference", ["K7Q2-MXD4", "nonsense", "\x00", "00000000"])
def test_an_unknown_reference_is_answered_like_a_wrong_secret(desk, reference):
    key, _ = desk.book(at(TUESDAY, "10:00"))
    wrong_secret = refused(lambda: desk.look_up(key | {"secret": "x"}))
    unknown = refused(lambda: desk.look_up(key | {"reference": reference}))
    assert (unknown.code, unknown.detail, unknown.facts) == (wrong_secret.code, wrong_secret.detail, wrong_secret.facts)


# --- links and contacts


def test_the_link_is_mailed_again_only_to_who_booked(desk):
    key, booked = desk.book(at(TUESDAY, "10:00"))
    assert desk.send_link(key["reference"], "somebody@example.nl") == {}
    assert desk.send_link("K7Q2-MXD4", "noor@example.nl") == {}
    assert desk.events() == [("afspraak-gemaakt", 1)]
    assert desk.send_link(key["reference"].lower().replace("-", ""), "Noor@Example.NL") == {}
    assert desk.events() == [("afspraak-gemaakt", 1), ("link-gevraagd", 2)]
    assert desk.look_up(key)["sequence"] == booked["sequence"]


def test_no_link_is_mailed_for_what_is_over(desk):
    key, _ = desk.book(at(TUESDAY, "10:00"))
    desk.cancel(key)
    desk.send_link(key["reference"], "noor@example.nl")
    assert desk.events()[-1] == ("afspraak-geannuleerd", 2)


def test_services_that_write_to_people_learn_whom_an_appointment_belongs_to(desk):
    held, reply = desk.hold(at(TUESDAY, "10:00"))
    assert refused(lambda: desk.contact(reply["hold_id"])).code == "appointment-unknown"
    desk.confirm(held)
    contact = desk.contact(reply["hold_id"])
    assert (contact["email"], contact["secret"]) == ("noor@example.nl", held["secret"])
    nobody = "00000000-0000-4000-8000-000000000000"
    assert refused(lambda: desk.contact(nobody)).code == "appointment-unknown"


def test_every_change_leaves_a_line_in_the_history_without_names(desk):
    key, booked = desk.book(at(TUESDAY, "10:00"), product=ABROAD)
    desk.move(key, at(WEDNESDAY, "10:00"))
    desk.cancel(key)
    line = desk.one(
        "SELECT array_agg(deed ORDER BY id) AS deeds, min(line_id) AS line_id, string_agg(h::text, ' ') AS said"
        " FROM appointment_history AS h WHERE appointment_id = :id",
        id=booked["appointment_id"],
    )
    assert line.deeds == ["hold", "confirm", "move", "cancel"]
    assert line.line_id == ABROAD_LINE
    assert "Noor" not in line.said
    assert "noor@" not in line.said
