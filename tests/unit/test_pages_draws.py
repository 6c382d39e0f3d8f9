"""Taking part in a draw on the pages, step by step without a script, and what everybody can see of it."""

from typing import Any

import pytest
from flask import request

from tests.draws_double import DRAW_IDS, HELD_ID, REQUEST_ID, SECRET, WEDDING, summary
from tests.pages_double import CODE, CODE_ID, AppointmentsDouble, StillClock
from tests.pages_visitor import Visitor, make_app

DRAWS, WISH, DETAILS, CHECK = "/loting", "/loting/wensen", "/loting/gegevens", "/loting/controle"
CODE_PAGE, DONE, MINE = "/loting/code", "/loting/bevestiging", "/loting/mijn-aanvraag"
WITHDRAW, STOP = "/loting/mijn-aanvraag/intrekken", "/loting/stoppen"
LINK = f"/nl/l/{REQUEST_ID}/{SECRET}"
WISHED: dict[str, Any] = {"weekday": ["0", "3"], "part": ["morning"], "place": ["stadskantoor"], "persons": "2"}
BORN = {"birth-day": "28", "birth-month": "2", "birth-year": "1990"}
TYPED: dict[str, Any] = {"name": "Noor de Wit", "email": "noor@voorbeeld.nl", "phone": ""} | BORN


@pytest.fixture
def double():
    return AppointmentsDouble(StillClock())


@pytest.fixture
def app(double):
    return make_app(double, double.clock, search_seconds=0)


@pytest.fixture
def visitor(app):
    return Visitor(app)


def until_details(visitor):
    return visitor.goes_to(f"{WISH}?product={WEDDING}").sends(WISH, **WISHED)


def until_check(visitor):
    return until_details(visitor).sends(DETAILS, **TYPED)


def until_code(visitor):
    return until_check(visitor).sends(CHECK)


def takes_part(visitor):
    return until_code(visitor).sends(CODE_PAGE, code=CODE)


# --- finding the way


def test_the_product_page_and_the_times_tell_of_the_draw_and_lead_to_it(app, visitor):
    visitor.goes_to("/afspraak/product")
    assert "De meeste plekken worden verloot." in visitor.text
    visitor.until_time(product=WEDDING)
    assert "Een deel van de plekken wordt verloot" in visitor.text
    assert "tot zondag 29 november 2026, 12:00 uur" in visitor.text and "4 plekken" in visitor.text
    assert f'href="{WISH}?product={WEDDING}"' in visitor.source
    assert "wordt verloot" not in Visitor(app).until_time(product="passport").text


def test_the_times_open_also_when_nobody_can_tell_of_draws(visitor, double):
    double.refuse["list_draws"] = "not-offered-here"
    assert visitor.until_time(product=WEDDING).times()


def test_the_draws_are_explained_in_plain_words_with_what_is_open_and_what_came_of_others(visitor, double):
    double.draws += [
        summary(1, state="planned", draw_id=None, places=None, commitment=None),
        summary(-1, state="held", draw_id=HELD_ID, requests=9, places_given=4, open_days=[]),
    ]
    visitor.goes_to(DRAWS)
    assert "Iedereen heeft evenveel kans" in visitor.text
    assert "Twee aanvragen geven niet meer kans" in visitor.text
    assert "vanaf maandag 23 november 2026, 12:00 uur" in visitor.text
    assert "4 van 9" in visitor.text and f"/loting/uitslag/{HELD_ID}" in visitor.source
    assert visitor.source.count(f"{WISH}?product={WEDDING}") == 1


def test_without_any_draw_the_page_says_so(visitor, double):
    double.draws = []
    assert "Er is nu geen loting gepland." in visitor.goes_to(DRAWS).text
    assert visitor.goes_to(f"{WISH}?product={WEDDING}").path == f"{DRAWS}?melding=not-drawn-now"
    assert visitor.goes_to(f"{WISH}?product=nonsense").path == f"{DRAWS}?melding=not-drawn-now"


