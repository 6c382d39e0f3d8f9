"""What happens because time passed."""

from services.appointments.timers.holds import BATCH, expire_holds
from services.appointments.timers.waiting_list import DEBOUNCE, end_kept, expire_offers, give_out, sweep

__all__ = ["BATCH", "DEBOUNCE", "end_kept", "expire_holds", "expire_offers", "give_out", "sweep"]
