"""The tokenizer of the pipeline: one for all languages, and the NORM by which words of one term look alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from spacy.attrs import NORM, ORTH
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from corpus.types import LANGUAGES
from nlp.pipeline.words import INFIXES, OTHER, PREFIXES, SUFFIXES, as_tokenized, norm

LONGEST_WORD = 600
"""Characters without white space that are tokenised as they stand. spaCy takes off a sign at a time and copies the rest: of
longer ones (encoded pictures, lines of signs) every 600th character is read as a space."""

_CACHED_CHUNKS = 200_000
"""Words with their punctuation whose tokens are kept; the default of 10,000 is used up by one long report."""
_KEPT_NORMS = 500_000
"""Words of a language whose NORM is kept; about 100 bytes each."""
_OVERLONG = re.compile(rf"(?<!\S)\S{{{LONGEST_WORD}}}\S*+")


class NormTable(dict[int, int]):
    """The NORM of each word of one language, by the word's ORTH; both are hashes of strings. Filled as words are met."""

    def __init__(self, vocab: Vocab, *, lang: str) -> None:
        """Hold the words of `lang`: ISO 639-1, or `OTHER`."""
        self._strings = vocab.strings
        self._lang = lang

    def __missing__(self, orth: int) -> int:
        if len(self) >= _KEPT_NORMS:
            self.clear()
        word = norm(self._strings[orth], lang=self._lang)
        # Never transient: within `nlp.memory_zone()` the table outlives the zone.
        found: int = self._strings.add(word, allow_transient=False)  # type: ignore[call-arg]  # missing in the stubs
        self[orth] = found
        return found


class DocumentTokenizer:
    """Cuts a text into tokens that end at hyphens and apostrophes, in every language by the same rules.

    The NORM of a token depends on the language of its passage, so it is set by the component `languages`.
    """

    def __init__(self, vocab: Vocab) -> None:
        """Work on the vocabulary of a pipeline."""
        self.vocab = vocab
        self._norms: dict[str, NormTable] = {}
        self._tokenizer = Tokenizer(
            vocab,
            prefix_search=PREFIXES.search,
            suffix_search=SUFFIXES.search,
            infix_finditer=INFIXES.finditer,
            max_cache_size=_CACHED_CHUNKS,
        )

    def __call__(self, text: str) -> Doc:
        """Return the tokens. Only a paragraph's end, or several blanks together, is a token of white space."""
        read = as_tokenized(text)
        doc: Doc = self._tokenizer(_OVERLONG.sub(_parted, read) if len(read) > LONGEST_WORD else read)
        doc._.raw_text = text
        return doc

    def pipe(self, texts: Iterable[str], batch_size: int = 1000) -> Iterator[Doc]:
        """Yield the tokens of each text."""
        yield from map(self, texts)

    def words(self, text: str) -> list[str]:
        """Return the words of a name or term as texts have them."""
        return [token.text for token in self._tokenizer(as_tokenized(text)) if not token.is_space]

    def key(self, text: str) -> int:
        """Return the hash of a pattern's key. Never transient: what is compiled within `nlp.memory_zone()` outlives it."""
        found: int = self.vocab.strings.add(text, allow_transient=False)  # type: ignore[call-arg]  # as above
        return found

    def pattern(self, words: Sequence[str], *, lang: str) -> Doc:
        """Return words as a pattern for a PhraseMatcher that looks at NORM."""
        doc = Doc(self.vocab, list(words))
        self.set_norms(doc, [(lang, 0, len(doc))])
        return doc

    def patterns(self, several: Iterable[Sequence[str]], *, lang: str) -> list[Doc]:
        """Return the patterns of spellings, one of those that look alike: a Doc of each takes long."""
        table, add = self._table(lang), self.vocab.strings.add
        # Never transient: as above.
        by_norms: dict[tuple[int, ...], Sequence[str]] = {}
        for words in several:
            norms = (table[add(word, allow_transient=False)] for word in words)  # type: ignore[call-arg]
            by_norms[tuple(norms)] = words
        return [self.pattern(words, lang=lang) for words in by_norms.values()]

    def name(self, text: str) -> Doc:
        """Return a name as a pattern for a PhraseMatcher that looks at ORTH."""
        found: Doc = self._tokenizer(as_tokenized(text))
        return found

    def set_norms(self, doc: Doc, runs: Iterable[tuple[str, int, int]]) -> None:
        """Set the NORM of tokens; each run has a language (ISO 639-1), its first token and the one after the last.

        Tokens outside the runs get that of `OTHER`.
        """
        if not len(doc):
            return
        words = doc.to_array([ORTH])
        found = np.empty((len(doc), 1), dtype="uint64")
        done = 0
        for lang, first, last in (*runs, (OTHER, len(doc), len(doc))):
            for table, start, end in ((self._table(OTHER), done, first), (self._table(lang), first, last)):
                if start < end:
                    norms = map(table.__getitem__, words[start:end].tolist())
                    found[start:end, 0] = np.fromiter(norms, dtype="uint64", count=end - start)
            done = last
        doc.from_array([NORM], found)  # type: ignore[arg-type]  # thinc names its own array types

    def _table(self, lang: str) -> NormTable:
        lang = lang if lang in LANGUAGES else OTHER
        if lang not in self._norms:
            self._norms[lang] = NormTable(self.vocab, lang=lang)
        return self._norms[lang]

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Return nothing: the rules are code, and spaCy asks."""
        return b""

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> DocumentTokenizer:
        """Return the tokenizer as it is."""
        return self

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:
        """Write nothing: the rules are code, and spaCy asks."""

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> DocumentTokenizer:
        """Return the tokenizer as it is."""
        return self


def make_tokenizer() -> Callable[[Language], DocumentTokenizer]:
    """Return what makes the tokenizer of a pipeline, as `[nlp.tokenizer]` of a spaCy configuration names it."""
    return lambda nlp: DocumentTokenizer(nlp.vocab)


registry.tokenizers.register("pushcart.tokenizer.v1", func=make_tokenizer)


def tokenizer_of(nlp: Language) -> DocumentTokenizer:
    """Return the tokenizer of a pipeline. Raises TypeError: it is another one, whose tokens the matchers do not know."""
    if not isinstance(nlp.tokenizer, DocumentTokenizer):
        raise TypeError(
            "Pushcart's components need its own tokenizer: make the pipeline with nlp.pipeline.build.build_pipeline(), "
            'or set [nlp.tokenizer] @tokenizers = "pushcart.tokenizer.v1".'
        )
    return nlp.tokenizer


def _parted(overlong: re.Match[str]) -> str:
    word = overlong[0]
    pieces = (word[start : start + LONGEST_WORD - 1] for start in range(0, len(word), LONGEST_WORD))
    return "".join(f"{piece} " for piece in pieces)[: len(word)]
