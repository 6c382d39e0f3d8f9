"""What parents see before they declare: themselves, each other as far as they may, and the deed as it will read."""

import pytest

from services.civil_registry import queries
from services.civil_registry.domain.errors import NothingSupplied, NotYourRole, RecordUnknown
from services.civil_registry.outside.brp import Brp
from services.civil_registry.settings import BrpSettings
from services.contracts import civil_registry as contract
from services.contracts.base import dump, load
from services.messaging.settings import Secret
from tests.integration.registry_desk import (
    DAAN,
    LOTTE,
    SANNE,
    THOMAS,
    RegistryDesk,
    birth,
    notice,
    population_register,
)

CLERK = RegistryDesk.staff("medewerker-1", "clerk")
MIDWIFE = RegistryDesk.firm("care-provider", "99000044")
EVA, LUCAS, IRIS, RUBEN, STRANGER = "999980063", "999980075", "999980130", "999980142", "999980178"


@pytest.fixture(scope="module")
def brp():
    with population_register() as settings:
        yield settings


@pytest.fixture
def desk(databases, brp, tmp_path):
    return RegistryDesk(databases("civil_registry", pool_size=10), brp, tmp_path)


def preview(desk, who, settled):
    asked = load(contract.PreviewBirth, {"actor": who, "record_id": str(settled.record_id)})
    with desk.transactions.reading() as reading:
        answer = queries.birth_preview(reading, desk.office, desk.brp, **asked)
    return load(contract.BirthPreview, dump(contract.BirthPreview, answer))


def drafted(desk, who=SANNE, **parts):
    parent = desk.resident(who)
    return parent, desk.start(parent, "birth", **birth(desk, **parts))


def lines(seen):
    return {line["key"]: line["value"] for section in seen["sections"] for line in section["lines"]}


def surnames(seen):
    return {one["choice"]: one["surname"] or one["refusal"] for one in seen["surnames"]}


def test_the_deed_reads_as_the_officer_will_draw_it_up(desk):
    desk.confirm_birth(MIDWIFE, **notice(desk))
    parent, draft = drafted(desk)
    seen = preview(desk, parent, draft)
    told = lines(seen)
    assert (told["surname"], told["first_names"]) == ("Jansen", "Emma Johanna")
    assert (seen["surname"], seen["obstacles"], seen["problems"], seen["noticed"]) == ("Jansen", [], [], True)
    desk.act(parent, draft, "submit")
    desk.check_brp()
    for command, who, more in (("assign", CLERK, {}), ("approve", CLERK, {"compared": True})):
        desk.act(who, draft, command, **more)
    desk.act(desk.staff("abs-1"), draft, "draw-deed")
    words = desk.one("SELECT text FROM deed")
    for section in seen["sections"]:
        for line in section["lines"]:
            assert f"{line['label']}: {line['value']}" in words, line


def test_partners_see_each_others_names_and_birth_and_where_they_live_together(desk):
    parent, draft = drafted(desk)
    parents = preview(desk, parent, draft)["parents"]
    assert parents["mother"]["address"] == parents["other_parent"]["address"] == "Proefstraat 1, 7500 AA ENSCHEDE"
    assert parents["other_parent"]["name"]["surname"] == "Jansen"
    assert parents["other_parent"]["nationalities"] == ["0001"]


def test_of_a_partner_who_lives_elsewhere_the_address_is_not_told(desk):
    parent, draft = drafted(desk, IRIS, mother=IRIS, other=RUBEN)
    seen = preview(desk, parent, draft)
    assert (seen["parents"]["other_parent"]["name"]["surname"], seen["parents"]["other_parent"]["address"]) == (
        "Vos",
        "",
    )
    assert [one["text"] for one in seen["obstacles"]] == ["birth-two-addresses"]


def test_unmarried_parents_at_one_address_see_each_other(desk):
    parent, draft = drafted(
        desk, LUCAS, mother=EVA, other=LUCAS, declarant="father",
        answers={"acknowledgement": "done", "first_child": False},
    )  # fmt: skip
    seen = preview(desk, parent, draft)
    assert seen["parents"]["mother"]["name"]["surname"] == "Smit"
    assert surnames(seen)["other-parent"] == "Meijer"  # the first child is called so
    assert surnames(seen)["mother"] == "surname-follows-first-child"


def test_whoever_types_a_strangers_number_learns_no_name_by_it(desk):
    parent, draft = drafted(
        desk, other=STRANGER, answers={"acknowledgement": "done", "name_choice": "deed"},
        surname={"choice": "other-parent", "name_choice_deed": "2026-0123"},
    )  # fmt: skip
    seen = preview(desk, parent, draft)
    assert seen["hidden"] == ["other_parent"] and seen["parents"]["other_parent"] is None
    assert "Hendriks" not in str(seen) and "Bram" not in str(seen) and "Voorbeeldweg" not in str(seen)


@pytest.mark.parametrize("number", [THOMAS, STRANGER])
def test_every_person_who_was_asked_for_stands_in_the_log_of_looks(desk, number):
    parent, draft = drafted(desk, other=number)
    before = desk.one("SELECT count(*) FROM access_log WHERE purpose = 'prefill'")
    preview(desk, parent, draft)
    assert desk.one("SELECT count(*) FROM access_log WHERE purpose = 'prefill'") == before + 2


