"""What the documents say exists: links lead somewhere, settings are real and all told, alerts find their runbook."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
PRIVATE = {"BALIE_DATABASE_PASSWORD", "BALIE_AMQP_PASSWORD", "BALIE_SUPERVISED_IN"}
"""Variables that `make up` gives to itself."""


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _links(document: Path) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_link_in_a_document_leads_somewhere(document):
    for link in _links(document):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        if anchor:
            assert anchor in _anchors(target), link


def test_every_alert_finds_its_runbook():
    rules = yaml.safe_load((ROOT / "deploy/prometheus/rules.yml").read_text(encoding="utf-8"))
    for rule in rules["groups"][0]["rules"]:
        path, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert anchor in _anchors(ROOT / path), rule["alert"]


def _settings_in_code() -> set[str]:
    files = [file for room in ("services", "gateway") for file in (ROOT / room).rglob("*.py")]
    files.append(ROOT / "deploy/gunicorn.conf.py")
    found = (re.findall(r"[\"'](BALIE_[A-Z_]+)[\"']", file.read_text(encoding="utf-8")) for file in files)
    return {name for names in found for name in names} - PRIVATE


def test_every_setting_that_the_code_reads_is_told_to_operators():
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    told = set(re.findall(r"BALIE_[A-Z_]+", text)) | {f"BALIE_RATE{end}" for end in re.findall(r"`(_[A-Z]+)`", text)}
    assert _settings_in_code() <= told


def test_every_figure_that_operators_are_told_of_exists():
    code = "".join(
        file.read_text(encoding="utf-8") for room in ("services", "gateway") for file in (ROOT / room).rglob("*.py")
    )
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    for figure in set(re.findall(r"`(balie_[a-z_]+)`", text)) - {"balie_", "balie_crm", "balie_gateway"}:
        assert f'"{figure}"' in code, figure


def test_every_decision_stands_in_the_list():
    folder = ROOT / "docs/decisions"
    pages = {page.name for page in folder.glob("0*.md")}
    assert pages == set(_links(folder / "README.md"))
