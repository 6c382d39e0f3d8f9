"""Declaring a birth: first whether it can be done online, then the child, the parents, contact and papers."""

import io

import pytest

from tests.filing_samples import pdf
from tests.pages_double import StillClock
from tests.registry_double import SANNE, SEALER, THOMAS, Declarant, RegistryDouble, actor, logs_in, make_registry_app

MOTHER, FATHER = actor("resident", SANNE), actor("resident", THOMAS)
FIRST = "/geboorte-aangeven/eerst"
ANSWERS = {
    "here": "yes", "alive": "yes", "born_day": "22", "born_month": "11", "born_year": "2026", "professional": "yes",
    "declarant": "mother", "other": "partner", "acknowledgement": "not-needed", "first_child": "yes",
    "name_choice": "none", "foreign": "no",
}  # fmt: skip
CHILD = {"first_names": "Emma Johanna", "sex": "female", "born_time": "3.07", "place": "0"}


def partner(bsn, first_names, surname):
    """A relative in the BRP."""
    unknown = {"year": None, "month": None, "day": None}
    name = {"first_names": first_names, "prefix": "", "surname": surname}
    told = {"bsn": SEALER.seal(bsn), "name": name, "born": unknown, "born_place": "", "bond": "marriage"}
    return told | {"since_on": unknown, "ended_on": None}


@pytest.fixture
def double():
    made = RegistryDouble(StillClock())
    made.knows(SANNE, "Sanne Maria", "Vries", "de", partners=[partner(THOMAS, "Thomas", "Jansen")])
    made.knows(THOMAS, "Thomas", "Jansen")
    return made


@pytest.fixture
def app(double, tmp_path):
    made = make_registry_app(double, double.clock, folder=tmp_path)
    logs_in(made, MOTHER)
    return made


@pytest.fixture
def mother(app):
    return Declarant(app)


def answers(parent, **changes):
    parent.goes_to(FIRST)
    return parent.fills_in(FIRST, **ANSWERS | changes)


def begun(double, parent, **changes):
    """Begin a declaration; return it."""
    answers(parent, **changes)
    return next(iter(double.records.values()))


def at(record, page=""):
    return f"/geboorte-aangeven/{record['record_id']}/{page}"


def with_child(double, parent, **changes):
    record = begun(double, parent)
    parent.fills_in(at(record, "kind"), **CHILD | changes)
    return record


def complete(double, parent):
    record = with_child(double, parent)
    parent.fills_in(at(record, "ouders"))
    parent.fills_in(at(record, "contact"), email="sanne@voorbeeld.nl")
    return record


# --- what it is about


@pytest.mark.parametrize(
    ("path", "words", "begin"),
    [
        ("/geboorte-aangeven", "Binnen drie dagen", FIRST),
        ("/en/declare-birth", "Within three days", "/en/declare-birth/first"),
    ],
)
def test_everybody_can_read_how_a_birth_is_declared_without_logging_in(app, mother, path, words, begin):
    logs_in(app, None)
    mother.goes_to(path)
    assert mother.page.status_code == 200 and words in mother.text
    assert f'href="{begin}"' in mother.source


def test_the_start_page_and_my_cases_lead_to_declaring(mother):
    for path in ("/", "/mijn-zaken"):
        assert 'href="/geboorte-aangeven"' in mother.goes_to(path).source, path


# --- the first questions


def test_who_may_declare_online_begins_a_declaration_with_his_partner_as_the_other_parent(double, mother):
    record = begun(double, mother)
    assert mother.path == at(record, "kind")
    content = record["content"]
    assert content["mother"] == {"bsn": SEALER.seal(SANNE)} and content["other_parent"] == {"bsn": SEALER.seal(THOMAS)}
    assert content["answers"]["born_on"] == "2026-11-22" and content["answers"]["name_choice"] == "none"


