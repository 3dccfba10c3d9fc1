"""The originals bound together: every page there, in order, with a contents page that is right."""

import io
import re

import pikepdf
import pypdf
import pytest
from PIL import Image
from pypdf.generic import Destination

from portfolio.scans import JPEG, PDF, PNG
from reports import paper
from reports.bundle import Original, UnreadableOriginal, bundle

RED = (200, 30, 30)


def make_pdf(*texts: str) -> bytes:
    pages = "".join(f'<p style="break-after: page">{text}</p>' for text in texts)
    return paper.printed(
        f"<!doctype html><html lang=nb><title>x</title>{pages}", options={}
    ).content


def make_image(kind: str = "PNG", *, size=(300, 400), mode="RGB", colour=RED, **options) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, colour).save(written, kind, **options)
    return written.getvalue()


def contents_html(sections) -> str:
    lines = "".join(
        f"<h2>{section.kind}</h2>"
        + "".join(
            f'<p><a href="{entry.href}">{entry.title}</a> s. {entry.page} ({entry.page_count})</p>'
            for entry in section.entries
        )
        for section in sections
    )
    return f"<!doctype html><html lang=nb><title>Vedleggsbunke</title><h1>Innhold</h1>{lines}"


ORIGINALS = [
    Original("Tjenestebekreftelse 2024", "Tjeneste", make_pdf("Tjeneste A", "Tjeneste B"), PDF),
    Original("Modul 1", "Kurs", make_pdf("Kursbevis A"), PDF),
    Original("Foto av attest", "Tjeneste", make_image(), PNG),
    Original("Modul 2", "Kurs", make_image("JPEG", size=(400, 300)), JPEG),
]


@pytest.fixture(scope="module")
def bound() -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(bundle(contents_html, ORIGINALS).content))


def texts(reader: pypdf.PdfReader) -> list[str]:
    """Without what stands in the margins."""
    read = [" ".join(page.extract_text().split()) for page in reader.pages]
    return [re.sub(r" ?(PAL-mappen .*)?Side \d+ av \d+$", "", text) for text in read]


def test_originals_follow_sorted_by_kind(bound):
    assert texts(bound)[1:] == ["Tjeneste A", "Tjeneste B", "", "Kursbevis A", ""]


def test_contents_page_tells_where_each_begins(bound):
    assert texts(bound)[0] == (
        "Innhold"
        " Tjeneste Tjenestebekreftelse 2024 s. 2 (2) Foto av attest s. 4 (1)"
        " Kurs Modul 1 s. 5 (1) Modul 2 s. 6 (1)"
    )


def test_links_of_the_contents_page_lead_there(bound):
    links = [link.get_object() for link in bound.pages[0]["/Annots"]]
    pages = [page.indirect_reference.idnum for page in bound.pages]

    assert [pages.index(link["/Dest"][0].idnum) + 1 for link in links] == [2, 4, 5, 6]
    assert [link for link in links if "/A" in link] == []


def test_bookmarks_lead_to_kinds_and_originals(bound):
    def told(outline):
        return [
            told(one)
            if not isinstance(one, Destination)
            else (one.title, bound.get_destination_page_number(one) + 1)
            for one in outline
        ]

    assert told(bound.outline) == [
        ("Innhold", 1),
        ("Tjeneste", 2),
        [("Tjenestebekreftelse 2024", 2), ("Foto av attest", 4)],
        ("Kurs", 5),
        [("Modul 1", 5), ("Modul 2", 6)],
    ]


def test_page_numbers_are_right_where_the_contents_fill_more_pages():
    many = [Original(f"Kursbevis {n}", "Kurs", make_image(), PNG) for n in range(120)]

    document = bundle(contents_html, many)

    reader = pypdf.PdfReader(io.BytesIO(document.content))
    first = next(n for n, page in enumerate(reader.pages, 1) if len(page.images))
    assert first > 2
    assert f"Kursbevis 0 s. {first} (1)" in texts(reader)[0]
    assert document.page_count == len(reader.pages) == first - 1 + 120


