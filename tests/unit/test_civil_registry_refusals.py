"""Every refusal of the civil registry is promised to callers, and explained to people in Dutch and English."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.api.problems import PROBLEMS
from services import civil_registry
from services.civil_registry.domain.birth_online import TERM_PASSED
from services.civil_registry.domain.death_rules import A_CERTIFICATE, NO_OBJECTION
from services.civil_registry.domain.kinship import DISPENSATION, SWORN_STATEMENT
from services.civil_registry.domain.marriage_rules import GUARDIAN_CONSENT
from services.contracts.civil_registry import EVIDENCE_KINDS, OBSTACLES, REFUSALS

FILES = sorted(Path(civil_registry.__file__).parent.rglob("*.py"))


def _codes() -> Iterator[str]:
    """Yield what is written as `code = "..."` in a class."""
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str(code))) if code:
                    yield code


CODES = Counter(_codes())
RULES = "\n".join(file.read_text(encoding="utf-8") for file in FILES if file.parent.name == "domain")


def test_every_refusal_of_the_service_is_in_the_contract_and_the_other_way_round():
    assert set(CODES) == set(REFUSALS)


def test_no_code_means_two_things():
    assert set(CODES.values()) == {1}


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_people_are_told_what_is_wrong_and_what_to_do(code):
    problem = PROBLEMS[code]
    for language in ("nl", "en"):
        assert problem.title(language) and problem.cure(language).endswith((".", "?"))
    assert problem.title("nl") != problem.title("en")


def test_every_key_of_an_obstacle_in_the_contract_is_used():
    assert set(re.findall(r'"((?:birth|death|marriage)-[a-z-]+)"', RULES)) >= set(OBSTACLES)


def test_a_warning_is_no_refusal():
    assert TERM_PASSED not in REFUSALS


def test_every_paper_that_a_rule_asks_for_can_be_added_to_a_record():
    asked = {A_CERTIFICATE, NO_OBJECTION, SWORN_STATEMENT, DISPENSATION, GUARDIAN_CONSENT}
    asked |= set(re.findall(r'\.has\("([a-z-]+)"\)', RULES))
    assert "exemption" in asked
    assert asked <= set(EVIDENCE_KINDS)
