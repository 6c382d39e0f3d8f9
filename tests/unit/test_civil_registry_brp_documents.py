"""What the BRP tells becomes a person: everything that it says, and nothing that it does not."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from services.civil_registry.domain.person import PartialDate, PersonName, Relative
from services.civil_registry.outside.brp_documents import FIELDS, read_person
from services.civil_registry.persons import persons_from, told
from services.contracts import civil_registry as contract
from services.contracts.base import dump, load
from services.messaging.sealing import Sealer
from services.messaging.settings import Secret

DOCUMENTS = Path(__file__).with_name("brp_documents")
UNKNOWN = PartialDate(None, None, None)
SEALER = Sealer.of(Secret("s" * 40))


def document(name):
    return json.loads((DOCUMENTS / f"{name}.json").read_text())["personen"][0]


def test_a_whole_document_is_read():
    person = read_person(document("whole"))
    assert person.name == PersonName("Adrianus Hendrikus", "van", "Holthuizen")
    assert (person.bsn, person.sex, person.born) == ("999990421", "male", PartialDate(1954, 2, 15))
    assert (person.born_place, person.born_country) == ("'s-Gravenhage", "Nederland")
    assert person.nationalities == ("0001", "0002", "0500", "0499", "0000")
    assert (person.residence_title, person.municipality) == ("25", "0518")
    assert person.address == "Nieuwe Parklaan 58, 2597 LD 'S-GRAVENHAGE"
    assert (person.suspended, person.suspended_on) == ("deceased", PartialDate(2026, 8, None))
    assert person.secret and person.guardianship and person.under_investigation


def test_relatives_are_read_with_what_is_known_of_them():
    person = read_person(document("whole"))
    assert person.partners == (
        Relative(
            "999990949",
            PersonName("Marianne", "de", "Jong"),
            PartialDate(1952, None, None),
            "Luik",
            "partnership",
            PartialDate(1999, 7, 15),
            UNKNOWN,
        ),
    )
    assert person.present_partners == ()
    assert person.parents == (
        Relative(None, PersonName("", "", "Wiegman"), UNKNOWN, "", since_on=PartialDate(1954, 2, 15)),
    )
    assert person.children[0].bsn == "999992879"
    assert person.children[1] == Relative(None, PersonName("", "", ""), UNKNOWN, "")


def test_somebody_abroad_has_an_address_with_a_country():
    person = read_person(document("abroad"))
    assert person.address == "Rue du pomme 25, Bruxelles, postcode 1000, België"
    assert person.born == PartialDate(1995, 2, None)
    assert person.born_place == "a.b. m.s. Neeltje Jans 48.3° OL 12.5° NB"
    assert (person.suspended, person.suspended_on) == ("emigrated", PartialDate(2014, 7, 2))
    assert person.name == PersonName("", "", "Käster")
    assert not (person.secret or person.guardianship or person.under_investigation)


def test_of_whom_the_register_says_nothing_nothing_is_known():
    person = read_person({"burgerservicenummer": "999990421"})
    assert person.name == PersonName("", "", "")
    assert (person.sex, person.born, person.address, person.municipality) == ("undetermined", UNKNOWN, "", "")
    assert (person.nationalities, person.partners, person.suspended, person.suspended_on) == ((), (), None, None)


@pytest.mark.parametrize(
    ("code", "suspended"), [("O", "deceased"), ("E", "emigrated"), ("M", "other"), ("R", "other"), (".", "other")]
)
def test_why_a_list_is_not_kept_any_more(code, suspended):
    person = read_person({"burgerservicenummer": "1", "opschortingBijhouding": {"reden": {"code": code}}})
    assert (person.suspended, person.suspended_on) == (suspended, UNKNOWN)


@pytest.mark.parametrize(
    "part",
    [
        {"burgerservicenummer": None, "geboorte": "unknown"},
        {"geboorte": {"datum": {"type": "Datum", "datum": "2026-02-30"}}},
        {"geboorte": {"datum": {"type": "EeuwDatum", "eeuw": 20}}},
        {"nationaliteiten": [{"type": "Wereldburger"}]},
        {"partners": {"naam": "Jan"}},
    ],
)
def test_what_the_interface_does_not_promise_is_no_person(part):
    with pytest.raises((KeyError, TypeError, ValueError, AttributeError)):
        read_person({"burgerservicenummer": "999990421"} | part)


def test_nothing_is_asked_that_comes_by_itself():
    automatic = ("geheimhouding", "opschorting", "inOnderzoek", "rni", "verificatie", "indicatieVastgesteld")
    assert not [field for field in FIELDS if field.startswith(automatic)]
    assert len(FIELDS) == len(set(FIELDS)) <= 130


@pytest.mark.parametrize("name", ["whole", "abroad"])
def test_a_person_is_told_by_rpc_with_sealed_numbers_only(name):
    person = read_person(document(name))
    wire = dump(contract.PersonFound, {"person": told(person, SEALER)})
    assert person.bsn not in json.dumps(wire)
    assert "99999" not in json.dumps(wire)
    back = load(contract.PersonFound, wire)["person"]
    assert SEALER.open(back["bsn"]) == person.bsn
    assert [relative["bsn"] and SEALER.open(relative["bsn"]) for relative in back["children"]] == [
        relative.bsn for relative in person.children
    ]
    assert back["born"] == {"year": person.born.year, "month": person.born.month, "day": person.born.day}
    assert back["under_investigation"] is person.under_investigation
    assert back["suspended"] == person.suspended


@pytest.mark.parametrize("name", ["whole", "abroad"])
def test_a_person_who_was_told_and_kept_is_the_same_person_with_sealed_numbers(name):
    person = read_person(document(name))
    kept = json.loads(json.dumps({"mother": told(person, SEALER)}))
    back = persons_from(kept)["mother"]
    assert back.bsn == SEALER.seal(person.bsn)
    assert told(person, SEALER) == asdict(back) | {
        relatives: [asdict(relative) for relative in getattr(back, relatives)]
        for relatives in ("partners", "parents", "children")
    }
    opened = [relative.bsn and SEALER.open(relative.bsn) for relative in back.partners]
    assert opened == [relative.bsn for relative in person.partners]
    assert back.born == person.born and back.suspended_on == person.suspended_on
