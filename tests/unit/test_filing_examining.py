"""What is taken from people: PDF, JPEG and PNG by what is in them, and nothing that acts, hides or cannot be read."""

import io
from contextlib import suppress

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from services.filing.examining import LONGEST_SIDE, examine
from services.filing.refusals import (
    FileDamaged,
    FileEmpty,
    FileEncrypted,
    FileHasActiveContent,
    FileRefused,
    FileTypeNotAllowed,
    ImageTooLarge,
)
from tests import filing_samples as samples

PDF = samples.pdf()
WHOLE = {"pdf": PDF, "jpeg": samples.jpeg(), "png": samples.png()}


def opened(content):
    return Image.open(io.BytesIO(content))


# --- pictures


def test_a_photo_keeps_what_is_seen_and_loses_where_it_was_taken():
    examined = examine(samples.jpeg())
    photo = opened(examined.content)
    assert examined.media_type == "image/jpeg"
    assert photo.size == (300, 400)  # upright, as the telephone meant it
    assert dict(photo.getexif()) == {}
    for secret in (b"geheim", b"Fototoestel", b"Exif"):
        assert secret not in examined.content


def test_what_stands_behind_a_photo_goes():
    assert b"<script>" not in examine(samples.jpeg() + b"<script>").content
    assert b"PK\x03\x04" not in examine(samples.png() + samples.archive()).content


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_kind_of_jpeg_becomes_one_that_browsers_show(mode):
    assert opened(examine(samples.jpeg(mode=mode)).content).mode == ("L" if mode == "L" else "RGB")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_stays_a_png(mode):
    examined = examine(samples.png(mode=mode))
    assert (examined.media_type, opened(examined.content).size) == ("image/png", samples.PHOTO)


def test_a_jpeg_of_a_telephone_with_two_pictures_is_taken_as_its_first():
    assert opened(examine(samples.telephone_jpeg()).content).size == samples.PHOTO


def test_a_photo_with_spoilt_notes_of_its_camera_is_taken():
    notes = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x02\0\xff\xff\xff\x00\x08\0\0\0\0\0\0\0"  # longer than the file
    assert opened(examine(samples.jpeg(notes=notes)).content).getexif() == {}


def test_a_large_photo_is_made_as_large_as_a_paper_needs():
    assert max(opened(examine(samples.jpeg((6000, 3000))).content).size) == LONGEST_SIDE


def test_a_picture_that_unpacks_to_too_much_is_refused_before_it_is_unpacked():
    bomb = samples.png((11_000, 11_000), mode="1")
    assert len(bomb) < 20_000
    with pytest.raises(ImageTooLarge):
        examine(bomb)


@pytest.mark.parametrize("content", [samples.jpeg()[:-2000], samples.jpeg()[:50], samples.png()[:60], b"\xff\xd8\xff"])
def test_half_a_picture_is_damaged(content):
    with pytest.raises(FileDamaged):
        examine(content)


# --- PDF


@pytest.mark.parametrize(
    "content",
    [
        PDF,
        PDF + b"\r\n\0\0",
        samples.pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate),
        samples.pdf(samples.with_web_link),
        samples.pdf(samples.with_plain_form),
    ],
)
def test_a_plain_pdf_is_kept_byte_for_byte(content):
    assert examine(content).content == content


@pytest.mark.parametrize(
    "change",
    [
        samples.with_script,
        samples.with_script_in_tree,
        samples.with_program_behind_a_link,
        samples.with_form_that_sends,
        samples.with_attachment,
        samples.with_attachment_as_note,
        samples.with_film,
        samples.with_xfa,
    ],
)
@pytest.mark.parametrize("packed", [pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate])
def test_a_pdf_that_acts_or_carries_something_is_refused(change, packed):
    with pytest.raises(FileHasActiveContent):
        examine(samples.pdf(change, object_stream_mode=packed))


@pytest.mark.parametrize(
    "objects",
    [
        [b"<</S/J#61vaScript/X(app.alert)>>"],
        [b"<</S/GoTo/Next[<</S/GoTo/Next<</S/L#61unch/F(cmd.exe)>>>>]>>"],
        [b"<</S/GoTo>>", b"<</S/JavaScript/X(nobody points to me)>>"],
        [b"<</S/GoTo>>", b"[[[<</#4aS(x)>>]]]"],
    ],
)
def test_a_script_is_found_however_it_is_spelt_and_wherever_it_lies(objects):
    with pytest.raises(FileHasActiveContent):
        examine(samples.written_by_hand(*objects))


def test_an_action_that_only_turns_to_a_page_is_no_harm():
    content = samples.written_by_hand(b"<</S/GoTo/D[3 0 R/Fit]>>")
    assert examine(content).content == content


@pytest.mark.parametrize("body", [b"[" * 100_000 + b"]" * 100_000, b"<</A (", b"<</A /B", b"<</A 1 /A 2>>"])
def test_what_a_program_has_to_guess_is_damaged(body):
    with pytest.raises(FileDamaged):
        examine(samples.written_by_hand(body))


@pytest.mark.parametrize("user", ["secret", ""])
def test_a_pdf_with_a_password_is_refused_also_when_it_only_forbids(user):
    with pytest.raises(FileEncrypted):
        examine(samples.pdf(encryption=pikepdf.Encryption(user=user, owner="owner")))


@pytest.mark.parametrize(
    "content",
    [
        PDF[:200],
        PDF[:200] + b"%%EOF",
        PDF.replace(b"0000000015", b"0000000099"),
        PDF + b"<html><script>",
        PDF + samples.archive(),
        b"%PDF-1.7\n%%EOF",
    ],
)
def test_a_pdf_that_programs_may_read_in_two_ways_is_damaged(content):
    with pytest.raises(FileDamaged):
        examine(content)


def test_a_pdf_that_is_an_archive_too_is_refused():
    with pytest.raises(FileTypeNotAllowed):
        examine(samples.pdf_and_archive())


def test_a_pdf_without_a_page_is_empty():
    document, out = pikepdf.new(), io.BytesIO()
    document.save(out)
    with pytest.raises(FileEmpty):
        examine(out.getvalue())


# --- anything else


@pytest.mark.parametrize(
    "content",
    [
        b"<html>",
        b"GIF89a" + PDF,
        b" " + PDF,
        samples.archive(),
        b"MZ\x90",
        b"\x00\x00\x00 ftypheic",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"RIFF\0\0\0\0WEBPVP8 ",
    ],
)
def test_other_kinds_of_file_are_refused_whatever_they_are_called(content):
    with pytest.raises(FileTypeNotAllowed):
        examine(content)


def test_nothing_is_refused_as_nothing():
    with pytest.raises(FileEmpty):
        examine(b"")


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["pdf", "jpeg", "png"]), st.floats(0, 1), st.binary(max_size=12), st.integers(0, 12))
def test_whatever_is_spoilt_in_a_file_it_is_taken_or_refused_and_never_an_accident(kind, where, new, gone):
    content = WHOLE[kind]
    place = int(where * (len(content) - 1))
    with suppress(FileRefused):
        examine(content[:place] + new + content[place + gone :])
