"""Logging in, on a real database and a real provider process: who comes in, how long, and how one leaves."""

import os
import re
import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from deploy.local.place import ROOT
from gateway.background import Sweeper
from gateway.login.actor import current_actor, require
from gateway.login.provider import Provider, ProviderAway, Question
from gateway.login.settings import LoginSettings
from gateway.login.tables import metadata
from services.contracts.base import load
from services.contracts.civil_registry import Actor
from services.messaging.errors import RemoteRefusal
from services.messaging.sealing import Sealer
from services.messaging.settings import Environment, Secret
from tests.city import eventually
from tests.simulated_login import (
    COLLEAGUE,
    MIDWIFE,
    STRANGER,
    SUZANNE,
    THOMAS,
    UNDERTAKER,
    MovingClock,
    Person,
    SimulatedLogin,
    make_gateway,
)

SECRET = "k" * 40


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    simulated = SimulatedLogin(tmp_path_factory.mktemp("oidc") / "oidc.log").start()
    yield simulated
    simulated.stop()


@pytest.fixture(scope="module")
def own_database(databases):
    return databases("gateway", pool_size=5)


@pytest.fixture
def database(own_database):
    with own_database.begin() as connection:
        connection.execute(text("TRUNCATE session, login_attempt"))
    return own_database


@pytest.fixture
def variables(provider, database, servers):
    prefix = database.url.database.removesuffix("gateway")
    return provider.variables() | {
        "BALIE_DATABASE_URL": servers.database_url,
        "BALIE_DATABASE_PREFIX": prefix,
    }


@pytest.fixture
def clock():
    return MovingClock()


@pytest.fixture
def app(variables, clock):
    made = make_gateway(variables, clock)
    yield made
    made.extensions["login"].sessions._pool.dispose()


@pytest.fixture
def person(app):
    return Person(app)


def rows(database, table="session"):
    with database.connect() as connection:
        return connection.execute(text(f"SELECT * FROM {table}")).all()


def test_migrations_and_code_agree(database):
    with database.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


# --- coming in ------------------------------------------------------------------------------------------------------


def test_a_resident_is_asked_to_log_in_and_comes_back_to_the_page_that_he_wanted(person):
    assert person.goes_to("/mijn-zaken?dag=2026-12-03").page.status_code == 401
    assert "Log eerst in" in person.text
    person.logs_in(at="/mijn-zaken?dag=2026-12-03")
    assert person.path == "/mijn-zaken?dag=2026-12-03"
    assert "U bent ingelogd met DigiD (simulatie) op niveau Midden." in person.text
    assert "burgerservicenummer dat eindigt op 653" in person.text


def test_english_pages_speak_english_all_the_way(person):
    there = person.sets_out(at="/en/my-cases")
    assert parse_qs(urlsplit(there).query)["ui_locales"] == ["en"]
    person.goes_to(person.chooses(there, SUZANNE))
    assert person.path == "/en/my-cases"
    assert "You are logged in with DigiD (simulation) at the level Middle." in person.text


