"""What a document lacks of a search, asked of the index part by part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from alerts.checking.answering import having, read_search
from corpus.alerts import Subscription
from corpus.messages import gettext
from corpus.messages.formats import listed
from corpus.messages.values import document_language, facet_in_sentence, type_name
from corpus.types import Facet
from search_api.engines.base import SearchEngine
from search_api.query.describe import describe
from search_api.query.parameters import SearchQuery
from search_api.query.plan import Flat, OneOf
from search_api.query.planning import DOCUMENTS, filter_field, plan_of
from search_api.query.tree import And, Boosted, Most, Node, Not, Years

if TYPE_CHECKING:
    from corpus.store import Store
    from corpus.vocabulary import Vocabulary


class EngineExplains:
    """Says what a document lacks of a search, from the index alone. Fulfils Explains."""

    def __init__(self, engine: SearchEngine, store: Store, *, vocabulary: Vocabulary) -> None:
        self._engine = engine
        self._store = store
        self._vocabulary = vocabulary

    def __call__(self, subscription: Subscription, document_id: str, *, lang: str) -> tuple[str, ...]:
        """See Explains. Raises EngineUnavailable too."""
        search = read_search(subscription, vocabulary=self._vocabulary)
        about = search.query.about
        said = [
            self._lack(part, lang=lang)
            for part in _parts(search.tree)
            if not having(plan_of(part, shape=DOCUMENTS, about=about), [document_id], engine=self._engine)
        ]
        said += self._lacking_filters(search.query, document_id, lang=lang)
        event = self._store.alert_checks.events([document_id]).get(document_id)
        if said and event is not None and not event.is_read:
            said.append(gettext("Its text has not been read so far, or cannot be read.", lang=lang))
        return tuple(said)

    def _lack(self, part: Node, *, lang: str) -> str:
        if isinstance(part, Not):
            words = describe(part.part, lang=lang)
            return gettext("The search excludes what the document has: {words}.", words=words, lang=lang)
        return gettext("The document does not have {words}.", words=describe(part, lang=lang), lang=lang)

    def _lacking_filters(self, query: SearchQuery, document_id: str, *, lang: str) -> Iterator[str]:
        for name, values in query.filter_values().items():
            plan = Flat(OneOf(filter_field(name, about=query.about), values), 0.0)
            if not having(plan, [document_id], engine=self._engine):
                shown = listed([self._label(name, value, lang=lang) for value in values], lang=lang)
                facet = facet_in_sentence(name, lang=lang)
                yield gettext(
                    "The document lacks what a filter asks for: {facet} {values}.", facet=facet, values=shown, lang=lang
                )
        if query.years is not None:
            in_years = plan_of(Years(query.years), shape=DOCUMENTS)
            if not having(in_years, [document_id], engine=self._engine):
                yield gettext(
                    "The document was not published in {years}, or nobody knows when.",
                    years=str(query.years),
                    lang=lang,
                )

    def _label(self, name: str, value: str, *, lang: str) -> str:
        if name in tuple(Facet):
            return self._vocabulary.label(Facet(name), value, lang)
        if name == "lang":
            return document_language(value, lang=lang)
        return type_name(value, lang=lang) if name == "type" else value


def _parts(tree: Node) -> Iterator[Node]:
    """Yield the parts of a tree that must all be there."""
    match tree:
        case Boosted(part):
            yield from _parts(part)
        case And(parts):
            for part in parts:
                yield from _parts(part)
        case Most(parts, minimum) if minimum == len(parts):
            for part in parts:
                yield from _parts(part)
        case _:
            yield tree
