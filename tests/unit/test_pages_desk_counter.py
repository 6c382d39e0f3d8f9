"""The staff desk: a clerk fills a declaration in for somebody at the counter, in one form."""

import pytest

from services.messaging.errors import Malformed
from tests.pages_double import StillClock
from tests.registry_double import SANNE, SEALER, THOMAS, Declarant, RegistryDouble, actor, logs_in, make_registry_app

CLERK = actor("staff", "medewerker-1", "clerk")


@pytest.fixture
def double():
    return RegistryDouble(StillClock())


@pytest.fixture
def app(double, tmp_path):
    made = make_registry_app(double, double.clock, folder=tmp_path)
    logs_in(made, CLERK)
    return made


@pytest.fixture
def clerk(app):
    return Declarant(app)


def begun(double, clerk, kind="birth"):
    clerk.goes_to("/werk").fills_in("/werk/beginnen", kind=kind)
    record = next(iter(double.records.values()))
    assert clerk.path == f"/werk/zaken/{record['record_id']}/invullen"
    return record, clerk.path


CHILD = {
    "first-names": "Emma Johanna", "sex": "female", "born-on-day": "22", "born-on-month": "11",
    "born-on-year": "2026", "born-time": "3.07", "municipality": "0153", "place": "Medisch Spectrum Twente",
}  # fmt: skip


def part(name, fields):
    return {f"content-{name}-{field}": value for field, value in fields.items()}


def test_a_birth_is_begun_filled_in_and_submitted_at_the_counter(double, clerk):
    record, here = begun(double, clerk)
    clerk.fills_in(here, **part("child", CHILD), **part("mother", {"bsn": SANNE}), **{"content-confirmed": "yes"})
    assert "Ingevuld." in clerk.text and record["source"] == "counter"
    assert record["content"]["child"] == {
        "first_names": "Emma Johanna", "sex": "female", "born_on": "2026-11-22", "born_time": "03:07",
        "municipality": "0153", "place": "Medisch Spectrum Twente",
    }  # fmt: skip
    assert record["content"]["mother"] == {"bsn": SEALER.seal(SANNE)} and "other_parent" not in record["content"]
    clerk.fills_in(f"/werk/zaken/{record['record_id']}/opdracht/submit")
    assert record["status"] == "submitted"


def test_what_was_filled_in_stands_there_and_a_number_is_kept_without_typing_it_again(double, clerk):
    record, here = begun(double, clerk)
    clerk.fills_in(here, **part("child", CHILD), **part("mother", {"bsn": SANNE}))
    clerk.goes_to(here)
    form = clerk.standing_in(here)
    assert form["content-child-born-on-year"] == "2026" and form["content-mother-bsn"] == ""
    assert "eindigt op 002" in clerk.text and SANNE not in clerk.source
    clerk.fills_in(here, **part("child", {"place": "Thuis"}))
    assert record["content"]["child"]["place"] == "Thuis"
    assert record["content"]["mother"] == {"bsn": SEALER.seal(SANNE)}
    clerk.goes_to(here).fills_in(here, **part("mother", {"bsn": THOMAS}))
    assert record["content"]["mother"] == {"bsn": SEALER.seal(THOMAS)}


def test_a_part_that_is_not_whole_is_explained_and_nothing_is_lost(double, clerk):
    record, here = begun(double, clerk)
    clerk.fills_in(here, **part("child", {"first-names": "Emma"}), **part("mother", {"bsn": "123"}))
    assert clerk.page.status_code == 422 and record["version"] == 1
    assert 'value="Emma"' in clerk.source and "Geslacht: vul dit in" in clerk.text
    assert "Dit is geen burgerservicenummer" in clerk.text


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("death", part("funeral", {"kind": "burial", "place": "Usselo"}),
         {"funeral": {"kind": "burial", "place": "Usselo", "plan": "within-term"}}),
        ("marriage", part("witnesses-0", {"first-names": "Piet", "surname": "de Groot", "born-on-day": "1",
                                          "born-on-month": "2", "born-on-year": "1980", "address": "Weg 1"}),
         {"witnesses": [{"first_names": "Piet", "surname": "de Groot", "born_on": "1980-02-01", "address": "Weg 1"}]}),
    ],
)  # fmt: skip
def test_deaths_and_marriages_are_filled_in_the_same_way(double, clerk, kind, fields, expected):
    record, here = begun(double, clerk, kind)
    others = {name: None for name in clerk.standing_in(here) if name.startswith("content-")}
    kept = {name: value for name, value in clerk.standing_in(here).items() if name == "content-funeral-plan"}
    clerk.fills_in(here, **(others | kept | fields))
    assert record["content"] == expected


def test_who_was_slower_loses_nothing(double, clerk):
    record, here = begun(double, clerk)
    record["version"] += 1
    clerk.fills_in(here, **part("child", CHILD))
    assert clerk.page.status_code == 409 and 'value="Emma Johanna"' in clerk.source
    clerk.fills_in(here)
    assert record["content"]["child"]["first_names"] == "Emma Johanna"


def test_what_the_contract_does_not_take_is_named(double, clerk):
    _, here = begun(double, clerk)

    def refuse(_request):
        raise Malformed({"content": {"child": {"municipality": ["String does not match."]}}})

    double.answers_of["save_draft"] = refuse
    clerk.fills_in(here, **part("child", CHILD))
    assert clerk.page.status_code == 422 and "Dit kan zo niet worden bewaard: Gemeente (code)" in clerk.text


def test_a_draft_of_a_resident_is_not_the_clerks_to_fill_in_or_send(double, clerk):
    record = double.has("birth", actor("resident", SANNE), "draft")
    here = f"/werk/zaken/{record['record_id']}"
    clerk.goes_to(here)
    assert f"{here}/invullen" not in clerk.source and "opdracht/submit" not in clerk.source
    assert clerk.goes_to(f"{here}/invullen").path == here


@pytest.mark.parametrize("role", ["special-officer", "mayor-delegate", "manager"])
def test_only_clerks_and_officers_begin_at_the_counter(app, role):
    logs_in(app, actor("staff", "somebody", role))
    visitor = Declarant(app).goes_to("/werk")
    assert "/werk/beginnen" not in visitor.source
