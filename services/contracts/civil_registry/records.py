"""Starting, filling in, moving on and looking at records: one declaration, notice or permit each, from draft to end."""

from datetime import date, timedelta

from marshmallow import ValidationError, fields, validate, validates_schema

from services.contracts.base import LANGUAGES, Reply, Request
from services.contracts.civil_registry.base import KINDS, SOURCES, AboutRecord, Asked, sealed_bsn
from services.contracts.civil_registry.birth import DECLARANTS, BirthAnswers, BirthNotice

EVIDENCE_KINDS = (
    "birth-statement",  # of a doctor or midwife
    "acknowledgement-deed",
    "name-choice-deed",
    "a-certificate",  # certificate of death (*A-verklaring*)
    "no-objection",  # of the public prosecutor (*verklaring van geen bezwaar*)
    "doctor-statement",  # about another funeral term, or about a child for whom no permit is needed
    "body-donation",  # last will, or consent of who may give it, by which a body goes to science (Wlb art. 67)
    "identity-document",
    "guardian-consent",  # of the guardian or the district judge (BW 1:37-38)
    "kinship-statement",  # under oath, of relatives in the third or fourth degree (BW 1:41a)
    "dispensation",  # of the minister, for brothers and sisters by adoption (BW 1:41 lid 2)
    "exemption",  # of the public prosecutor, from the fourteen days before a wedding (BW 1:62 lid 2)
    "other",
)


SCANS = ("clean", "not-scanned")
LONGEST_SEARCH = timedelta(days=62)
"""So many days one question about days for a ceremony may span."""


class StartRecord(Asked):
    """Begin a draft. `content` may hold any part of what the kind's content says."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    content = fields.Dict(keys=fields.String(), load_default=dict)


class SaveDraft(Asked):
    """Keep parts of a draft; a part that is given replaces the one before, whole."""

    record_id = fields.UUID(required=True)
    expected_version = fields.Integer(required=True, strict=True)
    content = fields.Dict(keys=fields.String(), required=True)


class Act(Asked):
    """Do one of the commands of the kind's transition table. `particulars` differ from command to command."""

    record_id = fields.UUID(required=True)
    command = fields.String(required=True, validate=validate.Regexp(r"^[a-z][a-z-]{1,40}\Z"))
    expected_version = fields.Integer(required=True, strict=True)
    particulars = fields.Dict(keys=fields.String(), load_default=dict)


class AddEvidence(Asked):
    """Put an uploaded file to a record; the bytes were filed before, under `file_id`."""

    record_id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(EVIDENCE_KINDS))
    file_id = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-f]{64}\Z"))
    file_name = fields.String(required=True, validate=validate.Length(min=1, max=120))
    media_type = fields.String(required=True, validate=validate.OneOf(("application/pdf", "image/jpeg", "image/png")))
    size = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))
    scan = fields.String(load_default="not-scanned", validate=validate.OneOf(SCANS))


class Evidence(Reply):
    """A file that belongs to a record. `original_on`: when the paper original came in."""

    evidence_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    file_id = fields.String(required=True)
    file_name = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)
    added_at = fields.AwareDateTime(required=True)
    original_on = fields.Date(required=True, allow_none=True)
    scan = fields.String(load_default="not-scanned")
    """Whether a virus scanner looked at it: one that was away keeps nobody's legal term."""


class HistoryEntry(Reply):
    """What happened to a record. `by` is a role, never a name; `staff_id` is set when staff did it."""

    at = fields.AwareDateTime(required=True)
    command = fields.String(required=True)
    from_status = fields.String(required=True, allow_none=True)
    to_status = fields.String(required=True)
    by = fields.String(required=True)
    staff_id = fields.String(required=True, allow_none=True)
    note = fields.String(required=True)


class Finding(Reply):
    """Something that a check of the BRP or of the records found, for whoever reviews. `blocks`: approval waits."""

    code = fields.String(required=True)
    role = fields.String(required=True)
    facts = fields.Dict(required=True)
    blocks = fields.Boolean(required=True)


class BrpCheck(Reply):
    """The last comparison with the BRP. `persons` are by role, as contracts.civil_registry.Person."""

    state = fields.String(required=True)
    checked_at = fields.AwareDateTime(required=True, allow_none=True)
    findings = fields.List(fields.Nested(Finding), required=True)
    persons = fields.Dict(keys=fields.String(), required=True)


