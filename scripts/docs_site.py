"""What the site of the documentation has besides docs/: hooks of MkDocs that write pages from the code at each build.

`make docs` builds the site. Nothing that is written here is committed. A line `<!-- site: NAME -->` in a page is replaced
by the table of that name in `TABLES`.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from typer.main import get_command

from corpus.messages.values import facet_title
from corpus.settings import Settings
from corpus.types import LANGUAGES, Facet
from corpus.vocabulary import load_vocabulary
from crawler.sources.load import load_sources
from crawler.sources.schema import field_tables
from pushcart.cli import app
from pushcart.settings_shown import explained_settings
from web.app import make_app

ROOT = Path(__file__).resolve().parent.parent
_MARK = re.compile(r"<!-- site: ([a-z-]+) -->")
_CODE = re.compile(r"(`[^`]*`)")
_LANGUAGE_NAMES = ("English", "Spanish", "French", "Portuguese")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put every decision into the navigation."""
    notes = [f"decisions/{path.name}" for path in sorted((ROOT / "docs/decisions").glob("*.md"))]
    explanation = next(part["Explanation"] for part in config.nav or [] if "Explanation" in part)
    next(each for each in explanation if isinstance(each, dict) and "Decisions" in each)["Decisions"] = notes
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are written from the code, and those that lie outside docs/."""
    for name, text in written_pages().items():
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put tables where a page asks for them."""
    return _MARK.sub(lambda mark: TABLES[mark[1]](), markdown)


def written_pages() -> dict[str, str]:
    """Return the pages that docs/ does not have, by path."""
    return {
        "index.md": _moved("README.md"),
        "security.md": _moved("SECURITY.md"),
        "reference/commands.md": commands(),
        "reference/api.md": api(),
        "reference/concepts.md": concepts(),
    }


def _moved(name: str) -> str:
    """Return a page of the checkout with its links as seen from docs/."""
    text = (
        (ROOT / name).read_text(encoding="utf-8").replace("](docs/", "](").replace("](SECURITY.md)", "](security.md)")
    )
    return text.replace("[Apache-2.0](LICENSE)", "Apache-2.0")


def settings_table() -> str:
    """Return every setting as a table."""
    rows = ((f"`{each.name}`", each.default and f"`{each.default}`", each.meaning) for each in explained_settings())
    return _table(("setting", "default", "meaning"), rows)


def publishers_table() -> str:
    """Return every built-in source as a table."""
    with tempfile.TemporaryDirectory() as empty:
        sources = load_sources(Settings(data_dir=Path(empty)))
    rows = ((f"`{each.slug}`", each.name, each.protocol, each.note) for each in sources)
    return _table(("source", "name", "protocol", "note"), rows)


TABLES: dict[str, Callable[[], str]] = {
    "settings": settings_table,
    "publishers": publishers_table,
    "source-file-keys": field_tables,
}


def commands() -> str:
    """Return a page with every command, its arguments and options."""
    root: Any = get_command(app)
    context = root.context_class(root, info_name=root.name)
    lines = ["# Commands", "", "`pushcart man` prints this as a manual page, `pushcart COMMAND --help` a part of it."]
    for name, command in sorted(root.commands.items()):
        lines += _command(command, root.context_class(command, info_name=name, parent=context))
    return "\n".join(lines) + "\n"


def _command(command: Any, context: Any) -> Iterator[str]:
    """Yield a command and those below it."""
    if command.hidden:
        return
    usage = " ".join((context.command_path, *command.collect_usage_pieces(context)))
    yield from ("", f"## {context.command_path}", "", command.help or "", "", "```text", usage, "```", "")
    records = [parameter.get_help_record(context) for parameter in command.get_params(context)]
    rows = [(f"`{' '.join(names.split())}`", words) for names, words in filter(None, records) if "--help" not in names]
    yield _table(("argument or option", "meaning"), iter(rows)) if rows else ""
    for name, inner in sorted(getattr(command, "commands", {}).items()):
        yield from _command(inner, context.__class__(inner, info_name=name, parent=context))


def api() -> str:
    """Return a page with every operation of the API and its parameters."""
    with tempfile.TemporaryDirectory() as folder, TestClient(make_app(Settings(data_dir=Path(folder)))) as client:
        described = client.get("/api/v1/openapi.json").json()
    lines = ["# API", "", described["info"]["description"], "", "`/api/v1/openapi.json` also describes the answers."]
    for path, operations in sorted(described["paths"].items()):
        for method, operation in operations.items():
            lines += _operation(f"{method.upper()} /api/v1{path}", operation, described)
    return "\n".join(lines) + "\n"


def _operation(name: str, operation: dict[str, Any], described: dict[str, Any]) -> Iterator[str]:
    yield from ("", f"## {name.replace('{', '&#123;')}", "", operation.get("description") or operation["summary"], "")
    parameters = [_followed(each, described) for each in operation.get("parameters", ())]
    rows = [(f"`{each['name']}`", each["in"], each.get("description", "")) for each in parameters]
    yield _table(("parameter", "in", "meaning"), iter(rows)) if rows else ""


def _followed(value: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    """Return what a `$ref` leads to."""
    for part in value.get("$ref", "").split("/")[1:]:
        described = described[part]
    return described if "$ref" in value else value


def concepts() -> str:
    """Return a page with the worker groups, sectors and topics in four languages."""
    vocabulary = load_vocabulary()
    lines = ["# Concepts", "", f"Version {vocabulary.version} of the [vocabulary](../vocabulary.md), without places."]
    for facet in (Facet.GROUP, Facet.SECTOR, Facet.TOPIC):
        found = vocabulary.concepts(facet).values()
        rows = ((f"`{each.id}`", *(each.label(lang) for lang in LANGUAGES)) for each in found)
        lines += ["", f"## {facet_title(facet)}", "", _table(("id", *_LANGUAGE_NAMES), rows)]
    return "\n".join(lines) + "\n"


def _table(heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(_cell(each) for each in row)} |" for row in lines)


def _cell(text: str) -> str:
    """Return text for a cell: signs of Markdown and HTML count within `code` as they are."""
    parts = _CODE.split(" ".join(text.split()))
    return "".join(each if at % 2 else each.replace("|", "\\|").replace("<", "&lt;") for at, each in enumerate(parts))
