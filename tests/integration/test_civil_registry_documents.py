"""Papers that were given out: filed before they are stored, found by their code only, and never changed."""

import hashlib
import io
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pypdf
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.civil_registry.commands import documents as commands
from services.civil_registry.domain.errors import DocumentUnknown, NotNow
from services.civil_registry.domain.verification import read_code
from services.civil_registry.forgotten_files import UNTOUCHED, WrongDatabase, forgotten, set_aside
from services.civil_registry.paper_desk import PaperDesk
from services.civil_registry.papers.rendering import NotWritable
from services.civil_registry.queries.documents import file_name_of, verify_document
from services.civil_registry.settings import PaperSettings
from services.civil_registry.storage import documents
from services.contracts.base import dump
from services.contracts.civil_registry import Verification
from services.filing.settings import FilingSettings
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions
from services.messaging.errors import Unavailable
from services.messaging.settings import Secret
from tests.city import eventually
from tests.papers_samples import PAPERS

NOW = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)  # the 25th in Enschede
SECRET = Secret("k" * 40)


class StillClock(SystemClock):
    """It stands still; ids and chance are real."""

    def now(self):
        return NOW


@pytest.fixture(scope="module")
def pool(databases):
    return databases("civil_registry")


@pytest.fixture
def clock():
    return StillClock()


@pytest.fixture
def registry(pool, clock):
    return Transactions(pool, clock, source="civil_registry")


@pytest.fixture
def desk(tmp_path, clock):
    return PaperDesk.of(PaperSettings(FilingSettings(tmp_path), "https://balie.example.nl"), SECRET, clock)


@pytest.fixture
def record_id(pool):
    with pool.begin() as connection:
        return connection.execute(
            text(
                """
                INSERT INTO record (id, kind, status, flags, version, facts, source, language, receipt, owner, content,
                                    extra, started_at, facts_since)
                VALUES (gen_random_uuid(), 'birth', 'submitted', '{}', 1, 1, 'online', 'nl', gen_random_uuid()::text,
                        'x', '{}', '{}', now(), now())
                RETURNING id
                """
            )
        ).scalar_one()


def issue(registry, desk, record_id, name="extract-birth", **how):
    with registry.work() as work:
        return commands.issue(
            work, desk, PAPERS[name], **({"language": "nl", "issued_by": "s.jansen", "record_id": record_id} | how)
        )


def code_of(desk, issued):
    """Return the code as it stands on the paper."""
    words = pypdf.PdfReader(io.BytesIO(desk.store.get(issued.file_id)[1])).pages[0].extract_text().split()
    return next(word for word in words if word.count("-") == 4 and read_code(word))


def bare(code):
    """Return a code without its hyphens, as it is hashed."""
    return code.replace("-", "")


def verified(registry, desk, code):
    with registry.reading() as reading:
        return dump(Verification, verify_document(reading, desk, code=code))


def test_a_paper_is_filed_stored_and_found_by_the_code_on_it(registry, desk, record_id):
    issued = issue(registry, desk, record_id)
    content = desk.store.get(issued.file_id)[1]
    assert content.startswith(b"%PDF")
    assert verified(registry, desk, code_of(desk, issued).lower().replace("-", " ")) == {
        "kind": "extract",
        "issued_on": "2026-11-25",
        "state": "valid",
        "sha256": hashlib.sha256(content).hexdigest(),
        "number": "1A0123",
    }


def test_what_is_told_to_anybody_names_nobody(registry, desk, record_id):
    told = json.dumps(verified(registry, desk, code_of(desk, issue(registry, desk, record_id))))
    assert not [name for name in ("Vries", "Sanne", "Hag", "s.jansen", str(record_id)) if name in told]


@pytest.mark.parametrize("code", ["7K2Q-9MDX-4T8V-PC3H-W6ZR", "00000000000000000000", "", "x", "'; --", "\0"])
def test_a_code_that_is_not_ours_is_unknown(registry, desk, record_id, code):
    issue(registry, desk, record_id)
    with pytest.raises(DocumentUnknown):
        verified(registry, desk, code)


def test_the_table_does_not_tell_the_codes(registry, desk, record_id, pool):
    issued = issue(registry, desk, record_id)
    code = bare(code_of(desk, issued))
    with pool.connect() as connection:
        row = str(connection.execute(text("SELECT * FROM document WHERE id = :id"), {"id": issued.id}).one())
    assert code not in row
    plain = hashlib.sha256(code.encode()).digest()
    assert issued.code_hash not in (plain, hashlib.sha256(f"k{code}".encode()).digest())
    other = PaperDesk(desk.store, desk.public_url, (b"o" * 32,))
    with pytest.raises(DocumentUnknown):
        verified(registry, other, code)


