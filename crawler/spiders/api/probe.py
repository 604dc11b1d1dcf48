"""Find a JSON API: of a known host or software, or one that a page declares, whose mapping is then guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

from pydantic import ValidationError
from scrapy.http import Response, TextResponse

from corpus.text import clean_json
from corpus.urls import is_web_address
from crawler.net.addresses import site_of
from crawler.probing.site import HarvestCandidate, ProbedSite
from crawler.sources.rules import ApiRules
from crawler.spiders.api.parse import read_answer
from crawler.spiders.api.requests import first_address

_RECORDS_LOOKED_AT = 20
_NAMES = """
id: id uuid identifier handle slug
modified: updated modified last_modified date_modified updated_at
landing_page: url landing_page html_url permalink link page_url web_url
files: files pdf pdf_url file file_url download_url attachments documents download pdfs
fields.title: title headline name titulo titre
fields.author: authors author creators creator autores auteurs
fields.publisher: publisher institution organization organisation
fields.date: published date_published publication_date date issued year fecha created
fields.lang: language lang languages idioma langue
fields.abstract: abstract description summary resumen resume
fields.type: type document_type kind category
fields.licence: licence license rights
fields.series: series collection
fields.doi: doi
fields.isbn: isbn
fields.issn: issn
fields.keyword: keywords subjects tags topics
fields.country: country countries
"""
"""By key of `[api]`: what APIs call it, the surest first."""
_KEYS = {key: names.split() for key, _, names in (line.partition(":") for line in _NAMES.strip().splitlines())}
_PARTS_OF_FILE = {
    "url": ["url", "href", "link", "download_url"],
    "type": ["format", "type", "media_type", "mimetype", "content_type"],
    "lang": ["language", "lang"],
    "name": ["name", "filename", "title"],
}
_TOTALS = frozenset(["total", "count", "total_count", "num_found", "total_results", "hits"])
_NEXTS = frozenset(["next", "next_page", "next_url"])


def guessed_mapping(answer: Any) -> dict[str, str]:
    """Return the keys of `[api]` for an answer, as JMESPath; empty when it is no list of publications. Touches nothing."""
    path, records = max(_record_lists(answer), key=lambda each: len(each[1]), default=("", []))
    sample = records[:_RECORDS_LOOKED_AT]
    found = {"records": path}
    for key, names in _KEYS.items():
        found[key] = {"landing_page": _page, "files": _files}.get(key, _field)(sample, names)
    if not found["fields.title"] or not (found["landing_page"] or found["files"]):
        return {}
    return {key: value for key, value in (found | _paging(answer, len(records))).items() if value}


def _record_lists(value: Any, *, deep: int = 0) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield where lists of objects are, and the lists: at the top, or up to three names deep."""
    if isinstance(value, list):
        if value and all(isinstance(each, dict) and len(each) > 1 for each in value):
            yield "@", value
    elif isinstance(value, dict) and deep < 3:
        for key, below in value.items():
            for path, found in _record_lists(below, deep=deep + 1):
                yield _named(key) if path == "@" else f"{_named(key)}.{path}", found


def _named(key: str) -> str:
    """Return a key as JMESPath names it."""
    plain = key.replace("\\", "\\\\").replace('"', '\\"')
    return key if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key) else f'"{plain}"'


def _plain(key: str) -> str:
    """Return a key in small letters with underscores: `datePublished` is `date_published`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[-. ]+", "_", key).casefold()


def _values(records: Sequence[dict[str, Any]], names: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Yield the keys of records that have one of the names, best name first, each with one value that says something."""
    for name in names:
        for key in dict.fromkeys(key for record in records for key in record if _plain(key) == name):
            if value := next((record[key] for record in records if record.get(key)), None):
                yield key, value


def _field(records: Sequence[dict[str, Any]], names: Sequence[str]) -> str:
    """Return the expression for a field; empty when no record has it in a form that says something."""
    for key, value in _values(records, names):
        one, many = (value[0], "[]") if isinstance(value, list) else (value, "")
        if isinstance(one, str) or (isinstance(one, int) and not many and not isinstance(one, bool)):
            return _named(key)
        parts = ("name", "full_name", "label", "value") if many else ("rendered", "name", "value")
        if isinstance(one, dict) and (part := next((each for each in parts if each in one), "")):
            return f"{_named(key)}{many}.{part}"
    return ""


def _page(records: Sequence[dict[str, Any]], names: Sequence[str]) -> str:
    return next((_named(key) for key, value in _values(records, names) if _is_address(value)), "")


def _files(records: Sequence[dict[str, Any]], names: Sequence[str]) -> str:
    """Return the expression for the files of a record: their addresses, or objects with address, type and language."""
    for key, value in _values(records, names):
        if _is_address(value[0] if isinstance(value, list) else value):
            return _named(key)
        if isinstance(value, list) and isinstance(value[0], dict):
            parts = {part: found for part, known in _PARTS_OF_FILE.items() if (found := _field(value, known))}
            if "url" in parts:
                return f"{_named(key)}[].{{{', '.join(f'{part}: {found}' for part, found in parts.items())}}}"
    return ""


def _paging(answer: Any, count: int) -> dict[str, str]:
    """Return how an answer leads to the next one."""
    found = {}
    top = answer if isinstance(answer, dict) else {}
    for key, value in top.items():
        if _plain(key) in _TOTALS and isinstance(value, int) and not isinstance(value, bool) and value >= count:
            found["total"] = _named(key)
    for prefix, place in [("", top)] + [
        (f"{_named(key)}.", below) for key, below in top.items() if isinstance(below, dict)
    ]:
        for key, value in place.items():
            if _plain(key) in _NEXTS and _is_address(value):
                return found | {"paging": "next", "next": f"{prefix}{_named(key)}"}
    return found


def _is_address(value: Any) -> bool:
    """Say whether a value is a web address, or one that an answer leaves for its reader to complete."""
    return isinstance(value, str) and (value.startswith("/") or is_web_address(value))


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
