"""docs/threat-model.md names tests that are there."""

from __future__ import annotations

import re

from tests.house.house import ROOT

_ROW = re.compile(r"^\| .+ \| .+ \| (.+) \|$", re.MULTILINE)
_NAMED = re.compile(r"`((?:tests|benchmarks)/[^`]+)`")


def walls() -> list[str]:
    """Return what holds each wall, as the page says it."""
    page = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
    return [row for row in _ROW.findall(page.partition("## Measures")[2]) if row != "held by"]


def test_every_wall_is_held_by_a_test() -> None:
    assert len(walls()) > 10
    assert [row for row in walls() if "`tests/" not in row] == []


def test_every_test_that_the_page_names_is_there() -> None:
    named = {path for row in walls() for path in _NAMED.findall(row)}
    assert [path for path in sorted(named) if not (ROOT / path).is_file()] == []
