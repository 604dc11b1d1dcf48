"""The page that checks quotes."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.languages import direction
from corpus.messages import Message, gettext, message, ngettext
from corpus.types import Document
from search_api.answers.collection import CollectionCoverage
from search_api.quotes.aligning import DifferenceKind
from search_api.quotes.checking import CheckedQuote, QuoteVerdict
from search_api.quotes.cited import CheckedCitation
from search_api.quotes.drafts import CheckedDraft, DraftQuote
from search_api.quotes.showing import differences_of, printed_pieces, quoted_pieces
from web.addresses import document_address
from web.contexts import TextLink
from web.format import documents_in_words, pages_in_words, without_controls
from web.quotes_contexts import CitationLine, QuoteChange, QuoteLine, QuotesResult
from web.rendering import marked

_OF_QUOTE: Mapping[QuoteVerdict, Message] = {
    QuoteVerdict.FOUND: message("Found"),
    QuoteVerdict.DIFFERENT: message("Different"),
    QuoteVerdict.UNKNOWN: message("Unknown"),
}
_OF_CITATION: Mapping[QuoteVerdict, Message] = {
    QuoteVerdict.FOUND: message("Held here"),
    QuoteVerdict.DIFFERENT: message("Held, but different"),
    QuoteVerdict.UNKNOWN: message("Not held"),
}
_KINDS: Mapping[DifferenceKind, Message] = {
    DifferenceKind.FIGURE: message("Figure"),
    DifferenceKind.NEGATION: message("Negation"),
    DifferenceKind.WORD: message("Words"),
}
_NOTHING = "—"


def quotes_result(draft: CheckedDraft, *, coverage: CollectionCoverage, lang: str) -> QuotesResult:
    """Return what is shown of a checked text."""
    return QuotesResult(
        summary=_summary(draft, lang=lang),
        quotes=tuple(_quote(each, lang=lang) for each in draft.quotes),
        citations=tuple(_citation(each, lang=lang) for each in draft.citations),
        held=gettext(
            "Unknown means: not in the {documents} with {pages} that are held and indexed here. It does not mean wrong.",
            documents=documents_in_words(coverage.documents - coverage.not_indexed, lang=lang),
            pages=pages_in_words(coverage.pages, lang=lang),
            lang=lang,
        ),
    )


def _summary(draft: CheckedDraft, *, lang: str) -> tuple[str, ...]:
    said = [
        gettext(
            "{quotations}: {found} found, {different} different, {unknown} unknown.",
            quotations=ngettext("{count} quotation", "{count} quotations", len(draft.quotes), lang=lang),
            found=draft.count(QuoteVerdict.FOUND),
            different=draft.count(QuoteVerdict.DIFFERENT),
            unknown=draft.count(QuoteVerdict.UNKNOWN),
            lang=lang,
        )
    ]
    if not draft.quotes:
        said.append(
            gettext(
                "Text in quotation marks, or in a paragraph set off from the rest, counts as a quotation from four words on.",
                lang=lang,
            )
        )
    left_out = draft.quotes_left_out + draft.citations_left_out
    if left_out:
        said.append(
            ngettext(
                "{count} more was not looked up: send the rest of the text by itself.",
                "{count} more were not looked up: send the rest of the text by itself.",
                left_out,
                lang=lang,
            )
        )
    return tuple(said)


def _quote(quote: DraftQuote, *, lang: str) -> QuoteLine:
    checked, place = quote.checked, quote.checked.place
    is_different = checked.verdict is QuoteVerdict.DIFFERENT
    printed = printed_pieces(checked) if is_different else ()
    return QuoteLine(
        verdict=checked.verdict,
        verdict_words=gettext(_OF_QUOTE[checked.verdict], lang=lang),
        quoted=marked(quoted_pieces(checked)),
        printed=marked(printed) if printed else None,
        place=_link(place.document, page=place.page) if place else None,
        page_words=_page_words(checked, lang=lang),
        lang=place.document.lang if place else "",
        direction=direction(place.document.lang) if place else "auto",
        changes=tuple(
            QuoteChange(gettext(_KINDS[each.kind], lang=lang), each.quoted or _NOTHING, each.printed or _NOTHING)
            for each in differences_of(checked)
            if each.kind is not DifferenceKind.WORD
        ),
        others=tuple(
            TextLink(gettext("page {number}", number=page, lang=lang), document_address(document, page=page))
            for document, page in checked.others
        ),
        notes=_notes(quote, lang=lang, is_shown=bool(printed)),
    )


def _page_words(checked: CheckedQuote, *, lang: str) -> str:
    if checked.place is None:
        return ""
    first, last = checked.place.page, checked.place.last_page
    if first == last:
        return gettext("page {number}", number=first, lang=lang)
    return gettext("pages {first} to {last}", first=first, last=last, lang=lang)


def _notes(quote: DraftQuote, *, lang: str, is_shown: bool) -> tuple[str, ...]:
    notes: list[str] = []
    if quote.checked.verdict is QuoteVerdict.DIFFERENT and not is_shown:
        notes.append(gettext("The printed text may not be shown here; the link leads to the document.", lang=lang))
    if quote.is_of_another and quote.cited:
        cited = without_controls(quote.cited.citation.text)
        notes.append(gettext("It is cited as {citation}, but is in another document.", citation=cited, lang=lang))
    if quote.title_of:
        notes.append(gettext("A document that is held here has this title.", lang=lang))
    return tuple(notes)


def _citation(checked: CheckedCitation, *, lang: str) -> CitationLine:
    page = checked.citation.page if checked.citation.document and not checked.page_is_missing else None
    return CitationLine(
        verdict=checked.verdict,
        verdict_words=gettext(_OF_CITATION[checked.verdict], lang=lang),
        text=without_controls(checked.citation.text),
        documents=tuple(_link(each, page=page) for each in checked.documents),
        more=checked.more,
    )


def _link(document: Document, *, page: int | None) -> TextLink:
    year = f" ({document.published[:4]})" if document.published else ""
    return TextLink(without_controls(document.title) + year, document_address(document.id, page=page), document.lang)
