"""The demo town's files are sound, and unsound files are refused as a whole, with every error."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from services.appointments.domain.policy import OPEN_TO_ALL, Reconfirm, Relief, read_policy
from services.appointments.queries import fees_on, hours_on
from services.appointments.town_files import TownFilesError, read_town

QUESTION = "{lead_days: 21, ask_days: 7, until_days: 3}"
DIGEST = "0123456789abcdef" * 2
DEMO = Path(__file__).parents[2] / "deploy" / "demo" / "enschede"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(DEMO, tmp_path / "town")
    return tmp_path / "town"


def change(folder, name, old, new):
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def errors_of(folder):
    with pytest.raises(TownFilesError) as refused:
        read_town(folder)
    return refused.value.errors


def test_enschede_has_two_locations_eleven_counters_one_of_them_in_two_parts_and_all_promised_products():
    town = read_town(DEMO)
    assert [place["id"] for place in town.locations] == ["stadskantoor", "glanerbrug"]
    counters = [line for line in town.lines if line["kind"] == "desk"]
    assert len(counters) == 12
    assert len({(line["location_id"], line["name"]) for line in counters}) == 11
    assert {product["id"] for product in town.products} == {
        "passport",
        "identity-card",
        "driving-licence",
        "passport-abroad",
        "collect-travel-document",
        "birth-declaration",
        "acknowledgement",
        "marriage-notice",
        "free-wedding",
        "move",
        "extract",
    }


def test_nationals_abroad_have_a_counter_of_their_own():
    town = read_town(DEMO)
    abroad = next(product for product in town.products if product["id"] == "passport-abroad")
    able = [line for line in town.lines if set(abroad["needs"]) <= set(line["skills"])]
    assert [(line["id"], line["skills"]) for line in able] == [("stadskantoor-8", ["nationals-abroad"])]


def test_every_product_can_be_done_at_some_counter_on_some_evening_or_day():
    town = read_town(DEMO)
    for product in town.products:
        assert any(set(product["needs"]) <= set(line["skills"]) for line in town.lines)
        assert all(product["names"][language] for language in ("nl", "en", "de"))


def test_a_counter_whose_skills_change_during_the_day_is_a_line_per_part_with_one_name():
    parts = [line for line in read_town(DEMO).lines if line["id"].startswith("stadskantoor-7")]
    assert [(line["id"], line["name"], line["skills"]) for line in parts] == [
        ("stadskantoor-7", "Balie 7", ["civil-status"]),
        ("stadskantoor-7-b", "Balie 7", ["civil-status", "extracts"]),
    ]
    assert [line["shifts"][0]["until"] for line in parts] == ["12:45", "17:00"]


def test_an_acknowledgement_needs_the_quiet_room_and_notices_of_marriage_leave_a_counter_to_others():
    town = read_town(DEMO)
    also = {product["id"]: product["also"] for product in town.products if product["also"]}
    whole = {"from_minutes": None, "minutes": None, "extra_minutes": 0}
    assert also == {
        "acknowledgement": [{"kind": "room", "skills": ["quiet"], **whole}],
        "marriage-notice": [{"kind": "limit", "skills": ["marriage-notice"], **whole}],
    }
    others = [(line["id"], line["kind"]) for line in town.lines if line["kind"] != "desk"]
    assert others == [("stadskantoor-spreekkamer", "room"), ("stadskantoor-huwelijksmelding", "limit")]


def test_a_limit_is_as_many_lines_as_may_be_in_use_at_a_time_and_needs_no_staff(folder):
    change(folder, "lines.yaml", "at_most: 1", "at_most: 3")
    limit = [line for line in read_town(folder).lines if line["kind"] == "limit"]
    assert [line["id"] for line in limit] == [
        "stadskantoor-huwelijksmelding",
        "stadskantoor-huwelijksmelding-2",
        "stadskantoor-huwelijksmelding-3",
    ]
    for line in limit:
        [shift] = line["shifts"]
        assert (shift["weekdays"], shift["from"], shift["until"]) == ([*range(7)], "04:00", "24:00")


ROOM = "{kind: room, skills: [quiet]}"


@pytest.mark.parametrize(
    ("name", "old", "new", "error"),
    [
        ("lines.yaml", "kind: room", "kind: hall", "Must be one of: desk, room, device, limit."),
        ("lines.yaml", "    at_most: 1\n", "", "A limit says at_most how many at a time"),
        ("lines.yaml", "kind: room", "kind: room\n    at_most: 2", "A limit says at_most how many at a time"),
        ("lines.yaml", "at_most: 1", "at_most: 0", "Must be greater than or equal to 1"),
        ("lines.yaml", "    skills: [quiet]\n", "", "Give skills, or parts that each have them."),
        (
            "lines.yaml",
            "    skills: [quiet]\n",
            "    skills: [loud]\n",
            "acknowledgement.also.0: no room in lines.yaml has",
        ),
        ("lines.yaml", "    kind: room\n", "    kind: device\n", "acknowledgement.also.0: no room in lines.yaml has"),
        (
            "lines.yaml",
            "  - id: stadskantoor-spreekkamer\n    location_id: stadskantoor",
            "  - id: stadskantoor-spreekkamer\n    location_id: glanerbrug",
            "acknowledgement.also: no location with a counter for it has enough lines for all of this",
        ),
        ("products.yaml", ROOM, "{kind: desk, skills: [quiet]}", "Must be one of: room, device, limit."),
        ("products.yaml", ROOM, "{kind: room, skills: []}", "Shorter than minimum length 1"),
        (
            "products.yaml",
            ROOM,
            "{kind: room, skills: [quiet], minutes: 35}",
            "The room is needed longer than the visit",
        ),
        ("products.yaml", ROOM, "{kind: room, skills: [quiet], from_minutes: 30}", "The room is needed longer than"),
        (
            "products.yaml",
            ROOM,
            "{kind: room, skills: [quiet], minutes: 5, extra_minutes_per_person: 20}",
            "The room is needed longer than the visit lasts",
        ),
        (
            "products.yaml",
            ROOM,
            "{kind: room, skills: [quiet], extra_minutes_per_person: 5}",
            "Give minutes too: it is extra to them",
        ),
        ("products.yaml", f"      - {ROOM}", f"      - {ROOM}\n      - {ROOM}", "The same is needed twice"),
    ],
)
def test_a_companion_that_cannot_be_is_refused_in_plain_words(folder, name, old, new, error):
    change(folder, name, old, new)
    errors = errors_of(folder)
    assert len(errors) == 1
    assert error in errors[0]


def test_two_different_rooms_at_once_need_two_rooms(folder):
    change(folder, "lines.yaml", "skills: [quiet]", "skills: [quiet, large]")
    change(folder, "products.yaml", ROOM, "{kind: room, skills: [quiet]}\n      - {kind: room, skills: [large]}")
    assert errors_of(folder) == [
        "products.yaml: acknowledgement.also: no location with a counter for it has enough lines for all of this"
    ]


def test_a_counter_that_may_relieve_others_is_a_counter(folder):
    change(folder, "products.yaml", "[stadskantoor-4, stadskantoor-5]", "[stadskantoor-4, stadskantoor-spreekkamer]")
    assert errors_of(folder) == [
        "products.yaml: passport-abroad.policy.relief.lines: lines.yaml has no counter stadskantoor-spreekkamer"
    ]


def test_every_fee_names_its_source_and_its_first_day():
    for product in read_town(DEMO).products:
        assert product["fees"]
        assert all(fee["source"] and date.fromisoformat(fee["valid_from"]) for fee in product["fees"])


def test_all_errors_come_at_once_with_file_and_key(folder):
    change(folder, "products.yaml", "minutes: 15", "minutes: soon")
    change(folder, "locations.yaml", 'from: "08:30"', 'from: "08:32"')
    change(folder, "calendar.yaml", "country: NL", "country: XX")
    errors = errors_of(folder)
    assert len(errors) == 3
    assert any(error.startswith("products.yaml: products.0.minutes: ") for error in errors)
    assert any(error.startswith("locations.yaml: locations.0.hours.0.from: ") for error in errors)
    assert any(error.startswith("calendar.yaml: holidays.country: ") for error in errors)


@pytest.mark.parametrize(
    ("name", "old", "new", "error"),
    [
        ("lines.yaml", "location_id: glanerbrug", "location_id: nowhere", "locations.yaml has no nowhere"),
        ("lines.yaml", "id: stadskantoor-2", "id: stadskantoor-1", "stands there twice"),
        ("lines.yaml", "skills: [nationals-abroad]", "skills: []", "passport-abroad.needs: no counter in lines.yaml"),
        ("products.yaml", "{identity-card: 5,", "{id-card: 5,", "there is no product id-card"),
        ("products.yaml", "    minutes: 15", "    minutos: 15", "Unknown field"),
        ("calendar.yaml", 'from: "16:00", until: "24:00"', 'from: "16:00"', "both from and until"),
        ("locations.yaml", 'from: "08:30", until: "17:00"', 'from: "02:00", until: "17:00"', "01:00 to 04:00"),
        ("locations.yaml", 'from: "08:30", until: "17:00"', 'from: 8:30, until: "17:00"', "a time between quotes"),
        ("lines.yaml", 'from: "13:15", until', 'from: "12:40", until', "Two parts of one counter are staffed"),
        ("lines.yaml", "    parts:", "    skills: []\n    parts:", "Give both skills and shifts, or parts"),
        ("lines.yaml", "\nlines:", "\nlines: [", "lines.yaml: is not valid YAML (line"),
        ("products.yaml", "scarce: true\n      wait", "most_live: 0\n      wait", "policy.most_live: Must be greater"),
        ("products.yaml", "scarce: true\n      wait", "bound: maybe\n      wait", "policy.bound: Not a valid boolean"),
        *(
            ("products.yaml", QUESTION, f"{{{days}}}", "reconfirm: Must be in order")
            for days in ("ask_days: 21", "until_days: 7", "until_days: 6", "remind_days: 7", "remind_days: 3")
        ),
        ("products.yaml", QUESTION, "{until_days: 0}", "until_days: Must be"),
        ("exempt.yaml", "exempt: []", "exempt: [{digest: team@example.nl, note: team}]", "exempt.0.digest: Must be a"),
        ("exempt.yaml", "exempt: []", f"exempt: [{{digest: {'a' * 32}}}]", "exempt.0.note: Missing data"),
        (
            "exempt.yaml",
            "exempt: []",
            f"exempt: [{', '.join([f'{{digest: {DIGEST}, note: team}}'] * 2)}]",
            f"exempt.yaml: {DIGEST}: this id stands there twice",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_plain_words(folder, name, old, new, error):
    change(folder, name, old, new)
    errors = errors_of(folder)
    assert any(error in line for line in errors), errors


@pytest.mark.parametrize(
    ("written", "days"),
    [("{}", (21, 7, 5, 3)), ("{ask_days: 10, until_days: 2}", (21, 10, 6, 2)), ("{remind_days: 6}", (21, 7, 6, 3))],
)
def test_a_question_to_who_booked_long_ago_has_usual_days(folder, written, days):
    change(folder, "products.yaml", "policy: {waiting_list: {}}", f"policy: {{reconfirm: {written}}}")
    [policy] = [product["policy"] for product in read_town(folder).products if product["id"] == "driving-licence"]
    assert read_policy(policy).reconfirm == Reconfirm(*days)


def test_who_is_exempt_is_a_digest_with_a_last_day(folder):
    entry = f"exempt: [{{digest: {DIGEST}, note: team, valid_until: 2027-01-01}}]"
    change(folder, "exempt.yaml", "exempt: []", entry)
    assert read_town(folder).exempt == [{"id": DIGEST, "note": "team", "valid_until": date(2027, 1, 1)}]
    (folder / "exempt.yaml").unlink()
    assert read_town(folder).exempt == []


def test_a_missing_file_is_named(folder):
    (folder / "lines.yaml").unlink()
    assert errors_of(folder) == ["lines.yaml: the file is missing"]


def test_the_fee_in_force_is_the_one_that_began_last():
    fees = [
        {"applies_to": "adult", "cents": 300, "valid_from": "2027-01-01"},
        {"applies_to": "adult", "cents": 100, "valid_from": "2025-01-01"},
        {"applies_to": "adult", "cents": 200, "valid_from": "2026-01-01"},
        {"applies_to": "child", "cents": 50, "valid_from": "2027-01-01"},
    ]
    assert fees_on(fees, date(2026, 12, 31)) == [{"applies_to": "adult", "cents": 200}]
    assert fees_on(fees, date(2027, 1, 1)) == [
        {"applies_to": "adult", "cents": 300},
        {"applies_to": "child", "cents": 50},
    ]


def test_opening_hours_shown_are_those_in_force():
    old = {"weekdays": [0], "from": "09:00", "until": "12:00", "valid_from": None, "valid_until": "2026-12-31"}
    new = {"weekdays": [0], "from": "08:00", "until": "12:00", "valid_from": "2027-01-01", "valid_until": None}
    assert [entry["opens"] for entry in hours_on([old, new], date(2026, 12, 31))] == ["09:00"]
    assert [entry["opens"] for entry in hours_on([old, new], date(2027, 1, 1))] == ["08:00"]


def test_relief_names_counters_that_exist(folder):
    change(
        folder, "products.yaml", "lines: [stadskantoor-4, stadskantoor-5]", "lines: [stadskantoor-4, stadskantoor-44]"
    )
    assert errors_of(folder) == [
        "products.yaml: passport-abroad.policy.relief.lines: lines.yaml has no counter stadskantoor-44"
    ]


def test_relief_without_a_norm_for_the_wait_is_refused(folder):
    change(folder, "products.yaml", "      wait_norm_days: 14\n", "")
    assert any("Set wait_norm_days too" in error for error in errors_of(folder))


def test_the_wait_for_a_passport_abroad_has_a_norm_of_two_weeks_and_relief_within_bounds():
    town = read_town(DEMO)
    abroad = next(product for product in town.products if product["id"] == "passport-abroad")
    policy = read_policy(abroad["policy"])
    assert policy.wait_norm_days == 14
    assert policy.relief == Relief(apply=False, line_ids=("stadskantoor-4", "stadskantoor-5"), most_hours_per_week=16)


def test_a_product_without_a_policy_has_no_norm_and_no_late_cancellations():
    assert read_policy({}) == OPEN_TO_ALL


def test_what_is_collected_must_be_another_product_of_the_town(folder):
    change(folder, "products.yaml", "product_id: collect-travel-document", "product_id: collect-a-prize")
    assert errors_of(folder) == [
        "products.yaml: passport-abroad.policy.collection: there is no product collect-a-prize"
    ]
