"""The dossier as whoever receives it has it: what it tells, what it does not, and that it holds."""

import io
import json
import re
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdf
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from palmappen_verify import snapshot as canonical_snapshot
from palmappen_verify.dossier import Outcome, verify
from portfolio.models import Absence, Attachment, Document, LearningActivity, Reflection
from portfolio.services.ledger import Checkpoint, checkpoint
from reports import making, snapshot
from reports.queries.dossier import Dossier, dossier
from tests.reports.dossiers import (
    CAUSE,
    DRAFT,
    GUIDANCE,
    GUIDANCE_FILE,
    PATHWAYS,
    REFLECTION,
    SIGNED,
    add_signed_attestation,
    before_seal,
    embedded_in,
    lay_seal_key,
    make_portfolio,
    order_bundle,
    order_dossier,
    our_certificate,
    text_of,
)
from tests.reports.factories import content_of, rendered
from tests.reports.test_archive import PROFILES, faults_of

SECTIONS = [
    "Resultat av søknadssjekken",
    "Utdanningsløp og krav",
    "Tjenestetid",
    "Tjenestebekreftelser",
    "Læringsmål",
    "Kurs",
    "Aktiviteter, oversikt",
    "Originaldokumenter",
    "Navn, roller og HPR-numre",
    "Kontrollpunkt for hendelsesloggen",
]


class Silent:
    def gathered(self, *, expected_pages: int) -> None: ...
    def written(self) -> None: ...
    def page(self, number: int) -> None: ...


@dataclass(frozen=True)
class Made:
    """What a test of paper asks for, as plain values: the database is empty again by then."""

    pathway: str
    decides_goals: bool
    trainee: str
    number: str
    code: str
    page_count: int
    pdf: bytes
    again: bytes  # made anew from the same snapshot
    snapshot: str
    gathered: Dossier  # at another moment
    frozen: str  # `gathered`
    checkpoint: Checkpoint
    stored: list[bytes]  # the files as they lie on the server, but for what hangs on guidance
    bundle: bytes


@pytest.fixture(scope="module")
def database(django_db_setup, django_db_blocker):
    """A transaction of its own cannot be used: the snapshot is taken in one."""

    @contextmanager
    def opened():
        lay_seal_key()
        with django_db_blocker.unblock():
            call_command("load_curriculum", verbosity=0)
            yield
            call_command("flush", interactive=False, verbosity=0)

    return opened


@pytest.fixture(scope="module", params=PATHWAYS)
def made(request, database) -> Made:
    with database():
        ward = make_portfolio(pathway=request.param).ward
        report = rendered(order_dossier(ward))
        with transaction.atomic():
            gathered = dossier(report)
            frozen = snapshot.freeze_dossier(gathered, report.training)
        return Made(
            pathway=ward.training.pathway.title,
            decides_goals=ward.training.pathway.decides_goals,
            trainee=ward.trainee.name,
            number=report.number,
            code=report.readable_code,
            page_count=report.page_count,
            pdf=content_of(report),
            again=making.make(report, Silent()).content,
            snapshot=report.snapshot,
            gathered=gathered,
            frozen=frozen,
            checkpoint=checkpoint(ward.training),
            stored=[
                Path(one.file.path).read_bytes()
                for rows in (Document.objects, Attachment.objects.exclude(name=GUIDANCE_FILE))
                for one in rows.order_by("pk")
            ],
            bundle=content_of(rendered(order_bundle(ward))),
        )


@dataclass(frozen=True)
class Told:
    """All that a dossier tells, on its pages and inside it, and what the database held then."""

    everything: str
    held: dict[str, bool]


@pytest.fixture(scope="module")
def told(database) -> dict[str, Told]:
    """One portfolio, as those who may order its dossier get it."""
    with database():
        portfolio = make_portfolio(pathway="competence-area")
        ward = portfolio.ward
        add_signed_attestation(ward, portfolio.served)
        held = {
            REFLECTION: Reflection.objects.filter(text=REFLECTION).exists(),
            GUIDANCE: LearningActivity.objects.filter(note=GUIDANCE).exists(),
            DRAFT: LearningActivity.objects.filter(note=DRAFT).exists(),
            CAUSE: CAUSE in [one.get_cause_display() for one in Absence.objects.all()],
            SIGNED: Document.objects.filter(name=SIGNED).exists(),
            GUIDANCE_FILE: Attachment.objects.filter(name=GUIDANCE_FILE).exists(),
        }
        orderers = {
            "trainee": ward.trainee,
            "guide": ward.guide,
            "program_leader": ward.program_leader,
        }
        return {
            name: Told(everything(content_of(rendered(order_dossier(ward, by=user)))), held)
            for name, user in orderers.items()
        }


