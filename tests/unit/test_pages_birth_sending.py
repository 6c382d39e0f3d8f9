"""Sending a birth declaration: the deed is read first, the number is told at once, and a twin follows easily."""

import pytest

from services.messaging.errors import RemoteRefusal
from tests.registry_double import SANNE, SEALER
from tests.unit.test_pages_birth import CHILD, app, at, complete, double, mother, obstacle

__all__ = ["app", "double", "mother"]


def sent(double, mother):
    record = complete(double, mother)
    mother.fills_in(at(record, "controle"), confirmed="yes")
    return record


def test_the_deed_is_shown_as_it_will_read_before_it_is_sent(double, mother):
    complete(double, mother)
    assert "Uw kind gaat heten Emma Johanna Jansen" in mother.text
    assert "De akte van geboorte" in mother.text and "Voornamen Emma Johanna" in mother.text
    assert "Geslachtsnaam Jansen" in mother.text and "kan alleen de rechter een voornaam veranderen" in mother.text
    assert "Zondag 22 november 2026, 03:07" in mother.text


def test_nothing_is_sent_before_somebody_says_that_it_is_right(double, mother):
    record = complete(double, mother)
    mother.fills_in(at(record, "controle"))
    assert mother.page.status_code == 422 and "vink aan dat het klopt" in mother.text
    assert record["status"] == "draft" and 'href="#confirmed"' in mother.source


def test_what_was_sent_has_a_number_at_once_and_what_happens_next(double, mother):
    record = sent(double, mother)
    assert record["status"] in ("submitted", "awaiting-confirmation") and record["content"]["confirmed"] is True
    assert mother.path == at(record, "verstuurd")
    assert record["receipt"] in mother.text and "sanne@voorbeeld.nl" in mother.text
    assert f"/mijn-zaken/{record['record_id']}" in mother.source


def test_the_case_tells_what_was_declared_and_the_number_of_the_deed(double, mother):
    record = sent(double, mother)
    record |= {"status": "registered", "deed_number": "1A0017"}
    mother.goes_to(f"/mijn-zaken/{record['record_id']}")
    for words in ("Emma Johanna", "Een meisje", "Zondag 22 november 2026, 03:07", "Koningstraat 1", "1A0017"):
        assert words in mother.text, words


def test_the_receipt_is_offered_as_soon_as_it_is_there(double, mother):
    record = sent(double, mother)
    assert "Ontvangstbewijs" not in mother.text
    paper = {"document_id": record["record_id"], "kind": "receipt", "number": record["receipt"]}
    record["documents"] = [paper | {"issued_at": "2026-11-23", "state": "valid"}]
    mother.goes_to(at(record, "verstuurd"))
    assert f"/mijn-zaken/{record['record_id']}/papier/{record['record_id']}" in mother.source


def test_sending_twice_or_from_an_old_page_sends_once(double, mother):
    record = complete(double, mother)
    old = mother.standing_in(at(record, "controle")) | {"confirmed": "yes"}
    for _ in range(2):
        answer = mother.client.post(at(record, "controle"), data=old, base_url="http://localhost")
        assert answer.status_code == 303 and answer.headers["Location"] == at(record, "verstuurd")
    assert len([call for call in double.calls if call[0] == "act"]) == 1


def test_a_press_that_got_no_answer_is_repeated_without_sending_twice(double, mother):
    record = complete(double, mother)
    old = mother.standing_in(at(record, "controle")) | {"confirmed": "yes"}
    double.refuse["act:submit"] = "first-names-invalid"  # after the first of two commands
    mother.client.post(at(record, "controle"), data=old, base_url="http://localhost")
    del double.refuse["act:submit"]
    answer = mother.client.post(at(record, "controle"), data=old, base_url="http://localhost")
    assert answer.status_code == 303 and record["submitted_at"]


@pytest.mark.parametrize(
    ("code", "field"),
    [("first-names-invalid", "child"), ("surname-follows-first-child", "surname"), ("birth-in-future", "child")],
)
def test_what_the_registry_refuses_is_told_with_the_way_to_mend_it(double, mother, code, field):
    record = complete(double, mother)
    double.refuse["act:submit"] = code
    mother.fills_in(at(record, "controle"), confirmed="yes")
    assert mother.page.status_code == 422
    assert f'href="#{field}"' in mother.source and f'id="{field}"' in mother.source
    del double.refuse["act:submit"]
    mother.fills_in(at(record, "controle"), confirmed="yes")
    assert mother.path == at(record, "verstuurd")


