"""Find and read source files: the built-in ones, and a person's own beside them. Every problem is named with its line.

Which sources were verified live, and when, stands in a file in the data folder: source files lie in the package, in a
repository, or can only be read. A source whose rules were changed since counts as unverified again.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from corpus.errors import BadSource
from corpus.fuzzy import nearest_name
from corpus.messages import sentence
from corpus.settings import Settings
from crawler.sources.model import PROTOCOLS, AddressesSource, AnySource, SourceFile

NAME = "verified-sources.json"
_PLAIN = frozenset(
    ("name", "note", "licence", "languages", "country", "show", "verified", "polite", "expect", "schedule")
)
"""Keys that do not decide what is asked and what is taken."""


def with_dates(sources: Iterable[SourceFile], settings: Settings) -> tuple[SourceFile, ...]:
    """Return sources, those that were verified as they are now with the day on which they were."""
    kept = _read(settings)
    return tuple(source.as_verified(day) if (day := _day_of(source, kept)) else source for source in sources)


def mark_verified(source: SourceFile, *, on: date, settings: Settings) -> None:
    """Remember that a source was verified. May be repeated; the data folder is made when it is not there."""
    assert source.path is not None
    kept = {**_read(settings), source.slug: [on.isoformat(), _digest(source.path)]}
    path = settings.data_dir / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    new.replace(path)


def _day_of(source: SourceFile, kept: Mapping[str, list[str]]) -> date | None:
    if source.slug not in kept or source.path is None:
        return None
    day, digest = kept[source.slug]
    return date.fromisoformat(day) if digest == _digest(source.path) else None


def _read(settings: Settings) -> dict[str, list[str]]:
    try:
        kept: dict[str, list[str]] = json.loads((settings.data_dir / NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return kept


def _digest(path: Path) -> str:
    """Name what a source file asks for and takes; its words to people and its pace do not count."""
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    deciding = {key: value for key, value in values.items() if key not in _PLAIN}
    return sha256(json.dumps(deciding, sort_keys=True, default=str).encode()).hexdigest()[:16]


REFERENCE = "docs/source-files.md"
"""The page that lists every key."""
ANY_SOURCE: TypeAdapter[SourceFile] = TypeAdapter(AnySource)
_TYPES: Mapping[str, str] = {
    "string": "a text in quotation marks",
    "enum": "a text in quotation marks",
    "int": "a whole number",
    "float": "a number",
    "finite": "a number",
    "bool": "true or false",
    "tuple": "a list of texts",
    "dict": "a table",
    "model": "a table",
    "dataclass": "a text in quotation marks",
}
"""By the beginning of pydantic's name of an error: what a value must be."""
_MISSING: Mapping[tuple[str, ...], tuple[str, str]] = {
    ("api",): (
        "`[api]` is missing: it says how the API is read.",
        "Name a built-in mapping with `kind`, or write `records`.",
    ),
    ("api", "records"): (
        "`records` is missing: it says where in an answer the list of records is.",
        "Or name a built-in mapping with `kind`.",
    ),
}


