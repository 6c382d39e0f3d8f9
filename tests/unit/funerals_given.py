"""An undertaker who is logged in, and what he fills in: what tests of his pages share."""

import io
from typing import Any

import pytest

from tests.filing_samples import pdf
from tests.funerals_double import FIRM, FuneralsDouble
from tests.pages_double import StillClock
from tests.registry_double import SEALER, Declarant, logs_in, make_registry_app

HENDRIK = "999980348"
NEW = "/uitvaart/nieuw"
PDF = pdf()
DEATH: dict[str, Any] = {
    "here": "yes", "died_day": "22", "died_month": "11", "died_year": "2026", "died_time": "22.10", "place": "0",
    "manner": "natural",
}  # fmt: skip
DECEASED: dict[str, Any] = {
    "bsn": HENDRIK, "first_names": "Hendrik Jan", "surname": "Scholten", "sex": "male", "born_day": "5",
    "born_month": "5", "born_year": "1944", "born_place": "Enschede", "marital": "married",
    "partner": "Geertruida Bruins", "last_address": "Testlaan 1, Enschede",
}  # fmt: skip
FUNERAL: dict[str, Any] = {
    "kind": "cremation", "place": "Crematorium Twente", "planned": "yes", "at_day": "27", "at_month": "11",
    "at_year": "2026", "at_time": "11:00", "plan": "within-term",
}  # fmt: skip
DECLARANT: dict[str, Any] = {
    "first_names": "Johan", "surname": "Linde", "born_day": "2", "born_month": "2", "born_year": "1980",
    "born_place": "Hengelo", "by": "Ingrid Scholten", "relation": "dochter", "by_phone": "0612345678",
    "email": "info@delinde.example",
}  # fmt: skip
CONTENT: dict[str, Any] = {
    "death": {"on": "2026-11-22", "time": "22:10", "municipality": "0153", "manner": "natural", "stillborn": False,
              "place": "Medisch Spectrum Twente, Koningstraat 1"},
    "deceased": {"bsn": SEALER.seal(HENDRIK), "no_bsn": None, "first_names": "Hendrik Jan", "surname_prefix": "",
                 "surname": "Scholten", "sex": "male", "born_on": "1944-05-05", "born_place": "Enschede",
                 "marital_status": "married", "partner_name": "Geertruida Bruins",
                 "last_address": "Testlaan 1, Enschede"},
    "funeral": {"kind": "cremation", "at": "2026-11-27T10:00:00+00:00", "place": "Crematorium Twente",
                "plan": "within-term", "reason": ""},
    "declarant": {"first_names": "Johan", "surname_prefix": "", "surname": "Linde", "born_on": "1980-02-02",
                  "born_place": "Hengelo"},
    "authorised": {"name": "Ingrid Scholten", "relation": "dochter", "phone": "+31612345678"},
    "contact": {"email": "info@delinde.example", "phone": None, "language": "nl"},
}  # fmt: skip


@pytest.fixture
def double():
    return FuneralsDouble(StillClock())


@pytest.fixture
def app(double, tmp_path):
    made = make_registry_app(double, double.clock, folder=tmp_path)
    logs_in(made, FIRM, name="Uitvaartverzorging De Linde")
    return made


@pytest.fixture
def undertaker(app):
    return Declarant(app)


def at(record, page):
    return f"/uitvaart/{record['record_id']}/{page}"


def paper(name="verklaring.pdf", content=PDF):
    return (io.BytesIO(content), name)


def ready(double, **changes):
    """A draft that can be sent."""
    content = {name: dict(part) for name, part in CONTENT.items()}
    for name, part in changes.items():
        content[name] = {**content[name], **part}
    named = content["deceased"]
    record = double.has("death", FIRM, content=content, label=f"{named['first_names']} {named['surname']}")
    now = double.clock.now().isoformat()
    record["evidence"].append(
        {"evidence_id": record["record_id"], "kind": "a-certificate", "file_id": "ab" * 32, "file_name": "a.pdf",
         "media_type": "application/pdf", "size": 9, "added_at": now, "original_on": None}
    )  # fmt: skip
    return record
