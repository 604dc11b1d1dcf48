"""No regular expression of the product takes more than linear time, whatever it is fed."""

from __future__ import annotations

import re

import pytest

from scripts.regexes import FoundExpression, expressions, not_evaluated, slowest

CHARACTERS = 3_000
"""Quadratic takes 0.01 s and more on these, and shows; `python scripts/regexes.py 100000` takes minutes."""

MADE_WHILE_RUNNING = {
    "corpus.metadata.dates", "corpus.metadata.licences", "corpus.vocabulary.check", "corpus.vocabulary.place_contexts",
    "corpus.vocabulary.places",
    "crawler.pages.publication_files", "crawler.probing.patterns", "crawler.sources.load",
    "nlp.metadata.capitals", "nlp.metadata.types",
    "nlp.pipeline.places_finding", "nlp.pipeline.terms",
    "search_api.answers.written", "search_api.query.spelling", "web.views.tags",
}  # fmt: skip
"""Modules with expressions made of words or rules: escaped words, data files whose expressions the script reads from there,
and those of a person's own source files, which the checker of sources judges."""


def test_every_expression_is_linear() -> None:
    found = expressions()
    assert len(found) > 700
    faults = []
    for one in found:
        # Another process may take the machine for a moment: a fault is one when it shows three times.
        said = [slowest(one, characters=CHARACTERS)[1]]
        while said[-1] and len(said) < 3:
            said.append(slowest(one, characters=CHARACTERS)[1])
        if said[-1]:
            faults.append(f"{one.place}: {one.pattern.pattern!r}: {said[-1]}")
    assert faults == []


@pytest.mark.parametrize("bad", [r"\S+@\S+", r"\s*;\s*", r"(a+)+$", r"\w+-$", r"^\s*\n?\s*x"])
def test_one_that_is_not_linear_is_found(bad: str) -> None:
    assert slowest(FoundExpression("here", re.compile(bad), is_anchored=False), characters=8_000)[1]


def test_expressions_that_the_script_cannot_see_are_known() -> None:
    assert {place.split(":")[0] for place in not_evaluated()} <= MADE_WHILE_RUNNING
