"""Which addresses an API is asked at: the first of each list, and the one after an answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote_plus, urlsplit, urlunsplit

from corpus.urls import absolute_url
from crawler.pages.html_parts import fold
from crawler.sources.fields import Unreadable
from crawler.sources.rules import ApiRules

_LINK = re.compile(r"<([^<>]*)>\s*((?:;\s*[\w*-]+\s*(?:=\s*(?:\"[^\"]*\"|[^\s\",;]+))?\s*)*)")
_REL_NEXT = re.compile(r"rel\s*=\s*(?:\"(?:[^\"]*\s)?next(?:\s[^\"]*)?\"|next(?=[\s;,]|$))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ApiPage:
    """One answer, as far as the way to the next one hangs on it."""

    url: str
    answer: Any
    """The parsed JSON."""
    count: int
    """How many records it has, also those that cannot be read."""
    total: int | None
    link_header: str = ""


def first_address(start: str, rules: ApiRules, *, since: datetime | None, contact: str) -> str:
    """Return the address of the first page of a list.

    Args:
        since: ask for what changed since then; None: for everything.
        contact: who harvests; only an e-mail address goes into parameters.
    """
    url = start
    for pair in rules.parameters:
        name, _, value = pair.partition("=")
        if parameter_of(start, name) is not None or ("{contact}" in value and "@" not in contact):
            continue
        url = _with_added(url, name, value.replace("{contact}", contact.removeprefix("mailto:")))
    if since is None:
        return url
    moment = since.astimezone(UTC)
    for pair in rules.since:
        name, _, value = pair.partition("=")
        value = value.replace("{date}", f"{moment:%Y-%m-%d}").replace("{time}", f"{moment:%Y-%m-%dT%H:%M:%SZ}")
        value = value.replace("{seconds}", str(int(moment.timestamp())))
        given = parameter_of(url, name)
        if given:
            value = rules.since_join.replace("{since}", value).replace("{given}", given)
        url = with_parameter(url, name, value)
    return url


def can_ask_since(starts: tuple[str, ...], rules: ApiRules) -> bool:
    """Say whether every list can be asked for what changed: not when a start address uses the same parameter already."""
    names = {pair.partition("=")[0] for pair in rules.since}
    in_use = any(parameter_of(start, name) for start in starts for name in names)
    return bool(names) and (not in_use or bool(rules.since_join))


def next_address(rules: ApiRules, page: ApiPage) -> str:
    """Return the address of the answer that follows; empty at the end. An answer without records is always the end."""
    if not page.count:
        return ""
    if rules.paging == "link_header":
        return _absolute(page.url, _linked_next(page.link_header))
    if rules.paging in ("next", "cursor"):
        value = _next_value(rules, page.answer)
        if rules.paging == "next" or not value:
            return _absolute(page.url, value)
        return with_parameter(page.url, rules.parameter, value)
    if rules.paging == "page":
        return _next_numbered(rules, page)
    if rules.paging == "offset":
        return _next_offset(rules, page)
    return ""


def whole_number(value: Any) -> int | None:
    """Return a whole number that is not negative, also when it is given as a text; None when it is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() and value >= 0 else None
    plain = str(value).strip().replace(",", "") if isinstance(value, (int, str)) else ""
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 16 else None


def parameter_of(url: str, name: str) -> str | None:
    """Return the decoded value of a query parameter; None when the address does not have it."""
    for part in urlsplit(url).query.split("&"):
        key, _, value = part.partition("=")
        if unquote_plus(key) == name:
            return unquote_plus(value)
    return None


def with_parameter(url: str, name: str, value: str) -> str:
    """Return an address with a query parameter set; the others stay as they are written."""
    parts = urlsplit(url)
    kept, is_set = [], False
    for part in parts.query.split("&") if parts.query else ():
        if unquote_plus(part.partition("=")[0]) != name:
            kept.append(part)
        elif not is_set:
            kept.append(_encoded(name, value))
            is_set = True
    if not is_set:
        kept.append(_encoded(name, value))
    return urlunsplit(parts._replace(query="&".join(kept)))


def _with_added(url: str, name: str, value: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, _encoded(name, value))))))


def _encoded(name: str, value: str) -> str:
    return f"{quote(name, safe='[].$_-')}={quote(value, safe='*,:/@[]{}.$_-')}"


def _next_value(rules: ApiRules, answer: Any) -> str:
    try:
        value = rules.next.value_in(answer) if rules.next else None
    except Unreadable:
        return ""
    if isinstance(value, list):
        value = value[0] if value else None
    is_plain = isinstance(value, (str, int)) and not isinstance(value, bool)
    return str(value).strip() if is_plain else ""


def _absolute(base: str, href: str) -> str:
    """Return an absolute http(s) address; empty when it is none."""
    return absolute_url(fold(href), base=base) if href.strip() else ""


def _linked_next(header: str) -> str:
    """Return the target of rel=next in a Link header (RFC 8288)."""
    for target, parameters in _LINK.findall(header[:20_000]):
        if _REL_NEXT.search(parameters):
            return str(target)
    return ""


def _next_numbered(rules: ApiRules, page: ApiPage) -> str:
    number = _position(rules, page.url)
    before = number - rules.first
    size = whole_number(parameter_of(page.url, rules.size_parameter)) if rules.size_parameter else None
    try:
        pages = whole_number(rules.pages.value_in(page.answer)) if rules.pages else None
    except Unreadable:
        pages = None
    if pages is not None and before + 1 >= pages:
        return ""
    if size and pages is None and _is_reached(before * size, page, size=size):
        return ""
    if size and rules.window_max and (before + 2) * size > rules.window_max:
        return ""
    return with_parameter(page.url, rules.parameter, str(number + 1))


def _next_offset(rules: ApiRules, page: ApiPage) -> str:
    offset = _position(rules, page.url)
    size = whole_number(parameter_of(page.url, rules.size_parameter)) if rules.size_parameter else None
    following = offset + page.count
    if _is_reached(offset - rules.first, page, size=size):
        return ""
    if rules.window_max and following - rules.first + (size or 1) > rules.window_max:
        return ""
    return with_parameter(page.url, rules.parameter, str(following))


def _is_reached(before: int, page: ApiPage, *, size: int | None) -> bool:
    """Say whether a list is at its end by its own count.

    Some count only the records of the page: when the first answer is full and has just so many, the next one is asked for.
    """
    if page.total is None:
        return False
    seen = before + page.count
    is_page_count = before == 0 and size is not None and page.count >= size
    return seen == page.total and not is_page_count


def _position(rules: ApiRules, url: str) -> int:
    number = whole_number(parameter_of(url, rules.parameter))
    return rules.first if number is None else number
