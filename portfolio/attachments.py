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
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Sum
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps

from pages.identity_numbers import find_identity_number
from portfolio.active_content import is_active
from portfolio.models import Attachment, Document, LearningActivity, Training
from portfolio.scans import JPEG, MAX_PAGES, PDF, PNG, UNREADABLE

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_FILES = 10  # per activity
MAX_TOTAL_BYTES = 300 * 1024 * 1024  # per training: a dossier with all of it can be checked

SUFFIX = {PDF: ".pdf", PNG: ".png", JPEG: ".jpg"}
SUFFIXES = {PDF: {".pdf"}, PNG: {".png"}, JPEG: {".jpg", ".jpeg"}}
READERS = {PNG: ["PNG"], JPEG: ["JPEG", "MPO"]}  # no other of Pillow's readers sees the bytes


def store(activity: LearningActivity, upload: UploadedFile) -> Attachment:
    """Raises ValidationError, naming the file and what to do, where it cannot be kept."""
    require_harmless_name(upload.name)
    if activity.attachments.count() >= MAX_FILES:
        raise ValidationError(
            _("Aktiviteten har allerede ti filer. Fjern en for å legge til en ny.")
        )
    content, content_type = harmless(upload, name=PurePath(upload.name).name)
    sha256 = hashlib.sha256(content).hexdigest()
    if kept := activity.attachments.filter(sha256=sha256).first():
        return kept  # the same file twice, such as by a double submit
    require_room(activity.training, len(content))
    attachment = Attachment(
        activity=activity,
        name=safe_name(upload.name, content_type),
        content_type=content_type,
        size_bytes=len(content),
        sha256=sha256,
    )
    put(attachment.file, content, content_type)
    attachment.save()
    return attachment


def require_room(training: Training, size: int, *, instead_of: Document | None = None) -> None:
    """All that a dossier would carry along stays below what can be made, sent and checked."""
    documents = training.documents.standing()
    if instead_of:
        documents = documents.exclude(pk=instead_of.pk)
    attached = Attachment.objects.filter(activity__training=training)
    taken = sum(rows.aggregate(sum=Sum("size_bytes"))["sum"] or 0 for rows in (documents, attached))
    if taken + size > MAX_TOTAL_BYTES:
        raise ValidationError(
            _(
                "Mappen har ikke plass til filen: alle filene kan til sammen være høyst 300 MB. "
                "Trekk tilbake dokumenter du ikke trenger, eller last opp en mindre fil."
            )
        )


def put(field: FieldFile, content: bytes, content_type: str) -> None:
    """The content of a row that is to be saved."""
    folder = PurePath(field.field.upload_to).name
    field.name = write(folder, content, content_type)


def write(folder: str, content: bytes, content_type: str) -> str:
    """Onto the disk under a name nobody can guess: whole, or not at all."""
    path = f"{folder}/{uuid.uuid4().hex}{SUFFIX[content_type]}"
    try:
        return default_storage.save(path, ContentFile(content))
    except OSError as error:
        default_storage.delete(path)
        raise ValidationError(
            _("Filen kunne ikke lagres nå. Prøv igjen om litt, og si fra hvis det skjer igjen.")
        ) from error


def require_harmless_name(name: str) -> None:
    if find_identity_number(name):
        raise ValidationError(_("Filnavnet har et fødselsnummer. Gi filen et annet navn."))


def safe_name(name: str, content_type: str) -> str:
    """The file's own name, with the ending of what it is: «bilde.exe» is stored as «bilde.png»."""
    path = PurePath(PurePath(name.replace("\\", "/")).name)
    kept = path.suffix.lower() in SUFFIXES[content_type]
    suffix = path.suffix if kept else SUFFIX[content_type]
    stem = "".join(character for character in path.stem if character.isprintable())
    return f"{stem[: 120 - len(suffix)]}{suffix}"


def harmless(upload: UploadedFile, *, name: str) -> tuple[bytes, str]:
    """The file written anew, and its content type."""
    if upload.size > MAX_BYTES:
        raise ValidationError(_("«%(name)s» er for stor. Grensen er 10 MB.") % {"name": name})
    original = upload.read()
    if not original:
        raise ValidationError(_("«%(name)s» er tom. Velg en annen fil.") % {"name": name})
    content_type = _sniff(original)
    try:
        if content_type == PDF:
            return _clean_pdf(original, name=name), PDF
        if content_type in (PNG, JPEG):
            return _redraw(original, content_type, name=name), content_type
    except UNREADABLE as error:
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
        if not len(pdf.pages):
            raise ValueError("no pages")
        if len(pdf.pages) > MAX_PAGES:
            raise ValidationError(
                _("«%(name)s» har over 200 sider. Last opp bare det som trengs.") % {"name": name}
            )
        if is_active(pdf):
            raise ValidationError(
                _("«%(name)s» har skript eller innebygde filer. Skriv den ut til PDF først.")
                % {"name": name}
            )
        _forget_origin(pdf)
        written = io.BytesIO()
        pdf.save(written, deterministic_id=True)
    return written.getvalue()


def _forget_origin(pdf: pikepdf.Pdf) -> None:
    """Title, author and history often name people who are in no other part of the file."""
    for holder, key in ((pdf.trailer, "/Info"), (pdf.Root, "/Metadata")):
        if key in holder:
            del holder[key]


def _redraw(content: bytes, content_type: str, *, name: str) -> bytes:
    """The pixels alone: metadata, and whatever was hidden behind them, stay out."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint turns it on for the whole process
    with _opened(content, content_type, name=name) as image:
        if image.width * image.height > MAX_PIXELS:
            raise _too_many_pixels(name)
        upright = ImageOps.exif_transpose(image)  # the telephone's note of which way is up
        pixels = upright.convert("RGB" if content_type == JPEG else "RGBA")
        pixels.info = {}  # comments and profiles would be written along
        written = io.BytesIO()
        pixels.save(written, "JPEG" if content_type == JPEG else "PNG", quality=90)
    return written.getvalue()


def _opened(content: bytes, content_type: str, *, name: str) -> Image.Image:
    """Only the head is read yet, so that a few bytes cannot ask for all of the memory."""
    try:
        return Image.open(io.BytesIO(content), formats=READERS[content_type])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(name) from error


def _too_many_pixels(name: str) -> ValidationError:
    return ValidationError(
        _("«%(name)s» er for stort som bilde. Grensen er 40 megapiksler.") % {"name": name}
    )
