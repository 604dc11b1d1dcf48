"""Words are found however they are written: given cases and those of a generator, end to end on the embedded engine."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from corpus.vocabulary import load_vocabulary
from search_api.engines.tantivy import TantivyEngine
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse
from search_api.query.tree import Or
from tests.builders import make_document
from tests.search_api import word_form_cases
from tests.search_api.engine_contract import changed
from tests.search_api.word_form_cases import APART, FormCase

EACH_KIND_MIN = 26
"""Sixteen given cases of the largest kind, and ten more."""
GENERATORS = (
    word_form_cases.word_forms,
    word_form_cases.written_two_ways,
    word_form_cases.typed_without_accents,
    word_form_cases.in_other_unicode,
)


def not_found(folder: Path, cases: Sequence[FormCase]) -> list[FormCase]:
    """Index each text of the cases once and return the cases whose text is not found."""
    texts = list(dict.fromkeys((case.lang, case.text) for case in cases))
    engine = TantivyEngine(folder, vocabulary=load_vocabulary())
    documents = [
        make_document(f"d{number}", lang=lang, title="-", pages=(text,)) for number, (lang, text) in enumerate(texts)
    ]
    engine.apply(changed(documents))
    held: dict[str, set[str]] = {}
    missed = []
    for case in cases:
        if case.query not in held:
            held[case.query] = all_found(engine, case.query)
        if f"d{texts.index((case.lang, case.text))}" not in held[case.query]:
            missed.append(case)
    return missed


def all_found(engine: TantivyEngine, text: str) -> set[str]:
    tree = parse(text, vocabulary=load_vocabulary()).tree
    return {hit.id for hit in engine.walk(SearchQuery(text=text), tree=tree)}


@pytest.mark.parametrize("generate", GENERATORS, ids=lambda generate: generate.__name__)
def test_a_word_is_found_however_it_is_written(generate: object, tmp_path: Path) -> None:
    assert callable(generate)
    cases = list(generate())
    assert len(cases) >= EACH_KIND_MIN
    assert not_found(tmp_path, cases) == []


def test_other_words_stay_apart(tmp_path: Path) -> None:
    cases = [FormCase("apart", lang, one, other) for lang, one, other in APART]
    cases += [FormCase("apart", lang, other, one) for lang, one, other in APART]
    assert [case for case in cases if case not in not_found(tmp_path, cases)] == []


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("stalls || hawkers", "stalls OR hawkers"),
        ("stalls||hawkers", "stalls OR hawkers"),
        ("stalls && hawkers", "stalls AND hawkers"),
        ("stalls&&hawkers", "stalls AND hawkers"),
        ("stalls && !hawkers", "stalls AND NOT hawkers"),
        ("stalls !hawkers", "stalls NOT hawkers"),
        ("(stalls || rent) && hawkers", "(stalls OR rent) AND hawkers"),
        ("+stalls", '"stalls"'),
    ],
)
def test_signs_of_other_engines_mean_what_they_mean_there(text: str, same_as: str) -> None:
    vocabulary = load_vocabulary()
    assert parse(text, vocabulary=vocabulary).tree == parse(same_as, vocabulary=vocabulary).tree


@pytest.mark.parametrize("text", ["*vendor", "*vendor*", "stalls *vendor", "ven*dor", "ven?dor", "v*ndor stalls"])
def test_stars_that_are_not_understood_are_said(text: str) -> None:
    assert "star at the end" in " ".join(parse(text, vocabulary=load_vocabulary()).notes)


# --- given cases ------------------------------------------------------------------------------------------------------

GIVEN = re.compile(
    r"(?:(?P<lang>en|es|fr|pt): )?search (?P<query>.+?) over (?:text with )?(?P<text>.+?)(?: \(one way\))?"
)
_UNICODE = {
    "São Tomé, decomposed (a + U+0303)": ("pt", "Sa\u0303o Tome\u0301", "São Tomé"),
    "Conceição, decomposed": ("pt", "Conceic\u0327a\u0303o", "Conceição"),
    "ﬁnancial with the sign U+FB01": ("en", "\ufb01nancial", "financial"),
}


def given(folder: Path, kind: str) -> Iterable[str]:
    """Give the inputs of the given cases of a kind."""
    for line in (folder / "cases" / kind / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)["input"]


@pytest.mark.shared
@pytest.mark.parametrize("kind", ["word-forms", "typed-without-accents", "written-two-ways"])
def test_given_cases_are_found(kind: str, shared_data: Path, tmp_path: Path) -> None:
    cases = []
    for line in given(shared_data, kind):
        match = GIVEN.fullmatch(line)
        assert match, line
        for part in match["text"].split(" and "):
            written, _, lang = part.partition(" (")
            tail = match["query"].partition(" ")[2] if kind == "written-two-ways" and "survey" in match["query"] else ""
            cases.append(
                FormCase(
                    kind, lang.rstrip(")") or match["lang"] or _guessed(written), match["query"], f"{written} {tail}"
                )
            )
    assert not_found(tmp_path, cases) == []


def _guessed(text: str) -> str:
    return "fr" if "agricult" in text else "es" if "reciclador" in text else "en"


@pytest.mark.shared
def test_given_queries_in_other_unicode_are_found(shared_data: Path, tmp_path: Path) -> None:
    inputs = [line.removeprefix("search ") for line in given(shared_data, "query-in-other-unicode")]
    cases = [
        FormCase("query-in-other-unicode", lang, typed, text) for lang, typed, text in map(_UNICODE.__getitem__, inputs)
    ]
    assert not_found(tmp_path, cases) == []


@pytest.mark.shared
def test_given_signs_of_other_engines_are_understood_or_noted(shared_data: Path) -> None:
    for text in given(shared_data, "signs-of-other-engines"):
        parsed = parse(text, vocabulary=load_vocabulary())
        assert isinstance(parsed.tree, Or) or parsed.notes, text
