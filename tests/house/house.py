"""The checkout itself, as the tests of the house see it."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("corpus", "crawler", "nlp", "search_api", "alerts", "curation", "evaluation", "demo", "web", "pushcart")
RUN_BY_ALEMBIC = "corpus/migrations/"
"""Alembic runs these files itself, with a database at hand; nobody imports them."""


def tracked_files() -> list[Path]:
    """Return every file that git keeps, sorted, relative to the checkout."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return sorted(Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file())


def product_files() -> list[Path]:
    """Return the Python files of the packages, relative to the checkout."""
    return [
        path
        for path in tracked_files()
        if path.suffix == ".py" and path.parts[0] in PACKAGES and not path.as_posix().startswith(RUN_BY_ALEMBIC)
    ]


def module_name(path: Path) -> str:
    """Return the name under which a product file is imported."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def tree_of(path: Path) -> ast.Module:
    """Return a product file's syntax tree."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))


def imported_libraries(tree: ast.Module) -> Iterator[str]:
    """Yield the top-level name of everything imported in a file; inside functions too, for type checkers only too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]
