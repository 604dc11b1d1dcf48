"""Addresses have one spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.urls import canonical_url, document_id


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [
        ("HTTP://Example.ORG:80/A.pdf#page=2", "http://example.org/A.pdf"),
        ("https://example.org:443", "https://example.org/"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://example.org/a?b=2&a=1&utm_source=x&fbclid=y", "https://example.org/a?a=1&b=2"),
        ("https://example.org/informe año.pdf", "https://example.org/informe%20a%C3%B1o.pdf"),
        ("https://example.org/a/?x=", "https://example.org/a/?x="),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
        ("file:///tmp/a b.pdf", "file:///tmp/a b.pdf"),
    ],
)
def test_addresses_have_one_spelling(given_url, expected):
    assert canonical_url(given_url) == expected


@given(st.from_regex(r"https?://[a-z]{1,8}\.org(/[a-zA-Z0-9%é ]{0,8}){0,3}(\?[a-z]=[a-z0-9%&=]{0,6})?", fullmatch=True))
def test_spelling_twice_changes_nothing(url):
    assert canonical_url(canonical_url(url)) == canonical_url(url)


def test_an_id_depends_on_source_and_address():
    ids = {document_id("a", "x"), document_id("b", "x"), document_id("a", "y")}
    assert len(ids) == 3
    assert all(len(each) == 17 and each[0] == "d" for each in ids)
