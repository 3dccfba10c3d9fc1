"""A cohort as a workbook (.xlsx): a sheet about it, its doctors, their courses, their service.

Every text is written as text. One that a spreadsheet could take for a formula gets an apostrophe
in front, which stays when the sheet is saved as CSV and opened again.
"""

import datetime as dt
import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.utils.translation import gettext as _

from institutions.enums import Role
from pages.dates import long_day
from reports.queries.cohorts import CohortDoctor, CohortSheet, ModuleDay

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
Cell = str | int | dt.date | None

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def cohort_workbook(sheet: CohortSheet, *, made_by: str) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        book.set_properties({"title": harmless(sheet.cohort.name), "author": "PAL-mappen"})
        pages = _Pages(book)
        pages.add(_("Om"), [_("Om dette regnearket"), ""], _about(sheet, made_by), widths=[34, 70])
        pages.add(_("Leger"), _doctor_headings(), map(_doctor, sheet.doctors))
        pages.add(_("Kurs"), _course_headings(), _course_rows(sheet.doctors))
        pages.add(_("Tjeneste"), _service_headings(), _service_rows(sheet.doctors))
    return file.getvalue()


class _Pages:
    """Sheets of one look: a heading that stays, days as days, and widths that fit."""

    def __init__(self, book: xlsxwriter.Workbook):
        self.book = book
        self.heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.day = book.add_format({"num_format": "dd.mm.yyyy", "valign": "top", "align": "left"})

    def add(
        self,
        name: str,
        headings: Sequence[str],
        rows: Iterable[Sequence[Cell]],
        *,
        widths: Sequence[int] | None = None,
    ) -> None:
        page = self.book.add_worksheet(name)
        for column, heading in enumerate(headings):
            page.write_string(0, column, heading, self.heading)
            page.set_column(column, column, (widths or self._widths(headings))[column])
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                self._write(page, number, column, cell)
        page.freeze_panes(1, 1)
        page.set_landscape()
        page.fit_to_pages(1, 0)

    @staticmethod
    def _widths(headings: Sequence[str]) -> list[int]:
        return [28 if column == 0 else max(12, len(one)) for column, one in enumerate(headings)]

    def _write(self, page, row: int, column: int, cell: Cell) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, dt.date):
            page.write_datetime(row, column, cell, self.day)
        elif isinstance(cell, int):
            page.write_number(row, column, cell, self.text)
        else:
            page.write_string(row, column, harmless(cell), self.text)


# --- Om ------------------------------------------------------------------------------------------


def _about(sheet: CohortSheet, made_by: str) -> list[Sequence[Cell]]:
    role = str(Role.PROGRAM_LEADER.label).lower()
    return [
        (_("Kull"), sheet.cohort.name),
        (_("Leger"), len(sheet.doctors)),
        (_("Gjelder"), sheet.on),
        (_("Laget av"), f"{made_by}, {role}"),
        (
            _("Læringsmål"),
            _("PAL: forslag (høring 2023). I kompetanseområdet er målene et frivillig kart."),
        ),
        (
            _("Vist og godkjent"),
            _("«Vurdert» er mål med minst én vurdering. «Godkjent» er lederens avgjørelse."),
        ),
        (
            _("Fravær"),
            _("Kalenderdager ut over ferie og kurs, til og med %(day)s. Årsaker er ikke med.")
            % {"day": long_day(sheet.on)},
        ),
        (_("Hvem ser det"), _("Hver lege ser i mappen sin at du har åpnet den i dag.")),
    ]


# --- Leger ---------------------------------------------------------------------------------------


def _doctor_headings() -> list[str]:
    return [
        _("Lege"),
        _("HPR-nummer"),
        _("Utdanningsløp"),
        _("Startet"),
        _("Tjenestested nå"),
        _("Stillingsprosent nå"),
        _("Veileder"),
        _("Veileder til og med"),
        _("Mål i løpet"),
        _("Mål vurdert"),
        _("Mål til avgjørelse"),
        _("Mål godkjent"),
        _("Venter på andre"),
        _("Eldste har ventet siden"),
        _("Siste aktivitet"),
        _("Kursmoduler tatt"),
        _("Kursmoduler i løpet"),
    ]


def _doctor(doctor: CohortDoctor) -> Sequence[Cell]:
    training = doctor.training
    decides = training.pathway.decides_goals
    return (
        doctor.name,
        training.trainee.hpr_number,
        training.pathway.short_title,
        training.started_on,
        "; ".join(one.label for one in doctor.today),
        sum(one.percent for one in doctor.today),
        training.guide_name or _("ingen"),
        training.guided_until,
        doctor.goal_count,
        training.assessed_count,
        training.claimed_count if decides else None,  # a voluntary map decides nothing
        training.approved_count if decides else None,
        len(doctor.waits),
        doctor.waits[0].since if doctor.waits else None,
        training.last_activity_on,
        doctor.taken_count,
        len(doctor.modules),
    )


# --- Kurs ----------------------------------------------------------------------------------------


def _course_headings() -> list[str]:
    return [_("Lege"), _("Kurs"), _("Modul"), _("Tittel"), _("Tatt"), _("Merknad")]


def _course_rows(doctors: Iterable[CohortDoctor]) -> Iterable[Sequence[Cell]]:
    for doctor in doctors:
        for one in doctor.modules:
            yield (
                doctor.name,
                one.module.course.title,
                one.module.number,
                one.module.title,
                one.completed_on,
                _remark(one),
            )


def _remark(one: ModuleDay) -> str:
    if one.is_attended:
        return _("oppmøte bekreftet")
    if one.has_certificate:
        return _("kursbevis bekreftet")
    return _("deltok ikke") if one.is_missed else ""


# --- Tjeneste ------------------------------------------------------------------------------------


def _service_headings() -> list[str]:
    return [
        _("Lege"),
        _("Tjenestested"),
        _("Stilling"),
        _("Prosent"),
        _("Fra og med"),
        _("Til og med"),
        _("Fravær, dager"),
    ]


def _service_rows(doctors: Iterable[CohortDoctor]) -> Iterable[Sequence[Cell]]:
    for doctor in doctors:
        for one in doctor.services:
            yield (
                doctor.name,
                one.place,
                one.post_kind,
                one.percent,
                one.starts_on,
                one.ends_on,
                one.days_away,
            )
