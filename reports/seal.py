"""The installation's seal: PAdES, certifying, no changes allowed after it.

With a self-signed key it is an integrity seal: it shows that nothing was changed, and by its
fingerprint who sealed, to somebody who knows the fingerprint from elsewhere. It is not a qualified
signature.
"""

import datetime as dt
import io
import itertools
from pathlib import Path
from urllib.parse import urlsplit

from asn1crypto import pem
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    NoEncryption,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter

from reports.rules import NoSealKey

FIELD = "Segl"
READABLE_FIELD = "Segl fra PAL-mappen"
REASON = "Viser at dokumentet ikke er endret. Ikke en kvalifisert signatur."
YEARS_VALID = 10
BACKDATED = dt.timedelta(minutes=5)  # the clocks of two machines need not agree

Key = SimpleSigner


class KeptMetadata(IncrementalPdfFileWriter):
    """Leaves the metadata as it is: pyHanko would write its own, without the PDF/UA identifier."""

    def _update_meta(self) -> None:
        pass


def seal(pdf: bytes, key: Key) -> bytes:
    """The same document with a seal after it: its first bytes are the document unsealed."""
    for spare in itertools.count():
        sealed = _sealed(pdf, key, reason=REASON + " " * spare)
        if not _ends_unclearly(sealed[len(pdf) :]):
            return sealed


def _ends_unclearly(update: bytes) -> bool:
    """See archive: one time in 256. A space more, and other offsets make another last byte."""
    return b"\r\nendstream" in update


def _sealed(pdf: bytes, key: Key, *, reason: str) -> bytes:
    sealed = io.BytesIO()
    sign_pdf(
        KeptMetadata(io.BytesIO(pdf)),
        PdfSignatureMetadata(
            field_name=FIELD,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            subfilter=SigSeedSubFilter.PADES,
            md_algorithm="sha256",
            name="PAL-mappen",
            reason=reason,
        ),
        signer=key,
        new_field_spec=SigFieldSpec(
            FIELD,
            readable_field_name=READABLE_FIELD,
            # Untagged, so PDF/UA wants it off the page; PDF/A wants it to be printed.
            invis_sig_settings=InvisSigSettings(box_out_of_bounds=True, set_print_flag=True),
        ),
        output=sealed,
    )
    return sealed.getvalue()


# --- The key -------------------------------------------------------------------------------------


def load_key() -> Key:
    """The installation's key. Raises NoSealKey."""
    path: Path = settings.SEAL_KEY_FILE
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NoSealKey(
            f"No seal key can be read at {path}. Set SEAL_KEY_FILE, or run manage.py make_seal_key."
        ) from error
    try:
        return SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=_passphrase())
    except (ValueError, AttributeError) as error:  # the latter: no key or certificate in it
        raise NoSealKey(f"{path} cannot be opened as PKCS#12 with SEAL_KEY_PASSPHRASE.") from error


def _passphrase() -> bytes | None:
    return settings.SEAL_KEY_PASSPHRASE.encode() or None


def fingerprint(key: Key) -> str:
    """SHA-256 of the certificate, in groups of four, as it can be read aloud."""
    digest = key.signing_cert.sha256.hex()
    return " ".join(digest[at : at + 4] for at in range(0, 64, 4))


def certificate_pem(key: Key) -> bytes:
    """What whoever verifies needs, and must have from somewhere else than the document."""
    return pem.armor("CERTIFICATE", key.signing_cert.dump())


def make_key(*, now: dt.datetime) -> bytes:
    """A new self-signed key as PKCS#12, locked with the installation's passphrase if it has one."""
    private = ec.generate_private_key(ec.SECP256R1())
    host = urlsplit(settings.SITE_URL).hostname or "ukjent"
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "PAL-mappen"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Segl for {host}"[:64]),
        ]
    )
    usage = dict.fromkeys(
        [
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ],
        False,
    )
    usage = x509.KeyUsage(digital_signature=True, content_commitment=True, **usage)
    certificate = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + dt.timedelta(days=365 * YEARS_VALID))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), False)
        .sign(private, SHA256())
    )
    passphrase = _passphrase()
    lock = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"PAL-mappen", private, certificate, None, lock)
