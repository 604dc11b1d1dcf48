"""What messages say in the reader's language: subjects, reasons, and the paragraphs of notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from alerts.writing.content import (
    ConfirmContent,
    Content,
    DigestContent,
    DigestEntry,
    NoticeContent,
    NoticeKind,
    TestContent,
)
from alerts.writing.texts import harmless, shortened
from corpus.languages import own_name
from corpus.messages import Message, gettext, message, ngettext
from corpus.messages.dates import local_day, local_moment
from corpus.messages.formats import listed
from corpus.messages.values import type_name

TOPIC_MAX = 60
"""Characters of a search's name in a subject: more is cut by most mail programs."""
_OFTEN: Mapping[str, Message] = {
    "at_once": message("as soon as there is something new"),
    "daily": message("once a day, when there is something new"),
    "weekly": message("once a week, when there is something new"),
}


def subject_of(content: Content) -> str:
    """Return the subject of an e-mail: one line, with count and topic where it brings documents."""
    lang = content.reader.lang
    match content:
        case DigestContent():
            return _digest_subject(content)
        case ConfirmContent():
            words = shortened(harmless(content.search), TOPIC_MAX)
            if words:
                return gettext("Please confirm: new documents for {search}", search=words, lang=lang)
            return gettext("Please confirm: new documents by e-mail", lang=lang)
        case NoticeContent():
            return notice_words(content).title
        case TestContent():
            return gettext("Test message from Pushcart", lang=lang)


def _digest_subject(content: DigestContent) -> str:
    lang = content.reader.lang
    topic = shortened(content.searches[0].name, TOPIC_MAX)
    more = len(content.searches) - 1
    if more:
        topic = ngettext(
            "{topic} and {count} more search", "{topic} and {count} more searches", more, topic=topic, lang=lang
        )
    return ngettext(
        "{count} new document: {topic}", "{count} new documents: {topic}", content.documents, topic=topic, lang=lang
    )


def often_in_words(frequency: str, *, lang: str) -> str:
    """Return how often messages come: `once a day, when there is something new`."""
    return gettext(_OFTEN[frequency], lang=lang)


def host_of(address: str) -> str:
    """Return the host of one of our own addresses, with its port where it has one: how a site is named to people."""
    return urlsplit(address).netloc.rpartition("@")[2]


def facts_of(entry: DigestEntry, *, time_zone: str = "", lang: str) -> tuple[str, ...]:
    """Return what is known of a document beside its title: publisher, year, type, language, and the day on which it came.

    Args:
        entry: the document.
        time_zone: of the day; empty: the day is not said.
        lang: of the reader.
    """
    kind = "" if entry.kind in ("document", "web_page", "") else type_name(entry.kind, lang=lang)
    language = own_name(entry.lang) if entry.lang not in ("und", lang) else ""
    came = ""
    if time_zone and entry.first_seen is not None:
        day = local_day(entry.first_seen, time_zone=time_zone, lang=lang)
        came = gettext("here since {day}", day=day, lang=lang)
    sample = gettext("Sample document", lang=lang) if entry.is_sample else ""
    return tuple(fact for fact in (entry.publisher, entry.year, kind, language, came, sample) if fact)


def reason_of(entry: DigestEntry, *, lang: str) -> str:
    """Return in one line why a document is one of a search: its words, the page with most of them, and its tags."""
    quoted = [gettext("“{word}”", word=word, lang=lang) for word in entry.words]
    text, tags = listed(quoted, last="and", lang=lang), ", ".join(entry.tags)
    if text and entry.page:
        text = gettext("{words}, best page: {page}", words=text, page=entry.page, lang=lang)
    if text and tags:
        return gettext("Why: {words}; tags: {tags}", words=text, tags=tags, lang=lang)
    if text:
        return gettext("Why: {words}", words=text, lang=lang)
    if tags:
        return gettext("Why: {tags}", tags=tags, lang=lang)
    return gettext("Why: it fits the filters of this search", lang=lang)


def copies_in_words(count: int, *, lang: str) -> str:
    """Return how many other copies and translations of a document are held."""
    return ngettext(
        "there is {count} other copy or translation",
        "there are {count} other copies or translations",
        count,
        lang=lang,
    )


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """A notice in words."""

    title: str
    """Also the subject."""
    paragraphs: tuple[str, ...]
    """What happened to which, then what to do."""
    action: str
    """Words of the link to where it can be repaired."""


