"""Alerts from the results page to mailbox and endpoint, and to no more messages: over TLS, with a worker and real servers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from standardwebhooks import Webhook

from corpus.alerts import MatchOutcome
from tests.end_to_end.alerts_walk import (
    NOW,
    Walk,
    documents_of,
    link_of,
    links_of,
    text_of,
    vendors,
    walk_in,
)

pytestmark = pytest.mark.slow
ROSA, KOFI = "rosa@example.org", "kofi@example.org"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    with walk_in(tmp_path_factory.mktemp("alerts-walk")) as walk:
        yield walk


@pytest.fixture
def walk(running: Walk) -> Iterator[Walk]:
    """Return the site with nobody who follows anything, empty mailboxes, and nothing to match."""
    running.work(after=-running.later)
    running.mail.caught.clear()
    running.endpoint.caught.clear()
    yield running
    for each in running.room.store.subscriptions.subscribers():
        running.room.store.subscriptions.remove_subscriber(each.id)


def one_click(walk: Walk, message: Any) -> None:
    """Press the button that a mail program shows (RFC 8058): a POST from nowhere, without cookies."""
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = re.findall(r"<(https:[^>]+)>", message["List-Unsubscribe"])[0]
    answer = walk.http.post(address, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200, answer.text


@pytest.mark.browser
def test_a_newcomer_follows_a_search_is_told_reads_and_leaves_by_one_click(walk: Walk, chromium: Any) -> None:
    context = chromium.new_context(ignore_https_errors=True)
    page = context.new_page()
    page.goto(f"{walk.address}/search?q=pavement+lang:en")
    page.click("text=Follow this search to be notified of new documents")
    page.fill("[name=address]", ROSA)
    page.select_option("[name=frequency]", "at_once")
    page.click("text=Follow by e-mail")
    assert page.locator("h1").inner_text() == "Check your e-mail"
    assert walk.mail.caught == []

    walk.work()
    (question,) = walk.mails_to(ROSA)
    assert question["From"] == "Markets <alerts@example.org>"
    walk.bring(vendors("Early"))
    walk.work()
    assert len(walk.mails_to(ROSA)) == 1, "nothing is sent before it is confirmed"
    page.goto(link_of(question, "/alerts/confirm/"))
    page.click("text=Yes, notify me")

    walk.bring(vendors("Callao"), vendors("Cusco"), vendors("Puno", pages=("Nothing of the kind.",)))
    assert walk.work().sent == 1
    digest = walk.mails_to(ROSA)[1]
    assert set(documents_of(digest)) == {"dearly", "dcallao", "dcusco"}, "from asking on, not from confirming"
    assert digest["Subject"].startswith("3 new documents")
    assert "3 new documents" in text_of(digest)
    assert '<b class="m"' in text_of(digest, "html")
    to_document = link_of(digest, "/documents/dcallao")
    assert urlsplit(to_document).fragment == "page=2"
    assert parse_qs(urlsplit(to_document).query)["q"] == ["pavement lang:en"]
    page.goto(to_document)
    assert page.locator("[data-page='2'] mark").first.inner_text() == "pavement"

    one_click(walk, digest)
    walk.bring(vendors("Tacna"))
    walk.work()
    assert len(walk.mails_to(ROSA)) == 2
    page.goto(link_of(digest, "/alerts/manage/"))
    assert page.locator("h1").inner_text() == "Nothing is found at this address"
    context.close()


def test_a_program_follows_a_search_by_the_api_verifies_what_comes_and_leaves(walk: Walk) -> None:
    wanted = {"channel": "webhook", "address": walk.endpoint.url, "frequency": "at_once", "contact": KOFI}
    assert walk.http.post("/api/v1/alerts", params={"q": "pavement"}, json=wanted).status_code == 202
    walk.work(after=NOW)
    (question,) = walk.endpoint.caught
    asked = json.loads(question.content)
    assert asked["type"] == "alert.confirm"
    assert walk.http.get(asked["data"]["confirm"]).status_code == 405, "no GET confirms"
    confirmed = walk.http.post(asked["data"]["confirm"]).json()

    walk.bring(vendors("Piura"))
    walk.work(after=NOW)
    event = walk.endpoint.caught[1]
    said = Webhook(confirmed["secret"]).verify(event.content, event.headers)
    assert said["type"] == "alert.matched"
    (search,) = said["data"]["searches"]
    (document,) = search["documents"]
    assert (document["id"], document["page"], document["words"]) == ("dpiura", 2, ["pavement"])
    start, end = document["marks"][0]
    assert document["passage"][start:end] == "pavement"
    assert walk.http.get(document["address"]).status_code == 200
    managed = walk.http.get(confirmed["manage_api"]).json()["subscriptions"]
    assert [(each["matched"], each["sent"], each["waiting"]) for each in managed] == [(1, 1, 0)]

    number = confirmed["subscription"]
    assert walk.http.delete(f"{confirmed['manage_api']}/subscriptions/{number}").status_code == 204
    walk.bring(vendors("Ica"))
    walk.work()
    assert len(walk.endpoint.caught) == 2
    assert walk.http.get(confirmed["manage_api"]).status_code == 404


def test_12_the_link_to_the_rest_opens_exactly_the_documents_meant_whatever_came_and_changed_since(walk: Walk) -> None:
    walk.follow(ROSA, "pavement")
    meant = [vendors(f"Town{number}", fee=100 + number, published="1987") for number in range(45)]
    walk.bring(*meant)
    walk.work()
    digest = walk.mails_to(ROSA)[-1]
    assert len(documents_of(digest)) == 20
    assert "25 more documents are not shown here." in text_of(digest)
    walk.bring(vendors("Later"), replace(meant[0], title="Corrected", published="2025"))

    page = walk.http.get(link_of(digest, "/alerts/messages/")).text
    assert {*re.findall(r'href="/documents/([\w-]+)', page)} == {each.id for each in meant}


def test_a_copy_fires_nothing_and_an_edition_fires(walk: Walk) -> None:
    walk.follow(ROSA, "pavement")
    first = vendors("Ayacucho", published="2024")
    walk.bring(first)
    walk.work()
    copy = replace(first, id="dcopy", source="mirror", url="https://mirror.example.net/ayacucho.pdf")
    walk.bring(copy)
    assert walk.work().gathered == 0
    edition = vendors("Ayacucho", published="2025", fee=45)
    walk.bring(replace(edition, id="dedition", url="https://example.org/ayacucho-2025.pdf"))
    walk.work()
    assert [documents_of(each) for each in walk.mails_to(ROSA)[1:]] == [["dayacucho"], ["dedition"]]
    store = walk.room.store
    (subscription,) = store.subscriptions.all()
    assert store.matches.find(subscription.id, "dcopy").found.outcome is MatchOutcome.KNOWN


def test_07_mails_of_two_subscribers_do_not_mix(walk: Walk) -> None:
    walk.follow(ROSA, "Huaraz")
    walk.follow(KOFI, "Nazca", lang="fr")
    walk.bring(vendors("Huaraz"), vendors("Nazca"))
    walk.work()
    rosas, kofis = walk.mails_to(ROSA)[-1], walk.mails_to(KOFI)[-1]
    assert (documents_of(rosas), documents_of(kofis)) == (["dhuaraz"], ["dnazca"])
    assert (rosas["To"], kofis["To"]) == (ROSA, KOFI)
    assert not {each for each in links_of(rosas) if "/alerts/" in each} & set(links_of(kofis))
    for own, other in ((rosas, "Nazca"), (kofis, "Huaraz")):
        assert other not in text_of(own) + text_of(own, "html") + own["Subject"]
    assert "nouveau document" in text_of(kofis)


def test_11_a_document_of_several_searches_is_kept_from_none_of_them(walk: Walk) -> None:
    walk.follow(ROSA, "pavement")
    walk.follow(ROSA, "soles", name="Fees")
    walk.follow(KOFI, "pavement")
    walk.bring(vendors("Moquegua"))
    walk.work()
    (rosas,) = [each for each in walk.mails_to(ROSA) if "/documents/" in text_of(each)]
    assert documents_of(rosas) == ["dmoquegua"]
    assert text_of(rosas).count("Vendors of Moquegua") == 2
    assert rosas["Subject"].startswith("1 new document")
    assert documents_of(walk.mails_to(KOFI)[-1]) == ["dmoquegua"]


def test_a_message_that_the_mail_server_refused_for_a_while_comes_once_and_loses_nothing(walk: Walk) -> None:
    walk.follow(ROSA, "pavement")
    answers = iter(["refuse", "drop"])
    walk.mail.behaviour = lambda: next(answers, "accept")
    walk.bring(vendors("Jauja"))
    walk.work()
    walk.bring(vendors("Tarma"))
    for _ in range(4):
        walk.work()
    told = [document for each in walk.mails_to(ROSA) for document in documents_of(each)]
    assert sorted(told) == ["djauja", "dtarma"]