def test_contents_page_that_is_never_satisfied_is_given_up():
    def restless(sections):
        one_more = sections[0].entries[0].page
        return "<!doctype html><html lang=nb><title>x</title>" + one_more * (
            '<p style="break-after: page">x</p>'
        )

    with pytest.raises(RuntimeError):
        bundle(restless, ORIGINALS)


# --- Images --------------------------------------------------------------------------------------


def image_page(content: bytes, media_type: str) -> pypdf.PageObject:
    document = bundle(contents_html, [Original("Bilde", "Kurs", content, media_type)])
    return pypdf.PdfReader(io.BytesIO(document.content)).pages[1]


@pytest.mark.parametrize(
    ("size", "sheet"), [((300, 400), (595, 842)), ((400, 300), (842, 595)), ((90, 90), (595, 842))]
)
def test_image_lies_on_a_sheet_that_is_turned_its_way(size, sheet):
    page = image_page(make_image(size=size), PNG)

    assert (round(page.mediabox.width), round(page.mediabox.height)) == sheet


def test_large_image_is_shrunk_to_the_margins_and_a_small_one_is_not_blown_up():
    large = image_page(make_image(size=(3000, 4000)), PNG).get_contents().get_data().split()
    small = image_page(make_image(size=(100, 100)), PNG).get_contents().get_data().split()

    assert [round(float(number)) for number in (large[1], large[4])] == [510, 680]
    assert [round(float(number)) for number in (small[1], small[4])] == [75, 75]


@pytest.mark.parametrize(
    ("content", "media_type", "pixel"),
    [
        (make_image("PNG"), PNG, RED),
        (make_image("PNG", mode="RGBA", colour=(0, 0, 0, 0)), PNG, (255, 255, 255)),
        (make_image("PNG", mode="1", colour=1), PNG, (255, 255, 255)),
        (make_image("PNG", mode="P", colour=0), PNG, (0, 0, 0)),
        (make_image("JPEG", mode="L", colour=90), JPEG, (90, 90, 90)),
        (make_image("JPEG", mode="CMYK", colour=(0, 0, 0, 0)), JPEG, (255, 255, 255)),
    ],
)
def test_image_keeps_its_colour_on_white(content, media_type, pixel):
    (image,) = image_page(content, media_type).images

    assert image.image.convert("RGB").getpixel((5, 5)) == pixel


def test_photograph_goes_in_unchanged():
    content = make_image("JPEG", quality=80)
    document = bundle(contents_html, [Original("Bilde", "Kurs", content, JPEG)])

    with pikepdf.open(io.BytesIO(document.content)) as pdf:
        assert pdf.pages[1].Resources.XObject.Image.read_raw_bytes() == content


def test_photograph_that_says_it_lies_on_its_side_is_turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    page = image_page(make_image("JPEG", size=(400, 300), exif=exif), JPEG)

    assert page.mediabox.height > page.mediabox.width


# --- What is refused -----------------------------------------------------------------------------


def locked() -> bytes:
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(make_pdf("x"))) as pdf:
        pdf.save(written, encryption=pikepdf.Encryption(owner="a", user="b"))
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"", PDF),
        (b"hei", PDF),
        (locked(), PDF),
        (make_pdf("x")[:300], PDF),
        (b"", PNG),
        (make_image()[:60], PNG),
        (make_image("JPEG")[:200], JPEG),
        (make_image("GIF"), PNG),
        (b"hei", "text/plain"),
    ],
)
def test_unreadable_original_is_refused_by_name(content, media_type):
    broken = Original("Attest fra Bodø", "Tjeneste", content, media_type)

    with pytest.raises(UnreadableOriginal, match="Attest fra Bodø"):
        bundle(contents_html, [*ORIGINALS, broken])


def test_same_originals_make_the_same_bytes(bound):
    assert bundle(contents_html, ORIGINALS) == bundle(contents_html, ORIGINALS)
