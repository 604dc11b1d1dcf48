"""Texts of strangers made fit to be shown."""

from __future__ import annotations

import pytest

from corpus.shown import for_strangers, safe_value, without_folder, without_signs


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("plain", "plain"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x9b31mred", "31mred"),
        ("\x1b]0;title\x07", "]0;title"),
        ("over\rwritten\x08", "overwritten"),
        ("report \u202efdp.exe\u2066\u2069", "report fdp.exe"),
        ("half \ud800", "half "),
        ("can\u200ct join\u200d", "can\u200ct join\u200d"),  # Persian and Indian scripts are spelled with joiners
        ("hidden\u200b\ufeff\U000e0041", "hidden"),
        ("الباعة", "الباعة"),
        ("naïve 街头 👩‍🌾", "naïve 街头 👩‍🌾"),
    ],
)
def test_signs_that_steer_a_terminal_or_turn_text_are_left_out(text: str, wanted: str) -> None:
    assert without_signs(text) == wanted


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("file:///home/me/My%20notes.pdf", "My notes.pdf"),
        ("FILE:/home/me/a.pdf", "a.pdf"),
        ("file://[::1/home/me/a.pdf", "a.pdf"),
        ("file:///", "file"),
        ("file:info", "file:info"),  # an origin of a value, not an address
        ("https://example.org/file:/a", "https://example.org/file:/a"),
    ],
)
def test_only_the_name_of_a_persons_own_file_is_shown(url: str, wanted: str) -> None:
    assert without_folder(url) == wanted


def test_every_text_in_a_value_is_looked_at() -> None:
    value = {"a\x1b": ["file:///home/me/a.pdf", {"b": ("x\u202e", 1, None, True)}]}
    assert for_strangers(value) == {"a": ["a.pdf", {"b": ["x", 1, None, True]}]}
    assert safe_value(value) == {"a": ["file:///home/me/a.pdf", {"b": ["x", 1, None, True]}]}
