"""What passes between the reading processes and the one that started them: JSON, never pickles.

A file that takes over a reading process must not be able to run code in the process that asked for it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from corpus.types import Evidence, Outcome, Page, Reading
from nlp.reading.requests import Limits, ReadRequest


@dataclass(frozen=True, slots=True)
class Ready:
    """A process has loaded its libraries."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Pages that have been read since the message before."""

    texts: tuple[str, ...]
    page_total: int


@dataclass(frozen=True, slots=True)
class Done:
    """A file has been read; `reading` has only the pages that no message brought before."""

    reading: dict[str, Any] = field(repr=False)
    retires: bool = False
    """True: the process ends now, because it has grown; another takes its place."""


Message = Ready | Progress | Done


def pack_request(request: ReadRequest, limits: Limits) -> bytes:
    """Return what asks a process to read a file."""
    return json.dumps([asdict(request) | {"path": str(request.path)}, asdict(limits)]).encode()


def unpack_request(message: bytes) -> tuple[ReadRequest, Limits]:
    """Return what was packed."""
    request, limits = json.loads(message)
    return ReadRequest(**request | {"path": Path(request["path"])}), Limits(**limits)


def pack(message: Message) -> bytes:
    """Return a message of a reading process as bytes."""
    match message:
        case Ready():
            return b'["ready"]'
        case Progress():
            return json.dumps(["progress", message.texts, message.page_total]).encode()
        case Done():
            return json.dumps(["done", message.reading, message.retires]).encode()


def unpack(content: bytes) -> Message:
    """Return the message. Raises ValueError: it is none."""
    match json.loads(content):
        case ["ready"]:
            return Ready()
        case ["progress", list(texts), int(total)]:
            return Progress(tuple(map(str, texts)), total)
        case ["done", dict(reading), bool(retires)]:
            return Done(reading, retires)
    raise ValueError("a reading process sent something that is no message")


def fields_of(reading: Reading, *, pages_sent: int) -> dict[str, Any]:
    """Return a reading as plain values, without the pages that were sent before."""
    return {
        "sha256": reading.sha256,
        "outcome": reading.outcome.value,
        "reason": reading.reason,
        "texts": [page.text for page in reading.pages[pages_sent:]],
        "page_total": reading.page_total,
        "engine": reading.engine,
        "seconds": reading.seconds,
        "evidence": {
            name: [[offer.value, offer.origin] for offer in offers] for name, offers in reading.evidence.items()
        },
    }


def reading_of(values: dict[str, Any], *, earlier: list[str]) -> Reading:
    """Return the reading.

    Args:
        earlier: texts of the pages that were sent before.

    Raises ValueError, KeyError or TypeError: the values are not those of a reading.
    """
    return Reading(
        sha256=values["sha256"],
        outcome=Outcome(values["outcome"]),
        reason=values["reason"],
        pages=pages_of([*earlier, *values["texts"]]),
        page_total=values["page_total"],
        engine=values["engine"],
        seconds=values["seconds"],
        evidence={
            name: tuple(Evidence(value, origin) for value, origin in offers)
            for name, offers in values["evidence"].items()
        },
    )


def pages_of(texts: list[str]) -> tuple[Page, ...]:
    """Return pages numbered from 1."""
    return tuple(Page(number, text) for number, text in enumerate(texts, start=1))
