"""Logging in with a browser, on a whole town with the simulated provider: one press, every page accessible."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.city import City
from tests.journeys.test_pages_resident import Resident

SUZANNE = re.compile("Suzanne Moulin")


def log_in(page: Page, name: str | re.Pattern[str], *, means: str = "DigiD", level: str = "") -> None:
    """Press the button of a log-in on the page, and a name at the simulated provider."""
    page.get_by_role("button", name=re.compile(f"(Inloggen met|Log in with) {means}")).click()
    if level:
        page.get_by_label(level).check()
    page.get_by_role("button", name=name).first.click()


def test_a_resident_logs_in_and_out_and_every_page_is_accessible(page: Page) -> None:
    resident = Resident(page, looks_with_axe=True)
    page.goto("/")
    page.get_by_role("link", name="Mijn zaken").click()
    resident.arrives("Log eerst in")
    page.get_by_role("button", name="Inloggen met DigiD (simulatie)").click()
    resident.arrives("Nagebootste inlog, geen DigiD")
    expect(page.get_by_text("Simulatie. Hier logt niemand echt in.")).to_be_visible()
    page.get_by_role("button", name=SUZANNE).click()
    resident.arrives("Mijn zaken")
    expect(page.get_by_role("main")).to_contain_text("op niveau Midden")
    page.get_by_role("link", name="English").click()
    resident.arrives("My cases")
    expect(page.get_by_role("banner")).to_contain_text("Logged in as citizen service number ending in 653")
    page.get_by_role("link", name="Nederlands").click()
    page.get_by_role("banner").get_by_role("button", name="Uitloggen").click()
    resident.arrives("U bent uitgelogd")
    page.go_back()
    page.reload()
    resident.arrives("Log eerst in")
    expect(page.get_by_text("U was ingelogd, maar nu niet meer.")).to_have_count(0)


def test_the_ways_that_lead_nowhere_say_why_and_lead_on_also_on_a_small_phone(
    new_context: Callable[..., BrowserContext],
) -> None:
    page = new_context(viewport={"width": 320, "height": 640}).new_page()
    visitor = Resident(page, looks_with_axe=True, width=320)
    page.goto("/inloggen")
    visitor.arrives("Inloggen")
    page.get_by_role("button", name=re.compile("eHerkenning")).click()
    visitor.arrives("Nagebootste inlog, geen eHerkenning")
    page.get_by_role("button", name=re.compile("Bloemenhuis")).click()
    visitor.arrives("U kunt hier niet verder")
    expect(page.get_by_role("main")).to_contain_text("Wij kennen uw bedrijf niet")
    page.goto("/inloggen")
    log_in(page, "Uitvaartverzorging De Linde", means="eHerkenning", level="3")
    visitor.arrives("Overlijdens die u aangeeft")
    page.goto("/mijn-zaken")
    visitor.arrives("Deze pagina is niet voor u")
    log_in(page, "Suzanne Moulin", level="Basis")
    visitor.arrives("Log in met een sterker middel")
    log_in(page, "Suzanne Moulin", level="Hoog")
    visitor.arrives("Mijn zaken")
    expect(page.get_by_role("main")).to_contain_text("op niveau Hoog")
    page.goto("/en/log-in")
    visitor.arrives("You are logged in")
    page.get_by_role("button", name="Log out on all devices").click()
    visitor.arrives("You are logged out")
    page.goto("/en/log-in")
    page.get_by_role("button", name=re.compile("work account")).click()
    visitor.arrives("Simulated log-in for staff")
    page.get_by_role("button", name="Stop logging in").click()
    visitor.arrives("You stopped logging in")


def test_staff_logs_in_with_a_second_factor(page: Page) -> None:
    staff = Resident(page)
    page.goto("/inloggen")
    log_in(page, "Anouk de Boer", means="werkaccount", level="Alleen wachtwoord")
    staff.arrives("U kunt hier niet verder")
    log_in(page, "Anouk de Boer", means="werkaccount")
    expect(page).to_have_url(re.compile("/werk$"))
    expect(page.get_by_role("banner")).to_contain_text("Ingelogd als Anouk de Boer")


def test_without_javascript_one_logs_in_stays_and_leaves(new_context: Callable[..., BrowserContext]) -> None:
    context = new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page = context.new_page()
    resident = Resident(page, width=0)
    page.goto("/mijn-zaken")
    page.get_by_role("button", name="Inloggen met DigiD (simulatie)").click()
    page.get_by_label("Zoek op naam").fill("moulin")
    page.get_by_role("button", name="Zoek", exact=True).click()
    expect(page.locator("button.account")).to_have_count(1)
    page.get_by_role("button", name=SUZANNE).click()
    resident.arrives("Mijn zaken")
    expect(page.get_by_role("banner")).to_contain_text(
        re.compile(r"Als u niets doet, loggen wij u om \d\d:\d\d uur uit.")
    )
    with context.expect_page() as opened:
        page.get_by_role("button", name="Ingelogd blijven").click()
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text("U blijft ingelogd")
    page.get_by_role("banner").get_by_role("button", name="Uitloggen").click()
    resident.arrives("U bent uitgelogd")


def test_two_minutes_before_the_end_a_warning_comes_and_one_press_keeps_everything(page: Page) -> None:
    page.clock.install()
    page.goto("/mijn-zaken")
    log_in(page, "Suzanne Moulin")
    Resident(page).arrives("Mijn zaken")
    page.wait_for_load_state()  # what watches the session begins with the page
    notice = page.get_by_role("banner").get_by_role("status")
    page.clock.fast_forward("12:00")  # the clock goes on by itself too: a slow machine has a minute to spare
    expect(notice).to_be_empty()
    page.clock.fast_forward("01:10")
    expect(notice).to_contain_text("Wij loggen u binnen 2 minuten uit.")
    page.get_by_role("button", name="Ingelogd blijven").click()
    expect(notice).to_be_empty()
    expect(page).to_have_url(re.compile("/mijn-zaken$"))
    page.clock.fast_forward("12:00")
    expect(notice).to_be_empty()
    page.clock.fast_forward("03:10")
    expect(notice).to_contain_text("U bent uitgelogd.")


def test_the_keyboard_alone_is_enough_to_log_in_and_out(page: Page) -> None:
    resident = Resident(page)

    def tab_to(selector: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
                return
        raise AssertionError(f"{selector} was not reached by Tab on {page.url}")

    page.goto("/mijn-zaken")
    tab_to("main button.button")
    page.keyboard.press("Enter")
    resident.arrives("Nagebootste inlog")
    tab_to("button.account")
    page.keyboard.press("Enter")
    resident.arrives("Mijn zaken")
    tab_to("form[action='/uitloggen'] button")
    page.keyboard.press("Enter")
    resident.arrives("U bent uitgelogd")


def test_no_number_of_a_person_reaches_a_log_of_the_town(page: Page, city: City) -> None:
    page.goto("/mijn-zaken")
    log_in(page, "Suzanne Moulin")
    page.get_by_role("banner").get_by_role("button", name="Uitloggen").click()
    for process in city.processes:
        assert "999993653" not in process.log(), process.name
        assert "Moulin" not in process.log(), process.name
