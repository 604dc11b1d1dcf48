"""Bytes of a file -> its pages, in processes that can be killed.

`read_files` reads many, each in a process with limits of time and memory; whatever a file does, it has an outcome.
"""

from nlp.reading.pool import read_files
from nlp.reading.requests import ReadingLimits, ReadRequest

READER_VERSION = "4"
"""Of the text that reading gives; a new one lets the store offer what an older one read once more."""

__all__ = ["READER_VERSION", "ReadRequest", "ReadingLimits", "read_files"]
