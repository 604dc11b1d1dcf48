"""A database from before migration 0009 comes forward: same documents, and the next harvest finds them unchanged."""

from __future__ import annotations

import hashlib
import itertools
import os
import signal

import pytest
import sqlalchemy as sa

from corpus.settings import Settings
from corpus.store import FetchedState, open_store
from corpus.store.former_keys import former_key
from corpus.store.opening import NEWEST_MIGRATION, database_url
from corpus.types import FetchedFile
from corpus.urls import document_id, sent_url
from tests.builders import A_DAY, make_document, make_fetched, make_source, sha256_of
from tests.corpus.odd_addresses import APART, SAME
from tests.corpus.older_database import take_back

SITE = "http://office.example"
LINKS = (
    "/get.pdf?report12", "/d.pdf?id=1;v=2", "/q.pdf?z=1&a=2", "/f.pdf?f=a%f1o", "/%7euser/a.pdf", "/plain.pdf",
    "/t.pdf?n=1&utm_source=feed", "/sp%20ace.pdf", "/q.pdf?q=a%20b", "/a%3Bb.pdf",
)  # fmt: skip


def fetched(link: str, **others: object) -> FetchedFile:
    """Return a file whose bytes are named by its link, on a landing page of its own."""
    landing = f"{SITE}/p?about={hashlib.sha256(link.encode()).hexdigest()[:6]}"
    return make_fetched(f"{SITE}{link}", landing_url=landing, **others)


def keep_as_before(settings: Settings, *files: FetchedFile) -> dict[str, tuple[str, int]]:
    """Make the database that the version before would have made of files; return documents by bytes."""
    with open_store(settings) as store:
        store.sources.save(make_source())
        for each in files:
            store.files.save(each)
    engine = sa.create_engine(database_url(settings))
    with engine.begin() as connection:
        for number, source, url, sha in connection.exec_driver_sql(
            "SELECT id, source, url, sha256 FROM fetched_files"
        ).all():
            old = former_key(url)
            values = {"number": number, "old": old, "document": document_id(source, sha if source == "own" else old)}
            connection.execute(
                sa.text("UPDATE fetched_files SET url = :old, document_id = :document WHERE id = :number"), values
            )
            versions = sa.text("UPDATE file_versions SET url = :old WHERE source = :source AND sha256 = :sha")
            connection.execute(versions, {"old": old, "source": source, "sha": sha})
        ids = connection.exec_driver_sql("SELECT sha256, document_id, id FROM fetched_files").all()
    engine.dispose()
    with open_store(settings) as store:
        for sha256, document, number in ids:
            url = f"{SITE}/{number}"
            store.documents.save(make_document(document, url=url, sha256=sha256), tagger_version="1")
    take_back(settings, revision="0008")
    return documents_of(settings, version="0008")


def documents_of(settings: Settings, *, version: str = NEWEST_MIGRATION) -> dict[str, tuple[str, int]]:
    """Return document and its sequence number by the bytes of its file, and check the version."""
    engine = sa.create_engine(database_url(settings))
    asked = (
        "SELECT f.sha256, f.document_id, d.first_sequence FROM fetched_files f JOIN documents d ON d.id = f.document_id"
    )
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == version
        found = {sha: (document, sequence) for sha, document, sequence in connection.exec_driver_sql(asked)}
    engine.dispose()
    return found


def test_the_next_harvest_finds_everything_unchanged_and_shows_the_publishers_own_links(on_either):
    files = [fetched(link) for link in LINKS]
    before = keep_as_before(on_either, *files)
    assert len(before) == len(LINKS)
    with open_store(on_either) as store:
        assert documents_of(on_either) == before
        assert all(store.files.get("sample", each.url) is not None for each in files)
        assert {store.files.save(each) for each in files} == {FetchedState.UNCHANGED}
        assert sorted(each.url for each in store.files.outcomes()) == sorted(each.url for each in files)
        (copy,) = store.files.copies(before[files[0].sha256][0])
        assert [each.sha256 for each in copy.versions] == [files[0].sha256]
    assert documents_of(on_either) == before


def test_a_confirmed_file_shows_the_publishers_own_link_too(on_either):
    file = fetched("/get.pdf?report12")
    keep_as_before(on_either, file)
    with open_store(on_either) as store:
        store.files.touch("sample", file.url, at=A_DAY)
        known = store.files.get("sample", file.url)
    assert known is not None
    assert known.url == file.url


