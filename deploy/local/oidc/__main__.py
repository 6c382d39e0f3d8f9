"""`python -m deploy.local.oidc`: serves the simulated log-in until SIGTERM or SIGINT.

`BALIE_OIDC_URL` is how people reach it, `BALIE_OPS_PORT` where it listens (with its health), `BALIE_OPS_HOST` on which
address, `BALIE_PUBLIC_URL` where Balie is.
"""

import os
import signal
import threading
from datetime import UTC, datetime
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from deploy.local.oidc.accounts import read_accounts
from deploy.local.oidc.pages import make_app
from services.messaging.log import configure, get_logger
from services.messaging.settings import Environment, SettingsError

log = get_logger()


class _Silent(WSGIRequestHandler):
    """Says nothing of each request, and asks no name server who sent it."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Keep silent."""


def main() -> None:
    """Read the settings, serve."""
    env = Environment()
    configure(service="oidc", process="oidc", level=env.text("BALIE_LOG_LEVEL", "info"))
    if env.text("BALIE_ENVIRONMENT", "demo") == "production":
        raise SettingsError("BALIE_ENVIRONMENT is production: the simulated log-in lets everybody in and does not run.")
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # loopback, or between containers on one machine
    port = env.integer("BALIE_OPS_PORT", 18008)
    own_url = env.text("BALIE_OIDC_URL", f"http://127.0.0.1:{port}").rstrip("/")
    public_url = env.text("BALIE_PUBLIC_URL", "http://127.0.0.1:8080").rstrip("/")
    app = make_app(read_accounts(on=datetime.now(UTC).date()), own_url=own_url, public_url=public_url)
    host = env.text("BALIE_OPS_HOST", "127.0.0.1")
    server = make_server(host, port, app, threaded=True, request_handler=_Silent)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: threading.Thread(target=server.shutdown).start())
    log.info("started", port=server.server_port)
    server.serve_forever()
    log.info("stopped")


if __name__ == "__main__":
    try:
        main()
    except SettingsError as error:
        raise SystemExit(str(error)) from None
