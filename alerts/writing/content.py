"""What a message says, as values: who makes a message fills them, alerts.writing.email and .webhook turn them into words.

Texts may come from strangers: both ways of writing take out control characters and line breaks and cut what is too long.
Passages leave this machine with the message, so they must hold no more than corpus.rights lets a stranger see.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum

from babel.dates import get_timezone

from alerts.writing.texts import one_line
from corpus.alerts import Frequency
from corpus.types import LANGUAGES
from corpus.urls import is_web_address
from search_api.answers.snippets import Snippet

ADDRESS_MAX = 2_000
"""Bytes of an address in a message, in UTF-8."""
FREQUENCIES = tuple(each.value for each in Frequency)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a message, and when it was put together."""

    made: datetime
    """When the message was put together, aware; the same at each attempt to send it."""
    lang: str = "en"
    """en, es, fr or pt."""
    time_zone: str = "UTC"
    """IANA name; times are written as clocks there show them."""

    def __post_init__(self) -> None:
        if self.lang not in LANGUAGES:
            raise ValueError(f"messages are written in {', '.join(LANGUAGES)}, not in {self.lang!r}")
        if self.made.tzinfo is None:
            raise ValueError("the moment of a message needs a time zone")
        try:
            get_timezone(self.time_zone)
        except LookupError as error:
            raise ValueError(f"no time zone is called {self.time_zone!r}") from error

    @property
    def made_in_utc(self) -> datetime:
        """Return when the message was put together, in UTC."""
        return self.made.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a subscriber goes from a message. Absolute http(s) addresses; signed ones open without a password."""

    site: str
    """Home page of this Pushcart."""
    manage: str
    """Page of the subscriber: see, pause, change, delete."""
    unsubscribe: str
    """Page that offers to stop this message's alerts; nothing happens before its button is pressed."""
    one_click: str
    """Where a POST of `List-Unsubscribe=One-Click` stops them (RFC 8058). Providers follow no http here: use https."""
    unsubscribe_mail: str = ""
    """`mailto:` address that stops them; empty: mail is not read here."""

    def __post_init__(self) -> None:
        _check_addresses(self, "site", "manage", "unsubscribe", "one_click")
        mail = self.unsubscribe_mail
        if mail and (not mail.startswith("mailto:") or not _is_plain(mail)):
            raise ValueError(f"not a mailto address: {mail[:100]!r}")


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """A new document, and why it is one of a search."""

    id: str
    title: str
    """As the document has it; empty: it has none."""
    address: str
    """Opens it at its best page, with the words of the search marked."""
    marked_title: Snippet = ()
    """The title with words of the search marked; empty: none is there."""
    publisher: str = ""
    year: str = ""
    """Of publication, four digits; empty: not known."""
    lang: str = "und"
    """ISO 639-1."""
    kind: str = "document"
    """Type of document, as in corpus.types.DOCUMENT_TYPES."""
    page: int | None = None
    """1-based, the best page; None: no page matched on its own, or it is a web page."""
    passage: Snippet = ()
    """Cut from that page, else from abstract or first page, with the words of the search marked. Only what
    corpus.rights.policy_of_messages allows; empty: nothing."""
    words: tuple[str, ...] = ()
    """Words of the search that the document has, as typed or as found."""
    tags: tuple[str, ...] = ()
    """What else of the search the document has, by names in the reader's language: `Street vendors`, `Peru`, `2019`."""
    copies: int = 0
    """Other copies and translations of it that are held."""
    first_seen: datetime | None = None
    """When it came here, aware; None: not said."""
    is_sample: bool = False
    """It was written for Pushcart."""

    def __post_init__(self) -> None:
        _check_addresses(self, "address")
        if self.page is not None and self.page < 1:
            raise ValueError(f"page numbers start at 1, got {self.page}")
        if self.copies < 0:
            raise ValueError("a document has 0 copies or more")


@dataclass(frozen=True, slots=True)
class DigestSearch:
    """A search that the subscriber follows, with what is new for it."""

    id: str
    """Public id of the subscription."""
    name: str
    """As the subscriber calls it, else the search in words; never empty."""
    entries: tuple[DigestEntry, ...]
    """Best first. All, or the first hundred: who writes cuts to what a message holds."""
    total: int
    """Documents of this search in this message, those that are not among `entries` too."""
    all_address: str
    """Opens exactly these `total` documents, now and later."""
    search_address: str
    """Opens the search as it answers when it is opened."""
    words: str = ""
    """The search in words where `name` does not say it."""
    stop_address: str = ""
    """Page that offers to stop this search alone; empty: only the whole message can be stopped."""

    def __post_init__(self) -> None:
        if not self.entries or not one_line(self.name):
            raise ValueError("a search of a digest has a name and at least one new document")
        if self.total < len(self.entries):
            raise ValueError(f"{len(self.entries)} documents of {self.total}")
        _check_addresses(self, "all_address", "search_address", *(["stop_address"] if self.stop_address else []))


