"""The text of a file that a person wants checked: read in processes that can be killed, and kept nowhere."""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import replace
from pathlib import Path

from corpus.errors import BadInput
from corpus.messages import sentence
from corpus.messages.reasons import reason_in_words
from corpus.processes import ChildWork, TaskEnding, TaskLimits, run_tasks
from corpus.settings import Settings
from corpus.types import Outcome
from nlp.reading.pool import read_files
from nlp.reading.requests import ReadRequest
from nlp.reading.sniffing import HEAD_BYTES, name_of

FILE_BYTES_MAX = 10_000_000
"""Of a file that is checked."""
_SECONDS_MAX = 30.0
_PAGES_MAX = 600
_DOCX = ChildWork("nlp.reading.docx_text:read")


def draft_text(content: bytes, *, settings: Settings, lang: str = "en") -> str:
    """Return the text of a file: plain text, Word (DOCX), PDF or HTML.

    The bytes are in a file of this process alone while they are read, and it is removed before this returns.

    Args:
        settings: limit memory; time and pages are limited more than those of documents that are added.
        lang: in which it is said why a file could not be read: en, es, fr or pt.

    Raises BadInput: it is empty, too large, of another kind or cannot be read.
    """
    if len(content) > FILE_BYTES_MAX:
        raise BadInput(
            sentence("The file has more than {size:,} bytes.", size=FILE_BYTES_MAX),
            try_next=sentence("Send a shorter one, or paste the paragraphs with the quotes."),
        )
    if content.startswith(b"PK\x03\x04") and b"word/" in content:
        return _of_docx(content, settings=settings)
    limited = replace(
        settings,
        read_seconds_max=min(settings.read_seconds_max, _SECONDS_MAX),
        read_pages_max=min(settings.read_pages_max, _PAGES_MAX),
        workers=1,
    )
    with tempfile.TemporaryDirectory(prefix="pushcart-draft-") as folder:
        path = Path(folder) / "draft"
        path.write_bytes(content)
        request = ReadRequest(hashlib.sha256(content).hexdigest(), path)
        reading = next(iter(list(read_files([request], settings=limited))))
    text = "\n\n".join(page.text for page in reading.pages)
    if text.strip():
        return text
    if reading.outcome is Outcome.UNSUPPORTED:
        raise _of_another_kind(name_of(content[:HEAD_BYTES]))
    raise BadInput(
        sentence("No text could be read from the file. {reason}", reason=reason_in_words(reading.reason, lang=lang)),
        try_next=sentence("Paste the paragraphs with the quotes instead."),
    )


def _of_docx(content: bytes, *, settings: Settings) -> str:
    limits = TaskLimits(_SECONDS_MAX, settings.read_memory_mebibytes_max)
    result = next(iter(list(run_tasks([("draft", content)], work=_DOCX, limits=limits, size=1))))
    text = json.loads(result.answer) if result.ending is TaskEnding.DONE else None
    if not isinstance(text, str):
        raise BadInput(
            sentence("The Word document could not be read."),
            try_next=sentence("Save it anew as DOCX, or paste the paragraphs with the quotes."),
        )
    return text


def _of_another_kind(name: str) -> BadInput:
    return BadInput(
        sentence("The file is {kind}, which is not read here.", kind=name),
        try_next=sentence("Send plain text, Word (DOCX), PDF or HTML."),
    )
