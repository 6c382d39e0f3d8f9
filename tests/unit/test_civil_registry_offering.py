"""What is offered, from readable and dated files."""

import shutil
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.civil_registry.data_files import FOLDER, DataFileError
from services.civil_registry.offering import read_offering
from services.civil_registry.queries import offered_declarations
from services.contracts.base import dump, load
from services.contracts.civil_registry import DeclarationList
from services.messaging.errors import Malformed
from services.messaging.work import Reading


def _asked(now="2026-11-23T12:00:00", **asked):
    no_connection: Any = None
    reading = Reading(no_connection, datetime.fromisoformat(now).replace(tzinfo=UTC))
    return offered_declarations(reading, read_offering(), **asked)


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "data")
    return tmp_path / "data"


def test_a_clerk_sees_four_declarations_and_none_of_them_online():
    answer = load(DeclarationList, dump(DeclarationList, _asked(on=date(2026, 12, 24))))
    last = {declaration["kind"]: declaration["term"]["last_on"] for declaration in answer["declarations"]}
    assert last == {
        "birth": date(2026, 12, 29),
        "acknowledgement": None,
        "death": date(2027, 1, 5),
        "marriage-notice": None,
    }
    assert not any(declaration["online"] for declaration in answer["declarations"])


def test_today_is_a_day_in_the_netherlands():
    assert _asked(now="2026-11-23T23:30:00")["on"] == date(2026, 11, 24)


def test_nothing_is_said_about_days_for_which_the_texts_were_not_checked():
    assert _asked(on=date(2022, 12, 31))["declarations"] == []


@pytest.mark.parametrize("on", [date.min, date(1949, 12, 31), date(2100, 1, 1), date.max])
def test_a_year_far_away_is_malformed(on):
    with pytest.raises(Malformed):
        _asked(on=on)


def test_every_declaration_names_its_article_in_the_law():
    for declaration in read_offering().declarations:
        assert "BW 1:" in declaration.term.source


def test_the_texts_say_what_the_rules_count():
    said = {declaration.kind: declaration for declaration in read_offering().declarations}
    for kind in ("birth", "death"):  # a German Werktag may be a Saturday
        german = said[kind].term.description["de"]
        assert "Werktag" not in german and "Montag bis Freitag, keine Feiertage" in german
    for city, language in (("Den Haag", "nl"), ("The Hague", "en"), ("Den Haag", "de")):
        assert city in said["marriage-notice"].declared_by[language]
    assert "jonger dan 16 jaar? Dan is toestemming van de moeder nodig." in said["acknowledgement"].declared_by["nl"]


def test_the_days_equated_by_decree_are_known_for_the_coming_year():
    assert read_offering().decree_days_known_until >= date(2027, 12, 31)


@pytest.mark.parametrize(
    ("file", "was", "becomes", "said"),
    [
        ("declarations.yaml", "rule: birth", "rule: whenever", "rule"),
        ("declarations.yaml", "kind: birth", "kind: death", "same day"),
        ("declarations.yaml", "      de: Anzeige einer Geburt\n", "", "de"),
        ("decree_days.yaml", "2026-01-02", "tomorrow", "YYYY-MM-DD"),
        ("decree_days.yaml", "days:", "days: [", "cannot be read"),
    ],
)
def test_a_mistake_in_a_file_stops_the_start_and_says_where(folder, file, was, becomes, said):
    text = (folder / file).read_text()
    assert was in text
    (folder / file).write_text(text.replace(was, becomes, 1))
    with pytest.raises(DataFileError, match=said) as stopped:
        read_offering(folder)
    assert file in str(stopped.value)


def test_a_changed_declaration_takes_over_on_its_day(folder):
    file = folder / "declarations.yaml"
    old, rest = file.read_text().split("  - kind: acknowledgement", 1)
    new = "  - kind: birth" + old.split("  - kind: birth", 1)[1].replace("online: false", "online: true")
    old = old.replace("valid_from: 2023-01-01", "valid_from: 2023-01-01\n    valid_until: 2026-12-31")
    new = new.replace("valid_from: 2023-01-01", "valid_from: 2027-01-01")
    file.write_text(old + new + "  - kind: acknowledgement" + rest)
    offering = read_offering(folder)
    births = [
        next(declaration.online for declaration in offering.on(day) if declaration.kind == "birth")
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert births == [False, True]
