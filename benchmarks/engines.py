"""Both engines side by side, for what compares them: which are asked for, where, under which names."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from corpus.settings import Settings
from corpus.vocabulary import Vocabulary
from search_api.engines.base import SearchEngine
from search_api.engines.opening import open_engine

TANTIVY, ELASTICSEARCH = "tantivy", "elasticsearch"
TIE = 1e-5
"""Scores that differ by less, relative to the larger one, count as equal: the engines add numbers of different width."""


def add_engine_arguments(parser: argparse.ArgumentParser, *, prefix: str) -> None:
    """Let a person choose engines.

    Args:
        parser: of the script.
        prefix: of the names of the script's own indexes in Elasticsearch.
    """
    parser.add_argument(
        "--engine", choices=("both", TANTIVY, ELASTICSEARCH), help="default: both if a server is named, else tantivy"
    )
    parser.add_argument(
        "--elasticsearch-url",
        default=os.environ.get("PUSHCART_TEST_ELASTICSEARCH_URL", ""),
        help="a server to measure on; default: $PUSHCART_TEST_ELASTICSEARCH_URL",
    )
    parser.add_argument("--elasticsearch-prefix", default=prefix, help="of the names of the indexes (%(default)s)")


def settings_of(asked: argparse.Namespace, *, folder: Path) -> dict[str, Settings]:
    """Return the settings of each engine asked for, by its name; all else is as shipped.

    Args:
        asked: has the options of add_engine_arguments.
        folder: data folder of all of them.

    Raises SystemExit: Elasticsearch is asked for and no server is named.
    """
    url: str = asked.elasticsearch_url
    engine: str = asked.engine or ("both" if url else TANTIVY)
    if engine != TANTIVY and not url:
        raise SystemExit("No Elasticsearch is named: set PUSHCART_TEST_ELASTICSEARCH_URL or give --elasticsearch-url.")
    if engine == TANTIVY:
        print("elasticsearch is not measured: not asked for, or no server is named (--elasticsearch-url)")
    both = {
        TANTIVY: Settings(data_dir=folder),
        ELASTICSEARCH: Settings(
            data_dir=folder, elasticsearch_url=url, elasticsearch_prefix=asked.elasticsearch_prefix
        ),
    }
    return both if engine == "both" else {engine: both[engine]}


@contextmanager
def opened(chosen: Mapping[str, Settings], *, vocabulary: Vocabulary) -> Iterator[dict[str, SearchEngine]]:
    """Lend the engines by name; a missing index is an empty one."""
    with ExitStack() as stack:
        engines: dict[str, SearchEngine] = {}
        for name, settings in chosen.items():
            engines[name] = open_engine(settings, vocabulary=vocabulary)
            stack.callback(engines[name].close)
        yield engines


def drop_indexes(chosen: Mapping[str, Settings]) -> None:
    """Take the indexes of a measurement from the server."""
    settings = chosen.get(ELASTICSEARCH)
    if settings is None:
        return
    from search_api.engines.elasticsearch.connection import connect

    with connect(settings) as client:
        if names := list(client.indices.get(index=f"{settings.elasticsearch_prefix}-*")):
            client.indices.delete(index=names)


def same_order(one: Sequence[tuple[str, float]], other: Sequence[tuple[str, float]]) -> bool:
    """Say whether two lists of (id, score) are the same hits in the same order, whatever the order within a tie.

    Where both end within a tie, they may end with different documents of it.
    """
    if len(one) != len(other):
        return False
    if any(not _tied(a, b) for (_, a), (_, b) in zip(one, other, strict=True)):
        return False
    first, second = dict(one), dict(other)
    if any(not _tied(first[each], second[each]) for each in first.keys() & second.keys()):
        return False
    last = one[-1][1] if one else 0.0
    alone = [
        *(first[each] for each in first.keys() - second.keys()),
        *(second[each] for each in second.keys() - first.keys()),
    ]
    return all(_tied(score, last) for score in alone)


def _tied(one: float, other: float) -> bool:
    return abs(one - other) <= TIE * max(abs(one), abs(other))
