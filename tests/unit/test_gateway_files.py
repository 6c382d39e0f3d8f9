"""How pages take files from people and send files back: wide doors for those that take files, narrow for all others."""

import io
import re
import threading

import pytest
from flask import Blueprint, jsonify, request

from gateway.app import create_app
from gateway.files import file_answer, received, refusal_words, takes_files
from services.filing.refusals import FileRefused
from services.filing.settings import FilingSettings
from tests import filing_samples as samples
from tests.unit.gateway_api_double import FarSide, settings

LARGEST = 300_000
JPEG = samples.jpeg()
ODD_NAME = "Verklaring van Zoë – arts.pdf"


@pytest.fixture
def make(tmp_path):
    """Return a gateway with a form that takes two files, one that takes none, and a door to what is stored."""

    def new(**changes):
        app = create_app(settings(filing=FilingSettings(tmp_path, largest_bytes=LARGEST), **changes), FarSide())
        forms = Blueprint("forms", __name__)

        @forms.post("/files")
        @takes_files(most=2)
        def take():
            try:
                return jsonify([vars_of(one) for one in received("file")])
            except FileRefused as refusal:
                return jsonify(code=refusal.code, words=refusal_words(refusal)), 422

        @forms.post("/words")
        def words():
            return jsonify(len(request.form.get("text", "")))

        @forms.get("/files/<file_id>")
        def send(file_id):
            return file_answer(file_id, file_name=request.args.get("name", "a.pdf"), shown="shown" in request.args)

        app.register_blueprint(forms)
        return app

    return new


def vars_of(one):
    return {name: getattr(one, name) for name in one.__slots__}


@pytest.fixture
def app(make):
    return make()


@pytest.fixture
def web(app):
    return app.test_client()


def form(*files, **fields):
    return fields | {"file": [(io.BytesIO(content), name) for content, name in files]}


def sends(web, *files, **fields):
    return web.post("/files", data=form(*files, **fields), content_type="multipart/form-data")


def on_disk(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_files_are_examined_stored_and_told_in_the_words_of_the_contract(web, tmp_path):
    content = samples.pdf()
    [pdf, photo] = sends(web, (content, "map/A-verklaring.PDF"), (JPEG, "foto.png")).json
    assert pdf == {
        "file_id": pdf["file_id"],
        "file_name": "A-verklaring.pdf",
        "media_type": "application/pdf",
        "size": len(content),
        "scan": "not-scanned",
    }
    assert (photo["file_name"], photo["media_type"]) == ("foto.jpg", "image/jpeg")
    assert len(on_disk(tmp_path)) == 2
    assert web.get(f"/files/{pdf['file_id']}").data == content


def test_no_chosen_file_is_no_file(web):
    assert sends(web).json == []
    assert sends(web, (b"", "")).json == []


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "file-empty", "Er staat niets in het bestand"),
        (b"<html>", "file-type", "Kies een PDF"),
        (samples.pdf(samples.with_script), "file-active", "Druk het af naar een nieuwe PDF"),
        (b"%PDF-1.7" + b"x" * LARGEST, "file-too-large", "Het bestand is te groot"),
    ],
)
def test_a_refusal_says_which_file_and_what_to_do(web, tmp_path, content, code, words):
    answer = sends(web, (samples.pdf(), "goed.pdf"), (content, "slecht.pdf"))
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert answer.json["words"].startswith("slecht.pdf: ")
    assert words in answer.json["words"]
    assert on_disk(tmp_path) == []  # the good one beside it is not kept either


def test_more_files_than_the_form_takes_are_refused(web):
    assert sends(web, *[(samples.pdf(), "a.pdf")] * 3).json["code"] == "too-many-files"


def test_a_form_that_is_larger_than_all_its_files_may_be_is_not_even_read(web):
    answer = sends(web, (b"x" * (2 * LARGEST + 70_000), "a.pdf"))
    assert answer.status_code == 413
    assert "Het bestand is te groot" in answer.get_data(as_text=True)


def test_the_words_beside_the_files_keep_a_narrow_limit(web):
    assert sends(web, (samples.pdf(), "a.pdf"), note="x" * 60_000).status_code == 200
    assert sends(web, (samples.pdf(), "a.pdf"), note="x" * 280_000).status_code == 413


