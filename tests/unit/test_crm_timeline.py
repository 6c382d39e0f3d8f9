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
    } | differently


def test_a_clerk_reads_times_of_enschede_in_summer_and_winter():
    table = as_table({"customer_id": CUSTOMER, "entries": [_entry()]})
    assert "2026-11-23 20:30" in table
    assert "2026-07-03 10:20" in table
    assert "passport, driving-licence" in table


def test_what_a_message_does_not_tell_shows_as_a_dash():
    message = _entry(kind="message-sent", product_ids=[], location_id=None, starts_at=None)
    last_line = as_table({"customer_id": CUSTOMER, "entries": [message]}).splitlines()[-1]
    assert last_line.split()[-3:] == ["-", "-", "-"]
