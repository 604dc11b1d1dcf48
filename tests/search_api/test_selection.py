"""Marked documents as one short text."""

from __future__ import annotations

import pytest

from corpus.errors import BadQuery
from search_api.answers.selection import SELECTION_MAX, selected_ids, selection_text

USUAL = tuple(f"d{number:016x}" for number in range(0, 10**17, 10**17 // SELECTION_MAX + 1))


def test_it_comes_back_in_its_order() -> None:
    for ids in (USUAL, USUAL[:1], ("dlima", *USUAL[:3], "daccra", USUAL[5]), ()):
        assert selected_ids(selection_text(ids)) == ids


def test_three_hundred_documents_fit_a_cookie_and_an_address() -> None:
    assert len(USUAL) == SELECTION_MAX
    text = selection_text(USUAL)
    assert len(text) == 3201
    assert all(each.isascii() and (each.isalnum() or each in "~_-") for each in text)


def test_ids_can_be_written_out_with_commas_or_points() -> None:
    assert selected_ids(" d1, d2.d3 d1 ,") == ("d1", "d2", "d3")


def test_more_than_fit_are_refused() -> None:
    with pytest.raises(BadQuery, match="at most 300 documents"):
        selected_ids(selection_text([*USUAL, "dffffffffffffffff"]))
    with pytest.raises(BadQuery):
        selected_ids("d" * 9000)


@pytest.mark.parametrize(
    "text", ["~", "~a", "~AAAAAAAAAAA=", "~AAAAAAAAAAAA", "a/b", "<b>", "d1;d2", "~é", "d" * 65, "\x00"]
)
def test_what_is_no_selection_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadQuery) as caught:
        selected_ids(text)
    assert caught.value.parameter == "ids"
    assert caught.value.try_next
