"""Gunicorn's settings for the gateway. Threads, not workers, carry the load; a worker more needs shared limits."""

import os

bind = f"{os.environ.get('BALIE_BIND', '127.0.0.1')}:{os.environ.get('BALIE_PORT', '8080')}"
worker_class = "gthread"
workers = int(os.environ.get("BALIE_GATEWAY_WORKERS", "1"))
# more than three times BALIE_CALLS_AT_ONCE and 8 log-ins: one is always free to say that we are busy
threads = 72
timeout = 60
graceful_timeout = 20
keepalive = 15
# The gateway logs each request itself, by route and without addresses of people.
accesslog = None
errorlog = "-"
loglevel = "warning"
# No second door into the process.
control_socket_disable = True
