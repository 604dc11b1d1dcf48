"""What a subscriber sees and changes by the API, with the manage link."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Request
from fastapi.openapi.models import Example
from fastapi.responses import Response

from alerts.api.bodies import (
    LedgerBody,
    ManagedBody,
    MessageBody,
    MessagesBody,
    ReplayBody,
    ReplayRequest,
    SecretBody,
    SubscriberBody,
    SubscriberChange,
    SubscriptionBody,
    SubscriptionChange,
    SubscriptionRequest,
    WholeMessageBody,
    WhyBody,
)
from alerts.api.subscribing_routes import Token, subscribing_parameters
from alerts.subscribing.ledger import Followed, document_named, documents_of_message, followed_by, ledger_of, why_not
from alerts.subscribing.managing import (
    change_subscriber,
    change_subscription,
    end_everything,
    end_subscription,
    follow_more,
    own_message,
    own_subscription,
    owner_of,
    replay,
    start_again,
)
from alerts.subscribing.searches import wanted_search
from alerts.subscribing.state import AlertsState
from alerts.subscribing.webhook_secrets import end_rotation, rotate
from corpus.alerts import Subscriber, Subscription
from search_api.api.problems import refusals

LISTED_MAX = 500
_ID_MAX = 2**31 - 1
_CHANGE_EXAMPLES: dict[str, Example] = {
    "pause": {"summary": "Send nothing until it is resumed", "value": {"paused": True}},
    "weekly": {"summary": "Once a week, under a name", "value": {"frequency": "weekly", "name": "Vendors"}},
}
_REPLAY_EXAMPLES: dict[str, Example] = {
    "day": {
        "summary": "All messages of the day on which the endpoint was down",
        "value": {"since": "2026-11-29T00:00:00Z", "until": "2026-11-30T00:00:00Z"},
    }
}
SubscriptionId = Annotated[
    int, Path(ge=1, le=_ID_MAX, description="Of a subscription of this subscriber", examples=[12])
]
MessageId = Annotated[str, Path(max_length=32, description="Id of a message", examples=["k7c2m4qv6z3xa5wd2ty7hb4gse"])]


def manage_router(state: AlertsState) -> APIRouter:
    """Return the routes of a subscriber and its searches."""
    router = APIRouter(prefix="/alerts/manage/{token}", tags=["alerts"])
    site = state.app.settings.public_url

    @router.get("", responses=refusals(404, 503), summary="Everything of a subscriber")
    def get_managed(token: Token) -> ManagedBody:
        """Give the subscriber with all of its searches."""
        owner = _owner(token, state)
        followed = followed_by(owner, state=state)
        return ManagedBody(
            subscriber=SubscriberBody.of(owner), subscriptions=[SubscriptionBody.of(each) for each in followed]
        )

    @router.patch("", responses=refusals(404, 422, 503), summary="Change language, time or contact")
    def patch_subscriber(token: Token, change: SubscriberChange) -> SubscriberBody:
        """Change in which language and when the subscriber is notified."""
        owner = _owner(token, state)
        change_subscriber(owner, state=state, **dict(change))
        return SubscriberBody.of(_owner(token, state))

    @router.delete("", status_code=204, responses=refusals(404, 503), summary="Delete everything")
    def delete_subscriber(token: Token) -> Response:
        """Delete the subscriber with its address, searches, matches, messages and links, permanently."""
        end_everything(_owner(token, state), state=state)
        return Response(status_code=204)

    @router.post("/start", responses=refusals(404, 503), summary="Resume sending to an address that was given up")
    def post_start(token: Token) -> SubscriberBody:
        """Send again, after an endpoint or mailbox answers again. Then ask for a replay of what it missed."""
        start_again(_owner(token, state), state=state)
        return SubscriberBody.of(_owner(token, state))

    @router.post(
        "/subscriptions",
        status_code=201,
        responses=refusals(404, 422, 503),
        openapi_extra={"parameters": subscribing_parameters(state)},
        summary="Follow another search",
    )
    def post_subscription(token: Token, wanted: SubscriptionRequest, request: Request) -> SubscriptionBody:
        """Follow another search at once: with the manage link nothing has to be confirmed."""
        owner, now = _owner(token, state), datetime.now(UTC)
        search = wanted_search(request.query_params.multi_items(), state=state, now=now, is_strict=True)
        made = follow_more(
            owner,
            search.query,
            frequency=wanted.frequency,
            name=wanted.name,
            since=search.since,
            state=state,
            now=now,
        )
        return _body(made, state)

    @router.patch("/subscriptions/{number}", responses=refusals(404, 422, 503), summary="Change a subscription")
    def patch_subscription(
        token: Token,
        number: SubscriptionId,
        change: Annotated[SubscriptionChange, Body(openapi_examples=_CHANGE_EXAMPLES)],
    ) -> SubscriptionBody:
        """Rename it, let it come more or less often, pause or resume it."""
        owner = _owner(token, state)
        own = own_subscription(owner, number, state=state)
        change_subscription(own, state=state, name=change.name, frequency=change.frequency, is_paused=change.paused)
        return _body(own_subscription(owner, number, state=state), state)

    @router.delete(
        "/subscriptions/{number}", status_code=204, responses=refusals(404, 503), summary="Delete a subscription"
    )
    def delete_subscription(token: Token, number: SubscriptionId) -> Response:
        """Delete it with its matches; with the last one everything of the subscriber is deleted."""
        owner = _owner(token, state)
        end_subscription(owner, own_subscription(owner, number, state=state), state=state)
        return Response(status_code=204)

    @router.get(
        "/subscriptions/{number}/matches",
        responses=refusals(404, 422, 503),
        summary="What matched, and when it was sent",
    )
    def get_matches(
        token: Token,
        number: SubscriptionId,
        before: Annotated[int | None, Query(ge=1, le=_ID_MAX, description="`next` of the previous answer")] = None,
        limit: Annotated[int, Query(ge=1, le=LISTED_MAX)] = 100,
    ) -> LedgerBody:
        """Give the ledger of a subscription, newest first: each document with its reason and its message."""
        own = own_subscription(_owner(token, state), number, state=state)
        return LedgerBody.of(ledger_of(own, state=state, before=before, limit=limit), site=site)

    @router.get(
        "/subscriptions/{number}/why", responses=refusals(404, 422, 503), summary="Why did I not get this document?"
    )
    def get_why(
        token: Token,
        number: SubscriptionId,
        document: Annotated[str, Query(min_length=1, max_length=500, description="Id, or address of its page")],
    ) -> WhyBody:
        """Say what a document lacks of the search, or in which message it was."""
        own = own_subscription(_owner(token, state), number, state=state)
        named = document_named(document)
        return WhyBody(document=named, words=list(why_not(own, named, state=state, lang="en")))

    return router


def message_router(state: AlertsState) -> APIRouter:
    """Return the routes of messages to a subscriber, and of its secrets."""
    router = APIRouter(prefix="/alerts/manage/{token}", tags=["alerts"])
    store, site = state.app.store, state.app.settings.public_url

    @router.get("/messages", responses=refusals(404, 422, 503), summary="Messages to a subscriber")
    def get_messages(
        token: Token,
        since: Annotated[datetime | None, Query(description="Only those made then or later")] = None,
        until: Annotated[datetime | None, Query(description="Only those made before")] = None,
        limit: Annotated[int, Query(ge=1, le=LISTED_MAX)] = 100,
    ) -> MessagesBody:
        """Give messages of all kinds, newest first."""
        owner = _owner(token, state)
        found = store.messages.of_subscriber(owner.id, since=_utc(since), until=_utc(until), limit=limit)
        return MessagesBody(messages=[MessageBody.of(each) for each in found])

    @router.get(
        "/messages/{message}", responses=refusals(404, 422, 503), summary="A message, its attempts and documents"
    )
    def get_message(token: Token, message: MessageId) -> WholeMessageBody:
        """Give a message with every attempt to send it and every document that it is about."""
        found = own_message(_owner(token, state), message, state=state)
        lines = documents_of_message(found, state=state, subscription=None)
        return WholeMessageBody.of(found, attempts=store.messages.attempts_of(found.id), lines=lines, site=site)

    @router.post("/replay", status_code=202, responses=refusals(404, 422, 503), summary="Send messages again")
    def post_replay(
        token: Token, wanted: Annotated[ReplayRequest, Body(openapi_examples=_REPLAY_EXAMPLES)]
    ) -> ReplayBody:
        """Send the messages of a time again, under the same ids: who was down gets what was missed."""
        since, until = _utc(wanted.since), _utc(wanted.until)
        assert since is not None
        assert until is not None
        return ReplayBody(messages=replay(_owner(token, state), since=since, until=until, state=state))

    @router.post(
        "/secret", status_code=201, responses=refusals(404, 422, 503), summary="Rotate the secret of a webhook"
    )
    def post_secret(token: Token) -> SecretBody:
        """Make a new secret; messages are signed with both until the older one is ended."""
        return SecretBody(secret=rotate(_owner(token, state), store=store))

    @router.delete(
        "/secret/older",
        status_code=204,
        responses=refusals(404, 422, 503),
        summary="Revoke the older secret of a webhook",
    )
    def delete_older_secret(token: Token) -> Response:
        """Sign with the newest secret only. May be repeated."""
        end_rotation(_owner(token, state), store=store)
        return Response(status_code=204)

    return router


def _owner(token: str, state: AlertsState) -> Subscriber:
    return owner_of(token, state=state, now=datetime.now(UTC))


def _body(subscription: Subscription, state: AlertsState) -> SubscriptionBody:
    totals = state.app.store.matches.totals([subscription.id])
    return SubscriptionBody.of(Followed(subscription, totals.get(subscription.id)))


def _utc(moment: datetime | None) -> datetime | None:
    """Return a moment in UTC; one without a time zone counts as UTC."""
    if moment is None:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
