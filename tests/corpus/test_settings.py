"""Settings are read once, and a mistake in them is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import BadSettings
from corpus.settings import Settings, read_settings


def test_nothing_given_means_the_defaults():
    assert read_settings({"HOME": "/x", "PUSHCART_WORKERS": ""}) == Settings()


def test_values_have_their_kinds():
    settings = read_settings(
        {
            "PUSHCART_DATA_DIR": "here",
            "PUSHCART_WORKERS": "3",
            "PUSHCART_READ_SECONDS_MAX": "2.5",
            "PUSHCART_SOURCES_DIR": "s",
        }
    )
    assert (settings.data_dir, settings.workers, settings.read_seconds_max) == (Path("here"), 3, 2.5)
    assert settings.sources_dir == Path("s")
    assert settings.index_dir == Path("here/index")


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"PUSHCART_DATADIR": "x"}, "No setting is called PUSHCART_DATADIR"),
        ({"PUSHCART_WORKERS": "many"}, "PUSHCART_WORKERS is 'many', which is not a number"),
        ({"PUSHCART_WORKERS": "-1"}, "PUSHCART_WORKERS must be 0 or more"),
        ({"PUSHCART_LOG_LEVEL": "loud"}, "PUSHCART_LOG_LEVEL must be debug"),
        ({"PUSHCART_READ_SECONDS_MAX": "0"}, "must be more than 0"),
        ({"PUSHCART_PUBLIC_URL": "example.org"}, "must start with http"),
    ],
)
def test_a_mistake_is_said_with_where_to_look(environment, message):
    with pytest.raises(BadSettings, match=message) as caught:
        read_settings(environment)
    assert "pushcart settings" in str(caught.value)


def test_names_for_the_test_tooling_are_left_alone():
    assert read_settings({"PUSHCART_TEST_ELASTICSEARCH_URL": "http://localhost:9200"}) == Settings()


def test_a_public_address_loses_its_final_slash():
    assert read_settings({"PUSHCART_PUBLIC_URL": "https://example.org/"}).public_url == "https://example.org"
