"""The record store: what it keeps, what it promises about ids, changes and repeats."""

from __future__ import annotations

import dataclasses
import json
import re
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from corpus.errors import BadSettings, NotFound, StoreUnavailable
from corpus.reasons import Failure, FailureKind
from corpus.run_reasons import Verdict, VerdictKind
from corpus.runs import HarvestRun, RunState
from corpus.settings import Settings
from corpus.store import FetchedState, Store, open_store
from corpus.store.document_cache import DocumentCache
from corpus.store.opening import database_url
from corpus.tag_rules import Zone
from corpus.types import LOCAL_SOURCE, ChangeKind, Facet, Outcome, Page, Reading
from corpus.zones import ZoneSpan
from tests.builders import A_DAY, make_document, make_fetched, make_source, make_tag, offered, sha256_of
from tests.corpus.older_database import take_back


@pytest.fixture
def store(on_either: Settings):
    with open_store(on_either) as opened:
        yield opened


def make_reading(sha256: str, *texts: str, **others) -> Reading:
    pages = tuple(Page(number, text) for number, text in enumerate(texts, start=1))
    return Reading(**{"sha256": sha256, "outcome": Outcome.READ, "pages": pages, "page_total": len(pages)} | others)


def keep(store: Store, document_id: str, *texts: str, **others) -> None:
    """Save a document with a reading of its own."""
    document = make_document(document_id, pages=texts or ("Text.",), **others)
    store.readings.save(make_reading(document.sha256, *(page.text for page in document.pages)), reader_version="1")
    store.documents.save(document, tagger_version="1")


def test_what_is_saved_comes_back_equal(store):
    evidence = {
        "title": (
            offered("Waste pickers", "landing:citation_title"),
            offered("wp_final.doc", "file:info"),
        )
    }
    document = make_document(
        pages=("One.", "", "Three."),
        tags=(
            make_tag("country", "PER", primary=True, places=((0, 1), (3, 2))),
            make_tag(Facet.GROUP, "waste_pickers", about=False, weight=0.1),
        ),
        authors=("A. Person", "B. Person"),
        identifiers={"doi": "10.1/x"},
        published="2019-05",
        evidence=evidence,
        work="w1",
    )
    store.readings.save(make_reading(document.sha256, "One.", "", "Three."), reader_version="1")
    change = store.documents.save(document)
    found = store.documents.get("d1", with_pages=True)
    assert found == dataclasses.replace(document, first_sequence=change.sequence)
    assert found.year == 2019
    assert store.documents.get("d1").pages == ()


def test_sources_are_kept_as_they_are_declared_now(store):
    store.sources.save(make_source("b"))
    store.sources.save(make_source("a", languages=("es", "en"), country="PER"))
    store.sources.save(make_source("b", name="Renamed"))
    assert [source.name for source in store.sources.all()] == ["A Publisher", "Renamed"]
    assert store.sources.all()[0].languages == ("es", "en")


def test_a_file_is_new_once_then_unchanged_then_changed(store):
    fetched = make_fetched()
    assert store.files.save(fetched) is FetchedState.NEW
    assert store.files.save(fetched) is FetchedState.UNCHANGED
    other = dataclasses.replace(fetched, sha256=sha256_of("other"), fetched_at=A_DAY + timedelta(days=1))
    assert store.files.save(other) is FetchedState.CHANGED
    assert store.files.get("sample", fetched.url) == other
    assert store.files.get("sample", "https://example.org/unknown") is None


def test_the_same_bytes_under_another_address_are_a_copy_of_the_same_document(store):
    store.files.save(make_fetched("https://example.org/a.pdf", sha256=sha256_of("same")))
    store.files.save(make_fetched("https://mirror.org/b.pdf", sha256=sha256_of("same"), source="mirror"))
    (only,) = store.queue.files_to_read(reader_version="1")
    store.readings.save(make_reading(only.sha256, "Text."), reader_version="1")
    (waiting,) = store.queue.documents_to_tag(store.queue.ready())
    assert [copy.url for copy in waiting.copies] == ["https://example.org/a.pdf", "https://mirror.org/b.pdf"]


def test_a_person_s_own_file_is_one_document_wherever_it_lies(store):
    for url in ("file:///a/report.pdf", "file:///b/report.pdf"):
        store.files.save(make_fetched(url, source=LOCAL_SOURCE, sha256=sha256_of("report")))
    store.readings.save(make_reading(sha256_of("report"), "Text."), reader_version="1")
    assert len(store.queue.documents_to_tag(store.queue.ready())) == 1


