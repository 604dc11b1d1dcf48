"""Read one sitemap in whatever form it comes, as leads: XML, an index, plain text, a feed, or robots.txt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import StringIO
from itertools import chain, islice
from urllib.parse import urlsplit

from corpus.origins import Origin, OriginPlace
from corpus.reasons import Failure, FailureKind, Skip, SkipKind
from corpus.run_reasons import Note, NoteKind
from corpus.types import Evidence
from corpus.urls import absolute_url, is_web_address
from crawler.net.addresses import site_of
from crawler.pages.links import file_kind
from crawler.pages.listed_links import Link, LinkKind, ListPage
from crawler.sources.fields import matches
from crawler.sources.rules import FeedRules, SitemapRules
from crawler.spiders.feed.entries import read_feed
from crawler.spiders.sitemap.markup import MapEntry, MarkupReader, root_name
from crawler.spiders.sitemap.unpacking import MapBreaksOff, text_pieces

ENTRIES_MAX = 100_000
"""Most entries of one sitemap that are read. sitemaps.org allows 50,000; more are a mistake, or a bomb."""

_TOO_MANY = Failure.of(FailureKind.SITEMAP_TOO_MANY_ENTRIES, limit=ENTRIES_MAX)
_ROBOTS_LINE = re.compile(r"^[ \t]*(user-agent|disallow|allow|sitemap)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_ROBOTS_MAP = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class MapScope:
    """What belongs to a publisher, so that a sitemap cannot lead away from it."""

    sites: frozenset[str] = frozenset()
    """Registrable domains of its pages and files."""
    hosts: frozenset[str] = frozenset()
    """Further hosts of files."""
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes of the translations that count; empty: every language."""


@dataclass(slots=True)
class _SitemapReading:
    """What was found so far in one sitemap."""

    links: dict[str, Link] = field(default_factory=dict)
    more: dict[str, None] = field(default_factory=dict)
    skipped: Counter[Skip] = field(default_factory=Counter)
    entries: int = 0


def read_sitemap(body: bytes, rules: SitemapRules, *, url: str, scope: MapScope, today: date) -> ListPage:
    """Return the leads of one sitemap, or the sitemaps that an index names. Never raises, touches nothing.

    A sitemap that breaks off, or is none, has its reason in `trouble`; what came before the break counts.

    Args:
        url: where it was fetched; relative addresses are completed with it.
        today: UTC; see _believed.
    """
    pieces = text_pieces(body)
    reading = _SitemapReading()
    try:
        start = next(pieces, "")
    except MapBreaksOff as breaks:
        return ListPage(records=0, trouble=breaks.failure)
    root = root_name(start)
    if root in ("rss", "feed", "rdf"):
        return _from_feed(chain([start], pieces), rules, url=url, scope=scope)
    if root in ("urlset", "sitemapindex", "url", "sitemap"):
        trouble, note = _read_markup(chain([start], pieces), reading, rules=rules, url=url, scope=scope, today=today)
    elif root:
        is_page = root == "html" or "<!doctype html" in start[:500].casefold()
        trouble, note = _no_sitemap(root, is_page=is_page), None
    elif _ROBOTS_LINE.search(start):
        trouble, note = _read_robots(chain([start], pieces), reading, url=url), None
    else:
        trouble, note = _read_lines(chain([start], pieces), reading, rules=rules, url=url, scope=scope), None
    return ListPage(
        links=tuple(reading.links.values()),
        more=tuple(reading.more),
        skipped=dict(reading.skipped),
        records=reading.entries,
        trouble=trouble,
        note=note,
    )


def _no_sitemap(root: str, *, is_page: bool) -> Failure:
    """Return what came in place of a sitemap."""
    return (
        Failure(FailureKind.NO_SITEMAP_BUT_PAGE)
        if is_page
        else Failure.of(FailureKind.NO_SITEMAP_BUT_XML, root=root[:40])
    )


