"""`python -m services.appointments`: answers requests about appointments."""

# The runtime is imported first: it makes the standard library green.
from services.messaging.runtime import serve

# isort: split

from services.appointments.codes import Codes
from services.appointments.links import Links
from services.appointments.lots import Lots
from services.appointments.people import People
from services.appointments.service import AppointmentsService
from services.appointments.settings import SERVICE, read_settings
from services.messaging.log import configure

if __name__ == "__main__":
    settings = read_settings()
    configure(service=SERVICE, process="service", level=settings.log_level)
    key = settings.secret_key
    given = {"links": Links.of(key), "lots": Lots.of(key), "codes": Codes.of(key), "people": People.of(key)}
    serve(AppointmentsService, settings=settings, given=given)