def test_a_changed_file_keeps_its_document_and_its_first_seen(store):
    fetched = make_fetched()
    store.files.save(fetched)
    store.readings.save(make_reading(fetched.sha256, "Old."), reader_version="1")
    (before,) = store.queue.documents_to_tag(store.queue.ready())
    first = store.documents.save(make_document(before.id, sha256=fetched.sha256, first_seen=before.first_seen))
    store.files.save(dataclasses.replace(fetched, sha256=sha256_of("new"), fetched_at=A_DAY + timedelta(days=9)))
    assert store.queue.documents_to_tag(store.queue.ready()) == ()  # the new bytes are not read yet
    store.readings.save(make_reading(sha256_of("new"), "New."), reader_version="1")
    (after,) = store.queue.documents_to_tag(store.queue.ready())
    assert (after.id, after.first_seen) == (before.id, A_DAY)
    second = store.documents.save(
        make_document(after.id, sha256=sha256_of("new"), first_seen=A_DAY + timedelta(days=9))
    )
    assert (first.kind, second.kind) == (ChangeKind.ADDED, ChangeKind.UPDATED)
    document = store.documents.get(before.id, with_pages=True)
    assert (document.first_seen, document.first_sequence, document.pages[0].text) == (A_DAY, first.sequence, "New.")
    assert store.pages.of_file(fetched.sha256)[0].text == "Old."


def test_new_words_on_the_landing_page_make_the_document_wait_and_the_same_words_do_not(store):
    fetched = make_fetched(evidence={"title": (offered("Old", "link"),)})
    store.files.save(fetched)
    store.readings.save(make_reading(fetched.sha256, "Text."), reader_version="1")
    (waiting,) = store.queue.documents_to_tag(store.queue.ready())
    store.documents.save(make_document(waiting.id, sha256=fetched.sha256))
    store.files.save(dataclasses.replace(fetched, fetched_at=A_DAY + timedelta(days=1)))
    assert store.queue.documents_to_tag(store.queue.ready()) == ()
    store.files.save(dataclasses.replace(fetched, evidence={"title": (offered("New", "link"),)}))
    assert [each.id for each in store.queue.documents_to_tag(store.queue.ready())] == [waiting.id]


def test_a_file_is_read_again_by_a_newer_reader_only(store):
    fetched = make_fetched()
    store.files.save(fetched)
    store.readings.save(make_reading(fetched.sha256, "Text."), reader_version="1")
    assert store.queue.files_to_read(reader_version="1") == ()
    assert store.queue.files_to_read(reader_version="2") == (fetched,)


def test_a_reading_saved_twice_is_there_once(store):
    fetched = make_fetched()
    store.files.save(fetched)
    for texts in (("One.", "Two."), ("One.",)):
        store.readings.save(make_reading(fetched.sha256, *texts), reader_version="1")
    assert [page.text for page in store.pages.of_file(fetched.sha256)] == ["One."]


def test_which_reader_read_which_page_is_kept(store):
    fetched = make_fetched()
    store.files.save(fetched)
    engines = {"pdfminer.six": ((1, 2), (4, 4)), "pypdfium2": ((3, 3),)}
    store.readings.save(
        make_reading(fetched.sha256, *"abcd", page_engines=engines, unreadable_pages=((3, 4),)), reader_version="1"
    )
    kept = store.readings.get(fetched.sha256)
    assert (kept.page_engines, kept.unreadable_pages) == (engines, ((3, 4),))


def test_of_a_reading_by_one_reader_no_pages_are_kept(store):
    fetched = make_fetched()
    store.files.save(fetched)
    store.readings.save(make_reading(fetched.sha256, "a"), reader_version="1")
    kept = store.readings.get(fetched.sha256)
    assert (kept.page_engines, kept.unreadable_pages) == ({}, ())


def test_a_settled_document_waits_no_longer(store):
    fetched = make_fetched()
    store.files.save(fetched)
    store.readings.save(
        make_reading(fetched.sha256, outcome=Outcome.BROKEN, reason=Failure.told("It is damaged.")), reader_version="1"
    )
    (waiting,) = store.queue.documents_to_tag(store.queue.ready())
    store.queue.remove(waiting.id)
    assert store.queue.documents_to_tag(store.queue.ready()) == ()
    assert store.status().waiting == 0


