"""Find and read source files: the built-in ones, and a person's own beside them."""

from __future__ import annotations

import re
import tomllib
from datetime import time, timedelta
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from corpus.errors import BadSource
from corpus.rights import Show
from corpus.settings import Settings
from corpus.types import LOCAL_SOURCE
from corpus.urls import is_web_address
from crawler.address_rules import read_address_rules
from crawler.declaration import FileRules, Politeness, RunExpectation, Schedule, SourceFile
from crawler.protocols.declared import RULES_OF, ProtocolRules
from crawler.toml_table import TomlTable
from crawler.verified import with_dates

SLUG = r"[a-z0-9][a-z0-9-]{0,62}"
"""What a slug may look like, as a regular expression."""


MINUTES_MAX = 525_600
"""Most minutes that a run may be given: a year."""


def own_folder(settings: Settings) -> Path:
    """Return the folder of a person's own source files; it need not be there unless a setting names it.

    Raises BadSource: the folder that a setting names is not there.
    """
    own = settings.sources_dir or settings.data_dir / "sources"
    if settings.sources_dir is not None and not own.is_dir():
        raise BadSource(f"There is no folder {own}.", try_next="Make it, or correct PUSHCART_SOURCES_DIR.")
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
                    f"{path} declares the source {source.slug!r}, and so does {here[source.slug].path}.",
                    try_next="Give one of them another slug.",
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
        raise BadSource(f"{path} cannot be read: {error}.", try_next="Source files are UTF-8 text.") from error
    return parse_source(text, path=path)


