"""Files as people and ill-wishers send them, made on the spot."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, String
from PIL import Image

PHOTO = (400, 300)


def pdf(change: Callable[[pikepdf.Pdf], None] = lambda _: None, **saving: Any) -> bytes:
    """Return a PDF of one empty page, changed in some way."""
    document = pikepdf.new()
    document.add_blank_page()
    change(document)
    out = io.BytesIO()
    document.save(out, **saving)
    return out.getvalue()


def jpeg(size: tuple[int, int] = PHOTO, mode: str = "RGB", *, notes: bytes = b"") -> bytes:
    """Return a photo that tells where and with what it was taken, turned on its side; or with other notes (EXIF)."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter
    exif[0x010F] = "Fototoestel"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 13.0, 0.0), 3: "E", 4: (6.0, 54.0, 0.0)})
    out = io.BytesIO()
    Image.effect_noise(size, 40).convert(mode).save(out, "JPEG", exif=notes or exif, comment=b"geheim")
    return out.getvalue()


def png(size: tuple[int, int] = PHOTO, mode: str = "RGB") -> bytes:
    """Return a picture without anything on it."""
    out = io.BytesIO()
    Image.new(mode, size).save(out, "PNG")
    return out.getvalue()


def telephone_jpeg() -> bytes:
    """Return a JPEG with a second picture in it, as telephones make."""
    out = io.BytesIO()
    Image.new("RGB", PHOTO).save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (40, 30))])
    return out.getvalue()


def archive() -> bytes:
    """Return a ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("run.html", "<script>")
    return out.getvalue()


def pdf_and_archive() -> bytes:
    """Return a PDF that an archiver opens too: the PDF's end stands in the archive's comment."""
    end = b"\n%%EOF\n"
    packed = bytearray(archive())
    packed[-2:] = struct.pack("<H", len(end))
    return pdf() + b"%" + bytes(packed) + end


def acting(document: pikepdf.Pdf, action: Dictionary) -> None:
    """Let a document do something when it is opened."""
    document.Root.OpenAction = action


def with_script(document: pikepdf.Pdf) -> None:
    acting(document, Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))


def with_script_in_tree(document: pikepdf.Pdf) -> None:
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=pikepdf.Array()))


def with_program_behind_a_link(document: pikepdf.Pdf) -> None:
    later = Dictionary(S=Name.GoTo, Next=pikepdf.Array([Dictionary(S=Name.Launch, F=String("cmd.exe"))]))
    _annotated(document, Dictionary(Subtype=Name.Link, A=later))


def with_form_that_sends(document: pikepdf.Pdf) -> None:
    _annotated(document, Dictionary(Subtype=Name.Link, AA=Dictionary(U=Dictionary(S=Name.SubmitForm))))


def with_attachment(document: pikepdf.Pdf) -> None:
    document.attachments["a.exe"] = b"MZ"


def with_attachment_as_note(document: pikepdf.Pdf) -> None:
    _annotated(document, Dictionary(Subtype=Name.FileAttachment))


def with_film(document: pikepdf.Pdf) -> None:
    _annotated(document, Dictionary(Subtype=Name.RichMedia))


def with_xfa(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=pikepdf.Array(), XFA=document.make_stream(b"<xdp/>"))


def with_web_link(document: pikepdf.Pdf) -> None:
    action = Dictionary(S=Name.URI, URI=String("https://example.nl"))
    _annotated(document, Dictionary(Subtype=Name.Link, A=action))


def with_plain_form(document: pikepdf.Pdf) -> None:
    _annotated(document, document.make_indirect(Dictionary(Subtype=Name.Widget, FT=Name.Tx, T=String("name"))))
    document.Root.AcroForm = Dictionary(Fields=document.pages[0].Annots)


def _annotated(document: pikepdf.Pdf, annotation: Dictionary) -> None:
    annotation.Rect = pikepdf.Array([0, 0, 9, 9])
    document.pages[0].Annots = pikepdf.Array([annotation])


def written_by_hand(*objects: bytes) -> bytes:
    """Return a PDF of one page with these objects beside it, numbered from 4; the catalogue may point to them."""
    bodies = (
        b"<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>",
        *objects,
    )
    out, places = b"%PDF-1.4\n", [b"0000000000 65535 f \n"]
    for number, body in enumerate(bodies, 1):
        places.append(b"%010d 00000 n \n" % len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    size = len(places)
    table = b"xref\n0 %d\n%b" % (size, b"".join(places))
    return out + table + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))


def pdf_bomb(megabytes: int) -> bytes:
    """Return a small PDF whose list of objects unpacks to very much."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 1_000_000) for _ in range(megabytes)) + packer.flush()
    out = io.BytesIO(b"%PDF-1.5\n")
    out.seek(0, io.SEEK_END)
    places = []
    bodies = (
        b"<</Type/Catalog/Pages 2 0 R/X 5 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>",
        b"<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(packed), packed),
    )
    for number, body in enumerate(bodies, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    start = out.tell()
    rows = [(0, 0, 0), *((1, place, 0) for place in places), (2, 4, 0), (1, start, 0)]
    table = b"".join(bytes([kind]) + place.to_bytes(4, "big") + bytes([last]) for kind, place, last in rows)
    head = b"<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length %d>>" % len(table)
    out.write(b"6 0 obj\n%bstream\n%b\nendstream\nendobj\n" % (head, table))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()
