"""Parents declare a birth, a midwife confirms it, and an officer registers it: in a browser, on a whole town."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import text

from services.messaging.sealing import Sealer
from services.messaging.settings import Secret
from services.presenting.times import HOME
from tests.city import City, eventually
from tests.journeys.test_login import log_in
from tests.journeys.test_pages_resident import Resident

SANNE, THOMAS, LOTTE, DAAN = "999980002", "999980014", "999980026", "999980038"
CLERK = {"kind": "staff", "subject": "medewerker-1", "level": "substantial", "roles": ["clerk"]}
OFFICER = {"kind": "staff", "subject": "abs-1", "level": "substantial", "roles": ["officer"]}
MIDWIFE = {"kind": "care-provider", "subject": "99000044", "level": "two-factor", "roles": []}


class Office:
    """The staff of the registry, past their pages."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._sealer = Sealer.of(Secret(city.place.secrets["BALIE_SECRET_KEY"]))

    def tells(self, method: str, request: dict[str, Any]) -> dict[str, Any]:
        return self._city.rpc.call("civil_registry", method, request, idempotency_key=str(uuid4()))

    def finds(self, receipt: str) -> dict[str, Any]:
        asked = {"actor": OFFICER, "receipt": receipt, "deed_number": None, "bsn": None}
        (line,) = self._city.rpc.call("civil_registry", "find_records", asked)["records"]
        whole = {"actor": OFFICER, "record_id": line["record_id"], "purpose": "handling"}
        return self._city.rpc.call("civil_registry", "record", whole)

    def does(self, who: dict[str, Any], receipt: str, command: str, **particulars: Any) -> str:
        found = self.finds(receipt)
        told = {"actor": who, "record_id": found["record_id"], "command": command, "particulars": particulars}
        return str(self.tells("act", told | {"expected_version": found["version"]})["status"])

    def registers(self, receipt: str) -> None:
        """Look at a declaration, approve it, and make, sign and register its deed."""
        self.does(CLERK, receipt, "assign")
        eventually(lambda: self.finds(receipt)["brp"]["state"] == "done", what="compared with the BRP")
        self.does(CLERK, receipt, "approve", compared=True)
        self.does(OFFICER, receipt, "draw-deed")
        self.does(OFFICER, receipt, "print-deed")
        self.does(OFFICER, receipt, "sign-deed", signed_on=datetime.now(UTC).astimezone(HOME).date().isoformat())
        assert self.does(OFFICER, receipt, "register", sheet_is_filed=True) == "registered"

    def hears_of_birth(self, mother: str, born_on: date, born_time: str, sex: str) -> None:
        notice = {
            "mother_bsn": self._sealer.seal(mother), "sex": sex, "born_on": born_on.isoformat(), "born_time": born_time,
            "municipality": "0153", "place": "Proefstraat 2", "present": True, "signed_by": "N. de Groot",
            "profession": "midwife", "phone": "053 1234567",
        }  # fmt: skip
        self.tells("record_birth_notice", {"actor": MIDWIFE, "notice": notice})


def yesterday() -> date:
    return datetime.now(UTC).astimezone(HOME).date() - timedelta(days=1)


def types_day(page: Page, on: date, words: tuple[str, str, str] = ("Dag", "Maand", "Jaar")) -> None:
    for label, value in zip(words, (on.day, on.month, on.year), strict=True):
        page.get_by_label(label, exact=True).fill(str(value))


def chooses(page: Page, question: str, answer: str) -> None:
    page.get_by_role("group", name=question, exact=True).get_by_label(answer).first.check()


