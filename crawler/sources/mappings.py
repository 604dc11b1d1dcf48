"""The built-in mappings of JSON APIs: tables `[api]` as a person would write them, one file for each kind of API."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any


def built_in_kinds() -> tuple[str, ...]:
    """Return the names of the built-in mappings."""
    return tuple(_mappings())


def with_built_in(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the table `[api]` of a built-in mapping with what a source file says otherwise."""
    return _merged(_mappings()[kind], given)


def _merged(base: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(base)
    for key, value in given.items():
        if value == []:
            continue  # as when it is not given
        under = both.get(key)
        both[key] = _merged(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return both


@cache
def _mappings() -> Mapping[str, Mapping[str, Any]]:
    folder = Path(str(resources.files("crawler"))) / "spiders" / "api" / "mappings"
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8"))["api"] for path in sorted(folder.glob("*.toml"))}
