"""The figures that every process keeps. Labels are names from the code, never a person, a reference or free text."""

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

rpc_handled = Histogram(
    "balie_rpc_handled_seconds", "Requests answered by a service.", ("method", "outcome"), buckets=_SECONDS
)
bundle_calls = Histogram("balie_rpc_bundle_calls", "Calls that came in one message.", ("method",), buckets=(1, 2, 4, 8))
rpc_called = Histogram("balie_rpc_call_seconds", "Requests made to a service.", ("method", "outcome"), buckets=_SECONDS)
rpc_late_replies = Counter("balie_rpc_late_replies_total", "Replies that came after their deadline.")
events_handled = Counter("balie_events_handled_total", "Deliveries of events.", ("source", "type", "outcome"))
event_seconds = Histogram("balie_event_seconds", "Time to handle one delivery.", ("source",), buckets=_SECONDS)
in_flight = Gauge("balie_deliveries_in_flight", "Deliveries that are not settled yet.")
dead_lettered = Counter("balie_dead_lettered_total", "Messages put into a dead-letter queue.", ("queue", "reason"))
outbox_rows = Gauge("balie_outbox_rows", "Events that no broker has confirmed yet.")
outbox_oldest_seconds = Gauge("balie_outbox_oldest_age_seconds", "Age of the oldest of them.")
outbox_published = Counter("balie_outbox_published_total", "Events confirmed by the broker.")
outbox_troubles = Counter("balie_outbox_troubles_total", "Events not taken by the broker.", ("reason",))
job_runs = Counter("balie_job_runs_total", "Runs of a background job.", ("job", "outcome"))
job_last_success = Gauge("balie_job_last_success_timestamp_seconds", "When a job last succeeded.", ("job",))
parked_rows = Gauge("balie_parked_events", "Events that came too early and wait for those before them.")
parked_oldest_seconds = Gauge("balie_parked_oldest_age_seconds", "Age of the oldest of them.")
dead_letters = Gauge("balie_dead_letters", "Messages in a dead-letter queue.", ("queue",))
