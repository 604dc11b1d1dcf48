"""Dates as they are written, in four languages; nothing is made up."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.metadata import parse_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019", "2019"),
        ("2019-05", "2019-05"),
        ("2019-05-03", "2019-05-03"),
        ("2019-05-03T23:30:00-05:00", "2019-05-03"),
        ("20190503", "2019-05-03"),
        ("20190503093000", "2019-05-03"),
        ("2019/5/3", "2019-05-03"),
        ("2019/05", "2019-05"),
        ("Fri, 03 May 2019 10:00:00 GMT", "2019-05-03"),
        ("May 3, 2019", "2019-05-03"),
        ("May 3rd, 2019", "2019-05-03"),
        ("3 May 2019", "2019-05-03"),
        ("Sept. 2019", "2019-09"),
        ("April 2019", "2019-04"),
        ("August 5, 2019", "2019-08-05"),
        ("abril de 2019", "2019-04"),
        ("août 2019", "2019-08"),
        ("(c2019)", "2019"),
        ("ca. 2019-05", "2019-05"),
        ("Geneva, May 2019", "2019-05"),
        ("2019 May 3", "2019-05-03"),
        ("3 de mayo de 2019", "2019-05-03"),
        ("mayo de 2019", "2019-05"),
        ("setiembre del 2019", "2019-09"),
        ("Lima, 1º de enero de 2020", "2020-01-01"),
        ("1er mars 2019", "2019-03-01"),
        ("mars 2019", "2019-03"),
        ("le 3 août 2019", "2019-08-03"),
        ("décembre 2014", "2014-12"),
        ("3 de março de 2019", "2019-03-03"),
        ("MARÇO/2019", "2019-03"),
        ("fevereiro 2019", "2019-02"),
        ("05/2019", "2019-05"),
        ("25/12/2019", "2019-12-25"),
        ("12/25/2019", "2019-12-25"),
        ("© 2019", "2019"),
        ("[2019]", "2019"),
        ("c2019", "2019"),
        ("ca. 2019", "2019"),
        ("2015-2019", "2019"),
        ("2015–2019", "2019"),
        ("2017/18", "2017"),
        ("2018-19", "2018"),
        ("Q3 2020", "2020"),
        ("2020Q3", "2020"),
        ("Spring 2020", "2020"),
        ("primer trimestre de 2020", "2020"),
        ("31 February 2019", "2019-02"),
        ("2019-02-31", "2019"),
        ("2019-13", "2019"),
        ("", ""),
        ("forthcoming", ""),
        ("No. 12", ""),
        ("12345", ""),
        ("May", ""),
    ],
)
def test_a_date_is_as_exact_as_it_is_written(text: str, expected: str) -> None:
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("lang", "expected"),
    [("en", "2019"), ("", "2019"), ("es", "2019-05-03"), ("fr", "2019-05-03"), ("pt", "2019-05-03")],
)
def test_day_and_month_in_numbers_are_told_by_the_language(lang: str, expected: str) -> None:
    assert parse_date("03/05/2019", lang=lang) == expected


@given(st.text(max_size=60), st.sampled_from(["", "en", "es", "fr", "pt"]))
def test_any_text_gives_a_date_or_nothing(text: str, lang: str) -> None:
    assert re.fullmatch(r"(\d{4}(-\d{2}(-\d{2})?)?)?", parse_date(text, lang=lang), re.ASCII)


@given(st.dates(min_value=date(1500, 1, 1), max_value=date(2099, 12, 31)))
def test_iso_dates_come_back_as_they_are(day: date) -> None:
    assert parse_date(day.isoformat()) == day.isoformat()
    assert parse_date(day.strftime("%d %B %Y")) == day.isoformat()