def notice_words(content: NoticeContent) -> NoticeWords:
    """Return a notice in the language of its reader."""
    lang = content.reader.lang
    title, action = _notice_head(content)
    what = _what_happened(content)
    why = gettext("Reason: {detail}", detail=content.detail, lang=lang) if content.detail else ""
    return NoticeWords(title, tuple(each for each in (what, why, _what_next(content)) if each), action)


def _notice_head(content: NoticeContent) -> tuple[str, str]:
    lang, search, endpoint = content.reader.lang, shortened(content.search, TOPIC_MAX), content.endpoint
    match content.kind:
        case NoticeKind.SEARCH_UNREADABLE:
            title = gettext("A search that you follow no longer works: {search}", search=search, lang=lang)
            return title, gettext("Change this search", lang=lang)
        case NoticeKind.PAUSED if search:
            title = gettext("Your alerts are paused: {search}", search=search, lang=lang)
            return title, gettext("Resume", lang=lang)
        case NoticeKind.PAUSED:
            return gettext("Your alerts are paused", lang=lang), gettext("Resume", lang=lang)
        case NoticeKind.WEBHOOK_GIVEN_UP:
            title = gettext("Your webhook does not answer: {endpoint}", endpoint=endpoint, lang=lang)
            return title, gettext("See what did not arrive", lang=lang)
        case NoticeKind.WEBHOOK_GONE:
            title = gettext("Your webhook was switched off: {endpoint}", endpoint=endpoint, lang=lang)
            return title, gettext("See your webhook", lang=lang)
    title = gettext("Your e-mail address is refused: {endpoint}", endpoint=endpoint, lang=lang)
    return title, gettext("See your alerts", lang=lang)


def _what_happened(content: NoticeContent) -> str:
    lang, search, endpoint = content.reader.lang, content.search, content.endpoint
    since = _since(content)
    match content.kind:
        case NoticeKind.SEARCH_UNREADABLE:
            return gettext("The search {search} can no longer be read, so it finds nothing.", search=search, lang=lang)
        case NoticeKind.PAUSED if search:
            return gettext("You do not receive messages about {search} at present.", search=search, lang=lang)
        case NoticeKind.PAUSED:
            return gettext("You do not receive messages about your searches at present.", lang=lang)
        case NoticeKind.WEBHOOK_GIVEN_UP if since:
            return gettext(
                "Messages to {endpoint} did not arrive: every attempt since {since} failed.",
                endpoint=endpoint,
                since=since,
                lang=lang,
            )
        case NoticeKind.WEBHOOK_GIVEN_UP:
            return gettext("Messages to {endpoint} did not arrive: every attempt failed.", endpoint=endpoint, lang=lang)
        case NoticeKind.WEBHOOK_GONE:
            return gettext(
                "{endpoint} answered 410 (gone), which means that it wants no more messages.",
                endpoint=endpoint,
                lang=lang,
            )
    return gettext("The mail server of {endpoint} no longer accepts messages for it.", endpoint=endpoint, lang=lang)


def _what_next(content: NoticeContent) -> str:
    lang, count = content.reader.lang, content.messages
    waiting = (
        ngettext("{count} message is kept for you.", "{count} messages are kept for you.", count, lang=lang)
        if count
        else ""
    )
    match content.kind:
        case NoticeKind.SEARCH_UNREADABLE:
            advice = gettext("Open it and correct it; documents added in the meantime are then checked.", lang=lang)
        case NoticeKind.PAUSED:
            advice = gettext("New documents are kept and sent when you resume.", lang=lang)
        case NoticeKind.WEBHOOK_GIVEN_UP:
            advice = gettext("When the endpoint works again, you can have the messages resent.", lang=lang)
        case NoticeKind.WEBHOOK_GONE:
            advice = gettext("If that is a mistake, switch it on again.", lang=lang)
        case NoticeKind.EMAIL_REFUSED:
            advice = gettext("Give another address.", lang=lang)
    return f"{waiting} {advice}".strip()


def _since(content: NoticeContent) -> str:
    if content.since is None:
        return ""
    return local_moment(content.since, time_zone=content.reader.time_zone, lang=content.reader.lang)
