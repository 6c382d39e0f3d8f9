"""What happens because time passed."""

from services.appointments.timers.holds import BATCH, expire_holds
from services.appointments.timers.waiting_list import expire_offers, give_out, sweep, work_the_list

__all__ = ["BATCH", "expire_holds", "expire_offers", "give_out", "sweep", "work_the_list"]
