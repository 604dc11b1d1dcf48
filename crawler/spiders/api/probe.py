"""Find a JSON API: of a known host or software, or one that a page declares, whose mapping is then guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from pydantic import ValidationError
from scrapy.http import Response, TextResponse

from corpus.text import clean_json
from crawler.net.addresses import site_of
from crawler.probing.site import HarvestCandidate, ProbedSite
from crawler.sources.rules import ApiRules
from crawler.spiders.api.guess import guessed_mapping
from crawler.spiders.api.reader import read_answer
from crawler.spiders.api.requests import first_address

_DECLARED_MAX = 3
_BY_HOST = (
    (re.compile(r"(^|\.)openalex\.org$"), "openalex", "https://api.openalex.org/works"),
    (re.compile(r"(^|\.)crossref\.org$"), "crossref", "https://api.crossref.org/works"),
    (re.compile(r"(^|\.)reliefweb\.int$"), "reliefweb", "https://api.reliefweb.int/v2/reports"),
    (re.compile(r"^(search|documents\d?)\.worldbank\.org$"), "worldbank", "https://search.worldbank.org/api/v3/wds"),
    (re.compile(r"(^|\.)zenodo\.org$"), "invenio", "https://zenodo.org/api/records"),
)
_BY_SOFTWARE = {
    "DSpace": ("dspace7", "/server/api/discover/search/objects"),
    "Invenio": ("invenio", "/api/records"),
}
_DECLARED = "//link[@rel='alternate'][@type='application/json' or @type='application/hal+json']/@href"


async def probe(site: ProbedSite) -> list[HarvestCandidate]:
    """Return the API of a site, in a list; empty when there is none."""
    places = dict(place for page in site.pages for place in _places(page, software=site.software))
    for start, kind in places.items():
        asked = first_address(start, ApiRules.model_validate({"kind": kind}), since=None, contact="") if kind else start
        if found := _candidate(await site.get(asked), kind=kind, start=start):
            return [found]
    return []


def _places(page: TextResponse, *, software: str) -> Iterator[tuple[str, str]]:
    """Yield where an API may be, and of which kind it is; empty: of an unknown one."""
    host = urlsplit(page.url).hostname or ""
    for regex, kind, start in _BY_HOST:
        if regex.search(host):
            yield start, kind
            return
    if software in _BY_SOFTWARE:
        kind, path = _BY_SOFTWARE[software]
        yield urljoin(page.url, path), kind
        return
    for href in page.xpath(_DECLARED).getall()[:_DECLARED_MAX]:
        try:
            url = page.urljoin(href.strip())
        except ValueError:
            continue
        if site_of(url) == site_of(page.url):
            yield url, ""


def _candidate(answer: Response | None, *, kind: str, start: str) -> HarvestCandidate | None:
    if answer is None:
        return None
    keys: Mapping[str, str] = {"kind": kind} if kind else _guessed(answer.body)
    try:
        rules = ApiRules.model_validate(_nested(keys))
    except ValidationError:
        return None
    found = read_answer(answer.body, rules, url=answer.url).found
    if not found.links and not found.announced:
        return None
    records = found.announced if found.announced is not None else len(found.links)
    sort = f"of the kind {kind}" if kind else "whose mapping was guessed from its first answer"
    words = f"a JSON API {sort}, with {records:,} records"
    urls = tuple(link.url for link in found.links)
    return HarvestCandidate("api", (start,), records, words, keys=keys, urls=urls, goes_on=bool(found.more))


def _guessed(body: bytes) -> Mapping[str, str]:
    try:
        return guessed_mapping(clean_json(json.loads(body)))
    except (ValueError, RecursionError):
        return {}


def _nested(keys: Mapping[str, str]) -> dict[str, Any]:
    """Return keys such as `fields.title` as tables."""
    tables: dict[str, Any] = {}
    for name, value in keys.items():
        table, _, key = name.rpartition(".")
        (tables.setdefault(table, {}) if table else tables)[key] = value
    return tables