def test_the_first_child_leaves_one_choice_and_a_deed_leaves_all(desk):
    parent, draft = drafted(desk)
    refused = "surname-choice-in-person"
    assert surnames(preview(desk, parent, draft)) == {
        "mother": refused, "other-parent": "Jansen", "mother-then-other": refused, "other-then-mother": refused,
    }  # fmt: skip
    desk.save(parent, draft, answers={**birth(desk)["answers"], "name_choice": "deed"})
    assert surnames(preview(desk, parent, draft)) == {
        "mother": "de Vries",
        "other-parent": "Jansen",
        "mother-then-other": "de Vries Jansen",
        "other-then-mother": "Jansen de Vries",
    }


def test_a_second_child_is_called_as_the_first(desk):
    parent, draft = drafted(
        desk, LOTTE, mother=LOTTE, other=DAAN, answers={"first_child": False}, surname={"choice": "other-parent"}
    )
    seen = preview(desk, parent, draft)
    assert surnames(seen)["mother"] == "van den Berg"
    assert [(one["code"], one["facts"]) for one in seen["problems"]] == [
        ("surname-follows-first-child", {"surname": "van den Berg"})
    ]
    assert seen["sections"] == []


def test_a_draft_that_is_hardly_begun_has_its_term_and_no_deed_yet(desk):
    parent = desk.resident(SANNE)
    answers = {**birth(desk)["answers"], "born_on": "2026-11-25"}
    draft = desk.start(parent, "birth", answers=answers, declarant="mother", mother={"bsn": desk.seal(SANNE)})
    seen = preview(desk, parent, draft)
    assert (seen["sections"], seen["surname"]) == ([], None)
    assert desk.record(parent, draft)["terms"] == {"declare_by": "2026-11-30"}


def test_when_the_brp_is_away_the_parents_go_on_with_what_they_declared(desk):
    parent, draft = drafted(desk)
    desk.brp = Brp(BrpSettings(url="http://127.0.0.1:9", api_key=Secret("key")))
    seen = preview(desk, parent, draft)
    assert (seen["brp"], seen["surname"], seen["sections"]) == (False, None, [])
    assert desk.act(parent, draft, "submit").status == "awaiting-confirmation"


def test_only_its_declarant_sees_a_preview(desk):
    _, draft = drafted(desk)
    with pytest.raises(RecordUnknown):
        preview(desk, desk.resident(THOMAS), draft)
    with pytest.raises(NotYourRole):
        preview(desk, CLERK, draft)


def test_the_places_of_birth_are_the_towns_own(desk):
    with desk.transactions.reading() as reading:
        told = queries.birth_places(reading, desk.office)
    assert (told["municipality"], told["town"]) == ("0153", "Enschede")
    assert told["places"][0] == "Medisch Spectrum Twente, Koningstraat 1"


# --- receipts, and answers


def test_a_declaration_is_receipted_in_the_declarants_language(desk):
    parent, draft = drafted(desk)
    desk.attach(parent, draft, "birth-statement")
    desk.act(parent, draft, "submit")
    (paper,) = desk.record(parent, draft)["documents"]
    assert (paper["kind"], paper["number"], paper["state"]) == ("receipt", draft.receipt, "valid")


def test_names_that_cannot_be_drawn_hold_no_declaration_up(desk):
    parent, draft = drafted(desk, child={"first_names": "Ꝑeter"})
    desk.act(parent, draft, "submit")
    assert len(desk.record(parent, draft)["documents"]) == 1


def test_a_document_answers_a_question_and_nothing_at_all_does_not(desk):
    desk.confirm_birth(MIDWIFE, **notice(desk))
    parent, draft = drafted(desk)
    desk.act(parent, draft, "submit")
    desk.check_brp()
    desk.act(CLERK, draft, "assign")
    desk.clock.forward(minutes=5)
    desk.act(CLERK, draft, "request-info", reason="Wij missen een akte.", items=["De akte"], answer_by="2026-11-27")
    desk.clock.forward(minutes=5)
    with pytest.raises(NothingSupplied):
        desk.act(parent, draft, "supply-info")
    desk.attach(parent, draft, "acknowledgement-deed")
    assert desk.act(parent, draft, "supply-info").status == "in-review"


def test_the_second_of_twins_begins_with_what_the_first_said_and_goes_the_same_way(desk):
    parent, first = drafted(desk)
    desk.act(parent, first, "submit")
    same = {name: part for name, part in birth(desk).items() if name not in ("child", "confirmed")}
    same["answers"] |= {"born_on": "2026-11-25", "place": "Medisch Spectrum Twente"}
    second = desk.start(parent, "birth", **same)
    child = birth(desk)["child"] | {"first_names": "Noor", "born_time": "03:19"}
    desk.save(parent, second, child=child)
    assert preview(desk, parent, second)["surname"] == preview(desk, parent, first)["surname"]
    desk.save(parent, second, confirmed=True)
    assert desk.act(parent, second, "submit").status == "awaiting-confirmation"
    assert "potential-duplicate" not in str(desk.record(parent, second)["flags"])
