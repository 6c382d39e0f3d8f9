"""A code by mail before a place is held: somebody shows that he has a mailbox. It makes a robot's work dearer."""

from typing import Any
from uuid import UUID

from services.appointments.codes import Codes
from services.appointments.domain import mail_code
from services.appointments.storage import codes
from services.contracts import appointments as contracts
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()


def request_code(work: Work, *, email: str, language: str) -> dict[str, Any]:
    """Have a code mailed to an address. One that had enough codes gets no more for a while, and nobody is told so."""
    address = email.strip()
    code_id, expires_at = work.new_id(), work.now + mail_code.LIVES
    wanted = codes.count_to(work, address) < mail_code.MOST_PER_ADDRESS
    if wanted:
        codes.add(work, code_id, email=address, language=language, expires_at=expires_at)
        work.publish(contracts.CodeRequested, about=code_id, version=1, code_id=code_id, expires_at=expires_at)
        log.info("code_requested", code_id=code_id)
    return {"code_id": code_id, "expires_at": expires_at}


def check_code(work: Work, mailed: Codes, *, code_id: UUID, code: str) -> dict[str, Any]:
    """Say whether somebody typed the code that he was mailed. It is right once, and few attempts are counted.

    A wrong code is an answer and no refusal: the attempt must stay counted.
    """
    passed, attempts_left = tried(work, mailed, code_id=code_id, code=code)
    return {"passed": passed, "attempts_left": attempts_left}


def tried(work: Work, mailed: Codes, *, code_id: UUID, code: str, email: str | None = None) -> tuple[bool, int]:
    """Return whether a code is right, and how often it may still be tried; a right one is used up.

    With `email` it is only right when it was mailed to that address.
    """
    found = codes.lock_living(work, code_id)
    if found is None or found.attempts >= mail_code.MOST_ATTEMPTS:
        return False, 0
    same_address = email is None or found.email.casefold() == email.strip().casefold()
    if same_address and mailed.fits(code_id, code):
        codes.forget(work, code_id)
        return True, 0
    codes.count_attempt(work, code_id)
    return False, mail_code.MOST_ATTEMPTS - int(found.attempts) - 1
