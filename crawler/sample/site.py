"""What stands at which address of the sample publisher's site. No sockets here: a path goes in, an answer comes out."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import parse_qs

from crawler.sample.entries import Entry, entries_of
from crawler.sample.pages import SitePages
from crawler.sample.publication import Publication, Standing, load_publications

PER_PAGE = 10
"""Entries on one page of the listing."""
FEED_LENGTH = 15
"""Entries in a feed: the newest."""
ROBOTS = "User-agent: *\nDisallow: /drafts/\nAllow: /\n\nSitemap: {origin}/sitemap.xml\n"
_HTML = "text/html; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"
_BUILT = date(2026, 11, 20)
"""The day on which pages that are no publication say they were last changed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site says to one request, before any fault."""

    body: bytes
    content_type: str = _HTML
    status: int = 200
    modified: datetime | None = None
    """UTC; None for what has no date, such as a page that is not there."""
    location: str = ""
    """Where a redirect leads."""

    @property
    def etag(self) -> str:
        """Return a strong entity tag: it changes when and only when a byte of the body does."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'

    @property
    def last_modified(self) -> str:
        """Return the date as HTTP writes it; empty when there is none."""
        return format_datetime(self.modified, usegmt=True) if self.modified else ""


def midnight(day: date) -> datetime:
    """Return the beginning of a day, UTC."""
    return datetime.combine(day, time(), tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, as far as the site cares."""

    path: str
    origin: str
    """Scheme, host and port under which the reader reached the site; absolute links begin with it."""
    query: str = ""
    corrected: bool = False
    """A publication and its landing page are shown in their second edition."""
    calendar: bool = False
    """The calendar of events exists, and home and listing link to it."""
    last_page: int | None = None
    """How many pages the listing claims to have; None: as many as it has."""


class PdfShelf:
    """PDFs made when they are first asked for, then kept in memory and, when a folder is given, on disk.

    May be used by several threads.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._kept: dict[tuple[str, bool], bytes] = {}
        self._lock = threading.Lock()  # reportlab keeps fonts and styles in module state
        self._press: Callable[..., bytes] | None = None

    def pdf(self, publication: Publication, *, corrected: bool = False) -> bytes:
        """Return the PDF of a publication; corrected: its second edition, other bytes."""
        key = (publication.slug, corrected)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = self._from_folder(publication, corrected=corrected)
            return self._kept[key]

    def _from_folder(self, publication: Publication, *, corrected: bool) -> bytes:
        if self._folder is None:
            return self._make(publication, corrected=corrected)
        path = self._folder / f"{publication.slug}{'-corrected' if corrected else ''}.pdf"
        if path.is_file():
            return path.read_bytes()
        made = self._make(publication, corrected=corrected)
        self._folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(made)
        part.replace(path)
        return made

    def _make(self, publication: Publication, *, corrected: bool) -> bytes:
        if self._press is None:
            self._press = open_press()
        return self._press(publication, corrected=corrected)


def open_press() -> Callable[..., bytes]:
    """Return `make_pdf`; reportlab takes half a second to load, which a site without readers need not pay."""
    from crawler.sample.pdf import make_pdf

    return make_pdf


class Site:
    """The whole site as a function from requests to answers. May be used by several threads."""

    def __init__(self, *, publications: Sequence[Publication] | None = None, pdf_folder: Path | None = None) -> None:
        everything = load_publications() if publications is None else tuple(publications)
        self.publications = everything
        self.entries = entries_of(everything)
        """What the listing shows, newest first."""
        self._by_slug = {publication.slug: publication for publication in everything}
        self._by_path = {entry.path: entry for entry in self.entries}
        self._by_pdf_path = {entry.pdf_path: entry.publication for entry in self.entries if entry.pdf_path}
        self._by_pdf_path |= {
            f"/files/{each.slug}.pdf": each for each in everything if each.standing is Standing.CORPORATE
        }
        self._pages = SitePages(everything)
        self._shelf = PdfShelf(pdf_folder)
        self._routes: Mapping[str, Callable[[Asked], Answer | None]] = {
            "/": self._home,
            "/about": self._about,
            "/publications": self._listing,
            "/events": self._events,
            "/feed.atom": self._atom,
            "/feed.rss": self._rss,
            "/robots.txt": self._robots,
            "/sitemap.xml": self._sitemap,
            "/style.css": self._style,
        }

    @property
    def page_total(self) -> int:
        """Return how many pages the listing has."""
        return -(-len(self.entries) // PER_PAGE)

    def answer(self, asked: Asked) -> Answer:
        """Return what stands at a path, 404 where nothing does."""
        route = self._routes.get(asked.path, self._publication_part)
        return route(asked) or Answer(self._pages.not_found(asked.path), status=404)

    def _publication_part(self, asked: Asked) -> Answer | None:
        path = asked.path
        if entry := self._by_path.get(path):
            page = self._pages.entry(entry, origin=asked.origin, corrected=asked.corrected)
            return _dated(page, entry.publication, corrected=asked.corrected)
        if publication := self._by_pdf_path.get(path):
            body = self._shelf.pdf(publication, corrected=asked.corrected)
            return _dated(body, publication, content_type="application/pdf", corrected=asked.corrected)
        publication = self._by_slug.get(path.rsplit("/", 1)[-1].removesuffix(".svg"))
        if publication is None:
            return None
        if path == f"/covers/{publication.slug}.svg":
            return _dated(self._pages.cover(publication), publication, content_type="image/svg+xml")
        if path == f"/drafts/{publication.slug}" and publication.standing is Standing.DRAFT:
            return _dated(self._pages.draft(publication, origin=asked.origin), publication)
        return None

    def _home(self, asked: Asked) -> Answer:
        return _page(self._pages.home(self._newest()[:5], calendar=asked.calendar))

    def _about(self, _asked: Asked) -> Answer:
        return _page(self._pages.about())

    def _style(self, _asked: Asked) -> Answer:
        return _page(self._pages.style(), content_type="text/css; charset=utf-8")

    def _listing(self, asked: Asked) -> Answer | None:
        number, last = _number(asked.query, "page"), asked.last_page or self.page_total
        if not 1 <= number <= last:
            return None
        start = (min(number, self.page_total) - 1) * PER_PAGE  # beyond the true end the last entries repeat
        entries = self.entries[start : start + PER_PAGE]
        return _page(self._pages.listing(entries, number=number, last=last, calendar=asked.calendar))

    def _events(self, asked: Asked) -> Answer | None:
        return _page(self._pages.events(_number(asked.query, "month"))) if asked.calendar else None

    def _atom(self, asked: Asked) -> Answer:
        body = self._pages.feed("atom.xml", self._newest(), origin=asked.origin)
        return _page(body, content_type="application/atom+xml; charset=utf-8")

    def _rss(self, asked: Asked) -> Answer:
        body = self._pages.feed("rss.xml", self._newest(), origin=asked.origin)
        return _page(body, content_type="application/rss+xml; charset=utf-8")

    def _newest(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if not entry.is_copy)[:FEED_LENGTH]

    def _robots(self, asked: Asked) -> Answer:
        return _page(ROBOTS.format(origin=asked.origin).encode(), content_type=_TEXT)

    def _sitemap(self, asked: Asked) -> Answer:
        body = self._pages.feed("sitemap.xml", self.entries, origin=asked.origin)
        return _page(body, content_type="application/xml; charset=utf-8")


def _page(body: bytes, *, content_type: str = _HTML) -> Answer:
    return Answer(body, content_type=content_type, modified=midnight(_BUILT))


def _dated(body: bytes, publication: Publication, *, corrected: bool = False, content_type: str = _HTML) -> Answer:
    day = _BUILT if corrected else publication.published
    return Answer(body, content_type=content_type, modified=midnight(day))


def _number(query: str, name: str) -> int:
    """Return a number of the query; 1 when it is missing, 0 when it is not a number."""
    value = parse_qs(query).get(name, ["1"])[0]
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 0
