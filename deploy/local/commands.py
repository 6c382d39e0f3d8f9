"""What `make` offers: up, down, reset, logs, test, servers, env, run."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
import xmlrpc.client
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from types import FrameType

from deploy.local import place as places
from deploy.local.place import ROOT, Place
from deploy.local.ports import check_free
from deploy.local.processes import LOAD, MIGRATE, PROCESSES, processes
from deploy.local.progress import Trouble, say, step, tell_trouble
from deploy.local.servers import prepare_servers
from deploy.local.supervisor import STOP_SECONDS, Supervisor, Watch, end_leftovers
from deploy.local.waiting import broker_trouble, check_given, database_trouble, readiness_trouble, wait_until

SERVER_SECONDS = 60
READY_SECONDS = 120


class _Stopped(BaseException):
    """Somebody pressed Ctrl-C, or asked us to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


# --- up and down --------------------------------------------------------------------------------------------------


def up(arguments: Sequence[str]) -> int:
    """Start the whole town; stay until Ctrl-C, or return at once when ready with `--detach`."""
    began = time.monotonic()
    town = places.town()
    supervisor = Supervisor(town)
    if pid := supervisor.pid():
        raise Trouble(
            f"Balie is already running here (process {pid}). `make down` stops it, `make logs` shows what it says."
        )
    _stop_on_signals()
    try:
        start_town(town, supervisor)
        say(_addresses(town, time.monotonic() - began))
        if "--detach" in arguments:
            return 0
        _stay(supervisor)
    except _Stopped:
        pass
    except BaseException:
        _ignore_signals()
        supervisor.stop()
        raise
    _ignore_signals()
    with step("Stopped; the data stay for the next `make up`"):
        supervisor.stop()
    return 0


def start_town(town: Place, supervisor: Supervisor) -> None:
    """Start servers and processes of a place and wait until all are ready."""
    _prepare(town, supervisor)
    _wait_for_database(town, supervisor)
    with step("Databases are up to date"):
        _run_logged(town, MIGRATE, "migrate")
    _load(town)
    # they start while the broker still does, and wait for it by themselves
    supervisor.run([process.name for process in processes(town)])
    _wait_for_broker(town, supervisor)
    _wait_for_processes(town, supervisor)


def _prepare(place: Place, supervisor: Supervisor) -> None:
    place.make_folders()
    if leftovers := end_leftovers(place):
        say(f"         Ended {leftovers} processes that an earlier run left behind")
    check_free(place)
    check_given(place)
    servers = prepare_servers(place)
    supervisor.start(servers, processes(place))
    supervisor.run([server.name for server in servers])


def _wait_for_database(place: Place, supervisor: Supervisor) -> None:
    with step(f"PostgreSQL answers at {places.host_and_port(place.database_url)}"):
        wait_until(
            lambda: database_trouble(place.database_url),
            what="PostgreSQL",
            seconds=SERVER_SECONDS,
            check=Watch(supervisor).check,
            log=place.log("postgres"),
        )


def _wait_for_broker(place: Place, supervisor: Supervisor) -> None:
    with step(f"RabbitMQ answers at {places.host_and_port(place.amqp_url)}"):
        wait_until(
            lambda: broker_trouble(place.amqp_url),
            what="RabbitMQ",
            seconds=SERVER_SECONDS,
            check=Watch(supervisor).check,
            log=place.log("rabbitmq"),
        )


def _load(town: Place) -> None:
    """Load the demo town, when it was never loaded here or its files changed."""
    stamp = town.home / "loaded"
    data = places.fingerprint(ROOT / LOAD[-1], town.database_url, town.database_prefix)
    if stamp.exists() and stamp.read_text() == data:
        return
    with step("The demo town is loaded"):
        _run_logged(town, LOAD, "load")
    stamp.write_text(data)


def _wait_for_processes(town: Place, supervisor: Supervisor) -> None:
    running = processes(town)
    watch = Watch(supervisor)
    with step(f"{len(running)} processes are ready"):
        for process in running:
            wait_until(
                partial(readiness_trouble, process.ready_url(town)),
                what=process.name,
                seconds=READY_SECONDS,
                check=watch.check,
                log=town.log(process.name),
            )


