"""What a message says, made from the records each time that it is tried: rows -> values -> e-mail or webhook body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parseaddr
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from alerts.channels.webhook import WebhookBody
from alerts.matching import Reason
from alerts.matching.corrected import reason_now
from alerts.stored_searches import stored_query
from alerts.subscribing.links import AlertLinks
from alerts.writing.content import (
    Addresses,
    ConfirmContent,
    Content,
    DigestContent,
    DigestEntry,
    DigestSearch,
    NoticeContent,
    NoticeKind,
    Reader,
    TestContent,
)
from alerts.writing.email import make_email
from alerts.writing.entries import make_entry
from alerts.writing.headers import SENDER_NAME, Envelope
from alerts.writing.texts import one_line
from alerts.writing.webhook import make_body
from corpus.alerts import Channel, Match, Message, MessageKind, Subscriber, Subscription
from corpus.errors import BadQuery
from corpus.messages import gettext
from corpus.rights import RightsPolicy
from corpus.types import Document, Page
from search_api.answers.export.records import permanent_link
from search_api.answers.filter_labels import FilterLabels
from search_api.answers.marks import Marker, marker_of
from search_api.query.concepts import concepts_of
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse

if TYPE_CHECKING:
    from corpus.settings import Settings
    from corpus.store import Store
    from corpus.vocabulary import Vocabulary

ENTRIES_MAX = 100
"""Documents of one search that are made ready; who writes takes fewer, and counts the others."""
_ADDRESS_MAX = 1_900
"""Characters of an address with the text of a search in it; longer ones do not fit into messages."""


@dataclass(frozen=True, slots=True)
class MailNames:
    """Between whom e-mails go."""

    sender: str
    """Address in From; empty: this site sends no e-mail."""
    sender_name: str = SENDER_NAME
    """Beside it."""
    reply_to: str = ""
    unsubscribe: str = ""
    """`mailto:` address that stops alerts; empty: no mailbox is read."""

    @classmethod
    def of(cls, settings: Settings) -> MailNames:
        """Return those of the settings."""
        name, address = parseaddr(settings.mail_from)
        return cls(address, sender_name=name or SENDER_NAME)


class Composer:
    """Writes messages. Threads may share it."""

    def __init__(
        self,
        store: Store,
        *,
        links: AlertLinks,
        vocabulary: Vocabulary,
        settings: Settings,
        rights: RightsPolicy,
        mail: MailNames,
    ) -> None:
        """Take what messages are made of.

        Args:
            store: has them, their matches and documents.
            links: makes the links in them.
            vocabulary: reads searches, and names concepts.
            settings: `public_url`, under which documents are opened.
            rights: decides which passages are sent. A message leaves this machine, so it is one that follows licences.
            mail: between whom e-mails go.
        """
        self._store = store
        self._links = links
        self._vocabulary = vocabulary
        self._settings = settings
        self._rights = rights
        self._mail = mail

    def compose(self, message: Message, subscriber: Subscriber) -> EmailMessage | WebhookBody | None:
        """Return a message as it is sent; None: there is nothing left to say, as when its documents were removed."""
        content = self.content(message, subscriber)
        if content is None:
            return None
        to_contact = message.details.get("to") == "contact"
        if subscriber.channel is Channel.WEBHOOK and not to_contact:
            return WebhookBody(make_body(content, message_id=message.public_id))
        envelope = Envelope(
            message_id=message.public_id,
            host=_host(self._settings.public_url),
            sender=self._mail.sender,
            recipient=subscriber.contact if to_contact else subscriber.address,
            date=datetime.now(UTC),
            sender_name=self._mail.sender_name,
            reply_to=self._mail.reply_to,
        )
        return make_email(content, envelope=envelope)

    def content(self, message: Message, subscriber: Subscriber) -> Content | None:
        """Return what a message says; None: as `compose`."""
        reader = Reader(message.created_at, lang=subscriber.lang, time_zone=subscriber.timezone)
        match message.kind:
            case MessageKind.DIGEST:
                return self._digest(message, subscriber, reader)
            case MessageKind.CONFIRM:
                return self._confirm(message, subscriber, reader)
            case MessageKind.NOTICE:
                return self._notice(message, subscriber, reader)
        return TestContent(reader, site=self._settings.public_url)

    # ------------------------------------------------------------------ kinds of messages

    def _confirm(self, message: Message, subscriber: Subscriber, reader: Reader) -> ConfirmContent | None:
        subscription = self._store.subscriptions.get(int(message.details.get("subscription", 0)))
        if subscription is None:
            return None
        address, expires = self._links.confirm(subscriber, subscription, now=message.created_at)
        return ConfirmContent(
            reader,
            site=self._settings.public_url,
            confirm=address,
            not_me=self._links.not_me(subscriber, subscription, now=message.created_at),
            frequency=subscription.frequency.value,
            expires=expires,
            search=self._words(subscription, lang=reader.lang),
        )

    def _notice(self, message: Message, subscriber: Subscriber, reader: Reader) -> NoticeContent | None:
        details = message.details
        subscription = self._store.subscriptions.get(int(details.get("subscription", 0)))
        kind = NoticeKind(details["notice"])
        if subscription is None and kind is NoticeKind.SEARCH_UNREADABLE:
            return None
        is_webhook = subscriber.channel is Channel.WEBHOOK
        return NoticeContent(
            reader,
            self._addresses(subscriber, at=message.created_at),
            kind,
            action=self._links.manage(subscriber, now=message.created_at),
            search=self._name(subscription, lang=reader.lang) if subscription else "",
            endpoint=_host(subscriber.address) if is_webhook else subscriber.address,
            messages=int(details.get("messages", 0)),
            since=subscriber.stopped_at,
            detail=str(details.get("detail", "") or details.get("answer", "")),
        )

    def _digest(self, message: Message, subscriber: Subscriber, reader: Reader) -> DigestContent | None:
        matches = self._store.matches.of_message(message.id)
        documents = self._store.documents.get_many(list(dict.fromkeys(each.found.document for each in matches)))
        held = self._as_corrected([each for each in matches if each.found.document in documents], documents)
        searches, frequencies = [], []
        for number, some in groupby(held, key=lambda each: each.found.subscription):
            subscription = self._store.subscriptions.get(number)
            if subscription is not None:
                searches.append(self._search(subscription, tuple(some), documents, message=message, reader=reader))
                frequencies.append(subscription.frequency.value)
        if not searches:
            return None
        told = {each.found.document for each in held}
        return DigestContent(
            reader,
            self._addresses(subscriber, at=message.created_at),
            tuple(searches),
            documents=len(told),
            all_address=self._links.message(message.public_id, lang=reader.lang),
            frequency=next(each for each in ("at_once", "daily", "weekly") if each in frequencies),
        )

    def _as_corrected(self, matches: Sequence[Match], documents: Mapping[str, Document]) -> list[Match]:
        """Return matches without those that corrections of their documents have made untrue since they were found."""
        corrected = documents.keys() & set(self._store.corrections.documents())
        kept = []
        for each in matches:
            subscription = self._store.subscriptions.get(each.found.subscription)
            if each.found.document not in corrected or subscription is None:
                kept.append(each)
                continue
            try:
                query = stored_query(subscription, vocabulary=self._vocabulary)
            except BadQuery:  # it is unknown whether the document matches it
                kept.append(each)
                continue
            document = documents[each.found.document]
            reason = reason_now(_reason(each), document, query=query, vocabulary=self._vocabulary)
            if reason is not None:
                kept.append(replace(each, found=replace(each.found, reason=reason.to_json())))
        return kept

    def _addresses(self, subscriber: Subscriber, *, at: datetime) -> Addresses:
        stop = self._links.unsubscribe(subscriber, now=at)
        return Addresses(
            site=self._settings.public_url,
            manage=self._links.manage(subscriber, now=at),
            unsubscribe=stop,
            one_click=stop,
            unsubscribe_mail=self._mail.unsubscribe,
        )

    # ------------------------------------------------------------------ searches and documents

    def _search(
        self,
        subscription: Subscription,
        matches: Sequence[Match],
        documents: Mapping[str, Document],
        *,
        message: Message,
        reader: Reader,
    ) -> DigestSearch:
        """Return a search with its new documents: those that say most words and concepts of it first."""
        ordered = sorted(matches, key=lambda each: (-len(_reason(each).words), -len(_reason(each).tags), each.id))
        shown_first = ordered[:ENTRIES_MAX]
        marker = self._marker(subscription)
        wanted = {each.found.document: (_reason(each).page or 1,) for each in shown_first}
        pages = self._store.pages.stored(wanted)
        text = dict(subscription.query).get("q", "")
        names = self._names(reader.lang)
        entries = []
        for each in shown_first:
            reason, document = _reason(each), documents[each.found.document]
            stored = pages.get((document.id, reason.page or 1))
            page = stored.page() if stored is not None and stored.text.strip() else None
            entries.append(self._entry(document, reason, page, marker=marker, text=text, names=names))
        name, words = self._name(subscription, lang=reader.lang), self._words(subscription, lang=reader.lang)
        owner = self._store.subscriptions.subscriber(subscription.subscriber)
        stop = self._links.unsubscribe(owner, now=message.created_at, subscription=subscription.id) if owner else ""
        all_address = self._links.message(message.public_id, lang=reader.lang, subscription=subscription.id)
        address = f"{self._settings.public_url}/search?{urlencode(subscription.query)}"
        return DigestSearch(
            id=str(subscription.id),
            name=name,
            entries=tuple(entries),
            total=len({each.found.document for each in matches}),
            all_address=all_address,
            search_address=address if len(address) <= _ADDRESS_MAX else all_address,
            words="" if words == name else words,
            stop_address=stop,
        )

    def _entry(
        self, document: Document, reason: Reason, page: Page | None, *, marker: Marker, text: str, names: FilterLabels
    ) -> DigestEntry:
        return make_entry(
            document,
            page=page if reason.page is not None or not document.abstract.strip() else None,
            words=reason.words,
            tags=(*reason.concepts, *reason.tags),
            address=self._document_address(document.id, page=reason.page, text=text),
            marker=marker,
            rights=self._rights.of(document),
            names=names,
            copies=self._copies(document),
        )

    def _document_address(self, document_id: str, *, page: int | None, text: str) -> str:
        address = permanent_link(document_id, page=page or 0, public_url=self._settings.public_url)
        if not text:
            return address
        plain, hashed, fragment = address.partition("#")
        marked = f"{plain}{'&' if '?' in plain else '?'}{urlencode({'q': text})}{hashed}{fragment}"
        return marked if len(marked) <= _ADDRESS_MAX else address  # a very long text is not marked

    def _copies(self, document: Document) -> int:
        return max(0, len(self._store.relations.folded(document.fold)) - 1) if document.fold else 0

    def _names(self, lang: str) -> FilterLabels:
        return FilterLabels(self._vocabulary, sources=self._store.sources.names(), lang=lang)

    def _marker(self, subscription: Subscription) -> Marker:
        """Return what is marked; nothing, when the search can no longer be read."""
        query = self._query(subscription) or SearchQuery()
        try:
            tree = parse(query.text, vocabulary=self._vocabulary, off=query.off, strict=query.strict).tree
        except BadQuery:  # it asks for more than a search may today
            tree = parse("", vocabulary=self._vocabulary).tree
        return marker_of(tree, finder=concepts_of(self._vocabulary))

    def _query(self, subscription: Subscription) -> SearchQuery | None:
        try:
            return stored_query(subscription, vocabulary=self._vocabulary)
        except BadQuery:
            return None

    def _words(self, subscription: Subscription, *, lang: str) -> str:
        """Return a search in words: its text, then its filters."""
        query = self._query(subscription)
        text = dict(subscription.query).get("q", "")
        filters = ""
        if query is not None:
            filters = self._names(lang).in_words(query)
        return "; ".join(part for part in (text, filters) if part) or gettext("All documents", lang=lang)

    def _name(self, subscription: Subscription, *, lang: str) -> str:
        name = subscription.name or self._words(subscription, lang=lang)
        return name if one_line(name) else gettext("A search", lang=lang)  # of invisible characters


def _reason(match: Match) -> Reason:
    return Reason.from_json(match.found.reason)


def _host(address: str) -> str:
    return urlsplit(address).hostname or address
