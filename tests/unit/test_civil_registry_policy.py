"""What the town decided within the law, from a readable and dated file."""

import shutil
from datetime import date, time
from pathlib import Path

import pytest

from services.civil_registry.data_files import FOLDER, DataFileError
from services.civil_registry.domain.policy import (
    BY_LAW,
    BirthCondition,
    DeathCondition,
    FreeCeremony,
    MarriageCondition,
)
from services.civil_registry.offering import read_offering
from services.civil_registry.policies import read_policies
from services.civil_registry.secrets import Secrets
from services.civil_registry.town import TownError, read_town, refuse_unknown_rooms
from services.messaging.settings import Secret

TOWN = Path(__file__).resolve().parents[2] / "deploy" / "demo" / "enschede"
SINCE = "    valid_from: 2023-01-01"
NEXT = "\n\n  - name: marriage-wait"
LATEST = "  - name: funeral-latest\n"
OLDER = f"{LATEST}    number: 5\n    unit: working-days\n    source: x\n{SINCE}\n    valid_until: 2025-12-30\n\n"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "data")
    return tmp_path / "data"


def _edited(folder, file, *changes):
    text = (folder / file).read_text()
    for was, becomes in changes:
        assert was in text
        text = text.replace(was, becomes, 1)
    (folder / file).write_text(text)


def test_enschede_takes_births_online_under_every_condition_that_other_towns_publish():
    policy = read_policies().on(date(2026, 11, 23))
    assert policy.municipality.code == "0153"
    assert policy.birth.online == set(BirthCondition)
    assert policy.marriage.hours.opens_at == time(9)
    assert FreeCeremony(weekday=0, at=time(9), room_id="stadskantoor-kamer") in policy.marriage.free


def test_a_new_policy_takes_over_on_its_day_and_the_first_one_also_counts_before_it(folder):
    file = folder / "policy.yaml"
    head, first = file.read_text().split("policies:\n", 1)
    second = first.replace("one-address: true", "one-address: false").replace("2023-01-01", "2027-01-01")
    first = first.replace("valid_from: 2023-01-01", "valid_from: 2023-01-01\n    valid_until: 2026-12-31")
    file.write_text(head + "policies:\n" + second + first)
    policies = read_policies(folder)
    switched = [
        BirthCondition.ONE_ADDRESS in policies.on(day).birth.online
        for day in (date(2020, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert switched == [True, True, False]


@pytest.mark.parametrize("condition", sorted(BY_LAW))
def test_what_the_law_asks_cannot_be_switched_off(folder, condition):
    _edited(folder, "policy.yaml", (f"        {condition}: true", f"        {condition}: false"))
    with pytest.raises(DataFileError, match=f"`{condition}` is law"):
        read_policies(folder)


@pytest.mark.parametrize("condition", [*BirthCondition, *DeathCondition, *MarriageCondition])
def test_every_condition_is_a_switch_and_none_may_be_forgotten(folder, condition):
    text = (folder / "policy.yaml").read_text()
    (folder / "policy.yaml").write_text(
        "\n".join(line for line in text.splitlines() if not line.strip().startswith(f"{condition}: "))
    )
    with pytest.raises(DataFileError, match=condition):
        read_policies(folder)


@pytest.mark.parametrize(
    ("file", "changes", "said"),
    [
        ("policy.yaml", [('code: "0153"', "code: 153")], "code"),
        ("policy.yaml", [("        - {weekday: tue", "        # - {weekday: tue")], "free"),
        ("policy.yaml", [("weekday: mon", "weekday: ma")], "weekday"),
        ("policy.yaml", [('opens_at: "09:00"', 'opens_at: "9 uur"')], "opens_at"),
        ("policy.yaml", [(SINCE, SINCE + "\n    valid_until: 2024-01-01")], "after"),
        ("terms.yaml", [("number: 36", "number: 0")], "number"),
        ("terms.yaml", [("unit: hours", "unit: fortnights")], "unit"),
        ("terms.yaml", [("name: legal-remedy", "name: funeral-latest")], "funeral-latest are in force"),
        ("terms.yaml", [(SINCE + NEXT, SINCE.replace("2023", "2026") + NEXT), (LATEST, OLDER + LATEST)], "before 2026"),
        ("fact_letters.yaml", [("letter: A", "letter: a")], "letter"),
        ("fact_letters.yaml", [("fact: acknowledgement-at-declaration", "fact: birth")], "same day"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_file_stops_the_start_and_says_where(folder, file, changes, said):
    _edited(folder, file, *changes)
    with pytest.raises(DataFileError, match=said) as stopped:
        read_offering(folder)
    assert file in str(stopped.value)


def test_every_term_of_the_law_is_there(folder):
    _edited(folder, "terms.yaml", ("  - name: legal-remedy", "  - name: marriage-wait"))
    with pytest.raises(DataFileError, match="marriage-wait"):
        read_offering(folder)


def test_a_town_without_terms_does_not_start(folder):
    (folder / "terms.yaml").write_text("terms: []\n")
    with pytest.raises(DataFileError, match="no entry of birth-declaration"):
        read_offering(folder)


def test_what_is_free_of_charge_is_held_in_a_room_of_the_town():
    policies, town = read_policies(), read_town(TOWN, Secrets.of(Secret("k" * 40)))
    refuse_unknown_rooms(policies, town.rooms)
    with pytest.raises(TownError, match="stadskantoor-kamer is no room"):
        refuse_unknown_rooms(policies, {"stadhuis-trouwzaal": town.rooms["stadhuis-trouwzaal"]})
