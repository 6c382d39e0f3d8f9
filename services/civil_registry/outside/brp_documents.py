"""Reads the persons in an answer of the BRP API. What is not in a document is not known: nothing is made up.

Source: Haal Centraal BRP Personen bevragen 2.7 (OpenAPI), its features, and the national tables of the BRP.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.civil_registry.domain.person import PartialDate, Person, PersonName, Relative

FIELDS = (
    "burgerservicenummer",
    "naam.voornamen",
    "naam.voorvoegsel",
    "naam.geslachtsnaam",
    "geslacht",
    "geboorte.datum",
    "geboorte.plaats",
    "geboorte.land",
    "nationaliteiten.type",
    "nationaliteiten.nationaliteit",
    "verblijfstitel.aanduiding",
    "gemeenteVanInschrijving",
    "adressering.adresregel1",
    "adressering.adresregel2",
    "adressering.adresregel3",
    "adressering.land",
    "indicatieCurateleRegister",
    *(
        f"{relatives}.{field}"
        for relatives in ("partners", "ouders", "kinderen")
        for field in (
            "burgerservicenummer",
            "naam.voornamen",
            "naam.voorvoegsel",
            "naam.geslachtsnaam",
            "geboorte.datum",
            "geboorte.plaats",
        )
    ),
    "partners.soortVerbintenis",
    "partners.aangaanHuwelijkPartnerschap.datum",
    "partners.ontbindingHuwelijkPartnerschap.datum",
    "ouders.datumIngangFamilierechtelijkeBetrekking",
)
"""All that we ask for. Secrecy, suspension and what is being investigated come by themselves; asking is an error."""

Document = Mapping[str, Any]

_SEXES = {"V": "female", "M": "male"}
_BONDS = {"H": "marriage", "P": "partnership"}
_SUSPENSIONS = {"O": "deceased", "E": "emigrated"}
_NATIONALITIES = {
    "NationaliteitOnbekend": "0000",
    "BehandeldAlsNederlander": "0002",
    "Staatloos": "0499",
    "VastgesteldNietNederlander": "0500",
}
"""Kinds of nationality that come without a code, with their code in national table 32."""
_UNKNOWN_DATE = PartialDate(None, None, None)


def read_person(document: Document) -> Person:
    """Return the person of a document.

    Raises: KeyError, TypeError, ValueError, AttributeError (it is not what the API promises).
    """
    born = document.get("geboorte", {})
    suspension = document.get("opschortingBijhouding")
    return Person(
        bsn=document["burgerservicenummer"],
        name=_name(document),
        sex=_SEXES.get(_code(document.get("geslacht")), "undetermined"),
        born=_date(born.get("datum")),
        born_place=_words(born.get("plaats")),
        born_country=_words(born.get("land")),
        nationalities=tuple(_nationality(one) for one in document.get("nationaliteiten", ())),
        residence_title=_code(document.get("verblijfstitel", {}).get("aanduiding")),
        municipality=_code(document.get("gemeenteVanInschrijving")),
        address=_address(document.get("adressering", {})),
        partners=tuple(_partner(one) for one in document.get("partners", ())),
        parents=tuple(_parent(one) for one in document.get("ouders", ())),
        children=tuple(_relative(one) for one in document.get("kinderen", ())),
        suspended=None if suspension is None else _SUSPENSIONS.get(_code(suspension.get("reden")), "other"),
        suspended_on=None if suspension is None else _date(suspension.get("datum")),
        secret=document.get("geheimhoudingPersoonsgegevens", False) is True,
        guardianship=document.get("indicatieCurateleRegister", False) is True,
        under_investigation=_investigated(document),
    )


def _name(document: Document) -> PersonName:
    name = document.get("naam", {})
    return PersonName(name.get("voornamen", ""), name.get("voorvoegsel", ""), name.get("geslachtsnaam", ""))


def _date(told: Document | None) -> PartialDate:
    match told:
        case {"type": "Datum", "datum": str(day)}:
            return PartialDate.of(date.fromisoformat(day))
        case {"type": "JaarMaandDatum", "jaar": int(year), "maand": int(month)}:
            return PartialDate(year, month, None)
        case {"type": "JaarDatum", "jaar": int(year)}:
            return PartialDate(year, None, None)
        case None | {"type": "DatumOnbekend"}:
            return _UNKNOWN_DATE
        case _:
            raise ValueError("A date of an unknown kind.")


def _code(value: Document | None) -> str:
    """Return the code of a value from a table, or an empty text."""
    code: str = "" if value is None else value.get("code", "")
    return code


def _words(value: Document | None) -> str:
    """Return what a value from a table is called; places abroad have no code."""
    words: str = "" if value is None else value.get("omschrijving", "")
    return words


def _nationality(told: Document) -> str:
    if told["type"] == "Nationaliteit":
        return _code(told["nationaliteit"])
    return _NATIONALITIES[told["type"]]


def _address(lines: Document) -> str:
    written = (*(lines.get(f"adresregel{number}", "") for number in (1, 2, 3)), _words(lines.get("land")))
    return ", ".join(" ".join(line.split()) for line in written if line)


def _relative(told: Document, **more: Any) -> Relative:
    born = told.get("geboorte", {})
    return Relative(
        bsn=told.get("burgerservicenummer"),
        name=_name(told),
        born=_date(born.get("datum")),
        born_place=_words(born.get("plaats")),
        **more,
    )


def _partner(told: Document) -> Relative:
    begun, ended = told.get("aangaanHuwelijkPartnerschap"), told.get("ontbindingHuwelijkPartnerschap")
    return _relative(
        told,
        bond=_BONDS.get(_code(told.get("soortVerbintenis")), ""),
        since_on=None if begun is None else _date(begun.get("datum")),
        ended_on=None if ended is None else _date(ended.get("datum")),
    )


def _parent(told: Document) -> Relative:
    since = told.get("datumIngangFamilierechtelijkeBetrekking")
    return _relative(told, since_on=None if since is None else _date(since))


def _investigated(told: Any) -> bool:
    if isinstance(told, Mapping):
        return "inOnderzoek" in told or any(_investigated(part) for part in told.values())
    return isinstance(told, list) and any(_investigated(part) for part in told)
