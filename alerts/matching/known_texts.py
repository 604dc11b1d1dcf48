"""What texts of searches ask for, kept in a file: to read 100,000 texts takes a minute, and most were read before.

The file is not a record. It counts for the very code and data that it was made with; otherwise, and where it is missing or damaged,
all texts are read again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
from array import array
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alerts.matching.conditions import Conditions
from alerts.matching.rows import NumberedGroups
from alerts.matching.searches import TextKey
from corpus.private import make_private
from search_api.engines.records import hierarchy_fingerprint
from search_api.query.parameters import YearRange
from search_api.query.plan import Adjacent, Field, HasToken, InYears, Like, OneOf, Plan, StartsWith

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary

_log = logging.getLogger(__name__)
_MADE_BY = ("corpus", "search_api.query", "search_api", "alerts.matching")
"""Packages on whose code and data the meaning of a text depends."""
_LIBRARIES = ("tantivy", "simplemma", "rapidfuzz")
_DATA = (".py", ".json", ".toml")


def digest_of(key: TextKey) -> str:
    """Return what stands for a text in the file."""
    return hashlib.blake2b(repr(key).encode(errors="surrogatepass"), digest_size=16).hexdigest()


def load_known(path: Path, *, vocabulary: Vocabulary, conditions: Conditions) -> dict[str, NumberedGroups]:
    """Return what texts ask for, by their digests; empty when there is not a file that counts.

    Args:
        path: of the file.
        vocabulary: the present one.
        conditions: new ones; those of the file are numbered in it.
    """
    try:
        kept = json.loads(path.read_bytes())
        if kept["made_by"] != _made_by(vocabulary):
            return {}
        leaves = [_leaf_from(each) for each in kept["leaves"]]
        texts = {
            digest: NumberedGroups(array("I", numbers), array("I", sizes), takes_long=takes_long, is_exact=is_exact)
            for digest, numbers, sizes, takes_long, is_exact in kept["texts"]
        }
        _check(texts, highest=2 * len(leaves) + 1)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, LookupError) as error:
        _log.warning("%s cannot be used, so all saved searches are read again: %s", path, error)
        return {}
    for leaf in leaves:
        conditions.number((leaf, False))
    return texts


def _check(texts: Mapping[str, NumberedGroups], *, highest: int) -> None:
    """Raise ValueError: a text has a condition that is not there, or groups that do not fit its conditions."""
    for each in texts.values():
        if (
            not each.sizes
            or 0 in each.sizes
            or sum(each.sizes) != len(each.conditions)
            or max(each.conditions) > highest
        ):
            raise ValueError("its parts do not fit together")


def save_known(
    path: Path, texts: Mapping[str, NumberedGroups], *, vocabulary: Vocabulary, conditions: Conditions
) -> None:
    """Write the file again, or leave the old one where that fails: nothing depends on it."""
    kept = {
        "made_by": _made_by(vocabulary),
        "leaves": [_leaf_to(leaf) for leaf in conditions.in_order()],
        "texts": [
            [digest, each.conditions.tolist(), each.sizes.tolist(), each.takes_long, each.is_exact]
            for digest, each in texts.items()
        ],
    }
    partial = ""
    try:
        make_private(path.parent)
        descriptor, partial = tempfile.mkstemp(dir=path.parent, prefix=path.stem)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(kept, file, separators=(",", ":"))
        Path(partial).replace(path)
    except OSError as error:
        _log.warning("%s could not be written: %s", path, error)
        if partial:
            Path(partial).unlink(missing_ok=True)


def _leaf_to(leaf: Plan) -> list[Any]:
    match leaf:
        case HasToken(field, token):
            return ["token", field, token]
        case OneOf(name, (value,)):
            return ["value", name, value]
        case StartsWith(field, beginning):
            return ["beginning", field, beginning]
        case Like(field, token, distance):
            return ["like", field, token, distance]
        case Adjacent(field, tokens, slop, open_end):
            return ["phrase", field, [*tokens], slop, open_end]
        case InYears(years):
            return ["years", years.first, years.last]
    raise AssertionError(leaf)


def _leaf_from(stored: list[Any]) -> Plan:
    match stored:
        case ["token", field, token]:
            return HasToken(_FIELDS[field], token)
        case ["value", name, value]:
            return OneOf(name, (value,))
        case ["beginning", field, beginning]:
            return StartsWith(_FIELDS[field], beginning)
        case ["like", field, token, distance]:
            return Like(_FIELDS[field], token, distance)
        case ["phrase", field, tokens, slop, open_end]:
            return Adjacent(_FIELDS[field], tuple(tokens), slop=slop, open_end=open_end)
        case ["years", first, last]:
            return InYears(YearRange(first, last))
    raise ValueError(f"no condition: {str(stored)[:100]}")


_FIELDS = {field.value: field for field in Field}


def _made_by(vocabulary: Vocabulary) -> str:
    return f"{_code_fingerprint()}-{vocabulary.version}-{hierarchy_fingerprint(vocabulary)}"


@cache
def _code_fingerprint() -> str:
    """Return a hash of all code and data that decide what a text means: no version number has to be raised by hand."""
    digest = hashlib.blake2b(repr([(name, version(name)) for name in _LIBRARIES]).encode(), digest_size=16)
    for package in _MADE_BY:
        _add_files(files(package), digest, is_deep=package == "corpus")
    return digest.hexdigest()


def _add_files(folder: Traversable, digest: hashlib.blake2b, *, is_deep: bool) -> None:
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if each.is_file() and each.name.endswith(_DATA):
            digest.update(f"{each.name}\n".encode())
            digest.update(each.read_bytes())
        elif is_deep and each.is_dir() and each.name != "locale":
            _add_files(each, digest, is_deep=True)
