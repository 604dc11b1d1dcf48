"""Reports and frozen searches on the pages and in the API: by whom they are made, opened, changed and deleted, and hostile use."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient

from corpus.settings import Settings
from corpus.store import FrozenSearch, Store, open_store
from pushcart.cli import run
from search_api.answers.frozen_links import frozen_key, frozen_link, new_secret
from tests.builders import make_document, sha256_of
from tests.web.library import fill, index, keep, settings_in
from web.app import make_app
from web.forms import BYTES_MAX

READER, OTHER = "198.51.100.7", "203.0.113.9"
SEARCH = "/search?q=cooperative"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_in(tmp_path_factory.mktemp("filled"))
    fill(settings)
    return settings


@pytest.fixture(scope="module")
def site(filled: Settings) -> Iterator[TestClient]:
    with visitor(filled) as client:
        yield client


@pytest.fixture
def settings(filled: Settings, store: Store) -> Iterator[Settings]:
    """Return the settings of a library that tests share; no test finds a frozen search of another one."""
    yield filled
    for each in store.frozen.all():
        store.frozen.remove(each.key)


@pytest.fixture
def client(site: TestClient, settings: Settings) -> TestClient:
    return site


@pytest.fixture(scope="module")
def store(filled: Settings) -> Iterator[Store]:
    with open_store(filled) as opened:
        yield opened


@pytest.fixture
def own(filled: Settings, tmp_path: Path) -> Settings:
    """Return the settings of a library that a test may change."""
    return replace(filled, data_dir=shutil.copytree(filled.data_dir, tmp_path / "own"))


def visitor(settings: Settings, *, address: str = READER) -> TestClient:
    return TestClient(make_app(settings), client=(address, 4000), follow_redirects=False)


def freeze(client: TestClient, query: str = "q=cooperative") -> str:
    """Freeze a search as the button does, and return the owner's secret."""
    answer = client.post(f"/frozen?{query}")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("/")[2]


def reading_of(secret: str) -> str:
    link = frozen_link(secret)
    assert link is not None
    return link.reading


def titles(page: str) -> list[str]:
    return re.findall(r'<h2 dir="auto"><a[^>]*>([^<]*)</a>', page) or re.findall(r"<h2[^>]*><a[^>]*>([^<]*)</a>", page)


def kept(store: Store) -> list[FrozenSearch]:
    return list(store.frozen.all())


# ------------------------------------------------------------------ the report


def test_the_results_page_leads_to_the_report_of_the_same_search(client: TestClient) -> None:
    page = client.get("/search?q=cooperative&lang=en&limit=5").text
    assert 'href="/report?q=cooperative&amp;lang=en"' in page
    report = client.get("/report?q=cooperative&lang=en").text
    assert "PRISMA-S" in report
    assert "cooperative" in report


def test_the_report_of_a_search_that_finds_nothing_is_a_report_too(client: TestClient) -> None:
    assert 'href="/report?q=hovercraftless"' in client.get("/search?q=hovercraftless&near=0").text
    assert client.get("/report?q=hovercraftless").status_code == 200


@pytest.mark.parametrize(("wanted", "media"), [("markdown", "text/markdown"), ("json", "application/json")])
def test_the_report_can_be_taken_away(client: TestClient, wanted: str, media: str) -> None:
    answer = client.get(f"/report?q=cooperative&format={wanted}")
    assert answer.headers["content-type"].startswith(media)


def test_the_page_of_the_report_speaks_the_readers_language(client: TestClient) -> None:
    assert "Informe de búsqueda" in client.get("/report?q=cooperative&locale=es").text
    assert "# Informe de búsqueda" in client.get("/report?q=cooperative&locale=es&format=markdown").text


def test_what_cannot_be_asked_has_no_report(client: TestClient) -> None:
    assert client.get("/report?country=Nowhere").status_code == 422
    assert client.get("/report?q=a&format=pdf").status_code == 422


# ------------------------------------------------------------------ freezing and opening


def test_one_click_freezes_a_search_and_shows_it_in_the_same_order(client: TestClient) -> None:
    page = client.get(SEARCH).text
    assert '<form action="/frozen?q=cooperative" method="post">' in page
    results = client.get("/api/v1/search?q=cooperative&limit=100&near=0").json()
    secret = freeze(client)
    shown = client.get(f"/frozen/{secret}").text
    assert titles(shown) == [hit["title"] for hit in results["hits"]]


