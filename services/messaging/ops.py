"""`/health/live`, `/health/ready` and `/metrics` of a process, on a port of its own, loopback by default."""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.messaging.settings import Environment

Check = Callable[[], bool]


def serve_ops(port: int | None, *, live: Check, ready: dict[str, Check]) -> None:
    """Serve health and metrics from a thread of its own; without a port, serve nothing.

    On the loopback address, unless BALIE_OPS_HOST names another one (in a container: 0.0.0.0).
    `ready` names each condition; all must hold. The answer lists them, so that a person sees which one does not.
    """
    if port is None:
        return

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._send(200, CONTENT_TYPE_LATEST, generate_latest())
            elif self.path == "/health/live":
                self._send_checks({"alive": live})
            elif self.path == "/health/ready":
                self._send_checks(ready)
            else:
                self._send(404, "application/json", b'{"status":"not found"}')

        def _send_checks(self, checks: dict[str, Check]) -> None:
            results = {name: check() for name, check in checks.items()}
            good = all(results.values())
            body = json.dumps({"status": "pass" if good else "fail", "checks": results}).encode()
            self._send(200 if good else 503, "application/json", body)

        def _send(self, status: int, content_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Probes are no news."""

    host = Environment().text("BALIE_OPS_HOST", "127.0.0.1")
    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, name="ops", daemon=True).start()