def parse_source(text: str, *, path: Path) -> SourceFile:
    """Read a source from TOML text; `path` is named in errors.

    Raises BadSource: as read_source.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        line = f", line {at[1]}" if at else ""
        raise BadSource(f"{path}{line}: this is not TOML ({error}).", try_next="See docs/sources.md.") from error
    return source_of(TomlTable(values, path=path, text=text), path=path)


def source_of(table: TomlTable, *, path: Path) -> SourceFile:
    """Read a source from the table that is its file. Raises BadKey."""
    source = _source_of(table, path=path)
    table.end()
    return source


def _source_of(table: TomlTable, *, path: Path) -> SourceFile:
    protocol = table.one_of("protocol", tuple(RULES_OF))
    return SourceFile(
        slug=_slug_of(table),
        name=table.word("name"),
        protocol=protocol,
        start=_web_addresses(table, "start"),
        rules=_rules_of(table, protocol),
        homepage=table.word("homepage", default=""),
        connect_to=_connect_to_of(table),
        country=_country_of(table),
        languages=_languages_of(table),
        licence=table.word("licence", default=""),
        show=Show(table.one_of("show", tuple(Show))) if table.has("show") else None,
        verified=table.flag("verified", default=True),
        note=table.word("note", default=""),
        is_sample=table.flag("sample", default=False),
        ignored_kinds=frozenset(kind.casefold() for kind in table.words("ignored_kinds")),
        about=table.patterns("about"),
        files=_files_of(table.table("files")),
        polite=_politeness_of(table.table("polite")),
        expect=_expectation_of(table.table("expect")),
        schedule=_schedule_of(table.table("schedule")),
        path=path,
    )


def _slug_of(table: TomlTable) -> str:
    slug = table.word("slug")
    if not re.fullmatch(SLUG, slug):
        raise table.refusal("slug", f"the slug {slug!r} may have small letters, digits and hyphens only, 63 at most.")
    if slug == LOCAL_SOURCE:
        raise table.refusal(
            "slug", f"the slug {slug!r} belongs to a person's own documents.", try_next="Choose another."
        )
    return slug


def _connect_to_of(table: TomlTable) -> str:
    place = table.word("connect_to", default="")
    if place and (not is_web_address(f"http://{place}") or not re.fullmatch(r"[^/@?#\s]+:\d+", place)):
        raise table.refusal("connect_to", f"`connect_to` is {place!r}; write it as 127.0.0.1:8001.")
    return place


def _country_of(table: TomlTable) -> str | None:
    code = table.word("country", default="")
    if code and not re.fullmatch(r"[A-Z]{3}", code):
        raise table.refusal("country", f"`country` is {code!r}; it must be an ISO 3166 code of three capitals.")
    return code or None


def _languages_of(table: TomlTable) -> tuple[str, ...]:
    languages = table.words("languages")
    if wrong := [code for code in languages if not re.fullmatch(r"[a-z]{2,3}", code)]:
        raise table.refusal("languages", f"`languages` has {wrong[0]!r}; it takes ISO 639 codes such as en, es.")
    return languages


def _web_addresses(table: TomlTable, key: str) -> tuple[str, ...]:
    addresses = table.words(key, required=True)
    for address in addresses:
        if not is_web_address(address) or re.search(r"\s", address):
            raise table.refusal(key, f"`{key}`: {address!r} is no web address; it must begin with http:// or https://.")
    return addresses


def _rules_of(table: TomlTable, protocol: str) -> ProtocolRules:
    own = table.table(protocol)
    rules = RULES_OF[protocol](own)
    own.end()
    return rules


def _files_of(table: TomlTable) -> FileRules:
    rules = FileRules(
        html_text=table.one_of("html_text", ("when_no_pdf", "always", "never"), default="when_no_pdf"),
        html_characters_min=table.whole("html_characters_min", default=500),
        main=table.selector("main"),
        addresses=read_address_rules(table),
        hosts=tuple(host.casefold() for host in table.words("hosts")),
        per_landing_page_max=table.whole("per_landing_page_max", default=10, least=1),
    )
    table.end()
    return rules


def _politeness_of(table: TomlTable) -> Politeness:
    plain = Politeness()
    polite = Politeness(
        delay_seconds=table.number("delay_seconds", default=plain.delay_seconds),
        requests_at_once=table.whole("requests_at_once", default=plain.requests_at_once, least=1),
        retries=table.whole("retries", default=plain.retries),
        retry_gap_seconds=table.number("retry_gap_seconds", default=plain.retry_gap_seconds),
        timeout_seconds=table.number("timeout_seconds", default=plain.timeout_seconds, least=0.1),
        requests_max=table.whole("requests_max", default=plain.requests_max, least=1),
        mebibytes_max=table.whole("mebibytes_max", default=plain.mebibytes_max, least=1),
        minutes_max=_minutes_max_of(table),
        hours=_hours_of(table),
        time_zone=_time_zone_of(table),
        allow_private=table.flag("allow_private", default=plain.allow_private),
    )
    table.end()
    return polite


def _expectation_of(table: TomlTable) -> RunExpectation:
    span = table.table("documents_per_run")
    at_least = span.whole("at_least", default=1)
    at_most = span.whole("at_most", default=-1, least=-1)
    if 0 <= at_most < at_least:
        raise span.refusal("at_most", f"`at_most` ({at_most}) is less than `at_least` ({at_least}).")
    span.end()
    drop_share_max = table.number("drop_share_max", default=RunExpectation().drop_share_max)
    if drop_share_max > 1:
        raise table.refusal("drop_share_max", f"`drop_share_max` is {drop_share_max:g}; it is a share from 0 to 1.")
    table.end()
    return RunExpectation(at_least=at_least, at_most=None if at_most < 0 else at_most, drop_share_max=drop_share_max)


def _schedule_of(table: TomlTable) -> Schedule:
    plain = Schedule()
    schedule = Schedule(
        every=timedelta(days=table.number("every_days", default=plain.every / timedelta(days=1), least=0.01)),
        full_every=timedelta(days=table.number("full_every_days", default=plain.full_every / timedelta(days=1))),
    )
    table.end()
    return schedule


def _minutes_max_of(table: TomlTable) -> int | None:
    """Read `minutes_max`; None when it is not given."""
    minutes = table.whole("minutes_max", default=0)
    if table.has("minutes_max") and not 1 <= minutes <= MINUTES_MAX:
        raise table.refusal("minutes_max", f"`minutes_max` is {minutes}; it must be from 1 to {MINUTES_MAX} (a year).")
    return minutes or None


def _hours_of(table: TomlTable) -> tuple[time, time] | None:
    """Read `hours = "22:00-06:00"`."""
    given = table.word("hours", default="")
    if not given:
        return None
    try:
        begin, _, end = given.partition("-")
        hours = (time.fromisoformat(begin.strip()), time.fromisoformat(end.strip()))
    except ValueError as error:
        raise table.refusal("hours", f"`hours` is {given!r}; write it as 22:00-06:00.") from error
    if hours[0] == hours[1]:
        raise table.refusal("hours", "`hours` begins when it ends; leave it out to ask at any time.")
    return hours


def _time_zone_of(table: TomlTable) -> str:
    name = table.word("time_zone", default="UTC")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise table.refusal(
            "time_zone", f"`time_zone` is {name!r}, which is no time zone; write it as Africa/Accra."
        ) from error
    return name


def _built_in_folder() -> Path:
    return Path(str(resources.files("crawler"))) / "sources"
