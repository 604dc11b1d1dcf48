"""What the collection has on one concept: counts, newest and key documents, and what is missing. Behind the pages of evidence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus.errors import NotFound
from corpus.messages import sentence
from corpus.messages.formats import listed
from corpus.messages.values import document_language
from corpus.rights import EVERYTHING, RightsPolicy
from corpus.types import LANGUAGES, Document, Facet
from corpus.vocabulary import Concept
from corpus.vocabulary.spelling import in_alphabet
from search_api.answers.results import Results
from search_api.answers.service import search
from search_api.engines.base import SearchEngine
from search_api.query.fuzzy import nearest
from search_api.query.parameters import SearchQuery, Sort, YearRange
from search_api.query.parse import parse
from search_api.query.tree import Everything

if TYPE_CHECKING:
    from corpus.store import Store
    from corpus.vocabulary import Vocabulary

EVIDENCE_FACETS = (Facet.GROUP, Facet.COUNTRY, Facet.TOPIC, Facet.SECTOR)
"""Those whose concepts have a page of evidence."""
DOCUMENTS_SHOWN = 5
"""Of the newest documents, and of the key documents."""
YEARS_LOOKED_AT = 25
"""Years before the newest one of the collection in which a year without a document is a gap."""
GAPS_SHOWN = 8
"""Countries, and worker groups, that are named as missing."""
_ECONOMY = "income:"
"""Beginning of the region that every economy of the World Bank's list is in; uninhabited islands are in none."""


@dataclass(frozen=True, slots=True)
class EvidenceCount:
    """A number and the search it comes from."""

    value: str
    """As a filter takes it; a range of years for years together (`2008..2011`); empty for a total."""
    label: str
    """For a person; strangers' words for publishers."""
    count: int
    """The total of `query`: works, copies and translations being one."""
    query: SearchQuery


@dataclass(frozen=True, slots=True)
class Gaps:
    """What has no document; every count is 0. Empty where nothing is missing, and for a concept without any document."""

    years: tuple[EvidenceCount, ...]
    """Years together are one entry, oldest first; at most YEARS_LOOKED_AT years back from the newest of the collection."""
    countries: tuple[EvidenceCount, ...]
    """Of a country: those of its region that no document is about. Of others: those of the region with most documents."""
    region: str
    """Label of that region; empty when `countries` is."""
    groups: tuple[EvidenceCount, ...]
    """Of a country only: worker groups that the collection has most on, and nothing there."""
    langs: tuple[EvidenceCount, ...]
    """Of en, es, fr and pt."""


@dataclass(frozen=True, slots=True)
class ConceptEvidence:
    """What there is on one concept."""

    concept: Concept
    label: str
    about: EvidenceCount
    """Those that are about it."""
    documents: int
    """The same with copies and translations; at least `about.count`."""
    named: EvidenceCount
    """Those that are about it, or mention it."""
    years: tuple[EvidenceCount, ...]
    """Oldest first; documents without a date are in none."""
    places: tuple[EvidenceCount, ...]
    """Countries, most documents first; of a country: its worker groups."""
    langs: tuple[EvidenceCount, ...]
    publishers: tuple[EvidenceCount, ...]
    newest: tuple[Document, ...]
    key: tuple[Document, ...]
    """Best first, of those that are about it, ranked by a search for its name."""
    best_first: SearchQuery
    """The search that `key` is the beginning of."""
    gaps: Gaps

    @property
    def is_dated(self) -> bool:
        """Return whether every document has a year."""
        return sum(each.count for each in self.years) >= self.about.count

    @property
    def only_mentions_percent(self) -> int:
        """Return how many in a hundred of `named` only mention it; 0 when there is none."""
        total = self.named.count
        return round(100 * (total - self.about.count) / total) if total else 0