def _run_logged(town: Place, command: Sequence[str], name: str) -> None:
    """Run a command of the town to its end, its output in a log.

    Raises: Trouble (it failed).
    """
    log = town.log(name)
    with log.open("wb") as output:
        argv = [sys.executable, *command[1:]]
        done = subprocess.run(argv, env=town.environment(), cwd=ROOT, stdout=output, stderr=output, check=False)
    if done.returncode:
        raise Trouble(f"`{shlex.join(command)}` failed (exit {done.returncode}).", log=log)


def _stay(supervisor: Supervisor) -> None:
    """Stay until a signal, telling which process ended and came back."""
    watch = Watch(supervisor)
    with suppress(OSError, xmlrpc.client.Error):  # nobody answers: it is stopping
        while supervisor.pid():
            for name in watch.look():
                say(f"         {name} ended and is started again; why: {_short(supervisor.place.log(name))}")
            _pause.wait(2)
    say("         `make down` was asked elsewhere, or the supervisor was killed")


_pause = threading.Event()


def _addresses(town: Place, seconds: float) -> str:
    mail = f"{_short(town.mail)}/ (one .eml each)" if town.given_mail is None else places.host_and_port(town.given_mail)
    login = "" if town.given_login else f"  (simulated, by {town.oidc_url}: one press on a test person)"
    return f"""
Balie is ready, after {seconds:.1f} s.

  Pages       {town.public_url}/  (English: {town.public_url}/en)
  Log in      {town.public_url}/inloggen{login}
  API         {town.public_url}/v1/openapi.json
  Mail        {mail}
  Timeline    make timeline EMAIL=somebody@example.org
  Logs        make logs, or {_short(town.home / "log")}/
  Stop        Ctrl-C here, or make down (data stay; make reset removes them)
"""


def _short(path: object) -> str:
    return str(path).removeprefix(f"{ROOT}/")


def down(_: Sequence[str]) -> int:
    """Stop the town."""
    supervisor = Supervisor(places.town())
    if supervisor.pid():
        with step("Stopped; the data stay for the next `make up`"):
            supervisor.stop()
    elif leftovers := end_leftovers(supervisor.place):
        say(f"Ended {leftovers} processes that an earlier run left behind.")
    else:
        say("Balie is not running.")
    return 0


def reset(_: Sequence[str]) -> int:
    """Stop the town and remove its data, mails, files and logs."""
    town = places.town()
    Supervisor(town).stop()
    end_leftovers(town)
    remove(town, keep={"test", "chaos", "chaos-cluster", "setup.lock"})
    say(_removed(town))
    return 0


def _removed(town: Place) -> str:
    """Return what was removed, and which servers of the caller still hold something."""
    given = {"databases": town.given_database, "queues": town.given_broker, "mails": town.given_mail}
    given["files"] = town.extra.get("BALIE_FILES")
    own = [what for what, address in given.items() if address is None] + ["logs"]
    listed = f"{', '.join(own[:-1])} and {own[-1]}" if len(own) > 1 else own[0]
    text = f"Removed the {listed} under .local/."
    if kept := [what for what, address in given.items() if address is not None]:
        return f"{text} Servers that you named yourself still hold their {' and '.join(kept)}."
    return f"{text} `make up` starts afresh."


def remove(place: Place, *, keep: set[str]) -> None:
    """Remove what a place holds, but the entries named in `keep`."""
    for entry in place.home.iterdir() if place.home.exists() else ():
        if entry.name in keep:
            continue
        if entry.is_symlink():
            shutil.rmtree(entry.resolve(), ignore_errors=True)
            entry.unlink()
        elif entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def logs(names: Sequence[str]) -> int:
    """Follow the logs of all processes, or of those named."""
    town = places.town()
    files = [town.log(name) for name in names] or sorted((town.home / "log").glob("*.log"))
    missing = [file.stem for file in files if not file.exists()]
    if missing or not files:
        known = ", ".join(process.name for process in PROCESSES)
        raise Trouble(f"There is no log of {', '.join(missing) or 'anything'} yet. Processes: {known}.")
    os.execvp("tail", ["tail", "-n", "20", "-F", *map(str, files)])


