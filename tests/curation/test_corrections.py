"""What persons correct on a document: checked, kept with its entry in the audit log, undone by one step."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus.audit import Actor, AuditAction, AuditChannel
from corpus.corrections import Correction, CorrectionKind
from corpus.errors import BadInput, NotFound
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.types import Document, Facet
from corpus.vocabulary import load_vocabulary
from curation.catching_up import catch_up
from curation.corrections import CorrectionWanted, correct, undo_correction, undo_last
from curation.messages import action_in_words, details_in_words
from search_api.answers.service import search
from search_api.engines.opening import open_engine
from search_api.indexing import bring_up_to_date, rebuild
from search_api.query.parameters import SearchQuery
from tests.builders import make_document, make_source, make_tag, sha256_of
from tests.web.library import keep

BY = Actor("Ana Torres", AuditChannel.API)
VENDORS = "group:street_vendors"


def report(document_id: str = "d1", **others: Any) -> Document:
    tags = (
        make_tag("group", "street_vendors", primary=True, places=((1, 2),)),
        make_tag("country", "PER", primary=True),
        make_tag("country", "BOL", about=False, weight=0.1),
    )
    return make_document(document_id, **({"title": "Vendors in two cities", "tags": tags} | others))


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with open_store(settings) as store:
        store.sources.save(make_source())
        for document in (report("d1"), report("d2")):
            keep(store, document, sha256=document.sha256)
        yield store


def say(store: Store, kind: str, *values: str, document: str = "d1", by: Actor = BY, **others: Any) -> Correction:
    wanted = CorrectionWanted(CorrectionKind(kind), document, "I read it.", **({"values": values} | others))
    return correct(wanted, store=store, vocabulary=load_vocabulary(), by=by)


def tags_of(store: Store, document: str = "d1") -> set[str]:
    return {f"{tag.facet}:{tag.concept}" for tag in store.documents.get(document).tags}


def test_a_tag_is_rejected_and_stands_in_the_audit_log_with_person_reason_and_time(store: Store) -> None:
    kept = say(store, "reject", tag=VENDORS)
    assert VENDORS not in tags_of(store)
    assert VENDORS in tags_of(store, "d2")
    (logged,) = store.audit.newest(limit=9)
    entry = logged.entry
    assert (entry.actor, entry.action, entry.at) == (BY, AuditAction.TAG_REJECTED, kept.at)
    assert (entry.document, entry.reason, entry.subject) == ("d1", "I read it.", f"correction:{kept.id}")
    assert (action_in_words(entry), details_in_words(entry)) == ("rejected a tag", VENDORS)


@pytest.mark.parametrize("tag", ["group:waste_pickers", "Waste pickers", "recicladores", "group:catadores"])
def test_a_tag_is_added_by_id_or_by_a_name_in_any_language(store: Store, tag: str) -> None:
    kept = say(store, "add", tag=tag)
    assert kept.subject == "group:waste_pickers"
    assert "group:waste_pickers" in tags_of(store)


@pytest.mark.parametrize("tag", ["Peru", "country:PER", "country:Pérou", "per"])
def test_a_country_is_named_by_code_or_name(store: Store, tag: str) -> None:
    assert say(store, "reject", tag=tag).subject == "country:PER"


def test_a_mention_is_added_as_one_and_the_log_says_so(store: Store) -> None:
    say(store, "add", tag="topic:taxation", about=False)
    (tag,) = store.documents.get("d1").tags_of(Facet.TOPIC)
    assert not tag.about
    assert details_in_words(store.audit.newest(limit=1)[0].entry) == "topic:taxation, a mention only"


def test_an_accepted_tag_stays_what_it_is_unless_the_person_says_otherwise(store: Store) -> None:
    assert say(store, "accept", tag="country:BOL").about is False
    assert say(store, "accept", tag="country:BOL", about=True).about is True
    assert {tag.concept for tag in store.documents.get("d1").tags_of(Facet.COUNTRY) if tag.about} == {"PER", "BOL"}


@pytest.mark.parametrize(
    ("kind", "values", "kept"),
    [
        ("title", ["  Street vendors\n in two cities "], ("Street vendors in two cities",)),
        ("authors", ["Quispe, Rosa", "", "Ministerio de Trabajo"], ("Quispe, Rosa", "Ministerio de Trabajo")),
        ("authors", [], ()),
        ("date", ["2019-02-28"], ("2019-02-28",)),
        ("date", [""], ()),
        ("country", ["Bolivie", "PER", "bo"], ("BOL", "PER")),
        ("country", ["UK"], ("GBR",)),
    ],
)
def test_a_field_is_corrected(store: Store, kind: str, values: list[str], kept: tuple[str, ...]) -> None:
    assert say(store, kind, *values).values == kept


def test_the_log_says_what_a_field_was_and_what_it_is(store: Store) -> None:
    say(store, "date", "2019")
    say(store, "title", "A" * 400)
    title, date = store.audit.newest(limit=2)
    assert details_in_words(date.entry) == "from nothing to 2019"
    assert len(title.entry.details["to"]) == 300
    assert store.documents.get("d1").title == "A" * 400


@pytest.mark.parametrize(
    ("kind", "given", "error"),
    [
        ("reject", {"tag": "group:waste_pickers"}, NotFound),
        ("accept", {"tag": "topic:taxation"}, NotFound),
        ("accept", {"tag": ""}, NotFound),
        ("add", {"tag": "group:astronauts"}, NotFound),
        ("add", {"tag": "planet:mars"}, NotFound),
        ("add", {"tag": ""}, NotFound),
        ("add", {"tag": "Congo"}, BadInput),
        ("title", {"values": ("",)}, BadInput),
        ("title", {"values": ()}, BadInput),
        ("title", {"values": ("a", "b")}, BadInput),
        ("title", {"values": ("a" * 501,)}, BadInput),
        ("authors", {"values": tuple(f"Author {n}" for n in range(201))}, BadInput),
        ("authors", {"values": ("a" * 201,)}, BadInput),
        ("date", {"values": ("2019-02-30",)}, BadInput),
        ("date", {"values": ("2019-13",)}, BadInput),
        ("date", {"values": ("0000",)}, BadInput),
        ("date", {"values": ("May 2019",)}, BadInput),
        ("date", {"values": ("２０１９",)}, BadInput),
        ("date", {"values": ("2019", "2020")}, BadInput),
        ("country", {"values": ("Atlantis",)}, BadInput),
        ("country", {"values": ("Congo",)}, BadInput),
        ("country", {"values": ("Latin America",)}, BadInput),
    ],
)
def test_what_cannot_be_corrected_so_is_refused_and_nothing_is_kept(
    store: Store, kind: str, given: dict[str, Any], error: type[Exception]
) -> None:
    before = store.documents.get("d1")
    with pytest.raises(error):
        say(store, kind, **given)
    assert store.documents.get("d1") == before
    assert store.audit.newest(limit=9) == ()


def test_a_name_that_several_have_is_answered_with_the_choices(store: Store) -> None:
    with pytest.raises(BadInput) as caught:
        say(store, "add", tag="Congo")
    assert "country:COD" in caught.value.try_next
    assert "country:COG" in caught.value.try_next


@pytest.mark.parametrize("reason", ["", " \n", "a" * 1001])
def test_a_correction_needs_a_reason(store: Store, reason: str) -> None:
    wanted = CorrectionWanted(CorrectionKind.REJECT, "d1", reason, tag=VENDORS)
    with pytest.raises(BadInput, match="A reason has"):
        correct(wanted, store=store, vocabulary=load_vocabulary(), by=BY)
    assert VENDORS in tags_of(store)


def test_a_correction_that_cannot_be_logged_is_not_made(store: Store, settings: Settings) -> None:
    with closing(sqlite3.connect(settings.data_dir / "pushcart.sqlite3")) as database:
        database.execute("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(Exception, match="no"):
        say(store, "reject", tag=VENDORS)
    assert store.corrections.of("d1") == ()
    assert VENDORS in tags_of(store)


def test_what_is_corrected_already_is_not_corrected_again(store: Store) -> None:
    say(store, "title", "The title")
    say(store, "add", tag="topic:taxation")
    for kind, given in (("title", {"values": ("The title",)}), ("accept", {"tag": "topic:taxation"})):
        with pytest.raises(BadInput, match="already corrected, by Ana Torres"):
            say(store, kind, **given)
    say(store, "title", "Another title")
    say(store, "title", "The title")
    assert len(store.audit.newest(limit=9)) == 4


def test_a_rejected_tag_is_added_again_by_a_later_correction(store: Store) -> None:
    say(store, "reject", tag=VENDORS)
    say(store, "add", tag=VENDORS)
    assert VENDORS in tags_of(store)


def test_a_correction_is_undone_by_one_step_and_the_log_says_so(store: Store) -> None:
    before = store.documents.get("d1")
    kept = say(store, "reject", tag=VENDORS)
    undone = undo_correction(kept.id, reason="Read once more.", store=store, by=replace(BY, name="Bea"))
    assert store.documents.get("d1") == before
    assert (undone.entry.actor.name, undone.entry.reason, undone.entry.undoes) == ("Bea", "Read once more.", 1)
    assert [each.undone_by for each in store.audit.newest(limit=9)] == [None, undone.number]
    with pytest.raises(NotFound):
        undo_correction(kept.id, reason="And again.", store=store, by=BY)


def test_the_last_correction_of_a_document_is_undone_then_the_one_before(store: Store) -> None:
    say(store, "reject", tag=VENDORS)
    say(store, "date", "2020")
    say(store, "date", "2021", document="d2")
    undo_last("/documents/d1", reason="No.", store=store, by=BY)
    assert (store.documents.get("d1").published, tags_of(store) & {VENDORS}) == ("", set())
    undo_last("d1", reason="No.", store=store, by=BY)
    assert VENDORS in tags_of(store)
    with pytest.raises(NotFound, match="has no corrections"):
        undo_last("d1", reason="No.", store=store, by=BY)
    assert store.documents.get("d2").published == "2021"


def test_the_last_correction_of_a_document_that_is_gone_is_undone(store: Store) -> None:
    say(store, "reject", tag=VENDORS)
    store.documents.remove("d1")
    undo_last("d1", reason="No.", store=store, by=BY)
    assert store.corrections.of("d1") == ()


# ---------------------------------------------------------------------- kept through everything


def test_corrections_are_kept_through_retagging_new_versions_and_coming_back(store: Store) -> None:
    say(store, "reject", tag=VENDORS)
    store.documents.save(report("d1"), tagger_version="2")
    assert VENDORS not in tags_of(store)
    newer = replace(report("d1"), sha256=sha256_of("a new version"))
    keep(store, newer, sha256=newer.sha256)
    assert VENDORS not in tags_of(store)
    store.documents.remove("d1")
    keep(store, report("d1"), sha256=sha256_of("d1"))
    assert VENDORS not in tags_of(store)


def test_corrections_are_kept_through_a_restart_and_a_backup(store: Store, settings: Settings, tmp_path: Path) -> None:
    say(store, "reject", tag=VENDORS)
    restored = replace(settings, data_dir=tmp_path / "restored")
    restored.data_dir.mkdir()
    with (
        closing(sqlite3.connect(settings.data_dir / "pushcart.sqlite3")) as database,
        closing(sqlite3.connect(restored.data_dir / "pushcart.sqlite3")) as backup,
    ):
        database.backup(backup)
    say(store, "add", tag="topic:taxation")
    store.close()
    shutil.rmtree(settings.data_dir)
    with open_store(restored) as again:
        again.documents.save(report("d1"), tagger_version="3")
        assert tags_of(again) == {"country:PER", "country:BOL"}
        assert len(again.audit.newest(limit=9)) == 1
        undo_last("d1", reason="No.", store=again, by=BY)
        assert VENDORS in tags_of(again)


def test_search_and_facets_follow_a_correction_and_its_undoing(store: Store, settings: Settings) -> None:
    vocabulary = load_vocabulary()
    with closing(open_engine(settings, vocabulary=vocabulary)) as engine:

        def found(**query: Any) -> tuple[set[str], dict[str, int]]:
            results = search(SearchQuery(**query), engine=engine, store=store, vocabulary=vocabulary)
            counts = {
                f"{facet}:{each.value}": each.count for facet, values in results.facets.items() for each in values
            }
            return {hit.document.id for hit in results.hits}, counts

        bring_up_to_date(engine, store)
        assert found(groups=("street_vendors",))[0] == {"d1", "d2"}
        say(store, "reject", tag=VENDORS)
        say(store, "add", tag="group:waste_pickers")
        say(store, "title", "Hawkers of Puno")
        catch_up(engine, store)
        for _ in range(2):
            assert found(groups=("street_vendors",))[0] == {"d2"}
            assert found(groups=("waste_pickers",))[0] == {"d1"}
            assert found(text="waste pickers")[0] == {"d1"}
            assert found(text="title:puno")[0] == {"d1"}
            assert found()[1]["group:waste_pickers"] == 1
            rebuild(engine, store)
        for _ in range(3):
            undo_last("d1", reason="No.", store=store, by=BY)
        catch_up(engine, store)
        assert found(groups=("street_vendors",))[0] == {"d1", "d2"}
        assert "group:waste_pickers" not in found()[1]
