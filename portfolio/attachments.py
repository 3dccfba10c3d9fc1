"""Files from outside: PDF, PNG and JPEG, opened or re-encoded before they are stored.

Looking at the first bytes is not enough: a file can be a PDF and a ZIP at once. Images are drawn
anew; PDFs are opened, refused where they carry scripts, files or launches, and written anew.
"""

import hashlib
import io
import uuid
from pathlib import PurePath

import pikepdf
import puremagic
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image

from pages.identity_numbers import find_identity_number
from portfolio.models import Attachment, LearningActivity

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_PAGES = 200
MAX_FILES = 10  # per activity

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
SUFFIX = {PDF: ".pdf", PNG: ".png", JPEG: ".jpg"}
ACTIVE_KEYS = {"/JavaScript", "/JS", "/Launch", "/EmbeddedFiles", "/RichMedia", "/XFA", "/OpenAction"}


def store(activity: LearningActivity, upload: UploadedFile) -> Attachment:
    """Raises ValidationError, naming the file and what to do, where it cannot be kept."""
    name = PurePath(upload.name).name[:120]
    if find_identity_number(name):
        raise ValidationError(_("Filnavnet har et fødselsnummer. Gi filen et annet navn."))
    if activity.attachments.count() >= MAX_FILES:
        raise ValidationError(_("Aktiviteten har alt ti filer. Fjern en for å legge til en ny."))
    content, content_type = harmless(upload, name=name)
    attachment = Attachment(
        activity=activity,
        name=name,
        content_type=content_type,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    attachment.file.save(f"{uuid.uuid4().hex}{SUFFIX[content_type]}", ContentFile(content))
    return attachment


def harmless(upload: UploadedFile, *, name: str) -> tuple[bytes, str]:
    """The file written anew, and its content type."""
    if upload.size > MAX_BYTES:
        raise ValidationError(_("«%(name)s» er for stor. Grensen er 10 MB.") % {"name": name})
    original = upload.read()
    content_type = _sniff(original)
    try:
        if content_type == PDF:
            return _clean_pdf(original, name=name), PDF
        if content_type in (PNG, JPEG):
            return _redraw(original, content_type), content_type
    except (pikepdf.PdfError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError(
            _("«%(name)s» kan ikke leses. Lagre den på nytt og prøv igjen.") % {"name": name}
        ) from error
    raise ValidationError(
        _("«%(name)s» har feil filtype. Bruk PDF, PNG eller JPEG.") % {"name": name}
    )


def _sniff(content: bytes) -> str | None:
    try:
        return puremagic.from_string(content, mime=True)
    except (puremagic.PureError, ValueError):
        return None


def _clean_pdf(content: bytes, *, name: str) -> bytes:
    try:
        pdf = pikepdf.open(io.BytesIO(content))
    except pikepdf.PasswordError as error:
        raise ValidationError(
            _("«%(name)s» er låst med passord. Last opp en åpen utgave.") % {"name": name}
        ) from error
    with pdf:
        if len(pdf.pages) > MAX_PAGES:
            raise ValidationError(
                _("«%(name)s» har over 200 sider. Last opp bare det som trengs.") % {"name": name}
            )
        if _is_active(pdf):
            raise ValidationError(
                _("«%(name)s» har skript eller innebygde filer. Skriv den ut til PDF først.")
                % {"name": name}
            )
        written = io.BytesIO()
        pdf.save(written)
    return written.getvalue()


def _is_active(pdf: pikepdf.Pdf) -> bool:
    """Any object, however deep, that runs, launches or carries a file."""
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream):
            thing = thing.stream_dict
        if isinstance(thing, pikepdf.Dictionary) and _has_active_key(thing):
            return True
    return _has_active_key(pdf.Root)


def _has_active_key(thing: pikepdf.Dictionary, depth: int = 0) -> bool:
    if depth > 8:
        return False
    for key, value in thing.items():
        # /OpenAction may just name a page to open at; only an action dictionary runs something.
        if key in ACTIVE_KEYS and (key != "/OpenAction" or isinstance(value, pikepdf.Dictionary)):
            return True
        if key == "/S" and str(value) in {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData"}:
            return True
        if isinstance(value, pikepdf.Dictionary) and not value.is_indirect:
            if _has_active_key(value, depth + 1):
                return True
    return False


def _redraw(content: bytes, content_type: str) -> bytes:
    """The pixels alone: metadata, and whatever was hidden behind them, stay out."""
    with Image.open(io.BytesIO(content)) as image:
        if image.width * image.height > MAX_PIXELS:
            raise ValueError("too many pixels")
        written = io.BytesIO()
        if content_type == JPEG:
            image.convert("RGB").save(written, "JPEG", quality=90)
        else:
            image.convert("RGBA").save(written, "PNG")
    return written.getvalue()
