"""Norwegian identity numbers hidden in free text.

Patients must never be recognisable in a portfolio, so the guard prefers to refuse too much:
every run of eleven digits, with or without separators, and every valid national, D-, H- or
synthetic number inside a longer run.
"""

import re
import unicodedata
from datetime import date

from stdnum.no import fodselsnummer

LENGTH = 11

_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_SEPARATOR = r"[\s.\-‐-―−/_·:,'*()]"
_RUN = re.compile(rf"\d(?:{_SEPARATOR}{{0,3}}\d)*")
# A comma or a new line parts the items of a list: only a valid number reaches across them.
_UNBROKEN_RUN = re.compile(r"\d(?:(?:[^\S\n]|[.\-‐-―−/_·]){0,3}\d)*")
_DATE = re.compile(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?((?:19|20)\d\d)(?!\d)")
_ISO_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)")
_TIME_SPAN = re.compile(
    r"(?<![\d.])(?:[01]?\d|2[0-3])[.:][0-5]\d\s?[-–]\s?(?:[01]?\d|2[0-3])[.:][0-5]\d(?![\d.])"
)
_BIRTH_DATE_AND_NUMBER = re.compile(
    rf"(?<!\d)(\d\d){_SEPARATOR}?(\d\d){_SEPARATOR}?(?:1[89]|20)(\d\d){_SEPARATOR}{{1,3}}(\d{{5}})(?!\d)"
)


def find_identity_number(text: str) -> str | None:
    """Return the eleven digits of the first identity number in ``text``, if there is one."""
    readable = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return _valid_number(readable) or _eleven_digits(_without_dates_and_times(readable))


def _valid_number(text: str) -> str | None:
    """A number whose control digits are right, also as a part of a longer run."""
    for match in _BIRTH_DATE_AND_NUMBER.finditer(text):
        number = "".join(match.groups())
        if _has_control_digits(number):
            return number
    for run in _RUN.finditer(text):
        for number in _candidates(re.findall(r"\d+", run[0])):
            if _has_control_digits(number):
                return number
    return None


def _eleven_digits(text: str) -> str | None:
    for run in _UNBROKEN_RUN.finditer(text):
        digits = re.sub(r"\D", "", run[0])
        if len(digits) == LENGTH:
            return digits
    return None


def _candidates(groups: list[str]):
    """Eleven digits in adjoining groups, or anywhere within one long group."""
    for start, group in enumerate(groups):
        for offset in range(len(group) - LENGTH + 1):
            yield group[offset : offset + LENGTH]
        joined = group
        for following in groups[start + 1 :]:
            joined += following
            if len(joined) == LENGTH:
                yield joined
            if len(joined) >= LENGTH:
                break


def _has_control_digits(number: str) -> bool:
    """Whether both control digits are right.

    The date part is not looked at: H-numbers, FH-numbers and the synthetic series (month + 40,
    + 65, + 80) all carry the same control digits and differ only there.
    """
    digits = "".join(str(unicodedata.digit(character)) for character in number)
    return (
        fodselsnummer.calc_check_digit1(digits) == digits[9]
        and fodselsnummer.calc_check_digit2(digits) == digits[10]
    )


def _without_dates_and_times(text: str) -> str:
    text = _TIME_SPAN.sub(" kl ", text)
    text = _DATE.sub(lambda match: _blank_if_date(match, match[3], match[2], match[1]), text)
    return _ISO_DATE.sub(lambda match: _blank_if_date(match, match[1], match[2], match[3]), text)


def _blank_if_date(match: re.Match, year: str, month: str, day: str) -> str:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return match[0]
    return " dato "
