"""Figures that tell how well capacity is kept. Labels hold no person and no reference."""

import math
from collections.abc import Iterable, Mapping

from prometheus_client import Counter, Gauge

from services.appointments.domain.figure_summary import share, summaries
from services.appointments.domain.figures import Cell, Wait

holds_expired = Counter("balie_holds_expired_total", "Holds that went back unused.")
slots_lost_to_others = Counter("balie_slot_races_lost_total", "Times that were taken by somebody faster.")
repacks = Counter("balie_repacks_total", "Times that were found by moving other visits between counters.")
second_lock_refusals = Counter(
    "balie_second_lock_refusals_total", "Double bookings that only the constraint stopped: must stay 0."
)
drift_ticks = Gauge("balie_capacity_drift_ticks", "Ticks by which free differs from open less visits.", ("direction",))
visits_outside_openings = Gauge("balie_visits_outside_openings", "Visits that a changed opening left outside.")
quota_miscounts = Gauge("balie_quota_miscounts", "Days on which a quota's count differs from its visits: must stay 0.")

claims_out_of_step = Gauge(
    "balie_claims_out_of_step", "Visits whose rooms or devices the second lock does not hold: must stay 0."
)

# --- waits and use, set by the background process

_AT = ("product", "location")
first_next_days = Gauge("balie_first_next_days", "Days until the next start; +Inf: beyond the horizon.", _AT)
third_next_days = Gauge("balie_third_next_days", "Days until the third next start; +Inf: beyond the horizon.", _AT)
wait_norm_days = Gauge("balie_wait_norm_days", "Within how many days the third next start should lie.", _AT)
planned_occupancy = Gauge(
    "balie_planned_occupancy_ratio", "Share of the open time of the next two weeks that is taken.", ("location",)
)
week_occupancy = Gauge(
    "balie_week_occupancy_ratio", "Share of the open time of the last seven whole days that was booked.", ("location",)
)
week_bookings = Gauge("balie_week_bookings", "Appointments made in the last seven whole days.", ("channel",))
reliefs = Counter("balie_reliefs_total", "Counters' days for a product with a long wait, by what was decided.", (
    "product", "state",
))  # fmt: skip


def show_waits(waits: Iterable[Wait]) -> None:
    """Show the waits of this moment, and no longer those of products that are off the list."""
    for gauge in (first_next_days, third_next_days, wait_norm_days):
        gauge.clear()
    for wait in waits:
        at = (wait.product_id, wait.location_id)
        first_next_days.labels(*at).set(_or_beyond(wait.first_next_days))
        third_next_days.labels(*at).set(_or_beyond(wait.third_next_days))
        if wait.norm_days is not None:
            wait_norm_days.labels(*at).set(wait.norm_days)


def show_planned(ticks_by_location: Mapping[str, tuple[int, int]]) -> None:
    """Show how full the coming days are."""
    for location_id, (opened, taken) in ticks_by_location.items():
        planned_occupancy.labels(location_id).set(share(taken, opened) or 0)


def show_week(cells: Iterable[Cell]) -> None:
    """Show what seven days of the history say."""
    channels: dict[str, int] = {}
    for summary in summaries(cells):
        if summary.product_id or not summary.location_id:
            continue
        week_occupancy.labels(summary.location_id).set(summary.planned_occupancy or 0)
        for channel, number in summary.channels.items():
            channels[channel] = channels.get(channel, 0) + number
    week_bookings.clear()
    for channel, number in channels.items():
        week_bookings.labels(channel).set(number)


def _or_beyond(days: int | None) -> float:
    return math.inf if days is None else days


offers_made = Counter("balie_waiting_list_offers_total", "Places offered to people on the waiting list.")
offers_ended = Counter("balie_waiting_list_offers_ended_total", "Offers that came to an end.", ("outcome",))
ranks_passed = Counter("balie_waiting_list_passed_total", "People who were passed by on the waiting list: must stay 0.")

limit_refusals = Counter(
    "balie_too_many_live_total", "Confirmations refused because somebody has enough coming visits for a product."
)
persons_corrected = Counter(
    "balie_persons_corrected_total", "Names or birth dates of bound visits that staff corrected."
)

reconfirmations = Counter(
    "balie_reconfirmations_total",
    "Questions to those who booked long ago whether they still come, by step (asked, reminded, kept, cancelled, moved,"
    " released, spared) and why a visit was spared.",
    ("product", "step", "spared"),
)

draw_requests = Counter("balie_draw_requests_total", "Requests for a place in a draw.", ("product", "channel"))
draw_winners = Counter("balie_draw_winners_total", "Requests that got a place in a draw.", ("product",))
draws_held = Counter("balie_draws_held_total", "Draws that were held.", ("product",))
draw_overdue_seconds = Gauge("balie_draw_overdue_seconds", "Since when the oldest draw should have been held; 0: none.")
