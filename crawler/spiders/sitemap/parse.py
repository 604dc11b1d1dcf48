"""Read one sitemap in whatever form it comes, as links: XML, an index, plain text, a feed, or robots.txt.

A sitemap is read in pieces, packed or not, also where it is broken; it is never as a whole in memory.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from io import StringIO
from itertools import chain, islice
from urllib.parse import urlsplit

from lxml import etree

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
from crawler.spiders.xml import PARSER, PackingBroken, declared_encoding, local, unpacked, without_forbidden

MAP_MEBIBYTES_MAX = 64
"""Most of one sitemap that is read. sitemaps.org allows 50 MB unpacked; a longer one is a mistake, or a bomb."""


class MapBreaksOff(Exception):
    """A sitemap cannot be read to its end; what came before it counts. `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.kind.value)
        self.failure = failure


def text_pieces(body: bytes) -> Iterator[str]:
    """Return the text of a sitemap in pieces, of which none is long. What cannot be decoded becomes U+FFFD.

    Raises MapBreaksOff: after the last good piece, when the packing is damaged or the text is longer than
    MAP_MEBIBYTES_MAX.
    """
    decoder: codecs.IncrementalDecoder | None = None
    length = 0
    try:
        for piece in unpacked(body):
            decoder = decoder or codecs.getincrementaldecoder(declared_encoding(piece) or "utf-8")(errors="replace")
            length += len(piece)
            if length > MAP_MEBIBYTES_MAX * 1024 * 1024:
                raise MapBreaksOff(Failure.of(FailureKind.SITEMAP_TOO_LONG, mebibytes=MAP_MEBIBYTES_MAX))
            yield decoder.decode(piece)
    except PackingBroken as broken:
        damaged = Failure.of(FailureKind.SITEMAP_PACKING_DAMAGED, error=str(broken))
        cut = Failure(FailureKind.SITEMAP_PACKING_BREAKS_OFF)
        raise MapBreaksOff(cut if broken.is_cut else damaged) from broken
    if decoder is not None:
        yield decoder.decode(b"", final=True)


# An ampersand that begins no reference.
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)")
_FIRST_ELEMENT = re.compile(
    # Possessive: a text of blanks alone would be tried in every way to part it.
    r"(?>[\s\ufeff]++|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*+(?:\[.*?\]\s*+)?>)*+<([\w.:-]+)",
    re.DOTALL | re.IGNORECASE,
)
_REFERENCE_CHARACTERS_MAX = 12
_ENTRIES = ("url", "sitemap")


@dataclass(frozen=True, slots=True)
class MapEntry:
    """One address that a sitemap names."""

    url: str
    """As it is written there."""
    modified: str = ""
    """Its `lastmod`, as it is written; empty: none."""
    is_map: bool = False
    """True: the address of a further sitemap, of an index."""
    alternates: tuple[tuple[str, str], ...] = ()
    """(language, address) of the translations that are named beside it (xhtml:link), as they are written."""


class MarkupReader:
    """Read entries from pieces of XML. What is wrong with the XML is known when all pieces are read."""

    def __init__(self) -> None:
        self.fault = ""
        """What is not well formed, in the words of the XML parser; empty: nothing, so far."""
        self.is_closed = False
        """Whether the end tag of the root was there; without it the sitemap broke off."""
        # References to entities that a document declares are disarmed before the parser sees them, see _mended;
        # nothing outside is read: no DTD, no network.
        self._parser = etree.XMLPullParser(recover=True, **PARSER)

    def entries(self, pieces: Iterable[str]) -> Iterator[MapEntry]:
        """Return the entries of a sitemap in order, whatever their namespaces and prefixes."""
        tail = ""
        for piece in _mended(pieces):
            tail = (tail + piece)[-400:]
            try:
                self._parser.feed(piece.encode("utf-8", errors="replace"))
            except etree.XMLSyntaxError as error:
                self.fault = str(error)
                break
            yield from self._ended()
        try:
            self._parser.close()
        except etree.XMLSyntaxError as error:
            self.fault = str(error)
        yield from self._ended()
        self.is_closed = bool(re.search(r"</(\w+:)?(urlset|sitemapindex)\s*>", tail))
        if not self.fault and len(self._parser.feed_error_log):
            self.fault = str(self._parser.feed_error_log[0].message)

    def _ended(self) -> Iterator[MapEntry]:
        for _, element in self._parser.read_events():
            if (name := local(element).casefold()) in _ENTRIES:
                if entry := _entry_of(element, is_map=name == "sitemap"):
                    yield entry
                element.clear(keep_tail=False)
                # Where an end tag is missing, entries stand in each other: the `loc` of the outer one must stay.
                while (before := element.getprevious()) is not None and local(before).casefold() in _ENTRIES:
                    element.getparent().remove(before)


def root_name(start: str) -> str:
    """Return the local name of the first element of a text, in small letters; empty when it begins with none."""
    begun = _FIRST_ELEMENT.match(start)
    return begun[1].rpartition(":")[2].casefold() if begun else ""


def _mended(pieces: Iterable[str]) -> Iterator[str]:
    """Return the pieces without what XML cannot hold, beginning at the first tag.

    Of references only the five of XML itself and numbers are left; all others become plain text. So neither a bare `&` in
    an address breaks the parsing, nor can an entity that the document declares be used, for a file of this machine or a bomb.
    """
    kept, is_begun = "", False
    for piece in pieces:
        text = kept + piece
        if not is_begun:
            text = text.lstrip("\ufeff \t\r\n")
            is_begun = bool(text)
        cut = text.rfind("&", max(0, len(text) - _REFERENCE_CHARACTERS_MAX))
        text, kept = (text[:cut], text[cut:]) if cut >= 0 else (text, "")
        yield _without_faults(text)
    yield _without_faults(kept)


def _without_faults(text: str) -> str:
    return without_forbidden(_BARE_AMPERSAND.sub("&amp;", text))


def _entry_of(element: etree._Element, *, is_map: bool) -> MapEntry | None:
    """Return what one `url` or `sitemap` element names; None when it names no address.

    Only its own children count: the `loc` of a picture or a video lies deeper.
    """
    url = modified = ""
    alternates: list[tuple[str, str]] = []
    for child in element:
        name = local(child).casefold()
        if name == "loc" and not url:
            url = _text_of(child)
        elif name == "lastmod" and not modified:
            modified = _text_of(child)
        elif name == "link" and child.get("rel", "alternate") == "alternate" and child.get("hreflang"):
            alternates.append((child.get("hreflang", "").strip(), _plain(child.get("href", ""))))
    return MapEntry(url=url, modified=modified, is_map=is_map, alternates=tuple(alternates)) if url else None


def _text_of(element: etree._Element) -> str:
    return _plain(element.text or "")


def _plain(text: str) -> str:
    # Addresses are broken over lines. And `&amp;` is left of `&amp;amp;`, and of an `&` inside CDATA that was mended.
    return re.sub(r"\s+", lambda gap: "" if "\n" in gap[0] or "\r" in gap[0] else gap[0], text.strip()).replace(
        "&amp;", "&"
    )


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
        """Take the sitemaps that a robots.txt names, also those on other hosts: the publisher names them itself."""
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
