"""The document page: what a publication is, why it is tagged as it is, one page of its text, and where it came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from urllib.parse import quote

from corpus.languages import direction
from corpus.messages import Message, gettext, message, ngettext
from corpus.messages.rights import rights_in_words
from corpus.metadata.licences import licence_address
from corpus.rights import Ground, Rights
from corpus.types import Document, Page
from corpus.urls import is_same_address
from corpus.vocabulary import Vocabulary
from search_api.answers.citations.bibtex import bibtex
from search_api.answers.citations.pages import coins, highwire_tags
from search_api.answers.citations.plain import plain_citation
from search_api.answers.citations.reference import Reference, reference_of
from search_api.answers.citations.styles import STYLES, has_styles
from search_api.answers.snippets import Snippet
from search_api.engines.base import PageMatches
from web.addresses import (
    document_address,
    found_words_address,
    has_picture,
    original_address,
    outside,
    pdf_address,
    picture_address,
    serves_original,
)
from web.contexts import TextLink
from web.document_contexts import (
    CitedLine,
    DocumentPage,
    Leaf,
    OutlineLine,
    Provenance,
    RightsLine,
    SimilarLine,
)
from web.format import facts_of, without_controls
from web.rendering import marked
from web.views.asked import AskedFor
from web.views.outline import Headings
from web.views.page_text import blocks_of
from web.views.tags import about_links, shared_labels, tag_lines

LEAVES_MAX = 800
"""Documents with more pages show no list of all of them: the form beside the text goes to any."""
MENTIONS_MAX = 40
"""Mentions shown; a statistical yearbook names every country."""
AUTHORS_SHOWN = 3
"""Authors named above the text; the record below names all."""
_IDENTIFIERS: Mapping[str, Message] = {
    "doi": message("DOI"),
    "isbn": message("ISBN"),
    "issn": message("ISSN"),
    "series": message("Series"),
    "handle": message("Handle"),
}


def document_page(
    document: Document,
    *,
    page: Page | None,
    asked: AskedFor,
    matches: PageMatches | None,
    provenance: Provenance,
    similar: Sequence[Document],
    mark: Callable[[str], Snippet],
    passages: Sequence[Snippet],
    headings: Headings,
    rights: Rights,
    vocabulary: Vocabulary,
    public_url: str,
    accessed: date,
    lang: str,
) -> DocumentPage:
    """Return what the document page shows.

    Args:
        document: as much of it as may be shown.
        page: the page of text that is shown; None when the document has none.
        matches: pages with the words; None when there are no words, or no page has them.
        mark: returns a text with the words marked.
        passages: of the page, when its whole text may not be shown.
        headings: of the document, with their pages.
        rights: what may be shown.
        provenance: where it came from.
        similar: documents like it, most alike first.
        public_url: beginning of our absolute addresses, without a slash at the end.
        accessed: the day that citations name as that of reading it.
        lang: of the page: en, es, fr or pt.
    """
    number = page.number if page else 0
    cited = reference_of(document, accessed=accessed, public_url=public_url)
    original = original_address(document, rights)
    has_pictures = bool(number) and has_picture(document, rights)
    return DocumentPage(
        id=document.id,
        title=without_controls(document.title),
        lang=document.lang,
        direction=direction(document.lang),
        facts=tuple(without_controls(fact) for fact in facts_of(document, exact_date=True, lang=lang)),
        authors=without_controls("; ".join(document.authors)),
        byline=_byline(document, lang=lang),
        about_links=about_links(document, vocabulary=vocabulary, lang=lang),
        identifiers=_identifiers(document, lang=lang),
        abstract=without_controls(document.abstract),
        is_sample=document.is_sample,
        back=asked.back,
        original=_at_page(original, document, number=number),
        original_words=gettext("Open the file", lang=lang)
        if serves_original(document, rights)
        else gettext("Open original", lang=lang),
        landing=_landing(document),
        about=tag_lines(document, vocabulary=vocabulary, asked=asked, about=True, lang=lang),
        mentions=tag_lines(document, vocabulary=vocabulary, asked=asked, about=False, lang=lang)[:MENTIONS_MAX],
        cited=_cited(cited, href=f"/documents/{quote(document.id, safe='')}"),
        cited_page=_cited_page(document, page=number, accessed=accessed, public_url=public_url),
        bibtex=bibtex(cited),
        meta=highwire_tags(
            cited,
            address=f"{public_url}{document_address(document.id)}",
            pdf=pdf_address(document, rights, public_url=public_url),
        ),
        coins=coins(cited),
        number=number,
        page_count=document.page_count,
        blocks=blocks_of(page, mark=mark) if page and rights.shows_text else (),
        passages=tuple(marked(each) for each in passages),
        rights=_rights_line(rights, lang=lang),
        with_words=_leaves(document, _numbers(matches), current=number, asked=asked),
        leaves=_all_leaves(document, current=number, asked=asked),
        previous=_turned(document, number - 1, asked=asked),
        next=_turned(document, number + 1, asked=asked),
        text=asked.text,
        provenance=provenance,
        similar=tuple(_similar(each, to=document, vocabulary=vocabulary, lang=lang) for each in similar),
        outline=tuple(_outline_line(document, each, current=number, asked=asked) for each in headings),
        picture=picture_address(document.id, number) if has_pictures else "",
        found_words=found_words_address(document.id, number, text=asked.text) if has_pictures and asked.text else "",
        hidden=(("q", asked.text),) * bool(asked.text) + (("from", asked.came_from),) * bool(asked.came_from),
    )


def _rights_line(rights: Rights, *, lang: str) -> RightsLine:
    address = licence_address(rights.licence)
    is_said = rights.ground not in (Ground.THIS_MACHINE, Ground.SETTING)
    return RightsLine(
        words=without_controls(rights_in_words(rights, lang=lang)) if is_said else "",
        licence=TextLink(rights.licence, address) if address else None,
        publisher=outside(rights.publisher_link),
        only_passages=not rights.shows_text,
    )


def _cited(reference: Reference, *, href: str) -> CitedLine:
    query = f"?page={reference.page}" if reference.page else ""
    files = (("BibTeX", "bib"), ("RIS", "ris"), ("CSL-JSON", "csl.json"))
    styles = STYLES.items() if has_styles() else ()
    return CitedLine(
        plain=plain_citation(reference),
        plain_href=f"{href}.txt{query}",
        files=tuple(TextLink(name, f"{href}.{ending}{query}") for name, ending in files),
        styles=tuple(
            TextLink(title, f"{href}.txt{query}{'&' if query else '?'}style={name}") for name, (title, _) in styles
        ),
        page=reference.page,
    )


def _cited_page(document: Document, *, page: int, accessed: date, public_url: str) -> CitedLine | None:
    """Return the citation of the page that is shown; None where it is the only one."""
    if not page or document.page_count < 2:
        return None
    reference = reference_of(document, page=page, accessed=accessed, public_url=public_url)
    return _cited(reference, href=f"/documents/{quote(document.id, safe='')}")


def _similar(document: Document, *, to: Document, vocabulary: Vocabulary, lang: str) -> SimilarLine:
    shared = shared_labels(to, document, vocabulary=vocabulary, lang=lang)
    return SimilarLine(
        title=without_controls(document.title),
        href=document_address(document.id),
        lang=document.lang,
        facts=tuple(without_controls(fact) for fact in (document.publisher, document.published[:4]) if fact),
        reason=gettext("Both are about: {labels}", labels=", ".join(shared), lang=lang)
        if shared
        else gettext("Both use the same uncommon words.", lang=lang),
    )


def _byline(document: Document, *, lang: str) -> str:
    """Return the first authors, and how many more there are."""
    named = without_controls("; ".join(document.authors[:AUTHORS_SHOWN]))
    more = len(document.authors) - AUTHORS_SHOWN
    return (
        ngettext("{names}; and {count} other", "{names}; and {count} others", more, names=named, lang=lang)
        if more > 0
        else named
    )


def _at_page(original: str, document: Document, *, number: int) -> str:
    """Return the address of the original so that a viewer of PDFs opens it at the page; others ignore what is added."""
    is_pdf = document.content_type == "application/pdf" and "#" not in original
    return f"{original}#page={number}" if original and is_pdf and number > 1 else original


def _outline_line(document: Document, heading: tuple[int, str], *, current: int, asked: AskedFor) -> OutlineLine:
    number, text = heading
    short = AskedFor(text=asked.text if len(asked.text) <= 80 else "", came_from="", back="")
    return OutlineLine(text, number, document_address(document.id, page=number, text=short.text), number == current)


def _identifiers(document: Document, *, lang: str) -> tuple[TextLink, ...]:
    links = []
    for name, value in document.identifiers.items():
        known = _IDENTIFIERS.get(name)
        words = f"{gettext(known, lang=lang) if known else name} {without_controls(value)}"
        links.append(TextLink(words, outside(f"https://doi.org/{value}") if name == "doi" else ""))
    return tuple(links)


def _landing(document: Document) -> str:
    landing = outside(document.landing_url)
    return "" if document.is_sample or is_same_address(landing, document.url) else landing


def _numbers(matches: PageMatches | None) -> tuple[int, ...]:
    """Return the pages that match the whole text; where no page does, those that come nearest."""
    if matches is None:
        return ()
    best = matches.best[: matches.whole] if matches.whole else matches.best[:12]
    return tuple(sorted(match.number for match in best))


def _leaves(document: Document, numbers: Sequence[int], *, current: int, asked: AskedFor) -> tuple[Leaf, ...]:
    return tuple(
        Leaf(
            number,
            document_address(document.id, page=number, text=asked.text, came_from=asked.came_from),
            number == current,
        )
        for number in numbers
    )


def _all_leaves(document: Document, *, current: int, asked: AskedFor) -> tuple[Leaf, ...]:
    if document.page_count > LEAVES_MAX:
        return ()
    # Relative to the page we are on: eighty full addresses would weigh more than the text.
    short = AskedFor(text=asked.text if len(asked.text) <= 80 else "", came_from="", back="")
    return _leaves(document, range(1, document.page_count + 1), current=current, asked=short)


def _turned(document: Document, number: int, *, asked: AskedFor) -> str:
    if not 1 <= number <= document.page_count:
        return ""
    return document_address(document.id, page=number, text=asked.text, came_from=asked.came_from)