# --- the steps


def test_who_takes_part_is_asked_step_by_step_and_gets_a_number(visitor, double):
    visitor.goes_to(f"{WISH}?product={WEDDING}")
    assert visitor.source.count('type="checkbox"') == visitor.source.count(" checked>") == 2 + 2 + 2
    visitor.sends(WISH, **WISHED)
    assert (visitor.path, visitor.page.status_code) == (DETAILS, 200)
    visitor.sends(DETAILS, **TYPED)
    assert visitor.path == CHECK
    for said in (
        "Kosteloos trouwen",
        "(2 personen)",
        "maandag, donderdag",
        "Stadskantoor",
        "28 februari 1990",
        "Noor de Wit",
    ):
        assert said in visitor.text
    visitor.sends(CHECK)
    assert visitor.path == CODE_PAGE and "noor@voorbeeld.nl" in visitor.text
    visitor.sends(CODE_PAGE, code=CODE)
    assert visitor.path == DONE and "482 193 057" in visitor.text
    [asked] = double.called("enter_draw")
    assert asked == {
        "draw_id": DRAW_IDS[0],
        "location_ids": ["stadskantoor"],
        "weekdays": [0, 3],
        "parts_of_day": ["morning"],
        "persons": 2,
        "name": "Noor de Wit",
        "birth_on": "1990-02-28",
        "email": "noor@voorbeeld.nl",
        "phone": None,
        "language": "nl",
        "time_zone": "Europe/Amsterdam",
        "channel": "web",
        "code_id": CODE_ID,
        "code": CODE,
    }


def test_in_english_every_step_is_there_too(app, double):
    visitor = Visitor(app)
    visitor.goes_to(f"/en/draw/wishes?product={WEDDING}").sends("/en/draw/wishes", **WISHED)
    visitor.sends("/en/draw/details", **TYPED).sends("/en/draw/check").sends("/en/draw/code", code=CODE)
    assert visitor.path == "/en/draw/confirmation" and "Draw number 482 193 057" in visitor.text
    assert double.called("enter_draw")[0]["language"] == "en"


def test_one_of_several_draws_is_chosen(visitor, double):
    double.draws.append(summary(1))
    visitor.goes_to(f"{WISH}?product={WEDDING}")
    assert visitor.source.count('type="radio"') == 2
    visitor.sends(WISH, **WISHED, draw="")
    assert visitor.page.status_code == 422 and "Kies een loting" in visitor.text
    visitor.sends(WISH, **WISHED, draw=DRAW_IDS[1])
    assert visitor.path == DETAILS
    assert "18 januari 2027" in visitor.sends(DETAILS, **TYPED).text


def test_what_cannot_be_chosen_is_not_asked(visitor, double):
    double.draws = [
        summary(0, open_days=["2027-01-11"], parts_of_day=["morning"], location_ids=["stadskantoor"]),
    ]
    visitor.goes_to(f"{WISH}?product={WEDDING}")
    assert 'type="checkbox"' not in visitor.source and 'type="radio"' not in visitor.source
    visitor.sends(WISH, persons="1", weekday="0", part="morning", place="stadskantoor")
    assert visitor.path == DETAILS


