"""Alerts in a real browser: from the results page to no more messages, on a phone and without script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from alerts.subscribing.state import AlertsState
from corpus.settings import Settings
from tests.alerts.subscribing.following import (
    ROSA,
    confirm_token,
    confirmations,
    follow,
    manage_token,
    match,
    unsubscribe_token,
)
from tests.browser import served
from web.app import make_app, open_site

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def server(library_settings: Settings) -> Iterator[str]:
    with served(make_app(library_settings)) as address:
        yield address


@pytest.fixture
def state(library_settings: Settings) -> Iterator[AlertsState]:
    site = open_site(library_settings)
    yield site.alerts
    for each in site.app.store.subscriptions.subscribers():
        site.app.store.subscriptions.remove_subscriber(each.id)
    site.app.engine.close()
    site.app.store.close()


def is_narrow(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"])


def test_from_results_to_alert_to_no_more_messages_without_script_on_a_phone(
    server: str, state: AlertsState, chromium: Any
) -> None:
    store = state.app.store
    context = chromium.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{server}/search?q=vendedores+ambulantes&country=PER")
    assert is_narrow(page)
    page.click(".by-mail")
    assert "It would have found" in page.inner_text(".note")
    assert is_narrow(page)
    page.click("text=Back to the results")
    page.fill(".follow [name=address]", ROSA)
    page.select_option(".follow [name=frequency]", "weekly")
    page.click("text=Follow by e-mail")
    assert page.locator("h1").inner_text() == "Check your e-mail"
    assert is_narrow(page)

    (message,) = confirmations(store)
    subscription = store.subscriptions.get(message.details["subscription"])
    page.goto(f"{server}/alerts/confirm/{confirm_token(state, message, at=datetime.now(UTC))}")
    assert "vendedores ambulantes; country Peru" in page.inner_text("main")
    assert store.subscriptions.get(subscription.id).state == "unconfirmed"
    page.click("text=Yes, notify me")
    assert store.subscriptions.get(subscription.id).state == "active"
    page.click("text=See and change what you follow")
    match(store, subscription.id, "dlima")
    page.reload()
    assert "1 document matched, 0 were sent, 1 waiting." in page.inner_text(".cards")
    page.click("summary:has-text('Change')")
    page.fill("[name=name]", "Lima")
    page.click(".cards button:has-text('Save')")
    assert page.locator(".cards h2").inner_text() == "Lima"
    page.click("summary:has-text('Change')")
    page.click("button:has-text('Pause')")
    assert "Paused" in page.inner_text(".cards")
    assert is_narrow(page)
    page.click("text=What matched, and when it was sent")
    page.click(".ledger a")
    assert page.evaluate("document.referrer") == ""

    subscriber = store.subscriptions.subscriber(subscription.subscriber)
    link = state.links.unsubscribe(subscriber, now=datetime.now(UTC), subscription=subscription.id)
    page.goto(server + link.removeprefix(state.app.settings.public_url))
    assert is_narrow(page)
    page.click("text=Stop this alert")
    assert page.locator("h1").inner_text() == "Messages are stopped"
    assert store.subscriptions.subscribers() == ()
    context.close()


def test_a_wrong_address_is_told_beside_its_field(server: str, chromium: Any) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{server}/alerts/new?q=cooperative")
    page.fill("#address", "rosa@localhost")
    page.click("text=Follow by e-mail")
    assert "cannot be" in page.inner_text("[role=alert]") or "not a valid e-mail" in page.inner_text("[role=alert]")
    assert page.input_value("#address") == "rosa@localhost"
    assert is_narrow(page)
    context.close()


def test_with_script_the_time_zone_of_the_reader_is_sent_along(server: str, state: AlertsState, chromium: Any) -> None:
    context = chromium.new_context(timezone_id="America/Lima")
    page = context.new_page()
    page.goto(f"{server}/alerts/new?q=cooperative")
    page.fill("#address", ROSA)
    page.click("text=Follow by e-mail")
    (who,) = state.app.store.subscriptions.subscribers()
    assert who.timezone == "America/Lima"
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_alerts_have_no_accessibility_fault_that_a_program_can_find(
    server: str, state: AlertsState, chromium: Any, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    done = follow(state, at=datetime.now(UTC), lang="es", name="Lima")
    manage, number = manage_token(done), done.subscription.id
    match(state.app.store, number, "dlima")
    state.app.store.messages.gather(done.subscriber.id, [number], public_id=f"m-{scheme}", at=datetime.now(UTC))
    match(state.app.store, number, "darabic")
    leave = unsubscribe_token(state, done, at=datetime.now(UTC))
    message = state.links.message_token(f"m-{scheme}")
    pages = [
        "/alerts",
        "/alerts/new?q=cooperative",
        "/alerts/asked",
        f"/alerts/manage/{manage}",
        f"/alerts/manage/{manage}?locale=fr",
        f"/alerts/manage/{manage}/{number}",
        f"/alerts/unsubscribe/{leave}",
        f"/alerts/messages/{message}",
        "/search?q=cooperative",
    ]
    options = {
        "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    }
    enhanced = {"runOnly": {"type": "rule", "values": ["color-contrast-enhanced"]}}
    context = chromium.new_context(color_scheme=scheme, viewport=PHONE)
    page = context.new_page()
    faults = []
    for address in pages if scheme == "light" else pages[1:6:2]:
        page.goto(f"{server}{address}")
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        assert is_narrow(page), address
        answer = axe.run(page, options=options if scheme == "light" else enhanced).response
        faults += [
            (address, each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in answer["violations"]
        ]
    context.close()
    assert not faults
