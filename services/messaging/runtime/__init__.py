"""Balie's Nameko: the only room that knows Nameko and eventlet. Import it before anything that opens a socket.

Nameko 2.14.1 gives the service class, its entrypoints and dependencies, and the container's life cycle. What it does
to messages is ours, because its own loses or repeats them (docs/decisions): nothing is acknowledged before it is
safe, nothing malformed kills a process, SIGTERM finishes what has begun.
"""

import warnings

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    import eventlet

    eventlet.monkey_patch()

from services.messaging.runtime.edges import Given, reacts_to, rpc_command, rpc_query
from services.messaging.runtime.serve import serve

__all__ = ["Given", "reacts_to", "rpc_command", "rpc_query", "serve"]