def test_a_get_freezes_nothing(client: TestClient, store: Store) -> None:
    assert client.get("/frozen?q=cooperative").status_code == 405
    assert client.get("/api/v1/frozen?q=cooperative").status_code == 405
    assert kept(store) == []


def test_opening_the_results_page_or_a_report_keeps_nothing(client: TestClient, store: Store) -> None:
    for address in (SEARCH, "/report?q=cooperative", "/api/v1/search/report?q=cooperative"):
        client.get(address)
    assert kept(store) == []


def test_a_search_that_finds_nothing_can_be_frozen(client: TestClient) -> None:
    secret = freeze(client, "q=hovercraftless")
    assert "0 documents" in client.get(f"/frozen/{secret}").text


def test_what_came_changed_and_went_is_shown(own: Settings) -> None:
    settings = own
    client = visitor(settings)
    secret = freeze(client)
    with open_store(settings) as store:
        document = store.documents.get("dmany03")
        store.documents.save(replace(document, title="Cooperative study, second edition"))
        store.documents.save(replace(store.documents.get("dmany04"), title="Something else"))
        store.documents.remove("dmany05")
        keep(store, make_document("dnew", source="wiego", title="A new cooperative"), sha256=sha256_of("new"))
    index(settings)
    page = client.get(f"/frozen/{secret}").text
    assert "Cooperative study, second edition" in page
    assert "changed since: its displayed record" in page
    assert "dmany05" in page
    assert "removed on" in page
    assert titles(client.get(f"/frozen/{secret}?show=came").text) == ["A new cooperative"]
    assert titles(client.get(f"/frozen/{secret}?show=left").text) == ["Something else"]
    body = client.get(f"/api/v1/frozen/{secret}").json()
    assert body["since"] == {
        "is_compared": True, "trouble": "", "is_cut": False, "behind": 0,
        "came": 1, "joined": 0, "left": 1, "changed": 2, "gone": 1,
    }  # fmt: skip
    gone = next(each for each in body["documents"] if each["id"] == "dmany05")
    assert (gone["state"], gone["document"]) == ("gone", None)
    assert gone["gone_at"]


def test_the_title_of_what_was_taken_out_is_shown_nowhere(own: Settings) -> None:
    settings = own
    client = visitor(settings)
    secret = freeze(client)
    with open_store(settings) as store:
        title = store.documents.get("dmany07").title
        store.documents.remove("dmany07")
    for address in (f"/frozen/{secret}", f"/frozen/{secret}?show=gone", f"/api/v1/frozen/{secret}"):
        assert f">{title}<" not in client.get(address).text
        assert f'"{title}"' not in client.get(address).text


def test_its_report_is_that_of_the_day(own: Settings) -> None:
    settings = own
    client = visitor(settings)
    secret = freeze(client)
    before = client.get(f"/frozen/{secret}/report?format=json").json()
    with open_store(settings) as store:
        store.documents.remove("dmany01")
    index(settings)
    assert client.get(f"/frozen/{secret}/report?format=json").json() == before
    assert client.get("/report?q=cooperative&format=json").json()["report"]["total"] == 24
    assert before["report"]["total"] == 25
    assert "As it was on the day" in client.get(f"/frozen/{secret}/report").text
    assert client.get(f"/frozen/{secret}/report?format=markdown").text.startswith("# Search report")


def test_a_long_list_is_read_page_by_page(client: TestClient) -> None:
    secret = freeze(client, "sort=first_seen")
    body = client.get(f"/api/v1/frozen/{secret}?limit=10").json()
    rest = [client.get(f"/api/v1/frozen/{secret}?limit=10&offset={offset}").json() for offset in (10, 20, 30, 40)]
    ids = [each["id"] for part in (body, *rest) for each in part["documents"]]
    assert len(ids) == len(set(ids)) == body["hits"] == body["total"]
    assert [each["place"] for each in rest[0]["documents"]] == list(range(11, 21))


def test_pages_that_are_not_there_are_empty_and_no_fault(client: TestClient) -> None:
    secret = freeze(client)
    for query in ("?page=99999", "?page=0", "?page=-1", "?page=abc", "?page=1e9", "?show=everything", "?page=٣"):
        assert client.get(f"/frozen/{secret}{query}").status_code == 200, query


def test_it_is_read_while_the_index_does_not_answer(own: Settings) -> None:
    settings = own
    secret = freeze(visitor(settings))
    for path in own.data_dir.glob("index/g*/documents/meta.json"):
        path.write_text("{")
    page = visitor(settings).get(f"/frozen/{secret}")
    assert page.status_code == 200
    assert "Cooperative study 0" in page.text
    assert "New documents cannot be listed" in page.text
    assert str(own.data_dir) not in page.text


