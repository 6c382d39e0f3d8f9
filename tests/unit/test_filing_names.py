"""Names of files as people gave them: readable, harmless, and with the ending of what is really inside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.filing.names import LONGEST_NAME, safe_name

PDF = "application/pdf"


@pytest.mark.parametrize(
    ("given_name", "media_type", "safe"),
    [
        ("Verklaring arts.pdf", PDF, "Verklaring arts.pdf"),
        ("scan.PDF", PDF, "scan.pdf"),
        ("foto.jpeg", "image/jpeg", "foto.jpg"),
        ("akte.exe", PDF, "akte.pdf"),
        ("akte.pdf.exe", PDF, "akte.pdf.pdf"),
        ("C:\\Users\\jan\\A-verklaring.pdf", PDF, "A-verklaring.pdf"),
        ("../../etc/passwd", PDF, "passwd.pdf"),
        ("", PDF, "document.pdf"),
        (".pdf", PDF, "document.pdf"),
        ("...", "image/png", "document.png"),
        ("een\r\nSet-Cookie: x.pdf", PDF, "x.pdf"),
        ("factuur\u202efdp.exe", PDF, "factuurfdp.pdf"),
        ("Ge\u0308boorte\u0000.pdf", PDF, "Gëboorte.pdf"),
        ('"aan; haling".png', "image/png", "aan haling.png"),
    ],
)
def test_a_name_is_made_safe(given_name, media_type, safe):
    assert safe_name(given_name, media_type) == safe


@given(st.text(max_size=400))
def test_whatever_comes_a_name_is_short_and_has_no_control_sign_and_no_folder(given_name):
    name = safe_name(given_name, PDF)
    assert len(name) <= LONGEST_NAME
    assert name.endswith(".pdf") and len(name) > 4
    assert not set(name) & set('/\\:"\r\n\0')
    assert name.isprintable()
