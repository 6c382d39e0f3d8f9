"""What every command and question of the civil registry needs beside its work: the town's data and the secrets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.civil_registry.domain.actor import Actor, Level, Role
from services.civil_registry.domain.case import Officer
from services.civil_registry.offering import Offering
from services.civil_registry.secrets import Secrets
from services.civil_registry.town import Town

ZONE = ZoneInfo("Europe/Amsterdam")
_ROLE_OF_KIND = {"resident": Role.RESIDENT, "undertaker": Role.UNDERTAKER, "care-provider": Role.CARE_PROVIDER}


@dataclass(frozen=True, slots=True)
class Office:
    """One municipality's civil registry."""

    secrets: Secrets
    offering: Offering
    town: Town
    test_persons: bool = False
    """Whether the test persons of the BRP count as people (`settings.read_test_persons_allowed`)."""

    def actor(self, told: Mapping[str, Any]) -> Actor:
        """Return who acts, from what the gateway says of him.

        Raises: Malformed (a resident's number that was not sealed here).
        """
        if told["kind"] == "staff":
            roles = frozenset(Role(role) for role in told["roles"])
            return Actor(told["subject"], roles, Level.named(told["level"]))
        subject = self.secrets.sealer.open(told["subject"]) if told["kind"] == "resident" else told["subject"]
        return Actor(subject, frozenset({_ROLE_OF_KIND[told["kind"]]}), Level.named(told["level"]))

    def owner(self, actor: Actor) -> str:
        """Return whose the records are that an actor starts."""
        if actor.bsn:
            return self.secrets.digest(actor.bsn).hex()
        return f"staff:{actor.staff_id}" if actor.staff_id else f"kvk:{actor.subject}"

    def today(self, now: datetime) -> date:
        """Return the day at an instant, in the Netherlands."""
        return now.astimezone(ZONE).date()

    def officer(self, actor: Actor) -> Officer | None:
        """Return the appointment of a staff member as civil registrar, None when there is none."""
        return self.town.officers.get(actor.staff_id) if actor.staff_id else None
