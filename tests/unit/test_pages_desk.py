"""The staff desk: queues, review side by side, and every command as a form, in the hands of each role."""

import io
import re

import pytest

from gateway.pages.desk import labels, words
from gateway.pages.desk.particulars import fields_of
from services.civil_registry.domain.machines import MACHINES
from services.civil_registry.domain.queues import QUEUES
from services.civil_registry.domain.record import Flag, Kind, Status
from tests.filing_samples import pdf
from tests.pages_double import StillClock
from tests.registry_double import SANNE, SEALER, THOMAS, Declarant, RegistryDouble, actor, logs_in, make_registry_app

FILE = pdf()
MOTHER = actor("resident", SANNE)
UNDERTAKER = actor("undertaker", "99000011")
STAFF = {
    "clerk": actor("staff", "medewerker-1", "clerk"),
    "officer": actor("staff", "abs-1", "officer"),
    "special-officer": actor("staff", "babs-1", "special-officer"),
    "mayor-delegate": actor("staff", "gemachtigde-1", "mayor-delegate"),
    "manager": actor("staff", "manager-1", "manager"),
}
CONTENT = {
    "declarant": "mother",
    "child": {"first_names": "Emma Johanna", "sex": "female", "born_on": "2026-11-22", "born_time": "03:07",
              "municipality": "0153", "place": "Medisch Spectrum Twente"},
    "mother": {"bsn": SEALER.seal(SANNE)},
    "other_parent": {"bsn": SEALER.seal(THOMAS)},
    "surname": {"choice": "other-parent"},
    "confirmed": True,
}  # fmt: skip


@pytest.fixture
def double():
    return RegistryDouble(StillClock())


@pytest.fixture
def app(double, tmp_path):
    return make_registry_app(double, double.clock, folder=tmp_path)


@pytest.fixture
def clerk(app):
    logs_in(app, STAFF["clerk"], name="Karin Kok")
    return Declarant(app)


@pytest.fixture
def officer(app):
    logs_in(app, STAFF["officer"], name="Anouk de Boer")
    return Declarant(app)


def in_review(double, by="medewerker-1", kind="birth", owner=MOTHER, **changes):
    return double.has(kind, owner, "in-review", assignee=by, label="Emma", content=CONTENT, **changes)


def particulars(double):
    return next(request["particulars"] for method, request, _ in reversed(double.calls) if method == "act")


def at(record):
    return f"/werk/zaken/{record['record_id']}"


def acts(record, command):
    return f"{at(record)}/opdracht/{command}"


# --- queues


def test_the_desk_shows_the_queues_with_counts_and_what_waits_in_the_first(double, clerk):
    double.has("birth", MOTHER, "submitted", label="Emma", due_on="2026-11-20")
    double.has("birth", MOTHER, "submitted", label="Noor", due_on="2026-11-30")
    double.has("birth", MOTHER, "approved", label="Tijn")
    clerk.goes_to("/werk")
    assert "Te beoordelen 2" in clerk.text and "Akte op te maken 1" in clerk.text
    assert clerk.text.index("Emma") < clerk.text.index("Noor") and "Tijn" not in clerk.text
    assert clerk.text.count("Te laat") == 1


def test_one_press_takes_a_record_from_the_queue_and_opens_it(double, clerk):
    record = double.has("birth", MOTHER, "submitted", label="Emma")
    clerk.goes_to("/werk/rij/to-review").fills_in(acts(record, "assign"))
    assert clerk.path.startswith(at(record)) and "In behandeling genomen." in clerk.text
    assert record["assignee"] == "medewerker-1"
    clerk.fills_in(acts(record, "release"), release_reason="Ik ga naar huis")
    assert record["assignee"] is None and record["status"] == "submitted"


def test_what_waits_for_nobody_is_not_late(double, clerk):
    record = double.has("birth", MOTHER, "registered", label="Emma", due_on="2026-11-20")
    clerk.goes_to(at(record))
    assert "In het register" in clerk.text and "Te laat" not in clerk.text


