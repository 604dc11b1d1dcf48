"""From what an expression finds to plain values: texts, dates, identifiers, files. JSON of any shape is survived."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from corpus.urls import absolute_url, is_web_address
from crawler.pages.html_parts import fold, plain_text
from crawler.pages.landing_metadata import VALUE_CHARACTERS_MAX
from crawler.pages.links import file_kind
from crawler.sources.expressions import date_of_parts

DEPTH_MAX = 4
"""Lists are looked into so deep."""
VALUES_MAX = 500
"""Most values of one field of one record; physics papers have thousands of authors."""
_DOI = re.compile(r"10\.\d{4,9}/\S+")


@dataclass(frozen=True, slots=True)
class ApiFile:
    """A file that a record names."""

    url: str
    """Absolute."""
    kind: str
    """As crawler.pages.links.file_kind; empty when neither name, type nor address say it."""
    name: str = ""
    lang: str = ""


def texts_of(value: Any) -> tuple[str, ...]:
    """Return the texts in a value, each once: a text or number itself, or those of a list. Objects say nothing."""
    found: dict[str, None] = {}
    for each in _scalars(value, deep=0):
        if len(found) >= VALUES_MAX:
            break
        text = each if isinstance(each, str) else _number(each)
        if plain := plain_text(text[: 4 * VALUE_CHARACTERS_MAX])[:VALUE_CHARACTERS_MAX]:
            found[plain] = None
    return tuple(found)


def dates_of(value: Any) -> tuple[str, ...]:
    """Return the dates in a value: as texts_of, and [2024, 3, 5] as `2024-03-05`."""
    innermost = value
    while isinstance(innermost, list) and innermost:
        innermost = innermost[0]
    # Two years as texts are two dates; numbers in a list are the parts of one.
    if isinstance(value, list) and isinstance(innermost, int) and (date := date_of_parts(value)):
        return (date,)
    return texts_of(value)


def dois_of(value: Any) -> tuple[str, ...]:
    """Return the DOIs in a value, without the address of a resolver before them."""
    # As they are: a DOI may have angle brackets in it, which are no markup.
    given = (str(each)[:2000] for each in _scalars(value, deep=0))
    found = (_DOI.search(text) for text in given)
    return tuple(dict.fromkeys(match[0].rstrip(".,;") for match in found if match))


def doi_address(doi: str) -> str:
    """Return the address at which a DOI is resolved."""
    return f"https://doi.org/{quote(doi, safe='/:;()._-')}"


def is_said(value: Any) -> bool:
    """Say whether a value that marks something is there: not false, null, 0, empty, or a word for no."""
    if isinstance(value, str):
        return value.strip().casefold() not in ("", "0", "false", "no", "n", "null", "none")
    return bool(value)


def files_of(value: Any, *, base: str) -> tuple[ApiFile, ...]:
    """Return the files in a value: addresses, or objects with `url`, `name`, `type`, `lang`; each address once.

    Args:
        base: address of the answer, for relative addresses.
    """
    found: dict[str, ApiFile] = {}
    for given in _files(value, deep=0):
        named = _named(given, base)
        if named is not None:
            found.setdefault(named.url, named)
    return tuple(found.values())


def address_of(value: Any, *, base: str) -> str:
    """Return the first web address in a value, absolute and without fragment; empty when there is none."""
    for text in texts_of(value):
        if url := _absolute(text, base):
            return url
    return ""


def _scalars(value: Any, *, deep: int) -> Iterator[str | int | float]:
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield value
    elif isinstance(value, list) and deep < DEPTH_MAX:
        for each in value:
            yield from _scalars(each, deep=deep + 1)


def _number(value: float) -> str:
    try:
        return str(int(value)) if value == int(value) else str(value)
    except (ValueError, OverflowError):  # not a number, or infinite: JSON as Python reads it has both
        return ""


def _files(value: Any, *, deep: int) -> Iterator[str | dict[str, Any]]:
    if isinstance(value, (str, dict)):
        yield value
    elif isinstance(value, list) and deep < DEPTH_MAX:
        for each in value[:VALUES_MAX]:
            yield from _files(each, deep=deep + 1)


def _named(given: str | dict[str, Any], base: str) -> ApiFile | None:
    if isinstance(given, str):
        url = _absolute(given, base)
        return ApiFile(url=url, kind=file_kind(url)) if url else None
    url = _absolute(_first(given.get("url")), base)
    if not url:
        return None
    name = _first(given.get("name"))
    kind = file_kind(name or url, declared=_first(given.get("type"))) or file_kind(url)
    return ApiFile(url=url, kind=kind, name=name, lang=_first(given.get("lang")))


def _first(value: Any) -> str:
    return next(iter(texts_of(value)), "")


def _absolute(text: str, base: str) -> str:
    if not text or (" " in text.strip() and not is_web_address(text)):
        return ""
    return absolute_url(fold(text).replace(" ", "%20"), base=base)
