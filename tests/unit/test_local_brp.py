"""The stand-in of the BRP speaks as the real interface does, and its people fit each other."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
import yaml

from deploy.local.brp import PERSONS, make_app
from deploy.local.brp_answers import PATH, QUERY
from deploy.local.brp_persons import PersonsError, dated, read_persons
from deploy.local.place import ROOT
from services.civil_registry.domain.bsn import read_bsn
from services.civil_registry.outside.brp_documents import FIELDS, read_person

PEOPLE = read_persons(PERSONS)
WRITTEN = {person["bsn"]: person for person in yaml.safe_load(PERSONS.read_text())["persons"]}
SUZANNE, EMIGRATED, SECRET, INVESTIGATED = "999993653", "999993100", "999993872", "999980518"
HEADERS = {"X-API-KEY": "key", "Accept": "application/json"}


@pytest.fixture(scope="module")
def brp():
    return make_app(PEOPLE, "key").test_client()


def ask(brp, **changes):
    query = {"type": QUERY, "burgerservicenummer": [SUZANNE], "fields": ["burgerservicenummer"]} | changes
    return brp.post(PATH, json={name: value for name, value in query.items() if value is not None}, headers=HEADERS)


def person(brp, number, *fields):
    (told,) = ask(brp, burgerservicenummer=[number], fields=list(fields)).json["personen"]
    return told


# --- the interface ----------------------------------------------------------------------------------------------


def test_only_the_fields_that_are_asked_for_come_back(brp):
    assert person(brp, SUZANNE, "burgerservicenummer", "naam.voornamen") == {
        "burgerservicenummer": SUZANNE,
        "naam": {"voornamen": "Suzanne"},
    }
    assert set(person(brp, SUZANNE, "naam", "naam.voornamen")["naam"]) > {"voornamen", "geslachtsnaam", "volledigeNaam"}


@pytest.mark.parametrize("field", ["geboorte.datum", "geboorte.datum.jaar", "geboorte.datum.langFormaat"])
def test_a_date_comes_whole_whichever_part_is_asked_for(brp, field):
    assert person(brp, SUZANNE, field) == {
        "geboorte": {"datum": {"type": "Datum", "datum": "1985-12-01", "langFormaat": "1 december 1985"}}
    }


def test_a_value_of_a_table_comes_with_code_and_words(brp):
    assert person(brp, SUZANNE, "gemeenteVanInschrijving.code") == {
        "gemeenteVanInschrijving": {"code": "0599", "omschrijving": "Rotterdam"}
    }


def test_fields_of_relatives_are_chosen_for_each_and_nobody_is_an_empty_list(brp):
    told = person(brp, SUZANNE, "ouders.naam.voornamen", "kinderen.burgerservicenummer")
    assert told == {
        "ouders": [{"naam": {"voornamen": "Lisette"}}, {"naam": {"voornamen": "Guîllaumé"}}],
        "kinderen": [],
    }


def test_a_kind_always_tells_which_it_is(brp):
    assert person(brp, "999980531", "nationaliteiten.nationaliteit") == {"nationaliteiten": [{"type": "Staatloos"}]}
    assert person(brp, EMIGRATED, "verblijfplaats.verblijfadres.land")["verblijfplaats"]["type"] == (
        "VerblijfplaatsBuitenland"
    )


def test_secrecy_suspension_and_investigation_come_without_being_asked_for(brp):
    assert person(brp, SECRET, "geslacht.code")["geheimhoudingPersoonsgegevens"] is True
    told = person(brp, EMIGRATED, "geslacht.code")["opschortingBijhouding"]
    assert told["reden"] == {"code": "E", "omschrijving": "emigratie"}
    assert told["datum"]["datum"] == "2014-07-02"
    assert person(brp, INVESTIGATED, "burgerservicenummer")["inOnderzoek"] == {
        "burgerservicenummer": True,
        "datumIngangOnderzoekPersoon": {"type": "Datum", "datum": "2026-09-01", "langFormaat": "1 september 2026"},
    }
    assert "inOnderzoek" not in person(brp, INVESTIGATED, "naam.voornamen")
    assert set(person(brp, SUZANNE, "burgerservicenummer")) == {"burgerservicenummer"}


def test_of_several_numbers_those_who_exist_come_back_and_a_number_twice_is_one_person(brp):
    told = ask(brp, burgerservicenummer=[EMIGRATED, "999999990", SUZANNE, SUZANNE]).json
    assert told["type"] == QUERY
    assert [one["burgerservicenummer"] for one in told["personen"]] == [EMIGRATED, SUZANNE]


def test_of_a_stranger_the_answer_is_empty_and_not_missing(brp):
    answer = ask(brp, burgerservicenummer=["111222333"])
    assert (answer.status_code, answer.json) == (200, {"type": QUERY, "personen": []})


def test_a_municipality_narrows_the_search(brp):
    assert len(ask(brp, gemeenteVanInschrijving="0599").json["personen"]) == 1
    assert ask(brp, gemeenteVanInschrijving="0153").json["personen"] == []


@pytest.mark.parametrize(
    ("changes", "name", "code", "reason"),
    [
        ({"type": None}, "type", "required", "Parameter is verplicht."),
        ({"type": "Zoek"}, "type", "value", "Waarde is geen geldig zoek type."),
        ({"fields": None}, "fields", "required", "Parameter is verplicht."),
        ({"fields": []}, "fields", "minItems", "Array bevat minder dan 1 items."),
        ({"fields": "naam,geslacht"}, "fields", "array", "Parameter is geen array."),
        ({"fields": ["naam"] * 131}, "fields", "maxItems", "Array bevat meer dan 130 items."),
        (
            {"fields": ["a*nummer"]},
            "fields[0]",
            "pattern",
            r"Waarde voldoet niet aan patroon ^[a-zA-Z0-9\._]{1,200}$.",
        ),
        ({"fields": ["naam", "anummer"]}, "fields[1]", "fields", "Parameter bevat een niet bestaande veldnaam."),
        ({"fields": ["naam.datum"]}, "fields[0]", "fields", "Parameter bevat een niet bestaande veldnaam."),
        ({"fields": ["geboorte.datum.uur"]}, "fields[0]", "fields", "Parameter bevat een niet bestaande veldnaam."),
        (
            {"fields": ["geheimhoudingPersoonsgegevens"]},
            "fields[0]",
            "fields",
            "Parameter bevat een niet toegestane veldnaam.",
        ),
        (
            {"fields": ["opschortingBijhouding.reden"]},
            "fields[0]",
            "fields",
            "Parameter bevat een niet toegestane veldnaam.",
        ),
        ({"burgerservicenummer": None}, "burgerservicenummer", "required", "Parameter is verplicht."),
        ({"burgerservicenummer": []}, "burgerservicenummer", "minItems", "Array bevat minder dan 1 items."),
        ({"burgerservicenummer": SUZANNE}, "burgerservicenummer", "array", "Parameter is geen array."),
        ({"burgerservicenummer": [SUZANNE] * 21}, "burgerservicenummer", "maxItems", "Array bevat meer dan 20 items."),
        (
            {"burgerservicenummer": [SUZANNE, "12345678"]},
            "burgerservicenummer[1]",
            "pattern",
            "Waarde voldoet niet aan patroon ^[0-9]{9}$.",
        ),
        (
            {"gemeenteVanInschrijving": "12345"},
            "gemeenteVanInschrijving",
            "pattern",
            "Waarde voldoet niet aan patroon ^[0-9]{4}$.",
        ),
        ({"voornamen": "Pietje"}, "voornamen", "unknownParam", "Parameter is niet verwacht."),
    ],
)
def test_a_wrong_question_is_refused_as_the_register_does(brp, changes, name, code, reason):
    answer = ask(brp, **changes)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert answer.json == {
        "type": "https://datatracker.ietf.org/doc/html/rfc7231#section-6.5.1",
        "title": "Een of meerdere parameters zijn niet correct.",
        "status": 400,
        "detail": f"De foutieve parameter(s) zijn: {name}.",
        "code": "paramsValidation",
        "instance": "/haalcentraal/api/brp/personen",
        "invalidParams": [{"code": code, "name": name, "reason": reason}],
    }


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Accept": "application/json"}, 401, "authentication"),
        (HEADERS | {"X-API-KEY": "ké"}, 401, "authentication"),
        (HEADERS | {"Accept": "application/xml"}, 406, "notAcceptable"),
        (HEADERS | {"Content-Type": "text/plain"}, 415, "unsupported"),
    ],
)
def test_without_key_or_in_another_form_there_is_no_answer(brp, headers, status, code):
    answer = brp.post(PATH, data=json.dumps({"type": QUERY}), headers={"Content-Type": "application/json"} | headers)
    assert (answer.status_code, answer.json["code"]) == (status, code)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"'])
def test_a_body_that_is_no_object_has_no_type(brp, body):
    answer = brp.post(PATH, data=body, headers=HEADERS | {"Content-Type": "application/json"})
    assert (answer.status_code, answer.json["invalidParams"][0]["name"]) == (400, "type")


def test_a_search_by_anything_but_a_number_is_not_allowed_to_us(brp):
    assert ask(brp, type="ZoekMetPostcodeEnHuisnummer").status_code == 403


def test_what_we_ask_is_allowed_and_brings_every_person_back(brp):
    for number in PEOPLE:
        assert read_person(person(brp, number, *FIELDS)).bsn == number


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2020-03-08", {"type": "Datum", "datum": "2020-03-08", "langFormaat": "8 maart 2020"}),
        ("2020-03", {"type": "JaarMaandDatum", "jaar": 2020, "maand": 3, "langFormaat": "maart 2020"}),
        ("2020", {"type": "JaarDatum", "jaar": 2020, "langFormaat": "2020"}),
        ("", {"type": "DatumOnbekend", "onbekend": True, "langFormaat": "onbekend"}),
    ],
)
def test_as_much_of_a_date_is_told_as_is_known(written, told):
    assert dated(written) == told


# --- the people -------------------------------------------------------------------------------------------------


def test_everybody_has_a_number_of_the_test_range_and_a_note_in_two_languages():
    for number, written in WRITTEN.items():
        assert read_bsn(number, allow_test=True) == number
        assert number.startswith(("9999", "0000"))
        assert written["note"]["nl"] and written["note"]["en"]
        assert set(written["name"]) == {"first_names", "prefix", "surname"}


def test_those_who_were_made_up_live_where_nobody_does():
    for number, written in WRITTEN.items():
        if number.startswith("99998") and written.get("municipality", "0153") == "0153":
            assert re.fullmatch(r"(Proefstraat|Voorbeeldweg|Testlaan)", written["address"]["street"])


def test_the_demo_finds_everybody_that_it_needs():
    people = {number: read_person(document) for number, document in PEOPLE.items()}
    couples = {
        frozenset((person.bsn, partner.bsn))
        for person in people.values()
        for partner in person.present_partners
        if partner.bsn in people and person.municipality == "0153"
    }
    assert len(couples) >= 2
    assert {person.suspended for person in people.values()} == {None, "deceased", "emigrated", "other"}
    assert any(not person.is_dutch and person.residence_title == "21" for person in people.values())
    assert sum(not person.partners for person in people.values()) >= 6
    assert any(person.guardianship for person in people.values())
    assert any(person.secret for person in people.values())
    assert any(person.born.day_on is None for person in people.values())


PERSON = WRITTEN["999980002"]
OTHER = WRITTEN["999980014"]


@pytest.mark.parametrize(
    ("persons", "trouble"),
    [
        ([PERSON | {"bsn": "999980003"}], "bsn"),
        ([PERSON, PERSON], "twice"),
        ([PERSON, OTHER | {"partners": []}], "both sides"),
        ([PERSON | {"municipality": "4711"}], "4711"),
        ([PERSON | {"hobby": "chess"}], "hobby"),
        ([PERSON | {"born": {"date": "1993-4-12"}}], "date"),
    ],
)
def test_a_file_with_an_error_is_refused_with_the_place(tmp_path, persons, trouble):
    tables = yaml.safe_load(PERSONS.read_text())["tables"]
    file = tmp_path / "persons.yaml"
    file.write_text(yaml.safe_dump({"tables": tables, "persons": persons}))
    with pytest.raises(PersonsError, match=trouble):
        read_persons(file)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(PersonsError, match=r"nobody\.yaml"):
        read_persons(tmp_path / "nobody.yaml")


# --- the process ------------------------------------------------------------------------------------------------


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _says(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_the_process_serves_until_it_is_told_to_stop_and_logs_nobody():
    port, ops = _free_port(), _free_port()
    variables = {"BALIE_BRP_API_KEY": "key", "BALIE_BRP_PORT": str(port), "BALIE_OPS_PORT": str(ops)}
    argv = [sys.executable, "-m", "deploy.local.brp"]
    with subprocess.Popen(argv, env=os.environ | variables, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        deadline = time.monotonic() + 30
        while not _says(f"http://127.0.0.1:{ops}/health/ready") and time.monotonic() < deadline:
            time.sleep(0.05)
        body = json.dumps({"type": QUERY, "burgerservicenummer": [SUZANNE], "fields": ["naam"]}).encode()
        asked = urllib.request.Request(
            f"http://127.0.0.1:{port}{PATH}", body, HEADERS | {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(asked, timeout=5) as answer:
            assert json.load(answer)["personen"][0]["naam"]["geslachtsnaam"] == "Moulin"
        process.terminate()
        said = process.communicate(timeout=20)[0]
    assert process.returncode == 0
    assert SUZANNE not in said and "Moulin" not in said
    assert [json.loads(line)["event"] for line in said.splitlines()] == ["started", "stopped"]