def find_concept(facet: str, concept: str, *, vocabulary: Vocabulary, lang: str = "en") -> Concept:
    """Return the concept of an address.

    Raises NotFound: concepts of that kind have no evidence page, or there is none of that id.
    """
    if facet not in EVIDENCE_FACETS:
        raise NotFound(
            sentence("There is no evidence page for a {facet}.", facet=repr(facet[:40])),
            try_next=sentence("Evidence pages exist for {facets}.", facets=", ".join(EVIDENCE_FACETS)),
        )
    concepts = vocabulary.concepts(Facet(facet))
    if concept in concepts:
        return concepts[concept]
    names = {each.id: (each.id, *each.labels.values()) for each in concepts.values()}
    near = [f"{each} ({concepts[each].label(lang)})" for each in nearest(concept, names)]
    raise NotFound(
        sentence("The vocabulary has no {facet} with the id {concept}.", facet=facet, concept=repr(concept[:60])),
        try_next=sentence("Did you mean {names}?", names=listed(near, lang=lang))
        if near
        else sentence("All of them are listed at {address}.", address="/browse"),
    )


def evidence_on(
    concept: Concept,
    *,
    engine: SearchEngine,
    store: Store,
    vocabulary: Vocabulary,
    lang: str = "en",
    rights: RightsPolicy = EVERYTHING,
) -> ConceptEvidence:
    """Return what there is on a concept of EVIDENCE_FACETS, by four searches.

    Args:
        concept: of the vocabulary.
        engine: finds and counts.
        store: gives the documents that are shown.
        vocabulary: gives labels.
        lang: of labels: en, es, fr or pt.
        rights: decides what is shown of each document.

    Raises EngineUnavailable: the index does not answer.
    """

    def ask(query: SearchQuery) -> Results:
        return search(
            query, engine=engine, store=store, vocabulary=vocabulary, lang=lang, reader_lang=lang, rights=rights
        )

    base = SearchQuery().with_value(concept.facet, concept.id)
    found = ask(replace(base, sort=Sort.NEWEST, limit=DOCUMENTS_SHOWN, near=0))
    best_first = replace(base, text=searched_name(concept, vocabulary=vocabulary))
    key = ask(replace(best_first, limit=DOCUMENTS_SHOWN, near=0)) if found.total else None
    mentions = replace(base, about=False)
    label = concept.label(lang)
    named = engine.search(replace(mentions, limit=1, near=0), tree=Everything(), counted=False).total
    everything = engine.search(SearchQuery(limit=1, near=0), tree=Everything()).counts
    places = Facet.GROUP if concept.facet is Facet.COUNTRY else Facet.COUNTRY
    return ConceptEvidence(
        concept=concept,
        label=label,
        about=EvidenceCount("", label, found.total, base),
        documents=found.documents,
        named=EvidenceCount("", label, named, mentions),
        years=_counts("year", found, base=base),
        places=_counts(places, found, base=base),
        langs=_counts("lang", found, base=base),
        publishers=_counts("publisher", found, base=base),
        newest=tuple(hit.document for hit in found.hits),
        key=tuple(hit.document for hit in key.hits) if key else (),
        best_first=best_first,
        gaps=_gaps(concept, found, base=base, everything=everything, vocabulary=vocabulary, lang=lang),
    )


def searched_name(concept: Concept, *, vocabulary: Vocabulary) -> str:
    """Return words that a search understands as exactly this concept; its English label, without signs, if there are none."""
    # Signs such as brackets mean something in a search.
    plain = " ".join(re.findall(r"\w[\w'’-]*", concept.label("en")))
    names = (plain, *(name for lang in LANGUAGES for name in vocabulary.synonyms(concept.facet, concept.id, lang)[:5]))
    for name in names:
        named = parse(name, vocabulary=vocabulary).concepts
        if len(named) == 1 and named[0].text == name and (concept.facet, concept.id) in named[0].concepts:
            return name
    return plain


def _counts(facet: str, found: Results, *, base: SearchQuery) -> tuple[EvidenceCount, ...]:
    return tuple(
        EvidenceCount(each.value, each.label, each.count, _narrowed(base, facet, each.value))
        for each in found.facets.get(facet, ())
        if each.count
    )