# ------------------------------------------------------------------ links, names, deleting


def test_readers_see_all_and_change_nothing(client: TestClient, store: Store) -> None:
    secret = freeze(client)
    reading = reading_of(secret)
    page = client.get(f"/frozen/{reading}").text
    assert titles(page) == titles(client.get(f"/frozen/{secret}").text)
    assert "Delete permanently" not in page
    assert secret not in page
    assert client.post(f"/frozen/{reading}/delete").status_code == 404
    assert client.post(f"/frozen/{reading}/name", data={"name": "Mine"}).status_code == 404
    assert client.delete(f"/api/v1/frozen/{reading}").status_code == 404
    assert client.patch(f"/api/v1/frozen/{reading}?name=Mine").status_code == 404
    assert [each.name for each in kept(store)] == [""]


def test_its_owner_names_and_deletes_it(client: TestClient, store: Store) -> None:
    secret = freeze(client)
    assert client.post(f"/frozen/{secret}/name", data={"name": "  Review \n 1  "}).status_code == 303
    assert [each.name for each in kept(store)] == ["Review 1"]
    assert "<h1" in client.get(f"/frozen/{secret}").text
    assert client.post(f"/frozen/{secret}/delete").headers["location"] == "/search?q=cooperative"
    assert [client.get(f"/frozen/{each}").status_code for each in (secret, reading_of(secret))] == [404, 404]
    assert kept(store) == []


def test_a_get_deletes_and_renames_nothing(client: TestClient, store: Store) -> None:
    secret = freeze(client)
    assert client.get(f"/frozen/{secret}/delete").status_code == 405
    assert client.get(f"/frozen/{secret}/name?name=x").status_code == 405
    assert len(kept(store)) == 1


def test_the_api_freezes_opens_renames_and_deletes(client: TestClient) -> None:
    made = client.post("/api/v1/frozen?q=cooperative&country=&name=First")
    assert made.status_code == 201
    links = made.json()
    assert links["reading"] == reading_of(links["secret"])
    assert links["owner_url"] == f"https://pushcart.example/frozen/{links['secret']}"
    assert client.patch(f"/api/v1/frozen/{links['secret']}?name=Second").status_code == 204
    body = client.get(f"/api/v1/frozen/{links['reading']}").json()
    assert (body["name"], body["is_owner"], body["hits"]) == ("Second", False, 25)
    assert client.get(f"/api/v1/frozen/{links['reading']}/report").json()["report"]["total"] == 25
    assert client.delete(f"/api/v1/frozen/{links['secret']}").status_code == 204
    assert client.get(f"/api/v1/frozen/{links['secret']}").status_code == 404


def test_an_alert_can_go_on_from_it(client: TestClient) -> None:
    body = client.get(f"/api/v1/frozen/{freeze(client, 'q=cooperative&lang=en&near=3&limit=7')}").json()
    assert body["parameters"] == [["q", "cooperative"], ["lang", "en"]]
    assert body["sequence"] > 0


# ------------------------------------------------------------------ expiry


def aged(store: Store, secret: str, *, days: int) -> None:
    """Let a frozen search expire in so many days from now."""
    store.frozen.prolong(frozen_key(secret), until=datetime.now(UTC) + timedelta(days=days))


def test_a_visit_prolongs_it_and_the_page_says_so(client: TestClient, store: Store) -> None:
    secret = freeze(client)
    aged(store, secret, days=3)
    assert "each visit keeps it for another 730 days" in client.get(f"/frozen/{reading_of(secret)}").text
    assert kept(store)[0].expires_at > datetime.now(UTC) + timedelta(days=700)


def test_visits_of_one_day_write_once(client: TestClient, store: Store) -> None:
    secret = freeze(client)
    before = kept(store)[0].expires_at
    client.get(f"/frozen/{secret}")
    assert kept(store)[0].expires_at == before


def test_what_has_expired_is_not_found_and_no_visit_brings_it_back(client: TestClient, store: Store) -> None:
    secret = freeze(client)
    aged(store, secret, days=-1)
    assert client.get(f"/frozen/{secret}").status_code == 404
    assert kept(store)[0].expires_at < datetime.now(UTC)
    freeze(client)
    assert [each.key for each in kept(store) if each.key == frozen_key(secret)] == []


