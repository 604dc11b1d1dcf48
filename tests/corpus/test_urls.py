"""A key says which links are one; a link is what the publisher wrote."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given

from corpus.urls import absolute_url, canonical_url, document_id, is_same_address, is_web_address, sent_url
from tests.corpus.odd_addresses import ADDRESSES, APART, BASE, SAME, SHOWN, respelled


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [
        ("HTTP://Example.ORG:80/A.pdf#page=2", "http://example.org/A.pdf"),
        ("https://example.org:443", "https://example.org/"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://example.org/a?b=2&a=1&utm_source=x&fbclid=y", "https://example.org/a?b=2&a=1"),
        ("https://example.org/informe año.pdf", "https://example.org/informe%20a%C3%B1o.pdf"),
        ("https://example.org/a/?x=", "https://example.org/a/?x="),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
        ("http:/example.com/", "http://example.com/"),
        ("file:///tmp/a b.pdf", "file:///tmp/a b.pdf"),
        ("file:///C:/a\\b.pdf", "file:///C:/a\\b.pdf"),
    ],
)
def test_an_address_has_one_key(given_url, expected):
    assert canonical_url(given_url) == expected


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_of_one_address_have_one_key(one, other):
    assert canonical_url(one) == canonical_url(other)
    assert is_same_address(one, other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_addresses_have_two_keys(one, other):
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize(("href", "expected"), SHOWN)
def test_a_link_is_fetched_and_shown_as_the_publisher_wrote_it(href, expected):
    assert sent_url(absolute_url(href, base=BASE)) == expected


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("utf-8", "a%C3%B1o.pdf?f=a%C3%B1o"),
        ("cp1252", "a%C3%B1o.pdf?f=a%F1o"),
        ("utf-16", "a%C3%B1o.pdf?f=a%C3%B1o"),
        ("unheard-of", "a%C3%B1o.pdf?f=a%C3%B1o"),
    ],
)
def test_a_query_is_escaped_in_the_encoding_of_its_page_as_browsers_do(encoding, expected):
    assert (
        sent_url(absolute_url("año.pdf?f=año", base=BASE, encoding=encoding)) == f"http://office.example/p/{expected}"
    )


@given(ADDRESSES)
def test_spelling_twice_changes_nothing(url):
    assert canonical_url(canonical_url(url)) == canonical_url(url)
    assert sent_url(sent_url(url)) == sent_url(url)


@given(ADDRESSES)
def test_a_key_asks_for_the_same_octets_as_its_link(url):
    path, _, query = sent_url(url).partition("?")
    key_path, _, key_query = canonical_url(url).partition("?")
    assert unquote_to_bytes(key_query) == unquote_to_bytes(query)
    if "/." not in unquote_to_bytes(path).decode("latin-1"):
        assert unquote_to_bytes(key_path) == unquote_to_bytes(path)


@given(ADDRESSES)
def test_what_is_sent_is_what_was_written_but_for_what_http_cannot_carry(url):
    assert sent_url(url).isascii()
    if url.isascii():
        assert sent_url(url) == url


@given(respelled())
def test_every_spelling_that_the_standard_allows_has_the_same_key(pair):
    one, other = pair
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize("text", ["http://a.example", "HTTPS://a.example:8443/x", "http://[::1]/"])
def test_an_absolute_web_address_is_one(text):
    assert is_web_address(text)


@pytest.mark.parametrize(
    "text", ["", "/a", "//a.example", "http:", "http://", "http:/a", "ftp://a.example", "www.a.example"]
)
def test_anything_else_is_none(text):
    assert not is_web_address(text)


def test_an_id_depends_on_source_and_address():
    ids = {document_id("a", "x"), document_id("b", "x"), document_id("a", "y")}
    assert len(ids) == 3
    assert all(len(each) == 17 and each[0] == "d" for each in ids)
