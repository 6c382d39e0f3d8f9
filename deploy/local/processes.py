"""The process list of Balie: what runs, by which command, and where it tells its health.

`make up`, the journeys of the tests and `deploy/compose` all run exactly this.
"""

import sys
from dataclasses import dataclass

from deploy.local.place import HOST, Place

_SERVICES = ("appointments", "civil_registry", "crm", "notifications")
_WITH_TIMERS = {"appointments": 31, "civil_registry": 32, "crm": 33, "notifications": 34}
_GATEWAY_BACKGROUND = 35


@dataclass(frozen=True, slots=True)
class Process:
    """One process. `ops_offset` is where it tells its health, above the base port; None: on the gateway's port."""

    name: str
    command: tuple[str, ...]
    ops_offset: int | None

    def argv(self) -> list[str]:
        """Return the command with the Python that runs this."""
        return [sys.executable, *self.command[1:]] if self.command[0] == "python" else list(self.command)

    def ops_port(self, place: Place) -> int:
        """Return the port on which the process tells its health."""
        return place.port if self.ops_offset is None else place.base_port + self.ops_offset

    def ready_url(self, place: Place) -> str:
        """Return the address that answers 200 once the process can do its work."""
        return f"http://{HOST}:{self.ops_port(place)}/health/ready"

    def environment(self, place: Place) -> dict[str, str]:
        """Return the variables that differ from process to process."""
        return {} if self.ops_offset is None else {"BALIE_OPS_PORT": str(self.ops_port(place))}


MAIL_CATCHER = Process("mailcatcher", ("python", "-m", "deploy.local.mailcatcher"), 6)
BRP = Process("brp", ("python", "-m", "deploy.local.brp"), 10)
OIDC = Process("oidc", ("python", "-m", "deploy.local.oidc"), 8)
STAND_INS = (MAIL_CATCHER, BRP, OIDC)
"""They stand for systems that are not ours: one of each, and none where the caller names the real one."""
GATEWAY = Process("gateway", ("python", "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "gateway.wsgi:app"), None)

PROCESSES: tuple[Process, ...] = (
    *STAND_INS,
    *(Process(service, ("python", "-m", f"services.{service}"), 11 + place) for place, service in enumerate(_SERVICES)),
    *(
        Process(f"{service}-relay", ("python", "-m", "services.relay", service), 21 + place)
        for place, service in enumerate(_SERVICES)
    ),
    *(
        Process(f"{service}-background", ("python", "-m", f"services.{service}.background"), offset)
        for service, offset in _WITH_TIMERS.items()
    ),
    Process("gateway-background", ("python", "-m", "gateway.background"), _GATEWAY_BACKGROUND),
    GATEWAY,
)

MIGRATE = ("python", "-m", "services.migrate")
LOAD = ("python", "-m", "services.appointments.load", "deploy/demo/enschede")


def processes(place: Place) -> tuple[Process, ...]:
    """Return what runs in a place: all, but those that stand for a system which the caller names."""
    given = {MAIL_CATCHER: place.given_mail, BRP: place.given_brp, OIDC: place.given_login or None}
    return tuple(process for process in PROCESSES if given.get(process) is None)