class RecordLine(Reply):
    """A record in a list: no names. `queue` is where it waits, None when nobody has to do anything."""

    record_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    receipt = fields.String(required=True)
    status = fields.String(required=True)
    flags = fields.List(fields.String(), required=True)
    queue = fields.String(required=True, allow_none=True)
    source = fields.String(required=True, validate=validate.OneOf(SOURCES))
    version = fields.Integer(required=True)
    assignee = fields.String(required=True, allow_none=True)
    started_at = fields.AwareDateTime(required=True)
    submitted_at = fields.AwareDateTime(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    """The last day of the legal term; for marriages the day of the ceremony, for permits that of the funeral."""
    parent_id = fields.UUID(required=True, allow_none=True)
    label = fields.String(required=True)
    """For whoever may see it: the child's first names, the surname of who died, both surnames; else empty."""
    asks_you = fields.Boolean(load_default=False)
    """A notice of marriage that waits for whoever asks: he is the second partner, and has to confirm it."""


class Record(RecordLine):
    """One record as somebody who may see it sees it. BSNs in `content` are sealed."""

    content = fields.Dict(required=True)
    evidence = fields.List(fields.Nested(Evidence), required=True)
    history = fields.List(fields.Nested(HistoryEntry), required=True)
    brp = fields.Nested(BrpCheck, required=True, allow_none=True)
    allowed = fields.List(fields.String(), required=True)
    """The commands that this actor may give now."""
    question = fields.Dict(required=True, allow_none=True)
    """What we asked: `reason`, `items`, `answer_by`."""
    deed_number = fields.String(required=True, allow_none=True)
    decisions = fields.Dict(load_default=dict)
    """What was decided on the way, for whoever may see the record: `refused_because`, `term`, `forbidden` …"""
    children = fields.List(fields.Nested(RecordLine), required=True)
    """Permits of a death, or records of the same birth (twins)."""
    terms = fields.Dict(required=True)
    """Moments by name (ISO texts): `declare_by`; `funeral_from`, `funeral_by`; of a marriage `assent_by` (the last
    whole day on which the second partner can confirm), `marry_from`, `marry_by`, `option_until` (we keep the wished
    time), `starts_at`, `ends_at`, `change_until` (by the couple themselves)."""
    names = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    """How the BRP calls the partners of a marriage, for staff and for the two of them; empty while it has not told."""
    documents = fields.List(fields.Dict(), required=True)


class GetRecord(AboutRecord):
    """The whole record; the look is logged with its purpose before anything comes back."""


class MyRecords(Asked):
    """The records of the person or firm that asks, newest first."""


class RecordList(Reply):
    """Records."""

    records = fields.List(fields.Nested(RecordLine), required=True)


class GetQueue(Asked):
    """What waits for staff: one queue, or (None) only how many wait in each."""

    queue = fields.String(load_default=None, allow_none=True)
    offset = fields.Integer(load_default=0, strict=True, validate=validate.Range(min=0))


class QueueCount(Reply):
    """How many wait in one queue."""

    queue = fields.String(required=True)
    count = fields.Integer(required=True)
    overdue = fields.Integer(load_default=0)
    """How many of them are past the last day of their legal term."""


class WorkQueue(Reply):
    """The counts of all queues that the asker's roles serve, and up to fifty records of the one that was asked."""

    counts = fields.List(fields.Nested(QueueCount), required=True)
    records = fields.List(fields.Nested(RecordLine), required=True)


class FindRecords(Asked):
    """Records with this receipt number, deed number, or person; exactly one is given. Searches are logged too."""

    receipt = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=20))
    deed_number = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=20))
    bsn = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=400))


class RecordBirthNotice(Asked):
    """A doctor or midwife confirms a birth, before or after the parents declared it."""

    notice = fields.Nested(BirthNotice, required=True)


class NoticeStored(Reply):
    """The notice is kept. `matched`: declarations that it confirmed; `differs`: fields in which one disagrees."""

    notice_id = fields.UUID(required=True)
    matched = fields.Integer(required=True)
    differs = fields.List(fields.String(), required=True)


class MyNotices(Asked):
    """The notices that the asking firm gave, newest first, at most a hundred."""


class NoticeLine(Reply):
    """One notice, without the mother's number."""

    notice_id = fields.UUID(required=True)
    received_at = fields.AwareDateTime(required=True)
    born_on = fields.Date(required=True)
    born_time = fields.String(required=True)
    sex = fields.String(required=True)
    matched = fields.Boolean(required=True)


class NoticeList(Reply):
    """Notices."""

    notices = fields.List(fields.Nested(NoticeLine), required=True)


class CheckBirth(Asked):
    """Can this birth be declared online? Asked before anything long is filled in; nothing is stored."""

    answers = fields.Nested(BirthAnswers, required=True)
    declarant = fields.String(required=True, validate=validate.OneOf(DECLARANTS))
    born_on = fields.Date(required=True)
    municipality = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{4}\Z"))
    other_parent_bsn = sealed_bsn(required=False)


