"""Read the data files of the vocabulary."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from corpus.errors import BadVocabulary
from corpus.types import LANGUAGES, Facet
from corpus.vocabulary.braces import spellings
from corpus.vocabulary.model import Activity, Concept, Strength, Term
from corpus.vocabulary.patterns import parse_pattern
from corpus.vocabulary.place_index import PlaceIndex
from corpus.vocabulary.spelling import plain
from corpus.vocabulary.vocabulary import Vocabulary

Row = Mapping[str, Any]
"""One entry of a data file; the file's own "about" says what its keys mean."""

Lists = Mapping[str, Mapping[str, Sequence[str]]]
"""Words by language and name, declared at the head of a data file and used as `@name`."""

_SECTIONS = "isic"
"""Key of the sections of ISIC in the file of sectors."""
_TERM_FILES = {Facet.SECTOR: "sectors", Facet.GROUP: "groups", Facet.TOPIC: "topics"}
_NAMED_BEFORE = {Facet.SECTOR: (Facet.GROUP, Facet.TOPIC), Facet.GROUP: (Facet.TOPIC,), Facet.TOPIC: ()}
"""The facets whose names win in a search over the strong terms of a facet."""


@cache
def load_vocabulary() -> Vocabulary:
    """Return the vocabulary; read once for each process, the words only when they are requested.

    Raises BadVocabulary: a data file cannot be read.
    """
    regions = {row["id"]: row for row in _rows("regions")}
    concepts = [
        *(_country(row, regions) for row in _rows("countries")),
        *(_region(row, regions) for row in regions.values()),
        *(_section(row) for row in _rows("sectors", key=_SECTIONS)),
        *(_sector(row) for row in _rows("sectors")),
        *(_group(row) for row in _rows("groups")),
        *(_topic(row) for row in _rows("topics")),
    ]
    return Vocabulary(concepts, terms=_words, places=lambda: _place_index(concepts), version=vocabulary_version())


