"""Years of past visits in a minute: copies of one real visit, for every counter and every quarter of an hour.

The copies follow the schema: a new column is copied as it stands, and only what must differ is named here.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, Engine, text

from tests.bench.synthetic import CLOSES, MINUTES, OPENS, ZONE

_TABLES = ("appointment", "appointment_history", "line_day")
_PER_DAY = (CLOSES.hour - OPENS.hour) * 60 // MINUTES
_TICKS = MINUTES // 5

_PAST = f"""
SELECT n, line_id, "on", slot, md5('visit' || n)::uuid AS visit_id, starts_at,
       starts_at + INTERVAL '{MINUTES} minutes' AS ends_at
FROM (SELECT n, ids[1 + n / {_PER_DAY} % cardinality(ids)] AS line_id, n % {_PER_DAY} AS slot,
             current_date - 1 - n / {_PER_DAY} / cardinality(ids) AS "on"
      FROM generate_series(0, :visits - 1) AS n, (SELECT array_agg(id ORDER BY position) AS ids FROM line) AS lines
) AS places,
LATERAL (SELECT ("on" + TIME '{OPENS}' + slot * INTERVAL '{MINUTES} minutes') AT TIME ZONE '{ZONE.key}' AS starts_at)
    AS instants
"""
_VISIT = {
    "id": "visit_id",
    "calendar_uid": "md5('calendar' || n)::uuid",
    "reference": "'P' || lpad(to_hex(n), 7, '0')",
    "line_id": "past.line_id",
    "on": 'past."on"',
    "first_tick": f"{OPENS.hour * 12} + slot * {_TICKS}",
    "starts_at": "past.starts_at",
    "ends_at": "past.ends_at",
    "owned": "tstzrange(past.starts_at, past.ends_at)",
    "email": "n || '@bench.example'",
    "email_key": "decode(md5(n::text), 'hex')",
    "created_at": "past.starts_at - INTERVAL '7 days'",
    "booked_at": "past.starts_at - INTERVAL '7 days'",
    "expires_at": "past.starts_at - INTERVAL '7 days'",
}
_DEED = {
    "appointment_id": "visit_id",
    "at": "past.starts_at - INTERVAL '7 days'",
    "line_id": "past.line_id",
    "starts_at": "past.starts_at",
    "ends_at": "past.ends_at",
}
_DAY = {"on": 'past."on"', "free": "CAST(0 AS bit(288))"}


def grow_past(pool: Engine, visits: int) -> None:
    """Fill the past, day before day, with copies of the one visit that is there.

    Indexes and constraints, but primary keys, are laid down while filling and made anew afterwards.
    """
    with pool.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # no look-up per foreign key
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
        laid_down = [statement for table in _TABLES for statement in _lay_down(connection, table)]
        _copy(connection, "appointment", _VISIT, visits)
        _copy(connection, "appointment_history", _DEED, visits)
        _copy(connection, "line_day", _DAY, visits, only='same."on" = (SELECT max("on") FROM line_day) - 1')
        for statement in laid_down:
            connection.execute(text(statement))
    with pool.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))
        connection.execute(text("RESET statement_timeout"))


def _lay_down(connection: Connection, table: str) -> list[str]:
    """Drop what would be updated row by row, and return the statements that make it anew."""
    kept = connection.execute(
        text(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = CAST(:table AS regclass) AND contype IN ('u', 'x')"
        ),
        {"table": table},
    ).all()
    for name, _ in kept:
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    indexes = connection.execute(
        text(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = :table AND indexname NOT IN"
            " (SELECT conname FROM pg_constraint WHERE conrelid = CAST(:table AS regclass))"
        ),
        {"table": table},
    ).all()
    for name, _ in indexes:
        connection.execute(text(f"DROP INDEX {name}"))
    return [f"ALTER TABLE {table} ADD CONSTRAINT {name} {made}" for name, made in kept] + [made for _, made in indexes]


def _copy(connection: Connection, table: str, differing: Mapping[str, str], visits: int, *, only: str = "") -> None:
    """Copy each row of a table once for each past visit; with `only`, some rows once for each day of their counter."""
    columns = connection.execute(
        text(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = :table AND is_identity = 'NO' AND is_generated = 'NEVER' ORDER BY ordinal_position"
        ),
        {"table": table},
    ).scalars()
    names = list(columns)
    values = ", ".join(differing.get(name, f'same."{name}"') for name in names)
    where = f"WHERE {only} AND past.line_id = same.line_id AND past.slot = 0" if only else ""
    target = ", ".join(f'"{name}"' for name in names)
    connection.execute(
        text(
            f"INSERT INTO {table} ({target}) SELECT {values} FROM {table} AS same CROSS JOIN ({_PAST}) AS past {where}"
        ),
        {"visits": visits},
    )
