"""Web pages and feeds of the sample publisher, from Jinja2 templates."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from html import escape

from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup

from demo.blocks import Block, Bullets, Heading, PageBreak, Paragraph, Role, Table, inline_markup
from demo.collection import SampleCollection
from demo.entries import Entry, stamp_of
from demo.publication import PUBLISHER, SAMPLE_MARK, Landing, Publication, SampleStanding
from demo.texts import LANGUAGE_NAMES, wording_of

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
"""The publisher is not older."""
TYPE_NAMES = {
    "policy_brief": "Policy brief",
    "working_paper": "Working paper",
    "statistics": "Statistical note",
    "report": "Report",
    "article": "Article",
    "web_page": "Web page",
    "law": "Law note",
    "book": "Guide",
    "document": "Document",
}


class SitePages:
    """Renders every page that is not a PDF; all bytes are UTF-8."""

    def __init__(self, publications: Sequence[Publication], collection: SampleCollection) -> None:
        self._publications = publications
        self._collection = collection
        self._report = next((each for each in publications if each.standing is SampleStanding.CORPORATE), None)
        self._drafts = tuple(each for each in publications if each.standing is SampleStanding.DRAFT)
        self._environment = Environment(
            loader=PackageLoader("demo"),
            autoescape=select_autoescape(("html", "xml", "svg")),
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            publisher=PUBLISHER,
            sample_mark=SAMPLE_MARK,
            language_names=LANGUAGE_NAMES,
            type_names=TYPE_NAMES,
            wording_of=wording_of,
            rfc822=_rfc822,
            stamp_of=stamp_of,
            report=self._report,
        )

    def home(self, newest: Sequence[Entry]) -> bytes:
        """Return the home page with the newest entries."""
        return self.render("home.html", newest=newest, drafts=self._drafts)

    def about(self) -> bytes:
        """Return the page about the publisher."""
        return self.render("about.html")

    def listing(self, entries: Sequence[Entry], *, number: int, last: int) -> bytes:
        """Return one page of the listing; numbers are 1-based."""
        return self.render("listing.html", entries=entries, number=number, last=last)

    def growing(self, entries: Sequence[Entry], *, following: str) -> bytes:
        """Return the listing that grows by a button; `following` is what the button fetches, empty: no button."""
        return self.render("more.html", entries=entries, following=following)

    def entry(self, entry: Entry, *, origin: str) -> bytes:
        """Return the landing page of an entry; for an HTML publication, the publication."""
        return self._landing(entry, origin=origin, is_draft=False)

    def draft(self, publication: Publication, *, origin: str) -> bytes:
        """Return a draft, which robots are asked to leave alone."""
        return self._landing(Entry(publication), origin=origin, is_draft=True)

    def cover(self, publication: Publication) -> bytes:
        """Return a cover as a drawing (SVG)."""
        words, lines = publication.title.split(), [""]
        for word in words:
            if len(lines[-1]) + len(word) > 20:
                lines.append("")
            lines[-1] = f"{lines[-1]} {word}".strip()
        hue = sum(publication.slug.encode()) * 7 % 360
        return self.render("cover.svg", publication=publication, lines=lines[:7], hue=hue)

    def style(self) -> bytes:
        """Return the style sheet."""
        return self.render("style.css")

    def feed(self, template: str, entries: Sequence[Entry], *, origin: str) -> bytes:
        """Return a feed or the sitemap; `updated` is when an entry changed last."""
        updated = max((entry.modified for entry in entries), default=EPOCH)
        return self.render(template, entries=entries, origin=origin, updated=updated)

    def not_found(self, path: str) -> bytes:
        """Return the page for an address where nothing stands."""
        return self.render("not_found.html", path=path)

    def _landing(self, entry: Entry, *, origin: str, is_draft: bool) -> bytes:
        publication = entry.publication
        return self.render(
            "landing.html",
            entry=entry,
            publication=publication,
            wording=wording_of(publication.lang),
            origin=origin,
            corrected=entry.is_revised,
            is_draft=is_draft,
            translations=self._translations(publication),
            related=self._related(publication),
            body=Markup(html_of(publication.body)) if not entry.pdf_path else "",  # noqa: S704  html_of escapes
            json_ld=Markup(_json_ld(entry, origin=origin)) if entry.landing is Landing.JSON_LD else "",  # noqa: S704  escaped there
        )

    def _translations(self, publication: Publication) -> tuple[Publication, ...]:
        """Return the other languages of the same publication, by language."""
        work = publication.translation_of or publication.slug
        withdrawn = self._collection.withdrawn
        same = (
            each
            for each in self._publications
            if work in (each.slug, each.translation_of) and each.slug not in withdrawn
        )
        return tuple(sorted((each for each in same if each.slug != publication.slug), key=lambda each: each.lang))

    def _related(self, publication: Publication) -> tuple[Publication, ...]:
        """Return up to three publications on the same groups in the same language: links that lead a harvest astray."""
        groups = set(publication.expect.groups)
        return tuple(
            each
            for each in self._publications
            if each.slug not in (publication.slug, *self._collection.withdrawn)
            and each.standing is SampleStanding.LISTED
            and each.lang == publication.lang
            and groups & set(each.expect.groups)
        )[:3]

    def render(self, template: str, **values: object) -> bytes:
        """Return a template of the folder `templates`, filled."""
        return self._environment.get_template(template).render(**values).encode()


def _rfc822(moment: date) -> str:
    """Return a moment, or the beginning of a day, as RSS writes it."""
    return format_datetime(moment if isinstance(moment, datetime) else datetime.combine(moment, time(), tzinfo=UTC))


def _json_ld(entry: Entry, *, origin: str) -> str:
    """Return schema.org metadata as JSON that may stand inside a script element."""
    publication = entry.publication
    record: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Article" if publication.type in ("article", "web_page") else "Report",
        "name": publication.full_title,
        "headline": publication.full_title,
        "author": [{"@type": "Organization", "name": author} for author in publication.authors],
        "publisher": {"@type": "Organization", "name": PUBLISHER},
        "datePublished": publication.published.isoformat(),
        "inLanguage": publication.lang,
        "abstract": publication.abstract,
        "keywords": ", ".join(publication.keywords),
        "url": f"{origin}{entry.path}",
        "creditText": publication.mark,
    }
    if publication.series:
        record["reportNumber"] = publication.series_line
    if entry.pdf_path:
        record["encoding"] = {
            "@type": "MediaObject",
            "encodingFormat": "application/pdf",
            "contentUrl": f"{origin}{entry.pdf_path}",
        }
    return json.dumps(record, ensure_ascii=False, indent=1).replace("<", "\\u003c")


def html_of(blocks: Sequence[Block]) -> str:
    """Return blocks as HTML, escaped."""
    return "\n".join(_html_of_block(block) for block in blocks if not isinstance(block, PageBreak))


def _html_of_block(block: Block) -> str:
    match block:
        case Heading():
            return f"<h{block.level}>{_inline(block.text)}</h{block.level}>"
        case Bullets():
            return "<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in block.items) + "</ul>"
        case Table():
            head, *rows = block.rows
            lines = "".join(f"<tr>{_cells(row, 'td')}</tr>" for row in rows)
            return f"<table><thead><tr>{_cells(head, 'th')}</tr></thead><tbody>{lines}</tbody></table>"
        case Paragraph(role=Role.QUOTE):
            return f"<blockquote><p>{_inline(block.text)}</p></blockquote>"
        case Paragraph():
            return f'<p class="{escape(block.role.value)}">{_inline(block.text)}</p>'
        case PageBreak():
            return ""


def _cells(row: tuple[str, ...], tag: str) -> str:
    return "".join(f"<{tag}>{_inline(cell)}</{tag}>" for cell in row)


def _inline(text: str) -> str:
    return inline_markup(text, bold="strong", italic="em")