def of_source(number: int, link: str, *, bytes_of: str = "") -> FetchedFile:
    """Return a file of a source of its own, so that many pairs of addresses fit into one database."""
    link = sent_url(link)
    return make_fetched(link, source=f"pair-{number}", sha256=sha256_of(f"{number} {bytes_of or link}"))


def test_a_file_that_was_taken_for_another_is_new_at_the_next_harvest(settings):
    pairs = [(of_source(number, one), of_source(number, other)) for number, (one, other) in enumerate(APART)]
    before = keep_as_before(settings, *(one for one, _ in pairs))
    with open_store(settings) as store:
        for one, other in pairs:
            assert store.files.save(one) is FetchedState.UNCHANGED
            assert store.files.save(other) is FetchedState.NEW, other.url
            documents = {each.document_id for each in store.files.outcomes(source=one.source)}
            assert before[one.sha256][0] in documents
            assert len(documents) == 2, other.url


def test_a_file_that_was_taken_for_another_may_come_first(settings):
    pairs = [(of_source(number, one), of_source(number, other)) for number, (one, other) in enumerate(APART)]
    before = keep_as_before(settings, *(one for one, _ in pairs))
    with open_store(settings) as store:
        for one, other in pairs:
            assert store.files.save(other, is_heir=False) is FetchedState.NEW, other.url
            assert store.files.save(one) is FetchedState.UNCHANGED, one.url
            (held,) = [each for each in store.files.outcomes(source=one.source) if each.sha256 == one.sha256]
            assert (held.document_id, held.url) == (before[one.sha256][0], one.url)


def test_another_spelling_of_a_file_is_the_same_file_after_the_migration(settings):
    pairs = [
        (of_source(number, one), of_source(number, other, bytes_of=sent_url(one)))
        for number, (one, other) in enumerate(SAME)
    ]
    keep_as_before(settings, *(one for one, _ in pairs))
    with open_store(settings) as store:
        for one, other in pairs:
            assert store.files.save(other) is FetchedState.UNCHANGED, other.url
            assert store.files.save(one) is FetchedState.UNCHANGED, one.url


def test_of_two_rows_whose_addresses_are_now_one_both_stay(on_either):
    with open_store(on_either) as store:
        for url in (f"{SITE}/x", f"{SITE}/y"):
            store.files.save(make_fetched(url, sha256="0" * 64))
    take_back(on_either, revision="0008")
    engine = sa.create_engine(database_url(on_either))
    with engine.begin() as connection:
        for table in ("fetched_files", "file_versions"):
            for old, new in ((f"{SITE}/x", f"{SITE}/a/../b.pdf"), (f"{SITE}/y", f"{SITE}/b.pdf")):
                connection.execute(sa.text(f"UPDATE {table} SET url = :new WHERE url = :old"), {"old": old, "new": new})
    engine.dispose()
    with open_store(on_either) as store:
        assert len(store.files.outcomes()) == 2
        known = store.files.get("sample", f"{SITE}/b.pdf")
        assert known is not None
        assert known.url == f"{SITE}/b.pdf"


def test_a_persons_own_files_are_found_again(settings):
    own = make_fetched("file:///home/me/a%20b.pdf", source="own")
    before = keep_as_before(settings, own)
    with open_store(settings) as store:
        assert store.files.save(own) is FetchedState.UNCHANGED
    assert documents_of(settings) == before


def migrate_and_die(settings: Settings, *, at: int) -> bool:
    """Open a database in a process that is killed before its statement number `at`; say whether it lived until then."""
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    statements = itertools.count(1)

    def die(*_: object) -> None:
        if next(statements) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(sa.Engine, "before_cursor_execute", die)
    try:
        open_store(settings).close()
    finally:
        os._exit(0)


@pytest.mark.slow
def test_a_migration_that_is_killed_leaves_the_old_database_and_is_done_by_the_next_command(on_either):
    files = [fetched(f"/get.pdf?report{number}") for number in range(50)]
    before = keep_as_before(on_either, *files)
    kills = 0
    # Every second statement of the migration of keys, and some of each later one: all of them are one transaction.
    for at in itertools.chain(range(2, 40, 2), itertools.count(40, 15)):
        if not migrate_and_die(on_either, at=at):
            break
        kills += 1
        assert documents_of(on_either, version="0008") == before
        columns = {
            column["name"]
            for column in sa.inspect(sa.create_engine(database_url(on_either))).get_columns("fetched_files")
        }
        assert "key" not in columns
    assert kills >= 10
    with open_store(on_either) as store:
        assert {store.files.save(each) for each in files} == {FetchedState.UNCHANGED}
    assert documents_of(on_either) == before
