"""One line per event, and nothing in it that opens a door or tells of a person's health.

Paths are logged, so tokens in them are masked and everything after «?» is dropped (what somebody
searched for is not ours to keep). Tracebacks never carry the values of local variables.
"""

import re

import structlog

TALKATIVE = ["pikepdf", "fontTools", "weasyprint"]

# A path segment of 24 or more characters with a digit in it, but not a UUID: those name rows and
# are needed to follow an error.
_TOKEN = re.compile(
    r"(?<=/)(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)(?=[\w:.~-]*\d)[\w:.~-]{24,}"
)
_QUERY = re.compile(r"(?<=[\w/])\?\S+")


def mask(text: str) -> str:
    return _QUERY.sub("?…", _TOKEN.sub("…", text))


def mask_paths(logger, method_name: str, event: dict) -> dict:
    """A structlog processor: every text of the event may hold a path."""
    return {
        key: mask(value) if isinstance(value, str) and key != "exception" else value
        for key, value in event.items()
    }


_SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    mask_paths,
]


def logging_settings(*, as_json: bool, level: str) -> dict:
    """The LOGGING setting; structlog and the standard library end in the same line."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *([structlog.processors.format_exc_info] if as_json else []),
                    renderer,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            **{name: {"level": "WARNING"} for name in TALKATIVE},
        },
    }
