"""Residents who ask for a drawn place, in a browser and on the phone; what comes of it, by mail, and who checks it."""

import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import text

from deploy.local.place import ROOT
from tests.city import City, eventually
from tests.journeys.test_pages_resident import Resident, words

PRODUCT = "free-wedding"
PLACES = 4
BY_PHONE = 7


class Entrant(Resident):
    """Somebody who takes part in a draw on the pages."""

    def __init__(self, page: Page, city: City, *, width: int, **how: Any) -> None:
        super().__init__(page, width=width, **how)
        self._city = city

    def goes_to_wishes(self) -> None:
        self.page.goto("/afspraak/product")
        self.page.locator(f"#product-{PRODUCT}").check()
        self.presses("Verder")
        if "/locatie" in self.page.url:
            self.page.locator("input[name=location]").first.check()
            self.presses("Verder")
        self.arrives("Kies een dag en tijd")
        self.page.get_by_role("link", name="Doe mee aan de loting").first.click()
        self.arrives("Welke plekken")

    def takes_part(self, born: str) -> None:
        self.page.locator("#persons").select_option("2")
        self.presses("Verder")
        self.arrives("Uw gegevens")
        self.presses("Verder")
        self.arrives("Uw gegevens")
        expect(self.page).to_have_title(re.compile("^Fout: "))
        self.fills_in()
        for label, value in (("Dag", "28"), ("Maand", "2"), ("Jaar", born)):
            self.page.get_by_label(label, exact=True).fill(value)
        self.presses("Verder")
        self.arrives("Controleer uw aanvraag")
        self.presses("Stuur mij een code")
        self.arrives("Vul uw code in")
        self.page.get_by_label("Code", exact=True).fill(self.mailed_code())
        self.presses("Meedoen")
        self.arrives("U doet mee aan de loting")

    def mailed_code(self) -> str:
        found = re.search(r"\b\d{3}\s\d{3}\b", words(self._city.mailbox.expect(to=self.email)))
        assert found
        return found[0]

    @property
    def number(self) -> str:
        """The number of the draw, as the page shows it."""
        return self.page.locator(".reference").inner_text()


def by_phone(city: City, draw_id: str, born: date) -> str:
    """Have staff put somebody in the draw; return the address of this person."""
    email = f"{uuid4().hex[:12]}@voorbeeld.nl"
    asked = {"draw_id": draw_id, "location_ids": ["stadskantoor"], "persons": 2, "channel": "phone"} | {
        "name": "Bram Beller",
        "birth_on": born.isoformat(),
        "email": email,
        "language": "nl",
    }
    assert city.rpc.call("appointments", "enter_draw", asked, idempotency_key=str(uuid4()))["passed"]
    return email


def open_draw(city: City) -> str:
    """Return the draw that the pages offer first."""
    draws = city.rpc.call("appointments", "list_draws", {})["draws"]
    return next(draw["draw_id"] for draw in draws if draw["state"] == "open" and draw["product_id"] == PRODUCT)


def state_of(city: City, draw_id: str) -> str:
    with city.database("appointments").connect() as connection:
        return str(connection.scalar(text("SELECT state FROM draw_batch WHERE id = :id"), {"id": draw_id}))


def let_the_moment_come(city: City, draw_id: str) -> None:
    """Bring the moments of a draw forward: it is due now."""
    moments = "opens_at = now() - interval '3 days', closes_at = now() - interval '1 second', draws_at = now()"
    with city.database("appointments").begin() as connection:
        connection.execute(text(f"UPDATE draw_batch SET {moments} WHERE id = :id"), {"id": draw_id})


def draw_mail(city: City, email: str) -> EmailMessage:
    """Return the mail with the result."""
    return city.mailbox.expect(to=email, matching=lambda mail: "code" not in str(mail["Subject"]).lower())


def verified(document: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "services.appointments.verify_draw", str(document), *more],
        cwd=ROOT, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.timeout(300)
