"""Codes that were mailed, and the address that each went to, as long as they live."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, update

from services.appointments.tables import mail_code
from services.messaging.work import Reading, Work


def add(work: Work, code_id: UUID, *, email: str, language: str, expires_at: datetime) -> None:
    """Keep to whom a code goes."""
    work.connection.execute(
        insert(mail_code).values(id=code_id, email=email, language=language, attempts=0, expires_at=expires_at)
    )


def count_to(reading: Reading, email: str) -> int:
    """Return how many codes to an address live."""
    counted = select(func.count()).where(
        func.lower(mail_code.c.email) == email.lower(), mail_code.c.expires_at > reading.now
    )
    return int(reading.connection.execute(counted).scalar_one())


def living(reading: Reading, code_id: UUID) -> Row[Any] | None:
    """Return a code that lives, or None."""
    found = select(mail_code).where(mail_code.c.id == code_id, mail_code.c.expires_at > reading.now)
    return reading.connection.execute(found).one_or_none()


def lock_living(work: Work, code_id: UUID) -> Row[Any] | None:
    """Return a code that lives, and keep others from trying it now; None when it does not live."""
    found = select(mail_code).where(mail_code.c.id == code_id, mail_code.c.expires_at > work.now)
    return work.connection.execute(found.with_for_update()).one_or_none()


def count_attempt(work: Work, code_id: UUID) -> None:
    """Count an attempt in vain."""
    work.connection.execute(
        update(mail_code).where(mail_code.c.id == code_id).values(attempts=mail_code.c.attempts + 1)
    )


def forget(work: Work, code_id: UUID) -> None:
    """Forget a code and its address."""
    work.connection.execute(delete(mail_code).where(mail_code.c.id == code_id))


def forget_expired(work: Work) -> int:
    """Forget the codes whose time is over, and return how many there were."""
    return work.connection.execute(delete(mail_code).where(mail_code.c.expires_at <= work.now)).rowcount
