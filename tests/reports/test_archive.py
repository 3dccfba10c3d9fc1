"""The file that is kept: two standards at once, what is embedded, and the same bytes each time."""

import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pikepdf
import pytest
import time_machine

from palmappen_verify.metadata import SNAPSHOT_DIGEST, snapshot_digest
from reports import archive, paper
from tests.palmappen_verify.factories import (
    HTML,
    MADE_AT,
    ORIGINAL,
    make_archive,
    make_snapshot,
    make_source,
)

page = pytest.importorskip("page", reason="page-validation is not installed")
PROFILES = [page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1]


@pytest.fixture(scope="module")
def archived() -> bytes:
    return make_archive()


def faults_of(content: bytes, profile) -> list[tuple[str, str]]:
    report = page.validate_pdf_bytes(content, profile=profile)
    return [(failure.rule_id, failure.message) for failure in report.failures]


# --- Two standards -------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", PROFILES)
def test_archived_document_conforms(archived, profile):
    assert faults_of(archived, profile) == []


def test_controls_show_that_neither_variant_is_enough_alone():
    options = {"pdf_tags": True, "pdf_identifier": b"PM"}

    as_archive = paper.printed(HTML, options={**options, "pdf_variant": "pdf/a-3a"}).content
    as_accessible = paper.printed(HTML, options={**options, "pdf_variant": "pdf/ua-1"}).content

    assert faults_of(as_archive, PROFILES[1]) != []
    assert faults_of(as_accessible, PROFILES[0]) != []


@pytest.mark.parametrize("prefix", ["pdfuaid", "palmappen"])
def test_control_shows_that_the_extension_schema_is_asked_for(archived, prefix):
    named = f"<pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>".encode()
    other = f"<pdfaSchema:prefix>{'x' * len(prefix)}</pdfaSchema:prefix>".encode()
    namespace = {
        b"http://www.aiim.org/pdfua/ns/id/</": b"http://www.aiim.org/pdfua/ns/xx/</",
        b"urn:palmappen:xmp:1#</": b"urn:palmappen:xmp:2#</",
    }
    assert named in archived

    undeclared = archived.replace(named, other)
    for old, new in namespace.items():
        undeclared = undeclared.replace(old, new)

    assert faults_of(undeclared, PROFILES[0]) != []


def test_stream_that_ends_with_a_carriage_return_ends_clearly():
    """One stream in 256 does, so some document soon has one; the validator minds."""
    documents = (
        archive.archive_pdf_of(
            HTML.replace("PAL-014", f"PAL-{number:03}"),
            attachments=[],
            identifier="PM-1",
            made_at=MADE_AT,
        ).content
        for number in range(1000)
    )

    content = next(one for one in documents if b"\r\r\nendstream" in one)
    unclear = content.replace(b"\r\r\nendstream", b"\r\nendstream")

    assert faults_of(content, PROFILES[0]) == []
    assert "PDFA3A-STREAM-LENGTH-001" in [rule for rule, _ in faults_of(unclear, PROFILES[0])]


# --- Metadata ------------------------------------------------------------------------------------


def test_metadata_is_plain_text_and_says_what_the_document_is(archived):
    with pikepdf.open(io.BytesIO(archived)) as pdf:
        stream = pdf.Root.Metadata
        metadata = pdf.open_metadata()

        assert "/Filter" not in stream
        assert stream.read_raw_bytes() in archived
        assert metadata.pdfa_status == "3A"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Søknadsmappe PM-2026-000123"
        assert metadata["xmp:CreateDate"] == "2026-11-21T12:30:00Z"
        assert str(pdf.docinfo.CreationDate) == "D:20261121123000Z"
        assert bytes(pdf.trailer.ID[0]) == b"PM-2026-000123"


def test_metadata_names_the_snapshot_by_its_digest(archived):
    source = make_source(make_snapshot())

    assert snapshot_digest(archived) == archive._digest([source])
    assert len(archive._digest([source])) == 64


