import os
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports import seal

NATURE = (
    "The key is self-signed: it makes an integrity seal, not a qualified signature. Hand the "
    "certificate, or its fingerprint, to whoever shall verify, by another way than the document."
)


class Command(BaseCommand):
    help = "Makes a self-signed key to seal dossiers with, for a demo, for tests or to begin with."

    def handle(self, *args, **options):
        path: Path = settings.SEAL_KEY_FILE
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            write_new(path, seal.make_key(now=timezone.now()))
        except FileExistsError as error:
            raise CommandError(f"{path} is there already, and is not overwritten.") from error
        key = seal.load_key()
        certificate = path.with_suffix(".pem")
        certificate.write_bytes(seal.certificate_pem(key))
        self.stdout.write(f"Key: {path}\nCertificate: {certificate}")
        self.stdout.write(f"Fingerprint (SHA-256): {seal.fingerprint(key)}\n{NATURE}")


def write_new(path: Path, content: bytes) -> None:
    """Readable by the owner alone from the first moment. Raises FileExistsError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
