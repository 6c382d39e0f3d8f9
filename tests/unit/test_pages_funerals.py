"""What an undertaker sees of his declarations, sends at once, and does about a permit."""

import pytest

from services.messaging.errors import RemoteRefusal, Unavailable
from tests.funerals_double import FIRM, OTHER_FIRM
from tests.unit.funerals_given import FUNERAL, app, at, double, paper, ready, undertaker

__all__ = ["app", "double", "undertaker"]

QUESTION = {
    "reason": "De naam klopt niet.",
    "items": ["Hoe schrijft u de voornaam?"],
    "answer_by": "2026-11-25",
    "asked_at": "2026-11-23T09:00:00+00:00",
}


def case(record):
    return f"/mijn-zaken/{record['record_id']}"


def declared(double, status="submitted", permit="requested", **changes):
    """A declaration that was sent, with its permit."""
    death = ready(double, **changes)
    death |= {"status": status, "submitted_at": double.clock.now().isoformat()}
    return death, double.permit_of(death, permit)


def given(double, **changes):
    """A declaration whose permit was given."""
    death, permit = declared(double, "registered", "issued", **changes)
    permit["documents"] = [
        {"document_id": permit["record_id"], "kind": "burial-permit", "number": permit["receipt"],
         "issued_at": "2026-11-24", "state": "valid"}
    ]  # fmt: skip
    return death, permit


# --- the list


def test_the_list_says_what_each_declaration_needs_and_by_when(double, undertaker):
    ready(double)
    asked = double.has("death", FIRM, "info-requested", label="Gerrit Leusink", question=QUESTION)
    declared(double, deceased={"first_names": "Maria"})
    double.has("death", OTHER_FIRM, label="Van een ander")
    undertaker.goes_to("/uitvaart")
    assert "Klaar om te versturen" in undertaker.text and "Verstuur 1 die klaar is" in undertaker.text
    assert "uiterlijk woensdag 25 november 2026" in undertaker.text
    assert undertaker.text.index("Gerrit Leusink") < undertaker.text.index("Maria Scholten")
    assert f'href="{case(asked)}/antwoord"' in undertaker.source
    assert "vrijdag 27 november 2026, 11:00 uur, Crematorium Twente" in undertaker.text
    assert "Van een ander" not in undertaker.text


def test_an_empty_list_leads_to_the_first_declaration(undertaker):
    undertaker.goes_to("/en/funerals")
    assert "You have no declarations that are still open." in undertaker.text
    assert 'href="/en/funerals/new"' in undertaker.source


def test_what_presses_and_what_was_refused_says_so(double, undertaker):
    death, _permit = declared(double, "registered", "refused")
    death["line"] = {"urgency": "soon"}
    undertaker.goes_to("/uitvaart")
    assert "Haast: er is nog geen verlof" in undertaker.text
    assert "Het verlof is geweigerd" in undertaker.text and "U kunt het verlof opnieuw vragen" in undertaker.text


@pytest.mark.parametrize(
    ("status", "permit", "changes", "words"),
    [
        ("registered", "issued", {}, "Download het, en neem het mee"),
        ("in-review", "issued", {}, "Wij maken de akte nog op"),
        ("registered", "requested", {}, "Wij beslissen nog over het verlof"),
        ("submitted", "requested", {"funeral": {"at": None}}, "Wij weten niet wanneer de uitvaart is"),
    ],
)
def test_declaration_and_permit_are_told_as_one(double, undertaker, status, permit, changes, words):
    declared(double, status, permit, **changes)
    assert words in undertaker.goes_to("/uitvaart").text


def test_a_declaration_is_found_by_a_number_that_stands_in_no_address(double, undertaker):
    death, permit = declared(double)
    for number in (death["receipt"], permit["receipt"]):
        undertaker.goes_to("/uitvaart").fills_in("/uitvaart/zoeken", number=number)
        assert undertaker.path == case(death)
    undertaker.goes_to("/uitvaart").fills_in("/uitvaart/zoeken", number="O-2026-NIETS")
    assert undertaker.page.status_code == 422 and "Er staat geen aangifte met dit nummer" in undertaker.text
    assert 'value="O-2026-NIETS"' in undertaker.source


# --- sending


def test_nothing_is_sent_before_somebody_says_that_it_is_right(double, undertaker):
    record = ready(double)
    undertaker.goes_to(at(record, "controle")).fills_in(at(record, "controle"))
    assert undertaker.page.status_code == 422 and record["status"] == "draft"


def test_sending_twice_from_an_old_page_sends_once(double, undertaker):
    record = ready(double)
    here = at(record, "controle")
    old = undertaker.goes_to(here).standing_in(here) | {"confirmed": "yes"}
    for _ in range(2):
        answer = undertaker.client.post(here, data=old, base_url="http://localhost")
        assert answer.status_code == 303 and case(record) in answer.headers["Location"]
    assert len(double.called("act")) == 1


