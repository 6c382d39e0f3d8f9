"""What happens because time passed."""

from services.appointments.timers.affected import follow_affected
from services.appointments.timers.draws import work_the_draws
from services.appointments.timers.figures import sample_is_due, sample_waits, show, write_next_day
from services.appointments.timers.holds import BATCH, expire_holds
from services.appointments.timers.reconfirming import ask_holders, follow_questions
from services.appointments.timers.relief import relieve
from services.appointments.timers.waiting_list import expire_offers, give_out, sweep, work_the_list

__all__ = [
    "BATCH",
    "ask_holders",
    "expire_holds",
    "expire_offers",
    "follow_affected",
    "follow_questions",
    "give_out",
    "relieve",
    "sample_is_due",
    "sample_waits",
    "show",
    "sweep",
    "work_the_draws",
    "work_the_list",
    "write_next_day",
]
