"""Following a search by the API: asked for, previewed, confirmed, ended by the link of a message, and reports of bounces."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Request
from fastapi.openapi.models import Example
from fastapi.responses import Response

from alerts.api.bodies import (
    AskedBody,
    BounceBody,
    BounceRequest,
    ConfirmedBody,
    PreviewBody,
    SubscribeRequest,
)
from alerts.subscribing.asking import AlertRequest, subscribe
from alerts.subscribing.confirming import confirm, say_not_me
from alerts.subscribing.links import TOKEN_CHARACTERS_MAX
from alerts.subscribing.preview import preview
from alerts.subscribing.searches import FROZEN, wanted_search
from alerts.subscribing.state import AlertsState
from alerts.subscribing.unsubscribing import unsubscribe
from corpus.errors import NotFound
from corpus.messages import gettext, sentence
from search_api.api.frozen_routes import asker_of
from search_api.api.parameters import search_parameters
from search_api.api.problems import refusals
from search_api.api.same_site import refuse_other_sites

Token = Annotated[
    str,
    Path(
        max_length=TOKEN_CHARACTERS_MAX,
        description="The last part of a link, as a message or an answer has it",
        examples=["k7c2m4qv6z3xa5wd2ty7hb4gse.c2lnbmVkIGJ5IHRoZSBzaXRl"],
    ),
]
_SUBSCRIBE_EXAMPLES: dict[str, Example] = {
    "email": {
        "summary": "A message once a day, at eight in the morning in Lima",
        "value": {
            "address": "rosa@example.org",
            "frequency": "daily",
            "lang": "es",
            "timezone": "America/Lima",
            "hour": 8,
            "name": "Ambulantes en Lima",
        },
    },
    "webhook": {
        "summary": "An event at once, to an endpoint",
        "value": {
            "channel": "webhook",
            "address": "https://hooks.example.org/pushcart",
            "frequency": "at_once",
            "contact": "rosa@example.org",
        },
    },
}
_BOUNCE_EXAMPLES: dict[str, Example] = {
    "complaint": {
        "summary": "A reader marked a message as spam",
        "value": {"address": "rosa@example.org", "kind": "complaint", "detail": "feedback loop of the provider"},
    }
}


def subscribing_parameters(state: AlertsState) -> list[dict[str, Any]]:
    """Return the parameters that name a search to follow, for OpenAPI."""
    of_search = search_parameters(characters_max=state.app.settings.query_characters_max)
    frozen = {
        "name": FROZEN,
        "in": "query",
        "description": "Link of a frozen search, to follow documents added after it. The other parameters are ignored then.",
        "schema": {"type": "string", "maxLength": 64},
    }
    return [*(each for each in of_search if each["name"] not in ("sort", "limit", "near", "cursor")), frozen]


def subscribing_router(state: AlertsState) -> APIRouter:
    """Return the routes that need no token, or that of a message."""
    router = APIRouter(prefix="/alerts", tags=["alerts"])
    parameters = {"parameters": subscribing_parameters(state)}

    @router.post(
        "", status_code=202, responses=refusals(403, 422, 503), openapi_extra=parameters, summary="Follow a search"
    )
    def post_alert(
        wanted: Annotated[SubscribeRequest, Body(openapi_examples=_SUBSCRIBE_EXAMPLES)], request: Request
    ) -> AskedBody:
        """Ask to be notified of new documents of a search; parameters are those of GET /search.

        Nothing begins before the address confirmed it: by the link in an e-mail, or by a POST to `confirm` of the event
        `alert.confirm`. The answer to that POST has the manage link and, the first time, the secret of the webhook.
        """
        refuse_other_sites(request, public_url=state.app.settings.public_url)
        now = datetime.now(UTC)
        search = wanted_search(request.query_params.multi_items(), state=state, now=now, is_strict=True)
        asked = AlertRequest(query=search.query, since=search.since, **dict(wanted))
        subscribe(asked, state=state, asker=asker_of(request), now=now)
        return AskedBody(
            asked=True,
            next=gettext(
                "If this address accepts messages from this site, a message has been sent. Nothing else is sent "
                "until the link in it is confirmed."
            ),
        )

    @router.get(
        "/preview",
        responses=refusals(404, 422, 503),
        openapi_extra=parameters,
        summary="What a search would have found",
    )
    def get_preview(request: Request) -> PreviewBody:
        """Count the works of the last 30 and 365 days that answer a search, by when they came here."""
        now, app = datetime.now(UTC), state.app
        search = wanted_search(request.query_params.multi_items(), state=state, now=now, is_strict=True)
        found = preview(search.query, engine=app.engine, store=app.store, vocabulary=app.vocabulary, now=now)
        return PreviewBody.of(found)

    @router.post("/confirm/{token}", responses=refusals(404, 503), summary="Confirm a subscription")
    def post_confirm(token: Token) -> ConfirmedBody:
        """Begin a subscription, with the link of its confirmation; it counts once, and for seven days."""
        done = confirm(token, state=state, now=datetime.now(UTC))
        manage = done.manage
        return ConfirmedBody(
            subscription=done.subscription.id,
            manage_url=manage,
            manage_api=manage.partition("?")[0].replace("/alerts/", "/api/v1/alerts/"),
            secret=done.secret or None,
        )

    @router.post(
        "/not-me/{token}", status_code=204, responses=refusals(404, 503), summary="Say that you did not ask for it"
    )
    def post_not_me(token: Token) -> Response:
        """Take back a subscription that is not confirmed; an address that follows nothing is never written to again."""
        say_not_me(token, state=state, now=datetime.now(UTC))
        return Response(status_code=204)

    @router.post("/unsubscribe/{token}", status_code=204, responses=refusals(404, 503), summary="End a subscription")
    def post_unsubscribe(token: Token) -> Response:
        """End what the unsubscribe link of a message is about. May be repeated."""
        unsubscribe(token, state=state, now=datetime.now(UTC))
        return Response(status_code=204)

    return router


def bounce_router(state: AlertsState, *, actor: Callable[..., Any]) -> APIRouter:
    """Return the route for mail servers and providers, or programs that read their reports; `actor` lets people in."""
    router = APIRouter(prefix="/alerts", tags=["alerts"], dependencies=[Depends(actor)])

    @router.post("/bounces", responses=refusals(401, 404, 422, 503), summary="Report a bounce or a complaint")
    def post_bounce(wanted: Annotated[BounceRequest, Body(openapi_examples=_BOUNCE_EXAMPLES)]) -> BounceBody:
        """Stop what is sent to an address that refuses mail permanently or complained. May be repeated."""
        if state.note_bounce is None:
            raise NotFound(
                sentence("This site does not accept reports about addresses."),
                try_next=sentence("Use the command to stop sending to this address."),
            )
        at = wanted.at or datetime.now(UTC)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return BounceBody(noted=state.note_bounce(wanted.address, kind=wanted.kind, detail=wanted.detail, at=at))

    return router
