"""Checking a paper by its code: in both languages, without JavaScript, and never more than kind, number and date."""

import hashlib
import io
from datetime import date

import pytest

from gateway.app import create_app
from gateway.pages.verifying import KINDS
from services.contracts.civil_registry import DOCUMENTS
from services.filing.settings import FilingSettings
from services.messaging.errors import RemoteRefusal, Unavailable
from tests.pages_visitor import Visitor
from tests.unit.gateway_api_double import GOOD_ANSWERS, FarSide, settings

ASKED = "civil_registry.verify_document"
CODE = "7k2q-9mdx-4t8v-pc3h-w6zr"
PDF = b"%PDF-1.7 as it was given out"
FOUND = GOOD_ANSWERS[ASKED] | {"issued_on": date(2026, 11, 25), "sha256": hashlib.sha256(PDF).hexdigest()}


@pytest.fixture
def far_side():
    far = FarSide()
    far.answers[ASKED] = FOUND
    return far


@pytest.fixture
def visitor(far_side, tmp_path):
    filing = FilingSettings(tmp_path, largest_bytes=100_000)
    return Visitor(create_app(settings(filing=filing, public_url="http://localhost"), far_side))


def checks(visitor, code=CODE, page="/controle"):
    return visitor.goes_to(page).sends(page, code=code)


def compares(visitor, content, page="/controle/bestand"):
    token = visitor.hidden("csrf_token", action=page)
    code = visitor.hidden("code", action=page)
    file = [] if content is None else [(io.BytesIO(content), "a.pdf")]
    sent = {"csrf_token": token, "code": code, "file": file}
    visitor.page = visitor.client.post(page, data=sent, content_type="multipart/form-data")
    return visitor


def test_a_valid_paper_is_told_by_kind_number_and_day(visitor, far_side):
    checks(visitor)
    assert far_side.asked(ASKED) == {"code": CODE}
    assert "Dit document is van ons en geldt nog" in visitor.text
    assert "Wat Uittreksel uit een akte Nummer 1A0123 Afgegeven op woensdag 25 november 2026" in visitor.text
    assert FOUND["sha256"][:8] in visitor.text


def test_it_speaks_english_too(visitor):
    checks(visitor, page="/en/verify")
    assert "This document is from us and still stands" in visitor.text
    assert "Extract of a deed" in visitor.text and "Wednesday 25 November 2026" in visitor.text


@pytest.mark.parametrize(
    ("state", "words"), [("withdrawn", "Wij hebben dit document ingetrokken"), ("replaced", "nieuwer document")]
)
def test_a_paper_that_does_not_stand_any_more_is_told_as_such(visitor, far_side, state, words):
    far_side.answers[ASKED] = FOUND | {"state": state}
    checks(visitor)
    assert words in visitor.text and "geldt niet meer" in visitor.text
    assert "geldt nog" not in visitor.text


def test_an_unknown_code_is_an_error_at_the_field_and_what_was_typed_stays(visitor, far_side):
    far_side.answers[ASKED] = RemoteRefusal("document-unknown", "Check the code.", {})
    checks(visitor)
    assert visitor.page.status_code == 422
    assert "Wij kennen geen document met deze code" in visitor.text
    assert f'value="{CODE}"' in visitor.source
    assert visitor.title.startswith("Fout:")


def test_nothing_typed_is_not_asked(visitor, far_side):
    checks(visitor, code="  ")
    assert visitor.page.status_code == 422
    assert "Vul de code in" in visitor.text
    assert far_side.calls == []


def test_a_very_long_code_is_cut_before_it_is_asked(visitor, far_side):
    checks(visitor, code="7" * 500)
    assert far_side.asked(ASKED) == {"code": "7" * 40}


def test_the_code_stands_in_no_address(visitor, far_side):
    checks(visitor)
    assert visitor.path == "/controle"
    assert CODE not in visitor.page.headers.get("Location", "")
    visitor.goes_to(f"/controle?code={CODE}&c={CODE}")
    assert len(far_side.calls) == 1  # nobody can be led to an address that holds it
    assert CODE not in visitor.source


def test_the_answer_is_kept_by_no_cache(visitor):
    assert checks(visitor).page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("content", "words"), [(PDF, "precies het bestand"), (PDF + b" ", "niet het bestand")])
def test_a_file_can_be_compared_and_is_not_kept(visitor, tmp_path, content, words):
    checks(visitor)
    compares(visitor, content)
    assert words in visitor.text
    assert "geldt nog" in visitor.text
    assert list(tmp_path.rglob("*")) == []


def test_comparing_without_a_file_asks_for_one(visitor):
    checks(visitor)
    compares(visitor, None)
    assert visitor.page.status_code == 422
    assert "Kies de PDF die u wilt vergelijken" in visitor.text


def test_a_file_that_is_too_large_is_told_so(visitor):
    checks(visitor)
    compares(visitor, b"x" * 200_000)
    assert visitor.page.status_code == 413
    assert "Het bestand is te groot" in visitor.text


def test_the_page_for_files_leads_back_to_the_code(visitor):
    assert visitor.goes_to("/controle/bestand").path == "/controle"
    assert visitor.goes_to("/en/verify/file").path == "/en/verify"


def test_when_the_registry_is_away_the_form_can_be_sent_again(visitor, far_side):
    far_side.answers[ASKED] = Unavailable("away")
    checks(visitor)
    assert visitor.page.status_code == 503
    assert f'value="{CODE}"' in visitor.source


def test_who_guesses_codes_is_stopped(far_side, tmp_path):
    app = create_app(settings(rate_checks="3 per minute", filing=FilingSettings(tmp_path)), far_side)
    visitor = Visitor(app, base_url="https://localhost")
    statuses = [checks(visitor).page.status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert len(far_side.calls) == 3


def test_every_kind_of_paper_that_has_a_code_has_a_name():
    assert set(KINDS) == set(DOCUMENTS) - {"deed"}


def test_every_page_leads_to_the_check(visitor):
    assert 'href="/controle"' in visitor.goes_to("/").source
    assert 'href="/en/verify"' in visitor.goes_to("/en").source


def test_who_compares_too_often_gets_a_page_also_with_a_large_file(far_side, tmp_path):
    filing = FilingSettings(tmp_path, largest_bytes=500_000)
    app = create_app(settings(rate_uploads="1 per minute", filing=filing, public_url="http://localhost"), far_side)
    visitor = checks(Visitor(app))
    compares(visitor, b"x" * 300_000)
    answer = compares(visitor, b"x" * 300_000).page
    assert answer.status_code == 429
    assert "Wacht een paar minuten" in visitor.text
