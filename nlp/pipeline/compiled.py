"""Matchers of one language each, made when its first text comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from corpus.types import LANGUAGES
from nlp.pipeline.words import OTHER

Data = TypeVar("Data")
Matcher = TypeVar("Matcher")


class Compiled(Generic[Data, Matcher]):
    """What a component makes of its data for each of the four languages, and once for all others."""

    def __init__(self, make: Callable[[Data, str], Matcher]) -> None:
        """Hold `make`, which is called with the data and a language: ISO 639-1, or `OTHER`."""
        self._make = make
        self._data: Data | None = None
        self._by_language: dict[str, Matcher] = {}

    def get(self, data: Data, lang: str) -> Matcher:
        """Return the matcher for a language; all are created again when the data are others than before."""
        if data is not self._data:
            self._data = data
            self._by_language.clear()
        lang = lang if lang in LANGUAGES else OTHER
        if lang not in self._by_language:
            self._by_language[lang] = self._make(data, lang)
        return self._by_language[lang]
