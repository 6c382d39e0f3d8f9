"""What the desk calls statuses, queues, marks and commands: short, for who works with them every day."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.pages.texts import N_, _

QUEUES: Mapping[str, str] = {
    "awaiting-confirmation": N_("Waiting for doctor or midwife"),
    "to-review": N_("To review"),
    "in-review": N_("In review"),
    "duplicates": N_("Perhaps declared twice"),
    "second-officer": N_("For a second officer"),
    "info-requested": N_("Question to declarant"),
    "prosecutor": N_("With the public prosecutor"),
    "sham-check": N_("Sham marriage check"),
    "to-schedule": N_("Ceremony to plan"),
    "scheduled": N_("Ceremony planned"),
    "final-check": N_("Last check before the ceremony"),
    "ceremonies": N_("Ceremonies"),
    "objections": N_("Objections"),
    "deed-to-draw": N_("Deed to draw up"),
    "deed-to-print": N_("Deed to print"),
    "deed-to-sign": N_("Deed to sign"),
    "deed-to-register": N_("Deed to register"),
    "mayor-to-decide": N_("Mayor to decide"),
    "permit-escalated": N_("Permit: most urgent"),
    "permit-to-issue": N_("Permit to issue"),
    "permit-in-use": N_("Permit: funeral to record"),
    "late-to-report": N_("Late birth to report"),
    "remarriage-to-report": N_("Remarriage to report"),
    "originals-outstanding": N_("Paper originals outstanding"),
}

STATUSES: Mapping[str, str] = {
    "draft": N_("Draft"),
    "awaiting-confirmation": N_("Waiting for doctor or midwife"),
    "awaiting-partner": N_("Waiting for the partner"),
    "submitted": N_("To review"),
    "in-review": N_("In review"),
    "info-requested": N_("Question to declarant"),
    "awaiting-prosecutor": N_("With the public prosecutor"),
    "sham-check": N_("Sham marriage check"),
    "approved": N_("Approved"),
    "accepted": N_("Accepted"),
    "scheduled": N_("Ceremony planned"),
    "ready": N_("Ready for the ceremony"),
    "objected": N_("Objection"),
    "solemnised": N_("Ceremony held"),
    "deed-drawn": N_("Deed drawn up"),
    "deed-printed": N_("Deed printed"),
    "deed-signed": N_("Deed signed"),
    "registered": N_("In the register"),
    "requested": N_("Permit asked for"),
    "issued": N_("Permit issued"),
    "used": N_("Funeral held"),
    "revoked": N_("Permit revoked"),
    "refused": N_("Refused"),
    "redirected": N_("Sent to the counter"),
    "withdrawn": N_("Withdrawn"),
    "lapsed": N_("Lapsed"),
    "expired": N_("Expired"),
    "closed-as-duplicate": N_("Closed: declared twice"),
}

FLAGS: Mapping[str, str] = {
    "late": N_("After the legal term"),
    "potential-duplicate": N_("Perhaps declared twice"),
    "needs-second-officer": N_("Four eyes"),
    "second-officer-agreed": N_("Second officer agrees"),
    "originals-pending": N_("Originals outstanding"),
    "remarriage-with-custody": N_("Remarriage with custody"),
    "provider-silent": N_("Call doctor or midwife"),
    "funeral-near": N_("Funeral is near"),
    "escalated": N_("Most urgent"),
    "cleared-by-prosecutor": N_("Prosecutor has no objection"),
    "term-decided": N_("Mayor set the term"),
    "amendment-asked": N_("Change asked for"),
    "check-again": N_("Check again"),
    "deed-unsigned": N_("Deed not signed"),
}
ALARMS = frozenset({"late", "potential-duplicate", "needs-second-officer", "provider-silent", "funeral-near",
                    "escalated", "check-again", "deed-unsigned"})  # fmt: skip

SOURCES: Mapping[str, str] = {"online": N_("Online"), "counter": N_("Counter"), "partner": N_("Care provider")}

TERMS: Mapping[str, str] = {
    "declare_by": N_("Declare by"),
    "funeral_from": N_("Funeral from"),
    "funeral_by": N_("Funeral by"),
    "marry_from": N_("Marry from"),
    "marry_by": N_("Marry by"),
    "option_until": N_("We keep the time until"),
    "starts_at": N_("Ceremony begins"),
    "ends_at": N_("Ceremony ends"),
    "change_until": N_("Couple may change until"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """A command: what its button says, and what it is called once it was done."""

    button: str
    done: str


COMMANDS: Mapping[str, Words] = {
    "start": Words(N_("Begin"), N_("Begun")),
    "save": Words(N_("Save"), N_("Filled in")),
    "submit": Words(N_("Submit"), N_("Submitted")),
    "redirect": Words(N_("Send to the counter"), N_("Sent to the counter")),
    "confirm-birth": Words(N_("Confirm the birth"), N_("Birth confirmed by doctor or midwife")),
    "add-statement": Words(N_("The statement on file is enough"), N_("Statement of doctor or midwife on file")),
    "remind-provider": Words(N_("Remind"), N_("Doctor or midwife reminded")),
    "provider-silent": Words(N_("Mark as silent"), N_("Doctor or midwife did not answer")),
    "assign": Words(N_("Take"), N_("Taken into review")),
    "take-over": Words(N_("Take over"), N_("Taken over")),
    "release": Words(N_("Give back"), N_("Given back")),
    "recheck": Words(N_("Ask the BRP again"), N_("BRP asked again")),
    "weak-match": Words(N_("Mark for four eyes"), N_("Match with the BRP is weak")),
    "request-info": Words(N_("Ask for information"), N_("Information asked for")),
    "supply-info": Words(N_("Note the answer"), N_("Information supplied")),
    "clear-duplicate": Words(N_("This is no duplicate"), N_("Found to be no duplicate")),
    "mark-duplicate": Words(N_("Close as duplicate"), N_("Closed as duplicate")),
    "second-look": Words(N_("Give the second look"), N_("Second officer compared")),
    "await-prosecutor": Words(N_("Ask the public prosecutor"), N_("Public prosecutor asked")),
    "record-clearance": Words(N_("Record no objection"), N_("No objection of the prosecutor recorded")),
    "approve": Words(N_("Approve"), N_("Approved")),
    "send-back": Words(N_("Send back to review"), N_("Sent back to review")),
    "refuse": Words(N_("Refuse"), N_("Refused")),
    "draw-deed": Words(N_("Draw up the deed"), N_("Deed drawn up")),
    "print-deed": Words(N_("Print the deed"), N_("Deed printed")),
    "sign-deed": Words(N_("Record the signature"), N_("Deed signed")),
    "register": Words(N_("Put it into the register"), N_("Put into the register")),
    "report-late": Words(N_("Record the report to the prosecutor"), N_("Late birth reported")),
    "report-remarriage": Words(N_("Record the report to the court"), N_("Remarriage reported")),
    "record-originals": Words(N_("Originals came in"), N_("Paper originals came in")),
    "remind-originals": Words(N_("Remind"), N_("Reminded of paper originals")),
    "withdraw": Words(N_("Withdraw"), N_("Withdrawn")),
    "expire": Words(N_("Let lapse"), N_("Lapsed")),
    "request": Words(N_("Ask for a permit"), N_("Permit asked for")),
    "request-permit": Words(N_("Ask for a permit anew"), N_("Permit asked for anew")),
    "decide-term": Words(N_("Set another term"), N_("Mayor set another term")),
    "plan": Words(N_("Change the plan"), N_("Funeral planned")),
    "record-measure": Words(N_("Record a measure of the prosecutor"), N_("Measure of the prosecutor recorded")),
    "issue": Words(N_("Issue the permit"), N_("Permit issued")),
    "amend": Words(N_("Change the permit"), N_("Permit changed")),
    "request-amendment": Words(N_("Ask for a change of the permit"), N_("Change of the permit asked for")),
    "decline-amendment": Words(N_("Decline the change"), N_("Change of the permit declined")),
    "revoke": Words(N_("Revoke the permit"), N_("Permit revoked")),
    "record-funeral": Words(N_("Record the funeral"), N_("Funeral held")),
    "warn": Words(N_("Warn"), N_("Term of the funeral is near")),
    "escalate": Words(N_("Escalate"), N_("Marked as most urgent")),
    "invite-partner": Words(N_("Ask the partner"), N_("Partner asked")),
    "assent": Words(N_("The partner confirms"), N_("Partner confirmed")),
    "decline": Words(N_("The partner declines"), N_("Partner declined")),
    "remind-partner": Words(N_("Remind"), N_("Partner reminded")),
    "release-option": Words(N_("Free the time"), N_("Kept time was freed")),
    "start-sham-check": Words(N_("Start a sham marriage check"), N_("Sham marriage check started")),
    "conclude-sham-check": Words(N_("Conclude the check"), N_("Sham marriage check concluded")),
    "accept": Words(N_("Accept the notice"), N_("Notice accepted")),
    "schedule": Words(N_("Plan the ceremony"), N_("Ceremony planned")),
    "change-witnesses": Words(N_("Change the witnesses"), N_("Witnesses changed")),
    "change-officer": Words(N_("Change the officer"), N_("Officer of the ceremony changed")),
    "final-check": Words(N_("Clear for the ceremony"), N_("Cleared for the ceremony")),
    "recheck-ceremony": Words(N_("Check again"), N_("BRP asked again before the ceremony")),
    "hold-back": Words(N_("Hold back"), N_("Held back: check again")),
    "record-ceremony": Words(N_("Record the ceremony"), N_("Ceremony held, deed drawn up")),
    "warn-unsigned": Words(N_("Warn"), N_("Deed was not signed in time")),
    "record-objection": Words(N_("Record an objection"), N_("Objection recorded")),
    "lift-objection": Words(N_("Lift the objection"), N_("Objection lifted")),
    "remind-to-schedule": Words(N_("Remind"), N_("Reminded to plan")),
}

_BY: Mapping[str, str] = {
    "resident": N_("declarant"),
    "undertaker": N_("undertaker"),
    "care-provider": N_("doctor or midwife"),
    "system": N_("Balie, by itself"),
    "clerk": N_("clerk"),
    "officer": N_("officer"),
    "special-officer": N_("special officer"),
    "mayor-delegate": N_("for the mayor"),
    "manager": N_("manager"),
}

FIRST = (
    "assign", "approve", "accept", "second-look", "draw-deed", "record-ceremony", "register", "sign-deed",
    "print-deed", "submit", "invite-partner", "issue", "record-clearance", "final-check", "conclude-sham-check",
    "lift-objection", "report-late", "report-remarriage", "record-originals", "record-funeral", "schedule",
    "decide-term",
)  # fmt: skip
"""Commands that carry a record on: the first of them that is allowed is offered first.