@pytest.mark.parametrize(
    ("code", "field"),
    [("death-certificate-missing", "papers"), ("funeral-too-late", "funeral"), ("death-in-future", "death")],
)
def test_a_refusal_leads_to_the_answer_that_can_be_changed(double, undertaker, code, field):
    record = ready(double)
    double.refuse["act:submit"] = code
    undertaker.goes_to(at(record, "controle")).fills_in(at(record, "controle"), confirmed="yes")
    assert undertaker.page.status_code == 422
    assert f'href="#{field}"' in undertaker.source and f'id="{field}"' in undertaker.source


def test_what_cannot_be_declared_online_any_more_says_why(double, undertaker):
    record = ready(double)
    double.refuse["act:submit"] = "death-not-online"
    double.refuse_facts = {"reasons": ["death-term-over"]}
    undertaker.goes_to(at(record, "controle")).fills_in(at(record, "controle"), confirmed="yes")
    assert "De laatste dag voor de uitvaart is voorbij" in undertaker.text


SEND = "/uitvaart/versturen"


def pressed(undertaker, *records):
    """Tick some drafts on the page of several, and send them."""
    undertaker.goes_to(SEND)
    filled = undertaker.standing_in(SEND) | {"send": [str(one["record_id"]) for one in records]}
    undertaker.page = undertaker.client.post(SEND, data=filled, follow_redirects=True, base_url="http://localhost")


def test_several_are_sent_in_one_go_and_each_gets_its_own_answer(double, undertaker):
    first, second = ready(double), ready(double, deceased={"first_names": "Maria"})
    third = ready(double, deceased={"first_names": "Gerrit"})
    left = double.has("death", FIRM, label="Nog niet klaar")
    double.answers_of["act"] = _refusing(double, second, "funeral-too-late")
    undertaker.goes_to(SEND)
    assert "Nog niet klaar" not in undertaker.text
    pressed(undertaker, first, second)
    assert undertaker.path == "/uitvaart/verstuurd"
    assert "1 van 2 is verstuurd" in undertaker.text and "Niet verstuurd. De uitvaart is te laat" in undertaker.text
    assert first["receipt"] in undertaker.text and second["receipt"] in undertaker.text
    assert [one["status"] for one in (first, second, third, left)] == ["submitted", "draft", "draft", "draft"]


def _refusing(double, record, code):
    """Answer commands as ever, but refuse those on one declaration."""

    def answer(request):
        if request["record_id"] == record["record_id"]:
            raise RemoteRefusal(code, "", {})
        return type(double)._act(double, request)

    return answer


def test_nothing_ticked_is_told(double, undertaker):
    ready(double)
    pressed(undertaker)
    assert undertaker.page.status_code == 422 and "Vink de aangiften aan" in undertaker.text


def test_when_we_are_away_in_between_the_rest_can_be_sent_again(double, undertaker):
    first, second = ready(double), ready(double)

    def away(request):
        if request["record_id"] == second["record_id"]:
            raise Unavailable
        return type(double)._act(double, request)

    double.answers_of["act"] = away
    pressed(undertaker, first, second)
    assert "1 van 2 is verstuurd" in undertaker.text and first["status"] == "submitted"
    del double.answers_of["act"]
    pressed(undertaker, second)
    assert second["status"] == "submitted" and "1 van 1 is verstuurd" in undertaker.text


def test_a_draft_that_a_colleague_changed_meanwhile_is_not_sent(double, undertaker):
    record = ready(double)
    undertaker.goes_to(SEND)
    filled = undertaker.standing_in(SEND) | {"send": [record["record_id"]]}
    record["version"] += 1
    undertaker.page = undertaker.client.post(SEND, data=filled, follow_redirects=True, base_url="http://localhost")
    assert record["status"] == "draft" and "Niet verstuurd." in undertaker.text


def test_the_draft_of_another_firm_cannot_be_sent_along(double, undertaker):
    mine, other = ready(double), ready(double)
    other["owner"] = OTHER_FIRM["subject"]
    pressed(undertaker, mine, other)
    assert other["status"] == "draft" and other["receipt"] not in undertaker.text


# --- one declaration with its permit


def test_the_permit_is_shown_and_downloaded_from_the_declaration(double, undertaker):
    death, permit = given(double)
    undertaker.goes_to(case(permit))
    assert undertaker.path == case(death)
    assert "Het verlof is afgegeven" in undertaker.text and "Download het verlof (PDF)" in undertaker.text
    assert f"{case(death)}/papier/{permit['record_id']}" in undertaker.source
    assert "Terug naar het overzicht" in undertaker.text and 'href="/uitvaart"' in undertaker.source


def test_another_day_is_planned_while_the_permit_waits(double, undertaker):
    death, permit = declared(double)
    here = at(death, "verlof")
    undertaker.goes_to(here)
    assert "Andere dag of plaats" in undertaker.text
    undertaker.fills_in(here, **FUNERAL | {"at_day": "26", "kind": "burial"})
    assert permit["content"]["funeral"]["at"] == "2026-11-26T10:00:00+00:00"
    assert "Wij hebben de dag en de plaats van de uitvaart ontvangen" in undertaker.text


