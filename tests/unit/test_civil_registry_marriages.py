"""Who may marry or register a partnership, with whom and where (BW 1:31-46, 1:58, 1:80a)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.civil_registry.domain import marriage_errors as errors
from services.civil_registry.domain.kinship import check_kinship, recorded_kinship
from services.civil_registry.domain.marriage_facts import MarriageFacts
from services.civil_registry.domain.marriage_online import check_marriage_online, marriage_eligibility
from services.civil_registry.domain.marriage_rules import (
    Couple,
    check_may_marry,
    impediments,
    needs_sham_statement,
    residence_to_verify,
)
from services.civil_registry.domain.policy import MarriageCondition
from services.contracts.civil_registry import OBSTACLES
from tests.unit.civil_registry_people import POLICY, but, name, notice, on, partner, person, relative

WEDDING = date(2026, 12, 18)
EVA = person("000000036", name=name("Eva", "Smit"), born=on("1995-02-28"))
LOTTE = person("000000048", name=name("Lotte", "Vos"), born=on("1994-07-01"), sex="male")
GERMAN = {"nationalities": ("0055",)}


def _couple(one=EVA, other=LOTTE, *, papers=(), **different):
    return Couple(notice(**different), {"partner_1": one, "partner_2": other}, frozenset(papers))


def _refused(couple, on_day=WEDDING, policy=POLICY):
    found = impediments(couple, on=on_day, policy=policy)
    for refusal in found[:1]:
        with pytest.raises(type(refusal)):
            check_may_marry(couple, on=on_day, policy=policy)
    return {refusal.code: refusal.facts for refusal in found}


@pytest.mark.parametrize("bond", ["marriage", "partnership"])
def test_two_free_adults_may_marry(bond):
    couple = _couple(bond=bond)
    assert _refused(couple) == {}
    check_may_marry(couple, on=WEDDING, policy=POLICY)


@pytest.mark.parametrize(
    ("born", "allowed"),
    [
        ("2008-12-18", True),
        ("2008-12-19", False),
        ("2008-12", False),  # perhaps not yet: the safe side
        ("2008-11", True),
        ("2008", False),
        ("2007", True),
        ("", False),
    ],
)
def test_both_are_eighteen_on_the_day_itself(born, allowed):
    found = _refused(_couple(but(EVA, born=on(born))))
    assert found == ({} if allowed else {"marriage-too-young": {"partners": ["partner_1"]}})


def test_who_was_born_on_29_february_is_eighteen_on_1_march():
    couple = _couple(but(EVA, born=on("2008-02-29")))
    assert "marriage-too-young" in _refused(couple, date(2026, 2, 28))
    assert _refused(couple, date(2026, 3, 1)) == {}


@pytest.mark.parametrize("bond", ["marriage", "partnership"])
def test_an_existing_bond_forbids_another(bond):
    found = _refused(_couple(other=but(LOTTE, partners=(partner("000000061", bond=bond),))))
    assert found == {"marriage-existing-bond": {"partners": ["partner_2"]}}


@pytest.mark.parametrize("ended", ["2026-11-01", "2026", ""])
def test_a_bond_that_has_ended_does_not_stand_in_the_way(ended):
    assert _refused(_couple(but(EVA, partners=(partner("000000061", ended=ended),)))) == {}


def test_registered_partners_of_each_other_convert_and_spouses_are_married_already():
    def bound(bond):
        one = but(EVA, partners=(partner(LOTTE.bsn, bond=bond),))
        return one, but(LOTTE, partners=(partner(EVA.bsn, bond=bond),))

    assert set(_refused(_couple(*bound("partnership")))) == {"marriage-by-conversion"}
    assert set(_refused(_couple(*bound("partnership"), bond="partnership"))) == {"marriage-existing-bond"}
    assert set(_refused(_couple(*bound("marriage")))) == {"marriage-existing-bond"}


def test_nobody_marries_himself_nor_the_dead():
    assert "partners-are-one" in _refused(_couple(EVA, EVA))
    assert _refused(_couple(EVA, but(LOTTE, suspended="deceased")))["partner-deceased"] == {"partners": ["partner_2"]}


# --- kinship


def test_parent_and_child_are_kin_whichever_side_records_it():
    for one, other in (
        (but(EVA, parents=(relative(LOTTE.bsn),)), LOTTE),
        (but(EVA, children=(relative(LOTTE.bsn),)), LOTTE),
        (EVA, but(LOTTE, parents=(relative(EVA.bsn),))),
        (EVA, but(LOTTE, children=(relative(EVA.bsn),))),
    ):
        assert recorded_kinship(one, other) == "direct-line"
        assert "marriage-kinship" in _refused(_couple(one, other))


@pytest.mark.parametrize("bsn", ["000000085", None])
def test_half_siblings_are_siblings_by_number_or_by_name_and_birth(bsn):
    mother = relative(bsn, named=name("Truus", "Bos"))
    one, other = but(EVA, parents=(mother, relative("1"))), but(LOTTE, parents=(mother,))
    assert recorded_kinship(one, other) == "siblings"
    assert "marriage-kinship" in _refused(_couple(one, other))


def test_a_parent_with_a_number_on_one_side_only_is_known_by_name_and_birth():
    numbered, plain = (relative(bsn, named=name("Truus", "Bos"), born="1960-01-01") for bsn in ("000000085", None))
    one, other = but(EVA, parents=(numbered,)), but(LOTTE, parents=(plain,))
    assert recorded_kinship(one, other) == "siblings"
    namesake = but(LOTTE, parents=(but(plain, born=on("1961-01-01")),))
    assert recorded_kinship(one, namesake) == "none"


def test_parents_of_whom_nothing_is_known_make_no_siblings():
    unknown = relative(None, named=name("", "."), born="")
    assert recorded_kinship(but(EVA, parents=(unknown,)), but(LOTTE, parents=(unknown,))) == "none"


@pytest.mark.parametrize(
    ("declared", "papers", "code"),
    [
        ("none", (), None),
        (None, (), None),
        ("direct-line", (), "marriage-kinship"),
        ("siblings", ("dispensation",), "marriage-kinship"),
        ("siblings-by-adoption", (), "kinship-statement-missing"),
        ("siblings-by-adoption", ("dispensation",), None),
        ("third-or-fourth-degree", ("dispensation",), "kinship-statement-missing"),
        ("third-or-fourth-degree", ("kinship-statement",), None),
    ],
)
def test_what_the_couple_declares_of_its_kinship(declared, papers, code):
    found = _refused(_couple(kinship=declared, papers=papers))
    assert set(found) == ({code} if code else set())


def test_siblings_by_adoption_stand_in_the_brp_like_others():
    parent = relative("000000085")
    one, other = but(EVA, parents=(parent,)), but(LOTTE, parents=(parent,))
    check_kinship("siblings-by-adoption", one, other, {"dispensation"})
    with pytest.raises(errors.MarriageKinship):
        check_kinship("none", one, other, {"dispensation"})


# --- guardianship, residence, competence


def test_guardianship_needs_consent_whether_recorded_or_declared():
    recorded = _couple(but(EVA, guardianship=True))
    assert _refused(recorded) == {"guardian-consent-missing": {"partners": ["partner_1"]}}
    assert "guardian-consent-missing" in _refused(_couple(partner_2__guardianship=True))
    assert _refused(but(recorded, papers=frozenset({"guardian-consent"}))) == {}


@pytest.mark.parametrize(
    ("persons", "said", "needed"),
    [
        ({}, "dutch", False),
        (GERMAN, "eu-or-permanent", False),
        (GERMAN, "other", True),
        (GERMAN, "dutch", True),  # whoever says so must be so
        ({"nationalities": ("0001", "0055")}, "other", False),
    ],
)
def test_a_statement_about_residence_and_purpose_is_needed(persons, said, needed):
    couple = _couple(but(EVA, **persons), partner_1__residence=said)
    assert needs_sham_statement(couple) is needed
    assert ("sham-declaration-missing" in _refused(couple)) is needed


def test_both_make_the_statement():
    foreigner = but(EVA, **GERMAN)
    one = _couple(foreigner, partner_1__residence="other", partner_1__no_sham=True)
    assert _refused(one) == {"sham-declaration-missing": {"partners": ["partner_2"]}}
    both = _couple(foreigner, partner_1__residence="other", partner_1__no_sham=True, partner_2__no_sham=True)
    assert _refused(both) == {}


def test_an_officer_verifies_every_right_of_residence_that_no_title_settles():
    couple = _couple(but(EVA, **GERMAN, residence_title="27"), partner_1__residence="eu-or-permanent")
    assert residence_to_verify(couple, POLICY) == ["partner_1"]
    marriage = but(POLICY.marriage, titles_without_sham_statement=frozenset({"27"}))
    assert residence_to_verify(couple, but(POLICY, marriage=marriage)) == []
    assert residence_to_verify(_couple(), POLICY) == []


def test_couples_abroad_give_notice_in_the_hague_or_not_at_all():
    abroad = {"municipality": "1999"}
    assert _refused(_couple(EVA, but(LOTTE, **abroad))) == {}
    both = _couple(but(EVA, **abroad), but(LOTTE, **abroad))
    assert _refused(both) == {"marriage-not-here": {"municipality": "'s-Gravenhage"}}
    the_hague = but(POLICY, municipality=POLICY.notices_from_abroad)
    assert _refused(both, policy=the_hague) == {}
    strangers = _couple(
        but(EVA, **abroad, **GERMAN),
        but(LOTTE, **abroad, **GERMAN),
        partner_1__residence="eu-or-permanent",
        partner_2__residence="eu-or-permanent",
    )
    assert set(_refused(strangers)) == {"marriage-without-tie"}


def test_every_impediment_is_told_at_once():
    couple = _couple(
        but(EVA, born=on("2010-01-01"), partners=(partner("000000061"),), guardianship=True), kinship="siblings"
    )
    assert set(_refused(couple)) == {
        "marriage-too-young",
        "marriage-existing-bond",
        "marriage-kinship",
        "guardian-consent-missing",
    }


def test_who_keeps_custody_is_told_of_to_the_court():
    assert notice().with_custody == ()
    assert notice(partner_2__custody=True).with_custody == ("partner_2",)


# --- online


def test_the_notice_can_be_given_online():
    assert marriage_eligibility(_couple(), POLICY) == []
    check_marriage_online([])


@pytest.mark.parametrize(
    ("text", "couple"),
    [
        ("marriage-partner-abroad", _couple(but(EVA, municipality="1999"))),
        ("marriage-guardianship", _couple(partner_1__guardianship=True)),
        ("marriage-kin", _couple(kinship="third-or-fourth-degree")),
        ("marriage-kin", _couple(but(EVA, parents=(relative(LOTTE.bsn),)))),
        ("marriage-conversion", _couple(but(EVA, partners=(partner(LOTTE.bsn, bond="partnership"),)))),
        ("marriage-residence", _couple(but(EVA, **GERMAN))),
    ],
)
def test_each_condition_that_is_missed_leads_to_the_counter(text, couple):
    strict = but(POLICY, marriage=but(POLICY.marriage, online=frozenset(MarriageCondition)))
    lenient = but(POLICY, marriage=but(POLICY.marriage, online=frozenset()))
    obstacles = marriage_eligibility(couple, strict)
    assert text in {one.text for one in obstacles} <= set(OBSTACLES)
    assert marriage_eligibility(couple, lenient) == []
    with pytest.raises(errors.MarriageNotOnline):
        check_marriage_online(obstacles)


def test_an_empty_draft_is_read_as_one():
    facts = MarriageFacts.of({})
    assert (facts.partners, facts.witnesses, facts.ceremony, facts.with_custody) == ({}, (), None, ())


@given(st.dates(date(1900, 1, 1), date(2020, 12, 31)), st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_nobody_marries_before_his_eighteenth_birthday(born_on, wedding_on):
    couple = _couple(but(EVA, born=on(born_on.isoformat())))
    eighteenth = (born_on.year + 18, born_on.month, born_on.day)
    too_young = (wedding_on.year, wedding_on.month, wedding_on.day) < eighteenth
    assert ("marriage-too-young" in _refused(couple, wedding_on)) is too_young
