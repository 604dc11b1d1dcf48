"""Sessions: signed, bound to a token, and over when that is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from corpus.audit import Actor, AuditChannel
from corpus.secret_key import passing_key
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.store.people import SESSIONS_MAX
from curation.people import add_person, remove_person, rotate_token
from curation.sign_ins import SESSION_HOURS, SignIns

BY = Actor("operator", AuditChannel.COMMAND)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with open_store(settings) as store:
        yield store


@pytest.fixture
def token(store: Store) -> str:
    return add_person("Ana Torres", store=store, by=BY).text


@pytest.fixture
def sign_ins(store: Store) -> SignIns:
    return SignIns(store, passing_key())


def begun(sign_ins: SignIns, token: str, *, now: datetime | None = None) -> str:
    cookie = sign_ins.begin(token, now=now)
    assert cookie is not None
    return cookie


def test_a_session_says_who_is_signed_in(sign_ins: SignIns, token: str) -> None:
    visitor = sign_ins.visitor(begun(sign_ins, token))
    assert visitor is not None
    assert visitor.person.name == "Ana Torres"


def test_a_wrong_token_begins_no_session(sign_ins: SignIns, token: str) -> None:
    assert sign_ins.begin(token[:-1] + "x") is None


def test_a_cookie_that_was_changed_anywhere_is_nobodys(sign_ins: SignIns, token: str) -> None:
    cookie = begun(sign_ins, token)
    for place in range(len(cookie)):
        other = "a" if cookie[place] != "a" else "b"
        assert sign_ins.visitor(cookie[:place] + other + cookie[place + 1 :]) is None


@pytest.mark.parametrize("cookie", ["", ".", "a.b", "." * 5000, "é.ü", "\ud800.x", "pushcart"])
def test_a_cookie_that_is_none_of_ours_is_nobodys(sign_ins: SignIns, token: str, cookie: str) -> None:
    assert sign_ins.visitor(cookie) is None


def test_whoever_has_the_database_alone_makes_no_session(store: Store, sign_ins: SignIns, token: str) -> None:
    cookie = begun(sign_ins, token)
    other_key = SignIns(store, passing_key())
    assert other_key.visitor(cookie) is None


def test_whoever_has_the_key_alone_makes_no_session(store: Store, token: str) -> None:
    key = passing_key()
    forged = f"{'A' * 43}.{SignIns(store, key)._signature('session', 'A' * 43)}"
    assert SignIns(store, key).visitor(forged) is None


def test_a_session_ends_after_some_hours(sign_ins: SignIns, token: str) -> None:
    cookie = begun(sign_ins, token)
    assert sign_ins.visitor(cookie, now=datetime.now(UTC) + timedelta(hours=SESSION_HOURS - 0.1)) is not None
    assert sign_ins.visitor(cookie, now=datetime.now(UTC) + timedelta(hours=SESSION_HOURS + 0.1)) is None


def test_a_session_that_was_ended_does_not_come_back_with_its_cookie(sign_ins: SignIns, token: str) -> None:
    cookie = begun(sign_ins, token)
    sign_ins.end(cookie)
    assert sign_ins.visitor(cookie) is None


def test_a_session_ends_when_its_person_is_removed(store: Store, sign_ins: SignIns, token: str) -> None:
    cookie = begun(sign_ins, token)
    remove_person("Ana Torres", store=store, by=BY)
    add_person("Ana Torres", store=store, by=BY)
    assert sign_ins.visitor(cookie) is None


def test_a_session_ends_when_its_token_is_rotated_out(store: Store, sign_ins: SignIns, token: str) -> None:
    cookie = begun(sign_ins, token)
    rotate_token("Ana Torres", store=store, by=BY, overlap_hours=1)
    assert sign_ins.visitor(cookie) is not None
    assert sign_ins.visitor(cookie, now=datetime.now(UTC) + timedelta(hours=1.01)) is None
    rotate_token("Ana Torres", store=store, by=BY, overlap_hours=0)
    assert sign_ins.visitor(cookie) is None


def test_a_session_ends_with_the_expiry_of_its_token(store: Store, sign_ins: SignIns) -> None:
    token = add_person("Bea", store=store, by=BY, expires_days=0.1).text
    cookie = begun(sign_ins, token)
    assert sign_ins.visitor(cookie, now=datetime.now(UTC) + timedelta(days=0.11)) is None


def test_the_forms_of_two_sessions_of_one_person_have_different_words(sign_ins: SignIns, token: str) -> None:
    one, other = (sign_ins.visitor(begun(sign_ins, token)) for _ in range(2))
    assert one is not None
    assert other is not None
    assert one.form_word != other.form_word


def test_the_oldest_session_of_a_token_makes_room(sign_ins: SignIns, token: str) -> None:
    start = datetime.now(UTC)
    cookies = [begun(sign_ins, token, now=start + timedelta(seconds=each)) for each in range(SESSIONS_MAX + 1)]
    assert [sign_ins.visitor(each) is not None for each in cookies] == [False, *[True] * SESSIONS_MAX]


def test_a_session_lives_through_a_restart(settings: Settings, sign_ins: SignIns, token: str, store: Store) -> None:
    key = passing_key()
    cookie = begun(SignIns(store, key), token)
    with open_store(settings) as anew:
        assert SignIns(anew, key).visitor(cookie) is not None
