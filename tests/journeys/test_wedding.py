"""Two partners give notice in their browsers, each with a log-in of their own; on their day they are married."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import text

from services.messaging.settings import Secret
from tests.city import City, eventually
from tests.integration.registry_couples import HELD, OFFICER, SPECIAL
from tests.integration.registry_desk import BRAM, SOFIE, RegistryDesk, population_register
from tests.journeys.test_login import log_in
from tests.journeys.test_pages_resident import Resident

HOME = ZoneInfo("Europe/Amsterdam")
PHONE = 320


def act(city: City, record_id: str, command: str, **particulars: Any) -> None:
    """Let an officer do something at the town's own registry, as the desk does."""
    asked = {"actor": OFFICER, "record_id": record_id}
    found = city.rpc.call("civil_registry", "record", asked | {"purpose": "handling"})
    told = asked | {"expected_version": found["version"], "command": command, "particulars": particulars}
    city.rpc.call("civil_registry", "act", told, idempotency_key=str(uuid4()))


def brp_answered(city: City, record_id: str) -> bool:
    asked = {"actor": OFFICER, "record_id": record_id, "purpose": "handling"}
    found = city.rpc.call("civil_registry", "record", asked)["brp"]
    return found is not None and found["state"] == "done" and len(found["persons"]) == 2


def answers(page: Page, **chosen: str) -> None:
    for name, value in chosen.items():
        page.locator(f"#{name.replace('_', '-')}-{value}").check()


def fills_in_day(page: Page, group: str, on: date) -> None:
    fields = page.get_by_role("group", name=group)
    for part, value in (("Dag", on.day), ("Maand", on.month), ("Jaar", on.year)):
        fields.get_by_label(part, exact=True).fill(str(value))


def names_witnesses(page: Page) -> None:
    for number, first_names in ((1, "Anna"), (2, "Bea")):
        row = page.get_by_role("group", name=f"Getuige {number}", exact=True)
        row.get_by_label("Voornamen").fill(first_names)
        row.get_by_label("Achternaam").fill("Getuige")
        row.get_by_label("Adres en woonplaats").fill("Markt 1, Enschede")
        for part, value in (("Dag", "1"), ("Maand", "1"), ("Jaar", "1990")):
            row.get_by_label(part, exact=True).fill(value)


def marries_on(desk: RegistryDesk, record_id: str, on: date) -> None:
    """Let two days before the wedding come, and the day itself; the officer clears it, holds it and makes the deed."""
    wedding = SimpleNamespace(record_id=record_id)
    desk.clock.at = datetime.combine(on - timedelta(days=2), time(9, 30), HOME)
    desk.let_time_act()
    desk.check_brp()
    desk.act(OFFICER, wedding, "final-check")
    desk.clock.at = datetime.combine(on, time(14, 20), HOME)
    desk.act(SPECIAL, wedding, "record-ceremony", **HELD)
    desk.act(SPECIAL, wedding, "print-deed")
    desk.act(SPECIAL, wedding, "sign-deed", signed_on=on.isoformat())
    assert desk.act(SPECIAL, wedding, "register", sheet_is_filed=True).status == "registered"