def test_a_deed_has_no_code_and_every_other_paper_has_its_own(registry, desk, record_id):
    issued = [issue(registry, desk, record_id, name) for name in PAPERS]
    assert {one.kind for one in issued if one.code_hash is None} == {"deed"}
    hashes = [one.code_hash for one in issued if one.code_hash]
    assert len(set(hashes)) == len(hashes)
    with registry.reading() as reading:
        assert {one.id for one in documents.of_record(reading, record_id)} == {one.id for one in issued}
        assert documents.find(reading, issued[0].id) == issued[0]
        assert documents.find(reading, uuid4()) is None
        assert documents.of_deed(reading, uuid4()) == []


def test_a_receipt_leads_to_the_page_in_its_language(registry, desk, record_id):
    for language, page in (("nl", "balie.example.nl/controle"), ("de", "balie.example.nl/en/verify")):
        issued = issue(registry, desk, record_id, "receipt", language=language)
        assert page in pypdf.PdfReader(io.BytesIO(desk.store.get(issued.file_id)[1])).pages[0].extract_text()


def test_names_of_files_say_what_they_are_and_of_whom_they_are_not(registry, desk, record_id):
    names = [file_name_of(issue(registry, desk, record_id, name)) for name in ("extract-death", "permit", "full-copy")]
    assert names == ["uittreksel-2A0077.pdf", "verlof-L-2026-0815AB.pdf", "afschrift-1A0123.pdf"]
    assert file_name_of(issue(registry, desk, record_id, "receipt", language="en")) == "receipt-G-2026-7K2Q9M.pdf"


def test_after_the_secret_was_changed_papers_can_still_be_checked_and_read(registry, desk, record_id, tmp_path, clock):
    issued = issue(registry, desk, record_id)
    code = code_of(desk, issued)
    settings = PaperSettings(FilingSettings(tmp_path), "https://balie.example.nl")
    changed = PaperDesk.of(settings, Secret("n" * 40), clock, previous=SECRET)
    assert verified(registry, changed, code)["state"] == "valid"
    assert changed.store.get(issued.file_id)[1] == desk.store.get(issued.file_id)[1]
    later = issue(registry, changed, record_id)
    with pytest.raises(DocumentUnknown):
        verified(registry, desk, code_of(changed, later))


# --- states


def test_a_paper_that_was_withdrawn_says_so_for_ever(registry, desk, record_id):
    issued = issue(registry, desk, record_id, "permit")
    with registry.work() as work:
        commands.withdraw(work, issued.id, by="s.jansen", reason="verkeerde dag")
    assert verified(registry, desk, code_of(desk, issued))["state"] == "withdrawn"
    for again in (
        lambda work: commands.withdraw(work, issued.id, by="x", reason="x"),
        lambda work: commands.replace(work, issued.id, replaced_by=issued.id, by="x", reason="x"),
    ):
        with pytest.raises(NotNow), registry.work() as work:
            again(work)


def test_a_paper_that_was_replaced_says_so_and_the_new_one_stands(registry, desk, record_id):
    old, new = issue(registry, desk, record_id), issue(registry, desk, record_id)
    with registry.work() as work:
        commands.replace(work, old.id, replaced_by=new.id, by="s.jansen", reason="latere vermelding")
    assert verified(registry, desk, code_of(desk, old))["state"] == "replaced"
    assert verified(registry, desk, code_of(desk, new))["state"] == "valid"
    with registry.work() as work:
        commands.withdraw(work, old.id, by="s.jansen", reason="ook ingetrokken")
    assert verified(registry, desk, code_of(desk, old))["state"] == "withdrawn"


def test_the_state_of_no_paper_cannot_change(registry):
    with pytest.raises(DocumentUnknown), registry.work() as work:
        commands.withdraw(work, uuid4(), by="x", reason="x")


