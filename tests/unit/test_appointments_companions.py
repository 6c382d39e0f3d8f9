"""What a visit needs besides its counter: when, how long, and which line it gets."""

from datetime import date
from itertools import product as every
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.appointments.domain.companions import (
    Also,
    Claim,
    Companion,
    Line,
    LineKind,
    Lines,
    able_beside,
    choose_beside,
    companions_of,
    starts_beside,
)
from services.appointments.domain.place import Owned, merged, owned_by, slot_at
from services.appointments.domain.ticks import FULL, TICKS, mask, to_text
from services.appointments.domain.visit import Product, Size, Wanted, plan_visit

ROOM, DEVICE, LIMIT = LineKind.ROOM, LineKind.DEVICE, LineKind.LIMIT
QUIET = frozenset({"quiet"})


def also(kind=ROOM, skills=QUIET, **when):
    return Also(kind, frozenset(skills), **when)


def needs(*asked, setup_ticks=1, owned_ticks=10):
    return companions_of(asked, setup_ticks=setup_ticks, owned_ticks=owned_ticks)


# --- when


@pytest.mark.parametrize(
    ("when", "persons", "offset", "ticks", "why"),
    [
        ({}, 1, 0, 10, "as long as the counter, with what that needs before and after"),
        ({"from_minutes": 0}, 1, 1, 9, "from the visible start until the counter is done"),
        ({"minutes": 15}, 1, 1, 3, "from the visible start"),
        ({"from_minutes": 10, "minutes": 15}, 1, 3, 3, "a part in the middle"),
        ({"from_minutes": 12, "minutes": 6}, 1, 3, 2, "every tick that is touched"),
        ({"minutes": 10, "extra_minutes": 5}, 4, 1, 5, "longer for each further person"),
        ({"from_minutes": 40, "minutes": 15}, 1, 7, 3, "a visit that was booked when it was shorter ends with it"),
        ({"minutes": 90}, 1, 0, 10, "never longer than the counter"),
    ],
)
def test_a_companion_is_needed_when_the_product_says(when, persons, offset, ticks, why):
    assert needs((also(**when), persons)) == (Companion(ROOM, QUIET, offset, ticks),), why


def test_what_two_products_need_alike_is_one_line_for_both_one_after_the_other():
    assert needs((also(minutes=10), 1), (also(minutes=15), 1)) == (Companion(ROOM, QUIET, 1, 5),)
    assert needs((also(minutes=10), 1), (also(from_minutes=25, minutes=5), 1)) == (Companion(ROOM, QUIET, 1, 6),)
    assert needs((also(minutes=10), 1), (also(), 1)) == (Companion(ROOM, QUIET, 0, 10),)


def test_what_differs_in_kind_or_skills_is_a_line_each():
    found = needs((also(), 1), (also(DEVICE, minutes=5), 1), (also(skills={"quiet", "large"}), 1))
    assert [(need.kind, need.skills) for need in found] == [
        (DEVICE, QUIET),
        (ROOM, {"quiet", "large"}),
        (ROOM, QUIET),
    ]


def test_a_visit_for_several_products_needs_all_that_each_needs():
    def product(product_id, *beside):
        return Product(
            product_id, frozenset({"births"}), minutes=30, extra_minutes=0, max_persons=2, setup_minutes=5,
            wrap_minutes=5, lead_minutes=0, horizon_days=9, shared_minutes={}, also=beside,
        )  # fmt: skip

    known = {"birth": product("birth", also()), "notice": product("notice", also(LIMIT, {"notice"}, minutes=10))}
    visit = plan_visit([Wanted("birth", 1), Wanted("notice", 2)], known, most_minutes=120)
    assert visit.companions == (Companion(LIMIT, frozenset({"notice"}), 1, 2), Companion(ROOM, QUIET, 0, 14))
    assert plan_visit([Wanted("birth", 1)], known, most_minutes=120).companions == (Companion(ROOM, QUIET, 0, 8),)


# --- which


def line(name, bits=FULL, kind=ROOM, skills=QUIET):
    return Line(name, kind, frozenset(skills), bits)


def need(offset=0, ticks=2, kind=ROOM, skills=QUIET):
    return Companion(kind, frozenset(skills), offset, ticks)


