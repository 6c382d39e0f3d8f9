"""The draw as a rule: the order is the key's, exactly the places are given, and the document proves it."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.appointments.domain.draw_document import Held, faults, promise, write
from services.appointments.domain.draw_rules import Batch
from services.appointments.domain.drawing import (
    Limit,
    Outcome,
    Place,
    Places,
    Request,
    Room,
    commitment_of,
    draw,
    in_order,
    new_number,
    room_for,
)
from services.appointments.domain.draws import Draw, DrawState
from services.appointments.domain.ticks import mask
from services.appointments.domain.visit import Size

KEY = b"k" * 32
MONDAY = date(2026, 12, 14)
HALL, CORNER = "stadskantoor", "glanerbrug"
ALL_WEEK, ALL_DAY = frozenset(range(7)), frozenset({"morning", "afternoon", "evening"})
NINE, NOON = 9 * 12, 12 * 12
QUARTER = Size(0, 3, 0)


def request(number="000000001", **changes):
    wish = Request(number, 1, frozenset({HALL}), ALL_WEEK, ALL_DAY)
    return replace(wish, **changes)


def room(first=NINE, ticks=12, *, on=MONDAY, counter="1", location=HALL):
    return Room(location, on, counter, mask(first, ticks))


def places(*rooms, **changes):
    told = {"limits": (), "shortest": {HALL: 3, CORNER: 3}, "sizes": {1: QUARTER, 2: Size(0, 6, 0)}, "most": None}
    return Places(rooms=tuple(rooms or (room(),)), **(told | changes))


def got(outcomes):
    return {outcome.request.number: outcome.place for outcome in outcomes}


def people(number):
    return [request(f"{each:09d}") for each in range(number)]


# --- order


def test_the_order_is_that_of_the_keyed_hash_of_the_numbers_and_no_other():
    numbers = [f"{each:09d}" for each in range(50)]
    lots = sorted(numbers, key=lambda number: hmac.new(KEY, number.encode(), hashlib.sha256).hexdigest())
    assert [one.number for one in in_order(KEY, people(50))] == lots
    assert lots != numbers


def test_asking_earlier_changes_nothing():
    assert draw(KEY, people(20), places()) == draw(KEY, reversed(people(20)), places())


def test_another_key_is_another_order():
    assert in_order(KEY, people(20)) != in_order(b"x" * 32, people(20))


def test_numbers_have_nine_digits_whatever_chance_gives():
    assert new_number(bytes(8)) == "000000000"
    assert len(new_number(b"\xff" * 8)) == 9


# --- what each one gets


def test_who_wishes_anything_gets_the_earliest_place():
    tuesday = room(on=MONDAY + timedelta(days=1))
    assert got(draw(KEY, [request()], places(tuesday, room()))) == {"000000001": Place(HALL, MONDAY, "1", NINE)}


def test_a_place_must_fit_every_wish():
    wide = places(room(), room(first=NOON, on=MONDAY + timedelta(days=1)))
    only_tuesday = request(weekdays=frozenset({1}))
    assert got(draw(KEY, [only_tuesday], wide))["000000001"].on == MONDAY + timedelta(days=1)
    only_afternoon = request(parts_of_day=frozenset({"afternoon"}))
    assert got(draw(KEY, [only_afternoon], wide))["000000001"].first_tick == NOON
    assert got(draw(KEY, [request(parts_of_day=frozenset({"evening"}))], wide))["000000001"] is None
    assert got(draw(KEY, [request(location_ids=frozenset({CORNER}))], wide))["000000001"] is None


def test_the_wished_part_of_the_day_is_when_the_visit_begins_not_its_preparation():
    setup = places(room(first=NOON - 2, ticks=5), sizes={1: Size(2, 3, 0)})
    afternoon = request(parts_of_day=frozenset({"afternoon"}))
    assert got(draw(KEY, [afternoon], setup))["000000001"] == Place(HALL, MONDAY, "1", NOON - 2)
    morning = request(parts_of_day=frozenset({"morning"}))
    assert got(draw(KEY, [morning], setup))["000000001"] is None


def test_two_persons_need_a_longer_run():
    two = request(persons=2)
    assert got(draw(KEY, [two], places(room(ticks=5))))["000000001"] is None
    assert got(draw(KEY, [two], places(room(ticks=5), room(counter="2", ticks=6))))["000000001"].counter == "2"


def test_at_equal_times_the_tightest_counter_and_the_first_location_are_taken():
    both = request(location_ids=frozenset({HALL, CORNER}))
    fitting = places(room(counter="1", ticks=12), room(counter="2", ticks=3), room(location=CORNER))
    assert got(draw(KEY, [both], fitting))["000000001"] == Place(HALL, MONDAY, "2", NINE)
    corner_first = replace(fitting, shortest={CORNER: 3, HALL: 3})
    assert got(draw(KEY, [both], corner_first))["000000001"].location_id == CORNER


def test_a_quota_gives_no_more_than_it_has_left():
    bound = [replace(one, quota_ids=("abroad",)) for one in people(4)]
    limited = places(room(ticks=12), limits=(Limit("abroad", HALL, MONDAY, 7),))
    assert [one.place is not None for one in draw(KEY, bound, limited)] == [True, True, False, False]
    assert all(one.place for one in draw(KEY, people(4), limited))


def test_no_more_are_given_than_the_town_said():
    assert sum(one.place is not None for one in draw(KEY, people(4), places(most=3))) == 3


def test_what_a_draw_has_to_give_is_known_beforehand():
    assert room_for(request(), places(room(ticks=12), room(counter="2", ticks=5))) == 5
    assert room_for(request(), places(room(ticks=12), most=2)) == 2


# --- invariants


@st.composite
def situations(drawn):
    rooms = drawn(
        st.lists(
            st.builds(
                lambda day, counter, first, ticks, location: Room(
                    location, MONDAY + timedelta(days=day), f"{location}-{counter}", mask(first, ticks)
                ),
                st.integers(0, 2), st.integers(1, 3), st.integers(90, 150), st.integers(1, 12),
                st.sampled_from([HALL, CORNER]),
            ),
            max_size=6,
            unique_by=lambda one: (one.location_id, one.on, one.counter),
        )
    )  # fmt: skip
    limits = drawn(
        st.lists(
            st.builds(
                Limit, st.sampled_from("ab"), st.sampled_from([HALL, CORNER]), st.just(MONDAY), st.integers(0, 9)
            ),
            max_size=2,
            unique_by=lambda one: (one.quota_id, one.location_id),
        )
    )
    wishes = st.builds(
        Request,
        st.integers(0, 999_999_999).map("{:09d}".format),
        st.integers(1, 2),
        st.frozensets(st.sampled_from([HALL, CORNER]), min_size=1),
        st.frozensets(st.integers(0, 2), min_size=1),
        st.frozensets(st.sampled_from(sorted(ALL_DAY)), min_size=1),
        st.sampled_from([(), ("a",), ("a", "b")]),
    )
    asked = drawn(st.lists(wishes, max_size=12, unique_by=lambda one: one.number))
    most = drawn(st.none() | st.integers(1, 4))
    sizes = {1: Size(drawn(st.integers(0, 1)), 2, drawn(st.integers(0, 1))), 2: Size(0, 4, 0)}
    found = replace(places(), rooms=tuple(rooms), limits=tuple(limits), most=most, sizes=sizes)
    return drawn(st.binary(min_size=32, max_size=32)), asked, found


def ticks_of(place, size):
    return {(place.location_id, place.on, place.counter, place.first_tick + each) for each in range(size.owned_ticks)}


def fits(asked, found, size, taken, used):
    """Say by brute force, tick by tick, which places a request could have after what was given before."""
    options = []
    for one in found.rooms:
        bits = f"{one.free:0288b}"
        limits = [
            limit.ticks - used.get((limit.quota_id, limit.location_id, limit.on), 0)
            for limit in found.limits
            if limit.quota_id in asked.quota_ids and (limit.location_id, limit.on) == (one.location_id, one.on)
        ]
        if one.location_id not in asked.location_ids or one.on.weekday() not in asked.weekdays:
            continue
        for first in range(288 - size.owned_ticks + 1):
            place = Place(one.location_id, one.on, one.counter, first)
            start = first + size.setup_ticks
            part = "morning" if start < NOON else "afternoon" if start < 17 * 12 else "evening"
            free = set(bits[first : first + size.owned_ticks]) == {"1"} and not ticks_of(place, size) & taken
            if free and part in asked.parts_of_day and all(left >= size.owned_ticks for left in limits):
                options.append(place)
    return options


@settings(max_examples=150, deadline=None)
@given(situations())
def test_exactly_the_places_are_given_in_the_order_of_the_key_and_each_the_earliest_that_fits(situation):
    key, asked, found = situation
    outcomes = draw(key, asked, found)
    assert [one.request for one in outcomes] == in_order(key, asked)
    taken: set[tuple[object, ...]] = set()
    used: dict[tuple[object, ...], int] = {}
    given = 0
    for outcome in outcomes:
        size = found.sizes[outcome.request.persons]
        options = fits(outcome.request, found, size, taken, used)
        if found.most is not None and given >= found.most:
            options = []
        if not options:
            assert outcome.place is None
            continue
        locations = list(found.shortest)
        best = min((one.on, one.first_tick, locations.index(one.location_id)) for one in options)
        place = outcome.place
        assert place is not None and place in options
        assert (place.on, place.first_tick, locations.index(place.location_id)) == best
        assert not ticks_of(place, size) & taken
        taken |= ticks_of(place, size)
        given += 1
        for quota_id in outcome.request.quota_ids:
            at = (quota_id, place.location_id, place.on)
            used[at] = used.get(at, 0) + size.owned_ticks


# --- the published document


def held(asked=None, found=None, key=KEY):
    found = found or places(room(ticks=6), room(counter="2", ticks=5), limits=(Limit("abroad", HALL, MONDAY, 6),))
    asked = asked if asked is not None else [replace(one, quota_ids=("abroad",)) for one in people(5)]
    begins = datetime(2026, 11, 23, 11, tzinfo=UTC)
    batch = Batch(
        first_on=MONDAY,
        last_on=MONDAY + timedelta(days=6),
        weekdays=ALL_WEEK,
        opens_at=begins,
        closes_at=begins + timedelta(days=6),
        draws_at=begins + timedelta(days=7),
        most_places=found.most,
    )
    drawn = Draw(UUID(int=7), "free-wedding", batch, key, commitment_of(key), DrawState.DRAWN)
    return Held(drawn, begins + timedelta(days=7, seconds=3), found, tuple(draw(key, asked, found)))


def test_a_published_draw_verifies():
    document, digest = write(held())
    assert faults(document.encode()) == []
    assert json.loads(document)["digest"] == digest


@settings(max_examples=60, deadline=None)
@given(situations())
def test_whatever_was_drawn_the_document_verifies(situation):
    key, asked, found = situation
    document, _ = write(held(asked, found, key))
    assert faults(document.encode()) == []


def test_every_change_of_one_byte_is_found():
    document = write(held())[0].encode()
    for at in range(len(document)):
        for other in {document[at] ^ 1, document[at] ^ 0x20, ord("1")} - {document[at]}:
            assert faults(document[:at] + bytes([other]) + document[at + 1 :]), (at, other)


def test_a_byte_more_or_less_is_found():
    document = write(held())[0].encode()
    for at in range(len(document) + 1):
        assert faults(document[:at] + b" " + document[at:])
        assert at == len(document) or faults(document[:at] + document[at + 1 :])


def forged(change):
    """Return a document whose forger also wrote the digest anew."""
    told = held()
    return write(change(told))[0].encode()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda told: replace(told, draw=replace(told.draw, key=b"x" * 32)), "not the one that was promised"),
        (lambda told: replace(told, outcomes=told.outcomes[::-1]), "The order is not that of the key."),
        (lambda told: replace(told, outcomes=(told.outcomes[0], *told.outcomes)), "stands there twice"),
        (
            lambda told: replace(
                told, outcomes=tuple(Outcome(one.request, told.outcomes[0].place) for one in told.outcomes)
            ),
            "should have got no place",
        ),
        (
            lambda told: replace(told, places=places(room(ticks=12, on=MONDAY + timedelta(days=1)))),
            "should have got 2026-12-15 at 09:00",
        ),
    ],
)
def test_who_writes_the_digest_anew_is_found_by_doing_the_draw_again(change, fault):
    assert any(fault in found for found in faults(forged(change)))


@pytest.mark.parametrize("nonsense", [b"", b"{}", b"[]", b'{"digest":"x","draw":{}}', b"\xff", b"null", b"[" * 5000])
def test_what_is_no_document_is_said_to_be_none(nonsense):
    assert faults(nonsense)


def test_before_the_draw_the_promise_is_published_and_the_key_is_not():
    told = held().draw
    said = json.loads(promise(told))["draw"]
    assert said["commitment"] == hashlib.sha256(KEY).hexdigest()
    assert "key" not in said and KEY.hex() not in promise(told)
