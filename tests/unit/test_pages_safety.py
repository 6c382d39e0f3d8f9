"""What must hold on every page: forms of our own only, cookies nobody can read, no personal data kept, a way on."""

import re

import pytest
from werkzeug.test import Cookie

from tests.pages_double import AppointmentsDouble, StillClock
from tests.pages_visitor import DETAILS, Visitor, make_app


@pytest.fixture
def clock():
    return StillClock()


@pytest.fixture
def double(clock):
    return AppointmentsDouble(clock)


@pytest.fixture
def app(double, clock):
    return make_app(double, clock)


@pytest.fixture
def visitor(app):
    return Visitor(app)


def kept_cookies(visitor: Visitor) -> list[Cookie]:
    return list((visitor.client._cookies or {}).values())


def _forms() -> list[str]:
    """Every Dutch page that takes a form."""
    clock = StillClock()
    rules = make_app(AppointmentsDouble(clock), clock).url_map.iter_rules()
    found = {
        rule.rule for rule in rules if "POST" in (rule.methods or ()) and not rule.rule.startswith(("/v1", "/en/"))
    }
    return sorted(_BLANK.sub(lambda blank: _FILLED.get(blank[1], "iets"), path) for path in found)


SOMETHING = "7c0b1d0e-6a3c-4a57-9f0a-4d5f8f1f2a33"
_BLANK = re.compile(r"<(\w+:)?\w+>")
_FILLED = {"uuid:": SOMETHING, "int:": "2026"}
FORMS = _forms()


@pytest.mark.parametrize("form", FORMS)
def test_a_form_without_our_token_does_nothing_and_says_what_to_do(visitor, double, form):
    visitor.until_check()
    double.calls.clear()
    answer = visitor.client.post(form, data=DETAILS | {"product": "passport"})
    assert answer.status_code == 400
    assert "Verstuur het formulier opnieuw" in answer.get_data(as_text=True)
    assert double.calls == []
    assert visitor.goes_to("/afspraak/controle").path == "/afspraak/controle"


def test_the_forms_of_booking_and_of_people_who_logged_in_are_among_them():
    assert {"/afspraak/controle", "/uitloggen", f"/mijn-zaken/{SOMETHING}/intrekken"} <= set(FORMS)
    assert not [path for path in FORMS if "<" in path]