def test_the_tightest_line_is_chosen_and_equals_keep_their_order():
    lines = [line("wide"), line("tight", mask(100, 3)), line("exact", mask(100, 2))]
    assert choose_beside([need()], lines, 100) == (Claim("exact", need()),)
    assert choose_beside([need()], [line("b"), line("a")], 100) == (Claim("b", need()),)


def test_one_line_is_not_two_at_the_same_time_but_may_be_one_after_the_other():
    together, apart = [need(0, 2), need(1, 2)], [need(0, 2), need(2, 2)]
    assert starts_beside(together, [line("only")]) == 0
    assert choose_beside(together, [line("only")], 100) is None
    assert choose_beside(apart, [line("only")], 100) == (Claim("only", apart[0]), Claim("only", apart[1]))
    assert not able_beside(together, [line("only", 0)])
    assert able_beside(apart, [line("only", 0)])


def test_who_could_use_either_leaves_the_only_one_to_whom_no_other_serves():
    lines = [line("large", mask(100, 2), skills={"quiet", "large"}), line("small")]
    wanted = [need(), need(skills={"quiet", "large"})]
    assert choose_beside(wanted, lines, 100) == (Claim("small", wanted[0]), Claim("large", wanted[1]))


def test_without_needs_every_start_will_do():
    assert starts_beside([], []) == FULL
    assert choose_beside([], [], 100) == ()


@st.composite
def days(draw):
    """Return lines with free ticks at the very end of a day, and what a visit needs."""
    kinds, skills = st.sampled_from([ROOM, DEVICE]), st.frozensets(st.sampled_from(["quiet", "large"]), min_size=1)
    lines = [
        Line(f"l{number}", draw(kinds), draw(skills), draw(st.integers(0, 2**12 - 1)))
        for number in range(draw(st.integers(0, 4)))
    ]
    wanted = [
        Companion(draw(kinds), draw(skills), draw(st.integers(0, 3)), draw(st.integers(1, 3)))
        for _ in range(draw(st.integers(1, 3)))
    ]
    return lines, wanted


def by_counting(lines, wanted, first):
    """Say whether there is a line for each need, by trying every way to give them out tick by tick."""
    free = {one.line_id: {tick for tick, sign in enumerate(to_text(one.bits)) if sign == "1"} for one in lines}
    for chosen in every(lines, repeat=len(wanted)):
        used = [
            (one.line_id, first + n.offset + t) for one, n in zip(chosen, wanted, strict=True) for t in range(n.ticks)
        ]
        fits = all(one.kind == n.kind and n.skills <= one.skills for one, n in zip(chosen, wanted, strict=True))
        if fits and len(set(used)) == len(used) and all(tick in free[line_id] for line_id, tick in used):
            return True
    return False


@settings(max_examples=300, deadline=None)
@given(days())
def test_a_start_is_found_whenever_any_way_to_give_out_the_lines_has_one(day):
    lines, wanted = day
    found = to_text(starts_beside(wanted, lines))
    for first in range(TICKS - 14, TICKS):
        possible = by_counting(lines, wanted, first)
        assert (found[first] == "1") == possible
        claims = choose_beside(wanted, lines, first) if first + 6 <= TICKS else ()
        if first + 6 <= TICKS:
            assert (claims is not None) == possible
        if claims:
            assert [claim.need for claim in claims] == list(wanted)
            assert by_counting([one for one in lines if one.line_id in {c.line_id for c in claims}], wanted, first)


# --- what a visit owns


def test_a_visit_owns_its_counter_and_what_it_has_besides_in_the_order_in_which_all_wait():
    on = date(2026, 11, 24)
    slot = slot_at(ZoneInfo("Europe/Amsterdam"), location_id="x", on=on, start_tick=120, size=Size(1, 6, 1))
    assert slot is not None
    claims = (Claim("room", need(1, 3)), Claim("device", need(0, 2)), Claim("device", need(4, 1)))
    assert owned_by(slot, Lines("desk", claims)) == [
        Owned(on, "desk", mask(119, 8)),
        Owned(on, "device", mask(119, 2) | mask(123, 1)),
        Owned(on, "room", mask(120, 3)),
    ]


def test_what_several_visits_own_of_one_line_is_given_back_at_once():
    early, late = date(2026, 11, 24), date(2026, 11, 25)
    owned = [Owned(late, "a", 1), Owned(early, "b", 4), Owned(early, "b", 2)]
    assert merged(owned) == [Owned(early, "b", 6), Owned(late, "a", 1)]
