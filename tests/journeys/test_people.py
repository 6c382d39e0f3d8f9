"""Appointments that belong to one person, the limit per person, and whether somebody still comes, on a whole town."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import text

from tests.city import City, eventually
from tests.journeys.test_pages_resident import Resident, words

ASKS = "acknowledgement"
"""A product that asks from the moment of booking on, for these tests only."""


def test_a_bound_appointment_asks_for_the_birth_date_without_javascript_on_a_small_screen(
    new_context: Callable[..., BrowserContext], city: City
) -> None:
    small = new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    resident = Resident(small.new_page(), width=320)
    page = resident.page
    resident.goes_until_details(product="passport-abroad")
    resident.presses("Alleen de aanvraag afspreken")
    resident.fills_in()
    page.get_by_label("Maand", exact=True).fill("13")
    resident.presses("Verder")
    expect(page.get_by_role("alert")).to_contain_text("Vul een geboortedatum in die bestaat")
    page.get_by_role("link", name="Vul een geboortedatum in die bestaat").click()
    expect(page).to_have_url(re.compile("#birth-day$"))
    expect(page.get_by_label("E-mailadres", exact=True)).to_have_value(resident.email)
    page.get_by_label("Maand", exact=True).fill("3")
    resident.presses("Verder")
    resident.arrives("Controleer uw afspraak")
    resident.presses("Maak deze afspraak")
    resident.arrives("Uw afspraak staat vast")
    born = f"27 maart {resident.born[2]}"
    expect(page.get_by_role("region", name="Deze afspraak is persoonlijk")).to_contain_text(f"geboren op {born}")
    mail = words(city.mailbox.expect(to=resident.email))
    assert f"Op naam van: Jildou Ünal, geboren op {born}" in mail
    assert "Iemand anders kan deze afspraak niet gebruiken." in mail


def test_the_form_of_a_bound_appointment_is_accessible(page: Page) -> None:
    resident = Resident(page, looks_with_axe=True)
    resident.goes_until_details(product="passport-abroad")
    resident.presses("Alleen de aanvraag afspreken")
    resident.arrives("Uw gegevens")
    resident.presses("Verder")
    resident.arrives("Uw gegevens")
    expect(page.get_by_role("alert")).to_be_focused()
    resident.fills_in()
    resident.presses("Verder")
    resident.arrives("Controleer uw afspraak")
    resident.presses("Maak deze afspraak")
    resident.arrives("Uw afspraak staat vast")


def tell(city: City, method: str, request: dict[str, Any]) -> dict[str, Any]:
    return city.rpc.call("appointments", method, request, idempotency_key=str(uuid4()))


def books_directly(city: City, email: str) -> dict[str, Any]:
    """Book the first free time for a driving licence past the pages."""
    visit = {"location_id": "stadskantoor", "products": [{"product_id": "driving-licence", "persons": 1}]}
    start = city.rpc.call("appointments", "free_days", visit)["first_free"]
    held = tell(city, "hold_slot", visit | {"starts_at": start})
    person = {"name": "Jildou Ünal", "email": email, "language": "nl"}
    booked = tell(city, "confirm_hold", {"hold_id": held["hold_id"], "secret": held["secret"]} | person)
    return {"reference": booked["reference"], "secret": held["secret"]}


def test_a_third_appointment_is_refused_until_one_is_cancelled_and_nothing_typed_is_lost(
    page: Page, city: City
) -> None:
    resident = Resident(page, looks_with_axe=True)
    first, _ = books_directly(city, resident.email), books_directly(city, resident.email.upper())
    resident.goes_until_check(product="driving-licence")
    resident.presses("Maak deze afspraak")
    resident.arrives("Controleer uw afspraak")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Er zijn al genoeg afspraken met deze gegevens")
    expect(alert).to_be_focused()
    expect(page.get_by_text(resident.email, exact=True)).to_be_visible()
    assert first["reference"] not in page.content()
    tell(city, "cancel_appointment", first)
    resident.presses("Maak deze afspraak")
    resident.arrives("Uw afspraak staat vast")


@pytest.fixture
def asking(city: City) -> Iterator[None]:
    """Let one product ask at once whether somebody still comes."""
    rules = {"lead_days": 1, "ask_days": 60, "remind_days": 2, "until_days": 1}
    with city.database("appointments").begin() as connection:
        before = connection.scalar(text("SELECT policy FROM product WHERE id = :id"), {"id": ASKS})
    put_policy(city, {**before, "reconfirm": rules})
    yield
    put_policy(city, before)


def put_policy(city: City, policy: dict[str, Any]) -> None:
    with city.database("appointments").begin() as connection:
        connection.execute(
            text("UPDATE product SET policy = CAST(:policy AS jsonb) WHERE id = :id"),
            {"policy": json.dumps(policy), "id": ASKS},
        )
        connection.execute(text("UPDATE calendar SET edition = gen_random_uuid()"))


def step(city: City, email: str) -> tuple[str, bool]:
    """Return how far the question to somebody is, and whether he was seen."""
    with city.database("appointments").connect() as connection:
        found = connection.execute(
            text(
                "SELECT step, seen_at IS NOT NULL FROM reconfirmation JOIN appointment ON id = appointment_id"
                " WHERE email = :email"
            ),
            {"email": email},
        ).one()
    return found[0], found[1]


@pytest.mark.usefixtures("asking")
def test_who_booked_long_ago_is_asked_by_mail_and_keeps_his_visit_with_one_press(
    page: Page, new_context: Callable[..., BrowserContext], city: City
) -> None:
    resident = Resident(page, looks_with_axe=True)
    page.goto("/afspraak/product")
    page.locator(f"#product-{ASKS}").check()
    resident.presses("Verder")
    page.locator("#location-stadskantoor").check()
    resident.presses("Verder")
    visit = {"location_id": "stadskantoor", "products": [{"product_id": ASKS, "persons": 1}]}
    far = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
    day = next(day["on"] for day in city.rpc.call("appointments", "free_days", visit)["days"] if day["on"] > far)
    page.goto(f"/afspraak/dag-en-tijd?dag={day}")
    resident.chooses_time()
    resident.presses("Verder")
    resident.fills_in()
    resident.presses("Verder")
    resident.presses("Maak deze afspraak")
    resident.arrives("Uw afspraak staat vast")
    city.mailbox.expect(to=resident.email)

    question = city.mailbox.expect(to=resident.email)
    assert "Komt u nog?" in str(question["Subject"])
    link = re.search(r"https?://\S+/nl/a/\S+", words(question))
    assert link
    assert step(city, resident.email) == ("asked", False)

    small = new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    holder = Resident(small.new_page(), width=320)
    holder.page.goto(link[0])
    holder.arrives("Uw afspraak")
    eventually(lambda: step(city, resident.email) == ("asked", True), what="the look at the question")
    page.goto(link[0])
    resident.arrives("Uw afspraak")
    expect(page.get_by_role("region", name="Komt u nog?")).to_be_visible()
    holder.presses("Ja, ik kom")
    expect(holder.page.get_by_role("status")).to_contain_text("Dank u. Uw afspraak blijft staan.")
    assert step(city, resident.email) == ("kept", True)
    resident.presses("Ja, ik kom")
    expect(page.get_by_role("status")).to_contain_text("Dank u.")
