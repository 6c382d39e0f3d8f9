"""What happens to records because time passed."""

from services.civil_registry.timers.checking import Checker
from services.civil_registry.timers.due import act_on_next
from services.civil_registry.timers.forgetting import forget_next
from services.civil_registry.timers.showing import show

__all__ = ["Checker", "act_on_next", "forget_next", "show"]
