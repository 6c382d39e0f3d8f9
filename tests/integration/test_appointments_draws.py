"""Draws on a real database: who may ask, that nobody comes before, and that everybody gets what the lots say."""

import hashlib
import hmac
from datetime import date, timedelta
from uuid import uuid4

import pytest

from services.appointments import commands
from services.appointments.verify_draw import verify, verify_stored
from services.contracts import appointments as contracts
from services.messaging.errors import Malformed
from tests.integration.appointments_desk import at, at_once, refused
from tests.integration.draw_desk import DRAWS_AT, MAILED, MONDAY, STARTS, WEDDING, DrawDesk


@pytest.fixture(scope="module")
def pool(databases):
    made = databases("appointments")
    DrawDesk(made).reload()
    return made


@pytest.fixture
def desk(pool):
    fresh = DrawDesk(pool)
    fresh.clear()
    yield fresh
    drift = fresh.drift()
    assert (drift["drifts"], drift["miscounted_quotas"]) == ([], [])


@pytest.fixture
def draw_id(desk):
    return desk.open_draw()


# --- before the draw


def test_before_the_draw_its_days_are_nobodys_on_any_channel(desk, draw_id):
    assert MONDAY.isoformat() not in [day["on"] for day in desk.free_days(product=WEDDING)["days"]]
    assert desk.free_times(MONDAY, product=WEDDING) == []
    refusal = refused(lambda: desk.hold(STARTS[0], product=WEDDING))
    assert (refusal.code, refusal.facts["draws_at"]) == ("to-be-drawn", DRAWS_AT.isoformat())


def test_days_that_should_have_been_drawn_before_anybody_knew_are_for_everybody(desk, draw_id):
    first_free = desk.free_days(product=WEDDING)["days"][0]["on"]
    assert date.fromisoformat(first_free) < MONDAY
    desk.book(at(date.fromisoformat(first_free), "09:00"), product=WEDDING)


def test_a_visit_cannot_move_to_a_day_that_is_not_drawn_yet(desk, draw_id):
    first_free = date.fromisoformat(desk.free_days(product=WEDDING)["days"][0]["on"])
    key, _ = desk.book(at(first_free, "09:00"), product=WEDDING)
    assert refused(lambda: desk.move(key, STARTS[0])).code == "to-be-drawn"


def test_other_products_of_the_same_counters_go_on_as_always(desk, draw_id):
    assert desk.book(desk.free_times(date(2026, 11, 26))[0])


def test_the_hash_of_the_key_is_published_before_anybody_can_ask(desk):
    desk.work_the_draws()
    soon = desk.one("SELECT max(first_on) AS on FROM draw_batch").on + timedelta(days=7)
    opens_at = at(soon - timedelta(days=56), "12:00")
    desk.clock.at = opens_at - timedelta(hours=1)
    draw_id = desk.open_draw(soon)
    said = desk.said(draw_id)
    assert refused(lambda: desk.enters(draw_id)).code == "draw-closed"
    desk.clock.at = opens_at
    desk.enters(draw_id)
    desk.holds_the_draw(draw_id)
    key = bytes.fromhex(desk.said(draw_id)["key"])
    assert hashlib.sha256(key).hexdigest() == said["commitment"] == desk.said(draw_id)["commitment"]
    assert "key" not in said


def test_the_list_tells_what_is_open_and_when_the_next_one_opens(desk, draw_id):
    listed = {draw["first_on"]: draw for draw in desk.listed()}
    mine = listed[MONDAY.isoformat()]
    assert (mine["state"], mine["places"], mine["draw_id"]) == ("open", 4, str(draw_id))
    assert mine["commitment"] and mine["digest"] is None
    assert (mine["open_days"], mine["parts_of_day"]) == ([MONDAY.isoformat()], ["morning"])
    assert mine["location_ids"] == ["stadskantoor"]
    following = listed[(MONDAY + timedelta(days=7)).isoformat()]
    assert (following["state"], following["draw_id"], following["places"]) == ("planned", None, None)
    desk.clock.at = DRAWS_AT - timedelta(hours=24)
    assert {draw["first_on"]: draw["state"] for draw in desk.listed()}[MONDAY.isoformat()] == "closed"


# --- asking


def test_a_request_gets_a_random_number_and_takes_part(desk, draw_id):
    entered = desk.enters(draw_id)
    assert len(entered["number"]) == 9 and entered["draws_at"] == DRAWS_AT.isoformat()
    details = desk.looks_at(entered)
    assert details["state"] == "live"
    [turn] = details["entries"]
    assert (turn["outcome"], turn["number"], turn["appointment"]) == ("waiting", entered["number"], None)
    assert desk.told(contracts.DrawEntered) == [
        {
            "request_id": entered["request_id"],
            "draw_id": str(draw_id),
            "version": 1,
            "draws_at": DRAWS_AT.isoformat(),
        }
    ]