def _narrowed(base: SearchQuery, facet: str, value: str) -> SearchQuery:
    if facet == "year":
        return replace(base, years=YearRange.parse(value))
    return base.with_value(facet, value)


def _gaps(
    concept: Concept,
    found: Results,
    *,
    base: SearchQuery,
    everything: Mapping[str, Mapping[str, int]],
    vocabulary: Vocabulary,
    lang: str,
) -> Gaps:
    if not found.total:
        return Gaps((), (), "", (), ())

    def nothing(facet: Facet, value: str, query: SearchQuery) -> EvidenceCount:
        return EvidenceCount(value, vocabulary.label(facet, value, lang), 0, query)

    counts = {facet: {each.value: each.count for each in counts} for facet, counts in found.facets.items()}
    held = everything.get(Facet.COUNTRY, {})
    is_country = concept.facet is Facet.COUNTRY
    there = {concept.id: 1} if is_country else counts.get(Facet.COUNTRY, {})
    region, around = _countries_around(there, held=held, vocabulary=vocabulary, lang=lang)
    taken = held if is_country else there
    missing = [each for each in around if not taken.get(each)][:GAPS_SHOWN]
    groups: list[str] = []
    if is_country:
        on_groups, all_groups = counts.get(Facet.GROUP, {}), everything.get(Facet.GROUP, {})
        without = (each for each in all_groups if not on_groups.get(each))
        groups = sorted(without, key=lambda each: (-all_groups[each], each))
    return Gaps(
        years=tuple(_missing_years(counts.get("year", {}), everything=everything.get("year", {}), base=base)),
        countries=tuple(
            nothing(Facet.COUNTRY, each, replace(SearchQuery() if is_country else base, countries=(each,)))
            for each in missing
        ),
        region=vocabulary.label(Facet.REGION, region, lang) if missing else "",
        groups=tuple(nothing(Facet.GROUP, each, base.with_value("group", each)) for each in groups[:GAPS_SHOWN]),
        langs=tuple(
            EvidenceCount(each, document_language(each, lang=lang), 0, base.with_value("lang", each))
            for each in LANGUAGES
            if not counts.get("lang", {}).get(each)
        ),
    )


def _countries_around(
    counts: Mapping[str, int], *, held: Mapping[str, int], vocabulary: Vocabulary, lang: str
) -> tuple[str, Sequence[str]]:
    """Return the smallest region with most documents, and its countries: those with most documents here first."""
    by_region: Counter[str] = Counter()
    for country, count in counts.items():
        for region in vocabulary.regions_of(country)[:1]:
            by_region[region] += count
    if not by_region:
        return "", ()
    region = min(by_region, key=lambda each: (-by_region[each], each))
    economies = [
        each
        for each in vocabulary.countries_in(region)
        if any(other.startswith(_ECONOMY) for other in vocabulary.regions_of(each))
    ]
    return region, sorted(
        economies, key=lambda each: (-held.get(each, 0), in_alphabet(vocabulary.label(Facet.COUNTRY, each, lang)))
    )


def _missing_years(
    counts: Mapping[str, int], *, everything: Mapping[str, int], base: SearchQuery
) -> Iterator[EvidenceCount]:
    """Yield the years without a document from the first with one (or YEARS_LOOKED_AT back) to the newest of the collection."""
    present = {int(year) for year, count in counts.items() if count}
    if not present:
        return
    newest = max(int(year) for year in everything) if everything else max(present)
    start = max(min(present), newest - YEARS_LOOKED_AT)
    first = 0
    for year in range(start, newest + 2):
        is_missing = year <= newest and year not in present
        if is_missing and not first:
            first = year
        elif not is_missing and first:
            years = YearRange(first, year - 1)
            yield EvidenceCount(str(years), str(years).replace("..", "–"), 0, replace(base, years=years))
            first = 0
