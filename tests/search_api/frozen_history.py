"""A library before and after much has changed, and what a frozen search must say of it, counted without any engine."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.types import Document, Facet
from corpus.vocabulary import Vocabulary, load_vocabulary
from search_api.query.parameters import SearchQuery
from tests.builders import make_document, make_source, make_tag, sha256_of

ADDED, CHANGED, REMOVED, RETAGGED = 1_000, 200, 50, 60
QUERY = SearchQuery(text="maize", groups=("home_based_workers",))
HELD_BY_THE_GROUP = frozenset({"home_based_workers", "homeworkers"})
"""The group that QUERY asks for, and the one below it in the vocabulary as it is."""
_BEFORE = 400
_OTHERS = ("market", "street", "wages and taxes", "women", "pension", "report of the year")


@dataclass(frozen=True, slots=True)
class History:
    """One library in three states, each in a data folder of its own with the same changes up to there."""

    before: Settings
    after: Settings
    """1,000 documents were added, 200 changed and 50 removed."""
    retagged: Settings
    """And 60 have other tags, and nothing else that is new."""
    documents: Mapping[str, Mapping[str, Document]]
    """By the name of the state, then by id."""


def make_history(folder: Path) -> History:
    """Write the three states."""
    chance = random.Random(7)
    settings = {name: Settings(data_dir=folder / name) for name in ("before", "after", "retagged")}
    library = {each.id: each for each in (_document(n, chance) for n in range(_BEFORE))}
    states = {"before": dict(library)}
    with open_store(settings["before"]) as store:
        store.sources.save(make_source("sample"))
        _save(store, library.values())
    _copy(settings["before"], settings["after"])
    with open_store(settings["after"]) as store:
        ids = chance.sample(sorted(library), CHANGED + REMOVED)
        changed = [_changed(library[each], chance) for each in ids[REMOVED:]]
        for each in ids[:REMOVED]:
            store.documents.remove(each)
            del library[each]
        added = [_document(n, chance) for n in range(_BEFORE, _BEFORE + ADDED)]
        _save(store, [*changed, *added])
        library |= {each.id: each for each in (*changed, *added)}
    states["after"] = dict(library)
    _copy(settings["after"], settings["retagged"])
    with open_store(settings["retagged"]) as store:
        retagged = [replace(library[each], tags=_tags(chance)) for each in chance.sample(sorted(library), RETAGGED)]
        _save(store, retagged, tagger_version="2")
        library |= {each.id: each for each in retagged}
    states["retagged"] = dict(library)
    return History(**settings, documents=states)


def answers(library: Mapping[str, Document], *, held: Iterable[str] = HELD_BY_THE_GROUP) -> set[str]:
    """Return the ids of the documents that QUERY asks for, looked at one by one."""
    wanted = set(held)
    return {
        each.id
        for each in library.values()
        if "maize" in each.title.lower().split() and any(tag.about and tag.concept in wanted for tag in each.tags)
    }


def differences(before: Document, after: Document) -> tuple[bool, bool]:
    """Say whether the file of a document is another, and whether what is shown of it is."""
    names = ("title", "authors", "publisher", "published", "lang", "type", "abstract", "identifiers", "licence", "url")
    return before.sha256 != after.sha256, any(getattr(before, name) != getattr(after, name) for name in names)


def other_vocabulary(*, without_group: bool = False) -> Vocabulary:
    """Return a vocabulary in which homeworkers are no home-based workers; or which has no home-based workers at all."""
    known = load_vocabulary()
    concepts = [concept for facet in Facet for concept in known.concepts(facet).values()]
    changed = [
        replace(each, broader=()) if each.id == "homeworkers" else each
        for each in concepts
        if not (without_group and each.id == "home_based_workers")
    ]
    terms = {facet: tuple(t for t in known.terms(facet) if t.concept != "home_based_workers") for facet in Facet}
    return Vocabulary(changed, terms=lambda: (terms, known.activities), version=f"other-{int(without_group)}")


@cache
def _titles() -> tuple[str, ...]:
    return tuple(f"{first} {second}" for first in _OTHERS for second in _OTHERS)


def _document(number: int, chance: random.Random) -> Document:
    words = [chance.choice(_titles()) for _ in range(chance.randint(1, 5))]
    if chance.random() < 0.6:
        words += ["Maize"] * chance.randint(1, 3)
    chance.shuffle(words)
    name = f"d{number:016x}"
    return make_document(
        name,
        title=" ".join(words),
        sha256=sha256_of(name),
        published=str(chance.randint(1990, 2026)),
        pages=(),
        tags=_tags(chance),
    )


def _tags(chance: random.Random) -> tuple:  # type: ignore[type-arg]
    concept = chance.choice(("home_based_workers", "home_based_workers", "homeworkers", "waste_pickers"))
    return (make_tag(Facet.GROUP, concept, about=chance.random() < 0.85),)


def _changed(document: Document, chance: random.Random) -> Document:
    match chance.randint(0, 4):
        case 0:
            return replace(document, sha256=sha256_of(f"{document.id} new"))
        case 1:
            return replace(document, authors=("A. Author",), sha256=sha256_of(f"{document.id} newer"))
        case 2:  # tags only: no change for a reader
            return replace(document, tags=_tags(chance))
        case 3:  # this takes words away, and brings them
            return replace(document, title=chance.choice(("Nothing of it", "Maize, at last: maize")))
        case _:
            return replace(document, published="1989-02", identifiers={"doi": f"10.1/{document.id}"})


def _save(store: Store, documents: Iterable[Document], *, tagger_version: str = "1") -> None:
    for each in documents:
        store.documents.save(each, tagger_version=tagger_version)


def _copy(source: Settings, target: Settings) -> None:
    target.data_dir.mkdir(parents=True)
    shutil.copy2(source.data_dir / "pushcart.sqlite3", target.data_dir / "pushcart.sqlite3")
