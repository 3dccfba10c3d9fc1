"""The off-line verifier: genuine passes, each alteration is caught, no file crashes it."""

import io
import json
import subprocess
import sys
from dataclasses import asdict, replace

import pikepdf
import pytest
import time_machine
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, sign_pdf
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from palmappen_verify import dossier, snapshot
from palmappen_verify.__main__ import main
from palmappen_verify.dossier import Checkpoint, Code, Finding, Outcome
from palmappen_verify.ledger import hash_of
from palmappen_verify.seal import certificate
from reports import seal
from tests.palmappen_verify.factories import (
    MADE_AT,
    ORIGINAL,
    make_archive,
    make_dossier,
    make_events,
    make_key,
    make_snapshot,
)

OURS = certificate(seal.certificate_pem(make_key("ours")))
EVENTS = make_events()


@pytest.fixture(scope="module")
def genuine() -> bytes:
    return make_dossier()


def codes(pdf: bytes, **options) -> list[Code]:
    return [finding.code for finding in dossier.verify(pdf, **options).findings]


def flipped(pdf: bytes, at: int) -> bytes:
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


# --- Genuine -------------------------------------------------------------------------------------


def test_genuine_dossier_passes(genuine):
    report = dossier.verify(genuine, certificate=OURS)

    assert (report.outcome, report.findings) == (Outcome.GENUINE, [])
    assert report.knows_sealer
    assert (report.snapshot.number, report.snapshot.code) == ("PM-2026-000123", "K7QM-2XHD-9RTV")
    assert report.snapshot.ledger.events == EVENTS


def test_without_a_certificate_the_sealer_is_not_known(genuine):
    report = dossier.verify(genuine)

    assert (report.outcome, report.findings) == (Outcome.GENUINE, [])
    assert not report.knows_sealer
    assert report.seal.fingerprint == make_key("ours").signing_cert.sha256.hex()


def test_seal_outlives_its_certificate(genuine):
    with time_machine.travel("2050-01-01"):
        report = dossier.verify(genuine, certificate=OURS)

    assert (report.findings, report.knows_sealer) == ([], True)


def test_erased_content_keeps_the_dossier_genuine():
    events = [replace(EVENTS[0], content=None, salt=""), *EVENTS[1:]]

    assert codes(make_dossier(make_snapshot(events=events))) == []


def test_empty_ledger_and_no_files_pass():
    assert codes(make_dossier(make_snapshot(events=[], files=[]), files=[])) == []


# --- One byte ------------------------------------------------------------------------------------

PARTS = {
    "header": b"%PDF-1.7",
    "binary mark": b"\xf0\x9f\x96\xa4",
    "media type of an embedded file": b"/application#2fjson",
    "title in the metadata": b"PM-2026-000123</rdf:li>",
    "digest in the metadata": b"<palmappen:snapshotSHA256>",
    "PDF/UA identifier": b"<pdfuaid:part>",
    "extension schema": b"pdfaSchema:namespaceURI>urn",
    "object stream": b"/ObjStm",
    "seal's field": b"/T (Segl)",
    "name of the field": b"/TU",
    "box of the field": b"/Rect",
    "range that is covered": b"/ByteRange",
    "permissions": b"/DocMDP",
    "reason": b"/Reason",
    "time of sealing": b"/M (",
    "start of the envelope": b"<3082",
    "end of the envelope": b"000>",
    "file's identifier": b"/ID [",
    "last cross-references": b"startxref\n",
    "last mark": b"%%EOF",
}


@pytest.mark.parametrize("part", PARTS)
def test_altered_byte_in_each_part_is_caught(genuine, part):
    mark = PARTS[part]
    at = genuine.rfind(mark) + len(mark) - 1
    assert mark in genuine

    report = dossier.verify(flipped(genuine, at), certificate=OURS)

    assert (report.outcome, report.knows_sealer) == (Outcome.ALTERED, False)


