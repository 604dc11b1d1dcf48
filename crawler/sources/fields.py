"""The types of fields in source files: each checks what a person wrote, and says what to write instead.

JMESPath expressions are such a type. Loads neither Scrapy nor any spider.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import jmespath
import re2
from cssselect import SelectorError
from jmespath import functions
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult
from parsel import Selector as Markup
from parsel.csstranslator import HTMLTranslator
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from corpus.fuzzy import nearest_name
from corpus.types import LOCAL_SOURCE
from corpus.urls import is_web_address
from crawler.pages.html_parts import fold, plain_text

SLUG = r"[a-z0-9][a-z0-9-]{0,62}"
"""What a slug may look like, as a regular expression."""
_REGEX_MEMORY_BYTES_MAX = 4 << 20
"""What one compiled expression may take."""
_LOOK_AROUND = re.compile(r"\(\?(?:<?[=!]|>|\()")
_BACK_REFERENCE = re.compile(r"\\[1-9]|\(\?P=")
_XPATH_TEXTS = re.compile(r"'[^']*'|\"[^\"]*\"")
_REGEX_CALL = re.compile(r"\bre\s*:")


def refusal(message: str, *, try_next: str = "", key: str = "") -> PydanticCustomError:
    """Return the error that a validator raises.

    Args:
        message: what follows the name of the field and a colon; a whole sentence when `key` is given.
        try_next: what to write instead, when the message does not say it.
        key: the field that is meant, for a validator of a whole table; empty: the field that is validated.
    """
    return PydanticCustomError("refused", "{message}", {"message": message, "try_next": try_next, "key": key})


def matches(regex: str, text: str) -> bool:
    """Say whether a regular expression is found anywhere in a text. Takes time linear in the length of the text."""
    return compiled(regex).search(text.encode("utf-8", "replace").decode()) is not None


@lru_cache(maxsize=1024)
def compiled(regex: str) -> Any:
    """Return an expression compiled by RE2, none of whose expressions can loop. Raises re2.error, UnicodeEncodeError."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _REGEX_MEMORY_BYTES_MAX
    return re2.compile(regex, options)


def _regex(text: str) -> str:
    try:
        compiled(text)
    except (re2.error, UnicodeEncodeError) as error:
        raise refusal(f"{text!r} is not a regular expression ({_why_no_regex(text, error)}).") from error
    return text


def _why_no_regex(text: str, error: Exception) -> str:
    plain = re.sub(r"\\\\|\\[^1-9]", "", text)  # what is escaped is no group and no reference
    if isinstance(error, UnicodeEncodeError):
        return "it has half of a character"
    if _LOOK_AROUND.search(plain):
        return (
            "look-ahead and look-behind can take for ever and are not supported; write what must not be there in `deny`"
        )
    if _BACK_REFERENCE.search(plain):
        return "references back to a group can take for ever and are not supported"
    reason = error.args[0] if error.args else ""
    reason = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    if "too large" in reason or "repetition size" in reason:
        return f"it is too large: {reason}; use a smaller number of repetitions"
    return reason


def _xpath(text: str) -> str:
    """Return a selector, written `css:...`, `xpath:...` or as plain CSS, as XPath."""
    if text.startswith("xpath:") and _REGEX_CALL.search(_XPATH_TEXTS.sub("", text)):
        raise refusal(
            f"{text!r} calls a function of `re:`, and regular expressions in selectors can take for ever.",
            try_next="Use contains() or starts-with(), or leave addresses out with `deny`.",
        )
    try:
        if text.startswith("xpath:"):
            path = text.removeprefix("xpath:").strip()
        else:
            path = str(HTMLTranslator().css_to_xpath(text.removeprefix("css:").strip())) if text else ""
        Markup(text="<a/>", type="xml").xpath(path or ".")
    except (SelectorError, ValueError) as error:
        raise refusal(f"{text!r} is not a selector ({error}).") from error
    return path


