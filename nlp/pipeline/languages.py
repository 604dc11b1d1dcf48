"""The component `languages`: in which language each passage is, and with it the NORM of its words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from py3langid import langid
from spacy.language import Language
from spacy.tokens import Doc

from corpus.types import LANGUAGES
from nlp.language import UNDETERMINED
from nlp.language import language_of as language_of_texts
from nlp.pipeline.docs import passages_in, runs_in, set_zones
from nlp.pipeline.passages import language_of
from nlp.pipeline.tokenizer import DocumentTokenizer, tokenizer_of


@Language.factory("pushcart_languages", assigns=["doc._.language", "token.norm"])
def make_languages(nlp: Language, name: str) -> Languages:
    """Return the component."""
    return Languages(tokenizer_of(nlp))


class Languages:
    """Finds the language of each passage that has none, and sets the NORM of its tokens: their lemma, without accents."""

    def __init__(self, tokenizer: DocumentTokenizer) -> None:
        """Work on the words of a pipeline."""
        self._tokenizer = tokenizer

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.language` where it is not set, the languages of `doc.spans["zones"]`, and `token.norm_`."""
        if any(not span.kb_id_ for span in doc.spans.get("zones", ())) or "zones" not in doc.spans:
            self._find(doc)
        runs = [(lang, run.start, run.end) for lang, run in runs_in(doc)]
        self._tokenizer.set_norms(doc, runs)
        return doc

    def _find(self, doc: Doc) -> None:
        passages = passages_in(doc)
        if not doc._.language:
            doc._.language = _language_of([passage.text for passage in passages])
        zones = []
        for page, several in groupby(passages, key=lambda passage: passage.page):
            together = tuple(several)
            lang = language_of(" ".join(passage.text for passage in together), expected=doc._.language)
            zones += [(one.zone, page, lang, one.start, one.start + len(one.text)) for one in together]
        set_zones(doc, zones)


def _language_of(texts: Sequence[str]) -> str:
    """Return the language of texts; where there is too little of them to be sure, the likeliest of the four."""
    found = language_of_texts(texts)
    if found != UNDETERMINED:
        return found
    return next((str(lang) for lang, _ in langid.rank(" ".join(texts)) if lang in LANGUAGES), UNDETERMINED)
