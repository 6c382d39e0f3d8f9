"""One supervisord per place starts, restarts and stops every process; here its file is written and it is spoken to."""

import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import xmlrpc.client
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from supervisor.xmlrpc import SupervisorTransport

from deploy.local.place import ROOT, Place
from deploy.local.processes import GATEWAY, Process
from deploy.local.progress import Trouble
from deploy.local.servers import Server

STOP_SECONDS = 30
_START_SECONDS = 30
_LONGEST_SOCKET_PATH = 100
_ENDED_TOO_OFTEN = 3
MARK = "BALIE_SUPERVISED_IN"
"""The variable that only the processes of a place get, so that leftovers can be told."""

_HEAD = """\
; Made by `make up`; read by supervisord. Changes are overwritten.
[unix_http_server]
file={socket}
chmod=0700

[supervisord]
logfile={home}/log/supervisord.log
pidfile={home}/supervisord.pid
directory={root}
nodaemon=true
silent=true
{user}
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""

_PROGRAM = """
[program:{name}]
command={command}
directory={folder}
environment={environment}
autostart=false
autorestart=true
startsecs=1
startretries=1000
stopsignal={stop_signal}
stopwaitsecs={stop_seconds}
stopasgroup={as_group}
killasgroup=true
redirect_stderr=true
stdout_logfile={log}
stdout_logfile_maxbytes=5MB
stdout_logfile_backups=2
{user}"""

_GROUP = """
[group:{name}]
programs={programs}
priority={priority}
"""


def configuration(place: Place, servers: Sequence[Server], processes: Sequence[Process]) -> str:
    """Return supervisord's file. Groups stop in the order gateway, the rest, servers; each group all at once."""
    root_user = "user=root\n" if os.geteuid() == 0 else ""
    home = _escaped(str(place.home))
    text = [_HEAD.format(socket=_escaped(str(socket_path(place))), home=home, root=_escaped(str(ROOT)), user=root_user)]
    text += [_program(place, server.name, server.argv, server.environment, server=server) for server in servers]
    text += [_program(place, process.name, process.argv(), process.environment(place)) for process in processes]
    groups = {
        "servers": [server.name for server in servers],
        "town": [process.name for process in processes if process != GATEWAY],
        "front": [process.name for process in processes if process == GATEWAY],
    }
    for priority, (name, programs) in enumerate(groups.items(), start=1):
        if programs:
            text.append(_GROUP.format(name=name, programs=",".join(programs), priority=priority * 10))
    return "".join(text)


def _program(
    place: Place, name: str, argv: Sequence[str], environment: dict[str, str], *, server: Server | None = None
) -> str:
    return _PROGRAM.format(
        name=name,
        command=_escaped(shlex.join(argv)),
        folder=_escaped(str(server.folder if server and server.folder else ROOT)),
        environment=_escaped(",".join(f'{key}="{value}"' for key, value in environment.items())),
        stop_signal=server.stop_signal if server else "TERM",
        stop_seconds=STOP_SECONDS,
        # a server stops its own children, in the right order
        as_group="false" if server else "true",
        log=_escaped(str(place.log(name))),
        user=f"user={server.user}\n" if server and server.user else "",
    )


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def socket_path(place: Place) -> Path:
    """Return where supervisord listens; the kernel allows about 100 signs, so a long one goes by a link."""
    path = place.home / "supervisor.sock"
    if len(str(path)) <= _LONGEST_SOCKET_PATH:
        return path
    link = place.home / "run"
    if not link.exists():
        link.unlink(missing_ok=True)
        link.symlink_to(tempfile.mkdtemp(prefix="balie-"))
    return link.resolve() / "supervisor.sock"


