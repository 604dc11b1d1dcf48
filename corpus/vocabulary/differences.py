"""What differs between two states of the vocabulary's data files: concepts, and the words that indicate them."""

from __future__ import annotations

import json
import subprocess
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from corpus.errors import BadInput
from corpus.messages import sentence
from corpus.types import LANGUAGES
from corpus.vocabulary.model import ANY_LANGUAGE

DataFiles = Mapping[str, Any]
"""What data files hold, by name with its ending: `groups.json`."""
_ENDINGS = (".json", ".toml")
_FOLDER = "corpus/vocabulary/data"
_LANGUAGES = frozenset({*LANGUAGES, ANY_LANGUAGE})
_ABOUT = frozenset({"about", "sources", "reviewed"})
"""Keys of a file that say something of the file itself."""


@dataclass(frozen=True, slots=True, order=True)
class VocabularyEntry:
    """One thing that a data file says of a concept."""

    file: str
    """Without its ending: `groups`."""
    concept: str
    """Id; in files that are no list of concepts the path to the entry."""
    key: str
    """`label`, `strong`, `weak`, `note` ..."""
    lang: str
    """Empty where the entry is of no language."""
    text: str
    """A term as it is written, with its braces; empty for an entry of which there is one only, such as a note."""


@dataclass(frozen=True, slots=True)
class Differences:
    """What a newer state has beside an older one; all is empty where they say the same."""

    concepts_added: tuple[tuple[str, str], ...]
    """File and id."""
    concepts_removed: tuple[tuple[str, str], ...]
    added: tuple[VocabularyEntry, ...]
    """Of concepts that both have."""
    removed: tuple[VocabularyEntry, ...]
    changed: tuple[tuple[VocabularyEntry, str, str], ...]
    """Entries with other conditions, or another value: before, and now."""

    def __bool__(self) -> bool:
        return any((self.concepts_added, self.concepts_removed, self.added, self.removed, self.changed))


def packaged_files() -> DataFiles:
    """Return the data files of this installation."""
    folder = files("corpus.vocabulary").joinpath("data")
    return {
        each.name: _parsed(each.name, each.read_text(encoding="utf-8"))
        for each in sorted(folder.iterdir(), key=lambda each: each.name)
        if each.name.endswith(_ENDINGS)
    }


def files_at(place: str) -> DataFiles:
    """Return data files that were kept somewhere.

    Args:
        place: a folder, a single file, or a revision of this checkout's git.

    Raises BadInput: it is none of these, or a file cannot be read.
    """
    path = Path(place)
    if "\0" in place or not place:
        raise _no_place(place)
    if path.is_dir():
        ours = packaged_files()
        found = {each.name: each for each in sorted(path.iterdir()) if each.name in ours}
        if not found:
            raise BadInput(
                sentence("The folder {folder} has no data files of a vocabulary.", folder=path),
                try_next=sentence("Name a copy of the folder {folder}.", folder=_FOLDER),
            )
        return {name: _parsed(name, _text_of(each)) for name, each in found.items()}
    if path.is_file():
        return {path.name: _parsed(path.name, _text_of(path))}
    return _files_of_revision(place)


def differences(before: DataFiles, after: DataFiles) -> Differences:
    """Compare the files that both states have; of a single older file, only that. Touches nothing."""
    both = sorted(before.keys() & after.keys())
    old, new = ({name: _entries(name, state[name]) for name in both} for state in (before, after))
    concepts = [{(entry.file, entry.concept) for name in both for entry in state[name]} for state in (old, new)]
    came, went = concepts[1] - concepts[0], concepts[0] - concepts[1]
    old_all = {entry: value for name in both for entry, value in old[name].items()}
    new_all = {entry: value for name in both for entry, value in new[name].items()}
    return Differences(
        concepts_added=tuple(sorted(came)),
        concepts_removed=tuple(sorted(went)),
        added=tuple(sorted(e for e in new_all.keys() - old_all.keys() if (e.file, e.concept) not in came)),
        removed=tuple(sorted(e for e in old_all.keys() - new_all.keys() if (e.file, e.concept) not in went)),
        changed=tuple(
            (entry, old_all[entry], new_all[entry])
            for entry in sorted(old_all.keys() & new_all.keys())
            if old_all[entry] != new_all[entry]
        ),
    )


