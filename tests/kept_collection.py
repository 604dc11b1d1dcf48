"""A small collection whose records, files and index agree, with everything that a backup has to bring back."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from corpus.alerts import Channel, Frequency
from corpus.audit import Actor, AuditChannel
from corpus.corrections import CorrectionKind
from corpus.files import open_files
from corpus.secret_key import secret_key_of
from corpus.settings import Settings
from corpus.store import FrozenSearch, NewSubscriber, Store, SubscriptionLimits, open_store
from corpus.store.opening import database_url
from corpus.store.tables import metadata
from corpus.types import Outcome, Page, Reading
from corpus.vocabulary import Vocabulary, load_vocabulary
from crawler.net.cache import PageCache
from curation.corrections import CorrectionWanted, correct
from nlp.works import relate_waiting
from search_api.answers.service import search
from search_api.engines.opening import open_engine
from search_api.indexing import bring_up_to_date
from search_api.query.parameters import SearchQuery
from tests.builders import A_DAY, make_document, make_fetched, make_source, make_tag, sha256_of

LIMITS = SubscriptionLimits(in_all=1000, per_subscriber=1000, unconfirmed_per_network=1000)
OWN_SOURCE = '# a source of one\'s own\nslug = "own"\n'


def fill(settings: Settings, *, documents: int = 4) -> None:
    """Make the collection, with its index."""
    with open_store(settings) as store:
        store.sources.save(make_source())
        for number in range(documents):
            add_document(store, settings, f"d{number}")
        relate_waiting(store)
        wanted = CorrectionWanted(CorrectionKind.ADD, "d1", "I read it.", tag="group:waste_pickers")
        correct(wanted, store=store, vocabulary=load_vocabulary(), by=Actor("Ana Torres", AuditChannel.API))
        follow(store, "street vendors")
        freeze(store)
    secret_key_of(settings)()
    with closing(PageCache(settings.data_dir / "harvest" / "sample.sqlite")) as cache:
        cache.begin_run(A_DAY)
    (settings.data_dir / "sources").mkdir(exist_ok=True)
    (settings.data_dir / "sources" / "own.toml").write_text(OWN_SOURCE)
    index(settings)


def add_document(store: Store, settings: Settings, name: str) -> None:
    """Keep a document as a harvest does: bytes, file, reading, document."""
    content = f"The bytes of {name}. ".encode() * 50
    sha256 = open_files(settings).put(content)
    url = f"https://example.org/{name}.pdf"
    store.files.save(make_fetched(url, sha256=sha256, size=len(content)))
    pages = (
        Page(1, f"Street vendors in the market of {name}."),
        Page(2, ""),
        Page(3, f"Waste pickers, chapter {name}."),
    )
    store.readings.save(Reading(sha256, Outcome.READ, pages=pages, page_total=3, engine="test"), reader_version="1")
    tags = (make_tag("group", "street_vendors"), make_tag("country", "PER"))
    made = make_document(name, title=f"Vendors, part {name}", url=url, sha256=sha256, page_count=3, tags=tags)
    store.documents.save(replace(made, pages=pages))


def follow(store: Store, text: str, *, frequency: Frequency = Frequency.DAILY) -> int:
    """Follow a search and confirm it; returns its number."""
    who = NewSubscriber(Channel.EMAIL, "rosa@example.org", "es")
    _, added = store.subscriptions.add(who, (("q", text),), frequency=frequency, at=A_DAY, limits=LIMITS)
    store.subscriptions.confirm(added.id, at=A_DAY)
    return added.id


def freeze(store: Store, name: str = "frozen") -> None:
    """Freeze a search for two documents."""
    kept = store.frozen.versions(["d0", "d1"])
    frozen = FrozenSearch(
        key=sha256_of(name), name=name, query=(("q", "vendors"),), sequence=2, vocabulary="v", frozen_at=A_DAY,
        expires_at=A_DAY + timedelta(days=3000), network="", hits=2, documents=(kept["d0"], kept["d1"]), report=b"{}",
    )  # fmt: skip
    store.frozen.add(frozen, in_all=1000, per_network=1000)


def index(settings: Settings) -> None:
    """Bring the index up to date."""
    with open_store(settings) as store, closing(open_engine(settings)) as engine:
        bring_up_to_date(engine, store)


def found(settings: Settings, text: str = "vendors", *, vocabulary: Vocabulary | None = None) -> list[str]:
    """Return the ids of the documents that a search answers."""
    vocabulary = vocabulary or load_vocabulary()
    with open_store(settings) as store, closing(open_engine(settings, vocabulary=vocabulary)) as engine:
        results = search(SearchQuery(text=text, limit=100), engine=engine, store=store, vocabulary=vocabulary)
        return [hit.document.id for hit in results.hits]


def all_rows(settings: Settings) -> dict[str, list[str]]:
    """Return every row of every table of the records, as text, sorted."""
    engine = sa.create_engine(database_url(settings))
    rows: dict[str, list[str]] = {}
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            columns = connection.execute(sa.select(table)).mappings()
            rows[table.name] = sorted(json.dumps(dict(row), sort_keys=True, default=str) for row in columns)
    engine.dispose()
    return rows


def all_files(settings: Settings) -> dict[str, bytes]:
    """Return the bytes of every stored file, by its place."""
    root = settings.data_dir / "files"
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.glob("??/*"))}


def state(settings: Settings) -> dict[str, Any]:
    """Return everything that two data folders with the same contents have in common."""
    return {"rows": all_rows(settings), "files": all_files(settings), "found": found(settings)}
