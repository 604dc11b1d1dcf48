"""What a frozen search promises on every engine. An engine's own test class gives the fixture `open_engine`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.settings import Settings
from corpus.store import FrozenSearch, Store, open_store
from corpus.vocabulary import Vocabulary, load_vocabulary
from search_api.answers.freezing import freeze
from search_api.answers.frozen import SinceFrozen, find_frozen, since_frozen
from search_api.answers.not_held import NotHeld
from search_api.answers.report import make_report
from search_api.answers.service import search
from search_api.engines.base import SearchEngine
from search_api.indexing import bring_up_to_date, rebuild
from search_api.query.parameters import LIMIT_MAX
from tests.search_api.frozen_history import (
    HELD_BY_THE_GROUP,
    QUERY,
    History,
    answers,
    differences,
    make_history,
    other_vocabulary,
)

OpenEngine = Callable[[Vocabulary], SearchEngine]
NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    return make_history(tmp_path_factory.mktemp("history"))


def freeze_in(store: Store, engine: SearchEngine, *, settings: Settings, vocabulary: Vocabulary) -> FrozenSearch:
    """Freeze QUERY and return what is kept."""

    def report(query):  # type: ignore[no-untyped-def]
        return make_report(
            query, engine=engine, store=store, vocabulary=vocabulary, not_held=NotHeld(), site="https://a", now=NOW
        )

    secret = freeze(
        QUERY,
        engine=engine,
        store=store,
        vocabulary=vocabulary,
        settings=settings,
        report=report,
        network="",
        now=NOW,
    )
    return find_frozen(secret, store=store, now=NOW)[0]


def page_after_page(store: Store, engine: SearchEngine, vocabulary: Vocabulary) -> list[str]:
    """Return the ids that a person sees who turns every page of the results."""
    ids: list[str] = []
    query = replace(QUERY, limit=LIMIT_MAX, near=0)
    while True:
        results = search(query, engine=engine, store=store, vocabulary=vocabulary)
        ids += [hit.id for hit in results.hits]
        if not results.next:
            return ids
        query = replace(query, cursor=results.next)


@dataclass(frozen=True, slots=True)
class Told:
    """What a frozen search says in one state of the library."""

    search: FrozenSearch
    since: SinceFrozen


class FrozenContract:
    shown: list[str]
    """What a person saw on the day it was frozen."""

    @pytest.fixture(scope="class")
    @classmethod
    def told(cls, history: History, open_engine: OpenEngine) -> dict[str, Told]:
        """Freeze before everything and open the same search in every state; the index follows as it would."""
        usual = load_vocabulary()
        found: dict[str, Told] = {}
        engine = open_engine(usual)
        with open_store(history.before) as store:
            bring_up_to_date(engine, store)
            frozen = freeze_in(store, engine, settings=history.before, vocabulary=usual)
            cls.shown = page_after_page(store, engine, usual)
            found["before"] = _told(frozen, store, engine, usual, history.before)
        for state, settings in (("after", history.after), ("retagged", history.retagged)):
            with carried_to(settings, frozen) as store:
                bring_up_to_date(engine, store)
                found[state] = _told(frozen, store, engine, usual, settings)
                rebuild(engine, store)
                found[f"{state}, rebuilt"] = _told(frozen, store, engine, usual, settings)
        engine.close()
        with open_store(history.retagged) as store:
            for name, vocabulary in (("other", other_vocabulary()), ("less", other_vocabulary(without_group=True))):
                engine = open_engine(vocabulary)
                rebuild(engine, store)
                found[name] = _told(frozen, store, engine, vocabulary, history.retagged)
                engine.close()
        return found

    def test_it_keeps_what_page_after_page_shows_in_that_order(self, told: dict[str, Told], history: History) -> None:
        ids = [each.id for each in told["before"].search.documents]
        assert ids == self.shown
        assert set(ids) == answers(history.documents["before"])
        assert len(ids) > 100

    def test_the_set_and_its_order_stay_whatever_happens(self, told: dict[str, Told]) -> None:
        kept = told["before"].search.documents
        assert {state: each.search.documents == kept for state, each in told.items()} == dict.fromkeys(told, True)

    def test_nothing_has_happened_at_once(self, told: dict[str, Told]) -> None:
        since = told["before"].since
        assert (since.came, since.joined, since.left, since.changed, since.gone) == ((), (), (), {}, {})
        assert (since.is_compared, since.is_cut, since.behind) == (True, False, 0)

    @pytest.mark.parametrize("state", ["after", "after, rebuilt", "retagged", "retagged, rebuilt", "other"])
    def test_it_says_what_is_new_changed_gone_and_no_longer_an_answer(
        self, told: dict[str, Told], history: History, state: str
    ) -> None:
        name = "retagged" if state == "other" else state.partition(",")[0]
        held = {"home_based_workers"} if state == "other" else HELD_BY_THE_GROUP
        before, now = history.documents["before"], history.documents[name]
        then, today = answers(before), answers(now, held=held)
        since = told[state].since
        assert set(since.came) == today - before.keys()
        assert set(since.joined) == (today - then) & before.keys()
        assert set(since.left) == (then - today) & now.keys()
        assert set(since.gone) == then - now.keys()
        expected = {each: differences(before[each], now[each]) for each in then & now.keys()}
        assert {each: (change.file, change.shown) for each, change in since.changed.items()} == {
            each: parts for each, parts in expected.items() if any(parts)
        }
        for several in (since.came, since.joined, since.left, since.gone, since.changed):
            assert several, "every kind is tried"
        assert len(since.came) == len(set(since.came))
        assert all(since.gone.values())

    def test_tags_alone_change_no_document(self, told: dict[str, Told]) -> None:
        assert told["retagged"].since.changed == told["after"].since.changed
        assert told["retagged"].since.left != told["after"].since.left

    def test_lists_are_in_the_order_of_their_answers(self, told: dict[str, Told]) -> None:
        places = {each.id: place for place, each in enumerate(told["after"].search.documents)}
        since = told["after"].since
        for several in (since.left, tuple(since.changed), tuple(since.gone)):
            assert [places[each] for each in several] == sorted(places[each] for each in several)

    def test_a_search_that_the_vocabulary_no_longer_understands_is_still_shown_and_says_so(
        self, told: dict[str, Told]
    ) -> None:
        since = told["less"].since
        assert not since.is_compared
        assert "home_based_workers" in since.error
        assert since.gone == told["retagged"].since.gone
        assert since.changed == told["retagged"].since.changed

    def test_what_was_kept_is_small(self, told: dict[str, Told]) -> None:
        search = told["before"].search
        assert search.size - len(search.report) < 20 * search.hits


def _told(frozen: FrozenSearch, store: Store, engine: SearchEngine, vocabulary: Vocabulary, settings: Settings) -> Told:
    kept = store.frozen.get(frozen.key, now=NOW)
    assert kept is not None
    since = since_frozen(kept, engine=engine, store=store, vocabulary=vocabulary, settings=settings)
    return Told(kept, since)


@contextmanager
def carried_to(settings: Settings, frozen: FrozenSearch) -> Iterator[Store]:
    """Open the records of a later state, which have the frozen search too: they are a copy made before it was frozen."""
    with open_store(settings) as store:
        if store.frozen.get(frozen.key, now=NOW) is None:
            store.frozen.add(frozen, in_all=1000, per_network=1000)
        yield store


def new_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty folder."""
    return tmp_path_factory.mktemp("frozen")
