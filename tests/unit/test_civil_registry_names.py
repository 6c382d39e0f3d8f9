"""First names, second parents and surnames (BW 1:4, 1:5, 1:198, 1:199)."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.civil_registry.domain import birth_errors as errors
from services.civil_registry.domain.birth_surname import check_surname, declared_surname
from services.civil_registry.domain.first_names import (
    check_accepted,
    names_for_deed,
    read_first_names,
    to_point_out,
)
from services.civil_registry.domain.names import comparable, written
from services.civil_registry.domain.parentage import Acknowledgement, Ground, common_children, second_parent
from services.civil_registry.domain.surnames import (
    Basis,
    Choice,
    SurnameQuestion,
    check_combination,
    check_name_choice_deed,
    combined,
    surname_of_child,
)
from tests.unit.civil_registry_people import (
    FATHER,
    MOTHER,
    PARENTS,
    POLICY,
    birth,
    but,
    name,
    on,
    partner,
    person,
    relative,
)

BORN = date(2026, 11, 19)
JANSEN, VAN_DIJK = name("", "Jansen"), name("", "Dijk", "van")


# --- first names


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Sofie  Anna ", ("Sofie", "Anna")),
        ("Jan-Willem", ("Jan-Willem",)),
        ("D'Arcy", ("D'Arcy",)),
        ("'t", ("'t",)),
        ("Zoe\u0308", ("Zoë",)),
        ("Łukasz Ærø", ("Łukasz", "Ærø")),
        ("", ()),
    ],
)
def test_first_names_are_read_in_order(typed, read):
    assert read_first_names(typed, POLICY.birth) == read


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("Sofie 2", "digit"),
        ("J. Anna", "initial"),
        ("Sofie,Anna", "sign"),
        ("-Anna", "sign"),
        ("Anna-", "sign"),
        ("Sofie 😀", "sign"),
        ("Софи", "sign"),
        ("A " * 21, "too-many"),
        ("Wolfeschlegelsteinhausen " * 9, "too-long"),
    ],
)
def test_first_names_that_cannot_stand_in_the_register(typed, problem):
    with pytest.raises(errors.FirstNamesInvalid) as refused:
        read_first_names(typed, POLICY.birth)
    assert refused.value.facts == {"problem": problem}


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused_and_never_holds_a_digit(typed):
    try:
        names = read_first_names(typed, POLICY.birth)
    except errors.FirstNamesInvalid:
        return
    assert not any(sign.isdigit() for name_ in names for sign in name_)


def test_existing_surnames_are_pointed_out_those_of_the_town_and_of_the_parents():
    surnames = {*POLICY.birth.point_out_as_surname, "Oude Engberink"}
    assert to_point_out(("Bakker", "Thomas", "OudeEngberink"), surnames=surnames) == ["Bakker", "OudeEngberink"]
    assert to_point_out(("Sofie", "Willem"), surnames=surnames) == []


def test_a_refused_name_must_be_replaced():
    check_accepted(("Sofie",), refused=("Bakker",), reason="surname", answer_by=None)
    with pytest.raises(errors.FirstNameRefused) as refused:
        check_accepted(("Sofie", "bakker"), refused=("Bakker",), reason="surname", answer_by=date(2026, 11, 23))
    assert refused.value.facts == {"reason": "surname", "answer_by": "2026-11-23"}


def test_the_officer_gives_a_name_only_when_none_is_left():
    assert names_for_deed(("Sofie", "Bakker"), refused={"Bakker"}).names == ("Sofie",)
    given_by_officer = names_for_deed((), refused=(), given=("Maria",))
    assert (given_by_officer.written, given_by_officer.by_officer) == ("Maria", True)
    with pytest.raises(errors.FirstNamesMissing):
        names_for_deed(("Bakker",), refused={"Bakker"})
    with pytest.raises(errors.FirstNamesGiven):
        names_for_deed(("Sofie",), refused=(), given=("Maria",))


# --- the second parent


def _second(mother=MOTHER, other=FATHER, role="father", **acknowledged):
    return second_parent(mother, other, born_on=BORN, role=role, acknowledged=Acknowledgement(**acknowledged))


@pytest.mark.parametrize("bond", ["marriage", "partnership"])
def test_a_husband_or_registered_partner_is_the_father_by_law(bond):
    mother = but(MOTHER, partners=(partner(FATHER.bsn, bond=bond),))
    assert _second(mother).ground is Ground.BOND


def test_without_bond_the_father_acknowledges_first():
    unmarried = but(MOTHER, partners=())
    with pytest.raises(errors.BirthAcknowledgementNeeded):
        _second(unmarried)
    assert _second(unmarried, done=True).ground is Ground.ACKNOWLEDGEMENT


def test_who_is_under_sixteen_cannot_have_acknowledged():
    boy = but(FATHER, born=on("2010-11-20"), partners=())
    with pytest.raises(errors.BirthAcknowledgementNeeded):
        _second(but(MOTHER, partners=()), boy, done=True)
    assert _second(but(MOTHER, partners=()), but(boy, born=on("2010-11-19")), done=True)


def test_the_mothers_wife_needs_the_donor_statement_or_acknowledgement():
    with pytest.raises(errors.BirthAcknowledgementNeeded):
        _second(role="other-mother")
    assert _second(role="other-mother", donor_statement=True).ground is Ground.BOND
    assert _second(role="other-mother", done=True).ground is Ground.ACKNOWLEDGEMENT


@pytest.mark.parametrize("other", [None, person("000000036", sex="male")])
def test_the_mothers_husband_is_the_father_whoever_was_named(other):
    with pytest.raises(errors.AnotherIsParentByLaw):
        _second(other=other, done=True)


def test_a_mother_alone_has_no_second_parent():
    assert _second(but(MOTHER, partners=()), None).ground is Ground.NONE


@pytest.mark.parametrize(
    ("ended", "recently"), [("2026-01-17", True), ("2026-01-16", False), ("", True), ("2026-11-19", True)]
)
def test_a_bond_that_ended_less_than_306_days_before_is_looked_into(ended, recently):
    mother = but(MOTHER, partners=(partner("000000036", ended=ended),))
    assert _second(mother, None).bond_ended_recently is recently


@pytest.mark.parametrize("ended", ["2026", "2026-11-20"])
def test_a_bond_that_still_held_at_the_birth_or_perhaps_did_counts(ended):
    mother = but(MOTHER, partners=(partner("000000036", ended=ended),))
    with pytest.raises(errors.AnotherIsParentByLaw):
        _second(mother, None)


def test_a_bond_of_which_nobody_knows_the_first_day_counts():
    assert _second(but(MOTHER, partners=(but(MOTHER.partners[0], since_on=None),))).ground is Ground.BOND
    later = but(MOTHER, partners=(partner(FATHER.bsn, since="2026-11-20"),))
    with pytest.raises(errors.BirthAcknowledgementNeeded):
        _second(later)


def test_a_partner_without_number_is_known_by_name_and_birth():
    by_name = but(partner(None), name=name("pieter", "Dijk", "Van"), born=FATHER.born)
    assert _second(but(MOTHER, partners=(by_name,))).ground is Ground.BOND


def test_the_eldest_child_of_both_is_the_first():
    mine = relative("1", born="2012-01-01")
    ours = [relative("3", born="2021"), relative("2", born="2019-04-05")]
    mother = but(MOTHER, children=(mine, *ours))
    father = but(FATHER, children=(*ours, relative(None)))
    assert [child.bsn for child in common_children(mother, father)] == ["2", "3"]


# --- surnames


def _question(**different):
    usual: dict[str, Any] = {"mother": JANSEN, "other": VAN_DIJK, "ground": Ground.BOND, "choice": Choice.OTHER_PARENT}
    return SurnameQuestion(**usual | different)


def _surname(**different):
    child = surname_of_child(_question(**different))
    return written(child.name), child.basis, child.chosen


def test_without_choice_a_child_of_married_parents_has_the_fathers_name():
    assert _surname() == ("van Dijk", Basis.DEFAULT, False)


def test_without_choice_an_acknowledged_child_keeps_the_mothers_name():
    assert _surname(ground=Ground.ACKNOWLEDGEMENT, choice=Choice.MOTHER) == ("Jansen", Basis.DEFAULT, False)
    with pytest.raises(errors.SurnameChoiceInPerson):
        _surname(ground=Ground.ACKNOWLEDGEMENT, choice=Choice.OTHER_PARENT)


def test_a_child_with_one_parent_has_her_name_and_no_other():
    assert _surname(other=None, ground=Ground.NONE, choice=Choice.MOTHER)[0] == "Jansen"
    with pytest.raises(errors.BirthAcknowledgementNeeded):
        _surname(other=None, ground=Ground.NONE, choice=Choice.OTHER_PARENT)


@pytest.mark.parametrize(
    ("choice", "surname"),
    [
        (Choice.MOTHER, "Jansen"),
        (Choice.MOTHER_THEN_OTHER, "Jansen van Dijk"),
        (Choice.OTHER_THEN_MOTHER, "van Dijk Jansen"),
    ],
)
def test_a_choice_is_made_together_or_stands_in_a_deed(choice, surname):
    assert _surname(choice=choice, both_in_person=True) == (surname, Basis.DECLARATION, True)
    assert _surname(choice=choice, name_choice_deed="2026-0123") == (surname, Basis.DEED, True)
    assert _surname(choice=choice, sole_choice=True) == (surname, Basis.SOLE_CHOICE, True)
    with pytest.raises(errors.SurnameChoiceInPerson):
        _surname(choice=choice)


def test_later_children_follow_the_first():
    assert _surname(first_child=False, first_childs_name=name("", "Dijk", "van"))[1] is Basis.FIRST_CHILD
    with pytest.raises(errors.SurnameFollowsFirstChild) as refused:
        _surname(first_child=False, first_childs_name=JANSEN, both_in_person=True)
    assert refused.value.facts == {"surname": "Jansen"}


def test_a_first_child_whom_nobody_has_found_is_looked_for():
    assert surname_of_child(_question(first_child=False)).to_verify
    assert not surname_of_child(_question()).to_verify


def test_the_prefix_of_a_combined_name_is_that_of_its_first_half():
    both = combined(VAN_DIJK, JANSEN)
    assert (both.prefix, both.surname) == ("van", "Dijk Jansen")


def test_a_surname_of_two_words_may_be_two_names_already():
    double = name("", "Bakker Schut")
    with pytest.raises(errors.SurnameCombinationInvalid) as refused:
        combined(double, JANSEN)
    assert refused.value.facts == {"reason": "more-than-two"}
    assert written(combined(double, JANSEN, one_name_each=True)) == "Bakker Schut Jansen"


def test_one_name_is_not_combined_with_itself():
    with pytest.raises(errors.SurnameCombinationInvalid) as refused:
        combined(JANSEN, name("", "jansen"))
    assert refused.value.facts == {"reason": "same-name"}


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("Jansen-van Dijk", "hyphen"), ("Jansen Bakker", "not-of-parents"), ("Jansen", "not-of-parents")],
)
def test_a_typed_combination_is_one_name_of_each_parent(typed, reason):
    with pytest.raises(errors.SurnameCombinationInvalid) as refused:
        check_combination(typed, JANSEN, VAN_DIJK)
    assert refused.value.facts == {"reason": reason}


def test_a_typed_combination_may_have_either_order():
    check_combination("Jansen van Dijk", JANSEN, VAN_DIJK)
    check_combination("van Dijk Jansen", JANSEN, VAN_DIJK)


@pytest.mark.parametrize("number", ["0123", "2026-0123", "9999"])
def test_numbers_of_deeds_of_name_choice(number):
    check_name_choice_deed(number)


@pytest.mark.parametrize("number", ["", "123", "0000", "2026-0000", "26-0123", "1A0123", "2026 0123", "0123\n"])
def test_what_is_no_number_of_a_deed_of_name_choice(number):
    with pytest.raises(errors.NameChoiceDeedInvalid):
        check_name_choice_deed(number)


@given(
    st.sampled_from(sorted(Choice)),
    st.sampled_from([Ground.BOND, Ground.ACKNOWLEDGEMENT]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_every_surname_is_made_of_the_parents_names(choice, ground, first, in_person, alone):
    asked = _question(choice=choice, ground=ground, first_child=first, both_in_person=in_person, sole_choice=alone)
    try:
        child = surname_of_child(asked)
    except errors.SurnameChoiceInPerson:
        assert first and not in_person and not alone
        return
    halves = {written(JANSEN), written(VAN_DIJK), "Jansen van Dijk", "van Dijk Jansen"}
    assert written(child.name) in halves


# --- from the declaration


def test_the_surname_follows_from_declaration_and_brp():
    child = declared_surname(birth(), PARENTS)
    assert child is not None
    assert written(child.name) == "van Dijk"


@pytest.mark.parametrize("persons", [{}, {"mother": MOTHER}, {"mother": None, "other_parent": FATHER}])
def test_no_surname_is_told_before_both_parents_are_known(persons):
    assert declared_surname(birth(), persons) is None
    check_surname(birth(), persons)


def test_a_wrong_number_of_a_deed_is_told_before_anybody_is_looked_up():
    with pytest.raises(errors.NameChoiceDeedInvalid):
        check_surname(birth(surname__name_choice_deed="what?"), {})


def test_an_elder_brother_in_the_brp_decides_whatever_was_answered():
    brother = relative("9", named=name("Bram", "Jansen"), born="2020-02-02")
    family = {role: but(one, children=(brother,)) for role, one in PARENTS.items()}
    with pytest.raises(errors.SurnameFollowsFirstChild):
        check_surname(birth(), family)


@pytest.mark.parametrize("different", [{"guardianship": True}, {"suspended": "deceased"}])
def test_a_parent_who_cannot_choose_leaves_the_choice_to_the_other(different):
    persons = PARENTS | {"other_parent": but(FATHER, **different)}
    child = declared_surname(birth(declarant="mother", surname__choice="mother"), persons)
    assert child is not None and child.basis is Basis.SOLE_CHOICE


def test_a_woman_beside_the_mother_is_the_other_mother_also_when_the_mother_declares():
    persons = PARENTS | {"other_parent": but(FATHER, sex="female")}
    with pytest.raises(errors.BirthAcknowledgementNeeded):
        declared_surname(birth(declarant="mother"), persons)
    assert declared_surname(birth(declarant="mother"), persons, donor_statement=True) is not None


@given(st.text("abcxyzéëïçüñ '-.", max_size=30))
def test_comparing_names_is_blind_to_capitals_spaces_and_accents(text):
    plain = text.translate(str.maketrans("éëïçüñ", "eeicun"))
    assert comparable(text) == comparable(f" {plain.upper()} ")
