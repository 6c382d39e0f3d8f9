"""What people type into the forms of declarations is read kindly, and what is wrong is told at its field."""

from datetime import date

import pytest
from flask import g

from gateway.pages.asking import Form, last_figures
from gateway.pages.obstacle_words import WORDS, hindrances, of_keys
from gateway.pages.standing import WORDS as STANDINGS
from services.civil_registry.domain.machines import MACHINES
from services.contracts.civil_registry import OBSTACLES
from tests.pages_double import StillClock
from tests.registry_double import SEALER, RegistryDouble, make_registry_app


@pytest.fixture(autouse=True)
def in_dutch():
    clock = StillClock()
    with make_registry_app(RegistryDouble(clock), clock).test_request_context("/"):
        g.lang = "nl"
        yield


def form(**typed):
    return Form({name.replace("_", "-"): [value] for name, value in typed.items()})


@pytest.mark.parametrize(
    ("typed", "read"),
    [("03:07", "03:07"), ("3:07", "03:07"), ("3.07", "03:07"), ("0307", "03:07"), ("307", "03:07"),
     ("3u07", "03:07"), ("23:59 uur", "23:59"), ("0:00", "00:00"), ("14 05", "14:05")],
)  # fmt: skip
def test_a_time_may_be_written_in_many_ways(typed, read):
    asked = form(at=typed)
    assert (asked.clock("at", "Tijd"), asked.errors) == (read, {})


@pytest.mark.parametrize("typed", ["", "3", "24:00", "12:60", "half 4", "1:2:3", "12345"])
def test_what_is_no_time_is_told_so(typed):
    asked = form(at=typed)
    assert asked.clock("at", "Tijd") == ""
    assert asked.errors["at"].startswith("Tijd: vul ")


def test_a_day_is_read_from_its_three_fields():
    asked = form(born_day="25", born_month="11", born_year="2026")
    assert asked.day("born", "Geboren", latest=date(2026, 11, 25)) == date(2026, 11, 25)
    assert not asked.errors


@pytest.mark.parametrize(
    ("parts", "at"),
    [
        (("", "", ""), "day"),
        (("25", "", "2026"), "month"),
        (("31", "11", "2026"), "day"),
        (("25", "11", "26"), "year"),
        (("26", "11", "2026"), "day"),
        (("25", "11", "1899"), "day"),
    ],
)
def test_a_wrong_day_leads_to_the_part_that_can_be_mended(parts, at):
    asked = form(born_day=parts[0], born_month=parts[1], born_year=parts[2])
    assert asked.day("born", "Geboren", latest=date(2026, 11, 25)) is None
    assert asked.targets["born"] == f"born-{at}"


def test_a_number_leaves_sealed_and_is_recognised_by_its_last_figures():
    asked = form(bsn="9999.800.14")
    sealed = asked.bsn("bsn")
    assert sealed == SEALER.seal("999980014")
    assert last_figures(sealed) == "014"


@pytest.mark.parametrize("typed", ["999980013", "12345", "99998001a", "0", "1234567890"])
def test_what_fails_the_eleven_test_is_no_number(typed):
    asked = form(bsn=typed)
    assert asked.bsn("bsn") == ""
    assert "burgerservicenummer" in asked.errors["bsn"]


def test_the_first_reason_stays_and_every_field_tells_its_own():
    asked = Form({"names": ["a" * 201], "more": ["ok\x00"], "mail": ["nobody"]})
    assert (asked.text("names"), asked.text("more"), asked.email("mail")) == ("", "", "")
    assert set(asked.errors) == {"names", "more", "mail"}
    asked.wrong("names", "iets anders")
    assert "200" in asked.errors["names"]


def test_spaces_in_a_text_are_one_and_lines_of_an_area_stay():
    asked = Form({"names": ["Emma   Johanna"], "note": ["een\r\ntwee"]})
    assert (asked.text("names"), asked.area("note")) == ("Emma Johanna", "een\ntwee")


def test_a_choice_is_one_of_those_on_the_page():
    asked = form(sex="robot", alive="yes")
    assert asked.one_of("sex", ("female", "male"), missing="Kies") == ""
    assert (asked.errors["sex"], asked.targets["sex"]) == ("Kies", "sex-female")
    assert asked.yes_or_no("alive", missing="Kies") is True
    assert asked.yes_or_no("here", missing="Kies") is None


def test_rows_grow_when_asked_and_never_beyond_what_may_be():
    assert Form({}).rows("witness", ("name",), least=2, most=4) == 2
    assert Form({"witness-rows": ["2"], "more": ["witness"]}).rows("witness", ("name",), least=2, most=4) == 3
    assert Form({"witness-3-name": ["Jan"], "more": ["witness"]}).rows("witness", ("name",), least=2, most=4) == 4
    assert Form({"witness-rows": ["99999999"]}).rows("witness", ("name",), least=2, most=4) == 2


def test_values_are_shown_as_they_would_be_typed():
    shown = Form.showing({"born": date(2026, 3, 7), "alive": False, "names": "Emma", "deed": None, "many": ["a", "b"]})
    assert (shown["born-day"], shown["born-month"], shown["born-year"]) == ("7", "3", "2026")
    assert (shown["alive"], shown["names"], shown["deed"], shown.chosen("many")) == ("no", "Emma", "", ["a", "b"])


def test_every_obstacle_has_its_words_with_a_cure():
    assert set(WORDS) == set(OBSTACLES)
    late = {"text": "birth-late", "facts": {"last_on": "2026-11-30"}, "blocks": False, "redirects": False}
    (told,) = hindrances([late])
    assert told.why == "De laatste dag voor de aangifte was maandag 30 november 2026."
    for one in of_keys(set(OBSTACLES) - {"birth-late"}):
        assert one.why.endswith(".") and one.cure.endswith((".", "?")) and "%" not in one.why


def test_every_status_of_every_kind_is_told_in_plain_words():
    for kind, machine in MACHINES.items():
        assert set(STANDINGS[kind]) == {str(status) for status in machine.statuses}
