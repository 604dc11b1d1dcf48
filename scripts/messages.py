#!/usr/bin/env python3
"""Collect every message from code and templates into corpus/locale/pushcart.pot, and bring the translations up to date.

Usage: scripts/messages.py        write the template and the catalogues
       scripts/messages.py --count   say how many messages there are, and how many each language has

A message that code no longer says goes out of the catalogues; one whose English changed is a new one, to be translated.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "corpus" / "locale"
LANGUAGES = ("es", "fr", "pt")
PACKAGES = ("corpus", "crawler", "nlp", "search_api", "alerts", "curation", "evaluation", "web", "pushcart")
SINGLE = ("gettext", "message", "sentence")
PLURAL = ("ngettext", "plural_sentence")
KEYWORDS = {"_": None, **dict.fromkeys(SINGLE), **dict.fromkeys(PLURAL, (1, 2))}
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
"""In place of the moment of writing: a file whose messages are the same is the same."""


def collected() -> Catalog:
    """Return every message of the code, with the files that say it."""
    template = Catalog(project="pushcart")
    for name, said in sorted(_said(), key=repr):
        template.add(said, locations=[(name, 0)])
    return _with_plain_head(template)


def from_python(
    source: BinaryIO, *_: object, options: object
) -> Iterator[tuple[int, str, str | tuple[str, ...], list[str]]]:
    """Yield the messages of a module, as Babel asks for them. Its own way does not look into f-strings before Python 3.12."""
    for call in calls(source.read()):
        ids = [
            each.value for each in call.args[: 2 if name_of(call) in PLURAL else 1] if isinstance(each, ast.Constant)
        ]
        if ids:
            yield call.lineno, name_of(call), ids[0] if len(ids) == 1 else tuple(ids), []


def calls(source: bytes) -> Iterator[ast.Call]:
    """Yield the calls of a module that say a message."""
    if b"corpus.messages" not in source:
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and name_of(node) in (*SINGLE, *PLURAL) and node.args:
            yield node


def name_of(call: ast.Call) -> str:
    """Return what is called; empty for what has no plain name."""
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _said() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for package in PACKAGES:
        templates = [("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
        methods = [("**.py", from_python), *templates]
        found = extract_from_dir(ROOT / package, method_map=methods, keywords=KEYWORDS)
        for name, _line, message, _comments, _context in found:
            yield f"{package}/{name}", message if isinstance(message, str) else tuple(message)


def read(lang: str) -> Catalog:
    """Return the translations into a language."""
    with (LOCALE / lang / "LC_MESSAGES" / "pushcart.po").open("rb") as file:
        return read_po(file, locale=lang)


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as its file has it."""
    out = BytesIO()
    write_po(out, catalogue, width=120, include_lineno=False, sort_by_file=False, ignore_obsolete=True)
    return out.getvalue()


def brought_up_to_date(lang: str, template: Catalog) -> Catalog:
    """Return the translations into a language with exactly the messages of a template."""
    path = LOCALE / lang / "LC_MESSAGES" / "pushcart.po"
    catalogue = read(lang) if path.is_file() else Catalog(locale=lang, project="pushcart")
    catalogue.update(template, no_fuzzy_matching=True)
    return _with_plain_head(catalogue)


def _with_plain_head(catalogue: Catalog) -> Catalog:
    """Take out of the head what changes by itself, and what only asks to be filled in."""
    catalogue.creation_date = catalogue.revision_date = _EPOCH
    catalogue.fuzzy = False
    catalogue.header_comment = "# Messages of Pushcart: collected by `make messages`, translated by people."
    catalogue.version, catalogue.last_translator, catalogue.language_team = "1", "Pushcart", "Pushcart"
    catalogue.msgid_bugs_address = ""
    return catalogue


def translated(catalogue: Catalog) -> int:
    """Return how many messages have a translation."""
    return sum(1 for message in catalogue if message.id and _has_words(message.string))


def _has_words(string: str | tuple[str, ...] | list[str]) -> bool:
    return bool(string) and (isinstance(string, str) or all(string))


def main() -> None:
    """Do what was asked on the command line."""
    template = collected()
    if "--count" not in sys.argv[1:]:
        LOCALE.mkdir(exist_ok=True)
        (LOCALE / "pushcart.pot").write_bytes(written(template))
        for lang in LANGUAGES:
            path = LOCALE / lang / "LC_MESSAGES" / "pushcart.po"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(written(brought_up_to_date(lang, template)))
    counts = ", ".join(f"{lang} {translated(read(lang))}" for lang in LANGUAGES)
    print(f"{len(template)} messages; translated: {counts}.")


if __name__ == "__main__":
    main()
