"""What only the staff desk asks: deeds before they are drawn, orders of a court, queues by role."""

from datetime import UTC, datetime

import pytest

from services.civil_registry import queries
from services.civil_registry.commands import issue_extract, registers
from services.civil_registry.domain.errors import (
    CourtOrderNotFinal,
    DeedCancelled,
    DeedNotRegistered,
    NotNow,
    NotYourRole,
    RecordUnknown,
)
from services.contracts import civil_registry as contract
from services.messaging.errors import Malformed
from tests.integration.registry_desk import KIM, MARK, SANNE, RegistryDesk, birth, notice, population_register

OFFICER, CLERK = RegistryDesk.staff("abs-1"), RegistryDesk.staff("medewerker-1", "clerk")
SPECIAL = RegistryDesk.staff("babs-1", "special-officer")
MIDWIFE = RegistryDesk.firm("care-provider", "99000044")
WHICH = {"register_year": 2026, "number": "1A0001"}


@pytest.fixture(scope="module")
def brp():
    with population_register() as settings:
        yield settings


@pytest.fixture
def desk(databases, brp, tmp_path):
    return RegistryDesk(databases("civil_registry", pool_size=5), brp, tmp_path)


def approved(desk, mother=SANNE, **changes):
    desk.confirm_birth(MIDWIFE, **notice(desk, mother))
    parent = desk.resident(mother)
    settled = desk.act(parent, desk.start(parent, "birth", **birth(desk, mother, **changes)), "submit")
    desk.check_brp()
    desk.act(OFFICER, settled, "assign")
    return desk.act(OFFICER, settled, "approve", compared=True)


def registered(desk):
    settled = approved(desk)
    for command, more in (
        ("draw-deed", {}),
        ("print-deed", {}),
        ("sign-deed", {"signed_on": "2026-11-26"}),
        ("register", {"sheet_is_filed": True}),
    ):
        settled = desk.act(OFFICER, settled, command, **more)
    return settled


def preview(desk, settled, who=OFFICER, **more):
    return desk.ask(contract.PreviewDeed, queries.deed_preview, actor=who, record_id=settled.record_id, **more)


def order(desk, who=OFFICER, **changes):
    said = {"court": "de rechtbank Overijssel", "judged_on": "2026-08-20", "orders": "verbetering van de voornaam",
            "source_reference": "C/08/1234", **changes}  # fmt: skip
    return desk.tell(contract.AddCourtOrder, registers.add_court_order, actor=who, **WHICH, **said)


def mention(desk, **changes):
    return desk.tell(
        contract.AddMention,
        registers.add_mention,
        actor=OFFICER,
        **WHICH,
        **{"kind": "name-change", "text": "Naamswijziging.", "source_reference": "KB 1", **changes},
    )


def deed(desk):
    return desk.ask(contract.GetDeed, registers.deed, actor=OFFICER, **WHICH)


def test_an_officer_reads_the_deed_before_it_takes_a_number(desk):
    settled = approved(desk)
    shown = preview(desk, settled)
    assert (shown["problems"], shown["drawn"], shown["number"]) == ([], False, None)
    assert "Nummer (volgt)" in shown["text"] and "vijfentwintig november" in shown["text"]
    assert desk.one("SELECT count(*) FROM register_part") == 0
    assert desk.one("SELECT count(*) FROM access_log WHERE purpose = 'deed'") == 2
    desk.act(OFFICER, settled, "draw-deed")
    drawn = preview(desk, settled)
    assert (drawn["drawn"], drawn["register_year"], drawn["number"]) == (True, 2026, "1A0001")
    assert drawn["text"] == shown["text"].replace("(volgt)", "1A0001")


def test_the_preview_tells_an_officer_that_the_deed_is_his_own(desk):
    settled = approved(desk, KIM, other_parent={"bsn": desk.seal(MARK)})
    shown = preview(desk, settled, RegistryDesk.staff("abs-3"))
    assert [one["code"] for one in shown["problems"]] == ["officer-is-party"]
    assert shown["text"] is not None


def test_a_child_without_first_names_gets_those_of_the_officer(desk):
    settled = approved(desk, child={"first_names": ""})
    assert [one["code"] for one in preview(desk, settled)["problems"]] == ["first-names-missing"]
    shown = preview(desk, settled, first_names="Maria")
    assert shown["problems"] == [] and "Maria" in shown["text"]


