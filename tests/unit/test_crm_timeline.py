"""The timeline on the command line."""

from datetime import UTC, datetime
from uuid import UUID

from services.crm.timeline import as_table

CUSTOMER = UUID("6f0f4b8c-13a5-4c8e-9f05-6a1f9dd2f8a4")


def _entry(**differently):
    return {
        "entry_id": CUSTOMER,
        "occurred_at": datetime(2026, 11, 23, 19, 30, tzinfo=UTC),
        "kind": "appointment-booked",
        "channel": "web",
        "outcome": "planned",
        "appointment_id": CUSTOMER,
        "product_ids": ["passport", "driving-licence"],
        "location_id": "stadskantoor",
        "starts_at": datetime(2026, 7, 3, 8, 20, tzinfo=UTC),
        "receipt": None,
    } | differently


def _timeline(*entries, deceased_since=None):
    return {"customer_id": CUSTOMER, "deceased_since": deceased_since, "entries": list(entries)}


def test_a_clerk_reads_times_of_enschede_in_summer_and_winter():
    table = as_table(_timeline(_entry()))
    assert "2026-11-23 20:30" in table
    assert "2026-07-03 10:20" in table
    assert "passport, driving-licence" in table


def test_what_a_message_does_not_tell_shows_as_a_dash():
    message = _entry(kind="message-sent", product_ids=[], location_id=None, starts_at=None)
    last_line = as_table(_timeline(message)).splitlines()[-1]
    assert last_line.split()[-3:] == ["-", "-", "-"]


def test_a_declaration_shows_with_its_receipt_number_and_a_death_at_the_head():
    declared = _entry(kind="birth-registered", outcome="registered", receipt="G-2026-7K2Q9M", product_ids=[])
    table = as_table(_timeline(declared, deceased_since=datetime(2026, 11, 26, 9, 0, tzinfo=UTC)))
    assert table.splitlines()[0].endswith("deceased (known since 2026-11-26 10:00)")
    assert "G-2026-7K2Q9M" in table
    assert "deceased" not in as_table(_timeline(declared))
