"""A stand-in for the BRP: serves test persons over the interface of Haal Centraal BRP Personen bevragen 2.7.

Nobody in it exists. `BALIE_BRP_PERSONS` is the file of people, `BALIE_BRP_API_KEY` the key that a caller must send,
`BALIE_BRP_HOST` and `BALIE_BRP_PORT` where it listens.
"""

import hmac
import json
import signal
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from deploy.local.brp_answers import PATH, Refused, answer
from deploy.local.brp_persons import read_persons
from services.messaging.log import configure, get_logger
from services.messaging.ops import serve_ops
from services.messaging.settings import Environment

PERSONS = Path(__file__).resolve().parents[1] / "demo" / "persons.yaml"

log = get_logger()


class _Silent(WSGIRequestHandler):
    """Says nothing of each request, and asks no name server who sent it."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Keep silent."""


def make_app(persons: Mapping[str, Mapping[str, Any]], api_key: str) -> Flask:
    """Return the interface to some people, for whoever sends the key."""
    app = Flask(__name__)

    @app.post(PATH)
    def personen() -> Response:
        if not hmac.compare_digest(request.headers.get("X-API-KEY", "").encode(), api_key.encode()):
            raise Refused(401, "Niet correct geauthenticeerd.", "authentication")
        if not request.accept_mimetypes.accept_json:
            raise Refused(406, "Gevraagde contenttype wordt niet ondersteund.", "notAcceptable")
        if request.mimetype != "application/json":
            raise Refused(415, "Media Type wordt niet ondersteund.", "unsupported")
        return _told(200, answer(request.get_json(silent=True), persons), "application/json")

    @app.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        return _told(error.status, error.document(), "application/problem+json")

    @app.errorhandler(HTTPException)
    def not_here(error: HTTPException) -> Response:
        told = {"title": error.name, "status": error.code, "code": "notFound", "instance": request.path}
        return _told(error.code or 500, told, "application/problem+json")

    return app


def _told(status: int, document: Mapping[str, Any], media_type: str) -> Response:
    return Response(json.dumps(document), status, mimetype=media_type)


def serve(app: Flask, host: str, port: int, **more: Any) -> BaseWSGIServer:
    """Return a server that listens; `serve_forever` serves, each connection in a thread of its own."""
    return make_server(host, port, app, threaded=True, request_handler=_Silent, **more)


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    env = Environment()
    configure(service="brp", process="brp", level=env.text("BALIE_LOG_LEVEL", "info"))
    persons = read_persons(Path(env.text("BALIE_BRP_PERSONS", str(PERSONS))))
    app = make_app(persons, env.text("BALIE_BRP_API_KEY"))
    server = serve(app, env.text("BALIE_BRP_HOST", "127.0.0.1"), env.integer("BALIE_BRP_PORT", 18009))
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: threading.Thread(target=server.shutdown).start())
    serve_ops(env.integer("BALIE_OPS_PORT", 0) or None, live=lambda: True, ready={"persons": lambda: bool(persons)})
    log.info("started", port=server.server_port)
    server.serve_forever()
    log.info("stopped")


if __name__ == "__main__":
    main()
