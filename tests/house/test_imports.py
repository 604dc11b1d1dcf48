"""The walls of the house: imports point down, and importing a module does nothing."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.house import ROOT, imported_libraries, module_name, product_files, tree_of

_WATCH = Path(__file__).with_name("watch_imports.py")

HOMES = {
    "aiosmtplib": {"alerts"},
    "alembic": {"corpus"},
    "elasticsearch": {"search_api"},
    "feedgen": {"alerts"},
    "feedparser": {"crawler"},
    "fsspec": {"corpus"},
    "pdfminer": {"nlp"},
    "pypdfium2": {"nlp"},
    "py3langid": {"nlp"},
    "scrapy": {"crawler"},
    "spacy": {"nlp"},
    "sqlalchemy": {"corpus"},
    "standardwebhooks": {"alerts"},
    "tantivy": {"search_api", "evaluation"},  # the plain BM25 that Pushcart is compared with
    "trafilatura": {"nlp", "crawler"},
    "twisted": {"crawler"},
}
"""Which packages may import a foreign library; everyone else goes through those."""

QUICK_MODULES = ("pushcart.cli", "corpus.store", "corpus.vocabulary")
SLOW_LIBRARIES = {"spacy", "scrapy", "pdfminer", "pypdfium2", "trafilatura", "fastapi", "reportlab", "lxml", "alembic"}
"""Each takes from a fifth of a second to seconds to load; `pushcart search` needs none of them."""


def test_imports_point_down_and_floors_do_not_import_each_other() -> None:
    contract = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert contract.returncode == 0, contract.stdout + contract.stderr


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_foreign_library_is_imported_only_where_it_lives(library: str) -> None:
    guests = [
        str(path)
        for path in product_files()
        if path.parts[0] not in HOMES[library] and library in imported_libraries(tree_of(path))
    ]
    assert guests == []


def test_importing_any_module_does_nothing() -> None:
    modules = [module_name(path) for path in product_files() if path.name != "__main__.py"]
    assert len(modules) > len(HOMES)
    watched = subprocess.run(
        [sys.executable, _WATCH, ROOT, *modules], cwd=ROOT, capture_output=True, text=True, check=False, timeout=240
    )
    assert watched.returncode == 0, watched.stderr
    assert json.loads(watched.stdout.splitlines()[-1]) == []


@pytest.mark.parametrize("module", QUICK_MODULES)
def test_a_quick_command_does_not_wait_for_a_slow_library(module: str) -> None:
    code = f"import {module}, sys, json; print(json.dumps(sorted(name for name in sys.modules if '.' not in name)))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(json.loads(loaded.stdout)) & SLOW_LIBRARIES == set()


def test_source_files_are_read_without_scrapy() -> None:
    code = "import crawler.sources.load, crawler.sources.schedule, sys; print('scrapy' in sys.modules, 'twisted' in sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == ["False", "False"]


_ASKS = re.compile(r"os\.(?:getenv\(|environ(?:\.get\(|\[))\s*(\"[A-Z_]+\"|[^,)\]]+)")
PASSED_ON = {'"PYTHONPATH"', '"LISTEN_PID"', '"LISTEN_FDS"'}
"""What a process that starts others hands down to them; the last two are systemd's, with a socket (sd_listen_fds(3))."""


def test_only_the_settings_ask_the_environment() -> None:
    asked = [
        f"{path}: {name}"
        for path in product_files()
        if path.as_posix() != "corpus/settings.py"
        for name in _ASKS.findall((ROOT / path).read_text(encoding="utf-8"))
        if name not in PASSED_ON
    ]
    assert asked == []