def test_an_address_puts_no_words_on_a_page(double, clerk):
    record = double.has("birth", MOTHER, "submitted")
    clerk.goes_to(f"{at(record)}?melding=Bel-nu-0900")
    assert "0900" not in clerk.text


def test_a_long_queue_has_pages(double, clerk):
    for number in range(51):
        double.has("birth", MOTHER, "submitted", label=f"Kind{number}.")
    clerk.goes_to("/werk/rij/to-review")
    assert "Kind49." in clerk.text and "Kind50." not in clerk.text
    clerk.goes_to("/werk/rij/to-review?pagina=2")
    assert "Kind50." in clerk.text and 'rel="prev"' in clerk.source and 'rel="next"' not in clerk.source


def test_a_queue_that_is_none_is_not_found(clerk):
    assert clerk.goes_to("/werk/rij/everything").page.status_code == 404


def test_a_number_finds_a_record_and_a_person_stands_in_no_address(double, clerk):
    record = in_review(double)
    clerk.goes_to("/werk").fills_in("/werk/zoeken", number=record["receipt"])
    assert clerk.path == at(record)
    in_review(double)
    clerk.goes_to("/werk").fills_in("/werk/zoeken", number=SANNE)
    assert clerk.path == "/werk/zoeken" and clerk.text.count("Emma") == 2
    assert SANNE not in str(double.calls)


@pytest.mark.parametrize(("typed", "says"), [("", "Vul een nummer in"), ("999980003", "burgerservicenummer")])
def test_a_number_that_cannot_be_is_explained(clerk, typed, says):
    clerk.goes_to("/werk").fills_in("/werk/zoeken", number=typed)
    assert clerk.page.status_code == 422 and says in clerk.text


def test_a_number_of_nothing_says_so(clerk):
    clerk.goes_to("/werk").fills_in("/werk/zoeken", number="G-2026-AAAAAA")
    assert "Geen aangifte heeft dit nummer." in clerk.text


# --- review


def test_what_was_declared_stands_beside_the_brp_with_what_differs_and_what_was_found(double, clerk):
    double.knows(SANNE, "Sanne", "Jansen", "van")
    double.knows(THOMAS, "Thomas", "Bakker")
    persons = {"mother": double.persons[SEALER.seal(SANNE)], "other_parent": None}
    brp = {"state": "done", "checked_at": "2026-11-23T09:00:00+00:00", "persons": persons, "findings": [
        {"code": "person-unknown", "role": "other_parent", "facts": {}, "blocks": True},
        {"code": "surname-follows-first-child", "role": "surname", "facts": {"surname": "Jansen"}, "blocks": False},
    ]}  # fmt: skip
    record = in_review(double, brp=brp, terms={"declare_by": "2026-11-25"})
    clerk.goes_to(at(record))
    assert "van Jansen" in clerk.text and SANNE in clerk.text and "staat niet in de BRP" in clerk.text
    assert "De BRP kent dit nummer niet" in clerk.text and "Staat in de weg" in clerk.text
    assert "25 november 2026" in clerk.text


def test_a_declared_name_that_the_brp_writes_otherwise_is_marked(double, officer):
    double.knows(SANNE, "Sanne", "Jansen")
    content = {"deceased": {"bsn": SEALER.seal(SANNE), "first_names": "Susanne", "surname": "jansen", "sex": "female"}}
    brp = {"state": "done", "checked_at": "2026-11-23T09:00:00+00:00", "findings": [],
           "persons": {"deceased": double.persons[SEALER.seal(SANNE)]}}  # fmt: skip
    record = double.has("death", UNDERTAKER, "in-review", content=content, brp=brp)
    officer.goes_to(at(record))
    assert officer.source.count('class="differs"') == 1 and "wijkt af" in officer.text


def test_history_is_told_in_words_with_who_did_it(double, clerk):
    record = in_review(double)
    double.happened(record, "assign", "submitted", by="clerk")
    record["history"][-1] |= {"staff_id": "medewerker-1", "note": "haast"}
    clerk.goes_to(at(record))
    assert "In behandeling genomen (u)" in clerk.text and "haast" in clerk.text