def test_on_the_web_a_mailed_code_proves_the_address(desk, draw_id):
    email = "jildou@example.nl"
    asked = {"email": email, "language": "nl"}
    code_id = desk.do(lambda work: commands.request_code(work, **asked))["code_id"]
    code = MAILED.code(code_id)
    web = {"channel": "web", "email": email, "code_id": str(code_id)}
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert desk.enters(draw_id, **web, code=wrong) == {"passed": False, "attempts_left": 4, "entered": None}
    other = web | {"email": "somebody@example.nl"}
    assert desk.enters(draw_id, **other, code=code)["attempts_left"] == 3
    assert desk.enters(draw_id, **web, code=code)["number"]
    assert desk.enters(draw_id, **web, code=code, name="Iemand Anders")["passed"] is False


def test_on_the_web_nobody_takes_part_without_a_code(desk, draw_id):
    with pytest.raises(Malformed):
        desk.enters(draw_id, channel="web")


@pytest.mark.parametrize(
    "again",
    [
        {"name": "noor DE-WIT", "birth_on": "1990-02-28", "email": "other@example.nl"},
        {"name": "Nóór de Wít", "birth_on": "1990-02-28", "email": "other@example.nl"},
        {"name": "Somebody Else", "birth_on": "1980-01-01", "email": "NOOR@Example.NL"},
    ],
)
def test_one_person_and_one_address_take_part_once(desk, draw_id, again):
    desk.enters(draw_id, name="Noor de Wit", birth_on="1990-02-28", email="noor@example.nl")
    assert refused(lambda: desk.enters(draw_id, **again)).code == "draw-entered-already"


def test_who_has_the_same_name_but_another_birthday_is_somebody_else(desk, draw_id):
    desk.enters(draw_id, name="Noor de Wit", birth_on="1990-02-28")
    assert desk.enters(draw_id, name="Noor de Wit", birth_on="1991-02-28")["number"]


def test_of_twenty_presses_at_once_one_takes_part(desk, draw_id):
    same = {"name": "Noor de Wit", "birth_on": "1990-02-28", "email": "noor@example.nl"}
    answers = at_once(20, lambda _: desk.enters(draw_id, **same))
    assert sum(isinstance(answer, dict) for answer in answers) == 1
    assert answers.count("draw-entered-already") == 19


def test_what_nobody_could_fulfil_is_refused(desk, draw_id):
    assert refused(lambda: desk.enters(draw_id, parts_of_day=["evening"])).code == "draw-wish-impossible"
    assert refused(lambda: desk.enters(draw_id, weekdays=[3])).code == "draw-wish-impossible"
    assert refused(lambda: desk.enters(draw_id, location_ids=["glanerbrug"])).code == "not-offered-here"
    assert refused(lambda: desk.enters(draw_id, location_ids=["nowhere"])).code == "unknown-location"
    assert refused(lambda: desk.enters(draw_id, persons=3)).code == "visit-too-long"
    assert refused(lambda: desk.enters(uuid4())).code == "draw-unknown"
    with pytest.raises(Malformed):
        desk.enters(draw_id, birth_on="2027-01-01")


def test_who_comes_too_late_is_told_when_it_was(desk, draw_id):
    desk.clock.at = DRAWS_AT - timedelta(hours=24)
    refusal = refused(lambda: desk.enters(draw_id))
    assert (refusal.code, refusal.facts["closes_at"]) == ("draw-closed", desk.clock.at.isoformat())


def test_a_withdrawn_request_takes_no_part_and_may_be_put_in_anew(desk, draw_id):
    same = {"name": "Noor de Wit", "birth_on": "1990-02-28", "email": "noor@example.nl"}
    entered = desk.enters(draw_id, **same)
    assert desk.withdraws(entered) == desk.withdraws(entered) == {}
    assert desk.looks_at(entered)["state"] == "withdrawn"
    again = desk.enters(draw_id, **same)
    assert again["number"] != entered["number"]
    desk.holds_the_draw(draw_id)
    assert [one["number"] for one in desk.said(draw_id)["requests"]] == [again["number"]]


