"""Cursors: what strangers may hand in."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import BadQuery
from search_api.engines.cursor import Cursor, Cursors
from search_api.query.parameters import SearchQuery, Sort

QUERY = SearchQuery(text="street", sort=Sort.NEWEST)
PLACE = Cursor(position=20, key="7980d0123456789abcdef", score=0.0)
CURSORS = Cursors(lambda: b"k" * 32)


def given_back(text: str, query: SearchQuery = QUERY) -> Cursor | None:
    return CURSORS.read(replace(query, cursor=text))


def old_cursor(position: int) -> str:
    body = json.dumps(["2b7e55b9", position, "x", 0.0], separators=(",", ":"))
    return base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")


@given(st.integers(1, 2**32 - 1), st.text(max_size=60), st.floats(0, 1e6, width=64))
def test_what_was_written_is_read_exactly(position: int, key: str, score: float) -> None:
    place = Cursor(position=position, key=key, score=score)
    assert given_back(CURSORS.write(place, query=QUERY)) == place


def test_a_cursor_is_short_and_fits_an_address() -> None:
    text = CURSORS.write(PLACE, query=QUERY)
    assert len(text) < 70
    assert SearchQuery(cursor=text).cursor.replace("-", "").replace("_", "").isalnum()


def test_a_cursor_counts_for_any_number_of_hits_of_its_search() -> None:
    text = CURSORS.write(PLACE, query=QUERY)
    assert given_back(text, replace(QUERY, limit=3)) == PLACE


@pytest.mark.parametrize(
    "other", [replace(QUERY, text="tax"), replace(QUERY, sort=Sort.OLDEST), replace(QUERY, countries=("PER",))]
)
def test_a_cursor_of_another_search_is_refused(other: SearchQuery) -> None:
    with pytest.raises(BadQuery) as refused:
        given_back(CURSORS.write(PLACE, query=QUERY), other)
    assert (refused.value.parameter, "without cursor" in refused.value.try_next) == ("cursor", True)


@pytest.mark.parametrize("position", [20, 999_999_999, -1, 10**30])
def test_a_cursor_of_an_older_version_is_refused_in_words(position: int) -> None:
    with pytest.raises(BadQuery, match="older version") as refused:
        given_back(old_cursor(position))
    assert refused.value.try_next == "Start again from the first hits, without cursor."


def test_a_cursor_of_another_site_is_refused() -> None:
    with pytest.raises(BadQuery):
        given_back(Cursors(lambda: b"other" * 8).write(PLACE, query=QUERY))


def test_a_cursor_with_any_bit_changed_is_refused() -> None:
    text = CURSORS.write(PLACE, query=QUERY)
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    for place in range(len(raw)):
        changed = bytes([*raw[:place], raw[place] ^ 1, *raw[place + 1 :]])
        with pytest.raises(BadQuery):
            given_back(base64.urlsafe_b64encode(changed).decode().rstrip("="))


@given(st.text(min_size=1, max_size=400))
def test_no_other_text_is_a_cursor(text: str) -> None:
    with pytest.raises(BadQuery):
        given_back(text)
