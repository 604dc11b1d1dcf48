"""The outbox: what workers share, claims that end without a try, and what a look at the records costs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from corpus.alerts import AttemptOutcome, Channel, FoundMatch, Frequency, MessageKind, MessageState
from corpus.settings import Settings
from corpus.store import NewSubscriber, Store, SubscriptionLimits, open_store
from nlp.works import relate
from tests.builders import A_DAY, make_document

LIMITS = SubscriptionLimits(in_all=10, per_subscriber=10, unconfirmed_per_network=10)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(settings: Settings):
    with open_store(settings) as opened:
        yield opened


@pytest.fixture
def either_store(on_either: Settings):
    with open_store(on_either) as opened:
        yield opened


def follow(store: Store, address: str = "rosa@example.org", *, word: str = "work"):
    who = NewSubscriber(Channel.EMAIL, address, "es")
    subscriber, subscription = store.subscriptions.add(
        who, (("q", word),), frequency=Frequency.DAILY, at=A_DAY, limits=LIMITS
    )
    store.subscriptions.confirm(subscription.id, at=A_DAY)
    return subscriber, subscription


def a_message(store: Store, public_id: str = "m1", **details):
    subscriber, _ = follow(store)
    return store.messages.add(subscriber.id, MessageKind.TEST, public_id=public_id, at=A_DAY, details=details)


def claimed(store: Store, worker: str = "w1"):
    (message,) = store.messages.claim(worker, now=A_DAY)
    return message


def test_a_worker_claims_what_it_has_room_for_and_leaves_the_rest_to_others(either_store):
    store = either_store
    for number in range(4):
        a_message(store, f"m{number}")
    asked = []
    taken = store.messages.claim("w1", now=A_DAY, limit=2, wanted=lambda each: asked.append(each) or each.id != 1)
    assert [each.id for each in taken] == [2, 3]
    assert [each.id for each in asked] == [1, 2, 3]
    assert [each.id for each in store.messages.claim("w2", now=A_DAY)] == [1, 4]


def test_a_claim_is_put_back_without_a_try(store):
    a_message(store)
    message = claimed(store)
    assert not store.messages.put_back(message, worker="w2")
    assert store.messages.put_back(message, worker="w1")
    assert not store.messages.put_back(message, worker="w1")
    assert claimed(store, "w2").tries == 0


def test_a_message_that_is_dropped_says_why(store):
    a_message(store, notice="webhook_gone")
    message = claimed(store)
    assert store.messages.drop(message, worker="w1", why="nothing to say")
    dropped = store.messages.get(message.id)
    assert (dropped.state, dropped.worker) == (MessageState.FAILED, "")
    assert dropped.details == {"notice": "webhook_gone", "dropped": "nothing to say"}
    assert not store.messages.drop(message, worker="w1", why="again")


def test_what_is_noted_later_is_added_to_the_details(either_store):
    store = either_store
    message = a_message(store, subscription=7)
    store.messages.note(message.id, {"bounce": "5.1.1"})
    store.messages.note(999, {"bounce": "5.1.1"})
    assert store.messages.get(message.id).details == {"subscription": 7, "bounce": "5.1.1"}


def test_failures_are_counted_unless_they_say_nothing_of_the_address_and_begin_anew_on_request(store):
    message = a_message(store)
    for counts in (True, False, True):
        attempt = store.messages.begin_attempt(claimed(store), worker="w1", at=A_DAY)
        outcome = AttemptOutcome.TEMPORARY
        store.messages.end_attempt(attempt, outcome, answer="", at=A_DAY, again_in=timedelta(0), counts=counts)
    assert (store.messages.get(message.id).failures, store.messages.get(message.id).tries) == (2, 3)
    attempt = store.messages.begin_attempt(claimed(store), worker="w1", at=A_DAY)
    store.messages.end_attempt(attempt, AttemptOutcome.PERMANENT, answer="", at=A_DAY)
    store.messages.send_again([message.id])
    assert (store.messages.get(message.id).failures, store.messages.get(message.id).tries) == (0, 4)


def test_the_next_time_is_asked_with_and_without_what_is_due_already(store):
    a_message(store, "m1")
    attempt = store.messages.begin_attempt(claimed(store), worker="w1", at=A_DAY)
    store.messages.end_attempt(attempt, AttemptOutcome.TEMPORARY, answer="", at=A_DAY, again_in=5 * MINUTE)
    a_message(store, "m2")
    assert store.messages.next_due(now=A_DAY) == A_DAY
    assert store.messages.next_due(now=A_DAY, later=True) == A_DAY + 5 * MINUTE
    assert store.messages.next_due(now=A_DAY + 5 * MINUTE, later=True) is None


def test_matches_are_not_gathered_when_another_worker_gathered_since_they_were_found_due(either_store):
    store = either_store
    subscriber, subscription = follow(store)

    def match(document: str) -> None:
        found = [FoundMatch(subscription.id, document, sequence=1)]
        assert store.matches.keep(found, (), revision=store.subscriptions.revision(), at=A_DAY)

    def gather(public_id: str, seen):
        last = {subscription.id: seen}
        return store.messages.gather(
            subscriber.id, [subscription.id], public_id=public_id, at=A_DAY, last_gathered=last
        )

    match("d1")
    assert gather("m1", None) is not None
    match("d2")
    assert gather("m2", None) is None
    assert gather("m3", A_DAY) is not None


def test_subscribers_come_with_all_that_they_follow(store):
    rosa, first = follow(store)
    _, second = follow(store, word="market")
    anna, other = follow(store, "anna@example.org")
    found = store.subscriptions.with_subscriptions([rosa.id, anna.id, 999])
    assert {number: [each.id for each in own] for number, (_, own) in found.items()} == {
        rosa.id: [first.id, second.id],
        anna.id: [other.id],
    }
    assert found[rosa.id][0].address == "rosa@example.org"
    assert store.subscriptions.with_subscriptions([]) == {}


def test_the_pulse_changes_with_all_that_alerts_follow_from_and_with_nothing_else(either_store):
    store = either_store
    seen = [store.messages.pulse()]

    def changed() -> bool:
        seen.append(store.messages.pulse())
        return seen[-1] != seen[-2]

    assert not changed()
    _, subscription = follow(store)
    assert changed()
    document = make_document("d1")
    store.documents.save(document)
    assert changed()
    relate(store, [document])
    assert changed()
    found = [FoundMatch(subscription.id, "d1", sequence=1)]
    store.matches.keep(found, (), revision=store.subscriptions.revision(), at=A_DAY)
    assert changed()
    message = a_message(store)
    assert changed()
    claimed(store)
    assert changed()
    store.messages.note(message.id, {"x": 1})
    assert not changed()
