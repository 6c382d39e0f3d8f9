"""Who somebody is, by what his provider tells of him."""

from datetime import date

import pytest

from gateway.login.claims import Identity, Path, Reading, Unfit, claim_at, company, resident, staff
from gateway.login.levels import VOCABULARIES, Scale
from gateway.login.partners import Partner, Partners
from gateway.login.settings import LoginSettings
from gateway.login.wording import why
from services.messaging.settings import Environment

TODAY = date(2026, 11, 26)
MIDDLE = "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract"
LOA3 = "urn:etoegang:core:assurance-class:loa3"
DIGID = Reading(subject=Path(("bsn",)))
FIRM = Reading(
    subject=Path(("urn:etoegang:core:LegalSubjectID",)),
    id_type=Path(("namequalifier",)),
    acting=Path(("urn:etoegang:core:ActingSubjectID",)),
)
WORK = Reading(roles=Path(("resource_access", "https://balie.example/app", "roles")), name=Path(("name",)))
PARTNERS = Partners(
    [
        Partner("99000011", "De Linde", "undertaker", date(2026, 1, 1)),
        Partner("99000022", "Het Nest", "care-provider", date(2026, 1, 1), date(2026, 11, 26)),
        Partner("99000033", "Later", "undertaker", date(2026, 11, 27)),
    ]
)


def firm(kvk="99000011", **more):
    return {
        "acr": LOA3,
        "urn:etoegang:core:LegalSubjectID": kvk,
        "namequalifier": "urn:etoegang:1.9:EntityConcernedID:KvKnr",
        "urn:etoegang:core:ActingSubjectID": "a-person",
    } | more


def worker(**more):
    roles = {"https://balie.example/app": {"roles": ["officer", "clerk", "chess-club"]}}
    return {"sub": "abs-1", "name": "Anouk", "amr": ["pwd", "otp"], "resource_access": roles} | more


def reason(call, *args, **kwargs):
    with pytest.raises(Unfit) as refused:
        call(*args, **kwargs)
    assert why(refused.value.reason)
    return refused.value.reason


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ((), None),
        (("a",), {"b.c": {"https://d/e": 1}}),
        (("a", "b.c", "https://d/e"), 1),
        (("a", "b"), None),
        (("a", "b.c", "https://d/e", "f"), None),
        (("list", "0"), None),
    ],
)
def test_a_path_leads_to_a_claim_or_nowhere(path, found):
    claims = {"a": {"b.c": {"https://d/e": 1}}, "list": ["x"]}
    assert claim_at(claims, Path(path)) == found


def test_a_resident_is_known_by_his_number_and_level():
    who = resident(DIGID, {"bsn": " 111222333 ", "acr": MIDDLE}, test_persons=False)
    assert who == Identity("resident", "111222333", "two-factor")


def test_eight_digits_get_their_zero_back():
    assert resident(DIGID, {"bsn": "10000008", "acr": MIDDLE}, test_persons=False).subject == "010000008"


@pytest.mark.parametrize("bsn", [None, "", "123456789", "000000000", "abc", 111222333, ["111222333"], "9" * 30])
def test_without_a_valid_number_nobody_is_a_resident(bsn):
    assert reason(resident, DIGID, {"bsn": bsn, "acr": MIDDLE}, test_persons=True) == "no-bsn"


@pytest.mark.parametrize("bsn", ["999993653", "000009830"])
def test_test_persons_are_for_demonstrations_only(bsn):
    claims = {"bsn": bsn, "acr": MIDDLE}
    assert resident(DIGID, claims, test_persons=True).subject == bsn
    assert reason(resident, DIGID, claims, test_persons=False) == "test-bsn"


def test_without_a_level_nobody_comes_in_unless_the_provider_has_a_default():
    claims = {"bsn": "111222333"}
    assert reason(resident, DIGID, claims, test_persons=False) == "no-level"
    trusting = Reading(subject=Path(("bsn",)), scale=Scale(default="basic"))
    assert resident(trusting, claims, test_persons=False).level == "basic"


def test_a_level_may_stand_elsewhere_than_in_acr():
    reading = Reading(subject=Path(("bsn",)), level=Path(("loa", "value")))
    claims = {"bsn": "111222333", "loa": {"value": LOA3}, "acr": MIDDLE}
    assert resident(reading, claims, test_persons=False).level == "substantial"


