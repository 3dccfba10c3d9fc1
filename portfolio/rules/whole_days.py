"""From exact time to whole days, and from days to years, months and days.

A year is 365 days, a month 365/12 (domain notes on time; an assumption, so it can be cited as one).
"""

import math
from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

DAYS_OF_YEAR = 365
MONTHS_OF_YEAR = 12


def days_of_months(months: int) -> int:
    """Whole days of a requirement or a limit, halves up: 78 months 2 373, 39 months 1 186."""
    twelfths = months * DAYS_OF_YEAR
    return (2 * twelfths + MONTHS_OF_YEAR) // (2 * MONTHS_OF_YEAR)


def as_years_months_days(days: int) -> tuple[int, int, int]:
    """Whole years, then whole months, then whole days of what is left.

    What is left of a day after a month of 30.42 days is dropped: 469 days are 1 year (365),
    3 months (91.25) and 12.75 days, shown as 12. The full days stand beside it.
    """
    years, rest = divmod(days, DAYS_OF_YEAR)
    months = rest * MONTHS_OF_YEAR // DAYS_OF_YEAR
    return years, months, (rest * MONTHS_OF_YEAR - months * DAYS_OF_YEAR) // MONTHS_OF_YEAR


def shared_out(total: int, exact: Mapping[Key, Fraction]) -> dict[Key, int]:
    """Whole days for each part that add up to `total`, which the exact parts round down or up to.

    Each part is rounded down; the days then missing go one each to the largest remainders, and
    between equal remainders to the first. No part moves by a whole day.
    """
    days = {key: math.floor(part) for key, part in exact.items()}
    by_remainder = sorted(exact, key=lambda key: days[key] - exact[key])
    for key in by_remainder[: total - sum(days.values())]:
        days[key] += 1
    return days
