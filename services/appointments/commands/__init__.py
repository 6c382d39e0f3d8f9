"""What can be done with appointments. Each command runs inside the transaction that its edge opened."""

from services.appointments.commands.holds import confirm_hold, extend_hold, hold_slot, release_hold
from services.appointments.commands.pairs import confirm_pair, extend_pair, hold_pair, release_pair
from services.appointments.commands.visits import cancel_appointment, move_appointment, send_link

__all__ = [
    "cancel_appointment",
    "confirm_hold",
    "confirm_pair",
    "extend_hold",
    "extend_pair",
    "hold_pair",
    "hold_slot",
    "move_appointment",
    "release_hold",
    "release_pair",
    "send_link",
]
