"""What a search would have brought: how many works came to Pushcart in the last 30 and 365 days and answer it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from corpus.messages import gettext, ngettext
from corpus.messages.dates import written_day
from corpus.messages.formats import grouped
from search_api.engines.base import SearchEngine
from search_api.query.parameters import SearchQuery, Sort
from search_api.query.parse import parse

if TYPE_CHECKING:
    from corpus.store import Store
    from corpus.vocabulary import Vocabulary

MONTH, YEAR = timedelta(days=30), timedelta(days=365)
COUNTED_MAX = 2000
"""Works that are counted; of more it is said that they are more."""
BROAD_IN_A_MONTH = 100
"""From so many works in 30 days on, a search is called broad."""
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """What a search would have brought, and how far that can be said."""

    month: int
    """Works of the last 30 days, by first sight; copies and translations that answer too count once with them."""
    year: int
    """Works of the last 365 days."""
    is_cut: bool
    """True: counting ended at COUNTED_MAX works, and there are more."""
    answers: int
    """Works that answer today, whenever they came."""
    collected_since: datetime | None
    """When the first document came to Pushcart; None: there is none."""
    at: datetime
    """UTC."""

    @property
    def is_broad(self) -> bool:
        """Return whether so much would come that hardly anyone reads it."""
        return self.month >= BROAD_IN_A_MONTH

    @property
    def is_young(self) -> bool:
        """Return whether Pushcart has collected for less than a year, so that the counts are of less."""
        return self.collected_since is None or self.at - self.collected_since < YEAR

    def in_words(self, *, lang: str) -> tuple[str, ...]:
        """Return it in whole sentences: what it would have brought, and what to think of it."""
        message = [self._counts(lang=lang)]
        if self.collected_since is None:
            return (gettext("There are no documents here yet, so no estimate is possible.", lang=lang),)
        if self.is_young:
            day = written_day(self.collected_since.date(), lang=lang)
            message.append(
                gettext(
                    "This site has collected documents only since {day}, and its first harvests added many at once. "
                    "Expect fewer later.",
                    day=day,
                    lang=lang,
                )
            )
        if self.is_broad:
            each_day = grouped(round(self.month / 30), lang=lang)
            message.append(
                gettext(
                    "That is a lot, about {count} a day. Narrow the search with filters, or choose one message a week.",
                    count=each_day,
                    lang=lang,
                )
            )
        elif not self.year:
            message.append(
                gettext(
                    "No matching documents were added in the period that can be counted. You are notified when one is "
                    "added.",
                    lang=lang,
                )
            )
        return tuple(message)

    def _counts(self, *, lang: str) -> str:
        if self.is_cut and self.month >= COUNTED_MAX:
            most = grouped(COUNTED_MAX, lang=lang)
            return gettext("It would have found more than {most} documents in the last 30 days.", most=most, lang=lang)
        year = grouped(self.year, lang=lang)
        if self.is_cut:
            return ngettext(
                "It would have found {count} document in the last 30 days, more than {year} in the last 365.",
                "It would have found {count} documents in the last 30 days, more than {year} in the last 365.",
                self.month,
                year=year,
                lang=lang,
            )
        return ngettext(
            "It would have found {count} document in the last 30 days, {year} in the last 365.",
            "It would have found {count} documents in the last 30 days, {year} in the last 365.",
            self.month,
            year=year,
            lang=lang,
        )


def preview(
    query: SearchQuery, *, engine: SearchEngine, store: Store, vocabulary: Vocabulary, now: datetime
) -> Preview:
    """Return what a search would have brought.

    Args:
        query: its order, size and what is only near play no part.
        engine: gives its answers, newest here first.
        store: says when they came.
        vocabulary: reads the text.
        now: UTC.

    Raises BadQuery: it asks for more than one search may. EngineUnavailable: the index does not answer.
    """
    asked = replace(query, sort=Sort.FIRST_SEEN, limit=1, near=0, cursor="")
    tree = parse(asked.text, vocabulary=vocabulary, off=asked.off, strict=asked.strict).tree
    answers = engine.search(asked, tree=tree, counted=False).total
    month = year = seen = 0
    with closing(engine.walk(asked, tree=tree, batch=_BATCH)) as walked:
        while some := list(islice(walked, min(_BATCH, COUNTED_MAX - seen))):
            seen += len(some)
            documents = store.documents.in_brief([hit.id for hit in some])
            came = [now - documents[hit.id].first_seen for hit in some if hit.id in documents]
            month += sum(each <= MONTH for each in came)
            year += sum(each <= YEAR for each in came)
            if any(each > YEAR for each in came):
                break
    is_cut = seen >= COUNTED_MAX < answers and year >= seen
    return Preview(month, year, is_cut, answers, store.documents.first_came_at(), now)
