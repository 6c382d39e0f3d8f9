"""Which visits a quota bounds, how far, and until when."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from services.appointments.domain.quotas import AT_MOST, RESERVE, Quota

ENSCHEDE = ZoneInfo("Europe/Amsterdam")
PASSPORTS = frozenset({"travel-documents"})


def quota(kind, *, products=(), channels=(), share=40, release_days=None):
    return Quota(
        id="q",
        location_id="stadskantoor",
        kind=kind,
        products=frozenset(products),
        channels=frozenset(channels),
        needs=PASSPORTS,
        share=share,
        release_days=release_days,
        release_at=time(10),
    )


@pytest.mark.parametrize(
    ("kind", "products", "channel", "bound"),
    [
        (AT_MOST, ["abroad"], "web", True),
        (AT_MOST, ["passport"], "web", False),
        (RESERVE, ["abroad"], "web", False),
        (RESERVE, ["passport"], "web", True),
        (RESERVE, ["passport", "abroad"], "web", False),
    ],
)
def test_a_limit_binds_its_group_and_a_reserve_binds_everybody_else(kind, products, channel, bound):
    rule = quota(kind, products=["abroad"])
    assert rule.binds(products=products, channel=channel, needs=PASSPORTS) is bound


def test_who_does_not_need_the_shared_counters_is_never_bound():
    assert not quota(RESERVE, products=["urgent"]).binds(products=["move"], channel="web", needs={"registration"})


def test_a_share_can_be_kept_for_those_who_come_without_the_web():
    rule = quota(RESERVE, channels=["counter", "phone"])
    assert rule.binds(products=["passport"], channel="web", needs=PASSPORTS)
    assert not rule.binds(products=["passport"], channel="counter", needs=PASSPORTS)


def test_shares_are_rounded_down_in_favour_of_those_for_whom_they_are_kept():
    assert quota(AT_MOST, products=["abroad"]).limit(99) == 39
    assert quota(RESERVE, products=["abroad"]).limit(99) == 59


def test_a_quota_ends_on_the_wall_clock_some_days_ahead_also_across_the_change_of_the_clock():
    rule = quota(RESERVE, products=["abroad"], release_days=3)
    assert rule.released_at(ENSCHEDE, date(2026, 12, 3)) == datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert rule.released_at(ENSCHEDE, date(2026, 10, 27)) == datetime(2026, 10, 24, 8, tzinfo=UTC)
    assert quota(RESERVE, products=["abroad"]).released_at(ENSCHEDE, date(2026, 12, 3)) is None
