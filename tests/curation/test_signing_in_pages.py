"""Signing in and out on the pages, and what hostile pages and strangers get there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from fastapi import FastAPI

from corpus.settings import Settings
from corpus.store import Store
from curation.people import add_person, remove_person, rotate_token
from tests.curation.asking import Asker, shown
from tests.curation.conftest import OPERATOR
from web.app import make_app
from web.signed_in import local_address

Anybody = Callable[..., Asker]
Person = tuple[str, str]


def test_who_shows_a_token_is_signed_in_and_sees_the_audit_log(asker: Anybody, person: Person) -> None:
    somebody = asker()
    answer = somebody.sign_in(person[1], next="/audit")
    assert (answer.status_code, answer.headers["location"]) == (303, "/audit")
    assert f"Signed in: {person[0]}" in shown(somebody.get("/audit"))


def test_a_stranger_who_asks_for_the_audit_log_is_led_to_the_form_and_back(asker: Anybody, person: Person) -> None:
    somebody = asker()
    answer = somebody.get("/audit?document=d1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Faudit%3Fdocument%3Dd1")
    assert 'name="next" value="/audit?document=d1"' in somebody.get(answer.headers["location"]).text


def test_a_wrong_token_is_said_and_begins_no_session(asker: Anybody, person: Person) -> None:
    somebody = asker()
    answer = somebody.sign_in(person[1][:-1] + "x")
    assert answer.status_code == 401
    assert "This token is unknown" in shown(answer)
    assert person[1][:-1] not in answer.text
    assert "pushcart-session" not in somebody.cookies


def test_the_cookie_of_a_session_is_not_for_scripts_or_other_sites(asker: Anybody, person: Person) -> None:
    cookies = asker().sign_in(person[1]).headers.get_list("set-cookie")
    (session,) = [each for each in cookies if each.startswith("pushcart-session=")]
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Max-Age=43200"} <= set(session.split("; ")[1:])
    assert "Secure" not in session


def test_over_https_the_cookie_is_for_https_and_this_host_alone(asker: Anybody, person: Person) -> None:
    somebody = asker(origin="https://testserver")
    cookies = somebody.sign_in(person[1]).headers.get_list("set-cookie")
    (session,) = [each for each in cookies if each.startswith("__Host-pushcart-session=")]
    assert "Secure" in session.split("; ")
    assert person[0] in somebody.get("/audit").text


def test_the_cookie_is_for_https_where_a_proxy_says_nothing_but_the_site_is_https(
    asker: Anybody, person: Person
) -> None:
    somebody = asker(origin="http://pushcart.example")  # the public address of this site begins with https
    somebody.get("/sign-in")
    nonce = somebody.get("/sign-in").headers["set-cookie"]
    assert "Secure" in nonce


def test_pages_of_a_session_are_kept_by_no_cache_and_not_compressed(asker: Anybody, person: Person) -> None:
    somebody = asker()
    somebody.sign_in(person[1])
    for path in ("/audit", "/search?q=vendors", "/", "/documents/d1"):
        headers = somebody.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert not {"etag", "content-encoding"} & headers.keys()
    assert asker().get("/search?q=vendors").headers["content-encoding"] == "gzip"


def test_who_signed_in_after_a_search_does_not_see_the_page_of_before(asker: Anybody, person: Person) -> None:
    somebody = asker()
    etag = somebody.get("/search?q=vendors").headers["etag"]
    somebody.sign_in(person[1])
    assert somebody.get("/search?q=vendors", headers={"If-None-Match": etag}).status_code == 200


def test_signing_out_ends_the_session_for_good(asker: Anybody, person: Person) -> None:
    somebody = asker()
    somebody.sign_in(person[1])
    stolen = somebody.cookies["pushcart-session"]
    answer = somebody.submit("/sign-out", form_word=somebody.word())
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "pushcart-session" not in somebody.cookies
    thief = asker()
    thief.cookies.set("pushcart-session", stolen)
    assert thief.get("/audit").status_code == 303


def test_a_removed_person_is_signed_in_no_more(asker: Anybody, person: Person, records: Store) -> None:
    somebody = asker()
    somebody.sign_in(person[1])
    word = somebody.word()
    remove_person(person[0], store=records, by=OPERATOR)
    assert somebody.get("/audit").status_code == 303
    assert somebody.submit("/sign-out", form_word=word).status_code == 401


def test_a_rotated_token_signs_out_and_the_new_one_signs_in(asker: Anybody, person: Person, records: Store) -> None:
    somebody = asker()
    somebody.sign_in(person[1])
    new = rotate_token(person[0], store=records, by=OPERATOR, overlap_hours=0)
    assert somebody.get("/audit").status_code == 303
    assert somebody.sign_in(new.text).status_code == 303


@pytest.mark.parametrize("word", ["", "0" * 64, "other"])
def test_a_form_without_the_word_of_its_session_changes_nothing(asker: Anybody, person: Person, word: str) -> None:
    somebody, other = asker(), asker()
    somebody.sign_in(person[1])
    if word == "other":  # a form that was given to another session of the same person
        other.sign_in(person[1])
        word = other.word()
    answer = somebody.submit("/sign-out", form_word=word)
    assert answer.status_code == 403
    assert "another session" in shown(answer)
    assert somebody.get("/audit").status_code == 200


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://testserver.evil.example", "http://testserver:81", "http://[", None],
)
def test_a_form_from_another_site_changes_nothing(asker: Anybody, person: Person, origin: str | None) -> None:
    somebody = asker()
    somebody.sign_in(person[1])
    answer = somebody.submit("/sign-out", origin=origin, form_word=somebody.word())
    assert answer.status_code == 403
    assert "another site" in shown(answer)
    assert somebody.get("/audit").status_code == 200


def test_a_browser_that_sends_no_origin_is_believed_by_its_referer(asker: Anybody, person: Person) -> None:
    somebody = asker()
    somebody.sign_in(person[1])
    fields = {"form_word": somebody.word()}
    assert somebody.post("/sign-out", data=fields, headers={"Referer": "https://evil.example/x"}).status_code == 403
    assert somebody.post("/sign-out", data=fields, headers={"Referer": "http://testserver/audit"}).status_code == 303


def test_a_proxy_that_sends_another_host_stands_in_no_ones_way(asker: Anybody, person: Person) -> None:
    somebody = asker()
    answer = somebody.submit(
        "/sign-in", origin="https://pushcart.example", form_word=somebody.word("/sign-in"), token=person[1]
    )
    assert answer.status_code == 303


def test_another_site_signs_nobody_in(asker: Anybody, person: Person) -> None:
    victim, attacker = asker(), asker()
    victim.get("/sign-in")
    word = attacker.word("/sign-in")
    assert victim.submit("/sign-in", form_word=word, token=person[1]).status_code == 403
    own = victim.word("/sign-in")
    assert victim.submit("/sign-in", origin="https://evil.example", form_word=own, token=person[1]).status_code == 403
    assert victim.get("/audit").status_code == 303


def test_a_forged_cookie_is_a_strangers(asker: Anybody, person: Person) -> None:
    somebody = asker()
    somebody.sign_in(person[1])
    cookie = somebody.cookies["pushcart-session"]
    for forged in (cookie[:-1] + ("a" if cookie[-1] != "a" else "b"), cookie.split(".")[0], "x", "a." + "0" * 64):
        thief = asker()
        thief.cookies.set("pushcart-session", forged)
        assert thief.get("/audit").status_code == 303
        assert "Signed in" not in thief.get("/search?q=vendors").text


@pytest.mark.parametrize("path", ["/sign-out", "/audit/1/undo"])
def test_what_changes_something_cannot_be_opened(asker: Anybody, person: Person, path: str) -> None:
    somebody = asker()
    somebody.sign_in(person[1])
    assert somebody.get(path).status_code in (404, 405)
    assert somebody.head(path).status_code in (404, 405)


@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-in?next=/sign-out", "/audit", "/documents/d1", "/", "/search?q=a", "/api/v1/audit"]
)
def test_opening_a_page_changes_nothing(asker: Anybody, person: Person, records: Store, path: str) -> None:
    somebody = asker()
    somebody.sign_in(person[1])
    before = records.audit.newest(limit=1), records.changes.last_sequence(), len(records.people.all())
    somebody.get(path)
    assert (records.audit.newest(limit=1), records.changes.last_sequence(), len(records.people.all())) == before
    assert somebody.get("/audit").status_code == 200


@pytest.mark.parametrize("name", ["token", "access_token", "next", "t"])
@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/audit"])
def test_a_token_in_an_address_is_refused(asker: Anybody, person: Person, path: str, name: str) -> None:
    somebody = asker()
    answer = somebody.get(path, params={name: person[1]})
    assert answer.status_code == 401
    assert "rotate" in answer.text
    assert person[1] not in answer.text
    assert "pushcart-session" not in somebody.cookies


def test_a_token_that_was_typed_into_the_search_box_is_not_remembered(
    asker: Anybody, person: Person, records: Store
) -> None:
    before = records.failed_searches.most_frequent(limit=99)
    assert asker().get("/search", params={"q": person[1]}).status_code == 200
    assert asker().get("/api/v1/search", params={"q": person[1]}).status_code == 200
    assert records.failed_searches.most_frequent(limit=99) == before


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("/audit", "/audit"),
        ("/search?q=a&year=2..3", "/search?q=a&year=2..3"),
        ("", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\nSet-Cookie: x=1", "/"),
        ("/" + "a" * 3000, "/"),
    ],
)
def test_signing_in_never_leads_to_another_site(given: str, wanted: str) -> None:
    assert local_address(given) == wanted


def test_after_ten_wrong_tokens_an_address_waits_whatever_it_shows(asker: Anybody, person: Person) -> None:
    somebody = asker()
    statuses = [somebody.ask("GET", "/audit", "wrong").status_code for _ in range(10)]
    assert statuses == [401] * 10
    answer = somebody.ask("GET", "/audit", person[1])
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert somebody.sign_in(person[1]).status_code == 429
    assert asker().ask("GET", "/audit", person[1]).status_code == 200


def test_wrong_tokens_in_the_form_count_too(asker: Anybody, person: Person) -> None:
    somebody = asker()
    assert [somebody.sign_in("wrong").status_code for _ in range(11)] == [401] * 10 + [429]


def test_who_shows_no_token_is_not_counted(asker: Anybody, person: Person) -> None:
    somebody = asker()
    assert {somebody.get("/api/v1/audit").status_code for _ in range(15)} == {401}
    assert somebody.ask("GET", "/audit", person[1]).status_code == 200


def test_who_is_signed_in_stays_so_while_others_behind_the_same_address_fail(asker: Anybody, person: Person) -> None:
    somebody = asker()
    somebody.sign_in(person[1])
    for _ in range(11):
        somebody.ask("GET", "/audit", "wrong")
    assert somebody.get("/audit").status_code == 200


def test_a_place_of_counting_that_is_away_lets_persons_in(site_settings: Settings, person: Person) -> None:
    away = replace(site_settings, rate_limit_storage="memory://")
    assert Asker(make_app(away), address="192.0.2.251").ask("GET", "/audit", person[1]).status_code == 200


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"token=" + b"a" * 70_000, "application/x-www-form-urlencoded", 413),
        (b"token=" + b"a" * 40_000, "application/x-www-form-urlencoded", 422),
        (b"&".join(b"a%d=1" % each for each in range(40)), "application/x-www-form-urlencoded", 422),
        (b"token=\xff\xfe", "application/x-www-form-urlencoded", 422),
        (b'{"token": "x"}', "application/json", 422),
        (b"token=x", "text/plain", 422),
        (b"", "", 422),
    ],
)
def test_what_is_no_form_of_ours_is_refused_in_words(asker: Anybody, content: bytes, kind: str, status: int) -> None:
    somebody = asker()
    answer = somebody.post("/sign-in", content=content, headers={"Content-Type": kind, "Origin": "http://testserver"})
    assert answer.status_code == status
    assert "<h1>" in answer.text


def test_a_body_whose_length_is_not_said_is_counted(asker: Anybody) -> None:
    def endless():
        for _ in range(100):
            yield b"a" * 10_000

    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://testserver"}
    assert asker().post("/sign-in", content=endless(), headers=headers).status_code in (413, 422)


@pytest.mark.parametrize("name", ["<script>alert('name')</script>", "Robert'); DROP TABLE audit;--", '"><img src=x>'])
def test_a_name_is_shown_as_text(asker: Anybody, records: Store, name: str) -> None:
    somebody = asker()
    somebody.sign_in(add_person(name, store=records, by=OPERATOR).text)
    page = somebody.get("/audit")
    assert name not in page.text
    assert f"Signed in: {name}" in shown(page)


def test_the_form_speaks_the_language_of_the_address(asker: Anybody) -> None:
    assert "Iniciar sesión" in shown(asker().get("/sign-in?locale=es"))


def test_a_site_without_persons_lets_nobody_in(settings: Settings) -> None:
    app: FastAPI = make_app(settings)
    assert Asker(app, address="192.0.2.252").sign_in("").status_code == 401
