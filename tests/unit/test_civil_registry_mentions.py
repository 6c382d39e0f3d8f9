"""Later mentions, and extracts that tell how things are after them."""

from datetime import date

import pytest

from services.civil_registry.domain.deed_content import Born, Names, Party
from services.civil_registry.domain.errors import CourtOrderNotFinal, DeedCancelled
from services.civil_registry.domain.extracts import extract_content
from services.civil_registry.domain.mentions import (
    CANCELLED,
    Judgment,
    Mention,
    SourceDeed,
    acknowledgement,
    check_final,
    court_order,
    divorce,
    foot,
    head,
    name_choice,
    slip_correction,
    slip_text,
)
from tests.unit.civil_registry_deeds import ALL, BIRTH, DEATH, MARRIAGE, PARTNERSHIP
from tests.unit.civil_registry_people import TERMS, on

CHOICE_DEED = SourceDeed(
    "Akte van naamskeuze", "0123", "de ambtenaar van de burgerlijke stand", "Enschede", date(2026, 3, 6)
)
JUDGMENT = Judgment("de rechtbank Overijssel", date(2026, 8, 22))


def _lines(extract):
    return {line.key: line.value for section in extract.part for line in section.lines}


# --- texts


def test_a_choice_of_surname_is_mentioned_with_the_deed_that_says_so():
    mention = name_choice(deed=CHOICE_DEED, surname="Jansen van Dijk")
    assert mention.text == (
        "Naamskeuze. De gekozen geslachtsnaam van het kind is Jansen van Dijk. Ontleend aan: Akte van naamskeuze "
        "nummer 0123, opgemaakt door de ambtenaar van de burgerlijke stand te Enschede op 06-03-2026."
    )


@pytest.mark.parametrize(
    ("consents", "chosen", "says"),
    [
        (
            "de moeder",
            True,
            "Toestemming: de moeder. Na de erkenning is de gekozen geslachtsnaam van het kind van Dijk.",
        ),
        ("", False, "1988. Na de erkenning is de geslachtsnaam van het kind van Dijk."),
    ],
)
def test_an_acknowledgement_names_who_acknowledged_with_whose_consent(consents, chosen, says):
    father = Party(Names("van Dijk", "Pieter"), Born("Hengelo", on("1988-01-02")))
    mention = acknowledgement(
        deed=CHOICE_DEED, by=father, consents=consents, surname="van Dijk", chosen=chosen, law="Nederlands recht"
    )
    assert "Het kind is erkend door Pieter van Dijk, geboren te Hengelo op 02-01-1988." in mention.text
    assert says in mention.text
    assert "Toegepast recht: Nederlands recht." in mention.text


def _divorce():
    return divorce(
        judgment=JUDGMENT,
        place="Enschede",
        ended_on=date(2026, 11, 23),
        surnames=("Smit", "Vos"),
        asked_by=Names("Smit", "Eva"),
        asked_on=date(2026, 11, 20),
    )


def test_a_divorce_names_court_surnames_and_who_asked():
    assert _divorce().text == (
        "Ontbinding. De verbintenis is ontbonden bij uitspraak van de rechtbank Overijssel van 22-08-2026, "
        "ingeschreven te Enschede op 23-11-2026. "
        "Geslachtsnamen na de uitspraak: Smit en Vos. De inschrijving is verzocht door Eva "
        "Smit; het verzoek is ontvangen op 20-11-2026."
    )


def test_a_foreign_judgment_names_its_country():
    assert str(Judgment("Amtsgericht Gronau", date(2026, 8, 22), "Duitsland")) == (
        "uitspraak van Amtsgericht Gronau (Duitsland) van 22-08-2026"
    )


def test_a_slip_is_corrected_in_so_many_words():
    assert slip_text(wrong="Hengel", right="Hengelo").endswith("In plaats van «Hengel» wordt gelezen «Hengelo».")
    assert "24a" in slip_text(wrong="Hengel", right="Hengelo")


