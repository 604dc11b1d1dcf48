"""Frozen searches in the record store: what is kept, for how long, how many, and the versions of documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from corpus.settings import Settings
from corpus.store import FrozenDocument, FrozenSearch, NoRoom, Store, open_store
from corpus.store.frozen import packed, unpacked
from tests.builders import A_DAY, make_document, make_tag, sha256_of

IN_ALL, PER_NETWORK = 5, 2


@pytest.fixture
def store(on_either: Settings):
    with open_store(on_either) as opened:
        yield opened


def frozen(name: str = "one", **others) -> FrozenSearch:
    documents = (FrozenDocument("d2", b"abcd", b"efgh"), FrozenDocument("d1", b"\n\x00\xff\n", b"ijkl"))
    values = {
        "key": sha256_of(name),
        "name": "Review “of” 2026",
        "query": (("q", "street vendors"), ("country", "PER")),
        "sequence": 7,
        "vocabulary": "874f12f40feb",
        "frozen_at": A_DAY,
        "expires_at": A_DAY + timedelta(days=10),
        "network": "",
        "hits": 2,
        "documents": documents,
        "report": '{"text": "ñ"}'.encode(),
    }
    return FrozenSearch(**values | others)


def add(store: Store, search: FrozenSearch) -> FrozenSearch:
    store.frozen.add(search, in_all=IN_ALL, per_network=PER_NETWORK)
    return search


def versions(store: Store) -> FrozenDocument:
    return store.frozen.versions(["d1"])["d1"]


def test_what_is_kept_comes_back_equal(store: Store) -> None:
    kept = add(store, frozen())
    found = store.frozen.get(kept.key, now=A_DAY)
    assert found is not None
    assert replace(found, size=0) == kept
    assert found.size > 0
    assert store.frozen.get(sha256_of("other"), now=A_DAY) is None


def test_one_without_documents_is_kept_too(store: Store) -> None:
    kept = add(store, frozen(hits=0, documents=()))
    found = store.frozen.get(kept.key, now=A_DAY)
    assert found is not None
    assert found.documents == ()


def test_a_document_takes_less_than_twenty_bytes() -> None:
    many = tuple(FrozenDocument(f"d{sha256_of(str(n))[:16]}", *two(n)) for n in range(1000))
    stored = packed(many)
    assert len(stored) < 20_000
    assert unpacked(stored, count=1000) == many


def two(number: int) -> tuple[bytes, bytes]:
    digest = bytes.fromhex(sha256_of(f"version {number}"))
    return digest[:4], digest[4:8]


def test_one_that_has_expired_is_not_found_and_goes_with_the_next_that_is_kept(store: Store) -> None:
    old = add(store, frozen("old"))
    later = old.expires_at + timedelta(seconds=1)
    assert store.frozen.get(old.key, now=old.expires_at) is None
    assert [each.key for each in store.frozen.all()] == [old.key]
    new = add(store, frozen("new", frozen_at=later, expires_at=later + timedelta(days=10)))
    assert [each.key for each in store.frozen.all()] == [new.key]


def test_those_that_have_expired_are_removed_when_asked_for(store: Store) -> None:
    add(store, frozen("old"))
    new = add(store, frozen("new", expires_at=A_DAY + timedelta(days=20)))
    assert store.frozen.remove_expired(now=A_DAY + timedelta(days=15)) == 1
    assert [each.key for each in store.frozen.all()] == [new.key]
    assert store.frozen.remove_expired(now=A_DAY + timedelta(days=15)) == 0


def test_a_visit_prolongs_it(store: Store) -> None:
    kept = add(store, frozen())
    store.frozen.prolong(kept.key, until=A_DAY + timedelta(days=30))
    assert store.frozen.get(kept.key, now=A_DAY + timedelta(days=29)) is not None


def test_it_is_renamed_and_removed_by_its_key(store: Store) -> None:
    kept, other = add(store, frozen()), add(store, frozen("other"))
    store.frozen.rename(kept.key, "Another name")
    assert {each.key: each.name for each in store.frozen.all()} == {kept.key: "Another name", other.key: other.name}
    assert store.frozen.remove(kept.key)
    assert not store.frozen.remove(kept.key)
    assert [each.key for each in store.frozen.all()] == [other.key]


def test_a_network_keeps_no_more_than_its_number(store: Store) -> None:
    for number in range(PER_NETWORK):
        add(store, frozen(f"mine {number}", network="ab"))
    with pytest.raises(NoRoom) as caught:
        add(store, frozen("too many", network="ab"))
    assert caught.value.of_network
    with pytest.raises(NoRoom):
        store.frozen.check_room("ab", in_all=IN_ALL, per_network=PER_NETWORK, now=A_DAY)
    add(store, frozen("of another network", network="cd"))


def test_this_machine_is_not_counted_but_for_the_whole(store: Store) -> None:
    for number in range(IN_ALL):
        add(store, frozen(f"mine {number}"))
    with pytest.raises(NoRoom) as caught:
        add(store, frozen("too many"))
    assert not caught.value.of_network
    assert len(store.frozen.all()) == IN_ALL


def test_what_has_expired_takes_no_room(store: Store) -> None:
    for number in range(IN_ALL):
        add(store, frozen(f"old {number}"))
    later = A_DAY + timedelta(days=11)
    store.frozen.check_room("", in_all=IN_ALL, per_network=PER_NETWORK, now=later)
    add(store, frozen("new", frozen_at=later, expires_at=later + timedelta(days=1)))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "Another"),
        ("authors", ("B. Author",)),
        ("publisher", "WIEGO"),
        ("published", "2020"),
        ("lang", "es"),
        ("type", "book"),
        ("abstract", "Short."),
        ("identifiers", {"doi": "10.1/1"}),
        ("licence", "CC BY 4.0"),
        ("url", "https://example.org/other.pdf"),
        ("landing_url", "https://example.org/"),
    ],
)
def test_what_a_reader_is_shown_makes_another_version(store: Store, field: str, value: object) -> None:
    document = make_document("d1", pages=())
    store.documents.save(document)
    before = versions(store)
    store.documents.save(replace(document, **{field: value}))
    after = versions(store)
    assert (before.file == after.file, before.shown == after.shown) == (True, False)


def test_other_bytes_make_another_version(store: Store) -> None:
    document = make_document("d1", pages=())
    store.documents.save(document)
    before = versions(store)
    store.documents.save(replace(document, sha256=sha256_of("new")))
    after = versions(store)
    assert (before.file == after.file, before.shown == after.shown) == (False, True)


def test_tags_works_and_another_tagger_make_none(store: Store) -> None:
    document = make_document("d1", pages=())
    store.documents.save(document, tagger_version="1")
    before = versions(store)
    changed = replace(document, tags=(make_tag("country", "PER"),), work="d0", back_matter=(1,))
    store.documents.save(changed, tagger_version="2")
    assert versions(store) == before


def test_a_removed_document_has_no_version_and_the_log_says_since_when(store: Store) -> None:
    for name in ("d1", "d2"):
        store.documents.save(make_document(name, pages=()))
    store.documents.remove("d1")
    assert set(store.frozen.versions(["d1", "d2", "d3"])) == {"d2"}
    assert set(store.frozen.removed_at(["d1", "d2", "d3"])) == {"d1"}
    assert store.frozen.removed_at(["d1"])["d1"].tzinfo is not None


def test_many_documents_are_asked_for_at_once(store: Store) -> None:
    store.documents.save(make_document("d1", pages=()))
    assert set(store.frozen.versions([*(f"x{n}" for n in range(1200)), "d1"])) == {"d1"}
