"""A paper of the registry in the hands of somebody: checked in a browser, by the square on it or by hand."""

import io
from pathlib import Path

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import text

from services.civil_registry.commands.documents import issue, withdraw
from services.civil_registry.paper_desk import PaperDesk
from services.civil_registry.settings import PaperSettings
from services.filing.settings import FilingSettings
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions
from services.messaging.settings import Secret
from tests.papers_samples import PAPERS


class GivenOut:
    """A permit that the town gave out."""

    def __init__(self, city, folder: Path):
        clock = SystemClock()
        settings = PaperSettings(FilingSettings(city.place.files), city.url)
        desk = PaperDesk.of(settings, Secret(city.place.secrets["BALIE_SECRET_KEY"]), clock)
        self._transactions = Transactions(city.database("civil_registry"), clock, source="civil_registry")
        with self._transactions.work() as work:
            record_id = work.connection.execute(_A_RECORD).scalar_one()
            self._issued = issue(work, desk, PAPERS["permit"], language="nl", issued_by="s.jansen", record_id=record_id)
        self.content = desk.store.get(self._issued.file_id)[1]
        self.file = folder / "verlof.pdf"
        self.file.write_bytes(self.content)
        words = pypdf.PdfReader(io.BytesIO(self.content)).pages[0].extract_text().split()
        self.code = next(word for word in words if word.count("-") == 4 and len(word) == 24)

    def is_withdrawn(self):
        with self._transactions.work() as work:
            withdraw(work, self._issued.id, by="s.jansen", reason="andere dag")


_A_RECORD = text(
    """
    INSERT INTO record (id, kind, status, flags, version, facts, source, language, receipt, owner, content, extra,
                        started_at, facts_since)
    VALUES (gen_random_uuid(), 'funeral-permit', 'issued', '{}', 1, 1, 'partner', 'nl', gen_random_uuid()::text, 'x',
            '{}', '{}', now(), now())
    RETURNING id
    """
)


@pytest.fixture
def permit(city, tmp_path):
    return GivenOut(city, tmp_path)


def axe(page):
    return [found["id"] for found in Axe().run(page).response["violations"]]


def test_the_square_leads_to_a_filled_in_form_and_the_code_reaches_no_log(page, city, permit):
    page.goto(f"/controle#{permit.code}")
    expect(page.get_by_label("Code op het document")).to_have_value(permit.code)
    assert permit.code not in page.url  # also not in the history of the browser
    assert axe(page) == []
    page.get_by_role("button", name="Controleren").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dit document is van ons en geldt nog")
    expect(page.get_by_text("L-2026-0815AB")).to_be_visible()
    assert "Heuvel" not in page.content()
    assert axe(page) == []
    page.get_by_label("Kies de PDF").set_input_files(permit.file)
    page.get_by_role("button", name="Vergelijken").click()
    expect(page.get_by_text("precies het bestand")).to_be_visible()
    assert axe(page) == []
    permit.is_withdrawn()
    page.get_by_role("link", name="Ander document").click()
    page.get_by_label("Code op het document").fill(permit.code.lower().replace("-", " "))
    page.get_by_role("button", name="Controleren").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wij hebben dit document ingetrokken")
    bare = permit.code.replace("-", "")
    for process in city.processes:
        assert permit.code not in process.log() and bare not in process.log()


def test_without_javascript_the_code_is_typed_by_hand(new_context, permit):
    page = new_context(java_script_enabled=False, viewport={"width": 360, "height": 700}).new_page()
    page.goto(f"/en/verify#{permit.code}")
    expect(page.get_by_label("Code on the document")).to_have_value("")
    page.get_by_label("Code on the document").fill(permit.code.replace("0", "O"))
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This document is from us and still stands")
    page.get_by_label("Choose the PDF").set_input_files(
        {"name": "a.pdf", "mimeType": "", "buffer": permit.content + b" "}
    )
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("not the one that we gave out")).to_be_visible()


def test_a_code_with_a_slip_is_told_so_at_the_field(page, permit):
    page.goto("/controle")
    wrong = permit.code[:-1] + ("0" if permit.code[-1] != "0" else "1")
    page.get_by_label("Code op het document").fill(wrong)
    page.get_by_role("button", name="Controleren").click()
    expect(page.get_by_role("alert")).to_contain_text("Wij kennen geen document met deze code")
    expect(page.get_by_label("Code op het document")).to_have_value(wrong)
    assert axe(page) == []


def test_a_file_that_is_far_too_large_gets_an_answer_and_no_broken_connection(page, permit, tmp_path):
    huge = tmp_path / "huge.pdf"
    huge.write_bytes(b"%PDF-1.7" + bytes(25_000_000))
    page.goto("/controle")
    page.get_by_label("Code op het document").fill(permit.code)
    page.get_by_role("button", name="Controleren").click()
    page.get_by_label("Kies de PDF").set_input_files(huge)
    page.get_by_role("button", name="Vergelijken").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Het bestand is te groot")
