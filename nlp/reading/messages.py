"""What passes between the reading processes and the one that started them: JSON, never pickles.

A file that takes over a reading process must not be able to run code in the process that asked for it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import zip_longest
from pathlib import Path
from typing import Any

from corpus.origins import origin_of
from corpus.reasons import failure_from_json, failure_to_json
from corpus.types import Evidence, Outcome, Page, Reading, ranges_from
from corpus.zones import zones_from_json, zones_to_json
from nlp.reading.requests import ReadingLimits, ReadRequest


def pack_request(request: ReadRequest, limits: ReadingLimits) -> bytes:
    """Return what asks a process to read a file."""
    return json.dumps([asdict(request) | {"path": str(request.path)}, asdict(limits)]).encode()


def unpack_request(message: bytes) -> tuple[ReadRequest, ReadingLimits]:
    """Return what was packed."""
    request, limits = json.loads(message)
    return ReadRequest(**request | {"path": Path(request["path"])}), ReadingLimits(**limits)


def pack_progress(texts: Sequence[str], page_total: int) -> bytes:
    """Return pages that have been read since the message before."""
    return json.dumps([list(texts), page_total]).encode()


def progress_of(message: bytes) -> tuple[list[str], int]:
    """Return what was packed. Raises ValueError: it is no such message."""
    match json.loads(message):
        case [list(texts), int(total)]:
            return list(map(str, texts)), total
    raise ValueError("a reading process sent something that is not a message")


def pack_reading(reading: Reading, *, pages_sent: int) -> bytes:
    """Return a reading without the pages that were sent before."""
    values = {
        "sha256": reading.sha256,
        "outcome": reading.outcome.value,
        "reason": failure_to_json(reading.reason),
        "texts": [page.text for page in reading.pages[pages_sent:]],
        "zones": [zones_to_json(page.zones) for page in reading.pages],
        "page_total": reading.page_total,
        "engine": reading.engine,
        "seconds": reading.seconds,
        "page_engines": reading.page_engines,
        "unreadable_pages": reading.unreadable_pages,
        "evidence": {
            name: [[offer.value, str(offer.origin)] for offer in offers] for name, offers in reading.evidence.items()
        },
    }
    return json.dumps(values).encode()


def reading_of(message: bytes, *, earlier: list[str]) -> Reading:
    """Return the reading.

    Args:
        earlier: texts of the pages that were sent before.

    Raises ValueError, KeyError or TypeError: the message is not that of a reading.
    """
    values = json.loads(message)
    return Reading(
        sha256=values["sha256"],
        outcome=Outcome(values["outcome"]),
        reason=failure_from_json(values["reason"]),
        pages=pages_of([*earlier, *values["texts"]], values["zones"]),
        page_total=values["page_total"],
        engine=values["engine"],
        seconds=values["seconds"],
        page_engines={name: ranges_from(ranges) for name, ranges in values["page_engines"].items()},
        unreadable_pages=ranges_from(values["unreadable_pages"]),
        evidence={
            name: tuple(Evidence(value, origin_of(origin)) for value, origin in offers)
            for name, offers in values["evidence"].items()
        },
    )


def pages_of(texts: Sequence[str], zones: Sequence[Any] = ()) -> tuple[Page, ...]:
    """Return pages numbered from 1; a page without zones has not been examined."""
    given = zip_longest(texts, zones[: len(texts)])
    return tuple(
        Page(number, text, zones_from_json(found, length=len(text)))
        for number, (text, found) in enumerate(given, start=1)
    )