@pytest.mark.parametrize(
    ("left_out", "says"),
    [
        ("weekday", "Kies een of meer dagen"), ("part", "Kies een of meer"), ("place", "Kies een of meer locaties"),
        ("persons", "Kies voor hoeveel personen"),
    ],
)  # fmt: skip
def test_who_leaves_something_out_is_told_what(visitor, left_out, says):
    visitor.goes_to(f"{WISH}?product={WEDDING}")
    sent = WISHED | {left_out: [] if left_out != "persons" else "9"}
    visitor.sends(WISH, **sent)
    assert visitor.page.status_code == 422
    assert visitor.title.startswith("Fout: ") and says in visitor.text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": ""}, "Vul uw naam in"),
        ({"email": "noor"}, "Vul een geldig e-mailadres in"),
        ({"birth-day": "", "birth-month": "", "birth-year": ""}, "Vul uw geboortedatum in"),
        ({"birth-month": ""}, "Vul de maand van uw geboortedatum in"),
        ({"birth-day": "31"}, "Vul een geboortedatum in die bestaat"),
        ({"birth-year": "90"}, "met vier cijfers"),
        ({"birth-year": "2027"}, "in het verleden"),
        ({"birth-year": "1899"}, "vanaf 1900"),
        ({"birth-day": "٣"}, "Vul een geboortedatum in die bestaat"),
        ({"phone": "12"}, "Vul een geldig telefoonnummer in"),
    ],
)
def test_wrong_details_are_named_and_kept(visitor, typed, says):
    until_details(visitor).sends(DETAILS, **(TYPED | typed))
    assert visitor.page.status_code == 422
    assert visitor.title.startswith("Fout: ") and says in visitor.text
    assert visitor.goes_to(CHECK).path == DETAILS
    assert f'value="{TYPED["phone"] or "Noor de Wit" if "name" not in typed else TYPED["email"]}"' in visitor.source


def test_the_language_can_be_changed_in_the_middle_of_the_details(visitor):
    until_details(visitor).sends(DETAILS, name="Noor", email="", phone="", language="en", **BORN)
    assert visitor.path == "/en/draw/details" and 'value="Noor"' in visitor.source and 'value="1990"' in visitor.source


@pytest.mark.parametrize("page", [DETAILS, CHECK, CODE_PAGE])
def test_nobody_can_jump_over_a_step(visitor, page):
    assert visitor.goes_to(page).path == DRAWS
    until_details(visitor)
    assert visitor.goes_to(CODE_PAGE).path == DETAILS


def test_a_draw_that_closes_meanwhile_leads_back_to_the_draws_and_what_was_typed_is_kept(visitor, double):
    until_check(visitor)
    double.draws = [summary(0, state="closed")]
    assert visitor.goes_to(CHECK).path == f"{DRAWS}?melding=not-drawn-now"
    double.draws = [summary(1)]
    visitor.goes_to(f"{WISH}?product={WEDDING}").sends(WISH, **WISHED)
    assert visitor.path == CHECK and "18 januari 2027" in visitor.text


# --- the code


def test_a_wrong_code_may_be_tried_again_and_then_a_new_one_is_asked_for(visitor, double):
    until_code(visitor)
    visitor.sends(CODE_PAGE, code="")
    assert visitor.page.status_code == 422 and "Vul de code uit onze mail in" in visitor.text
    for _ in range(4):
        visitor.sends(CODE_PAGE, code="000000")
        assert visitor.page.status_code == 422 and "De code klopt niet" in visitor.text
    visitor.sends(CODE_PAGE, code="000000")
    assert visitor.path == f"{CHECK}?melding=code-used-up" and "Deze code werkt niet meer" in visitor.text
    assert visitor.goes_to(CODE_PAGE).path == CHECK


def test_a_code_belongs_to_the_address_to_which_it_was_mailed(visitor):
    until_code(visitor).goes_to(DETAILS).sends(DETAILS, **(TYPED | {"email": "other@voorbeeld.nl"}))
    assert visitor.goes_to(CODE_PAGE).path == CHECK


@pytest.mark.parametrize(
    ("code", "leads_to", "says"),
    [
        ("draw-closed", DRAWS, "U kunt nu niet meedoen"),
        ("draw-entered-already", CHECK, "U doet al mee"),
        ("too-many-live", CHECK, "U hebt hiervoor al een afspraak"),
        ("draw-wish-impossible", WISH, "Op al deze tijden zijn wij gesloten"),
        ("visit-too-long", WISH, "Op al deze tijden zijn wij gesloten"),
    ],
)
def test_who_cannot_take_part_is_told_why_and_keeps_his_answers(visitor, double, code, leads_to, says):
    until_code(visitor)
    double.refuse["enter_draw"] = code
    visitor.sends(CODE_PAGE, code=CODE)
    assert visitor.path.startswith(leads_to) and says in visitor.text
    assert "Noor de Wit" in visitor.goes_to(CHECK).text


