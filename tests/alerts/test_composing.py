"""A message says what the records say when it is tried, and can be written whatever became of its search and documents."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

import pytest

from alerts.composing import Composer, MailNames
from alerts.subscribing.links import AlertLinks
from alerts.writing.content import DigestContent
from corpus.alerts import Channel, FoundMatch, Frequency, MatchOutcome, Message
from corpus.corrections import Correction, CorrectionKind
from corpus.rights import DeclaredSources, policy_of_messages
from corpus.secret_key import passing_key
from corpus.settings import Settings
from corpus.store import NewSubscriber, Store, SubscriptionLimits, open_store
from corpus.types import Facet, Outcome, Reading
from corpus.vocabulary import load_vocabulary
from tests.builders import A_DAY, make_document, make_tag

LIMITS = SubscriptionLimits(in_all=100, per_subscriber=100, unconfirmed_per_network=100)
SITE = "https://pushcart.example.org"


@pytest.fixture
def store(settings: Settings):
    with open_store(settings) as store:
        yield store


@pytest.fixture
def composer(store: Store, settings: Settings) -> Composer:
    settings = replace(settings, public_url=SITE)
    return Composer(
        store,
        links=AlertLinks(store, key=passing_key(), site=SITE),
        vocabulary=load_vocabulary(),
        settings=settings,
        rights=policy_of_messages(settings, declared=DeclaredSources),
        mail=MailNames("alerts@example.org"),
    )


def save(store: Store, document_id: str, *pages: str, **others) -> None:
    document = make_document(document_id, pages=pages, **others)
    store.readings.save(
        Reading(document.sha256, Outcome.READ, pages=document.pages, page_total=len(pages)), reader_version="1"
    )
    store.documents.save(document)


def digest(store: Store, query: tuple[tuple[str, str], ...], *matches: FoundMatch, lang: str = "en") -> Message:
    who = NewSubscriber(Channel.EMAIL, "rosa@example.org", lang)
    subscriber, subscription = store.subscriptions.add(who, query, frequency=Frequency.DAILY, at=A_DAY, limits=LIMITS)
    store.subscriptions.confirm(subscription.id, at=A_DAY)
    store.matches.add_missing([replace(each, subscription=subscription.id) for each in matches], at=A_DAY)
    made = store.messages.gather(subscriber.id, [subscription.id], public_id="m1", at=A_DAY)
    assert made is not None
    return made


def content(composer: Composer, store: Store, message: Message):
    return composer.content(message, store.subscriptions.subscriber(message.subscriber))


def found(document: str, **others) -> FoundMatch:
    return FoundMatch(0, document, 1, **others)


def test_a_document_opens_at_its_page_with_the_words_marked_and_says_why_it_is_there(store, composer):
    save(store, "d1", "Nothing here.", "Street vendors pay fees.", is_sample=True)
    reason = {"words": ["Street vendors"], "page": 2, "concepts": ["group:street_vendors"], "tags": ["year:2019"]}
    message = digest(store, (("q", "street vendors"), ("year", "2019")), found("d1", reason=reason))
    made = content(composer, store, message)
    assert isinstance(made, DigestContent)
    (entry,) = made.searches[0].entries
    assert entry.address == f"{SITE}/documents/d1?page=2&q=street+vendors#page=2"
    assert ("Street vendors", True) in entry.passage
    assert entry.tags == ("Street vendors", "2019")
    mail = composer.compose(message, store.subscriptions.subscriber(message.subscriber))
    assert isinstance(mail, EmailMessage)
    assert mail["To"] == "rosa@example.org"


def test_documents_that_were_removed_are_left_out_and_without_any_there_is_nothing_to_say(store, composer):
    save(store, "d1", "Street vendors.")
    save(store, "d2", "Street vendors of Lima.")
    message = digest(store, (("q", "vendors"),), found("d1"), found("d2"), found("d3", outcome=MatchOutcome.KNOWN))
    store.documents.remove("d1")
    made = content(composer, store, message)
    assert [each.id for each in made.searches[0].entries] == ["d2"]
    assert made.documents == 1
    store.documents.remove("d2")
    assert content(composer, store, message) is None


@pytest.mark.parametrize(
    "query",
    [
        (("q", "vendedores ambulantes " * 300),),
        (("q", "vendors"), ("group", "no_such_group")),
        (("q", "a* " * 400),),
        (("q", "\u202e\u200b"),),
        (),
    ],
    ids=["very long", "no longer in the vocabulary", "more than a search may ask for", "of unseen signs", "everything"],
)
def test_a_message_can_be_written_whatever_its_search_is(store, composer, query):
    save(store, "d1", "Street vendors.")
    message = digest(store, query, found("d1"), lang="es")
    made = content(composer, store, message)
    assert made.searches[0].total == 1
    assert isinstance(composer.compose(message, store.subscriptions.subscriber(message.subscriber)), EmailMessage)


def corrected(store: Store, kind: CorrectionKind, tag: str = "", *values: str) -> None:
    facet, _, concept = tag.partition(":")
    given = {"facet": Facet(facet), "concept": concept} if tag else {"values": values}
    store.corrections.add(Correction(kind, "d1", "Ana", "Because.", A_DAY, **given))


@pytest.mark.parametrize(
    ("query", "reason", "is_told"),
    [
        ((("group", "street_vendors"),), {"tags": ["group:street_vendors"]}, False),
        ((("q", "hawkers"),), {"concepts": ["group:street_vendors"]}, False),
        ((("country", "PER"),), {"tags": ["country:PER"]}, True),
        ((("q", "fees"),), {"words": ["fees"], "concepts": ["group:street_vendors"]}, True),
    ],
)
def test_a_tag_that_was_rejected_since_is_no_reason_to_tell_of_a_document(store, composer, query, reason, is_told):
    tags = (make_tag("group", "street_vendors"), make_tag("country", "PER"))
    save(store, "d1", "They pay fees.", tags=tags, is_sample=True)
    message = digest(store, query, found("d1", reason=reason))
    corrected(store, CorrectionKind.REJECT, "group:street_vendors")
    made = content(composer, store, message)
    assert (made is not None) is is_told
    if made is not None:
        assert "Street vendors" not in made.searches[0].entries[0].tags


def test_a_document_whose_date_was_corrected_is_told_of_only_where_the_year_still_fits(store, composer):
    save(store, "d1", "They pay fees.", published="2019", is_sample=True)
    message = digest(store, (("year", "2019"),), found("d1", reason={"tags": ["year:2019"]}))
    corrected(store, CorrectionKind.DATE, "", "2018")
    assert content(composer, store, message) is None
    store.corrections.undo(1)
    assert content(composer, store, message) is not None