def test_a_father_names_the_mother_by_her_number_which_leaves_the_page_sealed(double, app, mother):
    logs_in(app, FATHER)
    record = begun(double, mother, declarant="father", other="other", other_bsn=SANNE)
    assert record["content"]["mother"] == {"bsn": SEALER.seal(SANNE)}
    assert record["content"]["other_parent"] == {"bsn": SEALER.seal(THOMAS)}
    assert SANNE not in str(double.calls)


def test_a_mother_alone_skips_what_is_about_the_other_parent(double, mother):
    skipped = {"acknowledgement": None, "first_child": None, "name_choice": None}
    record = begun(double, mother, other="nobody", **skipped)
    assert record["content"]["other_parent"] is None
    assert record["content"]["answers"]["acknowledgement"] == "not-needed"


def test_each_question_without_answer_is_told_and_what_was_answered_stays(double, mother):
    answers(mother, alive=None, other=None, name_choice=None, born_year="26")
    assert mother.page.status_code == 422 and not double.records
    for why in ("Kies of het kind leeft", "Kies wie de andere ouder is", "het jaar in met vier cijfers"):
        assert why in mother.text, why
    assert mother.standing_in(FIRST)["professional"] == "yes" and mother.standing_in(FIRST)["born-day"] == "22"
    assert 'href="#other-partner"' in mother.source and 'href="#born-year"' in mother.source


def test_a_day_of_birth_that_lies_ahead_is_no_day_of_birth(double, mother):
    answers(mother, born_day="24")
    assert "deze dag is te laat" in mother.text and not double.records


def test_a_parents_own_number_is_not_that_of_the_other_parent(double, mother):
    answers(mother, other="other", other_bsn=SANNE)
    assert "Dit is uw eigen nummer" in mother.text and not double.records


@pytest.mark.parametrize("code", ["bsn-invalid", "bsn-test-range"])
def test_a_number_that_the_registry_refuses_is_told_at_its_field(double, mother, code):
    double.refuse["check_birth"] = code
    answers(mother, other="other", other_bsn=THOMAS)
    assert mother.page.status_code == 422 and 'id="other-bsn-error"' in mother.source


def obstacle(text, *, blocks=True, redirects=True, **facts):
    return {"code": "birth-not-online", "text": text, "redirects": redirects, "blocks": blocks, "facts": facts}


def test_what_cannot_be_done_online_leads_to_the_counter_with_the_reason_and_the_last_day(double, mother):
    double.obstacles = [obstacle("birth-name-choice"), obstacle("birth-two-addresses")]
    answers(mother, name_choice="wanted")
    assert not double.records
    assert "U geeft deze geboorte aan de balie aan" in mother.text
    assert "niet op hetzelfde adres" in mother.text and "kom samen" in mother.text
    assert "uiterlijk vrijdag 27 november 2026" in mother.text
    assert 'href="/afspraak/product?product=birth-declaration"' in mother.source


def test_who_is_late_for_the_counter_is_told_to_come_soon(double, mother):
    double.obstacles = [obstacle("birth-two-addresses")]
    answers(mother, born_day="1")
    assert "Kom zo snel u kunt" in mother.text and "Kom uiterlijk" not in mother.text


def test_whoever_made_a_mistake_changes_his_answers_without_typing_them_again(double, mother):
    double.obstacles = [obstacle("birth-without-professional")]
    answers(mother, professional="no")
    mother.fills_in(FIRST)
    assert mother.page.status_code == 200 and not double.records
    kept = mother.standing_in(FIRST)
    assert (kept["professional"], kept["name-choice"], kept["born-day"]) == ("no", "none", "22")


def test_a_child_born_elsewhere_is_declared_there_and_our_counter_is_not_offered(double, mother):
    answers(mother, here="no", alive="yes")
    assert "de gemeente waar het kind is geboren" in mother.text
    assert "/afspraak/product?product" not in mother.source and not double.records


def test_parents_whose_child_does_not_live_are_asked_nothing_more(double, mother):
    nothing = dict.fromkeys(ANSWERS)
    mother.goes_to(FIRST).fills_in(FIRST, **nothing | {"here": "yes", "alive": "no"})
    assert mother.page.status_code == 200 and "Wij helpen u persoonlijk" in mother.text
    assert 'href="tel:14053"' in mother.source and "Controleer" not in mother.text
    assert not [call for call in double.calls if call[0] == "check_birth"]


