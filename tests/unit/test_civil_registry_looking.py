"""Who may look at whom, how much there is to see, and for which purposes."""

from dataclasses import asdict, replace

import pytest

from services.civil_registry.data_files import DataFileError
from services.civil_registry.domain.actor import Actor, Level, Role
from services.civil_registry.domain.errors import AssuranceTooLow, LookNotAllowed
from services.civil_registry.domain.looking import check_asker, is_partner, sees_whole
from services.civil_registry.domain.person import PartialDate, PersonName, Relative
from services.civil_registry.processing import purposes, read_purposes
from services.contracts.civil_registry import PURPOSES, AboutRecord
from tests.unit.test_civil_registry_persons import SUZANNE

PARTNER = Relative("999990019", PersonName("Jan", "de", "Boer"), PartialDate(1980, None, None), "", "marriage")
FORMER = replace(PARTNER, bsn="999990342", ended_on=PartialDate(None, None, None))


def actor(*roles, level=Level.SUBSTANTIAL, subject=SUZANNE.bsn):
    return Actor(subject, frozenset(roles), level)


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("role", [Role.CLERK, Role.OFFICER])
def test_clerks_and_officers_may_look_for_every_purpose(role, purpose):
    check_asker(actor(role), purpose=purpose)
    assert sees_whole(actor(role), "999990019")


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CLERK, Role.OFFICER, Role.RESIDENT}))
def test_nobody_else_but_residents_may_look(role, purpose):
    with pytest.raises(LookNotAllowed):
        check_asker(actor(role), purpose=purpose)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_resident_looks_only_to_fill_in_a_form(purpose):
    if purpose == "prefill":
        check_asker(actor(Role.RESIDENT), purpose=purpose)
        return
    with pytest.raises(LookNotAllowed):
        check_asker(actor(Role.RESIDENT), purpose=purpose)


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.CLERK])
@pytest.mark.parametrize("level", list(Level))
def test_one_means_of_log_in_is_not_enough(role, level):
    if level >= Level.TWO_FACTOR:
        check_asker(actor(role, level=level), purpose="prefill")
        return
    with pytest.raises(AssuranceTooLow) as refused:
        check_asker(actor(role, level=level), purpose="prefill")
    assert refused.value.facts == {"level": "two-factor"}


def test_a_resident_sees_himself_whole_and_nobody_else():
    assert sees_whole(actor(Role.RESIDENT), SUZANNE.bsn)
    assert not sees_whole(actor(Role.RESIDENT), "999990019")
    assert not sees_whole(actor(Role.UNDERTAKER), SUZANNE.bsn)


def test_only_a_present_partner_is_one():
    married = replace(SUZANNE, partners=(FORMER, PARTNER))
    assert is_partner(married, "999990019")
    assert not is_partner(married, "999990342")
    assert not is_partner(married, SUZANNE.bsn)
    assert not is_partner(SUZANNE, "999990019")
    assert not is_partner(None, "999990019")


def test_a_partner_sees_names_birth_and_nationality_and_nothing_else():
    whole = replace(
        SUZANNE,
        partners=(PARTNER,),
        parents=(PARTNER,),
        children=(PARTNER,),
        secret=True,
        guardianship=True,
        residence_title="21",
    )
    seen = asdict(whole.as_partner_sees())
    shown = {name for name, value in seen.items() if value not in ("", (), None, False)}
    assert shown == {"bsn", "name", "sex", "born", "born_place", "born_country", "nationalities"}


def test_every_purpose_has_an_activity_of_the_register_and_words_in_two_languages():
    of_records = AboutRecord().fields["purpose"].validate.choices  # type: ignore[union-attr]
    assert set(PURPOSES) | set(of_records) | {"search", "access-request"} <= purposes().keys()
    for purpose in purposes().values():
        assert purpose.names["nl"] != purpose.names["en"]


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        ("purposes: []", "purposes"),
        ("purposes: [{purpose: own, activity: no uri, names: {nl: a, en: b}}]", "activity"),
        ("purposes: [{purpose: own, activity: 'urn:x', names: {nl: a}}]", "en"),
        ("purposes: [", "cannot be read"),
    ],
)
def test_a_file_of_purposes_with_an_error_is_refused(tmp_path, content, trouble):
    file = tmp_path / "processing.yaml"
    file.write_text(content)
    with pytest.raises(DataFileError, match=trouble):
        read_purposes(file)
