"""Files that people send with a form, and files that are sent back to who logged in and may have them.

A view that takes files says so with `@takes_files`; all others keep the narrow limit of a form's size. What may be
taken and where it lies is `services.filing`'s business; who may have a file is asked of the service that knows, each
time, before `file_answer` is called.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any, TypeVar, cast

from flask import Flask, Request, Response, current_app, g, request, send_file
from werkzeug.datastructures import FileStorage

from gateway.api.faults import ProblemFound
from gateway.api.problems import PROBLEMS
from gateway.gates import Gate
from gateway.limits import uploads
from gateway.settings import GatewaySettings
from services.filing.accepting import Accepted, Examiner
from services.filing.refusals import FileRefused, TooManyFiles
from services.filing.scanning import Scanner
from services.filing.settings import FilingSettings
from services.filing.store import FileStore, FileUnreadable
from services.messaging.clock import Clock

View = TypeVar("View", bound=Callable[..., Any])

MOST_FILES = 5
_MARK = "balie_takes_files"
_PIECE = 64 * 1024
_WORDS = 4
"""How much wider the limit of a field of words is: the parser counts the piece of a file that it is reading too."""
_READ_ON = 4
"""How often the largest form we read to its end, only to be heard: a browser listens once it has sent everything."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that was taken and stored, in the words of `contracts.civil_registry.AddEvidence`."""

    file_id: str
    file_name: str
    media_type: str
    size: int
    scan: str
    """`clean` or `not-scanned`."""


class FileDesk:
    """What the gateway needs to take and send files. So many come in at once that memory holds them all."""

    def __init__(self, filing: FilingSettings, settings: GatewaySettings, clock: Clock) -> None:
        self.store = FileStore(
            filing.folder, settings.secret_key, token=clock.token, previous=settings.previous_secret_key
        )
        self.examiner = Examiner(largest_bytes=filing.largest_bytes, scanner=Scanner(filing.clamd))
        self.largest_bytes = filing.largest_bytes
        self.gate = Gate("uploads", at_once=settings.uploads_at_once, chance=lambda: clock.token(1)[0])


class FormRequest(Request):
    """A request whose files stay in memory: on a disk they would lie unencrypted."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()


def register_files(app: Flask, filing: FilingSettings | None) -> None:
    """Let the app take and send files. To be called before anything that reads a form: it widens the door for it."""
    settings, clock = cast(GatewaySettings, app.extensions["settings"]), app.extensions["services"].clock
    app.extensions["files"] = None if filing is None else FileDesk(filing, settings, clock)
    app.request_class = FormRequest
    app.before_request(_widen)
    app.teardown_request(_leave)


def takes_files(*, most: int = MOST_FILES) -> Callable[[View], View]:
    """Decorate a view for a form with files: at most so many, each as large as the settings say."""

    def mark(view: View) -> View:
        setattr(view, _MARK, most)
        return view

    return mark


def received(field: str) -> list[Uploaded]:
    """Return the files that came in a field, examined and stored; none when nobody chose one.

    All are examined before one is stored. Two of the same content are one file in the store.

    Raises: FileRefused (its fact `file_name` says which), Unavailable.
    """
    sent = chosen(field)
    if len(sent) > (_most() or 0):
        raise TooManyFiles
    accepted = list(_accepted(sent))
    stored = [(one, desk().store.put(one.content, one.media_type)) for one in accepted]
    return [Uploaded(file.id, one.name, file.media_type, file.size, one.scan) for one, file in stored]


def chosen(field: str) -> list[FileStorage]:
    """Return the files of a field as they were sent; a browser sends an empty one when nobody chose a file."""
    return [file for file in request.files.getlist(field) if file.filename]


def refusal_words(refusal: FileRefused) -> str:
    """Return why a file was not taken and what to do, in the language of the page."""
    known = PROBLEMS[refusal.code]
    name = refusal.facts.get("file_name")
    return f"{f'{name}: ' if name else ''}{known.title(g.lang)}. {known.cure(g.lang)}"


def file_answer(file_id: str, *, file_name: str, shown: bool = False) -> Response:
    """Return a stored file as a download, or (`shown`) to be looked at in a page of its own.

    The caller has asked the service whether this person may have it. Nothing in the file can act: no script, no form,
    no other address is allowed to it, and no cache keeps it.

    Raises: ProblemFound (the file is missing or damaged), Unavailable.
    """
    try:
        file, content = desk().store.get(file_id)
    except FileUnreadable:
        raise ProblemFound("file-unreadable") from None
    response = send_file(
        BytesIO(content),
        mimetype=file.media_type,
        as_attachment=not shown,
        download_name=file_name,
        etag=False,
        conditional=False,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def desk() -> FileDesk:
    """Return the desk of the app that handles the present request."""
    return cast(FileDesk, current_app.extensions["files"])


def _accepted(sent: list[FileStorage]) -> Iterator[Accepted]:
    for file in sent:
        name = file.filename or ""
        try:
            yield desk().examiner.accept(file.stream.read(), name)
        except FileRefused as refusal:
            refusal.facts["file_name"] = name[-80:]
            raise


def comes_with_files() -> bool:
    """Say whether this request is a form with files: it cannot be sent again from a page of ours."""
    return request.method == "POST" and _most() is not None


def _most() -> int | None:
    """Return how many files the view of this request takes; None when it takes none."""
    view = current_app.view_functions.get(request.endpoint or "")
    return cast(int | None, getattr(view, _MARK, None))


def _widen() -> None:
    """Let the body of a form with files in, before anything reads it. Who may not send it is heard out all the same.

    Raises: TooMany, Busy, ProblemFound.
    """
    most = _most()
    if most is None or request.method != "POST":
        return
    largest = desk().largest_bytes * most + current_app.config["MAX_CONTENT_LENGTH"]
    try:
        if request.content_length is None:
            raise ProblemFound("bad-request")
        if request.content_length > largest:
            raise ProblemFound("file-too-large")
        uploads.take()
        desk().gate.__enter__()
    except Exception:
        _read_to_the_end(largest * _READ_ON)
        raise
    g.inside_uploads = True
    request.max_content_length = largest
    request.max_form_memory_size = _WORDS * current_app.config["MAX_FORM_MEMORY_SIZE"]


def _leave(_: BaseException | None) -> None:
    if g.pop("inside_uploads", False):
        desk().gate.__exit__()


def _read_to_the_end(most_bytes: int) -> None:
    """Read a body that nobody wants: while it is being sent, browsers do not read answers."""
    left = min(request.content_length or 0, most_bytes)
    body = request.environ["wsgi.input"]
    while left > 0 and (piece := body.read(min(left, _PIECE))):
        left -= len(piece)
