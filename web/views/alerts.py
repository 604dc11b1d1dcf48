"""The pages on which a search begins to be followed and ends."""

from __future__ import annotations

from collections.abc import Mapping

from alerts.subscribing.confirming import Asked, Confirmed
from alerts.subscribing.links import CONFIRM_DAYS
from alerts.subscribing.preview import Preview
from alerts.subscribing.searches import FROZEN, WantedSearch
from alerts.subscribing.unsubscribing import Leaving
from corpus.alerts import Frequency
from corpus.languages import own_name
from corpus.messages import Message, gettext, message, ngettext
from corpus.types import LANGUAGES
from search_api.answers.filter_labels import FilterLabels
from search_api.query.parameters import SearchQuery
from web.addresses import feed_address, frozen_address, search_address, with_parameters
from web.alerts_contexts import FollowPage, FormOption, StepButton, StepPage
from web.contexts import TextLink
from web.language import LANGUAGE_PARAMETER

FREQUENCY_WORDS: Mapping[Frequency, Message] = {
    Frequency.AT_ONCE: message("At once"),
    Frequency.DAILY: message("Once a day"),
    Frequency.WEEKLY: message("Once a week"),
}


def in_locale(address: str, lang: str) -> str:
    """Return an address of ours in the language of the page that it is on."""
    if lang == "en":
        return address
    return f"{address}{'&' if '?' in address else '?'}{LANGUAGE_PARAMETER}={lang}"


def in_own_locale(address: str, lang: str) -> str:
    """Return an address of a page that would else be in its subscriber's language, in the language of the page it is on."""
    return f"{address}{'&' if '?' in address else '?'}{LANGUAGE_PARAMETER}={lang}"


def query_in_words(query: SearchQuery, names: FilterLabels) -> str:
    """Return a search in words: what was typed, and its filters."""
    parts = (query.text, names.in_words(query))
    return "; ".join(part for part in parts if part) or gettext("All documents", lang=names.lang)


def follow_page(
    wanted: WantedSearch,
    *,
    found: Preview | None,
    names: FilterLabels,
    by_email: bool,
    takes_new: bool,
    frequency: str = "",
    message_lang: str = "",
    address: str = "",
    error: str = "",
) -> FollowPage:
    """Return what the page shows on which a search is followed.

    Args:
        wanted: the search.
        found: what it would have brought; None: the index does not say.
        names: of filter values, in the language of the page.
        by_email: whether this site sends e-mail.
        takes_new: whether someone can follow another search here.
        frequency: that was chosen; empty: none yet.
        message_lang: that was chosen; empty: none yet.
        address: that was typed.
        error: why what was sent cannot be used; empty: nothing was sent.
    """
    lang, query = names.lang, wanted.query
    path = with_parameters("/alerts/new", wanted.parameters)
    back = frozen_address(wanted.frozen) if wanted.frozen else search_address(query)
    return FollowPage(
        words=query_in_words(query, names),
        preview=found.in_words(lang=lang) if found else (),
        is_broad=found is not None and found.is_broad,
        action=in_locale(path, lang),
        by_email=by_email,
        frequencies=frequencies(frequency or Frequency.DAILY, lang=lang),
        langs=languages(message_lang or lang),
        feed=feed_address(query),
        api=f"/api/v1{with_parameters('/alerts', wanted.parameters)}",
        back=in_locale(back, lang),
        is_frozen=bool(wanted.frozen),
        takes_new=takes_new,
        days=CONFIRM_DAYS,
        kept=in_locale("/alerts", lang) + "#kept",
        address=address,
        error=error,
    )


def follow_frozen_address(reading: str, lang: str) -> str:
    """Return the page on which what comes after a frozen search is followed."""
    return in_locale(with_parameters("/alerts/new", ((FROZEN, reading),)), lang)


def frequencies(chosen: str, *, lang: str) -> tuple[FormOption, ...]:
    """Return how often one may be notified."""
    return tuple(FormOption(each, gettext(words, lang=lang), each == chosen) for each, words in FREQUENCY_WORDS.items())


def languages(chosen: str) -> tuple[FormOption, ...]:
    """Return the languages of messages, each in its own words."""
    names = {code: own_name(code) for code in LANGUAGES}
    return tuple(
        FormOption(code, f"{name[:1].upper()}{name[1:]}", code == chosen, code) for code, name in names.items()
    )


def asked_page(*, lang: str) -> StepPage:
    """Return the answer to a request, the same for known and unknown addresses."""
    return StepPage(
        heading=gettext("Check your e-mail", lang=lang),
        subject="",
        said=(
            gettext(
                "If that address accepts messages from here, one has been sent. Open its link and confirm to be "
                "notified of new documents.",
                lang=lang,
            ),
            ngettext(
                "The link is valid for {count} day. Until you confirm, nothing else is sent to you.",
                "The link is valid for {count} days. Until you confirm, nothing else is sent to you.",
                CONFIRM_DAYS,
                lang=lang,
            ),
            gettext(
                "Nothing there after an hour? Check your spam folder. If you already follow this search, no message "
                "is sent: every message of your alerts has a link to see and change them.",
                lang=lang,
            ),
        ),
        links=(TextLink(gettext("Continue searching", lang=lang), in_locale("/search", lang)),),
    )


