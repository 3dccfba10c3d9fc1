"""What is read of a file that somebody wants checked: its SHA-256, and the number it bears.

It is read as it arrives, and kept nowhere: not in memory, not as a temporary file.
"""

import hashlib
import io

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from palmappen_verify.dossier import MAX_BYTES
from reports import rules

REST_OF_FORM = 64 * 1024  # what stands around the file
OVERLAP = 32  # a number may lie across two chunks


class Fingerprint:
    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._tail = b""
        self.number = ""

    def read(self, chunk: bytes) -> None:
        self._digest.update(chunk)
        if not self.number:
            self.number = number_in(self._tail + chunk)
            self._tail = (self._tail + chunk)[-OVERLAP:]

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def number_in(content: bytes | str) -> str:
    """The first document number. In a dossier it stands in the metadata, which is not packed."""
    text = content if isinstance(content, str) else content.decode("latin-1")
    found = rules.DOCUMENT_NUMBER.search(text)
    return found.group() if found else ""


class ReadFile(UploadedFile):
    """What is left of an upload: no content, only what was read of it."""

    def __init__(self, fingerprint: Fingerprint, *, name: str, size: int):
        super().__init__(file=io.BytesIO(), name=name, size=size)
        self.sha256 = fingerprint.sha256
        self.number = fingerprint.number or number_in(name)


class ReadOnly(FileUploadHandler):
    """Takes the place of Django's own, which would write a large file to disk."""

    def new_file(self, *args, **kwargs) -> None:
        super().new_file(*args, **kwargs)
        self.fingerprint = Fingerprint()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.fingerprint.read(raw_data)

    def file_complete(self, file_size: int) -> ReadFile:
        return ReadFile(self.fingerprint, name=self.file_name, size=file_size)


def is_too_large(content_length: str) -> bool:
    """Before anything of it is read. The same limit as the off-line verifier's."""
    return content_length.isdecimal() and int(content_length) > MAX_BYTES + REST_OF_FORM
