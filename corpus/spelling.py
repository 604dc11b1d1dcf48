"""British spellings as American ones, so that labour and labor are one word."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

_BEFORE_OUR = (
    "lab",
    "col",
    "fav",
    "harb",
    "neighb",
    "behavi",
    "hon",
    "hum",
    "endeav",
    "flav",
    "sav",
    "vap",
    "arm",
    "od",
    "rum",
)
"""Beginnings of words in -our; by rule alone, mourning would be morning and fourth forth."""
_ENDINGS = (
    ("isation", "ization"),
    ("isations", "izations"),
    ("isational", "izational"),
    ("ise", "ize"),
    ("iser", "izer"),
    ("ised", "ized"),
    ("ising", "izing"),
    ("yse", "yze"),
    ("ysed", "yzed"),
    ("ysing", "yzing"),
    ("isable", "izable"),
    ("ogue", "og"),
    ("ller", "ler"),
    ("lling", "ling"),
    ("lled", "led"),
)
"""Taken only where the result is a word that the dictionary has: exercise stays, organise becomes organize."""


def american(word: str, *, is_word: Callable[[str], bool]) -> str:
    """Return the American spelling of an English word in small letters; the word itself when it has no other spelling.

    Args:
        word: without accents.
        is_word: tells whether an English dictionary has a word.
    """
    if (listed := _listed().get(word)) is not None:
        return listed
    for beginning in _BEFORE_OUR:
        if word.startswith(beginning + "our"):
            return beginning + "or" + word[len(beginning) + 3 :]
    for british, ending in _ENDINGS:
        if word.endswith(british) and len(word) > len(british) + 2:
            changed = word.removesuffix(british) + ending
            if is_word(changed) and (british[:2] == "is" or british[:2] == "ys" or not is_word(word)):
                return changed
    return word


@cache
def _listed() -> Mapping[str, str]:
    text = files("corpus.vocabulary").joinpath("data", "word_forms.json").read_text(encoding="utf-8")
    rows: Mapping[str, str] = json.loads(text)["british"]
    return {british: spelled for spelled, several in rows.items() for british in several.split()}