def test_a_late_birth_can_still_be_declared(double, mother):
    double.obstacles = [obstacle("birth-late", blocks=False, redirects=False, last_on="2026-11-20")]
    record = begun(double, mother)
    assert mother.path == at(record, "kind")


def test_when_the_brp_is_away_the_partner_is_asked_for_by_number(double, mother):
    del double.persons[SEALER.seal(SANNE)]
    mother.goes_to(FIRST)
    assert 'id="other-partner"' not in mother.source and 'id="other-other"' in mother.source


def test_two_presses_begin_one_declaration(double, mother):
    mother.goes_to(FIRST)
    form = mother.standing_in(FIRST) | {name.replace("_", "-"): value for name, value in ANSWERS.items()}
    for _ in range(2):
        mother.client.post(FIRST, data=form, base_url="http://localhost")
    assert len(double.records) == 1


def test_first_answers_are_changed_later_and_the_number_stays_unless_another_is_typed(double, mother):
    record = begun(double, mother, other="other", other_bsn="999980026")
    mother.goes_to(at(record, "eerst"))
    assert "een nummer dat eindigt op 026" in mother.text and "999980026" not in mother.source
    mother.fills_in(at(record, "eerst"), first_child="no")
    assert record["content"]["answers"]["first_child"] is False
    assert record["content"]["other_parent"] == {"bsn": SEALER.seal("999980026")}
    assert mother.path == at(record, "kind")


def test_another_day_in_the_first_answers_is_the_childs_day_too(double, mother):
    record = complete(double, mother)
    mother.goes_to(at(record, "eerst")).fills_in(at(record, "eerst"), born_day="21")
    assert record["content"]["child"]["born_on"] == record["content"]["answers"]["born_on"] == "2026-11-21"
    assert mother.path == at(record, "controle")


def test_a_choice_of_surname_that_is_taken_back_takes_its_deed_along(double, mother):
    record = complete(double, mother)
    mother.goes_to(at(record, "eerst")).fills_in(at(record, "eerst"), name_choice="deed")
    assert mother.path == at(record, "ouders")
    mother.fills_in(at(record, "ouders"), choice="other-parent", deed="2026-0123")
    assert record["content"]["surname"]["name_choice_deed"] == "2026-0123"
    mother.goes_to(at(record, "eerst")).fills_in(at(record, "eerst"), name_choice="none")
    assert record["content"]["surname"] == {"choice": "other-parent"}


# --- the child


def test_the_child_is_kept_with_all_first_names_in_order(double, mother):
    record = with_child(double, mother)
    assert record["content"]["child"] == {
        "first_names": "Emma Johanna", "sex": "female", "born_on": "2026-11-22", "born_time": "03:07",
        "municipality": "0153", "place": "Medisch Spectrum Twente, Koningstraat 1",
    }  # fmt: skip
    assert mother.path == at(record, "ouders")


def test_the_field_asks_for_official_names_and_says_that_a_call_name_is_none(double, mother):
    begun(double, mother)
    assert "Alle officiële voornamen, in volgorde" in mother.text and "Dus geen roepnaam" in mother.text


def test_another_place_is_typed_and_shown_again(double, mother):
    record = with_child(double, mother, place="elsewhere", address="Proefstraat 1")
    assert record["content"]["child"]["place"] == "Proefstraat 1"
    mother.goes_to(at(record, "kind"))
    shown = mother.standing_in(at(record, "kind"))
    assert (shown["place"], shown["address"], shown["born-time"]) == ("elsewhere", "Proefstraat 1", "03:07")


def test_what_is_missing_of_the_child_is_told_and_nothing_is_kept(double, mother):
    record = begun(double, mother)
    mother.fills_in(at(record, "kind"), first_names="Emma", place="elsewhere", born_time="half vier")
    assert mother.page.status_code == 422 and "child" not in record["content"]
    for why in ("Kies of het een meisje of een jongen is", "Vul straat en nummer in", "Geboortetijd: vul"):
        assert why in mother.text, why
    assert mother.standing_in(at(record, "kind"))["first-names"] == "Emma"


