"""Read one sitemap in whatever form it comes, as leads: XML, an index, plain text, a feed, or robots.txt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from io import StringIO
from itertools import chain, islice
from urllib.parse import urlsplit

from corpus.origins import Origin, OriginPlace
from corpus.reasons import Failure, FailureKind, Skip, SkipKind
from corpus.run_reasons import Note, NoteKind
from corpus.types import Evidence
from corpus.urls import absolute_url, is_web_address
from crawler.items import Link, LinkKind, ListPage
from crawler.net.addresses import site_of
from crawler.pages.links import file_kind
from crawler.sources.fields import matches
from crawler.sources.rules import FeedRules, SitemapRules
from crawler.spiders.feed.parse import read_feed
from crawler.spiders.sitemap.markup import MapBreaksOff, MapEntry, MarkupReader, root_name, text_pieces

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


def read_sitemap(body: bytes, rules: SitemapRules, *, url: str, scope: MapScope, today: date) -> ListPage:
    """Return the links of one sitemap, or the sitemaps that an index names. Never raises, touches nothing.

    A sitemap that breaks off, or is none, has its reason in `trouble`; what came before the break counts.

    Args:
        url: where it was fetched; relative addresses are completed with it.
        today: UTC; see _believed.
    """
    reading = _SitemapReading(rules, url, scope, today)
    try:
        start = next(pieces := text_pieces(body), "")
    except MapBreaksOff as breaks:
        return ListPage(records=0, trouble=breaks.failure)
    root, whole = root_name(start), chain([start], pieces)
    if root in ("rss", "feed", "rdf"):
        return reading.read_feed(whole)
    note = None
    try:
        if root in ("urlset", "sitemapindex", "url", "sitemap"):
            trouble, note = reading.read_markup(whole)
        elif root == "html" or (root and "<!doctype html" in start[:500].casefold()):
            trouble = Failure(FailureKind.NO_SITEMAP_BUT_PAGE)
        elif root:
            trouble = Failure.of(FailureKind.NO_SITEMAP_BUT_XML, root=root[:40])
        elif _ROBOTS_LINE.search(start):
            trouble = reading.read_robots(whole)
        else:
            trouble = reading.read_lines(whole)
    except MapBreaksOff as breaks:
        trouble = breaks.failure
    return ListPage(
        links=tuple(reading.links.values()),
        more=tuple(reading.more),
        skipped=dict(reading.skipped),
        records=reading.entries,
        trouble=trouble,
        note=note,
    )


@dataclass(slots=True)
class _SitemapReading:
    """One sitemap, and what was found so far in it."""

    rules: SitemapRules
    url: str
    scope: MapScope
    today: date
    links: dict[str, Link] = field(default_factory=dict)
    more: dict[str, None] = field(default_factory=dict)
    skipped: Counter[Skip] = field(default_factory=Counter)
    entries: int = 0

    def read_markup(self, pieces: Iterator[str]) -> tuple[Failure | None, Note | None]:
        """Read the entries of XML; return trouble and note."""
        reader = MarkupReader()
        last: MapEntry | None = None
        for entry in reader.entries(pieces):
            if last is not None:
                self._add(last)
            last = entry
            if self.entries + len(self.more) >= ENTRIES_MAX:
                return _TOO_MANY, None
        if not reader.is_closed:
            return Failure(FailureKind.SITEMAP_BREAKS_OFF), None  # and its last entry may be half an address
        if last is not None:
            self._add(last)
        read = self.entries + len(self.more)
        malformed = Note.of(NoteKind.SITEMAP_MALFORMED, error=reader.fault[:200], addresses=read)
        return None, malformed if reader.fault else None

    def read_lines(self, pieces: Iterator[str]) -> Failure | None:
        """Read plain text with one address a line; return the trouble."""
        for line in filter(None, _lines(pieces)):
            if not is_web_address(line) or re.search(r"\s", line):
                self.skipped[Skip(SkipKind.NO_WEB_ADDRESS)] += 1
            elif self.entries >= ENTRIES_MAX:
                return _TOO_MANY
            else:
                self._add(MapEntry(url=line))
        return None if self.entries else Failure(FailureKind.NO_SITEMAP)

    def read_robots(self, pieces: Iterator[str]) -> Failure | None:
        """Take the sitemaps that a robots.txt names, also those on other hosts: the publisher vouches for them."""
        # 500 KiB is what RFC 9309 (2.5) asks to be read.
        for address in _ROBOTS_MAP.findall("".join(islice(pieces, 8))):
            if joined := absolute_url(address, base=self.url):
                self.more[joined] = None
        return None if self.more else Failure(FailureKind.ROBOTS_WITHOUT_SITEMAP)

    def read_feed(self, pieces: Iterator[str]) -> ListPage:
        """Read a feed that serves as a sitemap."""
        trouble, text = None, StringIO()
        try:
            text.writelines(pieces)
        except MapBreaksOff as breaks:
            trouble = breaks.failure
        rules = FeedRules(allow=self.rules.allow, deny=self.rules.deny, landing=self.rules.landing)
        body, kind = text.getvalue().encode("utf-8"), "application/xml; charset=utf-8"
        found = read_feed(body, rules, url=self.url, content_type=kind)
        links = tuple(link for link in found.links if self._is_in_scope(link.url))
        skipped = Counter(found.skipped)
        skipped[Skip(SkipKind.OTHER_SITE)] += len(found.links) - len(links)
        return replace(found, links=links, more=(), skipped=dict(+skipped), trouble=trouble)

    def _add(self, entry: MapEntry) -> None:
        """Add an entry and the translations that it names, or count why not."""
        address = absolute_url(entry.url, base=self.url)
        rule = self._rule_against(address, entry)
        self.entries += not entry.is_map
        if rule:
            self.skipped[rule] += 1
        elif entry.is_map:
            self.more[address] = None
        alternates = [
            (lang.casefold().split("-")[0], absolute_url(href, base=self.url)) for lang, href in entry.alternates
        ]
        if not rule and not entry.is_map:
            own = next((lang for lang, href in alternates if href == address), "")
            self.links[address] = self._link(address, lang=own, modified=_believed(entry.modified, today=self.today))
        for lang, href in alternates:
            # Where a translation has an entry of its own, that one says more; it may come before or after this one.
            if href and href != address and href not in self.links and self._is_wanted(href, lang):
                self.links[href] = self._link(href, lang=lang, modified="")

    def _rule_against(self, address: str, entry: MapEntry) -> Skip | None:
        kind = file_kind(address)
        if not address:
            return Skip(SkipKind.NO_WEB_ADDRESS)
        if entry.is_map:
            if site_of(address) not in self.scope.sites | {site_of(self.url)}:
                return Skip(SkipKind.SITEMAP_OF_OTHER_SITE)
            is_left_out = self.rules.maps and not any(matches(pattern, address) for pattern in self.rules.maps)
            return Skip(SkipKind.SITEMAP_LEFT_OUT) if is_left_out else None
        if not self._is_in_scope(address):
            return Skip(SkipKind.OTHER_SITE)
        if not self.rules.admit(address):
            return Skip(SkipKind.ADDRESS_DENIED)
        return Skip(SkipKind.IGNORED_KIND, kind) if kind and kind != "pdf" else None

    def _is_wanted(self, translation: str, lang: str) -> bool:
        is_known = len(lang) in (2, 3) and (not self.scope.languages or lang in self.scope.languages)
        is_file_or_page = file_kind(translation) in ("", "pdf")
        return is_known and is_file_or_page and self._is_in_scope(translation) and self.rules.admit(translation)

    def _link(self, address: str, *, lang: str, modified: str) -> Link:
        is_file = not self.rules.landing or bool(file_kind(address))
        evidence = {"lang": (Evidence(value=lang, origin=Origin(OriginPlace.SITEMAP)),)} if len(lang) in (2, 3) else {}
        return Link(address, LinkKind.FILE if is_file else LinkKind.LANDING, evidence=evidence, modified=modified)

    def _is_in_scope(self, address: str) -> bool:
        host, sites = (urlsplit(address).hostname or "").casefold(), self.scope.sites
        return not sites or site_of(address) in sites or (host in self.scope.hosts and bool(file_kind(address)))


def _lines(pieces: Iterator[str]) -> Iterator[str]:
    kept = ""
    for piece in pieces:
        *whole, kept = re.split(r"\r\n|\r|\n", kept + piece)
        yield from (line.strip("\ufeff \t") for line in whole)
        kept = kept[-10_000:]  # longer than any address: this is no list of them
    yield kept.strip("\ufeff \t")


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
