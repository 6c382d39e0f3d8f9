"""The shape of the secret link that opens an appointment without an account."""

from urllib.parse import quote

_PAGES_SPEAK = {"nl": "nl", "en": "en", "de": "en"}  # pages in German do not exist yet; mails do


def manage_link(public_url: str, language: str, reference: str, secret: str) -> str:
    """Return `<public_url>/<nl|en>/a/<reference without hyphen>/<secret>`.

    A GET on it changes nothing (mail scanners open links). Only it and its like for draws may hold a secret.
    """
    bare = quote(reference.replace("-", "").replace(" ", "").upper(), safe="")
    return f"{public_url.rstrip('/')}/{_PAGES_SPEAK[language]}/a/{bare}/{quote(secret, safe='')}"


def draw_request_link(public_url: str, language: str, request_id: object, secret: str) -> str:
    """Return `<public_url>/<nl|en>/l/<id of a request for a draw>/<secret>`; a GET on it changes nothing either."""
    page = f"{_PAGES_SPEAK[language]}/l/{quote(str(request_id), safe='')}/{quote(secret, safe='')}"
    return f"{public_url.rstrip('/')}/{page}"


def draw_link(public_url: str, language: str, draw_id: object) -> str:
    """Return where the result of a draw stands, and how to verify it."""
    words = {"nl": "loting/uitslag", "en": "en/draw/result"}[_PAGES_SPEAK[language]]
    return f"{public_url.rstrip('/')}/{words}/{quote(str(draw_id), safe='')}"


def grouped_number(number: str) -> str:
    """Return the number of a request for a draw as people read it aloud: `482 193 057`."""
    return " ".join(number[first : first + 3] for first in range(0, len(number), 3))


def book_link(public_url: str, language: str) -> str:
    """Return where a new appointment begins: Dutch lives at the root, English under `/en`."""
    return f"{public_url.rstrip('/')}/" + ("" if _PAGES_SPEAK[language] == "nl" else _PAGES_SPEAK[language])


def grouped_reference(reference: str) -> str:
    """Return a reference as people read it aloud: `K7Q2-MXD4`."""
    bare = reference.replace("-", "").replace(" ", "").upper()
    return "-".join(part for part in (bare[:4], bare[4:]) if part)


def verify_link(public_url: str, language: str) -> str:
    """Return where anybody can check a paper that we gave out."""
    return f"{public_url.rstrip('/')}/" + ("controle" if _PAGES_SPEAK[language] == "nl" else "en/verify")
