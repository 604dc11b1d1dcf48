"""What checks of alerts ask of documents, matches and messages, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from corpus.alerts import AttemptOutcome, Channel, FoundMatch, Frequency, MatchOutcome
from corpus.settings import Settings
from corpus.store import NewSubscriber, Store, SubscriptionLimits, open_store
from nlp.works import relate
from tests.builders import A_DAY, make_document

MINUTE = timedelta(minutes=1)
LIMITS = SubscriptionLimits(in_all=10, per_subscriber=10, unconfirmed_per_network=10)


@pytest.fixture
def store(on_either: Settings):
    with open_store(on_either) as opened:
        yield opened


def follow(store: Store):
    who = NewSubscriber(Channel.EMAIL, "rosa@example.org", "es")
    _, made = store.subscriptions.add(who, (("q", "a"),), frequency=Frequency.DAILY, at=A_DAY, limits=LIMITS)
    store.subscriptions.confirm(made.id, at=A_DAY)
    return store.subscriptions.get(made.id)


def match(store: Store, *found: FoundMatch, at=A_DAY) -> None:
    assert store.matches.keep(found, store.matches.unmatched(), revision=store.subscriptions.revision(), at=at)


def test_a_document_is_new_by_its_first_sight_or_by_its_first_reading(store):
    assert store.alert_checks.events(["d1"]) == {}
    unread = replace(make_document("d1", pages=()), page_count=0)
    store.documents.save(unread)
    relate(store, [unread])
    first = store.alert_checks.events(["d1"])["d1"]
    assert (first.sequence, first.waits, first.is_read, first.matched_at) == (1, True, False, None)
    match(store)
    matched = store.alert_checks.events(["d1"])["d1"]
    assert (matched.sequence, matched.waits, matched.matched_at) == (1, False, A_DAY)
    store.documents.save(make_document("d1"))
    again = store.alert_checks.events(["d1"])["d1"]
    assert (again.sequence, again.newest, again.waits) == (again.newest, store.changes.last_sequence(), True)
    assert store.alert_checks.oldest_unmatched() is None  # it was matched once


def test_the_fold_of_a_document_is_all_its_copies_and_translations(store):
    for name, fold in (("d1", "f"), ("d2", "f"), ("d3", "")):
        store.documents.save(make_document(name, fold=fold))
    events = store.alert_checks.events(["d1", "d3"])
    folds = store.alert_checks.in_folds_of(list(events.values()))
    assert {fold: sorted(each.id for each in members) for fold, members in folds.items()} == {"f": ["d1", "d2"]}
    assert store.alert_checks.oldest_unmatched() == A_DAY


def test_what_was_matched_sent_and_tried_is_counted(store):
    followed = follow(store)
    known = FoundMatch(followed.id, "d2", 2, outcome=MatchOutcome.KNOWN, because_of="d1")
    match(store, FoundMatch(followed.id, "d1", 1), known)
    assert store.alert_checks.held(followed.id, ["d1", "d2", "d3"]) == {
        "d1": MatchOutcome.NEW,
        "d2": MatchOutcome.KNOWN,
    }
    assert store.alert_checks.oldest_untold() == A_DAY
    made = store.messages.gather(followed.subscriber, [followed.id], public_id="m1", at=A_DAY)
    assert made is not None
    assert store.alert_checks.oldest_untold() is None
    (claimed,) = store.messages.claim("w1", now=A_DAY)
    attempt = store.messages.begin_attempt(claimed, worker="w1", at=A_DAY)
    assert store.alert_checks.attempt_counts(since=A_DAY) == {"open": 1}
    store.messages.end_attempt(attempt, AttemptOutcome.ACCEPTED, answer="250", at=A_DAY + 5 * MINUTE)
    assert store.alert_checks.attempt_counts(since=A_DAY) == {"accepted": 1}
    assert store.alert_checks.attempt_counts(since=A_DAY + MINUTE) == {}
    (span,) = store.alert_checks.sent_spans(since=A_DAY)
    assert (span.frequency, span.seconds) == ("daily", 300.0)
    assert store.alert_checks.sent_spans(since=A_DAY + 6 * MINUTE) == ()


def test_sweeps_are_counted_by_followed_searches(store):
    assert store.alert_checks.sweeps() == (0, None)
    followed = follow(store)
    assert store.alert_checks.sweeps() == (1, None)
    assert store.alert_checks.subscriber_counts() == {"active": 1}
    store.subscriptions.note_swept(followed.id, at=A_DAY)
    assert store.alert_checks.sweeps() == (0, A_DAY)
