"""Known kinds of JSON API: where they stand, and what their first answer says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawler.probing.answers import Answer
from crawler.probing.candidates import Candidate


@dataclass(frozen=True, slots=True)
class ApiPlace:
    """Where an API of a known kind stands."""

    kind: str
    """As `[api] kind` names it."""
    start: str
    """Address of its first page, as a source file gives it."""


_BY_HOST = (
    (re.compile(r"(^|\.)openalex\.org$"), "openalex"),
    (re.compile(r"(^|\.)crossref\.org$"), "crossref"),
    (re.compile(r"(^|\.)reliefweb\.int$"), "reliefweb"),
    (re.compile(r"^(search|documents\d?)\.worldbank\.org$"), "worldbank"),
    (re.compile(r"(^|\.)zenodo\.org$"), "invenio"),
)
_BY_SOFTWARE = {
    "DSpace": ("dspace7", "/server/api/discover/search/objects?dsoType=item"),
    "Invenio": ("invenio", "/api/records"),
}
_START_OF = {
    "openalex": "https://api.openalex.org/works",
    "crossref": "https://api.crossref.org/works",
    "reliefweb": "https://api.reliefweb.int/v2/reports",
    "worldbank": "https://search.worldbank.org/api/v3/wds?format=json",
    "invenio": "https://zenodo.org/api/records",
}
_TOTALS = (
    ("_embedded", "searchResult", "page", "totalElements"),
    ("page", "totalElements"),
    ("hits", "total"),
    ("meta", "count"),
    ("message", "total-results"),
    ("totalCount",),
    ("total",),
)
"""Where APIs of these kinds say how many records there are."""


def api_places(address: str, *, software: str) -> Iterator[ApiPlace]:
    """Yield where an API of a known kind may stand, by the host or by the software of the site."""
    host = urlsplit(address).hostname or ""
    for pattern, kind in _BY_HOST:
        if pattern.search(host):
            yield ApiPlace(kind, _START_OF[kind])
            return
    if software in _BY_SOFTWARE:
        kind, path = _BY_SOFTWARE[software]
        yield ApiPlace(kind, urljoin(address, path))


def api_of(answer: Answer, place: ApiPlace) -> Candidate | None:
    """Return the API that answered; None when the answer is not that of one."""
    value = _json(answer)
    if (total := _total(value)) is None:
        return None
    return Candidate(
        protocol="api",
        start=(place.start,),
        records=total,
        words=f"a JSON API of the kind {place.kind}, with {total:,} records",
        is_all=True,
        keys={"kind": place.kind},
    )


def _json(answer: Answer) -> Any:
    if answer.response is None:
        return None
    try:
        return json.loads(answer.response.body)
    except (ValueError, RecursionError):
        return None


def _total(value: Any) -> int | None:
    """Return how many records an answer announces; None when it announces none."""
    for path in _TOTALS:
        at = value
        for key in path:
            at = at.get(key) if isinstance(at, dict) else None
        if isinstance(at, dict):  # newer Invenio: {"value": 12, "relation": "eq"}
            at = at.get("value")
        if isinstance(at, int) and not isinstance(at, bool) and at > 0:
            return at
    return None
