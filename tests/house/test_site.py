"""The site of the documentation: it is built without a warning, has what the code says, and loads nothing from other hosts."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

from corpus.settings import PREFIX, Settings
from corpus.types import Facet
from corpus.vocabulary import load_vocabulary
from tests.house.doc_commands import pages
from tests.house.house import ROOT
from tests.house.test_docs import click_commands, read

_LOADED = re.compile(r"""<(?:script|img|iframe|source)\b[^>]*\bsrc=["']?((?:https?:)?//[^"' >]+)""")
_STYLES = re.compile(r"""<link\b[^>]*\brel=["']?(?:stylesheet|preconnect|icon)[^>]*\bhref=["']?(?:https?:)?//""")
_MARK = re.compile(r"<!-- site: [a-z-]+ -->")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the site, built as `make docs` builds it: a warning, such as a dead link or anchor, ends it."""
    folder = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_MKDOCS_2_WARNING", "1")
        build(load_config(str(ROOT / "mkdocs.yml"), strict=True, site_dir=str(folder)))
    return folder


def text_of(page: Path) -> str:
    """Return a page of the site as its readers get it."""
    return page.read_text(encoding="utf-8")


def test_every_page_of_the_docs_is_on_the_site(site: Path) -> None:
    expected = [name.removeprefix("docs/").replace(".md", ".html").replace("README", "index") for name in pages()]
    assert [name for name in (*expected, "security.html") if not (site / name).is_file()] == []


def test_the_site_loads_nothing_from_other_hosts(site: Path) -> None:
    html = {page: text_of(page) for page in site.rglob("*.html")}
    assert [page for page, text in html.items() if _LOADED.search(text) or _STYLES.search(text)] == []
    assert [page for page in site.rglob("*.css") if re.search(r"url\(['\"]?(?:https?:)?//", text_of(page))] == []


def test_every_mark_in_a_page_became_a_table(site: Path) -> None:
    marked = [name for name in pages() if _MARK.search(read(name))]
    assert len(marked) == 3
    for name in marked:
        text = text_of(site / name.removeprefix("docs/").replace(".md", ".html"))
        assert "<table>" in text
        assert "<!-- site" not in text


def test_every_setting_command_and_concept_is_on_the_site(site: Path) -> None:
    settings = text_of(site / "settings.html")
    assert [each.name for each in fields(Settings) if PREFIX + each.name.upper() not in settings] == []
    commands = text_of(site / "reference/commands.html")
    assert [name for name in click_commands() if f"pushcart {name}" not in commands] == []
    assert "<code>FILE|FOLDER|URL... &lt;list[str]&gt;</code>" in commands
    concepts, vocabulary = text_of(site / "reference/concepts.html"), load_vocabulary()
    ids = [each for facet in (Facet.GROUP, Facet.SECTOR, Facet.TOPIC) for each in vocabulary.concepts(facet)]
    assert [each for each in ids if f"<code>{each}</code>" not in concepts] == []


def test_every_built_in_publisher_is_on_the_site(site: Path) -> None:
    page, files = text_of(site / "publishers.html"), (ROOT / "crawler/sources/builtin").glob("*.toml")
    assert [each.stem for each in files if f"<code>{each.stem}</code>" not in page] == []


def test_every_operation_of_the_api_is_on_the_site(site: Path) -> None:
    api = text_of(site / "reference/api.html")
    assert "GET /api/v1/search" in api
    assert api.count("<h2") > 20
