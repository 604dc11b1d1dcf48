"""docs/search.md shows nothing that the query language does not understand."""

from __future__ import annotations

import re

import pytest

from corpus.vocabulary import load_vocabulary
from search_api.query.parse import parse
from tests.house.house import ROOT

_EXAMPLE = re.compile(r"`([^`]+)`")


def examples() -> list[str]:
    """Return what the page shows between backticks in its first table."""
    page = (ROOT / "docs/search.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    first_cells = [row.split(" | ")[0] for row in rows]
    second_cells = [match for row in rows for match in _EXAMPLE.findall(row.split(" | ", 1)[1]) if ":" in match[:-1]]
    return [match for cell in first_cells for match in _EXAMPLE.findall(cell)] + second_cells


def test_the_page_has_examples() -> None:
    assert len(examples()) > 15


@pytest.mark.parametrize("example", examples())
def test_every_example_is_understood_without_a_remark(example: str) -> None:
    parsed = parse(example, vocabulary=load_vocabulary())
    assert parsed.notes == ()
    assert parsed.in_words
