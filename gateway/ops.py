"""What operators see: health, metrics, one log line per request, and the id that ties everything together.

With several gunicorn workers each has its own figures, and a scrape sees one of them: set `PROMETHEUS_MULTIPROC_DIR`
then and serve a registry with prometheus_client's `MultiProcessCollector` in `metrics`.
"""

import re
import time
from functools import cache
from ipaddress import ip_address

from flask import Flask, Request, Response, abort, g, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest

from gateway.rpc import services
from services.messaging.log import correlation_id, get_logger, set_correlation

log = get_logger()

_CORRELATION = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_METHODS = frozenset(("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"))
_QUIET = frozenset(("/health/live", "/health/ready", "/metrics"))
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

requests_answered = Counter(
    "balie_http_requests_total", "Requests answered by the gateway.", ("route", "method", "status")
)
request_seconds = Histogram(
    "balie_http_request_seconds", "Time to answer a request.", ("route", "method"), buckets=_SECONDS
)


def register_ops(app: Flask) -> None:
    """Add correlation, the log line, the figures and the operators' routes."""
    app.before_request(_begin)
    app.after_request(_end)
    app.add_url_rule("/health/live", view_func=live)
    app.add_url_rule("/health/ready", view_func=ready)
    app.add_url_rule("/metrics", view_func=metrics)


def live() -> ResponseReturnValue:
    """Answer that the process runs."""
    return jsonify(status="pass", checks={"alive": True})


def ready() -> ResponseReturnValue:
    """Answer whether the services can be reached."""
    connected = services().connected
    status, code = ("pass", 200) if connected else ("fail", 503)
    return jsonify(status=status, checks={"rpc": connected}), code


def metrics() -> ResponseReturnValue:
    """Answer the figures, to our own networks only; to others this page does not exist."""
    try:
        inside = ip_address(request.remote_addr or "").is_private
    except ValueError:
        inside = False
    if not inside:
        abort(404)
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _begin() -> None:
    g.began = time.perf_counter()
    offered = request.headers.get("X-Correlation-ID", "")
    set_correlation(offered.lower() if _CORRELATION.fullmatch(offered) else str(services().clock.new_id()))


@cache
def _figures(route: str, method: str, status: int) -> tuple[Counter, Histogram]:
    """Return where such an answer is counted; to find them anew cost more than to count."""
    return requests_answered.labels(route, method, status), request_seconds.labels(route, method)


def _end(response: Response) -> Response:
    response.headers["X-Correlation-ID"] = correlation_id()
    asked: Request = request._get_current_object()  # type: ignore[attr-defined]
    rule = asked.url_rule
    route = rule.rule if rule else "unmatched"
    method = asked.method if asked.method in _METHODS else "other"
    seconds = time.perf_counter() - g.began if "began" in g else 0.0
    answered, took = _figures(route, method, response.status_code)
    answered.inc()
    took.observe(seconds)
    if route not in _QUIET:
        log.info(
            "http_request",
            route=route,
            method=method,
            status=response.status_code,
            duration_ms=round(seconds * 1000, 1),
        )
    return response
