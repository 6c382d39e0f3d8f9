"""Somebody who would rather come earlier, in a browser, on a whole town with real mail."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from playwright.sync_api import BrowserContext, Page, expect

from tests.city import City
from tests.journeys.test_pages_resident import Resident, words

ABROAD: dict[str, Any] = {
    "location_id": "stadskantoor",
    "products": [{"product_id": "passport-abroad", "persons": 1}],
}
SOMEBODY = {"name": "Noor de Wit", "email": "noor@voorbeeld.nl", "language": "nl", "birth_on": "1985-03-27"}


def free_days(city: City) -> list[str]:
    """Return the days with room, a week ahead and later."""
    found = city.rpc.call("appointments", "free_days", ABROAD)["days"]
    soonest = (datetime.now(UTC) + timedelta(days=7)).date().isoformat()
    return [day["on"] for day in found if day["on"] >= soonest]


def tell(city: City, method: str, request: dict[str, Any]) -> dict[str, Any]:
    """Have something done past the pages."""
    return city.rpc.call("appointments", method, request, idempotency_key=str(uuid4()))


def books_directly(city: City, on: str) -> tuple[dict[str, str], datetime]:
    """Book the last time of a day past the pages; return the key of the appointment and its start."""
    start = city.rpc.call("appointments", "free_times", ABROAD | {"on": on})["starts"][-1]
    held = tell(city, "hold_slot", ABROAD | {"starts_at": start})
    key = {"hold_id": held["hold_id"], "secret": held["secret"]}
    booked = tell(city, "confirm_hold", key | SOMEBODY)
    return {"reference": booked["reference"], "secret": held["secret"]}, datetime.fromisoformat(start)


def test_who_waits_gets_a_freed_place_by_mail_and_takes_it_in_the_browser(
    page: Page, new_context: Callable[..., BrowserContext], city: City
) -> None:
    days = free_days(city)
    others, earlier_at = books_directly(city, days[0])
    resident = Resident(page, looks_with_axe=True)
    page.goto("/afspraak/product")
    page.locator("#product-passport-abroad").check()
    resident.presses("Verder")
    page.locator("#location-stadskantoor").check()
    resident.presses("Verder")
    page.goto(f"/afspraak/dag-en-tijd?dag={days[len(days) // 2]}")
    resident.chooses_time()
    resident.presses("Verder")
    resident.presses("Alleen de aanvraag afspreken")
    resident.fills_in()
    resident.presses("Verder")
    resident.presses("Maak deze afspraak")
    resident.arrives("Uw afspraak staat vast")
    reference = page.locator(".reference").inner_text()
    link = re.search(r"https?://\S+/nl/a/\S+", words(city.mailbox.expect(to=resident.email)))
    assert link

    page.goto(link[0])
    page.get_by_role("link", name="Zet mij op de wachtlijst").click()
    resident.arrives("Liever eerder?")
    for part in ("weekday", "part"):
        for box in page.locator(f"input[name={part}]").all():
            expect(box).to_be_checked()
    resident.presses("Zet mij op de wachtlijst")
    resident.arrives("Uw afspraak")
    expect(page.get_by_role("status")).to_contain_text("U staat op de wachtlijst")

    tell(city, "cancel_appointment", others)
    offer = city.mailbox.expect(to=resident.email)
    assert "eerdere tijd voor u" in str(offer["Subject"])
    at_home = earlier_at.astimezone(ZoneInfo("Europe/Amsterdam"))
    assert f"{at_home:%H:%M} uur" in words(offer) and "Antwoord vóór" in words(offer)
    answer = re.search(r"https?://\S+/nl/a/\S+", words(offer))
    assert answer

    small = new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    other_device = Resident(small.new_page(), width=320)
    other_device.page.goto(answer[0])
    other_device.arrives("Uw afspraak")
    page.goto("/mijn-afspraak/overzicht")
    resident.arrives("Uw afspraak")
    expect(page.get_by_role("region", name="Er is een eerdere tijd voor u")).to_contain_text(f"{at_home:%H:%M} uur")
    other_device.presses("Ja, verzet mijn afspraak")
    other_device.arrives("Uw afspraak is verzet")
    resident.presses("Ja, verzet mijn afspraak")
    resident.arrives("Uw afspraak is verzet")

    moved = city.mailbox.expect(to=resident.email)
    assert "verzet" in str(moved["Subject"]) and f"{at_home:%H:%M} uur" in words(moved)
    assert reference in words(moved)
