"""Mail domains as the network names them."""

import idna


def ascii_domain(domain: str) -> str:
    """Return a mail domain as A-labels: `straße.de` is `xn--strae-oqa.de`, and not its neighbour `strasse.de`.

    Python's own codec knows only the rules of 2003, under which ß and ss were one domain.
    Raises: UnicodeError (it is no domain). Source: RFC 5891, UTS 46.
    """
    return domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
