"""Alerts by the API: from asking to replay, and what strangers, other sites and guessers get."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from alerts.api.application import alert_routers
from alerts.channels.email.reports import BounceKind
from alerts.subscribing.state import AlertsState
from corpus.alerts import AttemptOutcome, Channel, MatchOutcome, StoppedWhy
from search_api.api.application import make_api
from tests.alerts.subscribing.following import HOOK, ROSA, confirm_token, confirmations, match, token_of
from web.app import make_app

READER, OTHER = "198.51.100.7", "203.0.113.9"
ALERTS = "/api/v1/alerts"


@pytest.fixture(scope="module")
def app(alerts_library) -> FastAPI:
    return make_app(alerts_library)


@pytest.fixture(scope="module")
def site(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, client=(READER, 4000), follow_redirects=False) as client:
        yield client


@pytest.fixture
def client(site: TestClient, state: AlertsState) -> TestClient:
    return site


def now() -> datetime:
    return datetime.now(UTC)


def ask(client: TestClient, search: str = "q=vendors&country=PER", **others: Any):
    return client.post(f"{ALERTS}?{search}", json={"address": ROSA} | others)


def last_token(state: AlertsState) -> str:
    return confirm_token(state, confirmations(state.app.store)[-1], at=now())


def followed(client: TestClient, state: AlertsState, search: str = "q=vendors", **others: Any) -> dict[str, Any]:
    assert ask(client, search, **others).status_code == 202
    answer = client.post(f"{ALERTS}/confirm/{last_token(state)}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def own(done: dict[str, Any], path: str = "") -> str:
    return f"{ALERTS}/manage/{token_of(done['manage_url'])}{path}"


# ------------------------------------------------------------------ asking and confirming


def test_a_search_is_followed_by_asking_and_confirming(client: TestClient, state: AlertsState) -> None:
    answer = ask(client, lang="es", timezone="America/Lima", hour=8, frequency="weekly", name="Ambulantes")
    assert answer.status_code == 202
    assert answer.json()["asked"] is True
    done = client.post(f"{ALERTS}/confirm/{last_token(state)}").json()
    assert done["secret"] is None
    assert done["manage_url"].endswith("?locale=es")
    whole = client.get(own(done)).json()
    assert whole["subscriber"] | {"created_at": "", "confirmed_at": ""} == {
        "channel": "email",
        "address": ROSA,
        "lang": "es",
        "timezone": "America/Lima",
        "hour": 8,
        "weekday": 0,
        "state": "active",
        "stopped_at": None,
        "stopped_why": None,
        "created_at": "",
        "confirmed_at": "",
        "contact": "",
        "secrets": 0,
    }
    (kept,) = whole["subscriptions"]
    assert (kept["name"], kept["frequency"], kept["state"]) == ("Ambulantes", "weekly", "active")
    assert kept["parameters"] == {"q": ["vendors"], "country": ["PER"]}
    assert done["manage_api"].endswith(own(done))


def test_a_webhook_gets_manage_link_and_secret_for_confirming_and_the_asker_gets_nothing(
    client: TestClient, state: AlertsState
) -> None:
    asked = ask(client, channel="webhook", address=HOOK, contact=ROSA)
    assert set(asked.json()) == {"asked", "next"}
    done = client.post(f"{ALERTS}/confirm/{last_token(state)}").json()
    assert done["secret"].startswith("whsec_")
    whole = client.get(own(done))
    assert whole.json()["subscriber"]["secrets"] == 1
    assert "whsec_" not in whole.text


def test_a_frozen_search_is_followed_from_its_moment_on(client: TestClient, state: AlertsState) -> None:
    frozen = client.post("/api/v1/frozen?q=cooperative").json()
    done = followed(client, state, f"frozen={frozen['secret']}")
    (kept,) = client.get(own(done)).json()["subscriptions"]
    assert kept["parameters"] == {"q": ["cooperative"]}
    assert kept["since"] == client.get(f"/api/v1/frozen/{frozen['reading']}").json()["sequence"]
    assert ask(client, "frozen=" + "a" * 26).status_code == 404


def test_the_preview_counts_and_says_it(client: TestClient) -> None:
    body = client.get(f"{ALERTS}/preview?q=cooperative").json()
    assert body["answers"] >= body["last_365_days"] >= body["last_30_days"] >= 0
    assert body["answers"] == 25
    assert body["words"]
    assert client.get(f"{ALERTS}/preview?country=Nowhere").status_code == 422


@pytest.mark.parametrize(
    ("search", "body"),
    [
        ("country=Nowhere", {}),
        ("unknown=1", {}),
        ("q=a", {"address": "rosa"}),
        ("q=a", {"address": f"{ROSA}\r\nBcc: b@example.org"}),
        ("q=a", {"address": f"{ROSA}\nBcc: b@example.org"}),
        ("q=a", {"contact": "x\r\nBcc: b@example.org", "channel": "webhook", "address": HOOK}),
        ("q=a", {"channel": "webhook", "address": "https://127.0.0.1/"}),
        ("q=a", {"channel": "webhook", "address": "http://hooks.example.org/"}),
        ("q=a", {"channel": "sms"}),
        ("q=a", {"frequency": "hourly"}),
        ("q=a", {"lang": "de"}),
        ("q=a", {"timezone": "Mars/Base"}),
        ("q=a", {"hour": 24}),
        ("q=a", {"state": "active"}),
        ("q=a", {"confirmed_at": "2026-01-01T00:00:00Z"}),
    ],
)
def test_what_cannot_be_used_is_refused_as_problem_json(
    client: TestClient, state: AlertsState, search: str, body: dict[str, Any]
) -> None:
    answer = ask(client, search, **body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert state.app.store.subscriptions.subscribers() == ()


# ------------------------------------------------------------------ strangers


def test_the_answer_is_the_same_whether_an_address_is_known_follows_this_or_refuses(
    client: TestClient, state: AlertsState
) -> None:
    followed(client, state)
    refusing, stopped = "never@example.org", "stopped@example.org"
    ask(client, address=refusing)
    client.post(f"{ALERTS}/not-me/{last_token(state)}")
    followed(client, state, address=stopped)
    who = state.app.store.subscriptions.subscriber_at(Channel.EMAIL, stopped)
    state.app.store.subscriptions.stop(who.id, StoppedWhy.GAVE_UP, at=now())
    answers = [ask(client, "q=vendors", address=each) for each in (ROSA, refusing, stopped, "new@example.org")]
    for _ in range(4):
        answers.append(ask(client, "q=another", address="new@example.org"))
    assert len({(each.status_code, each.content) for each in answers}) == 1
    assert len({tuple(sorted(each.headers)) for each in answers}) == 1
    state.app.store.subscriptions.allow(Channel.EMAIL, refusing)


def test_nothing_tells_who_follows_what_without_the_manage_link(client: TestClient, state: AlertsState) -> None:
    followed(client, state)
    for path in ("", "/manage", "/subscribers", f"/{ROSA}", "/manage/1", "/manage/1/messages", "/confirm/1"):
        assert client.get(f"{ALERTS}{path}").status_code in (404, 405), path
    described = client.get("/api/v1/openapi.json").json()["paths"]
    open_ones = [path for path in described if path.startswith("/alerts") and "{token}" not in path]
    assert sorted(open_ones) == ["/alerts", "/alerts/bounces", "/alerts/preview"]


def test_a_guessed_or_tampered_token_opens_nothing(client: TestClient, state: AlertsState) -> None:
    done = followed(client, state)
    token = token_of(done["manage_url"])
    wrong = [token[:-1], token + "x", token.upper(), token.partition(".")[0], "x" * 26, token.replace(".", "%2e.")]
    for each in wrong:
        assert client.get(f"{ALERTS}/manage/{each}").status_code == 404
        assert client.delete(f"{ALERTS}/manage/{each}").status_code == 404
    assert client.get(own(done)).status_code == 200


def test_a_confirmation_cannot_be_replayed_and_no_get_confirms(client: TestClient, state: AlertsState) -> None:
    ask(client)
    token = last_token(state)
    assert client.get(f"{ALERTS}/confirm/{token}").status_code == 405
    assert client.head(f"{ALERTS}/confirm/{token}").status_code == 405
    assert client.post(f"{ALERTS}/confirm/{token}").status_code == 200
    again = client.post(f"{ALERTS}/confirm/{token}")
    assert again.status_code == 404
    assert "manage" not in again.text


def test_a_token_of_one_purpose_opens_no_other_route(client: TestClient, state: AlertsState) -> None:
    done = followed(client, state)
    who = state.app.store.subscriptions.subscriber_at(Channel.EMAIL, ROSA)
    leave = token_of(state.links.unsubscribe(who, now=now()))
    assert client.get(f"{ALERTS}/manage/{leave}").status_code == 404
    assert client.post(f"{ALERTS}/unsubscribe/{token_of(done['manage_url'])}").status_code == 404
    assert client.post(f"{ALERTS}/confirm/{leave}").status_code == 404
    assert client.post(f"{ALERTS}/unsubscribe/{leave}").status_code == 204
    assert client.post(f"{ALERTS}/unsubscribe/{leave}").status_code == 204
    assert client.get(own(done)).status_code == 404


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {"origin": "null"}]
)
def test_a_page_of_another_site_cannot_make_a_browser_ask(
    client: TestClient, state: AlertsState, headers: dict[str, str]
) -> None:
    answer = client.post(f"{ALERTS}?q=a", json={"address": ROSA}, headers=headers)
    assert answer.status_code == 403
    assert state.app.store.subscriptions.subscribers() == ()


def test_answers_with_links_are_kept_by_no_cache_and_named_to_no_other_site(
    client: TestClient, state: AlertsState
) -> None:
    done = followed(client, state)
    for answer in (client.get(own(done)), client.get(own(done, "/messages")), client.get(f"{ALERTS}/manage/x")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in answer.headers["x-robots-tag"]


def test_asking_is_counted_by_address_of_the_asker_and_ending_is_not(
    alerts_library, tmp_path, state: AlertsState
) -> None:
    limited = replace(alerts_library, alerts_rate_limit="2/hour", rate_limit_storage="memory://")
    with TestClient(make_app(limited), client=(READER, 4000)) as client:
        assert [ask(client, address=f"a{n}@example.org").status_code for n in range(3)] == [202, 202, 429]
        assert client.get(f"{ALERTS}/preview?q=a").status_code == 200
        who = state.app.store.subscriptions.subscriber_at(Channel.EMAIL, "a0@example.org")
        leave = token_of(state.links.unsubscribe(who, now=now()))
        for _ in range(5):
            assert client.post(f"{ALERTS}/unsubscribe/{leave}").status_code == 204


# ------------------------------------------------------------------ managing


def test_a_subscriber_changes_language_and_time(client: TestClient, state: AlertsState) -> None:
    done = followed(client, state)
    changed = client.patch(own(done), json={"lang": "fr", "timezone": "Africa/Dakar", "hour": 6, "weekday": 4}).json()
    assert (changed["lang"], changed["timezone"], changed["hour"], changed["weekday"]) == ("fr", "Africa/Dakar", 6, 4)
    for wrong in ({"lang": "xx"}, {"hour": 30}, {"address": "other@example.org"}, {"state": "active"}):
        assert client.patch(own(done), json=wrong).status_code == 422


def test_a_subscription_is_changed_and_deleted_and_another_one_followed(client: TestClient, state: AlertsState) -> None:
    done = followed(client, state)
    made = client.post(f"{own(done, '/subscriptions')}?q=another", json={"frequency": "at_once", "name": "B"})
    assert made.status_code == 201
    assert made.json()["state"] == "active"
    path = own(done, f"/subscriptions/{made.json()['id']}")
    changed = client.patch(path, json={"paused": True, "frequency": "weekly", "name": "C"}).json()
    assert (changed["state"], changed["frequency"], changed["name"]) == ("paused", "weekly", "C")
    assert client.delete(path).status_code == 204
    assert client.patch(path, json={"paused": False}).status_code == 404
    assert len(client.get(own(done)).json()["subscriptions"]) == 1


def test_deleting_everything_ends_the_link_too(client: TestClient, state: AlertsState) -> None:
    done = followed(client, state)
    assert client.delete(own(done)).status_code == 204
    assert client.get(own(done)).status_code == 404
    assert state.app.store.subscriptions.subscribers() == ()


def test_nobody_reaches_subscriptions_and_messages_of_another_subscriber(
    client: TestClient, state: AlertsState
) -> None:
    rosa = followed(client, state)
    ana = followed(client, state, address="ana@example.org")
    message = sent(state, ana["subscription"], "m1")
    for path in (f"/subscriptions/{ana['subscription']}/matches", f"/messages/{message}"):
        assert client.get(own(rosa, path)).status_code == 404
        assert client.get(own(ana, path)).status_code == 200
    assert client.delete(own(rosa, f"/subscriptions/{ana['subscription']}")).status_code == 404


def sent(state: AlertsState, subscription: int, public_id: str, document: str = "dlima") -> str:
    """Let a document match and be sent, as matching and sending do."""
    store = state.app.store
    match(store, subscription, document)
    who = store.subscriptions.get(subscription).subscriber
    store.messages.gather(who, [subscription], public_id=public_id, at=now())
    for each in store.messages.claim("w", now=now() + timedelta(days=9), limit=100):
        attempt = store.messages.begin_attempt(each, worker="w", at=now())
        store.messages.end_attempt(attempt, AttemptOutcome.ACCEPTED, answer="250 OK", at=now())
    return public_id


def test_the_ledger_shows_what_matched_and_what_became_of_it(client: TestClient, state: AlertsState) -> None:
    done = followed(client, state)
    sent(state, done["subscription"], "m1")
    match(state.app.store, done["subscription"], "daccra")
    match(state.app.store, done["subscription"], "darabic", outcome=MatchOutcome.KNOWN, because_of="dlima")
    path = own(done, f"/subscriptions/{done['subscription']}/matches")
    body = client.get(path).json()
    assert [(each["document"], each["outcome"], each["message"]) for each in body["matches"]] == [
        ("darabic", "known", None),
        ("daccra", "new", None),
        ("dlima", "new", "m1"),
    ]
    assert body["matches"][2]["message_state"] == "sent"
    assert body["matches"][2]["reason"]["page"] == 2
    assert body["next"] is None
    part = client.get(f"{path}?limit=2").json()
    assert [each["document"] for each in client.get(f"{path}?before={part['next']}").json()["matches"]] == ["dlima"]
    (kept,) = client.get(own(done)).json()["subscriptions"]
    assert (kept["matched"], kept["known"], kept["waiting"], kept["sent"]) == (3, 1, 1, 1)


def test_a_message_shows_its_tries_and_documents(client: TestClient, state: AlertsState) -> None:
    done = followed(client, state)
    sent(state, done["subscription"], "m1")
    body = client.get(own(done, "/messages/m1")).json()
    assert [(each["number"], each["outcome"], each["answer"]) for each in body["attempts"]] == [
        (1, "accepted", "250 OK")
    ]
    assert [each["document"] for each in body["matches"]] == ["dlima"]
    kinds = [each["kind"] for each in client.get(own(done, "/messages")).json()["messages"]]
    assert kinds == ["digest", "confirm"]


def test_a_range_of_messages_is_sent_again_and_no_other(client: TestClient, state: AlertsState) -> None:
    done = followed(client, state, channel="webhook", address=HOOK)
    sent(state, done["subscription"], "m1")
    wide = {"since": (now() - timedelta(days=1)).isoformat(), "until": (now() + timedelta(days=1)).isoformat()}
    assert client.post(own(done, "/replay"), json=wide).json() == {"messages": 1}
    assert client.get(own(done, "/messages/m1")).json()["message"]["state"] == "waiting"
    past = {"since": "2020-01-01T00:00:00", "until": "2020-01-02T00:00:00"}
    assert client.post(own(done, "/replay"), json=past).json() == {"messages": 0}
    assert client.post(own(done, "/replay"), json=past | {"until": "2019-01-01T00:00:00"}).status_code == 422


def test_a_secret_is_rotated_and_shown_once(client: TestClient, state: AlertsState) -> None:
    done = followed(client, state, channel="webhook", address=HOOK)
    made = client.post(own(done, "/secret"))
    assert made.status_code == 201
    assert made.json()["secret"] not in (done["secret"], "")
    assert client.get(own(done)).json()["subscriber"]["secrets"] == 2
    assert client.delete(own(done, "/secret/older")).status_code == 204
    who = state.app.store.subscriptions.subscriber_at(Channel.WEBHOOK, HOOK)
    assert who.secrets == (made.json()["secret"],)
    email = followed(client, state)
    assert client.post(own(email, "/secret")).status_code == 422


def test_why_a_document_was_not_told_is_said_in_sentences(client: TestClient, state: AlertsState) -> None:
    done = followed(client, state)
    path = own(done, f"/subscriptions/{done['subscription']}/why")
    assert client.get(path, params={"document": "dlima"}).json()["words"]
    assert client.get(path, params={"document": "no such thing"}).status_code == 404


# ------------------------------------------------------------------ seams


def test_whoever_explains_and_whoever_takes_reports_are_asked(state: AlertsState) -> None:
    noted: list[tuple[str, BounceKind, str]] = []

    def note(address: str, *, kind: BounceKind, detail: str, at: datetime) -> bool:
        noted.append((address, kind, detail))
        return True

    given = AlertsState(state.app, why=lambda kept, document, *, lang: [f"{document} lacks a word"], note_bounce=note)
    api = make_api(state.app, others=alert_routers(given, actor=lambda: None))
    client = TestClient(api)
    client.post("/alerts?q=vendors", json={"address": ROSA})
    done = client.post(f"/alerts/confirm/{last_token(state)}").json()
    path = f"/alerts/manage/{token_of(done['manage_url'])}/subscriptions/{done['subscription']}/why"
    page = "https://pushcart.example/documents/daccra?page=2"
    assert client.get(path, params={"document": page}).json()["words"] == ["daccra lacks a word"]
    report = {"address": ROSA, "kind": "complaint", "detail": "spam button"}
    assert client.post("/alerts/bounces", json=report).json() == {"noted": True}
    assert noted == [(ROSA, BounceKind.COMPLAINT, "spam button")]


def test_reports_on_addresses_need_the_token_of_a_person(client: TestClient, state: AlertsState) -> None:
    report = {"address": ROSA, "kind": "permanent"}
    assert client.post(f"{ALERTS}/bounces", json=report).status_code == 401
    assert client.post(f"{ALERTS}/bounces", json=report, headers={"Authorization": "Bearer x"}).status_code == 401


def test_every_route_has_a_summary_and_bodies_have_examples(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()
    paths = {path: each for path, each in described["paths"].items() if path.startswith("/alerts")}
    assert len(paths) >= 15
    for operations in paths.values():
        for operation in operations.values():
            assert operation["summary"]
            assert operation["description"]
    body = paths["/alerts"]["post"]["requestBody"]["content"]["application/json"]
    assert set(body["examples"]) == {"email", "webhook"}
    names = [each["name"] for each in paths["/alerts"]["post"]["parameters"]]
    assert "q" in names
    assert "frozen" in names
    assert "cursor" not in names