@dataclass(frozen=True, slots=True)
class Supervisor:
    """The supervisord of a place."""

    place: Place

    def start(self, servers: Sequence[Server], processes: Sequence[Process]) -> None:
        """Start supervisord, in a session of its own so that Ctrl-C reaches only us. Its processes wait for `run`.

        Raises: Trouble (it ends at once, or does not answer in time; then it is ended).
        """
        file = self.place.home / "supervisord.conf"
        file.touch(mode=0o600)
        file.write_text(configuration(self.place, servers, processes))
        socket_path(self.place).unlink(missing_ok=True)
        log = self.place.log("supervisord")
        with log.open("ab") as output:
            started = subprocess.Popen(
                [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", file],
                env=self.place.environment() | {MARK: str(self.place.home)},
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if started.poll() is not None or time.monotonic() > deadline:
                _end(started)
                raise Trouble("The supervisor does not start. Its log says why.", log=log)
            time.sleep(0.05)

    def run(self, names: Sequence[str]) -> None:
        """Start programs, without waiting for them."""
        full = {info["name"]: f"{info['group']}:{info['name']}" for info in self.states()}
        for name in names:
            self._api().startProcess(full[name], False)

    def halt(self, name: str) -> None:
        """Stop one program and wait for its end; `run` starts it again."""
        full = {info["name"]: f"{info['group']}:{info['name']}" for info in self.states()}
        self._api().stopProcess(full[name], True)

    def states(self) -> list[dict[str, Any]]:
        """Return what supervisord knows about each program."""
        return cast(list[dict[str, Any]], self._api().getAllProcessInfo())

    def pid(self) -> int | None:
        """Return the process id of the running supervisord of this place, or None."""
        try:
            pid = int((self.place.home / "supervisord.pid").read_text())
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        return pid if str(self.place.home / "supervisord.conf").encode() in command else None

    def stop(self) -> None:
        """Stop every process and supervisord itself, and wait for their end."""
        pid = self.pid()
        if pid is None:
            return
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + 3 * STOP_SECONDS + 10
        while self.pid() is not None and time.monotonic() < deadline:
            _reap()
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            self._api().getState()
        except (OSError, xmlrpc.client.Error):
            return False
        return True

    def _api(self) -> Any:
        transport = SupervisorTransport(None, None, f"unix://{socket_path(self.place)}")
        return xmlrpc.client.ServerProxy("http://localhost", transport=transport).supervisor


class Watch:
    """Notices programs that end again and again, or that came back after an end."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._pids: dict[str, int] = {}
        self.ends: dict[str, int] = {}

    def look(self) -> list[str]:
        """Return the names of the programs that ended since the last look."""
        ended = []
        for info in self._supervisor.states():
            name, pid = info["name"], info["pid"]
            before = self._pids.get(name, 0)
            if before and pid != before:
                self.ends[name] = self.ends.get(name, 0) + 1
                ended.append(name)
            self._pids[name] = pid
        return ended

    def check(self) -> None:
        """Look, and give up when a program ends again and again.

        Raises: Trouble.
        """
        self.look()
        for name, times in self.ends.items():
            if times >= _ENDED_TOO_OFTEN:
                raise Trouble(f"{name} ended {times} times while starting.", log=self._supervisor.place.log(name))


def end_leftovers(place: Place) -> int:
    """End the processes that a supervisord which was killed left behind; return how many there were.

    They are known by a variable that only they got; PostgreSQL, which overwrites its own, by its folder.
    """
    found = {int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _is_ours(entry, place)}
    found.discard(os.getpid())
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT if number == signal.SIGTERM and _is_postgres(pid) else number)
        deadline = time.monotonic() + 10
        while any(_alive(pid) for pid in found) and time.monotonic() < deadline:
            time.sleep(0.1)
    return len(found)


def _is_ours(entry: Path, place: Place) -> bool:
    mark = f"{MARK}={place.home}".encode()
    data = (place.home / "postgres" / "data").resolve()
    with suppress(OSError):
        return mark in (entry / "environ").read_bytes().split(b"\0") or (
            _is_postgres(int(entry.name)) and (entry / "cwd").readlink() == data
        )
    return False


def _is_postgres(pid: int) -> bool:
    with suppress(OSError):
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (OSError, IndexError):
        return False
    return state != "Z"


def _end(started: subprocess.Popen[bytes]) -> None:
    """End a supervisord that nobody could speak to, so that the next `make up` finds none."""
    started.terminate()
    try:
        started.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        started.kill()
        started.wait()


def _reap() -> None:
    """Collect our own child, when supervisord was started by this process."""
    with suppress(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
