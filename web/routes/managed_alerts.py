"""A subscriber's own pages: opened by the manage link, and the documents of a message by the link in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from alerts.subscribing.ledger import Followed, document_named, documents_of_message, followed_by, ledger_of, why_not
from alerts.subscribing.managing import (
    change_subscriber,
    change_subscription,
    end_everything,
    end_subscription,
    last_days,
    own_subscription,
    owner_of,
    renew_link,
    replay,
    start_again,
)
from alerts.subscribing.searches import query_of_subscription
from alerts.subscribing.webhook_secrets import end_rotation, rotate
from corpus.alerts import Frequency, Subscriber, Subscription
from corpus.errors import NotFound
from corpus.messages import gettext, ngettext
from web.alerts_contexts import StepPage
from web.contexts import Frame, TextLink
from web.forms import form_values
from web.language import page_language
from web.routes.alerts import language_of
from web.state import Site
from web.views.alerts import ended_page, in_locale, in_own_locale
from web.views.managed_alerts import DONE_WORDS, followed_card, followed_page, manage_page, message_page

LISTED = 50
"""Documents on one page of a ledger."""
_MESSAGES_SHOWN = 20


def managed_alerts_router(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)
    state = site.alerts

    @router.get("/alerts/manage/{token}")
    def manage(request: Request, token: str) -> Response:
        owner = _owner(token, site)
        return _manage(request, token, owner, site)

    # Who knows a manage link may do this from wherever they are: no page of another site knows it.
    @router.post("/alerts/manage/{token}")
    async def change(request: Request, token: str) -> Response:
        form = await form_values(request)
        return await run_in_threadpool(_change, request, token, form, site)

    @router.get("/alerts/manage/{token}/{number}")
    def followed(request: Request, token: str, number: int) -> Response:
        owner = _owner(token, site)
        own = own_subscription(owner, number, state=state)
        return _followed(request, token, own, site, lang=language_of(request, owner.lang))

    @router.post("/alerts/manage/{token}/{number}")
    async def change_followed(request: Request, token: str, number: int) -> Response:
        form = await form_values(request)
        return await run_in_threadpool(_change_followed, request, token, number, form, site)

    @router.get("/alerts/messages/{token}")
    def message(request: Request, token: str) -> Response:
        made, given = state.links.message_of(token), request.query_params.get("search", "")
        number = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
        lines = documents_of_message(made, state=state, subscription=number)
        lang = page_language(request)
        page = message_page(
            made,
            lines=lines,
            subscriptions={each.id: each for each in site.app.store.subscriptions.of(made.subscriber)},
            query_of=lambda each: query_of_subscription(each, state=state),
            names=site.names(lang=lang),
            whole=in_locale(f"/alerts/messages/{token}", lang) if number is not None else "",
        )
        frame = Frame(title=gettext("New documents", lang=lang), here="alerts", may_be_indexed=False, lang=lang)
        return site.pages.respond(request, "alert-message.html", page, frame=frame)

    return router


def _owner(token: str, site: Site) -> Subscriber:
    return owner_of(token, state=site.alerts, now=datetime.now(UTC))


def _path(token: str) -> str:
    return f"/alerts/manage/{token}"


def _manage(request: Request, token: str, owner: Subscriber, site: Site, *, done: str = "") -> Response:
    state, lang = site.alerts, language_of(request, owner.lang)
    word = DONE_WORDS.get(request.query_params.get("done", "")) if request.method == "GET" else None
    page = manage_page(
        owner,
        followed=followed_by(owner, state=state),
        messages=site.app.store.messages.of_subscriber(owner.id, limit=_MESSAGES_SHOWN),
        message_address=lambda public_id: in_locale(f"/alerts/messages/{state.links.message_token(public_id)}", lang),
        query_of=lambda each: query_of_subscription(each, state=state),
        names=site.names(lang=lang),
        action=_path(token),
        done=done or (gettext(word, lang=lang) if word else ""),
    )
    frame = Frame(title=gettext("Your alerts", lang=lang), here="alerts", may_be_indexed=False, lang=lang)
    return site.pages.respond(request, "manage-alerts.html", page, frame=frame)


def _change(request: Request, token: str, form: Mapping[str, str], site: Site) -> Response:
    owner, state, now = _owner(token, site), site.alerts, datetime.now(UTC)
    lang = language_of(request, owner.lang)
    match form.get("do", ""):
        case "delete":
            end_everything(owner, state=state)
            return _step(request, site, ended_page(was_there=True, lang=lang), lang=lang)
        case "start":
            start_again(owner, state=state)
            return _back(token, lang=lang, done="started")
        case "renew":
            return _back(renew_link(owner, state=state, now=now), lang=lang, done="renewed")
        case "secret":
            return _secret(request, token, rotate(owner, store=site.app.store), site, lang=lang)
        case "end-secret":
            end_rotation(owner, store=site.app.store)
            return _back(token, lang=lang, done="ended")
        case "replay":
            since, until = last_days(_number(form, "days", most=90) or 1, now=now)
            count = replay(owner, since=since, until=until, state=state)
            said = ngettext(
                "{count} message will be sent again.", "{count} messages will be sent again.", count, lang=lang
            )
            return _manage(request, token, owner, site, done=said)
        case "settings":
            change_subscriber(
                owner,
                state=state,
                lang=form.get("lang"),
                timezone=form.get("timezone"),
                hour=_number(form, "hour", most=99),
                weekday=_number(form, "weekday", most=99),
                contact=form.get("contact"),
            )
            return _back(token, lang=form.get("lang") or lang, done="saved")
    return _back(token, lang=lang)


def _change_followed(request: Request, token: str, number: int, form: Mapping[str, str], site: Site) -> Response:
    owner, state = _owner(token, site), site.alerts
    own, lang = own_subscription(owner, number, state=state), language_of(request, owner.lang)
    often = form.get("frequency", "")
    match form.get("do", ""):
        case "pause":
            change_subscription(own, state=state, is_paused=True)
        case "resume":
            change_subscription(own, state=state, is_paused=False)
        case "change":
            frequency = Frequency(often) if often in tuple(Frequency) else None
            change_subscription(own, state=state, name=form.get("name"), frequency=frequency)
        case "delete":
            if not end_subscription(owner, own, state=state):
                return _step(request, site, ended_page(was_there=True, lang=lang), lang=lang)
    return _back(token, lang=lang, done="saved")


def _followed(request: Request, token: str, own: Subscription, site: Site, *, lang: str) -> Response:
    state, given = site.alerts, request.query_params
    names, asked = site.names(lang=lang), given.get("document", "")[:500]
    totals = site.app.store.matches.totals([own.id])
    query = query_of_subscription(own, state=state)
    before = given.get("before", "")
    ledger = ledger_of(
        own,
        state=state,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None,
        limit=LISTED,
    )
    card = followed_card(Followed(own, totals.get(own.id)), query_of=lambda _: query, names=names, action=_path(token))
    page = followed_page(
        card,
        ledger=ledger,
        names=names,
        back=_path(token),
        text=query.text if query else "",
        may_ask=state.why is not None,
        document=asked,
        why=_why(asked, own, site, lang=lang) if asked else (),
    )
    title = card.name or card.words or gettext("Your alerts", lang=lang)
    frame = Frame(title=title, here="alerts", may_be_indexed=False, lang=lang)
    return site.pages.respond(request, "followed.html", page, frame=frame)


def _why(asked: str, own: Subscription, site: Site, *, lang: str) -> tuple[str, ...]:
    try:
        return why_not(own, document_named(asked), state=site.alerts, lang=lang)
    except NotFound as error:
        return (error.in_language(lang),)


def _secret(request: Request, token: str, secret: str, site: Site, *, lang: str) -> Response:
    page = StepPage(
        heading=gettext("A new secret", lang=lang),
        subject="",
        said=(
            gettext("Save it now: it is shown only once.", lang=lang),
            gettext(
                "Messages are signed with both the new and the previous secret. When your endpoint uses the new one, "
                "revoke the older one.",
                lang=lang,
            ),
        ),
        links=(TextLink(gettext("Back to your alerts", lang=lang), in_own_locale(_path(token), lang)),),
        secret=secret,
    )
    return _step(request, site, page, lang=lang)


def _step(request: Request, site: Site, page: StepPage, *, lang: str) -> Response:
    frame = Frame(title=page.heading, here="alerts", may_be_indexed=False, lang=lang)
    return site.pages.respond(request, "alert-step.html", page, frame=frame)


def _back(token: str, *, lang: str, done: str = "") -> Response:
    address = in_own_locale(_path(token), lang)
    if done:
        address += f"&done={done}"
    return RedirectResponse(address, status_code=303)


def _number(form: Mapping[str, str], name: str, *, most: int) -> int | None:
    """Return a number of a form; None: there is none."""
    given = form.get(name, "")
    return min(int(given), most) if given.isascii() and given.isdigit() and len(given) < 5 else None
