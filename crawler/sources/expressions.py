"""JMESPath expressions in source files, as a type of field: checked when a file is read. Loads neither Scrapy nor any spider."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any

import jmespath
from jmespath import functions
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult
from pydantic import BeforeValidator, WithJsonSchema

from corpus.fuzzy import nearest_name
from crawler.pages.html_parts import fold, plain_text
from crawler.sources.fields import refusal

WORDS_MAX = 50_000
"""Longest text that is put together from an index of its words: positions in a hostile answer can be any number."""

_DATE_BOUNDS = ((1000, 2200), (1, 12), (1, 31))


class Unreadable(Exception):
    """An expression meets a value of a kind that it cannot work with; the message is for a librarian."""


class Functions(functions.Functions):  # type: ignore[misc]
    """What expressions can call besides the functions of JMESPath. Each gives null for what it cannot work with."""

    @functions.signature({"types": []})  # type: ignore[untyped-decorator]
    def _func_plain(self, markup: Any) -> str | None:
        """Return the text of HTML or XML markup."""
        return plain_text(markup) if isinstance(markup, str) else None

    @functions.signature({"types": []})  # type: ignore[untyped-decorator]
    def _func_text_of_index(self, index: Any) -> str | None:
        """Return the text whose words an object lists with their positions (0-based): `{"work": [1, 4], ...}`."""
        if not isinstance(index, dict):
            return None
        placed = {
            place: word
            for word, places in index.items()
            for place in (places if isinstance(places, list) else ())
            if isinstance(place, int) and 0 <= place < WORDS_MAX
        }
        return " ".join(placed[place] for place in sorted(placed)) or None

    @functions.signature({"types": []})  # type: ignore[untyped-decorator]
    def _func_date_of_parts(self, parts: Any) -> str | None:
        """Return `2024-03-05`, `2024-03` or `2024` from [[2024, 3, 5]], [2024, 3] or [2024]."""
        return date_of_parts(parts) or None

    @functions.signature({"types": []})  # type: ignore[untyped-decorator]
    def _func_date_of_seconds(self, seconds: Any) -> str | None:
        """Return the day (UTC) of a moment in seconds since 1970."""
        try:
            return datetime.fromtimestamp(float(seconds), UTC).date().isoformat()
        except (TypeError, ValueError, OverflowError, OSError):
            return None


_OPTIONS = jmespath.Options(custom_functions=Functions())


@dataclass(frozen=True, slots=True)
class Expression:
    """One expression of a mapping, checked."""

    text: str

    def value_in(self, value: Any) -> Any:
        """Return what it finds; None when there is nothing.

        Raises Unreadable: a function in it cannot work with what it was given.
        """
        try:
            return _parsed(self.text).search(value, options=_OPTIONS)
        except (JMESPathError, RecursionError) as error:
            raise Unreadable(fold(str(error))[:200]) from error


def read_expression(text: object) -> object:
    """Return an expression for the text of one; None for an empty text. For pydantic: what is no text is returned as it is.

    Raises PydanticCustomError: it is not an expression, or it calls a function that does not exist.
    """
    if not isinstance(text, str) or not text.strip():
        return None if text == "" else text
    try:
        parsed = _parsed(text.strip())
    except JMESPathError as error:
        raise refusal(f"{text!r} is not a JMESPath expression ({fold(str(error).splitlines()[0])}).") from error
    for name, given in _calls(parsed.parsed):
        if name not in Functions.FUNCTION_TABLE:
            close = nearest_name(name, Functions.FUNCTION_TABLE, alike=0.6)
            raise refusal(f"no function is called {name}.", try_next=f"Did you mean {close}()?" if close else "")
        signature = Functions.FUNCTION_TABLE[name]["signature"]
        is_variadic = bool(signature) and bool(signature[-1].get("variadic"))
        if given < len(signature) or (given > len(signature) and not is_variadic):
            raise refusal(f"{name} takes {len(signature)} values, and is given {given}.")
    return Expression(text.strip())


_SCHEMA = WithJsonSchema({"type": "string", "format": "jmespath"})
OptionalExpression = Annotated[Expression | None, BeforeValidator(read_expression), _SCHEMA]
"""The type of a field that may hold an expression; an empty text means none."""
RequiredExpression = Annotated[Expression, BeforeValidator(read_expression), _SCHEMA]


def date_of_parts(parts: Any) -> str:
    """Return an ISO date from its numbers, as `2024-03-05`, `2024-03` or `2024`; empty when they are none."""
    while isinstance(parts, list) and len(parts) == 1 and isinstance(parts[0], list):
        parts = parts[0]
    if not isinstance(parts, list) or not parts:
        return ""
    numbers: list[int] = []
    for part, (least, most) in zip(parts, _DATE_BOUNDS, strict=False):
        is_number = not isinstance(part, bool) and str(part).strip().isdecimal() and len(str(part)) < 6
        if not is_number or not least <= int(part) <= most:
            break
        numbers.append(int(part))
    if not numbers:
        return ""
    return "-".join((f"{numbers[0]:04d}", *(f"{number:02d}" for number in numbers[1:])))


@lru_cache(maxsize=1024)
def _parsed(text: str) -> ParsedResult:
    return jmespath.compile(text)


def _calls(node: Any) -> Iterator[tuple[str, int]]:
    """Yield the name of each function that a parsed expression calls, and how many values it gives it."""
    if isinstance(node, dict):
        if node.get("type") == "function_expression":
            yield node["value"], len(node["children"])
        for child in node.get("children", ()):
            yield from _calls(child)