# ------------------------------------------------------------------ hostile use


def test_the_secret_leaks_by_no_referrer_cache_or_search_engine(client: TestClient) -> None:
    made = client.post("/frozen?q=cooperative")
    secret = made.headers["location"].rpartition("/")[2]
    addresses = (f"/frozen/{secret}", f"/frozen/{secret}/report", f"/api/v1/frozen/{secret}", f"/frozen/{new_secret()}")
    for answer in (made, *(client.get(each) for each in addresses)):
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex">' in client.get(f"/frozen/{secret}").text
    assert "frozen" not in client.get("/robots.txt").text  # what is not to be listed must be read to be known


def test_the_records_hold_no_link(client: TestClient, settings: Settings) -> None:
    secret = freeze(client)
    held = b"".join(path.read_bytes() for path in settings.data_dir.glob("pushcart.sqlite3*"))
    assert frozen_key(secret).encode() in held
    assert secret.encode() not in held
    assert reading_of(secret).encode() not in held


@pytest.mark.parametrize(
    "name", ["a" * 32, "2" * 26, "x", "%00", "..%2f..", "a" * 500, "%F0%9F%98%80", "<script>", "' OR 1=1 --"]
)
def test_a_guessed_link_is_not_found_and_tells_nothing(client: TestClient, name: str) -> None:
    freeze(client)
    for address in (f"/frozen/{name}", f"/frozen/{name}/report", f"/api/v1/frozen/{name}"):
        answer = client.get(address)
        assert answer.status_code in (404, 422), address
        assert "<script>" not in answer.text