def test_a_request_is_opened_by_its_secret_only(desk, draw_id):
    entered = desk.enters(draw_id)
    stranger = entered | {"request_id": str(uuid4())}
    assert refused(lambda: desk.looks_at(stranger)).code == "draw-request-unknown"
    desk.links = type(desk.links)(b"x" * 32)
    wrong = desk.key_of(entered)
    desk.links = type(desk.links)(b"k" * 32)
    desk.key_of = lambda _: wrong
    assert refused(lambda: desk.looks_at(entered)).code == "draw-request-unknown"
    assert refused(lambda: desk.withdraws(entered)).code == "draw-request-unknown"


# --- the draw


def test_exactly_the_places_are_given_in_the_order_of_the_key_and_nobody_has_two(desk, draw_id):
    entered = desk.many_enter(draw_id, 9)
    desk.holds_the_draw(draw_id)
    said = desk.said(draw_id)
    key = bytes.fromhex(said["key"])
    numbers = [one["number"] for one in entered]
    order = sorted(numbers, key=lambda number: hmac.new(key, number.encode(), hashlib.sha256).hexdigest())
    assert [one["number"] for one in said["requests"]] == order
    won = [one["number"] for one in said["requests"] if one["place"]]
    assert won == order[:4]
    booked = desk.booked()
    assert [start for start, _ in booked] == STARTS
    assert len({name for _, name in booked}) == 4
    outcomes = {one["number"]: desk.looks_at(one) for one in entered}
    assert {number for number, details in outcomes.items() if details["state"] == "placed"} == set(won)
    assert desk.state_of(draw_id) == "settled"


def test_a_winner_has_an_appointment_like_any_other(desk, draw_id):
    entered = desk.enters(draw_id, name="Noor de Wit", phone="06 12345678")
    desk.holds_the_draw(draw_id)
    [turn] = desk.looks_at(entered)["entries"]
    assert turn["outcome"] == "placed"
    details = desk.look_up(turn["appointment"])
    assert (details["state"], details["name"], details["phone"]) == ("booked", "Noor de Wit", "06 12345678")
    assert details["products"] == [{"product_id": WEDDING, "persons": 2}]
    [booked] = desk.told(contracts.AppointmentBooked)
    assert (booked["version"], booked["channel"]) == (1, "phone")
    contact = desk.contact(booked["appointment_id"])
    assert contact["draw_number"] == entered["number"]
    assert desk.cancel(turn["appointment"])["state"] == "cancelled"


def test_the_published_document_verifies_and_tells_nobodys_name(desk, draw_id):
    entered = desk.enters(draw_id, name="Noor de Wit", email="noor@example.nl", birth_on="1990-02-28")
    desk.many_enter(draw_id, 5)
    desk.holds_the_draw(draw_id)
    document = desk.document(draw_id)
    assert verify(document.encode()) == []
    [listed] = [draw for draw in desk.listed() if draw["draw_id"] == str(draw_id)]
    assert verify(document.encode(), digest=listed["digest"]) == []
    assert verify(document.encode(), digest="0" * 64)
    assert (listed["state"], listed["requests"], listed["places_given"]) == ("held", 6, 4)
    for secret in ("Noor", "noor@", "1990", entered["request_id"]):
        assert secret not in document
    assert desk.ask(lambda reading: verify_stored(reading, draw_id)) == []


def test_a_turn_that_was_changed_in_the_database_is_found(desk, draw_id):
    desk.many_enter(draw_id, 3)
    desk.holds_the_draw(draw_id)
    desk.one("UPDATE draw_entry SET turn = 9 WHERE batch_id = :id AND turn = 1", id=draw_id)
    assert desk.ask(lambda reading: verify_stored(reading, draw_id)) != []
    assert desk.ask(lambda reading: verify_stored(reading, uuid4())) != []


def test_what_is_left_is_first_come_first_served_at_once(desk, draw_id):
    desk.enters(draw_id)
    desk.wait_for_the_draw(draw_id)
    assert refused(lambda: desk.hold(STARTS[3], product=WEDDING)).code == "to-be-drawn"
    assert draw_id in desk.casts_lots()  # the winner has not even been told
    assert STARTS[0] < min(desk.free_times(MONDAY, product=WEDDING))
    assert refused(lambda: desk.hold(STARTS[0], product=WEDDING)).code == "slot-taken"
    desk.book(STARTS[3], product=WEDDING)
    desk.work_the_draws()
    assert [start for start, _ in desk.booked()] == [STARTS[0], STARTS[3]]


def test_without_requests_the_draw_is_held_and_everything_is_for_everybody(desk, draw_id):
    desk.holds_the_draw(draw_id)
    assert desk.state_of(draw_id) == "settled"
    assert verify(desk.document(draw_id).encode()) == []
    for start in STARTS:
        desk.book(start, product=WEDDING)