def test_of_two_who_withdraw_a_paper_at_once_the_second_is_told_that_it_was_done(registry, desk, record_id, pool):
    issued = issue(registry, desk, record_id)

    def second():
        with registry.work() as work:
            commands.withdraw(work, issued.id, by="b", reason="b")

    with ThreadPoolExecutor(1) as somebody:
        with registry.work() as work:
            commands.withdraw(work, issued.id, by="a", reason="a")
            other = somebody.submit(second)
            eventually(lambda: _waiting_for_a_lock(pool), what="the second waits for the first")
        with pytest.raises(NotNow):
            other.result()
    with pool.connect() as connection:
        assert connection.execute(
            text("SELECT number, by FROM document_event WHERE document_id = :id"), {"id": issued.id}
        ).all() == [(1, "a")]


def _waiting_for_a_lock(pool):
    with pool.connect() as connection:
        return connection.execute(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
        ).scalar_one()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE document SET number = 'x'",
        "DELETE FROM document",
        "TRUNCATE document CASCADE",
        "UPDATE document_event SET reason = 'x'",
        "DELETE FROM document_event",
        "TRUNCATE document_event",
    ],
)
def test_the_database_refuses_to_change_what_was_given_out(registry, desk, record_id, pool, statement):
    issued = issue(registry, desk, record_id)
    with registry.work() as work:
        commands.withdraw(work, issued.id, by="a", reason="a")
    with pool.connect() as connection, pytest.raises(DBAPIError, match="can only be added"):
        connection.execute(text(statement))


# --- what goes wrong on the way


def test_a_row_never_points_to_nothing_when_the_disk_is_full(registry, desk, record_id, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Unavailable):
        issue(registry, desk, record_id)
    with registry.reading() as reading:
        assert documents.of_record(reading, record_id) == []


def test_when_the_work_fails_afterwards_only_a_forgotten_file_is_left(registry, desk, record_id):
    kept = issue(registry, desk, record_id)
    with pytest.raises(RuntimeError), registry.work() as work:
        commands.issue(work, desk, PAPERS["receipt"], language="nl", issued_by="system", record_id=record_id)
        raise RuntimeError
    left = set(desk.store.ids()) - {kept.file_id}
    assert len(left) == 1
    with registry.reading() as reading:
        assert [one.id for one in documents.of_record(reading, record_id)] == [kept.id]
        # a week must have passed: forms stay open, and work takes its time
        assert list(forgotten(reading, desk.store, datetime.now(UTC) - UNTOUCHED)) == []
        in_a_week = datetime.now(UTC) + timedelta(seconds=5)
        assert set(forgotten(reading, desk.store, in_a_week)) == left
        assert set_aside(reading, desk.store, in_a_week) == 1
    assert list(desk.store.ids()) == [kept.file_id]
    assert desk.store.get(kept.file_id)[0].size > 0
    assert desk.store.bring_back(left.pop())


def test_files_of_evidence_are_never_taken_for_forgotten(registry, desk, record_id, pool):
    file = desk.store.put(b"%PDF a statement", "application/pdf")
    with pool.begin() as connection:
        connection.execute(
            text(
                """
                INSERT INTO evidence (id, record_id, kind, file_id, file_name, media_type, size, added_at, added_by)
                VALUES (gen_random_uuid(), :record_id, 'other', :file_id, 'a.pdf', 'application/pdf', 1, now(), 'x')
                """
            ),
            {"record_id": record_id, "file_id": file.id},
        )
    with registry.reading() as reading:
        assert list(forgotten(reading, desk.store, datetime.now(UTC) + timedelta(days=1))) == []


def test_nothing_is_set_aside_when_the_database_is_another_towns(databases, desk, clock):
    desk.store.put(b"x", "application/pdf")
    empty = Transactions(databases("civil_registry"), clock, source="civil_registry")
    with empty.reading() as reading, pytest.raises(WrongDatabase):
        set_aside(reading, desk.store, datetime.now(UTC) + timedelta(days=1))
    assert len(list(desk.store.ids())) == 1


def test_a_name_that_no_deed_can_hold_leaves_no_trace(registry, desk, record_id):
    paper = PAPERS["multilingual-birth"]
    with pytest.raises(NotWritable), registry.work() as work:
        commands.issue(
            work,
            desk,
            replace(paper, facts=replace(paper.facts, surname="李")),
            language="nl",
            issued_by="x",
            record_id=record_id,
        )
    assert list(desk.store.ids()) == []


def test_every_paper_belongs_to_a_record_or_a_deed(registry, desk):
    with pytest.raises(DBAPIError, match="document_is_of_something"):
        issue(registry, desk, None)
    with pytest.raises(DBAPIError, match="foreign key"):
        issue(registry, desk, UUID(int=1))
