"""What happens because time passed."""

from services.appointments.timers.figures import sample_is_due, sample_waits, show, write_next_day
from services.appointments.timers.holds import BATCH, expire_holds
from services.appointments.timers.relief import relieve

__all__ = ["BATCH", "expire_holds", "relieve", "sample_is_due", "sample_waits", "show", "write_next_day"]
