"""Alerts on the pages: a search is followed, confirmed, looked at, changed and ended. A GET changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from alerts.subscribing.asking import CONFIRMATIONS_A_DAY, AlertRequest, subscribe
from alerts.subscribing.confirming import asked_for, confirm, say_not_me, used_or_ended
from alerts.subscribing.links import CONFIRM_DAYS, LinkState
from alerts.subscribing.preview import Preview, preview
from alerts.subscribing.searches import WantedSearch, query_of_subscription, wanted_search
from alerts.subscribing.unsubscribing import leaving, unsubscribe
from corpus.alerts import Channel, Frequency
from corpus.errors import BadInput, EngineUnavailable
from corpus.messages import gettext
from corpus.types import LANGUAGES
from search_api.api.frozen_routes import asker_of
from search_api.api.same_site import refuse_other_sites
from web.alerts_contexts import AlertsPage, FollowPage, StepPage
from web.contexts import Frame
from web.forms import form_values
from web.language import LANGUAGE_PARAMETER, page_language
from web.state import Site
from web.views import alerts as views


def alerts_router(site: Site) -> APIRouter:
    """Return the routes that need no link, and those of confirmation and unsubscribe links."""
    router = APIRouter(include_in_schema=False)
    state = site.alerts

    @router.get("/alerts")
    def alerts(request: Request) -> Response:
        lang = page_language(request)
        page = AlertsPage(state.takes_new, state.sends_email, CONFIRM_DAYS, CONFIRMATIONS_A_DAY)
        frame = Frame(title=gettext("Alerts", lang=lang), here="alerts", lang=lang)
        return site.pages.respond(request, "alerts.html", page, frame=frame)

    @router.get("/alerts/new")
    def follow(request: Request) -> Response:
        return _follow_page(request, site)

    @router.post("/alerts/new")
    async def ask(request: Request) -> Response:
        refuse_other_sites(request, public_url=site.app.settings.public_url, lang=page_language(request))
        form = await form_values(request)
        return await run_in_threadpool(_ask, request, form, site)

    @router.get("/alerts/asked")
    def asked(request: Request) -> Response:
        return _step(request, site, views.asked_page(lang=page_language(request)))

    @router.get("/alerts/confirm/{token}")
    def show_confirm(request: Request, token: str) -> Response:
        return _before(request, token, site, is_confirm=True)

    @router.post("/alerts/confirm/{token}")
    def do_confirm(request: Request, token: str) -> Response:
        done = confirm(token, state=state, now=datetime.now(UTC))
        lang = language_of(request, done.subscriber.lang)
        query = query_of_subscription(done.subscription, state=state)
        return _step(request, site, views.confirmed_page(done, names=site.names(lang=lang), query=query), lang=lang)

    @router.get("/alerts/not-me/{token}")
    def show_not_me(request: Request, token: str) -> Response:
        return _before(request, token, site, is_confirm=False)

    @router.post("/alerts/not-me/{token}")
    def do_not_me(request: Request, token: str) -> Response:
        is_never, lang = say_not_me(token, state=state, now=datetime.now(UTC)), page_language(request)
        return _step(request, site, views.refused_page(is_never=is_never, lang=lang))

    @router.get("/alerts/unsubscribe/{token}")
    def show_unsubscribe(request: Request, token: str) -> Response:
        found = leaving(token, state=state, now=datetime.now(UTC))
        lang = language_of(request, found.subscriber.lang if found else "")
        names, one = site.names(lang=lang), found.one if found else None
        query = query_of_subscription(one, state=state) if one else None
        words = (one.name if one else "") or (views.query_in_words(query, names) if query else "")
        return _step(request, site, views.leaving_page(found, token=token, words=words, names=names), lang=lang)

    # What a mail program sends on its own (RFC 8058) has no cookie and comes from anywhere: the link is what it shows.
    @router.post("/alerts/unsubscribe/{token}")
    async def do_unsubscribe(request: Request, token: str) -> Response:
        which = (await form_values(request)).get("which", "")
        ended = await run_in_threadpool(
            unsubscribe,
            token,
            state=state,
            now=datetime.now(UTC),
            all_of_them=which in ("all", "never"),
            never=which == "never",
        )
        return _step(request, site, views.ended_page(was_there=ended, lang=page_language(request)))

    return router


def language_of(request: Request, own: str) -> str:
    """Return the language of a page: that of its address, else the subscriber's."""
    return own if own in LANGUAGES and LANGUAGE_PARAMETER not in request.query_params else page_language(request)


