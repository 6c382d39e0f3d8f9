"""Looks into a file that somebody sent: is it what we take, and nothing more? Pure; runs in a process of its own.

Pictures are drawn anew from their pixels: so goes everything that hides behind them, and where a telephone was held.
A PDF stays as it is, since it may be signed; so it has to be whole, alone and without anything that acts.
"""

import io
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
from PIL import Image, ImageOps, UnidentifiedImageError

from services.filing.refusals import (
    FileDamaged,
    FileEmpty,
    FileEncrypted,
    FileHasActiveContent,
    FileTypeNotAllowed,
    ImageTooLarge,
)

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
MEDIA_TYPES = (PDF, JPEG, PNG)

MOST_PIXELS = 100_000_000
Image.MAX_IMAGE_PIXELS = None  # ours is looked at before anything is unpacked; Pillow's own would only warn
LONGEST_SIDE = 3508
"""Of a picture that we keep: A4 at 300 dots per inch. A sheet is read well, and a clerk does not wait."""
_JPEG_QUALITY = 88
_BEGINNINGS = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))

_ACTS = frozenset(
    f"/{name}"
    for name in ("JavaScript", "Launch", "ImportData", "SubmitForm", "GoToE", "Rendition", "RichMediaExecute")
)
_CARRIES = frozenset(f"/{name}" for name in ("JS", "JavaScript", "EmbeddedFiles", "EF", "XFA", "RichMediaContent"))
_ANNOTATES = frozenset(f"/{name}" for name in ("FileAttachment", "RichMedia", "Movie", "Sound", "Screen", "3D"))
_PADDING = b"\r\n \t\0"
_END_OF_ZIP = b"PK\x05\x06"
_LONGEST_ZIP_COMMENT = 65_535
_ZIP_TAIL = 22


@dataclass(frozen=True, slots=True)
class Examined:
    """What may be kept: a PDF as it came, a picture as it was drawn anew."""

    content: bytes
    media_type: str


def examine(content: bytes) -> Examined:
    """Return what may be kept of a file.

    Raises: FileEmpty, FileTypeNotAllowed, FileDamaged, FileEncrypted, FileHasActiveContent, ImageTooLarge.
    """
    if not content:
        raise FileEmpty
    media_type = next((kind for beginning, kind in _BEGINNINGS if content.startswith(beginning)), None)
    if media_type is None:
        raise FileTypeNotAllowed
    if media_type == PDF:
        _look_into_pdf(content)
        return Examined(content, PDF)
    return Examined(_drawn_anew(content, media_type), media_type)


# --- pictures


def _drawn_anew(content: bytes, media_type: str) -> bytes:
    try:
        # also opens the JPEGs of telephones that hold a second picture ("MPO"); only the first is drawn
        with (
            warnings.catch_warnings(action="ignore"),
            Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture,
        ):
            if picture.width * picture.height > MOST_PIXELS:
                raise ImageTooLarge
            picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _written(upright, media_type)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error, EOFError):
        raise FileDamaged from None


def _written(picture: Image.Image, media_type: str) -> bytes:
    transparency = picture.info.get("transparency") if picture.mode == "P" else None
    picture.info = {} if transparency is None else {"transparency": transparency}
    out = io.BytesIO()
    if media_type == JPEG:
        plain = picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
        plain.save(out, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    else:
        picture.save(out, "PNG", optimize=True)
    return out.getvalue()


# --- PDF


def _look_into_pdf(content: bytes) -> None:
    _refuse_more_than_a_pdf(content)
    try:
        # no repairs: what is repaired by one program may be read in another way by the next
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False, suppress_warnings=True) as document:
            if document.is_encrypted:
                raise FileEncrypted
            if any(_acts(dictionary) for dictionary in _dictionaries(document)):
                raise FileHasActiveContent
            if document.get_warnings():  # something was guessed while all of it was read
                raise FileDamaged
            if not len(document.pages):
                raise FileEmpty
    except pikepdf.PasswordError:
        raise FileEncrypted from None
    except (pikepdf.PdfError, ValueError, RecursionError):
        raise FileDamaged from None


def _refuse_more_than_a_pdf(content: bytes) -> None:
    """Refuse what another program takes for something else: bytes after the end, and an archive's directory.

    Raises: FileDamaged, FileTypeNotAllowed.
    """
    if not content.rstrip(_PADDING).endswith(b"%%EOF"):
        raise FileDamaged
    tail = content[-(_LONGEST_ZIP_COMMENT + _ZIP_TAIL) :]
    at = tail.find(_END_OF_ZIP)
    while at >= 0:
        if at + _ZIP_TAIL <= len(tail) == at + _ZIP_TAIL + int.from_bytes(tail[at + 20 : at + _ZIP_TAIL], "little"):
            raise FileTypeNotAllowed
        at = tail.find(_END_OF_ZIP, at + 1)


def _dictionaries(document: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Yield every dictionary of a document, also those that nothing points to."""
    waiting: list[pikepdf.Object] = [document.trailer, *document.objects]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, pikepdf.Array):
            inner = list(thing)
        elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            yield thing
            inner = [value for _, value in thing.items()]
        else:
            continue
        # what has a number of its own is in the list already
        waiting.extend(one for one in inner if isinstance(one, pikepdf.Object) and not one.is_indirect)


def _acts(dictionary: pikepdf.Object) -> bool:
    if _CARRIES.intersection(dictionary.keys()):
        return True
    return str(dictionary.get("/S", "")) in _ACTS or str(dictionary.get("/Subtype", "")) in _ANNOTATES
