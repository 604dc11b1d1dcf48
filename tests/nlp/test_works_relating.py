"""Documents find their copies, translations and editions, and the records say the same whatever order they came in."""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Iterable

import pytest
from builders import A_DAY, make_document, sha256_of

from corpus.errors import NotFound
from corpus.store import Store, open_store
from corpus.store import relating as store_relating
from corpus.types import ChangeKind, Document, Outcome, Reading
from corpus.works import Decision, DecisionKind, RelationKind
from nlp.works import RELATED_BY, relate, relate_waiting

WORDS = re.findall(
    r"\w+",
    """waste pickers collect sort and sell what others throw away in cities of every size while few of them are counted
    by surveys or covered by social insurance organisations cooperatives and municipal contracts have changed that in places
    where pickers bargain with councils over prices access to recyclables sheds scales and vehicles""",
)

PRINTED = "printed by the press of the ministry on paper from managed woods"


def text_of(seed: int, words: int = 600, numbers: int = 0) -> str:
    """Return a text that shares no run of words with those of other seeds."""
    chance = random.Random(seed)
    made = [
        f"{chance.choice(WORDS)}{chance.choice('abcdefgh')}{seed}" if at % 3 else chance.choice(WORDS)
        for at in range(words)
    ]
    for _ in range(numbers):
        made.insert(chance.randrange(len(made)), str(chance.randrange(10_000, 99_999)))
    return " ".join(made)


def brought_up_to_date(text: str) -> str:
    """Return a text with other numbers."""
    return " ".join(str(int(word) + 7) if word.isdigit() else word for word in text.split())


def document(name: str, text: str, **others) -> Document:
    words = text.split()
    third = len(words) // 3 + 1
    pages = tuple(" ".join(words[at : at + third]) for at in range(0, len(words), third)) or ("",)
    return make_document(name, pages=pages, **({"title": f"Report on the work of {name}"} | others))


def keep(store: Store, documents: Iterable[Document]) -> None:
    """Save documents with their pages, each related when it came, as `pushcart process` does."""
    for each in documents:
        reading = Reading(each.sha256, Outcome.READ, pages=each.pages)
        store.readings.save(reading, reader_version="1")
        store.documents.save(each)
        relate(store, [each])


def found(store: Store) -> dict[tuple[str, str], str]:
    return {(each.first, each.second): each.kind.value for each in store.relations.found()}


def groups(store: Store) -> dict[str, tuple[str, str, str]]:
    return {
        name: (each.work, each.fold, each.copies)
        for name, each in store.documents.get_many(store.documents.ids()).items()
    }


@pytest.fixture
def store(settings):
    with open_store(settings) as opened:
        yield opened


A_LIBRARY = [
    document("d1", text_of(1, numbers=20), title="Street vendors of Lima", published="2018"),
    document("d2", text_of(7, 30) + " " + text_of(1, numbers=20), title="Street vendors of Lima", published="2018"),
    document("d3", brought_up_to_date(text_of(1, numbers=20)), title="Street vendors of Lima", published="2019"),
    document("d4", text_of(2), title="Annual report"),
    document("d5", text_of(3), title="Annual report"),
    document("d6", text_of(4, 2000)),
    document("d7", " ".join(text_of(4, 2000).split()[200:800])),
    document("d8", text_of(1, numbers=20) + " " + text_of(8, 30), title="Street vendors of Lima"),
]


def test_a_library_is_related_as_a_librarian_would(store):
    keep(store, A_LIBRARY)
    assert found(store) == {
        ("d1", "d2"): "copy",
        ("d1", "d3"): "edition",
        ("d2", "d3"): "edition",
        ("d1", "d8"): "copy",
        ("d2", "d8"): "copy",
        ("d3", "d8"): "edition",
        ("d6", "d7"): "extract",
    }
    assert groups(store)["d1"] == ("wd1", "fd1", "cd1")
    assert groups(store)["d8"] == ("wd1", "fd1", "cd1")
    assert groups(store)["d3"] == ("wd1", "", "")
    assert groups(store)["d4"] == ("d4", "", "")


@pytest.mark.parametrize("seed", range(3))
def test_relations_and_groups_are_the_same_in_any_order_of_arrival(settings, tmp_path, seed):
    with open_store(dataclasses.replace(settings, data_dir=tmp_path / "in order")) as one:
        keep(one, A_LIBRARY)
        expected = one.relations.found(), groups(one)
    shuffled = list(A_LIBRARY)
    random.Random(seed).shuffle(shuffled)
    with open_store(dataclasses.replace(settings, data_dir=tmp_path / "shuffled")) as other:
        keep(other, shuffled)
        other.documents.remove("d2")
        other.documents.remove("d8")
        keep(other, [each for each in A_LIBRARY if each.id in ("d2", "d8")])
        assert (other.relations.found(), groups(other)) == expected
        other.relations.mark_all()
        relate_waiting(other)
        assert (other.relations.found(), groups(other)) == expected


def test_relations_are_kept_on_either_database(on_either):
    with open_store(on_either) as store:
        keep(store, A_LIBRARY[:4])
        assert groups(store)["d2"] == ("wd1", "fd1", "cd1")
        kept = store.relations.decide(Decision(DecisionKind.SPLIT, "d1", "d2", None, "Ana", "no", A_DAY))
        assert groups(store)["d2"] == ("wd1", "", "")
        assert store.relations.decisions("d2") == (kept,)
        store.relations.undo(kept.id)
        assert groups(store)["d2"] == ("wd1", "fd1", "cd1")
        store.documents.remove("d1")
        assert groups(store)["d2"] == ("wd2", "", "")