@pytest.mark.parametrize("share", range(40))
def test_altered_byte_anywhere_is_caught(genuine, share):
    at = (len(genuine) - 1) * share // 39

    assert dossier.verify(flipped(genuine, at)).outcome == Outcome.ALTERED


def envelope(pdf: bytes) -> range:
    """Where the seal's hexadecimal digits stand."""
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    return range(int(signature.byte_range[1]) + 1, int(signature.byte_range[2]) - 1)


def test_every_byte_of_the_envelope_is_caught(genuine):
    """All of it lies outside what the signature is computed over."""
    passed = [at for at in envelope(genuine)[::7] if codes(flipped(genuine, at)) == []]

    assert passed == []


def test_control_shows_that_pyhanko_alone_passes_an_altered_envelope(genuine):
    """The version stands 25 bytes in; and digits may be written in small letters."""
    start, stop = envelope(genuine).start, envelope(genuine).stop
    version = flipped(genuine, start + 2 * 25 + 1)
    small = genuine[:start] + genuine[start:stop].lower() + genuine[stop:]

    assert [judged_by_pyhanko(one) for one in (genuine, version, small)] == [True, True, True]
    assert genuine not in (version, small)
    assert codes(version) == codes(small) == [Code.NOT_COVERED]


def judged_by_pyhanko(pdf: bytes) -> bool:
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    context = ValidationContext(trust_roots=[OURS], allow_fetching=False)
    return validate_pdf_signature(signature, context).bottom_line


# --- Added, taken away, swapped ------------------------------------------------------------------


def updated(pdf: bytes) -> bytes:
    """With a revision behind the seal that changes the document's language."""
    writer = seal.KeptMetadata(io.BytesIO(pdf))
    writer.root["/Lang"] = generic.TextStringObject("nn")
    writer.update_root()
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def test_appended_update_is_caught(genuine):
    changed = updated(genuine)

    assert changed.startswith(genuine)
    assert codes(changed, certificate=OURS) == [Code.NOT_COVERED]


@pytest.mark.parametrize("tail", [b"\n", b"%", b"\0" * 100])
def test_appended_bytes_are_caught(genuine, tail):
    assert codes(genuine + tail) == [Code.NOT_COVERED]


def test_removed_seal_is_caught():
    assert codes(make_archive()) == [Code.NO_SEAL]


def test_document_saved_anew_is_caught(genuine):
    with pikepdf.open(io.BytesIO(genuine)) as pdf:
        saved = io.BytesIO()
        pdf.save(saved)

    assert dossier.verify(saved.getvalue()).outcome == Outcome.ALTERED