def test_deeds_are_shown_to_who_makes_them_only_and_never_of_a_draft(desk):
    settled = approved(desk)
    with pytest.raises(NotYourRole):
        preview(desk, settled, CLERK)
    draft = desk.start(desk.resident(KIM), "birth", **birth(desk, KIM))
    with pytest.raises(NotNow):
        preview(desk, draft)
    with pytest.raises(RecordUnknown):
        preview(desk, type(settled)(record_id="7c0b1d0e-6a3c-4a57-9f0a-4d5f8f1f2a33"))


def test_an_order_of_a_court_is_mentioned_once_it_is_final_and_changes_extracts(desk):
    registered(desk)
    with pytest.raises(CourtOrderNotFinal):
        order(desk, judged_on="2026-11-01")
    for _ in range(2):
        order(desk, changes={"first_names": "Emma Maria"})
    seen = deed(desk)
    assert [one["kind"] for one in seen["mentions"]] == ["court-order"]
    assert "Bij uitspraak van de rechtbank Overijssel van 20-08-2026 is gelast" in seen["mentions"][0]["text"]
    assert (seen["now"]["first_names"], seen["cancelled"]) == ("Emma Maria", False)
    assert "Emma Johanna" in seen["text"]


def test_a_deed_that_a_court_struck_out_gives_no_extract(desk):
    registered(desk)
    order(desk, orders="doorhaling van de akte", cancels=True)
    assert deed(desk)["cancelled"] is True
    with pytest.raises(DeedCancelled):
        desk.tell(contract.IssueExtract, issue_extract, actor=OFFICER, kind="extract", language="nl", **WHICH)


def test_only_an_officer_mentions_an_order_of_a_court(desk):
    registered(desk)
    with pytest.raises(NotYourRole):
        order(desk, CLERK)


@pytest.mark.parametrize("changes", [{"nonsense": "x"}, {"born_on": "gisteren"}, {"cancelled": "true"}])
def test_a_mention_changes_only_what_an_extract_can_tell(desk, changes):
    registered(desk)
    for tell in (mention, order):
        with pytest.raises(Malformed):
            tell(desk, changes=changes)
    assert deed(desk)["mentions"] == []


def test_orders_of_a_court_come_by_their_own_way(desk):
    registered(desk)
    with pytest.raises(Malformed):
        mention(desk, kind="court-order")


def test_a_deed_tells_the_papers_that_were_given_out_of_it(desk):
    registered(desk)
    desk.clock.at = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    desk.tell(contract.IssueExtract, issue_extract, actor=OFFICER, kind="extract", language="nl", **WHICH)
    seen = deed(desk)
    assert {paper["kind"] for paper in seen["documents"]} == {"deed", "extract"}
    assert seen["registered_at"] is not None


def test_before_the_signed_sheet_is_filed_there_is_no_extract_and_no_mention(desk):
    desk.act(OFFICER, approved(desk), "draw-deed")
    with pytest.raises(DeedNotRegistered):
        desk.tell(contract.IssueExtract, issue_extract, actor=OFFICER, kind="extract", language="nl", **WHICH)
    with pytest.raises(DeedNotRegistered):
        mention(desk)


def test_a_refused_birth_tells_its_parents_why(desk):
    settled = approved(desk)
    desk.act(OFFICER, settled, "refuse", reason="Het kind is elders geboren.")
    told = desk.ask(contract.AboutFact, queries.contact_of_record, record_id=settled.record_id)
    assert told["facts"]["refused_because"] == "Het kind is elders geboren."


def test_who_does_less_sees_less_of_the_queues(desk):
    approved(desk)

    def queue(who, name=None):
        return desk.ask(contract.GetQueue, queries.work_queue, actor=who, queue=name)

    assert {"queue": "deed-to-draw", "count": 1, "overdue": 0} in queue(CLERK)["counts"]
    desk.clock.at = datetime(2026, 12, 24, 9, 0, tzinfo=UTC)
    assert {"queue": "deed-to-draw", "count": 1, "overdue": 1} in queue(OFFICER)["counts"]
    assert "deed-to-draw" not in [one["queue"] for one in queue(SPECIAL)["counts"]]
    assert "ceremonies" in [one["queue"] for one in queue(SPECIAL)["counts"]]
    with pytest.raises(NotYourRole):
        queue(SPECIAL, "deed-to-draw")
