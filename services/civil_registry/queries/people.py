"""Who somebody is, as the BRP knows it. The look is written down before the BRP is asked."""

from collections.abc import Mapping
from typing import Any

from services.civil_registry.domain.actor import Actor
from services.civil_registry.domain.errors import LookNotAllowed
from services.civil_registry.domain.looking import check_asker, is_partner, sees_whole
from services.civil_registry.domain.person import Person
from services.civil_registry.office import Office
from services.civil_registry.outside.brp import RESIDENT, Brp
from services.civil_registry.persons import told
from services.civil_registry.storage import looks
from services.messaging.errors import Refusal
from services.messaging.work import Reading


def look_up_person(
    reading: Reading, office: Office, brp: Brp, *, actor: Mapping[str, Any], bsn: str, purpose: str
) -> dict[str, Any]:
    """Return the person with a sealed number, or None when the BRP knows nobody by it.

    A resident gets himself, and of a present partner what a partner may see. No transaction is open meanwhile.

    Raises: Malformed (a number that was not sealed here), BsnInvalid, BsnTestRange, AssuranceTooLow, LookNotAllowed,
    Unavailable (the BRP is away).
    """
    who = office.actor(actor)
    number = office.read_bsn(bsn)
    look = _Look(reading, office, brp, who, purpose)
    try:
        check_asker(who, purpose=purpose)
        person = look.at(number) if sees_whole(who, number) else look.as_partner(number)
    except Refusal:
        look.note(number, looks.REFUSED)
        raise
    return {"person": None if person is None else told(person, office.secrets.sealer)}


class _Look:
    """One question about somebody by somebody."""

    def __init__(self, reading: Reading, office: Office, brp: Brp, who: Actor, purpose: str) -> None:
        self._reading = reading
        self._office = office
        self._brp = brp
        self._who = who
        self._purpose = purpose

    def at(self, number: str) -> Person | None:
        """Return somebody whole."""
        trace = self.note(number, looks.GRANTED)
        return self._brp.person(number, on_behalf_of=self._who.staff_id or RESIDENT, traceparent=trace)

    def as_partner(self, number: str) -> Person | None:
        """Return what a partner may see of somebody.

        Raises: LookNotAllowed (he is no present partner of who asks).
        """
        if not is_partner(self.at(self._who.subject), number):
            raise LookNotAllowed
        person = self.at(number)
        return None if person is None else person.as_partner_sees()

    def note(self, number: str, result: str) -> str:
        """Write down a look at somebody; return it as trace context."""
        return looks.note(
            self._reading,
            self._office.secrets,
            actor=self._who,
            purpose=self._purpose,
            record_id=None,
            persons=[number],
            result=result,
        )
