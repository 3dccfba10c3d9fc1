"""History at its own time: both clocks, the application's and the database's, are set back."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import time_machine
from django.db import connection
from django.utils import timezone

from portfolio.rules import months_later

SCENE = dt.date(2026, 11, 19)


RECENT_DAYS = 120


class Calendar:
    """The scene's dates, moved so that the scene is today.

    What is recent is moved by days. What is older, or to come, is moved by whole months, so that a
    post still begins on the first of a month.
    """

    def __init__(self, today: dt.date):
        self.today = today
        self._days = (today - SCENE).days
        self._months = (today.year - SCENE.year) * 12 + today.month - SCENE.month

    def day(self, year: int, month: int, day: int) -> dt.date:
        scene_day = dt.date(year, month, day)
        if 0 <= (SCENE - scene_day).days <= RECENT_DAYS:
            return scene_day + dt.timedelta(days=self._days)
        return months_later(scene_day, self._months)

    def days_ago(self, count: int) -> dt.date:
        return self.today - dt.timedelta(days=count)


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Only the owner role, in an installation marked as demo, can move the database's clock."""
    with time_machine.travel(moment, tick=False):
        _set_database_time(moment.isoformat())
        try:
            yield
        finally:
            _set_database_time("")


def _set_database_time(moment: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('palmappen.now', %s, false)", [moment])


def moment(day: dt.date, minute_of_day: int) -> dt.datetime:
    midnight = dt.datetime.combine(day, dt.time(), tzinfo=timezone.get_current_timezone())
    return midnight + dt.timedelta(minutes=minute_of_day)
