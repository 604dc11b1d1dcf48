"""A tree in words, so that a person sees how the search was understood."""

from __future__ import annotations

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


def describe(node: Node) -> str:
    """Return the tree as a short English phrase: `street and vendors, not Peru`."""
    match node:
        case And(parts):
            wanted = [describe(part) for part in parts if not isinstance(part, Not)]
            refused = [describe(part.part) for part in parts if isinstance(part, Not)]
            text = _list(wanted, "and") if wanted else "everything"
            return f"{text}, not {_list(refused, 'and not')}" if refused else text
        case Or(parts):
            return f"({_list([describe(part) for part in parts], 'or')})"
        case Most(parts, minimum) if minimum == len(parts):
            return _list([describe(part) for part in parts], "and")
        case Most(parts, minimum):
            words = _list([describe(part) for part in parts], "and")
            return f"most of {words} (at least {minimum} of {len(parts)} words)"
        case Not(part):
            return f"everything, not {describe(part)}"
        case Boosted(part, factor):
            return f"{describe(part)} (weight {factor:g})"
        case _:
            return _describe_leaf(node)


def _describe_leaf(node: Node) -> str:
    match node:
        case Words(text, field) | Concepts(text, _, field):
            return _in_field(text, field)
        case Phrase(text, slop, open_end, field):
            ending = "…" if open_end else ""
            near = f" (within {slop} words)" if slop else ""
            return _in_field(f'exactly "{text.rstrip("*")}{ending}"{near}', field)
        case Prefix(text, field):
            return _in_field(f"a word that begins with {text}", field)
        case Fuzzy(text, distance, field):
            letters = "one letter" if distance == 1 else "two letters"
            return _in_field(f"a word like {text} (up to {letters} different)", field)
        case Values(field, values):
            return f"{field} {_list(list(values), 'or')}"
        case Years(years):
            return f"published in {years}" if years.first == years.last else f"published {years}"
        case Everything():
            return "everything"
    raise AssertionError(node)


def _in_field(text: str, field: str) -> str:
    return f"{text} in {field}" if field else text


def _list(parts: list[str], last: str) -> str:
    if len(parts) > _SHOWN_MAX:
        parts = [*parts[:_SHOWN_MAX], f"{len(parts) - _SHOWN_MAX} more"]
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"