def everything(pdf: bytes) -> str:
    files = embedded_in(pdf)
    return "\n".join([*text_of(pdf), *files, files["mappe.json"].decode()])


# --- From a frozen snapshot ----------------------------------------------------------------------


def test_thawed_is_what_was_frozen(made):
    assert snapshot.thaw_dossier(made.frozen) == made.gathered


def test_control_shows_that_a_change_in_what_is_frozen_is_seen(made):
    changed = made.frozen.replace(made.trainee, "Nora Demo Annen")

    assert snapshot.thaw_dossier(changed) != made.gathered


def test_snapshot_is_canonical_and_lies_in_the_document(made):
    content = json.loads(made.snapshot)

    assert canonical_snapshot.canonical(content).decode() == made.snapshot
    assert embedded_in(made.pdf)["mappe.json"].decode() == made.snapshot


def test_same_snapshot_printed_twice_is_the_same_to_the_byte_before_the_seal(made):
    assert before_seal(made.again) == before_seal(made.pdf)
    assert len(before_seal(made.pdf)) > 0.8 * len(made.pdf)


def test_control_shows_that_the_seals_differ(made):
    assert made.again != made.pdf


# --- A file to be kept ---------------------------------------------------------------------------


@pytest.mark.parametrize("profile", PROFILES)
def test_sealed_dossier_conforms(made, profile):
    assert faults_of(made.pdf, profile) == []


def test_each_original_lies_in_it_byte_for_byte(made):
    files = embedded_in(made.pdf)
    del files["mappe.json"]

    assert sorted(files.values()) == sorted(made.stored)
    assert list(files) == ["01 bevis.pdf", "02 godkjenning.png", "03 liste.jpg", "04 notat.pdf"]


# --- Read back -----------------------------------------------------------------------------------


def test_cover_says_whose_it_is_and_what_it_is(made):
    cover, *_ = text_of(made.pdf)

    assert [
        words
        for words in (
            "Søknadsmappe",
            made.pathway,
            made.trainee,
            "HPR-nummer 1 234 567",
            "Veileder Per Demo Moen",
            f"{made.number}, {made.page_count} sider, 4 vedlegg",
            made.code,
            "Utkast: noe mangler",
            "Den er ikke en spesialistgodkjenning",
        )
        if words not in cover
    ] == []


def test_every_page_bears_the_code(made):
    pages = text_of(made.pdf)

    assert len(pages) == made.page_count
    assert [number for number, text in enumerate(pages, start=1) if made.code not in text] == []


def test_contents_name_every_section_on_its_page(made):
    pages = text_of(made.pdf)
    listed = contents(made.pdf)

    sections = [(line.number, line.title) for line in listed if line.number]
    assert sections == [(str(place), title) for place, title in enumerate(SECTIONS, start=1)]
    assert [line for line in listed if line.heading not in pages[line.page - 1]] == []
    assert [
        line for line in listed if line.number and not pages[line.page - 1].startswith(line.heading)
    ] == []


def test_contents_list_attestations_and_themes(made):
    titles = [line.title for line in contents(made.pdf) if not line.number]

    assert len([one for one in titles if "Palliativt senter" in one]) == 2
    assert "1. Palliativ tilnærming og kartlegging" in titles


def test_control_shows_that_a_wrong_page_number_is_seen(made):
    pages = text_of(made.pdf)
    *_, last = contents(made.pdf)

    assert last.heading not in pages[last.page - 2]


@dataclass(frozen=True)
class ContentsLine:
    number: str
    title: str
    page: int

    @property
    def heading(self) -> str:
        return f"{self.number} {self.title}".strip()


COUNT = r"Bekreftet|Pågår|\d+ mål|\d+ modul(?:er)? bekreftet|(?:\d+ (?:år|md\.|d) ?)+|\d+"
LINE = re.compile(rf"(?:(?P<number>\d+) )?(?P<title>.+?)(?: (?:{COUNT}))? (?P<page>\d+)")


def contents(pdf: bytes) -> list[ContentsLine]:
    """The page of contents, line by line, as somebody reads it."""
    text = pypdf.PdfReader(io.BytesIO(pdf)).pages[1].extract_text()
    lines = text.partition("Originaldokumentene ligger")[0].splitlines()
    found = [LINE.fullmatch(" ".join(line.split())) for line in lines]
    return [
        ContentsLine(one["number"] or "", one["title"], int(one["page"])) for one in found if one
    ]


def test_everyone_who_signed_is_named_with_role_and_number(made):
    (page,) = [text for text in text_of(made.pdf) if text.startswith(f"9 {SECTIONS[8]}")]
    signers = [
        f"{made.trainee} {'LIS' if made.decides_goals else 'Lege under utdanning'} 1 234 567",
        "Anne Demo Haugen Leder 3 456 789",
        "Mona Demo Ås Medisinsk ansvarlig overlege 4 567 890",
        "Hilde Demo Vik Supervisør –",
    ]
    if made.decides_goals:  # only then does the veileder recommend
        signers.append("Per Demo Moen Veileder 2 345 678")

    assert [line for line in signers if line not in page] == []


