"""Guess from one answer of an unknown JSON API where its records, their fields and the next page are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from corpus.urls import is_web_address

RECORDS_LOOKED_AT = 20
_FIELD_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline", "name", "titulo", "titre"),
    "author": ("authors", "author", "creators", "creator", "autores", "auteurs"),
    "publisher": ("publisher", "institution", "organization", "organisation"),
    "date": ("published", "date_published", "publication_date", "date", "issued", "year", "fecha", "created"),
    "lang": ("language", "lang", "languages", "idioma", "langue"),
    "abstract": ("abstract", "description", "summary", "resumen", "resume"),
    "type": ("type", "document_type", "kind", "category"),
    "licence": ("licence", "license", "rights"),
    "series": ("series", "collection"),
    "doi": ("doi",),
    "isbn": ("isbn",),
    "issn": ("issn",),
    "keyword": ("keywords", "subjects", "tags", "topics"),
    "country": ("country", "countries"),
}
_ID_NAMES = ("id", "uuid", "identifier", "handle", "slug")
_MODIFIED_NAMES = ("updated", "modified", "last_modified", "date_modified", "updated_at")
_PAGE_NAMES = ("url", "landing_page", "html_url", "permalink", "link", "page_url", "web_url")
_FILE_NAMES = (
    "files",
    "pdf",
    "pdf_url",
    "file",
    "file_url",
    "download_url",
    "attachments",
    "documents",
    "download",
    "pdfs",
)
_TOTAL_NAMES = ("total", "count", "total_count", "num_found", "total_results", "hits")
_NEXT_NAMES = ("next", "next_page", "next_url")


def guessed_mapping(answer: Any) -> dict[str, str]:
    """Return the keys of `[api]` for an answer, as JMESPath; empty when it is no list of publications. Touches nothing."""
    path, records = _records(answer)
    if not records:
        return {}
    sample = records[:RECORDS_LOOKED_AT]
    title = _field(sample, _FIELD_NAMES["title"])
    page, files = _page(sample), _files(sample)
    if not title or not (page or files):
        return {}
    found = {"records": path, "id": _field(sample, _ID_NAMES), "modified": _field(sample, _MODIFIED_NAMES)}
    found |= {"landing_page": page, "files": files}
    found |= _paging(answer, len(records))
    found |= {f"fields.{name}": _field(sample, names) for name, names in _FIELD_NAMES.items()}
    return {key: value for key, value in found.items() if value}


def _records(answer: Any) -> tuple[str, Sequence[dict[str, Any]]]:
    """Return where the longest list of objects is, and the list; at the top or up to two names deep."""
    best: tuple[str, Sequence[dict[str, Any]]] = ("", ())
    for path, value in _lists(answer, deep=0):
        objects = [each for each in value if isinstance(each, dict) and len(each) > 1]
        if len(objects) == len(value) and len(objects) > len(best[1]):
            best = (path, objects)
    return best


def _lists(value: Any, *, deep: int) -> Iterator[tuple[str, list[Any]]]:
    if isinstance(value, list):
        yield "@", value
    elif isinstance(value, dict) and deep < 3:
        for key, below in value.items():
            for path, found in _lists(below, deep=deep + 1):
                yield _named(key) if path == "@" else f"{_named(key)}.{path}", found


def _named(key: str) -> str:
    """Return a key as JMESPath names it."""
    plain = key.replace("\\", "\\\\").replace('"', '\\"')
    return key if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key) else f'"{plain}"'


def _plain(key: str) -> str:
    """Return a key in small letters with underscores: `datePublished` is `date_published`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[-. ]+", "_", key).casefold()


def _keys(records: Sequence[dict[str, Any]], names: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Yield the keys of records that have one of the names, best name first, each with one value that says something."""
    for name in names:
        for key in dict.fromkeys(key for record in records for key in record if _plain(key) == name):
            value = next((record[key] for record in records if record.get(key)), None)
            if value is not None:
                yield key, value


def _field(records: Sequence[dict[str, Any]], names: Sequence[str]) -> str:
    """Return the expression for a field; empty when no record has it in a form that says something."""
    for key, value in _keys(records, names):
        if isinstance(value, (str, int)) and not isinstance(value, bool):
            return _named(key)
        if isinstance(value, dict) and (
            inner := next((each for each in ("rendered", "name", "value") if each in value), "")
        ):
            return f"{_named(key)}.{inner}"
        if isinstance(value, list) and isinstance(value[0], str):
            return _named(key)
        if isinstance(value, list) and isinstance(value[0], dict):
            inner = next((each for each in ("name", "full_name", "label", "value") if each in value[0]), "")
            if inner:
                return f"{_named(key)}[].{inner}"
    return ""


def _page(records: Sequence[dict[str, Any]]) -> str:
    for key, value in _keys(records, _PAGE_NAMES):
        if _is_address(value):
            return _named(key)
    return ""


def _files(records: Sequence[dict[str, Any]]) -> str:
    """Return the expression for the files of a record: their addresses, or objects with address, type and language."""
    for key, value in _keys(records, _FILE_NAMES):
        if _is_address(value):
            return _named(key)
        if isinstance(value, list) and _is_address(value[0]):
            return _named(key)
        if isinstance(value, list) and isinstance(value[0], dict):
            parts = {
                "url": ("url", "href", "link", "download_url"),
                "type": ("format", "type", "media_type", "mimetype", "content_type"),
                "lang": ("language", "lang"),
                "name": ("name", "filename", "title"),
            }
            given = {part: found for part, names in parts.items() if (found := _field(value, names))}
            if "url" in given:
                return f"{_named(key)}[].{{{', '.join(f'{part}: {found}' for part, found in given.items())}}}"
    return ""


def _paging(answer: Any, count: int) -> dict[str, str]:
    """Return how an answer leads to the next one."""
    if not isinstance(answer, dict):
        return {}
    found = {}
    for key, value in answer.items():
        if _plain(key) in _TOTAL_NAMES and isinstance(value, int) and not isinstance(value, bool) and value >= count:
            found["total"] = _named(key)
    places = [("", answer)] + [(f"{_named(key)}.", below) for key, below in answer.items() if isinstance(below, dict)]
    for prefix, place in places:
        for key, value in place.items():
            if _plain(key) in _NEXT_NAMES and _is_address(value):
                return found | {"paging": "next", "next": f"{prefix}{_named(key)}"}
    return found


def _is_address(value: Any) -> bool:
    """Say whether a value is a web address, or one that an answer leaves for its reader to complete."""
    return isinstance(value, str) and (value.startswith("/") or is_web_address(value))
