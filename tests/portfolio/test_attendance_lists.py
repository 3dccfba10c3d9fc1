"""Lists of attendance: good ones read alike in every dress, bad ones refused by name.

No database: reading and judging are pure.
"""

import datetime as dt
import io
import re
import struct
import time
import zipfile

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.formula import ArrayFormula

from portfolio.attendance_lists import (
    Doctor,
    Line,
    ListFault,
    ListRefused,
    RowFault,
    SessionFacts,
    judge,
    read_list,
)
from portfolio.rules.courses import Mark

DAY = dt.date(2026, 1, 30)
HEADING = ["HPR-nummer", "E-post", "Modul", "Dato", "Deltok"]
ROW = ["9144900", "kari@example.org", "Modul 1", "30.01.2026", "ja"]
READ = Line(
    number=2,
    written="9144900",
    hpr_number="9144900",
    email="kari@example.org",
    module=1,
    day=DAY,
    attended=True,
)


def text(*rows: list[str], delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    return "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)


def workbook(*rows: list[object], **sheets: list[list[object]]) -> bytes:
    """As Excel would save it. Further sheets by name."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, more in sheets.items():
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(content: bytes, *, add: dict[str, bytes] | None = None, change=None) -> bytes:
    """A workbook with more entries, or with an entry's bytes changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(file, "w", 8) as made:
        for entry in given.infolist():
            data = given.read(entry)
            made.writestr(entry.filename, change(entry.filename, data) if change else data)
        for name, data in (add or {}).items():
            made.writestr(name, data)
    return file.getvalue()


def in_sheet(old: bytes, new: bytes):
    def change(name: str, data: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return data
        assert old in data
        return data.replace(old, new, 1)

    return change


# --- The same list in every dress ----------------------------------------------------------------

GOOD = {
    "semicolons": text(HEADING, ROW),
    "commas": text(HEADING, ROW, delimiter=","),
    "tabs": text(HEADING, ROW, delimiter="\t"),
    "byte order mark": text(HEADING, ROW, encoding="utf-8-sig"),
    "unicode text of Excel": text(HEADING, ROW, delimiter="\t", encoding="utf-16"),
    "note of the delimiter": b"sep=;\r\n" + text(HEADING, ROW),
    "quoted": text([f'"{name}"' for name in HEADING], [f'"{cell}"' for cell in ROW]),
    "english": text(
        ["HPR number", "E-mail", "Module", "Completed on", "Attended"], [*ROW[:4], "yes"]
    ),
    "capitals and spaces": text([" HPR NR. ", "EPOST", "modulnr", "KURSDATO", "OPPMØTE"], ROW),
    "other columns between": text(
        ["Navn", *HEADING, "Merknad"], ["Kari Demo Nord", *ROW, "vegetar; nei"[:8]]
    ),
    "columns in another order": text(HEADING[::-1], ROW[::-1]),
    "date as ISO": text(HEADING, [*ROW[:3], "2026-01-30", "x"]),
    "module as a number": text(HEADING, [*ROW[:2], "1", *ROW[3:]]),
    "module with its title": text(HEADING, [*ROW[:2], "Modul 1: Grunnlag", *ROW[3:]]),
    "number with spaces": text(HEADING, ["9 144 900", *ROW[1:]]),
    "capital address": text(HEADING, [ROW[0], "Kari@Example.org", *ROW[2:]]),
    "workbook": workbook(HEADING, ROW),
    "workbook with numbers and dates": workbook(
        HEADING, [9144900, ROW[1], 1, dt.datetime.combine(DAY, dt.time.min), True]
    ),
    "workbook with an empty sheet": workbook(HEADING, ROW, Ark2=[]),
}


@pytest.mark.parametrize("content", GOOD.values(), ids=GOOD)
def test_good_list(content):
    (line,) = read_list(content)

    assert (line.number, line) == (2, Line(**{**vars(READ), "written": line.written}))


def test_windows_1252():
    (line,) = read_list("Møtt;E-post\nikke møtt;åse@example.org\n".encode("cp1252"))

    assert (line.email, line.attended) == ("åse@example.org", False)


def test_title_above_the_heading_and_empty_rows():
    lines = read_list(text(["Kull 2026"], [""], ["E-post"], ["a@b.no"], [""], ["c@d.no"]))

    assert [(line.number, line.email) for line in lines] == [(4, "a@b.no"), (6, "c@d.no")]


def test_without_columns_for_them_all_attended_on_no_day():
    (line,) = read_list(text(["HPR"], ["9144900"]))

    assert line == Line(number=2, written="9144900", hpr_number="9144900")


def test_leading_zeros_do_not_matter():
    (line,) = read_list(workbook(["HPR-nummer"], ["000000017"]))

    assert line.hpr_number == "17"


@pytest.mark.parametrize("says", ["nei", "Deltok ikke", "ikke møtt", "0", "no", "usann"])
def test_who_did_not_attend(says):
    (line,) = read_list(text(["E-post", "Deltok"], ["a@b.no", says]))

    assert (line.attended, line.faults) == (False, ())


def test_workbook_of_another_maker():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADING)
        sheet.write_row(1, 0, ROW)

    assert read_list(file.getvalue()) == (READ,)


# --- Files that are refused ----------------------------------------------------------------------


def identity_number() -> str:
    """The first valid one of its day, worked out here so that none stands in the source."""
    for serial in range(100, 999):
        head = f"010190{serial}"
        weights = ((3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
        first = -sum(int(d) * w for d, w in zip(head, weights[0], strict=True)) % 11
        if first < 10:
            second = (
                -sum(int(d) * w for d, w in zip(f"{head}{first}", weights[1], strict=True)) % 11
            )
            if second < 10:
                return f"{head}{first}{second}"
    raise AssertionError


VALID = identity_number()


def bomb() -> bytes:
    return repacked(workbook(HEADING, ROW), add={"xl/media/image1.emf": b"\0" * 6_000_000})


def lying_bomb() -> bytes:
    """Says 10 bytes, and unpacks to 6 million."""
    content = bytearray(bomb())
    size = struct.pack("<I", 6_000_000)
    place = content.rfind(size)
    while place >= 0:
        content[place : place + 4] = struct.pack("<I", 10)
        place = content.rfind(size)
    return bytes(content)


def many_entries() -> bytes:
    return repacked(
        workbook(HEADING, ROW), add={f"xl/media/{number}.png": b"" for number in range(400)}
    )


def entities() -> bytes:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet'
    return repacked(workbook(HEADING, ROW), change=in_sheet(b"<worksheet", laughs))


def far_down() -> bytes:
    """One cell in the last row that Excel has."""
    return with_cell("A1048576")


def far_out() -> bytes:
    return with_cell("XFD3")


def with_cell(place: str) -> bytes:
    row = re.sub(r"\D", "", place)
    cell = f'<row r="{row}"><c r="{place}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    return repacked(workbook(HEADING, ROW), change=in_sheet(b"</sheetData>", cell.encode()))


def zipped_folder() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("liste.csv", text(HEADING, ROW))
    return file.getvalue()


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def damaged(content: bytes) -> bytes:
    """The bytes of one entry are not those that its check sum is of."""
    return repacked(content, change=in_sheet(b"<sheetData>", b"<sheetData>")).replace(
        b"PK\x01\x02", b"PK\x01\x03", 1
    )


BAD_FILES = {
    "nothing": (b"", ListFault.EMPTY),
    "only white space": (b" \r\n\t", ListFault.EMPTY),
    "empty workbook": (workbook(), ListFault.EMPTY),
    "too large": (text(HEADING, *[ROW] * 30_000), ListFault.TOO_LARGE),
    "too much text in few rows": (
        text(HEADING, *[[*ROW, "tekst " * 200] for _ in range(400)]),
        ListFault.TOO_LARGE,
    ),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", ListFault.NOT_A_LIST),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", ListFault.NOT_A_LIST),
    "zipped list": (zipped_folder(), ListFault.NOT_A_LIST),
    "text with NUL": (b"E-post\na@b.no\x00", ListFault.NOT_A_LIST),
    "UTF-16 without a mark": (text(HEADING, ROW, encoding="utf-16-le"), ListFault.NOT_A_LIST),
    "no known alphabet": (b"E-post\n\x81\x8d@b.no", ListFault.UNREADABLE_TEXT),
    "broken UTF-16": (b"\xff\xfeE\x00-", ListFault.UNREADABLE_TEXT),
    "old Excel or a password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512,
        ListFault.OLD_OR_LOCKED,
    ),
    "macros": (
        repacked(workbook(HEADING, ROW), add={"xl/vbaProject.bin": b"\0"}),
        ListFault.MACROS,
    ),
    "zip bomb": (bomb(), ListFault.BOMB),
    "zip bomb that lies": (lying_bomb(), ListFault.BROKEN),
    "very many entries": (many_entries(), ListFault.BOMB),
    "entities": (entities(), ListFault.BROKEN),
    "half a workbook": (cut(workbook(HEADING, ROW)), ListFault.BROKEN),
    "damaged workbook": (damaged(workbook(HEADING, ROW)), ListFault.BROKEN),
    "workbook of no XML": (
        repacked(workbook(HEADING, ROW), change=in_sheet(b"<sheetData>", b"<sheetData")),
        ListFault.BROKEN,
    ),
    "unclosed quotation mark": (b'E-post\n"a@b.no\n', ListFault.BROKEN),
    "two sheets": (workbook(HEADING, ROW, Ark2=[ROW]), ListFault.SEVERAL_SHEETS),
    "no heading": (text(ROW, ROW), ListFault.NO_PERSON_COLUMN),
    "heading without a person": (
        text(["Navn", "Modul"], ["Kari", "1"]),
        ListFault.NO_PERSON_COLUMN,
    ),
    "heading far down": (
        text(*[["x"]] * 10, ["E-post"], ["a@b.no"]),
        ListFault.NO_PERSON_COLUMN,
    ),
    "two columns of addresses": (
        text(["E-post", "E-mail"], ["a@b.no", "c@d.no"]),
        ListFault.COLUMN_TWICE,
    ),
    "heading alone": (text(HEADING), ListFault.NO_ROWS),
    "501 rows": (text(["HPR"], *[["9144900"]] * 501), ListFault.TOO_MANY_ROWS),
    "a million empty lines": (b"\n" * 999_990, ListFault.EMPTY),
    "a heading and many empty lines": (b"HPR\n" + b"\n" * 99_999, ListFault.TOO_MANY_ROWS),
    "a cell in the last row": (far_down(), ListFault.TOO_MANY_ROWS),
    "a cell in the last column": (far_out(), ListFault.TOO_MANY_COLUMNS),
    "41 columns": (
        text(["E-post", *["x"] * 40], ["a@b.no", *["x"] * 40]),
        ListFault.TOO_MANY_COLUMNS,
    ),
    "identity number": (text(["E-post", "Nummer"], ["a@b.no", VALID]), ListFault.IDENTITY_NUMBER),
    "identity number with a space": (
        text(["E-post", "Merknad"], ["a@b.no", f"f. {VALID[:6]} {VALID[6:]}"]),
        ListFault.IDENTITY_NUMBER,
    ),
    "identity number over two columns": (
        text(["E-post", "Født", "Nr"], ["a@b.no", VALID[:6], VALID[6:]]),
        ListFault.IDENTITY_NUMBER,
    ),
    "identity number whose zero Excel dropped": (
        workbook(["E-post", "Nummer"], ["a@b.no", int(VALID)]),
        ListFault.IDENTITY_NUMBER,
    ),
    "identity number in the heading": (
        text(["E-post", VALID], ["a@b.no", ""]),
        ListFault.IDENTITY_NUMBER,
    ),
    "eleven digits": (text(["E-post", "Nr"], ["a@b.no", "12345678901"]), ListFault.IDENTITY_NUMBER),
}


@pytest.mark.parametrize(("content", "fault"), BAD_FILES.values(), ids=BAD_FILES)
def test_bad_file(content, fault):
    started = time.monotonic()

    with pytest.raises(ListRefused) as refused:
        read_list(content)

    assert refused.value.fault == fault
    assert time.monotonic() - started < 5


def test_rows_with_identity_numbers_are_named_and_the_numbers_are_not():
    with pytest.raises(ListRefused) as refused:
        read_list(text(["E-post", "Nr"], ["a@b.no", ""], ["c@d.no", VALID], [VALID, ""]))

    assert refused.value.message == (
        "Listen har fødselsnummer. Ta dem bort, og last opp på nytt. Ingenting er lagret. "
        "Gjelder rad 3, 4."
    )
    assert VALID not in str(refused.value) + repr(refused.value)


def test_numbers_that_are_no_identity_numbers_pass():
    """The control of the refusals above: telephone, postal code and member number side by side."""
    row = ["a@b.no", "4790012345", "123456", "7030", "98765"]

    (line,) = read_list(text(["E-post", "Mobil", "Medlem", "Postnr", "Kode"], row))

    assert line.faults == ()


# --- Rows that confirm nobody --------------------------------------------------------------------

LONG = "a" * 300
BAD_ROWS = {
    "nobody": (["", "", "1", "", "ja"], RowFault.NO_PERSON),
    "number with letters": (["914490A", "", "", "", "ja"], RowFault.HPR_UNREADABLE),
    "ten digits": (["9144900123", "", "", "", "ja"], RowFault.HPR_UNREADABLE),
    "only zeros": (["0000000", "", "", "", "ja"], RowFault.HPR_UNREADABLE),
    "negative number": (["-9144900", "", "", "", "ja"], RowFault.FORMULA),
    "address without a domain": (["", "kari", "", "", "ja"], RowFault.EMAIL_UNREADABLE),
    "two addresses": (["", "a@b.no, c@d.no", "", "", "ja"], RowFault.EMAIL_UNREADABLE),
    "name and address": (["", "Kari <a@b.no>", "", "", "ja"], RowFault.EMAIL_UNREADABLE),
    "formula": (["=1+1", "", "", "", "ja"], RowFault.FORMULA),
    "command": (["", "@SUM(A1)", "", "", "ja"], RowFault.FORMULA),
    "link as a formula": (["", '=HYPERLINK("x")', "", "", "ja"], RowFault.FORMULA),
    "formula for the module": (["9144900", "", "+1", "", "ja"], RowFault.FORMULA),
    "module as a word": (["9144900", "", "første", "", "ja"], RowFault.MODULE_UNREADABLE),
    "two modules": (["9144900", "", "1 og 2", "", "ja"], RowFault.MODULE_UNREADABLE),
    "day that is not": (["9144900", "", "", "31.02.2026", "ja"], RowFault.DAY_UNREADABLE),
    "year of two digits": (["9144900", "", "", "30.01.26", "ja"], RowFault.DAY_UNREADABLE),
    "American day": (["9144900", "", "", "01/30/2026", "ja"], RowFault.DAY_UNREADABLE),
    "perhaps": (["9144900", "", "", "", "kanskje"], RowFault.ATTENDED_UNREADABLE),
    "not said": (["9144900", "", "", "", ""], RowFault.ATTENDED_MISSING),
    "very long cell": (["", f"{LONG}@b.no", "", "", "ja"], RowFault.CELL_TOO_LONG),
}


@pytest.mark.parametrize(("row", "fault"), BAD_ROWS.values(), ids=BAD_ROWS)
@pytest.mark.parametrize("made", [text, workbook], ids=["text", "workbook"])
def test_bad_row(made, row, fault):
    (line,) = read_list(made(HEADING, row))

    assert line.faults == (fault,)


def test_formulas_in_a_workbook_are_not_computed():
    book = openpyxl.Workbook()
    book.active.append(["HPR", "Deltok"])
    book.active.append(["=9144900", "ja"])
    book.active.append([9144900, "ja"])
    book.active["A4"] = ArrayFormula("A4", "=SUM(A2:A3)")
    book.active["B4"] = "ja"
    file = io.BytesIO()
    book.save(file)

    assert [line.faults for line in read_list(file.getvalue())] == [
        (RowFault.FORMULA,),
        (),
        (RowFault.FORMULA,),
    ]


def test_formula_in_a_column_that_is_not_read_is_nobodys_concern():
    (line,) = read_list(text(["E-post", "Mobil"], ["a@b.no", "+47 900 12 345"]))

    assert line.faults == ()


def test_every_fault_of_a_row_is_told():
    (line,) = read_list(text(HEADING, ["x", "y", "z", "i går", "kanskje"]))

    assert line.faults == (
        RowFault.HPR_UNREADABLE,
        RowFault.EMAIL_UNREADABLE,
        RowFault.MODULE_UNREADABLE,
        RowFault.DAY_UNREADABLE,
        RowFault.ATTENDED_UNREADABLE,
    )


def test_what_is_shown_of_a_row_is_short():
    (line,) = read_list(text(["E-post"], [f"{LONG}@b.no"]))

    assert len(line.written) == 80


# --- Whom the lines confirm ----------------------------------------------------------------------

SESSION = SessionFacts(module=1, starts_on=dt.date(2026, 1, 26), ends_on=DAY)
KARI = Doctor(1, "Kari", "009144900", "kari@example.org", is_followed=True, training_id=11)
OLA = Doctor(2, "Ola", "", "ola@example.org", is_followed=True, training_id=12)
AWAY = Doctor(3, "Borte", "777", "borte@example.org")
OTHER = Doctor(4, "Annen", "888", "annen@example.org", is_followed=True)
ME = Doctor(5, "Meg", "999", "meg@example.org", is_oneself=True)
DONE = Doctor(
    6, "Ferdig", "666", "f@example.org", is_followed=True, training_id=16, standing=Mark(True, DAY)
)
DOCTORS = [KARI, OLA, AWAY, OTHER, ME, DONE]


def line(number: int = 2, **fields) -> Line:
    return Line(number=number, **fields)


def judged(*lines: Line):
    return judge(lines, doctors=DOCTORS, session=SESSION)


@pytest.mark.parametrize(
    ("given", "doctor", "mark"),
    [
        (line(hpr_number="9144900"), KARI, Mark(True, DAY)),
        (line(email="kari@example.org"), KARI, Mark(True, DAY)),
        (line(hpr_number="9144900", email="kari@example.org"), KARI, Mark(True, DAY)),
        (line(hpr_number="9144900", email="privat@example.org"), KARI, Mark(True, DAY)),
        (line(hpr_number="123", email="ola@example.org"), OLA, Mark(True, DAY)),
        (line(hpr_number="9144900", module=1), KARI, Mark(True, DAY)),
        (
            line(hpr_number="9144900", day=dt.date(2026, 1, 26), attended=False),
            KARI,
            Mark(False, dt.date(2026, 1, 26)),
        ),
        (line(hpr_number="666", attended=False), DONE, Mark(False, DAY)),
    ],
)
def test_accepted(given, doctor, mark):
    found = judged(given)

    assert [(one.doctor, one.mark) for one in found.accepted] == [(doctor, mark)]
    assert found.rejected == ()


def test_a_correction_is_told():
    (first,) = judged(line(hpr_number="666", attended=False)).accepted
    (second,) = judged(line(hpr_number="9144900")).accepted

    assert (first.corrects, second.corrects) == (True, False)


REJECTED = {
    "unknown number": (line(hpr_number="5"), RowFault.UNKNOWN_PERSON, ""),
    "unknown address": (line(email="x@example.org"), RowFault.UNKNOWN_PERSON, ""),
    "number of one, address of another": (
        line(hpr_number="9144900", email="ola@example.org"),
        RowFault.TWO_PEOPLE,
        "",
    ),
    "unknown number, address of one with another number": (
        line(hpr_number="5", email="kari@example.org"),
        RowFault.TWO_PEOPLE,
        "",
    ),
    "not in the cohort, and not named": (line(hpr_number="777"), RowFault.NOT_IN_COHORT, ""),
    "no training with the course": (line(hpr_number="888"), RowFault.NO_SUCH_COURSE, "Annen"),
    "oneself": (line(hpr_number="999"), RowFault.ONESELF, ""),
    "wrong module": (line(hpr_number="9144900", module=2), RowFault.WRONG_MODULE, "Kari"),
    "day before": (
        line(hpr_number="9144900", day=dt.date(2026, 1, 25)),
        RowFault.OUTSIDE_SESSION,
        "Kari",
    ),
    "day after": (
        line(hpr_number="9144900", day=dt.date(2026, 1, 31)),
        RowFault.OUTSIDE_SESSION,
        "Kari",
    ),
    "confirmed already": (line(hpr_number="666"), RowFault.ALREADY_CONFIRMED, "Ferdig"),
    "fault of the row itself": (
        line(hpr_number="9144900", faults=(RowFault.DAY_UNREADABLE,)),
        RowFault.DAY_UNREADABLE,
        "Kari",
    ),
}


@pytest.mark.parametrize(("given", "fault", "name"), REJECTED.values(), ids=REJECTED)
def test_rejected(given, fault, name):
    found = judged(given)

    assert [(one.faults, one.name) for one in found.rejected] == [((fault,), name)]
    assert found.accepted == ()


def test_the_same_doctor_twice_counts_once():
    found = judged(line(2, hpr_number="9144900"), line(3, email="kari@example.org"))

    assert [one.line.number for one in found.accepted] == [2]
    assert [(one.line.number, one.faults) for one in found.rejected] == [(3, (RowFault.TWICE,))]


def test_lines_that_contradict_each_other_count_for_nothing():
    found = judged(line(2, hpr_number="9144900"), line(3, email="kari@example.org", attended=False))

    assert found.accepted == ()
    assert [one.faults for one in found.rejected] == [(RowFault.CONTRADICTION,)] * 2


def test_a_faulty_line_does_not_make_the_good_one_a_repetition():
    faulty = line(2, hpr_number="9144900", faults=(RowFault.ATTENDED_UNREADABLE,))

    found = judged(faulty, line(3, hpr_number="9144900"))

    assert [one.line.number for one in found.accepted] == [3]


def test_a_list_of_the_whole_course_confirms_this_module_alone():
    found = judged(*(line(number, hpr_number="9144900", module=number - 2) for number in (4, 3, 5)))

    assert [one.line.module for one in found.accepted] == [1]
    assert [one.faults for one in found.rejected] == [(RowFault.WRONG_MODULE,)] * 2
