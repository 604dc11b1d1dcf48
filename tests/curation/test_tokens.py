"""Tokens: what they look like, and what is told from them."""

from __future__ import annotations

import re

import pytest

from curation.tokens import holds_token, new_token, read_token

FOR_SCANNERS = re.compile(r"pushcart_[0-9A-Za-z]{10}_[0-9A-Za-z]{49}")


def test_a_token_has_the_form_that_scanners_look_for() -> None:
    assert all(FOR_SCANNERS.fullmatch(new_token().text) for _ in range(50))


def test_no_two_tokens_are_the_same() -> None:
    made = [new_token() for _ in range(200)]
    assert len({each.text for each in made}) == len({each.key for each in made}) == 200


def test_a_token_is_read_as_it_was_made_also_with_blanks_around_it() -> None:
    made = new_token()
    assert read_token(f"  {made.text}\n") == made


def test_a_token_with_one_other_letter_is_none() -> None:
    made = new_token().text
    for place in range(len("pushcart_"), len(made)):
        other = "a" if made[place] != "a" else "b"
        assert read_token(made[:place] + other + made[place + 1 :]) is None


@pytest.mark.parametrize(
    "text", ["", "pushcart_", "x" * 10_000, "pushcart_" + "a" * 60, "\ud800", "pushcart_é_ü", "\x00"]
)
def test_what_is_no_token_is_read_as_none(text: str) -> None:
    assert read_token(text) is None


def test_a_token_that_was_cut_is_none() -> None:
    made = new_token().text
    assert read_token(made[:-1]) is None
    assert read_token(made[1:]) is None


def test_a_token_is_not_shown_where_values_are_printed() -> None:
    made = new_token()
    assert made.text not in repr(made)
    assert made.text.split("_")[2] not in repr(made)


def test_a_token_is_found_within_an_address() -> None:
    assert holds_token(f"q=x&access_token={new_token().text}&y")
    assert not holds_token("q=pushcart_token")
