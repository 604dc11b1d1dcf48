"""Which tagger made a document's tags: when another one would, documents are tagged again.

The version is a hash of what decides on a document's tags and metadata: the code and with it the pipeline's configuration, the
files of the vocabulary, and the libraries that split and lemmatise words. What a saved pipeline writes besides (the strings that it
has met) is not part of it. Comments, docstrings and the layout of the code are not either.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

from corpus.vocabulary import vocabulary_version

_LIBRARIES = ("spacy", "simplemma", "py3langid")
_ROOT = Path(__file__).resolve().parents[2]
_CODE = (
    "nlp/pipeline",
    "nlp/zones",
    "nlp/metadata",
    "nlp/documents.py",
    "nlp/language.py",
    "nlp/spellings.py",
    "corpus/lemmas.py",
    "corpus/spelling.py",
    "corpus/vocabulary",
    "corpus/tag_rules.py",
    "corpus/zones.py",
)
"""Folders and files, below the folder that holds the packages."""


@cache
def tagger_version() -> str:
    """Return the name of the tagger of today: 16 hexadecimal digits, others when it may give other tags."""
    digest = hashlib.sha256(vocabulary_version().encode())
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    for path in code_files(_ROOT):
        digest.update(path.name.encode())
        digest.update(meaning_of(path.read_text(encoding="utf-8")).encode())
    return digest.hexdigest()[:16]


def code_files(root: Path) -> Iterator[Path]:
    """Yield the files of the code that decides on tags, in an order that is always the same."""
    for name in _CODE:
        path = root / name
        yield from sorted(path.glob("*.py")) if path.is_dir() else [path]


def meaning_of(source: str) -> str:
    """Return a module's code without comments and docstrings, and without its layout."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [each for each in body if not _is_text(each)]  # type: ignore[attr-defined]
    return ast.dump(tree)


def _is_text(node: ast.AST) -> bool:
    """Tell whether a statement is nothing but a string: a docstring, or what describes the value above it."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
