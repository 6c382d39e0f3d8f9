"""What stands in the way of giving notice online, asked before much is typed (BW 1:31-33, 1:41-44, 1:80g)."""

from dataclasses import replace
from datetime import date

import pytest

from services.civil_registry.domain.marriage_beforehand import Answers, beforehand
from services.civil_registry.domain.policy import MarriageCondition
from services.contracts.civil_registry import OBSTACLES
from tests.unit.civil_registry_people import POLICY, on, person, relative

BY = date(2027, 11, 26)
FREE = Answers(
    bond="marriage", both_adult=True, both_resident=True, bound="no", kinship="none", guardianship=False,
    residence="dutch",
)  # fmt: skip
EVA = person("000000036", born=on("1995-02-28"))
EVERYTHING = replace(POLICY, marriage=replace(POLICY.marriage, online=frozenset(MarriageCondition)))


def told(answers=FREE, asker=EVA, policy=EVERYTHING):
    found = beforehand(answers, asker, policy=policy, marry_by=BY)
    assert {one.text for one in found} <= set(OBSTACLES)
    return [(one.text, one.to_counter) for one in found]


def test_two_free_adults_go_on():
    assert told() == []
    assert told(asker=None) == []


@pytest.mark.parametrize(
    ("answer", "text", "to_counter"),
    [
        ({"both_adult": False}, "marriage-too-young", False),
        ({"bound": "with-another"}, "marriage-bound", False),
        ({"bound": "with-each-other"}, "marriage-conversion", True),
        ({"bound": "with-each-other", "bond": "partnership"}, "marriage-bound", False),
        ({"kinship": "siblings"}, "marriage-forbidden", False),
        ({"kinship": "direct-line"}, "marriage-forbidden", False),
        ({"kinship": "siblings-by-adoption"}, "marriage-kin", True),
        ({"kinship": "third-or-fourth-degree"}, "marriage-kin", True),
        ({"guardianship": True}, "marriage-guardianship", True),
        ({"both_resident": False}, "marriage-partner-abroad", True),
        ({"residence": "other"}, "marriage-residence", True),
    ],
)
def test_each_answer_that_stands_in_the_way_is_told(answer, text, to_counter):
    assert told(replace(FREE, **answer)) == [(text, to_counter)]


@pytest.mark.parametrize(
    ("different", "text"),
    [
        ({"born": on("2009-11-27")}, "marriage-too-young"),
        ({"partners": (relative("000000048", bond="marriage"),)}, "marriage-bound"),
        ({"guardianship": True}, "marriage-guardianship"),
        ({"municipality": "1999"}, "marriage-partner-abroad"),
    ],
)
def test_what_the_population_register_says_of_the_asker_counts_whatever_is_answered(different, text):
    assert [found for found, _ in told(asker=replace(EVA, **different))] == [text]


def test_who_is_18_on_the_last_possible_day_can_give_notice():
    assert told(asker=replace(EVA, born=on("2009-11-26"))) == []


def test_two_who_convert_are_not_told_that_they_are_bound():
    bound = replace(EVA, partners=(relative("000000048", bond="partnership"),))
    assert [text for text, _ in told(replace(FREE, bound="with-each-other"), bound)] == ["marriage-conversion"]


@pytest.mark.parametrize(
    "answer",
    [{"guardianship": True}, {"both_resident": False}, {"residence": "other"}, {"kinship": "third-or-fourth-degree"}],
)
def test_a_condition_that_the_town_switched_off_stops_nobody(answer):
    none = replace(POLICY, marriage=replace(POLICY.marriage, online=frozenset()))
    assert told(replace(FREE, **answer), policy=none) == []
