"""Files that wait for the rest of their form.

A browser never sends a file twice by itself. Where several originals are entered in one sitting,
what has been uploaded is kept aside for a day, under a token that is its owner's alone.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from portfolio import attachments

FOLDER = "kept"
MAX_BYTES = 60 * 1024 * 1024  # of one owner, at a time
KEPT_FOR = dt.timedelta(days=1)
SALT = "portfolio.kept_files"


def keep(upload: File, *, owner) -> str:
    """The token of a file that was found harmless; else raises ValidationError."""
    attachments.require_harmless_name(upload.name)
    content, content_type = attachments.harmless(upload, name=upload.name)
    forget_old()
    folder = f"{FOLDER}/{owner.pk}"
    _require_room(folder, len(content))
    path = attachments.write(folder, content, content_type)
    name = attachments.safe_name(upload.name, content_type)
    return signing.dumps({"owner": owner.pk, "path": path, "name": name}, salt=SALT)


def name_of(token: str, *, owner) -> str:
    """The file's own name; empty where it is not there any more, or was never this person's."""
    kept = _read(token, owner)
    return kept["name"] if kept else ""


@contextmanager
def reopened(token: str, *, owner) -> Iterator[File]:
    kept = _read(token, owner)
    if kept is None:
        raise ValidationError(_("Velg filen på nytt. Den er ikke tatt vare på lenger."))
    with default_storage.open(kept["path"]) as stored:
        file = ContentFile(stored.read(), name=kept["name"])
    yield file


def forget(token: str, *, owner) -> None:
    if kept := _read(token, owner):
        default_storage.delete(kept["path"])


def forget_old() -> None:
    """Those of forms that nobody came back to."""
    for path in [*_paths(FOLDER), *(one for owner in _owners() for one in _paths(owner))]:
        with suppress(FileNotFoundError):  # another request was first
            if default_storage.get_modified_time(path) < timezone.now() - KEPT_FOR:
                default_storage.delete(path)


def _owners() -> list[str]:
    if not default_storage.exists(FOLDER):
        return []
    return [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[0]]


def _paths(folder: str) -> list[str]:
    if not default_storage.exists(folder):
        return []
    return [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]


def _require_room(folder: str, size: int) -> None:
    taken = 0
    for path in _paths(folder):
        with suppress(FileNotFoundError):  # another request was first
            taken += default_storage.size(path)
    if taken + size > MAX_BYTES:
        raise ValidationError(
            _(
                "Det er ikke plass til flere filer før du lagrer. Lagre det du har fylt ut, "
                "og legg til resten etterpå. Filer som ikke lagres, slettes etter et døgn."
            )
        )


def _read(token: str, owner) -> dict | None:
    try:
        kept = signing.loads(token, salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    if kept["owner"] != owner.pk or not default_storage.exists(kept["path"]):
        return None
    return kept
