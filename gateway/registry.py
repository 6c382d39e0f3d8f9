"""What pages ask and tell the civil registry. Each message names who acts; the registry checks what he may."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from gateway.rpc import services
from services.contracts import civil_registry as contract
from services.contracts.base import Done, Nothing, Reply, Request

Actor = Mapping[str, Any]
Answer = dict[str, Any]


def start(actor: Actor, kind: str, *, language: str, content: Mapping[str, Any], key: str) -> Answer:
    """Begin a record, and return where it stands (contract `Settled`).

    Raises: Refusal, Malformed, Unavailable.
    """
    told = {"actor": actor, "kind": kind, "language": language, "content": content}
    return services().tell("civil_registry.start_record", contract.StartRecord, contract.Settled, told, key=key)


def save(actor: Actor, record: Mapping[str, Any], content: Mapping[str, Any], *, key: str) -> Answer:
    """Keep parts of a record's content as the page last saw the record, and return where it stands.

    Raises: Refusal (`version-conflict`: it changed meanwhile), Malformed, Unavailable.
    """
    told = _on(actor, record) | {"content": content}
    return services().tell("civil_registry.save_draft", contract.SaveDraft, contract.Settled, told, key=key)


def act(
    actor: Actor,
    record: Mapping[str, Any],
    command: str,
    particulars: Mapping[str, Any] | None = None,
    *,
    key: str,
) -> Answer:
    """Give a command on a record as the page last saw it, and return where it stands.

    Raises: Refusal, Malformed, Unavailable.
    """
    told = _on(actor, record) | {"command": command, "particulars": particulars or {}}
    return services().tell("civil_registry.act", contract.Act, contract.Settled, told, key=key)


def attach(actor: Actor, record_id: UUID | str, kind: str, file: Mapping[str, Any], *, key: str) -> Answer:
    """Put an uploaded file to a record; `file` is file_id, file_name, media_type and size.

    Raises: Refusal, Malformed, Unavailable.
    """
    told = {"actor": actor, "record_id": record_id, "kind": kind, **file}
    return services().tell("civil_registry.add_evidence", contract.AddEvidence, contract.Settled, told, key=key)


def record(actor: Actor, record_id: UUID | str, *, purpose: str = "own") -> Answer:
    """Return a record whole (contract `Record`); the look is logged with its purpose.

    Raises: Refusal (`record-unknown`), Unavailable.
    """
    asked = {"actor": actor, "record_id": record_id, "purpose": purpose}
    return services().ask("civil_registry.record", contract.GetRecord, contract.Record, asked)


def my_records(actor: Actor) -> list[Answer]:
    """Return the records of who asks, the newest first (contract `RecordLine`).

    Raises: Unavailable.
    """
    answer = services().ask("civil_registry.my_records", contract.MyRecords, contract.RecordList, {"actor": actor})
    found: list[Answer] = answer["records"]
    return found


def queue(actor: Actor, name: str | None, *, offset: int = 0) -> Answer:
    """Return how many records wait in each work queue, and fifty of one (contract `WorkQueue`).

    Raises: Refusal, Unavailable.
    """
    asked = {"actor": actor, "queue": name, "offset": offset}
    return services().ask("civil_registry.work_queue", contract.GetQueue, contract.WorkQueue, asked)


def find(actor: Actor, **by: str) -> list[Answer]:
    """Return the records with a `receipt`, a `deed_number` or a (sealed) `bsn`; exactly one is given.

    Raises: Refusal, Malformed, Unavailable.
    """
    asked = {"actor": actor} | by
    answer = services().ask("civil_registry.find_records", contract.FindRecords, contract.RecordList, asked)
    found: list[Answer] = answer["records"]
    return found


def person(actor: Actor, sealed_bsn: str, *, purpose: str) -> Answer | None:
    """Return whom the BRP knows by a sealed number (contract `Person`), None when nobody; the look is logged.

    Raises: Refusal (`look-not-allowed`), Unavailable (the BRP is away).
    """
    asked = {"actor": actor, "bsn": sealed_bsn, "purpose": purpose}
    answer = services().ask("civil_registry.look_up_person", contract.LookUpPerson, contract.PersonFound, asked)
    found: Answer | None = answer["person"]
    return found


def deed_preview(actor: Actor, record_id: UUID | str, *, first_names: str = "") -> Answer:
    """Return how the deed of a record will read, or reads (contract `DeedPreview`); the look is logged.

    Raises: Refusal, Unavailable.
    """
    asked = {"actor": actor, "record_id": record_id, "first_names": first_names}
    return services().ask("civil_registry.deed_preview", contract.PreviewDeed, contract.DeedPreview, asked)


def deed(actor: Actor, year: int, number: str) -> Answer:
    """Return a deed with all that was added to it (contract `Deed`); the look is logged.

    Raises: Refusal (`deed-unknown`), Malformed (no number of a deed), Unavailable.
    """
    asked = {"actor": actor, "register_year": year, "number": number}
    return services().ask("civil_registry.deed", contract.GetDeed, contract.Deed, asked)


def registers(actor: Actor) -> list[Answer]:
    """Return all parts of all registers, the newest year first (contract `RegisterPart`).

    Raises: Refusal, Unavailable.
    """
    answer = services().ask("civil_registry.registers", contract.Asked, contract.Registers, {"actor": actor})
    found: list[Answer] = answer["parts"]
    return found


def close_register(actor: Actor, register: str, year: int, *, key: str) -> None:
    """Close a register of a past year.

    Raises: Refusal (`register-still-open`), Unavailable.
    """
    told = {"actor": actor, "register": register, "register_year": year}
    tell("close_register", contract.CloseRegister, Done, told, key=key)


def tell(method: str, request: type[Request], reply: type[Reply], told: Mapping[str, Any], *, key: str) -> Answer:
    """Tell the registry something for which there is no function of its own here.

    Raises: Refusal, Malformed, Unavailable.
    """
    return services().tell(f"civil_registry.{method}", request, reply, told, key=key)


def check_birth(
    actor: Actor, *, answers: Answer, declarant: str, born_on: date, municipality: str, other_parent_bsn: str | None
) -> Answer:
    """Return what stands in the way of declaring a birth online (contract `Obstacles`); nothing is stored.

    Raises: Refusal (`bsn-invalid`, `bsn-test-range`), Unavailable.
    """
    asked = {
        "actor": actor,
        "answers": answers,
        "declarant": declarant,
        "born_on": born_on,
        "municipality": municipality,
        "other_parent_bsn": other_parent_bsn,
    }
    return services().ask("civil_registry.check_birth", contract.CheckBirth, contract.Obstacles, asked)


def birth_places() -> Answer:
    """Return where births are declared here, and where most children are born (contract `BirthPlaces`).

    Raises: Unavailable.
    """
    return services().look_up("civil_registry.birth_places", Nothing, contract.BirthPlaces, {}).reply


def birth_preview(actor: Actor, record_id: UUID | str) -> Answer:
    """Return how a birth deed will read (contract `BirthPreview`).

    Raises: Refusal (`record-unknown`), Unavailable.
    """
    asked = {"actor": actor, "record_id": record_id}
    return services().ask("civil_registry.birth_preview", contract.PreviewBirth, contract.BirthPreview, asked)


def confirm_birth(actor: Actor, notice: Answer, *, key: str) -> Answer:
    """Tell the registry what a doctor or midwife confirms, and return what came of it (contract `NoticeStored`).

    Raises: Refusal (`bsn-invalid`, `bsn-test-range`), Unavailable.
    """
    told = {"actor": actor, "notice": notice}
    what = "civil_registry.record_birth_notice"
    return services().tell(what, contract.RecordBirthNotice, contract.NoticeStored, told, key=key)


def notices(actor: Actor) -> list[Answer]:
    """Return the births that the asking firm confirmed, the newest first (contract `NoticeLine`).

    Raises: Unavailable.
    """
    answer = services().ask("civil_registry.birth_notices", contract.MyNotices, contract.NoticeList, {"actor": actor})
    found: list[Answer] = answer["notices"]
    return found


def _on(actor: Actor, record: Mapping[str, Any]) -> Answer:
    return {"actor": actor, "record_id": record["record_id"], "expected_version": record["version"]}


# --- marriages and partnerships


def check_marriage(actor: Actor, answers: Answer) -> Answer:
    """Return what stands in the way of giving notice online (contract `MarriageObstacles`); nothing is stored.

    Raises: Unavailable.
    """
    asked = {"actor": actor, "answers": answers}
    return services().ask("civil_registry.check_marriage", contract.CheckMarriage, contract.MarriageObstacles, asked)


def ceremony_days(actor: Actor, record_id: UUID | str, room_id: str, *, from_on: date, until_on: date) -> Answer:
    """Return the days with a free time in a room, and which rooms and days there are (contract `CeremonyDays`).

    Raises: Refusal (`record-unknown`), Unavailable.
    """
    asked = {
        "actor": actor,
        "record_id": record_id,
        "room_id": room_id or None,
        "from_on": from_on,
        "until_on": until_on,
    }
    return services().ask("civil_registry.ceremony_days", contract.FindCeremonyDays, contract.CeremonyDays, asked)


def ceremony_times(actor: Actor, record_id: UUID | str, room_id: str = "", *, on: date) -> Answer:
    """Return the free times of a day in a room, and which rooms and days there are (contract `CeremonyTimes`).

    Raises: Refusal (`record-unknown`), Unavailable.
    """
    asked = {"actor": actor, "record_id": record_id, "room_id": room_id or None, "on": on}
    return services().ask("civil_registry.ceremony_times", contract.FindCeremonyTimes, contract.CeremonyTimes, asked)
