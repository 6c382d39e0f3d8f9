"""What can be done with appointments. Each command runs inside the transaction that its edge opened."""

from services.appointments.commands.codes import check_code, request_code
from services.appointments.commands.holds import confirm_hold, extend_hold, hold_slot, release_hold
from services.appointments.commands.visits import cancel_appointment, move_appointment, send_link

__all__ = [
    "cancel_appointment",
    "check_code",
    "confirm_hold",
    "extend_hold",
    "hold_slot",
    "move_appointment",
    "release_hold",
    "request_code",
    "send_link",
]