def test_last_page_bears_the_ledgers_checkpoint(made):
    last = text_of(made.pdf)[-1]
    ledger = json.loads(made.snapshot)["ledger"]

    assert ledger["checkpoint"] == {"count": made.checkpoint.count, "head": made.checkpoint.head}
    assert f"hadde loggen {made.checkpoint.count} hendelser" in last
    assert made.checkpoint.head in last.replace(" ", "")


def test_service_is_told_with_its_signatures(made):
    (page,) = [text for text in text_of(made.pdf) if text.startswith(f"4 {SECTIONS[3]}")]

    assert "Anne Demo Haugen Leder 3 456 789" in page
    assert "Mona Demo Ås Medisinsk ansvarlig overlege 4 567 890" in page
    assert "Tjenesten er tilfredsstillende utført." in page


# --- What it does not tell -----------------------------------------------------------------------


@pytest.mark.parametrize("orderer", ["trainee", "guide", "program_leader"])
@pytest.mark.parametrize("secret", [REFLECTION, GUIDANCE, GUIDANCE_FILE, DRAFT])
def test_what_is_between_few_is_nowhere(told, orderer, secret):
    assert told[orderer].held[secret]
    assert secret not in told[orderer].everything


@pytest.mark.parametrize("orderer", ["guide", "program_leader"])
@pytest.mark.parametrize("secret", [CAUSE, SIGNED])
def test_causes_of_absence_are_for_the_trainees_own(told, orderer, secret):
    assert told[orderer].held[secret]
    assert secret not in told[orderer].everything


@pytest.mark.parametrize("shown", [CAUSE, SIGNED, "notat.pdf", "Familiesamtale om overgang"])
def test_control_shows_that_what_is_told_is_found(told, shown):
    assert shown in told["trainee"].everything


# --- Held against the seal -----------------------------------------------------------------------


def test_genuine_dossier_verifies(made):
    report = verify(made.pdf, certificate=our_certificate())

    assert (report.outcome, report.findings, report.knows_sealer) == (Outcome.GENUINE, [], True)
    assert report.snapshot.number == made.number
    assert len(report.snapshot.ledger.events) == made.checkpoint.count


@pytest.mark.parametrize("share", [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95])
def test_byte_altered_anywhere_is_caught(made, share):
    at = round(len(before_seal(made.pdf)) * share)
    altered = made.pdf[:at] + bytes([made.pdf[at] ^ 1]) + made.pdf[at + 1 :]

    assert verify(altered, certificate=our_certificate()).outcome == Outcome.ALTERED


def test_program_tells_genuine_from_altered(made, tmp_path):
    genuine, altered = tmp_path / "mappe.pdf", tmp_path / "endret.pdf"
    middle = len(made.pdf) // 2
    genuine.write_bytes(made.pdf)
    altered.write_bytes(made.pdf[:middle] + bytes([made.pdf[middle] ^ 1]) + made.pdf[middle + 1 :])

    exits = [
        subprocess.run(
            [sys.executable, "-m", "palmappen_verify", file],
            env={"PYTHONPATH": str(settings.BASE_DIR)},
            capture_output=True,
        ).returncode
        for file in (genuine, altered)
    ]

    assert exits == [Outcome.GENUINE, Outcome.ALTERED]


# --- The bundle ----------------------------------------------------------------------------------


def test_bundle_holds_all_pages_in_the_order_the_authority_asks(made):
    pages = text_of(made.bundle)

    assert len(pages) == 5
    titles = ["Kursbevis æøå 1 side 2", "Godkjenning 1 side 3", "Sjekkliste 1 side 4"]
    places = [pages[0].index(title) for title in titles]
    assert places == sorted(places)
    assert pages[1] == pages[4] != ""  # the same text was uploaded twice
    assert [bool(page.images) for page in pypdf.PdfReader(io.BytesIO(made.bundle)).pages] == [
        False,
        False,
        True,
        True,
        False,
    ]


def test_bundle_has_a_bookmark_for_each_original(made):
    with pikepdf.open(io.BytesIO(made.bundle)) as pdf, pdf.open_outline() as outline:
        bookmarks = [(one.title, [child.title for child in one.children]) for one in outline.root]

    assert bookmarks[:4] == [
        ("Innhold", []),
        ("Kursbevis", ["Kursbevis æøå"]),
        ("Spesialistgodkjenning", ["Godkjenning"]),
        ("Annet dokument", ["Sjekkliste"]),
    ]
    assert [heading for heading, _ in bookmarks[4:]] == ["Vedlegg til aktivitet"]
