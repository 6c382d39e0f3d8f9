"""A small civil registry in memory, at the edge of the gateway, and people who are logged in without a provider.

It keeps drafts, moves records by the real transition tables (without their rules: `refuse` says what is refused), and
checks every request and reply against its contract. Appointments are those of `pages_double`.
"""

import html
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self
from uuid import UUID

from flask import Flask

from gateway.app import create_app
from gateway.login.sessions import Session
from gateway.login.settings import LOGIN_OF, LoginSettings
from gateway.settings import GatewaySettings
from services.civil_registry.domain.actor import Actor, Level, Role
from services.civil_registry.domain.machine import permitted_rows
from services.civil_registry.domain.machines import MACHINES
from services.civil_registry.domain.queues import QUEUES, queue_of
from services.civil_registry.domain.record import Flag, Kind, Record, Source, Status
from services.contracts import civil_registry as contract
from services.contracts.base import Done, Nothing, dump, load
from services.filing.settings import FilingSettings
from services.messaging.errors import Refusal, RemoteRefusal
from services.messaging.sealing import Sealer
from services.messaging.settings import Environment, Secret
from tests.pages_double import AppointmentsDouble, StillClock
from tests.pages_visitor import MANY, NOWHERE, Visitor

SECRET = Secret("k" * 40)
SANNE, THOMAS = "999980002", "999980014"
SEALER = Sealer.of(SECRET)

CONTRACTS: dict[str, tuple[Any, Any]] = {
    "start_record": (contract.StartRecord, contract.Settled),
    "save_draft": (contract.SaveDraft, contract.Settled),
    "act": (contract.Act, contract.Settled),
    "add_evidence": (contract.AddEvidence, contract.Settled),
    "record_birth_notice": (contract.RecordBirthNotice, contract.NoticeStored),
    "record": (contract.GetRecord, contract.Record),
    "my_records": (contract.MyRecords, contract.RecordList),
    "work_queue": (contract.GetQueue, contract.WorkQueue),
    "find_records": (contract.FindRecords, contract.RecordList),
    "check_birth": (contract.CheckBirth, contract.Obstacles),
    "birth_notices": (contract.MyNotices, contract.NoticeList),
    "check_marriage": (contract.CheckMarriage, contract.MarriageObstacles),
    "ceremony_days": (contract.FindCeremonyDays, contract.CeremonyDays),
    "birth_places": (Nothing, contract.BirthPlaces),
    "birth_preview": (contract.PreviewBirth, contract.BirthPreview),
    "ceremony_times": (contract.FindCeremonyTimes, contract.CeremonyTimes),
    "look_up_person": (contract.LookUpPerson, contract.PersonFound),
    "document_file": (contract.GetDocument, contract.DocumentFile),
    "evidence_file": (contract.GetEvidence, contract.DocumentFile),
    "deed_preview": (contract.PreviewDeed, contract.DeedPreview),
    "add_court_order": (contract.AddCourtOrder, Done),
    "deed": (contract.GetDeed, contract.Deed),
    "registers": (contract.Asked, contract.Registers),
    "add_mention": (contract.AddMention, Done),
    "correct_slip": (contract.CorrectSlip, Done),
    "block_extracts": (contract.BlockExtracts, Done),
    "close_register": (contract.CloseRegister, Done),
    "issue_extract": (contract.IssueExtract, contract.IssuedDocument),
}
BIRTH_PLACES = ["Medisch Spectrum Twente, Koningstraat 1", "Geboortecentrum De Ooievaar, Beltstraat 12"]
_LETTERS = {"birth": "G", "death": "O", "funeral-permit": "L", "marriage": "H"}
_SOURCES = {"resident": "online", "staff": "counter"}


def actor(kind: str, subject: str, *roles: str, level: str = "substantial") -> dict[str, Any]:
    """Somebody as the gateway names him; `subject` of a resident is his BSN in the clear."""
    told = SEALER.seal(subject) if kind == "resident" else subject
    return {"kind": kind, "subject": told, "level": level, "roles": list(roles)}