def test_who_knows_no_day_yet_is_asked_for_it(double, undertaker):
    death, permit = declared(double, funeral={"at": None})
    here = at(death, "verlof")
    assert "Vul de dag en de tijd van de uitvaart in" in undertaker.goes_to(case(death)).text
    undertaker.goes_to(here).fills_in(here, **FUNERAL)
    assert permit["content"]["funeral"]["at"] == "2026-11-27T10:00:00+00:00"


def test_a_given_permit_is_asked_to_be_changed_and_counts_until_then(double, undertaker):
    death, permit = given(double)
    here = at(death, "verlof")
    undertaker.goes_to(here).fills_in(here, **FUNERAL | {"at_day": "26"})
    assert undertaker.page.status_code == 422 and "Schrijf waarom het verlof anders moet worden" in undertaker.text
    undertaker.fills_in(here, why="De kerk is bezet")
    (told,) = double.called("act")
    assert (told["command"], told["record_id"]) == ("request-amendment", permit["record_id"])
    assert "De kerk is bezet" in undertaker.text and "Download het verlof (PDF)" in undertaker.text
    assert undertaker.goes_to(here).path == case(death)


def test_a_change_that_was_declined_says_why(double, undertaker):
    death, permit = given(double)
    permit["decisions"] = {"amendment_declined_because": "Die dag is het crematorium dicht"}
    undertaker.goes_to(case(death))
    assert "Wij hebben het verlof niet gewijzigd" in undertaker.text and "crematorium dicht" in undertaker.text


def test_a_refused_permit_says_why_and_is_asked_for_again(double, undertaker):
    death, permit = declared(double, permit="refused")
    double.happened(permit, "refuse", "requested", by="officer", note="Er ontbreekt een stuk")
    undertaker.goes_to(case(death))
    assert "Er ontbreekt een stuk" in undertaker.text and "Vraag het verlof opnieuw" in undertaker.text
    here = at(death, "verlof")
    undertaker.goes_to(here).fills_in(here)
    assert double.called("act")[-1]["command"] == "request-permit"
    assert [child["status"] for child in death["children"]] == ["refused", "requested"]


def test_a_plan_that_the_registry_refuses_is_told_at_its_day(double, undertaker):
    death, _permit = declared(double)
    double.refuse["act:plan"] = "funeral-too-late"
    undertaker.goes_to(at(death, "verlof")).fills_in(at(death, "verlof"))
    assert undertaker.page.status_code == 422 and 'href="#at-day"' in undertaker.source


def test_what_the_mayor_and_the_prosecutor_decided_is_shown(double, undertaker):
    death, permit = declared(double)
    term = {"plan": "later", "not_before_at": None, "last_on": "2026-12-04", "reason": "De zoon komt uit Australië"}
    permit["decisions"] = {"term": term, "forbidden": ["cremation"]}
    undertaker.goes_to(case(death))
    assert "De burgemeester gaf een andere termijn" in undertaker.text
    assert "Uiterlijk vrijdag 4 december 2026" in undertaker.text and "De zoon komt uit Australië" in undertaker.text
    assert "De officier van justitie staat deze uitvaart nu niet toe" in undertaker.text


def test_where_no_permit_is_needed_none_is_waited_for(double, undertaker):
    death = ready(double)
    death["status"] = "in-review"
    assert "Voor dit kind is geen verlof nodig" in undertaker.goes_to(case(death)).text


def test_a_paper_that_comes_later_is_added_under_its_name(double, undertaker):
    death, _permit = declared(double)
    here = at(death, "stuk")
    undertaker.goes_to(case(death)).fills_in(here, file=paper())
    assert undertaker.page.status_code == 422 and "Kies welk stuk het is" in undertaker.text
    undertaker.fills_in(here, kind="no-objection", file=paper("vgb.pdf"))
    assert death["evidence"][-1]["kind"] == "no-objection"
    assert "Wij hebben het document ontvangen" in undertaker.text


def test_a_question_is_answered_with_words_changes_and_papers(double, undertaker):
    death, _permit = declared(double, "info-requested")
    death["question"] = QUESTION
    undertaker.goes_to(f"{case(death)}/antwoord")
    assert "Hoe schrijft u de voornaam?" in undertaker.text and at(death, "controle") in undertaker.source
    undertaker.goes_to(at(death, "overledene")).fills_in(at(death, "overledene"), first_names="Hendrikus")
    assert undertaker.path == at(death, "controle") and "Ga verder naar uw antwoord" in undertaker.text
    undertaker.goes_to(f"{case(death)}/antwoord").fills_in(f"{case(death)}/antwoord", note="Hendrikus, met us")
    assert double.called("act")[-1]["command"] == "supply-info" and death["status"] == "in-review"


def test_a_declaration_is_withdrawn_after_a_second_thought(double, undertaker):
    death, _permit = declared(double)
    here = f"{case(death)}/intrekken"
    undertaker.goes_to(here).fills_in(here)
    assert death["status"] == "withdrawn" and "Het is ingetrokken." in undertaker.text
