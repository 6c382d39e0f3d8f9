"""The booking, step by step, through Flask's test client."""

import re
from datetime import timedelta

import pytest

from tests.pages_double import SECRET, AppointmentsDouble, StillClock
from tests.pages_visitor import DETAILS, EMAIL, Visitor, make_app


@pytest.fixture
def clock():
    return StillClock()


@pytest.fixture
def double(clock):
    return AppointmentsDouble(clock)


@pytest.fixture
def visitor(double, clock):
    return Visitor(make_app(double, clock))


def test_a_resident_books_a_passport_for_two(visitor, double):
    visitor.books(persons=2)
    assert visitor.path == "/afspraak/bevestiging"
    assert "Uw afspraak staat vast" in visitor.text
    assert "K7Q2-MXD4" in visitor.text
    assert EMAIL in visitor.text
    [confirmed] = double.called("confirm_hold")
    assert (confirmed["name"], confirmed["phone"], confirmed["language"]) == ("S. de Vries", "+31612345678", "nl")
    [held] = double.called("hold_slot")
    assert held["products"] == [{"product_id": "passport", "persons": 2}]


def test_the_confirmation_may_be_reloaded_and_stays_the_same(visitor, double):
    first = visitor.books().text
    assert visitor.goes_to("/afspraak/bevestiging").text == first
    assert len(double.called("confirm_hold")) == 1


def test_an_english_visitor_books_in_english(visitor, double):
    visitor.goes_to("/en/appointment/product")
    visitor.sends("/en/appointment/product", product="driving-licence")
    visitor.sends("/en/appointment/location", location="glanerbrug")
    assert "Times on Thursday 3 December" in visitor.text
    visitor.sends("/en/appointment/day-and-time", time=visitor.times()[0])
    visitor.sends("/en/appointment/details", **DETAILS)
    visitor.sends("/en/appointment/check")
    assert "Your appointment is booked" in visitor.text
    assert visitor.page.headers["Content-Language"] == "en"
    assert double.called("confirm_hold")[0]["language"] == "en"


def test_several_products_go_into_one_visit(visitor, double):
    visitor.goes_to("/afspraak/product")
    visitor.sends("/afspraak/product", product=["passport", "driving-licence"], **{"persons-passport": "3"})
    visitor.sends("/afspraak/locatie", location="stadskantoor")
    asked = double.called("free_days")[-1]["products"]
    assert asked == [{"product_id": "passport", "persons": 3}, {"product_id": "driving-licence", "persons": 1}]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Kies waarvoor u komt"),
        ({"product": "dog-licence"}, "Kies waarvoor u komt"),
        ({"product": "passport", "persons-passport": "0"}, "Kies 1 tot en met 8 personen voor dit product"),
        ({"product": "passport", "persons-passport": "9"}, "Kies 1 tot en met 8 personen voor dit product"),
        ({"product": "passport", "persons-passport": "٣"}, "Kies 1 tot en met 8 personen"),
        ({"product": "driving-licence", "persons-driving-licence": "2"}, "Kies 1 persoon voor dit product"),
        ({"product": ["birth-declaration", "move"]}, "Deze producten kunt u niet in één afspraak regelen"),
    ],
)
def test_a_wrong_choice_of_product_is_told_at_the_top_and_at_the_field(visitor, fields, says):
    visitor.goes_to("/afspraak/product").sends("/afspraak/product", **fields)
    assert visitor.page.status_code == 422
    assert visitor.title.startswith("Fout: ")
    assert visitor.text.count(says) == 2
    assert 'role="alert"' in visitor.source


