"""A mail server that delivers nothing: it keeps each message as a file, so that a person or a test can read it.

`BALIE_MAIL_FOLDER` gets one `.eml` per message, named by time; `BALIE_SMTP_PORT` is where it listens.
"""

import asyncio
import os
import signal
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from services.messaging.log import configure, get_logger
from services.messaging.ops import serve_ops
from services.messaging.settings import Environment

LARGEST_BYTES = 10_000_000

log = get_logger()


class Keeper:
    """Writes each message to a folder; a file appears there only when it is whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep one message, with its envelope as headers (a blind copy shows only there)."""
        arrived = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        name = f"{arrived}-{next(self._numbers):04d}.eml"
        part = self._folder / f"{name}.part"
        part.write_bytes(_envelope_headers(envelope) + bytes(envelope.original_content or b""))
        os.replace(part, self._folder / name)
        log.info("mail_kept", file=name)
        return "250 OK, kept"


def _envelope_headers(envelope: Envelope) -> bytes:
    lines = [f"X-Envelope-From: {envelope.mail_from}"]
    lines += [f"X-Envelope-To: {recipient}" for recipient in envelope.rcpt_tos]
    return "".join(f"{line}\r\n" for line in lines).encode()


async def run(folder: Path, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    folder.mkdir(parents=True, exist_ok=True)
    keeper = Keeper(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(keeper, hostname="mailcatcher", data_size_limit=LARGEST_BYTES, enable_SMTPUTF8=True, loop=loop),
        host,
        port,
    )
    stopping = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    log.info("started", port=port)
    async with server:
        await stopping.wait()
    log.info("stopped")


def main() -> None:
    """Read the settings, show health, serve."""
    env = Environment()
    configure(service="mailcatcher", process="mailcatcher", level=env.text("BALIE_LOG_LEVEL", "info"))
    folder = Path(env.text("BALIE_MAIL_FOLDER"))
    serve_ops(
        env.integer("BALIE_OPS_PORT", 0) or None,
        live=lambda: True,
        ready={"folder": lambda: os.access(folder, os.W_OK)},
    )
    asyncio.run(run(folder, env.text("BALIE_SMTP_HOST", "127.0.0.1"), env.integer("BALIE_SMTP_PORT", 18005)))


if __name__ == "__main__":
    main()
