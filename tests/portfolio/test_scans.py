"""Files made with a fault, and their like without it: each warning has its control."""

import io

import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from portfolio import scan_pages, scans
from portfolio.enums import ScanFault
from portfolio.scans import JPEG, PDF, PNG, Inspection, Page, inspect, judge

A4 = (8.27, 11.69)  # inches
SENTENCE = "Bekreftet tjeneste ved palliativt senter, med veiledning og vakt i hele perioden."


# --- What the files are made of ------------------------------------------------------------------


def sheet(
    *,
    lines: int = 30,
    text: str = SENTENCE,
    ink: int = 30,
    paper: int = 250,
    dpi: int = 150,
    noise: int = 0,
    shadow: int = 0,
) -> Image.Image:
    """A page as a scanner or a telephone sees it: lines of text on paper, in grey."""
    size = tuple(int(inches * dpi) for inches in A4)
    page = Image.new("L", size, paper)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(size=max(dpi * 11 // 72, 6))
    for line in range(lines):
        place = (0.12 * size[0], (0.1 + line * 0.025) * size[1])
        draw.text(place, text, fill=ink, font=font)
    if shadow:  # of whoever holds the telephone
        dimmed = Image.linear_gradient("L").resize(size).point(lambda value: value * shadow // 255)
        page = Image.composite(Image.new("L", size, 0), page, dimmed)
    if noise:
        page = Image.blend(page, Image.effect_noise(size, noise), 0.2)
    return page


def empty(**look) -> Image.Image:
    return sheet(lines=0, **look)


def scan(*pages: Image.Image) -> bytes:
    """A PDF whose pages are pictures, as scanners write it."""
    file = io.BytesIO()
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return file.getvalue()


def printed(*texts: str, **options) -> bytes:
    """A PDF whose pages are text, as programs write it."""
    file = io.BytesIO()
    with pikepdf.new() as pdf:
        font = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
        )
        for text in texts:
            page = pdf.add_blank_page(page_size=(595, 842))
            page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            drawing = f"BT /F1 11 Tf 72 720 Td ({text}) Tj ET".encode("latin-1")
            page.obj.Contents = pdf.make_stream(drawing)
        pdf.save(file, **options)
    return file.getvalue()


def picture(image: Image.Image, format: str = "PNG") -> bytes:
    file = io.BytesIO()
    image.save(file, format)
    return file.getvalue()


def with_script() -> bytes:
    with pikepdf.open(io.BytesIO(printed(SENTENCE))) as pdf:
        pdf.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")
        )
        file = io.BytesIO()
        pdf.save(file)
    return file.getvalue()


def with_a_logo() -> bytes:
    """Text as curves, with a small picture of few points: nothing there is hard to read."""
    letters = " ".join(
        f"{72 + 8 * column} {720 - 16 * row} 3 7 re" for row in range(20) for column in range(50)
    )
    logo = io.BytesIO()
    Image.new("RGB", (60, 30), "teal").save(logo, "JPEG")
    with pikepdf.open(io.BytesIO(printed(""))) as pdf:
        page = pdf.pages[0]
        page.obj.Resources.XObject = pikepdf.Dictionary(
            Logo=pdf.make_stream(
                logo.getvalue(),
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Image,
                Width=60,
                Height=30,
                ColorSpace=pikepdf.Name.DeviceRGB,
                BitsPerComponent=8,
                Filter=pikepdf.Name.DCTDecode,
            )
        )
        drawing = f"{letters} f q 80 0 0 40 72 760 cm /Logo Do Q"
        page.obj.Contents = pdf.make_stream(drawing.encode())
        file = io.BytesIO()
        pdf.save(file)
    return file.getvalue()


def locked(password: str) -> bytes:
    return printed(SENTENCE, encryption=pikepdf.Encryption(user=password, owner="secret"))


# --- Good files ----------------------------------------------------------------------------------

GOOD = {
    "one printed page": (printed(SENTENCE), PDF, 1),
    "three printed pages": (printed(SENTENCE, SENTENCE, SENTENCE), PDF, 3),
    "numbered pages, all there": (
        printed(*(f"{SENTENCE} Side {number} av 3" for number in (1, 2, 3))),
        PDF,
        3,
    ),
    "as many pages as we take": (printed(*[SENTENCE] * scans.MAX_PAGES), PDF, scans.MAX_PAGES),
    "one scanned page": (scan(sheet()), PDF, 1),
    "four scanned pages": (scan(sheet(), sheet(), sheet(), sheet()), PDF, 4),
    "three scanned pages": (scan(sheet(), sheet(), sheet()), PDF, 3),
    "a scanner's noise": (scan(sheet(noise=40)), PDF, 1),
    "a page with a name on it": (scan(sheet(lines=1, text="Anne Demo Haugen")), PDF, 1),
    "grey paper": (scan(sheet(paper=170, ink=70)), PDF, 1),
    "a page with a logo": (with_a_logo(), PDF, 1),
    "encrypted without password": (locked(""), PDF, 1),
    "a picture": (picture(sheet()), PNG, 1),
    "a photograph": (picture(sheet(shadow=120, noise=30), "JPEG"), JPEG, 1),
    "a picture with a clear background": (picture(sheet().convert("RGBA")), PNG, 1),
}


@pytest.mark.parametrize("case", GOOD)
def test_good_file_has_no_faults(case):
    content, media_type, page_count = GOOD[case]

    found = inspect(content, media_type)

    assert (found.page_count, found.faults) == (page_count, ())


def test_text_is_told_from_pictures():
    files = (printed(SENTENCE), scan(sheet()), printed("Kort"))

    assert [inspect(one, PDF).has_text for one in files] == [True, False, False]


# --- Files that warn -----------------------------------------------------------------------------

FAULTY = {
    "a page is empty": (
        scan(sheet(), sheet(), empty(), sheet()),
        Inspection(4, (ScanFault.BLANK_PAGES,), blank_pages=(3,)),
    ),
    "all is empty": (
        scan(empty()),
        Inspection(1, (ScanFault.BLANK_PAGES,), blank_pages=(1,)),
    ),
    "the back of one sheet is empty": (
        scan(sheet(), empty()),
        Inspection(2, (ScanFault.BLANK_PAGES,), blank_pages=(2,)),
    ),
    "empty but for a scanner's noise": (
        scan(sheet(), empty(noise=40)),
        Inspection(2, (ScanFault.BLANK_PAGES,), blank_pages=(2,)),
    ),
    "empty but for a shadow": (
        scan(sheet(), empty(shadow=120)),
        Inspection(2, (ScanFault.BLANK_PAGES,), blank_pages=(2,)),
    ),
    "empty but for its number": (
        scan(sheet(), sheet(lines=1, text="2")),
        Inspection(2, (ScanFault.BLANK_PAGES,), blank_pages=(2,)),
    ),
    "the lid was open": (
        scan(sheet(), empty(paper=0)),
        Inspection(2, (ScanFault.BLANK_PAGES,), blank_pages=(2,)),
    ),
    "a printed page is empty": (
        printed(SENTENCE, ""),
        Inspection(2, (ScanFault.BLANK_PAGES,), blank_pages=(2,), has_text=True),
    ),
    "every back is empty": (
        scan(sheet(), empty(), sheet(), empty()),
        Inspection(4, (ScanFault.EVERY_OTHER_BLANK,), blank_pages=(2, 4)),
    ),
    "every back but the last, which is not there": (
        scan(sheet(), empty(), sheet(), empty(), sheet()),
        Inspection(5, (ScanFault.EVERY_OTHER_BLANK,), blank_pages=(2, 4)),
    ),
    "every front is empty": (
        scan(empty(), sheet(), empty(), sheet()),
        Inspection(4, (ScanFault.EVERY_OTHER_BLANK,), blank_pages=(1, 3)),
    ),
    "every other page by its number is gone": (
        printed(f"{SENTENCE} Side 1 av 4", f"{SENTENCE} Side 3 av 4"),
        Inspection(2, (ScanFault.PAGES_MISSING,), has_text=True),
    ),
    "too few points": (
        scan(sheet(dpi=60)),
        Inspection(1, (ScanFault.UNREADABLE,), unreadable_pages=(1,)),
    ),
    "too pale": (
        scan(sheet(), sheet(ink=228)),
        Inspection(2, (ScanFault.UNREADABLE,), unreadable_pages=(2,)),
    ),
    "too blurred": (
        scan(sheet().filter(ImageFilter.GaussianBlur(9))),
        Inspection(1, (ScanFault.UNREADABLE,), unreadable_pages=(1,)),
    ),
    "an empty page and a pale one": (
        scan(sheet(ink=228), sheet(), empty()),
        Inspection(
            3,
            (ScanFault.BLANK_PAGES, ScanFault.UNREADABLE),
            blank_pages=(3,),
            unreadable_pages=(1,),
        ),
    ),
}


@pytest.mark.parametrize("case", FAULTY)
def test_fault_is_told_and_does_not_refuse(case):
    content, expected = FAULTY[case]

    found = inspect(content, PDF)

    assert (found, found.is_refused) == (expected, False)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (picture(sheet(dpi=60)), PNG),
        (picture(sheet(dpi=60), "JPEG"), JPEG),
        (picture(sheet(ink=228)), PNG),
    ],
)
def test_picture_that_cannot_be_read_is_told(content, media_type):
    assert inspect(content, media_type) == Inspection(
        1, (ScanFault.UNREADABLE,), unreadable_pages=(1,)
    )


