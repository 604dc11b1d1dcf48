"""A tree in words, so that a person sees how the search was understood."""

from __future__ import annotations

from corpus.messages import gettext, ngettext
from corpus.messages.formats import listed
from search_api.query.tree import (
    And,
    Boosted,
    Concepts,
    Everything,
    Fuzzy,
    Most,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Values,
    Words,
    Years,
)

_SHOWN_MAX = 12
"""Parts written out; of more the number is given."""


def describe(node: Node, *, lang: str = "en") -> str:
    """Return the tree as a short phrase: `street and vendors, not Peru`.

    Args:
        node: the tree.
        lang: of the words between those that were typed: en, es, fr or pt.
    """
    match node:
        case And(parts):
            wanted = [describe(part, lang=lang) for part in parts if not isinstance(part, Not)]
            refused = [describe(part.part, lang=lang) for part in parts if isinstance(part, Not)]
            text = _all(wanted, lang=lang) if wanted else gettext("everything", lang=lang)
            for place, each in enumerate(refused):
                text = (
                    gettext("{words} and not {others}", words=text, others=each, lang=lang)
                    if place
                    else gettext("{words}, not {others}", words=text, others=each, lang=lang)
                )
            return text
        case Or(parts):
            return f"({listed(_shown([describe(part, lang=lang) for part in parts], lang=lang), lang=lang)})"
        case Most(parts, minimum):
            words = _all([describe(part, lang=lang) for part in parts], lang=lang)
            if minimum == len(parts):
                return words
            return gettext(
                "most of {words} (at least {minimum} of {count} words)",
                words=words,
                minimum=minimum,
                count=len(parts),
                lang=lang,
            )
        case Not(part):
            everything = gettext("everything", lang=lang)
            return gettext("{words}, not {others}", words=everything, others=describe(part, lang=lang), lang=lang)
        case Boosted(part, factor):
            return gettext(
                "{words} (weight {factor})", words=describe(part, lang=lang), factor=f"{factor:g}", lang=lang
            )
        case _:
            return _describe_leaf(node, lang=lang)


def _describe_leaf(node: Node, *, lang: str) -> str:
    match node:
        case Words(text, field) | Concepts(text, _, field):
            return _in_field(text, field, lang=lang)
        case Phrase(text, slop, open_end, field):
            words = f"{text.rstrip('*')}{'…' if open_end else ''}"
            message = (
                gettext('exactly "{words}" (within {count} words)', words=words, count=slop, lang=lang)
                if slop
                else gettext('exactly "{words}"', words=words, lang=lang)
            )
            return _in_field(message, field, lang=lang)
        case Prefix(text, field):
            return _in_field(gettext("a word that begins with {text}", text=text, lang=lang), field, lang=lang)
        case Fuzzy(text, distance, field):
            message = (
                gettext("a word like {text} (up to one letter different)", text=text, lang=lang)
                if distance == 1
                else gettext("a word like {text} (up to two letters different)", text=text, lang=lang)
            )
            return _in_field(message, field, lang=lang)
        case Values(field, values):
            return f"{field} {listed(_shown([*values], lang=lang), lang=lang)}"
        case Years(years) if years.first == years.last:
            return gettext("published in {years}", years=years, lang=lang)
        case Years(years):
            return gettext("published {years}", years=years, lang=lang)
        case Everything():
            return gettext("everything", lang=lang)
    raise AssertionError(node)


def _in_field(text: str, field: str, *, lang: str) -> str:
    return gettext("{words} in {field}", words=text, field=field, lang=lang) if field else text


def _all(parts: list[str], *, lang: str) -> str:
    return listed(_shown(parts, lang=lang), last="and", lang=lang)


def _shown(parts: list[str], *, lang: str) -> list[str]:
    left = len(parts) - _SHOWN_MAX
    return [*parts[:_SHOWN_MAX], ngettext("{count} more", "{count} more", left, lang=lang)] if left > 0 else parts