@dataclass(frozen=True, slots=True)
class DigestContent:
    """What is new for the searches of one subscriber; never empty."""

    reader: Reader
    addresses: Addresses
    searches: tuple[DigestSearch, ...]
    """In the order in which they are shown."""
    documents: int
    """Different documents in this message: one that two searches found counts once."""
    all_address: str
    """Opens exactly the documents of this message, by search."""
    frequency: str = "daily"
    """at_once, daily or weekly; of several searches with different ones, that which let this message go."""

    def __post_init__(self) -> None:
        if not self.searches:
            raise ValueError("a digest without documents is never written")
        totals = [search.total for search in self.searches]
        if not max(totals) <= self.documents <= sum(totals):
            raise ValueError(f"{self.documents} different documents cannot make up {totals}")
        _check_frequency(self.frequency)
        _check_addresses(self, "all_address")


@dataclass(frozen=True, slots=True)
class ConfirmContent:
    """The question whether someone wants to be notified. It goes to an address that may not have asked."""

    reader: Reader
    site: str
    """Home page of this Pushcart."""
    confirm: str
    """Page with the button that confirms."""
    not_me: str
    """Page with the button that forgets the address, and asks it no more."""
    frequency: str
    expires: datetime
    """Until when it can be confirmed, aware."""
    search: str = ""
    """The search in words. A stranger may have typed them: in e-mail they are only shown when they cannot be an advertisement
    with a link; see alerts.writing.texts.harmless."""

    def __post_init__(self) -> None:
        _check_addresses(self, "site", "confirm", "not_me")
        _check_frequency(self.frequency)
        if self.expires.tzinfo is None:
            raise ValueError("the end of a question needs a time zone")


class NoticeKind(StrEnum):
    """Other notices to a subscriber."""

    SEARCH_UNREADABLE = "search_unreadable"
    """A search cannot be read any more, so nothing is looked for. `search` and `detail` say which and why."""
    PAUSED = "paused"
    """A search, or all of them (`search` empty), was paused by the site. `detail` says why."""
    WEBHOOK_GIVEN_UP = "webhook_given_up"
    """Messages did not arrive at `endpoint` in all tries since `since`."""
    WEBHOOK_GONE = "webhook_gone"
    """`endpoint` answered 410 and was switched off."""
    EMAIL_REFUSED = "email_refused"
    """Mail to `endpoint` is refused permanently; sent by webhook."""


@dataclass(frozen=True, slots=True)
class NoticeContent:
    """Something that a subscriber has to know, and what to do about it."""

    reader: Reader
    addresses: Addresses
    kind: NoticeKind
    action: str
    """Page where it can be repaired."""
    search: str = ""
    """Name of the search that it is about."""
    endpoint: str = ""
    """Host of the webhook, or the e-mail address. Not the whole address of a webhook: it may hold a secret."""
    messages: int = 0
    """Messages that wait or were given up; they can be asked for again."""
    since: datetime | None = None
    """Since when it is so, aware."""
    detail: str = ""
    """Why, as one sentence; a corpus.messages.Sentence is said in the reader's language. Empty: not known."""

    def __post_init__(self) -> None:
        needed = "search" if self.kind is NoticeKind.SEARCH_UNREADABLE else "endpoint"
        if self.kind is not NoticeKind.PAUSED and not one_line(getattr(self, needed)):
            raise ValueError(f"a notice {self.kind.value} names its {needed}")
        _check_addresses(self, "action")


@dataclass(frozen=True, slots=True)
class TestContent:
    """A message that only shows that messages arrive."""

    __test__ = False  # no test of pytest

    reader: Reader
    site: str
    """Home page of this Pushcart."""

    def __post_init__(self) -> None:
        _check_addresses(self, "site")


Content = DigestContent | ConfirmContent | NoticeContent | TestContent


def kind_of(content: Content) -> str:
    """Return `digest`, `confirm`, `notice` or `test`."""
    match content:
        case DigestContent():
            return "digest"
        case ConfirmContent():
            return "confirm"
        case NoticeContent():
            return "notice"
    return "test"


def _check_addresses(value: Addresses | DigestEntry | DigestSearch | Content, *names: str) -> None:
    known = {field.name for field in fields(value)}
    for name in names:
        address = getattr(value, name)
        assert name in known
        if not is_web_address(address) or not _is_plain(address):
            raise ValueError(f"{name} is no http(s) address of at most {ADDRESS_MAX} bytes: {address[:100]!r}")


def _is_plain(address: str) -> bool:
    """Say whether an address can be between brackets or quotation marks."""
    is_written = address.isprintable() and not any(each in ' <>"\\' for each in address)
    return is_written and len(address.encode()) <= ADDRESS_MAX


def _check_frequency(frequency: str) -> None:
    if frequency not in FREQUENCIES:
        raise ValueError(f"messages come {', '.join(FREQUENCIES)}, not {frequency!r}")
