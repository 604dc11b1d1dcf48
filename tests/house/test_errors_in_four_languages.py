"""Every error that a person meets is a sentence of the catalogues, and every such sentence is translated."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

import pytest

import corpus.errors
from corpus.errors import PushcartError
from scripts.messages import LANGUAGES, PACKAGES, ROOT, calls, name_of, read
from search_api.api import problems

SENTENCES = ("sentence", "plural_sentence")
FOR_DEVELOPERS = ("BadVocabulary",)
"""Errors of the data files of the vocabulary, which nobody meets who only uses Pushcart."""
ERRORS = {
    name
    for name, each in vars(corpus.errors).items()
    if isinstance(each, type) and issubclass(each, PushcartError) and name not in FOR_DEVELOPERS
} | {"PartlyAwayError", "unavailable"}
SAID = {"try_next", "for_readers"}


@cache
def said_in_errors() -> tuple[tuple[str, ast.expr], ...]:
    return tuple(_said_in_errors())


def _said_in_errors() -> Iterator[tuple[str, ast.expr]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS:
                    place = f"{path.relative_to(ROOT)}:{node.lineno}"
                    given = node.args[: 2 if node.func.id == "unavailable" else 1]
                    for each in (*given, *(each.value for each in node.keywords if each.arg in SAID)):
                        yield place, each


def said_sentences() -> Iterator[str]:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for call in calls(path.read_bytes()):
                if name_of(call) in SENTENCES and isinstance(call.args[0], ast.Constant):
                    yield str(call.args[0].value)


def test_no_error_is_said_in_english_only() -> None:
    wrong = []
    for place, given in said_in_errors():
        is_text = isinstance(given, ast.JoinedStr) or (isinstance(given, ast.Constant) and given.value)
        is_other_call = isinstance(given, ast.Call) and name_of(given) not in SENTENCES
        if is_text or is_other_call:
            wrong.append(f"{place}: {ast.unparse(given)}")
    assert len(said_in_errors()) > 300
    assert not wrong, "write it as sentence(...)"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_is_translated(lang: str) -> None:
    catalogue = read(lang)
    found = {name: catalogue.get(name) for name in said_sentences()}
    assert not [name for name, each in found.items() if each is None or not each.string]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_of_problem_of_the_api_is_translated(lang: str) -> None:
    catalogue = read(lang)
    titles = [title for _, _, title in problems._KINDS.values()]
    said = [*titles, *problems._STATUSES.values(), *problems._INVALID.values()]
    assert not [each for each in said if not (catalogue.get(each) and catalogue.get(each).string)]
    assert {kind.__name__ for kind in problems._KINDS} >= {
        name
        for name in ERRORS
        if name not in ("PushcartError", "BadSettings", "BadSource", "PartlyAwayError", "unavailable")
    }
