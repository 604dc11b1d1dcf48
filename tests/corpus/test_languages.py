"""Languages: their names in themselves and in each other, their codes, and how they are written."""

from __future__ import annotations

import pytest

from corpus.languages import code_of, direction, language_name, names_of, own_name, two_letters


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("en", "English"),
        ("es", "español"),
        ("ar", "العربية"),
        ("id", "Bahasa Indonesia"),
        ("ay", "Aymara"),
        ("xx", "xx"),
    ],
)
def test_a_language_is_named_in_itself_and_else_in_english(code: str, name: str) -> None:
    assert own_name(code) == name


def test_a_language_is_named_in_another() -> None:
    assert [language_name("pt", lang=lang) for lang in ("en", "es", "fr", "pt")] == [
        "Portuguese", "portugués", "portugais", "português",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ("en-GB eng English inglés ingles anglais inglês inglesa ENGLISH", "en"),
        ("es spa esp español Espanol castellano castelhano espagnol espanhola", "es"),
        ("fra fre français francais francés francesa française", "fr"),
        ("por PT_BR pt-br português portugues portugais portugaise", "pt"),
        ("ara arabic árabe العربية", "ar"),
        ("zho chi 中文 chinois chinesa", "zh"),
        ("ger deu German Deutsch alemán allemand alemão", "de"),
        ("swa Swahili suajili", "sw"),
        ("ind indonesio", "id"),
    ],
)
def test_a_declared_language_is_read_by_code_or_name(names: str, code: str) -> None:
    assert {name: code_of(name) for name in names.split()} == dict.fromkeys(names.split(), code)


@pytest.mark.parametrize("text", ["", "Klingon", "report", "mul", "und", "gone", "China", "中"])
def test_what_is_no_language_is_none(text: str) -> None:
    assert code_of(text) == ""


@pytest.mark.parametrize(
    ("given", "code"),
    [("dut", "nl"), ("per", "fa"), ("fas", "fa"), ("swe", "sv"), ("jpn", "ja"), ("iw", "he"), ("zxx", ""), ("e1", "")],
)
def test_codes_of_three_letters_and_old_ones_become_those_of_two(given: str, code: str) -> None:
    assert two_letters(given) == code


def test_names_of_some_languages_hold_no_country() -> None:
    names = names_of("en", "es", "zh")
    assert names["inglesa"] == "en"
    assert names["española"] == names["espanola"] == "es"
    assert "china" not in names
    assert "français" not in names


@pytest.mark.parametrize(
    ("code", "way"), [("ar", "rtl"), ("ur", "rtl"), ("pt", "ltr"), ("und", "auto"), ("xx", "auto")]
)
def test_a_language_says_how_it_is_written(code: str, way: str) -> None:
    assert direction(code) == way
