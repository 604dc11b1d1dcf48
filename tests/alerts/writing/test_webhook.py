"""Bodies of webhooks."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook

from alerts.writing.content import Content, NoticeKind
from alerts.writing.webhook import make_body
from tests.alerts.writing.samples import (
    ARABIC,
    LANGS,
    SITE,
    SPANISH,
    make_confirm,
    make_digest,
    make_notice,
    make_search,
    make_test,
)

LIMIT = 20_000


def read(content: Content) -> dict[str, Any]:
    body = make_body(content, message_id="01jabc")
    assert len(body) < LIMIT
    return json.loads(body)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (make_digest(), "alert.matched"),
        (make_confirm(), "alert.confirm"),
        (make_notice(), "alert.notice"),
        (make_test(), "alert.test"),
    ],
)
def test_every_body_has_type_timestamp_and_data(content: Content, name: str) -> None:
    body = read(content)
    assert list(body) == ["type", "timestamp", "data"]
    assert body["type"] == name
    assert datetime.fromisoformat(body["timestamp"]) == datetime(2026, 11, 30, 13, 0, tzinfo=UTC)
    assert body["data"]["message"] == "01jabc"
    assert make_body(content, message_id="01jabc") == make_body(content, message_id="01jabc")


def test_a_document_says_what_it_is_and_why_it_matched() -> None:
    data = read(make_digest(replace(make_search(), entries=(SPANISH,), total=1)))["data"]
    search = data["searches"][0]
    document = search["documents"][0]
    assert data["documents"] == search["total"] == 1
    assert search["rest"] == 0
    assert data["rest"] == {"searches": 0, "documents": 0}
    assert document["title"] == SPANISH.title
    assert document["year"] == 2019
    assert document["page"] == 12
    assert document["address"] == SPANISH.address
    assert document["words"] == ["vendedores ambulantes", "Lima"]
    assert document["tags"] == ["Street vendors", "Peru"]
    assert document["why"] == "Why: “vendedores ambulantes” and “Lima”, best page: 12; tags: Street vendors, Peru"
    assert [document["passage"][start:end] for start, end in document["marks"]] == ["vendedores ambulantes", "Lima"]
    assert datetime.fromisoformat(document["first_seen"]) == SPANISH.first_seen


@pytest.mark.parametrize(("searches", "entries"), [(1, 100), (5, 20), (20, 20), (100, 1), (500, 3)])
def test_what_does_not_fit_is_counted_and_has_an_address(searches: int, entries: int) -> None:
    content = make_digest(*(make_search(each, entries=entries, total=entries + 7) for each in range(searches)))
    data = read(content)["data"]
    shown = sum(len(each["documents"]) for each in data["searches"])
    assert shown >= 10
    assert all(len(each["documents"]) + each["rest"] == each["total"] == entries + 7 for each in data["searches"])
    assert len(data["searches"]) + data["rest"]["searches"] == searches
    assert shown + sum(each["rest"] for each in data["searches"]) + data["rest"]["documents"] == searches * (
        entries + 7
    )
    assert data["address"] == content.all_address
    assert all(each["address"].startswith(f"{SITE}/alerts/messages/") for each in data["searches"])


def test_the_room_is_shared_among_searches() -> None:
    content = make_digest(make_search(1, entries=100), replace(make_search(2), entries=(ARABIC,), total=1))
    first, second = read(content)["data"]["searches"]
    assert len(second["documents"]) == 1
    assert len(first["documents"]) > 8


@pytest.mark.parametrize(
    "text",
    ["\ud800\udfff\ufffe", "\u202e" * 40 + "x", "\\\"'</script>\n\r\t", "🛒" * 4_000, "\x00\x1f", "الباعة " * 900],
)
def test_hostile_texts_make_valid_json_of_bounded_size(text: str) -> None:
    entry = replace(SPANISH, title=text, publisher=text, passage=((text, True),), words=(text,) * 50, tags=(text,) * 50)
    search = replace(make_search(name=f"x{text}"), entries=(entry,) * 100, total=100, words=text)
    body = make_body(make_digest(*[search] * 5), message_id="m")
    assert len(body) < LIMIT
    data = json.loads(body)["data"]
    assert data["searches"]
    assert all("\u202e" not in each["name"] and "\n" not in each["name"] for each in data["searches"])


def test_addresses_as_long_as_they_may_be_leave_a_valid_body() -> None:
    long = f"{SITE}/" + "x" * (2_000 - len(SITE) - 1)
    entry = replace(SPANISH, address=long, title="🛒" * 300, passage=(("🛒" * 400, True),))
    search = replace(
        make_search(), entries=(entry,) * 3, total=3, all_address=long, search_address=long, stop_address=long
    )
    data = read(replace(make_digest(search, search), all_address=long, documents=3))["data"]
    assert len(data["searches"]) + data["rest"]["searches"] == 2
    assert data["address"] == long
    assert read(replace(make_confirm(), site=long, confirm=long, not_me=long))


def test_the_body_is_what_the_library_signs_and_verifies() -> None:
    webhook = Webhook("whsec_" + base64.b64encode(b"k" * 32).decode())
    body = make_body(make_digest(lang="fr"), message_id="01jabc")
    now = datetime.now(UTC)
    headers = {
        "webhook-id": "01jabc",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": webhook.sign(msg_id="01jabc", timestamp=now, data=body.decode()),
    }
    assert webhook.verify(body, headers) == json.loads(body)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", NoticeKind)
def test_a_notice_says_what_happened_in_the_language_and_by_a_name_for_programs(kind: NoticeKind, lang: str) -> None:
    data = read(make_notice(kind, lang=lang))["data"]
    assert data["kind"] == kind.value
    assert data["messages"] == 3
    assert data["text"]
    assert data["address"].startswith(SITE)


def test_a_question_tells_an_endpoint_where_to_confirm_and_until_when() -> None:
    data = read(make_confirm())["data"]
    assert data["confirm"] == make_confirm().confirm
    assert datetime.fromisoformat(data["expires"]) == make_confirm().expires
    assert data["frequency"] == "daily"
