"""The results page: hits with their pages, what is filtered, and how the search was understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from corpus.languages import direction
from corpus.messages import gettext, in_language
from corpus.messages.values import document_language, facet_title
from corpus.types import Document, Facet
from corpus.vocabulary import Vocabulary
from search_api.answers.citations.pages import coins
from search_api.answers.citations.reference import reference_of
from search_api.answers.filter_labels import FilterLabels
from search_api.answers.results import Hit, Results
from search_api.answers.selection import selection_text
from search_api.answers.suggestions import Suggestion as Way
from search_api.query.parameters import NEAR_MAX, SearchQuery, Sort
from search_api.query.translations import SWITCH
from web.addresses import (
    document_address,
    feed_address,
    follow_address,
    freeze_address,
    report_address,
    search_address,
    with_parameters,
)
from web.contexts import (
    Chip,
    HitLine,
    NamedChip,
    PageLine,
    ResultsPage,
    SameWorkLine,
    SortChoice,
    SuggestedSearch,
)
from web.format import SORT_WORDS, facts_of, without_controls, works_in_words
from web.rendering import marked as as_marked
from web.selection_contexts import MarksForm
from web.views.alerts import in_locale
from web.views.evidence import evidence_links
from web.views.facets import facet_boxes, year_box
from web.views.selection import search_export_form

_TAGS_SHOWN = 4
_PAGES_SHOWN = (3,) * 5 + (2,) * 5
"""Pages of each hit, by its place; one of later ones, and of those that match partly: results come through slow connections."""
_NO_FILTERS = ("sort", "limit", "off", "strict", "near")
"""Parameters beside the words that a change of filters leaves as they are."""


def results_page(
    results: Results,
    *,
    names: FilterLabels,
    vocabulary: Vocabulary,
    searched: int,
    ways: Sequence[Way] = (),
    coverage: str = "",
    marked: Sequence[str] = (),
    may_freeze: bool = True,
    may_follow: bool = True,
    by_email: bool = True,
) -> ResultsPage:
    """Return what the results page shows.

    Args:
        searched: documents that can be found at all.
        ways: searches near this one, for when it found nothing or little.
        coverage: what was searched, in one sentence.
        marked: ids of the documents that the reader has selected.
        may_freeze: whether the search can be frozen.
        may_follow: whether someone can follow another search here.
        by_email: whether this site sends e-mail.
    """
    query, lang = results.asked, names.lang
    parameters = query.to_parameters()
    kept = tuple(each for each in parameters if each[0] not in ("q", "cursor"))
    return ResultsPage(
        total=results.total,
        documents=results.documents,
        first=0 if query.cursor or not results.hits else 1,
        hits=tuple(
            replace(
                _hit_line(_shortened(hit, place), query=query, vocabulary=vocabulary, names=names),
                id=hit.id,
                is_marked=hit.id in marked,
            )
            for place, hit in enumerate(results.hits)
        ),
        chips=chips(query, names=names),
        named=named_chips(results, lang=lang),
        clear=search_address(cleared(query)) if query.has_filters or not query.about else "",
        facets=facet_boxes(results, vocabulary=vocabulary, lang=lang),
        years=year_box(results, lang=lang),
        with_mentions=not query.about,
        sorts=tuple(SortChoice(each, gettext(SORT_WORDS[each], lang=lang), each is query.sort) for each in Sort),
        kept=kept,
        kept_by_sort=tuple(each for each in kept if each[0] in _NO_FILTERS),
        kept_by_words=tuple(each for each in kept if each[0] != "off"),
        understood=understood(results, names=names),
        notices=tuple(in_language(each, lang) for each in results.query.notes),
        feed=feed_address(query),
        api=with_parameters("/api/v1/search", parameters),
        marks=MarksForm(len(marked), selection_text(hit.id for hit in results.hits), search_address(query)),
        export=search_export_form(query, total=results.total, lang=lang),
        next=search_address(replace(query, cursor=results.next)) if results.next else "",
        previous=search_address(replace(query, cursor="")) if query.cursor else "",
        suggestions=tuple(SuggestedSearch(way.words, search_address(way.query), way.count) for way in ways),
        searched=searched,
        coverage=coverage,
        near=results.near,
        without_near=search_address(replace(query, near=0)) if results.near else "",
        more_near=search_address(replace(query, near=NEAR_MAX)) if query.near == results.near < NEAR_MAX else "",
        with_near=search_address(query.without("near")) if _left_near_out(query) else "",
        report=report_address(query),
        freeze=freeze_address(query) if may_freeze else "",
        follow=in_locale(follow_address(query), lang) if may_follow else "",
        by_email=by_email,
        evidence=evidence_links(results, names=names),
    )


def _shortened(hit: Hit, place: int) -> Hit:
    """Return a hit (0-based place) with the pages that are shown of it."""
    most = 1 if hit.missing or place >= len(_PAGES_SHOWN) else _PAGES_SHOWN[place]
    return replace(hit, pages=hit.pages[:most])


def cleared(query: SearchQuery) -> SearchQuery:
    """Return the search without any filter, with its words and how they are read, order and size."""
    return SearchQuery(
        text=query.text, off=query.off, strict=query.strict, near=query.near, sort=query.sort, limit=query.limit
    )


def _left_near_out(query: SearchQuery) -> bool:
    return not query.near and bool(query.text.strip()) and not query.cursor and query.sort is Sort.RELEVANCE


def named_chips(results: Results, *, lang: str) -> tuple[NamedChip, ...]:
    """Return what words of the search were understood as, what is switched off too, in the order of the words."""
    query, reading = results.asked, results.query
    found = []
    for each in reading.concepts:
        off = tuple(name for name in query.off if name != each.name)
        switched = replace(query, off=(*off, each.name) if each.is_on else off, cursor="")
        found.append(
            NamedChip(
                facet_title(each.facet, lang=lang),
                each.label,
                each.text,
                each.also,
                each.is_on,
                search_address(switched),
            )
        )
    if (elsewhere := reading.translations) is not None:
        off = tuple(name for name in query.off if name != SWITCH)
        switched = replace(query, off=(*off, SWITCH) if elsewhere.is_on else off, cursor="")
        kind, label = facet_title("words", lang=lang), gettext("Words in other languages", lang=lang)
        typed = ", ".join(elsewhere.typed)
        found.append(NamedChip(kind, label, typed, elsewhere.also, elsewhere.is_on, search_address(switched)))
    if reading.years:
        rest = " ".join(query.text.replace(reading.years, " ").split())
        address = search_address(replace(query, text=rest, cursor=""))
        found.append(
            NamedChip(
                facet_title("year", lang=lang), reading.years.replace("..", "–"), reading.years, (), True, address
            )
        )
    return tuple(found)


def chips(query: SearchQuery, *, names: FilterLabels) -> tuple[Chip, ...]:
    """Return one chip for each filter that is on."""
    lang = names.lang
    found = [
        Chip(
            facet_title(parameter, lang=lang),
            names.label(parameter, value),
            search_address(query.without(parameter, value)),
        )
        for parameter, values in query.filter_values().items()
        for value in values
    ]
    if query.years is not None:
        found.append(Chip(facet_title("year", lang=lang), names.years(query), search_address(query.without("year"))))
    if not query.about:
        found.append(
            Chip("", gettext("Also what is only mentioned", lang=lang), search_address(query.without("about")))
        )
    if query.strict:
        found.append(Chip("", gettext("Words exactly as written", lang=lang), search_address(query.without("strict"))))
    return tuple(found)


def understood(results: Results, *, names: FilterLabels) -> tuple[str, ...]:
    """Return in sentences what was searched and in which order it is shown."""
    query, reading, lang = results.asked, results.query, names.lang
    sentences = []
    if reading.in_words:
        sentences.append(gettext("Words: {words}.", words=reading.in_words.removesuffix("."), lang=lang))
    if filters := names.in_words(query):
        sentences.append(gettext("Filters: {filters}.", filters=filters, lang=lang))
    if sentences:
        order = gettext(SORT_WORDS[query.sort], lang=lang)
        sentences.append(gettext("Order: {order}.", order=order[:1].lower() + order[1:], lang=lang))
    return tuple(sentences)


def _hit_line(hit: Hit, *, query: SearchQuery, vocabulary: Vocabulary, names: FilterLabels) -> HitLine:
    document, lang = hit.document, names.lang
    came_from = urlencode([each for each in query.to_parameters() if each[0] != "q"])
    passages = _passages(hit, query=query, came_from=came_from)
    best = hit.pages[0].number if hit.pages else None
    return HitLine(
        title=without_controls(document.title),
        href=document_address(document.id, text=query.text, page=best, came_from=came_from).partition("#")[0],
        lang=document.lang,
        direction=direction(document.lang),
        facts=tuple(without_controls(fact) for fact in facts_of(document, lang=lang)),
        passages=passages,
        more_pages=max(hit.pages_matching - len(hit.pages), 0),
        copies=hit.copies + 1,
        tags=tag_labels(document, vocabulary=vocabulary, lang=lang),
        is_sample=document.is_sample,
        missing=hit.missing,
        same_work=_same_work_lines(hit, query=query, names=names),
        coins=coins(reference_of(document)),
    )


def _same_work_lines(hit: Hit, *, query: SearchQuery, names: FilterLabels) -> tuple[SameWorkLine, ...]:
    """Return one line for each language and each source: a work may have ten copies at one publisher."""
    lines: dict[str, SameWorkLine] = {}
    for each in hit.same_work:
        tongue = document_language(each.lang, lang=names.lang)
        at = gettext("copy: {source}", source=names.label("source", each.source), lang=names.lang)
        words = without_controls(tongue if each.is_translation else at)
        lines.setdefault(words, SameWorkLine(words, document_address(each.id, text=query.text).partition("#")[0]))
    return tuple(lines.values())


def _passages(hit: Hit, *, query: SearchQuery, came_from: str) -> tuple[PageLine, ...]:
    document = hit.document
    is_paged = document.page_count > 1 or document.content_type == "application/pdf"
    if not hit.pages and hit.abstract:
        href = document_address(document.id, text=query.text, came_from=came_from)
        return (PageLine(number=0, href=href, snippet=as_marked(hit.abstract), lang=document.lang, is_page=False),)
    return tuple(
        PageLine(
            number=page.number,
            href=document_address(document.id, page=page.number, text=query.text, came_from=came_from),
            snippet=as_marked(page.snippet),
            lang=document.lang,
            is_page=is_paged,
        )
        for page in hit.pages
    )


def tag_labels(document: Document, *, vocabulary: Vocabulary, lang: str) -> tuple[str, ...]:
    """Return the labels of what a document is mainly about, one or two a facet, best first."""
    labels = []
    for facet, most in ((Facet.GROUP, 2), (Facet.COUNTRY, 2), (Facet.TOPIC, 1)):
        about = [tag for tag in document.tags_of(facet) if tag.about]
        labels += [vocabulary.label(facet, tag.concept, lang) for tag in about[:most]]
    return tuple(labels[:_TAGS_SHOWN])


def title_of(results: Results, *, names: FilterLabels) -> str:
    """Return the window's title: what was searched, and how much was found."""
    query = results.asked
    asked = query.text or names.in_words(query) or gettext("All documents", lang=names.lang)
    return f"{asked[:80]} · {works_in_words(results.total, results.documents, lang=names.lang)}"
