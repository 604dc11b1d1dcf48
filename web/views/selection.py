"""Exports and the selection, as pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.messages import Message, gettext, message
from corpus.types import Document
from search_api.answers.export.formats import ExportFormat
from search_api.answers.selection import SELECTION_MAX, selection_text
from search_api.query.parameters import SearchQuery
from web.addresses import document_address
from web.format import facts_of, without_controls
from web.language import LANGUAGE_PARAMETER
from web.selection_contexts import ExportChoice, ExportForm, SelectedLine, SelectionPage

_WORDS: Mapping[ExportFormat, Message] = {
    ExportFormat.RIS: message("RIS (Zotero, EndNote, Mendeley)"),
    ExportFormat.BIBTEX: message("BibTeX (LaTeX, JabRef)"),
    ExportFormat.CSL_JSON: message("CSL-JSON (citation processors)"),
    ExportFormat.CSV: message("CSV (tables)"),
    ExportFormat.CSV_BOM: message("CSV for Excel"),
    ExportFormat.JSON_LINES: message("JSON lines (programs)"),
}
_OF_ONE_PAGE = ("cursor", "limit", "near")


def search_export_form(query: SearchQuery, *, total: int, lang: str) -> ExportForm | None:
    """Return the form that exports a whole result; None: it has no documents.

    Args:
        query: that was answered.
        total: its answers; near documents are no part of them.
        lang: of the page.
    """
    kept = tuple(each for each in query.to_parameters() if each[0] not in _OF_ONE_PAGE)
    return _form("/search/export", kept, count=total, lang=lang) if total else None


def selection_page(
    ids: Sequence[str], *, held: Mapping[str, Document], is_own: bool, public_url: str, lang: str
) -> SelectionPage:
    """Return what the page of a selection shows.

    Args:
        ids: that are selected.
        held: those documents that are here.
        is_own: whether the reader has selected them.
        public_url: beginning of our absolute addresses.
        lang: of the page.
    """
    text = selection_text(ids)
    return SelectionPage(
        documents=tuple(_line(held[each], lang=lang) for each in ids if each in held),
        missing=tuple(each for each in ids if each not in held),
        is_own=is_own,
        ids=text,
        link=f"{public_url}/selection?ids={text}" if text else "",
        most=SELECTION_MAX,
        export=_form("/selection/export", (("ids", text),), count=len(held), lang=lang) if held else None,
    )


def _form(action: str, kept: tuple[tuple[str, str], ...], *, count: int, lang: str) -> ExportForm:
    spoken = () if lang == "en" else ((LANGUAGE_PARAMETER, lang),)
    choices = tuple(ExportChoice(kind, gettext(words, lang=lang)) for kind, words in _WORDS.items())
    return ExportForm(action=action, kept=(*kept, *spoken), choices=choices, count=count)


def _line(document: Document, *, lang: str) -> SelectedLine:
    return SelectedLine(
        id=document.id,
        title=without_controls(document.title),
        href=document_address(document.id),
        lang=document.lang,
        facts=tuple(without_controls(fact) for fact in facts_of(document, lang=lang)),
    )