def test_parents_declare_a_birth_and_the_officer_registers_it(
    page: Page, new_context: Callable[..., BrowserContext], city: City
) -> None:
    parent, office, born_on = Resident(page, looks_with_axe=True), Office(city), yesterday()
    page.goto("/")
    page.get_by_role("link", name="Geboorte online aangeven").click()
    parent.arrives("Geboorte aangeven")
    page.get_by_role("link", name="Online aangeven").click()
    parent.arrives("Log eerst in")
    log_in(page, "Sanne Maria de Vries")

    parent.arrives("Kunt u deze geboorte online aangeven?")
    parent.presses("Verder")
    expect(page.get_by_role("alert")).to_be_focused()
    parent.arrives("Kunt u deze geboorte online aangeven?")
    chooses(page, "Is het kind in Enschede geboren?", "Ja")
    chooses(page, "Leeft het kind?", "Ja")
    types_day(page, born_on)
    chooses(page, "Was er een arts of verloskundige bij?", "Ja")
    chooses(page, "Wie bent u?", "De moeder die is bevallen")
    chooses(page, "Wie is de andere ouder?", "Thomas Jansen")
    chooses(page, "Is het kind erkend?", "Dat is niet nodig")
    chooses(page, "Is het uw eerste kind samen?", "Ja")
    chooses(page, "Kiest u samen de achternaam?", "Nee, wij kiezen niets")
    chooses(page, "Wilt u dat de naam het recht van een ander land volgt?", "Nee")
    parent.presses("Verder")

    parent.arrives("Uw kind")
    page.get_by_label("Alle officiële voornamen, in volgorde").fill("Emma Johanna")
    chooses(page, "Is het een meisje of een jongen?", "Een meisje")
    page.get_by_label("Geboortetijd").fill("3.07")
    chooses(page, "Waar is het kind geboren?", "Medisch Spectrum Twente, Koningstraat 1")
    parent.presses("Bewaar en ga verder")

    parent.arrives("De ouders en de achternaam")
    expect(page.get_by_role("main")).to_contain_text("Sanne Maria de Vries")
    expect(page.get_by_label("Jansen")).to_be_checked()
    parent.presses("Bewaar en ga verder")

    parent.arrives("Hoe bereiken wij u?")
    page.get_by_label("E-mailadres").fill(parent.email)
    parent.presses("Bewaar en ga verder")

    parent.arrives("Controleer hoe het op de akte komt")
    expect(page.get_by_role("region", name="De akte van geboorte")).to_contain_text("Emma Johanna")
    page.get_by_label(re.compile("Ik heb alles gelezen")).check()
    parent.presses("Geef deze geboorte aan")
    parent.arrives("U hebt de geboorte aangegeven")
    receipt = page.locator(".reference").inner_text()
    expect(page.get_by_role("main")).to_contain_text("Wij wachten op de arts of verloskundige")

    confirms_as_midwife(new_context(viewport={"width": 320, "height": 640}).new_page(), born_on)
    page.get_by_role("link", name="Bekijk hoe het ermee staat").click()
    parent.arrives("Geboorteaangifte: Emma Johanna")
    expect(page.get_by_role("main")).to_contain_text("Wij hebben het ontvangen")

    office.registers(receipt)
    page.reload()
    parent.arrives("Geboorteaangifte: Emma Johanna")
    expect(page.get_by_role("main")).to_contain_text("De geboorte staat in het register")
    page.get_by_role("link", name="Mijn zaken", exact=True).click()
    parent.arrives("Mijn zaken")
    expect(page.get_by_role("main")).to_contain_text(receipt)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Geboorteaangifte")).click()
        page.get_by_role("link", name=re.compile("Ontvangstbewijs")).click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    assert numbers_in_the_clear(city, SANNE, THOMAS) == []


def confirms_as_midwife(page: Page, born_on: date) -> None:
    midwife = Resident(page, looks_with_axe=True, width=320)
    page.goto("/zorgverlener")
    midwife.arrives("Log eerst in")
    log_in(page, "Verloskundigenpraktijk Het Nest", means="eHerkenning")
    midwife.arrives("Een geboorte bevestigen")
    midwife.presses("Bevestig de geboorte")
    midwife.arrives("Een geboorte bevestigen")
    page.get_by_label("Burgerservicenummer (BSN) van de moeder").fill(SANNE)
    chooses(page, "Is het een meisje of een jongen?", "Een meisje")
    types_day(page, born_on)
    page.get_by_label("Geboortetijd").fill("03:07")
    chooses(page, "Waar is het kind geboren?", "Medisch Spectrum Twente, Koningstraat 1")
    chooses(page, "Was u bij de geboorte?", "Ja")
    page.get_by_label("Uw naam").fill("N. de Groot")
    chooses(page, "Wat bent u?", "Verloskundige")
    page.get_by_label("Telefoonnummer van uw praktijk").fill("053 1234567")
    page.get_by_label("Ik ben zeker van deze gegevens.").check()
    midwife.presses("Bevestig de geboorte")
    midwife.arrives("Een geboorte bevestigen")
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text("De ouders hebben deze geboorte aangegeven")
    expect(page.get_by_role("cell", name="03:07")).to_be_visible()