@cache
def vocabulary_version() -> str:
    """Return a fingerprint of every file of the vocabulary: 12 hexadecimal digits, another one when a file changes."""
    digest = hashlib.sha256()
    for file in sorted(files("corpus.vocabulary").joinpath("data").iterdir(), key=lambda each: each.name):
        if file.is_file():
            digest.update(file.name.encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object; a second value of a key would silently be in place of the first.

    Raises ValueError: a key stands there twice.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ValueError(f"{twice!r} stands twice in one object, beside {pairs[0]!r}"[:200])
    return found


@cache
def _file(name: str) -> Mapping[str, Any]:
    text = files("corpus.vocabulary").joinpath("data", f"{name}.json").read_text(encoding="utf-8")
    try:
        found: Mapping[str, Any] = json.loads(text, object_pairs_hook=_without_repeats)
    except ValueError as error:
        raise BadVocabulary(
            f"The vocabulary file {name}.json is not JSON: {error}.", try_next="Check the latest changes to the file."
        ) from error
    return found


def toml_table(name: str) -> Mapping[str, Any]:
    """Return a data file in TOML; `name` is without its ending.

    Raises BadVocabulary: it cannot be read.
    """
    text = files("corpus.vocabulary").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadVocabulary(
            f"The vocabulary file {name}.toml is not TOML: {error}.", try_next="Check the latest changes to the file."
        ) from error


def translation_rows() -> Sequence[Mapping[str, Sequence[str]]]:
    """Return the sets of words that mean the same, each by language: en, es, fr, pt.

    Raises BadVocabulary: the data file cannot be read.
    """
    rows: Sequence[Mapping[str, Sequence[str]]] = _rows("translations")
    return rows


def _place_index(concepts: Sequence[Concept]) -> PlaceIndex:
    names = toml_table("places_names")
    countries = [
        (country, name)
        for key in ("names", "own", "typed")
        for country, several in names[key].items()
        for name in several
    ]
    regions = [(region, name) for region, several in toml_table("places_regions").items() for name in several]
    return PlaceIndex(concepts, countries=countries, regions=regions)


def _rows(name: str, *, key: str = "") -> list[Row]:
    rows: list[Row] = _file(name)[key or name]
    return rows


def _labels(row: Row) -> Mapping[str, str]:
    return dict(zip(LANGUAGES, row["label"], strict=True))


def _aliases(row: Row) -> Mapping[str, tuple[str, ...]]:
    return {lang: tuple(names) for lang, names in row.get("also", {}).items()}


def _chain(region: str, regions: Mapping[str, Row]) -> Iterator[str]:
    """Yield a region and all that hold it, the smallest first."""
    while region:
        yield region
        yield from (row["id"] for row in regions.values() if region in row.get("holds", ()))
        region = regions[region].get("under", "")


def _country(row: Row, regions: Mapping[str, Row]) -> Concept:
    inside = tuple(dict.fromkeys(above for region in row["in"] for above in _chain(region, regions)))
    return Concept(
        id=row["id"],
        facet=Facet.COUNTRY,
        labels=_labels(row),
        aliases=_aliases(row),
        codes={scheme: row[scheme] for scheme in ("iso2", "m49") if row[scheme]},
        related={Facet.REGION: inside},
    )


def _region(row: Row, regions: Mapping[str, Row]) -> Concept:
    above = tuple(_chain(row["id"], regions))[1:]
    return Concept(id=row["id"], facet=Facet.REGION, labels=_labels(row), aliases=_aliases(row), broader=above)


def _section(row: Row) -> Concept:
    letter = row["id"].removeprefix("isic:")
    return Concept(id=row["id"], facet=Facet.SECTOR, labels=_labels(row), codes={"isic4": letter})


def _sector(row: Row) -> Concept:
    sections = dict.fromkeys(f"isic:{code[0]}" for code in row["isic4"].split())
    return Concept(
        id=row["id"],
        facet=Facet.SECTOR,
        labels=_labels(row),
        broader=tuple(sections),
        codes={"isic4": row["isic4"]},
        related={Facet.GROUP: tuple(row.get("groups", ()))},
        note=row.get("note", ""),
    )


def _group(row: Row) -> Concept:
    return Concept(
        id=row["id"],
        facet=Facet.GROUP,
        labels=_labels(row),
        broader=(row["broader"],) if "broader" in row else (),
        codes={scheme: row[scheme] for scheme in ("isic4", "isco08") if scheme in row},
        related={Facet.SECTOR: tuple(row.get("sectors", ()))},
        note=row.get("note", ""),
    )


def _topic(row: Row) -> Concept:
    return Concept(
        id=row["id"],
        facet=Facet.TOPIC,
        labels=_labels(row),
        codes={scheme: row[scheme] for scheme in ("jel", "sdg", "instruments") if scheme in row},
        note=row.get("note", ""),
    )


def _words() -> tuple[Mapping[Facet, tuple[Term, ...]], tuple[Activity, ...]]:
    terms: dict[Facet, tuple[Term, ...]] = {}
    activities: list[Activity] = []
    for facet, name in _TERM_FILES.items():
        found: list[Term] = []
        lists = _file(name).get("lists", {})
        for row in (*_file(name).get(_SECTIONS, ()), *_rows(name)):
            found += _terms(row, lists=lists)
            activities += _activities(row, facet, lists=lists)
        terms[facet] = tuple(found)
    marked = {facet: tuple(_with_names_of_others(facet, terms)) for facet in terms}
    return marked, tuple(activities)


def _with_names_of_others(facet: Facet, terms: Mapping[Facet, Sequence[Term]]) -> Iterator[Term]:
    """Yield the terms of a facet, those whose words name something else in a search marked as such.

    The people of a trade indicate it in a text, and "informal economy" for informal workers. Who searches for them would get
    the whole trade, or all workers, unless that is wanted: then the words are among the names for searching too.
    """
    others = {
        (term.lang, plain(form))
        for other in _NAMED_BEFORE[facet]
        for term in terms[other]
        if term.strength in (Strength.STRONG, Strength.SEARCH)
        for form in term.forms
    }
    for term in terms[facet]:
        is_of_others = term.strength is Strength.STRONG and any(
            (term.lang, plain(form)) in others for form in term.forms
        )
        yield replace(term, is_searched=False) if is_of_others else term


def _terms(row: Row, *, lists: Lists) -> Iterator[Term]:
    concept = row["id"]
    for strength, key in ((Strength.STRONG, "strong"), (Strength.TEXT, "text")):
        for lang, entries in row.get(key, {}).items():
            for entry in entries:
                text, *blocks = entry if isinstance(entry, list) else [entry]
                yield Term(concept, spellings(text), lang, strength, blocks=tuple(blocks))
    for strength, key in ((Strength.STRONG, "regional"), (Strength.WEAK, "weak")):
        for entry in row.get(key, ()):
            yield Term(
                concept,
                spellings(entry["term"]),
                entry["lang"],
                strength,
                where=tuple(entry.get("where", ())),
                needs=tuple(_needs(entry, lists=lists.get(entry["lang"], {}))),
                blocks=tuple(entry.get("block", ())),
            )
    for strength, key in ((Strength.SEARCH, "search"), (Strength.DECOY, "decoys")):
        for lang, entries in row.get(key, {}).items():
            for entry in entries:
                yield Term(concept, spellings(entry), lang, strength)


def _needs(entry: Row, *, lists: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for word in entry.get("need", ()):
        if word.startswith("@"):
            yield from lists[word[1:]]
        else:
            yield word


def _activities(row: Row, facet: Facet, *, lists: Lists) -> Iterator[Activity]:
    for lang, entries in row.get("activities", {}).items():
        for entry in entries:
            known = lists.get(lang, {})
            needs: tuple[str, ...] = ()
            if isinstance(entry, dict):
                text, blocks, needs = entry["does"], entry.get("block", []), tuple(_needs(entry, lists=known))
            else:
                text, *blocks = entry if isinstance(entry, list) else [entry]
            pattern = parse_pattern(text, lists=known)
            yield Activity(row["id"], facet, lang, text, pattern, needs=needs, blocks=tuple(blocks))
