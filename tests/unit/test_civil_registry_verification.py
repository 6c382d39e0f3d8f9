"""Codes on papers: unguessable, and every slip of the pen is noticed."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.civil_registry.domain.verification import (
    ALPHABET,
    LENGTH,
    RANDOM_BYTES,
    State,
    grouped,
    may_follow,
    new_code,
    read_code,
)

RANDOM = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES)


@given(RANDOM)
def test_a_code_is_read_back_however_it_is_written(randomness):
    code = new_code(randomness)
    assert len(code) == LENGTH and set(code) <= set(ALPHABET)
    shown = grouped(code)
    assert [len(group) for group in shown.split("-")] == [4] * 5
    for typed in (code, shown, shown.lower(), f" {shown.replace('-', ' ')}\n", shown.replace("-", "–")):
        assert read_code(typed) == code
    assert read_code(code.replace("1", "I").replace("0", "O")) == code
    assert read_code(code.replace("1", "l")) == code


@given(RANDOM, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_every_wrong_symbol_is_noticed(randomness, place, symbol):
    code = new_code(randomness)
    wrong = code[:place] + symbol + code[place + 1 :]
    assert (read_code(wrong) is None) == (wrong != code)


@given(RANDOM, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_every_two_symbols_that_changed_places_are_noticed(randomness, one, other):
    code = new_code(randomness)
    signs = list(code)
    signs[one], signs[other] = signs[other], signs[one]
    wrong = "".join(signs)
    assert (read_code(wrong) is None) == (wrong != code)


@given(RANDOM, RANDOM)
def test_ninety_five_random_bits_make_a_code(one, other):
    same = int.from_bytes(one) >> 1 == int.from_bytes(other) >> 1
    assert (new_code(one) == new_code(other)) == same


def test_all_random_bits_count():
    codes = {new_code((1 << bit).to_bytes(RANDOM_BYTES)) for bit in range(1, 8 * RANDOM_BYTES)}
    assert len(codes) == 95


@pytest.mark.parametrize("typed", ["", "-", "7K2Q", "U" * 20, "é" * 20, "0" * 19, "0" * 21, "0" * 20_000, "\0" * 20])
def test_anything_else_is_no_code(typed):
    assert read_code(typed) is None


def test_of_random_guesses_one_in_thirty_two_passes_the_check_symbol_and_no_more():
    guesses = [hashlib.sha256(bytes([a, b])).hexdigest()[:20].upper() for a in range(40) for b in range(40)]
    assert sum(read_code(guess) is not None for guess in guesses) < 1600 / 32 * 2


@pytest.mark.parametrize(
    ("now", "then", "may"),
    [
        (State.VALID, State.WITHDRAWN, True),
        (State.VALID, State.REPLACED, True),
        (State.REPLACED, State.WITHDRAWN, True),
        (State.VALID, State.VALID, False),
        (State.REPLACED, State.REPLACED, False),
        (State.REPLACED, State.VALID, False),
        (State.WITHDRAWN, State.VALID, False),
        (State.WITHDRAWN, State.REPLACED, False),
        (State.WITHDRAWN, State.WITHDRAWN, False),
    ],
)
def test_what_was_withdrawn_never_stands_again(now, then, may):
    assert may_follow(now, then) is may