def _read_markup(
    pieces: Iterator[str], reading: _SitemapReading, *, rules: SitemapRules, url: str, scope: MapScope, today: date
) -> tuple[Failure | None, Note | None]:
    """Read the entries of XML; return trouble and note."""
    reader = MarkupReader()

    def add(entry: MapEntry) -> None:
        if entry.is_map:
            _add_map(entry, reading, rules=rules, base=url, scope=scope)
        else:
            reading.entries += 1
            _add_page(entry, reading, rules=rules, base=url, scope=scope, today=today)

    last: MapEntry | None = None
    try:
        for entry in reader.entries(pieces):
            if last is not None:
                add(last)
            last = entry
            if reading.entries + len(reading.more) >= ENTRIES_MAX:
                return _TOO_MANY, None
    except MapBreaksOff as breaks:
        return breaks.failure, None
    if not reader.is_closed:
        return Failure(FailureKind.SITEMAP_BREAKS_OFF), None  # and its last entry may be half an address
    if last is not None:
        add(last)
    read = reading.entries + len(reading.more)
    if not reader.fault:
        return None, None
    return None, Note.of(NoteKind.SITEMAP_MALFORMED, error=reader.fault[:200], addresses=read)


def _read_lines(
    pieces: Iterator[str], reading: _SitemapReading, *, rules: SitemapRules, url: str, scope: MapScope
) -> Failure | None:
    """Read plain text with one address a line; return the trouble."""
    try:
        for line in _lines(pieces):
            if not line:
                continue
            if not is_web_address(line) or re.search(r"\s", line):
                reading.skipped[Skip(SkipKind.NO_WEB_ADDRESS)] += 1
                continue
            if reading.entries >= ENTRIES_MAX:
                return _TOO_MANY
            reading.entries += 1
            _add_page(MapEntry(url=line), reading, rules=rules, base=url, scope=scope, today=date.max)
    except MapBreaksOff as breaks:
        return breaks.failure
    return None if reading.entries else Failure(FailureKind.NO_SITEMAP)


def _lines(pieces: Iterator[str]) -> Iterator[str]:
    kept = ""
    for piece in pieces:
        *whole, kept = re.split(r"\r\n|\r|\n", kept + piece)
        yield from (line.strip("\ufeff \t") for line in whole)
        kept = kept[-10_000:]  # longer than any address: this is no list of them
    yield kept.strip("\ufeff \t")


def _read_robots(pieces: Iterator[str], reading: _SitemapReading, *, url: str) -> Failure | None:
    """Take the sitemaps that a robots.txt names, also those on other hosts: the publisher vouches for them."""
    try:
        # 500 KiB is what RFC 9309 (2.5) asks to be read.
        text = "".join(islice(pieces, 8))
    except MapBreaksOff as breaks:
        return breaks.failure
    for address in _ROBOTS_MAP.findall(text):
        if joined := _joined(url, address):
            reading.more[joined] = None
    return None if reading.more else Failure(FailureKind.ROBOTS_WITHOUT_SITEMAP)


def _from_feed(pieces: Iterator[str], rules: SitemapRules, *, url: str, scope: MapScope) -> ListPage:
    """Read a feed that serves as a sitemap."""
    trouble, text = None, StringIO()
    try:
        text.writelines(pieces)
    except MapBreaksOff as breaks:
        trouble = breaks.failure
    found = read_feed(
        text.getvalue().encode("utf-8"),
        FeedRules(allow=rules.allow, deny=rules.deny, landing=rules.landing),
        url=url,
        content_type="application/xml; charset=utf-8",
    )
    leads = tuple(link for link in found.links if _is_in_scope(link.url, scope))
    skipped = Counter(found.skipped)
    skipped[Skip(SkipKind.OTHER_SITE)] += len(found.links) - len(leads)
    return ListPage(links=leads, skipped=dict(+skipped), records=found.records, trouble=trouble, note=found.note)


