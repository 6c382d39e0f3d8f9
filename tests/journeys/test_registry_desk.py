"""The staff desk on a whole town: an officer takes a birth from the queue and brings it into the register."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pypdf
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from services.messaging.sealing import Sealer
from services.messaging.settings import Secret
from services.presenting.times import HOME
from tests.city import City, eventually
from tests.journeys.test_login import log_in
from tests.journeys.test_pages_resident import Resident

SANNE, THOMAS = "999980002", "999980014"


class Declared:
    """A birth that its mother declared and a midwife confirmed, by the registry's RPC face."""

    def __init__(self, city: City, minute: int) -> None:
        self._city = city
        self._sealer = Sealer.of(Secret(city.place.secrets["BALIE_SECRET_KEY"]))
        self._born = {
            "sex": "female",
            "born_on": (datetime.now(HOME).date() - timedelta(days=1)).isoformat(),
            "born_time": f"03:{minute:02}",
            "municipality": "0153",
            "place": "Medisch Spectrum Twente",
        }
        mother = {"kind": "resident", "subject": self._sealer.seal(SANNE), "level": "substantial", "roles": []}
        draft = self._tell(
            "start_record", actor=mother, kind="birth", language="nl", content=self._content(f"Emma{'abcdefg'[minute]}")
        )
        self._tell("record_birth_notice", actor=self._midwife(), notice=self._notice())
        self.settled = self._tell(
            "act",
            actor=mother,
            record_id=draft["record_id"],
            command="submit",
            expected_version=draft["version"],
            particulars={},
        )
        self.receipt = self.settled["receipt"]

    def _tell(self, method: str, **request: Any) -> dict[str, Any]:
        return self._city.rpc.call("civil_registry", method, request, timeout_seconds=20, idempotency_key=str(uuid4()))

    def _content(self, first_names: str) -> dict[str, Any]:
        return {
            "declarant": "mother",
            "answers": {
                "alive": True,
                "professional_present": True,
                "acknowledgement": "not-needed",
                "first_child": True,
                "name_choice": "none",
                "foreign_name_law": False,
            },
            "child": self._born | {"first_names": first_names},
            "mother": {"bsn": self._sealer.seal(SANNE)},
            "other_parent": {"bsn": self._sealer.seal(THOMAS)},
            "surname": {"choice": "other-parent"},
            "contact": {"email": "sanne@voorbeeld.nl", "language": "nl"},
            "confirmed": True,
        }

    def _notice(self) -> dict[str, Any]:
        return self._born | {
            "mother_bsn": self._sealer.seal(SANNE),
            "present": True,
            "signed_by": "M. de Groot",
            "profession": "midwife",
            "phone": "0534872000",
        }

    @staticmethod
    def _midwife() -> dict[str, Any]:
        return {"kind": "care-provider", "subject": "99000044", "level": "two-factor", "roles": []}


@pytest.fixture
def officer(page: Page) -> Resident:
    """An officer who is logged in and looks at his queues."""
    staff = Resident(page, looks_with_axe=True)
    page.goto("/werk")
    staff.arrives("Log eerst in")
    log_in(page, "Anouk de Boer", means="werkaccount")
    expect(page).to_have_url(re.compile("/werk$"))
    return staff


def opens(page: Page, receipt: str) -> None:
    page.goto("/werk")
    page.get_by_label("Zoek op nummer").fill(receipt)
    page.get_by_role("button", name="Zoek", exact=True).click()


def does(page: Page, name: str) -> None:
    """Open a thing that can be done when it is closed, for its form."""
    summary = page.get_by_role("complementary").locator("summary", has_text=name).first
    if summary.count() and not summary.locator("xpath=..").evaluate("one => one.open"):
        summary.click()


def types_today(page: Page, group: str) -> None:
    today = datetime.now(HOME)
    fields = page.get_by_role("group", name=group)
    for part, value in (("Dag", today.day), ("Maand", today.month), ("Jaar", today.year)):
        fields.get_by_label(part, exact=True).fill(str(value))


def pdf_of(page: Page, link: str) -> str:
    href = page.get_by_role("link", name=re.compile(link)).first.get_attribute("href")
    answer = page.request.get(href or "")
    assert answer.headers["content-type"] == "application/pdf"
    return "\n".join(sheet.extract_text() for sheet in pypdf.PdfReader(BytesIO(answer.body())).pages)


