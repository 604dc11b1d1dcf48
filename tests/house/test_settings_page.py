"""What people are told of settings is what the code has."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from corpus.errors import BadSettings
from corpus.settings import PREFIX, Settings, read_settings
from pushcart.cli import run
from pushcart.settings_shown import explained_settings


def shown() -> dict[str, str]:
    """Return the defaults that people are shown, by name; an empty text for none."""
    return {each.name: each.default for each in explained_settings()}


def test_every_setting_is_shown_and_nothing_else_is() -> None:
    assert sorted(shown()) == sorted(PREFIX + each.name.upper() for each in fields(Settings))


def test_every_setting_is_explained_in_sentences() -> None:
    assert [each.name for each in explained_settings() if not re.fullmatch(r"[A-Z`f].+\.", each.meaning)] == []


def test_the_command_shows_every_setting_and_works_when_one_is_misspelt(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PUSHCART_WORKER", "2")
    assert run(["settings"]) == 0
    printed = capsys.readouterr().out
    assert [each.name for each in explained_settings() if f"{each.name}={each.default}" not in printed] == []


def test_the_shown_defaults_can_be_read_back() -> None:
    assert read_settings(shown()) == Settings()


def test_a_misspelt_setting_is_refused_with_its_name_and_where_to_look() -> None:
    with pytest.raises(BadSettings) as caught:
        read_settings({"PUSHCART_WORKER": "2"})
    assert "PUSHCART_WORKER" in caught.value.message
    assert "pushcart settings" in caught.value.try_next


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
