"""The registers: numbers without gaps, deeds that nobody can change, mentions, extracts, closing."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.civil_registry.commands import issue_extract, registers
from services.civil_registry.domain.deed import DeedNumber
from services.civil_registry.domain.errors import (
    CopyInterestMissing,
    DeedNumberExhausted,
    ExtractBlocked,
    NotYourRole,
    OfficerNotCompetent,
    RegisterClosed,
    RegisterStillOpen,
)
from services.civil_registry.storage import deeds
from services.contracts import civil_registry as contract
from tests.integration.registry_desk import RegistryDesk, birth, notice, population_register

OFFICER, CLERK = RegistryDesk.staff("abs-1"), RegistryDesk.staff("medewerker-1", "clerk")
MIDWIFE = RegistryDesk.firm("care-provider", "99000044")
WHICH = {"register_year": 2026, "number": "1A0001"}


@pytest.fixture(scope="module")
def brp():
    with population_register() as settings:
        yield settings


@pytest.fixture
def desk(databases, brp, tmp_path):
    return RegistryDesk(databases("civil_registry", pool_size=20), brp, tmp_path)


def approved(desk, *, minute=7, first_names="Emma"):
    parent = desk.resident("999980002")
    when = {"born_time": f"03:{minute:02}"}
    desk.confirm_birth(MIDWIFE, **notice(desk, **when))
    draft = desk.start(parent, "birth", **birth(desk, child={**when, "first_names": first_names}))
    settled = desk.act(parent, draft, "submit")
    desk.check_brp()
    desk.act(OFFICER, settled, "assign")
    if "potential-duplicate" in desk.record(OFFICER, settled)["flags"]:
        desk.act(OFFICER, settled, "clear-duplicate", reason="tweeling")
    return desk.act(OFFICER, settled, "approve", compared=True)


def registered(desk, **changes):
    settled = approved(desk, **changes)
    desk.act(OFFICER, settled, "draw-deed")
    desk.act(OFFICER, settled, "print-deed")
    desk.act(OFFICER, settled, "sign-deed", signed_on="2026-11-26")
    return desk.act(OFFICER, settled, "register", sheet_is_filed=True)


def extract(desk, kind="extract", interest="", who=OFFICER):
    return desk.tell(
        contract.IssueExtract, issue_extract, actor=who, kind=kind, language="nl", interest=interest, **WHICH
    )


def test_officers_who_draw_deeds_at_once_get_consecutive_numbers(desk):
    names = ["Emma", "Noud", "Saar", "Tijn", "Lotte", "Koen"]
    waiting = [approved(desk, minute=minute, first_names=name) for minute, name in enumerate(names)]
    failed = []

    def draw(settled):
        try:
            desk.act(OFFICER, settled, "draw-deed")
        except Exception as error:
            failed.append(error)

    together = [threading.Thread(target=draw, args=[settled]) for settled in waiting]
    for one in together:
        one.start()
    for one in together:
        one.join()
    assert failed == []
    assert [row.number for row in desk.rows("SELECT number FROM deed ORDER BY number")] == [1, 2, 3, 4, 5, 6]


def test_a_deed_that_comes_to_nothing_leaves_no_gap(desk):
    class Crash(Exception):
        pass

    with pytest.raises(Crash), desk.transactions.work() as work:
        assert deeds.next_number(work, register="birth", part="A", year=2026, fact_letter="A").number == 1
        raise Crash
    with desk.transactions.work() as work:
        assert deeds.next_number(work, register="birth", part="A", year=2026, fact_letter="A").number == 1


def test_each_part_and_year_counts_by_itself(desk):
    with desk.transactions.work() as work:
        for part, year in (("A", 2026), ("B", 2026), ("A", 2027)):
            assert deeds.next_number(work, register="birth", part=part, year=year, fact_letter="A").number == 1


def test_a_full_part_needs_another_one(desk):
    with desk.transactions.work() as work:
        work.connection.execute(
            text("INSERT INTO register_part (register, part, year, last_number) VALUES ('birth', 'A', 2026, 9999)")
        )
        with pytest.raises(DeedNumberExhausted):
            deeds.next_number(work, register="birth", part="A", year=2026, fact_letter="A")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE deed SET text = 'x'",
        "DELETE FROM deed",
        "TRUNCATE deed CASCADE",
        "UPDATE record_history SET note = 'x'",
        "DELETE FROM later_mention",
        "UPDATE deed_step SET by = 'x'",
    ],
)
def test_the_database_refuses_to_change_what_is_kept_for_ever(desk, change):
    registered(desk)
    desk.tell(
        contract.AddMention,
        registers.add_mention,
        actor=OFFICER,
        kind="name-choice",
        text="Naamskeuze.",
        source_reference="akte 0001",
        **WHICH,
    )
    with pytest.raises(DBAPIError, match="can only be added"), desk.pool.begin() as connection:
        connection.execute(text(change))


def test_a_later_mention_changes_extracts_and_never_the_deed(desk):
    registered(desk)
    before = desk.one("SELECT text FROM deed")
    for _ in range(2):
        desk.tell(
            contract.AddMention,
            registers.add_mention,
            actor=OFFICER,
            kind="name-choice",
            text="Naamskeuze. De gekozen geslachtsnaam is de Vries.",
            changes={"surname": "de Vries"},
            source_reference="akte 0001",
            **WHICH,
        )
    assert desk.one("SELECT text FROM deed") == before
    assert desk.one("SELECT count(*) FROM later_mention") == 1
    extract(desk)
    seen = desk.ask(contract.GetDeed, registers.deed, actor=OFFICER, **WHICH)
    assert [mention["kind"] for mention in seen["mentions"]] == ["name-choice"]
    assert (seen["number"], seen["brp_number"]) == ("1A0001", "1AA0001")


def test_a_deed_in_doubt_gives_no_extracts(desk):
    registered(desk)
    for blocked in (True, False):
        desk.tell(
            contract.BlockExtracts,
            registers.block_extracts,
            actor=OFFICER,
            blocked=blocked,
            reason="onderzoek loopt",
            **WHICH,
        )
        if blocked:
            with pytest.raises(ExtractBlocked):
                extract(desk)
    assert extract(desk).document_id


def test_a_full_copy_needs_an_interest_and_an_officer(desk):
    registered(desk)
    with pytest.raises(CopyInterestMissing):
        extract(desk, "full-copy")
    with pytest.raises(NotYourRole):
        extract(desk, who=CLERK)
    with pytest.raises(OfficerNotCompetent):
        extract(desk, who=RegistryDesk.staff("abs-99"))
    assert extract(desk, "full-copy", "kind zelf").document_id
    assert extract(desk, "multilingual-extract").document_id


def test_a_register_closes_after_its_year_when_every_deed_is_signed(desk):
    settled = approved(desk)
    desk.act(OFFICER, settled, "draw-deed")

    def close():
        return desk.tell(
            contract.CloseRegister, registers.close_register, actor=OFFICER, register="birth", register_year=2026
        )

    with pytest.raises(RegisterStillOpen):
        close()
    desk.clock.at = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
    with pytest.raises(RegisterStillOpen):
        close()
    desk.act(OFFICER, settled, "print-deed")
    desk.act(OFFICER, settled, "sign-deed", signed_on="2027-01-04")
    desk.act(OFFICER, settled, "register", sheet_is_filed=True)
    close()
    with desk.transactions.work() as work, pytest.raises(RegisterClosed):
        deeds.next_number(work, register="birth", part="A", year=2026, fact_letter="A")
    assert DeedNumber.read("1A0001", year=2026).written == "1A0001"
