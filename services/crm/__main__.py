"""The CRM as a process: `python -m services.crm`."""

from services.messaging.runtime import serve  # first: it makes the sockets of everything below green

# isort: split

from services.crm.digests import Digests
from services.crm.service import CrmService
from services.crm.settings import SERVICE, read_settings
from services.messaging import log


def main() -> None:
    """Serve until told to stop."""
    settings = read_settings()
    log.configure(service=SERVICE, process="service", level=settings.log_level)
    serve(CrmService, settings=settings, given={"digests": Digests.of(settings.secret_key)})


if __name__ == "__main__":
    main()