A deed that was printed can be printed again: signing comes before that.
"""

LAST = ("withdraw", "refuse", "revoke", "mark-duplicate", "record-objection")
"""Commands that end something: offered last."""

NEVER = frozenset({"save", "confirm-birth"})
"""Commands that have pages of their own, or belong to others."""

ADDED = "document"
AT_COUNTER = frozenset({"submit", "redirect", "invite-partner", "assent", "decline"})
"""Commands on what a clerk filled in at the counter; a resident's own draft is his."""


def called(words: Mapping[str, str], key: str) -> str:
    """Return what something is called; its own name when nobody gave it words."""
    return _(words[key]) if key in words else key.replace("-", " ").replace("_", " ").capitalize()


def button_of(command: str) -> str:
    """Return what the button of a command says."""
    return _(COMMANDS[command].button) if command in COMMANDS else called({}, command)


def done_text(entry: Mapping[str, Any]) -> str:
    """Return what a line of the history tells."""
    command = entry["command"]
    if command == "confirm-birth" and entry["to_status"] == "info-requested":
        return _("Doctor or midwife says something else")
    return _(COMMANDS[command].done) if command in COMMANDS else called({}, command)


def told(notice: str) -> str:
    """Return what the page says after something was done, by the word in its address; nothing for any other word."""
    if notice == ADDED:
        return _("Document added")
    return _(COMMANDS[notice].done) if notice in COMMANDS else ""


def by_whom(entry: Mapping[str, Any], me: str) -> str:
    """Return who did it: the reader himself, a colleague by his id, or a role."""
    if entry["staff_id"]:
        return _("you") if entry["staff_id"] == me else str(entry["staff_id"])
    return called(_BY, entry["by"])


def in_order(record: Mapping[str, Any]) -> list[str]:
    """Return the commands that are offered on a record, the one that carries it on first."""
    offered = [
        command
        for command in record["allowed"]
        if command not in NEVER and (command not in AT_COUNTER or record["source"] == "counter")
    ]
    return sorted(offered, key=lambda one: (one in LAST, FIRST.index(one) if one in FIRST else len(FIRST)))