class Weight(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    """The file cannot be used, or cannot do what it says."""
    WARNING = "warning"
    """It can be used; a person should look."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a person should know of a source file."""

    path: Path
    line: int
    """1-based; 1 also for what concerns the whole file."""
    weight: Weight
    message: str
    try_next: str = ""


def own_folder(settings: Settings) -> Path:
    """Return the folder of a person's own source files; it need not be there unless a setting names it.

    Raises BadSource: the folder that a setting names is not there.
    """
    own = settings.sources_dir or settings.data_dir / "sources"
    if settings.sources_dir is not None and not own.is_dir():
        raise BadSource(
            sentence("There is no folder {folder}.", folder=str(own)),
            try_next=sentence("Make it, or correct PUSHCART_SOURCES_DIR."),
        )
    return own


def source_paths(settings: Settings) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Return the source files that are built in, and a person's own, each by name. Raises BadSource: see own_folder."""
    built_in, own = (tuple(sorted(folder.glob("*.toml"))) for folder in (_built_in_folder(), own_folder(settings)))
    return built_in, own


def load_sources(settings: Settings) -> tuple[SourceFile, ...]:
    """Return every declared source by slug; a person's own file replaces the built-in one of the same slug.

    Raises BadSource: a file cannot be read, or two of one folder declare the same slug.
    """
    found: dict[str, SourceFile] = {}
    for paths in source_paths(settings):
        here: dict[str, SourceFile] = {}
        for path in paths:
            source = read_source(path)
            if source.slug in here:
                raise BadSource(
                    sentence(
                        "{path} declares the source {slug}, and so does {other}.",
                        path=str(path),
                        slug=repr(source.slug),
                        other=str(here[source.slug].path),
                    ),
                    try_next=sentence("Give one of them another slug."),
                )
            here[source.slug] = source
        found |= here
    return with_dates((found[slug] for slug in sorted(found)), settings)


def read_source(path: Path) -> SourceFile:
    """Read one source file.

    Raises BadSource: it cannot be read, or something in it cannot be used; the message has file and line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSource(
            sentence("{path} cannot be read: {error}.", path=str(path), error=str(error)),
            try_next=sentence("Source files are UTF-8 text."),
        ) from error
    return parse_source(text, path=path)


def parse_source(text: str, *, path: Path) -> SourceFile:
    """Read a source from TOML text; `path` is named in errors.

    Raises BadSource: as read_source.
    """
    source, problems = source_or_problems(text, path=path)
    if source is None:
        first = problems[0]
        raise BadSource(
            sentence("{path}, line {line}: {problem}", path=str(path), line=first.line, problem=first.message),
            try_next=first.try_next,
        )
    return source


def source_or_problems(text: str, *, path: Path) -> tuple[SourceFile | None, tuple[Finding, ...]]:
    """Return a source, or everything that keeps its TOML text from being one, by line. Raises nothing."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        message = f"This is not TOML: {error}. What comes after it was not checked."
        return None, (Finding(path, int(at[1]) if at else 1, Weight.ERROR, message, f"See {REFERENCE}."),)
    try:
        return ANY_SOURCE.validate_python(values, context={"path": path}), ()
    except ValidationError as error:
        problems: dict[tuple[str, ...], Finding] = {}
        for key, message, try_next in _problems(error.errors(), values):
            problems.setdefault(key, Finding(path, line_of_key(text, key), Weight.ERROR, message, try_next))
        return None, tuple(sorted(problems.values(), key=lambda each: each.line))


def _problems(errors: list[ErrorDetails], values: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield the key, the message and the advice of each error."""
    for error in errors:
        if error["type"].startswith("union_tag"):
            yield from _problems_with_protocol(values)
            continue
        # First comes the protocol, whose model was meant; places in lists and in dictionaries have no line of their own.
        key = tuple(name for name in error["loc"][1:] if isinstance(name, str) and name != "[key]")
        context = error.get("ctx", {})
        if own := context.get("key"):
            yield (*key, own), context["message"], context["try_next"]
        else:
            yield key, *_in_words(error, key)


def _problems_with_protocol(values: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield what is wrong with `protocol`, and with all that does not depend on it."""
    given, names = values.get("protocol"), ", ".join(PROTOCOLS)
    if given is None:
        yield ("protocol",), "`protocol` is missing.", f"It can be {names}."
    else:
        close = nearest_name(str(given), PROTOCOLS, alike=0.5)
        hint = f"Did you mean {close!r}?" if close else f"See {REFERENCE}."
        yield ("protocol",), f"`protocol` is {given!r}; it can be {names}.", hint
    others = {key: value for key, value in values.items() if key not in PROTOCOLS}
    try:
        AddressesSource.model_validate({**others, "protocol": "addresses"})
    except ValidationError as error:
        yield from _problems([{**each, "loc": ("addresses", *each["loc"])} for each in error.errors()], values)


def _in_words(error: ErrorDetails, key: tuple[str, ...]) -> tuple[str, str]:
    """Return what is wrong with a key, and what to write."""
    kind, value, context, name = error["type"], error["input"], error.get("ctx", {}), f"`{key[-1]}`"
    hint = f"See {REFERENCE}."
    if kind == "refused":
        between = " " if context["message"].startswith("must ") else ": "
        return f"{name}{between}{context['message']}", context["try_next"] or hint
    if kind == "missing":
        return _MISSING.get(key, (f"{name} is missing.", hint))
    if kind == "extra_forbidden" or (kind == "literal_error" and error["loc"][-1] == "[key]"):
        return _unknown_key(key, str(error["loc"][0]))
    if kind in ("string_too_short", "too_short"):
        return f"{name} is empty.", hint
    if kind == "literal_error" or (kind == "enum" and isinstance(value, str)):
        choices = re.findall(r"'([^']*)'", context["expected"])
        close = nearest_name(str(value), choices, alike=0.5)
        choice = ", ".join(filter(None, choices))
        return f"{name} is {value!r}; it can be {choice}.", f"Did you mean {close!r}?" if close else hint
    if kind.startswith("greater_than"):
        return f"{name} is {value!r}; it must be {context['ge']:g} or more.", hint
    if kind.startswith("less_than"):
        return f"{name} is {value!r}; it must be {context['le']:.12g} or less.", hint
    return f"{name} must be {_TYPES.get(kind.partition('_')[0], 'something else')}, and is {value!r}.", hint


def _unknown_key(key: tuple[str, ...], protocol: str) -> tuple[str, str]:
    table = key[:-1]
    known = _known_keys(PROTOCOLS[protocol], table)
    close = nearest_name(key[-1], known, alike=0.5)
    place = f" in [{'.'.join(table)}]" if table else ""
    if not table and key[-1] in PROTOCOLS:
        return f"The table [{key[-1]}] does not belong to the protocol {protocol}.", f"Use [{protocol}]."
    return (
        f"No key{place} is called `{key[-1]}`.",
        f"Did you mean `{close}`?" if close else f"{REFERENCE} lists every key.",
    )


def _known_keys(model: type[BaseModel], table: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys of a table, by the names of the tables around it and its own."""
    schema = model.model_json_schema()
    at: Any = schema
    for name in (*table, ""):
        while reference := at.get("$ref") or next((each["$ref"] for each in at.get("anyOf", ()) if "$ref" in each), ""):
            at = schema["$defs"][reference.rpartition("/")[2]]
        if not name:
            break
        at = at.get("properties", {}).get(name, {})
    return tuple(at.get("properties") or at.get("propertyNames", {}).get("enum", ()))


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


def _built_in_folder() -> Path:
    return Path(str(resources.files("crawler"))) / "sources" / "builtin"
