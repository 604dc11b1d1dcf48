"""JSON APIs: where those of known kinds stand, which ones a page declares, and what their first answers say."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from scrapy.http import TextResponse

from corpus.errors import BadSource
from corpus.text import clean_json
from crawler.net.addresses import site_of
from crawler.probing.answers import ProbeAnswer
from crawler.probing.candidates import HarvestCandidate
from crawler.probing.unknown_api import guessed_mapping
from crawler.sources.toml_table import TomlTable
from crawler.spiders.api.mapping import built_in_mapping
from crawler.spiders.api.reader import read_answer
from crawler.spiders.api.requests import first_address
from crawler.spiders.api.rules import ApiRules, read_rules

DECLARED_MAX = 3


@dataclass(frozen=True, slots=True)
class ApiPlace:
    """Where an API may stand."""

    kind: str
    """As `[api] kind` names it; empty: unknown, its mapping is guessed from its answer."""
    start: str
    """Address of its first page, as a source file gives it."""

    @property
    def asked(self) -> str:
        """Return the address to ask, with what a kind adds to it."""
        mapping = built_in_mapping(self.kind) if self.kind else None
        return first_address(self.start, mapping, since=None, contact="") if mapping else self.start


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


def api_places(page: TextResponse, *, software: str) -> Iterator[ApiPlace]:
    """Yield where an API may stand: by the host, by the software of the site, or because the page declares it."""
    host = urlsplit(page.url).hostname or ""
    for pattern, kind, start in _BY_HOST:
        if pattern.search(host):
            yield ApiPlace(kind, start)
            return
    if software in _BY_SOFTWARE:
        kind, path = _BY_SOFTWARE[software]
        yield ApiPlace(kind, urljoin(page.url, path))
        return
    declared = page.xpath(
        "//link[@rel='alternate'][@type='application/json' or @type='application/hal+json']/@href"
    ).getall()
    for href in declared[:DECLARED_MAX]:
        try:
            url = page.urljoin(href.strip())
        except ValueError:
            continue
        if site_of(url) == site_of(page.url):
            yield ApiPlace("", url)


def api_of(answer: ProbeAnswer, place: ApiPlace) -> HarvestCandidate | None:
    """Return the API that answered; None when the answer is not that of one."""
    if answer.response is None:
        return None
    keys: Mapping[str, str] = {"kind": place.kind} if place.kind else _guessed(answer.response.body)
    if not keys:
        return None
    try:
        rules = _rules(keys)
    except BadSource:
        return None
    found = read_answer(answer.response.body, rules, url=answer.response.url).found
    if not found.links and not found.announced:
        return None
    named = found.announced if found.announced is not None else len(found.links)
    kind = f"of the kind {place.kind}" if place.kind else "whose mapping was guessed from its first answer"
    return HarvestCandidate(
        protocol="api",
        start=(place.start,),
        records=named,
        words=f"a JSON API {kind}, with {named:,} records",
        is_all=found.announced is not None,
        keys=keys,
        urls=tuple(link.url for link in found.links),
        goes_on=bool(found.more),
    )


def _guessed(body: bytes) -> Mapping[str, str]:
    try:
        return guessed_mapping(clean_json(json.loads(body)))
    except (ValueError, RecursionError):
        return {}


def _rules(keys: Mapping[str, str]) -> ApiRules:
    """Return rules from keys as a source file writes them. Raises BadSource."""
    text = "\n".join(f"{name} = {json.dumps(value, ensure_ascii=True)}" for name, value in keys.items())
    return read_rules(TomlTable(tomllib.loads(text), path=Path("proposed.toml"), text=text, name="api"))
