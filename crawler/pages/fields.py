"""Which element of which vocabulary gives which field of evidence: the tables of `fields.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


def fields_of(vocabulary: str) -> Mapping[str, Any]:
    """Return the names of the elements of a vocabulary, and the field of evidence that each gives."""
    return _tables()[vocabulary]


@cache
def _tables() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((files("crawler") / "pages" / "fields.toml").read_text("utf-8"))
