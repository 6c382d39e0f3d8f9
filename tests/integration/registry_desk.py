"""The civil registry on a real database, with the stand-in of the BRP as a process of its own thread."""

import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol

from sqlalchemy import text

from deploy.local.brp import PERSONS, make_app, serve
from deploy.local.brp_persons import read_persons
from services.civil_registry import commands, queries, timers
from services.civil_registry.offering import read_offering
from services.civil_registry.office import Office
from services.civil_registry.outside.brp import Brp
from services.civil_registry.paper_desk import PaperDesk
from services.civil_registry.secrets import Secrets
from services.civil_registry.settings import BrpSettings, PaperSettings
from services.civil_registry.town import read_town
from services.contracts import civil_registry as contract
from services.contracts.base import load
from services.filing.settings import FilingSettings
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions
from services.messaging.settings import Secret

KEY = Secret("k" * 40)
TOWN = Path(__file__).resolve().parents[2] / "deploy" / "demo" / "enschede"
THURSDAY = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)

SANNE, THOMAS = "999980002", "999980014"
LOTTE, DAAN = "999980026", "999980038"
JULIA, SEM = "999980099", "999980105"
MARK, KIM = "999980452", "999980464"
BRAM, SOFIE = "999980178", "999980191"
HENDRIK = "999980348"


def _as_sent(values: dict[str, Any]) -> Any:
    return json.loads(json.dumps(values, default=str))