def test_a_corrected_day_of_birth_stands_in_words_as_well():
    mention = slip_correction(wrong="05-03-2026", right="06-03-2026", changes={"born_on": "2026-03-06"})
    assert "«06-03-2026 (zes maart tweeduizend zesentwintig)»" in mention.text


def test_an_order_of_the_court_says_what_was_ordered():
    mention = court_order(judgment=JUDGMENT, orders="verbetering van de voornaam", changes={})
    assert mention.text == (
        "Rechterlijke last. Bij uitspraak van de rechtbank Overijssel van 22-08-2026 is gelast: "
        "verbetering van de voornaam."
    )


def test_a_judgment_is_mentioned_after_three_months():
    check_final(JUDGMENT, date(2026, 11, 22), TERMS)
    with pytest.raises(CourtOrderNotFinal) as refused:
        check_final(JUDGMENT, date(2026, 11, 21), TERMS)
    assert refused.value.facts == {"from_on": "2026-11-22"}


def test_a_mention_on_a_sheet_of_its_own_says_to_what_it_belongs():
    assert head(number="1A0123", year=2026) == "ref. 1A0123 2026"
    assert foot(officer="Bakker, A. B.", place="Enschede", on=date(2026, 11, 23)) == (
        "Enschede, 23-11-2026. De ambtenaar van de burgerlijke stand, Bakker, A. B."
    )


# --- extracts


@pytest.mark.parametrize("deed", ALL, ids=lambda deed: deed.kind)
def test_an_extract_tells_the_first_part_and_no_parent(deed):
    extract = extract_content(deed)
    assert extract.first == deed.first
    told = " ".join(_lines(extract).values())
    assert "Truus" not in told and "Pieter" not in told
    assert extract.head[1].startswith("Uittreksel: ")


def test_an_extract_tells_how_things_are_after_all_mentions_in_their_order():
    mentions = (
        name_choice(deed=CHOICE_DEED, surname="Jansen van Dijk"),
        Mention("sex-change", "", {"sex": "male", "first_names": "Stijn"}),
        slip_correction(wrong="05-03-2026", right="06-03-2026", changes={"born_on": "2026-03-06"}),
        name_choice(deed=CHOICE_DEED, surname="Jansen"),
    )
    extract = extract_content(BIRTH, mentions)
    told = _lines(extract)
    assert (told["surname"], told["first_names"], told["sex"]) == ("Jansen", "Stijn", "M (mannelijk)")
    assert told["born_on"] == "06-03-2026 (zes maart tweeduizend zesentwintig)"
    assert extract.first.born_on == date(2026, 3, 6)  # type: ignore[union-attr]
    assert BIRTH.first.surname == "van Dijk"  # type: ignore[union-attr]  # the deed itself stays


@pytest.mark.parametrize("deed", [MARRIAGE, PARTNERSHIP], ids=lambda deed: deed.kind)
def test_an_extract_of_a_marriage_tells_where_and_when_it_ended(deed):
    extract = extract_content(deed, [_divorce()])
    assert extract.ended == _lines(extract)["ended"] == "ontbonden, Enschede, 23-11-2026"
    assert extract_content(deed).ended == ""


def test_a_deed_that_was_struck_out_has_no_extract():
    with pytest.raises(DeedCancelled):
        extract_content(DEATH, [court_order(judgment=JUDGMENT, orders="doorhaling", changes={CANCELLED: "true"})])


@pytest.mark.parametrize(
    "changes", [{"mother": "x"}, {"partner_1.surname_after": "x"}, {"surname.x": "y"}, {"born_on": "tomorrow"}]
)
def test_a_mention_cannot_change_what_the_first_part_lacks(changes):
    with pytest.raises(ValueError):
        extract_content(BIRTH, [Mention("other", "", changes)])


def test_a_group_of_fields_is_not_changed_as_one():
    with pytest.raises(ValueError, match="no field"):
        extract_content(DEATH, [Mention("other", "", {"born": "x"})])
