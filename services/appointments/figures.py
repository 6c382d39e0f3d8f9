"""Figures that tell how well capacity is kept. Labels hold no person and no reference."""

from prometheus_client import Counter, Gauge

holds_expired = Counter("balie_holds_expired_total", "Holds that went back unused.")
slots_lost_to_others = Counter("balie_slot_races_lost_total", "Times that were taken by somebody faster.")
repacks = Counter("balie_repacks_total", "Times that were found by moving other visits between counters.")
second_lock_refusals = Counter(
    "balie_second_lock_refusals_total", "Double bookings that only the constraint stopped: must stay 0."
)
drift_ticks = Gauge("balie_capacity_drift_ticks", "Ticks by which free differs from open less visits.", ("direction",))
visits_outside_openings = Gauge("balie_visits_outside_openings", "Visits that a changed opening left outside.")