class Clock(SystemClock):
    """A clock that tests set."""

    def __init__(self, now: datetime) -> None:
        self.at = now

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@contextmanager
def population_register():
    """The stand-in of the BRP; yields how to reach it."""
    server = serve(make_app(read_persons(PERSONS), "key"), "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield BrpSettings(url=f"http://127.0.0.1:{server.server_port}/haalcentraal/api/brp", api_key=Secret("key"))
    finally:
        server.shutdown()
        server.server_close()


class Seals(Protocol):
    """Whoever sends numbers sealed."""

    def seal(self, bsn: str, /) -> str: ...


class RegistryDesk:
    """Asks and does what the RPC face does, one transaction each."""

    def __init__(
        self, pool: Any, brp: BrpSettings, folder: Path, *, now: datetime = THURSDAY, key: Secret = KEY
    ) -> None:
        self.clock = Clock(now)
        self.pool = pool
        self.transactions = Transactions(pool, self.clock, source="civil_registry")
        self.secrets = Secrets.of(key)
        papers = PaperSettings(FilingSettings(folder), "http://127.0.0.1:8080")
        self.office = Office(
            secrets=self.secrets,
            offering=read_offering(),
            town=read_town(TOWN, self.secrets),
            desk=PaperDesk.of(papers, key, self.clock),
            test_persons=True,
        )
        self.brp = Brp(brp)
        self.checker = timers.Checker(self.transactions, self.office, self.brp)

    # --- who acts

    def resident(self, bsn: str, level: str = "substantial") -> dict[str, Any]:
        return {"kind": "resident", "subject": self.seal(bsn), "level": level, "roles": []}

    def seal(self, bsn: str) -> str:
        return self.secrets.sealer.seal(bsn)

    @staticmethod
    def staff(staff_id: str, *roles: str) -> dict[str, Any]:
        return {"kind": "staff", "subject": staff_id, "level": "substantial", "roles": list(roles or ("officer",))}

    @staticmethod
    def firm(kind: str, kvk: str = "99000011", level: str = "two-factor") -> dict[str, Any]:
        return {"kind": kind, "subject": kvk, "level": level, "roles": []}

    # --- what is done and asked

    def tell(self, request: Any, what: Any, /, **values: Any) -> SimpleNamespace:
        asked = load(request, _as_sent(values))
        with self.transactions.work() as work:
            return SimpleNamespace(**what(work, self.office, **asked))

    def ask(self, request: Any, query: Any, /, **values: Any) -> dict[str, Any]:
        asked = load(request, _as_sent(values))
        with self.transactions.reading() as reading:
            answer: dict[str, Any] = query(reading, self.office, **asked)
        return answer

    def start(self, who: dict[str, Any], kind: str, **content: Any) -> SimpleNamespace:
        return self.tell(
            contract.StartRecord, commands.start_record, actor=who, kind=kind, language="nl", content=content
        )

    def save(self, who: dict[str, Any], settled: Any, **content: Any) -> SimpleNamespace:
        return self.tell(
            contract.SaveDraft,
            commands.save_draft,
            actor=who,
            record_id=settled.record_id,
            expected_version=self.version(settled.record_id),
            content=content,
        )

    def act(self, who: dict[str, Any], settled: Any, command: str, **particulars: Any) -> SimpleNamespace:
        return self.tell_at(self.version(settled.record_id), who, settled, command, **particulars)

    def tell_at(
        self, version: int, who: dict[str, Any], settled: Any, command: str, **particulars: Any
    ) -> SimpleNamespace:
        return self.tell(
            contract.Act,
            commands.act,
            actor=who,
            record_id=settled.record_id,
            command=command,
            expected_version=version,
            particulars=particulars,
        )

    def attach(self, who: dict[str, Any], settled: Any, kind: str) -> SimpleNamespace:
        return self.tell(
            contract.AddEvidence,
            commands.add_evidence,
            actor=who,
            record_id=settled.record_id,
            kind=kind,
            file_id="ab" * 32,
            file_name="stuk.pdf",
            media_type="application/pdf",
            size=1234,
        )

    def confirm_birth(self, who: dict[str, Any], **notice: Any) -> SimpleNamespace:
        return self.tell(contract.RecordBirthNotice, commands.record_birth_notice, actor=who, notice=notice)

    def record(self, who: dict[str, Any], settled: Any) -> dict[str, Any]:
        return self.ask(contract.GetRecord, queries.record, actor=who, record_id=settled.record_id, purpose="handling")

    def child(self, who: dict[str, Any], settled: Any) -> SimpleNamespace:
        """Return the one record that belongs to another one."""
        (only,) = self.record(who, settled)["children"]
        return SimpleNamespace(record_id=only["record_id"])

    def check_brp(self) -> None:
        """Do every comparison that was asked for."""
        while self.checker.check_next():
            pass

    def let_time_act(self) -> int:
        """Give every command whose time has come; return how many."""
        given = 0
        while True:
            with self.transactions.work() as work:
                if not timers.act_on_next(work, self.office):
                    return given
            given += 1

    # --- looking under the carpet

    def rows(self, sql: str, **values: Any) -> list[Any]:
        with self.pool.connect() as connection:
            return list(connection.execute(text(sql), values))

    def one(self, sql: str, **values: Any) -> Any:
        return self.rows(sql, **values)[0][0]

    def version(self, record_id: Any) -> int:
        return int(self.one("SELECT version FROM record WHERE id = :id", id=record_id))

    def told(self, record_id: Any) -> list[str]:
        """The facts that were told of a record, in order, by the last word of their type."""
        rows = self.rows("SELECT type FROM outbox WHERE aggregate_id = :id ORDER BY id", id=record_id)
        return [row.type.rpartition(".")[2] for row in rows]


def birth(desk: Seals, mother: str = SANNE, other: str | None = THOMAS, **changes: Any) -> dict[str, Any]:
    """A birth declaration that is right in every part, but for the changes: `child={...}` replaces inside a part."""
    content: dict[str, Any] = {
        "declarant": "mother",
        "answers": {
            "alive": True,
            "professional_present": True,
            "acknowledgement": "not-needed",
            "first_child": True,
            "name_choice": "none",
            "foreign_name_law": False,
        },
        "child": {
            "first_names": "Emma Johanna",
            "sex": "female",
            "born_on": "2026-11-25",
            "born_time": "03:07",
            "municipality": "0153",
            "place": "Medisch Spectrum Twente",
        },
        "mother": {"bsn": desk.seal(mother)},
        "other_parent": {"bsn": desk.seal(other)} if other else None,
        "surname": {"choice": "other-parent" if other else "mother"},
        "contact": {"email": "sanne@example.org", "language": "nl"},
        "confirmed": True,
    }
    return {
        name: {**value, **changes[name]} if isinstance(changes.get(name), dict) else changes.get(name, value)
        for name, value in content.items()
    }


def notice(desk: Seals, mother: str = SANNE, **changes: Any) -> dict[str, Any]:
    """What the midwife says of the same birth."""
    return {
        "mother_bsn": desk.seal(mother),
        "sex": "female",
        "born_on": "2026-11-25",
        "born_time": "03:07",
        "municipality": "0153",
        "place": "Medisch Spectrum Twente",
        "present": True,
        "signed_by": "M. de Groot",
        "profession": "midwife",
        "phone": "0534872000",
        **changes,
    }
