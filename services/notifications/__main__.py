"""Notifications as a process: `python -m services.notifications`. Mail leaves by the background process."""

from services.messaging.runtime import serve  # first: it makes the sockets of everything below green

# isort: split

from services.messaging import log
from services.notifications.service import NotificationsService
from services.notifications.settings import SERVICE, read_settings


def main() -> None:
    """Serve until told to stop."""
    settings = read_settings()
    log.configure(service=SERVICE, process="service", level=settings.log_level)
    serve(NotificationsService, settings=settings)


if __name__ == "__main__":
    main()
