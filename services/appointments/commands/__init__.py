"""What can be done with appointments. Each command runs inside the transaction that its edge opened."""

from services.appointments.commands.codes import check_code, request_code
from services.appointments.commands.draws import enter_draw, withdraw_request
from services.appointments.commands.holds import confirm_hold, extend_hold, hold_slot, release_hold
from services.appointments.commands.outcomes import record_outcome
from services.appointments.commands.pairs import confirm_pair, extend_pair, hold_pair, release_pair
from services.appointments.commands.people import correct_person
from services.appointments.commands.reconfirming import note_seen, reconfirm_appointment
from services.appointments.commands.relief import decide_relief
from services.appointments.commands.visits import cancel_appointment, move_appointment, send_link
from services.appointments.commands.waiting_list import answer_offer, join_waiting_list, leave_waiting_list

__all__ = [
    "answer_offer",
    "cancel_appointment",
    "check_code",
    "confirm_hold",
    "confirm_pair",
    "correct_person",
    "decide_relief",
    "enter_draw",
    "extend_hold",
    "extend_pair",
    "hold_pair",
    "hold_slot",
    "join_waiting_list",
    "leave_waiting_list",
    "move_appointment",
    "note_seen",
    "reconfirm_appointment",
    "record_outcome",
    "release_hold",
    "release_pair",
    "request_code",
    "send_link",
    "withdraw_request",
]
