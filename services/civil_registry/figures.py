"""The figures of the civil registry beyond those that messaging keeps. No label tells anything of a person."""

from prometheus_client import Histogram

brp_call_seconds = Histogram(
    "balie_brp_call_seconds",
    "Time until the BRP answered, or until we gave up.",
    ("outcome",),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20),
)
"""`outcome`: answered, unavailable, refused (it does not let us in), fault (one of us is wrong)."""
for _outcome in ("answered", "unavailable", "refused", "fault"):
    brp_call_seconds.labels(_outcome)  # so that the first one counts as a rise