def _listed(value: object) -> object:
    """Return a list as the tuple that the models hold; one text stands for a list of one."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def _slug(slug: str) -> str:
    if not re.fullmatch(SLUG, slug):
        raise refusal(f"{slug!r} may have small letters, digits and hyphens only, 63 at most.")
    if slug == LOCAL_SOURCE:
        raise refusal(f"{slug!r} belongs to a person's own documents.", try_next="Choose another.")
    return slug


def _web_address(address: str) -> str:
    if not is_web_address(address) or re.search(r"\s", address):
        raise refusal(f"{address!r} is not a web address; it must begin with http:// or https://.")
    return address


def _page_address(address: str) -> str:
    if address and (address.count("{page}") != 1 or not is_web_address(address)):
        raise refusal("must be a web address with {page} in it, once.")
    return address


def _host_and_port(place: str) -> str:
    if place and (not is_web_address(f"http://{place}") or not re.fullmatch(r"[^/@?#\s]+:\d+", place)):
        raise refusal(f"{place!r} is not a host with a port; write it as 127.0.0.1:8001.")
    return place


def _country(code: str) -> str | None:
    if code and not re.fullmatch("[A-Z]{3}", code):
        raise refusal(f"{code!r} is not a country code; write the three capitals of ISO 3166, such as ZAF.")
    return code or None


def _language(code: str) -> str:
    if not re.fullmatch("[a-z]{2,3}", code):
        raise refusal(f"{code!r} is not a language code; write ISO 639 codes such as en, es.")
    return code


def _hours(value: object) -> object:
    """Read `"22:00-06:00"`; empty: at any time."""
    if not isinstance(value, str):
        return value
    begin, _, end = value.partition("-")
    try:
        hours = (time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())) if value.strip() else None
    except ValueError as error:
        raise refusal(f"{value!r} is not a span of hours; write it as 22:00-06:00.") from error
    if hours and hours[0] == hours[1]:
        raise refusal("it begins when it ends; leave it out to ask at any time.")
    return hours


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise refusal(f"{name!r} is not a time zone; write it as Africa/Accra.") from error
    return name


def _name_and_value(pair: str) -> str:
    if not pair.partition("=")[0].strip() or "=" not in pair:
        raise refusal(f"{pair!r} must be written as name=value.")
    return pair


def _since_join(join: str) -> str:
    if join and not ("{given}" in join and "{since}" in join):
        raise refusal("must have {given} and {since} in it.")
    return join


def _format(name: str) -> Any:
    """Name what a text is, in the JSON Schema."""
    return Field(json_schema_extra={"format": name})


AS_LIST = BeforeValidator(_listed, json_schema_input_type=str | list[str])
Text = Annotated[str, Field(min_length=1)]
"""Not empty."""
Texts = Annotated[tuple[Text, ...], AS_LIST]
SmallTexts = Annotated[tuple[Annotated[Text, AfterValidator(str.casefold)], ...], AS_LIST]
"""In small letters."""
Slug = Annotated[str, AfterValidator(_slug), Field(json_schema_extra={"pattern": f"^{SLUG}$"})]
Addresses = Annotated[tuple[Annotated[str, AfterValidator(_web_address)], ...], Field(min_length=1), AS_LIST]
PageAddress = Annotated[str, AfterValidator(_page_address)]
HostAndPort = Annotated[str, AfterValidator(_host_and_port)]
Country = Annotated[
    str | None,
    AfterValidator(lambda code: _country(code or "")),
    WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$"}),
]
Languages = Annotated[tuple[Annotated[str, AfterValidator(_language)], ...], AS_LIST]
Hours = Annotated[tuple[time, time] | None, BeforeValidator(_hours), WithJsonSchema({"type": "string"})]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Regexes = Annotated[tuple[Annotated[Text, AfterValidator(_regex)], ...], AS_LIST, _format("regex")]
Selector = Annotated[str, AfterValidator(_xpath), _format("selector")]
"""Held as XPath; empty: none."""
Parameters = Annotated[tuple[Annotated[str, AfterValidator(_name_and_value)], ...], AS_LIST]
SinceJoin = Annotated[str, AfterValidator(_since_join)]


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
