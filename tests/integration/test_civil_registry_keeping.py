"""How long what was declared is kept, what remains of it, and what is counted meanwhile."""

from datetime import UTC, date, datetime

import pytest

from services.civil_registry import queries, timers
from services.contracts import civil_registry as contract
from tests.integration.registry_desk import RegistryDesk, birth, notice, population_register

CLERK, OFFICER = RegistryDesk.staff("medewerker-1", "clerk"), RegistryDesk.staff("abs-1")
MIDWIFE = RegistryDesk.firm("care-provider", "99000044")
SANNE = "999980002"


@pytest.fixture(scope="module")
def brp():
    with population_register() as settings:
        yield settings


@pytest.fixture
def desk(databases, brp, tmp_path):
    return RegistryDesk(databases("civil_registry", pool_size=10), brp, tmp_path)


def declared(desk, **changes):
    parent = desk.resident(SANNE)
    desk.confirm_birth(MIDWIFE, **notice(desk))
    draft = desk.start(parent, "birth", **birth(desk, **changes))
    return desk.act(parent, draft, "submit")


def registered(desk):
    settled = declared(desk)
    desk.check_brp()
    desk.act(OFFICER, settled, "assign")
    desk.act(OFFICER, settled, "approve", compared=True)
    desk.act(OFFICER, settled, "draw-deed")
    desk.act(OFFICER, settled, "print-deed")
    desk.act(OFFICER, settled, "sign-deed", signed_on="2026-11-26")
    return desk.act(OFFICER, settled, "register", sheet_is_filed=True)


def forget(desk):
    with desk.transactions.work() as work:
        return timers.forget_next(work, desk.office)


def destroyed_on(desk, settled):
    return desk.one("SELECT destroy_on FROM record WHERE id = :id", id=settled.record_id)


def test_supporting_documents_of_a_deed_are_kept_18_months_after_the_year_of_its_register(desk):
    settled = registered(desk)
    assert destroyed_on(desk, settled) == date(2028, 6, 30)
    desk.clock.at = datetime(2028, 6, 30, 12, tzinfo=UTC)
    forget(desk)
    assert desk.one("SELECT count(*) FROM party") == 2
    desk.clock.at = datetime(2028, 7, 1, 12, tzinfo=UTC)
    forget(desk)
    assert desk.one("SELECT count(*) FROM party") == 0
    assert desk.one("SELECT content::text FROM record") == "{}"
    assert "Emma Johanna" in desk.one("SELECT text FROM deed")
    assert desk.one("SELECT count(*) FROM record_history") == 8
    assert desk.record(OFFICER, settled)["status"] == "registered"


def test_what_lives_has_no_day_on_which_it_goes(desk):
    assert destroyed_on(desk, declared(desk)) is None


def test_a_draft_that_nobody_touches_lapses_after_two_weeks_and_is_forgotten_a_month_later(desk):
    draft = desk.start(desk.resident(SANNE), "birth", **birth(desk))
    desk.clock.forward(days=13)
    assert desk.let_time_act() == 0
    desk.clock.forward(days=2)
    assert desk.let_time_act() == 1
    assert destroyed_on(desk, draft) == date(2027, 1, 11)
    assert desk.told(draft.record_id) == ["geboorteaangifte-begonnen", "geboorteaangifte-vervallen"]


def test_a_midwife_who_stays_silent_is_reminded_and_then_called(desk):
    parent = desk.resident(SANNE)
    draft = desk.start(parent, "birth", **birth(desk))
    settled = desk.act(parent, draft, "submit")
    desk.clock.forward(hours=25)
    desk.let_time_act()
    assert desk.told(settled.record_id)[-1] == "bevestiging-geboorte-herinnerd"
    desk.clock.forward(hours=24)
    desk.let_time_act()
    assert "provider-silent" in desk.record(CLERK, settled)["flags"]
    desk.clock.forward(days=3)
    assert desk.let_time_act() == 0


def test_timers_that_were_missed_while_everything_was_down_are_given_once(desk):
    desk.start(desk.resident(SANNE), "birth", **birth(desk))
    desk.clock.forward(days=60)
    assert desk.let_time_act() == 1
    assert desk.let_time_act() == 0


def test_figures_count_what_was_registered_and_outlive_what_was_declared(desk):
    registered(desk)
    asked = {"first_on": "2026-11-01", "last_on": "2026-11-30"}

    def november():
        (only,) = desk.ask(contract.GetFigures, queries.figures, **asked)["months"]
        return only

    before = november()
    assert (before["kind"], before["registered"], before["online"], before["digital_share"]) == ("birth", 1, 1, 1.0)
    assert (before["target"], before["late"], before["asked"]) == (0.6, 0, 0)
    desk.clock.at = datetime(2029, 1, 1, 12, tzinfo=UTC)
    forget(desk)
    assert november() == before


def test_a_late_birth_is_reported_to_the_prosecutor_after_it_is_registered(desk):
    desk.clock.at = datetime(2026, 12, 4, 9, tzinfo=UTC)
    settled = registered(desk)
    seen = desk.record(OFFICER, settled)
    assert seen["flags"] == ["late"]
    assert seen["queue"] == "late-to-report"
    desk.act(OFFICER, settled, "report-late", reported_on="2026-12-04", reference="OM 12")
    assert desk.record(OFFICER, settled)["queue"] is None
    assert desk.one("SELECT late FROM figure") == 1
