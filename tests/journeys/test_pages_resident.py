"""Residents with a browser on a whole town: every process, a real broker, database and mail."""

import re
from collections.abc import Callable
from email.message import EmailMessage
from itertools import count
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.city import City, eventually

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_numbers = count(1)


class Resident:
    """Somebody who uses the pages in Dutch; looks at each page with axe and at its width when asked to."""

    def __init__(self, page: Page, *, looks_with_axe: bool = False, width: int = 0) -> None:
        self.page = page
        number = next(_numbers)
        self.email = f"burger{number}@voorbeeld.nl"
        self.born = ("27", "3", str(1900 + number % 100))
        self._axe = Axe() if looks_with_axe else None
        self._width = width

    def arrives(self, heading: str) -> None:
        """Be on the page with this heading, and judge it."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)
        if self._axe is not None:
            found = self._axe.run(self.page, options={"runOnly": WCAG}).response
            assert found["passes"], "axe looked at nothing"
            assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]] == [], self.page.url
        if self._width:
            assert self.page.evaluate("document.documentElement.scrollWidth") <= self._width, self.page.url

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def chooses_time(self, number: int = 0) -> str:
        """Choose one of the times, and return it as the field holds it."""
        time = self.page.locator("input[name=time]").nth(number)
        time.check()
        return str(time.get_attribute("value"))

    def goes_until_details(self, product: str = "passport", location: str = "stadskantoor") -> str:
        self.page.goto("/afspraak/product")
        self.page.locator(f"#product-{product}").check()
        self.presses("Verder")
        self.page.locator(f"#location-{location}").check()
        self.presses("Verder")
        time = self.chooses_time()
        self.presses("Verder")
        return time

    def goes_until_check(self, **visit: Any) -> str:
        time = self.goes_until_details(**visit)
        self.fills_in()
        self.presses("Verder")
        return time

    def fills_in(self) -> None:
        self.page.get_by_label("Naam", exact=True).fill("Jildou Ünal")
        self.page.get_by_label("E-mailadres", exact=True).fill(self.email)
        if self.page.get_by_role("group", name="Geboortedatum").count():
            for part, value in zip(("Dag", "Maand", "Jaar"), self.born, strict=True):
                self.page.get_by_label(part, exact=True).fill(value)

    def books(self, **visit: Any) -> str:
        time = self.goes_until_check(**visit)
        self.presses("Maak deze afspraak")
        self.arrives("Uw afspraak staat vast")
        return time


@pytest.fixture
def resident(page: Page) -> Resident:
    return Resident(page)


def test_a_resident_books_and_every_page_is_accessible(page: Page, city: City) -> None:
    resident = Resident(page, looks_with_axe=True)
    page.goto("/")
    resident.arrives("Maak een afspraak aan de balie")
    page.get_by_role("link", name="Afspraak maken", exact=True).last.click()
    resident.presses("Verder")
    resident.arrives("Waarvoor komt u?")
    expect(page.get_by_role("alert")).to_be_focused()
    page.locator("#product-passport").check()
    page.locator("#persons-passport").select_option("2")
    resident.presses("Verder")
    resident.arrives("Waar wilt u komen?")
    page.locator("#location-stadskantoor").check()
    resident.presses("Verder")
    resident.arrives("Kies een dag en tijd")
    resident.presses("Verder")
    resident.arrives("Kies een dag en tijd")
    expect(page).to_have_title(re.compile("^Fout: "))
    resident.chooses_time(1)
    resident.presses("Verder")
    resident.arrives("Uw gegevens")
    resident.presses("Verder")
    resident.arrives("Uw gegevens")
    expect(page.get_by_role("alert")).to_be_focused()
    resident.fills_in()
    resident.presses("Verder")
    resident.arrives("Controleer uw afspraak")
    resident.presses("Maak deze afspraak")
    resident.arrives("Uw afspraak staat vast")
    reference = page.locator(".reference").inner_text()

    mail = city.mailbox.expect(to=resident.email)
    assert reference in words(mail)
    assert any(part.get_content_type() == "text/calendar" for part in mail.walk())
    eventually(lambda: "appointment-booked" in timeline(city, resident.email), what="the booking on the timeline")


def words(mail: EmailMessage) -> str:
    """Return the plain text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def timeline(city: City, email: str) -> list[str]:
    """Return the kinds of contact with a customer, newest first; none when nobody knows him yet."""
    try:
        entries = city.rpc.call("crm", "timeline", {"email": email})["entries"]
    except Exception as refusal:
        assert getattr(refusal, "code", "") == "customer-unknown", refusal
        return []
    return [entry["kind"] for entry in entries]