def test_the_last_day_is_named_or_that_it_has_passed(double, mother):
    record = begun(double, mother)
    record["terms"] = {"declare_by": "2026-11-25"}
    assert "tot en met woensdag 25 november 2026" in mother.goes_to(at(record, "kind")).text
    record["terms"] = {"declare_by": "2026-11-20"}
    assert "officier van justitie" in mother.goes_to(at(record, "kind")).text


def test_first_names_that_cannot_be_written_lead_back_to_their_field(double, mother):
    record = begun(double, mother)
    double.preview = {"problems": [{"code": "first-names-invalid", "facts": {"problem": "initial"}}]}
    mother.fills_in(at(record, "kind"), **CHILD | {"first_names": "E.J."})
    assert "Schrijf alle voornamen voluit, zonder punten" in mother.text
    assert mother.standing_in(at(record, "kind"))["first-names"] == "E.J."


def test_whoever_was_slower_than_his_other_window_loses_nothing(double, mother):
    record = begun(double, mother)
    record["version"] += 1
    mother.fills_in(at(record, "kind"), **CHILD)
    assert "Er is intussen iets veranderd" in mother.text and "child" not in record["content"]
    mother.fills_in(at(record, "kind"))
    assert record["content"]["child"]["first_names"] == "Emma Johanna"


# --- the parents and the surname


def test_both_parents_are_shown_and_the_surname_that_the_law_gives_is_chosen(double, mother):
    record = with_child(double, mother)
    assert "Sanne Maria de Vries" in mother.text and "Thomas Jansen" in mother.text
    assert (
        "de wet bepaalt de achternaam" in mother.text and "moeten beide ouders dat zelf komen bevestigen" in mother.text
    )
    mother.fills_in(at(record, "ouders"))
    assert record["content"]["surname"] == {"choice": "other-parent"}
    assert mother.path == at(record, "contact")


def test_of_a_parent_whom_one_may_not_see_no_name_is_shown(double, mother):
    double.preview = {"parents": {"mother": None, "other_parent": None}, "hidden": ["other_parent"]}
    with_child(double, mother)
    assert "Vanwege de privacy" in mother.text and "Thomas" not in mother.text


def test_without_the_brp_one_goes_on_and_chooses_by_whose_name_it_is(double, mother):
    nothing = [{"choice": choice, "surname": None, "refusal": None} for choice in ("mother", "other-parent")]
    double.preview = {"brp": False, "parents": {"mother": None, "other_parent": None}, "surnames": nothing}
    record = with_child(double, mother)
    assert "Basisregistratie Personen (BRP) nu niet bereiken" in mother.text
    mother.fills_in(at(record, "ouders"))
    assert "Kies de achternaam van het kind" in mother.text
    mother.fills_in(at(record, "ouders"), choice="mother")
    assert record["content"]["surname"] == {"choice": "mother"}


def test_the_number_of_a_deed_of_name_choice_is_asked_when_there_is_one(double, mother):
    record = begun(double, mother, name_choice="deed")
    mother.fills_in(at(record, "kind"), **CHILD)
    mother.fills_in(at(record, "ouders"), choice="other-parent")
    assert "Vul het nummer van de akte in" in mother.text
    mother.fills_in(at(record, "ouders"), deed="2026-0123")
    assert record["content"]["surname"] == {"choice": "other-parent", "name_choice_deed": "2026-0123"}


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        ("birth-acknowledgement-needed", "moet nog worden erkend"),
        ("birth-other-parent-by-law", "Volgens de wet is dat"),
    ],
)
def test_when_the_law_leaves_no_surname_the_parents_are_led_to_the_counter(double, mother, refusal, words):
    double.preview = {"surnames": [{"choice": "mother", "surname": None, "refusal": refusal}]}
    record = with_child(double, mother)
    assert words in mother.text
    mother.fills_in(at(record, "balie"))
    assert record["status"] == "redirected"
    assert mother.path.startswith("/afspraak/product")
    mother.goes_to(f"/mijn-zaken/{record['record_id']}")
    assert 'href="/afspraak/product?product=birth-declaration"' in mother.source


