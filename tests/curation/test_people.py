"""Persons and their tokens: added, rotated, removed, known again."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from corpus.audit import Actor, AuditAction, AuditChannel
from corpus.errors import BadInput, NotFound
from corpus.settings import Settings
from corpus.store import Store, open_store
from curation import Person, authorised
from curation.people import add_person, remove_person, rotate_token
from curation.tokens import new_token

BY = Actor("operator", AuditChannel.COMMAND)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with open_store(settings) as store:
        yield store


def later(**much: float) -> datetime:
    return datetime.now(UTC) + timedelta(**much)


def test_a_token_says_whose_it_is(store: Store) -> None:
    token = add_person("Ana Torres", store=store, by=BY)
    assert authorised(token.text, store=store) == Person("Ana Torres")


@pytest.mark.parametrize("text", ["", "x", pytest.param(new_token().text, id="another token"), "pushcart_\x00"])
def test_a_text_that_is_nobodys_token_lets_nobody_in(store: Store, text: str) -> None:
    add_person("Ana Torres", store=store, by=BY)
    assert authorised(text, store=store) is None


def test_the_token_itself_is_kept_nowhere(store: Store, settings: Settings) -> None:
    token = add_person("Ana Torres", store=store, by=BY)
    authorised(token.text, store=store)
    store.close()
    secret = token.text.split("_")[2].encode()
    assert not [path for path in settings.data_dir.rglob("*") if path.is_file() and secret in path.read_bytes()]


def test_digests_are_compared_in_constant_time_also_where_no_token_is_known(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[str, str]] = []
    constant = hmac.compare_digest

    def compare(one: str, other: str) -> bool:
        compared.append((one, other))
        return constant(one, other)

    token = add_person("Ana Torres", store=store, by=BY)
    monkeypatch.setattr(hmac, "compare_digest", compare)
    authorised(token.text, store=store)
    authorised(new_token().text, store=store)
    assert [len(one) == len(other) == 64 for one, other in compared] == [True, True]


def test_the_last_use_is_noted_and_not_more_than_once_a_minute(store: Store) -> None:
    token = add_person("Ana Torres", store=store, by=BY)
    first = later(hours=1)
    for much in (0, 30, 90):
        authorised(token.text, store=store, now=first + timedelta(seconds=much))
    (kept,) = store.people.all()
    assert kept.tokens[0].last_used == first + timedelta(seconds=90)
    authorised(token.text, store=store, now=first + timedelta(seconds=100))
    assert store.people.all()[0].tokens[0].last_used == first + timedelta(seconds=90)


def test_a_wrong_token_notes_no_use(store: Store) -> None:
    token = add_person("Ana Torres", store=store, by=BY)
    authorised(token.text[:-1], store=store)
    assert store.people.all()[0].tokens[0].last_used is None


def test_while_a_token_rotates_both_count_and_then_the_new_one_alone(store: Store) -> None:
    old = add_person("Ana Torres", store=store, by=BY)
    new = rotate_token("Ana Torres", store=store, by=BY, overlap_hours=2)
    assert authorised(old.text, store=store) == authorised(new.text, store=store) == Person("Ana Torres")
    assert authorised(old.text, store=store, now=later(hours=2, seconds=1)) is None
    assert authorised(new.text, store=store, now=later(hours=2, seconds=1)) == Person("Ana Torres")


def test_without_overlap_the_old_token_ends_at_once(store: Store) -> None:
    old = add_person("Ana Torres", store=store, by=BY)
    rotate_token("Ana Torres", store=store, by=BY, overlap_hours=0)
    assert authorised(old.text, store=store) is None


def test_never_do_more_than_two_tokens_of_one_person_count(store: Store) -> None:
    made = [add_person("Ana Torres", store=store, by=BY)]
    made += [rotate_token("Ana Torres", store=store, by=BY, overlap_hours=100) for _ in range(3)]
    assert [authorised(each.text, store=store) is not None for each in made] == [False, False, True, True]


def test_a_rotation_does_not_prolong_a_token_that_ends_earlier(store: Store) -> None:
    old = add_person("Ana Torres", store=store, by=BY, expires_days=1)
    rotate_token("Ana Torres", store=store, by=BY, overlap_hours=100)
    assert authorised(old.text, store=store, now=later(hours=25)) is None


def test_a_token_with_an_expiry_counts_until_then(store: Store) -> None:
    token = add_person("Ana Torres", store=store, by=BY, expires_days=30)
    assert authorised(token.text, store=store, now=later(days=29.9)) is not None
    assert authorised(token.text, store=store, now=later(days=30.1)) is None


def test_who_is_removed_is_let_in_no_more(store: Store) -> None:
    token = add_person("Ana Torres", store=store, by=BY)
    rotated = rotate_token("Ana Torres", store=store, by=BY, overlap_hours=9)
    remove_person("ana torres", store=store, by=BY)
    assert authorised(token.text, store=store) is None
    assert authorised(rotated.text, store=store) is None
    assert store.people.all() == ()


def test_a_name_that_somebody_has_in_other_capitals_is_refused(store: Store) -> None:
    add_person("Ana Torres", store=store, by=BY)
    with pytest.raises(BadInput, match="already"):
        add_person(" ANA  TORRES\n", store=store, by=BY)


@pytest.mark.parametrize("name", ["", " \n", "\u202e", "a" * 81])
def test_a_name_that_nobody_can_read_is_refused(store: Store, name: str) -> None:
    with pytest.raises(BadInput, match="1 to 80 characters"):
        add_person(name, store=store, by=BY)


@pytest.mark.parametrize(
    "name", ["Robert'); DROP TABLE people;--", "<script>alert(1)</script>", "%s {0} %(x)s", "名前"]
)
def test_a_name_is_text_and_nothing_else(store: Store, name: str) -> None:
    token = add_person(name, store=store, by=BY)
    assert authorised(token.text, store=store) == Person(name)
    assert remove_person(name, store=store, by=BY) == Person(name)


@pytest.mark.parametrize(
    "change", [remove_person, lambda name, **others: rotate_token(name, overlap_hours=1, **others)]
)
def test_nobody_of_that_name_is_said_with_what_to_do(store: Store, change) -> None:
    with pytest.raises(NotFound, match="no person called Bob") as caught:
        change("Bob", store=store, by=BY)
    assert "pushcart people list" in caught.value.try_next


@pytest.mark.parametrize("hours", [-1, 1e9, float("nan")])
def test_an_overlap_that_makes_no_sense_is_refused(store: Store, hours: float) -> None:
    old = add_person("Ana Torres", store=store, by=BY)
    with pytest.raises(BadInput):
        rotate_token("Ana Torres", store=store, by=BY, overlap_hours=hours)
    assert authorised(old.text, store=store) is not None


@pytest.mark.parametrize("days", [0, -1, 1e9, float("nan")])
def test_an_expiry_that_makes_no_sense_is_refused(store: Store, days: float) -> None:
    with pytest.raises(BadInput):
        add_person("Ana Torres", store=store, by=BY, expires_days=days)
    assert store.people.all() == ()


def test_every_change_of_persons_is_in_the_audit_log_without_their_tokens(store: Store) -> None:
    tokens = [add_person("Ana Torres", store=store, by=BY)]
    tokens.append(rotate_token("Ana Torres", store=store, by=BY, overlap_hours=1))
    remove_person("Ana Torres", store=store, by=BY)
    logged = store.audit.newest(limit=10)
    wanted = [AuditAction.PERSON_REMOVED, AuditAction.TOKEN_ROTATED, AuditAction.PERSON_ADDED]
    assert [each.entry.action for each in logged] == wanted
    assert {each.entry.actor for each in logged} == {BY}
    assert not [each for each in logged for token in tokens if token.text.split("_")[2] in str(each)]


def test_a_change_that_fails_leaves_nothing_in_the_audit_log(store: Store) -> None:
    add_person("Ana Torres", store=store, by=BY)
    with pytest.raises(BadInput):
        add_person("Ana Torres", store=store, by=BY)
    assert len(store.audit.newest(limit=10)) == 1
