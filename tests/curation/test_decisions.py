"""What persons decide on documents: kept with its entry in the audit log, stronger than what is found, undone by one step."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.audit import Actor, AuditAction, AuditChannel
from corpus.errors import BadInput, NotFound, StoreUnavailable
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.types import Document
from corpus.vocabulary import load_vocabulary
from corpus.works import Decision, DecisionKind, RelationKind
from curation.catching_up import catch_up
from curation.decisions import DecisionWanted, decide, undo
from nlp.works import relate, relate_waiting
from search_api.engines.opening import open_engine
from search_api.indexing import bring_up_to_date, rebuild
from tests.builders import make_document, make_source, sha256_of
from tests.web.library import keep

BY = Actor("Ana Torres", AuditChannel.API)
TEXT = " ".join(f"The {each} vendors of market {each * 7} sell {each * 13} kinds of fruit." for each in range(100, 200))


def report(document_id: str, *, text: str = TEXT, title: str = "Vendors in two cities", **others: object) -> Document:
    return make_document(document_id, title=title, pages=(text,), **others)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with open_store(settings) as store:
        store.sources.save(make_source())
        for document in (report("d1"), report("d2"), report("d3", text="Something else.", title="A law")):
            keep(store, document, sha256=document.sha256)
        relate_waiting(store)
        yield store


def are_one(store: Store, first: str = "d1", second: str = "d2") -> bool:
    """Say whether two documents are folded into one hit."""
    folds = [store.documents.get(each).fold for each in (first, second)]
    return folds[0] == folds[1] != ""


def split(store: Store, first: str = "d1", second: str = "d2", *, reason: str = "Two countries.") -> Decision:
    return decide(DecisionWanted(DecisionKind.SPLIT, first, second, None, reason), store=store, by=BY)


def join(
    store: Store, first: str = "d1", second: str = "d3", *, relation: RelationKind = RelationKind.TRANSLATION
) -> Decision:
    return decide(DecisionWanted(DecisionKind.JOIN, first, second, relation, "The same."), store=store, by=BY)


def test_what_was_found_is_split_and_what_was_not_is_joined(store: Store) -> None:
    assert are_one(store)
    split(store)
    assert not are_one(store)
    join(store)
    assert are_one(store, "d1", "d3")


@pytest.mark.parametrize("relation", RelationKind)
def test_documents_are_joined_as_what_the_person_says(store: Store, relation: RelationKind) -> None:
    join(store, "d3", "d1", relation=relation)
    (found,) = [each for each in store.relations.of("d1") if each.other("d1") == "d3"]
    assert found.kind is relation
    assert are_one(store, "d1", "d3") == (relation in (RelationKind.COPY, RelationKind.TRANSLATION))
    if relation is RelationKind.EXTRACT:
        assert (found.first, found.second) == ("d3", "d1")


def test_a_decision_is_in_the_audit_log_with_person_documents_and_reason(store: Store) -> None:
    made = join(store)
    (logged,) = store.audit.newest(limit=9)
    entry = logged.entry
    assert (entry.actor, entry.action, entry.at) == (BY, AuditAction.WORKS_JOINED, made.at)
    assert (entry.document, entry.other, entry.reason) == ("d1", "d3", "The same.")
    assert (entry.subject, dict(entry.details)) == (f"decision:{made.id}", {"relation": "translation"})


def test_a_decision_that_cannot_be_logged_is_not_made(store: Store, settings: Settings) -> None:
    with closing(sqlite3.connect(settings.data_dir / "pushcart.sqlite3")) as database:
        database.execute("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(Exception, match="no"):
        split(store)
    assert store.relations.decisions() == ()
    assert are_one(store)


def test_a_decision_is_undone_by_one_step_and_the_log_says_so(store: Store) -> None:
    made = split(store)
    undone = undo(made.id, reason="Read once more.", store=store, by=replace(BY, name="Bea"))
    assert are_one(store)
    assert store.relations.decisions() == ()
    assert (undone.entry.actor.name, undone.entry.reason, undone.entry.undoes) == ("Bea", "Read once more.", 1)
    assert [each.undone_by for each in store.audit.newest(limit=9)] == [None, undone.number]


def test_nothing_is_undone_twice(store: Store) -> None:
    made = split(store)
    undo(made.id, reason="Read once more.", store=store, by=BY)
    with pytest.raises(NotFound):
        undo(made.id, reason="And again.", store=store, by=BY)
    assert len(store.audit.newest(limit=9)) == 2


def test_a_later_decision_counts_and_its_undoing_lets_the_earlier_one_count_again(store: Store) -> None:
    split(store)
    later = join(store, "d1", "d2", relation=RelationKind.COPY)
    assert are_one(store)
    undo(later.id, reason="It was right before.", store=store, by=BY)
    assert not are_one(store)


def test_the_number_of_a_decision_that_was_undone_is_not_given_to_another(store: Store) -> None:
    first = split(store)
    undo(first.id, reason="No.", store=store, by=BY)
    assert split(store).id > first.id


def test_what_is_decided_already_is_not_decided_again(store: Store) -> None:
    split(store)
    with pytest.raises(BadInput, match="already decided, by Ana Torres"):
        split(store, "d2", "d1")
    join(store, "d3", "d1", relation=RelationKind.EXTRACT)
    join(store, "d1", "d3", relation=RelationKind.EXTRACT)  # the other way round is another thing
    assert len(store.audit.newest(limit=9)) == 3


@pytest.mark.parametrize("reason", ["", "  \n", "\u202e\x00", "a" * 1001])
def test_a_decision_needs_a_reason(store: Store, reason: str) -> None:
    with pytest.raises(BadInput, match="A reason has 1 to 1,000 characters"):
        split(store, reason=reason)
    made = split(store)
    with pytest.raises(BadInput, match="A reason has"):
        undo(made.id, reason=reason, store=store, by=BY)
    assert not are_one(store)
    assert len(store.audit.newest(limit=9)) == 1


@pytest.mark.parametrize(
    "reason", ["'); DROP TABLE decisions;--", "<script>alert(1)</script>", "{0} %s %(x)s", "名\n前"]
)
def test_a_reason_is_text_and_nothing_else(store: Store, reason: str) -> None:
    made = split(store, reason=reason)
    assert made.reason == reason == store.audit.newest(limit=1)[0].entry.reason == store.relations.decisions()[0].reason


@pytest.mark.parametrize(
    "named",
    [
        "d2",
        " d2 ",
        "/documents/d2",
        "https://pushcart.example/documents/d2?q=vendors&page=3#page=3",
        "http://localhost:8000/documents/d2.bib",
    ],
)
def test_a_document_is_named_by_its_id_or_the_address_of_its_page(store: Store, named: str) -> None:
    assert split(store, "d1", named).pair == ("d1", "d2")


@pytest.mark.parametrize(
    "named",
    ["", "d9", "https://example.org/d2.pdf", "/documents/", "http://[/documents/d2", "d2\x00", "' OR 1=1", "a" * 9999],
)
def test_a_document_that_is_not_there_is_said_with_what_to_give(store: Store, named: str) -> None:
    with pytest.raises(NotFound) as caught:
        split(store, "d1", named)
    assert "address of its page" in caught.value.try_next
    assert store.audit.newest(limit=9) == ()


def test_a_document_is_not_joined_with_itself(store: Store) -> None:
    with pytest.raises(BadInput, match="the same document"):
        split(store, "d1", "/documents/d1")


def test_a_join_says_as_what_and_a_split_does_not(store: Store) -> None:
    for kind, relation in ((DecisionKind.JOIN, None), (DecisionKind.SPLIT, RelationKind.COPY)):
        with pytest.raises(BadInput):
            decide(DecisionWanted(kind, "d1", "d2", relation, "Why not."), store=store, by=BY)
    assert store.audit.newest(limit=9) == ()


# ---------------------------------------------------------------------- kept through everything


@pytest.fixture
def decided(store: Store) -> Store:
    """Return a store in which what was found is split, and what was not is joined."""
    split(store)
    join(store)
    return store


def holds(store: Store) -> bool:
    """Say whether both decisions count."""
    return not are_one(store) and are_one(store, "d1", "d3")


def test_decisions_are_kept_when_documents_are_tagged_anew(decided: Store) -> None:
    for document in (report("d1"), report("d2")):
        decided.documents.save(document, tagger_version="2")
    relate_waiting(decided)
    assert holds(decided)


def test_decisions_are_kept_when_files_are_read_anew_or_harvested_in_a_new_version(decided: Store) -> None:
    newer = replace(report("d2"), sha256=sha256_of("a new version"))
    keep(decided, newer, sha256=newer.sha256)
    relate(decided, [newer])
    assert holds(decided)
    keep(decided, report("d1"), sha256=sha256_of("d1"))
    relate_waiting(decided)
    assert holds(decided)


def test_decisions_are_kept_when_everything_is_related_anew(decided: Store) -> None:
    decided.relations.mark_all()
    assert relate_waiting(decided) == 3
    assert holds(decided)


def test_decisions_are_kept_when_a_document_goes_and_comes_back(decided: Store) -> None:
    decided.documents.remove("d1")
    assert len(decided.relations.decisions()) == 2
    keep(decided, report("d1"), sha256=sha256_of("d1"))
    relate_waiting(decided)
    assert holds(decided)


def test_a_split_forbids_for_good_what_a_later_text_would_join(store: Store) -> None:
    split(store, "d1", "d3")
    same = report("d3")
    keep(store, same, sha256=same.sha256)
    relate_waiting(store)
    assert store.documents.get("d3").fold == ""
    assert are_one(store)


def test_decisions_are_kept_through_a_restart_and_a_backup(decided: Store, settings: Settings, tmp_path: Path) -> None:
    decided.close()
    with open_store(settings) as again:
        assert holds(again)
        assert len(again.audit.newest(limit=9)) == 2
    again.close()
    restored = replace(settings, data_dir=tmp_path / "restored")
    shutil.copytree(settings.data_dir, restored.data_dir)
    with open_store(restored) as store:
        assert holds(store)
        assert len(store.audit.newest(limit=9)) == 2


def test_the_index_follows_a_decision_and_shows_it_after_a_rebuild_too(decided: Store, settings: Settings) -> None:
    with closing(open_engine(settings, vocabulary=load_vocabulary())) as engine:
        bring_up_to_date(engine, decided)
        made = decided.relations.decisions()[0]
        undo(made.id, reason="For the index.", store=decided, by=BY)
        assert engine.applied_sequence() < decided.changes.last_sequence()
        catch_up(engine, decided)
        assert engine.applied_sequence() == decided.changes.last_sequence()
        split(decided)
        rebuild(engine, decided)
        assert engine.applied_sequence() == decided.changes.last_sequence()
    assert holds(decided)


def test_an_index_that_cannot_follow_just_now_does_not_stop_a_decision(decided: Store) -> None:
    class AwayEngine:
        def applied_sequence(self) -> int:
            raise StoreUnavailable("away")

    catch_up(AwayEngine(), decided)  # type: ignore[arg-type]
    assert holds(decided)
