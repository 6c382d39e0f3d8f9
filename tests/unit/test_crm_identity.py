"""Who is the same person, as far as an address or a number can tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.crm.digests import Digests
from services.crm.domain.contact import pause_after
from services.crm.domain.identity import Identifier, IdentifierKind, email_identifier, phone_identifier
from services.messaging.settings import Secret


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jan.Jansen@Example.nl", "jan.jansen@example.NL"),
        (" jan@example.nl ", "jan@example.nl"),
        ("jan@straße.example.nl", "jan@xn--strae-oqa.example.nl"),
        ("jose\u0301@example.nl", "jos\u00e9@example.nl"),
    ],
)
def test_two_ways_to_write_an_address_are_one_address(one, other):
    assert email_identifier(one) == email_identifier(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jan@example.nl", "jan@example.com"),
        ("jan+a@example.nl", "jan@example.nl"),
        ("j.an@example.nl", "jan@example.nl"),
        ("jan@straße.example.nl", "jan@strasse.example.nl"),
    ],
)
def test_addresses_that_may_belong_to_two_people_stay_two(one, other):
    assert email_identifier(one) != email_identifier(other)


@pytest.mark.parametrize("odd", ["jan@localhost", "jan@example.test", '"jan jansen"@example.nl', "no address at all"])
def test_an_address_that_cannot_be_judged_is_still_itself(odd):
    assert email_identifier(odd) == email_identifier(odd.upper())


@pytest.mark.parametrize(
    "typed", ["06-12345678", "06 1234 5678", "+31 6 12345678", "0031612345678", "+31 (0)6 12345678"]
)
def test_all_ways_to_write_a_dutch_mobile_number_are_one_number(typed):
    assert phone_identifier(typed) == Identifier(IdentifierKind.PHONE, "+31612345678")


def test_a_german_number_over_the_border_keeps_its_country():
    assert phone_identifier("+49 2562 9320") == Identifier(IdentifierKind.PHONE, "+4925629320")


@pytest.mark.parametrize("typed", [None, "", "12", "call my neighbour", "+999 12345678", "0" * 30])
def test_what_nobody_can_be_called_by_identifies_nobody(typed):
    assert phone_identifier(typed) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_making_of_identifiers(text):
    email_identifier(text)
    phone_identifier(text)


def test_an_identifier_does_not_show_itself():
    assert "jan" not in repr(email_identifier("jan@example.nl"))


def test_a_digest_depends_on_the_kind_the_value_and_the_installation():
    here, there = (Digests.of(Secret(letter * 40)) for letter in "ab")
    jan = email_identifier("jan@example.nl")
    digests = {
        here.digest(jan),
        there.digest(jan),
        here.digest(email_identifier("piet@example.nl")),
        here.digest(Identifier(IdentifierKind.PHONE, jan.value)),
    }
    assert len(digests) == 4
    assert {len(digest) for digest in digests} == {32}
    assert here.digest(jan) == here.digest(email_identifier("JAN@example.nl"))


def test_kinds_are_those_that_the_database_accepts():
    assert {kind.value for kind in IdentifierKind} == {"email", "phone"}


def test_a_customer_is_asked_for_less_and_less_often_but_every_minute_at_least():
    assert [pause_after(attempts).total_seconds() for attempts in (1, 2, 3, 4, 5, 1000)] == [5, 15, 45, 60, 60, 60]
