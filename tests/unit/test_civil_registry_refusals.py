"""Every refusal of the law is promised to callers, and explained to people in Dutch and English."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

from gateway.api.problems import PROBLEMS
from services.civil_registry import domain
from services.civil_registry.domain.birth_online import TERM_PASSED
from services.contracts.civil_registry import OBSTACLES, REFUSALS
from services.messaging.errors import Refusal

FOLDER = Path(domain.__file__).parent
MODULES = [importlib.import_module(f"{domain.__name__}.{found.name}") for found in pkgutil.iter_modules([str(FOLDER)])]
CLASSES = {
    thing
    for module in MODULES
    for thing in vars(module).values()
    if isinstance(thing, type) and issubclass(thing, Refusal) and thing is not Refusal
}
SOURCE = "\n".join(file.read_text(encoding="utf-8") for file in FOLDER.glob("*.py"))


def test_every_refusal_of_the_domain_is_in_the_contract_and_the_other_way_round():
    assert {refusal.code for refusal in CLASSES} == set(REFUSALS)


def test_no_code_is_used_twice():
    assert len({refusal.code for refusal in CLASSES}) == len(CLASSES)


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_people_are_told_what_is_wrong_and_what_to_do(code):
    problem = PROBLEMS[code]
    for language in ("nl", "en"):
        assert problem.title(language) and problem.cure(language).endswith((".", "?"))
    assert problem.title("nl") != problem.title("en")


def test_every_obstacle_has_a_key_in_the_contract_and_the_other_way_round():
    used = set(re.findall(r'"((?:birth|death|marriage)-[a-z-]+)"', SOURCE)) & set(OBSTACLES)
    assert used == set(OBSTACLES)


def test_a_warning_is_no_refusal():
    assert TERM_PASSED not in REFUSALS
