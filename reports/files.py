"""Where finished documents lie: written beside, flushed, then renamed. Never half a file.

A document's name follows from its number, so that an attempt after a killed one overwrites what
that left, and there is one file whatever happened.
"""

import hashlib
import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.core.files.storage import default_storage

FOLDER = "reports"


@dataclass(frozen=True)
class Draft:
    """A whole document on disk, under a name that nobody reads."""

    path: Path
    size: int
    sha256: str


def stored_name(number: str, suffix: str) -> str:
    return f"{FOLDER}/{number}{suffix}"


def write_draft(number: str, lease_id: uuid.UUID, chunks: Iterable[bytes]) -> Draft:
    """Raises OSError."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    discard_drafts(number)
    draft = folder / f".{number}.{lease_id.hex}.part"
    digest = hashlib.sha256()
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            for chunk in chunks:
                digest.update(chunk)
                file.write(chunk)
            size = file.tell()
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    return Draft(draft, size, digest.hexdigest())


def publish(draft: Draft, number: str, suffix: str) -> str:
    """Renames the draft to the document's own name, and returns that."""
    name = stored_name(number, suffix)
    draft.path.replace(default_storage.path(name))
    folder = os.open(draft.path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return name


def discard(number: str, suffix: str) -> None:
    """Everything of a document that will not be: drafts, and a file no row came to name."""
    discard_drafts(number)
    Path(default_storage.path(stored_name(number, suffix))).unlink(missing_ok=True)


def discard_drafts(number: str) -> None:
    """What earlier, killed attempts left."""
    for draft in _folder().glob(f".{number}.*.part"):
        draft.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(default_storage.path(FOLDER))
