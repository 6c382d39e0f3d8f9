"""The mails that the town sent, as the local mail catcher keeps them."""

import time
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path


class Mailbox:
    """Reads the folder of the mail catcher. A message that was expected once is not handed out again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: set[str] = set()

    def messages(self, to: str) -> list[EmailMessage]:
        """Return all messages to an address, oldest first, seen or not."""
        return [message for _, message in self._files(to)]

    def expect(
        self, *, to: str, within: float = 60, matching: Callable[[EmailMessage], bool] = lambda _: True
    ) -> EmailMessage:
        """Return the oldest message to an address that was not returned before; wait for it."""
        deadline = time.monotonic() + within
        while True:
            for name, message in self._files(to):
                if name not in self._seen and matching(message):
                    self._seen.add(name)
                    return message
            if time.monotonic() > deadline:
                subjects = [message["Subject"] for message in self.messages(to)]
                raise AssertionError(f"no new mail to {to} within {within} s; there are: {subjects}")
            time.sleep(0.1)

    def _files(self, to: str) -> list[tuple[str, EmailMessage]]:
        found = []
        for file in sorted(self.folder.glob("*.eml")):
            message = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
            if to.lower() in (str(value).strip().lower() for value in message.get_all("X-Envelope-To", [])):
                found.append((file.name, message))
        return found