def test_wishes_are_kept(desk, draw_id):
    entered = desk.enters(draw_id, parts_of_day=["morning"], weekdays=[0, 3])
    desk.holds_the_draw(draw_id)
    assert desk.said(draw_id)["requests"][0]["weekdays"] == [0, 3]
    assert desk.looks_at(entered)["state"] == "placed"


def test_ticks_that_others_own_are_not_given_out(desk, draw_id):
    desk.one(
        "UPDATE line_day SET open = open & CAST(:noon AS bit(288)), free = free & CAST(:noon AS bit(288))"
        " WHERE line_id = 'stadskantoor-trouwkamer' AND \"on\" = :on",
        noon="1" * 116 + "0" * 172, on=MONDAY,
    )  # fmt: skip
    desk.many_enter(draw_id, 4)
    desk.holds_the_draw(draw_id)
    assert [start for start, _ in desk.booked()] == STARTS[:2]
    desk.reload()


# --- losing


def test_who_has_no_luck_takes_part_in_the_next_draw_under_a_new_number(desk, draw_id):
    entered = desk.many_enter(draw_id, 6)
    desk.holds_the_draw(draw_id)
    lost = [one for one in entered if desk.looks_at(one)["state"] == "live"]
    assert len(lost) == 2
    for one in lost:
        now, before = desk.looks_at(one)["entries"]
        assert (now["outcome"], before["outcome"]) == ("waiting", "not-placed")
        assert now["first_on"] == (MONDAY + timedelta(days=7)).isoformat()
        assert now["number"] != before["number"] == one["number"]
    assert {fact["request_id"] for fact in desk.told(contracts.DrawLost)} == {one["request_id"] for one in lost}
    assert {fact["version"] for fact in desk.told(contracts.DrawLost)} == {2}


def test_a_mail_to_who_had_no_luck_can_say_what_now(desk, draw_id):
    entered = desk.many_enter(draw_id, 5)
    desk.holds_the_draw(draw_id)
    [lost] = [one for one in entered if desk.looks_at(one)["state"] == "live"]
    facts = desk.mail_facts(lost, draw_id)
    assert (facts["requests"], facts["places_given"], facts["some_left"]) == (5, 4, False)
    assert facts["about"]["number"] == lost["number"]
    assert facts["following"]["first_on"] == (MONDAY + timedelta(days=7)).isoformat()
    [turn] = desk.looks_at(next(one for one in entered if desk.looks_at(one)["state"] == "placed"))["entries"]
    desk.cancel(turn["appointment"])
    desk.wait(hours=7)  # what comes free of a scarce product is shown at a moment that nobody can guess
    desk.work_the_list()
    assert desk.mail_facts(lost, draw_id)["some_left"] is True


def test_who_withdraws_after_losing_takes_no_part_any_more(desk, draw_id):
    entered = desk.many_enter(draw_id, 5)
    desk.holds_the_draw(draw_id)
    [lost] = [one for one in entered if desk.looks_at(one)["state"] == "live"]
    desk.withdraws(lost)
    [before] = desk.looks_at(lost)["entries"]
    assert before["outcome"] == "not-placed"
    assert refused(lambda: desk.mail_facts(lost, draw_id)).code == "draw-request-over"


def test_a_winner_cannot_withdraw_and_cannot_ask_again_while_his_visit_lies_ahead(desk, draw_id):
    same = {"name": "Noor de Wit", "birth_on": "1990-02-28"}
    entered = desk.enters(draw_id, **same)
    desk.wait_for_the_draw(draw_id)
    desk.casts_lots()
    assert refused(lambda: desk.withdraws(entered)).code == "draw-request-over"
    desk.work_the_draws()
    assert refused(lambda: desk.withdraws(entered)).code == "draw-request-over"
    following = desk.open_draw(MONDAY + timedelta(days=7))
    assert refused(lambda: desk.enters(following, **same)).code == "too-many-live"
    [turn] = desk.looks_at(entered)["entries"]
    desk.cancel(turn["appointment"])
    assert desk.enters(following, **same)["number"]


def test_who_waits_for_a_draw_that_is_not_open_is_let_in_when_it_opens(desk, draw_id):
    entered = desk.many_enter(draw_id, 5)
    desk.wait_for_the_draw(draw_id)
    desk.one("DELETE FROM draw_batch WHERE id <> :id", id=draw_id)
    desk.one("UPDATE draw_batch SET opens_at = opens_at")
    desk.casts_lots()
    # all later ones open a week later than usual
    later = MONDAY + timedelta(days=7)
    desk.work_the_draws()
    [lost] = [one for one in entered if desk.looks_at(one)["state"] == "live"]
    assert desk.looks_at(lost)["entries"][0]["first_on"] == later.isoformat()
