"""The towns and the country obey the law of the bottleneck with the figures of the file, and the file is honest."""

from datetime import date

import pytest
import yaml

from tests.bench.scaling import MEASURED, ONE_OF_EACH, PARTS, Model, bills, country, one_booking, sources, tables

FIGURES = yaml.safe_load(MEASURED.read_text(encoding="utf-8"))
MODEL = Model(FIGURES)


def test_every_figure_says_when_and_where_it_was_measured_or_that_it_is_assumed():
    for block in FIGURES.values():
        assert isinstance(block["date"], date)
        assert block["source"]
        assert block["assumed"] in {True, False}
    assert [row[0] for row in sources(FIGURES)] == list(FIGURES)


def test_a_booking_takes_of_each_part_what_its_requests_take():
    kinds, booking = FIGURES["requests"]["kinds"], FIGURES["booking"]
    searches = booking["looks"] * (1 - booking["share_cached"])
    cached = booking["looks"] * booking["share_cached"]
    writes = booking["holds"] * kinds["hold"]["gateway"] + booking["confirms"] * kinds["confirm"]["gateway"]
    expected = writes + searches * kinds["search"]["gateway"] + cached * kinds["cached"]["gateway"]
    assert MODEL.per_booking()["gateway"] == pytest.approx(expected / 1e6)


def test_a_town_takes_what_its_busiest_part_can_and_not_more():
    """Refusing is free here, and the line of those let in is long enough to keep the busiest part at work."""
    per_booking = MODEL.per_booking()
    limit = min(1 / seconds for part, seconds in per_booking.items() if part != "commit")
    free = FIGURES["requests"]["kinds"] | {"refusal": {"gateway": 0}}
    model = Model(FIGURES | {"requests": FIGURES["requests"] | {"kinds": free}})
    flow = model.run(1.2 * limit, ONE_OF_EACH)
    assert flow.done / model.requests_per_booking == pytest.approx(limit, rel=0.05)


def test_half_of_what_the_busiest_part_can_is_carried_without_a_refusal():
    limit = min(1 / MODEL.per_booking()[part] for part in PARTS)
    flow = MODEL.run(limit / 2, ONE_OF_EACH)
    assert flow.refused == 0
    assert flow.done / MODEL.requests_per_booking == pytest.approx(limit / 2, rel=0.05)


def test_a_month_of_enschede_goes_through_one_process_of_each():
    month = MODEL.bookings(FIGURES["places"]["enschede"], releases=FIGURES["demand"]["releases_per_year"])
    flow = MODEL.run(month, ONE_OF_EACH)
    assert flow.refused == 0
    assert max(flow.use.values()) < FIGURES["cost"]["highest_use"]


def test_twice_the_machines_are_each_half_as_busy():
    rows = list(country(MODEL, releases=1, machines=(24, 48)))
    first, second = (float(row[-1].rstrip("%")) for row in rows)
    assert second == pytest.approx(first / 2, rel=0.15)


def test_a_year_of_everybody_is_twelve_months_of_everybody():
    assert MODEL.bookings(18_000_000, releases=1) == pytest.approx(12 * MODEL.bookings(18_000_000, releases=12))


def test_the_cores_that_are_paid_for_are_no_busier_than_is_wise():
    for bookings in (1.0, 100.0, 875.0):
        told = MODEL.afterwards * FIGURES["demand"]["rush_seconds"] / FIGURES["afterwards"]["told_within_seconds"]
        work = bookings * (sum(MODEL.per_booking()[part] for part in PARTS) + told)
        assert work / MODEL.cores_needed(bookings) <= FIGURES["cost"]["highest_use"]
        assert work / max(1, MODEL.cores_needed(bookings) - 1) > FIGURES["cost"]["highest_use"] or bookings == 1.0


def test_what_a_town_pays_is_the_sum_of_its_parts():
    for row in bills(MODEL):
        *parts, total, _ = (float(cell.replace(",", "")) for cell in row[3:])
        assert total == pytest.approx(sum(parts), abs=2)


def test_every_cell_of_every_table_has_its_heading():
    for text in tables(Model(FIGURES, requests=300)):
        _, head, *rows = text.splitlines()
        assert rows
        assert all(len(row) == len(head) for row in rows)


@pytest.mark.parametrize("rows", [one_booking, bills])
def test_the_document_shows_the_figures_of_the_file(rows):
    """Of the tables that need no simulation. When this fails: print the tables anew and put them into the document."""
    text = " ".join((MEASURED.parents[2] / "docs/scaling.md").read_text(encoding="utf-8").split())
    for row in rows(MODEL):
        assert " ".join(row) in text
