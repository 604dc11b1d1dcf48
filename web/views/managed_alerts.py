"""The pages of a subscriber: what is followed, what matched and was sent, and the documents of a message."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from alerts.subscribing.addresses import in_brief, time_zones
from alerts.subscribing.ledger import Followed, LedgerLine, LedgerPage
from corpus.alerts import (
    Channel,
    MatchOutcome,
    Message,
    MessageKind,
    MessageState,
    StoppedWhy,
    Subscriber,
    SubscriberState,
    Subscription,
    SubscriptionState,
)
from corpus.languages import direction
from corpus.messages import Message as Words
from corpus.messages import gettext, message, ngettext
from corpus.messages.dates import weekday_names, written_moment
from corpus.messages.formats import grouped, listed
from search_api.answers.filter_labels import FilterLabels
from search_api.query.parameters import SearchQuery
from web.addresses import document_address, search_address
from web.alerts_contexts import (
    FollowedCard,
    FollowedPage,
    FormOption,
    LedgerRow,
    ManagePage,
    MessagePage,
    MessageSection,
    SentLine,
)
from web.format import facts_of, without_controls
from web.views.alerts import frequencies, in_own_locale, languages, query_in_words

QueryOf = Callable[[Subscription], SearchQuery | None]
"""Gives the search of a subscription; None: it can no longer be read."""

_STATES: Mapping[SubscriptionState, Words] = {
    SubscriptionState.UNCONFIRMED: message("Waiting to be confirmed with the link in its message"),
    SubscriptionState.ACTIVE: message("Followed"),
    SubscriptionState.PAUSED: message("Paused: what matches is kept, and sent when you resume"),
}
_KINDS: Mapping[MessageKind, Words] = {
    MessageKind.CONFIRM: message("Confirmation"),
    MessageKind.DIGEST: message("New documents"),
    MessageKind.NOTICE: message("Notice"),
    MessageKind.TEST: message("Test message"),
}
_MESSAGE_STATES: Mapping[MessageState, Words] = {
    MessageState.WAITING: message("waiting to be sent"),
    MessageState.SENDING: message("is being sent"),
    MessageState.SENT: message("sent"),
    MessageState.FAILED: message("did not arrive"),
}
_STOPPED: Mapping[StoppedWhy, Words] = {
    StoppedWhy.REFUSED: message("Nothing is sent at present: the receiving server says that there is no such address."),
    StoppedWhy.COMPLAINED: message("Nothing is sent any more: a message was reported as spam."),
    StoppedWhy.GAVE_UP: message("Nothing is sent at present: every attempt to send a message failed."),
    StoppedWhy.ASKED: message("Nothing is sent any more, because you asked for that."),
}
_RESTARTED = (StoppedWhy.REFUSED, StoppedWhy.GAVE_UP)
DONE_WORDS: Mapping[str, Words] = {
    "saved": message("Saved."),
    "started": message("Messages are sent again."),
    "renewed": message("This is your new link; the old ones no longer work. Save this address."),
    "ended": message("The older secret is no longer valid."),
}
"""What a page says was just done, by the word in its address."""


def manage_page(
    owner: Subscriber,
    *,
    followed: Sequence[Followed],
    messages: Sequence[Message],
    message_address: Callable[[str], str],
    query_of: QueryOf,
    names: FilterLabels,
    action: str,
    done: str = "",
) -> ManagePage:
    """Return what the manage page shows.

    Args:
        owner: whose it is.
        followed: all subscriptions.
        messages: the last ones, newest first.
        message_address: gives the page with the documents of a message, by its public id.
        query_of: reads searches.
        names: of filter values, in the language of the page.
        action: path of this page.
        done: what was just done, in words.
    """
    lang = names.lang
    stopped = owner.stopped_why if owner.state is SubscriberState.STOPPED else None
    return ManagePage(
        address=in_brief(owner.channel, owner.address),
        is_webhook=owner.channel is Channel.WEBHOOK,
        error=gettext(_STOPPED[stopped], lang=lang) if stopped else "",
        may_start=stopped in _RESTARTED,
        followed=tuple(followed_card(each, query_of=query_of, names=names, action=action) for each in followed),
        messages=tuple(_sent_line(each, address=message_address, lang=lang) for each in messages),
        action=in_own_locale(action, lang),
        langs=languages(owner.lang),
        hours=tuple(FormOption(str(hour), f"{hour:02}:00", hour == owner.hour) for hour in range(24)),
        weekdays=tuple(
            FormOption(str(day), name, day == owner.weekday) for day, name in enumerate(weekday_names(lang=lang))
        ),
        timezone=owner.timezone,
        timezones=tuple(sorted(each for each in time_zones() if "/" in each and not each.startswith("Etc/"))),
        contact=owner.contact,
        secrets=len(owner.secrets),
        done=done,
    )


def followed_card(followed: Followed, *, query_of: QueryOf, names: FilterLabels, action: str) -> FollowedCard:
    """Return what is shown of one search that is followed."""
    kept, lang = followed.subscription, names.lang
    query = query_of(kept)
    return FollowedCard(
        id=kept.id,
        name=without_controls(kept.name),
        words=query_in_words(query, names) if query else dict(kept.query).get("q", ""),
        search=search_address(query) if query else "",
        state=gettext(_STATES[kept.state], lang=lang),
        is_active=kept.state is SubscriptionState.ACTIVE,
        is_paused=kept.state is SubscriptionState.PAUSED,
        error=_error_of(kept, query, lang=lang),
        numbers=_numbers(followed, lang=lang),
        newest=followed.totals.newest if followed.totals else None,
        address=in_own_locale(f"{action}/{kept.id}", lang),
        frequencies=frequencies(kept.frequency, lang=lang),
    )


def followed_page(
    card: FollowedCard,
    *,
    ledger: LedgerPage,
    names: FilterLabels,
    back: str,
    text: str,
    may_ask: bool,
    document: str = "",
    why: Sequence[str] = (),
) -> FollowedPage:
    """Return what the page of one search shows: its ledger, and why a document is not in it.

    Args:
        card: the search.
        ledger: some of its matches.
        names: of filter values, in the language of the page.
        back: the manage page.
        text: words of the search, marked where a document is opened.
        may_ask: whether it is said why a document was not sent.
        document: that was requested.
        why: why it was not told.
    """
    return FollowedPage(
        card=card,
        rows=tuple(ledger_row(each, names=names, text=text) for each in ledger.lines),
        next=f"{card.address}&before={ledger.next}" if ledger.next else "",
        back=in_own_locale(back, names.lang),
        may_ask=may_ask,
        document=document,
        why=tuple(why),
    )


def message_page(
    made: Message,
    *,
    lines: Sequence[LedgerLine],
    subscriptions: Mapping[int, Subscription],
    query_of: QueryOf,
    names: FilterLabels,
    whole: str,
) -> MessagePage:
    """Return what the page of a message shows: its documents, by search.

    Args:
        made: the message.
        lines: its documents, by search, or those of one search.
        subscriptions: those searches, by id.
        query_of: reads them.
        names: of filter values, in the language of the page.
        whole: where all documents of the message are; empty: these are all.
    """
    sections = []
    for number, group in groupby(lines, key=lambda line: line.match.found.subscription):
        kept = subscriptions.get(number)
        query = query_of(kept) if kept else None
        words = (kept.name if kept else "") or (query_in_words(query, names) if query else "")
        text = query.text if query else ""
        rows = tuple(ledger_row(each, names=names, text=text) for each in group)
        sections.append(MessageSection(without_controls(words), search_address(query) if query else "", rows))
    count = len({each.match.found.document for each in lines})
    return MessagePage(made.created_at, count, tuple(sections), bool(whole), whole)


def ledger_row(line: LedgerLine, *, names: FilterLabels, text: str) -> LedgerRow:
    """Return what is shown of a match."""
    found, document, lang = line.match.found, line.document, names.lang
    page = _page_of(found.reason)
    return LedgerRow(
        id=found.document,
        title=without_controls(document.title) if document else "",
        href=document_address(found.document, page=page, text=text),
        lang=document.lang if document else "",
        direction=direction(document.lang) if document else "auto",
        facts=tuple(without_controls(each) for each in facts_of(document, lang=lang)) if document else (),
        found=line.match.at,
        reason=match_in_words(found.reason, names=names),
        state=_became(line, lang=lang),
        is_sample=document is not None and document.is_sample,
    )


def match_in_words(matched: Mapping[str, Any], *, names: FilterLabels) -> str:
    """Return why a document matched: its words with their page, and its tags. Empty: nothing was noted.

    Args:
        matched: reason of a match, as alerts.matching writes it.
        names: of tags, in the language of the page.
    """
    lang, page = names.lang, _page_of(matched)
    quoted = [gettext("“{words}”", words=without_controls(str(each)), lang=lang) for each in matched.get("words", ())]
    words = listed(quoted, last="and", lang=lang)
    if words and page is not None:
        words = gettext("{words} on page {page}", words=words, page=grouped(page, lang=lang), lang=lang)
    labels = [_label(str(each), names) for each in (*matched.get("concepts", ()), *matched.get("tags", ()))]
    tags = ", ".join(dict.fromkeys(labels))
    return "; ".join(each for each in (words, tags) if each)


def _page_of(matched: Mapping[str, Any]) -> int | None:
    page = matched.get("page")
    return page if isinstance(page, int) else None


def _label(tag: str, names: FilterLabels) -> str:
    parameter, _, value = tag.partition(":")
    return value if parameter == "year" else names.label(parameter, value)


def _became(line: LedgerLine, *, lang: str) -> str:
    if line.match.found.outcome is MatchOutcome.KNOWN:
        return gettext("Not sent: a copy or translation of a document that was already known", lang=lang)
    if line.message is None:
        return gettext("Waiting for your next message", lang=lang)
    if line.message.sent_at is not None:
        return gettext("Sent on {moment}", moment=written_moment(line.message.sent_at, lang=lang), lang=lang)
    if line.message.state is MessageState.FAILED:
        return gettext("In a message that did not arrive", lang=lang)
    return gettext("In a message that is waiting to be sent", lang=lang)


def _numbers(followed: Followed, *, lang: str) -> str:
    totals = followed.totals
    if totals is None:
        return gettext("Nothing matched yet.", lang=lang)
    said = [
        ngettext("{count} document matched", "{count} documents matched", totals.all, lang=lang),
        ngettext("{count} was sent", "{count} were sent", totals.sent, lang=lang),
    ]
    if totals.untold:
        said.append(ngettext("{count} waiting", "{count} waiting", totals.untold, lang=lang))
    if totals.known:
        said.append(
            ngettext(
                "{count} was a copy or translation of a known document",
                "{count} were copies or translations of known documents",
                totals.known,
                lang=lang,
            )
        )
    return gettext("{numbers}.", numbers=", ".join(said), lang=lang)


def _error_of(kept: Subscription, query: SearchQuery | None, *, lang: str) -> str:
    if query is not None and not kept.error:
        return ""
    return gettext(
        "This search can no longer be read, so it finds nothing. Delete it, and follow a new one.", lang=lang
    )


def _sent_line(made: Message, *, address: Callable[[str], str], lang: str) -> SentLine:
    tries = made.tries if made.tries > 1 or made.state is MessageState.FAILED else 0
    state = gettext(_MESSAGE_STATES[made.state], lang=lang)
    if made.sent_at is not None:
        state = gettext("sent on {moment}", moment=written_moment(made.sent_at, lang=lang), lang=lang)
    return SentLine(
        what=gettext(_KINDS[made.kind], lang=lang),
        made=made.created_at,
        state=state,
        tries=ngettext("{count} attempt", "{count} attempts", tries, lang=lang) if tries else "",
        href=address(made.public_id) if made.kind is MessageKind.DIGEST else "",
    )
