"""From the cells of a file to lines: who, which module, which day, and whether they attended."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from stdnum.no import fodselsnummer

from pages.identity_numbers import find_identity_number
from portfolio.attendance_lists.faults import ListFault, ListRefused, RowFault
from portfolio.attendance_lists.tables import Row, readings

MAX_BYTES = 1_000_000
MAX_ROWS = 500
MAX_COLUMNS = 40
MAX_TEXT = 300_000  # characters in all
MAX_CELL = 254  # the longest e-mail address
HEADING_WITHIN = 10  # a title or a logo may stand above it
ROWS_NAMED = 5
SHOWN = 80

# Norwegian and English headings, without spaces, marks and capitals.
HEADINGS = {
    "hpr_number": {"hpr", "hprnummer", "hprnr", "hprno", "hprnumber"},
    "email": {"epost", "epostadresse", "email", "emailaddress", "mail", "mailadresse"},
    "module": {"modul", "modulnr", "modulnummer", "kursmodul", "module", "modulenumber"},
    "day": {"dato", "kursdato", "sistedag", "fullført", "date", "completed", "completedon"},
    "attended": {"deltok", "deltatt", "deltakelse", "oppmøte", "møtt", "tilstede"}
    | {"attended", "attendance", "present"},
}
YES = {"ja", "j", "x", "1", "deltok", "deltatt", "møtt", "tilstede", "yes", "y", "true", "sann"}
NO = {"nei", "n", "0", "deltokikke", "ikkedeltatt", "ikkemøtt", "ikketilstede", "no", "false"} | {
    "usann"
}
VALUES = (str, int, float, dt.date, dt.time, dt.timedelta)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Line:
    """One row of the list as it was read. `written` is how the person stands there."""

    number: int  # as Excel counts
    written: str = ""
    hpr_number: str = ""  # without leading zeros, which Excel drops
    email: str = ""
    module: int | None = None
    day: dt.date | None = None
    attended: bool = True  # to be on a list without such a column is to have attended
    faults: tuple[RowFault, ...] = ()


def read_list(content: bytes) -> tuple[Line, ...]:
    """Every row under the heading. Raises ListRefused for what is no list of attendance."""
    if len(content) > MAX_BYTES:
        raise ListRefused(ListFault.TOO_LARGE)
    rows = max(readings(content), key=lambda reading: len(_heading(reading)[1]))
    _refuse_overfull(rows)
    _refuse_identity_numbers(rows)
    place, columns = _heading(rows)
    if not columns.keys() & {"hpr_number", "email"}:
        raise ListRefused(ListFault.NO_PERSON_COLUMN)
    below = [(at, row) for at, row in enumerate(rows, start=1) if at > place and _width(row)]
    if not below:
        raise ListRefused(ListFault.NO_ROWS)
    if len(below) > MAX_ROWS:
        raise ListRefused(ListFault.TOO_MANY_ROWS)
    return tuple(_line(number, row, columns) for number, row in below)


def _refuse_overfull(rows: list[Row]) -> None:
    """Before every cell is looked through: what is too much for a list of attendance."""
    widths = [width for row in rows if (width := _width(row))]
    if len(widths) > MAX_ROWS + HEADING_WITHIN:
        raise ListRefused(ListFault.TOO_MANY_ROWS)
    if max(widths, default=0) > MAX_COLUMNS:
        raise ListRefused(ListFault.TOO_MANY_COLUMNS)
    if sum(len(_text(cell)) for row in rows for cell in row) > MAX_TEXT:
        raise ListRefused(ListFault.TOO_LARGE)


def _width(row: Row) -> int:
    """The last column with something in it; 0 for an empty row."""
    return max((at for at, cell in enumerate(row, start=1) if _text(cell)), default=0)


# --- The heading ---------------------------------------------------------------------------------


def _heading(rows: list[Row]) -> tuple[int, dict[str, int]]:
    """Its number, and the column of each thing; (0, {}) where no row names a person."""
    for number, row in enumerate(rows[:HEADING_WITHIN], start=1):
        named = [(at, name) for at, cell in enumerate(row) if (name := _named(cell))]
        if {"hpr_number", "email"} & {name for _at, name in named}:
            columns = {name: at for at, name in named}
            if len(columns) < len(named):
                raise ListRefused(ListFault.COLUMN_TWICE)
            return number, columns
    return 0, {}


def _named(cell: object) -> str:
    word = _word(cell)
    return next((name for name, words in HEADINGS.items() if word in words), "")


def _word(cell: object) -> str:
    return re.sub(r"[\W_]", "", _text(cell).casefold())


def _text(cell: object) -> str:
    """A cell as somebody would type it: Excel's 7654321.0 is «7654321»."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ja" if cell else "nei"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if not isinstance(cell, VALUES):
        return "="  # a formula over several cells comes as an object of its own
    return str(cell).replace("\N{NO-BREAK SPACE}", " ").strip()