def test_evidence_and_papers_can_be_opened_and_added(double, app, clerk):
    record = in_review(double)
    clerk.goes_to(at(record))
    form = f"{at(record)}/stuk"
    sent = clerk.standing_in(form) | {"document-kind": "birth-statement", "document": (io.BytesIO(FILE), "brief.pdf")}
    clerk.page = clerk.client.post(form, data=sent, follow_redirects=True, base_url="http://localhost")
    assert "brief.pdf" in clerk.text and "Stuk toegevoegd." in clerk.text
    piece = record["evidence"][0]
    double.answers_of["evidence_file"] = {
        "file_id": piece["file_id"], "file_name": "brief.pdf", "media_type": "application/pdf",
    }  # fmt: skip
    clerk.goes_to(f"{at(record)}/stuk/{piece['evidence_id']}")
    assert clerk.page.get_data() == FILE and clerk.page.headers["Cache-Control"] == "no-store, private"


def test_a_document_needs_a_kind_and_a_file(double, clerk):
    record = in_review(double)
    clerk.goes_to(at(record)).fills_in(f"{at(record)}/stuk")
    assert clerk.page.status_code == 422 and "Kies welk stuk het is" in clerk.text


# --- commands


def test_a_question_goes_to_the_declarant_with_its_lines_and_its_day(double, clerk):
    record = in_review(double)
    fields = {"reason": "Het tijdstip klopt niet.", "items": "Hoe laat?\n\nWaar?", "answer-by-day": "25",
              "answer-by-month": "11", "answer-by-year": "2026"}  # fmt: skip
    clerk.goes_to(at(record)).fills_in(
        acts(record, "request-info"), **{f"request-info-{name}": value for name, value in fields.items()}
    )
    assert record["status"] == "info-requested" and "Informatie gevraagd." in clerk.text
    assert particulars(double) == {
        "reason": "Het tijdstip klopt niet.", "items": ["Hoe laat?", "Waar?"], "answer_by": "2026-11-25",
    }  # fmt: skip


def test_what_is_missing_is_said_at_the_form_and_the_rest_stays(double, clerk):
    record = in_review(double)
    clerk.goes_to(at(record)).fills_in(acts(record, "request-info"), request_info_reason="Omdat")
    assert clerk.page.status_code == 422 and record["status"] == "in-review"
    assert ">Omdat</textarea>" in clerk.source and "Antwoord uiterlijk op: vul dag, maand en jaar in" in clerk.text
    assert re.search(r'<details class="do" id="request-info" open>', clerk.source)


def test_who_was_slower_loses_nothing_and_can_press_again(double, clerk):
    record = in_review(double)
    clerk.goes_to(at(record))
    record["version"] += 1
    clerk.fills_in(acts(record, "take-over"), take_over_reason="Collega is ziek")
    assert clerk.page.status_code == 409 and "intussen" in clerk.text and "Collega is ziek" in clerk.source
    clerk.fills_in(acts(record, "take-over"))
    assert record["version"] == 3 and "Overgenomen." in clerk.text


def test_what_was_typed_for_a_command_that_is_over_is_shown(double, clerk):
    record = in_review(double)
    clerk.goes_to(at(record))
    record |= {"status": "withdrawn", "version": 2}
    clerk.fills_in(acts(record, "request-info"), request_info_reason="Mijn lange vraag", request_info_items="Een",
                   request_info_answer_by_day="25", request_info_answer_by_month="11",
                   request_info_answer_by_year="2026")  # fmt: skip
    assert clerk.page.status_code == 409 and "Mijn lange vraag" in clerk.text


def test_a_refusal_is_told_in_words_with_what_stands_in_the_way(double, clerk):
    record = in_review(double)
    double.refuse["act:approve"] = "findings-open"
    double.refuse_facts = {"codes": ["potential-duplicate"]}
    clerk.goes_to(at(record)).fills_in(acts(record, "approve"), approve_compared="yes")
    assert clerk.page.status_code == 409 and "Het lijkt op een andere aangifte" in clerk.text


