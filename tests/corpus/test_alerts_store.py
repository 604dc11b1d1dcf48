"""What is kept of alerts: who follows what, which documents matched, and what is sent, once, whoever dies in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from corpus.alerts import (
    AlertLink,
    AttemptOutcome,
    Channel,
    FoundMatch,
    Frequency,
    LinkPurpose,
    MatchOutcome,
    MessageKind,
    MessageState,
    StoppedWhy,
    SubscriberState,
    SubscriptionState,
)
from corpus.settings import Settings
from corpus.store import NewSubscriber, Store, SubscriptionLimits, TooManySubscriptions, open_store
from corpus.types import Document, Page
from nlp.works import relate
from tests.builders import A_DAY, make_document

LIMITS = SubscriptionLimits(in_all=6, per_subscriber=4, unconfirmed_per_network=3)
ROSA = NewSubscriber(Channel.EMAIL, "rosa@example.org", "es", timezone="America/Lima", network="n1")
QUERY = (("q", "street vendors"), ("country", "PER"))
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def store(on_either: Settings):
    with open_store(on_either) as opened:
        yield opened


def follow(store: Store, who: NewSubscriber = ROSA, query=QUERY, *, begun: bool = True, **others):
    given = {"frequency": Frequency.DAILY, "at": A_DAY, "limits": LIMITS} | others
    subscriber, subscription = store.subscriptions.add(who, query, **given)
    if begun:
        store.subscriptions.confirm(subscription.id, at=A_DAY)
    return store.subscriptions.subscriber(subscriber.id), store.subscriptions.get(subscription.id)


def save(store: Store, document: Document) -> Document:
    store.documents.save(document)
    relate(store, [document])
    return document


def found(subscription: int, document: str = "d1", **others) -> FoundMatch:
    return FoundMatch(**{"subscription": subscription, "document": document, "sequence": 1} | others)


def keep(store: Store, *matches: FoundMatch) -> bool:
    return store.matches.keep(matches, (), revision=store.subscriptions.revision(), at=A_DAY)


# ------------------------------------------------------------------ subscribing


def test_a_subscription_waits_until_it_is_confirmed(store):
    subscriber, subscription = follow(store, begun=False)
    assert (subscriber.state, subscription.state) == (SubscriberState.UNCONFIRMED, SubscriptionState.UNCONFIRMED)
    assert store.subscriptions.followed()[1] == ()
    assert store.subscriptions.confirm(subscription.id, at=A_DAY)
    assert not store.subscriptions.confirm(subscription.id, at=A_DAY)
    (followed,) = store.subscriptions.followed()[1]
    assert followed.query == QUERY
    assert store.subscriptions.subscriber(subscriber.id).state is SubscriberState.ACTIVE


def test_documents_are_new_that_come_after_somebody_subscribed(store):
    save(store, make_document("d1"))
    newest = store.changes.last_sequence()
    _, subscription = follow(store, begun=False)
    save(store, make_document("d2"))
    store.subscriptions.confirm(subscription.id, at=A_DAY)
    assert store.subscriptions.get(subscription.id).since == newest


def test_the_same_search_of_the_same_address_is_kept_once_whatever_its_capitals(store):
    first = follow(store)
    again = follow(store, replace(ROSA, address="Rosa@Example.org"), begun=False)
    assert again == first


def test_there_is_room_for_so_many_subscriptions_and_no_more(store):
    for number in range(3):
        follow(store, query=(("q", f"word{number}"),), begun=False)
    with pytest.raises(TooManySubscriptions, match="network"):
        follow(store, query=(("q", "more"),), begun=False)
    store.subscriptions.confirm(store.subscriptions.of(1)[0].id, at=A_DAY)
    follow(store, query=(("q", "more"),), begun=False)
    with pytest.raises(TooManySubscriptions, match="subscriber"):
        follow(store, query=(("q", "one more"),), begun=False)
    follow(store, replace(ROSA, address="a@example.org", network=""))
    follow(store, replace(ROSA, address="b@example.org", network=""))
    with pytest.raises(TooManySubscriptions, match="all"):
        follow(store, replace(ROSA, address="c@example.org", network=""))


def test_a_subscriber_is_forgotten_with_everything_that_hangs_on_it(store):
    subscriber, subscription = follow(store)
    keep(store, found(subscription.id))
    message = store.messages.gather(subscriber.id, [subscription.id], public_id="m1", at=A_DAY)
    attempt_of(store, message)
    assert store.subscriptions.remove_subscriber(subscriber.id)
    assert store.subscriptions.subscriber(subscriber.id) is None
    assert store.matches.of_document("d1") == ()
    assert store.messages.get(message.id) is None
    assert store.messages.attempts_of(message.id) == ()


def test_an_address_that_complained_is_known_after_it_was_deleted(store):
    subscriber, _ = follow(store)
    store.subscriptions.stop(subscriber.id, StoppedWhy.COMPLAINED, at=A_DAY)
    store.subscriptions.remove_subscriber(subscriber.id)
    assert store.subscriptions.refuses(Channel.EMAIL, "ROSA@example.org")
    assert store.subscriptions.allow(Channel.EMAIL, "rosa@example.org")
    assert not store.subscriptions.refuses(Channel.EMAIL, "rosa@example.org")


def test_what_nobody_confirms_is_forgotten_with_its_address(store):
    follow(store, begun=False)
    follow(store, replace(ROSA, address="kept@example.org"))
    assert store.subscriptions.remove_unconfirmed(before=A_DAY) == 0
    assert store.subscriptions.remove_unconfirmed(before=A_DAY + SECOND) == 1
    assert [each.address for each in store.subscriptions.subscribers()] == ["kept@example.org"]


def test_a_link_that_acts_once_acts_once(store):
    subscriber, subscription = follow(store, begun=False)
    link = AlertLink("a" * 26, LinkPurpose.CONFIRM, subscriber.id, A_DAY, subscription.id, ends_at=A_DAY + MINUTE)
    assert store.alert_links.get_or_keep(link) == link
    assert store.alert_links.get_or_keep(replace(link, id="b" * 26)) == link
    assert not store.alert_links.use(link.id, at=A_DAY + MINUTE)
    assert store.alert_links.use(link.id, at=A_DAY)
    assert not store.alert_links.use(link.id, at=A_DAY)
    assert store.alert_links.get(link.id).used_at == A_DAY


# ------------------------------------------------------------------ matching


def test_documents_are_matched_once_they_are_related_and_then_never_again(store):
    store.documents.save(make_document("d1"))
    assert store.matches.unmatched() == ()
    assert store.matches.unmatched_count() == 1
    relate(store, [make_document("d1")])
    (waiting,) = store.matches.unmatched()
    assert (waiting.id, waiting.sequence, waiting.is_read) == ("d1", 1, True)
    assert store.matches.keep((), (waiting,), revision=store.subscriptions.revision(), at=A_DAY)
    save(store, make_document("d1", title="Another title"))
    assert store.matches.unmatched() == ()
    store.documents.remove("d1")
    save(store, make_document("d1"))
    assert store.matches.unmatched() == ()


def test_a_document_without_text_is_matched_once_more_when_it_was_read(store):
    save(store, replace(make_document("d1", pages=()), page_count=0))
    (waiting,) = store.matches.unmatched()
    assert not waiting.is_read
    store.matches.keep((), (waiting,), revision=store.subscriptions.revision(), at=A_DAY)
    assert store.matches.unmatched() == ()
    save(store, make_document("d2"))
    save(store, replace(make_document("d1"), pages=(Page(1, "Text."),)))
    again = store.matches.unmatched()[0]
    assert (again.id, again.is_read, again.sequence) == ("d1", True, store.changes.newest_of(["d1"])["d1"])
    store.matches.keep((), store.matches.unmatched(), revision=store.subscriptions.revision(), at=A_DAY)
    assert store.matches.unmatched() == ()


def test_matches_made_with_an_old_list_of_searches_are_refused_whole(store):
    revision = store.subscriptions.revision()
    save(store, make_document("d1"))
    waiting = store.matches.unmatched()
    _, subscription = follow(store)
    assert not store.matches.keep((found(subscription.id),), waiting, revision=revision, at=A_DAY)
    assert store.matches.unmatched() == waiting
    assert store.matches.of_document("d1") == ()


def test_a_match_is_kept_once_and_not_of_a_subscription_that_is_gone(store):
    _, subscription = follow(store)
    assert keep(store, found(subscription.id, reason={"page": 3}), found(subscription.id + 1))
    assert keep(store, found(subscription.id, reason={"page": 4}))
    assert store.matches.add_missing([found(subscription.id), found(subscription.id, "d2")], at=A_DAY) == 1
    (kept,) = store.matches.of_document("d1")
    assert kept.found.reason == {"page": 3}


# ------------------------------------------------------------------ gathering


def test_every_new_match_is_gathered_into_one_message_and_known_ones_into_none(store):
    subscriber, subscription = follow(store)
    known = found(subscription.id, "d3", outcome=MatchOutcome.KNOWN, because_of="d1")
    keep(store, found(subscription.id), found(subscription.id, "d2"), known)
    (waiting,) = store.matches.waiting()
    assert (waiting.subscription, waiting.count) == (subscription.id, 2)
    message = store.messages.gather(subscriber.id, [subscription.id], public_id="m1", at=A_DAY)
    assert [each.found.document for each in store.matches.of_message(message.id)] == ["d1", "d2"]
    assert store.messages.gather(subscriber.id, [subscription.id], public_id="m2", at=A_DAY) is None
    assert store.matches.waiting() == ()
    assert store.subscriptions.get(subscription.id).gathered_at == A_DAY


def test_what_matches_while_a_subscription_is_paused_is_sent_when_it_is_resumed(store):
    subscriber, subscription = follow(store)
    assert store.subscriptions.pause(subscription.id)
    keep(store, found(subscription.id))
    assert store.messages.gather(subscriber.id, [subscription.id], public_id="m1", at=A_DAY) is None
    assert store.subscriptions.resume(subscription.id)
    assert store.messages.gather(subscriber.id, [subscription.id], public_id="m2", at=A_DAY) is not None


def test_nobody_gathers_the_matches_of_somebody_else(store):
    subscriber, subscription = follow(store)
    _, of_another = follow(store, replace(ROSA, address="b@example.org"))
    keep(store, found(of_another.id))
    both = [subscription.id, of_another.id]
    assert store.messages.gather(subscriber.id, both, public_id="m1", at=A_DAY) is None
    assert store.subscriptions.get(of_another.id).gathered_at is None


# ------------------------------------------------------------------ sending


def a_message(store: Store):
    subscriber, _ = follow(store)
    return store.messages.add(subscriber.id, MessageKind.TEST, public_id="m1", at=A_DAY)


def attempt_of(store: Store, message, *, worker: str = "w1", at=A_DAY):
    (claimed,) = store.messages.claim(worker, now=at)
    assert claimed.id == message.id
    return store.messages.begin_attempt(claimed, worker=worker, at=at)


def test_a_message_is_claimed_by_one_worker_and_sent_once(store):
    message = a_message(store)
    attempt = attempt_of(store, message)
    assert store.messages.claim("w2", now=A_DAY) == ()
    assert store.messages.end_attempt(attempt, AttemptOutcome.ACCEPTED, answer="250 OK", at=A_DAY)
    sent = store.messages.get(message.id)
    assert (sent.state, sent.tries, sent.sent_at) == (MessageState.SENT, 1, A_DAY)
    assert store.messages.claim("w2", now=A_DAY + timedelta(days=9)) == ()


def test_a_message_waits_after_a_temporary_failure_also_when_the_clock_was_set_back(store):
    message = a_message(store)
    attempt = attempt_of(store, message)
    store.messages.end_attempt(attempt, AttemptOutcome.TEMPORARY, answer="451", at=A_DAY, again_in=5 * MINUTE)
    assert store.messages.claim("w1", now=A_DAY + 4 * MINUTE) == ()
    assert store.messages.next_due(now=A_DAY) == A_DAY + 5 * MINUTE
    assert store.messages.next_due(now=A_DAY - MINUTE) == A_DAY - MINUTE
    assert [each.id for each in store.messages.claim("w1", now=A_DAY - MINUTE)] == [message.id]


def test_a_permanent_failure_ends_it(store):
    message = a_message(store)
    attempt = attempt_of(store, message)
    store.messages.end_attempt(attempt, AttemptOutcome.PERMANENT, answer="550", at=A_DAY)
    assert store.messages.get(message.id).state is MessageState.FAILED
    assert store.messages.send_again([message.id]) == 1
    assert len(store.messages.claim("w1", now=A_DAY)) == 1


def test_what_a_dead_worker_had_claimed_is_taken_back_and_its_open_try_is_counted_as_unknown(store):
    message = a_message(store)
    attempt = attempt_of(store, message)
    assert store.messages.workers() == ("w1",)
    assert store.messages.take_back("w1", at=A_DAY) == 1
    assert [each.outcome for each in store.messages.attempts_of(message.id)] == [AttemptOutcome.UNKNOWN]
    second = attempt_of(store, message, worker="w2")
    assert second.number == 2
    # It was not dead after all: its failure changes nothing, and what was accepted is sent.
    assert not store.messages.end_attempt(attempt, AttemptOutcome.TEMPORARY, answer="", at=A_DAY, again_in=MINUTE)
    assert store.messages.get(message.id).state is MessageState.SENDING


def test_a_worker_whose_claim_was_taken_back_sends_nothing(store):
    a_message(store)
    (claimed,) = store.messages.claim("w1", now=A_DAY)
    store.messages.take_back("w1", at=A_DAY)
    assert store.messages.begin_attempt(claimed, worker="w1", at=A_DAY) is None


def test_forgotten_tries_do_not_let_matches_be_told_again(store):
    subscriber, subscription = follow(store)
    keep(store, found(subscription.id))
    message = store.messages.gather(subscriber.id, [subscription.id], public_id="m1", at=A_DAY)
    store.messages.end_attempt(attempt_of(store, message), AttemptOutcome.ACCEPTED, answer="", at=A_DAY)
    assert store.messages.forget_attempts(before=A_DAY + SECOND) == 1
    assert store.matches.waiting() == ()


# ------------------------------------------------------------------ what pages and API ask


def test_room_is_looked_for_without_looking_at_any_subscriber(store):
    follow(store, begun=False)
    store.subscriptions.check_room("n1", limits=replace(LIMITS, per_subscriber=0))
    with pytest.raises(TooManySubscriptions, match="network"):
        store.subscriptions.check_room("n1", limits=replace(LIMITS, unconfirmed_per_network=1))
    store.subscriptions.check_room("n2", limits=replace(LIMITS, unconfirmed_per_network=1))
    store.subscriptions.check_room("", limits=replace(LIMITS, unconfirmed_per_network=1))
    with pytest.raises(TooManySubscriptions, match="all"):
        store.subscriptions.check_room("n2", limits=replace(LIMITS, in_all=1))


def test_an_address_that_was_given_up_is_started_again_and_one_that_complained_is_not(store):
    subscriber, _ = follow(store)
    assert not store.subscriptions.start(subscriber.id)
    for why, may_start in ((StoppedWhy.GAVE_UP, True), (StoppedWhy.REFUSED, True), (StoppedWhy.COMPLAINED, False)):
        store.subscriptions.stop(subscriber.id, why, at=A_DAY)
        assert store.subscriptions.start(subscriber.id) is may_start
    assert store.subscriptions.subscriber(subscriber.id).state is SubscriberState.STOPPED


def test_matches_are_counted_by_what_became_of_them(store):
    subscriber, subscription = follow(store)
    _, other = follow(store, query=(("q", "other"),))
    keep(store, found(subscription.id, "d1"), found(subscription.id, "d2"))
    message = store.messages.gather(subscriber.id, [subscription.id], public_id="m1", at=A_DAY)
    attempt = attempt_of(store, message)
    store.messages.end_attempt(attempt, AttemptOutcome.ACCEPTED, answer="250", at=A_DAY)
    keep(store, found(subscription.id, "d3"), found(subscription.id, "d4", outcome=MatchOutcome.KNOWN, because_of="d1"))
    (totals,) = store.matches.totals([subscription.id, other.id]).values()
    assert (totals.all, totals.known, totals.untold, totals.sent, totals.newest) == (4, 1, 1, 2, A_DAY)


def test_messages_of_one_kind_are_listed(store):
    subscriber, _ = follow(store)
    for number, kind in enumerate((MessageKind.CONFIRM, MessageKind.NOTICE, MessageKind.CONFIRM)):
        store.messages.add(subscriber.id, kind, public_id=f"m{number}", at=A_DAY)
    listed = store.messages.of_subscriber(subscriber.id, kind=MessageKind.CONFIRM)
    assert [each.public_id for each in listed] == ["m2", "m0"]


def test_it_is_known_when_the_first_document_came(store):
    assert store.documents.first_came_at() is None
    save(store, replace(make_document("d1"), first_seen=A_DAY))
    save(store, replace(make_document("d2"), first_seen=A_DAY + MINUTE))
    assert store.documents.first_came_at() == A_DAY
