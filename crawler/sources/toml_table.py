"""Read one table of a TOML file strictly: wrong kinds and unknown keys are refused with file and line number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cssselect import SelectorError
from parsel import Selector
from parsel.csstranslator import HTMLTranslator

from corpus.errors import BadSource
from corpus.fuzzy import nearest_name
from crawler.sources.patterns import BadPattern, Pattern

_XPATH_TEXTS = re.compile(r"'[^']*'|\"[^\"]*\"")
_CALLS_RE = re.compile(r"\bre\s*:")


class BadKey(BadSource):
    """One key of a source file cannot be used."""

    def __init__(self, plain: str, *, path: Path, key: tuple[str, ...], line: int, try_next: str) -> None:
        super().__init__(f"{path}, line {line}: {plain}", try_next=try_next)
        self.plain = plain
        """The message without file and line."""
        self.key = key
        """Names of the tables around it, then its own."""
        self.line = line
        """1-based; of its table, or 1, when it is missing."""


class TomlTable:
    """A table whose keys are taken one by one; what is left at the end is unknown."""

    def __init__(self, values: Mapping[str, Any], *, path: Path, text: str, name: str = "") -> None:
        self._values = dict(values)
        self._path = path
        self._text = text
        self._name = name
        self._taken: set[str] = set()

    def word(self, key: str, *, default: str | None = None) -> str:
        """Return a text; `default` None means that the key must be there and not be empty."""
        value = self._take(key, default, kind=str, words="a text in quotation marks")
        if default is None and not value.strip():
            raise self.refusal(key, f"`{key}` is empty.")
        return str(value).strip()

    def words(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """Return a list of texts; one text stands for a list of one."""
        value = self._take(key, None if required else [], kind=(list, str), words="a list of texts")
        given = [value] if isinstance(value, str) else value
        if not all(isinstance(each, str) and each.strip() for each in given):
            raise self.refusal(key, f"`{key}` is a list of texts, none of them empty.")
        if required and not given:
            raise self.refusal(key, f"`{key}` is empty.")
        return tuple(each.strip() for each in given)

    def one_of(self, key: str, choices: tuple[str, ...], *, default: str | None = None) -> str:
        """Return a text that must be one of `choices`."""
        value = self.word(key, default=default)
        if value not in choices:
            raise self.refusal(key, f"`{key}` is {value!r}; it can be {', '.join(choices)}.")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        return bool(self._take(key, default, kind=bool, words="true or false"))

    def whole(self, key: str, *, default: int, least: int = 0) -> int:
        """Return a whole number, not below `least`."""
        value = self._take(key, default, kind=int, words="a whole number")
        if value < least:
            raise self.refusal(key, f"`{key}` is {value}; it must be {least} or more.")
        return int(value)

    def number(self, key: str, *, default: float, least: float = 0.0) -> float:
        """Return a number, not below `least`."""
        value = self._take(key, default, kind=(int, float), words="a number")
        if value < least:
            raise self.refusal(key, f"`{key}` is {value}; it must be {least:g} or more.")
        return float(value)

    def patterns(self, key: str) -> tuple[Pattern, ...]:
        """Return regular expressions, checked."""
        checked = []
        for text in self.words(key):
            try:
                checked.append(Pattern(text))
            except BadPattern as error:
                raise self.refusal(key, f"`{key}`: {text!r} is no regular expression ({error}).") from error
        return tuple(checked)

    def selector(self, key: str) -> str:
        """Return a selector as XPath; empty when not given. Written `css:...`, `xpath:...`, or plain CSS.

        The functions `re:test`, `re:match` and `re:replace` are refused: their expressions can take for ever.
        """
        given = self.word(key, default="")
        if not given:
            return ""
        if given.startswith("xpath:") and _CALLS_RE.search(_XPATH_TEXTS.sub("", given)):
            raise self.refusal(
                key,
                f"`{key}`: {given!r} calls a function of `re:`, and regular expressions in selectors can take for ever.",
                try_next="Use contains() or starts-with(), or leave addresses out with `deny`.",
            )
        try:
            if given.startswith("xpath:"):
                path = given.removeprefix("xpath:").strip()
            else:
                path = HTMLTranslator().css_to_xpath(given.removeprefix("css:").strip())
            Selector(text="<a/>", type="xml").xpath(path)
        except (SelectorError, ValueError) as error:
            raise self.refusal(key, f"`{key}`: {given!r} is no selector ({error}).") from error
        return path

    def table(self, key: str) -> TomlTable:
        """Return the table of that name; an empty one when it is not given."""
        value = self._take(key, {}, kind=dict, words="a table")
        name = f"{self._name}.{key}" if self._name else key
        return TomlTable(value, path=self._path, text=self._text, name=name)

    def has(self, key: str) -> bool:
        """Say whether a key is given."""
        return key in self._values

    @property
    def is_empty(self) -> bool:
        """Return whether nothing stands in the table, or it is not given."""
        return not self._values

    def end(self) -> None:
        """Refuse whatever was not asked for.

        Raises BadSource: a key is unknown.
        """
        for key in self._values:
            if key not in self._taken:
                close = nearest_name(key, self._taken, alike=0.5)
                place = f" in [{self._name}]" if self._name else ""
                hint = f"Did you mean `{close}`?" if close else "docs/sources.md lists every key."
                raise self.refusal(key, f"No key{place} is called `{key}`.", try_next=hint)

    def refusal(self, key: str, message: str, *, try_next: str = "See docs/sources.md.") -> BadKey:
        """Return the error that names file and line of a key."""
        place = (*self._name.split("."), key) if self._name else (key,)
        line = line_of_key(self._text, place)
        return BadKey(message, path=self._path, key=place, line=line, try_next=try_next)

    def _take(self, key: str, default: Any, *, kind: type | tuple[type, ...], words: str) -> Any:
        self._taken.add(key)
        if key not in self._values:
            if default is None:
                raise self.refusal(key, f"`{key}` is missing.")
            return default
        value = self._values[key]
        # bool is an int for Python, and not for a person
        is_wrong = not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)
        if is_wrong:
            raise self.refusal(key, f"`{key}` must be {words}, and is {value!r}.")
        return value


def line_of_key(text: str, key: tuple[str, ...]) -> int:
    """Return the 1-based line of a key of TOML text, or of its table when the key is not there, or 1.

    Args:
        key: names of the tables around it, then its own.
    """
    table, name = ".".join(key[:-1]), key[-1]
    at, table_line = "", 1
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[+\s*([\w.\-]+)\s*\]+", line):
            at = header[1]
            if at == table:
                table_line = number
            if at == ".".join(key):
                return number
        elif (at == table and _opens(line, name)) or _opens_inline(line, table, at=at):
            return number
    return table_line


def _opens(line: str, name: str) -> bool:
    return bool(re.match(rf"\s*[\"']?{re.escape(name)}[\"']?\s*[=.]", line))


def _opens_inline(line: str, table: str, *, at: str) -> bool:
    """Say whether a line opens a table that is written inline: `documents_per_run = { ... }`."""
    parent, _, own = table.rpartition(".")
    return bool(own) and at == parent and bool(re.match(rf"\s*{re.escape(own)}\s*=\s*\{{", line))
