"""Files made to harm. Each is refused with its own message, or comes out without what it hid."""

import io
import struct
import zipfile
import zlib

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageFile
from PIL.PngImagePlugin import PngInfo

from portfolio import attachments
from portfolio.models import Attachment
from portfolio.services import activities
from tests.factories import make_activity, make_ward

MARKER = b"HIDDEN-PAYLOAD"

WRONG_KIND = "«fil» har feil filtype. Bruk PDF, PNG eller JPEG."
UNREADABLE = "«fil» kan ikke leses. Lagre den på nytt og prøv igjen."
ACTIVE = "«fil» har skript eller innebygde filer. Skriv den ut til PDF først."
LOCKED = "«fil» er låst med passord. Last opp en åpen utgave."
EMPTY = "«fil» er tom. Velg en annen fil."
TOO_LARGE = "«fil» er for stor. Grensen er 10 MB."
TOO_MANY_PAGES = "«fil» har over 200 sider. Last opp bare det som trengs."
TOO_MANY_PIXELS = "«fil» er for stort som bilde. Grensen er 40 megapiksler."


def cleaned(content: bytes) -> tuple[bytes, str]:
    return attachments.harmless(SimpleUploadedFile("fil", content), name="fil")


# --- What the files are made of ------------------------------------------------------------------


def image_file(format: str, *, size=(4, 3), **options) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, format, **options)
    return file.getvalue()


def pdf_file(change=None, *, pages: int = 1, **options) -> bytes:
    """A PDF of blank pages; `change` adds what makes it hostile."""
    file = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        if change:
            change(pdf)
        pdf.save(file, **options)
    return file.getvalue()


def zip_file() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("payload.txt", MARKER)
    return file.getvalue()


def action(kind: str, **more) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), **more)


def script() -> pikepdf.Dictionary:
    return action("JavaScript", JS=pikepdf.String("app.alert(1)"))


def opens_with(made_action):
    def change(pdf):
        pdf.Root.OpenAction = made_action

    return change


def script_on_leaving_a_page(pdf):
    pdf.pages[0].obj.AA = pikepdf.Dictionary(C=script())


def script_among_names(pdf):
    pdf.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=[pikepdf.String("a"), pdf.make_indirect(script())])
    )


def launch_behind_a_link(pdf):
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 10, 10],
        A=action("Launch", F=pikepdf.String("cmd.exe")),
    )
    pdf.pages[0].obj.Annots = pikepdf.Array([link])  # directly in the array, no object of its own


def action_after_another(pdf):
    pdf.Root.OpenAction = action("GoTo", D=[pdf.pages[0].obj, pikepdf.Name.Fit], Next=[script()])


def embedded_file(pdf):
    pdf.attachments["payload.exe"] = MARKER


def file_behind_a_pin(pdf):
    content = pdf.make_stream(MARKER)
    pin = pikepdf.Dictionary(
        Subtype=pikepdf.Name.FileAttachment,
        Rect=[0, 0, 10, 10],
        FS=pikepdf.Dictionary(Type=pikepdf.Name.Filespec, EF=pikepdf.Dictionary(F=content)),
    )
    pdf.pages[0].obj.Annots = pdf.make_indirect(pikepdf.Array([pin]))


def dynamic_form(pdf):
    pdf.Root.AcroForm = pikepdf.Dictionary(XFA=pdf.make_stream(b"<xdp/>"), Fields=[])


def content_from_another_file(pdf):
    stream = pdf.make_stream(b"")
    stream.stream_dict["/F"] = pikepdf.String("/etc/passwd")
    pdf.Root.Outside = stream


def written_with_escaped_names() -> bytes:
    return pdf_file(
        opens_with(script()), object_stream_mode=pikepdf.ObjectStreamMode.disable
    ).replace(b"/JavaScript", b"/J#61vaScript")


