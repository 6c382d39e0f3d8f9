"""The gateway under a WSGI server: `gunicorn -c deploy/gunicorn.conf.py gateway.wsgi:app`."""

import atexit

from gateway.app import create_app
from gateway.rpc import LateClient
from gateway.settings import GatewaySettings
from services.messaging import log

settings = GatewaySettings.read()
log.configure(service="gateway", process="gateway", level=settings.log_level)
_client = LateClient(settings.amqp_url.reveal(), name="gateway")
atexit.register(_client.close)
app = create_app(settings, _client)
