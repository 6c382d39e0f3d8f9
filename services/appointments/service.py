"""The RPC face of appointments; every request and reply stands in `contracts.appointments`."""

# The runtime is imported first: it makes the standard library green.
from services.messaging.runtime import Given, reacts_to, rpc_command, rpc_query

# isort: split

from uuid import UUID

from services.appointments import commands, queries, reactions
from services.appointments.commands import affected, at_once, opening_changes
from services.contracts import appointments as contracts
from services.contracts import civil_registry
from services.contracts.base import Done, Nothing


class AppointmentsService:
    """Answers and does what others ask of appointments."""

    name = "appointments"
    links = Given("links")
    lots = Given("lots")
    codes = Given("codes")
    people = Given("people")

    @rpc_query(Nothing, reply=contracts.ProductList)
    def list_products(self, reading, asked):
        return queries.list_products(reading)

    @rpc_query(Nothing, reply=contracts.LocationList)
    def list_locations(self, reading, asked):
        return queries.list_locations(reading)

    @rpc_query(contracts.FindFreeDays, reply=contracts.FreeDays)
    def free_days(self, reading, asked):
        return queries.free_days(reading, **asked)

    @rpc_query(contracts.FindFreeTimes, reply=contracts.FreeTimes)
    def free_times(self, reading, asked):
        return queries.free_times(reading, **asked)

    @rpc_command(contracts.HoldSlot, reply=contracts.Hold, completed_by="hold_with_secret", at_once="hold_at_once")
    def hold_slot(self, work, asked):
        return commands.hold_slot(work, **asked)

    def hold_at_once(self, strokes, asked):
        """Return for each hold the one statement that it is, or None."""
        return at_once.hold_slots(strokes, asked)

    @rpc_query(contracts.HoldRef, reply=contracts.Hold)
    def hold(self, reading, asked):
        return queries.hold(reading, self.links, **asked)

    @rpc_command(contracts.HoldRef, reply=contracts.Hold, completed_by="hold_with_secret")
    def extend_hold(self, work, asked):
        return commands.extend_hold(work, self.links, **asked)

    @rpc_command(contracts.HoldRef, reply=Done)
    def release_hold(self, work, asked):
        return commands.release_hold(work, self.links, **asked)

    @rpc_command(
        contracts.ConfirmHold,
        reply=contracts.Appointment,
        completed_by="appointment_with_secret",
        at_once="confirm_at_once",
    )
    def confirm_hold(self, work, asked):
        return commands.confirm_hold(work, self.links, self.people, **asked)

    def confirm_at_once(self, strokes, asked):
        """Return for each confirmation the one statement that it is, or None."""
        return at_once.confirm_holds(strokes, self.links, self.people, asked)

    @rpc_query(contracts.FindFreePairs, reply=contracts.FreePairs)
    def free_pairs(self, reading, asked):
        return queries.free_pairs(reading, **asked)

    @rpc_query(contracts.FindCollectionDays, reply=contracts.CollectionDays)
    def collection_days(self, reading, asked):
        return queries.collection_days(reading, **asked)

    @rpc_command(contracts.HoldPair, reply=contracts.Pair, completed_by="pair_with_secret")
    def hold_pair(self, work, asked):
        return commands.hold_pair(work, **asked)

    @rpc_query(contracts.PairRef, reply=contracts.Pair)
    def pair(self, reading, asked):
        return queries.pair(reading, self.links, **asked)

    @rpc_command(contracts.PairRef, reply=contracts.Pair, completed_by="pair_with_secret")
    def extend_pair(self, work, asked):
        return commands.extend_pair(work, self.links, **asked)

    @rpc_command(contracts.PairRef, reply=Done)
    def release_pair(self, work, asked):
        return commands.release_pair(work, self.links, **asked)

    @rpc_command(contracts.ConfirmPair, reply=contracts.BookedPair, completed_by="pair_with_secrets")
    def confirm_pair(self, work, asked):
        return commands.confirm_pair(work, self.links, self.people, **asked)

    @rpc_query(contracts.AppointmentRef, reply=contracts.AppointmentDetails)
    def appointment(self, reading, asked):
        return queries.appointment(reading, self.links, **asked)

    @rpc_command(contracts.MoveAppointment, reply=contracts.Appointment, completed_by="appointment_with_secret")
    def move_appointment(self, work, asked):
        return commands.move_appointment(work, self.links, **asked)

    @rpc_command(contracts.CancelAppointment, reply=contracts.Appointment, completed_by="appointment_with_secret")
    def cancel_appointment(self, work, asked):
        return commands.cancel_appointment(work, self.links, **asked)

    @rpc_command(contracts.ReconfirmAppointment, reply=contracts.Appointment, completed_by="appointment_with_secret")
    def reconfirm_appointment(self, work, asked):
        return commands.reconfirm_appointment(work, self.links, **asked)

    @rpc_command(contracts.AppointmentRef, reply=Done)
    def note_seen(self, work, asked):
        return commands.note_seen(work, self.links, **asked)

    @rpc_command(contracts.SendLink, reply=Done)
    def send_link(self, work, asked):
        return commands.send_link(work, **asked)

    @rpc_query(contracts.AppointmentRef, reply=contracts.WaitingList)
    def waiting_list(self, reading, asked):
        return queries.waiting_list(reading, self.links, **asked)

    @rpc_command(contracts.JoinWaitingList, reply=contracts.WaitingList)
    def join_waiting_list(self, work, asked):
        return commands.join_waiting_list(work, self.links, self.lots, **asked)

    @rpc_command(contracts.AppointmentRef, reply=Done)
    def leave_waiting_list(self, work, asked):
        return commands.leave_waiting_list(work, self.links, **asked)

    @rpc_command(contracts.AnswerOffer, reply=contracts.Appointment, completed_by="appointment_with_secret")
    def answer_offer(self, work, asked):
        return commands.answer_offer(work, self.links, **asked)

    @rpc_command(contracts.RequestCode, reply=contracts.CodeOnItsWay)
    def request_code(self, work, asked):
        return commands.request_code(work, **asked)

    @rpc_command(contracts.CheckCode, reply=contracts.CheckedCode)
    def check_code(self, work, asked):
        return commands.check_code(work, self.codes, **asked)

    @rpc_query(contracts.GetMailCode, reply=contracts.MailCode)
    def mail_code(self, reading, asked):
        return queries.mail_code(reading, self.codes, **asked)

    @rpc_query(Nothing, reply=contracts.DrawList)
    def list_draws(self, reading, asked):
        return queries.list_draws(reading)

    @rpc_query(contracts.GetDraw, reply=contracts.DrawDocument)
    def draw(self, reading, asked):
        return queries.draw(reading, **asked)

    @rpc_command(contracts.EnterDraw, reply=contracts.DrawAnswer, completed_by="answer_with_secret")
    def enter_draw(self, work, asked):
        return commands.enter_draw(work, self.codes, self.people, **asked)

    @rpc_query(contracts.DrawRequestRef, reply=contracts.DrawRequestDetails)
    def draw_request(self, reading, asked):
        return queries.draw_request(reading, self.links, **asked)

    @rpc_command(contracts.DrawRequestRef, reply=Done)
    def withdraw_draw_request(self, work, asked):
        return commands.withdraw_request(work, self.links, **asked)

    @rpc_query(contracts.GetDrawContact, reply=contracts.DrawContact)
    def draw_contact(self, reading, asked):
        return queries.draw_contact(reading, self.links, **asked)

    @rpc_query(contracts.GetContact, reply=contracts.Contact)
    def contact_of(self, reading, asked):
        return queries.contact_of(reading, self.links, **asked)

    @rpc_query(contracts.PreviewOpeningChange, reply=contracts.OpeningChangePreview)
    def preview_opening_change(self, reading, asked):
        return opening_changes.preview_opening_change(reading, **asked)

    @rpc_command(contracts.ChangeOpening, reply=contracts.OpeningChanged)
    def change_opening(self, work, asked):
        return opening_changes.change_opening(work, **asked)

    @rpc_command(contracts.WithdrawChange, reply=contracts.OpeningChanged)
    def withdraw_change(self, work, asked):
        return opening_changes.withdraw_change(work, **asked)

    @rpc_query(contracts.ListAffected, reply=contracts.AffectedVisits)
    def affected_visits(self, reading, asked):
        return queries.affected_visits(reading, **asked)

    @rpc_command(contracts.AnswerAffected, reply=contracts.Appointment, completed_by="appointment_with_secret")
    def answer_affected(self, work, asked):
        return affected.answer_affected(work, self.links, **asked)

    @rpc_command(contracts.RevokeVisit, reply=contracts.Appointment)
    def revoke_visit(self, work, asked):
        return affected.revoke_visit(work, **asked)

    @rpc_command(contracts.CorrectPerson, reply=Done)
    def correct_person(self, work, asked):
        return commands.correct_person(work, self.people, **asked)

    @rpc_query(Nothing, reply=contracts.CapacityDrift)
    def capacity_drift(self, reading, asked):
        return queries.drift_from_today(reading)

    @rpc_query(Nothing, reply=contracts.Figures)
    def figures(self, reading, asked):
        return queries.figures_now(reading)

    @rpc_query(contracts.GetFiguresHistory, reply=contracts.FiguresHistory)
    def figures_history(self, reading, asked):
        return queries.figures_history(reading, **asked)

    @rpc_command(contracts.RecordOutcome, reply=contracts.VisitOutcome)
    def record_outcome(self, work, asked):
        return commands.record_outcome(work, **asked)

    @rpc_query(contracts.FindReliefs, reply=contracts.ReliefList)
    def reliefs(self, reading, asked):
        return queries.find_reliefs(reading, **asked)

    @rpc_command(contracts.DecideRelief, reply=contracts.ReliefList)
    def decide_relief(self, work, asked):
        return commands.decide_relief(work, **asked)

    @rpc_query(contracts.ListDoubts, reply=contracts.DoubtList)
    def doubts(self, reading, asked):
        return queries.doubts(reading)

    @rpc_command(contracts.SettleDoubt, reply=Done)
    def settle_doubt(self, work, asked):
        return commands.settle_doubt(work, **asked)

    @reacts_to(civil_registry.DeathRegistered)
    def on_death_registered(self, work, event):
        reactions.on_death_registered(work, event)

    @reacts_to(civil_registry.DeedCancelledByCourt)
    def on_deed_cancelled(self, work, event):
        reactions.on_deed_cancelled(work, event)

    def hold_with_secret(self, reply):
        """Add the secret, which is never stored with an answer."""
        return reply | {"secret": self.links.secret(UUID(reply["hold_id"]))}

    def appointment_with_secret(self, reply):
        """Add the secret of the first link; who holds a later one has it already."""
        return reply | {"secret": self.links.secret(UUID(reply["appointment_id"]))}

    def answer_with_secret(self, reply):
        """Add the secret that opens the request, when there is one."""
        entered = reply["entered"]
        if entered is None:
            return reply
        return reply | {"entered": entered | {"secret": self.links.secret(UUID(entered["request_id"]))}}

    def pair_with_secret(self, reply):
        """Add the secret that confirms, extends and releases both holds."""
        return reply | {"secret": self.links.secret(UUID(reply["journey_id"]))}

    def pair_with_secrets(self, reply):
        """Add to each appointment its own secret."""
        return reply | {part: self.appointment_with_secret(reply[part]) for part in ("request", "collection")}
