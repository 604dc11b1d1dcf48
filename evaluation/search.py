"""How well a judged collection is searched: Pushcart as shipped beside plain BM25, over the same documents."""

from __future__ import annotations

import math
from collections.abc import Collection as AnyOf
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from corpus.settings import Settings
from corpus.types import Change, Document
from corpus.vocabulary import Vocabulary
from evaluation.baseline import PlainBM25
from evaluation.bootstrap import mean_interval
from evaluation.collection import JudgedCollection, JudgedQuery
from evaluation.documents import changes_of
from evaluation.metrics import DEPTH, MEASURES, measures_of
from evaluation.switches import SearchPart, question_of, weights
from search_api.answers.near import near_documents
from search_api.engines.base import SearchEngine
from search_api.engines.opening import open_engine


@dataclass(frozen=True, slots=True)
class Ranking:
    """What came back for one query."""

    hits: tuple[str, ...]
    """Ids, best first; at most DEPTH."""
    answers: int
    """How many documents answer it; those that are only near are not counted."""


@dataclass(frozen=True, slots=True)
class Searchable:
    """The documents of a collection in both indexes."""

    engine: SearchEngine
    plain: PlainBM25
    vocabulary: Vocabulary


@contextmanager
def indexed(documents: Iterable[Document], *, settings: Settings, vocabulary: Vocabulary) -> Iterator[Searchable]:
    """Lend the documents, indexed; nothing of them is left in Elasticsearch afterwards.

    Args:
        documents: tagged.
        settings: name the engine; their data folder and their prefix in Elasticsearch are the caller's to throw away.

    Raises EngineUnavailable: the engine does not answer.
    """
    plain = PlainBM25(settings.data_dir / "plain")
    engine = open_engine(settings, vocabulary=vocabulary)
    try:
        engine.apply(_taken(changes_of(documents), plain=plain))
        plain.commit()
        yield Searchable(engine, plain, vocabulary)
    finally:
        engine.close()


def _taken(changes: Iterable[Change], *, plain: PlainBM25) -> Iterator[Change]:
    for change in changes:
        if change.document is not None:
            plain.add(change.document)
        yield change


def search_all(
    held: Searchable, queries: Sequence[JudgedQuery], *, without: AnyOf[SearchPart] = (), **chosen: float
) -> dict[str, Ranking]:
    """Return the ranking of each query by its id: answers and what is near them, by score.

    Args:
        held: the documents.
        queries: searched for as a person would type them.
        without: parts that are switched off.
        chosen: other weights than the shipped ones, by their names in search_api.query.boosts.
    """
    with weights(without, **chosen):
        return {query.id: _search_one(query.text, held=held, without=without) for query in queries}


def _search_one(text: str, *, held: Searchable, without: AnyOf[SearchPart]) -> Ranking:
    query, tree = question_of(" ".join(text.split()), vocabulary=held.vocabulary, without=without)
    found = held.engine.search(query, tree=tree, counted=False)
    near = near_documents(query, tree=tree, engine=held.engine)
    shown = sorted((*found.hits, *(each.hit for each in near)), key=lambda hit: -hit.score)
    return Ranking(tuple(hit.id for hit in shown[:DEPTH]), answers=found.total)


def search_plainly(held: Searchable, queries: Sequence[JudgedQuery]) -> dict[str, Ranking]:
    """Return the ranking of plain BM25 for each query by its id."""
    found = {query.id: held.plain.search(query.text) for query in queries}
    return {query: Ranking(tuple(hits), answers=len(hits)) for query, hits in found.items()}


@dataclass(frozen=True, slots=True)
class Figures:
    """How well some queries were answered."""

    queries: int
    """With at least one relevant text: those of which the means are."""
    means: Mapping[str, float]
    """By name of MEASURES; nan when there are no queries."""
    unanswerable: int
    """Queries without any relevant text, which are in no mean."""
    abstained: int
    """Those of them to which nothing was given as an answer."""
    by_query: Mapping[str, Mapping[str, float]] = field(repr=False)

    def as_json(self) -> dict[str, Any]:
        """Return the figures as JSON has them; a mean of nothing is null."""
        means = {name: None if math.isnan(mean) else round(mean, 4) for name, mean in self.means.items()}
        return {
            "queries": self.queries,
            **means,
            "abstained": {"n": self.abstained, "of": self.unanswerable},
        }


