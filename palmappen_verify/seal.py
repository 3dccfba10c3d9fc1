"""The seal of a dossier: what it covers, whose it is, and whether it still holds.

pyHanko judges the signature. What it leaves open is closed here: it does not ask whether what is
left out of the digest is the seal's envelope and nothing else, and lets twenty bytes of that
envelope pass with any value.
"""

from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


@dataclass(frozen=True)
class Seal:
    """`holds` is the verdict on the content, `is_by_given` the one on who sealed it."""

    covers_all: bool
    holds: bool
    is_by_given: bool | None  # None where no certificate was given
    is_self_signed: bool
    signer: str
    fingerprint: str
    sealed_at: datetime | None  # as the sealer's own clock had it


class NoSeal(ValueError):
    """The file is not sealed, or not once and for all."""


def certificate(content: bytes) -> x509.Certificate:
    """From PEM or DER. Raises ValueError."""
    if pem.detect(content):
        _name, _headers, content = pem.unarmor(content)
    found = x509.Certificate.load(content, strict=True)
    _ = found.native  # reads all of it
    return found


def read(pdf: bytes, reader: PdfFileReader, *, given: x509.Certificate | None) -> Seal:
    """Raises NoSeal, and whatever pyHanko raises on a broken file."""
    signature = _the_signature(reader)
    signer = signature.signer_cert
    covers_all = _covers_all(pdf, signature)
    holds = covers_all and _holds(signature, trusted=signer)
    return Seal(
        covers_all=covers_all,
        holds=holds,
        is_by_given=_holds(signature, trusted=given) if holds and given else None,
        is_self_signed=signer.self_signed != "no",
        signer=_name(signer),
        fingerprint=signer.sha256.hex(),
        sealed_at=signature.self_reported_timestamp,
    )


def _the_signature(reader: PdfFileReader) -> EmbeddedPdfSignature:
    signatures = list(reader.embedded_signatures)
    if len(signatures) != 1:
        raise NoSeal(f"{len(signatures)} seals")
    if signatures[0].docmdp_level != MDPPerm.NO_CHANGES:
        raise NoSeal("a signature that allows changes")
    return signatures[0]


# --- What the seal covers ------------------------------------------------------------------------


def _covers_all(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """From the first byte to the last, but for the envelope, and that holds nothing but itself."""
    start, before, after, length = (int(number) for number in signature.byte_range)
    if start != 0 or not 0 < before <= after or length < 0 or after + length != len(pdf):
        return False
    content = signature.pkcs7_content
    if pdf[before:after] != b"<" + content.hex().upper().encode() + b">":
        return False
    envelope = _envelope(signature)
    return content == envelope.ljust(len(content), b"\0")


def _envelope(signature: EmbeddedPdfSignature) -> bytes:
    """As it would be written anew from what the signature vouches for. Versions and the like lie
    outside the signature; pyHanko looks at neither."""
    signer, signed = signature.signer_info, signature.signed_data
    digest = {"algorithm": signer["digest_algorithm"]["algorithm"].native}
    certificate = signature.signer_cert
    identifier = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    info = {
        "version": "v1",
        "sid": cms.SignerIdentifier("issuer_and_serial_number", identifier),
        "digest_algorithm": digest,
        "signed_attrs": signer["signed_attrs"],
        "signature_algorithm": signer["signature_algorithm"],
        "signature": signer["signature"].native,
    }
    data = {
        "version": "v1",
        "digest_algorithms": [digest],
        "encap_content_info": {"content_type": "data"},
        "certificates": signed["certificates"],
        "signer_infos": [info],
    }
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)}).dump()


def _holds(signature: EmbeddedPdfSignature, *, trusted: x509.Certificate) -> bool:
    """As of the day it was sealed, so that a seal outlives its certificate. Nothing is fetched:
    whether the certificate was revoked is not asked."""
    context = ValidationContext(
        trust_roots=[trusted], allow_fetching=False, moment=signature.self_reported_timestamp
    )
    return validate_pdf_signature(signature, context).bottom_line


def _name(certificate: x509.Certificate) -> str:
    names = certificate.subject.native
    return str(names.get("common_name") or certificate.subject.human_friendly)