def test_a_second_press_leads_to_the_same_confirmation(visitor, double):
    until_code(visitor)
    form = visitor.form(CODE_PAGE)
    visitor.sends(CODE_PAGE, code=CODE)
    visitor.client.post(CODE_PAGE, data=form | {"code": CODE})
    assert len(double.called("enter_draw")) == 1
    assert visitor.goes_to(CHECK).path == DONE


def test_when_the_service_is_away_the_same_press_can_be_repeated(visitor, double):
    until_code(visitor)
    form = visitor.form(CODE_PAGE)
    double.down = True
    visitor.client.post(CODE_PAGE, data=form | {"code": CODE})
    double.down = False
    visitor.client.post(CODE_PAGE, data=form | {"code": CODE})
    [(_, _, key)] = [call for call in double.calls if call[0] == "enter_draw"]
    assert key and key.startswith(form["key"])


# --- the request afterwards


def test_the_link_of_the_mail_opens_the_request_and_changes_nothing(app, visitor, double):
    takes_part(visitor)
    double.calls.clear()
    device = Visitor(app).goes_to(LINK)
    assert device.path == MINE and "482 193 057" in device.text and "maandag, donderdag" in device.text
    assert {name for name, _, _ in double.calls} <= {"draw_request", "list_products", "list_locations"}


@pytest.mark.parametrize("link", [f"/nl/l/{REQUEST_ID}/wrong", "/nl/l/nonsense/x", f"/nl/l/{REQUEST_ID}/{'x' * 65}"])
def test_a_link_that_opens_nothing_leads_to_the_draws(visitor, link):
    takes_part(visitor)
    assert visitor.goes_to(link).path == f"{DRAWS}?melding=draw-link"
    assert "Gebruik de link in onze mail" in visitor.text


def test_who_holds_no_key_sees_no_request(visitor):
    assert visitor.goes_to(MINE).path == f"{DRAWS}?melding=draw-link"
    assert visitor.goes_to(DONE).path == f"{DRAWS}?melding=draw-link"


def test_a_request_is_withdrawn_by_a_press(visitor, double):
    takes_part(visitor).goes_to(MINE).sends(WITHDRAW)
    assert visitor.path == f"{MINE}?melding=withdrawn" and "U hebt deze aanvraag ingetrokken" in visitor.text
    assert double.called("withdraw_draw_request") == [{"request_id": REQUEST_ID, "secret": SECRET}]
    assert WITHDRAW not in visitor.source


def test_another_request_that_was_opened_meanwhile_is_not_withdrawn(visitor, double):
    takes_part(visitor).goes_to(MINE).sends(WITHDRAW, request="7d0f4a50-3a7e-4b43-9d4b-2f6c7d3c9a99")
    assert double.called("withdraw_draw_request") == []


def test_a_request_that_has_its_place_cannot_be_withdrawn(visitor, double):
    takes_part(visitor).goes_to(MINE)
    double.refuse["withdraw_draw_request"] = "draw-request-over"
    visitor.sends(WITHDRAW)
    assert visitor.path == f"{MINE}?melding=request-over"


def test_a_winner_opens_his_appointment_from_the_request(visitor, double):
    takes_part(visitor)
    double.entered["state"] = "placed"
    double.entered["entries"][0] |= {
        "outcome": "placed",
        "appointment": {"reference": "K7Q2-MXD4", "secret": SECRET},
    }
    visitor.goes_to(MINE)
    assert "U hebt een plek." in visitor.text and f"/nl/a/K7Q2MXD4/{SECRET}" in visitor.source
    assert WITHDRAW not in visitor.source


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"state": "ended"}, "er is geen nieuwe loting"),
        ({"state": "ended", "has_visit": True}, "U hebt hiervoor al een afspraak"),
        ({"next_opens_at": "2026-12-07T11:00:00+00:00"}, "Die gaat open op maandag 7 december 2026, 12:00 uur"),
    ],
)
def test_who_had_no_luck_reads_how_it_goes_on(visitor, double, changes, says):
    takes_part(visitor)
    double.entered["entries"][0]["outcome"] = "not-placed"
    double.entered |= changes
    assert says in visitor.goes_to(MINE).text
    assert "geen plek" in visitor.text