class RegistryDouble(AppointmentsDouble):
    """The double. `answers_of[method]` (a reply, or what makes one of the request) is said instead of its own.

    `refuse` refuses by method, or one command as `act:submit`; `refuse_facts` are the facts of it. `rows` chooses a
    row of a table where a command has several, by command; the first one else.
    """

    def __init__(self, clock: StillClock) -> None:
        super().__init__(clock)
        self.records: dict[str, dict[str, Any]] = {}
        self.persons: dict[str, dict[str, Any]] = {}
        self.answers_of: dict[str, Any] = {}
        self.rows: dict[str, int] = {}
        self.obstacles: list[dict[str, Any]] = []
        self.notices: list[dict[str, Any]] = []
        self.preview: dict[str, Any] = {}
        """Parts of how a birth deed will read, instead of the double's own."""

    def call(
        self,
        service: str,
        method: str,
        request: dict[str, Any],
        *,
        timeout_seconds: float = 5,
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        if service != "civil_registry" or method not in CONTRACTS or self.down or self.busy or self.slow:
            return super().call(
                service, method, request, timeout_seconds=timeout_seconds, idempotency_key=idempotency_key
            )
        asked_as, answered_as = CONTRACTS[method]
        load(asked_as, request)
        self.calls.append((method, request, idempotency_key))
        if idempotency_key in self.answers:
            return self.answers[idempotency_key]
        for word in (method, f"{method}:{request.get('command')}"):
            if word in self.refuse:
                raise RemoteRefusal(self.refuse[word], "Try something else.", self.refuse_facts)
        told = self.answers_of.get(method) or getattr(self, f"_{method}")
        reply = told(request) if callable(told) else told
        load(answered_as, reply)
        if idempotency_key:
            self.answers[idempotency_key] = reply
        return reply

    # --- what tests put there

    def has(self, kind: str, owner: dict[str, Any], status: str = "draft", **changes: Any) -> dict[str, Any]:
        """Put a record there, and return it."""
        number = len(self.records) + 1
        now = self.clock.now().isoformat()
        record: dict[str, Any] = {
            "record_id": str(UUID(int=0x4000_8000_0000_0000_0000 + 0x5000 + number)),
            "kind": kind,
            "receipt": f"{_LETTERS[kind]}-2026-7K2Q{number:02}",
            "status": status,
            "flags": [],
            "queue": None,
            "source": _SOURCES.get(owner["kind"], "partner"),
            "version": 1,
            "assignee": None,
            "started_at": now,
            "submitted_at": None if status in ("draft", "redirected", "awaiting-partner") else now,
            "due_on": None,
            "parent_id": None,
            "label": "",
            "content": {},
            "evidence": [],
            "history": [],
            "brp": None,
            "allowed": [],
            "question": None,
            "deed_number": None,
            "children": [],
            "terms": {},
            "documents": [],
            "owner": owner["subject"],
            **changes,
        }
        self.records[record["record_id"]] = record
        self.happened(record, "start", None, by=owner["kind"])
        return record

    def happened(self, record: dict[str, Any], command: str, came_from: str | None, *, by: str, note: str = "") -> None:
        """Write a line of the history."""
        record["history"].append(
            {
                "at": self.clock.now().isoformat(),
                "command": command,
                "from_status": came_from,
                "to_status": record["status"],
                "by": by,
                "staff_id": None,
                "note": note,
            }
        )

    def knows(self, bsn: str, first_names: str, surname: str, prefix: str = "", **more: Any) -> None:
        """Let the BRP know somebody."""
        self.persons[SEALER.seal(bsn)] = {
            "bsn": SEALER.seal(bsn),
            "name": {"first_names": first_names, "prefix": prefix, "surname": surname},
            "sex": "female",
            "born": {"year": 1994, "month": 5, "day": 12},
            "born_place": "Enschede",
            "born_country": "6030",
            "nationalities": ["0001"],
            "residence_title": "",
            "municipality": "0153",
            "address": "Voorbeeldstraat 1, 7511 AA Enschede",
            "partners": [],
            "parents": [],
            "children": [],
            "suspended": None,
            "suspended_on": None,
            "secret": False,
            "guardianship": False,
            **more,
        }

    # --- what the registry does

    def _start_record(self, request: dict[str, Any]) -> dict[str, Any]:
        record = self.has(request["kind"], request["actor"], content=dict(request["content"]))
        return self._settled(record)

    def _save_draft(self, request: dict[str, Any]) -> dict[str, Any]:
        record = self._mine(request)
        self._check(record, request, "save")
        record["content"] |= request["content"]
        record["version"] += 1
        child = record["content"].get("child") or {}
        record["label"] = child.get("first_names", record["label"])
        return self._settled(record)

    def _act(self, request: dict[str, Any]) -> dict[str, Any]:
        record, command = self._mine(request), request["command"]
        rows = self._check(record, request, command)
        load(contract.particulars_of(command), request["particulars"])
        before, row = record["status"], rows[self.rows.get(command, 0)]
        record |= {"status": str(row.target), "version": record["version"] + 1}
        if before == "draft" and command != "withdraw":
            record["submitted_at"] = self.clock.now().isoformat()
        if command == "supply-info":
            record["question"] = None
        if command in ("assign", "take-over", "release"):
            record["assignee"] = None if command == "release" else request["actor"]["subject"]
        said = request["particulars"]
        note = str(said.get("reason") or said.get("note") or "")
        self.happened(record, command, before, by=request["actor"]["kind"], note=note)
        return self._settled(record)

    def _add_evidence(self, request: dict[str, Any]) -> dict[str, Any]:
        record = self._mine(request)
        kept = {name: request[name] for name in ("kind", "file_id", "file_name", "media_type", "size")}
        number = UUID(int=0x4000_8000_0000_0000_0000 + 0x7000 + len(record["evidence"]))
        kept |= {"evidence_id": str(number), "added_at": self.clock.now().isoformat(), "original_on": None}
        record["evidence"].append(kept)
        return self._settled(record)

    def _record(self, request: dict[str, Any]) -> dict[str, Any]:
        record = self._mine(request)
        told = {name: value for name, value in record.items() if name != "owner"}
        who = _acting(request["actor"])
        told |= {"asks_you": _asks(record, request["actor"])}
        return told | {"allowed": told["allowed"] or list(MACHINES[Kind(record["kind"])].allowed(_real(record), who))}

    def _my_records(self, request: dict[str, Any]) -> dict[str, Any]:
        known = contract.RecordList().fields["records"].inner.schema.fields  # type: ignore[attr-defined]
        mine = [one for one in self.records.values() if _is_mine(one, request["actor"])]
        lines = [one | {"asks_you": _asks(one, request["actor"])} for one in mine[::-1]]
        return {"records": [{name: one[name] for name in known} for one in lines]}

    def _work_queue(self, request: dict[str, Any]) -> dict[str, Any]:
        waiting = [(queue_of(_real(one)), one) for one in self.records.values()]
        counts = [{"queue": name, "count": sum(queue == name for queue, _ in waiting)} for name in QUEUES]
        lines = [self._line(one) for queue, one in waiting if queue is not None and queue == request["queue"]]
        return {"counts": counts, "records": lines[request["offset"] :][:50]}

    def _find_records(self, request: dict[str, Any]) -> dict[str, Any]:
        found = [
            one
            for one in self.records.values()
            if request.get("receipt") == one["receipt"]
            or (request.get("deed_number") or "") == (one["deed_number"] or "none")
            or (request.get("bsn") or "none") in str(one["content"])
        ]
        return {"records": [self._line(one) for one in found]}

    def _ceremony_times(self, request: dict[str, Any]) -> dict[str, Any]:
        room = {"room_id": "stadhuis-trouwzaal", "name": "Trouwzaal Stadhuis", "special_house": False}
        return {"times": [], "rooms": [room], "first_on": None, "last_on": None}

    @staticmethod
    def _line(record: dict[str, Any]) -> dict[str, Any]:
        known = contract.RecordLine().fields
        return {name: record[name] for name in known if name in record} | {"queue": queue_of(_real(record))}

    def _check_birth(self, request: dict[str, Any]) -> dict[str, Any]:
        by = date.fromisoformat(request["born_on"]) + timedelta(days=5)
        return {"obstacles": self.obstacles, "declare_by": by.isoformat()}

    def _birth_places(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"municipality": "0153", "town": "Enschede", "places": BIRTH_PLACES}

    def _birth_preview(self, request: dict[str, Any]) -> dict[str, Any]:
        record = self._mine(request)
        content = record["content"]
        numbers = {role: (content.get(role) or {}).get("bsn") for role in ("mother", "other_parent")}
        parents = {role: self.persons.get(bsn or "") for role, bsn in numbers.items()}
        surnames = [_option(choice, parents) for choice in contract.SURNAME_CHOICES]
        chosen = (content.get("surname") or {}).get("choice")
        surname = next((one["surname"] for one in surnames if one["choice"] == chosen), None)
        child = content.get("child") or {}
        lines = [("surname", "Geslachtsnaam", surname), ("first_names", "Voornamen", child.get("first_names"))]
        section = {"heading": "", "lines": [dict(zip(("key", "label", "value"), line, strict=True)) for line in lines]}
        return {
            "brp": True,
            "parents": parents,
            "hidden": [],
            "surnames": surnames,
            "surname": surname,
            "surname_to_verify": False,
            "sections": [section] if surname and child else [],
            "obstacles": self.obstacles,
            "problems": [],
            "noticed": False,
        } | self.preview

    def _look_up_person(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"person": self.persons.get(request["bsn"])}

    def _record_birth_notice(self, request: dict[str, Any]) -> dict[str, Any]:
        said = request["notice"]
        stored = {"notice_id": str(UUID(int=0x4000_8000_0000_0000_0000 + 0x8000 + len(self.notices)))}
        line = {name: said[name] for name in ("born_on", "born_time", "sex")} | {"matched": False}
        self.notices.insert(0, stored | line | {"received_at": self.clock.now().isoformat()})
        return stored | {"matched": 0, "differs": []}

    def _birth_notices(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"notices": self.notices}

    def _mine(self, request: dict[str, Any]) -> dict[str, Any]:
        record = self.records.get(request["record_id"])
        who = request["actor"]
        if record is None or (who["kind"] != "staff" and not _is_mine(record, who)):
            raise RemoteRefusal("record-unknown", "Choose one of yours.", {})
        return record

    def _check(self, record: dict[str, Any], request: dict[str, Any], command: str) -> Any:
        try:
            rows = permitted_rows(
                MACHINES[Kind(record["kind"])].rows(Status(record["status"]), command),
                _acting(request["actor"]),
                _real(record),
            )
        except Refusal as refusal:
            raise RemoteRefusal(refusal.code, refusal.detail, refusal.facts) from None
        if request["expected_version"] != record["version"]:
            raise RemoteRefusal("version-conflict", "Reload.", {"version": record["version"]})
        return rows

    @staticmethod
    def _settled(record: dict[str, Any]) -> dict[str, Any]:
        return {name: record[name] for name in ("record_id", "receipt", "status", "version")}


def _is_mine(record: dict[str, Any], who: dict[str, Any]) -> bool:
    return record["owner"] == who["subject"] or (record["status"] != "draft" and _is_second(record, who))


def _is_second(record: dict[str, Any], who: dict[str, Any]) -> bool:
    """Say whether somebody is the second partner of a notice of marriage."""
    return (record["content"].get("partner_2") or {}).get("bsn") == who["subject"]


def _asks(record: dict[str, Any], who: dict[str, Any]) -> bool:
    return record["status"] == "awaiting-partner" and _is_second(record, who)


def _acting(told: dict[str, Any]) -> Actor:
    roles = frozenset(Role(role) for role in told["roles"] or [told["kind"]])
    return Actor(told["subject"], roles, Level.named(told["level"]))


def _option(choice: str, parents: dict[str, Any]) -> dict[str, Any]:
    """Whoever are married and choose nothing: the surname of the other parent; of a mother alone hers."""
    default = "other-parent" if parents["other_parent"] else "mother"
    person = parents["other_parent" if choice == "other-parent" else "mother"]
    if choice != default or person is None:
        return {"choice": choice, "surname": None, "refusal": "surname-choice-in-person"}
    name = person["name"]
    return {"choice": choice, "surname": f"{name['prefix']} {name['surname']}".strip(), "refusal": None}


def _real(record: dict[str, Any]) -> Record:
    shape = load(contract.Record, {name: value for name, value in record.items() if name != "owner"})
    return Record(
        id=shape["record_id"], kind=Kind(shape["kind"]), status=Status(shape["status"]), version=shape["version"],
        facts=1, source=Source(shape["source"]), language="nl", receipt=shape["receipt"], owner=record["owner"],
        content=shape["content"], parties={}, started_at=shape["started_at"], facts_since=None,
        assignee=shape["assignee"], flags=frozenset(Flag(flag) for flag in shape["flags"]),
    )  # fmt: skip


# --- people who are logged in


class KnownSessions:
    """Stands where the gateway's table of sessions is: one person is logged in, or nobody."""

    def __init__(self) -> None:
        self.session: Session | None = None

    def current(self, _session_id: str) -> Session | None:
        return self.session


def make_registry_app(double: RegistryDouble, clock: StillClock, *, folder: Path = NOWHERE) -> Flask:
    """Return the gateway on a double; who is logged in says `logs_in`."""
    issuers = {f"BALIE_LOGIN_{login.upper()}_ISSUER": f"http://127.0.0.1:9/{login}" for login in set(LOGIN_OF.values())}
    more = {
        name.replace("ISSUER", what): value
        for name in issuers
        for what, value in (("CLIENT_ID", "balie"), ("SECRET", "s" * 40), ("LABEL", "DigiD"))
    }
    settings = GatewaySettings(
        amqp_url=Secret("amqp://nobody"),
        secret_key=SECRET,
        public_url="http://127.0.0.1:8080",
        rate_reads=MANY,
        rate_writes=MANY,
        rate_uploads=MANY,
        filing=FilingSettings(folder, largest_bytes=100_000),
        login=replace(LoginSettings.read(Environment(issuers | more | _DATABASE), production=False), database_url=None),
    )
    app = create_app(settings, double, clock=clock)
    parts = app.extensions["login"]
    named = {login: SimpleNamespace(settings=one.settings, origins=tuple) for login, one in parts.providers.items()}
    app.extensions["login"] = replace(parts, sessions=KnownSessions(), providers=named)
    return app


_DATABASE = {"BALIE_DATABASE_URL": "postgresql://nobody:nothing@127.0.0.1:1/none"}


def logs_in(app: Flask, who: dict[str, Any] | None, *, hint: str = "002", name: str = "") -> None:
    """Let somebody be logged in, instead of whoever was."""
    clock = app.extensions["services"].clock
    app.extensions["login"].sessions.session = who and Session(
        login=LOGIN_OF[who["kind"]],
        kind=who["kind"],
        subject=who["subject"],
        level=who["level"],
        roles=tuple(who["roles"]),
        acting="",
        name=name,
        hint=hint if who["kind"] == "resident" else "",
        form_token="token-of-this-session",
        id_digest=b"i",
        person_digest=b"p",
        idle_until=clock.now() + timedelta(minutes=15),
        ends_at=clock.now() + timedelta(hours=8),
    )


class Declarant(Visitor):
    """Somebody with one browser who fills in the forms that a page really has."""

    def fills_in(self, action: str, *, follow: bool = True, **fields: Any) -> Self:
        """Send the form with an action: what stands in it, with these fields changed (`_` is written as `-`)."""
        filled = self.standing_in(action) | {name.replace("_", "-"): value for name, value in fields.items()}
        wanted = {name: value for name, value in filled.items() if value is not None}
        kind = "multipart/form-data" if "multipart/form-data" in self._form(action) else None
        self.page = self.client.post(
            action, data=wanted, follow_redirects=follow, base_url="http://localhost", content_type=kind
        )
        return self

    def standing_in(self, action: str) -> dict[str, Any]:
        """Return what a browser would send of a form as it is."""
        filled: dict[str, Any] = {}
        for tag in re.findall(r"<input[^>]*>", self._form(action)):
            at = {name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
            chosen = at.get("type") not in ("radio", "checkbox") or " checked" in tag
            if "name" in at and at.get("type") != "file" and chosen:
                filled[at["name"]] = at.get("value", "on")
        for name, text in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', self._form(action), re.S):
            filled[name] = html.unescape(text)
        return filled

    def _form(self, action: str) -> str:
        found = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', self.source, flags=re.S)
        assert found, f"no form to {action} on {self.path}: {self.text[:600]}"
        return found[0]


def told(reply: Any, value: dict[str, Any]) -> dict[str, Any]:
    """Return a reply in JSON-native form."""
    return dump(reply, value)
