"""The tables of the civil registry: only messaging's so far. What it offers is dated data, in `data/`."""

from sqlalchemy import MetaData

from services.messaging.tables import messaging_tables

metadata = MetaData()
messaging_tables(metadata)
