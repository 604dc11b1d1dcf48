"""The page of a frozen search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.languages import direction
from corpus.messages import Message, gettext, in_language, message
from corpus.messages.formats import grouped, listed
from corpus.types import Document
from search_api.answers.filter_labels import FilterLabels
from search_api.answers.frozen import FrozenChange, FrozenList, FrozenNow, FrozenState
from search_api.query.parameters import SearchQuery
from web.addresses import document_address, frozen_address, search_address
from web.format import day_in_words, facts_of, without_controls
from web.frozen_contexts import FrozenLine, FrozenPage, FrozenTab
from web.views.alerts import follow_frozen_address

LISTED = 50
"""Documents on one page."""

_TABS: Mapping[FrozenList, Message] = {
    FrozenList.ALL: message("Frozen list"),
    FrozenList.CAME: message("New here"),
    FrozenList.JOINED: message("Matching now"),
    FrozenList.LEFT: message("No longer matching"),
    FrozenList.CHANGED: message("Changed"),
    FrozenList.GONE: message("Gone"),
}
_EXPLAINED: Mapping[FrozenList, Message] = {
    FrozenList.ALL: message("The same documents in the same order as on that day."),
    FrozenList.CAME: message("Documents that were added to Pushcart since then and match the same search today."),
    FrozenList.JOINED: message(
        "Documents that were here on that day but match only today: they, their tags or the vocabulary have changed."
    ),
    FrozenList.LEFT: message(
        "Documents of the frozen list that are still here but do not match today: they, their tags or the "
        "vocabulary have changed."
    ),
    FrozenList.CHANGED: message(
        "Documents of the frozen list whose file or displayed record has changed. Tags do not count."
    ),
    FrozenList.GONE: message(
        "Documents of the frozen list that were removed from Pushcart. Only their ids were kept, because "
        "removed documents must not be shown anywhere."
    ),
}


def frozen_page(
    now: FrozenNow,
    *,
    query: SearchQuery | None,
    which: FrozenList,
    number: int,
    documents: Mapping[str, Document],
    names: FilterLabels,
    link: str,
    public_url: str,
    days: int,
    may_follow: bool = True,
) -> FrozenPage:
    """Return what the page shows.

    Args:
        query: the search; None: it can no longer be read.
        which: the list that is shown.
        number: 1-based number of the page of that list.
        documents: those of `shown_on`, as they are now.
        names: of filter values, in the language of the page.
        link: the name with which the reader came.
        public_url: of the site.
        days: for how long a visit keeps it.
        may_follow: whether someone can follow another search here.
    """
    lang, search = names.lang, now.search
    text = dict(search.query).get("q", "")
    filters = names.in_words(query) if query else ""
    every = len(now.listed(which))
    return FrozenPage(
        name=without_controls(search.name),
        words="; ".join(part for part in (text, filters) if part) or gettext("All documents", lang=lang),
        hits=search.hits,
        frozen_at=search.frozen_at,
        expires_at=search.expires_at,
        days=days,
        notices=_notices(now, lang=lang),
        tabs=tuple(_tabs(now, which=which, link=link, lang=lang)),
        explained=gettext(_EXPLAINED[which], lang=lang),
        lines=tuple(
            _line(each, now=now, document=documents.get(each), text=text, lang=lang)
            for each in shown_on(now, which=which, number=number)
        ),
        search=search_address(query) if query else "",
        report=frozen_address(link, part="report"),
        api=f"/api/v1{frozen_address(link, show='' if which is FrozenList.ALL else str(which))}",
        reading=f"{public_url}{frozen_address(now.link.reading)}",
        is_owner=now.link.is_owner,
        rename=frozen_address(link, part="name"),
        delete=frozen_address(link, part="delete"),
        follow=follow_frozen_address(now.link.reading, lang) if may_follow and query else "",
        previous=_page(link, which, number - 1) if number > 1 else "",
        next=_page(link, which, number + 1) if number * LISTED < every else "",
    )


def shown_on(now: FrozenNow, *, which: FrozenList, number: int) -> Sequence[str]:
    """Return the ids on one page of a list, 1-based."""
    return now.listed(which)[(number - 1) * LISTED : number * LISTED]


def _page(link: str, which: FrozenList, number: int) -> str:
    shown = "" if which is FrozenList.ALL else str(which)
    return frozen_address(link, show=shown, page="" if number == 1 else str(number))


def _tabs(now: FrozenNow, *, which: FrozenList, link: str, lang: str) -> list[FrozenTab]:
    tabs = []
    for each, label in _TABS.items():
        is_known = now.since.is_compared or each in (FrozenList.ALL, FrozenList.CHANGED, FrozenList.GONE)
        count = grouped(len(now.listed(each)), lang=lang) if is_known else ""
        tabs.append(FrozenTab(gettext(label, lang=lang), count, _page(link, each, 1), each is which))
    return tabs


def _notices(now: FrozenNow, *, lang: str) -> tuple[str, ...]:
    since, notices = now.since, []
    if not since.is_compared:
        error = in_language(since.error, lang)
        notices.append(
            gettext(
                "New documents cannot be listed, because the search cannot be run today: {error}",
                error=error,
                lang=lang,
            )
        )
    if since.is_cut:
        notices.append(gettext("So many documents match today that only the first of them were compared.", lang=lang))
    if since.behind:
        notices.append(gettext("The index does not show the newest changes yet; try again in a minute.", lang=lang))
    return tuple(notices)


def _line(document_id: str, *, now: FrozenNow, document: Document | None, text: str, lang: str) -> FrozenLine:
    place, state = now.place_of(document_id), now.state_of(document_id)
    if document is None:
        when = now.since.gone.get(document_id)
        words = (
            gettext("removed on {day}", day=day_in_words(when, lang=lang), lang=lang)
            if when
            else gettext("no longer here", lang=lang)
        )
        return FrozenLine(place, document_id, "", "", "", "auto", (), words)
    change = now.since.changed.get(document_id)
    return FrozenLine(
        place,
        document_id,
        without_controls(document.title),
        document_address(document_id, text=text),
        document.lang,
        direction(document.lang),
        tuple(without_controls(fact) for fact in facts_of(document, lang=lang)),
        _changed(change, lang=lang) if change and state is FrozenState.CHANGED else "",
        document.is_sample,
    )


def _changed(change: FrozenChange, *, lang: str) -> str:
    parts = [gettext("its file", lang=lang)] * change.file
    parts += [gettext("its displayed record", lang=lang)] * change.shown
    return gettext("changed since: {what}", what=listed(parts, last="and", lang=lang), lang=lang)