@pytest.mark.timeout(420)
def test_two_partners_give_notice_and_are_married_on_their_day(
    city: City, new_context: Callable[..., BrowserContext]
) -> None:
    today = datetime.now(HOME).date()
    wedding_on = today + timedelta(days=21)

    # Bram begins.
    page = new_context().new_page()
    bram = Resident(page, looks_with_axe=True)
    page.goto("/")
    page.get_by_role("link", name="Huwelijk of geregistreerd partnerschap melden").click()
    bram.arrives("Huwelijk of geregistreerd partnerschap melden")
    page.get_by_role("link", name="Begin met de melding").click()
    bram.arrives("Log eerst in")
    log_in(page, "Bram Hendriks")
    bram.arrives("Kunt u zich online melden?")
    answers(page, bond="marriage", adult="yes", resident="yes", bound="with-another", kinship="none")
    answers(page, guardianship="no", residence="dutch")
    bram.presses("Verder")
    bram.arrives("U kunt zich niet online melden")
    bram.presses("Mijn antwoorden veranderen")
    answers(page, bound="no")
    bram.presses("Verder")
    bram.arrives("U beiden")
    page.get_by_label("Burgerservicenummer (BSN) van uw partner").fill("123456789")
    bram.presses("Verder")
    expect(page.get_by_role("alert")).to_contain_text("geen burgerservicenummer")
    page.get_by_label("Burgerservicenummer (BSN) van uw partner").fill(SOFIE)
    page.get_by_label("E-mailadres van uw partner").fill("sofie@voorbeeld.nl")
    page.get_by_label("Uw e-mailadres").fill("bram@voorbeeld.nl")
    bram.presses("Verder")

    # The fourteen days are told before he has a day, and when he types one that is too early.
    bram.arrives("Plaats, dag en tijd")
    fills_in_day(page, "Weet u de dag al?", today + timedelta(days=1))
    bram.presses("Toon deze dag")
    bram.arrives("Plaats, dag en tijd")
    expect(page.get_by_role("alert")).to_contain_text("Deze dag is te vroeg. De eerste dag is")
    fills_in_day(page, "Weet u de dag al?", wedding_on)
    bram.presses("Toon deze dag")
    expect(page.get_by_role("group", name="Tijden op")).to_be_visible()
    page.get_by_role("radio", name="14:00").check()
    bram.presses("Verder")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Uw getuigen")
    bram.presses("Verder")
    bram.arrives("Uw getuigen")
    names_witnesses(page)
    bram.presses("Verder")
    bram.arrives("Uw naam en verklaringen")
    answers(page, name_use="own", custody="no")
    bram.presses("Verder")
    bram.arrives("Controleer uw melding")
    expect(page.get_by_role("main")).to_contain_text("Anna Getuige")
    page.locator("#confirmed").check()
    bram.presses("Bevestig en vraag mijn partner")
    bram.arrives("Nu moet uw partner nog bevestigen")
    number = page.locator(".reference").inner_text()
    page.get_by_role("link", name="Bekijk hoe het ervoor staat").click()
    bram.arrives("Melding voorgenomen huwelijk")
    expect(page.get_by_role("main")).to_contain_text("Wij wachten op uw partner")
    record_id = page.url.rsplit("/", 1)[1]

    # Sofie confirms with her own log-in, on a phone, without JavaScript, after others cannot.
    phone = {"viewport": {"width": PHONE, "height": 640}}
    hers = new_context(**phone, java_script_enabled=False).new_page()
    stranger = new_context(**phone).new_page()
    stranger.goto("/trouwen/bevestigen")
    log_in(stranger, "Suzanne Moulin")
    looking = Resident(stranger, looks_with_axe=True, width=PHONE)
    looking.arrives("Bevestig de melding van uw partner")
    stranger.get_by_label("Nummer van de melding").fill(number)
    looking.presses("Verder")
    expect(stranger.get_by_role("alert")).to_contain_text("Er wacht geen melding met dit nummer op u")
    hers.goto("/trouwen/bevestigen")
    log_in(hers, "Sofie Dekker")
    sofie = Resident(hers)
    sofie.arrives("Bevestig de melding van uw partner")
    expect(hers.get_by_role("main")).to_contain_text("Bea Getuige")
    expect(hers.get_by_role("main")).not_to_contain_text("bram@voorbeeld.nl")
    sofie.presses("Bevestigen")
    expect(hers.get_by_role("alert")).to_contain_text("Lees alles en vink aan dat het klopt")
    answers(hers, residence="dutch", guardianship="no", custody="no", name_use="partner-own")
    hers.locator("#agrees").check()
    sofie.presses("Bevestigen")
    expect(hers.get_by_role("main").get_by_role("status")).to_contain_text("De melding van u beiden is compleet")
    expect(hers.get_by_role("link", name=re.compile("Ontvangstbewijs"))).to_be_visible()

    # The officer accepts; either of the two fixes the day.
    eventually(lambda: brp_answered(city, record_id), what="the population register answered")
    act(city, record_id, "assign")
    act(city, record_id, "accept", compared=True)
    small = new_context(**phone).new_page()
    small.goto("/mijn-zaken")
    log_in(small, "Sofie Dekker")
    sofie = Resident(small, looks_with_axe=True, width=PHONE)
    sofie.arrives("Mijn zaken")
    expect(small.get_by_role("main")).to_contain_text("U mag trouwen")
    small.get_by_role("main").get_by_role("link", name="Melding voorgenomen huwelijk").first.click()
    expect(small.get_by_role("main")).to_contain_text("Bram Hendriks")
    small.get_by_role("link", name="Leg de dag vast").click()
    sofie.arrives("Leg de dag vast")
    sofie.presses("Leg deze dag vast")
    sofie.arrives("Melding voorgenomen huwelijk")
    expect(small.get_by_role("main").get_by_role("status")).to_contain_text("Dag, tijd en plaats staan vast")
    page.reload()
    bram.arrives("Melding voorgenomen huwelijk")
    expect(page.get_by_role("main")).to_contain_text("De dag staat vast")
    page.get_by_role("link", name="Getuigen wijzigen").click()
    bram.arrives("Getuigen wijzigen")
    page.get_by_role("group", name="Getuige 2", exact=True).get_by_label("Voornamen").fill("Cor")
    bram.presses("Opslaan")
    expect(page.get_by_role("main")).to_contain_text("Cor Getuige")

    # Three weeks go by.
    with population_register() as brp:
        desk = RegistryDesk(
            city.database("civil_registry"),
            brp,
            city.place.files,
            key=Secret(city.place.secrets["BALIE_SECRET_KEY"]),
        )
        marries_on(desk, record_id, wedding_on)
    for who, there in ((bram, page), (sofie, small)):
        there.goto(f"/mijn-zaken/{record_id}")
        who.arrives("Melding voorgenomen huwelijk")
        expect(there.get_by_role("main")).to_contain_text("Het staat in het register")
    small.get_by_role("link", name="English").click()
    expect(small.get_by_role("main")).to_contain_text("It stands in the register")
    no_number_in_the_clear(city)


def no_number_in_the_clear(city: City) -> None:
    """Neither a row of the registry nor a line of a log holds a citizen service number."""
    with city.database("civil_registry").connect() as connection:
        tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars()
        for table in list(tables):
            rows = connection.execute(text(f'SELECT t::text FROM "{table}" t')).scalars()
            found = [row for row in rows if BRAM in row or SOFIE in row]
            assert found == [], table
    for process in city.processes:
        log = process.log()
        assert BRAM not in log and SOFIE not in log, process.name
