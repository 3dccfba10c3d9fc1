"""The seal: both standards still hold, it certifies, and where its key comes from."""

import datetime as dt
import io
import stat
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from django.core.management import CommandError, call_command
from django.utils import timezone
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf

from palmappen_verify import dossier
from palmappen_verify.seal import certificate
from reports import seal
from tests.palmappen_verify.factories import make_archive, make_key
from tests.reports.test_archive import PROFILES, faults_of


@pytest.fixture(scope="module")
def archived() -> bytes:
    return make_archive()


@pytest.fixture(scope="module")
def sealed(archived) -> bytes:
    return seal.seal(archived, make_key("ours"))


@pytest.fixture
def key_file(tmp_path, settings) -> Path:
    settings.SEAL_KEY_FILE = tmp_path / "seal" / "key.p12"
    settings.SEAL_KEY_PASSPHRASE = ""
    return settings.SEAL_KEY_FILE


# --- Sealing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", PROFILES)
def test_sealed_document_still_conforms(sealed, profile):
    assert faults_of(sealed, profile) == []


@pytest.mark.parametrize("profile", PROFILES)
def test_control_shows_that_an_ordinary_seal_breaks_the_standard(archived, profile):
    ordinary = io.BytesIO()
    sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(archived)),
        PdfSignatureMetadata(field_name="Segl", certify=True),
        signer=make_key("ours"),
        output=ordinary,
    )

    assert faults_of(ordinary.getvalue(), profile) != []


def test_seal_is_added_behind_an_untouched_document(archived, sealed):
    assert sealed.startswith(archived)
    with pikepdf.open(io.BytesIO(archived)) as before, pikepdf.open(io.BytesIO(sealed)) as after:
        assert after.Root.Metadata.read_raw_bytes() == before.Root.Metadata.read_raw_bytes()


def test_seal_certifies_that_nothing_may_change(sealed):
    with pikepdf.open(io.BytesIO(sealed)) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        signature = pdf.Root.Perms.DocMDP

        assert str(field.TU) == "Segl fra PAL-mappen"
        assert [float(number) for number in field.Rect] == [-9999] * 4
        assert signature.objgen == field.V.objgen
        assert str(signature.SubFilter) == "/ETSI.CAdES.detached"
        assert int(signature.Reference[0].TransformParams.P) == 1
        assert "Ikke en kvalifisert signatur" in str(signature.Reason)


def test_last_stream_of_the_seal_ends_clearly():
    assert seal._ends_unclearly(b"stream\nx\r\nendstream\nendobj")
    assert not seal._ends_unclearly(b"stream\nx\nendstream\nendobj")


# --- The key -------------------------------------------------------------------------------------


def test_made_key_seals_and_is_told_by_its_fingerprint(key_file, archived, capsys):
    call_command("make_seal_key")

    key = seal.load_key()
    said = capsys.readouterr().out
    written = certificate(key_file.with_suffix(".pem").read_bytes())
    report = dossier.verify(seal.seal(archived, key), certificate=written)
    assert (report.findings, report.knows_sealer) == ([], True)
    assert seal.fingerprint(key) in said
    assert "integrity seal, not a qualified signature" in said


def test_made_key_is_readable_by_its_owner_alone(key_file):
    call_command("make_seal_key", "--verbosity=0")

    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(key_file.parent.stat().st_mode) == 0o700


def test_key_is_never_overwritten(key_file):
    call_command("make_seal_key")
    before = key_file.read_bytes()

    with pytest.raises(CommandError, match="not overwritten"):
        call_command("make_seal_key")

    assert key_file.read_bytes() == before


def test_missing_key_is_said_clearly(key_file):
    with pytest.raises(seal.NoSealKey, match="make_seal_key"):
        seal.load_key()


@pytest.mark.parametrize("content", [b"", b"not a key", b"\x30\x03\x02\x01\x03"])
def test_broken_key_is_said_clearly(key_file, content):
    key_file.parent.mkdir()
    key_file.write_bytes(content)

    with pytest.raises(seal.NoSealKey, match="PKCS#12"):
        seal.load_key()


def test_locked_key_opens_with_its_passphrase_alone(key_file, settings):
    settings.SEAL_KEY_PASSPHRASE = "åpne deg"
    call_command("make_seal_key")

    opened = seal.fingerprint(seal.load_key())
    settings.SEAL_KEY_PASSPHRASE = "feil"

    assert len(opened) == 79
    with pytest.raises(seal.NoSealKey, match="SEAL_KEY_PASSPHRASE"):
        seal.load_key()


# --- A certificate that somebody issued ----------------------------------------------------------


def issued_key() -> tuple[SimpleSigner, bytes, bytes]:
    """An institution's key with RSA, its own certificate, and its issuer's, as PEM."""
    now = timezone.now()
    keys = [rsa.generate_private_key(65537, 2048) for _ in range(2)]
    names = [
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        for name in ("Utstederen", "Sykehuset i Nord")
    ]
    certificates = [
        x509.CertificateBuilder(issuer_name=names[0], subject_name=name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_issuer, path_length=None), critical=True)
        .add_extension(usage(is_issuer=is_issuer), critical=True)
        .sign(keys[0], SHA256())
        for name, key, is_issuer in zip(names, keys, [True, False], strict=True)
    ]
    packed = pkcs12.serialize_key_and_certificates(
        b"", keys[1], certificates[1], certificates[:1], NoEncryption()
    )
    signer = SimpleSigner.load_pkcs12_data(packed, other_certs=[])
    issuer, own = (one.public_bytes(Encoding.PEM) for one in certificates)
    return signer, own, issuer


def usage(*, is_issuer: bool) -> x509.KeyUsage:
    rest = ["key_encipherment", "data_encipherment", "key_agreement"]
    rest += ["encipher_only", "decipher_only", "crl_sign"]
    return x509.KeyUsage(
        digital_signature=not is_issuer,
        content_commitment=not is_issuer,
        key_cert_sign=is_issuer,
        **dict.fromkeys(rest, False),
    )


def test_issued_key_verifies_with_its_own_certificate_and_with_its_issuers(archived):
    key, own, issuer = issued_key()

    document = seal.seal(archived, key)

    for given in (own, issuer):
        report = dossier.verify(document, certificate=certificate(given))
        assert (report.findings, report.knows_sealer) == ([], True)
    assert report.seal.signer == "Sykehuset i Nord"
    assert not report.seal.is_self_signed
    assert [faults_of(document, profile) for profile in PROFILES] == [[], []]