def _parsed(name: str, text: str) -> Any:
    try:
        return json.loads(text) if name.endswith(".json") else tomllib.loads(text)
    except ValueError as error:
        raise BadInput(
            sentence("{file} cannot be read: {error}", file=name, error=error),
            try_next=sentence("Give data files of a vocabulary: JSON or TOML."),
        ) from error


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise BadInput(
            sentence("{file} cannot be read: {error}", file=path, error=error),
            try_next=sentence("Give data files of a vocabulary: JSON or TOML."),
        ) from error


def _files_of_revision(revision: str) -> DataFiles:
    listed = _git("ls-tree", "--name-only", "--end-of-options", revision, f"{_FOLDER}/", revision=revision)
    names = [name.rpartition("/")[2] for name in listed.splitlines() if name.endswith(_ENDINGS)]
    if not names:
        raise _no_place(revision)
    return {
        name: _parsed(name, _git("show", "--end-of-options", f"{revision}:{_FOLDER}/{name}", revision=revision))
        for name in names
    }


def _git(*words: str, revision: str) -> str:
    root = Path(__file__).resolve().parents[2]
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, check=False, timeout=60)  # noqa: S603, S607
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise _no_place(revision) from error
    if done.returncode:
        raise _no_place(revision)
    return done.stdout.decode(errors="replace")


def _no_place(place: str) -> BadInput:
    return BadInput(
        sentence("{place} is not a folder, a file or a revision of this checkout.", place=place[:120]),
        try_next=sentence(
            "Name a copy of the folder {folder}, one file of it, or a revision such as HEAD~5.", folder=_FOLDER
        ),
    )


# ---------------------------------------------------------------------- files as entries


def _entries(name: str, content: Any) -> dict[VocabularyEntry, str]:
    """Return everything that a file says of its concepts, with its conditions or value as text."""
    file = name.rpartition(".")[0]
    found: dict[VocabularyEntry, str] = {}
    for concept, key, value in _concepts(content):
        for lang, text, rest in _leaves(key, value):
            found[VocabularyEntry(file, concept, key, lang, text)] = rest
    return found


def _concepts(content: Any, path: str = "") -> Iterator[tuple[str, str, Any]]:
    """Yield id, key and value of each thing that is said: of rows with ids, else by the path to it."""
    if not isinstance(content, Mapping):
        return
    for key, value in content.items():
        if not path and key in _ABOUT:
            continue
        if isinstance(value, Sequence) and value and all(isinstance(row, Mapping) and "id" in row for row in value):
            for row in value:
                yield str(row["id"]), "id", ""
                yield from ((str(row["id"]), name, message) for name, message in row.items() if name != "id")
        elif isinstance(value, Mapping) and not value.keys() <= _LANGUAGES:
            yield from _concepts(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", "entries", value


def _leaves(key: str, value: Any) -> Iterator[tuple[str, str, str]]:
    """Yield language, text, and what else is said of it, of each entry of a value."""
    if key == "label" and isinstance(value, Sequence) and not isinstance(value, str):
        yield from ((lang, "", str(label)) for lang, label in zip(LANGUAGES, value, strict=False))
    elif isinstance(value, Mapping):
        for lang, entries in value.items():
            yield from ((str(lang), text, rest) for _, text, rest in _leaves("", entries))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield from map(_leaf, value)
    else:
        yield "", "", _as_text(value)


def _leaf(entry: Any) -> tuple[str, str, str]:
    if isinstance(entry, Mapping):
        rest = {name: message for name, message in entry.items() if name not in ("lang", "term")}
        if "term" in entry:
            return str(entry.get("lang", "")), str(entry["term"]), _as_text(rest) if rest else ""
        return "", _as_text(entry), ""
    if isinstance(entry, Sequence) and not isinstance(entry, str) and entry:
        return "", str(entry[0]), _as_text(entry[1:])
    return "", _as_text(entry), ""


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
