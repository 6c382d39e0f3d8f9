"""References that survive a telephone line, and links that cannot be guessed."""

import string
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.appointments.domain.reference import ALPHABET, new_reference, read_reference, shown
from services.appointments.links import Links

references = st.binary(min_size=5, max_size=5).map(new_reference)
LINKS = Links(b"k" * 32)
APPOINTMENT = UUID(int=7)


@given(references)
def test_a_reference_is_read_as_it_was_made(reference):
    assert len(reference) == 8
    assert set(reference) <= set(ALPHABET)
    assert read_reference(reference) == reference


@given(references)
def test_hyphens_spaces_case_and_look_alikes_do_not_matter(reference):
    typed = f" {shown(reference).lower()} ".replace("1", "l").replace("0", "o")
    assert read_reference(typed) == reference
    assert read_reference(reference.replace("1", "I")) == reference


@given(references)
def test_every_single_wrong_symbol_is_found(reference):
    for place, right in enumerate(reference):
        for wrong in ALPHABET:
            if wrong != right:
                assert read_reference(reference[:place] + wrong + reference[place + 1 :]) is None


@given(st.text(alphabet=string.printable + "éü\x00\ud800", max_size=20))
def test_whatever_somebody_types_is_a_reference_or_none(typed):
    read = read_reference(typed)
    assert read is None or read_reference(read) == read


def test_a_reference_is_shown_in_two_groups():
    assert shown("K7Q2MXD4") == "K7Q2-MXD4"


def test_no_symbol_can_be_mistaken_for_another():
    assert not set("ILOU") & set(ALPHABET)
    assert len(ALPHABET) == 32


def test_a_secret_opens_its_own_appointment_only():
    secret = LINKS.secret(APPOINTMENT)
    assert len(secret) == 26
    assert LINKS.opens(APPOINTMENT, 1, secret)
    assert LINKS.opens(APPOINTMENT, 1, f" {secret.upper()} ")
    assert not LINKS.opens(UUID(int=8), 1, secret)


def test_a_new_link_version_makes_the_old_link_worthless():
    assert not LINKS.opens(APPOINTMENT, 2, LINKS.secret(APPOINTMENT, 1))


def test_another_installation_has_other_secrets():
    assert Links(b"x" * 32).secret(APPOINTMENT) != LINKS.secret(APPOINTMENT)


@given(st.text(max_size=64))
def test_whatever_is_typed_as_a_secret_is_answered(typed):
    assert LINKS.opens(APPOINTMENT, 1, typed) == (typed.strip().lower() == LINKS.secret(APPOINTMENT))