def test_an_officer_brings_a_birth_from_the_queue_into_the_register_and_gives_an_extract(
    page: Page, city: City, officer: Resident
) -> None:
    birth = Declared(city, 1)
    page.goto("/werk/rij/to-review")
    officer.arrives("Te beoordelen")
    page.get_by_role("button", name=f"Pakken {birth.receipt}").click()
    officer.arrives("Geboorteaangifte: Emmab")
    expect(page.get_by_role("main")).to_contain_text("In behandeling genomen.")

    # asks something that is missing first, and reads why it was not sent
    does(page, "Informatie vragen")
    page.get_by_role("button", name="Informatie vragen").click()
    officer.arrives("Geboorteaangifte")
    expect(page.get_by_role("alert")).to_contain_text("Reden: vul dit in")

    eventually(lambda: _brp_is_there(page, birth), what="the BRP was asked")
    expect(page.get_by_role("main")).to_contain_text("Sanne")
    if page.get_by_role("main").get_by_text("Misschien dubbel").count():
        does(page, "Dit is geen dubbele")
        page.locator("#clear-duplicate-reason").fill("Een ander kind")
        page.get_by_role("button", name="Dit is geen dubbele").click()
    page.get_by_label("Ik heb namen, data en stukken naast elkaar vergeleken").check()
    page.get_by_role("button", name="Goedkeuren").click()
    expect(page.get_by_role("main")).to_contain_text("Goedgekeurd.")

    page.get_by_role("link", name="Bekijk de akte en maak haar op").click()
    officer.arrives("Zo gaat de akte luiden")
    expect(page.get_by_role("region", name="Tekst van de akte")).to_contain_text("Nummer (volgt)")
    page.get_by_role("button", name="Akte opmaken").click()
    officer.arrives("Geboorteaangifte")
    page.get_by_role("button", name="Akte afdrukken").click()
    officer.arrives("Geboorteaangifte")
    assert "Emmab" in pdf_of(page, "Blad van de akte")
    types_today(page, "Ondertekend op")
    page.get_by_role("button", name="Handtekening vastleggen").click()
    officer.arrives("Geboorteaangifte")
    page.get_by_label("Het ondertekende blad ligt in het register").check()
    page.get_by_role("button", name="In het register zetten").click()
    expect(page.get_by_role("main")).to_contain_text("In het register")

    number = page.get_by_role("main").get_by_role("link", name=re.compile("^1A[0-9]{4}$")).inner_text()
    page.get_by_role("link", name="Registers").click()
    officer.arrives("Registers")
    page.get_by_label("Nummer van de akte").fill(number[-4:])
    page.get_by_role("button", name="Akte openen").click()
    officer.arrives(f"Geboorte, akte {number}")
    page.get_by_role("button", name="Uittreksel of afschrift geven").click()
    officer.arrives(f"Geboorte, akte {number}")
    expect(page.get_by_role("main")).to_contain_text("Het document is gemaakt.")
    words = pdf_of(page, "Uittreksel")
    assert "Emmab" in words and "Sanne" not in words


def _brp_is_there(page: Page, birth: Declared) -> bool:
    opens(page, birth.receipt)
    return page.get_by_role("main").get_by_text("BRP bevraagd op").count() > 0


def test_the_keyboard_alone_takes_a_birth_and_asks_something_on_a_small_screen_without_javascript(
    new_context: Callable[..., BrowserContext], city: City
) -> None:
    birth = Declared(city, 2)
    page = new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False).new_page()
    page.goto("/werk/rij/to-review")
    log_in(page, "Karin Kok", means="werkaccount")

    def tab_to(selector: str) -> None:
        wanted = page.locator(f"{selector}:focus")
        for _ in range(150):
            page.keyboard.press("Tab")
            if wanted.count():
                return
        raise AssertionError(f"{selector} was not reached by Tab on {page.url}")

    tab_to(f'form[action$="{birth.settled["record_id"]}/opdracht/assign"] button')
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Geboorteaangifte")
    tab_to("#request-info > summary")
    page.keyboard.press("Enter")
    tab_to("#request-info-reason")
    page.keyboard.type("Het tijdstip is niet duidelijk.")
    tab_to("#request-info-items")
    page.keyboard.type("Hoe laat is het kind geboren?")
    today = datetime.now(HOME)
    for part, value in (("day", today.day), ("month", today.month), ("year", today.year)):
        tab_to(f"#request-info-answer-by-{part}")
        page.keyboard.type(str(value))
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Informatie gevraagd.")
    expect(page.get_by_role("main")).to_contain_text("Hoe laat is het kind geboren?")


def test_no_number_or_name_of_a_person_reaches_a_log_of_the_town(page: Page, city: City, officer: Resident) -> None:
    birth = Declared(city, 3)
    opens(page, SANNE)
    officer.arrives("Gevonden")
    opens(page, birth.receipt)
    officer.arrives("Geboorteaangifte: Emmad")
    for process in city.processes:
        for word in (SANNE, THOMAS, "Emmad"):
            assert word not in process.log(), (process.name, word)
