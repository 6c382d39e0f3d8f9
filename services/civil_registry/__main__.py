"""The civil registry as a process: `python -m services.civil_registry`."""

from services.messaging.runtime import serve  # first: it makes the sockets of everything below green

# isort: split

from services.civil_registry.offering import read_offering
from services.civil_registry.service import CivilRegistryService
from services.civil_registry.settings import SERVICE, read_settings
from services.messaging import log


def main() -> None:
    """Serve until told to stop."""
    settings = read_settings()
    log.configure(service=SERVICE, process="service", level=settings.log_level)
    serve(CivilRegistryService, settings=settings, given={"offering": read_offering()})


if __name__ == "__main__":
    main()
