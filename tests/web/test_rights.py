"""What strangers are shown of each kind of document, on every page, in every feed, file and answer of the API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from corpus.files import open_files
from corpus.rights import EVERYTHING
from corpus.settings import Settings
from corpus.store import open_store
from corpus.types import Document
from corpus.vocabulary import load_vocabulary
from search_api.answers.walk import walk
from search_api.engines.opening import open_engine
from search_api.query.parameters import SearchQuery
from search_api.quotes.showing import differences_of, printed_pieces
from tests.builders import make_document, make_source, make_tag
from tests.web.library import PUBLIC_URL, index, keep
from web.app import make_app, open_site

WORDS = tuple(f"w{number:03}q" for number in range(400))
"""A page of 2,000 characters, each word of which stands there once."""
ABSTRACT = tuple(f"a{number:03}q" for number in range(400))
SOURCES = {
    "plain": "",
    "opened": 'licence = "CC BY 4.0"\n',
    "hedged": 'licence = "CC BY 4.0 for most; see each document"\n',
    "allowed": 'show = "full"\nnote = "Asked by letter."\n',
    "text-only": 'show = "text"\n',
    "careful": 'licence = "CC BY 4.0"\nshow = "snippet"\n',
}
CASES: dict[str, tuple[str, str, str]] = {  # name: source, licence of the document, what is shown
    "closed": ("plain", "All rights reserved", "snippet"),
    "open": ("plain", "CC BY 4.0", "full"),
    "public": ("plain", "Public domain", "full"),
    "restricted": ("plain", "CC BY-NC-ND 4.0", "text"),
    "unknown": ("plain", "", "snippet"),
    "odd": ("plain", "See our terms", "snippet"),
    "hostile": ("plain", "<b>CC</b> BY\u202e javascript:alert(1)", "snippet"),
    "bysource": ("opened", "", "full"),
    "closedinopen": ("opened", "© Somebody. All rights reserved", "snippet"),
    "hedged": ("hedged", "", "snippet"),
    "allowed": ("allowed", "All rights reserved", "full"),
    "textonly": ("text-only", "", "text"),
    "careful": ("careful", "CC BY 4.0", "snippet"),
    "undeclared": ("gone", "", "snippet"),
    "own": ("own", "All rights reserved", "full"),
    "sample": ("sample", "", "full"),
}
IN_WORDS = {
    "closed": "Only passages around your words are shown: all rights are reserved.",
    "open": "The whole text is shown: its licence, CC BY 4.0, allows it.",
    "unknown": "Only passages around your words are shown: its licence is unknown.",
    "bysource": "The whole text is shown: the licence of its source, CC BY 4.0, allows it.",
    "allowed": "The whole text is shown: the rules of its source say so.",
    "careful": "Only passages around your words are shown: the rules of its source say so.",
    "own": "The whole text is shown: the owner of this collection added it.",
}


def documents() -> Iterator[Document]:
    for name, (source, licence, _) in CASES.items():
        yield make_document(
            f"d{name}",
            source=source,
            title=f"About {name}",
            licence=licence,
            abstract=" ".join(ABSTRACT),
            url=f"file:///home/somebody/{name}.pdf" if source == "own" else f"https://{source}.example/{name}.pdf",
            landing_url="" if source in ("own", "sample") else f"https://{source}.example/{name}",
            is_sample=source == "sample",
            pages=(" ".join((f"unique{name}", *WORDS)),),
            tags=tuple(_tag(number) for number in range(20)),
        )


def _tag(number: int) -> Any:
    """Return a tag with a sentence of twenty words of the page."""
    words = WORDS[number * 20 : number * 20 + 20]
    tag = make_tag("topic", f"topic_{number}")
    evidence = replace(tag.evidence[0], sentence=" ".join(words), words=words[10])
    return replace(tag, evidence=(evidence,))


def fill(folder: Path) -> Settings:
    settings = Settings(data_dir=folder, public_url=PUBLIC_URL)
    (folder / "sources").mkdir(parents=True)
    for slug, said in SOURCES.items():
        text = f'slug = "{slug}"\nname = "{slug}"\nprotocol = "addresses"\nstart = ["https://{slug}.example/"]\n{said}'
        (folder / "sources" / f"{slug}.toml").write_text(text, encoding="utf-8")
    files = open_files(settings)
    with open_store(settings) as store:
        for slug in (*SOURCES, "gone", "own", "sample"):
            store.sources.save(make_source(slug, licence="CC BY 4.0" if slug == "gone" else ""))
        for document in documents():
            keep(store, document, sha256=files.put(b"%PDF-1.4 " + document.id.encode()))
    index(settings)
    return settings


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return fill(tmp_path_factory.mktemp("rights"))


@pytest.fixture(scope="module")
def stranger(filled: Settings) -> Iterator[TestClient]:
    with TestClient(make_app(filled), follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="module")
def owner(filled: Settings) -> Iterator[TestClient]:
    with TestClient(make_app(replace(filled, public_url="http://localhost:8000"))) as client:
        yield client


def words_in(text: str) -> set[str]:
    """Return the words of the page that a text holds."""
    return set(re.findall(r"w\d{3}q", unescape(text)))


def abstract_in(text: str) -> set[str]:
    return set(re.findall(r"a\d{3}q", unescape(text)))


def reader(text: str) -> str:
    """Return the part of a document page that shows the text of a page."""
    return text.partition('<section class="sheet"')[2].partition("</section>")[0]


SNIPPETS = sorted(name for name, case in CASES.items() if case[2] == "snippet")
WHOLE = sorted(CASES.keys() - set(SNIPPETS))


@pytest.mark.parametrize("name", CASES)
def test_the_api_says_what_is_shown_and_why(stranger: TestClient, name: str) -> None:
    for address in (f"/api/v1/documents/d{name}", f"/api/v1/documents/d{name}/pages/1"):
        rights = stranger.get(address).json()["rights"]
        assert rights["show"] == CASES[name][2]
        assert rights["reason"] == IN_WORDS.get(name, rights["reason"])
        assert rights["publisher_link"] == (
            "" if name in ("own", "sample") else f"https://{CASES[name][0]}.example/{name}"
        )
    hits = stranger.get("/api/v1/search", params={"q": f"unique{name}"}).json()["hits"]
    assert [hit["show"] for hit in hits] == [CASES[name][2]]


@pytest.mark.parametrize("name", WHOLE)
def test_the_whole_text_of_open_and_own_documents_is_shown(stranger: TestClient, name: str) -> None:
    assert words_in(reader(stranger.get(f"/documents/d{name}").text)) == set(WORDS)
    assert words_in(stranger.get(f"/api/v1/documents/d{name}/pages/1").json()["text"]) == set(WORDS)
    assert abstract_in(stranger.get(f"/documents/d{name}").text) == set(ABSTRACT)


@pytest.mark.parametrize("name", SNIPPETS)
def test_of_other_documents_no_page_and_no_answer_has_the_text(stranger: TestClient, name: str) -> None:
    page = stranger.get(f"/documents/d{name}").text
    assert words_in(reader(page)) == set()
    assert "Search for words in this document to read the passages around them." in page
    assert stranger.get(f"/api/v1/documents/d{name}/pages/1").json()["text"] == ""
    assert len(words_in(page)) < 0.2 * len(WORDS)
    assert len(words_in(stranger.get(f"/api/v1/documents/d{name}").text)) < 0.2 * len(WORDS)


@pytest.mark.parametrize("name", SNIPPETS)
def test_passages_around_the_words_are_shown_with_a_link_to_the_publisher(stranger: TestClient, name: str) -> None:
    page = stranger.get(f"/documents/d{name}", params={"q": "w002q", "page": 1}).text
    assert "<mark>w002q</mark>" in reader(page)
    assert 10 < len(words_in(reader(page))) < 80
    link = f"https://{CASES[name][0]}.example/{name}"
    assert f'<a href="{link}" rel="noreferrer">Read the full text at the publisher</a>' in page
    body = stranger.get(f"/api/v1/documents/d{name}/pages/1", params={"q": "w002q"}).json()
    assert len(body["passages"]) == 1
    assert "<mark>w002q</mark>" in body["passages"][0]


@pytest.mark.parametrize("name", IN_WORDS)
def test_the_page_says_in_words_what_is_shown(stranger: TestClient, name: str) -> None:
    assert IN_WORDS[name] in unescape(stranger.get(f"/documents/d{name}").text)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("es", "Solo se muestran pasajes en torno a sus palabras: todos los derechos están reservados."),
        ("fr", "Seuls des passages autour de vos mots sont affichés : tous les droits sont réservés."),
        ("pt", "Só são mostrados trechos em torno das suas palavras: todos os direitos são reservados."),
    ],
)
def test_it_says_so_in_the_language_of_the_page(stranger: TestClient, lang: str, words: str) -> None:
    assert words in unescape(stranger.get("/documents/dclosed", params={"locale": lang}).text).replace("\u00a0", " ")


def test_the_licence_leads_to_its_text(stranger: TestClient) -> None:
    assert 'href="https://creativecommons.org/licenses/by/4.0/"' in stranger.get("/documents/dopen").text
    assert "javascript:" not in reader(stranger.get("/documents/dhostile").text)


@pytest.mark.parametrize("name", ["closed", "unknown", "careful"])
def test_asking_for_each_word_in_turn_brings_half_of_a_page_and_never_more(stranger: TestClient, name: str) -> None:
    passages: set[str] = set()
    for word in WORDS[::7]:  # each stretch of 320 characters has some of them
        found = stranger.get("/api/v1/search", params={"q": f"{word} unique{name}"}).json()["hits"][0]["pages"]
        shown = [*(page["snippet"] for page in found)]
        shown += stranger.get(f"/api/v1/documents/d{name}/pages/1", params={"q": word}).json()["passages"]
        passages |= {*shown, reader(stranger.get(f"/documents/d{name}", params={"q": word, "page": 1}).text)}
    learned = {word for passage in passages for word in words_in(passage)} - set(WORDS[::7])
    others = set(WORDS) - set(WORDS[::7])
    assert 0.4 * len(others) < len(learned) < 0.56 * len(others)


def test_a_word_in_the_hidden_half_is_named_without_what_stands_around_it(stranger: TestClient) -> None:
    hidden = WORDS[90]  # of the second stretch
    body = stranger.get("/api/v1/documents/dclosed/pages/1", params={"q": hidden}).json()
    assert body["passages"] == [f"… <mark>{hidden}</mark> …"]
    hits = stranger.get("/api/v1/search", params={"q": f"{hidden} uniqueclosed"}).json()["hits"]
    assert words_in(hits[0]["pages"][0]["snippet"]) - {hidden} < set(WORDS[:70])


@pytest.mark.parametrize(("name", "least", "most"), [("closed", 0.3, 0.56), ("unknown", 0.3, 0.56), ("open", 1.0, 1.0)])
def test_checking_quotes_with_words_left_out_brings_no_more(
    filled: Settings, name: str, least: float, most: float
) -> None:
    site = open_site(filled)
    left_out: set[str] = set()
    learned: set[str] = set()
    for start in range(0, len(WORDS) - 30, 15):
        window = WORDS[start : start + 30]
        missing = set(window[2:28:5])
        text = " ".join(word for word in window if word not in missing)
        checked = site.app.drafts().check_one(text, documents=(f"d{name}",))
        said = "".join(each for each, _ in printed_pieces(checked))
        said += " ".join(each.printed for each in differences_of(checked))
        left_out |= missing
        learned |= words_in(said) & missing
    site.app.store.close()
    assert least * len(left_out) <= len(learned) <= most * len(left_out)


@pytest.mark.parametrize("name", CASES)
def test_feeds_and_citations_keep_to_it(stranger: TestClient, name: str) -> None:
    whole = name in WHOLE
    feed = stranger.get("/feed.atom", params={"q": f"unique{name}"}).text
    assert (abstract_in(feed) == set(ABSTRACT)) is whole
    assert abstract_in(feed) >= set(ABSTRACT[:150])
    for ending in ("bib", "ris", "csl.json", "txt"):
        cited = stranger.get(f"/documents/d{name}.{ending}").text
        assert words_in(cited) == set()
        assert whole or len(abstract_in(cited)) < 0.6 * len(ABSTRACT)
    cited = stranger.get(f"/api/v1/documents/d{name}/citation", params={"format": "ris"}).text
    assert whole or len(abstract_in(cited)) < 0.6 * len(ABSTRACT)


@pytest.mark.parametrize("name", CASES)
def test_only_files_that_may_be_handed_out_are(stranger: TestClient, name: str) -> None:
    answer = stranger.get(f"/documents/d{name}/original")
    assert answer.status_code == (200 if name in ("own", "sample") else 404)


@pytest.mark.parametrize("name", CASES)
def test_a_list_that_is_taken_away_whole_keeps_to_it(filled: Settings, name: str) -> None:
    site = open_site(filled)
    query = SearchQuery(text=f"unique{name}")
    rooms = {"engine": site.app.engine, "store": site.app.store, "vocabulary": site.app.vocabulary}
    (hit,) = walk(query, rights=site.app.rights, **rooms)
    assert hit.document is not None
    assert (len(abstract_in(hit.document.abstract)) == len(ABSTRACT)) is (name in WHOLE)
    site.app.store.close()


@pytest.mark.parametrize("name", CASES)
def test_on_this_machine_alone_everything_is_shown(owner: TestClient, name: str) -> None:
    assert owner.get(f"/api/v1/documents/d{name}").json()["rights"]["show"] == "full"
    page = owner.get(f"/documents/d{name}").text
    assert words_in(reader(page)) == set(WORDS)
    assert "note rights" not in page


@pytest.mark.parametrize(
    ("url", "setting", "follows"),
    [
        ("http://localhost:8000", "auto", False),
        ("http://127.0.0.1:8000", "auto", False),
        ("http://[::1]:8000", "auto", False),
        ("http://pushcart.localhost", "auto", False),
        ("https://search.example.org", "auto", True),  # a proxy in front of 127.0.0.1
        ("http://192.168.1.5:8000", "auto", True),
        ("http://office", "auto", True),
        ("http://localhost.example.org", "auto", True),
        ("http://0.0.0.0:8000", "auto", True),
        ("http://localhost:8000", "always", True),
        ("https://search.example.org", "never", False),
    ],
)
def test_licences_are_followed_where_others_are_answered(url: str, setting: str, follows: bool, tmp_path: Path) -> None:
    site = open_site(Settings(data_dir=tmp_path, public_url=url, follow_licences=setting))
    assert site.app.rights.follows is follows
    site.app.store.close()


def test_where_there_is_profit_licences_without_it_allow_passages_only(filled: Settings) -> None:
    with TestClient(make_app(replace(filled, commercial=True))) as client:
        rights = client.get("/api/v1/documents/drestricted").json()["rights"]
        assert (rights["show"], rights["kind"]) == ("snippet", "commercial")
        assert client.get("/api/v1/documents/dopen").json()["rights"]["show"] == "full"


def test_an_answer_that_a_browser_holds_is_not_right_any_more_when_a_source_file_says_otherwise(tmp_path: Path) -> None:
    settings = fill(tmp_path)
    with TestClient(make_app(settings)) as client:
        held: dict[str, str] = {}
        for address in ("/api/v1/search?q=w002q", "/search?q=w002q", "/documents/dopen", "/feed.atom?q=uniqueopen"):
            held[address] = client.get(address).headers["etag"]
            assert client.get(address, headers={"If-None-Match": held[address]}).status_code == 304
        file = tmp_path / "sources" / "plain.toml"
        file.write_text(file.read_text(encoding="utf-8") + 'show = "snippet"\n', encoding="utf-8")
        for address, etag in held.items():
            assert client.get(address, headers={"If-None-Match": etag}).status_code == 200, address
        assert client.get("/api/v1/documents/dopen").json()["rights"]["kind"] == "source_file"


def test_when_source_files_cannot_be_read_only_passages_are_shown(tmp_path: Path) -> None:
    settings = fill(tmp_path)
    (tmp_path / "sources" / "plain.toml").write_text('slug = "plain"\nshow = "everything"\n', encoding="utf-8")
    with TestClient(make_app(settings)) as client:
        rights = client.get("/api/v1/documents/dopen").json()["rights"]
        assert (rights["show"], rights["kind"]) == ("snippet", "undeclared")
        assert client.get("/api/v1/documents/down").json()["rights"]["show"] == "full"


def test_nothing_that_a_request_says_of_itself_opens_a_document(stranger: TestClient) -> None:
    for headers in (
        {"Host": "localhost:8000"},
        {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "localhost"},
        {"Cookie": "show=full", "Authorization": "Bearer x"},
    ):
        answer = stranger.get("/api/v1/documents/dclosed/pages/1", params={"show": "full"}, headers=headers)
        assert answer.json()["text"] == ""


def test_commands_show_everything(filled: Settings) -> None:
    with open_store(filled) as store:
        engine = open_engine(filled, vocabulary=load_vocabulary())
        (hit,) = walk(
            SearchQuery(text="uniqueclosed"),
            engine=engine,
            store=store,
            vocabulary=load_vocabulary(),
            rights=EVERYTHING,
        )
        assert hit.document is not None
        assert len(hit.document.abstract.split()) == len(ABSTRACT)
        engine.close()
