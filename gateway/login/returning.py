"""Where to go on after logging in: only to pages of our own, never where somebody else's link wants."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from gateway.pages.addresses import PARAMETERS, page_name

LONGEST = 300
_NO_PLACE_TO_RETURN = frozenset(("login", "logout", "logged_out", "stay", "problem"))
_WORDS = {word for name, words in PARAMETERS.items() if name != "notice" for word in words}


def safe_return(address: str) -> str:
    """Return an address that was handed to us, when it is a page of ours that can be looked at; else an empty text.

    What comes back is a path, with those words of its query that our pages know.
    """
    if not address.startswith("/") or len(address) > LONGEST:
        return ""
    try:
        parts = urlsplit(address)
        endpoint, _ = current_app.url_map.bind("").match(parts.path, method="GET")
    except (ValueError, HTTPException, RequestRedirect):
        return ""
    name = page_name(endpoint)
    if parts.scheme or parts.netloc or name is None or name in _NO_PLACE_TO_RETURN:
        return ""
    query = [(word, value) for word, value in parse_qsl(parts.query) if word in _WORDS]
    return parts.path + (f"?{urlencode(query)}" if query else "")
