"""Find the places where control flow or layout reads an English sentence: `python -m tests.house.sentences [CHECKOUT]`.

A sentence is for people. Code that compares one, searches in one, cuts one, or counts by one breaks when somebody words
it better, and cannot be shown in another language. Two things are looked for in the packages, without running them:

- a literal of several words, or of markup that we write ourselves, where a decision is made: beside `==` and `in`, in a
  `case`, as a key, or as what a text is searched for, cut at or replaced by;
- a field whose name says that it holds a sentence, where it is compared with a literal, searched, cut, or made a key. A
  field counts only while a class below the edges declares it as `str`.

What documents, sites and libraries say is no sentence of ours: ALLOWED lists those places, each with its reason.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.house.house import PACKAGES, ROOT

LEFT_OUT = ("demo/", "corpus/migrations/versions/")
"""The demonstration publisher stands for a foreign site; a migration reads what an older version wrote."""
EDGES = ("pushcart/", "search_api/api/", "web/")
"""Where types are turned into words."""

SENTENCE_FIELDS = frozenset(
    {
        "abstract_html",
        "gone_reason",
        "message",
        "note",
        "origin",
        "reason",
        "rule",
        "said",
        "snippet",
        "title_html",
        "error",
        "trouble",
    }
    | {"skipped", "skipped_by", "why"}
)
_SEARCHING = frozenset(
    {"count", "endswith", "find", "findall", "finditer", "fullmatch", "get", "index", "match", "partition", "pop"}
    | {
        "removeprefix",
        "removesuffix",
        "replace",
        "rpartition",
        "rsplit",
        "search",
        "setdefault",
        "split",
        "startswith",
        "sub",
    }
)
_KEYED = frozenset({"Counter", "add", "fromkeys", "set", "frozenset", "setdefault"})
_SEVERAL_WORDS = re.compile(r"[^\W\d_][,;:.]? [^\W\d_]|<[/?]*mark>")

SCRAPY = "Scrapy says why only in words; read in crawler/net/failures.py and nowhere else"
ENGINE = "Elasticsearch says why only in words where its type of error is too wide"
PARSER = "tantivy's parser and RE2 say what is wrong only in words"
DATA = "words of what is read: a site, a standard, a version"
ONCE = "what was said of a search is not said again, whatever it is"
TYPED = "no text: another class has a field of this name that is one"
ALLOWED: dict[tuple[str, str], str] = {
    ("alerts/checking/why.py", "self._store.messages.get(match.message)"): TYPED,
    ("alerts/checking/why.py", "self._store.messages.get(known_by.message)"): TYPED,
    ("corpus/store/messages.py", "messages.c.id == attempt.message"): TYPED,
    ("crawler/net/failures.py", "str(error) == 'max redirections reached'"): SCRAPY,
    ("crawler/net/failures.py", "'during decompression' in text"): SCRAPY,
    ("crawler/sources/fields.py", "'repetition size' in reason"): PARSER,
    ("crawler/sources/fields.py", "'too large' in reason"): PARSER,
    ("crawler/net/robots.py", "origin not in self._rules"): DATA,
    ("crawler/spiders/oai/formats.py", "access == 'raw object'"): DATA,
    ("crawler/spiders/sitemap/parse.py", "'<!doctype html' in start[:500].casefold()"): DATA,
    ("search_api/engines/elasticsearch/errors.py", "'maxClauseCount' in reason"): ENGINE,
    ("search_api/engines/elasticsearch/errors.py", "'No mapping found' in reason"): ENGINE,
    ("search_api/engines/elasticsearch/errors.py", "'missing authentication' in reason"): ENGINE,
    ("search_api/engines/elasticsearch/errors.py", "'provided credentials' in reason"): ENGINE,
    ("search_api/engines/elasticsearch/errors.py", "'certificate verify failed' in cause"): ENGINE,
    ("search_api/engines/elasticsearch/errors.py", "reason.partition('[')"): ENGINE,
    ("search_api/engines/tantivy/schema.py", "tantivy.__version__.removeprefix('tantivy v')"): DATA,
    ("search_api/query/prose.py", "'delimiter' in message"): PARSER,
    ("search_api/query/prose.py", "\"expected ')'\" in message"): PARSER,
    ("search_api/query/parse.py", "message not in self.notes"): ONCE,
    ("search_api/query/prose.py", "'keyword' in message"): PARSER,
    ("web/views/runs.py", "Counter((each.reason for each in run.failures))"): TYPED,
}
"""(file, source of the expression) -> why it may stay."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place that reads a sentence."""

    file: str
    line: int
    source: str
    """The expression, on one line."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.source}"


def places(root: Path = ROOT, *, with_allowed: bool = False) -> list[Place]:
    """Return the places that read a sentence, by file and line."""
    files = {
        path.relative_to(root).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for package in PACKAGES
        for path in sorted((root / package).rglob("*.py"))
        if not path.relative_to(root).as_posix().startswith(LEFT_OUT)
    }
    fields = {
        field
        for name, tree in files.items()
        if not name.startswith(EDGES)
        for each in ast.walk(tree)
        if isinstance(each, ast.ClassDef)
        for field in _texts_declared(each.body)
    }
    found = {
        Place(name, node.lineno, " ".join(ast.unparse(node).split()))
        for name, tree in files.items()
        for node in _Reader(fields & SENTENCE_FIELDS, set(_texts_declared(ast.walk(tree))) & SENTENCE_FIELDS).reading(
            tree
        )
    }
    kept = [each for each in found if with_allowed or (each.file, each.source) not in ALLOWED]
    return sorted(kept, key=lambda each: (each.file, each.line, each.source))


def _texts_declared(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the names that are declared to hold text, or to be counted by text."""
    for node in nodes:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and _is_text(node.annotation):
            yield node.target.id
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Attribute) and _is_text(node.annotation):
            yield node.target.attr
        elif isinstance(node, ast.arg) and node.annotation is not None and _is_text(node.annotation):
            yield node.arg
        elif isinstance(node, ast.FunctionDef) and node.returns is not None and _is_text(node.returns):
            yield node.name