# --- servers for tests --------------------------------------------------------------------------------------------


def _start_test_servers(place: Place, supervisor: Supervisor) -> None:
    remove(place, keep={"secrets.env"})
    _prepare(place, supervisor)
    _wait_for_database(place, supervisor)
    _wait_for_broker(place, supervisor)


def test(arguments: Sequence[str]) -> int:
    """Run pytest on servers of its own; return pytest's exit code."""
    return _on_test_servers(["pytest", *arguments])


def measure(arguments: Sequence[str]) -> int:
    """Run a module that measures, on the servers of the tests; unless they run already, the database is durable."""
    return _on_test_servers(arguments, durable=True)


def _on_test_servers(module: Sequence[str], *, durable: bool = False) -> int:
    place = replace(places.test_servers(), durable=durable)
    supervisor = Supervisor(place)
    already = supervisor.pid() is not None
    _stop_on_signals()
    try:
        if not already:
            _start_test_servers(place, supervisor)
        return _run_to_its_end(module, place)
    except _Stopped:
        return 130
    finally:
        _ignore_signals()
        if not already:
            supervisor.stop()


def _run_to_its_end(module: Sequence[str], place: Place) -> int:
    """Run a module with the servers of the tests; when we are asked to stop, let it stop what it started."""
    argv = [sys.executable, "-m", *module]
    with subprocess.Popen(argv, env=_test_environment(place), cwd=ROOT) as child:
        try:
            return child.wait()
        except _Stopped as stopped:
            _ignore_signals()
            if stopped.number != signal.SIGINT:  # Ctrl-C reached pytest already
                child.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                child.wait(STOP_SECONDS)
            child.kill()
            raise
        finally:
            end_leftovers(replace(place, home=place.home / "city"))


def servers(arguments: Sequence[str]) -> int:
    """Start the test servers and leave them running (`servers down` stops them), so that pytest can be run by hand."""
    place = places.test_servers()
    supervisor = Supervisor(place)
    if "down" in arguments:
        supervisor.stop()
        end_leftovers(place)
        return 0
    if supervisor.pid() is None:
        try:
            _start_test_servers(place, supervisor)
        except BaseException:
            supervisor.stop()
            raise
    _print_exports(_test_environment(place))
    return 0


def _test_environment(place: Place) -> dict[str, str]:
    """Return what tests get: the servers, and nothing that a person set for a town."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BALIE_")}
    own = {name: value for name, value in place.environment().items() if name in _FOR_TESTS}
    return environment | own | {"BALIE_TEST_BASE_PORT": str(place.base_port)}


_FOR_TESTS = ("PYTHONPATH", "BALIE_SECRET_KEY", "BALIE_DATABASE_URL", "BALIE_DATABASE_PREFIX", "BALIE_AMQP_URL")


# --- the town's variables -----------------------------------------------------------------------------------------


def env(_: Sequence[str]) -> int:
    """Print the variables of the town, for `eval`."""
    _print_exports(places.town().environment())
    return 0


def run(arguments: Sequence[str]) -> int:
    """Run a Python module with the variables of the town: `run services.crm.timeline somebody@example.org`."""
    argv = [sys.executable, "-m", *arguments]
    return subprocess.run(argv, env=places.town().environment(), cwd=ROOT, check=False).returncode


def _print_exports(variables: dict[str, str]) -> None:
    for name, value in sorted(variables.items()):
        if name.startswith("BALIE_"):
            print(f"export {name}={shlex.quote(value)}")


# --- signals and entry --------------------------------------------------------------------------------------------


def _stop_on_signals() -> None:
    def stop(number: int, _: FrameType | None) -> None:
        raise _Stopped(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def _ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    command.__name__: command for command in (up, down, reset, logs, test, measure, servers, env, run)
}


def main() -> None:
    """Run the command that was asked for."""
    name, arguments = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else ("", [])
    if name not in COMMANDS:
        raise SystemExit(f"Usage: python -m deploy.local {'|'.join(COMMANDS)}")
    try:
        raise SystemExit(COMMANDS[name](arguments))
    except Trouble as trouble:
        tell_trouble(trouble)
        raise SystemExit(1) from None
