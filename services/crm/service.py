"""The face of the CRM: one line per entrypoint; validation, transaction and inbox are the edge's work."""

from services.contracts import appointments, civil_registry, crm, notifications
from services.crm import queries, reactions
from services.messaging.runtime import Given, reacts_to, rpc_query


class CrmService:
    """Answers contracts.crm and listens to contracts.subscriptions["crm"]."""

    name = "crm"
    digests = Given("digests")

    @rpc_query(crm.GetTimeline, reply=crm.Timeline)
    def timeline(self, reading, asked):
        """Return one customer's contacts."""
        return queries.timeline(reading, self.digests, **asked)

    @reacts_to(appointments.AppointmentBooked)
    def on_appointment_booked(self, work, event):
        """Put a booking on the timeline."""
        reactions.on_appointment_booked(work, event)

    @reacts_to(appointments.AppointmentMoved)
    def on_appointment_moved(self, work, event):
        """Put a move on the timeline."""
        reactions.on_appointment_moved(work, event)

    @reacts_to(appointments.AppointmentCancelled)
    def on_appointment_cancelled(self, work, event):
        """Put a cancellation on the timeline."""
        reactions.on_appointment_cancelled(work, event)

    @rpc_query(crm.CheckCustomer, reply=crm.CustomerCheck)
    def check_customer(self, reading, asked):
        """Say whether the customer with an e-mail address has died."""
        return queries.check_customer(reading, self.digests, **asked)

    @reacts_to(appointments.HolderDeceased)
    def on_holder_deceased(self, work, event):
        """Put a customer's death on the timeline."""
        reactions.on_holder_deceased(work, event)

    @reacts_to(*civil_registry.EVENTS)
    def on_record_fact(self, work, event):
        """Put what happened to a declaration on the timeline."""
        reactions.on_record_fact(work, event)

    @reacts_to(notifications.MessageSent)
    def on_message_sent(self, work, event):
        """Put a message on the timeline."""
        reactions.on_message_sent(work, event)

    @reacts_to(notifications.MessageFailed)
    def on_message_failed(self, work, event):
        """Put a failed message on the timeline."""
        reactions.on_message_failed(work, event)
