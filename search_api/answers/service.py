"""One search from its words to what people see: parse, look up, count, cut snippets."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.messages import plural_sentence, sentence
from corpus.messages.values import document_language, type_name
from corpus.rights import EVERYTHING, Rights, RightsPolicy, shown
from corpus.types import Document, Facet
from corpus.vocabulary.spelling import in_alphabet
from search_api.answers.kept_snippets import kept_snippets
from search_api.answers.marks import Marker, marker_of
from search_api.answers.near import near_hits, nearly_of
from search_api.answers.passages import shown_snippet
from search_api.answers.results import FacetCount, Hit, PageHit, QueryReading, Results
from search_api.answers.snippets import Snippet
from search_api.answers.understood import named_concepts, parents_of, translations_of, years_in
from search_api.answers.versions import same_work, shown_hits
from search_api.engines.base import EngineHit, PageMatches, SearchEngine
from search_api.query.budget import hits_with_pages
from search_api.query.concepts import concepts_of
from search_api.query.describe import describe
from search_api.query.facets import FACETS
from search_api.query.parameters import SearchQuery, Sort
from search_api.query.parse import ParsedText, parse
from search_api.query.planning import ranks

if TYPE_CHECKING:
    from corpus.store import Store, StoredPage
    from corpus.vocabulary import Vocabulary

PAGES_SHOWN = 3
"""Pages of each hit."""
PUBLISHERS_SHOWN = 50
"""Values of the facet of publishers; those in most documents, and the chosen ones."""


def search(
    query: SearchQuery,
    *,
    engine: SearchEngine,
    store: Store,
    vocabulary: Vocabulary,
    lang: str = "en",
    reader_lang: str = "",
    rights: RightsPolicy = EVERYTHING,
) -> Results:
    """Answer a search.

    Args:
        query: what is asked.
        engine: finds documents and pages.
        store: gives documents and the text of pages.
        vocabulary: gives labels, and reads `country:Peru`.
        lang: of labels: en, es, fr or pt.
        reader_lang: in which a work is shown where it has a document in it; empty: that of the best match.
        rights: decides what is shown of each document; a server that answers others hands on its own.

    Raises BadQuery: the cursor is of another search. EngineUnavailable: the index does not answer.
    """
    began = time.perf_counter()
    parsed = parse(query.text, vocabulary=vocabulary, off=query.off, strict=query.strict)
    found = engine.search(query, tree=parsed.tree, nearly=nearly_of(query, tree=parsed.tree))
    near = near_hits(found.near, tree=parsed.tree)
    # In the language of what was found: its translation may lack something else.
    beside = shown_hits([each.hit for each in near], store=store, reader_lang="")
    missing = {hit.id: each.missing for hit, each in zip(beside, near, strict=True)}
    answers = found.hits
    if query.sort is not Sort.FIRST_SEEN:  # there each work is what was seen of it first
        answers = shown_hits(answers, store=store, reader_lang=reader_lang)
    # A stable sort: of equal scores the answer comes before what is only near.
    in_order = sorted((*answers, *beside), key=lambda hit: -hit.score) if near else answers
    ids = [hit.id for hit in in_order]
    pages = engine.pages(parsed.tree, documents=ids[: hits_with_pages(parsed.tree)], limit=PAGES_SHOWN)
    marker = marker_of(parsed.tree, finder=concepts_of(vocabulary))
    hits = _hits(in_order, pages=pages, marker=marker, missing=missing, store=store, rights=rights.now())
    facets = {
        facet: _facet(facet, found.counts.get(facet, {}), query=query, store=store, vocabulary=vocabulary, lang=lang)
        for facet in FACETS
    }
    return Results(
        asked=query,
        total=found.total,
        hits=hits,
        facets=facets,
        query=_reading(query, parsed, missing=len(ids) - len(hits), vocabulary=vocabulary, lang=lang),
        next=found.next,
        documents=found.total + found.folded,
        indexed=engine.applied_sequence(),
        seconds=time.perf_counter() - began,
    )


def _reading(
    query: SearchQuery, parsed: ParsedText, *, missing: int, vocabulary: Vocabulary, lang: str
) -> QueryReading:
    notes = list(parsed.notes)
    if parsed.ranks_by_all_words:
        notes.append(
            sentence(
                "The text is long: documents with at least half of its words are found, those with most of them first."
            )
        )
    if query.text.strip() and query.sort is Sort.RELEVANCE and not ranks(parsed.tree):
        notes.append(sentence("There are no words to rank by; the newest documents come first."))
    if missing:
        notes.append(
            plural_sentence(
                "{count} document was changed just now and is shown again after the next indexing.",
                "{count} documents were changed just now and are shown again after the next indexing.",
                missing,
            )
        )
    return QueryReading(
        text=query.text,
        in_words=parsed.in_words if lang == "en" or not parsed.in_words else describe(parsed.tree, lang=lang),
        notes=tuple(notes),
        concepts=named_concepts(parsed, off=query.off, vocabulary=vocabulary, lang=lang),
        translations=translations_of(parsed, off=query.off),
        years=years_in(query.text),
        ranks_by_all_words=parsed.ranks_by_all_words,
    )


def _hits(
    found: Sequence[EngineHit],
    *,
    pages: Mapping[str, PageMatches],
    marker: Marker,
    missing: Mapping[str, tuple[str, ...]],
    store: Store,
    rights: RightsPolicy,
) -> tuple[Hit, ...]:
    with store.snapshot():  # one state of the records, and one connection
        documents = store.documents.in_brief([hit.id for hit in found])
        together = store.documents.count_by_work(
            sorted({each.work for each in documents.values() if each.work not in ("", each.id)})
        )
        wanted = {document: [page.number for page in matches.best] for document, matches in pages.items()}
        wanted |= {document: [1] for document in documents if document not in wanted}  # something to read
        held = store.pages.stored(wanted)
        of_one_work = same_work(tuple(documents.values()), store=store)
    hits: list[Hit] = []
    for each in found:
        document = documents.get(each.id)
        if document is None:  # removed since it was indexed
            continue
        allowed = rights.of(document)
        hit = _hit(each, shown(document, allowed), matches=pages.get(each.id), held=held, marker=marker, rights=allowed)
        copies = together[document.work] - 1 if document.work not in ("", document.id) else 0
        others = of_one_work.get(document.id, ())
        hits.append(replace(hit, copies=copies, same_work=others, missing=missing.get(each.id, ())))
    return tuple(hits)


def _hit(
    found: EngineHit,
    document: Document,
    *,
    matches: PageMatches | None,
    held: Mapping[tuple[str, int], StoredPage],
    marker: Marker,
    rights: Rights,
) -> Hit:
    def snippet(page: StoredPage) -> Snippet:
        return shown_snippet(page, marker, lang=document.lang, is_whole=rights.shows_text)

    pages: list[PageHit] = []
    for match in matches.best if matches else ():
        page = held.get((document.id, match.number))
        if page is not None and page.text.strip():
            pages.append(PageHit(number=match.number, snippet=snippet(page)))
    abstract: Snippet = ()
    if not pages:
        first = held.get((document.id, 1))
        if document.abstract:
            abstract = kept_snippets.snippet(document.abstract, marker, lang=document.lang)
        elif first is not None:
            abstract = snippet(first)
    return Hit(
        document=document,
        score=found.score,
        title=kept_snippets.mark_words(document.title, marker, lang=document.lang),
        pages=tuple(pages),
        pages_matching=matches.whole if matches else 0,
        abstract=abstract,
        rights=rights,
    )


def _facet(
    facet: str,
    counts: Mapping[str, int],
    *,
    query: SearchQuery,
    store: Store,
    vocabulary: Vocabulary,
    lang: str,
) -> tuple[FacetCount, ...]:
    chosen = query.filter_values().get(facet, ())
    shown = {*counts, *chosen}
    if facet == "publisher":  # there are as many as there are houses in the world
        shown = {*sorted(counts, key=lambda value: (-counts[value], value))[:PUBLISHERS_SHOWN], *chosen}
    names = store.sources.names() if facet == "source" and counts else {}
    listed: list[FacetCount] = []
    for value in shown:
        label, parents = _named(facet, value, vocabulary, lang)
        label = names.get(value, label)
        listed.append(FacetCount(value, label, counts.get(value, 0), value in chosen, parents))
    if facet == "year":
        return tuple(sorted(listed, key=lambda each: each.value))
    return tuple(sorted(listed, key=lambda each: (-each.count, in_alphabet(each.label), each.value)))


@lru_cache(maxsize=10_000)
def _named(facet: str, value: str, vocabulary: Vocabulary, lang: str) -> tuple[str, tuple[str, ...]]:
    """Return the label of a value and what is just above it; an answer has hundreds of them, and the next the same."""
    if facet in tuple(Facet):
        return vocabulary.label(Facet(facet), value, lang), parents_of(facet, value, vocabulary=vocabulary)
    if facet == "lang":
        return document_language(value, lang=lang), ()
    if facet == "type":
        return type_name(value, lang=lang), ()
    return value, ()
