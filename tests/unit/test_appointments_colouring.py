"""Which desk serves whom: nobody's time changes, and room that exists is found."""

from itertools import product
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.appointments.domain.colouring import Desk, Seat, crowded, seated, settle
from services.appointments.domain.ticks import mask

SKILLS = ("passports", "licences", "births")


def desk(name, first=0, ticks=12, skills=("passports",)):
    return Desk(name, mask(first, ticks) if ticks else 0, frozenset(skills))


def seat(number, first, ticks, line_id=None, needs=("passports",)):
    return Seat(UUID(int=number), first, ticks, frozenset(needs), line_id)


def of(number):
    return UUID(int=number), 0


def test_two_visits_that_split_the_room_between_two_desks_are_put_together():
    seats = [seat(1, 0, 6, "one"), seat(2, 6, 6, "two")]
    found = seated([desk("one"), desk("two")], seats, [seat(9, 0, 12)])
    assert found in (
        {of(9): "two", of(2): "one"},
        {of(9): "one", of(1): "two"},
    )


def test_a_visitor_who_fits_as_it_is_moves_nobody():
    found = seated([desk("one"), desk("two")], [seat(1, 0, 6, "one")], [seat(9, 3, 6)])
    assert found == {of(9): "two"}


def test_a_generalists_desk_is_freed_for_whom_only_it_can_serve():
    desks = [desk("all", skills=SKILLS), desk("plain")]
    found = seated(desks, [seat(1, 0, 6, "all")], [seat(9, 0, 6, needs=["births"])])
    assert found == {of(9): "all", of(1): "plain"}


def test_two_visits_may_swap_desks():
    desks = [desk("early", 0, 8), desk("late", 4, 8)]
    seats = [seat(1, 4, 4, "early"), seat(2, 8, 4, "late")]
    assert seated(desks, seats, [seat(9, 0, 8)]) == {of(9): "early", of(1): "late"}


def test_a_full_hour_is_seen_without_searching():
    desks = [desk("one"), desk("births", skills=["births"])]
    assert crowded(desks, [seat(1, 0, 2, "one")], seat(9, 1, 4))
    assert not crowded(desks, [seat(1, 0, 2, "one")], seat(9, 2, 4))


def test_a_closed_desks_visits_go_to_others_as_far_as_there_is_room():
    desks = [desk("sick", ticks=0), desk("one"), desk("two", ticks=6)]
    seats = [seat(1, 0, 6, "sick"), seat(2, 6, 6, "sick"), seat(3, 6, 6, "one")]
    settled = settle(desks, seats)
    assert settled.moves[of(1)] in ("one", "two")
    assert [left.visit_id for left in settled.left] == [UUID(int=2)]


def test_a_full_day_of_sixteen_desks_is_decided_within_its_patience():
    desks = [Desk(f"d{n}", mask(0, 102), frozenset(SKILLS)) for n in range(16)]
    seats = [seat(100 * n + k, 6 * k + n % 5, 5, f"d{n}") for n in range(16) for k in range(16)]
    found = seated(desks, seats, [seat(99_999, 50, 24)])
    assert found is None or found[of(99_999)]


# --- against trying everything


@st.composite
def days(draw):
    """Return desks, visits that stand on them without touching, and one newcomer."""
    kinds = st.frozensets(st.sampled_from(SKILLS), min_size=1)
    desks = []
    for number in range(draw(st.integers(1, 3))):
        first, until = sorted(draw(st.tuples(st.integers(0, 7), st.integers(1, 8))))
        bits = mask(first, until - first) if until > first else 0
        desks.append(Desk(f"d{number}", bits, draw(kinds)))
    seats: list[Seat] = []
    for number in range(draw(st.integers(0, 5))):
        place = draw(st.sampled_from(desks))
        first = draw(st.integers(0, 6))
        new = Seat(UUID(int=number), first, draw(st.integers(1, 8 - first)), _kind(draw, place), place.line_id)
        taken = any(other.line_id == new.line_id and other.mask & new.mask for other in seats)
        if new.mask & ~place.open == 0 and not taken:
            seats.append(new)
    first = draw(st.integers(0, 6))
    newcomer = Seat(UUID(int=99), first, draw(st.integers(1, 8 - first)), draw(kinds), None)
    return desks, seats, newcomer


def _kind(draw, place):
    return draw(st.frozensets(st.sampled_from(sorted(place.skills)), min_size=1))


def _able(desks, seat):
    return [d.line_id for d in desks if seat.needs <= d.skills and seat.mask & ~d.open == 0]


def _valid(desks, seats, lines):
    stands = all(line in _able(desks, seat) for seat, line in zip(seats, lines, strict=True))
    return stands and not any(
        lines[i] == lines[j] and seats[i].mask & seats[j].mask for i in range(len(seats)) for j in range(i)
    )


def fewest_moves(desks, seats, newcomer):
    """Return how few visits must move, by trying every arrangement; None when there is none."""
    everybody = [*seats, newcomer]
    moves = [
        sum(1 for seat, line in zip(seats, lines[:-1], strict=True) if seat.line_id != line)
        for lines in product(*(_able(desks, seat) for seat in everybody))
        if _valid(desks, everybody, lines)
    ]
    return min(moves, default=None)


@settings(max_examples=400, deadline=None)
@given(days())
def test_a_newcomer_gets_a_desk_whenever_any_arrangement_has_one_and_with_the_fewest_moves(day):
    desks, seats, newcomer = day
    best = fewest_moves(desks, seats, newcomer)
    found = seated(desks, seats, [newcomer])
    assert (None if found is None else len(found) - 1) == best
    if found is None:
        return
    assert not crowded(desks, seats, newcomer)
    everybody = [*seats, newcomer]
    assert _valid(desks, everybody, [found.get(seat.id, seat.line_id) for seat in everybody])
    assert all(found[seat.id] != seat.line_id for seat in everybody if seat.id in found)


@settings(max_examples=300, deadline=None)
@given(days(), st.data())
def test_closing_desks_leaves_everybody_at_a_desk_that_is_open_and_able_or_on_the_list(day, data):
    desks, seats, _ = day
    closed = data.draw(st.sets(st.sampled_from([desk.line_id for desk in desks])))
    after = [Desk(d.line_id, 0 if d.line_id in closed else d.open, d.skills) for d in desks]
    settled = settle(after, seats)
    gone = {seat.id for seat in settled.left}
    staying = [seat for seat in seats if seat.id not in gone]
    assert _valid(after, staying, [settled.moves.get(seat.id, seat.line_id) for seat in staying])
    assert all(seat.line_id in closed for seat in settled.left)
    assert not gone & set(settled.moves)
    if not closed:
        assert settled == type(settled)({}, ())
