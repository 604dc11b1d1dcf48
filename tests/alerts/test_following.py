"""New documents become matches once: not when they are tagged, read or harvested again, and not when a copy comes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from alerts.following import Follower, FollowReport
from alerts.matching import Matcher
from corpus.alerts import Channel, Frequency, MatchOutcome, MessageKind
from corpus.settings import Settings
from corpus.store import NewSubscriber, Store, SubscriptionLimits, open_store
from corpus.types import Document, Outcome, Page, Reading
from corpus.vocabulary import load_vocabulary
from nlp.works import relate
from search_api.query.parameters import SearchQuery
from tests.builders import A_DAY, make_document, make_tag

LIMITS = SubscriptionLimits(in_all=100, per_subscriber=100, unconfirmed_per_network=100)
LONG = (
    "Street vendors in Lima pay {fee} soles a month to the district for the right to sell food and clothes on the pavement. "
    * 12
)


@pytest.fixture
def store(settings: Settings):
    with open_store(settings) as opened:
        yield opened


@pytest.fixture
def follower(store: Store, settings: Settings) -> Follower:
    return Follower(store, vocabulary=load_vocabulary(), settings=settings)


def follow(store: Store, text: str = "street vendors", *, address: str = "rosa@example.org", **filters) -> int:
    query = replace(SearchQuery(text=text), **filters).to_parameters()
    who = NewSubscriber(Channel.EMAIL, address, "en")
    _, subscription = store.subscriptions.add(who, query, frequency=Frequency.DAILY, at=A_DAY, limits=LIMITS)
    store.subscriptions.confirm(subscription.id, at=A_DAY)
    return subscription.id


def save(store: Store, document: Document) -> Document:
    """Keep a document as `pushcart process` does: with its reading, tags and relations."""
    reading = Reading(
        document.sha256,
        Outcome.READ if document.pages else Outcome.SCANNED,
        pages=document.pages,
        page_total=len(document.pages),
    )
    store.readings.save(reading, reader_version="1")
    store.documents.save(document)
    relate(store, [document])
    return document


def told(store: Store, subscription: int) -> list[str]:
    return sorted(
        each.found.document
        for each in store.matches.of_subscription(subscription)
        if each.found.outcome is MatchOutcome.NEW
    )


def vendors(document_id: str, **others) -> Document:
    return make_document(document_id, pages=(LONG.format(fee=30),), title="Street vendors of Lima", **others)


def test_a_new_document_is_a_match_of_every_search_that_it_answers(store, follower):
    mine, other, none = follow(store), follow(store, "lima"), follow(store, "waste pickers")
    save(store, vendors("d1"))
    assert follower.follow() == FollowReport(documents=1, new=2)
    assert (told(store, mine), told(store, other), told(store, none)) == (["d1"], ["d1"], [])


def test_what_was_here_before_somebody_subscribed_is_no_match(store, follower):
    save(store, vendors("d1"))
    mine = follow(store)
    follower.follow()
    assert told(store, mine) == []


def test_nothing_fires_again_when_a_document_is_tagged_saved_or_harvested_again(store, follower):
    mine = follow(store)
    document = save(store, vendors("d1"))
    follower.follow()
    save(
        store, replace(document, title="Street vendors of Lima, corrected", tags=(make_tag("group", "street_vendors"),))
    )
    store.relations.mark_all()
    store.documents.remove("d1")
    save(store, document)
    assert follower.follow() == FollowReport()
    assert told(store, mine) == ["d1"]


def test_a_document_that_could_not_be_read_at_first_is_matched_when_its_text_is_there(store, follower):
    mine = follow(store, "pavement")
    save(store, replace(make_document("d1", pages=()), page_count=0))
    assert follower.follow() == FollowReport(documents=1)
    read = replace(make_document("d1"), pages=(Page(1, "They sell on the pavement."),))
    save(store, read)
    assert follower.follow() == FollowReport(documents=1, new=1)
    assert told(store, mine) == ["d1"]


def test_a_new_copy_is_noted_and_not_told(store, follower):
    mine = follow(store)
    first = save(store, vendors("d1"))
    save(store, replace(first, id="d2", url="https://mirror.example.net/d2.pdf", source="mirror"))
    assert store.documents.get("d2").fold
    assert follower.follow() == FollowReport(documents=2, new=1, known=1)
    assert told(store, mine) == ["d1"]
    assert store.matches.find(mine, "d2").found.because_of == "d1"


def test_a_copy_of_what_was_here_before_is_not_told_either(store, follower):
    first = save(store, vendors("d1"))
    follower.follow()
    mine = follow(store)
    save(store, replace(first, id="d2", url="https://mirror.example.net/d2.pdf", source="mirror"))
    assert follower.follow() == FollowReport(documents=1, known=1)
    assert told(store, mine) == []


def test_a_copy_is_told_to_whoever_follows_only_its_source(store, follower):
    mine = follow(store, sources=("mirror",))
    first = save(store, vendors("d1"))
    save(store, replace(first, id="d2", url="https://mirror.example.net/d2.pdf", source="mirror"))
    assert follower.follow() == FollowReport(documents=2, new=1)
    assert told(store, mine) == ["d2"]


def test_an_edition_is_told(store, follower):
    mine = follow(store)
    save(store, vendors("d1", published="2019", publisher="Office"))
    other = make_document("d2", pages=(LONG.format(fee=45),), title="Street vendors of Lima", published="2020")
    save(store, replace(other, publisher="Office"))
    follower.follow()
    assert told(store, mine) == ["d1", "d2"]


def test_a_search_that_somebody_begins_to_follow_while_documents_are_matched_misses_nothing(
    store, follower, monkeypatch
):
    follow(store, "Nothing has that")
    save(store, vendors("d0"))
    follower.follow()
    keep, begun = store.matches.keep, []

    def subscribe_first(*args, **others):
        if not begun:
            begun.append(follow(store, "lima", address="b@example.org"))
            save(store, vendors("d2", sha256="0" * 64))
        return keep(*args, **others)

    monkeypatch.setattr(store.matches, "keep", subscribe_first)
    save(store, make_document("d1", pages=("Other words.",)))
    follower.follow()
    assert [each.found.document for each in store.matches.of_subscription(begun[0])] == ["d2"]


def test_searches_that_are_begun_paused_and_ended_later_count_from_then_on(store, follower):
    first = follow(store)
    save(store, vendors("d1"))
    follower.follow()
    second = follow(store, "lima")
    store.subscriptions.remove(first)
    save(store, make_document("d2", pages=("Street vendors of Lima.",)))
    assert follower.follow().new == 1
    assert told(store, second) == ["d2"]


def test_a_search_that_can_no_longer_be_read_is_kept_and_its_owner_told_once(store, settings, follower):
    mine = follow(store, "")
    subscriber = store.subscriptions.get(mine).subscriber
    who = NewSubscriber(Channel.EMAIL, "rosa@example.org", "en")
    _, broken = store.subscriptions.add(
        who, (("group", "no_such_group"),), frequency=Frequency.DAILY, at=A_DAY, limits=LIMITS
    )
    store.subscriptions.confirm(broken.id, at=A_DAY)
    for each in ("d1", "d2"):
        save(store, make_document(each, pages=(f"Words of {each}.",)))
        follower.follow()
        follower = Follower(store, vocabulary=load_vocabulary(), settings=settings)
    assert told(store, mine) == ["d1", "d2"]
    assert "no_such_group" in store.subscriptions.get(broken.id).error
    notices = [each for each in store.messages.of_subscriber(subscriber) if each.kind is MessageKind.NOTICE]
    assert [each.details["subscription"] for each in notices] == [broken.id]


def test_a_document_that_cannot_be_compared_holds_up_no_other_one(store, follower, monkeypatch):
    mine = follow(store, "vendors")
    for each in ("d1", "d2", "d3"):
        save(store, make_document(each, pages=(f"Vendors of {each}.",)))
    match = Matcher.match

    def fails(matcher, documents, **others):
        if any(each.id == "d2" for each in documents):
            raise ValueError("a bug")
        return match(matcher, documents, **others)

    monkeypatch.setattr(Matcher, "match", fails)
    assert follower.follow() == FollowReport(documents=2, new=2)
    assert told(store, mine) == ["d1", "d3"]
    monkeypatch.undo()
    assert follower.follow() == FollowReport(documents=1, new=1)
    assert told(store, mine) == ["d1", "d2", "d3"]
