"""A birth from the parents' draft to the register, on a real database and with the BRP's stand-in."""

import threading

import pytest

from services.civil_registry.domain.birth_errors import BirthDeclarantNotAllowedOnline
from services.civil_registry.domain.errors import (
    AssignedToOther,
    AssuranceTooLow,
    BrpNotChecked,
    NotNow,
    OfficerIsParty,
    RecordUnknown,
    VersionConflict,
)
from tests.integration.registry_desk import (
    KIM,
    MARK,
    SANNE,
    THOMAS,
    RegistryDesk,
    birth,
    notice,
    population_register,
)

CLERK, OFFICER = RegistryDesk.staff("medewerker-1", "clerk"), RegistryDesk.staff("abs-1")
MIDWIFE = RegistryDesk.firm("care-provider", "99000044")


@pytest.fixture(scope="module")
def brp():
    with population_register() as settings:
        yield settings


@pytest.fixture
def desk(databases, brp, tmp_path):
    return RegistryDesk(databases("civil_registry", pool_size=10), brp, tmp_path)


def declared(desk, who=SANNE, **changes):
    parent = desk.resident(who)
    draft = desk.start(parent, "birth", **birth(desk, **changes))
    return desk.act(parent, draft, "submit")


def reviewed(desk, settled, by=CLERK):
    desk.check_brp()
    desk.act(by, settled, "assign")
    return desk.act(by, settled, "approve", compared=True)


def test_parents_declare_and_an_officer_registers(desk):
    desk.confirm_birth(MIDWIFE, **notice(desk))
    settled = declared(desk)
    assert settled.status == "submitted"
    reviewed(desk, settled)
    for command, more in (
        ("draw-deed", {}),
        ("print-deed", {}),
        ("sign-deed", {"signed_on": "2026-11-26"}),
        ("register", {"sheet_is_filed": True}),
    ):
        settled = desk.act(OFFICER, settled, command, **more)
    assert settled.status == "registered"
    seen = desk.record(OFFICER, settled)
    assert seen["deed_number"] == "1A0001"
    text = desk.one("SELECT text FROM deed")
    assert "Jansen" in text and "Emma Johanna" in text and "vijfentwintig november tweeduizend zesentwintig" in text
    assert desk.told(settled.record_id) == [
        "geboorteaangifte-begonnen",
        "geboorteaangifte-ingediend",
        "geboorteaangifte-in-behandeling",
        "geboorteaangifte-goedgekeurd",
        "geboorteakte-opgemaakt",
        "akte-afgedrukt",
        "akte-ondertekend",
        "geboorte-geregistreerd",
    ]


def test_without_a_notice_the_declaration_waits_for_the_midwife(desk):
    settled = declared(desk)
    assert settled.status == "awaiting-confirmation"
    answer = desk.confirm_birth(MIDWIFE, **notice(desk))
    assert (answer.matched, answer.differs) == (1, [])
    assert desk.record(CLERK, settled)["status"] == "submitted"


def test_a_notice_that_differs_leads_to_a_question(desk):
    settled = declared(desk)
    answer = desk.confirm_birth(MIDWIFE, **notice(desk, sex="male"))
    assert answer.differs == ["sex"]
    assert desk.record(CLERK, settled)["status"] == "info-requested"


def test_nobody_approves_what_no_midwife_confirmed_or_the_brp_was_not_asked_about(desk):
    desk.confirm_birth(MIDWIFE, **notice(desk))
    settled = declared(desk)
    desk.act(CLERK, settled, "assign")
    with pytest.raises(BrpNotChecked):
        desk.act(CLERK, settled, "approve", compared=True)


def test_only_a_parent_who_logged_in_as_himself_declares(desk):
    stranger = desk.resident(KIM)
    draft = desk.start(stranger, "birth", **birth(desk))
    with pytest.raises(BirthDeclarantNotAllowedOnline):
        desk.act(stranger, draft, "submit")


def test_a_log_in_with_a_password_alone_is_too_weak(desk):
    with pytest.raises(AssuranceTooLow):
        desk.start(desk.resident(SANNE, level="basic"), "birth")


def test_a_stranger_finds_no_record(desk):
    settled = declared(desk)
    with pytest.raises(RecordUnknown):
        desk.record(desk.resident(THOMAS), settled)
    with pytest.raises(RecordUnknown):
        desk.act(desk.resident(KIM), settled, "withdraw")


def test_an_officer_makes_no_deed_of_his_own_child(desk):
    desk.confirm_birth(MIDWIFE, **notice(desk, KIM))
    settled = reviewed(desk, declared(desk, KIM, mother=KIM, other=MARK))
    with pytest.raises(OfficerIsParty):
        desk.act(desk.staff("abs-3"), settled, "draw-deed")
    assert desk.act(OFFICER, settled, "draw-deed").status == "deed-drawn"


def test_a_record_in_anothers_hands_stays_there_until_it_is_taken_over(desk):
    desk.confirm_birth(MIDWIFE, **notice(desk))
    settled = declared(desk)
    desk.check_brp()
    desk.act(CLERK, settled, "assign")
    with pytest.raises(AssignedToOther):
        desk.act(OFFICER, settled, "approve", compared=True)
    desk.act(OFFICER, settled, "take-over", reason="collega is ziek")
    assert desk.act(OFFICER, settled, "approve", compared=True).status == "approved"


def test_a_command_on_an_older_version_changes_nothing(desk):
    parent = desk.resident(SANNE)
    draft = desk.start(parent, "birth", **birth(desk))
    desk.save(parent, draft, child=birth(desk)["child"])
    with pytest.raises(VersionConflict):
        desk.tell_at(1, parent, draft, "submit")


def test_nothing_is_declared_twice(desk):
    desk.confirm_birth(MIDWIFE, **notice(desk))
    settled = declared(desk)
    with pytest.raises(NotNow):
        desk.act(desk.resident(SANNE), settled, "submit")
    assert settled


def test_the_citizen_service_number_stands_nowhere_in_the_clear(desk):
    desk.confirm_birth(MIDWIFE, **notice(desk))
    reviewed(desk, declared(desk))
    tables = [row[0] for row in desk.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    for table in tables:
        for row in desk.rows(f'SELECT t::text AS line FROM "{table}" AS t'):
            for number in (SANNE, THOMAS):
                assert number not in row.line, table
                assert number.encode().hex() not in row.line, table


def test_of_two_who_take_a_declaration_at_once_one_has_it(desk):
    desk.confirm_birth(MIDWIFE, **notice(desk))
    settled = declared(desk)
    version = desk.version(settled.record_id)
    outcomes = []

    def take(who):
        try:
            outcomes.append(desk.tell_at(version, who, settled, "assign").status)
        except (VersionConflict, NotNow) as refused:
            outcomes.append(refused.code)

    both = [threading.Thread(target=take, args=[who]) for who in (CLERK, OFFICER)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(outcomes)[0] == "in-review"
    assert sorted(outcomes)[1] in ("not-now", "version-conflict")
