"""Writes the mail that is due: asks whom it goes to and what it says, and puts both into one letter. Keeps nothing."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.messaging.clock import Clock
from services.messaging.errors import Malformed, Unavailable
from services.messaging.rpc_client import RpcFault
from services.notifications.catalogue import Catalogue
from services.notifications.domain.message import DISPENSABLE, AppointmentId, Kind, Message, Reason
from services.notifications.mail import Posted, posted
from services.notifications.record_wording import Unwanted, recipient_of, record_letter
from services.notifications.rendering import Letter, Templates
from services.notifications.settings import MailSettings
from services.notifications.storage import Proof
from services.notifications.wording import code_letter, draw_letter, letter_for


@dataclass(frozen=True, slots=True)
class Ready:
    """A mail that is ready, and for whom."""

    posted: Posted
    recipient: str
    proof: Proof


class CrmSilent(Exception):
    """Nobody can say whether the receiver lives; what can be missed waits until somebody can."""


class Writer:
    """Writes mails from what the other services know at this moment."""

    def __init__(self, *, catalogue: Catalogue, templates: Templates, settings: MailSettings, clock: Clock) -> None:
        self._catalogue = catalogue
        self._templates = templates
        self._settings = settings
        self._clock = clock

    def written(self, message: Message) -> Ready:
        """Return the mail.

        Raises: Unwanted, Unsendable, CrmSilent; Refusal (the contact data are gone), Unavailable, RpcFault, Malformed.
        """
        recipient, letter = self._letter(message)
        if message.kind in DISPENSABLE and self._has_died(recipient):
            raise Unwanted(Reason.DECEASED)
        rendered = self._templates.render(letter)
        ready = posted(message, letter, rendered, recipient=recipient, settings=self._settings, at=self._clock.now())
        content = "\0".join((rendered.subject, rendered.text, rendered.html)).encode()
        proof = Proof(self._templates.version, letter.language, ready.header_id, hashlib.sha256(content).digest())
        return Ready(ready, recipient, proof)

    def _letter(self, message: Message) -> tuple[str, Letter]:
        if message.is_about_record:
            return self._of_record(message)
        if message.kind is Kind.CODE:
            mailed = self._catalogue.mail_code(message.about)
            return mailed["email"], code_letter(mailed, answers_are_read=self._answers_are_read)
        if message.kind in (Kind.DRAW_ENTERED, Kind.DRAW_LOST):
            return self._of_draw(message)
        contact = self._catalogue.contact_of(AppointmentId(message.about))
        return contact["email"], self._of_visit(message, contact)

    def _of_visit(self, message: Message, contact: Mapping[str, Any]) -> Letter:
        return letter_for(
            message,
            contact,
            catalogue=self._catalogue,
            templates=self._templates,
            public_url=self._settings.public_url,
            answers_are_read=self._answers_are_read,
        )

    def _of_draw(self, message: Message) -> tuple[str, Letter]:
        if message.draw_id is None:
            raise ValueError("a message about a draw does not say which")
        contact = self._catalogue.draw_contact(message.about, message.draw_id)
        letter = draw_letter(
            message,
            contact,
            catalogue=self._catalogue,
            templates=self._templates,
            public_url=self._settings.public_url,
            answers_are_read=self._answers_are_read,
        )
        return contact["email"], letter

    def _of_record(self, message: Message) -> tuple[str, Letter]:
        contact = self._catalogue.contact_of_record(message.about)
        recipient = recipient_of(message, contact)
        letter = record_letter(
            message,
            contact,
            templates=self._templates,
            public_url=self._settings.public_url,
            answers_are_read=self._answers_are_read,
        )
        return recipient, letter

    def _has_died(self, recipient: str) -> bool:
        """Say whether the owner of an address is known to have died.

        Raises: CrmSilent (what can be missed waits, all else goes on).
        """
        try:
            return self._catalogue.has_died(recipient)
        except Malformed:
            return False  # an address that the CRM cannot read is nobody's there
        except (Unavailable, RpcFault) as error:
            raise CrmSilent from error

    @property
    def _answers_are_read(self) -> bool:
        return self._settings.reply_to is not None
