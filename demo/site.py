"""What is at which address of the sample publisher's site. No sockets here: a path goes in, an answer comes out."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from demo.answers import HTML, JSON, TEXT, XML, SampleAnswer, SampleRequest, midnight
from demo.collection import SampleCollection
from demo.entries import Entry
from demo.json_answers import ListPart, api_answer, grown_listing, json_feed
from demo.pages import SitePages
from demo.publication import Publication, SampleStanding, load_publications
from demo.repository import SampleRepository
from demo.shelf import PdfShelf

PER_PAGE = 10
"""Entries on one page of the listing, and of the API unless another number is requested."""
FEED_LENGTH = 15
"""Entries in a feed: the newest. The JSON feed continues on further pages, until it has named all."""
MAP_LENGTH = 25
"""Addresses in one of the packed sitemaps."""
ROBOTS = "User-agent: *\nDisallow: /drafts/\nAllow: /\n\nSitemap: {origin}/sitemap.xml\nSitemap: {origin}/sitemap_index.xml\n"
_PER_PAGE_MAX = 100
_MAP = re.compile(r"/sitemap-(\d{1,4})\.xml\.gz")
_SINCE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?")
BUILT = date(2026, 11, 20)
"""The day on which pages that are no publication say they were last changed, unless publications changed since."""


class SampleSite:
    """The whole site as a function from requests to answers. May be used by several threads."""

    def __init__(
        self,
        *,
        publications: Sequence[Publication] | None = None,
        pdf_folder: Path | None = None,
        collection: SampleCollection | None = None,
    ) -> None:
        """Begin.

        Args:
            publications: what it publishes; None: everything.
            pdf_folder: where PDFs, once made, are kept; None: in memory only.
            collection: the entries of `publications` and their state; None: as they were published.
        """
        everything = load_publications() if publications is None else tuple(publications)
        self.publications = everything
        self.collection = collection or SampleCollection(everything)
        self._by_slug = {publication.slug: publication for publication in everything}
        self._reports = {
            f"/files/{each.slug}.pdf": each for each in everything if each.standing is SampleStanding.CORPORATE
        }
        self._pages = SitePages(everything, self.collection)
        self._shelf = PdfShelf(pdf_folder)
        self._repository = SampleRepository(self.collection, self._pages)
        self._routes: Mapping[str, Callable[[SampleRequest], SampleAnswer | None]] = {
            "/": self._home,
            "/about": self._about,
            "/publications": self._listing,
            "/more": self._growing,
            "/publications/more": self._grown,
            "/feed.atom": partial(self._feed, "atom.xml", "application/atom+xml; charset=utf-8"),
            "/feed.rss": partial(self._feed, "rss.xml", "application/rss+xml; charset=utf-8"),
            "/feed.json": self._json_feed,
            "/api/publications": self._api,
            "/oai": self._oai,
            "/robots.txt": self._robots,
            "/sitemap.xml": self._sitemap,
            "/sitemap_index.xml": self._sitemap_index,
            "/style.css": self._style,
        }

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return what the listing shows, newest first."""
        return self.collection.entries

    @property
    def page_total(self) -> int:
        """Return how many pages the listing has."""
        return _pages_of(self.entries, PER_PAGE)

    def answer(self, asked: SampleRequest) -> SampleAnswer:
        """Return what is at a path, 404 where nothing does, 410 where a publication was withdrawn."""
        route = self._routes.get(asked.path, self._publication_part)
        return route(asked) or SampleAnswer(self._pages.not_found(asked.path), status=404)

    def _publication_part(self, asked: SampleRequest) -> SampleAnswer | None:
        path = asked.path
        for entry in self.collection.everything:
            if path in (entry.path, entry.pdf_path):
                return self._entry_part(entry, asked)
        if report := self._reports.get(path):
            return _dated(self._shelf.pdf(report), Entry(report), content_type="application/pdf")
        if mapped := _MAP.fullmatch(path):
            return self._packed_sitemap(int(mapped.group(1)), asked)
        publication = self._by_slug.get(path.rsplit("/", 1)[-1].removesuffix(".svg"))
        if publication is None:
            return None
        if path == f"/covers/{publication.slug}.svg":
            return _dated(self._pages.cover(publication), Entry(publication), content_type="image/svg+xml")
        if path == f"/drafts/{publication.slug}" and publication.standing is SampleStanding.DRAFT:
            return _dated(self._pages.draft(publication, origin=asked.origin), Entry(publication))
        return None

    def _entry_part(self, entry: Entry, asked: SampleRequest) -> SampleAnswer:
        if entry.is_withdrawn:
            return SampleAnswer(self._pages.not_found(asked.path), status=410)
        if asked.path == entry.path:
            return _dated(self._pages.entry(entry, origin=asked.origin), entry)
        body = self._shelf.pdf(entry.publication, corrected=entry.is_revised)
        return _dated(body, entry, content_type="application/pdf")

    def _home(self, _asked: SampleRequest) -> SampleAnswer:
        return self._page(self._pages.home(self._newest()[:5]))

    def _about(self, _asked: SampleRequest) -> SampleAnswer:
        return self._page(self._pages.about())

    def _style(self, _asked: SampleRequest) -> SampleAnswer:
        return self._page(self._pages.style(), content_type="text/css; charset=utf-8")

    def _listing(self, asked: SampleRequest) -> SampleAnswer | None:
        part = self._part(self.entries, asked, per_page=PER_PAGE)
        if part is None:
            return None
        page = self._pages.listing(part.entries, number=part.number, last=part.last)
        return self._page(page)

    def _growing(self, asked: SampleRequest) -> SampleAnswer | None:
        part = self._part(self.entries, asked, per_page=PER_PAGE)
        if part is None:
            return None
        following = part.address("/publications/more").removeprefix(asked.origin)
        return self._page(self._pages.growing(part.entries, following=following))

    def _grown(self, asked: SampleRequest) -> SampleAnswer | None:
        part = self._part(self.entries, asked, per_page=PER_PAGE)
        if part is None:
            return None
        fragment = self._pages.render("entries.html", entries=part.entries).decode()
        return self._page(grown_listing(part, fragment=fragment), content_type=JSON)

    def _api(self, asked: SampleRequest) -> SampleAnswer:
        since, per_page = asked.words("since"), asked.number("per_page", default=PER_PAGE)
        if since and not _SINCE.fullmatch(since):
            return SampleAnswer(b'{"error": "since must be YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ"}', JSON, status=400)
        if not 1 <= per_page <= _PER_PAGE_MAX:
            return SampleAnswer(b'{"error": "per_page must be a number from 1 to 100"}', JSON, status=400)
        part = self._part([entry for entry in self.entries if entry.stamp >= since], asked, per_page=per_page)
        if part is None:
            return SampleAnswer(b'{"error": "there is no such page"}', JSON, status=404)
        more = f"&since={since}" if since else ""
        more += f"&per_page={per_page}" if per_page != PER_PAGE else ""
        return self._page(api_answer(part, more=more), content_type=JSON)

    def _json_feed(self, asked: SampleRequest) -> SampleAnswer | None:
        part = self._part(self.entries, asked, per_page=FEED_LENGTH)
        return self._page(json_feed(part), content_type="application/feed+json") if part else None

    def _oai(self, asked: SampleRequest) -> SampleAnswer:
        body = self._repository.answer(asked.query, origin=asked.origin)
        return SampleAnswer(body, content_type="text/xml; charset=utf-8")  # of this moment: its date is in it

    def _feed(self, template: str, content_type: str, asked: SampleRequest) -> SampleAnswer:
        return self._page(self._pages.feed(template, self._newest(), origin=asked.origin), content_type=content_type)

    def _newest(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if not entry.is_copy)[:FEED_LENGTH]

    def _robots(self, asked: SampleRequest) -> SampleAnswer:
        return SampleAnswer(ROBOTS.format(origin=asked.origin).encode(), content_type=TEXT, modified=midnight(BUILT))

    def _sitemap(self, asked: SampleRequest) -> SampleAnswer:
        return self._page(self._pages.feed("sitemap.xml", self.entries, origin=asked.origin), content_type=XML)

    def _sitemap_index(self, asked: SampleRequest) -> SampleAnswer:
        entries, maps = self.entries, []
        for number in range(1, _pages_of(entries, MAP_LENGTH) + 1):
            newest = max((entry.stamp for entry in _slice(entries, number, MAP_LENGTH)), default="")
            maps.append((f"/sitemap-{number}.xml.gz", newest))
        return self._page(self._pages.render("sitemap_index.xml", maps=maps, origin=asked.origin), content_type=XML)

    def _packed_sitemap(self, number: int, asked: SampleRequest) -> SampleAnswer | None:
        if not 1 <= number <= _pages_of(self.entries, MAP_LENGTH):
            return None
        body = self._pages.feed("sitemap.xml", _slice(self.entries, number, MAP_LENGTH), origin=asked.origin)
        return self._page(gzip.compress(body, mtime=0), content_type="application/gzip")

    def _part(self, entries: Sequence[Entry], asked: SampleRequest, *, per_page: int) -> ListPart | None:
        """Return the page of a list that is requested; None when there is none of this number."""
        number, last = asked.number("page"), _pages_of(entries, per_page)
        if not 1 <= number <= last:
            return None
        shown = _slice(entries, number, per_page)
        return ListPart(shown, number=number, last=last, total=len(entries), origin=asked.origin, per_page=per_page)

    def _page(self, body: bytes, *, content_type: str = HTML) -> SampleAnswer:
        """Return a page that is no publication; it may show some, so it is as new as the newest change of one."""
        changes = [entry.changed_at for entry in self.collection.everything if entry.changed_at]
        return SampleAnswer(body, content_type=content_type, modified=max([midnight(BUILT), *changes]))


def _dated(body: bytes, entry: Entry, *, content_type: str = HTML) -> SampleAnswer:
    modified = entry.changed_at or midnight(entry.publication.published)
    return SampleAnswer(body, content_type=content_type, modified=modified)


def _pages_of(entries: Sequence[Entry], per_page: int) -> int:
    return max(1, -(-len(entries) // per_page))


def _slice(entries: Sequence[Entry], number: int, per_page: int) -> Sequence[Entry]:
    return entries[(number - 1) * per_page : number * per_page]