def test_documents_of_another_tagger_version_wait_again(store):
    fetched = make_fetched()
    store.files.save(fetched)
    store.readings.save(make_reading(fetched.sha256, "Text."), reader_version="1")
    (waiting,) = store.queue.documents_to_tag(store.queue.ready())
    store.documents.save(make_document(waiting.id, sha256=fetched.sha256), tagger_version="1")
    assert store.queue.mark_stale(tagger_version="1") == 0
    assert store.queue.mark_stale(tagger_version="2") == 1
    assert len(store.queue.documents_to_tag(store.queue.ready())) == 1


def test_changes_name_each_document_once_by_its_newest_change_in_order(store):
    for document_id in ("d1", "d2", "d1", "d3"):
        keep(store, document_id)
    changes = store.changes.after(0)
    assert [(change.sequence, change.document_id) for change in changes] == [(2, "d2"), (3, "d1"), (4, "d3")]
    assert changes[0].document.pages[0].text == "Text."
    assert [change.document_id for change in store.changes.after(2, limit=1)] == ["d1"]
    assert store.changes.after(4) == ()
    assert store.changes.last_sequence() == 4


def test_a_removed_document_leaves_a_change_without_a_document(store):
    keep(store, "d1")
    store.documents.remove("d1")
    (change,) = store.changes.after(0)
    assert (change.kind, change.document) == (ChangeKind.REMOVED, None)
    with pytest.raises(NotFound):
        store.documents.get("d1")
    with pytest.raises(NotFound):
        store.documents.remove("d1")


def test_a_page_that_is_not_there_says_which_pages_are(store):
    keep(store, "d1", "One.", "Two.")
    assert store.pages.get("d1", 2).text == "Two."
    with pytest.raises(NotFound, match=r"no page 3.*1 to 2"):
        store.pages.get("d1", 3)
    with pytest.raises(NotFound, match="no document d9"):
        store.pages.get("d9", 1)


def test_pages_are_kept_with_their_zones_and_those_of_an_older_reader_have_none(store):
    page = Page(1, "Head\n\nVendors sell food.", (ZoneSpan(Zone.RUNNING, 0, 4), ZoneSpan(Zone.BODY, 6, 24)))
    document = make_document("d1")
    store.readings.save(
        Reading(document.sha256, Outcome.READ, pages=(page, Page(2, "Old."), Page(3, "", ()))), reader_version="1"
    )
    store.documents.save(document, tagger_version="1")
    assert store.pages.of_file(document.sha256) == (page, Page(2, "Old."), Page(3, "", ()))
    assert store.pages.get("d1", 1) == page
    assert {place: found.page() for place, found in store.pages.stored({"d1": [1, 2, 9]}).items()} == {
        ("d1", 1): page,
        ("d1", 2): Page(2, "Old."),
    }
    assert store.documents.get("d1", with_pages=True).pages[0] == page


def test_page_texts_leave_out_what_does_not_exist(store):
    keep(store, "d1", "One.", "Two.")
    keep(store, "d2", "Three.")
    found = store.pages.texts({"d1": [1, 9], "d2": [1], "d9": [1]})
    assert found == {("d1", 1): "One.", ("d2", 1): "Three."}
    assert store.pages.texts({}) == {}


def test_every_file_is_counted_under_one_outcome(store):
    for name, outcome in (("a", Outcome.READ), ("b", Outcome.ENCRYPTED), ("c", None)):
        fetched = make_fetched(f"https://example.org/{name}.pdf")
        store.files.save(fetched)
        if outcome:
            store.readings.save(
                make_reading(fetched.sha256, outcome=outcome, reason=Failure.told("why")), reader_version="1"
            )
    status = store.status()
    assert status.outcomes == {"encrypted": 1, "read": 1, "waiting": 1}
    assert status.files == 3
    (encrypted,) = store.files.outcomes(outcome="encrypted")
    assert (encrypted.url, encrypted.reasons) == ("https://example.org/b.pdf", (Failure.told("why"),))
    assert [each.url for each in store.files.outcomes(outcome="waiting")] == ["https://example.org/c.pdf"]
    assert store.files.outcomes(only_unreadable=True) == (encrypted,)