def test_a_batch_is_drawn_once_whatever_dies_and_everybody_hears_and_can_check_it(
    page: Page, new_context: Callable[..., BrowserContext], city: City, tmp_path: Path
) -> None:
    draw_id = open_draw(city)
    first = Entrant(page, city, width=1180, looks_with_axe=True)
    page.set_viewport_size({"width": 1180, "height": 900})
    small = new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    second = Entrant(small.new_page(), city, width=320)
    for entrant, born in ((first, "1990"), (second, "1960")):
        entrant.goes_to_wishes()
        entrant.page.goto("/loting")
        entrant.arrives("Plekken die wij verloten")
        entrant.page.get_by_role("link", name="Meedoen").first.click()
        entrant.takes_part(born)
    callers = [by_phone(city, draw_id, date(1970 + number, 5, 5)) for number in range(BY_PHONE)]

    confirmed = words(draw_mail(city, first.email))
    link = re.search(r"https?://\S+/nl/l/\S+", confirmed)
    assert link and first.number.replace(" ", " ") in confirmed.replace(" ", " ")
    draw_mail(city, second.email)
    for caller in callers:
        draw_mail(city, caller)
    withdrawer = new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    _withdraws(Entrant(withdrawer.new_page(), city, width=320, looks_with_axe=False), second, city)

    let_the_moment_come(city, draw_id)
    background = city.process("appointments-background")
    eventually(lambda: state_of(city, draw_id) != "open", what="the draw")
    background.kill()
    background.start()
    background.wait_ready()
    eventually(lambda: state_of(city, draw_id) == "settled", what="everybody was told")

    results = [str(draw_mail(city, email)["Subject"]) for email in [first.email, *callers]]
    won = [subject for subject in results if "U hebt een plek" in subject or "afspraak" in subject.lower()]
    assert len(won) == PLACES, results
    _reads_the_result(first, link[0], draw_id)
    _checks_the_draw(city, draw_id, tmp_path / "draw.json")


def _withdraws(elsewhere: Entrant, entrant: Entrant, city: City) -> None:
    """Withdraw by the link of the confirming mail, on another device."""
    [link] = {
        found[0]
        for mail in city.mailbox.messages(entrant.email)
        if (found := re.search(r"https?://\S+/nl/l/\S+", words(mail)))
    }
    elsewhere.page.goto(link)
    elsewhere.arrives("Uw aanvraag voor de loting")
    elsewhere.presses("Trek mijn aanvraag in")
    expect(elsewhere.page.get_by_text("U hebt deze aanvraag ingetrokken").first).to_be_visible()
    elsewhere.page.goto("/loting")


def _reads_the_result(entrant: Entrant, link: str, draw_id: str) -> None:
    number = entrant.number
    page = entrant.page
    page.goto(link)
    entrant.arrives("Uw aanvraag voor de loting")
    page.goto("/loting")
    entrant.arrives("Plekken die wij verloten")
    page.locator(f"a[href='/loting/uitslag/{draw_id}']").first.click()
    entrant.arrives("Uitslag van de loting")
    page.get_by_label("Uw lotnummer").fill(number)
    entrant.presses("Toon mijn uitslag")
    entrant.arrives("Uitslag van de loting")
    expect(page.get_by_role("status")).to_contain_text(f"Lotnummer {number}")


def _checks_the_draw(city: City, draw_id: str, file: Path) -> None:
    with urllib.request.urlopen(f"{city.url}/v1/draws/{draw_id}", timeout=10) as answer:
        file.write_bytes(answer.read())
    done = verified(file)
    assert (done.returncode, f"{PLACES} places given" in done.stdout) == (0, True), done.stdout + done.stderr
    changed = file.read_bytes().replace(b'"balie-draw-1"', b'"balie-draw-2"', 1)
    assert changed != file.read_bytes()
    file.write_bytes(changed)
    assert verified(file).returncode == 1
