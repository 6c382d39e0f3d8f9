"""Somebody who lives abroad requests a passport and collects it, in a browser on a whole town."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.city import City
from tests.journeys.test_pages_resident import Resident, words


def goes_until_collection(resident: Resident) -> str:
    """Choose the time to request, and return it."""
    requested_at = resident.goes_until_details(product="passport-abroad")
    resident.arrives("Wanneer haalt u uw document op?")
    return requested_at


def collects_after(page: Page, requested_at: str) -> None:
    """Judge that the first time to collect lies at least five working days, so a week, after the request."""
    first = page.locator("input[name=time]").first.get_attribute("value")
    assert first is not None
    assert datetime.fromisoformat(first).date() - datetime.fromisoformat(requested_at).date() >= timedelta(days=7)


@pytest.mark.parametrize("width", [1180, 320])
def test_from_toronto_both_visits_are_booked_at_once_and_shown_on_both_clocks(
    new_context: Callable[..., BrowserContext], city: City, width: int
) -> None:
    page = new_context(timezone_id="America/Toronto", viewport={"width": width, "height": 900}).new_page()
    resident = Resident(page, looks_with_axe=True, width=width)
    page.goto("/")
    page.goto("/afspraak/product")
    resident.arrives("Waarvoor komt u?")
    expect(page.locator("main")).to_contain_text("Wij willen dat u hooguit 14 dagen wacht.")
    requested_at = goes_until_collection(resident)
    expect(page.locator("main")).to_contain_text("Wij maken het in 5 werkdagen.")
    expect(page.locator(".times small").first).to_contain_text("in Toronto")
    collects_after(page, requested_at)
    resident.chooses_time()
    resident.presses("Verder")
    resident.arrives("Uw gegevens")
    expect(page.locator(".hold")).to_contain_text("Wij houden beide tijden voor u vast")
    resident.fills_in()
    resident.presses("Verder")
    resident.arrives("Controleer uw afspraak")
    expect(page.locator(".answers").get_by_text("Bij u in Toronto is het dan")).to_have_count(2)
    resident.presses("Maak beide afspraken")
    resident.arrives("Uw twee afspraken staan vast")
    expect(page.locator("main").get_by_text("Bij u in Toronto is het dan")).to_have_count(2)
    references = page.locator(".reference").all_inner_texts()
    assert len(set(references)) == 2

    mails = [city.mailbox.expect(to=resident.email) for _ in range(2)]
    assert {word for mail in mails for word in ("aan te vragen", "op te halen") if word in str(mail["Subject"])} == {
        "aan te vragen",
        "op te halen",
    }
    assert all(reference in words(mail) for mail in mails for reference in references)
    assert all("Toronto" in words(mail) for mail in mails)

    page.get_by_role("link", name="Open deze afspraak").click()
    resident.arrives("Uw afspraak")
    expect(page.locator("main")).to_contain_text("Uw document aanvragen")
    page.get_by_role("link", name="Open deze afspraak").click()
    page.get_by_role("link", name="Afspraak annuleren").click()
    resident.arrives("Wilt u uw afspraak annuleren?")
    resident.presses("Ja, annuleer beide afspraken")
    resident.arrives("Uw afspraak is geannuleerd")
    expect(page.locator("main")).to_contain_text("Ook uw bezoek om het document op te halen is geannuleerd.")
    for _ in range(2):
        assert "gaat niet door" in str(city.mailbox.expect(to=resident.email)["Subject"])


def test_without_javascript_both_visits_are_booked_and_the_request_cannot_move_too_far(
    new_context: Callable[..., BrowserContext],
) -> None:
    page = new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False).new_page()
    resident = Resident(page, width=320)
    requested_at = goes_until_collection(resident)
    resident.presses("Verder")
    resident.arrives("Wanneer haalt u uw document op?")
    expect(page.get_by_role("alert")).to_contain_text("Kies een tijd om op te halen")
    collects_after(page, requested_at)
    resident.chooses_time()
    resident.presses("Verder")
    resident.fills_in()
    resident.presses("Verder")
    resident.arrives("Controleer uw afspraak")
    resident.presses("10 minuten langer")
    expect(page.get_by_text("Wij houden uw tijd 10 minuten langer vast.")).to_be_visible()
    resident.presses("Maak beide afspraken")
    resident.arrives("Uw twee afspraken staan vast")

    page.get_by_role("link", name="Afspraak verzetten").click()
    resident.arrives("Kies een nieuwe dag en tijd")
    page.get_by_role("link", name="Toon als lijst").click()
    page.locator(".daylist a").nth(5).click()
    resident.chooses_time()
    resident.presses("Verder")
    resident.presses("Verzet naar de nieuwe tijd")
    resident.arrives("Kies een nieuwe dag en tijd")
    expect(page.get_by_role("alert")).to_contain_text("Verzet eerst dat bezoek naar")


def test_who_does_not_know_yet_when_to_collect_books_only_the_request(
    new_context: Callable[..., BrowserContext],
) -> None:
    resident = Resident(new_context(java_script_enabled=False).new_page())
    goes_until_collection(resident)
    resident.presses("Alleen de aanvraag afspreken")
    resident.arrives("Uw gegevens")
    resident.fills_in()
    resident.presses("Verder")
    expect(resident.page.locator(".answers")).to_contain_text("U kiest later een tijd")
    resident.presses("Maak deze afspraak")
    resident.arrives("Uw afspraak staat vast")
