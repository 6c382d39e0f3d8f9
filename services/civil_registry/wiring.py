"""Puts an office together from settings: both processes of the civil registry have the same."""

from services.civil_registry.offering import read_offering
from services.civil_registry.office import Office
from services.civil_registry.paper_desk import PaperDesk
from services.civil_registry.processing import purposes
from services.civil_registry.secrets import Secrets
from services.civil_registry.settings import (
    RegistrySettings,
    read_paper_settings,
    read_test_persons_allowed,
)
from services.civil_registry.town import read_town, refuse_unknown_rooms
from services.messaging.clock import Clock
from services.messaging.settings import ProcessSettings


def open_office(settings: ProcessSettings, registry: RegistrySettings, clock: Clock) -> Office:
    """Return the office of an installation.

    Raises: SettingsError, DataFileError, TownError.
    """
    purposes()  # a wrong file stops the start, not the first look
    secrets = Secrets.of(settings.secret_key, settings.previous_secret_key)
    offering, town = read_offering(), read_town(registry.town_folder, secrets)
    refuse_unknown_rooms(offering.policies, town.rooms)
    return Office(
        secrets=secrets,
        offering=offering,
        town=town,
        desk=PaperDesk.of(read_paper_settings(), settings.secret_key, clock, previous=settings.previous_secret_key),
        test_persons=read_test_persons_allowed(),
    )
