"""Finds out, before anything starts, whether the ports are free."""

import socket

from deploy.local.place import HOST, Place
from deploy.local.processes import GATEWAY, processes
from deploy.local.progress import Trouble


def needed(place: Place) -> dict[int, str]:
    """Return the ports that a place listens on, with what for."""
    ports: dict[int, str] = {}
    if place.given_database is None:
        ports[place.database_port] = "PostgreSQL"
    if place.given_broker is None:
        ports |= {
            place.amqp_port: "RabbitMQ",
            place.distribution_port: "RabbitMQ's own traffic",
            place.epmd_port: "Erlang's port mapper",
        }
    if place.given_mail is None:
        ports[place.smtp_port] = "the mail catcher"
    if place.given_brp is None:
        ports[place.brp_port] = "the stand-in of the BRP"
    return ports | {process.ops_port(place): process.name for process in processes(place)}


def check_free(place: Place) -> None:
    """Check that nobody else listens on the ports of a place.

    Raises: Trouble (naming each port, and the variable that moves it).
    """
    taken = {port: purpose for port, purpose in needed(place).items() if not _free(port)}
    if not taken:
        return
    which = ", ".join(f"{port} ({purpose})" for port, purpose in taken.items())
    gateway = GATEWAY.ops_port(place)
    of_its_own = place.moved_by == "BALIE_BASE_PORT"  # the gateway's port has a variable of its own
    cures = []
    if of_its_own and gateway in taken:
        cures.append(f"BALIE_PORT={gateway + 1}")
    if not of_its_own or set(taken) - {gateway}:
        cures.append(f"{place.moved_by}={place.base_port + 1000}")
    raise Trouble(
        f"In use by another program on {HOST}: port {which}.\n"
        f"End that program, or choose other ports by putting {' '.join(cures)} before `make`."
    )


def _free(port: int) -> bool:
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((HOST, port))
        except OSError:
            return False
        return True
