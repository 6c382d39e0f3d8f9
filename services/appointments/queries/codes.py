"""To whom a code goes; for the service that mails it, never for the public."""

from typing import Any
from uuid import UUID

from services.appointments.codes import Codes
from services.appointments.domain.errors import CodeOver
from services.appointments.storage import codes
from services.messaging.work import Reading


def mail_code(reading: Reading, mailed: Codes, *, code_id: UUID) -> dict[str, Any]:
    """Return a code with the address that it goes to.

    Raises: CodeOver.
    """
    found = codes.living(reading, code_id)
    if found is None:
        raise CodeOver
    return {"code_id": found.id, "email": found.email, "language": found.language, "code": mailed.code(found.id)}