def test_a_form_from_another_site_is_refused_even_with_a_token(visitor):
    visitor.until_check()
    token = visitor.hidden("csrf_token", action="/afspraak/controle")
    answer = visitor.client.post(
        "/afspraak/controle", data={"csrf_token": token}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 400


def test_the_api_needs_no_form_token(visitor):
    answer = visitor.client.post("/v1/holds", json={})
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("content", ["", "x", "gAAAAA" + "x" * 200, "y" * 4000, "\u00e9"])
def test_a_broken_cookie_is_an_empty_draft(visitor, content):
    visitor.client.set_cookie("balie_draft", content)
    visitor.client.set_cookie("balie_access", content)
    assert visitor.goes_to("/afspraak/controle").path == "/afspraak/product"
    assert visitor.goes_to("/mijn-afspraak/overzicht").path.startswith("/mijn-afspraak?")


def test_a_cookie_of_another_town_opens_nothing(visitor, double, clock):
    visitor.books()
    stranger = Visitor(make_app(double, clock, secret="z" * 40))
    for cookie in kept_cookies(visitor):
        stranger.client.set_cookie(cookie.key, cookie.value)
    assert stranger.goes_to("/mijn-afspraak/overzicht").path.startswith("/mijn-afspraak?")


def test_a_draft_is_no_key_and_a_key_no_draft(visitor):
    visitor.until_check()
    draft = visitor.client.get_cookie("balie_draft")
    assert draft is not None
    visitor.client.set_cookie("balie_access", draft.value)
    assert visitor.goes_to("/mijn-afspraak/overzicht").path.startswith("/mijn-afspraak?")


def test_the_cookies_tell_nothing_and_fit(visitor):
    visitor.until_details()
    long = {"name": "\N{SNOWMAN}" * 100, "email": "é" * 400, "phone": "9" * 400}
    set_cookies = visitor.sends("/afspraak/gegevens", **long).page.headers.getlist("Set-Cookie")
    [draft] = [cookie for cookie in set_cookies if cookie.startswith("balie_draft=")]
    assert len(draft) < 4096
    assert "HttpOnly" in draft and "SameSite=Lax" in draft and "Max-Age=7200" in draft
    visitor.sends("/afspraak/gegevens", **DETAILS)
    assert "Vries" not in str([cookie.value for cookie in kept_cookies(visitor)])


def test_over_tls_all_cookies_are_secure(double, clock):
    visitor = Visitor(make_app(double, clock, public_url="https://balie.example.nl"), base_url="https://localhost")
    visitor.until_time().sends("/tijdzone", zone="America/Toronto")
    cookies = kept_cookies(visitor)
    assert {cookie.key for cookie in cookies} == {"balie_draft", "__Host-balie_form", "balie_zone"}
    assert all(cookie.secure for cookie in cookies)
    visitor.sends("/afspraak/dag-en-tijd", time=visitor.times()[0])
    assert visitor.path == "/afspraak/gegevens"


def test_the_service_away_at_booking_keeps_the_answers_and_the_key(visitor, double):
    visitor.until_check()
    key = visitor.hidden("key", action="/afspraak/controle")
    double.down = True
    visitor.sends("/afspraak/controle")
    assert visitor.page.status_code == 503
    assert visitor.page.headers["Retry-After"]
    assert "Uw antwoorden zijn bewaard." in visitor.text
    assert visitor.hidden("key", action="/afspraak/controle") == key
    double.down = False
    visitor.sends("/afspraak/controle")
    assert "Uw afspraak staat vast" in visitor.text
    [call] = [call for call in double.calls if call[0] == "confirm_hold"]
    assert call[2].startswith(key)


def test_no_answer_in_time_is_safe_to_repeat(visitor, double):
    visitor.until_check()
    double.slow = True
    visitor.sends("/afspraak/controle")
    assert visitor.page.status_code == 504
    assert "Probeer het opnieuw" in visitor.text
    double.slow = False
    assert "Uw afspraak staat vast" in visitor.sends("/afspraak/controle").text


def test_the_service_away_while_choosing_repeats_the_same_form(visitor, double):
    visitor.until_time()
    time = visitor.times()[1]
    double.down = True
    visitor.sends("/afspraak/dag-en-tijd", time=time)
    assert visitor.page.status_code == 503
    double.down = False
    again = visitor.hidden("time", action="/afspraak/dag-en-tijd")
    assert again == time
    assert visitor.sends("/afspraak/dag-en-tijd", time=again).path == "/afspraak/gegevens"


def test_the_service_away_just_after_booking_still_tells_the_reference(visitor, double):
    visitor.until_check().sends("/afspraak/controle", follow=False)
    double.down = True
    visitor.goes_to("/afspraak/bevestiging")
    assert visitor.page.status_code == 503
    assert "K7Q2-MXD4" in visitor.text


def test_the_start_page_opens_also_when_everything_is_away(visitor, double):
    double.down = True
    assert visitor.goes_to("/").page.status_code == 200


def test_too_many_holds_get_a_page_with_the_answers_kept(double, clock):
    visitor = Visitor(make_app(double, clock, rate_holds="1 per 10 minutes"))
    visitor.until_details().goes_to("/afspraak/dag-en-tijd").sends("/afspraak/dag-en-tijd", time=visitor.times()[4])
    assert visitor.page.status_code == 429
    assert "Uw antwoorden zijn bewaard." in visitor.text
    assert visitor.page.headers["Retry-After"]


@pytest.mark.parametrize(
    ("path", "says"), [("/nergens", "Op dit adres is niets te vinden"), ("/en/nowhere", "nothing at this address")]
)
def test_an_unknown_address_is_404_in_the_look_and_language_of_the_path(visitor, path, says):
    visitor.goes_to(path)
    assert visitor.page.status_code == 404
    assert says in visitor.text
    assert "Enschede" in visitor.text


def test_a_slash_too_many_is_404_but_for_the_english_start(visitor):
    assert visitor.goes_to("/afspraak/product/").page.status_code == 404
    assert visitor.goes_to("/en/").path == "/en"


def test_a_bug_tells_nothing_of_itself(visitor, double):
    double.refuse["free_days"] = "nobody-knows-this-code"
    visitor.goes_to("/afspraak/product").sends("/afspraak/product", product="passport")
    assert visitor.page.status_code == 500
    assert "Dit ligt aan ons" in visitor.text
    assert "nobody-knows" not in visitor.source


@pytest.mark.parametrize("path", ["/problems/slot-taken", "/en/problems/slot-taken"])
def test_a_problem_has_a_page(visitor, path):
    assert visitor.goes_to(path).page.status_code == 200
    assert "slot-taken" in visitor.text
    assert visitor.goes_to("/problems/unheard-of").page.status_code == 404


PAGES = [
    "/",
    "/en",
    "/afspraak/product",
    "/mijn-afspraak",
    "/mijn-afspraak/link-gestuurd",
    "/toegankelijkheid",
    "/privacy",
    "/loting",
    "/en/draw",
    "/loting/wensen?product=free-wedding",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_head_and_is_never_stored(visitor, path):
    page = visitor.goes_to(path).page
    head = visitor.client.head(path)
    assert (page.status_code, head.status_code, head.data) == (200, 200, b"")
    assert page.headers["Cache-Control"] == "no-store"
    assert "'unsafe" not in page.headers["Content-Security-Policy"]
    assert not re.search(r'style="|<style|onclick=|<script>', visitor.source)


def test_static_files_may_be_kept_for_a_year_and_change_their_address_with_their_content(visitor):
    [sheet] = re.findall(r'href="(/static/balie.css\?v=[0-9a-f]+)"', visitor.goes_to("/").source)
    assert "immutable" in visitor.client.get(sheet).headers["Cache-Control"]
    assert "immutable" not in visitor.client.get("/static/balie.css").headers["Cache-Control"]


def test_a_town_may_add_its_own_look(double, clock, tmp_path):
    theme = tmp_path / "theme.css"
    theme.write_text(":root{--basis-color-accent-1-bg-default:#123456}")
    visitor = Visitor(make_app(double, clock, theme_css=str(theme))).goes_to("/")
    [sheet] = re.findall(r'href="(/theme.css\?v=[0-9a-f]+)"', visitor.source)
    assert "#123456" in visitor.client.get(sheet).get_data(as_text=True)


def test_without_a_theme_there_is_no_link_to_one(visitor):
    assert "theme.css" not in visitor.goes_to("/").source


def test_no_address_of_a_booking_holds_anything_personal(app, visitor):
    seen: list[str] = []
    app.before_request(lambda: seen.append(__import__("flask").request.full_path))
    visitor.books()
    assert not [path for path in seen if "Vries" in path or "voorbeeld" in path or "K7Q2" in path or "abcdef" in path]
