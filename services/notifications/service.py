"""The face of notifications: one line per entrypoint; validation, transaction and inbox are the edge's work."""

from services.contracts import appointments, notifications
from services.messaging.runtime import reacts_to, rpc_query
from services.notifications import queries, reactions


class NotificationsService:
    """Answers contracts.notifications and listens to contracts.subscriptions["notifications"]."""

    name = "notifications"

    @rpc_query(notifications.MessagesAbout, reply=notifications.MessageList)
    def messages_about(self, reading, asked):
        """Return which messages exist about one appointment."""
        return queries.messages_about(reading, **asked)

    @reacts_to(appointments.AppointmentBooked)
    def on_appointment_booked(self, work, event):
        """Confirm a booking and plan its reminder."""
        reactions.on_appointment_booked(work, event)

    @reacts_to(appointments.AppointmentMoved)
    def on_appointment_moved(self, work, event):
        """Confirm a move; the reminder moves with it."""
        reactions.on_appointment_moved(work, event)

    @reacts_to(appointments.AppointmentCancelled)
    def on_appointment_cancelled(self, work, event):
        """Confirm a cancellation; remind of nothing."""
        reactions.on_appointment_cancelled(work, event)

    @reacts_to(appointments.OfferMade)
    def on_offer_made(self, work, event):
        """Tell of an earlier time."""
        reactions.on_offer_made(work, event)

    @reacts_to(appointments.OfferEnded)
    def on_offer_ended(self, work, event):
        """Tell of it no more."""
        reactions.on_offer_ended(work, event)

    @reacts_to(appointments.LinkRequested)
    def on_link_requested(self, work, event):
        """Send the secret link again."""
        reactions.on_link_requested(work, event)

    @reacts_to(appointments.CodeRequested)
    def on_code_requested(self, work, event):
        """Send a code to somebody who wants a place."""
        reactions.on_code_requested(work, event)

    @reacts_to(appointments.VisitAffected)
    def on_visit_affected(self, work, event):
        """Tell which time is proposed; do not remind."""
        reactions.on_visit_affected(work, event)

    @reacts_to(appointments.VisitKept)
    def on_visit_kept(self, work, event):
        """Tell that the visit stands, and remind of it again."""
        reactions.on_visit_kept(work, event)

    @reacts_to(appointments.ReconfirmationAsked)
    def on_reconfirmation_asked(self, work, event):
        """Ask whether somebody still comes."""
        reactions.on_reconfirmation_asked(work, event)

    @reacts_to(appointments.AppointmentReconfirmed)
    def on_appointment_reconfirmed(self, work, event):
        """Ask no more."""
        reactions.on_appointment_reconfirmed(work, event)

    @reacts_to(appointments.DrawEntered)
    def on_draw_entered(self, work, event):
        """Confirm that somebody takes part in a draw."""
        reactions.on_draw_entered(work, event)

    @reacts_to(appointments.DrawLost)
    def on_draw_lost(self, work, event):
        """Tell that there was no place left, and what now."""
        reactions.on_draw_lost(work, event)