@pytest.mark.parametrize(
    ("code", "says"),
    [("officer-is-party", "over uzelf"), ("same-officer", "tweede persoon"), ("officer-not-competent", "ambtenaar")],
)
def test_four_eyes_and_own_deeds_are_refused_in_words(double, officer, code, says):
    record = double.has("death", UNDERTAKER, "in-review", assignee="abs-1")
    double.refuse["act:second-look"] = code
    officer.goes_to(at(record)).fills_in(acts(record, "second-look"), second_look_agrees="yes")
    assert officer.page.status_code in (403, 409) and says in officer.text.lower()


def test_a_duplicate_is_named_by_its_number(double, officer):
    first, second = in_review(double, by="abs-1"), in_review(double, by="abs-1")
    officer.goes_to(at(second)).fills_in(acts(second, "mark-duplicate"), mark_duplicate_of_record="G-2026-XXXXXX")
    assert "Er is geen aangifte met dit nummer" in officer.text
    officer.fills_in(acts(second, "mark-duplicate"), mark_duplicate_of_record=first["receipt"])
    assert second["status"] == "closed-as-duplicate"


def test_a_ceremony_is_recorded_with_the_witnesses_that_were_there(double, officer):
    witnesses = [{"first_names": name, "surname": "de Groot", "born_on": "1980-01-01", "address": "Weg 1"}
                 for name in ("Piet", "Klaas", "Jan")]  # fmt: skip
    record = double.has("marriage", MOTHER, "ready", content={"witnesses": witnesses})
    officer.goes_to(at(record))
    form = officer.standing_in(acts(record, "record-ceremony")) | {
        "record-ceremony-witnesses": ["0", "2"],
        "record-ceremony-held-time": "14:05",
        **{f"record-ceremony-{name}": "yes" for name in ("both-present", "both-identified", "both-said-yes")},
    }
    officer.page = officer.client.post(acts(record, "record-ceremony"), data=form, base_url="http://localhost")
    assert officer.page.status_code == 303
    assert particulars(double)["witnesses"] == [0, 2]


def test_a_planned_funeral_is_shown_and_changed_in_the_time_of_the_town(double, officer):
    funeral = {"kind": "cremation", "at": "2026-11-27T13:00:00+00:00", "place": "Usselo", "plan": "within-term"}
    record = double.has("funeral-permit", UNDERTAKER, "issued", content={"funeral": funeral})
    officer.goes_to(at(record))
    assert officer.standing_in(acts(record, "amend"))["amend-funeral-at-time"] == "14:00"
    officer.fills_in(acts(record, "amend"), amend_funeral_at_time="15.30", amend_reason="Verzoek familie")
    assert particulars(double) == {
        "funeral": funeral | {"at": "2026-11-27T15:30:00+01:00"}, "reason": "Verzoek familie",
    }  # fmt: skip


def test_witnesses_are_changed_row_by_row(double, clerk):
    witness = {"first_names": "Piet", "surname": "de Groot", "born_on": "1980-01-31", "address": "Weg 1"}
    record = double.has("marriage", MOTHER, "scheduled", content={"witnesses": [witness, witness]})
    clerk.goes_to(at(record))
    form = clerk.standing_in(acts(record, "change-witnesses"))
    assert form["change-witnesses-witnesses-1-born-on-day"] == "31"
    clerk.fills_in(acts(record, "change-witnesses"), change_witnesses_witnesses_1_first_names="Klaas")
    assert [one["first_names"] for one in particulars(double)["witnesses"]] == ["Piet", "Klaas"]


def test_the_same_press_twice_is_one_command(double, clerk):
    record = double.has("birth", MOTHER, "submitted")
    clerk.goes_to("/werk/rij/to-review")
    form = clerk.standing_in(acts(record, "assign"))
    for _ in range(2):
        clerk.client.post(acts(record, "assign"), data=form, base_url="http://localhost")
    assert record["version"] == 2


# --- roles


