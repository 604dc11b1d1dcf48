"""What a person typed or pasted, made plain for the parser: signs of prose and of other engines, years, capitals, brackets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from corpus.messages import sentence
from search_api.analysis import exact, is_in_capitals
from search_api.query.field_values import FILTER_NAMES
from search_api.query.stretches import years_field
from search_api.query.tree import TEXT_FIELDS

DEPTH_MAX = 40
"""Brackets within brackets; deeper ones are read as if they were not there."""
OPERATORS_MAX = 400
"""AND, OR and NOT of one text; some thousands of NOT in a row end the process."""
CAPITALS_WORDS_MAX = 5
"""In a longer text that is all capitals, such as a pasted title, AND, OR and NOT are words like the others."""
YEARS = re.compile(r"(?<![\w:.])([12][0-9]{3}|)\.\.([12][0-9]{3}|)(?![\w.])")
"""Years that are typed as a range without the name of the filter."""

_FIELD_NAMES = (*TEXT_FIELDS, *FILTER_NAMES)

_PLAIN_SIGNS = str.maketrans(
    {**dict.fromkeys("“”„«»″", '"'), **dict.fromkeys("\\{}`", " "), "\x00": " ", "–": "-", "—": "-"}
)

_LEADING_STAR = re.compile(r"(?<!\S)\*\w")
_SIGNS_OF_QUESTION = re.compile(r"[¿¡]|(?<=\w)\s?\?(?=\s|$)")
_DASH_OF_PROSE = re.compile(r"(?<=\s)[-+](?=\s)|(?<=\s)[-+]$|^[-+](?=\s|$)")
_EXCLAMATION = re.compile(r"(?<![^\s(])!(?=[\w\"(])")
_PLUS = re.compile(r"(?<!\S)\+(\w+)(?!\S)")
_INCLUSIVE_ENDING = re.compile(r"(?<=[^\W\d_A-Z]{3})\(\w{1,4}\)\w{0,2}(?!\w)")
"""employé(e)s"""
_REGULAR_EXPRESSION = re.compile(r"(?<!\w)/")
_FIELD = re.compile(r"(?<![^\s:\"()+\-])([^\s:\"()+\-]*+):")
"""Begun at the beginnings of words alone: from within a long word the same end would be looked for again and again."""
_SET = re.compile(r"\bIN(?=\s*\[)")
_OPERATOR = re.compile(r"\b(?:AND|OR|NOT)\b")
_CAPITALS = re.compile(r"\b[^\Wİ]+")  # İ becomes two characters
_CAPITALS_BUT_OPERATORS = re.compile(r"\b(?!(?:AND|OR|NOT)\b)[^\Wİ]+")


@dataclass(frozen=True, slots=True)
class Prose:
    """A text that the parser can take."""

    text: str
    plus: frozenset[str]
    """Words that were typed with a plus: +word."""


def made_plain(text: str, *, note: Callable[[str], None]) -> Prose:
    """Return a text with signs of prose and of other engines made plain.

    Args:
        text: as typed.
        note: told in a sentence what was done otherwise than typed.
    """
    plain = text.translate(_PLAIN_SIGNS)
    if _LEADING_STAR.search(plain):
        note(sentence("Only a star at the end of a word is understood; a star at its beginning was left out."))
    plain = _SIGNS_OF_QUESTION.sub(" ", plain)
    plain = _DASH_OF_PROSE.sub(" ", plain)  # no exclusion
    plain = _EXCLAMATION.sub("NOT ", plain.replace("&&", " AND ").replace("||", " OR "))
    plain = YEARS.sub(years_field, plain)
    plus = frozenset(_PLUS.findall(plain))
    plain = _INCLUSIVE_ENDING.sub("", plain)
    plain = _REGULAR_EXPRESSION.sub(" ", plain)  # would begin one
    plain = _FIELD.sub(lambda match: _field_or_word(match, note=note), plain)
    plain = _SET.sub("in", plain)
    return Prose(_without_deep_brackets(_without_capitals(plain, note=note), note=note), plus)


def _without_capitals(plain: str, *, note: Callable[[str], None]) -> str:
    if len(_OPERATOR.findall(plain)) > OPERATORS_MAX:  # the parser calls itself for each
        note(
            sentence(
                "There are more than {count} of AND, OR and NOT; all were searched for as words.", count=OPERATORS_MAX
            )
        )
        plain = _OPERATOR.sub(lambda match: match.group().lower(), plain)
    if not is_in_capitals(plain):
        return plain
    words = _CAPITALS_BUT_OPERATORS if len(exact(plain)) <= CAPITALS_WORDS_MAX else _CAPITALS
    return words.sub(lambda word: word[0].lower(), plain)


def _field_or_word(match: re.Match[str], *, note: Callable[[str], None]) -> str:
    name = match.group(1)
    follows = match.string[match.end() : match.end() + 1]
    if name.lower() in _FIELD_NAMES and follows and not follows.isspace():
        return f"{name.lower()}:"
    if follows and not follows.isspace() and re.fullmatch(r"[A-Za-z_]{2,20}", name) and follows not in "/:":
        note(sentence("There is no field called {name}; it was searched for as a word.", name=name))
    return f"{name} "


def _without_deep_brackets(plain: str, *, note: Callable[[str], None]) -> str:
    depth = deepest = 0
    for sign in plain:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    if deepest <= DEPTH_MAX:
        return plain
    note(sentence("There are too many brackets within brackets; all brackets were left out."))
    return plain.replace("(", " ").replace(")", " ")


def fault_in_words(fault: Mapping[str, Any], plain: str) -> str:
    """Return what is said of something that tantivy's parser did not understand; empty when it does not say what."""
    message = str(fault.get("message", ""))
    if "delimiter" in message and '"' in message:
        return sentence(
            "The quotation mark at character {position} is never closed; it was closed at the end.",
            position=plain.rfind('"') + 1,
        )
    if "expected ')'" in message:
        return sentence("A bracket is never closed; it was closed at the end.")
    if "keyword" in message:
        return sentence("AND, OR or NOT stands alone and was searched for as a word.")
    if not message:
        return ""
    return sentence(
        "Something near character {position} could not be understood; the words were searched for.",
        position=int(fault.get("pos", 0)) + 1,
    )