def test_a_draft_that_the_registry_would_take_online_leads_to_the_appointment_all_the_same(double, mother):
    double.preview = {"obstacles": [obstacle("birth-two-addresses")]}
    record = with_child(double, mother)
    double.refuse["act:redirect"] = "can-be-declared-online"
    mother.fills_in(at(record, "balie"))
    assert mother.path.startswith("/afspraak/product") and record["status"] == "draft"


# --- contact and papers


def test_contact_and_papers_are_kept(double, mother):
    record = with_child(double, mother)
    mother.fills_in(at(record, "ouders"))
    statement = {"birth-statement": (io.BytesIO(pdf()), "verklaring.pdf")}
    mother.fills_in(at(record, "contact"), email="sanne@voorbeeld.nl", phone="06 12345678", **statement)
    assert record["content"]["contact"] == {"email": "sanne@voorbeeld.nl", "phone": "+31612345678", "language": "nl"}
    assert [file["kind"] for file in record["evidence"]] == ["birth-statement"]
    assert mother.path == at(record, "controle") and "verklaring.pdf" in mother.text


def test_a_wrong_address_or_file_is_told_and_the_good_file_stays(double, mother):
    record = with_child(double, mother)
    mother.fills_in(at(record, "ouders"))
    statement = {"birth-statement": (io.BytesIO(pdf()), "verklaring.pdf")}
    mother.fills_in(at(record, "contact"), email="sanne@", **statement)
    assert mother.page.status_code == 422 and "geldig e-mailadres" in mother.text
    assert "verklaring.pdf" in mother.text and "contact" not in record["content"]


def test_papers_are_asked_by_the_answers(double, mother):
    record = begun(double, mother, acknowledgement="done", name_choice="deed")
    mother.fills_in(at(record, "kind"), **CHILD)
    mother.fills_in(at(record, "ouders"), choice="other-parent", deed="2026-0123")
    assert (
        "Akte van erkenning (niet verplicht)" in mother.text and "Akte van naamskeuze (niet verplicht)" in mother.text
    )


@pytest.mark.parametrize(("page", "first"), [("ouders", "kind"), ("contact", "ouders"), ("controle", "kind")])
def test_a_page_that_comes_too_early_leads_to_what_is_missing(double, mother, page, first):
    record = begun(double, mother)
    mother.goes_to(at(record, page))
    assert mother.path == at(record, "kind")


@pytest.mark.parametrize("page", ["eerst", "kind", "ouders", "contact", "controle"])
def test_of_what_was_sent_nothing_is_changed_any_more(double, mother, page):
    record = complete(double, mother)
    record["status"] = "submitted"
    mother.goes_to(at(record, page))
    assert mother.path == f"/mijn-zaken/{record['record_id']}"


def test_a_declaration_of_somebody_else_is_unknown(double, app, mother):
    record = begun(double, mother)
    logs_in(app, FATHER)
    for page in ("eerst", "kind", "ouders", "contact", "controle", "verstuurd"):
        mother.goes_to(at(record, page))
        assert mother.page.status_code == 404, page


def test_all_pages_are_there_in_english_too(double, mother):
    record = complete(double, mother)
    for page, title in (("first", "declare this birth online"), ("child", "Your child"), ("parents", "The parents"),
                        ("contact", "How do we reach you"), ("check", "Check how it will stand")):  # fmt: skip
        mother.goes_to(f"/en/declare-birth/{record['record_id']}/{page}")
        assert title in mother.title, page


def test_no_address_of_a_page_holds_anything_of_a_person(double, mother):
    complete(double, mother)
    assert SANNE not in mother.path and "Emma" not in mother.path and "sanne" not in mother.path
