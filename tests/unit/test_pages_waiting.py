"""The waiting list on the pages: wish, change, leave, and answer an offer."""

from datetime import UTC, datetime

import pytest

from tests.pages_double import SECRET, AppointmentsDouble, StillClock
from tests.pages_visitor import Visitor, make_app

LINK = f"/nl/a/K7Q2MXD4/{SECRET}"
OVERVIEW = "/mijn-afspraak/overzicht"
WAIT = "/mijn-afspraak/wachtlijst"
STOP = "/mijn-afspraak/wachtlijst/stoppen"
OFFER = "/mijn-afspraak/aanbod"
EARLIER = datetime(2026, 11, 26, 13, 0, tzinfo=UTC)
WISH = {"earliest": "2026-11-25", "weekday": ["3", "4"], "part": "afternoon", "place": ["stadskantoor", "glanerbrug"]}


@pytest.fixture
def double():
    return AppointmentsDouble(StillClock())


@pytest.fixture
def app(double):
    made = make_app(double, double.clock)
    Visitor(made).books()
    double.calls.clear()
    return made


@pytest.fixture
def holder(app):
    return Visitor(app).goes_to(LINK)


def test_who_would_rather_come_earlier_goes_on_the_list(holder, double):
    assert "Liever eerder? Zet mij op de wachtlijst" in holder.text
    holder.goes_to(WAIT)
    assert "U kiest zelf ja of nee" in holder.text
    assert "Wij weten niet of er een eerdere tijd vrijkomt" in holder.text
    assert holder.source.count('type="checkbox"') == holder.source.count(" checked>") == 5 + 3 + 2
    holder.sends(WAIT, **WISH)
    assert holder.path == f"{OVERVIEW}?melding=waiting"
    assert "U staat op de wachtlijst" in holder.text
    assert double.called("join_waiting_list") == [
        {
            "reference": "K7Q2MXD4",
            "secret": SECRET,
            "location_ids": ["stadskantoor", "glanerbrug"],
            "earliest_on": "2026-11-25",
            "weekdays": [3, 4],
            "parts_of_day": ["afternoon"],
        }
    ]


def test_what_was_wished_before_stands_in_the_form(holder):
    holder.goes_to(WAIT).sends(WAIT, **WISH)
    holder.goes_to(WAIT)
    assert 'value="2026-11-25"' in holder.source
    assert 'id="weekday-3" name="weekday" value="3" checked' in holder.source
    assert 'id="weekday-0" name="weekday" value="0">' in holder.source


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"weekday": []}, "Kies een of meer dagen van de week", "weekday-0"),
        ({"part": []}, "Kies een of meer dagdelen", "part-morning"),
        ({"place": ["elsewhere"]}, "Kies een of meer locaties", "place-stadskantoor"),
        ({"earliest": "soon"}, "Kies een dag", "earliest"),
        ({"earliest": "2026-12-02"}, "Kies een eerdere dag", "earliest"),
    ],
)
def test_a_wish_that_says_too_little_is_asked_again_with_what_was_typed(holder, double, changes, error, field):
    holder.goes_to(WAIT).sends(WAIT, **(WISH | changes))
    assert holder.page.status_code == 422
    assert f'<a href="#{field}">{error}</a>' in holder.source
    assert f'id="{field}"' in holder.source
    assert double.wish is None


def test_the_list_can_be_left(holder, double):
    holder.goes_to(WAIT).sends(WAIT, **WISH).sends(STOP)
    assert double.wish is None
    assert "U staat niet meer op de wachtlijst" in holder.text


def test_an_offer_shows_its_time_its_place_and_its_deadline(holder, double):
    holder.goes_to(WAIT).sends(WAIT, **WISH)
    double.offers(EARLIER)
    holder.goes_to(OVERVIEW)
    assert "Donderdag 26 november 2026, 14:00 uur" in holder.text
    assert "Servicepunt Glanerbrug" in holder.text
    assert "Antwoord vóór maandag 23 november 2026, 14:00 uur" in holder.text
    assert double.called("answer_offer") == []


def test_yes_moves_the_appointment(holder, double):
    holder.goes_to(WAIT).sends(WAIT, **WISH)
    double.offers(EARLIER)
    holder.goes_to(OVERVIEW).sends(OFFER, answer="accept")
    assert "Uw afspraak is verzet" in holder.text
    assert double.booked["starts_at"] == EARLIER.isoformat()


def test_no_keeps_it(holder, double):
    before = double.booked["starts_at"]
    holder.goes_to(WAIT).sends(WAIT, **WISH)
    double.offers(EARLIER)
    holder.goes_to(OVERVIEW).sends(OFFER, answer="decline")
    assert "Uw afspraak blijft zoals die is" in holder.text
    assert double.booked["starts_at"] == before
    assert double.wish["state"] == "waiting"


def test_an_offer_that_has_gone_says_so(holder, double):
    holder.goes_to(WAIT).sends(WAIT, **WISH)
    double.offers(EARLIER)
    holder.goes_to(OVERVIEW)
    double.wish["offer"] = None
    holder.sends(OFFER, answer="accept")
    assert "De eerdere tijd is niet meer vrij" in holder.text


def test_nothing_but_yes_and_no_is_an_answer(holder, double):
    holder.goes_to(WAIT).sends(WAIT, **WISH)
    double.offers(EARLIER)
    holder.goes_to(OVERVIEW).sends(OFFER, answer="perhaps")
    holder.sends(OFFER, answer="accept", offer="x")
    holder.sends(OFFER, answer="accept", reference="ZZZZ-ZZZZ")
    assert double.called("answer_offer") == []


def test_an_answer_needs_the_token_of_its_form(app, holder, double):
    holder.goes_to(WAIT).sends(WAIT, **WISH)
    double.offers(EARLIER)
    holder.goes_to(OVERVIEW)
    assert holder.sends(OFFER, answer="accept", csrf_token="").page.status_code == 400
    assert double.called("answer_offer") == []


def test_without_a_list_nothing_is_promised(holder, double):
    double.listed = False
    assert "wachtlijst" not in holder.goes_to(OVERVIEW).text
    assert holder.goes_to(WAIT).path == f"{OVERVIEW}?melding=no-earlier"


def test_three_silences_are_explained(holder, double):
    holder.goes_to(WAIT).sends(WAIT, **WISH)
    double.wish["state"] = "paused"
    assert "U gaf drie keer geen antwoord" in holder.goes_to(OVERVIEW).text
    assert "Weer een aanbod krijgen" in holder.text


@pytest.mark.parametrize("path", [WAIT, OVERVIEW])
def test_a_cancelled_or_closed_appointment_has_no_list(app, holder, double, path):
    double.booked |= {"state": "cancelled", "changeable": False}
    assert "Zet mij op de wachtlijst" not in holder.goes_to(path).text
    assert Visitor(app).goes_to(WAIT).path.startswith("/mijn-afspraak?")