def _is_text(annotation: ast.expr) -> bool:
    written = ast.unparse(annotation)
    return written in ("str", "str | None") or bool(re.fullmatch(r"(Counter|Mapping|dict)\[str(, .*)?\]", written))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Finds what reads a sentence in one file."""

    fields: set[str]
    """Attributes that hold text in some class."""
    names: set[str]
    """Variables and parameters of the file that hold text."""

    def reading(self, tree: ast.Module) -> Iterator[ast.expr]:
        """Yield the expressions, outer and inner."""
        for node in ast.walk(tree):
            match node:
                case ast.Compare() if self._compares(node):
                    yield node
                case ast.Call() if self._calls(node):
                    yield node
                case ast.Subscript(value=owner, slice=key) if self._cuts(owner, key):
                    yield node
                case ast.Dict(keys=keys):
                    yield from (key for key in keys if key is not None and (_several_words(key) or self._keys(key)))
                case ast.MatchValue(value=value) if _several_words(value):
                    yield value

    def _compares(self, node: ast.Compare) -> bool:
        parts = [node.left, *node.comparators]
        if any(map(_several_words, parts)):
            return True
        if any(map(_is_nothing, parts)):
            return False
        is_with_words = any(map(_is_word, parts))
        return any(self._is_sentence(each, or_any_of_name=is_with_words) for each in parts)

    def _calls(self, node: ast.Call) -> bool:
        match node.func:
            case ast.Attribute(value=ast.Name(id="re")):
                is_of_markup = bool(node.args) and "mark>" in ast.unparse(node.args[0])
                return is_of_markup or any(map(self._is_sentence, node.args[1:]))
            case ast.Attribute(attr=name, value=owner):
                given = node.args if name in ("search", "match", "fullmatch", "sub", "split") else node.args[:1]
                if name in _SEARCHING and (any(map(_several_words, given)) or self._is_sentence(owner)):
                    return True
                return name in _SEARCHING | _KEYED and any(map(self._keys, given))
            case ast.Name(id=name):
                return name in _KEYED and any(map(self._keys, node.args))
        return False

    def _cuts(self, owner: ast.expr, key: ast.expr) -> bool:
        return _several_words(key) or self._keys(key) or (isinstance(key, ast.Slice) and self._is_sentence(owner))

    def _is_sentence(self, node: ast.expr, *, or_any_of_name: bool = False) -> bool:
        match node:
            case ast.Attribute(attr=name):
                return name in self.fields
            case ast.Name(id=name):
                return name in (SENTENCE_FIELDS if or_any_of_name else self.names)
            case ast.Call(func=ast.Name(id=name)):
                return name.endswith("_in_words")
            case ast.Call(func=ast.Attribute(value=owner, attr="lower" | "casefold" | "strip" | "removeprefix")):
                return self._is_sentence(owner, or_any_of_name=or_any_of_name)
        return False

    def _keys(self, node: ast.expr) -> bool:
        """Say whether a sentence is used as a key, alone, in a tuple, or by a comprehension."""
        match node:
            case ast.Attribute():
                return self._is_sentence(node)
            case ast.Tuple(elts=parts):
                return any(map(self._keys, parts))
            case ast.GeneratorExp(elt=each) | ast.ListComp(elt=each) | ast.SetComp(elt=each):
                return any(isinstance(part, ast.Attribute) and self._is_sentence(part) for part in ast.walk(each))
        return False


def _several_words(node: ast.expr) -> bool:
    """Say whether an expression is, or holds, a literal of several words."""
    return any(_SEVERAL_WORDS.search(each) for each in _literals(node))


def _is_nothing(node: ast.expr) -> bool:
    """Say whether an expression is None or an empty text: whether there is a sentence may be asked."""
    return isinstance(node, ast.Constant) and node.value in (None, "")


def _is_word(node: ast.expr) -> bool:
    return any(re.search(r"[^\W\d_]{2}", each) for each in _literals(node))


def _literals(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(value)):
            yield value
        case ast.Tuple(elts=parts) | ast.Set(elts=parts) | ast.List(elts=parts) | ast.JoinedStr(values=parts):
            for each in parts:
                yield from _literals(each)
        case ast.Starred(value=value):
            yield from _literals(value)


def main() -> int:
    """Print the places, and how many there are."""
    root = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT
    found = places(root)
    print(*found, sep="\n")
    print(f"{len(found)} places read a sentence.")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
