"""Frozen searches: the answer of a day kept by its ids and versions, and compared with the answer of today."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING

from corpus.errors import BadQuery, EngineUnavailable, NotFound
from corpus.messages import sentence
from corpus.store import FrozenDocument, FrozenSearch
from search_api.answers.frozen_links import FrozenLink, frozen_link
from search_api.answers.walk import every_document
from search_api.engines.base import SearchEngine
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse

if TYPE_CHECKING:
    from corpus.settings import Settings
    from corpus.store import Store
    from corpus.vocabulary import Vocabulary

TODAY_TIMES_MAX = 3
"""Of today's answer, so many times the most hits of a frozen search are looked at; a search that grew beyond says so."""
_PROLONGED_AFTER = timedelta(days=1)
"""Visits prolong at most once a day: a page that is read is no reason to write each time."""


class FrozenState(StrEnum):
    """What became of a document that a frozen search answered."""

    SAME = "same"
    CHANGED = "changed"
    """Its file, or what is shown of it, is another."""
    GONE = "gone"
    """It is no longer in the records."""
    NEW = "new"
    """It answers today, and did not then."""


class FrozenList(StrEnum):
    """What can be listed of a frozen search."""

    ALL = "all"
    """The frozen answer, as it was."""
    CAME = "came"
    JOINED = "joined"
    LEFT = "left"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class FrozenChange:
    """What is different about a document."""

    file: bool
    """Its bytes."""
    shown: bool
    """Title, authors, date, address or another thing that readers are shown."""


@dataclass(frozen=True, slots=True)
class SinceFrozen:
    """A frozen answer beside that of today. All ids are in the order of their answer."""

    came: tuple[str, ...] = ()
    """Answers of today that came here after it was frozen."""
    joined: tuple[str, ...] = ()
    """Answers of today that were here and no answers then: they, or how words are read, have changed."""
    left: tuple[str, ...] = ()
    """Frozen documents that are here and no answers today."""
    changed: Mapping[str, FrozenChange] = field(default_factory=dict)
    gone: Mapping[str, datetime | None] = field(default_factory=dict)
    """When each was removed; None: not recorded."""
    is_compared: bool = True
    """False: the search could not be asked today, and `came`, `joined` and `left` are not known; `error` says why."""
    is_cut: bool = False
    """True: today's answer is so long that only its first part was looked at, and `left` may have too many."""
    error: str = ""
    behind: int = 0
    """Changes of the records that the index does not show yet."""


@dataclass(frozen=True, slots=True)
class FrozenNow:
    """A frozen search that was opened."""

    search: FrozenSearch
    link: FrozenLink
    since: SinceFrozen
    places: Mapping[str, int]
    """1-based place in the frozen answer, by id."""

    def listed(self, which: FrozenList) -> tuple[str, ...]:
        """Return the ids of one of its lists, in the order of the answer."""
        since = self.since
        match which:
            case FrozenList.ALL:
                return tuple(each.id for each in self.search.documents)
            case FrozenList.CAME:
                return since.came
            case FrozenList.JOINED:
                return since.joined
            case FrozenList.LEFT:
                return since.left
            case FrozenList.CHANGED:
                return tuple(since.changed)
            case FrozenList.GONE:
                return tuple(since.gone)

    def place_of(self, document_id: str) -> int:
        """Return the 1-based place of a document in the frozen answer; 0: it is no part of it."""
        return self.places.get(document_id, 0)

    def state_of(self, document_id: str) -> FrozenState:
        """Return what became of a document."""
        if document_id in self.since.gone:
            return FrozenState.GONE
        if document_id in self.since.changed:
            return FrozenState.CHANGED
        return FrozenState.SAME if self.place_of(document_id) else FrozenState.NEW


def _link(name: str) -> FrozenLink:
    link = frozen_link(name)
    if link is None:
        raise _not_there()
    return link


def find_frozen(name: str, *, store: Store, now: datetime) -> tuple[FrozenSearch, FrozenLink]:
    """Return the frozen search of a link, and with which right someone came.

    Args:
        name: the last part of the link, owner's or readers'.
        store: has it.
        now: UTC.

    Raises NotFound: there is none, or it has expired or was deleted; the error does not say which.
    """
    link = _link(name)
    found = store.frozen.get(link.key, now=now)
    if found is None:
        raise _not_there()
    return found, link


def find_own(name: str, *, store: Store, now: datetime) -> FrozenSearch:
    """Return the frozen search of an owner's link, to be renamed or deleted.

    Raises NotFound: as find_frozen, or the link is the one for readers.
    """
    found, link = find_frozen(name, store=store, now=now)
    if not link.is_owner:
        raise NotFound(
            sentence("This link is for reading only."),
            try_next=sentence("Use the owner's link, which was shown when the search was frozen."),
        )
    return found