@pytest.mark.parametrize(
    ("page_count", "double_sided", "faults"),
    [
        (3, True, (ScanFault.ODD_COUNT,)),
        (1, True, (ScanFault.ODD_COUNT,)),
        (4, True, ()),
        (3, False, ()),
    ],
)
def test_odd_count_is_a_fault_of_double_sided_originals_alone(page_count, double_sided, faults):
    found = inspect(printed(*[SENTENCE] * page_count), PDF, double_sided=double_sided)

    assert found.faults == faults


# --- Files that are refused ----------------------------------------------------------------------

REFUSED = {
    "locked": (locked("secret"), PDF, Inspection(0, (ScanFault.ENCRYPTED,))),
    "cut short": (printed(SENTENCE)[:60], PDF, Inspection(0, (ScanFault.BROKEN,))),
    "no PDF at all": (b"%PDF-1.7\nhei", PDF, Inspection(0, (ScanFault.BROKEN,))),
    "no pages": (printed(), PDF, Inspection(0, (ScanFault.BROKEN,))),
    "broken picture": (picture(sheet())[:300], PNG, Inspection(0, (ScanFault.BROKEN,))),
    "script": (with_script(), PDF, Inspection(1, (ScanFault.ACTIVE,))),
    "one page too many": (
        printed(*[SENTENCE] * (scans.MAX_PAGES + 1)),
        PDF,
        Inspection(scans.MAX_PAGES + 1, (ScanFault.TOO_MANY_PAGES,)),
    ),
    "2,000 pages": (
        printed(*[""] * 2_000),
        PDF,
        Inspection(2_000, (ScanFault.TOO_MANY_PAGES,)),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_file_is_refused_by_name(case):
    content, media_type, expected = REFUSED[case]

    found = inspect(content, media_type)

    assert (found, found.is_refused) == (expected, True)


# --- The drawing may fail, the request may not ---------------------------------------------------


def test_page_that_is_drawn_for_ever_ends_in_time(monkeypatch):
    monkeypatch.setattr(scans, "MEASURED_WITHIN", 0.01)

    found = inspect(printed(SENTENCE), PDF)

    assert (found.faults, found.is_refused) == ((ScanFault.UNCHECKED,), False)


def test_pages_that_were_not_drawn_are_told():
    drawn = [Page(dark=0.05, pale=0.1)]

    assert judge(drawn, page_count=2).faults == (ScanFault.UNCHECKED,)


@pytest.mark.parametrize(
    ("numbers", "missing"),
    [
        ([(1, 2), (2, 2)], False),
        ([(1, 2), (2, 2), (1, 3), (2, 3), (3, 3)], False),  # two documents in one file
        ([None, None], False),
        ([(5, 4)], False),  # nonsense is no evidence
        ([(2, 2)], True),
        ([(1, 2), (1, 3), (2, 3)], True),
    ],
)
def test_gaps_in_page_numbers_are_found(numbers, missing):
    pages = [Page(dark=0.05, pale=0.1, number=number) for number in numbers]

    assert (ScanFault.PAGES_MISSING in judge(pages, page_count=len(pages)).faults) is missing


def test_lamp_shadow_is_no_ink_but_text_in_it_is():
    shadowed = [scan_pages.ink(page)[0] for page in (empty(shadow=150), sheet(shadow=150))]

    assert shadowed[0] < scans.EMPTY_BELOW_DARK < shadowed[1]


def test_faults_are_kept_with_their_pages():
    found = Inspection(
        5,
        (ScanFault.BLANK_PAGES, ScanFault.PAGES_MISSING, ScanFault.UNREADABLE),
        blank_pages=(2,),
        unreadable_pages=(4, 5),
    )

    assert found.as_data() == [
        {"fault": "blank_pages", "pages": [2]},
        {"fault": "pages_missing", "pages": []},
        {"fault": "unreadable", "pages": [4, 5]},
    ]