def test_a_firm_is_what_the_towns_file_says_on_that_day():
    assert company(FIRM, firm(), PARTNERS, on=TODAY) == Identity(
        "undertaker", "99000011", "substantial", acting="a-person", name="De Linde"
    )
    assert company(FIRM, firm("99000022"), PARTNERS, on=TODAY).kind == "care-provider"
    assert reason(company, FIRM, firm("99000022"), PARTNERS, on=date(2026, 11, 27)) == "unknown-firm"
    assert reason(company, FIRM, firm("99000033"), PARTNERS, on=TODAY) == "unknown-firm"
    assert company(FIRM, firm("99000033"), PARTNERS, on=date(2026, 11, 27)).name == "Later"


def test_a_firm_that_is_no_partner_is_refused():
    assert reason(company, FIRM, firm("99000099"), PARTNERS, on=TODAY) == "unknown-firm"


@pytest.mark.parametrize("kvk", ["", "9900001", "990000110", "9900001x", "９９００００１１", None, 99000011])
def test_a_firm_without_a_trade_number_is_refused(kvk):
    assert reason(company, FIRM, firm(kvk), PARTNERS, on=TODAY) == "no-kvk"


def test_a_number_of_another_kind_is_no_trade_number():
    other = firm(namequalifier="urn:etoegang:1.9:EntityConcernedID:RSIN")
    assert reason(company, FIRM, other, PARTNERS, on=TODAY) == "no-kvk"
    silent = firm()
    del silent["namequalifier"]
    assert company(FIRM, silent, PARTNERS, on=TODAY).subject == "99000011"


def test_a_firm_may_come_without_telling_who_acts():
    silent = firm()
    del silent["urn:etoegang:core:ActingSubjectID"]
    assert company(FIRM, silent, PARTNERS, on=TODAY).acting == ""


def test_staff_has_the_roles_that_we_know_in_our_order():
    assert staff(WORK, worker()) == Identity("staff", "abs-1", "two-factor", ("clerk", "officer"), name="Anouk")


def test_a_provider_may_call_roles_as_it_likes():
    reading = Reading(roles=Path(("groups",)), role_names={"GG-ABS": "officer", "GG-Balie": "clerk"})
    claims = worker(groups=["GG-ABS", "officer", "manager"])
    assert staff(reading, claims).roles == ("officer",)
    assert staff(reading, worker(groups="GG-Balie")).roles == ("clerk",)


def test_staff_needs_a_second_factor():
    assert reason(staff, WORK, worker(amr=["pwd"])) == "no-second-factor"
    assert reason(staff, WORK, worker(amr=None)) == "no-second-factor"
    basic = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
    assert reason(staff, WORK, worker(amr=["pwd"], acr=basic)) == "no-second-factor"
    assert staff(WORK, worker(amr=None, acr=MIDDLE)).level == "two-factor"


@pytest.mark.parametrize("roles", [None, [], ["chess-club"], ["resident"], ["undertaker"], "system", [["officer"]], 7])
def test_without_a_role_of_ours_nobody_is_staff(roles):
    reading = Reading(roles=Path(("roles",)))
    assert reason(staff, reading, worker(roles=roles)) == "no-role"


@pytest.mark.parametrize("staff_id", [None, "", "x" * 65, 7])
def test_staff_has_an_id(staff_id):
    assert reason(staff, WORK, worker(sub=staff_id)) == "no-staff-id"


def test_every_word_that_providers_are_asked_for_is_understood_by_the_default_settings():
    variables = {
        "BALIE_DATABASE_URL": "postgresql://u@h",
        "BALIE_LOGIN_RESIDENT_ISSUER": "https://digid.example.nl",
        "BALIE_LOGIN_RESIDENT_CLIENT_ID": "balie",
        "BALIE_LOGIN_RESIDENT_SECRET": "s",
    }
    reading = LoginSettings.read(Environment(variables), production=True).providers["resident"].reading
    for word, level in VOCABULARIES["digid"].items():
        assert resident(reading, {"bsn": "111222333", "acr": word}, test_persons=False).level == level
