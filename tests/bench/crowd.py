"""A lean crowd of visitors: one thread, one keep-alive connection per visitor, each asks again once it has its answer.

Its own CPU is the same whoever answers, so it is spent twice and cancels out in a ratio.
"""

import math
import select
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import NamedTuple

from deploy.local.place import HOST

_SILENCE_SECONDS = 60


class Answer(NamedTuple):
    """What one request got."""

    status: int
    seconds: float
    body: bytes
    step: int
    """0: a request of its own; 1: what followed upon its answer."""
    asked: bytes = b""


Follow = Callable[[Answer], bytes | None]


@dataclass
class Visit:
    """What a crowd saw."""

    seconds: float
    answers: list[Answer]

    @property
    def rate(self) -> float:
        """Requests per second."""
        return len(self.answers) / self.seconds

    @property
    def statuses(self) -> Counter[int]:
        return Counter(answer.status for answer in self.answers)


def request(method: str, path: str, *, body: bytes = b"", headers: str = "") -> bytes:
    """Return a request as bytes; `headers` are lines that each end in CRLF."""
    kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
    return (
        f"{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept: application/json\r\n{kind}{headers}\r\n".encode() + body
    )


class _Visitor:
    """One connection; speaks again after a server that closed it between two requests."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._request = b""
        self._received = b""
        self._step = 0
        self._began = 0.0
        self._connect()

    def fileno(self) -> int:
        return self._socket.fileno()

    def _connect(self) -> None:
        self._socket = socket.create_connection((HOST, self._port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, asked: bytes, *, step: int = 0) -> None:
        self._step, self._request, self._received = step, asked, b""
        self._began = time.perf_counter()
        try:
            self._socket.sendall(asked)
        except ConnectionError:
            self.ask_again()

    def ask_again(self) -> None:
        """Say the same on a new connection, when the old one was closed before anything came.

        Raises: ConnectionError (something had come).
        """
        if self._received:
            raise ConnectionError("the server ended in the middle of an answer")
        self._socket.close()
        self._connect()
        self._socket.sendall(self._request)

    def hear(self) -> Answer | None:
        """Return the answer once it is whole.

        Raises: ConnectionError (the server closed the connection).
        """
        if not (came := self._socket.recv(1 << 18)):
            raise ConnectionResetError
        self._received += came
        head, found, body = self._received.partition(b"\r\n\r\n")
        lowered = head.lower()
        if not found or len(body) < int(lowered.partition(b"content-length:")[2].partition(b"\r\n")[0]):
            return None
        answer = Answer(int(head[9:12]), time.perf_counter() - self._began, body, self._step, self._request)
        self._received = b""
        if b"connection: close" in lowered:
            self._socket.close()
            self._connect()
        return answer

    def leave(self) -> None:
        self._socket.close()


class _Crowd:
    """Visitors who wait for answers, by the number of their socket."""

    def __init__(self, requests: Iterable[bytes], follow: Follow, seconds: float) -> None:
        self._requests = iter(requests)
        self._follow = follow
        self._until = time.perf_counter() + seconds
        self._poll = select.poll()
        self.waiting: dict[int, _Visitor] = {}
        self.answers: list[Answer] = []

    def ask_next(self, visitor: _Visitor) -> None:
        """Let a visitor ask the next thing, when there is one and time is not up."""
        asked = next(self._requests, None) if time.perf_counter() < self._until else None
        if asked is not None:
            visitor.ask(asked)
            self._wait_for(visitor)

    def _wait_for(self, visitor: _Visitor) -> None:
        self.waiting[visitor.fileno()] = visitor
        self._poll.register(visitor.fileno(), select.POLLIN)

    def hear(self) -> None:
        """Wait until some visitors hear something.

        Raises: TimeoutError (nobody got an answer for a minute).
        """
        ready = self._poll.poll(_SILENCE_SECONDS * 1000)
        if not ready:
            raise TimeoutError(f"{len(self.waiting)} requests got no answer for {_SILENCE_SECONDS} s")
        for fileno, _ in ready:
            self._poll.unregister(fileno)
            visitor = self.waiting.pop(fileno)
            try:
                answer = visitor.hear()
            except ConnectionError:
                answer = None
                visitor.ask_again()
            if answer is None:
                self._wait_for(visitor)
            else:
                self._go_on(visitor, answer)

    def _go_on(self, visitor: _Visitor, answer: Answer) -> None:
        self.answers.append(answer)
        if (following := self._follow(answer)) is None:
            self.ask_next(visitor)
        else:
            visitor.ask(following, step=answer.step + 1)
            self._wait_for(visitor)


def drive(
    ports: Sequence[int],
    requests: Iterable[bytes],
    *,
    clients: int = 32,
    seconds: float = math.inf,
    follow: Follow = lambda answer: None,
) -> Visit:
    """Return what a crowd saw that asked all requests, or as many as began within a time, spread evenly over ports.

    `follow` returns what a visitor asks next because of an answer; None: the next of the requests.
    """
    visitors = [_Visitor(port) for port in islice(cycle(ports), clients)]
    crowd = _Crowd(requests, follow, seconds)
    began = time.perf_counter()
    for visitor in visitors:
        crowd.ask_next(visitor)
    while crowd.waiting:
        crowd.hear()
    took = time.perf_counter() - began
    for visitor in visitors:
        visitor.leave()
    return Visit(took, crowd.answers)