def test_a_copy_knows_since_when_it_is_there_what_it_held_and_whether_it_is_gone(store):
    hour = timedelta(hours=1)
    first = make_fetched("https://example.org/a.pdf", record="oai:1")
    store.files.save(first)
    store.files.save(make_fetched("https://mirror.org/b.pdf", source="mirror", sha256=first.sha256))
    store.files.touch("sample", first.url, at=A_DAY + hour)
    changed = sha256_of("changed")
    store.files.save(make_fetched(first.url, sha256=changed, size=7, record="oai:1", fetched_at=A_DAY + 2 * hour))
    store.files.mark_gone("sample", first.url, at=A_DAY + 3 * hour, reason=Failure.told("The server answered 404."))
    (document_id,) = {version.document_id for version in store.files.outcomes()}
    original, mirror = store.files.copies(document_id)
    assert (original.first_seen, original.last_seen) == (A_DAY, A_DAY + 2 * hour)
    assert [version.sha256 for version in original.versions] == [first.sha256, changed]
    assert (original.fetched.record, original.fetched.gone_at) == ("oai:1", A_DAY + 3 * hour)
    assert [version.url for version in mirror.versions] == ["https://mirror.org/b.pdf"]
    assert store.files.copies("nothing") == ()


def test_gone_files_are_listed_gone_last_first(store):
    for number in range(3):
        url = f"https://example.org/{number}.pdf"
        store.files.save(make_fetched(url))
        if number:
            store.files.mark_gone("sample", url, at=A_DAY + timedelta(days=number), reason=Failure.told("gone"))
    assert [each.url[-5:] for each in store.files.gone("sample", limit=5)] == ["2.pdf", "1.pdf"]
    assert len(store.files.gone("sample", limit=1)) == 1


def test_runs_are_found_by_their_start_and_in_stretches(store):
    starts = [A_DAY + timedelta(days=day, microseconds=day) for day in range(5)]
    for started in starts:
        store.runs.save(HarvestRun("sample", started, started, RunState.FINISHED, Verdict.told(f"{started:%d}")))
    newest = store.runs.newest("sample", limit=2)
    assert [run.started for run in newest] == [starts[4], starts[3]]
    assert [run.started for run in store.runs.newest("sample", limit=9, before=starts[3])] == starts[2::-1]
    found = store.runs.get("sample", started=starts[1])
    assert found is not None
    assert found.verdict == Verdict.told(f"{starts[1]:%d}")
    assert store.runs.get("sample", started=A_DAY + timedelta(hours=1)) is None
    after = store.runs.after("sample", started=starts[1])
    assert after is not None
    assert after.started == starts[2]
    assert store.runs.after("sample", started=starts[4]) is None
    assert (store.runs.count("sample"), store.runs.count("other")) == (5, 0)


def test_a_sources_health_counts_pages_of_each_text_once_and_what_is_gone(store):
    store.sources.save(make_source())
    keep(store, "d1", "One.", "Two.")
    store.files.save(make_fetched("https://example.org/d1.pdf", sha256=sha256_of("d1")))
    twice = make_fetched("https://example.org/again.pdf", sha256=sha256_of("d1"))
    store.files.save(twice)
    store.files.mark_gone("sample", twice.url, at=A_DAY, reason=Failure.told("gone"))
    cut = make_fetched("https://example.org/cut.pdf")
    store.files.save(cut)
    one_page = Reading(cut.sha256, Outcome.TOO_LARGE, pages=(Page(1, "A"),), page_total=9)
    store.readings.save(one_page, reader_version="1")
    store.sources.save(make_source("other"))
    other, health = store.sources.health()
    assert (other.files, other.pages_read) == (0, 0)
    assert store.sources.health(source="sample") == (health,)
    assert store.sources.health(source="nobody") == ()
    assert health.outcomes == {"read": 2, "too_large": 1}
    assert (health.pages_read, health.page_total) == (3, 11)
    assert health.gone == 1
    assert [(each.read, each.total) for each in store.pages.read_counts("sample")] == [(2, 2)]


def test_short_pages_are_given_with_their_document(store):
    keep(store, "d1", "A long page of text.", "", "...")
    assert sorted(store.pages.short_texts(["d1", "d2"], characters_max=3)) == [("d1", ""), ("d1", "...")]


def test_it_is_kept_which_pages_are_back_matter(store):
    keep(store, "d1", "Contents", "Text.", "References", back_matter=(1, 3))
    assert store.documents.get("d1", with_pages=True).back_matter == (1, 3)
    assert store.documents.in_brief(["d1"])["d1"].back_matter == (1, 3)
    keep(store, "d1", "Text.")
    assert store.documents.get("d1").back_matter == ()


