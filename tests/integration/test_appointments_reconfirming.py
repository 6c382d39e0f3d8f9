"""Who booked long ago is asked whether he still comes, on a real database, from the question to the freed place."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from services.appointments import figures, queries, timers
from services.appointments.commands import reconfirming as commands
from services.appointments.town_files import read_town
from services.contracts import appointments as contracts
from services.contracts import base
from services.messaging.envelope import decode
from services.messaging.errors import Unavailable
from tests.integration.appointments_desk import (
    ABROAD,
    ABROAD_LINE,
    DEMO,
    Desk,
    Postbox,
    at,
    at_once,
    refused,
)

ON = date(2026, 12, 17)
LATER = date(2027, 1, 14)
COLLECTION = date(2026, 12, 28)
ASK, REMIND, ANSWER = at(date(2026, 12, 10), "09:00"), at(date(2026, 12, 12), "09:00"), at(date(2026, 12, 14), "12:00")


def town_that_asks():
    town = read_town(DEMO)
    for product in town.products:
        product["policy"] = {**product["policy"], "reconfirm": None}
        if product["id"] == ABROAD:
            rules = {"lead_days": 21, "ask_days": 7, "remind_days": 5, "until_days": 3}
            product["policy"] = {**product["policy"], "reconfirm": rules}
    return town


@pytest.fixture(scope="module")
def enschede(databases):
    desk = Desk(databases("appointments"))
    desk.reload(town_that_asks())
    return desk


@pytest.fixture
def desk(enschede):
    enschede.clear()
    enschede.free_days()
    yield enschede
    assert not any(enschede.drift().values())


@pytest.fixture
def postbox():
    return Postbox()


@pytest.fixture
def mine(desk):
    """The key of a visit that was booked 24 days ahead."""
    return desk.book(at(ON, "10:00"), product=ABROAD)[0]


def until_asked(desk):
    desk.clock.at = ASK
    assert desk.ask_holders() == 1


def until_answer(desk, postbox):
    """Ask twice, with mails that arrive, and let the last moment come."""
    until_asked(desk)
    postbox.takes("reconfirm", ASK)
    desk.clock.at = REMIND
    desk.follow_questions(postbox)
    postbox.takes("reconfirm-again", REMIND)
    desk.clock.at = ANSWER


def step(desk):
    """Return how far the one question is, and why a visit was spared."""
    row = desk.one("SELECT step, spared FROM reconfirmation ORDER BY sequence DESC LIMIT 1")
    return row and (row.step, row.spared)


def kinds(desk):
    return [kind for kind, _ in desk.events()]


def counted(product=ABROAD, step="asked", spared=""):
    return figures.reconfirmations.labels(product, step, spared)._value.get()


def bodies(desk):
    return [decode(bytes(row.body)) for row in desk.all("SELECT body FROM outbox ORDER BY id")]


# --- asking


def test_a_visit_is_asked_about_once_at_nine_on_the_seventh_day_before(desk, mine):
    before = counted()
    desk.clock.at = ASK - timedelta(seconds=1)
    assert desk.ask_holders() == 0
    desk.clock.at = ASK
    assert [desk.ask_holders() for _ in range(3)] == [1, 0, 0]
    assert desk.events() == [("afspraak-gemaakt", 1), ("afspraak-nagevraagd", 2)]
    told = base.load(contracts.ReconfirmationAsked, dict(bodies(desk)[-1].data))
    assert (told["again"], told["answer_by"], told["starts_at"]) == (False, ANSWER, at(ON, "10:00"))
    assert desk.look_up(mine)["question"] == {"answer_by": ANSWER.isoformat(), "seen": False}
    assert counted() == before + 1


def test_eight_processes_that_ask_at_once_ask_once(desk, mine):
    desk.clock.at = ASK
    assert sum(at_once(8, lambda _: desk.ask_holders())) == 1
    assert kinds(desk).count("afspraak-nagevraagd") == 1


def test_after_a_standstill_of_a_day_it_still_asks_and_after_two_it_lets_things_be(desk, mine):
    desk.clock.at = REMIND - timedelta(minutes=1)
    assert desk.ask_holders() == 1
    desk.one("DELETE FROM reconfirmation")
    desk.clock.at = REMIND
    assert desk.ask_holders() == 0


def test_nobody_else_is_asked(desk):
    desk.book(at(ON, "10:00"))  # a product that does not ask
    held, _ = desk.hold(at(ON, "10:00"), product=ABROAD, channel="phone")
    desk.confirm(held)
    desk.clock.at = at(date(2026, 11, 26), "12:00")
    desk.book(at(ON, "11:00"), product=ABROAD)  # 21 days ahead
    cancelled, _ = desk.book(at(ON, "13:30"), product=ABROAD)
    desk.cancel(cancelled)
    desk.hold(at(ON, "14:30"), product=ABROAD)
    desk.clock.at = ASK
    assert desk.ask_holders() == 0


def test_a_visit_that_lost_its_counter_is_not_asked_about(desk, mine):
    lose_counter(desk)
    desk.clock.at = ASK
    assert desk.ask_holders() == 0
    find_counter(desk)


def lose_counter(desk):
    desk.one(
        "INSERT INTO opening_change (id, at, by, reason, kind, location_id, line_id, first_on, last_on, from_tick,"
        " until_tick, correlation_id) VALUES (gen_random_uuid(), :now, 'x', 'fire', 'close-line', 'stadskantoor',"
        " :line, :on, :on, 0, 288, 'c')",
        now=desk.clock.at, line=ABROAD_LINE, on=ON,
    )  # fmt: skip
    desk.one(
        "INSERT INTO affected_visit (appointment_id, change_id, state, sequence, at)"
        " SELECT a.id, o.id, 'called', a.sequence, :now FROM appointment a, opening_change o",
        now=desk.clock.at,
    )


def find_counter(desk):
    desk.one("UPDATE affected_visit SET state = 'kept', settled_at = :now", now=desk.clock.at)


def test_a_move_to_a_near_day_is_not_asked_about_and_one_to_a_far_day_again(desk, mine):
    until_asked(desk)
    desk.move(mine, at(LATER, "10:00"))
    assert desk.look_up(mine)["question"] is None
    desk.follow_questions(Postbox())
    assert step(desk) == ("moved", None)
    desk.clock.at = at(LATER - timedelta(days=7), "09:00")
    assert desk.ask_holders() == 1
    desk.move(mine, at(LATER + timedelta(days=7), "10:00"))  # 14 days ahead
    desk.clock.at = at(LATER, "09:00")
    assert desk.ask_holders() == 0


# --- answering


def test_who_says_yes_keeps_his_visit_and_is_asked_no_more(desk, mine, postbox):
    until_asked(desk)
    before = counted(step="kept")
    assert desk.reconfirm(mine)["version"] == 3
    assert desk.reconfirm(mine)["version"] == 3
    assert step(desk) == ("kept", None)
    assert kinds(desk)[-2:] == ["afspraak-nagevraagd", "afspraak-herbevestigd"]
    assert desk.look_up(mine)["question"] is None
    until = ANSWER + timedelta(days=1)
    while desk.clock.at < until:
        desk.clock.at += timedelta(hours=6)
        desk.ask_holders()
        desk.follow_questions(postbox)
    assert desk.look_up(mine)["state"] == "booked"
    assert kinds(desk).count("afspraak-nagevraagd") == 1
    assert counted(step="kept") == before + 1


def test_who_answers_late_keeps_his_visit_while_it_stands(desk, mine, postbox):
    until_answer(desk, postbox)
    desk.wait(minutes=1)
    desk.reconfirm(mine)
    desk.follow_questions(postbox)
    assert desk.look_up(mine)["state"] == "booked"


def test_yes_and_release_at_the_same_instant_end_in_one_of_the_two(desk, postbox):
    for number in range(6):
        desk.clear()
        postbox.messages.clear()
        key, _ = desk.book(at(ON, "10:00"), product=ABROAD)
        until_answer(desk, postbox)
        outcomes = at_once(2, lambda n, key=key: desk.follow_questions(postbox) if n else desk.reconfirm(key)["state"])
        state = desk.look_up(key)["state"]
        assert step(desk) == (("kept", None) if state == "booked" else ("released", None)), number
        assert outcomes[0] == ("booked" if state == "booked" else "appointment-over")


def test_who_says_no_gives_his_place_back_as_always(desk, mine):
    until_asked(desk)
    desk.cancel(mine)
    desk.follow_questions(Postbox())
    assert step(desk) == ("cancelled", None)
    assert not desk.look_up(mine)["released"]


def test_who_was_not_asked_need_not_answer(desk, mine):
    assert refused(lambda: desk.reconfirm(mine)).code == "not-asked"
    assert desk.see(mine) == {}
    assert refused(lambda: desk.reconfirm(mine | {"secret": "x"})).code == "appointment-unknown"
    assert refused(lambda: desk.see(mine | {"secret": "x"})).code == "appointment-unknown"
    until_asked(desk)
    desk.cancel(mine)
    assert refused(lambda: desk.reconfirm(mine)).code == "appointment-over"


# --- silence


def test_who_does_not_answer_is_asked_again_once(desk, mine, postbox):
    until_asked(desk)
    desk.clock.at = REMIND - timedelta(seconds=1)
    desk.follow_questions(postbox)
    assert step(desk) == ("asked", None)
    desk.clock.at = REMIND
    at_once(6, lambda _: desk.follow_questions(postbox))
    assert step(desk) == ("reminded", None)
    assert kinds(desk).count("afspraak-nagevraagd") == 2
    assert base.load(contracts.ReconfirmationAsked, dict(bodies(desk)[-1].data))["again"]


def test_silence_releases_the_place_and_tells_its_holder(desk, mine, postbox):
    until_answer(desk, postbox)
    before = counted(step="released")
    at_once(6, lambda _: desk.follow_questions(postbox))
    details = desk.look_up(mine)
    assert (details["state"], details["released"], details["question"]) == ("cancelled", True, None)
    assert step(desk) == ("released", None)
    assert counted(step="released") == before + 1
    assert kinds(desk).count("afspraak-geannuleerd") == 1
    told = base.load(contracts.AppointmentCancelled, dict(bodies(desk)[-1].data))
    assert (told["cancelled_by"], told["because"]) == ("municipality", "not-reconfirmed")
    row = desk.one("SELECT cancelled_by FROM appointment WHERE state = 'cancelled'")
    assert row.cancelled_by == "municipality"


def test_a_released_place_goes_to_the_waiting_list(desk, mine, postbox):
    waiting, _ = desk.book(at(LATER, "10:00"), product=ABROAD)
    desk.join(waiting)
    until_answer(desk, postbox)
    desk.follow_questions(postbox)
    assert desk.one("SELECT kept_for FROM appointment WHERE state = 'held'").kept_for == "list"
    desk.one(
        'UPDATE line_day SET open = open & ~free, free = CAST(0 AS bit(288)) WHERE line_id = :id AND "on" <> :on',
        id=ABROAD_LINE, on=ON,
    )  # fmt: skip
    desk.wait(seconds=61)
    desk.work_the_list()
    assert datetime.fromisoformat(desk.offer_for(waiting)["starts_at"]) == at(ON, "10:00")
    desk.clear()
    desk.reload(town_that_asks())


def test_the_visit_to_collect_goes_with_its_request(desk, postbox):
    request, collection = desk.book_pair(at(ON, "10:00"), at(COLLECTION, "09:00"))
    until_answer(desk, postbox)
    desk.follow_questions(postbox)
    assert desk.look_up(request)["state"] == desk.look_up(collection)["state"] == "cancelled"
    assert desk.look_up(request)["released"]
    assert kinds(desk).count("afspraak-geannuleerd") == 2


# --- who keeps his place without an answer


def test_who_opened_the_page_keeps_his_place(desk, mine, postbox):
    until_asked(desk)
    desk.see(mine)
    assert desk.look_up(mine)["question"] == {"answer_by": ANSWER.isoformat(), "seen": True}
    postbox.takes("reconfirm", ASK)
    desk.clock.at = REMIND
    desk.follow_questions(postbox)
    assert step(desk) == ("reminded", None)
    desk.clock.at = ANSWER
    desk.follow_questions(postbox)
    assert step(desk) == ("spared", "seen")
    assert desk.look_up(mine)["state"] == "booked"


@pytest.mark.parametrize("which", ["reconfirm", "reconfirm-again"])
def test_who_could_not_be_mailed_keeps_his_place(desk, mine, postbox, which):
    until_answer(desk, postbox)
    for message in postbox.messages:
        if message["kind"] == which:
            message |= {"state": "failed", "sent_at": None}
    desk.follow_questions(postbox)
    assert step(desk) == ("spared", "not-reached")
    assert desk.look_up(mine)["state"] == "booked"


def test_a_visit_that_lost_its_counter_meanwhile_is_kept(desk, mine, postbox):
    until_answer(desk, postbox)
    lose_counter(desk)
    desk.follow_questions(postbox)
    assert step(desk) == ("spared", "affected")
    find_counter(desk)


def test_a_town_that_asks_no_more_keeps_everybody(desk, mine, postbox, enschede):
    until_answer(desk, postbox)
    enschede.reload(read_town_without())
    try:
        desk.follow_questions(postbox)
        assert step(desk) == ("spared", "switched-off")
    finally:
        enschede.reload(town_that_asks())


def read_town_without():
    town = read_town(DEMO)
    for product in town.products:
        product["policy"] = {**product["policy"], "reconfirm": None}
    return town


def test_while_notifications_is_away_nobody_is_let_go_and_everything_else_goes_on(desk, mine, postbox):
    until_answer(desk, postbox)
    postbox.away = True
    with pytest.raises(Unavailable):
        desk.follow_questions(postbox)
    assert step(desk) == ("reminded", None)
    desk.cancel(mine)
    with pytest.raises(Unavailable):
        desk.follow_questions(postbox)
    postbox.away = False
    desk.follow_questions(postbox)
    assert step(desk) == ("cancelled", None)


def test_after_a_standstill_over_the_last_moment_nobody_is_let_go_the_day_before(desk, mine, postbox):
    until_answer(desk, postbox)
    desk.clock.at = ANSWER + timedelta(hours=24)
    desk.follow_questions(postbox)
    assert step(desk) == ("spared", "late")
    assert desk.look_up(mine)["state"] == "booked"


def test_a_question_is_put_to_a_visit_as_it_is_behind_the_lock(desk, mine):
    desk.clock.at = ASK
    visit_id = UUID(desk.look_up(mine)["appointment_id"])
    desk.cancel(mine)
    assert desk.do(lambda work: commands.ask(work, visit_id)) is False
    assert desk.do(lambda work: commands.ask(work, UUID(int=1))) is False
    assert step(desk) is None


@pytest.mark.parametrize(
    ("on", "booked_on", "ask", "answer"),
    [
        # Between question and visit the clock is changed; and on the day of the question itself.
        (date(2027, 3, 31), date(2026, 12, 1), "2027-03-24T08:00:00+00:00", "2027-03-28T10:00:00+00:00"),
        (date(2027, 4, 5), date(2026, 12, 1), "2027-03-29T07:00:00+00:00", "2027-04-02T10:00:00+00:00"),
    ],
)
def test_each_step_comes_at_its_hour_on_the_wall_when_the_clock_is_changed(desk, postbox, on, booked_on, ask, answer):
    desk.clock.at = at(booked_on, "12:00")
    desk.book(desk.free_times(on, product=ABROAD)[0], product=ABROAD)
    ask_at = datetime.fromisoformat(ask)
    desk.clock.at = ask_at - timedelta(seconds=1)
    assert desk.ask_holders() == 0
    desk.clock.at = ask_at
    assert desk.ask_holders() == 1
    assert desk.one("SELECT answer_by FROM reconfirmation").answer_by == datetime.fromisoformat(answer)


def test_the_published_figures_tell_who_was_asked_and_who_was_let_go(desk, postbox):
    keys = [desk.book(at(ON, wall), product=ABROAD)[0] for wall in ("10:00", "11:00", "13:30")]
    desk.clock.at = ASK
    assert desk.ask_holders() == 3
    desk.reconfirm(keys[0])
    desk.see(keys[1])
    postbox.takes("reconfirm", ASK)
    desk.clock.at = REMIND
    desk.follow_questions(postbox)
    postbox.takes("reconfirm-again", REMIND)
    desk.clock.at = ANSWER
    desk.follow_questions(postbox)
    desk.wait(days=1)
    while desk.do(timers.write_next_day):
        pass
    asked = {"from_on": date(2026, 12, 1), "until_on": date(2026, 12, 15)}
    total = desk.ask(lambda reading: queries.figures_history(reading, **asked))["total"]
    [abroad] = [entry for entry in total if entry["product_id"] == ABROAD]
    assert abroad["questions"] == {"asked": 3, "kept": 1, "spared": 1, "released": 1}


def test_every_step_leaves_a_line_in_the_history(desk, mine, postbox):
    until_answer(desk, postbox)
    desk.follow_questions(postbox)
    deeds = desk.one("SELECT array_agg(deed ORDER BY id) AS deeds FROM appointment_history WHERE sequence >= 0").deeds
    assert [deed for deed in deeds if deed not in ("hold", "keep")] == ["confirm", "ask", "ask-again", "cancel"]
