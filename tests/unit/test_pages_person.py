"""Appointments that belong to one person, and the limit per person, on the pages."""

import pytest

from tests.pages_double import AppointmentsDouble, StillClock
from tests.pages_visitor import BIRTH, DETAILS, EMAIL, Visitor, make_app

BOUND = "passport-abroad"
COLLECTION = "/afspraak/ophalen"
FORM, CHECK = "/afspraak/gegevens", "/afspraak/controle"


@pytest.fixture
def clock():
    return StillClock()


@pytest.fixture
def double(clock):
    return AppointmentsDouble(clock)


@pytest.fixture
def visitor(double, clock):
    return Visitor(make_app(double, clock))


@pytest.fixture
def asked(visitor):
    """Somebody who is asked for his details for an appointment that will be his alone."""
    visitor.until_details(product=BOUND)
    return visitor.sends(COLLECTION, later="1")


def test_a_bound_appointment_asks_for_the_birth_date_in_three_fields_and_says_why(asked):
    assert "Deze afspraak is persoonlijk: niemand anders kan haar gebruiken." in asked.text
    assert "Uw naam en geboortedatum kunt u later niet wijzigen." in asked.text
    assert "Zoals uw naam in uw paspoort of identiteitskaart staat." in asked.text
    assert "<legend>Geboortedatum</legend>" in asked.source
    for part in ("day", "month", "year"):
        assert f'name="birth-{part}" value="" inputmode="numeric" autocomplete="bday-{part}"' in asked.source


def test_an_ordinary_appointment_never_asks_for_it_and_never_sends_it(visitor, double):
    visitor.until_details()
    assert "birth" not in visitor.source
    visitor.sends(FORM, **DETAILS)
    assert "Geboortedatum" not in visitor.text
    visitor.sends(CHECK)
    assert "birth_on" not in double.called("confirm_hold")[0]
    assert "persoonlijk" not in visitor.text


def test_name_and_birth_date_are_shown_before_and_after_and_in_the_overview(asked, double):
    asked.sends(FORM, **DETAILS)
    assert "Geboortedatum 27 maart 1985" in asked.text
    asked.sends(CHECK)
    said = "Zij is voor S. de Vries, geboren op 27 maart 1985."
    assert said in asked.text
    assert double.called("confirm_hold")[0]["birth_on"] == "1985-03-27"
    asked.goes_to("/mijn-afspraak/overzicht")
    assert said in asked.text
    assert "Neem uw paspoort of identiteitskaart mee. Iemand anders kan deze afspraak niet gebruiken." in asked.text


def test_of_several_persons_one_gives_his_details(visitor):
    visitor.until_details(product=BOUND, persons=3)
    visitor.sends(COLLECTION, later="1")
    assert "Komt u met meer personen? Vul dan de gegevens van één van hen in." in visitor.text


def test_an_english_visitor_is_asked_in_english(visitor, double):
    visitor.goes_to("/en/appointment/product").sends("/en/appointment/product", product=BOUND)
    visitor.sends("/en/appointment/location", location="stadskantoor")
    visitor.sends("/en/appointment/day-and-time", time=visitor.times()[0])
    visitor.sends("/en/appointment/collection", later="1")
    assert "Birth date For example 27 3 1985 Day Month Year" in visitor.text
    visitor.sends("/en/appointment/details", **DETAILS).sends("/en/appointment/check")
    assert "It is for S. de Vries, born on 27 March 1985." in visitor.text


@pytest.mark.parametrize(
    ("typed", "says", "field"),
    [
        (("", "", ""), "Vul uw geboortedatum in", "day"),
        (("", "3", "1985"), "Vul de dag van uw geboortedatum in", "day"),
        (("27", "", "1985"), "Vul de maand van uw geboortedatum in", "month"),
        (("27", "3", ""), "Vul het jaar van uw geboortedatum in", "year"),
        (("27", "3", "85"), "Vul het jaar van uw geboortedatum in met vier cijfers", "year"),
        (("29", "2", "1985"), "Vul een geboortedatum in die bestaat", "day"),
        (("27", "13", "1985"), "Vul een geboortedatum in die bestaat", "day"),
        (("27", "maart", "1985"), "Vul een geboortedatum in die bestaat", "day"),
        (("٢٧", "3", "1985"), "Vul een geboortedatum in die bestaat", "day"),
        (("27", "3", "0000"), "Vul een geboortedatum in die bestaat", "day"),
        (("24", "11", "2026"), "Uw geboortedatum moet in het verleden liggen", "year"),
        (("31", "12", "1899"), "Vul een geboortedatum in vanaf 1900", "year"),
        (("9" * 400, "3", "1985"), "Vul een geboortedatum in die bestaat", "day"),
    ],
)
def test_a_wrong_birth_date_is_told_at_the_top_and_at_the_fields_and_stays(asked, typed, says, field):
    asked.sends(FORM, **(DETAILS | dict(zip(BIRTH, typed, strict=True))))
    assert asked.page.status_code == 422
    assert asked.text.count(says) == 2
    assert f'<a href="#birth-{field}">' in asked.source
    assert 'aria-describedby="birth-hint birth-error"' in asked.source
    for part, value in zip(BIRTH, typed, strict=True):
        assert f'name="{part}" value="{value[:10]}"' in asked.source
    assert f'value="{EMAIL}"' in asked.source
    assert asked.goes_to(CHECK).path == FORM