def test_newest_documents_come_first_seen_last_first(store):
    for document_id in ("d1", "d2", "d3", "d1"):
        keep(store, document_id, work="w1" if document_id != "d2" else "")
    assert [document.id for document in store.documents.newest(limit=2)] == ["d3", "d2"]
    assert store.documents.work("w1").documents == ("d1", "d3")


def test_sequence_numbers_have_no_gap_and_no_double_when_many_threads_save(store):
    def work(name: int) -> None:
        for number in range(10):
            store.documents.save(make_document(f"d{name}-{number}"))

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(change.sequence for change in store.changes.after(0, limit=100)) == list(range(1, 41))


def test_what_the_index_refused_is_listed_until_it_changes_goes_or_is_taken(store):
    for document_id in ("d1", "d2", "d3", "d4"):
        keep(store, document_id)
    for sequence, document_id in enumerate(("d1", "d2", "d3", "d4"), start=1):
        store.unindexed.save(document_id, sequence=sequence, reason="too long")
    store.unindexed.save("d4", sequence=4, reason="still too long")
    assert [(each.document_id, each.reason) for each in store.unindexed.all()] == [
        ("d1", "too long"), ("d2", "too long"), ("d3", "too long"), ("d4", "still too long"),
    ]  # fmt: skip
    assert store.unindexed.all()[0].title == "Title of d1"
    store.documents.remove("d1")
    keep(store, "d2", title="Another")
    store.unindexed.remove(["d3", "unknown"])
    assert [each.document_id for each in store.unindexed.all()] == ["d4"]


def test_the_newest_changes_are_told_by_document(store):
    for document_id in ("d1", "d2", "d1"):
        keep(store, document_id)
    store.documents.remove("d2")
    assert store.changes.newest_of(["d1", "d2", "unknown"]) == {"d1": 3, "d2": 4}
    assert store.changes.newest_of([]) == {}


def test_a_database_of_an_older_pushcart_keeps_what_it_has(on_either):
    with open_store(on_either) as opened:
        keep(opened, "d1", "Text.", tags=(make_tag("group", "street_vendors"),))
        expected = opened.documents.get("d1", with_pages=True)
        opened.runs.save(HarvestRun("sample", A_DAY, A_DAY, RunState.FINISHED, Verdict(VerdictKind.AS_EXPECTED)))
    take_back(on_either, revision="0002")
    engine = sa.create_engine(database_url(on_either))
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE readings SET reason = 'The file has no pages.'")
        evidence = json.dumps([[1, "A sentence on street_vendors.", "street_vendors", "term: street_vendors"]])
        connection.execute(sa.text("UPDATE tags SET evidence = :evidence"), {"evidence": evidence})
        report = connection.exec_driver_sql("SELECT report FROM runs").scalar_one()
        old = json.loads(report) if isinstance(report, str) else report
        old = json.dumps({**old, "words": "Brought 0 files.", "skipped_by": {"kind: video": 2}})
        connection.execute(sa.text("UPDATE runs SET report = :report"), {"report": old})
    engine.dispose()
    with open_store(on_either) as opened:
        reading = opened.readings.get(expected.sha256)
        assert reading is not None
        assert reading.reason == Failure(FailureKind.NO_PAGES)
        (run,) = opened.runs.newest("sample")
        assert (run.verdict.kind, sum(run.skipped_by.values())) == (VerdictKind.AS_EXPECTED, 2)
        assert opened.documents.get("d1", with_pages=True) == expected
        assert opened.unindexed.all() == ()
        opened.unindexed.save("d1", sequence=1, reason="too long")
        assert [each.document_id for each in opened.unindexed.all()] == ["d1"]


def test_migrations_make_exactly_the_tables_of_the_code(settings):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    import corpus.migrations
    from corpus.store.opening import NEWEST_MIGRATION, open_engine
    from corpus.store.tables import metadata

    engine = open_engine(settings)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    scripts = ScriptDirectory(corpus.migrations.__path__[0])
    assert scripts.get_current_head() == NEWEST_MIGRATION