@pytest.mark.parametrize("piece", [bytes(range(256)), b"\r\n", b"\r\n--", b"x"])
def test_a_file_of_any_bytes_is_read_up_to_its_limit(web, piece):
    answer = sends(web, ((piece * LARGEST)[:LARGEST], "a.pdf"))
    assert (answer.status_code, answer.json["code"]) == (422, "file-type")


def test_all_other_forms_keep_their_narrow_limit(web):
    assert web.post("/words", data={"text": "x" * 60_000}).json == 60_000
    assert web.post("/words", data={"text": "x" * 70_000}).status_code == 413


def test_a_body_without_a_length_is_refused(web):
    answer = web.post(
        "/files",
        input_stream=io.BytesIO(b"x" * 100),
        content_type="multipart/form-data; boundary=b",
        environ_overrides={"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True},
    )
    assert answer.status_code == 400


def test_who_sends_too_often_is_told_so_after_his_file_was_read(make):
    web = make(rate_uploads="1 per minute").test_client()
    assert sends(web, (samples.pdf(), "a.pdf")).status_code == 200
    body = io.BytesIO(b"x" * 200_000)
    answer = web.post("/files", input_stream=body, content_length=200_000, content_type="multipart/form-data")
    assert answer.status_code == 429
    assert body.read() == b""  # else a browser shows a broken connection instead of our answer


def test_only_so_many_forms_with_files_are_in_memory_at_once(make, monkeypatch):
    app = make(uploads_at_once=1)
    inside, go_on = threading.Event(), threading.Event()
    examiner = app.extensions["files"].examiner
    accept = examiner.accept

    def slow(content, name):
        inside.set()
        assert go_on.wait(30)
        return accept(content, name)

    monkeypatch.setattr(examiner, "accept", slow)
    answers = []
    one = threading.Thread(target=lambda: answers.append(sends(app.test_client(), (samples.pdf(), "a.pdf"))))
    one.start()
    assert inside.wait(30)
    busy = sends(app.test_client(), (samples.pdf(), "a.pdf"))
    assert (busy.status_code, "Retry-After" in busy.headers) == (503, True)
    go_on.set()
    one.join()
    assert answers[0].status_code == 200
    monkeypatch.undo()
    assert sends(app.test_client(), (samples.pdf(), "a.pdf")).status_code == 200  # the door is free again


def test_files_that_come_in_never_lie_on_a_disk_unencrypted(app, tmp_path):
    with app.test_request_context("/files", method="POST", data=form((b"x" * 600_000, "a.pdf"))):
        request.max_content_length = 10**6
        assert isinstance(request.files["file"].stream, io.BytesIO)


# --- sending


def test_a_file_is_sent_to_be_kept_or_looked_at_and_can_do_nothing(web):
    [file] = sends(web, (samples.pdf(), "a.pdf")).json
    answer = web.get(f"/files/{file['file_id']}?name=uittreksel-1A0123.pdf")
    headers = answer.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == "attachment; filename=uittreksel-1A0123.pdf"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cache-Control"] == "no-store, private"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert not {"ETag", "Last-Modified", "Accept-Ranges"} & set(headers.keys())
    shown = web.get(f"/files/{file['file_id']}?shown").headers["Content-Disposition"]
    assert shown == "inline; filename=a.pdf"


def test_the_kind_of_file_is_what_was_examined_and_not_what_its_name_says(web):
    [file] = sends(web, (JPEG, "a.html")).json
    assert web.get(f"/files/{file['file_id']}?name=a.html").headers["Content-Type"] == "image/jpeg"


def test_a_name_with_any_letters_reaches_the_browser(web):
    [file] = sends(web, (samples.pdf(), ODD_NAME)).json
    assert file["file_name"] == ODD_NAME
    disposition = web.get(f"/files/{file['file_id']}", query_string={"name": ODD_NAME}).headers["Content-Disposition"]
    assert "filename*=UTF-8''Verklaring%20van%20Zo%C3%AB" in disposition
    assert disposition.isascii()


@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: path.write_bytes(b"spoilt")])
def test_a_file_that_is_not_whole_any_more_gives_a_page_that_says_whom_to_call(web, tmp_path, spoil):
    [file] = sends(web, (samples.pdf(), "a.pdf")).json
    spoil(on_disk(tmp_path)[0])
    answer = web.get(f"/files/{file['file_id']}")
    assert answer.status_code == 500
    words = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    assert "Wij kunnen dit bestand niet laten zien" in words and "14 053" in words