def _follow_page(request: Request, site: Site) -> Response:
    wanted, lang = _wanted(request, site), page_language(request)
    page = _page(wanted, site, lang=lang, found=_preview(wanted, site))
    return site.pages.respond(request, "follow.html", page, frame=_follow_frame(lang))


def _ask(request: Request, form: Mapping[str, str], site: Site) -> Response:
    wanted, lang = _wanted(request, site), page_language(request)
    often, message_lang = form.get("frequency", ""), form.get("lang", "") or lang
    asked = AlertRequest(
        query=wanted.query,
        since=wanted.since,
        channel=Channel.EMAIL,
        address=form.get("address", ""),
        frequency=Frequency(often) if often in tuple(Frequency) else Frequency.DAILY,
        lang=message_lang,
        timezone=form.get("timezone", ""),
    )
    try:
        subscribe(asked, state=site.alerts, asker=asker_of(request), now=datetime.now(UTC))
    except BadInput as error:
        page = _page(
            wanted,
            site,
            lang=lang,
            found=_preview(wanted, site),
            form=form,
            error=error.in_language(lang),
        )
        return site.pages.respond(request, "follow.html", page, frame=_follow_frame(lang), status=422)
    return RedirectResponse(views.in_locale("/alerts/asked", lang), status_code=303)


def _page(
    wanted: WantedSearch,
    site: Site,
    *,
    lang: str,
    found: Preview | None,
    form: Mapping[str, str] | None = None,
    error: str = "",
) -> FollowPage:
    given = form or {}
    return views.follow_page(
        wanted,
        found=found,
        names=site.names(lang=lang),
        by_email=site.alerts.sends_email,
        takes_new=site.alerts.takes_new,
        frequency=given.get("frequency", ""),
        message_lang=given.get("lang", ""),
        address=given.get("address", "")[:320],
        error=error,
    )


def _wanted(request: Request, site: Site) -> WantedSearch:
    given = request.query_params.multi_items()
    return wanted_search(given, state=site.alerts, now=datetime.now(UTC), is_strict=False)


def _preview(wanted: WantedSearch, site: Site) -> Preview | None:
    app = site.app
    try:
        return preview(
            wanted.query, engine=app.engine, store=app.store, vocabulary=app.vocabulary, now=datetime.now(UTC)
        )
    except EngineUnavailable:  # a search can be followed anyway
        return None


def _follow_frame(lang: str) -> Frame:
    return Frame(title=gettext("Follow this search", lang=lang), here="alerts", may_be_indexed=False, lang=lang)


def _before(request: Request, token: str, site: Site, *, is_confirm: bool) -> Response:
    """Show what a confirmation link would do; mail programs open links on their own."""
    asked = asked_for(token, state=site.alerts, now=datetime.now(UTC))
    if asked.state is not LinkState.OPEN:
        raise used_or_ended(asked.state)
    lang = language_of(request, asked.subscriber.lang)
    query = query_of_subscription(asked.subscription, state=site.alerts)
    make = views.confirm_page if is_confirm else views.not_me_page
    return _step(request, site, make(asked, token=token, names=site.names(lang=lang), query=query), lang=lang)


def _step(request: Request, site: Site, page: StepPage, *, lang: str = "") -> Response:
    lang = lang or page_language(request)
    frame = Frame(title=page.heading, here="alerts", may_be_indexed=False, lang=lang)
    return site.pages.respond(request, "alert-step.html", page, frame=frame)
