"""Freezing a search: its answer is taken from one state of the index and kept by ids and versions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from corpus.errors import AsksTooOften, BadInput, Busy, EngineUnavailable
from corpus.messages import sentence
from corpus.secret_key import KeySource
from corpus.store import FrozenSearch, NoRoom
from search_api.answers.frozen_links import frozen_key, new_secret
from search_api.answers.report import ReportedSearch, reported_query
from search_api.answers.walk import every_document
from search_api.engines.base import SearchEngine
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse

if TYPE_CHECKING:
    from corpus.settings import Settings
    from corpus.store import Store
    from corpus.vocabulary import Vocabulary

NAME_CHARACTERS_MAX = 100
_TRIES = 3
"""An answer must be of one state of the index; while someone indexes, it is taken again."""
_FULL_SECONDS = 3600


def freeze(
    query: SearchQuery,
    *,
    engine: SearchEngine,
    store: Store,
    vocabulary: Vocabulary,
    settings: Settings,
    report: Callable[[SearchQuery], ReportedSearch],
    network: str,
    now: datetime,
    name: str = "",
) -> str:
    """Keep the answer of a search and return its owner's secret.

    Args:
        query: its cursor, limit and near documents play no part.
        engine: answers.
        store: keeps.
        vocabulary: reads the text.
        settings: limits.
        report: makes the report of the search, which is kept with it.
        network: keyed hash of the network that asks; empty: not counted.
        now: UTC.
        name: at most NAME_CHARACTERS_MAX characters.

    Raises BadInput: too many documents, or the name is too long. AsksTooOften, Busy: there are too many frozen searches.
    EngineUnavailable: the index does not answer, or is written to all the time.
    """
    asked, checked = reported_query(query), checked_name(name)
    limits = {"in_all": settings.frozen_searches_max, "per_network": settings.frozen_per_network_max}
    try:
        store.frozen.check_room(network, now=now, **limits)
        hits, made = _answer(asked, engine=engine, vocabulary=vocabulary, report=report, most=settings.frozen_hits_max)
        held = store.frozen.versions(hits)
        kept = tuple(
            held[each] for each in hits if each in held
        )  # what was removed since it was indexed is not an answer
        secret = new_secret()
        store.frozen.add(
            FrozenSearch(
                key=frozen_key(secret),
                name=checked,
                query=asked.to_parameters(),
                sequence=made.sequence,
                vocabulary=vocabulary.version,
                frozen_at=made.at,
                expires_at=made.at + timedelta(days=settings.frozen_days),
                network=network,
                hits=len(kept),
                documents=kept,
                report=json.dumps(asdict(made), default=_time, ensure_ascii=False).encode(),
            ),
            **limits,
        )
    except NoRoom as error:
        raise _no_room(error, settings) from error
    return secret


def _answer(
    query: SearchQuery,
    *,
    engine: SearchEngine,
    vocabulary: Vocabulary,
    report: Callable[[SearchQuery], ReportedSearch],
    most: int,
) -> tuple[list[str], ReportedSearch]:
    """Return the ids of all answers and the report, both of one state of the index."""
    tree = parse(query.text, vocabulary=vocabulary, off=query.off, strict=query.strict).tree
    for _ in range(_TRIES):
        found = engine.search(replace(query, limit=1), tree=tree, counted=False)
        total = found.total + found.folded
        if total > most:
            raise BadInput(
                sentence(
                    "This search finds {total:,} documents; at most {most:,} can be frozen.", total=total, most=most
                ),
                try_next=sentence("Narrow it with filters, or freeze it in parts, year by year."),
            )
        before = engine.applied_sequence()
        with closing(engine.walk(query, tree=tree)) as walked:
            hits = list(islice(every_document(walked), most + 1))
        made = report(query)
        if made.sequence == before == engine.applied_sequence():
            return hits, made
    raise EngineUnavailable(
        sentence("The index changes while the search is frozen."), try_next=sentence("Try again in a minute.")
    )


def network_hash(network: str, *, key: KeySource) -> str:
    """Return the name under which the frozen searches of a network are counted; who lacks the key learns nothing from it."""
    return hashlib.blake2b(f"frozen {network}".encode(), key=key(), digest_size=16).hexdigest() if network else ""


def checked_name(name: str) -> str:
    """Return a name without white space around it and line ends in it.

    Raises BadInput: it is too long.
    """
    tidy = " ".join(name.split())
    if len(tidy) > NAME_CHARACTERS_MAX:
        raise BadInput(
            sentence("The name has {count} characters; {most} are allowed.", count=len(tidy), most=NAME_CHARACTERS_MAX),
            try_next=sentence("Shorten it."),
        )
    return tidy


def _time(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _no_room(error: NoRoom, settings: Settings) -> Busy:
    if error.of_network:
        return AsksTooOften(
            sentence(
                "The limit of {count} frozen searches for your network has been reached.",
                count=settings.frozen_per_network_max,
            ),
            try_next=sentence("Delete one of them by its link, or wait until one expires."),
            retry_seconds=_FULL_SECONDS,
        )
    return Busy(
        sentence(
            "The limit of {count} frozen searches on this site has been reached.", count=settings.frozen_searches_max
        ),
        try_next=sentence("Keep the search report instead, or ask the operator of this site."),
        retry_seconds=_FULL_SECONDS,
    )
