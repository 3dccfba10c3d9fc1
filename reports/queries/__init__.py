"""The content of a document, read in bulk and handed on as plain frozen values."""

from reports.queries.progress import ProgressReport, progress_report

__all__ = ["ProgressReport", "progress_report"]