@pytest.mark.parametrize("typed", [("23", "11", "2026"), ("1", "1", "1900"), ("29", "02", "2024")])
def test_a_birth_date_at_the_edge_is_fine(asked, typed):
    asked.sends(FORM, **(DETAILS | dict(zip(BIRTH, typed, strict=True))))
    assert asked.path == CHECK


def test_who_changes_to_a_bound_product_is_still_asked_for_the_birth_date(visitor):
    visitor.until_details().sends(FORM, **(DETAILS | dict.fromkeys(BIRTH, "")))
    assert visitor.path == CHECK
    visitor.goes_to("/afspraak/product").sends("/afspraak/product", product=BOUND)
    visitor.sends("/afspraak/dag-en-tijd", time=visitor.times()[0]).sends(COLLECTION, later="1")
    assert visitor.goes_to(CHECK).path == FORM
    assert f'value="{EMAIL}"' in visitor.source


def test_the_language_switch_keeps_a_half_typed_birth_date(asked):
    asked.sends(FORM, **(DETAILS | {"birth-year": "19"}), language="en")
    assert asked.path == "/en/appointment/details"
    assert 'name="birth-year" value="19"' in asked.source


def test_ten_more_minutes_keep_a_half_typed_birth_date(asked):
    typed = asked.form(FORM) | DETAILS | {"birth-month": "", "back": "details"}
    asked.page = asked.client.post("/afspraak/langer", data=typed, follow_redirects=True)
    assert asked.path.startswith(FORM)
    assert 'name="birth-day" value="27"' in asked.source
    assert asked.goes_to(CHECK).path == FORM


def test_what_was_typed_stays_when_a_gateway_cannot_know_what_is_asked(asked, double, clock):
    another = Visitor(make_app(double, clock))  # one that has just started, and has never seen the catalogue
    for cookie in (asked.client._cookies or {}).values():
        another.client.set_cookie(cookie.key, cookie.value)
    double.down = True
    form = asked.form(FORM)
    assert another.client.post(FORM, data=form | DETAILS).status_code == 503
    double.down = False
    assert 'name="birth-year" value="1985"' in another.goes_to(FORM).source


# --- the limit per person


@pytest.fixture
def refused(visitor, double):
    double.refuse["confirm_hold"] = "too-many-live"
    return visitor.until_check().sends(CHECK)


def test_enough_appointments_are_told_above_the_answers_and_nothing_is_lost(refused, double):
    assert refused.page.status_code == 422
    assert refused.title.startswith("Fout: ")
    assert 'role="alert"' in refused.source
    assert '<a href="#person">Er zijn al genoeg afspraken met deze gegevens</a>' in refused.source
    assert 'id="person"' in refused.source
    assert "Annuleer eerst een van de andere afspraken, of bel ons: 14 053." in refused.text
    assert 'href="/mijn-afspraak">Zoek uw afspraak' in refused.source
    assert "Wij houden deze tijd nog voor u vast." in refused.text
    assert [hold["state"] for hold in double.holds.values()] == ["held"]
    del double.refuse["confirm_hold"]
    assert refused.sends(CHECK).path == "/afspraak/bevestiging"


def test_other_details_may_be_tried_at_once(refused, double):
    refused.goes_to(FORM).sends(FORM, **(DETAILS | {"email": "other@voorbeeld.nl", "phone": ""}))
    del double.refuse["confirm_hold"]
    refused.sends(CHECK)
    assert double.called("confirm_hold")[-1]["email"] == "other@voorbeeld.nl"


def test_a_pair_that_is_too_many_is_told_in_the_same_way(visitor, double):
    visitor.until_details(product=BOUND)
    visitor.sends(COLLECTION, time=visitor.times()[1]).sends(FORM, **DETAILS)
    double.refuse["confirm_pair"] = "too-many-live"
    visitor.sends(CHECK)
    assert visitor.page.status_code == 422
    assert "uw naam met geboortedatum" in visitor.text
    assert "Wij houden beide tijden voor u vast" in visitor.text


def test_the_problem_has_its_page(visitor):
    visitor.goes_to("/problems/too-many-live")
    assert "Annuleer een van uw andere afspraken voor dit product. Of bel 14 053." in visitor.text