def figures_of(rankings: Mapping[str, Ranking], collection: JudgedCollection) -> Figures:
    """Measure the rankings of the queries of a collection; queries that have no judgement are not counted."""
    by_query: dict[str, dict[str, float]] = {}
    unanswerable = abstained = 0
    for query in collection.queries:
        grades = collection.grades.get(query.id)
        if grades is None or query.id not in rankings:
            continue
        if any(grade > 0 for grade in grades.values()):
            by_query[query.id] = measures_of(rankings[query.id].hits, grades)
        else:
            unanswerable += 1
            abstained += rankings[query.id].answers == 0
    count = len(by_query)
    return Figures(
        queries=count,
        means={
            name: math.fsum(each[name] for each in by_query.values()) / count if count else math.nan
            for name in MEASURES
        },
        unanswerable=unanswerable,
        abstained=abstained,
        by_query=by_query,
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """How much better than plain BM25 one measure is, over the same queries."""

    mean: float
    low: float
    """Lower end of the 95 % interval; nan when there are fewer than two queries. So is `high`."""
    high: float

    def as_json(self) -> dict[str, float | None]:
        """Return the difference as JSON has it."""
        ends = {"mean": self.mean, "low": self.low, "high": self.high}
        return {name: None if math.isnan(end) else round(end, 4) for name, end in ends.items()}


def difference_of(ours: Figures, plain: Figures, *, measure: str) -> Difference:
    """Compare one measure, query by query."""
    gained = [ours.by_query[query][measure] - plain.by_query[query][measure] for query in ours.by_query]
    if not gained:
        return Difference(math.nan, math.nan, math.nan)
    return Difference(math.fsum(gained) / len(gained), *mean_interval(gained))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Pushcart beside plain BM25 over some queries."""

    ours: Figures
    plain: Figures

    def difference(self, measure: str) -> Difference:
        """Return how much better a measure is than plain BM25's."""
        return difference_of(self.ours, self.plain, measure=measure)

    def as_json(self) -> dict[str, Any]:
        """Return both and their differences."""
        return {
            **self.ours.as_json(),
            "baseline": self.plain.as_json(),
            "difference": {name: self.difference(name).as_json() for name in MEASURES},
        }


@dataclass(frozen=True, slots=True)
class SearchReport:
    """How well a collection is searched."""

    all: Comparison
    by_language: Mapping[str, Comparison]
    """By declared language of the query, in the order of the alphabet; empty when none is declared."""
    by_kind: Mapping[str, Comparison]

    def as_json(self) -> dict[str, Any]:
        """Return the report as one JSON object."""
        whole = self.all.as_json()
        baseline, difference = whole.pop("baseline"), whole.pop("difference")
        return {
            **whole,
            "by_language": {name: each.as_json() for name, each in self.by_language.items()},
            "by_kind": {name: each.as_json() for name, each in self.by_kind.items()},
            "baseline": baseline,
            "difference": difference,
        }


def evaluate(held: Searchable, collection: JudgedCollection, *, without: AnyOf[SearchPart] = ()) -> SearchReport:
    """Search for every query of a collection and measure what comes back."""
    ours = search_all(held, collection.queries, without=without)
    return report_of(ours, search_plainly(held, collection.queries), collection=collection)


def report_of(
    ours: Mapping[str, Ranking], plain: Mapping[str, Ranking], *, collection: JudgedCollection
) -> SearchReport:
    """Measure the rankings of both."""

    def compared(part: JudgedCollection) -> Comparison:
        return Comparison(figures_of(ours, part), figures_of(plain, part))

    def by(values: Mapping[str, str]) -> dict[str, Comparison]:
        return {
            value: compared(collection.with_queries(frozenset(each for each in values if values[each] == value)))
            for value in sorted(set(values.values()))
        }

    return SearchReport(
        all=compared(collection),
        by_language=by({query.id: query.lang for query in collection.queries if query.lang}),
        by_kind=by({query.id: query.kind for query in collection.queries if query.kind}),
    )
