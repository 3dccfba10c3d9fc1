"""How far an export has come: a dossier of each doctor, then one file with them all."""

from dataclasses import dataclass

from pages.norwegian_order import norwegian_key
from reports.enums import ReportState
from reports.models import Report

PACKED = 10  # percent of the work that is left when the last dossier is made


@dataclass(frozen=True)
class Parts:
    dossiers: tuple[Report, ...]
    percent: int

    @property
    def done(self) -> int:
        return sum(one.is_done for one in self.dossiers)

    @property
    def left_out(self) -> tuple[Report, ...]:
        return tuple(one for one in self.dossiers if one.has_failed)


def parts_of(export: Report) -> Parts:
    """One query."""
    rows = list(export.dossiers.select_related("training__trainee"))
    return Parts(
        dossiers=tuple(sorted(rows, key=lambda one: norwegian_key(one.about))),
        percent=_percent(export, rows),
    )


def _percent(export: Report, rows: list[Report]) -> int:
    """The dossiers are most of the work; what is over is all of its part, however it went."""
    if export.state != ReportState.QUEUED and not any(one.is_under_way for one in rows):
        return 100 - PACKED + export.progress_percent * PACKED // 100
    came = [one.progress_percent if one.is_under_way else 100 for one in rows]
    return sum(came) * (100 - PACKED) // (100 * max(len(rows), 1))