def test_a_near_miss_is_told_as_any_other_miss(client: TestClient) -> None:
    secret = freeze(client)
    near = secret[:-1] + ("a" if secret[-1] != "a" else "b")
    told = {re.sub(near, "", client.get(f"/frozen/{each}").text) for each in (near, new_secret())}
    assert len(told) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "https://other.pushcart.example"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://[bad"},
    ],
)
def test_a_page_of_another_site_freezes_nothing(client: TestClient, store: Store, headers: dict[str, str]) -> None:
    for address in ("/frozen?q=cooperative", "/api/v1/frozen?q=cooperative"):
        answer = client.post(address, headers=headers)
        assert answer.status_code == 403
        assert "another site" in answer.text
    assert kept(store) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin", "origin": "null"},
        {"sec-fetch-site": "none"},
        {"origin": "http://testserver"},
        {"origin": "https://pushcart.example"},  # a proxy may hide the host
        {},
    ],
)
def test_our_own_pages_and_programs_may(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/frozen?q=cooperative", headers=headers).status_code == 303


def test_html_in_a_name_is_text(client: TestClient) -> None:
    secret = freeze(client)
    bad = '<script>alert(1)</script>"><img src=x onerror=alert(2)>\u202e'
    client.post(f"/frozen/{secret}/name", data={"name": bad})
    page = client.get(f"/frozen/{secret}").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;" in page


def test_html_in_the_words_is_text(client: TestClient) -> None:
    secret = freeze(client, "q=%3Cscript%3Ealert(9)%3C/script%3E")
    for address in (f"/frozen/{secret}", f"/frozen/{secret}/report"):
        assert "<script>alert(9)" not in client.get(address).text


def test_a_name_that_is_too_long_is_refused(client: TestClient, store: Store) -> None:
    secret = freeze(client)
    assert client.post(f"/frozen/{secret}/name", data={"name": "n" * 101}).status_code == 422
    assert client.post(f"/api/v1/frozen?q=a&name={'n' * 101}").status_code == 422
    assert [each.name for each in kept(store)] == [""]


def test_a_huge_form_is_not_read(client: TestClient) -> None:
    secret = freeze(client)
    sent = 0

    def body() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += BYTES_MAX
            yield b"n" * BYTES_MAX

    answer = client.post(f"/frozen/{secret}/name", content=body())
    assert answer.status_code == 413


@pytest.mark.parametrize("form", [b"\xff\xfe", b"&" * 5000, b"name", b"=".join([b"a"] * 50), b""])
def test_an_odd_form_does_no_harm(client: TestClient, store: Store, form: bytes) -> None:
    secret = freeze(client)
    client.post(f"/frozen/{secret}/name", data={"name": "Kept"})
    assert client.post(f"/frozen/{secret}/name", content=form).status_code in (303, 422)
    assert len(kept(store)) == 1


def test_a_search_with_too_many_documents_is_refused_and_offers_no_button(settings: Settings, store: Store) -> None:
    client = visitor(replace(settings, frozen_hits_max=5))
    answer = client.post("/frozen?q=cooperative")
    assert answer.status_code == 422
    assert "5 can be frozen" in answer.text
    assert 'action="/frozen' not in client.get(SEARCH).text
    assert kept(store) == []


def test_a_huge_query_is_refused(client: TestClient, store: Store) -> None:
    assert client.post(f"/frozen?q={'a' * 3000}").status_code == 422
    assert client.post("/frozen?" + "&".join(f"publisher=p{n}" for n in range(101))).status_code == 422
    assert kept(store) == []


def test_a_flood_is_refused_for_its_address_only(settings: Settings, store: Store) -> None:
    limited = replace(settings, frozen_rate_limit="3/hour")
    with visitor(limited) as client:
        statuses = [client.post("/frozen?q=cooperative").status_code for _ in range(6)]
        assert statuses == [303, 303, 303, 429, 429, 429]
        refused = client.post("/api/v1/frozen?q=cooperative")
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0
        assert client.get(SEARCH).status_code == 200
    assert visitor(limited, address=OTHER).post("/frozen?q=cooperative").status_code == 303
    assert len(kept(store)) == 4


def test_guessing_owners_links_by_post_is_counted_too(settings: Settings) -> None:
    client = visitor(replace(settings, frozen_rate_limit="3/hour"), address="192.0.2.44")
    assert [client.post(f"/frozen/{new_secret()}/delete").status_code for _ in range(5)] == [404, 404, 404, 429, 429]


def test_a_network_keeps_no_more_than_its_number(settings: Settings, store: Store) -> None:
    limited = replace(settings, frozen_per_network_max=2)
    client = visitor(limited, address="2001:db8::1")
    assert [client.post("/frozen?q=a").status_code for _ in range(3)] == [303, 303, 429]
    same_house = visitor(limited, address="2001:db8::ffff")
    assert same_house.post("/frozen?q=a").status_code == 429
    assert visitor(limited, address="2001:db8:0:1::1").post("/frozen?q=a").status_code == 303
    assert all(each.network and "2001" not in each.network for each in kept(store))


def test_there_are_no_more_than_may_be_and_those_that_are_there_stay(settings: Settings, store: Store) -> None:
    client = visitor(replace(settings, frozen_searches_max=2))
    secrets = [freeze(client), freeze(client)]
    answer = client.post("/frozen?q=cooperative")
    assert answer.status_code == 503
    assert "2 frozen searches" in answer.text
    assert [client.get(f"/frozen/{each}").status_code for each in secrets] == [200, 200]


def test_where_nothing_may_be_frozen_there_is_no_button_and_what_was_frozen_is_read(settings: Settings) -> None:
    secret = freeze(visitor(settings))
    client = visitor(replace(settings, frozen_searches_max=0))
    assert 'action="/frozen' not in client.get(SEARCH).text
    assert client.post("/frozen?q=cooperative").status_code == 503
    assert client.get(f"/frozen/{secret}").status_code == 200


# ------------------------------------------------------------------ the command


def pushcart(settings: Settings, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setenv("PUSHCART_DATA_DIR", str(settings.data_dir))
    return run(["frozen", *words])


def test_the_command_lists_them_without_their_links(
    settings: Settings, client: TestClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = freeze(client)
    client.post(f"/frozen/{secret}/name", data={"name": "[red]Review[/]"})
    assert pushcart(settings, monkeypatch, "list") == 0
    said = capsys.readouterr()
    assert "[red]Review[/]" in said.out
    assert secret not in said.out
    assert pushcart(settings, monkeypatch, "list", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(each["hits"], each["query"]) for each in listed] == [(25, [["q", "cooperative"]])]


def test_the_command_removes_what_has_expired_and_one_by_its_key(
    settings: Settings, client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = freeze(client), freeze(client)
    aged(store, old, days=-1)
    assert pushcart(settings, monkeypatch, "clean") == 0
    assert [each.key for each in kept(store)] == [frozen_key(new)]
    assert pushcart(settings, monkeypatch, "remove", "0" * 64) == 1
    assert pushcart(settings, monkeypatch, "remove", frozen_key(new)[:12]) == 0
    assert kept(store) == []


def test_the_frozen_search_of_a_link_is_where_its_redirect_leads(client: TestClient) -> None:
    made = client.post("/frozen?q=cooperative")
    assert urlsplit(made.headers["location"]).netloc == ""