def test_no_location_chosen_is_an_error_that_leads_to_the_first_choice(visitor):
    visitor.goes_to("/afspraak/product").sends("/afspraak/product", product="passport")
    visitor.sends("/afspraak/locatie", location="narnia")
    assert visitor.page.status_code == 422
    assert '<a href="#location-stadskantoor">Kies waar u wilt komen</a>' in visitor.source


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": "  "}, "Vul uw naam in"),
        ({"name": "x" * 101}, "Uw naam mag niet langer zijn dan 100 tekens"),
        ({"name": "S. de\x07Vries"}, "Uw naam bevat een teken dat wij niet kunnen gebruiken. Typ uw naam opnieuw"),
        ({"email": ""}, "Vul uw e-mailadres in, bijvoorbeeld naam@voorbeeld.nl"),
        ({"email": "sdevries@"}, "Vul een geldig e-mailadres in, bijvoorbeeld naam@voorbeeld.nl"),
        ({"phone": "bel mij"}, "Vul een geldig telefoonnummer in"),
    ],
)
def test_wrong_details_are_kept_and_explained(visitor, typed, says):
    visitor.until_details().sends("/afspraak/gegevens", **(DETAILS | typed))
    assert visitor.page.status_code == 422
    assert visitor.text.count(says) == 2
    field = next(iter(typed))
    assert f'aria-describedby="{field}-hint {field}-error"' in visitor.source or field == "name"
    assert 'aria-invalid="true"' in visitor.source
    assert 'value="S. de Vries"' in visitor.source or field == "name"
    assert not visitor.goes_to("/afspraak/controle").path.startswith("/afspraak/controle")


def test_a_name_that_was_pasted_with_a_hard_space_is_fine(visitor, double):
    name = "S.\N{NO-BREAK SPACE}de Vries"
    visitor.until_details().sends("/afspraak/gegevens", **(DETAILS | {"name": name}))
    assert visitor.path == "/afspraak/controle"
    visitor.sends("/afspraak/controle")
    assert double.called("confirm_hold")[0]["name"] == name


def test_typed_text_is_never_markup(visitor):
    visitor.until_details().sends("/afspraak/gegevens", **(DETAILS | {"name": "<script>alert(1)</script>"}))
    assert "<script>alert" not in visitor.source
    assert "&lt;script&gt;alert(1)" in visitor.source


def test_the_language_switch_on_the_details_keeps_step_and_typing(visitor):
    visitor.until_details().sends("/afspraak/gegevens", name="Şehrazat", email="half@", phone="", language="en")
    assert visitor.path == "/en/appointment/details"
    assert 'value="Şehrazat"' in visitor.source
    assert 'value="half@"' in visitor.source


def test_the_language_switch_keeps_the_day(visitor):
    visitor.until_time().goes_to("/afspraak/dag-en-tijd?dag=2026-12-10")
    assert 'href="/en/appointment/day-and-time?day=2026-12-10"' in visitor.source


def test_a_change_of_details_comes_back_to_the_check(visitor):
    visitor.until_check().goes_to("/afspraak/gegevens")
    visitor.sends("/afspraak/gegevens", **(DETAILS | {"name": "Anna"}))
    assert visitor.path == "/afspraak/controle"
    assert "Anna" in visitor.text


def test_a_change_of_persons_asks_for_another_time_and_gives_the_old_one_back(visitor, double):
    visitor.until_check().goes_to("/afspraak/product")
    visitor.sends("/afspraak/product", product="passport", **{"persons-passport": "4"})
    assert visitor.path == "/afspraak/dag-en-tijd"
    assert [hold["state"] for hold in double.holds.values()] == ["released"]


def test_a_change_of_location_gives_the_time_back(visitor, double):
    visitor.until_check().goes_to("/afspraak/locatie").sends("/afspraak/locatie", location="glanerbrug")
    assert visitor.path == "/afspraak/dag-en-tijd"
    assert [hold["state"] for hold in double.holds.values()] == ["released"]


def test_nothing_changed_in_the_product_comes_back_to_the_check(visitor, double):
    visitor.until_check().goes_to("/afspraak/product").sends("/afspraak/product", product="passport")
    assert visitor.path == "/afspraak/controle"
    assert double.called("release_hold") == []