def test_who_shares_a_computer_can_close_the_request(visitor):
    takes_part(visitor).goes_to(MINE).sends(STOP)
    assert visitor.path == f"{DRAWS}?melding=draw-stopped"
    assert visitor.goes_to(MINE).path == f"{DRAWS}?melding=draw-link"


# --- the result


def test_the_result_stands_there_by_number_with_all_that_it_takes_to_check_it(visitor):
    visitor.goes_to(f"/loting/uitslag/{HELD_ID}")
    for said in ("c" * 64, "e" * 64, "d" * 64, "verify_draw", "482 193 057 : plek", "000 000 007 : geen plek"):
        assert said in visitor.text
    assert f'href="/v1/draws/{HELD_ID}"' in visitor.source
    assert 'name="lotnummer"' in visitor.source
    assert 'name="number"' in visitor.goes_to(f"/en/draw/result/{HELD_ID}").source


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("482 193 057", "was nummer 1 in de volgorde en heeft een plek. De plek is op maandag 4 januari 2027 om 09:20"),
        ("000000007", "was nummer 2 in de volgorde. Er was geen plek meer"),
        ("123", "deed niet mee"),
    ],
)
def test_somebody_finds_his_own_result(visitor, typed, says):
    assert says in visitor.goes_to(f"/loting/uitslag/{HELD_ID}?lotnummer={typed.replace(' ', '+')}").text


def test_before_the_draw_the_page_shows_the_promise(visitor):
    visitor.goes_to(f"/loting/uitslag/{DRAW_IDS[0]}")
    assert "Er is nog niet geloot" in visitor.text and "c" * 64 in visitor.text
    assert f'hreflang="en" href="/en/draw/result/{DRAW_IDS[0]}"' in visitor.source


@pytest.mark.parametrize("code", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_a_draw_that_is_none_is_not_found(visitor, code):
    assert visitor.goes_to(f"/loting/uitslag/{code}").page.status_code == 404


def test_no_address_of_a_request_holds_anything_personal(app, visitor):
    seen: list[str] = []
    app.before_request(lambda: seen.append(request.full_path))
    takes_part(visitor)
    assert not [path for path in seen if "Noor" in path or "voorbeeld" in path or "1990" in path or SECRET in path]


def test_the_cookies_of_a_draw_tell_nothing_and_fit(visitor):
    until_details(visitor)
    long = {"name": "\N{SNOWMAN}" * 100, "email": "é" * 400, "phone": "9" * 400} | BORN
    [draft] = [
        cookie
        for cookie in visitor.sends(DETAILS, **long).page.headers.getlist("Set-Cookie")
        if cookie.startswith("balie_draw=")
    ]
    assert len(draft) < 4096 and "HttpOnly" in draft and "SameSite=Lax" in draft
    assert "voorbeeld" not in draft


def test_a_broken_cookie_is_an_empty_draft(visitor):
    visitor.client.set_cookie("balie_draw", "nonsense")
    visitor.client.set_cookie("balie_request", "nonsense")
    assert visitor.goes_to(CHECK).path == DRAWS
    assert visitor.goes_to(MINE).path == f"{DRAWS}?melding=draw-link"


def test_a_time_that_is_to_be_drawn_meanwhile_is_refused_in_words(visitor, double):
    visitor.until_time(product=WEDDING)
    double.refuse["hold_slot"] = "to-be-drawn"
    visitor.sends("/afspraak/dag-en-tijd", time=visitor.times()[0])
    assert visitor.page.status_code == 422 and "De plekken van deze dag worden verloot" in visitor.text
