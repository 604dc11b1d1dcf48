"""Alerts on the pages: followed, confirmed, managed and ended, by people, mail programs, scanners and others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from alerts.subscribing.state import AlertsState
from corpus.alerts import AttemptOutcome, Channel, MatchOutcome, StoppedWhy, Subscription, SubscriptionState
from corpus.settings import Settings
from tests.alerts.subscribing.following import HOOK, ROSA, confirm_token, confirmations, match, token_of
from tests.web.library import BAD_TITLE
from web.app import make_app, open_site
from web.routes.managed_alerts import managed_alerts_router
from web.state import Site

READER = "198.51.100.7"
FORM = {"address": ROSA, "frequency": "daily", "lang": "en"}
PAGES_OF_LINKS = ("confirm", "not-me", "manage", "unsubscribe", "messages")


@pytest.fixture(scope="module")
def opened(library_settings: Settings) -> Iterator[Site]:
    site = open_site(library_settings)
    yield site
    site.app.engine.close()
    site.app.store.close()


@pytest.fixture
def state(opened: Site) -> Iterator[AlertsState]:
    """Return what the pages work on; no test finds a subscriber of another one."""
    yield opened.alerts
    for each in opened.app.store.subscriptions.subscribers():
        opened.app.store.subscriptions.remove_subscriber(each.id)
    opened.app.store.subscriptions.allow(Channel.EMAIL, ROSA)


@pytest.fixture(scope="module")
def visitor(library_settings: Settings) -> Iterator[TestClient]:
    with TestClient(make_app(library_settings), client=(READER, 4000), follow_redirects=False) as client:
        yield client


@pytest.fixture
def client(visitor: TestClient, state: AlertsState) -> TestClient:
    return visitor


def now() -> datetime:
    return datetime.now(UTC)


def ask(client: TestClient, search: str = "q=vendors", **others: str):
    return client.post(f"/alerts/new?{search}", data=FORM | others)


def confirm_path(state: AlertsState, part: str = "confirm") -> str:
    return f"/alerts/{part}/{confirm_token(state, confirmations(state.app.store)[-1], at=now())}"


def followed(client: TestClient, state: AlertsState, search: str = "q=vendors", **others: str) -> str:
    """Follow a search, and return the path of the manage page."""
    assert ask(client, search, **others).status_code == 303
    page = client.post(confirm_path(state))
    assert page.status_code == 200
    found = re.search(r'href="(/alerts/manage/[^"?]+)', page.text)
    assert found is not None
    return found.group(1)


def own(state: AlertsState, number: int = 0) -> Any:
    (who,) = state.app.store.subscriptions.subscribers()
    return state.app.store.subscriptions.of(who.id)[number]


def sent(state: AlertsState, subscription: int, public_id: str, *documents: str) -> str:
    """Let documents match and be sent as one message; return its page."""
    store = state.app.store
    for each in documents:
        match(store, subscription, each)
    who = store.subscriptions.get(subscription).subscriber
    store.messages.gather(who, [subscription], public_id=public_id, at=now())
    for each in store.messages.claim("w", now=now() + timedelta(days=9), limit=100):
        attempt = store.messages.begin_attempt(each, worker="w", at=now())
        store.messages.end_attempt(attempt, AttemptOutcome.ACCEPTED, answer="250 OK", at=now())
    return f"/alerts/messages/{state.links.message_token(public_id)}"


# ------------------------------------------------------------------ following


def test_the_results_page_has_the_form_and_leads_to_the_preview(client: TestClient) -> None:
    page = client.get("/search?q=cooperative&country=PER&sort=newest&near=0&locale=es").text
    assert (
        '<form class="follow-form" action="/alerts/new?q=cooperative&amp;country=PER&amp;locale=es" method="post">'
        in page
    )
    assert '<a class="by-mail" href="/alerts/new?q=cooperative&amp;country=PER&amp;locale=es">' in page
    assert '<input type="hidden" name="lang" value="es">' in page


def test_a_search_that_finds_nothing_can_be_followed_too(client: TestClient) -> None:
    page = client.get("/search?q=hovercraftless&near=0").text
    assert 'href="/alerts/new?q=hovercraftless"' in page


def test_the_follow_page_says_what_it_would_have_brought(client: TestClient) -> None:
    page = client.get("/alerts/new?q=cooperative").text
    assert "It would have found" in page
    assert "<strong" not in page.partition("<main")[2].partition("</main>")[0]
    assert 'href="/feed.atom?q=cooperative"' in page


def test_what_cannot_be_searched_cannot_be_followed(client: TestClient) -> None:
    assert client.get("/alerts/new?country=Nowhere").status_code == 422
    assert ask(client, "country=Nowhere").status_code == 422


def test_asking_leads_to_a_page_that_says_nothing_of_the_address(client: TestClient, state: AlertsState) -> None:
    answer = ask(client, "q=vendors&locale=fr")
    assert (answer.status_code, answer.headers["location"]) == (303, "/alerts/asked?locale=fr")
    page = client.get(answer.headers["location"])
    assert page.status_code == 200
    assert ROSA not in page.text
    assert own(state).state is SubscriptionState.UNCONFIRMED


def test_the_answer_is_the_same_for_known_and_unknown_addresses(client: TestClient, state: AlertsState) -> None:
    followed(client, state)
    answers = [ask(client, address=each) for each in (ROSA, "new@example.org")]
    assert len({(each.status_code, each.headers["location"], each.content) for each in answers}) == 1


@pytest.mark.parametrize("address", ["rosa", "rosa@localhost", "rosa@example.org\r\nBcc: b@example.org", '"><script>'])
def test_an_address_that_cannot_be_used_comes_back_in_its_field(
    client: TestClient, state: AlertsState, address: str
) -> None:
    answer = ask(client, address=address, frequency="weekly", lang="pt")
    assert answer.status_code == 422
    assert "aria-invalid" in answer.text
    assert "<script>" not in answer.text.partition("<main")[2]
    assert '<option value="weekly" selected>' in answer.text
    assert '<option value="pt" lang="pt" selected>' in answer.text
    assert state.app.store.subscriptions.subscribers() == ()


def test_the_time_zone_that_the_browser_says_is_kept_and_a_wrong_one_is_told(
    client: TestClient, state: AlertsState
) -> None:
    ask(client, timezone="America/Lima")
    (who,) = state.app.store.subscriptions.subscribers()
    assert who.timezone == "America/Lima"
    assert ask(client, timezone="Mars/Base").status_code == 422


def test_a_frozen_search_is_followed_from_its_moment_on(client: TestClient, state: AlertsState) -> None:
    secret = client.post("/frozen?q=cooperative").headers["location"].rpartition("/")[2]
    page = client.get(f"/frozen/{secret}").text
    address = re.search(r'href="(/alerts/new\?frozen=[a-z2-7]{26})"', page)
    assert address is not None
    shown = client.get(address.group(1)).text
    assert "after this search was frozen" in shown
    assert secret not in shown
    assert client.post(address.group(1), data=FORM).status_code == 303
    assert own(state).since == client.get(f"/api/v1/frozen/{secret}").json()["sequence"]


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
def test_the_form_of_another_site_asks_for_nothing(
    client: TestClient, state: AlertsState, headers: dict[str, str]
) -> None:
    assert client.post("/alerts/new?q=a", data=FORM, headers=headers).status_code == 403
    assert state.app.store.subscriptions.subscribers() == ()


def test_where_nobody_may_follow_another_search_pages_offer_none(library_settings: Settings) -> None:

    with TestClient(make_app(replace(library_settings, alerts_subscriptions_max=0)), follow_redirects=False) as client:
        assert "/alerts/new" not in client.get("/search?q=cooperative").text
        assert "follow-form" not in client.get("/alerts/new?q=a").text
        assert client.get("/alerts").status_code == 200
        assert ask(client).status_code == 503


# ------------------------------------------------------------------ confirming


def test_a_mail_scanner_that_opens_every_link_confirms_and_ends_nothing(client: TestClient, state: AlertsState) -> None:
    ask(client)
    for path in (confirm_path(state), confirm_path(state, "not-me")):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
        assert client.get(path + "?which=all&do=delete").status_code == 200
    assert own(state).state is SubscriptionState.UNCONFIRMED
    manage = client.post(confirm_path(state)).text
    path = re.search(r'href="(/alerts/manage/[^"?]+)', manage).group(1)
    leave = leave_path(state)
    for each in (path, f"{path}/{own(state).id}", leave):
        assert client.get(each + "?do=delete&which=never&List-Unsubscribe=One-Click").status_code == 200
    assert own(state).state is SubscriptionState.ACTIVE


def leave_path(state: AlertsState, *, of_all: bool = False) -> str:
    (who,) = state.app.store.subscriptions.subscribers()
    number = None if of_all else state.app.store.subscriptions.of(who.id)[0].id
    return f"/alerts/unsubscribe/{token_of(state.links.unsubscribe(who, now=now(), subscription=number))}"


def test_the_confirmation_shows_what_it_would_do_in_the_language_of_the_subscriber(
    client: TestClient, state: AlertsState
) -> None:
    ask(client, "q=vendors&country=PER", lang="es")
    page = client.get(confirm_path(state)).text
    assert '<html lang="es"' in page
    assert "vendors" in page
    assert "Perú" in page
    assert ROSA in page
    assert '<html lang="fr"' in client.get(confirm_path(state) + "?locale=fr").text


def test_a_confirmation_that_was_used_or_tampered_with_is_told_so(client: TestClient, state: AlertsState) -> None:
    ask(client)
    path = confirm_path(state)
    assert client.post(path).status_code == 200
    for answer in (client.get(path), client.post(path), client.get(path[:-2]), client.post(path + "x")):
        assert answer.status_code == 404
        assert "/alerts/manage" not in answer.text


def test_whoever_did_not_ask_is_forgotten(client: TestClient, state: AlertsState) -> None:
    ask(client)
    page = client.post(confirm_path(state, "not-me"))
    assert "nothing is sent to it again" in page.text
    assert state.app.store.subscriptions.subscribers() == ()
    assert state.app.store.subscriptions.refuses(Channel.EMAIL, ROSA)


# ------------------------------------------------------------------ ending


def test_one_click_of_a_mail_program_ends_it_without_cookie_or_page(client: TestClient, state: AlertsState) -> None:
    followed(client, state)
    path = leave_path(state)
    headers = {"origin": "https://mail.example", "sec-fetch-site": "cross-site"}
    for _ in range(2):  # mail programs try again
        answer = client.post(path, data={"List-Unsubscribe": "One-Click"}, headers=headers)
        assert answer.status_code == 200
    assert state.app.store.subscriptions.subscribers() == ()


def test_one_click_may_come_as_a_form_with_parts(client: TestClient, state: AlertsState) -> None:
    followed(client, state)
    assert client.post(leave_path(state), files={"List-Unsubscribe": (None, "One-Click")}).status_code == 200
    assert state.app.store.subscriptions.subscribers() == ()


def test_one_click_ends_only_what_its_link_is_about(client: TestClient, state: AlertsState) -> None:
    followed(client, state)
    followed(client, state, "q=another")
    client.post(leave_path(state), data={"List-Unsubscribe": "One-Click"})
    assert own(state).query == (("q", "another"),)


def test_the_page_offers_one_all_and_never_again(client: TestClient, state: AlertsState) -> None:
    followed(client, state)
    followed(client, state, "q=another")
    page = client.get(leave_path(state)).text
    assert re.findall(r'name="which" value="(\w+)"', page) == ["this", "all", "never"]
    answer = client.post(leave_path(state), data={"which": "never"})
    assert answer.status_code == 200
    assert state.app.store.subscriptions.subscribers() == ()
    assert state.app.store.subscriptions.refuses(Channel.EMAIL, ROSA)


def test_what_was_never_signed_ends_nothing(client: TestClient, state: AlertsState) -> None:
    followed(client, state)
    assert client.post(leave_path(state)[:-3], data={"which": "all"}).status_code == 404
    assert own(state).state is SubscriptionState.ACTIVE


# ------------------------------------------------------------------ managing


def test_the_manage_page_shows_every_search_with_what_matched_and_was_sent(
    client: TestClient, state: AlertsState
) -> None:
    path = followed(client, state, "q=vendors&country=PER", lang="en")
    sent(state, own(state).id, "m1", "dlima", "daccra")
    match(state.app.store, own(state).id, "dhostile")
    page = client.get(path).text
    assert "vendors; country Peru" in page
    assert "3 documents matched, 2 were sent, 1 waiting." in page
    assert "/alerts/messages/" in page
    assert ROSA in page


def test_a_search_is_renamed_slowed_paused_resumed_and_deleted(client: TestClient, state: AlertsState) -> None:
    path = followed(client, state)
    one = f"{path}/{own(state).id}"
    followed(client, state, "q=another")
    assert client.post(one, data={"do": "change", "name": "<b>Mine</b>", "frequency": "weekly"}).status_code == 303
    assert (own(state).name, own(state).frequency) == ("<b>Mine</b>", "weekly")
    assert "&lt;b&gt;Mine&lt;/b&gt;" in client.get(path).text
    client.post(one, data={"do": "pause"})
    assert own(state).state is SubscriptionState.PAUSED
    assert "Paused" in client.get(path).text
    client.post(one, data={"do": "resume"})
    assert own(state).state is SubscriptionState.ACTIVE
    client.post(one, data={"do": "delete"})
    assert client.get(one).status_code == 404
    assert own(state).query == (("q", "another"),)


def test_language_and_times_are_set(client: TestClient, state: AlertsState) -> None:
    path = followed(client, state)
    given = {"do": "settings", "lang": "pt", "timezone": "Africa/Maputo", "hour": "6", "weekday": "4"}
    back = client.post(path, data=given).headers["location"]
    assert back == f"{path}?locale=pt&done=saved"
    page = client.get(back).text
    assert '<html lang="pt"' in page
    assert '<option value="6" selected>06:00</option>' in page
    assert '<option value="4" selected>sexta-feira</option>' in page
    assert client.post(path, data=given | {"hour": "77"}).status_code == 422
    assert client.post(path, data=given | {"timezone": "x"}).status_code == 422


def test_everything_is_deleted_with_the_address(client: TestClient, state: AlertsState) -> None:
    path = followed(client, state)
    assert client.post(path, data={"do": "delete"}).status_code == 200
    assert client.get(path).status_code == 404
    assert state.app.store.subscriptions.subscribers() == ()


def test_a_new_link_takes_back_the_old_one(client: TestClient, state: AlertsState) -> None:
    path = followed(client, state)
    fresh = client.post(path, data={"do": "renew"}).headers["location"]
    assert client.get(path).status_code == 404
    assert "your new link" in client.get(fresh).text


def test_an_address_that_was_given_up_is_told_so_and_started_again(client: TestClient, state: AlertsState) -> None:
    path = followed(client, state)
    (who,) = state.app.store.subscriptions.subscribers()
    state.app.store.subscriptions.stop(who.id, StoppedWhy.GAVE_UP, at=now())
    assert "every attempt to send a message failed" in client.get(path).text
    client.post(path, data={"do": "start"})
    assert "every attempt to send a message failed" not in client.get(path).text


def test_messages_of_the_last_days_are_sent_again(client: TestClient, state: AlertsState) -> None:
    path = followed(client, state)
    sent(state, own(state).id, "m1", "dlima")
    assert "1 message will be sent again." in client.post(path, data={"do": "replay", "days": "2"}).text


def test_a_webhook_shows_its_host_and_a_new_secret_once(client: TestClient, state: AlertsState) -> None:
    client.post("/api/v1/alerts?q=vendors", json={"channel": "webhook", "address": f"{HOOK}/S3CRET"})
    token = confirm_token(state, confirmations(state.app.store)[-1], at=now())
    path = "/alerts/manage/" + token_of(client.post(f"/api/v1/alerts/confirm/{token}").json()["manage_url"])
    page = client.get(path).text
    assert "hooks.example.org" in page
    assert "S3CRET" not in page
    assert "whsec_" not in page
    assert "whsec_" in client.post(path, data={"do": "secret"}).text
    assert "2 secrets are valid" in client.get(path).text
    client.post(path, data={"do": "end-secret"})
    assert "1 secret is valid" in client.get(path).text


def test_the_ledger_says_why_each_document_matched_and_what_became_of_it(
    client: TestClient, state: AlertsState
) -> None:
    path = followed(client, state)
    one = f"{path}/{own(state).id}"
    sent(state, own(state).id, "m1", "dlima", "dhostile")
    match(state.app.store, own(state).id, "daccra", outcome=MatchOutcome.KNOWN, because_of="dlima")
    match(state.app.store, own(state).id, "dgone")
    page = client.get(one).text
    assert "“vendors” on page 2; Street vendors, Peru" in page
    assert "/documents/dlima?q=vendors&amp;page=2#page=2" in page
    assert "Not sent: a copy or translation" in page
    assert "Waiting for your next message" in page
    assert "dgone" in page
    assert BAD_TITLE not in page


def test_a_long_ledger_is_shown_in_parts(client: TestClient, state: AlertsState) -> None:
    path = followed(client, state)
    for number in range(60):
        match(state.app.store, own(state).id, f"x{number}")
    first = client.get(f"{path}/{own(state).id}").text
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    assert first.count("<h3><code>") == 50
    assert client.get(following.group(1).replace("&amp;", "&")).text.count("<h3><code>") == 10


def test_why_a_document_did_not_come_is_said_on_the_page(client: TestClient, state: AlertsState, opened: Site) -> None:
    one = f"{followed(client, state)}/{own(state).id}"
    assert 'id="document"' in client.get(one).text
    assert "before" in client.get(one, params={"document": "daccra"}).text
    asked: list[str] = []

    def why(subscription: Subscription, document: str, *, lang: str) -> list[str]:
        asked.append(f"{subscription.id} {document} {lang}")
        return ["It has no <vendors>."]

    app = FastAPI()
    app.include_router(managed_alerts_router(replace(opened, alerts=AlertsState(opened.app, why=why))))
    with TestClient(app) as explaining:
        address = "https://pushcart.example/documents/daccra?page=2"
        page = explaining.get(one, params={"document": address, "locale": "fr"}).text
        assert "It has no &lt;vendors&gt;." in page
        assert asked == [f"{own(state).id} daccra fr"]
        assert (
            "This is not the address or id of a document" in explaining.get(one, params={"document": "<script> x"}).text
        )


def test_the_rest_of_a_message_is_exactly_its_documents(client: TestClient, state: AlertsState) -> None:
    followed(client, state)
    first = sent(state, own(state).id, "m1", "dlima", "daccra")
    second = sent(state, own(state).id, "m2", "darabic")
    page = client.get(first).text
    assert re.findall(r'href="/documents/(\w+)', page) == ["dlima", "daccra"]
    assert re.findall(r'href="/documents/(\w+)', client.get(second).text) == ["darabic"]
    assert ROSA not in page
    part = client.get(f"{first}?search={own(state).id}").text
    assert re.findall(r'href="/documents/(\w+)', part) == ["dlima", "daccra"]
    assert re.findall(r'href="/documents/(\w+)', client.get(f"{first}?search=99").text) == []
    assert client.get(first[:-2]).status_code == 404


def test_nobody_reaches_the_search_of_another_subscriber(client: TestClient, state: AlertsState) -> None:
    path = followed(client, state)
    number = own(state).id
    other = followed(client, state, address="ana@example.org")
    assert client.get(f"{other}/{number}").status_code == 404
    assert client.post(f"{other}/{number}", data={"do": "delete"}).status_code == 404
    assert client.get(f"{path}/{number}").status_code == 200


def test_pages_of_links_are_kept_by_no_cache_no_search_engine_and_named_to_nobody(
    client: TestClient, state: AlertsState
) -> None:
    path = followed(client, state)
    message = sent(state, own(state).id, "m1", "dlima")
    for each in (path, leave_path(state), message, *(f"/alerts/{part}/x" for part in PAGES_OF_LINKS)):
        headers = client.get(each).headers
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert "noindex" in headers["x-robots-tag"]
    assert "Disallow: /alerts/" in client.get("/robots.txt").text


@pytest.mark.parametrize("lang", ["es", "fr", "pt"])
def test_the_pages_speak_the_language_of_their_reader(client: TestClient, state: AlertsState, lang: str) -> None:
    path = followed(client, state, f"q=vendors&locale={lang}", lang=lang)
    sent(state, own(state).id, "m1", "dlima")
    leave = leave_path(state)
    english = re.compile(r"\b(the|you|your|was|were|nothing|search|which|before)\b", re.IGNORECASE)
    for each in (
        f"/alerts?locale={lang}",
        f"/alerts/new?q=vendors&locale={lang}",
        f"/alerts/asked?locale={lang}",
        path,
        leave,
    ):
        page = client.get(each).text
        assert f'<html lang="{lang}"' in page
        main = re.sub(
            r"<datalist.*?</datalist>|<code.*?</code>",
            "",
            page.partition("<main")[2].partition("</main>")[0],
            flags=re.DOTALL,
        )
        words = re.sub(r"<[^>]*>", " ", main)
        assert not english.findall(words), (each, english.findall(words), words)


def test_where_no_mail_is_sent_the_page_says_so_and_offers_the_other_ways(library_settings: Settings) -> None:
    silent = replace(library_settings, smtp_host="", mail_from="")
    with TestClient(make_app(silent), follow_redirects=False) as client:
        page = client.get("/alerts/new?q=vendors").text
    assert "This site does not send e-mail." in page
    assert 'type="email"' not in page
    assert "/feed.atom?q=vendors" in page