@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize("status", ["submitted", "in-review", "approved", "deed-printed", "registered"])
def test_each_role_is_offered_what_the_table_allows_and_nothing_else(double, app, role, status):
    record = double.has("death", UNDERTAKER, status, assignee=STAFF[role]["subject"])
    logs_in(app, STAFF[role])
    visitor = Declarant(app).goes_to(at(record))
    offered = set(re.findall(r"/opdracht/([a-z-]+)", visitor.source)) | (
        {"draw-deed"} if f'href="{at(record)}/akte"' in visitor.source else set()
    )
    machine = MACHINES[Kind.DEATH]
    allowed = {
        command
        for command in machine.commands
        if any(role in map(str, row.roles) for row in machine.by_step.get((Status(status), command), ()))
    }
    assert offered == allowed - words.NEVER - words.AT_COUNTER


def test_a_clerk_sees_no_button_to_approve_a_death_and_is_refused_when_he_posts_it(double, clerk):
    record = double.has("death", UNDERTAKER, "in-review", assignee="medewerker-1")
    clerk.goes_to(at(record))
    assert acts(record, "approve") not in clerk.source
    tokens = {name: clerk.hidden(name, action=acts(record, "release")) for name in ("csrf_token", "session_token")}
    sent = tokens | {"version": "1", "approve-compared": "yes"}
    clerk.page = clerk.client.post(acts(record, "approve"), data=sent, base_url="http://localhost")
    assert clerk.page.status_code == 403 and record["status"] == "in-review"
    assert "Dit mag alleen iemand anders doen" in clerk.text


@pytest.mark.parametrize("who", [None, MOTHER, UNDERTAKER])
def test_nobody_but_staff_comes_to_the_desk(double, app, who):
    record = in_review(double)
    logs_in(app, who)
    for path in ("/werk", "/werk/rij/to-review", at(record)):
        assert Declarant(app).goes_to(path).page.status_code in (401, 403), path


def test_a_form_without_its_tokens_changes_nothing(double, clerk):
    record = double.has("birth", MOTHER, "submitted")
    sent = clerk.client.post(acts(record, "assign"), data={"version": "1"}, base_url="http://localhost")
    assert sent.status_code == 400 and record["status"] == "submitted"


def test_looking_at_an_address_that_answers_forms_leads_to_the_record(double, clerk):
    record = in_review(double)
    assert clerk.goes_to(acts(record, "approve")).path == at(record)
    assert double.calls[-1][0] == "record"


def test_the_desk_speaks_english_too(double, clerk):
    record = in_review(double)
    clerk.goes_to(f"/en/desk/records/{record['record_id']}")
    assert "What you can do" in clerk.text and "Ask for information" in clerk.text
    assert f'href="{at(record)}"' in clerk.source


def test_everything_that_staff_can_meet_has_words(app):
    assert set(QUEUES) <= set(words.QUEUES)
    assert {str(status) for status in Status} <= set(words.STATUSES)
    assert {str(flag) for flag in Flag} <= set(words.FLAGS)
    assert {command for machine in MACHINES.values() for command in machine.commands} <= set(words.COMMANDS)
    with app.test_request_context("/werk"):
        for command in set(words.COMMANDS) - words.NEVER:
            for field in fields_of(command, {"content": {}}):
                every = [field.path, *(part.path for part in field.rows)]
                assert all(labels.has_label(path) for path in every), (command, every)
                assert all(labels.has_word(value) for value, _ in field.options), (command, field.options)


def test_when_the_registry_is_away_a_command_can_be_sent_again(double, clerk):
    record = in_review(double)
    clerk.goes_to(at(record))
    double.down = True
    clerk.fills_in(acts(record, "take-over"), take_over_reason="Collega is ziek")
    assert clerk.page.status_code == 503
    double.down = False
    clerk.fills_in(acts(record, "take-over"))
    assert "Overgenomen." in clerk.text


def test_a_record_that_is_none_is_not_found(clerk):
    gone = "/werk/zaken/7c0b1d0e-6a3c-4a57-9f0a-4d5f8f1f2a33"
    assert clerk.goes_to(gone).page.status_code == 404
