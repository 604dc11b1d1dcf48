"""Logs are one JSON object a line, ours and those of the libraries alike."""

from __future__ import annotations

import io
import json
import logging

import pytest
import structlog

from corpus.logs import set_up_logs
from corpus.settings import Settings


@pytest.fixture(autouse=True)
def logging_as_before():
    """Give the root logger back what it had."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_our_events_and_those_of_libraries_come_out_in_one_form():
    stream = io.StringIO()
    set_up_logs(Settings(log_level="info", log_format="json"), stream=stream)
    structlog.get_logger("corpus").info("document saved", document="d1")
    logging.getLogger("scrapy").warning("slow %s", "site")
    ours, theirs = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (ours["event"], ours["document"], ours["level"]) == ("document saved", "d1", "info")
    assert (theirs["event"], theirs["logger"]) == ("slow site", "scrapy")


def test_what_is_below_the_level_stays_silent():
    stream = io.StringIO()
    set_up_logs(Settings(log_level="error"), stream=stream)
    logging.getLogger("any").warning("hush")
    assert stream.getvalue() == ""