def png_head(width: int, height: int) -> bytes:
    """As many pixels as one likes in a few bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"

REFUSED = {
    "empty": (b"", EMPTY),
    "too large": (pdf_file() + b"\0" * attachments.MAX_BYTES, TOO_LARGE),
    "svg": (SVG, WRONG_KIND),
    "svg with xml head": (b'<?xml version="1.0"?>' + SVG, WRONG_KIND),
    "html": (HTML, WRONG_KIND),
    "gif": (image_file("GIF"), WRONG_KIND),
    "gif that is a script": (b"GIF89a/*" + MARKER + b"*/=0;alert(1)", WRONG_KIND),
    "webp": (image_file("WEBP"), WRONG_KIND),
    "tiff": (image_file("TIFF"), WRONG_KIND),
    "bmp": (image_file("BMP"), WRONG_KIND),
    "program": (b"MZ\x90\0\3\0\0\0" + b"\0" * 200, WRONG_KIND),
    "elf program": (b"\x7fELF\2\1\1\0" + b"\0" * 200, WRONG_KIND),
    "zip": (zip_file(), WRONG_KIND),
    "zip before a pdf": (zip_file() + pdf_file(), WRONG_KIND),
    "plain text": (b"Kari Nordmann", WRONG_KIND),
    "pdf in name only": (b"%PDF-1.7\n" + HTML, UNREADABLE),
    "pdf cut short": (pdf_file()[:40], UNREADABLE),
    "pdf without pages": (pdf_file(pages=0), UNREADABLE),
    "pdf of 201 pages": (pdf_file(pages=201), TOO_MANY_PAGES),
    "pdf with password": (
        pdf_file(encryption=pikepdf.Encryption(user="secret", owner="secret")),
        LOCKED,
    ),
    "pdf with script on opening": (pdf_file(opens_with(script())), ACTIVE),
    "pdf with script under an escaped name": (written_with_escaped_names(), ACTIVE),
    "pdf with script after a harmless action": (pdf_file(action_after_another), ACTIVE),
    "pdf with script on leaving a page": (pdf_file(script_on_leaving_a_page), ACTIVE),
    "pdf with script among its names": (pdf_file(script_among_names), ACTIVE),
    "pdf with script, packed": (
        pdf_file(opens_with(script()), object_stream_mode=pikepdf.ObjectStreamMode.generate),
        ACTIVE,
    ),
    "pdf that launches": (pdf_file(launch_behind_a_link), ACTIVE),
    "pdf that opens another file": (
        pdf_file(opens_with(action("GoToR", F=pikepdf.String("\\\\host\\share")))),
        ACTIVE,
    ),
    "pdf that sends a form": (
        pdf_file(opens_with(action("SubmitForm", F=pikepdf.String("https://example.org")))),
        ACTIVE,
    ),
    "pdf with a file in it": (pdf_file(embedded_file), ACTIVE),
    "pdf with a file behind a pin": (pdf_file(file_behind_a_pin), ACTIVE),
    "pdf with a dynamic form": (pdf_file(dynamic_form), ACTIVE),
    "pdf with content elsewhere": (pdf_file(content_from_another_file), ACTIVE),
    "png of 3.6 gigapixels": (png_head(60_000, 60_000), TOO_MANY_PIXELS),
    "png of 42 megapixels": (png_head(7_000, 6_000), TOO_MANY_PIXELS),
    "png cut short": (image_file("PNG", size=(400, 300))[:90], UNREADABLE),
    "png head with html": (b"\x89PNG\r\n\x1a\n" + HTML, UNREADABLE),
    "png head with postscript": (b"\x89PNG\r\n\x1a\n%!PS-Adobe-3.0 EPSF-3.0\n", UNREADABLE),
    "jpeg cut short": (image_file("JPEG", size=(400, 300))[:300], UNREADABLE),
}


@pytest.mark.parametrize("case", REFUSED)
def test_file_is_refused(case, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint leaves it
    content, message = REFUSED[case]

    with pytest.raises(ValidationError) as refused:
        cleaned(content)

    assert refused.value.messages == [message]


# --- Accepted, without what they hid -------------------------------------------------------------


def jpeg_with_comment() -> bytes:
    return image_file("JPEG", comment=b"<?php " + MARKER)


def jpeg_with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = MARKER.decode()
    return image_file("JPEG", exif=exif)


def png_with_text() -> bytes:
    info = PngInfo()
    info.add_text("Comment", MARKER.decode())
    return image_file("PNG", pnginfo=info)


def pdf_with_author(pdf):
    pdf.docinfo["/Author"] = MARKER.decode()
    with pdf.open_metadata() as metadata:
        metadata["dc:title"] = MARKER.decode()


def pdf_opening_at_a_page(pdf):
    pdf.Root.OpenAction = pikepdf.Array([pdf.pages[0].obj, pikepdf.Name.Fit])


def unlocked_but_encrypted() -> bytes:
    return pdf_file(encryption=pikepdf.Encryption(user="", owner="secret"))


ACCEPTED = {
    "pdf": (pdf_file(), attachments.PDF),
    "pdf that is a zip too": (pdf_file() + zip_file(), attachments.PDF),
    "pdf followed by html": (pdf_file() + HTML + MARKER, attachments.PDF),
    "pdf naming its author": (pdf_file(pdf_with_author), attachments.PDF),
    "pdf that opens at a page": (pdf_file(pdf_opening_at_a_page), attachments.PDF),
    "pdf encrypted without password": (unlocked_but_encrypted(), attachments.PDF),
    "png": (image_file("PNG"), attachments.PNG),
    "png that is a zip too": (image_file("PNG") + zip_file(), attachments.PNG),
    "png with text": (png_with_text(), attachments.PNG),
    "jpeg": (image_file("JPEG"), attachments.JPEG),
    "jpeg with a script in its comment": (jpeg_with_comment(), attachments.JPEG),
    "jpeg that tells its place": (jpeg_with_place(), attachments.JPEG),
    "jpeg followed by a program": (image_file("JPEG") + b"MZ" + MARKER, attachments.JPEG),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_file_is_written_anew(case):
    original, expected = ACCEPTED[case]

    content, content_type = cleaned(original)

    assert (content_type, MARKER in content, b"PK\3\4" in content) == (expected, False, False)


def test_cleaned_pdf_needs_no_password():
    content, _ = cleaned(unlocked_but_encrypted())

    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert (pdf.is_encrypted, len(pdf.pages)) == (False, 1)


def test_photo_from_a_telephone_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it a quarter

    content, _ = cleaned(image_file("JPEG", size=(40, 30), exif=exif))

    assert Image.open(io.BytesIO(content)).size == (30, 40)


@pytest.mark.parametrize(
    ("given", "content_type", "stored"),
    [
        ("kurs.pdf", attachments.PDF, "kurs.pdf"),
        ("Kursbevis.PDF", attachments.PDF, "Kursbevis.PDF"),
        ("bilde.jpeg", attachments.JPEG, "bilde.jpeg"),
        ("bilde.exe", attachments.PNG, "bilde.png"),
        ("bilde.png", attachments.JPEG, "bilde.jpg"),
        ("kurs.pdf.html", attachments.PDF, "kurs.pdf.pdf"),
        ("uten ending", attachments.PDF, "uten ending.pdf"),
        ("..\\..\\system.pdf", attachments.PDF, "system.pdf"),
        ("kurs\u202efdp.exe", attachments.PDF, "kursfdp.pdf"),
        ("æ" * 300 + ".pdf", attachments.PDF, "æ" * 116 + ".pdf"),
    ],
)
def test_name_ends_in_what_the_file_is(given, content_type, stored):
    assert attachments.safe_name(given, content_type) == stored


# --- Stored --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_stored_file_has_a_name_nobody_can_guess():
    ward = make_ward()
    activity = make_activity(ward=ward)
    upload = SimpleUploadedFile("../kursbevis.png", image_file("PNG"))

    attachment = activities.attach_file(activity, by=ward.trainee, upload=upload)

    stem, suffix = attachment.file.name.removeprefix("attachments/").split(".")
    assert (len(stem), suffix, attachment.name) == (32, "png", "kursbevis.png")


@pytest.mark.django_db
def test_file_name_with_an_identity_number_is_refused():
    ward = make_ward()
    activity = make_activity(ward=ward)
    upload = SimpleUploadedFile("notat 01010112377.png", image_file("PNG"))

    with pytest.raises(ValidationError) as refused:
        activities.attach_file(activity, by=ward.trainee, upload=upload)

    assert refused.value.messages == ["Filnavnet har et fødselsnummer. Gi filen et annet navn."]
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_eleventh_file_is_refused():
    ward = make_ward()
    activity = make_activity(ward=ward)
    for position in range(attachments.MAX_FILES):
        Attachment.objects.create(
            activity=activity, name=f"{position}.png", size_bytes=1, content_type=attachments.PNG
        )

    with pytest.raises(ValidationError) as refused:
        activities.attach_file(
            activity, by=ward.trainee, upload=SimpleUploadedFile("ny.png", image_file("PNG"))
        )

    assert refused.value.messages == [
        "Aktiviteten har allerede ti filer. Fjern en for å legge til en ny."
    ]