# --- Identity numbers ----------------------------------------------------------------------------


def _refuse_identity_numbers(rows: list[Row]) -> None:
    """In any cell, also in columns that are not read. The rows are named, the number never."""
    found = [number for number, row in enumerate(rows, start=1) if _has_identity_number(row)]
    if found:
        raise ListRefused(ListFault.IDENTITY_NUMBER, rows=tuple(found[:ROWS_NAMED]))


def _has_identity_number(row: Row) -> bool:
    cells = [_text(cell) for cell in row if not isinstance(cell, dt.date)]
    return any(find_identity_number(text) or _lost_zeros(text) for text in cells) or any(
        _parted(first, second) for first, second in pairwise(cells)
    )


def _lost_zeros(text: str) -> bool:
    """Excel drops the zero of those born on the first nine days of a month."""
    return text.isdecimal() and len(text) == 10 and _is_identity_number(text.zfill(11))


def _parted(first: str, second: str) -> bool:
    """Date of birth in one column, the five digits in the next."""
    if not (first.isdecimal() and second.isdecimal()):
        return False
    if len(first) not in (5, 6) or len(second) not in (4, 5):
        return False
    return _is_identity_number(first.zfill(6) + second.zfill(5))


def _is_identity_number(number: str) -> bool:
    """Both control digits, and a day and a month: D-numbers add 40 to the day, H-numbers and
    synthetic ones 40, 65 or 80 to the month. Two columns of numbers meet by chance otherwise."""
    day, month = int(number[:2]), int(number[2:4])
    is_date = 1 <= day % 40 <= 31 and any(1 <= month - more <= 12 for more in (0, 40, 65, 80))
    return (
        is_date
        and fodselsnummer.calc_check_digit1(number) == number[9]
        and fodselsnummer.calc_check_digit2(number) == number[10]
    )


# --- One row -------------------------------------------------------------------------------------


def _line(number: int, row: Row, columns: dict[str, int]) -> Line:
    cells = {name: row[at] if at < len(row) else None for name, at in columns.items()}
    faults = list(_unfit(cells.values()))
    hpr_number = _read(_hpr_number, cells.get("hpr_number"), RowFault.HPR_UNREADABLE, faults)
    email = _read(_email, cells.get("email"), RowFault.EMAIL_UNREADABLE, faults)
    if not _text(cells.get("hpr_number")) and not _text(cells.get("email")):
        faults.append(RowFault.NO_PERSON)
    module = _read(_module, cells.get("module"), RowFault.MODULE_UNREADABLE, faults)
    day = _read(_day, cells.get("day"), RowFault.DAY_UNREADABLE, faults)
    attended = _read(_attended, cells.get("attended"), RowFault.ATTENDED_UNREADABLE, faults)
    if "attended" in cells and not _text(cells["attended"]):
        faults.append(RowFault.ATTENDED_MISSING)
    written = _text(cells.get("hpr_number")) or _text(cells.get("email"))
    return Line(
        number=number,
        written=written[:SHOWN],
        hpr_number=hpr_number or "",
        email=email or "",
        module=module,
        day=day,
        attended=True if attended is None else attended,
        faults=tuple(dict.fromkeys(faults)),
    )


def _unfit(cells: Iterable[object]) -> Iterable[RowFault]:
    texts = [_text(cell) for cell in cells if not isinstance(cell, (int, float, dt.date))]
    if any(text.startswith(FORMULA_STARTS) for text in texts):
        yield RowFault.FORMULA
    if any(len(text) > MAX_CELL for text in texts):
        yield RowFault.CELL_TOO_LONG


def _read(reader, cell: object, fault: RowFault, faults: list[RowFault]):
    """What the cell says; nothing where it is empty, and a fault where it cannot be read.

    One fault of a cell is enough: a formula is not also a wrong number.
    """
    if not _text(cell):
        return None
    value = reader(cell)
    if value is None and not {RowFault.FORMULA, RowFault.CELL_TOO_LONG} & set(faults):
        faults.append(fault)
    return value


def _hpr_number(cell: object) -> str | None:
    digits = re.sub(r"\s", "", _text(cell))
    return digits.lstrip("0") or None if re.fullmatch(r"[0-9]{1,9}", digits) else None


def _email(cell: object) -> str | None:
    text = _text(cell).lower()
    return text if re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+", text) else None


def _module(cell: object) -> int | None:
    found = re.fullmatch(
        r"(?:modul|module)?\s*([0-9]{1,2})(?:\s*[:.–-].*)?", _text(cell).casefold()
    )
    return int(found[1]) if found else None


def _day(cell: object) -> dt.date | None:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    found = re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", _text(cell))
    iso = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", _text(cell))
    parts = found.group(3, 2, 1) if found else iso.groups() if iso else ()
    try:
        return dt.date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def _attended(cell: object) -> bool | None:
    word = _word(cell)
    return True if word in YES else False if word in NO else None
