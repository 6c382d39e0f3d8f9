"""The search for numbers in the clear finds them however they were written; else it would prove nothing."""

import base64

import pytest

from tests.numbers import found

NUMBER = "999980002"


@pytest.mark.parametrize(
    "content",
    [
        b'{"bsn": "999980002"}',
        b"GET /person/999980002?x",
        rb"\x7b22" + b'"bsn": "999980002"'.hex().encode(),
        *(base64.b64encode(b"x" * before + b"999980002" + b"yy") for before in range(6)),
        *(base64.urlsafe_b64encode(b"x" * before + b"999980002") for before in range(6)),
    ],
)
def test_a_number_is_found_as_digits_hex_and_base64(content):
    assert found([NUMBER, "999980014"], content) == [NUMBER]


def test_what_is_no_number_is_not_found():
    assert found([NUMBER], b"99998000 2, 99998-0002, " + base64.b64encode(b"999980003" * 5)) == []
