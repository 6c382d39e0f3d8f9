"""No citizen service number stands in the clear after a birth, a death and a marriage that went all the way."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from tests.integration.registry_couples import accepted, given, planned
from tests.integration.registry_desk import (
    BRAM,
    HENDRIK,
    SANNE,
    SOFIE,
    THOMAS,
    RegistryDesk,
    notice,
    population_register,
)
from tests.integration.test_civil_registry_births import declared as birth_declared
from tests.integration.test_civil_registry_births import reviewed as birth_reviewed
from tests.integration.test_civil_registry_deaths import declared as death_declared
from tests.integration.test_civil_registry_deaths import permit_of
from tests.integration.test_civil_registry_deaths import registered as death_registered
from tests.numbers import dump, found

OFFICER, SPECIAL = RegistryDesk.staff("abs-1"), RegistryDesk.staff("babs-1", "special-officer")
MIDWIFE = RegistryDesk.firm("care-provider", "99000044")
OFFICERS = ["999980543", "999980555", "999980452", "999980567"]
RELATIVES = ["999980361", "999980373"]
NUMBERS = [SANNE, THOMAS, BRAM, SOFIE, HENDRIK, *RELATIVES, *OFFICERS]


@pytest.fixture(scope="module")
def brp():
    with population_register() as settings:
        yield settings


@pytest.fixture
def desk(databases, brp, tmp_path):
    return RegistryDesk(databases("civil_registry", pool_size=10), brp, tmp_path)


def a_birth(desk):
    settled = birth_declared(desk)
    desk.confirm_birth(MIDWIFE, **notice(desk))
    birth_reviewed(desk, settled, by=OFFICER)
    desk.act(OFFICER, settled, "draw-deed")
    desk.act(OFFICER, settled, "print-deed")
    desk.act(OFFICER, settled, "sign-deed", signed_on="2026-11-26")
    return desk.act(OFFICER, settled, "register", sheet_is_filed=True)


def a_death(desk):
    settled = death_declared(desk)
    death_registered(desk, settled)
    desk.act(OFFICER, permit_of(desk, settled), "issue")
    return settled


def a_marriage(desk):
    settled = given(desk)
    accepted(desk, settled)
    planned(desk, settled, officer_id="babs-1")
    desk.clock.at = datetime(2026, 12, 16, 9, 0, tzinfo=UTC)
    desk.act(OFFICER, settled, "recheck")
    desk.check_brp()
    desk.act(OFFICER, settled, "final-check")
    desk.clock.at = datetime(2026, 12, 18, 13, 20, tzinfo=UTC)
    held = {"both_present": True, "both_identified": True, "both_said_yes": True}
    desk.act(SPECIAL, settled, "record-ceremony", witnesses=[0, 1], held_time="14:05", **held)
    desk.act(SPECIAL, settled, "print-deed")
    desk.act(SPECIAL, settled, "sign-deed", signed_on="2026-12-18")
    return desk.act(SPECIAL, settled, "register", sheet_is_filed=True)


def stored(desk):
    return dump(desk.pool.url.render_as_string(hide_password=False))


def test_no_number_stands_in_the_tables_files_or_logs_of_the_registry(desk, tmp_path, capfd):
    for walked in (a_birth, a_death, a_marriage):
        walked(desk)
        desk.let_time_act()
    assert desk.one("SELECT count(*) FROM record WHERE status = 'registered'") == 3
    content = stored(desk)
    assert b"huwelijk-geregistreerd".hex().encode() in content  # facts lie as bytes, which a dump writes in hex
    assert b"Sanne Maria" in content  # a birth deed's mother: names do stand there, and the dump holds them
    assert found(NUMBERS, content) == []
    papers = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert papers
    for file in papers:
        assert found(NUMBERS, file.read_bytes()) == [], file.name
    logged = capfd.readouterr()
    assert found(NUMBERS, (logged.out + logged.err).encode()) == []


def test_the_dump_of_a_database_with_a_number_shows_it_as_text_and_as_bytes(desk):
    with desk.pool.begin() as connection:
        connection.execute(text("CREATE TABLE leak (written text, packed bytea, told jsonb)"))
        connection.execute(
            text("INSERT INTO leak VALUES (:text, convert_to(:bytes, 'UTF8'), jsonb_build_object('bsn', :json))"),
            {"text": f"van {BRAM}", "bytes": f"x{SOFIE}", "json": HENDRIK},
        )
    assert found(NUMBERS, stored(desk)) == [BRAM, SOFIE, HENDRIK]
