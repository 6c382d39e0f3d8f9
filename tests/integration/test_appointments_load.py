"""A town's files become catalogue and agenda; loading again never drops a visit."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.appointments.openings import lay_out
from services.appointments.queries import list_locations, list_products
from services.appointments.town_files import read_town
from services.contracts import appointments as contracts
from services.contracts import base
from services.messaging.clock import SystemClock
from services.messaging.errors import Refusal
from tests.integration.appointments_desk import (
    ABROAD,
    ABROAD_LINE,
    DEMO,
    TUESDAY,
    WEDNESDAY,
    Desk,
    at,
    at_once,
    refused,
)

WELL: dict[str, list[object]] = {
    "drifts": [],
    "miscounted_quotas": [],
    "outside_openings": [],
    "claims_out_of_step": [],
}


@pytest.fixture
def desk(databases):
    desk = Desk(databases("appointments"))
    desk.reload()
    return desk


def town_closed_on(on):
    town = read_town(DEMO)
    closure = {
        "on": on.isoformat(),
        "reason": "storm",
        "source": "mayor",
        "location_id": None,
        "from": None,
        "until": None,
    }
    return replace(town, calendar={**town.calendar, "closures": [*town.calendar["closures"], closure]})


def last_day(desk):
    return desk.one('SELECT max("on") AS last FROM line_day').last


def test_openings_reach_twenty_six_weeks_ahead(desk):
    assert last_day(desk) == desk.clock.at.date() + timedelta(weeks=26)


def test_loading_again_changes_nothing(desk):
    before = desk.bits()
    assert desk.reload() == (0, [])
    assert desk.bits() == before


def test_loading_again_later_moves_the_horizon_along(desk):
    desk.wait(days=7)
    changed, strays = desk.reload()
    assert changed > 0
    assert strays == []
    assert last_day(desk) == desk.clock.at.date() + timedelta(weeks=26)


def test_the_horizon_moves_along_from_the_stored_patterns_without_the_files(desk):
    desk.wait(days=1)
    assert lay_out(desk.transactions)[0] > 0


def test_two_who_lay_out_at_once_make_one_agenda(desk):
    desk.wait(days=30)
    start = at(TUESDAY + timedelta(weeks=27), "10:00")

    def act(n):
        if n < 3:
            lay_out(desk.transactions)
            return "laid out"
        return [_try(desk, start) for _ in range(20)][-1]

    at_once(4, act)
    assert desk.drift() == WELL


def _try(desk, starts_at):
    try:
        return bool(desk.hold(starts_at))
    except Refusal as refusal:
        return refusal.code


def test_closing_a_day_names_its_visits_and_drops_none(desk):
    key, booked = desk.book(at(TUESDAY, "10:00"))
    held, _ = desk.hold(at(TUESDAY, "11:00"))
    desk.book(at(WEDNESDAY, "10:00"))
    _, strays = desk.reload(town_closed_on(TUESDAY))
    assert {str(stray.appointment_id) for stray in strays} == {booked["appointment_id"], held["hold_id"]}
    assert desk.look_up(key)["state"] == "booked"
    assert refused(lambda: desk.free_times(TUESDAY)).code == "day-closed"
    assert refused(lambda: desk.hold(at(TUESDAY, "14:00"))).code == "day-closed"
    assert desk.drift()["drifts"] == []
    assert len(desk.drift()["outside_openings"]) == 2


def test_a_visit_left_outside_can_still_be_confirmed_moved_and_cancelled(desk):
    key, _ = desk.book(at(TUESDAY, "10:00"))
    other, _ = desk.book(at(TUESDAY, "10:00"))
    held, _ = desk.hold(at(TUESDAY, "11:00"))
    desk.reload(town_closed_on(TUESDAY))
    desk.move(key, at(WEDNESDAY, "10:00"))
    desk.cancel(other)
    assert desk.confirm(held)["state"] == "booked"
    assert desk.drift()["drifts"] == []
    assert len(desk.drift()["outside_openings"]) == 1


def test_opening_again_gives_the_time_around_the_visits_back(desk):
    desk.book(at(TUESDAY, "10:00"), product=ABROAD)
    before = desk.bits()
    desk.reload(town_closed_on(TUESDAY))
    assert desk.bits() != before
    desk.reload()
    assert desk.bits() == before
    assert desk.drift() == WELL


def test_a_product_that_the_files_no_longer_name_is_no_longer_offered_but_its_visits_stay(desk):
    key, _ = desk.book(at(TUESDAY, "10:00"), product=ABROAD)
    town = read_town(DEMO)
    desk.reload(replace(town, products=[product for product in town.products if product["id"] != ABROAD]))
    assert refused(lambda: desk.free_days(product=ABROAD)).code == "unknown-product"
    assert desk.move(key, at(WEDNESDAY, "10:00"))["products"] == [{"product_id": ABROAD, "persons": 1}]


def test_a_counter_that_the_files_no_longer_name_closes_and_its_visits_are_named(desk):
    desk.book(at(TUESDAY, "10:00"), product=ABROAD)
    town = read_town(DEMO)
    _, strays = desk.reload(replace(town, lines=[line for line in town.lines if line["id"] != ABROAD_LINE]))
    assert [stray.line_id for stray in strays] == [ABROAD_LINE]


def test_the_catalogue_says_what_the_files_say(desk):
    with desk.transactions.reading() as reading:
        products = base.dump(contracts.ProductList, list_products(reading))["products"]
        locations = base.dump(contracts.LocationList, list_locations(reading))["locations"]
    assert [product["product_id"] for product in products] == [entry["id"] for entry in read_town(DEMO).products]
    assert {product["product_id"]: product["location_ids"] for product in products}.items() >= {
        "passport": ["stadskantoor", "glanerbrug"],
        ABROAD: ["stadskantoor"],
        "birth-declaration": ["stadskantoor"],
    }.items()
    assert {product["product_id"] for product in products if product["scarce"]} == {ABROAD, "free-wedding"}
    assert {product["product_id"] for product in products if product["drawn"]} == {"free-wedding"}
    assert not any(product["code"] for product in products)
    assert products[0]["fees"] == [{"applies_to": "adult", "cents": 8387}, {"applies_to": "child", "cents": 6342}]
    assert locations[0]["opening_hours"][3] == {"weekday": 3, "opens": "08:30", "closes": "20:00"}


# --- the commands


def run(desk, module, *arguments):
    """Run a command on the desk's database as an administrator would."""
    url = desk.pool.url
    environment = os.environ | {"BALIE_DATABASE_PREFIX": url.database.removesuffix("appointments")}
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=DEMO.parents[2],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_check_command_says_when_bits_and_visits_disagree(desk):
    desk.book(at(TUESDAY, "10:00"), product=ABROAD)
    well = run(desk, "services.appointments.check")
    assert (well.returncode, well.stdout.count("consistent")) == (0, 1)
    desk.one('UPDATE line_day SET free = open WHERE line_id = :id AND "on" = :on', id=ABROAD_LINE, on=TUESDAY)
    ill = run(desk, "services.appointments.check")
    assert (ill.returncode, ill.stdout) == (1, f"{TUESDAY} {ABROAD_LINE}: 0 ticks lost, 7 doubled\n")


def test_the_load_command_warns_of_visits_left_outside_and_refuses_unsound_files(desk, tmp_path):
    desk.clock.at = SystemClock().now()  # the command looks at the clock on the wall
    desk.reload()
    day = desk.free_days(product=ABROAD)["days"][2]["on"]
    _, booked = desk.book(desk.free_times(date.fromisoformat(day), product=ABROAD)[0], product=ABROAD)
    town = tmp_path / "town"
    shutil.copytree(DEMO, town)
    lines = town / "lines.yaml"
    early, late = (f'from: "{hour}", until: "16:30", breaks: [["12:30", "13:15"]]' for hour in ("09:00", "11:00"))
    assert early in lines.read_text()
    lines.write_text(lines.read_text().replace(early, late))
    loaded = run(desk, "services.appointments.load", str(town))
    assert loaded.returncode == 0, loaded.stderr
    assert f"{day} at {ABROAD_LINE}: appointment {booked['appointment_id']}" in loaded.stdout
    lines.unlink()
    refusal = run(desk, "services.appointments.load", str(town))
    assert refusal.returncode == 1
    assert "lines.yaml: the file is missing" in refusal.stderr
