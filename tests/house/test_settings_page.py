"""docs/settings.md and corpus/settings.py say the same."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from corpus.errors import BadSettings
from corpus.settings import PREFIX, Settings, read_settings
from tests.house.house import ROOT

_ROW = re.compile(r"^\| `(PUSHCART_[A-Z_]+)` \| (?:`([^`]*)`|empty) \| (.+) \|$", re.MULTILINE)


def documented() -> dict[str, str]:
    """Return the defaults of docs/settings.md by name; an empty text for `empty`."""
    return {name: default for name, default, _ in _ROW.findall((ROOT / "docs/settings.md").read_text(encoding="utf-8"))}


def real() -> dict[str, object]:
    """Return the defaults of the code by name."""
    return {PREFIX + each.name.upper(): each.default for each in fields(Settings)}


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    assert sorted(documented()) == sorted(real())


def test_the_documented_defaults_are_the_true_ones() -> None:
    for name, default in real().items():
        shown = documented()[name]
        if default in ("", None):
            assert shown == "", name
        elif isinstance(default, float):
            assert float(shown) == default, name
        else:
            assert shown == str(default), name


def test_the_documented_defaults_can_be_read_back() -> None:
    assert read_settings(documented()) == Settings()


def test_a_misspelt_setting_is_refused_with_its_name_and_where_to_look() -> None:
    with pytest.raises(BadSettings) as caught:
        read_settings({"PUSHCART_WORKER": "2"})
    assert "PUSHCART_WORKER" in caught.value.message
    assert "docs/settings.md" in caught.value.try_next


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUSHCART_WORKERS", "two"),
        ("PUSHCART_WORKERS", "-1"),
        ("PUSHCART_READ_SECONDS_MAX", "0"),
        ("PUSHCART_LOG_LEVEL", "loud"),
        ("PUSHCART_PUBLIC_URL", "example.org"),
        ("PUSHCART_QUERY_CHARACTERS_MAX", "0"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_and_named(name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=name):
        read_settings({name: value})


def test_an_empty_variable_counts_as_not_set() -> None:
    assert read_settings({"PUSHCART_WORKERS": "", "PUSHCART_DATA_DIR": ""}) == Settings()


def test_names_of_the_test_tooling_are_left_alone() -> None:
    assert read_settings({"PUSHCART_TEST_ANYTHING": "1"}) == Settings()


def test_a_slash_at_the_end_of_the_public_address_is_dropped() -> None:
    assert read_settings({"PUSHCART_PUBLIC_URL": "https://example.org/"}).public_url == "https://example.org"


def test_everything_kept_lives_in_the_data_folder() -> None:
    assert Settings(data_dir=Path("here")).index_dir == Path("here/index")