def test_a_removed_document_leaves_its_group(store):
    keep(store, A_LIBRARY[:2])
    store.documents.remove("d1")
    assert found(store) == {}
    assert groups(store) == {"d2": ("d2", "", "")}


def test_documents_whose_group_changes_are_in_the_log_of_changes(store):
    keep(store, A_LIBRARY[:1])
    before = store.changes.last_sequence()
    keep(store, A_LIBRARY[1:2])
    later = {each.document_id: each.kind for each in store.changes.after(before)}
    assert later == {"d1": ChangeKind.UPDATED, "d2": ChangeKind.UPDATED}


def test_a_document_that_is_related_again_writes_no_change(store):
    keep(store, A_LIBRARY)
    before = store.changes.last_sequence()
    store.relations.mark_all()
    assert relate_waiting(store) == len(A_LIBRARY)
    assert store.changes.last_sequence() == before


def test_a_document_whose_text_changed_finds_other_copies(store):
    keep(store, [document("d1", text_of(1)), document("d2", text_of(1) + " end"), document("d3", text_of(2))])
    assert found(store) == {("d1", "d2"): "copy"}
    keep(store, [document("d2", text_of(2) + " end", sha256=sha256_of("newer"))])
    assert found(store) == {("d2", "d3"): "copy"}
    assert groups(store)["d1"] == ("d1", "", "")


def test_a_document_that_was_saved_and_not_related_is_related_later(store):
    keep(store, A_LIBRARY[:1])
    late = A_LIBRARY[1]
    store.readings.save(Reading(late.sha256, Outcome.READ, pages=late.pages), reader_version="1")
    store.documents.save(late)
    assert store.relations.unrelated(version=RELATED_BY) == ("d2",)
    assert relate_waiting(store) == 1
    assert found(store) == {("d1", "d2"): "copy"}


def test_a_saved_document_keeps_its_groups_until_it_is_related_anew(store):
    keep(store, A_LIBRARY[:2])
    store.documents.save(A_LIBRARY[1])
    assert groups(store)["d2"] == ("wd1", "fd1", "cd1")
    assert store.relations.unrelated(version=RELATED_BY) == ("d2",)


def test_a_decision_stays_when_its_document_is_removed_and_comes_back(store):
    keep(store, A_LIBRARY[:2])
    store.relations.decide(Decision(DecisionKind.SPLIT, "d1", "d2", None, "Ana", "", A_DAY))
    store.documents.remove("d1")
    keep(store, A_LIBRARY[:1])
    assert groups(store)["d1"] == ("d1", "", "")
    assert store.relations.of("d1") == ()


def test_joined_documents_come_together_again_when_one_comes_back(store):
    keep(store, [A_LIBRARY[0], A_LIBRARY[3]])
    store.relations.decide(Decision(DecisionKind.JOIN, "d1", "d4", RelationKind.TRANSLATION, "Ana", "", A_DAY))
    store.documents.remove("d1")
    assert groups(store) == {"d4": ("d4", "", "")}
    assert store.relations.of("d4") == ()
    keep(store, [A_LIBRARY[0]])
    assert groups(store)["d4"] == ("wd1", "fd1", "")
    (relation,) = store.relations.of("d4")
    assert (relation.kind, relation.confidence) == (RelationKind.TRANSLATION, 1.0)


def test_a_decision_on_a_document_that_is_not_there_is_refused(store):
    keep(store, A_LIBRARY[:1])
    with pytest.raises(NotFound, match="d9"):
        store.relations.decide(Decision(DecisionKind.SPLIT, "d1", "d9", None, "Ana", "", A_DAY))


def test_a_decision_that_is_not_there_cannot_be_undone(store):
    with pytest.raises(NotFound, match="no decision 7"):
        store.relations.undo(7)


@pytest.mark.parametrize("order", [1, -1])
def test_what_more_documents_share_than_so_many_tells_nothing_in_any_order(store, monkeypatch, order):
    monkeypatch.setattr(store_relating, "HOLDERS_MAX", 4)
    notice = [document(f"d{number}", text_of(9) + f" {number}") for number in range(6)]
    keep(store, notice[::order])
    relate_waiting(store)
    assert found(store) == {}
    assert set(groups(store).values()) == {(f"d{number}", "", "") for number in range(6)}
    store.documents.remove("d0")
    store.documents.remove("d1")
    relate_waiting(store)
    assert len(found(store)) == 6
    assert {each[2] for each in groups(store).values()} == {"cd2"}


def test_files_of_one_landing_page_are_one_work_however_its_address_is_spelled(store):
    keep(
        store,
        [
            document("d1", text_of(1), landing_url="https://example.org/p?utm_source=feed"),
            document("d2", text_of(2), landing_url="https://example.org:443/p"),
            document("d3", text_of(3), landing_url="https://example.org/q"),
        ],
    )
    assert found(store) == {("d1", "d2"): "part"}
    assert groups(store)["d2"] == ("wd1", "", "")


def test_a_sentence_that_was_added_to_a_long_text_makes_an_edition(store):
    text = text_of(3, words=9000).split()
    added = [*text[:4000], *["the", "council", "may", "waive", "the", "fee", "for", "older", "vendors"], *text[4000:]]
    keep(store, [document("d1", " ".join(text)), document("d2", " ".join(added))])
    assert [each.kind for each in store.relations.of("d1")] == [RelationKind.EDITION]


def test_a_long_text_in_two_files_is_a_copy(store):
    text = text_of(3, words=9000)
    keep(store, [document("d1", text), document("d2", f"{text} {PRINTED}")])
    assert [each.kind for each in store.relations.of("d1")] == [RelationKind.COPY]