def test_a_database_of_a_newer_pushcart_is_refused_with_a_way_out(settings):
    with open_store(settings):
        pass
    engine = sa.create_engine(f"sqlite:///{settings.data_dir / 'pushcart.sqlite3'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreUnavailable, match="newer than this Pushcart"):
        open_store(settings)


def test_a_database_address_that_is_none_is_refused(settings):
    with pytest.raises(BadSettings, match="PUSHCART_DATABASE_URL"):
        open_store(dataclasses.replace(settings, database_url="nonsense"))


def test_a_database_that_cannot_be_opened_says_where_and_what_to_check(settings, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreUnavailable, match="PUSHCART_DATA_DIR"):
        open_store(dataclasses.replace(settings, data_dir=tmp_path / "file"))


def test_a_document_in_a_list_is_shown_as_it_was_saved_last(store):
    keep(store, "d1", title="As it was")
    assert store.documents.in_brief(["d1"])["d1"].title == "As it was"
    keep(store, "d1", title="As it is")
    assert store.documents.in_brief(["d1"])["d1"].title == "As it is"
    store.documents.remove("d1")
    assert store.documents.in_brief(["d1"]) == {}


def test_a_document_in_a_list_is_shown_as_another_process_saved_it(on_either, store):
    keep(store, "d1", title="As it was")
    assert store.documents.in_brief(["d1"])["d1"].title == "As it was"
    with open_store(on_either) as other:
        keep(other, "d1", title="As it is")
    assert store.documents.in_brief(["d1"])["d1"].title == "As it is"


def test_no_more_documents_are_kept_than_so_many():
    kept = DocumentCache(documents_max=2)
    kept.held([], stamp=1)
    for number in range(5):
        kept.keep({f"d{number}": make_document(f"d{number}")}, stamp=1)
        assert len(kept) <= 2
    assert list(kept.held(["d0", "d3", "d4"], stamp=1)) == ["d3", "d4"]


def test_documents_read_before_the_newest_change_are_not_kept():
    kept = DocumentCache()
    kept.held([], stamp=2)
    kept.keep({"d1": make_document("d1")}, stamp=1)
    assert len(kept) == 0


def wait_with(store: Store, *names: str, is_read: bool = True) -> list[str]:
    """Save files, and their readings; returns the SHA-256 of each."""
    fetched = [make_fetched(f"https://example.org/{name}.pdf") for name in names]
    for each in fetched:
        store.files.save(each)
        if is_read:
            store.readings.save(make_reading(each.sha256, "Text."), reader_version="1")
    return [each.sha256 for each in fetched]


def test_of_files_just_read_only_their_documents_are_ready(store):
    first, second = wait_with(store, "a", "b")
    (unread,) = wait_with(store, "c", is_read=False)
    every = store.queue.ready()
    assert len(every) == 2
    assert store.queue.ready(of_files=[first, unread]) == every[:1]
    assert store.queue.ready(of_files=[second, first, second]) == every
    assert store.queue.ready(of_files=[unread]) == store.queue.ready(of_files=[]) == ()
    store.queue.remove(every[0])
    assert store.queue.ready(of_files=[first]) == ()
    assert store.queue.documents_to_tag(every) == store.queue.documents_to_tag(every[1:])


def test_a_document_is_ready_by_a_later_copy_when_its_first_one_was_read(store):
    (first,) = wait_with(store, "a")
    copy = make_fetched("https://other.example/a.pdf", source="other", sha256=first)
    store.files.save(copy)
    assert len(store.queue.ready(of_files=[first])) == len(store.queue.ready())


def test_the_question_for_documents_of_files_does_not_look_at_all_that_waits(settings):
    asked: list[tuple[str, object]] = []

    def listen(_connection, _cursor, statement, parameters, *_others) -> None:
        asked.append((statement, parameters))

    with open_store(settings) as store:
        (first,) = wait_with(store, "a")
        sa.event.listen(sa.engine.Engine, "before_cursor_execute", listen)
        try:
            store.queue.documents_to_tag(store.queue.ready(of_files=[first]))
        finally:
            sa.event.remove(sa.engine.Engine, "before_cursor_execute", listen)
    questions = [each for each in asked if each[0].startswith("SELECT")]
    assert len(questions) >= 2
    database = sa.create_engine(database_url(settings))
    with database.connect() as connection:
        for statement, parameters in questions:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            assert [step for step in plan if re.match(r"SCAN (?!first|anon)", step[-1])] == [], plan
    database.dispose()


def test_files_to_read_are_counted_without_being_loaded(store):
    wait_with(store, "a", "b")
    wait_with(store, "c", "d", "e", is_read=False)
    store.files.save(
        make_fetched("https://other.example/c.pdf", source="other", sha256=sha256_of("https://example.org/c.pdf"))
    )
    assert store.queue.count_files_to_read(reader_version="1") == 3
    assert store.queue.count_files_to_read(reader_version="2") == 5
    assert len(store.queue.files_to_read(reader_version="2")) == 5
