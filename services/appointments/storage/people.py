"""How many coming visits somebody has, and what staff did with a visit for a reason."""

from itertools import zip_longest
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Text, Uuid, bindparam, insert, text
from sqlalchemy.dialects.postgresql import ARRAY

from services.appointments.domain.appointment import Holder
from services.appointments.domain.person import Limits
from services.appointments.tables import staff_act
from services.messaging.work import Work

_LOCKS = ("lock_first", "lock_second", "lock_third")
LOCK = ", ".join(f"pg_advisory_xact_lock(:{lock})" for lock in _LOCKS)
"""Keeps the digests of somebody locked until the end of the transaction; they are always waited for in one order."""

MAY_HAVE_VISIT = "may_have_visit(:id, :email_key, :phone_key, :person_key, :limited, :most, :bound, :now)"
"""True when a visit of these digests is within the limits. It counts what is committed once they are locked."""

COUNTING_TYPES = {
    "lock_first": "bigint",
    "lock_second": "bigint",
    "lock_third": "bigint",
    "email_key": "bytea",
    "phone_key": "bytea",
    "person_key": "bytea",
    "limited": "text[]",
    "most": "integer[]",
    "bound": "text[]",
}

_LOCKED = text(f"SELECT {LOCK}")
_ALLOWED = text(f"SELECT {MAY_HAVE_VISIT}").bindparams(
    bindparam("id", type_=Uuid()),
    bindparam("limited", type_=ARRAY(Text)),
    bindparam("most", type_=ARRAY(Integer)),
    bindparam("bound", type_=ARRAY(Text)),
)


def counting(holder: Holder, limits: Limits) -> dict[str, Any]:
    """Return the values that `LOCK` and `MAY_HAVE_VISIT` need beside the visit's id and the time."""
    keys = (holder.email_key, holder.phone_key, holder.person_key)
    locks = sorted(int.from_bytes(key[:8], signed=True) for key in keys if key is not None)
    return {
        **dict(zip_longest(_LOCKS, locks)),
        "email_key": holder.email_key,
        "phone_key": holder.phone_key,
        "person_key": holder.person_key,
        "limited": [product_id for product_id, _ in limits.most_by_contact],
        "most": [most for _, most in limits.most_by_contact],
        "bound": list(limits.one_by_person),
    }


def lock_and_count(work: Work, visit_id: UUID, holder: Holder, limits: Limits) -> bool:
    """Say whether somebody may have this visit beside his other ones, and let him have no other until this work ends.

    The caller holds no counter's day: who waits for a person would make all wait who want that counter.
    """
    values = counting(holder, limits) | {"id": visit_id, "now": work.now}
    work.connection.execute(_LOCKED, {name: values.pop(name) for name in _LOCKS})
    return bool(work.connection.execute(_ALLOWED, values).scalar_one())


def note_staff_act(
    work: Work, visit_id: UUID, deed: str, *, staff_id: str, reason: str, before: Holder | None = None
) -> None:
    """Keep what staff did and why; `before` is whose visit it was."""
    work.connection.execute(
        insert(staff_act).values(
            appointment_id=visit_id,
            at=work.now,
            deed=deed,
            staff_id=staff_id,
            reason=reason,
            name_before=before and before.name,
            birth_on_before=before and before.birth_on,
            correlation_id=work.correlation_id,
        )
    )