def test_what_is_asked_of_the_provider_is_what_the_profile_wants(person):
    asked = parse_qs(urlsplit(person.sets_out(at="/mijn-zaken")).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert len({asked["state"][0], asked["nonce"][0], asked["code_challenge"][0]}) == 3
    assert asked["acr_values"][0].split()[0].endswith(":MobileTwoFactorContract")
    assert "prompt" not in asked


@pytest.mark.parametrize(
    ("who", "login", "expected"),
    [
        (SUZANNE, "resident", {"kind": "resident", "level": "two-factor", "roles": []}),
        (UNDERTAKER, "company", {"kind": "undertaker", "subject": "99000011", "level": "two-factor", "roles": []}),
        (MIDWIFE, "company", {"kind": "care-provider", "subject": "99000033", "level": "two-factor", "roles": []}),
        ("abs-2", "staff", {"kind": "staff", "subject": "abs-2", "level": "two-factor", "roles": ["officer"]}),
        ("manager-1", "staff", {"kind": "staff", "subject": "manager-1", "level": "two-factor", "roles": ["manager"]}),
    ],
)
def test_each_log_in_makes_the_actor_that_services_are_told_of(person, who, login, expected):
    person.logs_in(who, login)
    with person.client:
        person.client.get("/inloggen")
        actor = current_actor()
    assert load(Actor, actor)
    assert {key: actor[key] for key in expected} == expected
    if login == "resident":
        assert Sealer.of(Secret(SECRET)).open(actor["subject"]) == SUZANNE


def actor_of(person):
    with person.client:
        person.client.get("/inloggen")
        return current_actor()


def test_who_acts_for_a_firm_is_recognised_and_never_named(app):
    first, again, other = (Person(app).logs_in(who, "company") for who in (UNDERTAKER, UNDERTAKER, COLLEAGUE))
    acting = [actor_of(one)["acting"] for one in (first, again, other)]
    assert acting[0] == acting[1] != acting[2]


def test_a_firm_that_the_town_does_not_know_is_told_so(person, database):
    person.logs_in(STRANGER, "company")
    assert person.page.status_code == 403
    assert "Wij kennen uw bedrijf niet" in person.text
    assert not person.session_id and not rows(database)


def test_staff_without_a_second_factor_or_a_role_is_told_so(person, database):
    person.logs_in("abs-1", "staff", level="basic")
    assert person.page.status_code == 403
    assert "zonder tweede factor" in person.text
    person.logs_in("extern-1", "staff")
    assert "heeft hier geen rol" in person.text
    assert not rows(database)


def test_staff_is_no_resident_and_is_led_to_the_right_log_in(person):
    person.logs_in("abs-1", "staff").goes_to("/mijn-zaken")
    assert person.page.status_code == 403
    assert "Deze pagina is niet voor u" in person.text and "Anouk de Boer" in person.text
    person.logs_in(at="/mijn-zaken")
    assert "U bent ingelogd met" in person.text


# --- a stronger means -----------------------------------------------------------------------------------------------


def test_too_low_a_level_leads_to_a_stronger_means_and_back(person):
    person.logs_in(level="basic", at="/mijn-zaken")
    assert person.page.status_code == 403
    assert "Log in met een sterker middel" in person.text
    assert "op niveau Basis" in person.text and "minstens niveau Midden" in person.text
    before = person.session_id
    there = person.sets_out(at="/mijn-zaken")
    assert parse_qs(urlsplit(there).query)["prompt"] == ["login"]
    person.goes_to(person.chooses(there, SUZANNE, level="basic"))
    assert person.page.status_code == 403
    person.goes_to(person.chooses(person.sets_out(at="/mijn-zaken"), SUZANNE, level="substantial"))
    assert person.path == "/mijn-zaken" and "op niveau Substantieel" in person.text
    assert person.session_id != before


def test_a_service_that_wants_a_higher_level_leads_to_it_too(app, person):
    def view():
        raise RemoteRefusal("assurance-too-low", "Log in with a stronger means.", {"level": "substantial"})

    app.add_url_rule("/proef", view_func=require("resident")(view))
    person.logs_in().goes_to("/proef")
    assert person.page.status_code == 403
    assert "minstens niveau Substantieel" in person.text
    assert person.fields("/inloggen")["level"] == "substantial"


def test_a_page_for_one_role_is_for_that_role_only(app):
    app.add_url_rule("/proef", view_func=require("staff", roles=("officer",))(lambda: "deed"), methods=["GET", "POST"])
    officer, clerk = (Person(app).logs_in(who, "staff") for who in ("abs-1", "medewerker-1"))
    assert officer.goes_to("/proef").source == "deed"
    assert clerk.goes_to("/proef").page.status_code == 403
    token = officer.goes_to("/inloggen").fields("/uitloggen")["session_token"]
    answers = [officer.client.post("/proef", data={"session_token": text}) for text in (token, "", token[:-1])]
    assert [answer.status_code for answer in answers] == [200, 400, 400]
    assert clerk.client.post("/proef", data={"session_token": token}).status_code == 403


def test_what_was_sent_after_the_session_ended_is_said_to_be_lost(app, person, clock):
    app.add_url_rule("/proef", view_func=require("resident")(lambda: "done"), methods=["POST"])
    person.logs_in()
    clock.goes_on(minutes=16)
    answer = person.client.post("/proef", data={"a": "b"})
    assert answer.status_code == 401
    assert "Wat u net hebt verstuurd, is niet bewaard." in answer.get_data(as_text=True)


# --- the session ----------------------------------------------------------------------------------------------------


def test_logging_in_makes_a_new_id_and_one_that_was_planted_is_worth_nothing(app, person, database):
    planted = "p" * 43
    person.client.set_cookie("balie_session", planted)
    person.logs_in()
    assert person.session_id not in ("", planted)
    thief = Person(app)
    thief.client.set_cookie("balie_session", planted)
    assert thief.goes_to("/mijn-zaken").page.status_code == 401
    old = person.session_id
    person.logs_in(THOMAS)
    assert len(rows(database)) == 1
    thief.client.set_cookie("balie_session", old)
    assert thief.goes_to("/mijn-zaken").page.status_code == 401


def test_two_gateways_share_a_session_and_its_end(variables, clock, person):
    other = Person(make_gateway(variables, clock))
    person.logs_in()
    other.client.set_cookie("balie_session", person.session_id)
    assert other.goes_to("/mijn-zaken").page.status_code == 200
    other.sends("/uitloggen", follow=False)
    assert person.goes_to("/mijn-zaken").page.status_code == 401


def test_a_log_in_may_begin_at_one_gateway_and_end_at_another(variables, clock, person):
    back = person.chooses(person.sets_out(at="/mijn-zaken"), SUZANNE)
    other = Person(make_gateway(variables, clock))
    cookie = person.client.get_cookie("balie_login")
    assert cookie is not None
    other.client.set_cookie("balie_login", cookie.value)
    assert "U bent ingelogd met" in other.goes_to(back).text


def test_the_table_the_cookies_and_the_log_hold_no_number_and_no_name(person, database, capfd):
    person.logs_in()
    person.sets_out()
    kept = str(rows(database)) + str(rows(database, "login_attempt")) + str(person.client._cookies)
    kept += str([bytes(row.content) for row in rows(database)]) + "".join(capfd.readouterr())
    for secret in (SUZANNE, "653", "Moulin", "resident|"):
        assert secret not in kept
    assert person.session_id not in str(rows(database))


def test_a_row_that_was_moved_or_copied_opens_nothing(person, app, database):
    person.logs_in()
    victim = Person(app).logs_in(THOMAS)
    with database.begin() as connection:
        connection.execute(
            text("UPDATE session SET content = (SELECT content FROM session WHERE id_digest = sha256(:own)) "),
            {"own": victim.session_id.encode()},
        )
    assert person.goes_to("/mijn-zaken").page.status_code == 401
    assert victim.goes_to("/mijn-zaken").page.status_code == 200


@pytest.mark.parametrize(
    ("who", "login", "minutes"), [(SUZANNE, "resident", 15), (UNDERTAKER, "company", 15), ("abs-1", "staff", 30)]
)
def test_without_a_sign_of_life_a_session_ends(person, clock, who, login, minutes):
    person.logs_in(who, login)
    for _ in range(3):
        clock.goes_on(minutes=minutes - 1)
        assert "U bent ingelogd als" in person.goes_to("/inloggen").text
    clock.goes_on(minutes=minutes)
    assert "U bent ingelogd als" not in person.goes_to("/inloggen").text
    assert "U was ingelogd, maar nu niet meer." in person.goes_to("/mijn-zaken").text


def test_nobody_stays_longer_than_eight_hours(person, clock):
    person.logs_in()
    for _ in range(8 * 6 - 1):
        clock.goes_on(minutes=10)
        assert person.goes_to("/mijn-zaken").page.status_code == 200
    assert "Daarna kunt u opnieuw inloggen." in person.text
    clock.goes_on(minutes=10)
    assert person.goes_to("/mijn-zaken").page.status_code == 401


def test_staying_logged_in_is_a_sign_of_life_and_says_until_when(person, clock):
    person.logs_in()
    clock.goes_on(minutes=14)
    until = (clock.now() + timedelta(minutes=15)).astimezone().strftime("%M")
    person.sends("/ingelogd-blijven")
    assert "U blijft ingelogd" in person.text and f":{until}" in person.text
    clock.goes_on(minutes=14)
    assert person.goes_to("/mijn-zaken").page.status_code == 200


def test_logging_out_ends_the_session_and_goes_on_to_the_provider_without_a_name(person, database, provider):
    person.logs_in()
    person.sends("/uitloggen", follow=False)
    there = person.page.headers["Location"]
    assert there.startswith(f"{provider.url}/resident/end-session?client_id=balie&post_logout_redirect_uri=")
    assert "id_token" not in there
    assert not rows(database) and not person.session_id
    assert "U bent uitgelogd" in person.goes_to("/uitgelogd").text
    assert person.goes_to("/mijn-zaken").page.status_code == 401


def test_logging_out_everywhere_ends_every_session_of_that_person_only(app):
    here, there, other = (Person(app).logs_in(who) for who in (SUZANNE, SUZANNE, THOMAS))
    here.goes_to("/inloggen")
    here.client.post("/uitloggen", data=here.fields("/uitloggen", 1))
    assert there.goes_to("/mijn-zaken").page.status_code == 401
    assert other.goes_to("/mijn-zaken").page.status_code == 200


def test_logging_out_everywhere_leaves_colleagues_at_the_same_firm_at_work(app):
    one, colleague = (Person(app).logs_in(who, "company") for who in (UNDERTAKER, COLLEAGUE))
    one.goes_to("/inloggen")
    one.client.post("/uitloggen", data=one.fields("/uitloggen", 1))
    assert "U bent ingelogd als" in colleague.goes_to("/inloggen").text


def test_a_firm_that_is_no_partner_any_more_is_out_at_once(variables, clock, person, tmp_path):
    person.logs_in(UNDERTAKER, "company")
    file = tmp_path / "partners.yaml"
    yesterday = (clock.now() - timedelta(days=2)).date()
    file.write_text(
        "partners: [{kvk: '99000011', name: De Linde, kind: undertaker, valid_from: 2026-01-01, "
        f"valid_until: {yesterday}, source: council}}]"
    )
    later = Person(make_gateway(variables | {"BALIE_TOWN_FOLDER": str(tmp_path)}, clock))
    later.client.set_cookie("balie_session", person.session_id)
    assert "U bent ingelogd als" not in later.goes_to("/inloggen").text


def test_a_form_that_was_opened_as_somebody_else_does_nothing(person, database):
    person.logs_in().goes_to("/mijn-zaken")
    old = person.fields("/uitloggen")
    assert old["session_token"]
    person.logs_in(THOMAS).goes_to("/mijn-zaken")
    new = person.fields("/uitloggen")
    assert new["session_token"] != old["session_token"]
    answer = person.client.post("/uitloggen", data=old)
    assert answer.status_code == 400
    assert "Verstuur het formulier opnieuw" in answer.get_data(as_text=True)
    assert len(rows(database)) == 1


def test_the_sweeper_removes_what_has_ended_and_nothing_else(app, person, clock, database):
    awake = Person(app).logs_in(THOMAS)
    person.logs_in()
    person.sets_out()
    clock.goes_on(minutes=10)
    awake.goes_to("/mijn-zaken")
    clock.goes_on(minutes=6)
    sweeper = Sweeper(database.execution_options(isolation_level="AUTOCOMMIT"), clock)
    sweeper.sweep()
    assert (len(rows(database)), len(rows(database, "login_attempt"))) == (1, 0)
    assert awake.goes_to("/mijn-zaken").page.status_code == 200


def test_cookies_are_for_our_server_alone(variables, clock):
    person = Person(make_gateway(variables, clock))
    person.logs_in()
    [cookie] = [one for one in person.page.history[0].headers.getlist("Set-Cookie") if one.startswith("balie_session")]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    assert "Max-Age" not in cookie and "Domain" not in cookie and "Secure" not in cookie


def test_over_tls_the_session_cookie_is_bound_to_the_host(variables, clock):
    app = make_gateway(variables, clock, public_url="https://balie.example.nl")
    person = Person(app, base_url="https://balie.example.nl")
    person.goes_to("/inloggen").sends("/inloggen", follow=False, login="resident")
    [cookie] = [one for one in person.page.headers.getlist("Set-Cookie") if "balie_login" in one]
    assert cookie.startswith("__Host-balie_login=") and "Secure" in cookie and "Path=/" in cookie
    assert app.extensions["login"].session_cookie == "__Host-balie_session"


# --- answers that are late, twice, forged or wrong ------------------------------------------------------------------


def refused(person, back, status=400, says="Dit inloggen is voorbij"):
    answer = person.answer(back)
    assert answer.status_code == status
    assert says in person.text, person.text
    assert not person.session_id


def test_an_answer_works_once(person, app):
    back = person.chooses(person.sets_out(at="/mijn-zaken"), SUZANNE)
    assert person.answer(back).status_code == 303
    again = person.answer(back)
    assert again.status_code == 400
    assert "Dit inloggen is voorbij" in person.text and "U bent ingelogd als" in person.text


def test_of_twenty_who_bring_the_same_answer_one_comes_in(person, app):
    back = person.chooses(person.sets_out(), SUZANNE)
    cookie = person.client.get_cookie("balie_login")
    outcomes: Counter[int] = Counter()

    def bring():
        one = Person(app)
        one.client.set_cookie("balie_login", cookie.value)
        outcomes[one.answer(back).status_code] += 1

    threads = [threading.Thread(target=bring) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes[303] == 1, outcomes
    assert outcomes[303] + outcomes[400] + outcomes[503] == 20


def test_two_pages_of_one_browser_may_log_in_side_by_side(person):
    first = person.chooses(person.sets_out(at="/mijn-zaken"), SUZANNE)
    second = person.chooses(person.sets_out(at="/en/my-cases"), SUZANNE)
    assert person.answer(first).headers["Location"] == "/mijn-zaken"
    assert person.answer(second).headers["Location"] == "/en/my-cases"


def test_an_answer_is_of_no_use_in_another_browser(person, app):
    back = person.chooses(person.sets_out(), SUZANNE)
    refused(Person(app), back)
    thief = Person(app)
    thief.sets_out()
    refused(thief, back)
    assert person.answer(back).status_code == 303


def test_an_answer_comes_too_late_after_a_quarter_of_an_hour(person, clock):
    back = person.chooses(person.sets_out(), SUZANNE)
    clock.goes_on(minutes=15)
    refused(person, back)


@pytest.mark.parametrize(
    "query", ["", "code=x", "state=x", "code=x&state=y", "code=x&state=" + "s" * 5000, "state=%00&code=x"]
)
def test_a_forged_answer_is_refused(person, query):
    person.sets_out()
    refused(person, f"/inloggen/terug/resident?{query}")


def test_an_answer_for_one_log_in_is_of_no_use_for_another(person):
    back = person.chooses(person.sets_out(), SUZANNE)
    refused(person, back.replace("/resident?", "/staff?"))


def test_a_code_of_another_log_in_is_refused_by_its_proof(person):
    stolen = person.chooses(person.sets_out(), THOMAS)
    own = person.chooses(person.sets_out(), SUZANNE)
    code = parse_qs(urlsplit(stolen).query)["code"][0]
    state = parse_qs(urlsplit(own).query)["state"][0]
    refused(person, f"/inloggen/terug/resident?code={code}&state={state}", says="Het inloggen is niet gelukt")


@pytest.mark.parametrize("fault", ["expired", "nonce", "signature", "audience", "issuer"])
def test_a_token_that_is_over_anothers_or_badly_signed_lets_nobody_in(person, fault, database):
    back = person.chooses(person.sets_out(at="/mijn-zaken"), SUZANNE, fault=fault)
    refused(person, back, says="Het inloggen is niet gelukt")
    assert person.fields("/inloggen")["back"] == "/mijn-zaken"
    assert not rows(database)


def test_an_answer_of_another_issuer_is_refused(person, provider):
    back = person.chooses(person.sets_out(), SUZANNE)
    refused(person, f"{back}&iss=https://evil.example", says="Het inloggen is niet gelukt")
    back = person.chooses(person.sets_out(), SUZANNE)
    assert person.answer(f"{back}&iss={provider.url}/resident").status_code == 303


def test_a_token_without_a_level_lets_nobody_in(person):
    back = person.chooses(person.sets_out(), SUZANNE, fault="no-acr")
    refused(person, back, status=403, says="Wij weten niet hoe u bent ingelogd.")


def test_who_stops_at_the_provider_can_go_on_from_the_same_page(person):
    there = person.sets_out(at="/mijn-zaken")
    refused(person, person.chooses(there, SUZANNE, stop="yes"), says="U bent gestopt met inloggen")
    assert person.fields("/inloggen")["back"] == "/mijn-zaken"


def test_a_link_of_somebody_else_cannot_choose_where_one_ends(person):
    person.goes_to("/inloggen")
    for evil in ("https://evil.example", "//evil.example/mijn-zaken", "/uitloggen"):
        person.goes_to("/inloggen").sends("/inloggen", follow=False, login="resident", back=evil)
        answer = person.answer(person.chooses(person.page.headers["Location"], SUZANNE))
        assert answer.headers["Location"] == "/mijn-zaken"


@pytest.mark.parametrize("fields", [{"login": "root"}, {"login": ""}, {"login": "resident", "level": "sure"}])
def test_a_log_in_that_does_not_exist_is_refused(person, fields):
    assert person.goes_to("/inloggen").sends("/inloggen", follow=False, **fields).page.status_code == 400


def test_too_many_log_ins_of_one_network_have_to_wait(variables, clock):
    person = Person(make_gateway(variables, clock, rate_logins="2 per 10 minutes"))
    for _ in range(2):
        person.sets_out()
    person.goes_to("/inloggen").sends("/inloggen", follow=False, login="resident")
    assert person.page.status_code == 429 and person.page.headers["Retry-After"]


# --- when something is away ------------------------------------------------------------------------------------------


@pytest.fixture
def own_provider(tmp_path, provider):
    own = SimulatedLogin(tmp_path / "oidc.log", port=provider.port + 1).start()
    yield own
    own.stop()


def test_a_provider_that_is_away_is_a_page_that_tries_again_and_forgets_nothing(variables, clock, own_provider):
    own_provider.stop()
    person = Person(make_gateway(variables | own_provider.variables(), clock))
    person.goes_to("/mijn-zaken").sends("/inloggen", follow=False)
    assert person.page.status_code == 503 and person.page.headers["Retry-After"]
    assert "Inloggen lukt nu even niet" in person.text
    own_provider.start()

    def pressed():
        return person.sends("/inloggen", follow=False).page.status_code == 303

    eventually(pressed, within=30, what="the provider is found again")
    person.goes_to(person.chooses(person.page.headers["Location"], SUZANNE))
    assert person.path == "/mijn-zaken" and "U bent ingelogd met" in person.text


def test_a_provider_that_fails_at_the_last_moment_says_so_and_the_way_back_is_kept(person):
    back = person.chooses(person.sets_out(at="/mijn-zaken"), SUZANNE, fault="away")
    refused(person, back, status=503, says="Inloggen lukt nu even niet")
    assert person.fields("/inloggen")["back"] == "/mijn-zaken"
    person.sends("/inloggen", follow=False)
    assert "U bent ingelogd met" in person.goes_to(person.chooses(person.page.headers["Location"], SUZANNE)).text


def test_a_provider_with_new_keys_is_trusted_at_once(variables, clock, own_provider):
    person = Person(make_gateway(variables | own_provider.variables(), clock)).logs_in()
    own_provider.restart()
    assert "eindigt op 014" in person.logs_in(THOMAS, at="/inloggen").goes_to("/mijn-zaken").text


def test_the_simulated_provider_does_not_start_in_production():
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local.oidc"],
        cwd=ROOT,
        env=os.environ | {"BALIE_ENVIRONMENT": "production"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "lets everybody in and does not run" in done.stderr


def test_the_simulated_provider_answers_our_questions_only(person, provider):
    there = person.sets_out()
    for change in ("redirect_uri=https%3A%2F%2Fevil.example", "client_id=other", "response_type=token"):
        name = change.partition("=")[0]
        assert requests.get(re.sub(rf"{name}=[^&]*", change, there), timeout=10).status_code == 400, change
    for name in ("code_challenge", "nonce"):
        assert requests.get(re.sub(rf"&{name}=[^&]*", "", there), timeout=10).status_code == 400, name
    evil = f"{provider.url}/resident/end-session?post_logout_redirect_uri=https://evil.example"
    assert requests.get(evil, allow_redirects=False, timeout=10).status_code == 400


def test_the_simulation_is_not_taken_in_production(variables, capfd):
    known = LoginSettings.read(Environment(variables), production=False).providers["resident"]
    question = Question("https://balie.example/inloggen/terug/resident", "s", "n", "v" * 43)
    with pytest.raises(ProviderAway):
        Provider(known, production=True).address_for(question, level="basic", language="nl", again=False)
    assert "reason=simulation" in re.sub(r"\x1b\[[0-9;]*m", "", capfd.readouterr().out)


def test_a_database_that_is_away_closes_personal_pages_only(variables, clock, person):
    person.logs_in()
    away = variables | {"BALIE_DATABASE_URL": "postgresql://u:p@127.0.0.1:9"}
    stranded = Person(make_gateway(away, clock))
    stranded.client.set_cookie("balie_session", person.session_id)
    answer = stranded.goes_to("/mijn-zaken").page
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert "Dit werkt nu even niet" in stranded.text
    for path in ("/", "/en", "/afspraak/product", "/mijn-afspraak", "/privacy", "/v1/products", "/v1/locations"):
        assert stranded.goes_to(path).page.status_code == 200, path
    stranded.books()
    assert "Uw afspraak staat vast" in stranded.text


def test_pages_without_a_log_in_never_look_into_the_sessions(app, person, database):
    person.logs_in()
    with database.begin() as connection:
        before = connection.execute(text("SELECT idle_until FROM session")).scalar_one()
    app.extensions["login"].sessions._clock.goes_on(minutes=5)
    person.books()
    for path in ("/", "/mijn-afspraak", "/nergens", "/problems/slot-taken", "/static/balie.css", "/health/live"):
        person.goes_to(path)
    with database.begin() as connection:
        assert connection.execute(text("SELECT idle_until FROM session")).scalar_one() == before


def test_every_personal_answer_stays_out_of_caches_and_lets_forms_go_to_the_provider_only(person, provider):
    person.logs_in()
    for path in ("/mijn-zaken", "/inloggen", "/en/my-cases"):
        headers = person.goes_to(path).page.headers
        assert headers["Cache-Control"] == "no-store"
        assert f"form-action 'self' {provider.url}" in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"
    assert "form-action 'self';" in person.goes_to("/").page.headers["Content-Security-Policy"] + ";"
