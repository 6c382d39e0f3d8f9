"""The figures of notifications beyond those that messaging keeps."""

from prometheus_client import Counter, Gauge, Histogram

due_to_sent_seconds = Histogram(
    "balie_message_due_to_sent_seconds",
    "From the moment a message was due (for all but reminders: its creation) until the mail server took it.",
    ("kind",),
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 600),
)
hand_over_seconds = Histogram(
    "balie_mail_hand_over_seconds",
    "Time to hand one mail to the mail server.",
    ("outcome",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
messages = Counter("balie_messages_total", "What became of messages.", ("kind", "outcome"))
oldest_due_seconds = Gauge("balie_messages_oldest_due_age_seconds", "For how long the oldest due message has waited.")
reminders_late = Counter("balie_reminders_late_total", "Reminders sent more than a minute after their time.")
