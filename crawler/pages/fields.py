"""Which element of which vocabulary gives which field of evidence: the tables of `fields.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

FIELDS: Mapping[str, Mapping[str, Any]] = tomllib.loads((files("crawler") / "pages" / "fields.toml").read_text("utf-8"))
"""By vocabulary: names of elements, and the fields of evidence that they give."""