def test_other_pages_are_accessible_and_fit_a_small_phone(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(viewport={"width": 320, "height": 640}).new_page()
    visitor = Resident(page, looks_with_axe=True, width=320)
    for path, heading in (
        ("/en", "Make an appointment at the counter"),
        ("/en/appointment/product", "What do you come for?"),
        ("/mijn-afspraak", "Mijn afspraak"),
        ("/mijn-afspraak/link-gestuurd", "Kijk in uw mailbox"),
        ("/toegankelijkheid", "Toegankelijkheid"),
        ("/privacy", "Privacy"),
        ("/problems/slot-taken", "Iemand anders was u net voor"),
        ("/nergens", "Op dit adres is niets te vinden"),
    ):
        page.goto(path)
        visitor.arrives(heading)


def test_without_javascript_on_a_small_phone_everything_works(new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False).new_page()
    resident = Resident(page, width=320)
    resident.goes_until_details(product="driving-licence", location="glanerbrug")
    resident.arrives("Uw gegevens")
    resident.presses("10 minuten langer")
    expect(page.get_by_text("Wij houden uw tijd 10 minuten langer vast.")).to_be_visible()
    resident.fills_in()
    resident.presses("Verder")
    resident.arrives("Controleer uw afspraak")
    resident.presses("Maak deze afspraak")
    resident.arrives("Uw afspraak staat vast")
    page.get_by_role("link", name="Afspraak annuleren").click()
    resident.arrives("Wilt u uw afspraak annuleren?")
    resident.presses("Ja, annuleer mijn afspraak")
    resident.arrives("Uw afspraak is geannuleerd")


def test_the_keyboard_alone_is_enough(resident: Resident) -> None:
    page = resident.page

    def tab_to(selector: str, *, most: int = 80) -> None:
        for _ in range(most):
            page.keyboard.press("Tab")
            if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
                return
        raise AssertionError(f"{selector} was not reached by Tab on {page.url}")

    page.goto("/afspraak/product")
    tab_to("#product-passport")
    page.keyboard.press("Space")
    tab_to("main button.button")
    page.keyboard.press("Enter")
    resident.arrives("Waar wilt u komen?")
    tab_to("input[name=location]")
    page.keyboard.press("Space")
    tab_to("main button.button")
    page.keyboard.press("Enter")
    resident.arrives("Kies een dag en tijd")
    tab_to("table.days a:not([aria-current])")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"dag=\d{4}-\d\d-\d\d#times$"))
    tab_to("input[name=time]")
    page.keyboard.press("ArrowRight")
    tab_to("#times-form button.button")
    page.keyboard.press("Enter")
    resident.arrives("Uw gegevens")
    tab_to("#name")
    page.keyboard.type("Jildou Ünal")
    tab_to("#email")
    page.keyboard.type(resident.email)
    page.keyboard.press("Enter")
    resident.arrives("Controleer uw afspraak")
    tab_to("form[action$=controle] button")
    page.keyboard.press("Enter")
    resident.arrives("Uw afspraak staat vast")


def test_the_link_in_the_mail_opens_the_appointment_to_move_and_cancel(
    resident: Resident, new_context: Callable[..., BrowserContext], city: City
) -> None:
    resident.books()
    mail = words(city.mailbox.expect(to=resident.email))
    link = re.search(r"https?://\S+/nl/a/\S+", mail)
    assert link
    small = new_context(viewport={"width": 320, "height": 640})
    other_device = Resident(small.new_page(), looks_with_axe=True, width=320)
    page = other_device.page
    page.goto(link[0])
    other_device.arrives("Uw afspraak")
    assert page.url.endswith("/mijn-afspraak/overzicht")
    page.get_by_role("link", name="Afspraak verzetten").click()
    other_device.arrives("Kies een nieuwe dag en tijd")
    other_device.chooses_time(3)
    other_device.presses("Verder")
    other_device.arrives("Controleer de nieuwe tijd")
    other_device.presses("Verzet naar de nieuwe tijd")
    other_device.arrives("Uw afspraak is verzet")
    assert "verzet" in str(city.mailbox.expect(to=resident.email)["Subject"])
    page.get_by_role("link", name="Afspraak annuleren").click()
    other_device.arrives("Wilt u uw afspraak annuleren?")
    other_device.presses("Ja, annuleer mijn afspraak")
    other_device.arrives("Uw afspraak is geannuleerd")
    city.mailbox.expect(to=resident.email)


def test_a_lost_link_is_mailed_again(resident: Resident, city: City) -> None:
    resident.books()
    page = resident.page
    reference = page.locator(".reference").inner_text()
    city.mailbox.expect(to=resident.email)
    page.context.clear_cookies()
    page.goto("/mijn-afspraak")
    page.get_by_label("Afspraaknummer").fill(reference.lower().replace("-", " "))
    page.get_by_label("E-mailadres").fill(resident.email.upper())
    resident.presses("Stuur mij de link")
    resident.arrives("Kijk in uw mailbox")
    assert "/a/" in words(city.mailbox.expect(to=resident.email))


def test_two_who_want_one_time_and_the_second_chooses_an_alternative(
    resident: Resident, new_context: Callable[..., BrowserContext]
) -> None:
    slower = Resident(new_context().new_page())
    slower.page.goto("/afspraak/product")
    slower.page.locator("#product-collect-travel-document").check()
    slower.presses("Verder")
    slower.page.locator("#location-stadskantoor").check()
    slower.presses("Verder")
    resident.goes_until_details(product="collect-travel-document")
    slower.chooses_time()
    slower.presses("Verder")
    expect(slower.page.get_by_role("alert")).to_contain_text("Iemand anders was u net voor")
    slower.page.locator("button[name=alternative]").first.click()
    slower.arrives("Uw gegevens")


def test_the_broker_away_at_booking_keeps_the_answers_and_books_nothing_by_half(page: Page, city: City) -> None:
    resident = Resident(page, looks_with_axe=True)
    resident.goes_until_check()
    city.broker_cable.cut()
    resident.presses("Maak deze afspraak")
    resident.arrives("Dit werkt nu even niet")
    expect(resident.page.get_by_text("Uw antwoorden zijn bewaard.")).to_be_visible()
    city.broker_cable.mend()
    city.process("gateway").wait_ready()
    city.process("appointments").wait_ready()
    eventually(lambda: _tries_again(resident), what="the booking after the broker came back")
    city.mailbox.expect(to=resident.email)


def _tries_again(resident: Resident) -> bool:
    resident.presses("Probeer het opnieuw")
    heading = resident.page.get_by_role("heading", level=1).inner_text()
    return heading == "Uw afspraak staat vast"
