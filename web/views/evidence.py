"""Pages of evidence: what there is on a worker group, country, topic or sector, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corpus.messages import gettext, ngettext
from corpus.messages.concept_notes import note_of
from corpus.messages.formats import grouped
from corpus.messages.values import document_language, facet_title
from corpus.types import LANGUAGES, Facet
from corpus.vocabulary import Concept, Vocabulary
from search_api.answers.evidence import EVIDENCE_FACETS, ConceptEvidence, EvidenceCount
from search_api.answers.filter_labels import FilterLabels
from search_api.answers.results import Results
from search_api.answers.understood import parents_of
from search_api.query.parameters import SearchQuery
from web.addresses import evidence_address, feed_address, follow_address, search_address
from web.contexts import TextLink
from web.evidence_contexts import Chart, EvidencePage, LinkedLine, NamesLine
from web.format import works_in_words
from web.views.alerts import in_locale
from web.views.charts import row_chart, year_chart
from web.views.lists import document_line

LINKS_SHOWN = 4
"""Pages of evidence that results lead to."""
NAMES_SHOWN = 12
"""Names of each language; a worker group has some fifty."""


def evidence_page(
    found: ConceptEvidence, *, vocabulary: Vocabulary, may_follow: bool = True, lang: str
) -> EvidencePage:
    """Return what a page of evidence shows.

    Args:
        found: what there is.
        vocabulary: gives labels and names.
        may_follow: whether someone can follow another search here.
        lang: of the page: en, es, fr or pt.
    """
    concept, query = found.concept, found.about.query

    def search(each: SearchQuery) -> str:
        return in_locale(search_address(each), lang)

    counted = works_in_words(found.about.count, found.documents, lang=lang)
    return EvidencePage(
        kind=facet_title(concept.facet, lang=lang),
        label=found.label,
        note=note_of(concept, lang=lang),
        counted=TextLink(counted, search(query)) if found.about.count else None,
        mentioned=TextLink(grouped(found.named.count, lang=lang), search(found.named.query))
        if found.named.count
        else None,
        share=_share(found, lang=lang),
        search=search(query),
        follow=in_locale(follow_address(query), lang) if may_follow else "",
        feed=in_locale(feed_address(query), lang),
        best_first=search(found.best_first),
        charts=tuple(_charts(found, lang=lang)),
        undated=not found.is_dated,
        newest=tuple(document_line(each, lang=lang) for each in found.newest),
        key=tuple(document_line(each, lang=lang) for each in found.key),
        missing=tuple(_missing(found, lang=lang)),
        ways=_ways(found, lang=lang) if not found.about.count else (),
        near=tuple(_near(concept, vocabulary=vocabulary, lang=lang)),
        names=tuple(_names(concept, vocabulary=vocabulary, lang=lang)),
        api=f"/api/v1{evidence_address(concept.facet, concept.id)}{'' if lang == 'en' else f'?lang={lang}'}",
    )


def _share(found: ConceptEvidence, *, lang: str) -> str:
    if not found.about.count or found.named.count <= found.about.count:
        return ""
    return gettext(
        "{percent}% of the documents that name it only mention it.", percent=found.only_mentions_percent, lang=lang
    )


def _charts(found: ConceptEvidence, *, lang: str) -> Iterator[Chart]:
    def address(each: EvidenceCount) -> str:
        return in_locale(search_address(each.query), lang)

    is_country = found.concept.facet is Facet.COUNTRY
    place = Facet.GROUP if is_country else Facet.COUNTRY
    place_title = gettext("By worker group", lang=lang) if is_country else gettext("By country", lang=lang)
    charts = (
        year_chart(found.years, address=address, lang=lang),
        *(
            row_chart(name, title, facet_title(name, lang=lang), counts=counts, address=address, lang=lang)
            for name, title, counts in (
                (place.value, place_title, found.places),
                ("lang", gettext("By language", lang=lang), found.langs),
                ("publisher", gettext("By publisher", lang=lang), found.publishers),
            )
        ),
    )
    yield from (chart for chart in charts if chart)


def _missing(found: ConceptEvidence, *, lang: str) -> Iterator[LinkedLine]:
    gaps = found.gaps
    is_country = found.concept.facet is Facet.COUNTRY
    countries = (
        gettext("Countries of the same region ({region}) without any document:", region=gaps.region, lang=lang)
        if is_country
        else gettext("Countries of {region} without a document on this:", region=gaps.region, lang=lang)
    )
    lines = (
        (gettext("Years without a document:", lang=lang), gaps.years),
        (countries, gaps.countries),
        (gettext("Worker groups without a document here:", lang=lang), gaps.groups),
        (gettext("Languages without a document:", lang=lang), gaps.langs),
    )
    for words, counts in lines:
        links = tuple(TextLink(each.label, in_locale(search_address(each.query), lang)) for each in counts)
        if links:
            yield LinkedLine(words, links)


def _ways(found: ConceptEvidence, *, lang: str) -> tuple[TextLink, ...]:
    ways = []
    if count := found.named.count:
        words = ngettext(
            "See {count} document that mentions it", "See {count} documents that mention it", count, lang=lang
        )
        ways.append(TextLink(words, in_locale(search_address(found.named.query), lang)))
    by_words = SearchQuery(text=found.label)
    ways.append(TextLink(gettext("Search for the words", lang=lang), in_locale(search_address(by_words), lang)))
    ways.append(TextLink(gettext("Browse what is here", lang=lang), in_locale("/browse", lang)))
    return tuple(ways)


def _near(concept: Concept, *, vocabulary: Vocabulary, lang: str) -> Iterator[LinkedLine]:
    def pages(facet: Facet, ids: Iterable[str]) -> tuple[TextLink, ...]:
        return tuple(
            TextLink(vocabulary.label(facet, each, lang), evidence_address(facet, each, lang=lang)) for each in ids
        )

    if concept.facet is Facet.COUNTRY:
        regions = parents_of("country", concept.id, vocabulary=vocabulary)
        yield LinkedLine(
            gettext("Regions:", lang=lang),
            tuple(
                TextLink(
                    vocabulary.label(Facet.REGION, each, lang),
                    in_locale(search_address(SearchQuery(regions=(each,))), lang),
                )
                for each in regions
            ),
        )
        return
    narrower = (each.id for each in vocabulary.concepts(concept.facet).values() if concept.id in each.broader)
    lines = [
        LinkedLine(gettext("Broader:", lang=lang), pages(concept.facet, concept.broader)),
        LinkedLine(gettext("Narrower:", lang=lang), pages(concept.facet, narrower)),
    ]
    for facet, ids in concept.related.items():
        if facet in EVIDENCE_FACETS:
            title = (
                gettext("Sectors of this group:", lang=lang)
                if facet is Facet.SECTOR
                else gettext("Worker groups of this sector:", lang=lang)
            )
            lines.append(LinkedLine(title, pages(facet, ids)))
    yield from (line for line in lines if line.links)


def _names(concept: Concept, *, vocabulary: Vocabulary, lang: str) -> Iterator[NamesLine]:
    for each in dict.fromkeys((lang, *LANGUAGES)):
        names = vocabulary.synonyms(concept.facet, concept.id, each)
        others = [name for name in names if each != lang or name != concept.label(lang)]
        if others:
            yield NamesLine(document_language(each, lang=lang), each, ", ".join(others[:NAMES_SHOWN]))


def evidence_links(results: Results, *, names: FilterLabels) -> tuple[TextLink, ...]:
    """Return the pages of evidence on what a search is filtered by, and on what its words name."""
    chosen = [(facet, value) for facet, values in results.asked.filter_values().items() for value in values]
    named = [(each.facet, each.id) for each in results.query.concepts if each.is_on]
    return tuple(
        TextLink(names.label(facet, value), address)
        for facet, value in dict.fromkeys((*chosen, *named))
        if (address := evidence_address(facet, value, lang=names.lang))
    )[:LINKS_SHOWN]
