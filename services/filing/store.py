"""A folder of encrypted files that loses nothing: whoever has an id can read that file, or hears that it is broken.

A file's id is a keyed hash of its content, so that the same content is one file and nobody who sees the disk can tell
which. It is written aside, flushed, given its name, and the folder is flushed: then the id is told, and never before.
"""

import hmac
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.filing.figures import files_stored, files_unreadable
from services.messaging.errors import Unavailable
from services.messaging.keys import derive_key
from services.messaging.log import get_logger
from services.messaging.settings import Secret

log = get_logger()

_FORMAT = b"BALIE1"
"""AES-256-GCM: a nonce of 12 bytes, then the media type, a line feed and the content, bound to the file's id."""
_NONCE_BYTES = 12
_ID_DIGITS = 64
_HEX = frozenset("0123456789abcdef")
_COMING, _ASIDE = "coming-in", "set-aside"


@dataclass(frozen=True, slots=True)
class File:
    """A file that lies in the store. `size` is that of its content, in bytes."""

    id: str
    size: int
    media_type: str


class FileUnreadable(Exception):
    """A file that was stored is missing or damaged: an operator brings it back from the back-up."""

    def __init__(self, file_id: str, reason: Literal["missing", "damaged"]) -> None:
        super().__init__(f"File {file_id} is {reason}.")
        self.file_id = file_id
        self.reason = reason


class FileStore:
    """The files below one folder. Threads and processes may share it; machines too, when the folder is shared."""

    def __init__(
        self, folder: Path, secret: Secret, *, token: Callable[[int], bytes], previous: Secret | None = None
    ) -> None:
        """`token` returns unguessable bytes. What was stored under the `previous` secret can still be read."""
        self._folder = folder
        self._names = derive_key(secret.reveal(), "file-names")
        secrets = [one for one in (secret, previous) if one is not None]
        self._ciphers = [AESGCM(derive_key(one.reveal(), "file-contents")) for one in secrets]
        self._token = token

    def put(self, content: bytes, media_type: str) -> File:
        """Return the file that holds this content from now on, come what may.

        It is written also when it is there already: so a damaged one is mended, and one that is about to be set aside
        as forgotten has a new date.

        Raises: Unavailable (the disk is full, read only or away).
        """
        file_id = self._id_of(content)
        nonce = self._token(_NONCE_BYTES)
        sealed = self._ciphers[0].encrypt(nonce, media_type.encode() + b"\n" + content, file_id.encode())
        try:
            self._write(file_id, _FORMAT + nonce + sealed)
        except OSError as error:
            log.error("file_not_stored", error=type(error).__name__, code=error.errno)
            raise Unavailable("Files cannot be kept at this moment.", retry_after_seconds=30) from None
        files_stored.inc()
        return File(file_id, len(content), media_type)

    def get(self, file_id: str) -> tuple[File, bytes]:
        """Return a file with its content, after checking that it is what was stored.

        Raises: FileUnreadable; Unavailable (the disk is away).
        """
        try:
            return self._open(file_id, self._path(file_id).read_bytes())
        except FileNotFoundError:
            unreadable = FileUnreadable(file_id, "missing")
        except FileUnreadable as error:
            unreadable = error
        except OSError as error:
            log.error("file_not_read", file_id=file_id, error=type(error).__name__, code=error.errno)
            raise Unavailable("Files cannot be read at this moment.", retry_after_seconds=30) from None
        files_unreadable.labels(unreadable.reason).inc()
        log.error("file_unreadable", file_id=file_id, reason=unreadable.reason)
        raise unreadable

    def ids(self) -> Iterator[str]:
        """Yield the ids of all files, in order."""
        for outer in sorted(entry for entry in self._folder.iterdir() if _is_hex(entry.name, 2)):
            for inner in sorted(entry for entry in outer.iterdir() if _is_hex(entry.name, 2)):
                yield from sorted(entry.name for entry in inner.iterdir() if _is_hex(entry.name, _ID_DIGITS))

    def written_at(self, file_id: str) -> datetime | None:
        """Return when a file was last written; None when it is not there."""
        with suppress(FileNotFoundError):
            return _written_at(self._path(file_id))
        return None

    # --- forgotten files

    def set_aside(self, file_id: str, *, before: datetime) -> bool:
        """Move a file out of the way that was last written before an instant; say whether it was moved.

        Whoever stores the same content meanwhile keeps it: either the file that is moved turns out to be new, and goes
        back, or a new one takes its place.
        """
        place, aside = self._path(file_id), self._folder / _ASIDE / file_id
        try:
            if _written_at(place) >= before:
                return False
            aside.parent.mkdir(mode=0o700, exist_ok=True)
            place.rename(aside)
            if _written_at(aside) >= before:
                aside.rename(place)
                return False
        except FileNotFoundError:
            return False
        os.utime(aside)  # from now on the days count after which it is gone for good
        _flush_folder(place.parent)
        _flush_folder(aside.parent)
        return True

    def bring_back(self, file_id: str) -> bool:
        """Undo `set_aside`; say whether there was anything to bring back."""
        try:
            (self._folder / _ASIDE / file_id).rename(self._path(file_id))
        except FileNotFoundError:
            return False
        _flush_folder(self._path(file_id).parent)
        return True

    def throw_away(self, *, before: datetime) -> int:
        """Delete what was set aside before an instant, and what was left half written; return how many files."""
        gone = 0
        for folder in (_ASIDE, _COMING):
            for entry in list((self._folder / folder).glob("*")):
                if _written_at(entry) < before:
                    entry.unlink(missing_ok=True)
                    gone += 1
        return gone

    # --- the inside

    def _id_of(self, content: bytes) -> str:
        return hmac.new(self._names, content, sha256).hexdigest()

    def _path(self, file_id: str) -> Path:
        if not _is_hex(file_id, _ID_DIGITS):
            raise ValueError("no id of a file")
        return self._folder / file_id[:2] / file_id[2:4] / file_id

    def _open(self, file_id: str, raw: bytes) -> tuple[File, bytes]:
        head = len(_FORMAT) + _NONCE_BYTES
        for cipher in self._ciphers if raw.startswith(_FORMAT) else ():
            with suppress(InvalidTag, ValueError):
                opened = cipher.decrypt(raw[len(_FORMAT) : head], raw[head:], file_id.encode())
                media_type, _, content = opened.partition(b"\n")
                return File(file_id, len(content), media_type.decode()), content
        raise FileUnreadable(file_id, "damaged")

    def _write(self, file_id: str, raw: bytes) -> None:
        place = self._path(file_id)
        coming = self._folder / _COMING
        coming.mkdir(mode=0o700, exist_ok=True)
        place.parent.parent.mkdir(mode=0o700, exist_ok=True)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=coming)
        try:
            with open(handle, "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(place)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        # upwards to the root each time: whoever made these folders may have died before he flushed them
        for folder in (place.parent, place.parent.parent, self._folder):
            _flush_folder(folder)


def _is_hex(name: str, digits: int) -> bool:
    return len(name) == digits and _HEX.issuperset(name)


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