def test_what_cannot_go_online_after_all_leads_to_the_counter(double, mother):
    record = complete(double, mother)
    double.refuse["act:submit"] = "birth-not-online"
    double.refuse_facts = {"reasons": ["birth-parent-abroad"]}
    mother.fills_in(at(record, "controle"), confirmed="yes")
    assert "aan de balie" in mother.text and f'action="{at(record, "balie")}"' in mother.source


def test_an_obstacle_that_appeared_meanwhile_is_told_instead_of_sending(double, mother):
    record = complete(double, mother)
    double.preview = {"obstacles": [obstacle("birth-two-addresses")]}
    mother.fills_in(at(record, "controle"), confirmed="yes")
    assert "niet op hetzelfde adres" in mother.text and record["status"] == "draft"


def test_without_the_brp_a_birth_is_sent_all_the_same(double, mother):
    record = complete(double, mother)
    double.preview = {"brp": False, "parents": {"mother": None, "other_parent": None}}
    mother.goes_to(at(record, "controle"))
    assert "U kunt toch versturen" in mother.text and "eindigt op 014" in mother.text
    mother.fills_in(at(record, "controle"), confirmed="yes")
    assert mother.path == at(record, "verstuurd")


def test_whoever_changed_it_in_another_window_sees_that_first(double, mother):
    record = complete(double, mother)
    record["version"] += 1
    mother.fills_in(at(record, "controle"), confirmed="yes")
    assert "Er is intussen iets veranderd" in mother.text and record["status"] == "draft"


def test_a_part_that_is_changed_later_leads_back_to_the_check(double, mother):
    record = complete(double, mother)
    mother.goes_to(at(record, "kind")).fills_in(at(record, "kind"), first_names="Emma Johanna Maria")
    assert mother.path == at(record, "controle") and "Emma Johanna Maria" in mother.text


def test_the_next_child_of_one_birth_takes_over_all_but_the_child(double, mother):
    first = sent(double, mother)
    mother.fills_in(at(first, "nog-een-kind"))
    second = list(double.records.values())[-1]
    assert second is not first and mother.path == at(second, "kind")
    form = mother.standing_in(at(second, "kind"))
    assert (form["born-day"], form["place"]) == ("22", "0")
    assert not form.get("first-names") and not form.get("born-time")
    assert (
        second["content"]["other_parent"] == first["content"]["other_parent"] and "confirmed" not in second["content"]
    )
    mother.fills_in(at(second, "kind"), **CHILD | {"first_names": "Noor", "born_time": "03:19"})
    assert mother.path == at(second, "controle")


def test_an_answer_to_our_question_changes_parts_on_the_same_pages(double, mother):
    record = sent(double, mother)
    record["status"] = "info-requested"
    record["question"] = {"reason": "Het tijdstip klopt niet.", "items": [], "answer_by": "2026-11-25", "asked_at": ""}
    mother.goes_to(f"/mijn-zaken/{record['record_id']}/antwoord")
    assert f'href="{at(record, "controle")}"' in mother.source
    mother.goes_to(at(record, "kind")).fills_in(at(record, "kind"), born_time="03:17")
    mother.fills_in(at(record, "controle"), confirmed="yes")
    assert mother.path == f"/mijn-zaken/{record['record_id']}/antwoord"
    mother.fills_in(f"/mijn-zaken/{record['record_id']}/antwoord", note="Het was 03:17.")
    assert record["status"] == "in-review" and record["content"]["child"]["born_time"] == "03:17"


def test_a_declaration_that_was_not_sent_has_no_such_page(double, mother):
    record = complete(double, mother)
    mother.goes_to(at(record, "verstuurd"))
    assert mother.path == f"/mijn-zaken/{record['record_id']}"


def test_no_number_in_the_clear_leaves_the_gateway(double, mother):
    sent(double, mother)
    assert SANNE not in str(double.calls) and SEALER.seal(SANNE) in str(double.calls)


def test_when_nothing_can_be_reached_nothing_is_said_to_be_sent(double, mother):
    record = complete(double, mother)
    double.down = True
    mother.fills_in(at(record, "controle"), confirmed="yes")
    assert mother.page.status_code == 503 and record["receipt"] not in mother.text


def test_other_refusals_have_their_page(double, mother):
    record = complete(double, mother)

    def too_late(_):
        raise RemoteRefusal("not-now", "It is too late.", {})

    double.answers_of["act"] = too_late
    mother.fills_in(at(record, "controle"), confirmed="yes")
    assert mother.page.status_code == 409
