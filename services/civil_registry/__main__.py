"""The civil registry as a process: `python -m services.civil_registry`."""

from services.messaging.runtime import serve  # first: it makes the sockets of everything below green

# isort: split

from services.civil_registry.outside.brp import Brp
from services.civil_registry.service import CivilRegistryService
from services.civil_registry.settings import SERVICE, read_brp_settings, read_registry_settings, read_settings
from services.civil_registry.wiring import open_office
from services.messaging import log
from services.messaging.clock import SystemClock


def main() -> None:
    """Serve until told to stop."""
    settings = read_settings()
    log.configure(service=SERVICE, process="service", level=settings.log_level)
    office = open_office(settings, read_registry_settings(), SystemClock())
    given = {"office": office, "desk": office.desk, "brp": Brp(read_brp_settings())}
    serve(CivilRegistryService, settings=settings, given=given)


if __name__ == "__main__":
    main()
