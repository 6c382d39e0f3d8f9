"""A QR code as part of the page: no file, no script, no third party."""

import segno
from markupsafe import Markup


def qr_picture(content: str, *, title: str) -> Markup:
    """Return a QR code as inline SVG with a title for screen readers."""
    picture = segno.make(content, error="m", micro=False)
    drawn = picture.svg_inline(scale=4, border=2, dark="#1b1b1b", light="#ffffff", title=title, omitsize=True)
    return Markup(drawn.replace("<svg ", '<svg role="img" ', 1))
