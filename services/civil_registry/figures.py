"""The figures of the civil registry beyond those that messaging keeps. No label tells anything of a person."""

from prometheus_client import Gauge, Histogram

brp_call_seconds = Histogram(
    "balie_brp_call_seconds",
    "Time until the BRP answered, or until we gave up.",
    ("outcome",),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20),
)
"""`outcome`: answered, unavailable, refused (it does not let us in), fault (one of us is wrong)."""
for _outcome in ("answered", "unavailable", "refused", "fault"):
    brp_call_seconds.labels(_outcome)  # so that the first one counts as a rise

queue_length = Gauge("balie_registry_queue_records", "Records that wait for staff.", ("queue",))
queue_overdue = Gauge(
    "balie_registry_queue_overdue_records", "Records that wait for staff past the last day of their term.", ("queue",)
)
registered = Gauge("balie_registry_registered", "Facts registered, or permits issued, in the last 30 days.", ("kind",))
deeds_unsigned = Gauge(
    "balie_registry_deeds_unsigned", "Ceremonies that were held hours ago and whose deed is not signed."
)
digital_share = Gauge(
    "balie_registry_digital_ratio", "Share of those that were declared online, in the last 30 days.", ("kind",)
)
digital_share_of_eligible = Gauge(
    "balie_registry_digital_eligible_ratio",
    "The same share without the cases that cannot be declared online, in the last 30 days.",
    ("kind",),
)
digital_target = Gauge(
    "balie_registry_digital_target_ratio", "The share that the town wants declared online.", ("kind",)
)
hours_to_register = Gauge(
    "balie_registry_hours_to_register",
    "Hours from sending in to the register or the permit, in the last 30 days.",
    ("kind", "quantile"),
)
late = Gauge("balie_registry_late", "Facts registered after their legal term, in the last 30 days.", ("kind",))
permits_in_time = Gauge(
    "balie_registry_permits_in_time_ratio", "Share of the permits that took four working hours, in the last 30 days."
)
OF_A_MONTH = (registered, digital_share, digital_share_of_eligible, hours_to_register, late)
"""What is shown per kind as long as the last 30 days know any of it."""
