"""The content of a document, read in bulk and handed on as plain frozen values."""

from reports.queries.progress import ProgressReport, progress_report
from reports.queries.statement import StatementOnPaper, statement_on_paper

__all__ = ["ProgressReport", "StatementOnPaper", "progress_report", "statement_on_paper"]
