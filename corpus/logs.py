"""Structured logs: one event a line, to standard error, with names from the glossary as keys."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog

from corpus.settings import Settings
from corpus.shown import without_signs

REQUESTS_LOGGER = "pushcart.requests"
"""Logs the requests to the pages, where PUSHCART_LOG_REQUESTS is set."""


def _without_signs(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Let no address or reason of a stranger move the cursor of whoever reads the log on a terminal."""
    return {name: without_signs(value) if isinstance(value, str) else value for name, value in event.items()}


def set_up_logs(settings: Settings, *, stream: TextIO | None = None) -> None:
    """Send all logs, ours and those of the libraries, to one place in one form. May be repeated.

    Args:
        stream: where to; None means standard error.
    """
    target = stream or sys.stderr
    as_text = settings.log_format == "text" or (settings.log_format == "auto" and target.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _without_signs,
    ]
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=target.isatty()) if as_text else structlog.processors.JSONRenderer()
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    # At its own level: at `info` of everything else, the server would log the addresses of readers.
    logging.getLogger(REQUESTS_LOGGER).setLevel(logging.INFO if settings.log_requests else logging.WARNING)
    # pdfminer complains about each odd glyph of a file; what matters of that is in the file's outcome.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
