"""Marks and snippets: escaped, balanced, around the words that matter."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.vocabulary import load_vocabulary
from search_api.answers import snippets
from search_api.answers.marks import Marker, marker_of
from search_api.api.marked_text import html_of
from search_api.query.concepts import concepts_of
from search_api.query.parse import parse


def mark_words(text: str, marker: Marker, *, lang: str) -> str:
    return html_of(snippets.mark_words(text, marker, lang=lang))


def snippet(text: str, marker: Marker, *, lang: str) -> str:
    return html_of(snippets.snippet(text, marker, lang=lang))


def marker(text: str) -> Marker:
    vocabulary = load_vocabulary()
    return marker_of(parse(text, vocabulary=vocabulary).tree, finder=concepts_of(vocabulary))


def marked(html: str) -> list[str]:
    return re.findall(r"<mark>(.*?)</mark>", html)


@pytest.mark.parametrize(
    ("query", "text", "lang", "words"),
    [
        ("street rent", "Street vending and the rents' street.", "en", ["Street", "rents", "street"]),
        ("trabajadora minera", "Las trabajadoras mineras.", "es", ["trabajadoras", "mineras"]),
        ("formal", "Formal, formally, formalized; formation, information.", "en", ["Formal", "formally"]),
        ("street vendors", "Street vendors, street food, hawkers.", "en", ["Street vendors", "street food", "hawkers"]),
        ("street vendors", "Los vendedores ambulantes protestan.", "es", ["vendedores ambulantes"]),
        ("precarite", "La précarité des emplois.", "fr", ["précarité"]),
        ("well-being", "Wellbeing, well-being.", "en", ["Wellbeing", "well-being"]),
        (
            "Convention 177",
            "C177, C.177 and Convention No. 177 on home work",
            "en",
            ["C177", "C.177", "Convention No. 177"],
        ),
        ("the vendors", "the vendors of the market", "en", ["vendors"]),
        ('"street vendors"', "street food, street vendors", "en", ["street vendors"]),
        ("vend*", "vendors, vending, market", "en", ["vendors", "vending"]),
        ("vendrs~", "vendors and vandals", "en", ["vendors"]),
        ("vendors -market", "vendors in the market", "en", ["vendors"]),
        ("lavoro", "Il LAVORO informale", "it", ["LAVORO"]),
        ("economía", "😀 Ñandú / la economía", "es", ["economía"]),
        ("country:PER", "Peru", "en", []),
    ],
)
def test_words_that_are_marked(query: str, text: str, lang: str, words: list[str]) -> None:
    assert marked(mark_words(text, marker(query), lang=lang)) == words


def test_what_was_harvested_is_escaped() -> None:
    html = mark_words('<script>vendors</script> & "co"', marker("vendors"), lang="en")
    assert html == "&lt;script&gt;<mark>vendors</mark>&lt;/script&gt; &amp; &quot;co&quot;"


def test_a_snippet_is_cut_where_most_words_stand() -> None:
    text = (
        "vendors here. " + "filler words go on and on. " * 40 + "The vendors pay a tax in Lima. " + "more filler. " * 40
    )
    html = snippet(text, marker("vendors tax lima"), lang="en")
    assert marked(html) == ["vendors", "tax", "Lima"]
    assert html.startswith("…")
    assert html.endswith("…")
    assert 150 < len(re.sub("<.*?>", "", html)) < 320


def test_a_snippet_without_words_is_the_beginning() -> None:
    assert snippet("  One sentence only.", marker("absent"), lang="en") == "One sentence only."
    assert snippet("", marker("absent"), lang="en") == ""


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet="vendors <>&\"'é\n😀tax.", max_size=700),
    st.sampled_from(["vendors", '"vendors tax"', "vend* tax", "tax~ OR vendors~", ""]),
    st.sampled_from(["en", "es", "fr", "pt", "und"]),
)
def test_marks_are_balanced_and_nothing_is_lost(text: str, query: str, lang: str) -> None:
    whole = mark_words(text, marker(query), lang=lang)
    assert unescape(re.sub(r"</?mark>", "", whole)) == text
    for html in (whole, snippet(text, marker(query), lang=lang)):
        assert re.sub(r"<mark>[^<>]*</mark>", "", html).count("<") == 0
        assert ">" not in re.sub(r"</?mark>", "", html)