def test_a_father_declares_on_a_small_phone_in_english_without_javascript_and_mends_a_slip(
    new_context: Callable[..., BrowserContext], city: City
) -> None:
    page = new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False).new_page()
    parent, office, born_on = Resident(page, width=320), Office(city), yesterday()
    page.goto("/en/declare-birth/first")
    log_in(page, "Daan Bakker")
    parent.arrives("Can you declare this birth online?")
    chooses(page, "Was the child born in Enschede?", "Yes")
    chooses(page, "Does the child live?", "Yes")
    types_day(page, born_on, ("Day", "Month", "Year"))
    chooses(page, "Was a doctor or midwife there?", "Yes")
    chooses(page, "Who are you?", "The father")
    chooses(page, "Who is the other parent?", "Somebody else")
    page.get_by_label("Citizen service number (BSN) of the other parent").fill("9999 80 026")
    chooses(page, "Has the child been acknowledged?", "Not needed")
    chooses(page, "Is it your first child together?", "No")
    chooses(page, "Do you choose the surname together?", "Yes, we still want to do that")
    chooses(page, "Do you want the name to follow the law of another country?", "Yes")
    parent.presses("Continue")

    parent.arrives("You declare this birth at the counter")
    expect(page.get_by_role("link", name="Make an appointment").last).to_be_visible()
    parent.presses("I made a mistake: change my answers")
    parent.arrives("Can you declare this birth online?")
    chooses(page, "Do you want the name to follow the law of another country?", "No")
    parent.presses("Continue")

    parent.arrives("Your child")
    page.get_by_label("All official first names, in order").fill("Siem Adriaan")
    chooses(page, "Is it a girl or a boy?", "A boy")
    page.get_by_label("Time of birth").fill("1412")
    chooses(page, "Where was the child born?", "At another address in Enschede")
    page.get_by_label("Street and number where the child was born").fill("Proefstraat 2")
    parent.presses("Save and continue")

    parent.arrives("The parents and the surname")
    expect(page.get_by_role("main")).to_contain_text("Children of the same parents have the same surname")
    expect(page.get_by_label("van den Berg")).to_be_checked()
    parent.presses("Save and continue")
    page.get_by_label("E-mail address").fill(parent.email)
    parent.presses("Save and continue")
    parent.arrives("Check how it will stand on the deed")
    page.get_by_label(re.compile("I have read everything")).check()
    parent.presses("Declare this birth")
    parent.arrives("You have declared the birth")
    receipt = page.locator(".reference").inner_text()

    office.hears_of_birth(LOTTE, born_on, "14:21", "male")
    page.get_by_role("link", name="Look how it goes").click()
    expect(page.get_by_role("main")).to_contain_text("The doctor or midwife told us something else than you")
    page.get_by_role("link", name="Answer", exact=True).click()
    parent.arrives("Answer our question")
    page.get_by_role("link", name="Change what you filled in").click()
    page.get_by_role("link", name="Change Born").click()
    page.get_by_label("Time of birth").fill("14:21")
    parent.presses("Save and continue")
    parent.arrives("Check how it will stand on the deed")
    page.get_by_label(re.compile("I have read everything")).check()
    parent.presses("Go on to your answer")
    page.get_by_label("What do you want to tell us?").fill("I swapped two figures.")
    parent.presses("Send my answer")
    parent.arrives("Birth declaration: Siem Adriaan")
    expect(page.get_by_role("main")).to_contain_text("We have received your answer.")
    assert office.finds(receipt)["status"] == "in-review"
    page.get_by_role("link", name="Withdraw", exact=True).click()
    parent.arrives("Do you want to withdraw this?")
    parent.presses("Yes, withdraw it")
    expect(page.get_by_role("main")).to_contain_text("You withdrew it")
    assert numbers_in_the_clear(city, LOTTE, DAAN) == []


def numbers_in_the_clear(city: City, *numbers: str) -> list[str]:
    """Return where one of these numbers stands readable: a table of any service, or what a process logged."""
    found = [process.name for process in city.processes if any(number in process.log() for number in numbers)]
    for service in ("civil_registry", "gateway", "crm", "notifications", "appointments"):
        with city.database(service).connect() as connection:
            for (table,) in connection.execute(_TABLES).all():
                rows = text(f'SELECT count(*) FROM "{table}" AS told WHERE told::text ~ :numbers')
                if connection.scalar(rows, {"numbers": "|".join(numbers)}):
                    found.append(f"{service}.{table}")
    return found


_TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