@pytest.mark.parametrize("page", ["locatie", "dag-en-tijd", "gegevens", "controle"])
def test_a_page_in_the_middle_leads_to_the_first_open_question(visitor, page):
    assert visitor.goes_to(f"/afspraak/{page}").path == "/afspraak/product"


def test_stopping_forgets_everything_and_gives_the_time_back(visitor, double):
    visitor.until_check().sends("/afspraak/stoppen")
    assert visitor.page.status_code == 200
    assert "U bent gestopt" in visitor.text
    assert len(double.called("release_hold")) == 1
    assert [hold["state"] for hold in double.holds.values()] == ["released"]
    assert visitor.goes_to("/afspraak/controle").path == "/afspraak/product"


def test_another_time_gives_back_the_one_that_was_held_before(visitor, double):
    visitor.until_check().goes_to("/afspraak/dag-en-tijd")
    visitor.sends("/afspraak/dag-en-tijd", time=visitor.times()[4])
    assert visitor.path == "/afspraak/controle"
    assert [hold["state"] for hold in double.holds.values()] == ["released", "held"]


def test_a_double_click_books_once(visitor, double):
    visitor.until_check()
    cookies = {cookie.key: cookie.value for cookie in (visitor.client._cookies or {}).values()}
    form = visitor.form("/afspraak/controle")
    visitor.sends("/afspraak/controle", follow=False)
    for name, value in cookies.items():
        visitor.client.set_cookie(name, value)
    again = visitor.client.post("/afspraak/controle", data=form)
    assert again.headers["Location"] == "/afspraak/bevestiging"
    keys = [key for method, _, key in double.calls if method == "confirm_hold"]
    assert len(keys) == 2
    assert keys[0] == keys[1]


def test_a_page_with_an_older_time_books_nothing_and_shows_the_present_one(visitor, double):
    older = visitor.until_check().form("/afspraak/controle")
    visitor.goes_to("/afspraak/dag-en-tijd").sends("/afspraak/dag-en-tijd", time=visitor.times()[4])
    answer = visitor.client.post("/afspraak/controle", data=older)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/afspraak/controle")
    assert double.called("confirm_hold") == []
    assert "Uw afspraak staat vast" in visitor.goes_to("/afspraak/controle").sends("/afspraak/controle").text


def test_a_second_press_after_the_first_answer_shows_the_confirmation(visitor, double):
    visitor.until_check()
    form = visitor.form("/afspraak/controle")
    visitor.sends("/afspraak/controle")
    again = visitor.client.post("/afspraak/controle", data=form)
    assert again.headers["Location"] == "/afspraak/bevestiging"
    assert len(double.called("confirm_hold")) == 1


def test_the_confirmation_has_a_qr_code_with_the_secret_link_and_what_to_bring(visitor):
    visitor.books()
    assert "<title>QR-code met de link naar uw afspraak</title>" in visitor.source
    assert f"http://127.0.0.1:8080/nl/a/K7Q2MXD4/{SECRET}" in visitor.text
    assert "Uw oude paspoort of identiteitskaart" in visitor.text
    assert "€\N{NO-BREAK SPACE}83,87" in visitor.source


def test_a_reminder_is_only_promised_when_there_is_a_day_for_it(visitor, clock):
    assert "De dag ervoor krijgt u een herinnering." in visitor.books().text
    clock.at += timedelta(days=9, hours=12)
    assert "herinnering" not in visitor.goes_to("/afspraak/bevestiging").text


def test_enter_in_a_field_goes_on_and_never_changes_the_language(visitor):
    visitor.until_details()
    first = re.search(r'<button form="details-form"[^>]*>', visitor.source)
    assert first is not None
    assert "name=" not in first[0]


def test_a_product_tile_on_the_start_page_fills_in_the_first_answer(visitor):
    visitor.goes_to("/afspraak/product?product=passport")
    assert 'value="passport" checked' in visitor.source
