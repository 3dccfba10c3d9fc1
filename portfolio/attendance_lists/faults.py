"""What can be wrong with a list. The label is what the programme leader reads."""

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _


class ListFault(models.TextChoices):
    """Why a whole file is refused. Nothing of it is shown."""

    EMPTY = "empty", _("Filen er tom.")
    TOO_LARGE = "too_large", _("Filen er for stor. Grensen er 1 MB.")
    NOT_A_LIST = "not_a_list", _("Filen er ikke en liste. Bruk CSV eller Excel (.xlsx).")
    OLD_OR_LOCKED = (
        "old_or_locked",
        _("Filen er låst med passord, eller lagret som gammel Excel (.xls). Lagre den som .xlsx."),
    )
    MACROS = "macros", _("Filen har makroer. Lagre den som .xlsx uten makroer.")
    BOMB = "bomb", _("Filen pakker ut til mye mer enn en deltakerliste. Lagre bare listen på nytt.")
    BROKEN = "broken", _("Filen er ødelagt og kan ikke leses. Lagre den på nytt.")
    UNREADABLE_TEXT = (
        "unreadable_text",
        _("Tegnene i filen kan ikke leses. Lagre den som CSV UTF-8 eller .xlsx."),
    )
    SEVERAL_SHEETS = (
        "several_sheets",
        _("Filen har innhold i flere ark. Lagre en fil med bare deltakerlisten."),
    )
    NO_PERSON_COLUMN = (
        "no_person_column",
        _("Fant ingen kolonne «HPR-nummer» eller «E-post». Skriv det øverst i kolonnen."),
    )
    COLUMN_TWICE = (
        "column_twice",
        _("To kolonner sier det samme. Ta bort den ene."),
    )
    NO_ROWS = "no_rows", _("Listen har ingen rader under overskriften.")
    TOO_MANY_ROWS = "too_many_rows", _("Listen har over 500 rader. Del den opp.")
    TOO_MANY_COLUMNS = (
        "too_many_columns",
        _("Listen har over 40 kolonner. Ta bort dem som ikke trengs."),
    )
    IDENTITY_NUMBER = (
        "identity_number",
        _("Listen har fødselsnummer. Ta dem bort, og last opp på nytt. Ingenting er lagret."),
    )


class ListRefused(Exception):
    """The file as a whole is not taken. `rows` are where the fault was found, as Excel counts."""

    def __init__(self, fault: ListFault, *, rows: tuple[int, ...] = ()):
        self.fault = fault
        self.rows = rows
        super().__init__(fault.value)

    @property
    def message(self) -> str:
        if not self.rows:
            return str(self.fault.label)
        where = ", ".join(str(number) for number in self.rows)
        return f"{self.fault.label} {_now('Gjelder rad %(rows)s.') % {'rows': where}}"


class RowFault(models.TextChoices):
    """Why one row confirms nobody."""

    NO_PERSON = "no_person", _("HPR-nummer eller e-post mangler.")
    HPR_UNREADABLE = "hpr_unreadable", _("HPR-nummeret er ikke ett til ni sifre.")
    EMAIL_UNREADABLE = "email_unreadable", _("E-postadressen er ikke skrevet riktig.")
    FORMULA = "formula", _("Cellen har en formel. Skriv selve verdien.")
    CELL_TOO_LONG = "cell_too_long", _("En celle har for mye tekst.")
    MODULE_UNREADABLE = "module_unreadable", _("Modulen er ikke et tall.")
    DAY_UNREADABLE = "day_unreadable", _("Datoen kan ikke leses. Skriv den som 19.11.2026.")
    ATTENDED_UNREADABLE = "attended_unreadable", _("Skriv «ja» eller «nei» under «Deltok».")
    ATTENDED_MISSING = "attended_missing", _("Det står ikke om legen deltok.")
    UNKNOWN_PERSON = "unknown_person", _("Ingen i PAL-mappen har dette nummeret eller adressen.")
    TWO_PEOPLE = "two_people", _("HPR-nummeret og e-posten tilhører ikke samme person.")
    ONESELF = "oneself", _("Du kan ikke bekrefte din egen deltakelse.")
    NOT_IN_COHORT = "not_in_cohort", _("Personen er ikke i et kull du leder.")
    NO_SUCH_COURSE = (
        "no_such_course",
        _("Legen er ikke i et utdanningsløp med dette kurset."),
    )
    WRONG_MODULE = "wrong_module", _("Raden gjelder en annen modul enn samlingen.")
    OUTSIDE_SESSION = "outside_session", _("Datoen er utenfor samlingen.")
    TWICE = "twice", _("Legen står i en tidligere rad også.")
    CONTRADICTION = "contradiction", _("Legen står i flere rader som sier ulike ting.")
    ALREADY_CONFIRMED = "already_confirmed", _("Dette er allerede bekreftet.")
