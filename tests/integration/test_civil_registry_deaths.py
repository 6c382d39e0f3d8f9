"""A death from the undertaker's draft to the register and the permit, on a real database."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.civil_registry import queries
from services.civil_registry.domain.death_errors import (
    DeathAuthorisationMissing,
    DeathCertificateMissing,
    FuneralTooEarly,
    PermitNotNeeded,
)
from services.civil_registry.domain.errors import FindingsOpen, NotNow, NotYourRole, RecordUnknown, SameOfficer
from services.contracts import civil_registry as contract
from services.messaging.errors import Malformed
from tests.integration.registry_desk import HENDRIK, LOTTE, RegistryDesk, population_register

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


def test_the_same_death_that_an_officer_cleared_stays_cleared_after_an_answer(desk):
    declared(desk)
    again = declared(desk)
    desk.check_brp()
    desk.act(OFFICER, again, "assign")
    desk.act(OFFICER, again, "clear-duplicate", reason="Andere persoon")
    asked(desk, again)
    desk.act(UNDERTAKER, again, "supply-info", note="Het klopt zo")
    assert "potential-duplicate" not in desk.record(OFFICER, again)["flags"]


def asked(desk, settled):
    return desk.act(
        OFFICER, settled, "request-info", reason="Klopt de naam?", items=["voornamen"], answer_by="2026-11-27"
    )


def test_a_second_officers_look_does_not_count_for_what_changed_afterwards(desk):
    settled = declared(desk, deceased={"first_names": "Hendrik"})
    desk.check_brp()
    desk.act(OFFICER, settled, "assign")
    desk.act(SECOND, settled, "second-look", agrees=True)
    desk.clock.forward(minutes=1)
    asked(desk, settled)
    desk.clock.forward(minutes=1)
    wrong = {**death(desk)["deceased"], "first_names": "Johan"}
    desk.save(UNDERTAKER, settled, deceased=wrong)
    desk.act(UNDERTAKER, settled, "supply-info")
    desk.check_brp()
    seen = desk.record(OFFICER, settled)
    assert "needs-second-officer" in seen["flags"]
    assert "second-officer-agreed" not in seen["flags"]
    with pytest.raises(FindingsOpen):
        desk.act(OFFICER, settled, "approve", compared=True)


def test_a_name_that_is_mended_needs_no_second_officer_any_more(desk):
    settled = declared(desk, deceased={"first_names": "Hendrik"})
    desk.check_brp()
    desk.act(OFFICER, settled, "assign")
    desk.clock.forward(minutes=1)
    asked(desk, settled)
    desk.clock.forward(minutes=1)
    desk.save(UNDERTAKER, settled, deceased=death(desk)["deceased"])
    desk.act(UNDERTAKER, settled, "supply-info")
    desk.check_brp()
    assert desk.act(OFFICER, settled, "approve", compared=True).status == "approved"


def test_a_day_of_death_that_is_mended_moves_the_terms(desk):
    settled = declared(desk)
    permit = permit_of(desk, settled)
    desk.act(OFFICER, settled, "assign")
    asked(desk, settled)
    desk.clock.forward(minutes=1)
    desk.save(UNDERTAKER, settled, death={**death(desk)["death"], "on": "2026-11-23"})
    desk.act(UNDERTAKER, settled, "supply-info")
    assert str(desk.record(OFFICER, settled)["due_on"]) == "2026-12-01"
    assert desk.record(OFFICER, permit)["terms"]["funeral_by"] == "2026-12-01"
    warned = desk.one("SELECT due_at FROM timer WHERE record_id = :id AND command = 'warn'", id=permit.record_id)
    assert warned == datetime(2026, 11, 27, 7, 0, tzinfo=UTC)


def test_an_undertaker_adds_a_paper_while_it_is_looked_at_and_not_after_it_was_decided(desk):
    settled = declared(desk)
    desk.check_brp()
    desk.attach(UNDERTAKER, settled, "other")
    desk.act(OFFICER, settled, "assign")
    desk.attach(UNDERTAKER, settled, "doctor-statement")
    desk.act(OFFICER, settled, "approve", compared=True)
    with pytest.raises(NotNow):
        desk.attach(UNDERTAKER, settled, "no-objection")


def test_whom_the_law_or_the_town_sends_to_the_counter_is_told_before_much_is_typed(desk):
    told = check(desk, bsn_given=False, stillborn=True, died_on="2026-11-25", died_time="22:10")
    assert {one["text"] for one in told["obstacles"]} == {"death-without-bsn", "death-stillborn"}
    assert all(one["redirects"] for one in told["obstacles"])
    assert told["funeral_from"] == datetime(2026, 11, 27, 9, 10, tzinfo=UTC)
    assert str(told["funeral_by"]) == "2026-12-03"
    papers = {one["manner"]: (one["any_of"], one["prosecutor"]) for one in told["papers"]}
    assert papers["natural"] == (["a-certificate", "no-objection"], False)
    assert papers["euthanasia"] == (["no-objection"], True)
    assert told["municipality"] == "0153"
    assert "Medisch Spectrum Twente, Koningstraat 1" in told["places"]


def test_nobody_is_stopped_before_anything_was_said(desk):
    told = check(desk)
    assert told["obstacles"] == []
    assert (told["funeral_from"], told["funeral_by"]) == (None, None)


def test_an_hour_that_never_was_is_an_obstacle_and_no_breakdown(desk):
    desk.clock.at = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)
    told = check(desk, died_on="2026-03-29", died_time="02:30")
    assert [one["text"] for one in told["obstacles"]] == ["death-time-impossible"]
    assert told["funeral_from"] is None


def check(desk, who=UNDERTAKER, **said):
    return desk.ask(contract.CheckDeath, queries.check_death, actor=who, **said)


def test_a_child_of_less_than_24_weeks_is_declared_at_the_counter_and_needs_no_permit(desk):
    settled = stillborn(desk, weeks=22)
    assert settled.status == "submitted"
    assert desk.record(CLERK, settled)["children"] == []
    desk.check_brp()
    found = {one["code"] for one in desk.record(CLERK, settled)["brp"]["findings"]}
    assert {"statistics-form-needed", "permit-not-needed"} <= found
    with pytest.raises(PermitNotNeeded):
        desk.act(CLERK, settled, "request-permit", funeral=death(desk)["funeral"])


def stillborn(desk, *, weeks, paper="doctor-statement"):
    content = death(
        desk,
        deceased={"bsn": None, "no_bsn": "stillborn", "first_names": "Saar", "surname": "Vos", "born_on": None},
        death={"stillborn": True, "pregnancy_weeks": weeks},
    )
    draft = desk.start(CLERK, "death", **content, mother={"bsn": desk.seal(LOTTE)})
    desk.attach(CLERK, draft, paper)
    return desk.act(CLERK, draft, "submit")


def test_a_stillborn_child_has_a_deed_in_the_register_of_deaths_and_its_permit(desk):
    settled = stillborn(desk, weeks=30, paper="a-certificate")
    registered(desk, settled)
    seen = desk.record(OFFICER, settled)
    assert seen["deed_number"].startswith("2")
    words = desk.one("SELECT text FROM deed WHERE record_id = :id", id=settled.record_id)
    assert "levenloos geboren kind" in words
    assert "Moeder uit wie het kind is geboren" in words
    permit = permit_of(desk, settled)
    assert desk.act(OFFICER, permit, "issue").status == "issued"
    assert desk.rows("SELECT id FROM document WHERE record_id = :id", id=permit.record_id)


def test_a_stillborn_child_has_a_mother(desk):
    content = death(desk, deceased={"bsn": None, "no_bsn": "stillborn"}, death={"stillborn": True})
    draft = desk.start(CLERK, "death", **content)
    desk.attach(CLERK, draft, "a-certificate")
    with pytest.raises(Malformed) as refused:
        desk.act(CLERK, draft, "submit")
    assert set(refused.value.errors) == {"mother"}


def test_a_child_that_died_before_its_birth_was_declared_needs_a_birth_deed_as_well(desk):
    settled = declared(desk, deceased={"bsn": desk.seal(HENDRIK), "born_on": "2026-11-24"})
    desk.check_brp()
    found = {one["code"] for one in desk.record(CLERK, settled)["brp"]["findings"]}
    assert "birth-deed-needed" in found


def test_the_deed_can_be_read_before_the_declaration_is_handed_in(desk):
    draft = desk.start(UNDERTAKER, "death", **death(desk, confirmed=True))
    seen = preview(desk, UNDERTAKER, draft)
    assert seen["title"] == "Akte van overlijden"
    lines = {line["label"]: line["value"] for line in seen["sections"][0]["lines"]}
    assert lines["Geslachtsnaam"] == "Scholten"
    assert lines["Dag van overlijden"].startswith("25-11-2026")
    assert seen["sections"][-1]["heading"] == "Aangever"
    with pytest.raises(RecordUnknown):
        preview(desk, desk.firm("undertaker", "99000022"), draft)


def preview(desk, who, settled):
    return desk.ask(contract.PreviewDeathDeed, queries.preview_deed, actor=who, record_id=settled.record_id)
