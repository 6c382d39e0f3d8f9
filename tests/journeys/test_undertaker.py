"""An undertaker declares a death and receives the permit: in a browser, on a whole town."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from services.presenting.times import HOME
from tests.city import City, eventually
from tests.filing_samples import pdf
from tests.journeys.test_birth_declaration import CLERK, OFFICER, Office, chooses, numbers_in_the_clear
from tests.journeys.test_login import log_in
from tests.journeys.test_pages_resident import Resident

HENDRIK, GERRIT = "999980348", "999980385"
LINDE, TWENTESTAD = "Uitvaartverzorging De Linde", "Uitvaarthuis Twentestad"


def today() -> date:
    return datetime.now(UTC).astimezone(HOME).date()


def types_day(page: Page, question: str, on: date, words: tuple[str, str, str] = ("Dag", "Maand", "Jaar")) -> None:
    asked = page.get_by_role("group", name=question, exact=True)
    for label, value in zip(words, (on.day, on.month, on.year), strict=True):
        asked.get_by_label(label, exact=True).fill(str(value))


def certificate(name: str = "verklaring.pdf", content: bytes | None = None) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": pdf() if content is None else content}


def fills_in_who_died(page: Page, number: str, first_names: str, surname: str) -> None:
    page.get_by_label("Burgerservicenummer (BSN)").fill(number)
    page.get_by_label("Alle voornamen", exact=True).fill(first_names)
    page.get_by_label("Achternaam bij de geboorte").fill(surname)
    chooses(page, "Geslacht", "Man")
    page.get_by_label("Laatste adres").fill("Testlaan 1, Enschede")


def fills_in_the_death(page: Page, on: date) -> None:
    chooses(page, "Was het overlijden in Enschede?", "Ja")
    types_day(page, "Dag van overlijden", on)
    page.get_by_label("Tijd van overlijden").fill("0.10")
    chooses(page, "Waar was het?", "Medisch Spectrum Twente")
    chooses(page, "Hoe kwam het overlijden?", "Een natuurlijk overlijden")


def test_an_undertaker_declares_a_death_and_receives_the_permit(page: Page, city: City) -> None:
    firm, office, died_on = Resident(page, looks_with_axe=True), Office(city), today() - timedelta(days=1)
    funeral_on = today() + timedelta(days=2)
    page.goto("/")
    page.get_by_role("link", name="Overlijden aangeven (voor uitvaartondernemers)").click()
    firm.arrives("Log eerst in")
    log_in(page, LINDE, means="eHerkenning")
    firm.arrives("Overlijdens die u aangeeft")
    page.get_by_role("link", name="Geef een overlijden aan").click()

    firm.arrives("Waar en wanneer was het overlijden?")
    firm.presses("Bewaar en ga verder")
    expect(page.get_by_role("alert")).to_be_focused()
    firm.arrives("Waar en wanneer was het overlijden?")
    fills_in_the_death(page, died_on)
    firm.presses("Bewaar en ga verder")

    firm.arrives("Wie is overleden?")
    fills_in_who_died(page, HENDRIK, "Hendrik Jan", "Scholten")
    types_day(page, "Geboortedag", date(1944, 5, 5))
    page.get_by_label("Geboorteplaats (niet verplicht)").fill("Enschede")
    page.get_by_role("group", name="Burgerlijke staat").get_by_label("Getrouwd", exact=True).check()
    page.get_by_label("Naam van de echtgenoot of partner").fill("Geertruida Bruins")
    firm.presses("Bewaar en ga verder")

    firm.arrives("Wat is er gepland?")
    chooses(page, "Welke uitvaart is het?", "Cremeren")
    page.get_by_label("Waar is het?").fill("Crematorium Twente, Enschede")
    chooses(page, "Weet u de dag en de tijd?", "Ja")
    types_day(page, "Dag van de uitvaart", today() + timedelta(days=20))
    page.get_by_label("Tijd van de uitvaart").fill("11:00")
    chooses(page, "Kan de uitvaart binnen deze termijn?", "Ja")
    firm.presses("Bewaar en ga verder")
    firm.arrives("Wat is er gepland?")
    expect(page.get_by_role("alert")).to_contain_text("Dit is te laat. Kies een dag tot en met")
    types_day(page, "Dag van de uitvaart", funeral_on)
    firm.presses("Bewaar en ga verder")

    declares_as_johan(page, firm)
    firm.arrives("Voeg de stukken toe")
    page.get_by_label("Verklaring van overlijden (A-verklaring)").set_input_files(certificate(content=b"geen pdf"))
    firm.presses("Bewaar en ga verder")
    firm.arrives("Voeg de stukken toe")
    expect(page.get_by_role("alert")).to_contain_text("verklaring.pdf")
    page.get_by_label("Verklaring van overlijden (A-verklaring)").set_input_files(certificate())
    firm.presses("Bewaar en ga verder")

    firm.arrives("Controleer de aangifte")
    page.get_by_text("Bekijk hoe de akte eruitziet").click()
    expect(page.locator(".deed")).to_contain_text("Scholten")
    firm.arrives("Controleer de aangifte")
    page.get_by_label(re.compile("Ik heb alles gecontroleerd")).check()
    firm.presses("Verstuur de aangifte")
    firm.arrives("Overlijdensaangifte: Hendrik Jan Scholten")
    expect(page.get_by_role("main")).to_contain_text("Wij hebben de aanvraag ontvangen")
    receipt = page.locator(".reference").inner_text()

    registers(office, receipt)
    permit = permit_of(office, receipt)
    office.does(OFFICER, permit, "issue")
    page.get_by_role("link", name="Mijn zaken", exact=True).click()
    firm.arrives("Overlijdens die u aangeeft")
    expect(page.get_by_role("main")).to_contain_text("Het verlof is afgegeven")
    page.get_by_label("Nummer van de aangifte of het verlof").fill(permit)
    firm.presses("Zoek")
    firm.arrives("Overlijdensaangifte: Hendrik Jan Scholten")
    assert downloaded(page).startswith(b"%PDF-")

    page.get_by_role("link", name="Vraag een wijziging van het verlof").click()
    firm.arrives("Vraag een wijziging van het verlof")
    page.get_by_label("Tijd van de uitvaart").fill("14:30")
    page.get_by_label("Waarom moet het verlof anders worden?").fill("De aula is 's ochtends bezet")
    firm.presses("Versturen")
    expect(page.get_by_role("main")).to_contain_text("Tot wij antwoorden, geldt het verlof hierboven.")
    firm.arrives("Overlijdensaangifte: Hendrik Jan Scholten")
    wish = office.finds(permit)["decisions"]["wish"]
    office.does(OFFICER, permit, "amend", funeral=wish["funeral"], reason=wish["reason"])
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("14:30 uur")
    assert downloaded(page).startswith(b"%PDF-")
    assert numbers_in_the_clear(city, HENDRIK) == []


def declares_as_johan(page: Page, firm: Resident) -> None:
    firm.arrives("Wie doet de aangifte?")
    page.get_by_label("Uw voornamen").fill("Johan")
    page.get_by_label("Uw achternaam").fill("Linde")
    types_day(page, "Uw geboortedag", date(1980, 2, 2))
    page.get_by_label("Uw geboorteplaats").fill("Hengelo")
    page.get_by_label("Naam van deze persoon").fill("Ingrid Scholten")
    page.get_by_label("Hoe kende deze persoon de overledene?").fill("dochter")
    page.get_by_label("Telefoonnummer van deze persoon").fill("06 12345678")
    page.get_by_label("E-mailadres").fill(firm.email)
    firm.presses("Bewaar en ga verder")


def registers(office: Office, receipt: str) -> None:
    """Look at a declaration, approve it, and make, sign and register its deed."""
    office.does(OFFICER, receipt, "assign")
    eventually(lambda: office.finds(receipt)["brp"]["state"] == "done", what="compared with the BRP")
    if "potential-duplicate" in office.finds(receipt)["flags"]:  # another journey had the same man die
        office.does(OFFICER, receipt, "clear-duplicate", reason="een ander")
    office.does(OFFICER, receipt, "approve", compared=True)
    office.does(OFFICER, receipt, "draw-deed")
    office.does(OFFICER, receipt, "print-deed")
    office.does(OFFICER, receipt, "sign-deed", signed_on=today().isoformat())
    assert office.does(OFFICER, receipt, "register", sheet_is_filed=True) == "registered"


def permit_of(office: Office, receipt: str) -> str:
    """Return the number of the permit that was asked for with a declaration."""
    return str(office.finds(receipt)["children"][-1]["receipt"])


def downloaded(page: Page) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name="Download het verlof (PDF)").click()
    return Path(download.value.path()).read_bytes()


def test_several_deaths_are_sent_at_once_on_a_small_phone_without_javascript(
    new_context: Callable[..., BrowserContext], city: City
) -> None:
    page = new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False).new_page()
    firm, office = Resident(page, width=320), Office(city)
    for number, names in ((HENDRIK, "Hendrik Jan Scholten"), (GERRIT, "Gerrit Leusink")):
        is_ready_to_send(office, number, *names.rsplit(" ", 1))
    page.goto("/en/funerals")
    log_in(page, TWENTESTAD, means="eHerkenning")
    firm.arrives("Deaths that you declare")
    page.get_by_role("link", name="Send 2 that are ready").click()
    firm.arrives("Send several declarations")
    firm.presses("Send what is ticked")
    firm.arrives("Send several declarations")
    expect(page.get_by_role("main")).to_contain_text("Tick the declarations that you have checked")
    page.get_by_label("Hendrik Jan Scholten").check()
    page.get_by_label("Gerrit Leusink").check()
    firm.presses("Send what is ticked")
    firm.arrives("What became of your declarations")
    expect(page.get_by_role("main")).to_contain_text("2 of 2 have been sent.")
    page.get_by_role("link", name="Gerrit Leusink").click()
    firm.arrives("Death declaration: Gerrit Leusink")
    receipt = page.locator(".reference").inner_text()

    office.does(CLERK, receipt, "assign")
    by = (today() + timedelta(days=1)).isoformat()
    office.does(CLERK, receipt, "request-info", reason="De naam klopt niet.", items=["Alle voornamen"], answer_by=by)
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("De naam klopt niet.")
    page.get_by_role("link", name="Answer", exact=True).click()
    firm.arrives("Answer our question")
    page.get_by_role("link", name="Change what you filled in").click()
    firm.arrives("Check the declaration")
    page.get_by_role("link", name="Change Deceased").click()
    firm.arrives("Who died?")
    page.get_by_label("All first names", exact=True).fill("Gerrit Jan")
    firm.presses("Save and continue")
    firm.arrives("Check the declaration")
    page.get_by_role("link", name="Go on to your answer").click()
    firm.arrives("Answer our question")
    page.get_by_label("What do you want to tell us?").fill("We added a name.")
    firm.presses("Send my answer")
    firm.arrives("Death declaration: Gerrit Jan Leusink")
    expect(page.get_by_role("main")).to_contain_text("We have received your answer.")
    page.get_by_role("link", name="Withdraw", exact=True).click()
    firm.arrives("Do you want to withdraw this?")
    firm.presses("Yes, withdraw it")
    expect(page.get_by_role("main")).to_contain_text("You withdrew it")
    assert office.finds(receipt)["status"] == "withdrawn"
    assert numbers_in_the_clear(city, GERRIT) == []


def is_ready_to_send(office: Office, number: str, first_names: str, surname: str) -> None:
    """Put a draft there in which nothing is missing."""
    actor = {"kind": "undertaker", "subject": "99000022", "level": "two-factor", "roles": []}
    deceased = {
        "bsn": office.seals(number), "first_names": first_names, "surname": surname, "sex": "male",
        "marital_status": "unmarried", "last_address": "Testlaan 3, Enschede", "born_on": "1938-12-12",
    }  # fmt: skip
    content = {
        "death": {"on": (today() - timedelta(days=1)).isoformat(), "time": "00:10", "municipality": "0153",
                  "place": "Hospice Enschede, Spoorstraat 20", "manner": "natural"},
        "deceased": deceased,
        "funeral": {"kind": "burial", "at": None, "place": "Oosterbegraafplaats"},
        "declarant": {"first_names": "Mia", "surname": "Stad", "born_on": "1985-03-27", "born_place": "Enschede"},
        "authorised": {"name": "J. Buur", "relation": "buurman", "phone": "+31612345678"},
        "contact": {"email": "info@twentestad.example", "language": "nl"},
    }  # fmt: skip
    asked = {"actor": actor, "kind": "death", "language": "nl", "content": content}
    begun = office.tells("start_record", asked)
    file = {"file_id": "ab" * 32, "file_name": "a.pdf", "media_type": "application/pdf", "size": 9}
    office.tells("add_evidence", {"actor": actor, "record_id": begun["record_id"], "kind": "a-certificate", **file})