def with_file(pdf: bytes, name: str, content: bytes) -> bytes:
    """An embedded file swapped, and the rest as it was; the old seal is gone."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for one in opened.Root.AF:
            if str(one.UF) == name:
                one.EF.F.write(content)
        saved = io.BytesIO()
        opened.save(saved)
    return saved.getvalue()


def test_swapped_snapshot_is_caught_though_sealed_by_us():
    other = snapshot.canonical(make_snapshot(document={"number": "PM-2026-000999", "code": "x"}))
    swapped = seal.seal(with_file(make_archive(), snapshot.FILE_NAME, other), make_key("ours"))

    assert codes(swapped, certificate=OURS) == [Code.OTHER_SNAPSHOT]


def test_swapped_original_is_caught_though_sealed_by_us():
    swapped = seal.seal(
        with_file(make_archive(), ORIGINAL.name, b"Not attended."), make_key("ours")
    )

    report = dossier.verify(swapped, certificate=OURS)

    assert report.findings == [Finding(Code.FILE_CHANGED, ORIGINAL.name)]


def test_control_shows_that_saving_and_sealing_alone_is_not_what_is_caught():
    same = seal.seal(with_file(make_archive(), ORIGINAL.name, ORIGINAL.content), make_key("ours"))

    assert codes(same, certificate=OURS) == []


def test_files_that_the_snapshot_does_not_list_or_has_lost_are_caught():
    extra = replace(ORIGINAL, name="02 Ekstra.txt")

    added = dossier.verify(make_dossier(make_snapshot(), files=[ORIGINAL, extra]))
    missing = dossier.verify(make_dossier(make_snapshot(files=[ORIGINAL, extra])))

    assert added.findings == [Finding(Code.FILE_ADDED, extra.name)]
    assert missing.findings == [Finding(Code.FILE_MISSING, extra.name)]


def test_snapshot_in_another_spelling_is_caught():
    text = json.dumps(make_snapshot(), indent=1).encode()
    swapped = seal.seal(with_file(make_archive(), snapshot.FILE_NAME, text), make_key("ours"))

    assert Code.NOT_CANONICAL in codes(swapped)


def test_another_key_is_told():
    forged = make_dossier(key="theirs")

    with_certificate = dossier.verify(forged, certificate=OURS)
    without = dossier.verify(forged)

    theirs = make_key("theirs").signing_cert.sha256.hex()
    assert with_certificate.findings == [Finding(Code.OTHER_SEAL, theirs)]
    assert (without.findings, without.seal.fingerprint) == ([], theirs)


def test_signature_that_allows_changes_is_no_seal():
    signed = io.BytesIO()
    sign_pdf(
        seal.KeptMetadata(io.BytesIO(make_archive())),
        PdfSignatureMetadata(field_name="Segl"),
        signer=make_key("ours"),
        output=signed,
    )

    assert codes(signed.getvalue()) == [Code.NO_SEAL]


# --- The ledger inside ---------------------------------------------------------------------------

LEDGERS = {
    "content": [replace(EVENTS[0], content="{}"), *EVENTS[1:]],
    "field": [replace(EVENTS[0], verb="goal_decided"), *EVENTS[1:]],
    "removed": EVENTS[:1] + EVENTS[2:],
    "swapped": [EVENTS[1], EVENTS[0], *EVENTS[2:]],
    "another training": [*EVENTS[:-1], replace(EVENTS[-1], training_id=8)],
}


@pytest.mark.parametrize("tampering", LEDGERS)
def test_tampered_ledger_is_caught_though_sealed_by_us(tampering):
    found = codes(make_dossier(make_snapshot(events=LEDGERS[tampering])))

    assert set(found) == {Code.LEDGER}


@pytest.mark.parametrize(
    "checkpoint", [{"count": 4, "head": EVENTS[3].hash}, {"count": 5, "head": ""}]
)
def test_own_checkpoint_must_be_the_end(checkpoint):
    content = make_snapshot()
    content["ledger"]["checkpoint"] = checkpoint

    assert codes(make_dossier(content)) == [Code.CHECKPOINT]


def test_checkpoint_from_elsewhere_must_be_in_the_chain(genuine):
    earlier = Checkpoint(count=3, head=EVENTS[2].hash)
    rewritten = Checkpoint(count=3, head="0" * 64)
    beyond = Checkpoint(count=6, head=EVENTS[4].hash)

    assert codes(genuine, checkpoint=earlier) == []
    assert codes(genuine, checkpoint=rewritten) == [Code.GIVEN_CHECKPOINT]
    assert codes(genuine, checkpoint=beyond) == [Code.GIVEN_CHECKPOINT]


def test_rewritten_ledger_shows_against_a_checkpoint_from_elsewhere():
    """A chain written anew is whole in itself."""
    changed = replace(EVENTS[-1], actor_id=99)
    events = [*EVENTS[:-1], replace(changed, hash=hash_of(changed))]
    forged = make_dossier(make_snapshot(events=events))

    assert codes(forged) == []
    assert codes(forged, checkpoint=Checkpoint(5, EVENTS[-1].hash)) == [Code.GIVEN_CHECKPOINT]


# --- Hostile -------------------------------------------------------------------------------------


def pdf_with(text: bytes) -> bytes:
    """Of no mark of ours, with this as the embedded snapshot."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.attachments[snapshot.FILE_NAME] = text
        pdf.Root.Metadata = pdf.make_stream(b"<x/>")
        saved = io.BytesIO()
        pdf.save(saved)
    return saved.getvalue()


