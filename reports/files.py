"""Where finished documents lie: written beside, flushed, then renamed. Never half a file.

A document's name follows from its number, so that an attempt after a killed one overwrites what
that left, and there is one file whatever happened.
"""

import os
import uuid
from pathlib import Path

from django.core.files.storage import default_storage

FOLDER = "reports"


def stored_name(number: str) -> str:
    return f"{FOLDER}/{number}.pdf"


def write_draft(number: str, lease_id: uuid.UUID, content: bytes) -> Path:
    """The whole document on disk, under a name that nobody reads. Raises OSError."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    discard_drafts(number)
    draft = folder / f".{number}.{lease_id.hex}.part"
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    return draft


def publish(draft: Path, number: str) -> str:
    """Renames the draft to the document's own name, and returns that."""
    name = stored_name(number)
    draft.replace(default_storage.path(name))
    folder = os.open(draft.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return name


def discard(number: str) -> None:
    """Everything of a document that will not be: drafts, and a file no row came to name."""
    discard_drafts(number)
    Path(default_storage.path(stored_name(number))).unlink(missing_ok=True)


def discard_drafts(number: str) -> None:
    """What earlier, killed attempts left."""
    for draft in _folder().glob(f".{number}.*.part"):
        draft.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(default_storage.path(FOLDER))