def test_two_digests_are_none():
    one = f"<palmappen:{SNAPSHOT_DIGEST}>{'0' * 64}</palmappen:{SNAPSHOT_DIGEST}>".encode()

    assert snapshot_digest(one) == "0" * 64
    assert snapshot_digest(one + one) is None


# --- Embedded files ------------------------------------------------------------------------------


def test_every_file_is_embedded_once_with_its_relationship(archived):
    with pikepdf.open(io.BytesIO(archived)) as pdf:
        tree = pdf.Root.Names.EmbeddedFiles.Names
        found = [
            (
                str(one.UF),
                str(one.AFRelationship),
                str(one.Desc),
                str(one.EF.F.Subtype),
                one.EF.F.read_bytes(),
            )
            for one in pdf.Root.AF
        ]
        names = [str(tree[at]) for at in range(0, len(tree), 2)]

    source = make_source(make_snapshot())
    assert found == [
        (
            "mappe.json",
            "/Source",
            "Det mappen er laget av, for maskiner",
            "/application/json",
            source.content,
        ),
        (ORIGINAL.name, "/Supplement", "Kursbevis", "/text/plain", ORIGINAL.content),
    ]
    assert names == ["mappe.json", ORIGINAL.name]


def test_name_tree_is_sorted_byte_for_byte():
    files = [replace(ORIGINAL, name=name) for name in ("ø.txt", "b.txt", "a (2).txt", "Å.txt")]

    content = make_archive(make_snapshot(files=files), files=files)

    with pikepdf.open(io.BytesIO(content)) as pdf:
        tree = pdf.Root.Names.EmbeddedFiles.Names
        keys = [bytes(tree[at]) for at in range(0, len(tree), 2)]
    assert keys == sorted(keys)
    assert len(keys) == 5
    assert faults_of(content, PROFILES[0]) == []


def test_two_files_of_one_name_are_refused():
    with pytest.raises(ValueError, match="01 Kursbevis"):
        make_archive(files=[ORIGINAL, ORIGINAL])


def test_files_with_the_same_content_keep_their_own_relationship():
    twin = replace(ORIGINAL, name="02.txt", relationship=archive.Relationship.DATA)

    with pikepdf.open(io.BytesIO(make_archive(files=[ORIGINAL, twin]))) as pdf:
        found = [(str(one.UF), str(one.AFRelationship)) for one in pdf.Root.AF][1:]

    assert found == [(ORIGINAL.name, "/Supplement"), ("02.txt", "/Data")]


def test_document_without_files_conforms():
    content = archive.archive_pdf_of(
        HTML, attachments=[], identifier="PM-1", made_at=MADE_AT
    ).content

    assert faults_of(content, PROFILES[0]) == []
    assert snapshot_digest(content) is None


# --- The same bytes ------------------------------------------------------------------------------


def test_second_rendering_another_year_is_the_same_to_the_byte(archived):
    environment = dict(os.environ)

    with time_machine.travel("2031-05-01T08:00:00Z"):
        again = make_archive()

    assert again == archived
    assert dict(os.environ) == environment


def test_rendering_in_another_process_is_the_same_to_the_byte(archived):
    program = (
        "import django, sys; django.setup();"
        "from tests.palmappen_verify.factories import make_archive;"
        "sys.stdout.buffer.write(make_archive())"
    )
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "7",
        "DJANGO_SETTINGS_MODULE": "config.settings_test",
    }

    made = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=True
    )

    assert made.stdout == archived


def test_renderings_at_once_do_not_disturb_each_other(archived):
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda _: make_archive(), range(4)))

    assert [one == archived for one in made] == [True] * 4


def test_control_shows_that_another_day_makes_other_bytes(archived):
    source = make_source(make_snapshot())

    other = archive.archive_pdf_of(
        HTML,
        attachments=[source, ORIGINAL],
        identifier="PM-2026-000123",
        made_at=MADE_AT.replace(second=1),
    ).content

    assert other != archived


def test_listener_hears_of_pages():
    pages = []

    archive.archive_pdf_of(
        HTML, attachments=[], identifier="PM-1", made_at=MADE_AT, on_page=pages.append
    )

    assert set(pages) == {1, 2, 3}