class Obstacle(Reply):
    """Why it cannot be declared online, or what to know. `redirects`: it leads to the counter."""

    code = fields.String(required=True)
    text = fields.String(required=True)
    """A key of `OBSTACLES`, for the words that are shown."""
    redirects = fields.Boolean(required=True)
    blocks = fields.Boolean(required=True)
    """False: a warning, the declaration can go on."""
    facts = fields.Dict(required=True)


class Obstacles(Reply):
    """All obstacles; empty when the birth can be declared online."""

    obstacles = fields.List(fields.Nested(Obstacle), required=True)
    declare_by = fields.Date(required=True)


class _AboutCeremony(Asked):
    """A question about room and time of a ceremony; without `room_id` or `officer_id` any will do."""

    record_id = fields.UUID(required=True)
    room_id = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=63))
    officer_id = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=60))


class FindCeremonyDays(_AboutCeremony):
    """On which days can a ceremony be held, from one day to another, at most two months?"""

    from_on = fields.Date(required=True)
    until_on = fields.Date(required=True)

    @validates_schema
    def _at_most_two_months(self, data: dict[str, date], **_: object) -> None:
        if not timedelta(0) <= data["until_on"] - data["from_on"] <= LONGEST_SEARCH:
            raise ValidationError("At most 62 days, the last one not before the first one.", "until_on")


class FindCeremonyTimes(_AboutCeremony):
    """On which times of a day can a ceremony be held?"""

    on = fields.Date(required=True)


class CeremonyTime(Reply):
    """A time at which a room and at least one officer are free. `free_of_charge`: WRBS art. 4."""

    time = fields.String(required=True)
    room_id = fields.String(required=True)
    free_of_charge = fields.Boolean(required=True)


class RoomInfo(Reply):
    """A room for ceremonies."""

    room_id = fields.String(required=True)
    name = fields.String(required=True)
    special_house = fields.Boolean(required=True)
    minutes = fields.Integer(load_default=30)


class OfficerInfo(Reply):
    """An officer whom couples may choose by name."""

    officer_id = fields.String(required=True)
    name = fields.String(required=True)


class _CeremonyOffer(Reply):
    """All rooms, and the officers whom one may choose.

    `first_on`, `last_on`: the first and last day that the asker can choose; before the notice is accepted as if it were
    complete today.
    """

    rooms = fields.List(fields.Nested(RoomInfo), required=True)
    officers = fields.List(fields.Nested(OfficerInfo), load_default=list)
    first_on = fields.Date(required=True, allow_none=True)
    last_on = fields.Date(required=True, allow_none=True)


class CeremonyTimes(_CeremonyOffer):
    """The times of one day."""

    times = fields.List(fields.Nested(CeremonyTime), required=True)


class CeremonyDay(Reply):
    """A day and how many times are free on it; `free_of_charge`: one of them costs nothing."""

    on = fields.Date(required=True)
    starts = fields.Integer(required=True)
    free_of_charge = fields.Boolean(required=True)


class CeremonyDays(_CeremonyOffer):
    """The days with a free time. `first_free`: the first free moment of all, None when there is none."""

    days = fields.List(fields.Nested(CeremonyDay), required=True)
    first_free = fields.AwareDateTime(required=True, allow_none=True)


class AboutFact(Request):
    """A question of another service about the record of a fact that it heard."""

    record_id = fields.UUID(required=True)


class RecordContact(Reply):
    """Whom to write to about a record, in which language, and what the mail needs to say. Never kept.

    `email` is None of a draft whose declarant has left no address yet.
    """

    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    language = fields.String(required=True)
    receipt = fields.String(required=True)
    kind = fields.String(required=True)
    status = fields.String(required=True)
    partner_email = fields.String(required=True, allow_none=True)
    source = fields.String(load_default="online", validate=validate.OneOf(SOURCES))
    """Who declared at the counter has no page of his own to look at."""
    facts = fields.Dict(required=True)
    """What the text may say: `office` and `telephone` always; `declare_by`, `funeral_from`, `funeral_by`, `marry_from`,
    `marry_by`; `reason`, `items`, `answer_by` of a question; `refused_because`, `remedy_by`, `revoked_because`; `term`;
    `bond`, `starts_at`, `ends_at`, `room`."""


class Departed(Reply):
    """Who died, as far as another service needs it to find him; asked once after DeathRegistered, never kept.

    Of a stillborn child, and of a deed that a court has struck out, nothing is told: `record-unknown`.
    """

    first_names = fields.String(required=True)
    surname_prefix = fields.String(required=True)
    surname = fields.String(required=True)
    born_on = fields.Date(required=True, allow_none=True)
    died_on = fields.Date(required=True)