def _not_there() -> NotFound:
    return NotFound(
        sentence(
            "There is no frozen search at this link: the link is incomplete, or the search was deleted or has expired."
        ),
        try_next=sentence("Check that the link is complete and copied correctly."),
    )


def prolonged(search: FrozenSearch, *, settings: Settings, now: datetime) -> datetime | None:
    """Return until when a visit keeps a frozen search; None: it need not be written again yet. Touches nothing."""
    until = now + timedelta(days=settings.frozen_days)
    return until if until - search.expires_at >= _PROLONGED_AFTER else None


def query_of(search: FrozenSearch, *, vocabulary: Vocabulary, settings: Settings) -> SearchQuery:
    """Return the search that was frozen, as an alert or a feed can continue with it after `search.sequence`.

    Raises BadQuery: the vocabulary no longer has one of its values.
    """
    return SearchQuery.from_parameters(
        search.query, vocabulary=vocabulary, characters_max=max(settings.query_characters_max, 100_000)
    )


def since_frozen(
    search: FrozenSearch, *, engine: SearchEngine, store: Store, vocabulary: Vocabulary, settings: Settings
) -> SinceFrozen:
    """Compare a frozen answer with that of today. The frozen one is returned even if today's is not available."""
    ids = [each.id for each in search.documents]
    with store.snapshot():
        now = store.frozen.versions(ids)
        removed = store.frozen.removed_at([each for each in ids if each not in now])
    compared = SinceFrozen(
        changed={
            each.id: FrozenChange(file=now[each.id].file != each.file, shown=now[each.id].shown != each.shown)
            for each in search.documents
            if each.id in now and _is_other(now[each.id], each)
        },
        gone={each: removed.get(each) for each in ids if each not in now},
    )
    most = TODAY_TIMES_MAX * settings.frozen_hits_max
    try:
        today = _ids_today(search, engine=engine, vocabulary=vocabulary, settings=settings, most=most + 1)
        behind = max(0, store.changes.last_sequence() - engine.applied_sequence())
    except (BadQuery, EngineUnavailable) as error:
        message = error.for_readers or sentence("{message} {next}", message=error.message, next=error.try_next)
        return replace(compared, is_compared=False, error=message)
    return replace(
        _with_today(compared, search, today=today[:most], held=now, store=store),
        is_cut=len(today) > most,
        behind=behind,
    )


class FrozenComparisons:
    """The comparisons that were made last, for who turns the pages of one. Threads may share it."""

    def __init__(self, *, kept_max: int = 16) -> None:
        """Keep so many, of some megabytes each at most; the least recently used one is dropped."""
        self._kept: OrderedDict[str, tuple[tuple[int, int, str], SinceFrozen]] = OrderedDict()
        self._kept_max = kept_max
        self._lock = Lock()

    def of(
        self, search: FrozenSearch, *, engine: SearchEngine, store: Store, vocabulary: Vocabulary, settings: Settings
    ) -> SinceFrozen:
        """Return since_frozen, made again when index, records or vocabulary change; arguments as there."""
        try:
            stamp = engine.applied_sequence(), store.changes.last_sequence(), vocabulary.version
        except EngineUnavailable:
            return since_frozen(search, engine=engine, store=store, vocabulary=vocabulary, settings=settings)
        with self._lock:
            kept = self._kept.get(search.key)
            if kept is not None and kept[0] == stamp:
                self._kept.move_to_end(search.key)
                return kept[1]
        made = since_frozen(search, engine=engine, store=store, vocabulary=vocabulary, settings=settings)
        if made.is_compared:
            with self._lock:
                self._kept[search.key] = (stamp, made)
                while len(self._kept) > self._kept_max:
                    self._kept.popitem(last=False)
        return made


def _ids_today(
    search: FrozenSearch, *, engine: SearchEngine, vocabulary: Vocabulary, settings: Settings, most: int
) -> list[str]:
    query = query_of(search, vocabulary=vocabulary, settings=settings)
    tree = parse(query.text, vocabulary=vocabulary, off=query.off, strict=query.strict).tree
    with closing(engine.walk(query, tree=tree)) as walked:
        return list(islice(every_document(walked), most))


def _with_today(
    compared: SinceFrozen,
    search: FrozenSearch,
    *,
    today: Sequence[str],
    held: Mapping[str, FrozenDocument],
    store: Store,
) -> SinceFrozen:
    frozen, answers = {each.id for each in search.documents}, set(today)
    others = [each for each in today if each not in frozen]
    first = {each.id: each.first_sequence for each in store.frozen.versions(others).values()}
    return replace(
        compared,
        came=tuple(each for each in others if first.get(each, 0) > search.sequence),
        joined=tuple(each for each in others if 0 < first.get(each, 0) <= search.sequence),
        left=tuple(each.id for each in search.documents if each.id in held and each.id not in answers),
    )


def _is_other(now: FrozenDocument, then: FrozenDocument) -> bool:
    return (now.file, now.shown) != (then.file, then.shown)
