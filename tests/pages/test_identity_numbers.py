"""The guard refuses patients' numbers, and leaves other numbers alone."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.no import fodselsnummer

from pages.identity_numbers import find_identity_number

KINDS = {  # what is added to the day, and to the month
    "national": (0, 0),
    "D": (40, 0),
    "H": (0, 40),
    "synthetic, Skatteetaten": (0, 80),
    "synthetic D": (40, 80),
    "synthetic, +65": (0, 65),
}
SEPARATORS = ["", " ", "-", ".", "\u00a0", " - ", "–", "/", "\u202f", "\t"]
CUTS = [[6], [2, 4, 6], [6, 9], [2, 4, 6, 8], [3, 6, 9], list(range(1, 11))]


def generated_number(kind: str, chance: random.Random) -> str:
    """A number of this kind, with the control digits that real ones have."""
    day_added, month_added = KINDS[kind]
    while True:
        born = date(1930, 1, 1) + timedelta(days=chance.randrange(35_000))
        nine = f"{born.day + day_added:02}{born.month + month_added:02}{born:%y}"
        nine += f"{chance.randrange(1000):03}"
        first = fodselsnummer.calc_check_digit1(nine)
        second = fodselsnummer.calc_check_digit2(nine + first)
        if len(first + second) == 2:
            return nine + first + second


def separated(number: str, cuts: list[int], separator: str) -> str:
    ends = zip([0, *cuts], [*cuts, len(number)], strict=True)
    return separator.join(number[start:end] for start, end in ends)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_find_identity_number_of_every_kind(kind):
    chance = random.Random(kind)
    missed = []

    for _ in range(10_000):
        number = generated_number(kind, chance)
        written = separated(number, chance.choice(CUTS), chance.choice(SEPARATORS))
        before = chance.choice(["", "Pasient ", "Født 1950, fnr ", "rom 12 "])
        text = before + written + chance.choice(["", ".", ", 83 år", " hadde smerter"])
        if find_identity_number(text) is None:
            missed.append(text)

    assert missed == []


@given(
    st.text("0123456789", min_size=11, max_size=11),
    st.sampled_from([[], *CUTS]),
    st.sampled_from(["", " ", "\u00a0", "/", "_"]),
)
def test_find_identity_number_any_eleven_digits(number, cuts, separator):
    assert find_identity_number(f"se {separated(number, cuts, separator)} her") is not None


@pytest.mark.parametrize(
    "text",
    [
        "01010112345",
        "010101 12345",
        "01.01.01-12345",
        "０１０１０１１２３４５",
        "010101\u200b12345",
        "01\u00ad0101 12345",
        "pas.nr:01010112345;",
    ],
)
def test_find_identity_number_written_in_other_ways(text):
    assert find_identity_number(text) == "01010112345"


@pytest.mark.parametrize("between", ["\n", ", ", ": ", ") ("])
def test_find_identity_number_valid_across_a_break(between):
    number = generated_number("national", random.Random(2))

    assert find_identity_number(f"({number[:6]}{between}{number[6:]})") == number


def test_find_identity_number_after_a_birth_date_with_its_century():
    number = generated_number("national", random.Random(1))
    day, month, year, rest = number[:2], number[2:4], number[4:6], number[6:]

    assert find_identity_number(f"f. {day}.{month}.19{year} {rest}") == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Familiesamtale om overgang til lindring.",
        "Ring 22 33 44 55",
        "Ring +47 22 33 44 55",
        "22334455 eller 99887766",
        "HPR 9144900",
        "HPR-nummer 123456789",
        "HPR 000 000 017",
        "Org.nr. 983 974 899",
        "983974899",
        "19.11.2026",
        "19.11.2026 kl. 14.30",
        "19.11.2026 100 mg morfin",
        "1.9.2019–28.2.2021",
        "2026-11-19 08:00",
        "2026-11-19 til 2026-12-24",
        "19.1 08.00-15.30",
        "Doser 5, 10, 20, 30, 40, 50 mg",
        "Side 1 av 12",
    ],
)
def test_find_identity_number_leaves_other_numbers(text):
    assert find_identity_number(text) is None