def confirm_page(asked: Asked, *, token: str, names: FilterLabels, query: SearchQuery | None) -> StepPage:
    """Return what a confirmation link shows before anything is done."""
    lang = names.lang
    often = gettext(FREQUENCY_WORDS[asked.subscription.frequency], lang=lang)
    return StepPage(
        heading=gettext("Follow this search?", lang=lang),
        subject=_subject(asked.subscription.name, query, names),
        said=(
            gettext("Messages about new documents go to {address}.", address=asked.subscriber.address, lang=lang),
            gettext("How often: {often}.", often=often[:1].lower() + often[1:], lang=lang),
        ),
        buttons=(
            StepButton(in_own_locale(f"/alerts/confirm/{token}", lang), gettext("Yes, notify me", lang=lang)),
            StepButton(
                in_own_locale(f"/alerts/not-me/{token}", lang),
                gettext("I did not ask for this", lang=lang),
                is_quiet=True,
            ),
        ),
    )


def confirmed_page(done: Confirmed, *, names: FilterLabels, query: SearchQuery | None) -> StepPage:
    """Return what is shown once a search is followed."""
    lang = names.lang
    often = gettext(FREQUENCY_WORDS[done.subscription.frequency], lang=lang)
    manage = "/alerts/" + done.manage.partition("/alerts/")[2]
    return StepPage(
        heading=gettext("You follow this search", lang=lang),
        subject=_subject(done.subscription.name, query, names),
        said=(
            gettext("Messages about new documents go to {address}.", address=done.subscriber.address, lang=lang),
            gettext("How often: {often}.", often=often[:1].lower() + often[1:], lang=lang),
            gettext("Every message has a link to change that, and one to stop it.", lang=lang),
        ),
        links=(TextLink(gettext("See and change what you follow", lang=lang), manage),),
        secret=done.secret,
    )


def not_me_page(asked: Asked, *, token: str, names: FilterLabels, query: SearchQuery | None) -> StepPage:
    """Return what the link shows for those who did not ask, before anything is done."""
    lang = names.lang
    is_known = asked.subscriber.confirmed_at is not None
    words = (
        gettext("The search is removed from your list. Your other searches continue.", lang=lang)
        if is_known
        else gettext(
            "Your address is deleted, and nothing is sent to it again. To make sure of that, a hash is kept from "
            "which the address cannot be read.",
            lang=lang,
        )
    )
    return StepPage(
        heading=gettext("You did not ask for this?", lang=lang),
        subject=_subject(asked.subscription.name, query, names),
        said=(gettext("Someone entered your address, perhaps by mistake.", lang=lang), words),
        buttons=(
            StepButton(in_own_locale(f"/alerts/not-me/{token}", lang), gettext("I did not ask for this", lang=lang)),
            StepButton(
                in_own_locale(f"/alerts/confirm/{token}", lang),
                gettext("It was me: notify me", lang=lang),
                is_quiet=True,
            ),
        ),
    )


def refused_page(*, is_never: bool, lang: str) -> StepPage:
    """Return what is shown after someone said that they did not ask."""
    said = (
        gettext("Your address is deleted, and nothing is sent to it again.", lang=lang)
        if is_never
        else gettext("The search has been removed from your list. Your other searches continue.", lang=lang)
    )
    return StepPage(gettext("Done", lang=lang), "", (said,))


def leaving_page(found: Leaving | None, *, token: str, words: str, names: FilterLabels) -> StepPage:
    """Return what an unsubscribe link shows before anything is done.

    Args:
        found: what it is about; None: it is over.
        token: of the link.
        words: the search that it is about; empty: it is about all.
        names: in the language of the page.
    """
    lang, action = names.lang, in_own_locale(f"/alerts/unsubscribe/{token}", names.lang)
    if found is None:
        return ended_page(was_there=False, lang=lang)
    count = len(found.subscriptions)
    stop_all = StepButton(
        action,
        ngettext("Stop my only alert", "Stop all {count} of my alerts", count, lang=lang),
        (("which", "all"),),
        is_quiet=found.one is not None,
    )
    stop_one = StepButton(action, gettext("Stop this alert", lang=lang), (("which", "this"),))
    never = StepButton(action, gettext("Stop all, and never contact me again", lang=lang), (("which", "never"),), True)
    buttons: tuple[StepButton, ...] = (stop_one,) if found.one is not None else ()
    buttons += (stop_all,) if found.one is None or count > 1 else ()
    return StepPage(
        heading=gettext("Stop these messages?", lang=lang),
        subject=words if found.one is not None else "",
        said=(
            gettext("Nothing happens until you press a button.", lang=lang),
            gettext("With your last alert, your address and everything else about you is deleted.", lang=lang),
        ),
        buttons=(*buttons, never),
    )


def ended_page(*, was_there: bool, lang: str) -> StepPage:
    """Return what is shown after something was ended."""
    said = (
        gettext("No more messages about this are sent. One that is on its way may still arrive.", lang=lang)
        if was_there
        else gettext("This was already stopped. Nothing more is sent because of it.", lang=lang)
    )
    return StepPage(
        gettext("Messages are stopped", lang=lang),
        "",
        (said,),
        links=(TextLink(gettext("Continue searching", lang=lang), in_locale("/search", lang)),),
    )


def _subject(name: str, query: SearchQuery | None, names: FilterLabels) -> str:
    words = query_in_words(query, names) if query else ""
    return f"{name}: {words}" if name and words else name or words