def _add_map(entry: MapEntry, reading: _SitemapReading, *, rules: SitemapRules, base: str, scope: MapScope) -> None:
    address = _joined(base, entry.url)
    if not address:
        reading.skipped[Skip(SkipKind.NO_WEB_ADDRESS)] += 1
    elif site_of(address) not in scope.sites | {site_of(base)}:
        reading.skipped[Skip(SkipKind.SITEMAP_OF_OTHER_SITE)] += 1
    elif rules.maps and not any(matches(regex, address) for regex in rules.maps):
        reading.skipped[Skip(SkipKind.SITEMAP_LEFT_OUT)] += 1
    else:
        reading.more[address] = None


def _add_page(
    entry: MapEntry, reading: _SitemapReading, *, rules: SitemapRules, base: str, scope: MapScope, today: date
) -> None:
    """Add an entry and the translations that it names, or count why not."""
    address = _joined(base, entry.url)
    kind = file_kind(address)
    alternates = [(lang.casefold().split("-")[0], _joined(base, href)) for lang, href in entry.alternates]
    if not address:
        reading.skipped[Skip(SkipKind.NO_WEB_ADDRESS)] += 1
    elif not _is_in_scope(address, scope):
        reading.skipped[Skip(SkipKind.OTHER_SITE)] += 1
    elif not rules.admit(address):
        reading.skipped[Skip(SkipKind.ADDRESS_DENIED)] += 1
    elif kind and kind != "pdf":
        reading.skipped[Skip(SkipKind.IGNORED_KIND, kind)] += 1
    else:
        own = next((lang for lang, href in alternates if href == address), "")
        modified = _believed(entry.modified, today=today)
        reading.links[address] = _link(address, rules=rules, lang=own, modified=modified)
    for lang, href in alternates:
        # Where a translation has an entry of its own, that one says more; it may come before or after this one.
        if href and href != address and href not in reading.links and _is_wanted(href, lang, rules=rules, scope=scope):
            reading.links[href] = _link(href, rules=rules, lang=lang, modified="")


def _is_wanted(translation: str, lang: str, *, rules: SitemapRules, scope: MapScope) -> bool:
    is_known = len(lang) in (2, 3) and (not scope.languages or lang in scope.languages)
    is_file_or_page = file_kind(translation) in ("", "pdf")
    return is_known and is_file_or_page and _is_in_scope(translation, scope) and rules.admit(translation)


def _link(address: str, *, rules: SitemapRules, lang: str, modified: str) -> Link:
    is_file = not rules.landing or bool(file_kind(address))
    return Link(
        url=address,
        kind=LinkKind.FILE if is_file else LinkKind.LANDING,
        evidence={"lang": (Evidence(value=lang, origin=Origin(OriginPlace.SITEMAP)),)} if len(lang) in (2, 3) else {},
        modified=modified,
    )


def _believed(lastmod: str, *, today: date) -> str:
    """Return a lastmod when it can tell that nothing has changed; empty when it cannot.

    It has the form of a W3C date and a year that was. A bare day of today or yesterday cannot: a page can change again
    on the day on which it was fetched, and keep its date.
    """
    form = re.fullmatch(r"(\d{4})(-\d{2}(-\d{2}([T ]\d{2}:\d{2}\S*)?)?)?", lastmod)
    if form is None or not 1990 <= int(form[1]) <= today.year + 1:
        return ""
    is_bare_day = form[4] is None
    return "" if is_bare_day and lastmod >= (today - timedelta(days=1)).isoformat()[: len(lastmod)] else lastmod


def _is_in_scope(address: str, scope: MapScope) -> bool:
    host = (urlsplit(address).hostname or "").casefold()
    return not scope.sites or site_of(address) in scope.sites or (host in scope.hosts and bool(file_kind(address)))


def _joined(base: str, href: str) -> str:
    """Return an absolute http(s) address without fragment; empty when it is none."""
    return absolute_url(href, base=base)
