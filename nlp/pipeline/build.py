"""Make the pipeline, save it and load it: `spacy.load(PATH)` does the same in any environment that has this package.

tokenizer     nlp.pipeline.tokenizer
zones         doc.spans["zones"]
languages     the language of each passage, token.norm_
sentences     doc.sents
vocabulary    doc.spans["candidates"]: terms, weak terms, decoys
coordination  "street and market vendors"
activities    "sell ... street"
context       doc.spans["groups"], ["sectors"], ["topics"]
places        doc.spans["places"]
weigh         doc._.tags
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import spacy
from spacy.attrs import IS_ALPHA, IS_SPACE, LOWER, NORM
from spacy.language import Language
from spacy.util import registry

from corpus.vocabulary import Vocabulary
from nlp.pipeline import activities, context, coordination, languages, places, sentences, weigh, zones
from nlp.pipeline.version import tagger_version
from nlp.pipeline.vocabulary import VocabularyMatcher

_REGISTERED = (activities, context, coordination, languages, places, sentences, weigh, zones)
"""Importing a module registers its component with spaCy; where the package is installed, its entry points do the same."""

COMPONENTS = (
    "zones",
    "languages",
    "sentences",
    "vocabulary",
    "coordination",
    "activities",
    "context",
    "places",
    "weigh",
)
"""Names in the pipeline, in order; the factories are `pushcart_zones` and so on."""

_USED = frozenset({NORM, LOWER, IS_ALPHA, IS_SPACE})
"""Attributes of words that a matcher or a rule looks at."""
_LONGEST_TEXT = 50_000_000
"""Characters; spaCy's 1,000,000 is meant for parsers, whose memory grows with the text, and a long report has more."""

_CONFIG: dict[str, Any] = {
    "nlp": {
        "lang": "xx",
        "tokenizer": {"@tokenizers": "pushcart.tokenizer.v1"},
        "after_creation": {"@callbacks": "pushcart.lean_vocab.v1"},
        "pipeline": list(COMPONENTS),
        "batch_size": 16,
    },
    "components": {name: {"factory": f"pushcart_{name}"} for name in COMPONENTS},
}


def make_lean_vocab() -> Callable[[Language], Language]:
    """Return what prepares a pipeline before its components are made; spaCy calls it again when a saved one is loaded."""
    return _lean_vocab


registry.callbacks.register("pushcart.lean_vocab.v1", func=make_lean_vocab)


def _lean_vocab(nlp: Language) -> Language:
    # Each of the other thirty attributes would be computed for every new word: half of the time of a first text.
    getters = nlp.vocab.lex_attr_getters  # type: ignore[attr-defined]
    for unused in getters.keys() - _USED:
        del getters[unused]
    nlp.max_length = _LONGEST_TEXT
    return nlp


def build_pipeline(vocabulary: Vocabulary | None = None) -> Language:
    """Return the pipeline, with the vocabulary that comes with Pushcart unless another is given.

    Takes a second or two for a language when its first text comes.
    """
    nlp = spacy.blank("xx", config=_CONFIG)
    nlp.meta.update(
        name="informal_economy",
        version="1.0.0",
        description="Countries, sectors, worker groups and topics of texts on the informal economy, in en, es, fr, pt.",
    )
    if vocabulary is not None:
        component = nlp.get_pipe("vocabulary")
        assert isinstance(component, VocabularyMatcher)
        component.use(vocabulary)
    return nlp


def save_pipeline(folder: Path) -> None:
    """Save the pipeline with the vocabulary that comes with Pushcart into a folder. Raises OSError: it cannot be written.

    A pipeline that has read texts would be saved with their words; this one is new.
    """
    nlp = build_pipeline()
    nlp.meta["tagger_version"] = tagger_version()
    nlp.to_disk(folder)


def compile_language(nlp: Language, lang: str) -> None:
    """Compile the matchers of a language (ISO 639-1) before the first text in it comes."""
    for _, component in nlp.pipeline:
        if compile_ := getattr(component, "compile", None):
            compile_(lang)
