"""Style sheet, script and fonts: addresses that change with the content, so that browsers may keep them for ever."""

import hashlib
from pathlib import Path

from flask import Flask, Response, current_app, request

_YEAR_SECONDS = 365 * 24 * 3600
_WEEK_SECONDS = 7 * 24 * 3600


class Files:
    """The static files and the municipality's own style sheet (`THEME_CSS`), with a mark of their content."""

    def __init__(self, app: Flask, *, theme_css: str) -> None:
        self.theme = Path(theme_css).read_text(encoding="utf-8") if theme_css else ""
        self.theme_mark = _mark(self.theme.encode())
        root = Path(app.static_folder or "")
        self.marks = {
            file.relative_to(root).as_posix(): _mark(file.read_bytes()) for file in root.rglob("*") if file.is_file()
        }


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:10]


def _files() -> Files:
    files: Files = current_app.extensions["balie_pages"].files
    return files


def static_address(name: str) -> str:
    """Return the address of a static file in its present content."""
    return f"/static/{name}?v={_files().marks[name]}"


def theme_address() -> str:
    """Return the address of the municipality's own style sheet; empty when there is none."""
    files = _files()
    return f"/theme.css?v={files.theme_mark}" if files.theme else ""


def theme() -> Response:
    """Answer the municipality's own style sheet."""
    return Response(_files().theme, content_type="text/css; charset=utf-8")


def cache_for_long(response: Response) -> Response:
    """Let browsers keep static files: for a year when the address holds their mark, else for a week."""
    if request.endpoint in ("static", "about.theme_css") and response.status_code < 400:  # noqa: PLR2004
        kept = _YEAR_SECONDS if "v" in request.args else _WEEK_SECONDS
        immutable = ", immutable" if "v" in request.args else ""
        response.headers["Cache-Control"] = f"public, max-age={kept}{immutable}"
    return response