def blank(**options) -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        saved = io.BytesIO()
        pdf.save(saved, **options)
    return saved.getvalue()


def changed_event(**changes) -> bytes:
    content = make_snapshot()
    content["ledger"]["events"][0].update(changes)
    return pdf_with(json.dumps(content).encode())


HOSTILE = {
    "nothing": b"",
    "text": b"hei",
    "zeros": b"\0" * 10_000,
    "only a header": b"%PDF-1.7\n",
    "header and end": b"%PDF-1.7\nstartxref\n0\n%%EOF",
    "reference far away": b"%PDF-1.7\nstartxref\n99999999999999999999\n%%EOF",
    "reference to itself": b"%PDF-1.7\ntrailer<</Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF",
    "open brackets": b"%PDF-1.7\n" + b"[" * 100_000 + b"\nstartxref\n9\n%%EOF",
    "locked": blank(encryption=pikepdf.Encryption(owner="a", user="b")),
    "no snapshot": blank(),
    "not JSON": pdf_with(b"{"),
    "not text": pdf_with(b"\xff\xfe\x00"),
    "a list": pdf_with(b"[]"),
    "another format": pdf_with(b'{"format":"x"}'),
    "deep": pdf_with(b"[" * 200_000),
    "a long number": pdf_with(b'{"format":' + b"9" * 10_000 + b"}"),
    "empty parts": pdf_with(b'{"format":"palmappen.dossier/1"}'),
    "lists for texts": pdf_with(
        b'{"format":"palmappen.dossier/1","document":{"number":[],"code":{}}}'
    ),
    "event without a field": pdf_with(
        json.dumps(
            {**make_snapshot(), "ledger": {"checkpoint": {"count": 1, "head": ""}, "events": [{}]}}
        ).encode()
    ),
    "event with a text for a number": changed_event(sequence="1"),
    "event with true for a number": changed_event(sequence=True),
    "event without a time zone": changed_event(acted_at="2026-01-01T00:00:00"),
    "event with no time": changed_event(acted_at="i går"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_file_is_refused_without_a_crash(case):
    report = dossier.verify(HOSTILE[case])

    assert report.outcome == Outcome.UNREADABLE
    assert len(report.findings[-1].detail) <= 200


@pytest.mark.parametrize("share", range(1, 30))
def test_cut_dossier_is_caught(genuine, share):
    cut = genuine[: len(genuine) * share // 30]

    assert dossier.verify(cut).outcome != Outcome.GENUINE


def test_snapshot_that_unpacks_without_end_is_refused():
    bomb = pdf_with(b" " * 400 * 1024 * 1024)

    assert len(bomb) < 1024 * 1024
    assert codes(bomb) == [Code.UNREADABLE]


def test_too_large_file_is_not_opened(monkeypatch, genuine):
    monkeypatch.setattr(dossier, "MAX_BYTES", len(genuine) - 1)

    assert codes(genuine) == [Code.TOO_LARGE]


# --- The program ---------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path, genuine):
    """Paths of a genuine dossier, an altered one, something else, and the certificate."""
    contents = {
        "genuine.pdf": genuine,
        "altered.pdf": flipped(genuine, 3000),
        "other.pdf": b"hei",
        "cert.pem": seal.certificate_pem(make_key("ours")),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return {name: str(tmp_path / name) for name in contents}


def test_program_says_that_it_is_genuine(files, capsys):
    code = main([files["genuine.pdf"], "--certificate", files["cert.pem"]])

    said = capsys.readouterr().out
    assert code == 0
    assert said.startswith("EKTE. Mappen er slik den var da den ble forseglet med sertifikatet")
    assert "PM-2026-000123" in said
    assert "5 hendelser" in said
    assert seal.fingerprint(make_key("ours")) in said


def test_program_says_that_the_sealer_is_not_known(files, capsys):
    code = main([files["genuine.pdf"]])

    said = capsys.readouterr().out
    assert code == 0
    assert said.startswith("UENDRET.")
    assert "Hvem som forseglet den, er ikke kontrollert." in said
    assert "selvsignert, ikke en kvalifisert signatur" in said


@pytest.mark.parametrize(
    ("name", "code", "heading"),
    [
        ("altered.pdf", 1, "ENDRET. Ikke stol på dette dokumentet."),
        ("other.pdf", 2, "KAN IKKE KONTROLLERES."),
    ],
)
def test_program_says_what_is_wrong(files, capsys, name, code, heading):
    assert main([files[name]]) == code
    assert capsys.readouterr().out.startswith(heading)


def test_program_tells_of_a_file_that_is_not_there(capsys):
    assert main(["finnes-ikke.pdf"]) == 2
    assert capsys.readouterr().out.startswith("KAN IKKE KONTROLLERES.")


def test_program_answers_machines(files, capsys):
    code = main([files["genuine.pdf"], "--json", "--checkpoint", f"2:{EVENTS[1].hash}"])

    answer = json.loads(capsys.readouterr().out)
    assert code == 0
    assert answer["outcome"] == "unaltered"
    assert answer["findings"] == []
    assert answer["document"] == {"number": "PM-2026-000123", "code": "K7QM-2XHD-9RTV"}
    assert answer["ledger"] == {"count": 5, "head": EVENTS[-1].hash}
    assert answer["sealer_is_known"] is False


def test_program_calls_genuine_to_machines_only_what_is_sealed_by_the_given(files, capsys):
    main([files["genuine.pdf"], "--json", "--certificate", files["cert.pem"]])

    answer = json.loads(capsys.readouterr().out)
    assert (answer["outcome"], answer["sealer_is_known"]) == ("genuine", True)


@pytest.mark.parametrize("given", ["3", "3:kort", "x:" + "0" * 64])
def test_program_refuses_what_is_no_checkpoint(files, capsys, given):
    with pytest.raises(SystemExit):
        main([files["genuine.pdf"], "--checkpoint", given])

    assert "ANTALL:HODE" in capsys.readouterr().err


def test_program_refuses_what_is_no_certificate(files, capsys):
    with pytest.raises(SystemExit):
        main([files["genuine.pdf"], "--certificate", files["other.pdf"]])

    assert "sertifikat" in capsys.readouterr().err


def test_text_of_the_file_cannot_steer_the_terminal(tmp_path, capsys):
    content = make_snapshot(document={"number": "PM\x1b[2J", "code": "K\u202e"})
    path = tmp_path / "x.pdf"
    path.write_bytes(make_dossier(content))

    main([str(path)])

    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_program_runs_without_django(files):
    program = (
        "import sys; from palmappen_verify.__main__ import main;"
        f"code = main([{files['genuine.pdf']!r}]);"
        "sys.exit(code or ('django' in sys.modules) or ('reports' in sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True)

    assert done.returncode == 0


# --- The snapshot's text -------------------------------------------------------------------------


def test_canonical_text_is_one_for_one_content():
    assert snapshot.canonical({"b": [1, None], "a": "ø"}) == '{"a":"ø","b":[1,null]}'.encode()


@pytest.mark.parametrize("value", [MADE_AT, float("nan"), {1, 2}])
def test_canonical_text_refuses_what_json_has_no_word_for(value):
    with pytest.raises((TypeError, ValueError)):
        snapshot.canonical({"a": value})


def test_snapshot_read_back_has_the_same_events():
    read = snapshot.read(snapshot.canonical(make_snapshot()))

    assert [asdict(event) for event in read.ledger.events] == [asdict(one) for one in EVENTS]
