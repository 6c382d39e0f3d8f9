"""Whether somebody still comes: one press keeps the appointment or gives its time back."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from gateway.limits import writes
from gateway.pages.access import Access, current_access
from gateway.pages.addresses import address, page
from gateway.pages.blueprints import managing
from gateway.pages.crossing import key_for
from gateway.pages.managing import cancel_now, no_access, refused_change
from gateway.rpc import services
from services.contracts.appointments import Appointment, ReconfirmAppointment
from services.messaging.errors import Refusal


@page(managing, "reconfirm", method="POST")
@writes
def answer() -> ResponseReturnValue:
    """Keep the appointment that the page showed, or cancel it; twice is the same as once."""
    access = current_access()
    if access is None:
        return no_access()
    said = request.form.get("answer", "")
    if not access.opens(request.form.get("reference", "")) or said not in ("keep", "cancel"):
        return redirect(address("manage"), 303)
    if said == "cancel":
        return cancel_now(access)
    return _keep(access)


def _keep(access: Access) -> ResponseReturnValue:
    key = key_for("still-coming", access.reference)
    try:
        services().tell("appointments.reconfirm_appointment", ReconfirmAppointment, Appointment, access.ref(), key=key)
    except Refusal as refusal:
        return refused_change(refusal)
    return redirect(address("manage", notice="still-coming"), 303)
