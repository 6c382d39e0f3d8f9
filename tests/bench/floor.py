"""The floor: the least that a booking over HTTP can cost in this stack. No rules, no checks, no messages.

Bare Flask and SQLAlchemy Core; one request is two inserts in one transaction. It runs under the gateway's gunicorn.
"""

import os
from typing import Any
from uuid import uuid4

from flask import Flask, request
from sqlalchemy import create_engine, text

THREADS = 16
SCHEMA = """
DROP TABLE IF EXISTS floor_booking, floor_history;
CREATE TABLE floor_booking (
    id uuid PRIMARY KEY, location_id text NOT NULL, starts_at timestamptz NOT NULL, products jsonb NOT NULL
);
CREATE TABLE floor_history (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, booking_id uuid NOT NULL, deed text);
"""
_BOOKING = text("INSERT INTO floor_booking VALUES (:id, :location_id, :starts_at, CAST(:products AS jsonb))")
_HISTORY = text("INSERT INTO floor_history (booking_id, deed) VALUES (:id, 'hold')")


def create_app(database_url: str) -> Flask:
    """Return the app."""
    app = Flask("floor")
    pool = create_engine(database_url, pool_size=THREADS, max_overflow=0)

    @app.post("/bookings")
    def book() -> tuple[dict[str, Any], int]:
        asked = request.get_json()
        row = {
            "id": str(uuid4()),
            "location_id": asked["locationId"],
            "starts_at": asked["startsAt"],
            "products": app.json.dumps(asked["products"]),
        }
        with pool.begin() as connection:
            connection.execute(_BOOKING, row)
            connection.execute(_HISTORY, {"id": row["id"]})
        return {"id": row["id"], "startsAt": row["starts_at"]}, 201

    @app.get("/health/ready")
    def ready() -> dict[str, str]:
        return {"status": "pass"}

    return app


def app_here() -> Flask:
    """Return the app on the database that the environment names."""
    return create_app(os.environ["BENCH_FLOOR_DATABASE"])
