"""What happens because time passed."""

from services.appointments.timers.affected import follow_affected
from services.appointments.timers.holds import BATCH, expire_holds

__all__ = ["BATCH", "expire_holds", "follow_affected"]
