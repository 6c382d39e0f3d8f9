"""A death from the undertaker's draft to the register and the permit, on a real database."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.civil_registry.domain.death_errors import (
    DeathAuthorisationMissing,
    DeathCertificateMissing,
    FuneralTooEarly,
)
from services.civil_registry.domain.errors import FindingsOpen, NotYourRole, RecordUnknown, SameOfficer
from tests.integration.registry_desk import HENDRIK, RegistryDesk, population_register

CLERK, OFFICER, SECOND = (
    RegistryDesk.staff("medewerker-1", "clerk"),
    RegistryDesk.staff("abs-1"),
    RegistryDesk.staff("abs-2"),
)
DELEGATE = RegistryDesk.staff("gemachtigde-1", "mayor-delegate")
UNDERTAKER = RegistryDesk.firm("undertaker")


@pytest.fixture(scope="module")
def brp():
    with population_register() as settings:
        yield settings


@pytest.fixture
def desk(databases, brp, tmp_path):
    return RegistryDesk(databases("civil_registry", pool_size=10), brp, tmp_path)


def death(desk, **changes):
    content: dict[str, Any] = {
        "deceased": {
            "bsn": desk.seal(HENDRIK),
            "first_names": "Hendrik Jan",
            "surname": "Scholten",
            "sex": "male",
            "born_on": "1944-05-05",
            "born_place": "Enschede",
            "marital_status": "married",
            "partner_name": "Geertruida Bruins",
            "last_address": "Haaksbergerstraat 1, Enschede",
        },
        "death": {
            "on": "2026-11-25",
            "time": "22:10",
            "municipality": "0153",
            "place": "Medisch Spectrum Twente",
            "manner": "natural",
        },
        "declarant": {
            "first_names": "Johan",
            "surname": "Linde",
            "born_on": "1980-02-02",
            "born_place": "Hengelo (O)",
        },
        "authorised": {"name": "Ingrid Scholten", "relation": "dochter", "phone": "0612345678"},
        "funeral": {"kind": "cremation", "at": "2026-11-30T10:00:00+00:00", "place": "Crematorium Twente"},
        "contact": {"email": "info@delinde.example", "language": "nl"},
        "confirmed": True,
    }
    return {
        name: {**value, **changes[name]} if isinstance(changes.get(name), dict) else changes.get(name, value)
        for name, value in content.items()
    }


def declared(desk, *, paper="a-certificate", **changes):
    draft = desk.start(UNDERTAKER, "death", **death(desk, **changes))
    if paper:
        desk.attach(UNDERTAKER, draft, paper)
    return desk.act(UNDERTAKER, draft, "submit")


def registered(desk, settled):
    desk.check_brp()
    desk.act(OFFICER, settled, "assign")
    desk.act(OFFICER, settled, "approve", compared=True)
    desk.act(OFFICER, settled, "draw-deed")
    desk.act(OFFICER, settled, "print-deed")
    desk.act(OFFICER, settled, "sign-deed", signed_on="2026-11-26")
    return desk.act(OFFICER, settled, "register", sheet_is_filed=True)


def permit_of(desk, settled):
    return desk.child(OFFICER, settled)


def test_an_undertaker_declares_and_receives_the_permit(desk):
    settled = declared(desk)
    assert settled.status == "submitted"
    registered(desk, settled)
    permit = permit_of(desk, settled)
    desk.act(OFFICER, permit, "issue")
    seen = desk.record(UNDERTAKER, permit)
    assert seen["status"] == "issued"
    assert [paper["kind"] for paper in seen["documents"]] == ["burial-permit"]
    assert seen["terms"]["funeral_from"] == "2026-11-27T09:10:00+00:00"
    assert seen["terms"]["funeral_by"] == "2026-12-03"
    assert "overlijden-geregistreerd" in desk.told(settled.record_id)
    assert desk.told(permit.record_id) == ["verlof-gevraagd", "verlof-afgegeven"]


def test_the_time_that_a_permit_took_is_counted_in_office_hours(desk):
    settled = declared(desk)  # Thursday at ten
    registered(desk, settled)
    desk.clock.at = datetime(2026, 11, 27, 7, 45, tzinfo=UTC)  # Friday, a quarter of an hour after opening
    desk.act(OFFICER, permit_of(desk, settled), "issue")
    assert desk.one("SELECT working_minutes FROM figure WHERE kind = 'funeral-permit'") == 7 * 60 + 15


def test_a_death_without_certificate_is_not_taken(desk):
    draft = desk.start(UNDERTAKER, "death", **death(desk))
    with pytest.raises(DeathCertificateMissing):
        desk.act(UNDERTAKER, draft, "submit")


def test_somebody_with_own_knowledge_authorises_the_undertaker(desk):
    draft = desk.start(UNDERTAKER, "death", **death(desk, authorised=None))
    desk.attach(UNDERTAKER, draft, "a-certificate")
    with pytest.raises(DeathAuthorisationMissing):
        desk.act(UNDERTAKER, draft, "submit")


def test_a_resident_declares_no_death_online(desk):
    with pytest.raises(NotYourRole):
        desk.start(desk.resident(HENDRIK), "death", **death(desk))


def test_another_undertaker_sees_nothing(desk):
    settled = declared(desk)
    with pytest.raises(RecordUnknown):
        desk.record(desk.firm("undertaker", "99000022"), settled)


def test_a_name_that_differs_needs_a_second_officer(desk):
    settled = declared(desk, deceased={"first_names": "Hendrik"})
    desk.check_brp()
    desk.act(OFFICER, settled, "assign")
    seen = desk.record(OFFICER, settled)
    assert "needs-second-officer" in seen["flags"]
    assert seen["queue"] == "second-officer"
    with pytest.raises(FindingsOpen):
        desk.act(OFFICER, settled, "approve", compared=True)
    with pytest.raises(SameOfficer):
        desk.act(OFFICER, settled, "second-look", agrees=True)
    desk.act(SECOND, settled, "second-look", agrees=True)
    assert desk.act(OFFICER, settled, "approve", compared=True).status == "approved"


def test_an_unnatural_death_waits_for_the_prosecutor(desk):
    settled = declared(desk, paper=None, death={"manner": "not-natural"})
    desk.check_brp()
    desk.act(OFFICER, settled, "assign")
    desk.act(OFFICER, settled, "await-prosecutor")
    desk.act(OFFICER, settled, "record-clearance", document_on="2026-11-26", reference="OM 2026/1")
    assert desk.act(OFFICER, settled, "approve", compared=True).status == "approved"


def test_a_funeral_before_36_hours_needs_the_mayor_and_the_prosecutor(desk):
    early = "2026-11-26T20:00:00+00:00"
    settled = declared(desk, funeral={"at": early, "plan": "earlier"})
    registered(desk, settled)
    permit = permit_of(desk, settled)
    with pytest.raises(FuneralTooEarly):
        desk.act(OFFICER, permit, "issue")
    desk.act(
        DELEGATE,
        permit,
        "decide-term",
        plan="earlier",
        not_before_at="2026-11-26T18:00:00+00:00",
        doctor="J. Arts",
        prosecutor_agrees=True,
        reason="Begrafenis binnen een dag volgens het geloof",
    )
    assert desk.act(OFFICER, permit, "issue").status == "issued"


def test_a_withdrawn_declaration_takes_its_permit_along(desk):
    settled = declared(desk)
    permit = permit_of(desk, settled)
    desk.act(UNDERTAKER, settled, "withdraw")
    assert desk.record(OFFICER, permit)["status"] == "withdrawn"


def test_a_permit_that_is_not_given_in_time_is_warned_about(desk):
    settled = declared(desk)
    permit = permit_of(desk, settled)
    desk.clock.at = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    desk.let_time_act()
    assert "funeral-near" in desk.record(OFFICER, permit)["flags"]


def test_the_same_death_declared_twice_is_seen(desk):
    declared(desk)
    again = declared(desk)
    assert "potential-duplicate" in desk.record(OFFICER, again)["flags"]
    desk.check_brp()
    desk.act(OFFICER, again, "assign")
    assert desk.record(CLERK, again)["queue"] == "duplicates"
